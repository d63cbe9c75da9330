"""A FLAC file: its length from the header in front, its end from the last frame."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from podfeed.read import frames
from podfeed.read.disk import Bounded
from podfeed.read.extent import Extent


class _Stream(NamedTuple):
    """The fields of a FLAC file's STREAMINFO that tell of its length."""

    block_samples: int
    #: 0 when the encoder did not know.
    largest_frame: int
    rate: int
    #: 0 when the encoder did not know.
    samples: int


# 8 channels of 65,535 samples would be more, but nothing writes frames over 64 KiB.
_LARGEST_FRAME = 1 << 16


def extent(file: Bounded) -> Extent | None:
    """The extent of a FLAC file; None without its header."""
    begin, end = frames.after_tags(file, 0), frames.before_tag(file)
    stream = _stream(file.at(begin, 42))
    if stream is None:
        return None
    start = _after_metadata(file, begin + 4)
    reached = _samples_at_end(file, start, end, stream)
    return Extent(
        expected_bytes=end if reached else max(start, file.size + 1),
        sound_bytes=max(0, end - start),
        seconds=(stream.samples or reached) / stream.rate,
        codec="flac",
    )


def _stream(head: bytes) -> _Stream | None:
    """STREAMINFO, which comes first and has 34 bytes, four letters and four bytes behind the beginning."""
    info = head[8:]
    rate = int.from_bytes(info[10:13]) >> 4
    if head[4:8] not in (b"\0\0\0\x22", b"\x80\0\0\x22") or not rate:
        return None
    return _Stream(
        block_samples=int.from_bytes(info[2:4]),
        largest_frame=int.from_bytes(info[7:10]),
        rate=rate,
        samples=int.from_bytes(info[13:18]) & (1 << 36) - 1,
    )


def _after_metadata(file: Bounded, start: int) -> int:
    is_last = False
    while not is_last and len(head := file.at(start, 4)) == 4:
        is_last = bool(head[0] & 0x80)
        start += 4 + int.from_bytes(head[1:])
    return start


def _samples_at_end(file: Bounded, start: int, end: int, stream: _Stream) -> int:
    """Samples up to the end of the last frame; 0 when it is not there to its last byte, or more are promised."""
    start = max(start, end - (stream.largest_frame or _LARGEST_FRAME))
    tail = file.at(start, max(0, end - start))
    offset = len(tail)
    while (offset := tail.rfind(b"\xff", 0, offset)) >= 0:
        reached = _samples_reached(tail[offset : offset + 16], stream)
        if reached and reached >= stream.samples and not _crc16(tail[offset:]):
            return reached
    return 0


# By the block size code of a frame header; the codes 6 and 7 say that 8 or 16 bits follow.
_BLOCKS = (0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)


def _samples_reached(header: bytes, stream: _Stream) -> int:
    """Samples of sound at the end of the frame that begins with *header*; 0 when none begins there."""
    if len(header) < 6 or header[1] not in (0xF8, 0xF9) or header[3] & 1:
        return 0
    number, at = _coded_number(header)
    block = _BLOCKS[header[2] >> 4]
    if header[2] >> 4 in (6, 7):
        width = (header[2] >> 4) - 5
        block, at = int.from_bytes(header[at : at + width]) + 1, at + width
    at += {12: 1, 13: 2, 14: 2}.get(header[2] & 15, 0)
    if not block or at >= len(header) or _crc8(header[:at]) != header[at]:
        return 0
    return (number if header[1] & 1 else number * stream.block_samples) + block


def _coded_number(header: bytes) -> tuple[int, int]:
    """The number in the way of UTF-8 from the fifth byte on, and where it ends."""
    leading_ones = 8 - (header[4] ^ 0xFF).bit_length()
    end = 5 + max(0, leading_ones - 1)
    number = header[4] & 0x7F >> leading_ones
    for byte in header[5:end]:
        number = number << 6 | byte & 0x3F
    return number, end


def _crc8(data: bytes) -> int:
    table, crc = _crc_table(0x07, 8), 0
    for byte in data:
        crc = table[crc ^ byte]
    return crc


def _crc16(data: bytes) -> int:
    table, crc = _crc_table(0x8005, 16), 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ table[crc >> 8 ^ byte]
    return crc


@cache
def _crc_table(polynomial: int, width: int) -> tuple[int, ...]:
    """The remainders of all bytes, so that a checksum takes one step a byte and not eight."""
    remainders = [value << width - 8 for value in range(256)]
    for _ in range(8):
        remainders = [value << 1 ^ polynomial * (value >> width - 1) for value in remainders]
        remainders = [value & (1 << width) - 1 for value in remainders]
    return tuple(remainders)
