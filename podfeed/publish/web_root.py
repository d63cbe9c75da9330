"""A folder that a web server serves, as a store.

What is known of a file beside its bytes is noted below ``_podfeed``, before the file takes its place: a run that is
killed leaves no file of podfeed's that looks like somebody else's.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple, TypeVar

from podfeed.errors import AccessError, TargetError, unwritable
from podfeed.publish.content import opened, other_bytes, read_all
from podfeed.publish.opening import Public
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Object, PublicAnswer, Stored
from podfeed.read.disk import Unreadable, alone, sha256, steady, sweep, whole, write_whole
from podfeed.words import say

#: Web servers commonly keep names with a dot in front to themselves; these say nothing that is not public anyway.
_NOTES = "_podfeed/.files"
_LOCK = "_podfeed/.lock"
_TEMPORARY = re.compile(r"\..*\.podfeed-\d+")
_CHUNK = 1 << 20
#: Of each file is known what it is, and what it was: either may be there after a kill.
_REMEMBERED = 2

T = TypeVar("T")


class _Put(NamedTuple):
    """Something that podfeed put in the place of a file."""

    sha256: str
    owner: str
    #: By these it is known again without reading it.
    inode: int
    size_bytes: int
    mtime_ns: int

    def is_at(self, status: os.stat_result) -> bool:
        """Whether *status* is that of this file, which nobody touched since."""
        return self[2:] == (status.st_ino, status.st_size, status.st_mtime_ns)


class FolderStore:
    """A folder as a store. Any thread may use it, and any process that can lock a file in it."""

    def __init__(self, folder: Path, *, public: Public) -> None:
        if not folder.is_dir():
            raise AccessError(say("the folder “{folder}” is not there: make it, and run again", folder=folder))
        self.place = ""
        self.conditions: Conditions = "etag" if importlib.util.find_spec("fcntl") else "none"
        self._folder, self._public = folder, public
        self._is_swept = False

    # -------------------------------------------------------------------------------------------- reading

    def get(self, key: str) -> Object | None:
        """As `Store` says."""
        data = self._read(key, partial(read_all, key))
        if data is None:
            return None
        there = self._stored(key, hashlib.sha256(data).hexdigest(), len(data))
        return Object(
            key=key,
            size_bytes=len(data),
            version=there.version,
            sha256=there.sha256,
            owner=there.owner,
            data=data,
        )

    def head(self, key: str) -> Stored | None:
        """As `Store` says. What podfeed put there, and nobody touched since, is not read."""
        try:
            status = (self._folder / key).stat()
        except OSError:
            return None
        known = next((each.sha256 for each in self._noted(key) if each.is_at(status)), "")
        digest = known or self.hashed(key)
        return self._stored(key, digest, status.st_size) if digest else None

    def hashed(self, key: str) -> str:
        """As `Store` says."""
        return self._read(key, sha256) or ""

    def list(self, prefix: str) -> list[str]:
        """As `Store` says."""
        top = self._folder / prefix.rpartition("/")[0]
        found = (path.relative_to(self._folder).as_posix() for path in _files_below(top))
        return [key for key in found if key.startswith(prefix)]

    def now(self) -> datetime | None:
        """A folder has no clock of its own."""
        return None

    def public_url(self, key: str) -> str:
        """As `Store` says."""
        return self._public.url(key)

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        """As `Store` says."""
        return self._public.get(key, first, last)

    def _read(self, key: str, take: Callable[[BufferedReader, int], T]) -> T | None:
        path = self._folder / key
        try:
            with steady(path) as (file, size):
                return take(file, size)
        except Unreadable as error:
            if path.is_file():
                message = say("“{path}” cannot be read: {reason}", path=path, reason=error)
                raise TargetError(message) from error
            return None

    def _stored(self, key: str, digest: str, size: int) -> Stored:
        """What there is to say of a file at *key* with the sha256 *digest*: it is its own version."""
        ours = next((each for each in self._noted(key) if each.sha256 == digest), None)
        return Stored(
            key=key,
            size_bytes=size,
            version=digest,
            sha256=digest if ours else "",
            owner=ours.owner if ours else "",
        )

    # -------------------------------------------------------------------------------------------- putting

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        """As `Store` says."""
        path = self._folder / blob.key
        try:
            with alone(self._folder / _LOCK):
                self._sweep()
                is_met = only_if is None or only_if == (self.hashed(blob.key) if path.exists() else ABSENT)
                if is_met:
                    self._write(path, blob, progress)
        except OSError as error:
            raise unwritable(path, error) from error
        return Answer(outcome="done" if is_met else "refused")

    def _write(self, path: Path, blob: Blob, progress: Callable[[int], None]) -> None:
        digest = hashlib.sha256()
        with opened(blob) as file, whole(path, durable=True) as written:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                written.write(chunk)
                progress(len(chunk))
            if digest.hexdigest() != blob.sha256:
                raise other_bytes(blob)
            written.flush()
            status = os.fstat(written.fileno())
            self._note(blob, _Put(blob.sha256, blob.owner, status.st_ino, status.st_size, status.st_mtime_ns))

    def _sweep(self) -> None:
        """Once, and only when something is put at all: remove what killed runs left half written."""
        if not self._is_swept:
            sweep(self._folder)
            self._is_swept = True

    # ---------------------------------------------------------------------------------------------- notes

    def _note(self, blob: Blob, put: _Put) -> None:
        known = [put, *(each for each in self._noted(blob.key) if each.sha256 != put.sha256)]
        write_whole(self._path_of_note(blob.key), json.dumps(known[:_REMEMBERED]).encode(), durable=True)

    def _noted(self, key: str) -> Sequence[_Put]:
        with suppress(OSError, ValueError, TypeError):
            return [_Put(*each) for each in json.loads(self._path_of_note(key).read_bytes())]
        return ()

    def _path_of_note(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / _NOTES / name[:2] / name[2:]


def _files_below(folder: Path) -> Iterator[Path]:
    """The files below *folder* but for those that podfeed keeps for itself."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not f"{place}/{name}".endswith(f"/{_NOTES}")]
        for name in names:
            if not _TEMPORARY.fullmatch(name) and not f"{place}/{name}".endswith(f"/{_LOCK}"):
                yield Path(place, name)
