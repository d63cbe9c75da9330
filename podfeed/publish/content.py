"""The bytes of what is put, from memory or from a file that must not change on the way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from podfeed.errors import StoredError, TargetError, changed
from podfeed.publish.store import Blob
from podfeed.read.disk import Unreadable, steady
from podfeed.words import say


@contextmanager
def opened(blob: Blob) -> Iterator[BinaryIO]:
    """The bytes of *blob*. Raises TargetError when the file they are in is gone, or changes meanwhile."""
    if not isinstance(blob.content, Path):
        yield io.BytesIO(blob.content() if callable(blob.content) else blob.content)
        return
    try:
        with steady(blob.content) as (file, _):
            yield file
    except Unreadable as error:
        raise changed(blob.content) from error


def part_of(blob: Blob, first: int, last: int) -> bytes:
    """The bytes of *blob* from *first* to *last*, both included. Raises TargetError as `opened` does."""
    with opened(blob) as file:
        file.seek(first)
        return file.read(last + 1 - first)


#: More than a feed or a record has.
MOST_BYTES = 1 << 28


def read_all(key: str, file: BinaryIO, size_bytes: int) -> bytes:
    """All of *file*, which is what a store keeps at *key*. Raises StoredError for more than podfeed puts there."""
    if size_bytes > MOST_BYTES:
        message = say(
            "“{key}” has {size} bytes, far more than podfeed put there; look at it, and run “podfeed rollback”",
            key=key,
            size=size_bytes,
        )
        raise StoredError(message)
    return bytes(file.read())


def other_bytes(blob: Blob) -> TargetError:
    """What to raise when *blob* has other bytes than it says."""
    return changed(blob.content if isinstance(blob.content, Path) else blob.key)
