"""A project folder → its files: config.yaml, episodes, lock, and where every named medium really lies."""

from __future__ import annotations

import os
import posixpath
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from podfeed.errors import UsageError
from podfeed.read.cache import Stamp
from podfeed.words import say

CONFIG = "config.yaml"
EPISODES = "episodes"
TEMPLATES = "templates"
_MARKDOWN = (".md", ".markdown")

#: Addresses that are taken as they are.
REMOTE = ("https://", "http://")


def is_remote(reference: str) -> bool:
    """Whether *reference* is an address on the web and no path."""
    return reference.lower().startswith(REMOTE)


def split_address(address: str) -> SplitResult:
    """The parts of an address; all empty when it is none, as ``https://[``."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def plain(address: str) -> str:
    """*address* as it may be shown and logged: without what may be secret in it, a password and a query."""
    return _QUERY.sub("", _USER.sub("//", address))


def stays_below(path: str) -> bool:
    """Whether *path*, below a folder or a host, stays there: it leads nowhere up, and begins at no root."""
    return {"", ".."}.isdisjoint(re.split(r"[/\\]", path))


_USER, _QUERY = re.compile(r"//[^/?#]*@"), re.compile(r"[?#].*", re.DOTALL)


def find_project(start: Path) -> Path:
    """The folder that holds config.yaml: *start* or the nearest one above it. Raises UsageError when there is none."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise UsageError(say("there is no {file} here or above; “podfeed init” makes one", file=CONFIG))


def find_repository(folder: Path) -> Path:
    """The root of the git repository *folder* lies in; *folder* itself when it lies in none."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def is_episode(path: str) -> bool:
    """Whether a file of the project at *path* is read as an episode: Markdown below episodes/, and not hidden."""
    return path.startswith(f"{EPISODES}/") and path.lower().endswith(_MARKDOWN) and "/." not in path


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the project: its name as the disk spells it, and its stamp."""

    #: Relative to the project, with slashes, as on disk: what to open.
    raw: str
    stamp: Stamp
    #: Whether a link led out of the project, or it is no ordinary file: a pipe, a device.
    is_foreign: bool = False

    @property
    def path(self) -> str:
        """The path as podfeed speaks of it and publishes it: in NFC."""
        return unicodedata.normalize("NFC", self.raw)


@dataclass(slots=True)
class Tree:
    """The folders of a project, listed once each: names are compared as they are spelt, case included."""

    root: Path
    #: Paths that two files have, in different Unicode normal forms.
    twins: list[str] = field(default_factory=list)
    _listed: dict[str, dict[str, os.DirEntry[str]]] = field(default_factory=dict)
    _inside: dict[str, bool] = field(default_factory=dict)
    _real_root: str = ""

    def file(self, path: str) -> Entry | None:
        """The file at *path*, in either normal form; None when there is none of exactly that spelling."""
        folder, name = posixpath.split(unicodedata.normalize("NFC", path))
        return self._entry(folder, name)

    def near(self, path: str) -> str:
        """A file whose path differs from *path* in capital letters only; empty when there is none."""
        folder, name = posixpath.split(unicodedata.normalize("NFC", path))
        wanted = name.casefold()
        return next((posixpath.join(folder, known) for known in self._list(folder) if known.casefold() == wanted), "")

    def beside(self, path: str, endings: Iterable[str]) -> str:
        """The file that has the name of *path* with one of *endings* in place of its own; empty when there is none."""
        folder, name = posixpath.split(path)
        stem, known = posixpath.splitext(name)[0], self._list(folder)
        found = next((stem + ending for ending in endings if stem + ending in known), "")
        return found and posixpath.join(folder, found)

    def locate(self, reference: str, beside: str) -> tuple[str, ...]:
        """The project paths *reference* may mean in the file *beside*, best first; empty when it leads outside.

        A leading slash is the project folder; anything else is looked for beside the file, then in the project.
        """
        anchors = ("",) if reference.startswith("/") else (posixpath.dirname(beside), "")
        plain = unicodedata.normalize("NFC", reference.lstrip("/"))
        paths = (posixpath.normpath(posixpath.join(anchor, plain)) for anchor in anchors)
        return tuple(dict.fromkeys(path for path in paths if path != ".." and not path.startswith("../")))

    def episodes(self) -> Iterator[Entry]:
        """Every Markdown file below episodes/, sorted by path. Hidden files and folders are left alone."""
        yield from sorted(self._below(EPISODES), key=lambda entry: entry.path)

    def templates(self) -> Iterator[Entry]:
        """Every file in templates/, sorted by path."""
        yield from (entry for name in sorted(self._list(TEMPLATES)) if (entry := self._entry(TEMPLATES, name)))

    def _below(self, raw_folder: str) -> Iterator[Entry]:
        for found in self._scan(raw_folder):
            if found.is_dir(follow_symlinks=False):
                yield from self._below(f"{raw_folder}/{found.name}")
            elif found.name.lower().endswith(_MARKDOWN) and (entry := self._made(found, raw_folder)):
                yield entry

    def _entry(self, folder: str, name: str) -> Entry | None:
        """The file *name* in *folder*; None for a folder, and for nothing."""
        found = self._list(folder).get(name)
        return self._made(found, self._raw_folder(folder)) if found else None

    def _made(self, found: os.DirEntry[str], raw_folder: str) -> Entry | None:
        try:
            if found.is_dir():
                return None
            status = found.stat()
        except OSError:
            return None
        raw = f"{raw_folder}/{found.name}" if raw_folder else found.name
        is_ordinary = stat.S_ISREG(status.st_mode)
        is_foreign = (
            not is_ordinary or not self._is_inside(raw_folder) or (found.is_symlink() and not self._is_inside(raw))
        )
        return Entry(raw, Stamp.of(status), is_foreign)

    def _list(self, folder: str) -> dict[str, os.DirEntry[str]]:
        """What lies in a folder, by its names in NFC; hidden things do not count."""
        if folder not in self._listed:
            names = self._listed[folder] = {}
            for found in self._scan(self._raw_folder(folder)):
                name = unicodedata.normalize("NFC", found.name)
                if name in names:
                    self.twins.append(posixpath.join(folder, name))
                names.setdefault(name, found)
        return self._listed[folder]

    def _scan(self, raw_folder: str) -> list[os.DirEntry[str]]:
        if raw_folder.startswith(".") or "/." in raw_folder:
            return []
        try:
            with os.scandir(self.root / raw_folder) as found:
                return sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
        except (OSError, ValueError):
            return []

    def _raw_folder(self, folder: str) -> str:
        """*folder* as the disk spells it, part by part."""
        if folder.isascii():
            return folder
        raw = ""
        for part in folder.split("/") if folder else []:
            raw = posixpath.join(raw, self._spelling(raw, part))
        return raw

    def _spelling(self, parent: str, name: str) -> str:
        if name.isascii():
            return name
        try:
            names = [each.name for each in (self.root / parent).iterdir()]
        except OSError:
            return name
        return next((each for each in names if unicodedata.normalize("NFC", each) == name), name)

    def _is_inside(self, raw: str) -> bool:
        """Whether *raw* lies in the project once every link on the way is followed."""
        if raw not in self._inside:
            self._real_root = self._real_root or os.path.realpath(self.root)
            real = os.path.realpath(self.root / raw)
            self._inside[raw] = real == self._real_root or real.startswith(self._real_root + os.sep)
        return self._inside[raw]
