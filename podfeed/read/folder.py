"""A project folder → its files: config.yaml, episodes, lock, and where every named medium really lies."""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from podfeed.errors import UsageError
from podfeed.read.cache import Stamp

CONFIG = "config.yaml"
EPISODES = "episodes"

#: Addresses that are taken as they are.
REMOTE = ("https://", "http://")


def is_remote(reference: str) -> bool:
    """Whether *reference* is an address on the web and no path."""
    return reference.lower().startswith(REMOTE)


def find_project(start: Path) -> Path:
    """The folder that holds config.yaml: *start* or the nearest one above it. Raises UsageError when there is none."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise UsageError(f"there is no {CONFIG} here or above; “podfeed init” makes one")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the project: its name as the disk spells it, and its stamp."""

    #: Relative to the project, with slashes, as on disk: what to open.
    raw: str
    stamp: Stamp
    #: Whether a link led out of the project, or to nothing that can be read.
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
    _listed: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _real_root: str = ""

    def file(self, path: str) -> Entry | None:
        """The file at *path*, in either normal form; None when there is none of exactly that spelling."""
        folder, name = posixpath.split(unicodedata.normalize("NFC", path))
        return self._list(folder).get(name)

    def near(self, path: str) -> str:
        """A file whose path differs from *path* in capital letters only; empty when there is none."""
        folder, name = posixpath.split(unicodedata.normalize("NFC", path))
        wanted = name.casefold()
        return next((entry.path for known, entry in self._list(folder).items() if known.casefold() == wanted), "")

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

    def _below(self, folder: str) -> Iterator[Entry]:
        for name, entry in self._list(folder).items():
            if name.lower().endswith((".md", ".markdown")):
                yield entry
        for name in self._folders(folder):
            yield from self._below(posixpath.join(folder, name))

    def _folders(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.root / folder) as found:
                return sorted(
                    each.name for each in found if not each.name.startswith(".") and each.is_dir(follow_symlinks=False)
                )
        except OSError:
            return []

    def _list(self, folder: str) -> dict[str, Entry]:
        if folder not in self._listed:
            names = self._listed[folder] = {}
            for name, entry in self._scan(folder):
                if name in names:
                    self.twins.append(entry.path)
                names.setdefault(name, entry)
        return self._listed[folder]

    def _scan(self, folder: str) -> Iterator[tuple[str, Entry]]:
        """The files of a folder by their names in NFC. *folder* itself may be spelt in either form."""
        raw_folder = self._raw_folder(folder)
        try:
            with os.scandir(self.root / raw_folder) as found:
                entries = sorted(found, key=lambda each: each.name)
        except (OSError, ValueError):
            return
        is_inside = self._is_inside(raw_folder)
        for each in entries:
            if each.name.startswith("."):
                continue
            raw = posixpath.join(raw_folder, each.name) if raw_folder else each.name
            try:
                status = each.stat()
                is_folder = each.is_dir()
            except OSError:
                continue
            if not is_folder:
                foreign = not is_inside or (each.is_symlink() and not self._is_inside(raw))
                yield unicodedata.normalize("NFC", each.name), Entry(raw, Stamp.of(status), foreign)

    def _raw_folder(self, folder: str) -> str:
        """*folder* as the disk spells it, part by part."""
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
        self._real_root = self._real_root or os.path.realpath(self.root)
        real = os.path.realpath(self.root / raw)
        return real == self._real_root or real.startswith(self._real_root + os.sep)
