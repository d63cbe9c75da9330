"""What can have changed since the last build: asked by stat alone, before anything heavy is loaded.

For every show one digest names the size and mtime_ns of each file that went in or came out, and the mtime_ns of the
folders they lie in. A show with the same digest, and no release due, need not be looked at again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from podfeed.read.cache import FOLDER, YOUNG_NS, code_key, key_of, write_quietly
from podfeed.read.folder import CONFIG, EPISODES

MANIFEST = ".podfeed-build.json"
_LOCK = "podfeed.lock"


@dataclass(frozen=True, slots=True)
class Built:
    """A show as it was built, or, under no name, the files that belong to none."""

    #: Below the project: its Markdown files, and the media it looked for, there or not.
    episodes: Sequence[str]
    media: Sequence[str]
    #: When its next episode is due; None when none waits.
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What may have changed."""

    shows: frozenset[str]
    #: Files nothing is known of.
    paths: frozenset[str]
    #: What was said when all was built.
    sentence: str


def moved_since(root: Path, out: Path, arguments: Sequence[str], now: datetime) -> Moved | None:
    """What may have changed since the last build with these *arguments*; None when anything may."""
    try:
        kept = json.loads(_path(root, out, arguments).read_bytes())
        if kept["code"] != code_key() or kept["shared"] != _shared(root) or datetime.fromisoformat(kept["built"]) > now:
            return None
        stamps = dict(_episodes(root, EPISODES))
        outputs = _outputs(out)
        known = {path for show in kept["shows"].values() for path in show["episodes"]}
        shows = {
            id
            for id, show in kept["shows"].items()
            if (show["due"] and datetime.fromisoformat(show["due"]) <= now)
            or show["state"] != _state(root, out, show["episodes"], show["media"], stamps, outputs.get(id, ()))[0]
        }
        return Moved(frozenset(shows), frozenset(stamps.keys() - known), kept["sentence"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(
    root: Path,
    out: Path,
    arguments: Sequence[str],
    *,
    now: datetime,
    built: Mapping[str, Built],
    gone: Iterable[str],
    sentence: str,
    began_ns: int,
) -> None:
    """Remember that each of *built* is in *out*, beside those that were remembered before; forget those in *gone*.

    A show is forgotten too when one of its files was written shortly before the build began, at *began_ns*: that file
    may have changed again unseen.
    """
    path = _path(root, out, arguments)
    try:
        kept = json.loads(path.read_bytes())["shows"]
    except (OSError, ValueError, KeyError, TypeError):
        kept = {}
    outputs = _outputs(out)
    stamps = dict(_episodes(root, EPISODES))
    for id, show in built.items():
        state, youngest_ns = _state(root, out, show.episodes, show.media, stamps, outputs.get(id, ()))
        due = show.due.isoformat() if show.due else None
        kept[id] = {"episodes": show.episodes, "media": show.media, "due": due, "state": state}
        if began_ns - youngest_ns < YOUNG_NS:
            kept[id]["state"] = ""
    for id in gone:
        kept.get(id, {})["state"] = ""
    values = {
        "code": code_key(),
        "built": now.isoformat(),
        "shared": _shared(root),
        "sentence": sentence,
        "shows": kept,
    }
    write_quietly(path, json.dumps(values, ensure_ascii=False))


def _path(root: Path, out: Path, arguments: Iterable[str]) -> Path:
    return root / FOLDER / f"still-{key_of(str(out.absolute()), *arguments)[:16]}.json"


def _shared(root: Path) -> str:
    """The state of what concerns every show."""
    return f"{_stamp(f'{root}/{CONFIG}')} {_stamp(f'{root}/{_LOCK}')}"


def _outputs(out: Path) -> dict[str, list[str]]:
    """The paths in *out* by the shows they belong to; what all shows share belongs to each."""
    owned: dict[str, list[str]] = {}
    shared: list[str] = []
    for path, shows in json.loads((out / MANIFEST).read_bytes())["files"].items():
        for show in shows:
            owned.setdefault(show, []).append(path)
        if not shows:
            shared.append(path)
    return {show: paths + shared for show, paths in owned.items()}


def _state(
    root: Path,
    out: Path,
    episodes: Iterable[str],
    media: Sequence[str],
    stamps: Mapping[str, tuple[int, int]],
    outputs: Iterable[str],
) -> tuple[str, int]:
    """The digest over a show's files and folders, and the mtime_ns of the youngest of those that were read."""
    read = [(path, stamps.get(path, (-1, 0))) for path in episodes]
    read += [(path, _stamp(f"{root}/{path}")) for path in media]
    read += [(folder, _stamp(f"{root}/{folder}")) for folder in sorted({path.rpartition("/")[0] for path in media})]
    made = [(path, _stamp(f"{out}/{path}")) for path in outputs]
    digest = hashlib.sha256(repr((read, made)).encode("utf-8", "surrogateescape")).hexdigest()
    return digest, max((mtime_ns for _, (_, mtime_ns) in read), default=0)


def _stamp(path: str) -> tuple[int, int]:
    """Size and mtime_ns of a file, as far as it is there."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called for every file: a Path costs more than the question
    except OSError:
        return -1, 0
    return status.st_size, status.st_mtime_ns


def _episodes(root: Path, folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every Markdown file below *folder*, as the disk spells it, with its stamp."""
    with os.scandir(root / folder) as found:
        for entry in found:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _episodes(root, path)
            elif entry.name.lower().endswith((".md", ".markdown")):
                yield path, _stamp(f"{root}/{path}")
