"""A folder that mirrors a build: per path the old or the new bytes, media first, feeds last, foreign files spared."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import posixpath
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from podfeed.errors import RefusedError, changed, unwritable
from podfeed.model import File
from podfeed.publish.secrets import leak
from podfeed.read.cache import FOLDER as CACHE_FOLDER
from podfeed.read.cache import write_quietly
from podfeed.read.disk import sweep, whole, write_whole
from podfeed.standstill import MANIFEST
from podfeed.words import say
from podfeed.workers import WORTH_FORKING, spread

#: A long feed takes as much work as hundreds of pages.
_FEEDS_WORTH_FORKING = 4

#: Size and mtime_ns: what tells a file from an earlier state without reading it.
_State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one path."""

    action: Literal["add", "update", "remove"]
    path: str


def mirror(
    files: Mapping[str, File],
    out: Path,
    *,
    keep: Iterable[str] = (),
    keep_paths: Iterable[str] = (),
    remember: Path | None = None,
    secrets: Mapping[str, bytes] | None = None,
    beside_pages: Callable[[], None] = lambda: None,
    before_feeds: Callable[[], None] = lambda: None,
    tries_pages: bool = False,
) -> tuple[Change, ...]:
    """Make *out* hold *files*; what it holds of the shows in *keep*, and at *keep_paths*, stays.

    Returns what was changed, in order.

    Only files an earlier build wrote are removed or overwritten. *remember* is the project's folder: what lies in *out*
    is remembered there, so that unchanged files are not read or made again. *beside_pages* is called once, while pages
    are made, and *before_feeds* when media and pages are there and no feed names them yet. With *tries_pages* nothing
    is written unless all pages can be made.
    Raises RefusedError when a file that is not ours stands where one of ours must go, or when one would give one of
    *secrets* away; TargetError when it cannot write.
    """
    try:
        return _Mirror(
            out, frozenset(keep), frozenset(keep_paths), secrets or {}, _Seen.open(remember, out), tries_pages
        ).bring_about(files, beside_pages, before_feeds)
    except OSError as error:
        raise unwritable(error.filename or out, error) from error


@dataclass(slots=True)
class _Mirror:
    """One run over a folder."""

    out: Path
    keep: frozenset[str]
    keep_paths: frozenset[str]
    secrets: Mapping[str, bytes]
    seen: _Seen
    tries_pages: bool
    changes: list[Change] = field(default_factory=list)

    def bring_about(
        self, files: Mapping[str, File], beside_pages: Callable[[], None], before_feeds: Callable[[], None]
    ) -> tuple[Change, ...]:
        old, was_killed = read_manifest(self.out)
        is_remembered = bool(self.seen.entries)
        if was_killed or not is_remembered:
            sweep(self.out)
        there = {path: file for path, file in files.items() if file.content is not None or path in old}
        self._refuse_others(there.values(), old)
        kept = {
            path: tuple(show for show in shows if show in self.keep or path in self.keep_paths)
            for path, shows in old.items()
            if path not in there and (path in self.keep_paths or _is_kept(shows, self.keep))
        }
        new = {**kept, **{path: self._owners(file, old.get(path, ())) for path, file in there.items()}}
        self.seen.take_over((file for file in there.values() if file.is_kept and file.path in old), self.out)
        stale = [file for file in there.values() if file.content is not None and not self.seen.has(file, self.out)]
        if self.out.exists():  # else nobody can have put anything there
            _refuse_foreign(stale, old, self.out)
        if self.tries_pages:
            for _ in spread(_try, [file for file in stale if file.stage == "page" and callable(file.content)]):
                pass
        if old.keys() != new.keys() or (stale and is_remembered):
            # Before anything is written: what a killed build leaves behind must be known as ours.
            _write_manifest(self.out, {**old, **new}, is_whole=False)
        self._put_all([file for file in stale if file.stage == "media"])
        self._put_all([file for file in stale if file.stage == "page"], meanwhile=beside_pages)
        before_feeds()
        self._put_all([file for file in stale if file.stage == "feed"], worth=_FEEDS_WORTH_FORKING)
        for path in sorted(old.keys() - new.keys()):
            _remove(self.out, path)
            self.changes.append(Change("remove", path))
        _write_manifest(self.out, new, is_whole=True)
        self.seen.save(new)
        return tuple(self.changes)

    def _put_all(
        self, batch: list[File], *, worth: int = WORTH_FORKING, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        out = str(self.out)
        done = spread(lambda file: _put(file, out, self.secrets), batch, worth=worth, meanwhile=meanwhile)
        for file, (action, state) in zip(batch, done, strict=True):
            self.seen.note(file, state)
            if action:
                self.changes.append(Change(action, file.path))

    def _refuse_others(self, files: Iterable[File], old: Mapping[str, tuple[str, ...]]) -> None:
        """No show may write over the page or feed of another that is left as it is."""
        for file in files:
            before = set(old.get(file.path, ()))
            if file.stage != "media" and before & self.keep and not before & set(file.shows):
                network = say("the network")
                message = say(
                    "“{path}” belongs to {others}; give the page of {show} another address",
                    path=file.path,
                    others=", ".join(sorted(before)),
                    show=next(iter(file.shows), network),
                )
                raise RefusedError(message)

    def _owners(self, file: File, before: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({*file.shows, *(self.keep & set(before))}))


def _is_kept(shows: tuple[str, ...], keep: frozenset[str]) -> bool:
    """A path stays when a show that stays has it; what all shows share stays when any of them does."""
    return bool(keep & set(shows)) or (not shows and bool(keep))


# ------------------------------------------------------------------------------------------- manifest


def read_manifest(out: Path) -> tuple[dict[str, tuple[str, ...]], bool]:
    """The paths earlier builds wrote into *out*, with the shows of each; and whether the last build was killed.

    Raises RefusedError when there is a manifest that cannot be read.
    """
    try:
        stored = json.loads((out / MANIFEST).read_bytes())
        if not all(_is_below(path) for path in stored["files"]):
            raise ValueError(stored)
        return {path: tuple(shows) for path, shows in stored["files"].items()}, not stored.get("is_whole", True)
    except FileNotFoundError:
        return {}, False
    except OSError as error:
        raise unwritable(out, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = say("“{path}” cannot be read; delete the folder, or choose another --out", path=out / MANIFEST)
        raise RefusedError(message) from error


def _is_below(path: str) -> bool:
    """Whether *path* stays in the folder, whoever wrote it into the manifest."""
    return bool(path) and posixpath.normpath(path) == path and not path.startswith(("/", "..", "."))


def _write_manifest(out: Path, files: Mapping[str, tuple[str, ...]], *, is_whole: bool) -> None:
    text = json.dumps({"is_whole": is_whole, "files": dict(sorted(files.items()))}, ensure_ascii=False) + "\n"
    path = out / MANIFEST
    if not (path.exists() and path.read_text("utf-8") == text):
        write_whole(path, text.encode(), durable=True)


def _refuse_foreign(stale: Iterable[File], old: Mapping[str, object], out: Path) -> None:
    for file in stale:
        path = f"{out}/{file.path}"
        if file.path not in old and _status(path) and not _holds(Path(path), file):
            message = say(
                "“{path}” is there and podfeed did not write it; move it away, or choose another --out", path=Path(path)
            )
            raise RefusedError(message)


# ---------------------------------------------------------------------------------------------- files


def _try(file: File) -> None:
    _made(file)


def _put(file: File, out: str, secrets: Mapping[str, bytes]) -> tuple[Literal["add", "update", ""], _State]:
    """Bring one file about; unchanged bytes are not written."""
    path = f"{out}/{file.path}"
    try:
        there = _status(path)
        if isinstance(file.content, Path):
            if there and _holds(Path(path), file):
                return "", _state(there)
            status = _copy(file.content, path, file.fingerprint)
        else:
            data = _made(file)
            if there and there.st_size == len(data) and Path(path).read_bytes() == data:
                return "", _state(there)
            if found := leak(data, secrets):
                raise RefusedError(
                    say("“{path}” would give away {secret}; take it out of the text", path=file.path, secret=found)
                )
            status = write_whole(path, data, durable=file.stage == "feed")
        return "update" if there else "add", _state(status)
    except OSError as error:
        raise unwritable(Path(path), error) from error


def _status(path: str) -> os.stat_result | None:
    """What the system says of *path*; None when nothing is there."""
    try:
        return os.stat(path)  # noqa: PTH116 - called for every file: a Path costs more than the question
    except (FileNotFoundError, NotADirectoryError):
        return None


def _state(status: os.stat_result) -> _State:
    return status.st_size, status.st_mtime_ns


def _made(file: File) -> bytes:
    assert callable(file.content)
    return file.content()


def _holds(path: Path, file: File) -> bool:
    """Whether *path* already has the bytes of *file*."""
    if not isinstance(file.content, Path):
        return path.read_bytes() == _made(file)
    with path.open("rb") as present:
        return hashlib.file_digest(present, "sha256").hexdigest() == file.fingerprint


def _copy(source: Path, path: str, sha256: str) -> os.stat_result:
    """A copy (or a reflink), never a hard link: a tool that edits the source would change published bytes."""
    with source.open("rb", buffering=0) as read:
        if os.fstat(read.fileno()).st_size <= _SMALL:
            data = read.read()
            if hashlib.sha256(data).hexdigest() != sha256:
                raise changed(source)
            return write_whole(path, data)
        with whole(Path(path)) as written:
            if not _reflink(read.fileno(), written.fileno()):
                shutil.copyfileobj(read, written, 1 << 20)
            written.seek(0)
            if hashlib.file_digest(written, "sha256").hexdigest() != sha256:
                raise changed(source)
            return os.fstat(written.fileno())


#: Up to here a medium goes through memory: that is less work than asking for a reflink.
_SMALL = 1 << 20
_FICLONE = 0x40049409


def _reflink(source: int, target: int) -> bool:
    """Let both files share their blocks where the file system can."""
    try:
        import fcntl

        fcntl.ioctl(target, _FICLONE, source)
    except (ImportError, OSError):
        return False
    return True


def _remove(out: Path, path: str) -> None:
    (out / path).unlink(missing_ok=True)
    for folder in (out / path).parents:
        if folder == out:
            return
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                return
            raise


# --------------------------------------------------------------------------------------------- memory


@dataclass(slots=True)
class _Seen:
    """What lay in *out* after the last build: fingerprint, size and mtime_ns by path. Losing it costs time only."""

    path: Path | None
    entries: dict[str, list[object]]
    is_changed: bool = False

    @classmethod
    def open(cls, project: Path | None, out: Path) -> _Seen:
        if project is None:
            return cls(None, {})
        name = hashlib.sha256(str(out.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        path = project / CACHE_FOLDER / f"out-{name}.json"
        entries: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError):
            stored = json.loads(path.read_bytes())
            is_whole = isinstance(stored, dict) and all(isinstance(entry, list) for entry in stored.values())
            entries = stored if is_whole else {}
        return cls(path, entries)

    def has(self, file: File, out: Path) -> bool:
        """Whether *out* still holds *file* as it was written."""
        entry = self.entries.get(file.path)
        if entry is None or entry[0] != file.fingerprint:
            return False
        there = _status(f"{out}/{file.path}")
        return there is not None and [*_state(there)] == entry[1:]

    def take_over(self, files: Iterable[File], out: Path) -> None:
        """Note those of *files* that lie in *out* and of which nothing is known."""
        for file in files:
            if file.path not in self.entries:
                there = _status(f"{out}/{file.path}")
                if there:
                    self.note(file, _state(there))

    def note(self, file: File, state: _State) -> None:
        self.entries[file.path] = [file.fingerprint, *state]
        self.is_changed = True

    def save(self, wanted: Mapping[str, object]) -> None:
        gone = self.entries.keys() - wanted.keys()
        for path in gone:
            del self.entries[path]
        if self.path and (self.is_changed or gone):
            write_quietly(self.path, json.dumps(self.entries, ensure_ascii=False, separators=(",", ":")))
