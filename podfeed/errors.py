"""The world is wrong: what podfeed raises when no text of the author's is at fault. Each error knows its exit code."""

from __future__ import annotations


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
