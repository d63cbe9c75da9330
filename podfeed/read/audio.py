"""A sound file → AudioFacts, by its content and never by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from podfeed.model import AudioDetails, AudioFacts
from podfeed.read import disk, flac, frames, magic, mp4, mpeg, ogg, tags, wav
from podfeed.read.disk import Bounded, OverBudget, Seekable
from podfeed.read.extent import Extent
from podfeed.words import say

#: A larger file is not read at all: nobody publishes one, and a sparse file costs nothing to make.
MOST_BYTES = 2 << 30

_LONGEST_SECONDS = tags.LATEST.total_seconds()

#: What reads the extent of each container.
READERS: Mapping[str, Callable[[Bounded], Extent | None]] = {
    "mp3": mpeg.mp3,
    "aac": mpeg.aac,
    "m4a": mp4.extent,
    "mp4": mp4.extent,
    "m4v": mp4.extent,
    "mov": mp4.extent,
    "wav": wav.extent,
    "flac": flac.extent,
    "ogg": ogg.extent,
    "opus": ogg.extent,
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


def measure(path: str | Path) -> AudioFacts:
    """What the sound file at *path* says about itself, and its digest.

    Whatever is not an ordinary file of readable sound has its reason in ``trouble``.
    Raises TargetError when the file changes meanwhile.
    """
    try:
        with disk.steady(path) as (file, size):
            return measure_open(file, sha256=disk.sha256(file, size) if 0 < size <= MOST_BYTES else "")
    except disk.Unreadable as reason:
        return AudioFacts(size_bytes=0, trouble=str(reason))


def measure_open(file: Seekable, *, is_far: bool = False, sha256: str = "") -> AudioFacts:
    """What the sound in *file*, which has that digest, says about itself, read where it must be and nowhere else.

    What an MP3 says of its length in front is believed without a look at all frames when it agrees with the size of
    the file and *is_far* is so, or when it can be proven.
    ``expected_bytes`` above ``size_bytes`` means that the file is cut, and may be only the least it should have.
    """
    size = file.seek(0, os.SEEK_END)
    facts = partial(AudioFacts, size_bytes=size, sha256=sha256)
    if not size:
        return facts(trouble=say("it is empty"))
    if size > MOST_BYTES:
        return facts(trouble=say("it is larger than 2 GiB"))
    # Room to walk over every frame twice; a healthy file with an index needs a few reads.
    bounded = Bounded(file, most_bytes=2 * size + (16 << 20), seconds=2 + size / 200e6, is_far=is_far)
    try:
        container = _container(bounded)
        facts = partial(facts, container=container, mime_type=magic.MIME_TYPES.get(container, ""))
        if container not in READERS:
            return facts(trouble=say("it holds no sound"))
        found = READERS[container](bounded)
    except OverBudget:
        return facts(trouble=say("reading it takes too long"))
    if found is None:
        return facts(trouble=say("its sound cannot be read"))
    counted_bps = (found.sound_bytes or size) * 8 / found.seconds if found.seconds else 0.0
    trouble = _trouble(container, found, counted_bps)
    length = timedelta() if trouble else timedelta(milliseconds=round(found.seconds * 1000))
    # What the file states is exact for a constant rate, but only believed where the bytes agree.
    is_likely = counted_bps / 2 < found.bitrate_bps < counted_bps * 2
    return facts(
        expected_bytes=found.expected_bytes,
        codec=found.codec,
        details=_details(found),
        trouble=trouble,
        duration=length,
        bitrate_bps=0 if trouble else found.bitrate_bps if is_likely else round(counted_bps),
        chapters=() if trouble else tags.until(length, found.tags.chapters),
    )


def _container(file: Bounded) -> str:
    kind = magic.kind(file.at(0, magic.HEAD_BYTES))
    if kind == "mp3":
        return _behind_tags(file)
    if kind == "mp4" and not mp4.has_video(file):
        return "m4a"
    if not kind and frames.first(file, 0, frames.mpeg):  # a player's leftovers may stand before the first frame
        return "mp3"
    return kind


def _behind_tags(file: Bounded) -> str:
    """What stands behind ID3 tags, which other formats than MP3 carry too."""
    head = file.at(frames.after_tags(file, 0), magic.HEAD_BYTES)
    kind = magic.kind(head)
    return kind if kind in ("aac", "flac") else "mp3"


def _trouble(container: str, found: Extent, counted_bps: float) -> str:
    """Why what was found cannot be believed; nothing when it can."""
    if not found.codec:
        return say("it holds no sound")
    if not found.seconds:
        return say("it does not say how long it is")
    lowest, highest = _PLAUSIBLE_BPS[container]
    if not 0 < found.seconds <= _LONGEST_SECONDS or not lowest <= counted_bps <= highest:
        return say("its length cannot be right")
    return ""


def _details(found: Extent) -> AudioDetails | None:
    return found.details and replace(
        found.details,
        title=found.tags.title,
        artist=found.tags.artist,
        album=found.tags.album,
        picture_bytes=found.tags.picture_bytes,
        picture_type=magic.MIME_TYPES.get(magic.kind(found.tags.picture_head), ""),
    )
