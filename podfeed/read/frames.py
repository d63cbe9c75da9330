"""The frames of MP3 and ADTS sound: where they begin, how long each is, how many there are.

Nothing here trusts a header that speaks for the whole file; ``Index`` only says what such a header claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from podfeed.read.disk import Bounded

#: Bytes of a frame that tell its length.
HEADER_BYTES = 7

_CHUNK = 1 << 20
# mutagen looks equally far for a first frame; some files carry a player's leftovers there.
_LARGEST_GAP = 1 << 20

_KBPS_BY_LAYER = {
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
# Behind the header and the side information, by version and channels.
_XING_AT = {(1, 2): 36, (1, 1): 21, (2, 2): 21, (2, 1): 13}
_MPEG_RATES = (44100, 48000, 32000)
#: By the number that AAC gives them.
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


class Format(Protocol):
    """What the frames of one recording have in common."""

    @property
    def codec(self) -> str: ...

    @property
    def rate(self) -> int: ...

    #: Samples per channel in a frame.
    @property
    def samples(self) -> int: ...

    def length(self, data: bytes, offset: int) -> int:
        """Bytes of the frame whose header is at *offset*; 0 when there is none of this format."""


SomeFormat = TypeVar("SomeFormat", bound=Format)


@dataclass(frozen=True, slots=True)
class Mpeg:
    """Frames of MPEG-1, 2 or 2.5, layer II or III."""

    #: The second byte of every frame, without the bit that only says whether a checksum follows.
    sync: int
    version: int
    layer: int
    rate: int
    samples: int
    #: Bytes of a frame by its third byte; 0 where that byte cannot be.
    lengths: tuple[int, ...]
    shortest: int
    longest: int

    @property
    def codec(self) -> str:
        return f"mp{self.layer}"

    def length(self, data: bytes, offset: int) -> int:
        if data[offset] == 0xFF and data[offset + 1] & 0xFE == self.sync:
            return self.lengths[data[offset + 2]]
        return 0


@dataclass(frozen=True, slots=True)
class Adts:
    """Frames of AAC as a bare stream."""

    #: The third byte of every frame without the bits that may change: profile and sampling rate.
    profile: int
    rate: int
    samples: int = 1024
    codec: str = "aac"

    def length(self, data: bytes, offset: int) -> int:
        first, second, third, fourth, fifth, sixth = data[offset : offset + 6]
        if first != 0xFF or second & 0xF6 != 0xF0 or third & 0xFC != self.profile:
            return 0
        length = (fourth & 3) << 11 | fifth << 3 | sixth >> 5
        return length if length >= HEADER_BYTES else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Frames of one format, each beginning where the one before ends."""

    start: int
    #: Where the last frame ends by its own header: past the end of the file when that frame is cut.
    end: int
    count: int
    format: Format

    @property
    def seconds(self) -> float:
        return self.count * self.format.samples / self.format.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a Xing, Info or VBRI header claims about the file; 0 where it claims nothing."""

    #: Frames of sound; the header's own frame is not among them.
    count: int
    #: From the header's own frame to the end of the last one.
    size_bytes: int
    #: Samples at both ends that the encoder needed and players leave out.
    unheard: int = 0
    #: Whether a checksum proves that it is as its encoder wrote it; most have none.
    is_intact: bool = False


def mpeg(header: bytes) -> Mpeg | None:
    """The format of the MPEG frame that begins with *header*."""
    if len(header) < HEADER_BYTES or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    form = _mpeg(header[1] & 0xFE, header[2] >> 2 & 3)
    return form if form and form.lengths[header[2]] else None


@cache
def _mpeg(sync: int, rate_number: int) -> Mpeg | None:
    # By the two bits of the version: 2.5, none, 2, 1; what each does to MPEG-1's sampling rates.
    divisor = (4, 0, 2, 1)[sync >> 3 & 3]
    layer = 4 - (sync >> 1 & 3)
    if not divisor or layer not in (2, 3) or rate_number == 3:
        return None
    version = min(divisor, 2)
    rate = _MPEG_RATES[rate_number] // divisor
    samples = 576 if version == 2 and layer == 3 else 1152
    kbps = _KBPS_BY_LAYER[version, layer]
    lengths = tuple(
        samples * 125 * kbps[third >> 4] // rate + (third >> 1 & 1)
        if third >> 2 & 3 == rate_number and kbps[third >> 4]
        else 0
        for third in range(256)
    )
    return Mpeg(sync, version, layer, rate, samples, lengths, min(filter(None, lengths)), max(lengths))


def channels(header: bytes) -> int:
    """How many channels the MPEG frame has that begins with *header*."""
    return 1 if header[3] >> 6 == 3 else 2


def bitrate_bps(header: bytes, form: Mpeg) -> int:
    """Bits a second while all frames are like the one of *form* that begins with *header*."""
    return _KBPS_BY_LAYER[form.version, form.layer][header[2] >> 4] * 1000


def adts(header: bytes) -> Adts | None:
    """The format of the ADTS frame that begins with *header*."""
    if len(header) < HEADER_BYTES or header[2] >> 2 & 15 >= len(AAC_RATES):
        return None
    form = Adts(header[2] & 0xFC, AAC_RATES[header[2] >> 2 & 15])
    return form if form.length(header, 0) else None


def first(file: Bounded, position: int, read: Callable[[bytes], SomeFormat | None]) -> tuple[int, SomeFormat] | None:
    """Where the next frame is at or after *position*, tags skipped, and its format as *read* finds it."""
    position = after_tags(file, position)
    for offset in _candidates(file, position):
        form = read(file.at(offset, HEADER_BYTES))
        if form and _has_followers(file, offset, form, is_expected=offset == position):
            return offset, form
    return None


def after_tags(file: Bounded, position: int) -> int:
    """Where the ID3v2 tags that begin at *position* end; past the end of the file when it is cut inside one."""
    while (head := file.at(position, 10)).startswith(b"ID3") and len(head) == 10:
        length = 0
        for byte in head[6:]:
            length = length << 7 | byte & 0x7F
        position += 10 + length + (10 if head[5] & 0x10 else 0)
    return position


def before_tag(file: Bounded) -> int:
    """Where the short ID3 tag at the end begins; the end of the file when there is none."""
    start = max(0, file.size - _ID3V1_BYTES)
    return start if file.at(start, 3) == b"TAG" else file.size


_ID3V1_BYTES = 128


def _candidates(file: Bounded, position: int) -> Iterator[int]:
    """*position* and every later place where a frame could begin; most gaps are small, so little is read at first."""
    yield position
    for start, end in ((1, 4096), (4096, _LARGEST_GAP)):
        window = file.at(position + start, end - start)
        offset = window.find(b"\xff")
        while offset >= 0:
            yield position + start + offset
            offset = window.find(b"\xff", offset + 1)


def _has_followers(file: Bounded, offset: int, form: Format, *, is_expected: bool) -> bool:
    """Whether two more frames follow; where a frame is expected, the end of the file is as good."""
    header = file.at(offset, HEADER_BYTES)
    for _ in range(2):
        offset += form.length(header, 0)
        header = file.at(offset, HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            return is_expected
        if not form.length(header, 0):
            return False
    return True


def runs(file: Bounded, position: int, read: Callable[[bytes], Format | None]) -> Iterator[Run]:
    """All frames from *position* on; a new run begins after whatever lies between."""
    while found := first(file, position, read):
        run = _run(file, *found)
        yield run
        position = run.end


def _run(file: Bounded, start: int, form: Format) -> Run:
    position, count, length = start, 0, form.length
    while chunk := file.at(position, _CHUNK):
        offset, last = 0, len(chunk) - HEADER_BYTES
        while offset <= last and (step := length(chunk, offset)):
            offset += step
            count += 1
        position += offset
        if offset == 0 or offset <= last:
            break
    return Run(start=start, end=position, count=count, format=form)


def index(file: Bounded, start: int, form: Mpeg) -> Index | None:
    """The header over the whole file that the frame at *start* carries in place of sound."""
    frame = file.at(start, 200)
    if len(frame) < 60:
        return None
    if frame[36:40] == b"VBRI":
        return Index(count=int.from_bytes(frame[50:54]), size_bytes=int.from_bytes(frame[46:50]))
    at = _XING_AT[form.version, channels(frame)]
    return _xing(frame, at) if form.layer == 3 and frame.startswith((b"Xing", b"Info"), at) else None


def _xing(frame: bytes, at: int) -> Index:
    """The fields of a Xing header, which are there or not as its flags say."""
    flags, position = frame[at + 7], at + 8
    values = []
    for bit, width in ((1, 4), (2, 4), (4, 100), (8, 4)):  # frames, bytes, table for seeking, quality
        width = width if flags & bit else 0
        values.append(int.from_bytes(frame[position : position + width]))
        position += width
    extension = frame[position : position + _EXTENSION_BYTES]
    return Index(
        count=values[0],
        size_bytes=values[1],
        unheard=_unheard(extension),
        is_intact=extension.startswith(b"LAME") and _is_intact(frame[: position + _EXTENSION_BYTES]),
    )


# What LAME and those after it append to the Xing header; a checksum of all before it comes last.
_EXTENSION_BYTES = 36


def _is_intact(head: bytes) -> bool:
    """Whether the checksum at the end of *head* is right: over all of it, it comes to nothing."""
    crc, remainders = 0, _remainders()
    for byte in (*head[:-2], *reversed(head[-2:])):
        crc = crc >> 8 ^ remainders[(crc ^ byte) & 0xFF]
    return crc == 0 and any(head[-2:])


@cache
def _remainders() -> tuple[int, ...]:
    """Of CRC-16, whose lowest bit comes first."""
    remainders = list(range(256))
    for _ in range(8):
        remainders = [value >> 1 ^ 0xA001 * (value & 1) for value in remainders]
    return tuple(remainders)


def _unheard(extension: bytes) -> int:
    """Samples to leave out."""
    if len(extension) < 24 or not extension[:4].isalnum():
        return 0
    delays = int.from_bytes(extension[21:24])
    return (delays >> 12) + (delays & 0xFFF)
