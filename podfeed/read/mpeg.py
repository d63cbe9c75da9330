"""MP3 and AAC as a bare stream: their length from the index in front where it holds, else from every frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from podfeed.model import AudioDetails
from podfeed.read import frames, id3
from podfeed.read.disk import Bounded
from podfeed.read.extent import Extent


def mp3(file: Bounded) -> Extent | None:
    """The extent of an MP3; None without frames."""
    found = frames.first(file, 0, frames.mpeg)
    if not found:
        return None
    start, form = found
    index = frames.index(file, start, form)
    if index and _holds(file, start, form, index) and (file.is_far or _is_proven(file, start, form, index)):
        return _indexed(file, start, form, index)
    if file.is_far and not index and (constant := _constant(file, start, form)):
        return replace(constant, tags=id3.read(file))
    runs = list(frames.runs(file, start, frames.mpeg))
    return replace(_counted(file, runs, index), details=_details(file, runs, index))


def _holds(file: Bounded, start: int, form: frames.Mpeg, index: frames.Index) -> bool:
    """Whether the sound ends where the index says, after frames of a possible size."""
    end = start + index.size_bytes
    if end > file.size or not form.shortest * index.count <= index.size_bytes <= form.longest * (index.count + 1):
        return False
    return index.count > 0 and (end == file.size or frames.first(file, end, frames.mpeg) is None)


def _is_proven(file: Bounded, start: int, form: frames.Mpeg, index: frames.Index) -> bool:
    """Whether the count of frames is right: by its own checksum, by the length that all have, or counted again."""
    second = start + form.length(file.at(start, frames.HEADER_BYTES), 0)
    length = form.length(file.at(second, frames.HEADER_BYTES), 0)
    is_constant = abs(start + index.size_bytes - second - index.count * length) <= index.count
    return index.is_intact or is_constant or _count(frames.runs(file, start, frames.mpeg)) == index.count + 1


def _count(runs: Iterable[frames.Run]) -> int:
    return sum(run.count for run in runs)


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
        tags=id3.read(file),
    )


_SAMPLE_BYTES = 12 << 10


def _constant(file: Bounded, start: int, form: frames.Mpeg) -> Extent | None:
    """The extent of a file whose bit rate is the same at its beginning, middle and end; None when it is not.

    Whether its last frame is whole cannot be told.
    """
    end = max(start, frames.before_tag(file))
    samples = (start, (start + end) // 2, max(start, end - _SAMPLE_BYTES))
    seen = {each for sample in samples for each in _frames(file, sample, min(sample + _SAMPLE_BYTES, end), form)}
    rates, lengths = {rate_bps for rate_bps, _ in seen}, {length for _, length in seen}
    if len(rates) != 1 or 0 in lengths:
        return None
    first, rate_bps, sound_bytes = file.at(start, frames.HEADER_BYTES), rates.pop(), end - start
    # Frames are a byte longer now and then, so that the rate is kept to; some encoders never do that.
    frame_bytes = lengths.pop() if len(lengths) == 1 else form.samples * rate_bps / 8 / form.rate
    return Extent(
        expected_bytes=0,
        sound_bytes=sound_bytes,
        seconds=sound_bytes / frame_bytes * form.samples / form.rate,
        bitrate_bps=rate_bps,
        codec=form.codec,
        details=AudioDetails(channels=frames.channels(first), sample_rate_hz=form.rate),
    )


def _frames(file: Bounded, start: int, end: int, form: frames.Mpeg) -> Iterator[tuple[int, int]]:
    """Bit rate and length of every whole frame between *start* and *end*; a length of 0 for what is no such frame."""
    found = frames.first(file, start, frames.mpeg)
    offset = found[0] if found else end
    while offset + form.longest <= end:
        header = file.at(offset, frames.HEADER_BYTES)
        length = form.length(header, 0)
        yield frames.bitrate_bps(header, form) if length else 0, length
        offset += length or end


def _details(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> AudioDetails:
    form, header = runs[0].format, file.at(runs[0].start, frames.HEADER_BYTES)
    claimed_seconds = index.count * form.samples / form.rate if index else 0.0
    # At a constant bit rate all frames are as long as the first, give or take a byte.
    count, sound_bytes = _count(runs), sum(run.end - run.start for run in runs)
    varies = abs(sound_bytes - count * form.length(header, 0)) > count
    return AudioDetails(
        channels=frames.channels(header),
        sample_rate_hz=form.rate,
        claimed_duration=timedelta(milliseconds=round(claimed_seconds * 1000)),
        lacks_index=varies and not claimed_seconds,
    )


def aac(file: Bounded) -> Extent | None:
    """The extent of AAC in frames of ADTS; None without any."""
    runs = list(frames.runs(file, 0, frames.adts))
    return _counted(file, runs, None) if runs else None


def _counted(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> Extent:
    """The extent from every frame, for files whose index is missing or wrong."""
    sound_bytes, seconds = sum(run.end - run.start for run in runs), sum(run.seconds for run in runs)
    form = runs[0].format
    # The frame of the index itself, and what it says that players leave out.
    unheard = (form.samples + index.unheard) / form.rate if index else 0
    return Extent(
        expected_bytes=_counted_end(file, runs, index),
        sound_bytes=sound_bytes,
        seconds=max(0.0, seconds - unheard),
        bitrate_bps=round(sound_bytes * 8 / seconds),
        codec=form.codec,
        tags=id3.read(file),
    )


def _counted_end(file: Bounded, runs: Sequence[frames.Run], index: frames.Index | None) -> int:
    """Where the sound should end; 0 when nothing tells, for a cut between two frames leaves no trace."""
    end, count = runs[-1].end, _count(runs)
    is_cut_in_header = file.size - end < frames.HEADER_BYTES and file.at(end, 1) == b"\xff"
    promised = runs[0].start + index.size_bytes if index and index.size_bytes else file.size + 1
    # One frame less is no proof: some encoders count the index as a frame of sound.
    if index and promised > file.size and (index.count > count or (index.count == count and end > file.size)):
        return max(end, promised)
    if end > file.size or is_cut_in_header:
        return max(end, file.size + 1)
    return end if index and index.count else 0
