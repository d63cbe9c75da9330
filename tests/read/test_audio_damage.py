"""Sound files that were cut or damaged: told, and never a traceback, a hang or an absurd length."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sounds import Corpus, is_caught

from podfeed.model import AudioFacts
from podfeed.read import audio

#: A file of each format that records its length, where the record lies in front of the sound or behind it.
_RECORDED = (
    *("cbr.mp3", "vbr.mp3", "abr.mp3", "tagged.mp3", "22050.mp3", "8000.mp3", "lame-vbr.mp3", "lame-checksums.mp3"),
    *("chapters.mp3", "late.m4a", "early.m4a", "stereo.m4a", "alac.m4a", "edited.m4a", "chapters.m4a", "sound.mp4"),
    *(
        "fragments.m4a",
        "half-fragments.m4a",
        "dash.m4a",
        "moving.mp4",
        "moving.m4v",
        "moving.mov",
        "moving-fragments.mp4",
    ),
    *("speech.ogg", "moving.ogg", "joined.ogg", "speech.opus", "boxed.oga", "speex.ogg", "speech.flac", "tagged.flac"),
    *("speech.wav", "bytes.wav", "six-channels.wav", "large.wav", "adpcm.wav"),
)
#: Of these, a cut exactly between two frames leaves no trace: the share of cuts that are caught all the same.
_UNRECORDED = {
    **dict.fromkeys(("bare-cbr.mp3", "bare-vbr.mp3", "lame-bare-vbr.mp3", "layer-2.mp3", "speech.aac"), 0.95),
    "piped.wav": 0.0,
}


def _caught(path: Path, points: int) -> int:
    """How many of *points* cuts of 1 % and more are noticed, at places by a fixed seed."""
    data, dice = path.read_bytes(), random.Random(f"{path.name} {points}")
    sizes = [dice.randint(1, len(data) * 99 // 100) for _ in range(points)]
    return sum(is_caught(audio.measure_open(BytesIO(data[:size]))) for size in sizes)


@pytest.mark.failure("IN-20")
@pytest.mark.parametrize("name", [*_RECORDED, *_UNRECORDED])
def test_cut_file_is_noticed(corpus: Corpus, name: str) -> None:
    """An upload that stopped early never goes out as a whole episode."""
    assert _caught(corpus / name, 40) / 40 >= _UNRECORDED.get(name, 0.99)


@pytest.mark.full
@pytest.mark.failure("IN-20")
@pytest.mark.parametrize("name", [*_RECORDED, *_UNRECORDED])
def test_file_cut_anywhere_is_noticed(corpus: Corpus, name: str) -> None:
    """The same at 199 places, with the figure printed for each format."""
    caught = _caught(corpus / name, 199)

    print(f"{name}: {caught} of 199 cuts caught")
    assert caught / 199 >= _UNRECORDED.get(name, 0.99)


@pytest.mark.failure("IN-20")
@pytest.mark.parametrize("name", _UNRECORDED)
def test_format_that_records_no_length_says_so(corpus: Corpus, name: str) -> None:
    """Then nobody can tell a cut one, and nobody believes that somebody looked."""
    assert audio.measure(corpus / name).expected_bytes == 0


@pytest.mark.failure("IN-20")
@pytest.mark.parametrize("name", ["cbr.mp3", "vbr.mp3", "early.m4a", "speech.wav", "large.wav"])
def test_cut_file_knows_how_long_it_should_be(corpus: Corpus, name: str) -> None:
    """“Stops early: 60 of 100 bytes” needs the hundred."""
    data = (corpus / name).read_bytes()

    assert audio.measure_open(BytesIO(data[: len(data) * 6 // 10])).expected_bytes == len(data)


# ------------------------------------------------------------------------------------------ mutants

#: Eight formats, and those of their parts that are read in ways of their own.
_DAMAGED = (
    *("cbr.mp3", "vbr.mp3", "lame-vbr.mp3", "bare-vbr.mp3", "tagged.mp3", "chapters.mp3", "speech.aac", "speech.wav"),
    *("late.m4a", "early.m4a", "alac.m4a", "edited.m4a", "chapters.m4a", "chapter-track.m4a", "half-fragments.m4a"),
    *("moving.mp4", "speech.ogg", "speech.opus", "boxed.oga", "speech.flac", "adpcm.wav", "large.wav"),
)
#: Of this thread's processor time. A healthy file takes some milliseconds.
_MOST_SECONDS = 2.0


class _Counting(BytesIO):
    """A file that counts what is read of it."""

    reads = 0
    bytes_read = 0

    def read(self, count: int | None = -1, /) -> bytes:
        data = super().read(count)
        self.reads += 1
        self.bytes_read += len(data)
        return data


def _mutant(data: bytes, dice: random.Random) -> bytes:
    """*data* with a few bytes, or a run of them, changed, doubled or left out; mostly near the front."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        reach = dice.choice((64, 512, 4096, len(changed)))
        at = dice.randrange(min(reach, len(changed)))
        match dice.randrange(5):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                changed[at : at + 4] = dice.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 2:
                changed[at] ^= 1 << dice.randrange(8)
            case 3:
                del changed[at : at + dice.randint(1, 40)]
            case _:
                changed[at:at] = changed[at : at + dice.randint(1, 40)]
        if not changed:
            return b"\0"
    return bytes(changed)


def _mutants(corpus: Corpus, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    dice = random.Random(seed)
    originals = {name: (corpus / name).read_bytes() for name in _DAMAGED}
    for number in range(count):
        name = dice.choice(_DAMAGED)
        yield f"mutant {number} of seed {seed}, from {name}", _mutant(originals[name], dice)


def _texts(facts: AudioFacts) -> Iterator[str]:
    for chapter in facts.chapters:
        yield from (chapter.title, chapter.href)
    if facts.details:
        yield from (facts.details.title, facts.details.artist, facts.details.album)


def _measure_mutants(corpus: Corpus, count: int, seed: int) -> None:
    slowest, most_reads, most_bytes, in_trouble = 0.0, 0, 0.0, 0
    for told, data in _mutants(corpus, count, seed):
        file, begun = _Counting(data), time.thread_time()

        facts = audio.measure_open(file)

        seconds = time.thread_time() - begun
        told = f"{told}: {facts} in {seconds:.3f} s"
        assert seconds < _MOST_SECONDS, told
        assert file.bytes_read <= 2 * len(data) + (16 << 20), told
        assert timedelta() <= facts.duration <= timedelta(hours=48), told
        assert bool(facts.duration) != bool(facts.trouble), told
        assert facts.expected_bytes >= 0, told
        assert bool(facts.duration) == (500 <= facts.bitrate_bps <= 200_000_000), told
        assert all(text.isprintable() for text in _texts(facts)), told
        assert list(facts.chapters) == sorted(facts.chapters, key=lambda each: each.start), told
        slowest, most_reads = max(slowest, seconds), max(most_reads, file.reads)
        most_bytes, in_trouble = max(most_bytes, file.bytes_read / len(data)), in_trouble + bool(facts.trouble)
    print(
        f"{count} mutants: {in_trouble} in trouble, none absurd; slowest {slowest * 1000:.0f} ms, "
        f"at most {most_reads} reads and {most_bytes:.1f} times the file"
    )


@pytest.mark.failure("IN-21")
def test_damaged_file_gives_facts_or_trouble(corpus: Corpus) -> None:
    """Whatever the bytes, nothing is raised, nothing takes long, and no length, bit rate or tag is absurd."""
    _measure_mutants(corpus, 600, seed=7)


@pytest.mark.full
@pytest.mark.failure("IN-21")
@pytest.mark.parametrize("seed", range(20))
def test_any_damaged_file_gives_facts_or_trouble(corpus: Corpus, seed: int) -> None:
    """The same for 20,000."""
    _measure_mutants(corpus, 1000, seed=100 + seed)
