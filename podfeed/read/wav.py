"""A WAV file by its chunks, those of files over 4 GiB and of sound that is packed among them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from podfeed.read.disk import Bounded
from podfeed.read.extent import Extent

_PLAIN, _PLAIN_FLOAT, _EXTENSIBLE, _MP3 = 0x0001, 0x0003, 0xFFFE, 0x0055
_CODECS = {_PLAIN: "pcm", _PLAIN_FLOAT: "pcm", _EXTENSIBLE: "pcm", _MP3: "mp3"}
_UNKNOWN = 0xFFFFFFFF


class _Chunk(NamedTuple):
    """A part of the file: its four letters, where its content begins and how long that should be."""

    kind: bytes
    body: int
    length: int


def extent(file: Bounded) -> Extent | None:
    """The extent of a WAV file; None when it does not say what is in it."""
    chunks = {chunk.kind: chunk for chunk in _chunks(file)}
    form = _numbers(file, chunks.get(b"fmt "), "<HHII")
    sound = chunks.get(b"data")
    if not form or not sound:
        return None
    kind, _, rate, bytes_a_second = form
    riff_bytes = int.from_bytes(file.at(4, 4), "little")
    # Larger than 32 bits can say: the sizes stand elsewhere.
    riff_bytes, sound_bytes = _numbers(file, chunks.get(b"ds64"), "<QQ") or (riff_bytes, sound.length)
    is_piped = riff_bytes in (0, _UNKNOWN) or sound_bytes == _UNKNOWN  # the encoder could not go back and fill them in
    if is_piped:
        sound_bytes = file.size - sound.body
    codec = _CODECS.get(kind, "adpcm")
    # Packed sound comes with a count of its samples: what a second of it takes is only about right.
    (samples,) = _numbers(file, chunks.get(b"fact") if codec != "pcm" else None, "<I") or (0,)
    expected = 0 if is_piped else max(8 + riff_bytes, sound.body + sound_bytes)
    return Extent(
        expected_bytes=expected if sound_bytes else max(expected, file.size + 1),
        sound_bytes=sound_bytes,
        seconds=samples / max(1, rate) or sound_bytes / max(1, bytes_a_second),
        bitrate_bps=bytes_a_second * 8,
        codec=codec,
    )


def _chunks(file: Bounded) -> Iterator[_Chunk]:
    """The chunks of a RIFF file up to its sound."""
    start, kind = 12, b""
    while kind != b"data" and len(head := file.at(start, 8)) == 8:
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        yield _Chunk(kind, start + 8, length)
        start += 8 + length + length % 2


def _numbers(file: Bounded, chunk: _Chunk | None, form: str) -> tuple[int, ...]:
    """The numbers that *chunk* begins with, in the *form* of struct; none when it has no room for them."""
    data = file.at(chunk.body, struct.calcsize(form)) if chunk else b""
    return struct.unpack(form, data) if len(data) == struct.calcsize(form) else ()
