"""The bytes of what is put, from memory or from a file that must not change on the way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from podfeed.errors import TargetError, changed
from podfeed.publish.store import Blob
from podfeed.read.disk import Unreadable, steady


@contextmanager
def opened(blob: Blob) -> Iterator[BinaryIO]:
    """The bytes of *blob*. Raises TargetError when the file they are in is gone, or changes meanwhile."""
    if isinstance(blob.content, bytes):
        yield io.BytesIO(blob.content)
        return
    try:
        with steady(blob.content) as (file, _):
            yield file
    except Unreadable as error:
        raise changed(blob.content) from error


def other_bytes(blob: Blob) -> TargetError:
    """What to raise when *blob* has other bytes than it says."""
    return changed(blob.key if isinstance(blob.content, bytes) else blob.content)
