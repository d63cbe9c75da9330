"""The world is wrong: what podfeed raises when no text of the author's is at fault. Each error knows its exit code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from podfeed.words import say


class PodfeedError(Exception):
    """Something outside the author's files stops podfeed. Its text is one sentence for the user."""

    #: Source: docs/reference/exit-codes.md.
    exit_code = 70


class UsageError(PodfeedError):
    """The command was used wrongly, or there is no project here."""

    exit_code = 2


class RefusedError(PodfeedError):
    """What is published is newer or larger than what is here."""

    exit_code = 3


class TargetError(PodfeedError):
    """The place to write to is in trouble: disk full, not writable, changed while it was read. Run again."""

    exit_code = 4


def unwritable(path: str | Path, error: OSError) -> TargetError:
    """What to raise when *error* keeps podfeed from writing *path*."""
    return TargetError(say("“{path}” cannot be written: {reason}", path=path, reason=error.strerror or error))


def changed(path: str | Path) -> TargetError:
    """What to raise when the file at *path* is not what it was when it was measured."""
    return TargetError(say("“{path}” changed since it was measured; run again", path=path))


def unknown_show(name: str, known: Iterable[str]) -> UsageError:
    """What to raise for *name*, which is none of the *known* shows."""
    shows = ", ".join(known)
    return UsageError(say("there is no show “{name}” in config.yaml; there are: {shows}", name=name, shows=shows))
