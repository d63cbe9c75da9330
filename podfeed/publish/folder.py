"""A folder that mirrors a build: per path the old or the new bytes, media first, feeds last, foreign files spared."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from podfeed.errors import RefusedError, TargetError
from podfeed.model import File
from podfeed.read.cache import FOLDER as CACHE_FOLDER
from podfeed.read.cache import Stamp, write_quietly
from podfeed.standstill import MANIFEST
from podfeed.workers import WORTH_FORKING, spread

_STAGES = ("media", "page", "feed")
#: A long feed takes as much work as hundreds of pages.
_FEEDS_WORTH_FORKING = 4


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one path."""

    action: Literal["add", "update", "remove"]
    path: str


def mirror(
    files: Mapping[str, File], out: Path, *, keep: Iterable[str] = (), remember: Path | None = None
) -> tuple[Change, ...]:
    """Make *out* hold *files*; what it holds of the shows in *keep* stays. Returns what was changed, in order.

    Only files an earlier build wrote are removed or overwritten. *remember* is the project's folder: what lies in *out*
    is remembered there, so that unchanged files are not read or made again.
    Raises RefusedError when a file that is not ours stands where one of ours must go, TargetError when it cannot write.
    """
    try:
        return _mirror(files, out, frozenset(keep), remember)
    except OSError as error:
        raise TargetError(f"“{error.filename or out}” cannot be written: {error.strerror or error}") from error


def _mirror(files: Mapping[str, File], out: Path, keep: frozenset[str], remember: Path | None) -> tuple[Change, ...]:
    old = read_manifest(out)
    seen = _Seen.open(remember, out)
    kept = {path: shows for path, shows in old.items() if path not in files and _is_kept(shows, keep)}
    new = {**kept, **{path: _owners(file, old.get(path, ()), keep) for path, file in files.items()}}
    stale = [file for file in files.values() if not seen.has(file, out)]
    _refuse_foreign(stale, old, out)
    if stale or old.keys() != new.keys():
        # Before anything is written: what a killed build leaves behind must be known as ours.
        _write_manifest(out, {**old, **new})
    changes: list[Change] = []
    for stage in _STAGES:
        batch = [file for file in stale if file.stage == stage]
        worth = _FEEDS_WORTH_FORKING if stage == "feed" else WORTH_FORKING
        for file, (action, stamp) in zip(batch, spread(lambda file: _put(file, out), batch, worth=worth), strict=True):
            seen.note(file, stamp)
            if action:
                changes.append(Change(action, file.path))
    for path in sorted(old.keys() - new.keys()):
        _remove(out, path)
        changes.append(Change("remove", path))
    _write_manifest(out, new)
    seen.save(new)
    return tuple(changes)


def _is_kept(shows: tuple[str, ...], keep: frozenset[str]) -> bool:
    """A path stays when a show that stays has it; what all shows share stays when any of them does."""
    return bool(keep & set(shows)) or (not shows and bool(keep))


def _owners(file: File, before: tuple[str, ...], keep: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({*file.shows, *(keep & set(before))}))


# ------------------------------------------------------------------------------------------- manifest


def read_manifest(out: Path) -> dict[str, tuple[str, ...]]:
    """The paths earlier builds wrote into *out*, with the shows each belongs to; empty when there is no manifest."""
    try:
        stored = json.loads((out / MANIFEST).read_bytes())
        return {path: tuple(shows) for path, shows in stored["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(f"“{out / MANIFEST}” cannot be read; delete the folder, or choose another --out") from error


def _write_manifest(out: Path, files: Mapping[str, tuple[str, ...]]) -> None:
    text = json.dumps({"files": dict(sorted(files.items()))}, ensure_ascii=False) + "\n"
    path = out / MANIFEST
    if not (path.exists() and path.read_text("utf-8") == text):
        _write(path, text.encode(), durable=True)


def _refuse_foreign(stale: Iterable[File], old: Mapping[str, object], out: Path) -> None:
    for file in stale:
        path = out / file.path
        if file.path not in old and path.exists() and not _holds(path, file):
            raise RefusedError(f"“{path}” is there and podfeed did not write it; move it away, or choose another --out")


# ---------------------------------------------------------------------------------------------- files


def _put(file: File, out: Path) -> tuple[Literal["add", "update", ""], Stamp]:
    """Bring one file about; unchanged bytes are not written."""
    path = out / file.path
    try:
        exists = path.exists()
        if isinstance(file.content, Path):
            if exists and _holds(path, file):
                return "", Stamp.of(path.stat())
            _copy(file.content, path, file.fingerprint)
        else:
            data = file.content()
            if exists and path.stat().st_size == len(data) and path.read_bytes() == data:
                return "", Stamp.of(path.stat())
            _write(path, data, durable=file.stage == "feed")
        return "update" if exists else "add", Stamp.of(path.stat())
    except OSError as error:
        raise TargetError(f"“{path}” cannot be written: {error.strerror or error}") from error


def _holds(path: Path, file: File) -> bool:
    """Whether *path* already has the bytes of *file*."""
    if not isinstance(file.content, Path):
        return path.read_bytes() == file.content()
    with path.open("rb") as present:
        return hashlib.file_digest(present, "sha256").hexdigest() == file.fingerprint


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    """Write whole or not at all: under another name first."""
    temporary = _temporary(path)
    try:
        with _opened_new(temporary) as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _copy(source: Path, path: Path, sha256: str) -> None:
    """A copy (or a reflink), never a hard link: a tool that edits the source would change published bytes."""
    if source.stat().st_size <= _SMALL:
        data = source.read_bytes()
        _refuse_other(hashlib.sha256(data).hexdigest(), sha256, source)
        _write(path, data, durable=False)
        return
    temporary = _temporary(path)
    try:
        with source.open("rb") as read, _opened_new(temporary) as written:
            if not _reflink(read.fileno(), written.fileno()):
                shutil.copyfileobj(read, written, 1 << 20)
            written.flush()
            with temporary.open("rb") as copied:
                _refuse_other(hashlib.file_digest(copied, "sha256").hexdigest(), sha256, source)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _refuse_other(found: str, sha256: str, source: Path) -> None:
    """The bytes that go out are the bytes that were measured."""
    if found != sha256:
        raise TargetError(f"“{source}” changed since it was measured; run again")


def _opened_new(path: Path):  # type: ignore[no-untyped-def]
    try:
        return path.open("xb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")
    except FileExistsError:
        path.unlink()  # left behind by a build that was killed
        return path.open("xb")


#: Up to here a file is read at once: less work than asking for a reflink.
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


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name[:40]}.podfeed-{os.getpid()}")


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
            entries = stored if isinstance(stored, dict) else {}
        return cls(path, entries)

    def has(self, file: File, out: Path) -> bool:
        """Whether *out* still holds *file* as it was written."""
        entry = self.entries.get(file.path)
        if entry is None or entry[0] != file.fingerprint:
            return False
        try:
            stamp = Stamp.of((out / file.path).stat())
        except OSError:
            return False
        return [stamp.size, stamp.mtime_ns] == entry[1:]

    def note(self, file: File, stamp: Stamp) -> None:
        self.entries[file.path] = [file.fingerprint, stamp.size, stamp.mtime_ns]
        self.is_changed = True

    def save(self, wanted: Mapping[str, object]) -> None:
        gone = self.entries.keys() - wanted.keys()
        for path in gone:
            del self.entries[path]
        if self.path and (self.is_changed or gone):
            write_quietly(self.path, json.dumps(self.entries, ensure_ascii=False, separators=(",", ":")))
