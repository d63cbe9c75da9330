"""Where a sound file ends by its own account, container by container: what tells a whole file from a cut one.

Tag libraries believe headers: six of ten cut files keep their full length there. Here the bytes are asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from podfeed.model import AudioDetails
from podfeed.read import frames
from podfeed.read.disk import Bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What the structure of a file says about its length."""

    #: Bytes the file should have. More than it has: it is cut, and where the format tells no exact number this is
    #: only the least. Fewer: something else follows the sound. 0: the format does not say.
    expected_bytes: int
    #: Bytes of sound without tags and pictures, as the file should have them; 0 when nothing tells.
    sound_bytes: int = 0
    #: Seconds of sound where they were counted; 0 when they were not.
    seconds: float = 0.0
    #: Over all frames where they were counted; 0 when they were not.
    bitrate_bps: int = 0
    #: Empty when the structure does not tell.
    codec: str = ""
    #: What the structure of MP3 and MP4 tells beside; the tags are still missing.
    details: AudioDetails | None = None


def extent(container: str, file: Bounded) -> Extent:
    """The extent of *file*, whose content is one of ``READERS``. Raises OverBudget."""
    return READERS[container](file)


def _mp3(file: Bounded) -> Extent:
    found = frames.first(file, 0, frames.mpeg)
    if not found:
        return Extent(expected_bytes=frames.after_tags(file, 0))
    start, form = found
    index = frames.index(file, start, form)
    if index and _holds(file, start, form, index):
        return _indexed(file, start, form, index)
    runs = list(frames.runs(file, start, frames.mpeg))
    return replace(_counted(file, runs, index), details=_details(file, runs, index))


def _holds(file: Bounded, start: int, form: frames.Mpeg, index: frames.Index) -> bool:
    """Whether the sound ends where the index says, after frames of a possible size."""
    end = start + index.size_bytes
    lengths = [length for length in form.lengths if length]
    if end > file.size or not min(lengths) * index.count <= index.size_bytes <= max(lengths) * (index.count + 1):
        return False
    return index.count > 0 and (end == file.size or frames.first(file, end, frames.mpeg) is None)


def _indexed(file: Bounded, start: int, form: frames.Mpeg, index: frames.Index) -> Extent:
    samples = index.count * form.samples
    header = file.at(start, frames.HEADER_BYTES)
    sound_bytes = index.size_bytes - form.length(header, 0)
    return Extent(
        expected_bytes=start + index.size_bytes,
        sound_bytes=sound_bytes,
        seconds=max(0, samples - index.unheard) / form.rate,
        bitrate_bps=round(sound_bytes * 8 * form.rate / samples),
        codec=form.codec,
        details=AudioDetails(channels=frames.channels(header), sample_rate_hz=form.rate),
    )


def _details(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> AudioDetails:
    form, header = runs[0].format, file.at(runs[0].start, frames.HEADER_BYTES)
    claimed_seconds = index.count * form.samples / form.rate if index else 0.0
    # At a constant bit rate all frames are as long as the first, give or take a byte.
    count, sound_bytes = sum(run.count for run in runs), sum(run.end - run.start for run in runs)
    varies = abs(sound_bytes - count * form.length(header, 0)) > count
    return AudioDetails(
        channels=frames.channels(header),
        sample_rate_hz=form.rate,
        claimed_duration=timedelta(milliseconds=round(claimed_seconds * 1000)),
        lacks_index=varies and not claimed_seconds,
    )


def _aac(file: Bounded) -> Extent:
    runs = list(frames.runs(file, 0, frames.adts))
    return _counted(file, runs, None) if runs else Extent(expected_bytes=frames.after_tags(file, 0))


def _counted(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> Extent:
    """The extent from every frame, for files whose index is missing or wrong."""
    sound_bytes, seconds = sum(run.end - run.start for run in runs), sum(run.seconds for run in runs)
    form = runs[0].format
    silent = form.samples / form.rate if index else 0  # the frame of the index itself
    return Extent(
        expected_bytes=_counted_end(file, runs, index),
        sound_bytes=sound_bytes,
        seconds=seconds - silent,
        bitrate_bps=round(sound_bytes * 8 / seconds),
        codec=form.codec,
    )


def _counted_end(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> int:
    end = runs[-1].end
    missing = index.count + 1 - sum(run.count for run in runs) if index else 0
    # One frame less is no proof: some encoders count the index as a frame of sound.
    if index and (missing > 1 or (missing == 1 and end > file.size)):
        return max(end, runs[0].start + index.size_bytes, file.size + 1)
    is_cut_in_header = file.size - end < frames.HEADER_BYTES and file.at(end, 1) == b"\xff"
    return file.size + 1 if is_cut_in_header else end


class Box(NamedTuple):
    """A box of an MP4 file: its four letters, where its content begins and where it ends by its own header."""

    kind: bytes
    body: int
    end: int


def _mp4(file: Bounded) -> Extent:
    found = list(_boxes(file, 0, file.size))
    expected = max((box.end for box in found), default=0)
    kinds = [box.kind for box in found]
    if b"moov" not in kinds or b"mdat" not in kinds:
        return Extent(expected_bytes=max(expected, file.size + 1))
    index, sound = kinds.index(b"moov"), kinds.index(b"mdat")
    return Extent(
        expected_bytes=expected,
        sound_bytes=sum(box.end - box.body for box in found if box.kind == b"mdat"),
        details=AudioDetails(channels=_aac_channels(file, found[index]), tells_last=index > sound),
    )


def _boxes(file: Bounded, start: int, end: int) -> Iterator[Box]:
    """The boxes between *start* and *end*; the last may claim to end later. Stops at what is no box."""
    while start + 8 <= end:
        head = file.at(start, 16)
        size, kind, body = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16]), start + 16
        elif size == 0:  # to the end of the file
            size = end - start
        if start + size < body or not all(32 <= letter < 127 or letter == 0xA9 for letter in kind):
            return
        yield Box(kind, body, start + size)
        start += size


def has_video(file: Bounded) -> bool:
    """Whether an MP4 file has a track of moving pictures."""
    return any(file.at(box.body + 8, 4) == b"vide" for box in _inside(file, b"moov", b"trak", b"mdia", b"hdlr"))


def _inside(file: Bounded, *path: bytes) -> list[Box]:
    boxes = [Box(b"", 0, file.size)]
    for kind in path:
        boxes = [box for outer in boxes for box in _boxes(file, outer.body, outer.end) if box.kind == kind]
    return boxes


# The decoder's configuration of AAC, in the descriptors of its box: profile, sampling rate and channels by five, four
# and four bits.
_AAC = re.compile(
    rb"esds\0{4}\x03[\x80-\xff]{0,3}.{4}\x04[\x80-\xff]{0,3}.\x40.{12}\x05[\x80-\xff]{0,3}.(..)", re.DOTALL
)
_AAC_WITHIN = 1 << 16


def _aac_channels(file: Bounded, index: Box) -> int:
    """Channels of AAC, 0 when there is none: other places in the file say 2 for mono, too."""
    found = _AAC.search(file.at(index.body, min(index.end - index.body, _AAC_WITHIN)))
    return int.from_bytes(found[1]) >> 3 & 15 if found else 0


_PCM_TAGS = {0x0001: "pcm", 0x0003: "pcm", 0xFFFE: "pcm", 0x0055: "mp3"}


def _wav(file: Bounded) -> Extent:
    size, data_size = int.from_bytes(file.at(4, 4), "little"), 0
    codec, start = "", 12
    while len(head := file.at(start, 8)) == 8:
        length = int.from_bytes(head[4:], "little")
        if head.startswith(b"fmt "):
            codec = _PCM_TAGS.get(int.from_bytes(file.at(start + 8, 2), "little"), "adpcm")
        elif head.startswith(b"data"):
            data_size = length
            break
        start += 8 + length + length % 2
    if size in (0, 0xFFFFFFFF) or data_size == 0xFFFFFFFF:  # written to a pipe, or larger than its fields can say
        return Extent(expected_bytes=0, codec=codec)
    end = max(8 + size, start + 8 + data_size)
    return Extent(expected_bytes=end if data_size else max(end, file.size + 1), sound_bytes=data_size, codec=codec)


class _Stream(NamedTuple):
    """The fields of a FLAC file's STREAMINFO that tell about its end."""

    block_samples: int
    #: 0 when the encoder did not know.
    largest_frame: int
    #: 0 when the encoder did not know.
    samples: int


# 8 channels of 65,535 samples would be more, but nothing writes frames over 64 KiB.
_LARGEST_FRAME = 1 << 16
_ID3V1_BYTES = 128


def _flac(file: Bounded) -> Extent:
    start = _after_metadata(file)
    stream = _stream(file.at(frames.after_tags(file, 0) + 8, 34))
    end = file.size
    if file.at(end - _ID3V1_BYTES, 3) == b"TAG":
        end -= _ID3V1_BYTES
    if start > file.size or not _ends_with_frame(file, start, end, stream):
        return Extent(expected_bytes=max(start, file.size + 1), codec="flac")
    return Extent(expected_bytes=end, sound_bytes=end - start, codec="flac")


def _after_metadata(file: Bounded) -> int:
    start, is_last = frames.after_tags(file, 0) + 4, False
    while not is_last and len(head := file.at(start, 4)) == 4:
        is_last = bool(head[0] & 0x80)
        start += 4 + int.from_bytes(head[1:])
    return start


def _stream(info: bytes) -> _Stream:
    return _Stream(
        block_samples=int.from_bytes(info[2:4]),
        largest_frame=int.from_bytes(info[7:10]),
        samples=int.from_bytes(info[13:18]) & (1 << 36) - 1,
    )


def _ends_with_frame(file: Bounded, start: int, end: int, stream: _Stream) -> bool:
    """Whether the last frame is there to its last byte and brings the sound to its full length."""
    start = max(start, end - (stream.largest_frame or _LARGEST_FRAME))
    tail = file.at(start, end - start)
    offset = len(tail)
    while (offset := tail.rfind(b"\xff", 0, offset)) >= 0:
        reached = _samples_reached(tail[offset : offset + 16], stream)
        if reached and reached >= stream.samples and not _crc16(tail[offset:]):
            return True
    return False


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


# What the first packet of an Ogg file begins with. Vorbis may also come second, behind moving pictures.
_OGG_CODECS = {b"Opus": "opus", b"\x7fFLA": "flac", b"Spee": "speex"}
_LARGEST_PAGE = 27 + 255 + 255 * 255
_LAST_PAGE = 4


def _ogg(file: Bounded) -> Extent:
    start = max(0, file.size - _LARGEST_PAGE)
    tail = file.at(start, _LARGEST_PAGE)
    offset = tail.rfind(b"OggS\0")
    codec = _OGG_CODECS.get(file.at(28, 4), "vorbis")
    if offset < 0:
        return Extent(expected_bytes=file.size + 1, codec=codec)
    page = tail[offset:]
    lacing = page[27 : 27 + page[26]] if len(page) > 26 else b""
    end = start + offset + 27 + len(lacing) + sum(lacing)
    is_whole = len(page) > 26 and len(lacing) == page[26] and page[5] & _LAST_PAGE
    return Extent(expected_bytes=end if is_whole else max(end, file.size + 1), codec=codec)


READERS: Mapping[str, Callable[[Bounded], Extent]] = {
    "mp3": _mp3,
    "aac": _aac,
    "m4a": _mp4,
    "mp4": _mp4,
    "m4v": _mp4,
    "mov": _mp4,
    "wav": _wav,
    "flac": _flac,
    "ogg": _ogg,
    "opus": _ogg,
}
