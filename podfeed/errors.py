"""The world is wrong: what podfeed raises when no text of the author's is at fault. Each error knows its exit code."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from podfeed.words import say

if TYPE_CHECKING:
    from podfeed.diagnostics import Diagnostic


class PodfeedError(Exception):
    """Something outside the author's files stops podfeed. Its text is one sentence for the user."""

    #: Source: docs/reference/exit-codes.md.
    exit_code = 70


class ContentError(PodfeedError):
    """What the authors wrote is wrong, and keeps a show from going out."""

    exit_code = 1

    def __init__(self, sentence: str, *, told: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(sentence)
        #: What is wrong, with its places.
        self.told = told


class UsageError(PodfeedError):
    """The command was used wrongly, or there is no project here."""

    exit_code = 2


class RefusedError(PodfeedError):
    """What is published is newer or larger than what is here."""

    exit_code = 3


class TargetError(PodfeedError):
    """The place to write to is in trouble: disk full, not writable, changed while it was read. Run again."""

    exit_code = 4


class StoredError(PodfeedError):
    """What is stored is not what was put there. A person must look."""

    exit_code = 5


class AccessError(PodfeedError):
    """Credentials or permissions are missing, or this is the bucket of somebody else."""

    exit_code = 6


class ConditionsError(PodfeedError):
    """The store cannot do what keeps two publishers apart, and a single writer was not accepted."""

    exit_code = 7


class PublicError(PodfeedError):
    """It is published, and what the public gets is something else."""

    exit_code = 9


#: With several shows, the run ends with the first of these that occurred. Source: docs/reference/exit-codes.md.
_WORST_FIRST = (70, 130, 6, 7, 5, 3, 1, 9, 4)


def gravest(errors: Iterable[PodfeedError | None]) -> int:
    """The exit code of the gravest of *errors*; 0 when there are none."""
    codes = {error.exit_code for error in errors if error}
    return next((code for code in _WORST_FIRST if code in codes), max(codes, default=0))


def unwritable(path: str | Path, error: OSError) -> TargetError:
    """What to raise when *error* keeps podfeed from writing *path*."""
    return TargetError(say("“{path}” cannot be written: {reason}", path=path, reason=reason_of(error)))


def reason_of(error: OSError) -> str:
    """Why the system refuses, as it says itself; what hosts meet, in their language."""
    told = {
        errno.ENOENT: say("No such file or directory"),
        errno.EACCES: say("Permission denied"),
        errno.EPERM: say("Operation not permitted"),
        errno.EISDIR: say("Is a directory"),
        errno.ENOTDIR: say("Not a directory"),
        errno.EROFS: say("Read-only file system"),
        errno.ENOSPC: say("No space left on device"),
        errno.EDQUOT: say("Disk quota exceeded"),
        errno.ENAMETOOLONG: say("File name too long"),
        errno.EIO: say("Input/output error"),
    }
    return told.get(error.errno or 0) or error.strerror or str(error)


def changed(path: str | Path) -> TargetError:
    """What to raise when the file at *path* is not what it was when it was measured."""
    return TargetError(say("“{path}” changed since it was measured; run again", path=path))


def unknown_show(name: str, known: Iterable[str]) -> UsageError:
    """What to raise for *name*, which is none of the *known* shows."""
    shows = ", ".join(known)
    return UsageError(say("there is no show “{name}” in config.yaml; there are: {shows}", name=name, shows=shows))
