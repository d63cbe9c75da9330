"""An Ogg file by its pages: Opus, Vorbis, FLAC or Speex, one recording or several behind each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from podfeed.read.disk import Bounded
from podfeed.read.extent import Extent


class _Page(NamedTuple):
    """A page of an Ogg file."""

    flags: int
    #: Samples of its stream up to the end of the last packet that ends here.
    granule: int
    stream: bytes
    body: int
    #: By its own header.
    end: int


_FIRST_PAGE, _LAST_PAGE = 2, 4
_LONGEST_PAGE_HEAD = 27 + 255
_LARGEST_PAGE = _LONGEST_PAGE_HEAD + 255 * 255
_NOTHING_ENDS = (1 << 64) - 1


class _Voice(NamedTuple):
    """A stream of sound in an Ogg file."""

    stream: bytes
    codec: str
    rate: int
    #: Samples at the beginning that players leave out.
    unheard: int = 0


def extent(file: Bounded) -> Extent | None:
    """The extent of an Ogg file; None when no stream of sound begins it."""
    start = max(0, file.size - _LARGEST_PAGE)
    tail = file.at(start, _LARGEST_PAGE)
    offset = tail.rfind(b"OggS\0")
    last = _page(tail[offset:], start + offset) if offset >= 0 else None
    first = list(takewhile(lambda page: page.flags & _FIRST_PAGE, _pages(file, 0)))
    voice = next((voice for page in first if (voice := _voice(file, page))), None)
    if voice is None:
        return None
    if last is None:
        return Extent(expected_bytes=file.size + 1, codec=voice.codec, seconds=_all_seconds(file))
    is_one_recording = last.stream in (page.stream for page in first)
    return Extent(
        expected_bytes=last.end if last.flags & _LAST_PAGE else max(last.end, file.size + 1),
        seconds=(is_one_recording and _last_seconds(tail, voice)) or _all_seconds(file),
        codec=voice.codec,
    )


def _voice(file: Bounded, page: _Page) -> _Voice | None:
    """The stream that begins with *page*, if it is one of sound."""
    packet = file.at(page.body, 48)
    if packet.startswith(b"OpusHead"):
        return _Voice(page.stream, "opus", 48_000, int.from_bytes(packet[10:12], "little"))
    if packet.startswith(b"\x01vorbis"):
        return _Voice(page.stream, "vorbis", int.from_bytes(packet[12:16], "little"))
    if packet.startswith(b"\x7fFLAC"):
        return _Voice(page.stream, "flac", int.from_bytes(packet[27:30]) >> 4)
    if packet.startswith(b"Speex   "):
        return _Voice(page.stream, "speex", int.from_bytes(packet[36:40], "little"))
    return None


def _last_seconds(tail: bytes, voice: _Voice) -> float:
    """The moment that the last page of *voice* reaches; 0 when none is there."""
    offset = len(tail)
    while (offset := tail.rfind(b"OggS\0", 0, offset)) >= 0:
        page = _page(tail[offset : offset + _LONGEST_PAGE_HEAD], offset)
        if page and page.stream == voice.stream and page.granule != _NOTHING_ENDS:
            return _heard_seconds(voice, page.granule)
    return 0.0


def _all_seconds(file: Bounded) -> float:
    """The length of all recordings in *file*, one behind the other, page by page."""
    seconds, granule, voice = 0.0, 0, _Voice(b"", "", 1)
    for page in _pages(file, 0):
        if page.flags & _FIRST_PAGE and (begun := _voice(file, page)):
            seconds, granule, voice = seconds + _heard_seconds(voice, granule), 0, begun
        elif page.stream == voice.stream and page.granule != _NOTHING_ENDS:
            granule = page.granule
    return seconds + _heard_seconds(voice, granule)


def _heard_seconds(voice: _Voice, granule: int) -> float:
    return max(0, granule - voice.unheard) / voice.rate if voice.rate else 0.0


def _pages(file: Bounded, start: int) -> Iterator[_Page]:
    """The pages from *start* on; stops where none begins."""
    while page := _page(file.at(start, _LONGEST_PAGE_HEAD), start):
        yield page
        start = page.end


def _page(head: bytes, at: int) -> _Page | None:
    """The page that begins with *head*; None when none does, or its own header is cut."""
    if len(head) < 27 or not head.startswith(b"OggS\0") or len(head) < 27 + head[26]:
        return None
    body = at + 27 + head[26]
    granule = int.from_bytes(head[6:14], "little")
    return _Page(head[5], granule, head[14:18], body, body + sum(head[27 : 27 + head[26]]))
