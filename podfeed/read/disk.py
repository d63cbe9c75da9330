"""Read a file of the project once, safely, and know that it did not change; write one whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Protocol

from podfeed.errors import TargetError, reason_of
from podfeed.words import say

# Not blocking, so that a pipe nobody writes to opens at once and is recognised. Windows has no such flags, but its own.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


_CHUNK = 1 << 18
# A healthy file of hours takes some hundred; loops that forget to look for the end take all there are.
_MOST_CALLS = 200_000
#: How many of them to a look at the clock, which costs as much as a read.
_CALLS_A_LOOK = 32


class Unreadable(Exception):
    """There is no ordinary file to read. Its text is the reason, as a sentence part."""


class OverBudget(Exception):
    """A file asks for more reading than a healthy one needs."""


@contextmanager
def steady(path: Path) -> Iterator[tuple[BufferedReader, int]]:
    """The file at *path*, opened once, and its size in bytes.

    Raises Unreadable when there is no ordinary file, TargetError when it changed or failed while it was read.
    """
    with _opened(path) as file:
        before = os.fstat(file.fileno())
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
    temporary = path.with_name(f".{path.name[:40]}.podfeed-{os.getpid()}")
    try:
        with _opened_new(temporary) as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _opened_new(path: Path) -> BufferedRandom:
    try:
        return path.open("x+b")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        path.unlink()  # left behind by a process of the same number that was killed
    return path.open("x+b")


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


def _opened(path: Path) -> BufferedReader:
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise Unreadable(say("it is not there")) from error
    except (OSError, ValueError) as error:  # ValueError: a zero character in the name
        raise Unreadable(say("it cannot be opened")) from error
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise Unreadable(say("it is a folder") if stat.S_ISDIR(mode) else say("it is not an ordinary file"))


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
        self._bytes = most_bytes
        self._calls = _MOST_CALLS
        self._deadline = time.thread_time() + seconds
        self.seek(0)

    def at(self, offset: int, count: int) -> bytes:
        """Up to *count* bytes from *offset*; fewer only at the end of the file, however far beyond it *offset* is."""
        self._file.seek(min(offset, self.size))
        return self.read(count)

    def read(self, count: int | None = -1) -> bytes:
        left = max(0, self.size - self._file.tell())
        wanted = left if count is None or count < 0 else min(count, left)
        self._charge(wanted)
        return self._file.read(wanted)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._charge(0)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def _charge(self, count: int) -> None:
        self._bytes -= count
        self._calls -= 1
        is_over = self._bytes < 0 or self._calls < 0
        if is_over or (self._calls % _CALLS_A_LOOK == 0 and time.thread_time() > self._deadline):
            raise OverBudget
