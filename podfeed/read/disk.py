"""Read a file of the project once, safely, and know that it did not change; write one whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom, BufferedReader, FileIO
from pathlib import Path
from typing import Protocol

from podfeed.errors import TargetError, reason_of
from podfeed.words import say

# Not blocking, so that a pipe nobody writes to opens at once and is recognised. Windows has no such flags, but its own.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

#: What one call to the system brings: most files of a project whole.
_BUFFER = 1 << 16
_CHUNK = 1 << 18
# A healthy file of hours takes some hundred; loops that forget to look for the end take all there are.
_MOST_CALLS = 200_000
#: How many of them to a look at the clock, which costs as much as a read.
_CALLS_A_LOOK = 32
#: What stands in front of a file is looked at again and again: it is read once.
_HEAD_BYTES = 16 << 10


class Unreadable(Exception):
    """There is no ordinary file to read. Its text is the reason, as a sentence part."""


class OverBudget(Exception):
    """A file asks for more reading than a healthy one needs."""


@contextmanager
def steady(path: str | Path) -> Iterator[tuple[BufferedReader, int]]:
    """The file at *path*, opened once, and its size in bytes.

    Raises Unreadable when there is no ordinary file, TargetError when it changed or failed while it was read.
    """
    file, before = _opened(path)
    with file:
        try:
            yield file, before.st_size
        except OSError as error:
            reason = reason_of(error)
            raise TargetError(say("“{path}” cannot be read: {reason}; run again", path=path, reason=reason)) from error
        if _state(os.fstat(file.fileno())) != _state(before):
            raise TargetError(say("“{path}” changed while it was read; run again", path=path))


def sha256(file: BufferedReader, size: int) -> str:
    """The digest of the *size* bytes at the front, however fast the file grows meanwhile."""
    file.seek(0)
    digest, left = hashlib.sha256(), size
    while left and (chunk := file.read(min(left, _CHUNK))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


@contextmanager
def whole(path: Path, *, durable: bool = False) -> Iterator[BufferedRandom]:
    """A new file for *path*: it takes the place of the old one once all is written, and leaves no trace otherwise."""
    with _successor(path, durable) as descriptor, os.fdopen(descriptor, "w+b", closefd=False) as file:
        yield file


def write_whole(path: str | Path, data: bytes, *, durable: bool = False) -> os.stat_result:
    """Let *data* take the place of the file at *path*, as `whole` does; the status of what is there then."""
    with _successor(path, durable) as descriptor:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        return os.fstat(descriptor)


@contextmanager
def _successor(path: str | Path, durable: bool) -> Iterator[int]:
    """The descriptor of a new file for *path*. Thousands are written: a Path for each costs more than the writing."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name[:40]}.podfeed-{os.getpid()}")  # noqa: PTH118
    try:
        descriptor = _opened_new(temporary)
        try:
            yield descriptor
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _opened_new(path: str) -> int:
    try:
        return os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    except FileExistsError:
        Path(path).unlink()  # left behind by a process of the same number that was killed
    return os.open(path, _NEW, 0o666)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """While it lasts, every other process that asks for *path* waits; tells whether this one had to.

    Where files cannot be locked, nobody waits.
    """
    try:
        import fcntl

        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except (ImportError, OSError):
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            had_to_wait = False
        except BlockingIOError:
            fcntl.flock(file, fcntl.LOCK_EX)
            had_to_wait = True
        yield had_to_wait


_LEFT_BEHIND = re.compile(r"\..*\.podfeed-(\d+)")


def sweep(folder: Path, pattern: str = "**/.*.podfeed-*") -> None:
    """Remove what processes that were killed left behind below *folder* while they wrote."""
    for path in folder.glob(pattern):
        found = _LEFT_BEHIND.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _opened(path: str | Path) -> tuple[BufferedReader, os.stat_result]:
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise Unreadable(say("it is not there")) from error
    except (OSError, ValueError) as error:  # ValueError: a zero character in the name
        raise Unreadable(say("it cannot be opened")) from error
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return BufferedReader(FileIO(descriptor), _BUFFER), status
    os.close(descriptor)
    raise Unreadable(say("it is a folder") if stat.S_ISDIR(status.st_mode) else say("it is not an ordinary file"))


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class Seekable(Protocol):
    """As much of a file as readers of media need."""

    def read(self, count: int, /) -> bytes: ...

    def seek(self, offset: int, whence: int = ..., /) -> int: ...

    def tell(self) -> int: ...


class Bounded:
    """A file that gives only so many bytes, reads and seconds of work, then raises OverBudget.

    Parsers of foreign media get this and never the file itself: some loop for ever over a crafted one. Seconds are
    of this thread's processor time, so that a busy machine does not make a healthy file look hostile.
    """

    def __init__(
        self, file: Seekable, *, most_bytes: int = 64 << 20, seconds: float = 2.0, is_far: bool = False
    ) -> None:
        #: Whether each read costs a request, so that only what must be is read.
        self.is_far = is_far
        self.size = file.seek(0, os.SEEK_END)
        self._file = file
        file.seek(0)
        self._head = file.read(min(_HEAD_BYTES, self.size))
        self._position = 0
        self._bytes = most_bytes
        self._calls = _MOST_CALLS
        self._deadline = time.thread_time() + seconds

    def at(self, offset: int, count: int) -> bytes:
        """Up to *count* bytes from *offset*; fewer only at the end of the file, however far beyond it *offset* is."""
        self._position = min(offset, self.size)
        return self.read(count)

    def read(self, count: int | None = -1) -> bytes:
        start, left = self._position, max(0, self.size - self._position)
        wanted = left if count is None or count < 0 else min(count, left)
        self._charge(wanted)
        end = start + wanted
        if end <= len(self._head):
            data = self._head[start:end]
        else:
            self._file.seek(start)
            data = self._file.read(wanted)
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._charge(0)
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def _charge(self, count: int) -> None:
        self._bytes -= count
        self._calls -= 1
        is_over = self._bytes < 0 or self._calls < 0
        if is_over or (self._calls % _CALLS_A_LOOK == 0 and time.thread_time() > self._deadline):
            raise OverBudget
