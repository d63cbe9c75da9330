"""An MP4 file by its boxes: how long its sound is, how it is coded, what it calls itself, and its chapters.

Tables with a line for each sample of sound are stepped over: they are longer than all the rest.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate, chain, islice, pairwise, repeat
from typing import NamedTuple

from podfeed.model import AudioDetails, Chapter
from podfeed.read import magic, tags
from podfeed.read.disk import Bounded, OverBudget
from podfeed.read.extent import Extent
from podfeed.read.frames import AAC_RATES
from podfeed.read.tags import Tags


class _Box(NamedTuple):
    """A part of the file: its four letters, where its content begins and where it ends by its own header."""

    kind: bytes
    body: int
    end: int


#: _Boxes by their letters, with those inside them; the first of a kind.
_Boxes = Mapping[bytes, _Box]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Movie:
    """The boxes of a file."""

    #: The outermost ones, in order.
    top: tuple[_Box, ...]
    #: What is said of the whole; empty when nothing is.
    whole: _Boxes = field(default_factory=dict)
    tracks: tuple[_Boxes, ...] = ()


class _Coding(NamedTuple):
    """How a track of sound is coded."""

    codec: str
    sample_rate_hz: int
    #: Of AAC alone, 0 for others: other places in the file say 2 for mono, too.
    channels: int = 0
    #: As the encoder states it; 0 when it does not.
    bitrate_bps: int = 0


# Which boxes to look into: none lies in one of its own kind, so nothing crafted leads deeper than this.
_NESTED: Mapping[bytes, tuple[bytes, ...]] = {
    b"trak": (b"edts", b"mdia", b"tref"),
    b"mdia": (b"minf",),
    b"minf": (b"stbl",),
}
# Room for any list of chapters, edits or fragments; more is damage.
_LARGEST_TABLE = 1 << 20
_MOST_TEXTS = 10_000


def has_video(file: Bounded) -> bool:
    """Whether a track of *file* has moving pictures."""
    return any(_handler(file, track) == b"vide" for track in _movie(file).tracks)


def extent(file: Bounded) -> Extent | None:
    """The extent of *file*; None when it lacks its header or its sound."""
    found = _movie(file)
    kinds = [box.kind for box in found.top]
    if b"moov" not in kinds or b"mdat" not in kinds:
        return None
    expected = max(box.end for box in found.top)
    track = _sound_track(file, found)
    if track is None:
        return Extent(expected_bytes=expected)
    coding = _coding(file, track)
    return Extent(
        expected_bytes=expected,
        sound_bytes=sum(box.end - box.body for box in found.top if box.kind == b"mdat"),
        seconds=_seconds(file, found, track),
        bitrate_bps=coding.bitrate_bps,
        codec=coding.codec,
        details=AudioDetails(
            channels=coding.channels,
            sample_rate_hz=coding.sample_rate_hz,
            tells_last=kinds.index(b"moov") > kinds.index(b"mdat"),
        ),
        tags=_tags(file, found),
    )


def _movie(file: Bounded) -> _Movie:
    """The boxes of *file*."""
    top = tuple(_boxes(file, 0, file.size))
    index = next((box for box in top if box.kind == b"moov"), None)
    if index is None:
        return _Movie(top=top)
    inner = tuple(_boxes(file, index.body, index.end))
    tracks = tuple(_within(file, box) for box in inner if box.kind == b"trak")
    return _Movie(top=top, whole={box.kind: box for box in reversed(inner)}, tracks=tracks)


def _boxes(file: Bounded, start: int, end: int) -> Iterator[_Box]:
    """The boxes between *start* and *end*; the last may claim to end later. Stops at what is no box."""
    while start + 8 <= end:
        head = file.at(start, 16)
        if len(head) < 8:
            return
        size, kind, body = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16]), start + 16
        elif size == 0:  # to the end of the file
            size = end - start
        if start + size < body or not all(32 <= letter < 127 or letter == 0xA9 for letter in kind):
            return
        yield _Box(kind, body, start + size)
        start += size


def _inner(file: Bounded, outer: _Box | None, kind: bytes) -> Iterator[_Box]:
    """The boxes of one *kind* right inside *outer*."""
    return (box for box in _boxes(file, outer.body, outer.end) if box.kind == kind) if outer else iter(())


def _within(file: Bounded, outer: _Box) -> dict[bytes, _Box]:
    found: dict[bytes, _Box] = {}
    for box in _boxes(file, outer.body, outer.end):
        found.setdefault(box.kind, box)
        if box.kind in _NESTED.get(outer.kind, ()):
            found = {**_within(file, box), **found}
    return found


def _table(file: Bounded, box: _Box | None) -> bytes:
    """The content of *box*; nothing when there is none."""
    return file.at(box.body, min(box.end - box.body, _LARGEST_TABLE)) if box else b""


def _sound_track(file: Bounded, found: _Movie) -> _Boxes | None:
    """The first track of sound."""
    return next((track for track in found.tracks if _handler(file, track) == b"soun"), None)


def _handler(file: Bounded, track: _Boxes) -> bytes:
    return file.at(track[b"hdlr"].body + 8, 4) if b"hdlr" in track else b""


# -------------------------------------------------------------------------------------------- how long it is


def _seconds(file: Bounded, found: _Movie, track: _Boxes) -> float:
    """How long *track* plays: what its edit list leaves of its samples, all when that is none; 0 when nothing tells."""
    scale, length = _clock(_table(file, track.get(b"mdhd")))
    fragments = sum(_fragments(file, found, track)) if b"mvex" in found.whole else 0
    if fragments:  # some encoders count them in the header, some do not
        length = fragments + sum(count * step for count, step in _numbers(_table(file, track.get(b"stts"))[8:], 2))
    if not scale or not length:
        return 0.0
    edits_scale = 0 if fragments else _clock(_table(file, found.whole.get(b"mvhd")))[0]
    edits = _edits(_table(file, track.get(b"elst")))
    played = sum(_played(edit, length / scale, scale, edits_scale) for edit in edits)
    return min(played, length / scale) or length / scale


def _clock(header: bytes) -> tuple[int, int]:
    """Units a second, and the length in units, from the header of a movie or of a track's media."""
    at, width = (20, 8) if header[:1] == b"\1" else (12, 4)
    length = int.from_bytes(header[at + 4 : at + 4 + width])
    return int.from_bytes(header[at : at + 4]), 0 if length == (1 << 8 * width) - 1 else length


class _Edit(NamedTuple):
    """A part of a track that is played."""

    #: In units of the movie; 0 for all that is left.
    length: int
    #: In units of the track; below zero for a pause.
    start: int


def _edits(table: bytes) -> list[_Edit]:
    entry = struct.Struct(">Qq4x" if table[:1] == b"\1" else ">Ii4x")
    count = min(int.from_bytes(table[4:8]), (len(table) - 8) // entry.size)
    return [_Edit(*values) for values in entry.iter_unpack(table[8 : 8 + max(0, count) * entry.size])]


def _played(edit: _Edit, whole: float, scale: int, edits_scale: int) -> float:
    """Seconds of sound in *edit*. Its length is not asked where it cannot know of fragments."""
    left = whole - edit.start / scale
    if edit.start < 0 or left < 0:
        return 0.0
    return min(left, edit.length / edits_scale) if edit.length and edits_scale else left


def _numbers(table: bytes, width: int) -> Iterator[tuple[int, ...]]:
    """The lines of *table*, each of *width* numbers; one that is cut is left out."""
    line = struct.Struct(f">{width}I")
    return line.iter_unpack(table[: len(table) // line.size * line.size])


def _fragments(file: Bounded, found: _Movie, track: _Boxes) -> Iterator[int]:
    """The length of each run of samples behind the header, in units of *track*."""
    id = _track_id(file, track)
    extends = (_table(file, box) for box in _inner(file, found.whole[b"mvex"], b"trex"))
    default = next((int.from_bytes(each[12:16]) for each in extends if each[4:8] == id), 0)
    for fragment in (box for box in found.top if box.kind == b"moof"):
        for part in _inner(file, fragment, b"traf"):
            header = _table(file, next(_inner(file, part, b"tfhd"), None))
            if id and header[4:8] == id:
                step = _step(header) or default
                yield from (_run_length(_table(file, run), step) for run in _inner(file, part, b"trun"))


def _track_id(file: Bounded, track: _Boxes) -> bytes:
    header = _table(file, track.get(b"tkhd"))
    at = 20 if header[:1] == b"\1" else 12
    return header[at : at + 4]


def _step(header: bytes) -> int:
    """The length of a sample in a part of a fragment; 0 when it says none. Its flags tell what stands before."""
    at = 8 + 8 * (header[3] & 1) + 2 * (header[3] & 2)
    return int.from_bytes(header[at : at + 4]) if header[3] & 8 else 0


def _run_length(run: bytes, step: int) -> int:
    """Of a run of samples. Its flags tell what stands before the samples, and what is told of each."""
    flags, count = int.from_bytes(run[2:4]), int.from_bytes(run[4:8])
    if not flags & 0x100:
        return count * step
    start, width = 8 + 4 * (flags & 1) + (flags & 4), (flags & 0xF00).bit_count()
    return sum(line[0] for line in islice(_numbers(run[start:], width), count))


# --------------------------------------------------------------------------------------- how it is coded

_CODECS = {b".mp3": "mp3", b"ms\0U": "mp3", b"enca": "drm", b"drms": "drm"}
_PCM = (b"lpcm", b"sowt", b"twos", b"ipcm", b"fpcm", b"in24", b"in32", b"fl32", b"fl64", b"raw ", b"NONE")
# By the number of the type of an object. Source: mp4ra.org, object types.
_CODECS_OF_OBJECTS = {0x69: "mp3", 0x6B: "mp3", 0xA5: "ac-3", 0xA6: "ec-3", 0xAD: "opus", 0xDD: "vorbis"}
# The descriptors of a stream: the type of its object, its average bit rate, and what sets up the decoder.
_DESCRIPTORS = re.compile(
    rb"esds\0{4}\x03[\x80-\xff]{0,3}.{4}\x04[\x80-\xff]{0,3}.(.).{8}(.{4})(?:\x05[\x80-\xff]{0,3}.(.{2,16}))?",
    re.DOTALL,
)


def _coding(file: Bounded, track: _Boxes) -> _Coding:
    """How the samples of *track* are coded; the codec is empty when that cannot be read."""
    table = _table(file, track.get(b"stsd"))
    name, rate = table[12:16], int.from_bytes(table[40:42])
    if name in _PCM:
        return _Coding("pcm", rate)
    if name != b"mp4a":
        return _Coding(_CODECS.get(name, name.decode("latin-1").strip().lower()), rate)
    found = _DESCRIPTORS.search(table)
    if not found:
        return _Coding("aac", rate)
    codec, bitrate_bps = _CODECS_OF_OBJECTS.get(found[1][0]), int.from_bytes(found[2])
    if codec or not found[3]:
        return _Coding(codec or "aac", rate, 0, bitrate_bps)
    return _aac(found[3])._replace(bitrate_bps=bitrate_bps)


# By profile. Apps that know plain AAC alone play the first two dull, and the last not at all.
_PROFILES = {5: "he-aac", 29: "he-aac", 42: "xhe-aac"}


def _aac(config: bytes) -> _Coding:
    """What sets up the decoder of AAC, bit by bit. Source: ISO/IEC 14496-3, 1.6.2.1."""
    bits = f"{int.from_bytes(config):0{8 * len(config)}b}".ljust(160, "0")
    profile, at = int(bits[:5], 2), 5
    if profile == 31:
        profile, at = 32 + int(bits[5:11], 2), 11
    number, at = int(bits[at : at + 4], 2), at + 4
    if number == 15:
        rate, at = int(bits[at : at + 24], 2), at + 24
    else:
        rate = AAC_RATES[number] if number < len(AAC_RATES) else 0
    # Plain AAC may be followed by a mark that its upper half comes beside.
    extension = bits[at + 7 : at + 24]
    is_extended = extension == f"{0x2B7:011b}{5:05b}1"
    return _Coding("he-aac" if is_extended else _PROFILES.get(profile, "aac"), rate, int(bits[at : at + 4], 2))


# ------------------------------------------------------------------------------------- what it calls itself


def _tags(file: Bounded, found: _Movie) -> Tags:
    """The tags of *file* and its chapters."""
    about = {box.kind: box for box in _boxes(file, *found.whole[b"udta"][1:])} if b"udta" in found.whole else {}
    items = _items(file, about)
    pictures = items.get(b"covr", [])
    return Tags(
        title=_text(file, items.get(b"\xa9nam", ())),
        artist=_text(file, items.get(b"\xa9ART", ())),
        album=_text(file, items.get(b"\xa9alb", ())),
        picture_bytes=sum(each.end - each.body for each in pictures),
        picture_head=file.at(pictures[0].body, min(pictures[0].end - pictures[0].body, magic.HEAD_BYTES))
        if pictures
        else b"",
        chapters=_chapters(file, found, about),
    )


def _items(file: Bounded, about: _Boxes) -> dict[bytes, list[_Box]]:
    """The values of each tag, by the letters of its name."""
    meta = about.get(b"meta")
    if not meta:
        return {}
    list_ = next((box for box in _boxes(file, meta.body + 4, meta.end) if box.kind == b"ilst"), None)
    items = _boxes(file, list_.body, list_.end) if list_ else ()
    return {item.kind: [_value(box) for box in _inner(file, item, b"data")] for item in items}


def _value(box: _Box) -> _Box:
    """What stands in *box* behind four bytes that tell its type and four for a language."""
    return _Box(box.kind, box.body + 8, max(box.body + 8, box.end))


def _text(file: Bounded, values: Iterable[_Box]) -> str:
    return tags.plain(_table(file, box).decode("utf-8", "ignore") for box in values)


def _chapters(file: Bounded, found: _Movie, about: _Boxes) -> tuple[Chapter, ...]:
    """The list of chapters in the header; the track of chapters where that list has no room for all."""
    try:
        listed = _listed_chapters(_table(file, about.get(b"chpl")))
        tracked = _tracked_chapters(file, found) if not 0 < len(listed) < _MOST_LISTED else []
    except OverBudget:
        return ()
    return tags.by_time(tracked or listed)


_MOST_LISTED = 255


def _listed_chapters(table: bytes) -> list[Chapter]:
    """The chapters of Nero's list: of each its start in tenths of a microsecond, the length of its title, the title."""
    at = 9 if table[:1] == b"\1" else 5
    chapters = []
    for _ in range(int.from_bytes(table[at - 1 : at])):
        head = table[at : at + 9]
        if len(head) < 9:
            return []
        start, at = int.from_bytes(head[:8]), at + 9 + head[8]
        title = table[at - head[8] : at].decode("utf-8", "ignore")
        chapters.append(Chapter(start=_moment(start / 10_000_000), title=tags.plain([title])))
    return chapters


def _moment(seconds: float) -> timedelta:
    """To the millisecond; what lies beyond all recordings stays there."""
    return timedelta(milliseconds=round(min(seconds, 2 * tags.LATEST.total_seconds()) * 1000))


def _tracked_chapters(file: Bounded, found: _Movie) -> list[Chapter]:
    """The chapters of a track of texts that another track refers to: a sample each."""
    wanted = {id for track in found.tracks for (id,) in _numbers(_table(file, track.get(b"chap")), 1)}
    for track in found.tracks:
        if int.from_bytes(_track_id(file, track)) in wanted and _handler(file, track) in (b"text", b"sbtl"):
            return list(_texts_in_time(file, found, track))
    return []


def _texts_in_time(file: Bounded, found: _Movie, track: _Boxes) -> Iterator[Chapter]:
    """What each sample of *track* says while it lasts; nothing when one of them is not there."""
    scale, _ = _clock(_table(file, track.get(b"mdhd")))
    places = list(islice(_places(file, track), _MOST_TEXTS))
    if not scale or any(place + size > file.size for place, size in places):
        return
    steps = _numbers(_table(file, track.get(b"stts"))[8:], 2)
    lengths = chain.from_iterable(repeat(step, count) for count, step in steps)
    times = pairwise(accumulate(lengths, initial=0))
    for (start, end), place in zip(times, places, strict=False):
        title = tags.plain([_sample_text(file, *place)])
        yield Chapter(start=_moment(start / scale), end=_moment(end / scale), title=title)


def _places(file: Bounded, track: _Boxes) -> Iterator[tuple[int, int]]:
    """Where each sample of *track* lies, and its size: samples lie in chunks, one behind the other."""
    sizes = _sizes(_table(file, track.get(b"stsz")))
    for start, count in zip(_chunks(file, track), _counts(_table(file, track.get(b"stsc"))), strict=False):
        for size in islice(sizes, count):
            yield start, size
            start += size


def _sizes(table: bytes) -> Iterator[int]:
    one_for_all, count = int.from_bytes(table[4:8]), int.from_bytes(table[8:12])
    return repeat(one_for_all, count) if one_for_all else (size for (size,) in _numbers(table[12:], 1))


def _chunks(file: Bounded, track: _Boxes) -> Iterator[int]:
    """Where each chunk begins."""
    if b"stco" in track:
        return (place for (place,) in _numbers(_table(file, track[b"stco"])[8:], 1))
    return (high << 32 | low for high, low in _numbers(_table(file, track.get(b"co64"))[8:], 2))


def _counts(table: bytes) -> Iterator[int]:
    """How many samples each chunk has; the table tells only where that changes."""
    changes = [(first, count) for first, count, _ in _numbers(table[8:], 3)]
    for (first, count), (after, _) in pairwise([*changes, (1 << 32, 0)]):
        yield from repeat(count, max(0, after - first))


def _sample_text(file: Bounded, place: int, size: int) -> str:
    """Two bytes of length, then UTF-8, or UTF-16 that says so."""
    data = file.at(place, size)
    text = data[2 : 2 + int.from_bytes(data[:2])]
    is_wide = text.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
    return text.decode("utf-16" if is_wide else "utf-8", "ignore")
