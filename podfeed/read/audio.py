"""A sound file → AudioFacts, by its content and never by its name; the one module that knows mutagen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from typing import Any

from podfeed.model import AudioDetails, AudioFacts
from podfeed.read import disk, frames, magic
from podfeed.read.disk import Bounded, OverBudget
from podfeed.read.extent import READERS, Extent, extent, has_video
from podfeed.words import say

#: A larger file is not read at all: nobody publishes one, and a sparse file costs nothing to make.
MOST_BYTES = 2 << 30

_LONGEST_SECONDS = 48 * 3600.0

# Which of mutagen's classes reads a container.
_MUTAGEN = {
    "mp3": ("mutagen.mp3", "MP3"),
    "aac": ("mutagen.aac", "AAC"),
    "m4a": ("mutagen.mp4", "MP4"),
    "mp4": ("mutagen.mp4", "MP4"),
    "m4v": ("mutagen.mp4", "MP4"),
    "mov": ("mutagen.mp4", "MP4"),
    "wav": ("mutagen.wave", "WAVE"),
    "flac": ("mutagen.flac", "FLAC"),
    "opus": ("mutagen.oggopus", "OggOpus"),
    "ogg flac": ("mutagen.oggflac", "OggFLAC"),
    "ogg speex": ("mutagen.oggspeex", "OggSpeex"),
    "ogg vorbis": ("mutagen.oggvorbis", "OggVorbis"),
}

# Bits per second between which a length is believed. Speech lies between 8,000 and 3,000,000, but silence that is
# packed well needs next to nothing, and lossless sound and video need more.
_PLAUSIBLE_BPS: Mapping[str, tuple[int, int]] = {
    "mp3": (4_000, 3_000_000),
    "aac": (500, 3_000_000),
    "m4a": (500, 20_000_000),
    "mp4": (500, 200_000_000),
    "m4v": (500, 200_000_000),
    "mov": (500, 200_000_000),
    "wav": (8_000, 50_000_000),
    "flac": (500, 50_000_000),
    "ogg": (500, 50_000_000),
    "opus": (500, 20_000_000),
}

# Title, artist, album and pictures, as ID3 2.3 and 2.4 name them, and as 2.2 did.
_ID3_NAMES = ("TIT2", "TPE1", "TALB", "APIC", "TT2", "TP1", "TAL", "PIC")
_ID3V1_BYTES = 128
_LONGEST_TAG = 300

_CODECS = {"mp4a.40.5": "he-aac", "mp4a.40.29": "he-aac", "mp4a.6b": "mp3", "mp4a.69": "mp3"}
_PCM_IN_MP4 = ("lpcm", "sowt", "twos", "ipcm", "fpcm")


def measure(path: Path) -> AudioFacts:
    """What the sound file at *path* says about itself, from one reading of it.

    ``expected_bytes`` above ``size_bytes`` means that the file is cut, and may be only the least it should have.
    Whatever is not an ordinary file of readable sound has its reason in ``trouble``.
    Raises TargetError when the file changes meanwhile.
    """
    try:
        with disk.steady(path) as (file, size):
            return _measured(file, size)
    except disk.Unreadable as reason:
        return AudioFacts(size_bytes=0, trouble=str(reason))


def _measured(file: BufferedReader, size: int) -> AudioFacts:
    facts = AudioFacts(size_bytes=size)
    if not size:
        return replace(facts, trouble=say("it is empty"))
    if size > MOST_BYTES:
        return replace(facts, trouble=say("it is larger than 2 GiB"))
    sha256 = disk.sha256(file, size)
    # Room to walk over every frame twice; a healthy file with an index needs a few reads.
    bounded = Bounded(file, most_bytes=2 * size + (16 << 20), seconds=2 + size / 200e6)
    try:
        container = _container(bounded)
        facts = replace(facts, sha256=sha256, container=container, mime_type=magic.MIME_TYPES.get(container, ""))
        if container not in READERS:
            return replace(facts, trouble=say("it holds no sound"))
        return _heard(facts, extent(container, bounded), Bounded(file))
    except OverBudget:
        return replace(facts, sha256=sha256, trouble=say("reading it takes too long"))


def _container(file: Bounded) -> str:
    kind = magic.kind(file.at(0, magic.HEAD_BYTES))
    if kind == "mp3":
        return _behind_tags(file)
    if kind == "mp4" and not has_video(file):
        return "m4a"
    if not kind and frames.first(file, 0, frames.mpeg):  # a player's leftovers may stand before the first frame
        return "mp3"
    return kind


def _behind_tags(file: Bounded) -> str:
    """What stands behind ID3 tags, which other formats than MP3 carry too."""
    head = file.at(frames.after_tags(file, 0), magic.HEAD_BYTES)
    kind = magic.kind(head)
    return kind if kind in ("aac", "flac") else "mp3"


def _heard(facts: AudioFacts, found: Extent, file: Bounded) -> AudioFacts:
    """*facts* with what the sound itself tells; mutagen is asked for tags, and where frames were not counted."""
    sound_bytes = found.sound_bytes or facts.size_bytes
    if found.seconds:
        details = _with_id3(found.details, file) if found.details else None
        facts = replace(facts, expected_bytes=found.expected_bytes, codec=found.codec, details=details)
        return _judged(facts, found.seconds, sound_bytes, found.bitrate_bps)
    facts = replace(facts, expected_bytes=found.expected_bytes, codec=found.codec)
    try:
        opened = _opened(facts, file)
        seconds, bitrate = float(opened.info.length), int(getattr(opened.info, "bitrate", 0))
        details = _with_mp4_tags(found.details, opened) if found.details else None
    # mutagen raises IndexError, OverflowError and others over crafted files, and its own error for the rest.
    except Exception:
        return replace(facts, trouble=say("its sound cannot be read"))
    facts = replace(facts, codec=found.codec or _codec(opened.info), details=details)
    return _judged(facts, seconds, sound_bytes, bitrate)


def _opened(facts: AudioFacts, file: Bounded) -> Any:
    """The file as mutagen reads it. The class is chosen by content: its own choice is by name, and errs."""
    module, name = _MUTAGEN[f"ogg {facts.codec}" if facts.container == "ogg" else facts.container]
    file.seek(0)
    return getattr(import_module(module), name)(file)


def _with_id3(details: AudioDetails, file: Bounded) -> AudioDetails:
    """*details* with the tags of an MP3; without any where they are damaged, for the sound is not."""
    is_in_front = file.at(0, 3) == b"ID3"
    if not is_in_front and file.at(max(0, file.size - _ID3V1_BYTES), 3) != b"TAG":
        return details
    file.seek(0)
    try:
        read = import_module("mutagen.id3").ID3
        tags = read(file, known_frames=_id3_frames(), translate=False, load_v1=not is_in_front)
    except Exception:
        return details
    texts = {name: frame.text for name, frame in tags.items() if name[0] == "T"}
    return _tagged(
        details,
        title=texts.get("TIT2") or texts.get("TT2", ()),
        artist=texts.get("TPE1") or texts.get("TP1", ()),
        album=texts.get("TALB") or texts.get("TAL", ()),
        pictures=[frame.data for name, frame in tags.items() if name[0] != "T"],
    )


@cache
def _id3_frames() -> Mapping[str, type]:
    """The frames to read; parsing them all takes twice as long."""
    id3 = import_module("mutagen.id3")
    return {name: getattr(id3, name) for name in _ID3_NAMES}


def _with_mp4_tags(details: AudioDetails, opened: Any) -> AudioDetails:
    tags = opened.tags or {}
    return _tagged(
        replace(details, sample_rate_hz=opened.info.sample_rate),
        title=tags.get("\xa9nam", ()),
        artist=tags.get("\xa9ART", ()),
        album=tags.get("\xa9alb", ()),
        pictures=tags.get("covr", ()),
    )


def _tagged(
    details: AudioDetails,
    *,
    title: Iterable[str],
    artist: Iterable[str],
    album: Iterable[str],
    pictures: Sequence[bytes],
) -> AudioDetails:
    return replace(
        details,
        title=_plain(title),
        artist=_plain(artist),
        album=_plain(album),
        picture_bytes=sum(len(picture) for picture in pictures),
        picture_type=magic.MIME_TYPES.get(magic.kind(pictures[0][: magic.HEAD_BYTES]), "") if pictures else "",
    )


def _plain(texts: Iterable[str]) -> str:
    """A tag in one line, ready to be shown.

    Old tools write Shift JIS and alike where Latin-1 belongs; that gives letters nobody reads, and is no tag.
    """
    text = " ".join(" ".join(texts).split())
    if not text.isprintable():
        is_gibberish = any("\x7f" <= letter < "\xa0" for letter in text)
        text = "" if is_gibberish else "".join(filter(str.isprintable, text))
    return text[:_LONGEST_TAG]


def _codec(info: Any) -> str:
    name = str(getattr(info, "codec", "")).lower().strip()
    if "SBR" in str(getattr(info, "codec_description", "")):
        return "he-aac"
    if name in _PCM_IN_MP4:
        return "pcm"
    return _CODECS.get(name, "aac" if name.startswith("mp4a") else name)


def _judged(facts: AudioFacts, seconds: float, sound_bytes: int, stated_bps: int) -> AudioFacts:
    """*facts* with a length and a bit rate that can be true, or with trouble."""
    if not facts.codec:
        return replace(facts, trouble=say("it holds no sound"))
    if not seconds:
        return replace(facts, trouble=say("it does not say how long it is"))
    counted_bps = sound_bytes * 8 / seconds
    lowest, highest = _PLAUSIBLE_BPS[facts.container]
    if not 0 < seconds <= _LONGEST_SECONDS or not lowest <= counted_bps <= highest:
        return replace(facts, trouble=say("its length cannot be right"))
    # What the file states is exact for a constant rate, but only believed where the bytes agree.
    bitrate = stated_bps if counted_bps / 2 < stated_bps < counted_bps * 2 else round(counted_bps)
    return replace(facts, duration=timedelta(milliseconds=round(seconds * 1000)), bitrate_bps=bitrate)
