"""What can have changed since the last build or publish: asked by stat alone, before anything heavy is loaded.

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
from typing import Any

from podfeed.read.cache import FOLDER, YOUNG_NS, code_key, key_of, write_quietly
from podfeed.read.folder import CONFIG, EPISODES, TEMPLATES, is_episode
from podfeed.words import say_many

MANIFEST = ".podfeed-build.json"
_LOCK = "podfeed.lock"

_Stamp = tuple[int, int, int]
_Stamped = tuple[str, _Stamp]
_ABSENT: _Stamp = (-1, 0, 0)


@dataclass(frozen=True, slots=True)
class Built:
    """A show as it was built or published, or, under no name, the files that belong to none."""

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
    #: How many were built when all was.
    count: int

    @property
    def is_nothing(self) -> bool:
        return not self.shows and not self.paths


def moved_since(root: Path, out: Path | None, arguments: Sequence[str], now: datetime) -> Moved | None:
    """What may have changed since the last run with these *arguments*; None when anything may.

    A build has written into *out*; a publish, without it, has written nothing here.
    """
    try:
        kept = json.loads(_path(root, out, arguments).read_bytes())
        is_known = kept["code"] == code_key() and kept["shared"] == list(shared_state(root))
        if not is_known or datetime.fromisoformat(kept["built"]) > now:
            return None
        stamps = dict(_episodes(root, EPISODES))
        outputs = _outputs(out)
        known = {path: tuple(stamp) for show in kept["shows"].values() for path, stamp in show["episodes"].items()}

        def state_of(id: str, show: Mapping[str, Any]) -> str:
            episodes = [(path, stamps.get(path, _ABSENT)) for path in show["episodes"]]
            return _state(root, out, episodes, show["media"], outputs.get(id, ()))[0]

        # A file that changed may belong to another show now.
        paths = {path for path, stamp in stamps.items() if known.get(path) != stamp}
        shows = {
            id
            for id, show in kept["shows"].items()
            if (show["due"] and datetime.fromisoformat(show["due"]) <= now)
            or not paths.isdisjoint(show["episodes"])
            or show["state"] != state_of(id, show)
        }
        return Moved(frozenset(shows), frozenset(paths), int(kept["count"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def nothing_changed(shows: int, out: Path) -> str:
    """What to say when there was nothing to do."""
    return say_many(
        "{count} show, nothing changed in {folder}",
        "{count} shows, nothing changed in {folder}",
        count=shows,
        folder=out,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a build has to remember."""

    #: Each show as it was built now, beside those that were remembered before; shows in *gone* are forgotten.
    built: Mapping[str, Built]
    gone: Iterable[str]
    #: What `shared_state` said before anything was read.
    shared: tuple[str, str]
    #: How many shows there were to build.
    count: int = 0


def remember(
    root: Path, out: Path | None, arguments: Sequence[str], notes: Notes, *, now: datetime, began_ns: int
) -> None:
    """Remember a run that began at *began_ns*.

    A show is forgotten when one of its files was written shortly before that: the file may have changed again unseen.
    """
    path = _path(root, out, arguments)
    try:
        kept = {id: show for id, show in json.loads(path.read_bytes())["shows"].items() if "state" in show}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        kept = {}
    outputs = _outputs(out)
    are_settings_young = began_ns - max(stamp[1] for _, stamp in _settings(root)) < YOUNG_NS
    for id, show in notes.built.items():
        episodes = _stamped(root, show.episodes)
        state, youngest_ns = _state(root, out, episodes, show.media, outputs.get(id, ()))
        kept[id] = {
            "episodes": dict(episodes),
            "media": show.media,
            "due": show.due.isoformat() if show.due else None,
            "state": "" if began_ns - youngest_ns < YOUNG_NS else state,
        }
    for id in notes.gone:
        kept.get(id, {})["state"] = ""
    values = {
        "code": code_key(),
        "built": now.isoformat(),
        "shared": "" if are_settings_young else notes.shared,
        "count": notes.count,
        "shows": kept,
    }
    write_quietly(path, json.dumps(values, ensure_ascii=False))


def _path(root: Path, out: Path | None, arguments: Iterable[str]) -> Path:
    return root / FOLDER / f"still-{key_of(str(out.absolute()) if out else '', *arguments)[:16]}.json"


def shared_state(root: Path) -> tuple[str, str]:
    """The state of what concerns every show: config.yaml with the templates, and podfeed.lock."""
    return str(_settings(root)), str(_stamp(f"{root}/{_LOCK}"))


def _settings(root: Path) -> list[_Stamped]:
    """config.yaml and the owner's templates, each with its stamp."""
    try:
        names = [f"{TEMPLATES}/{name}" for name in sorted(os.listdir(root / TEMPLATES))]  # noqa: PTH208 - as `_stamp`
    except OSError:
        names = []
    return _stamped(root, (CONFIG, *names))


def _outputs(out: Path | None) -> dict[str, list[str]]:
    """The paths in *out* by the shows they belong to; what all shows share belongs to each."""
    if out is None:
        return {}
    owned: dict[str, list[str]] = {}
    shared: list[str] = []
    for path, shows in json.loads((out / MANIFEST).read_bytes())["files"].items():
        for show in shows:
            owned.setdefault(show, []).append(path)
        if not shows:
            shared.append(path)
    return {show: paths + shared for show, paths in owned.items()}


def _state(
    root: Path, out: Path | None, episodes: Sequence[_Stamped], media: Sequence[str], outputs: Iterable[str]
) -> tuple[str, int]:
    """The digest over a show's files and folders, and when the youngest of those that were read was written.

    What came to be under its name with an old mtime is as young as if it had been written YOUNG_NS before: it counts
    only for runs that were under way.
    """
    folders = sorted({path.rpartition("/")[0] for path in media})
    read = [*episodes, *_stamped(root, media), *_stamped(root, folders)]
    made = _stamped(out, outputs) if out else []
    digest = hashlib.sha256(repr((read, made)).encode("utf-8", "surrogateescape")).hexdigest()
    return digest, max((max(stamp[1], stamp[2] - YOUNG_NS) for _, stamp in read), default=0)


def _stamped(folder: Path, paths: Iterable[str]) -> list[_Stamped]:
    """Each of *paths*, which are below *folder*, with its stamp."""
    above = f"{folder}/"
    return [(path, _stamp(above + path)) for path in paths]


def _stamp(path: str) -> _Stamp:
    """Size, mtime_ns and ctime_ns of a file, as far as it is there: what replaces a file may bring its old mtime."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called for every file: a Path costs more than the question
    except OSError:
        return _ABSENT
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _episodes(root: Path, folder: str) -> Iterator[_Stamped]:
    """Every Markdown file below *folder* that is not hidden, as the disk spells it, with its stamp."""
    with os.scandir(root / folder) as found:
        for entry in (each for each in found if not each.name.startswith(".")):
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _episodes(root, path)
            elif is_episode(path):
                yield path, _stamp(f"{root}/{path}")
