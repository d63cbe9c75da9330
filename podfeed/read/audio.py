"""A sound file → AudioFacts, by its content and never by its name; the one module that knows mutagen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from typing import Any

from podfeed.model import AudioFacts
from podfeed.read import disk, frames, magic
from podfeed.read.disk import Bounded, OverBudget
from podfeed.read.extent import READERS, Extent, extent, has_video

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
        return replace(facts, trouble="it is empty")
    if size > MOST_BYTES:
        return replace(facts, trouble="it is larger than 2 GiB")
    sha256 = disk.sha256(file, size)
    # Room to walk over every frame twice; a healthy file with an index needs a few reads.
    bounded = Bounded(file, most_bytes=2 * size + (16 << 20), seconds=2 + size / 200e6)
    try:
        container = _container(bounded)
        facts = replace(facts, sha256=sha256, container=container, mime_type=magic.MIME_TYPES.get(container, ""))
        if container not in READERS:
            return replace(facts, trouble="it holds no sound")
        return _heard(facts, extent(container, bounded), Bounded(file))
    except OverBudget:
        return replace(facts, sha256=sha256, trouble="reading it takes too long")


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
    """*facts* with what the sound itself tells; mutagen is asked where frames were not counted."""
    facts = replace(facts, expected_bytes=found.expected_bytes, codec=found.codec)
    sound_bytes = found.sound_bytes or facts.size_bytes
    if found.seconds:
        return _judged(facts, found.seconds, sound_bytes, found.bitrate_bps)
    try:
        info = _info(facts, file)
        seconds, bitrate = float(info.length), int(getattr(info, "bitrate", 0))
    # mutagen raises IndexError, OverflowError and others over crafted files, and its own error for the rest.
    except Exception:
        return replace(facts, trouble="its sound cannot be read")
    facts = replace(facts, codec=found.codec or _codec(info))
    return _judged(facts, seconds, sound_bytes, bitrate)


def _info(facts: AudioFacts, file: Bounded) -> Any:
    """What mutagen finds. Its classes are chosen by content: its own choice is by name, and takes an M4A for an MP3."""
    module, name = _MUTAGEN[f"ogg {facts.codec}" if facts.container == "ogg" else facts.container]
    file.seek(0)
    return getattr(import_module(module), name)(file).info


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
        return replace(facts, trouble="it holds no sound")
    if not seconds:
        return replace(facts, trouble="it does not say how long it is")
    counted_bps = sound_bytes * 8 / seconds
    lowest, highest = _PLAUSIBLE_BPS[facts.container]
    if not 0 < seconds <= _LONGEST_SECONDS or not lowest <= counted_bps <= highest:
        return replace(facts, trouble="its length cannot be right")
    # What the file states is exact for a constant rate, but only believed where the bytes agree.
    bitrate = stated_bps if counted_bps / 2 < stated_bps < counted_bps * 2 else round(counted_bps)
    return replace(facts, duration=timedelta(milliseconds=round(seconds * 1000)), bitrate_bps=bitrate)
