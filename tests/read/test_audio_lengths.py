"""How long sound is: within 50 ms of what a player gives out, whatever its container and however it was made."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
import sounds
from sounds import Corpus, is_caught

from podfeed.read import audio

_MOST_SECONDS_OFF = 0.05


@pytest.mark.parametrize("name", sounds.NAMES)
def test_length_is_what_a_player_gives_out(corpus: Corpus, name: str) -> None:
    """Frames, pages, fragments and edits tell it, not what a header claims; and no whole file is taken for a cut one."""
    facts = audio.measure(corpus / name)

    decoded, _ = sounds.decoded_seconds(corpus / name)
    assert abs(facts.duration.total_seconds() - decoded) <= _MOST_SECONDS_OFF
    assert facts.duration.microseconds % 1000 == 0
    assert not is_caught(facts)


@pytest.mark.parametrize(
    ("edits", "seconds"),
    [
        pytest.param([(3000, 44_100)], 3, id="a part"),
        pytest.param([(3000, 3 * 44_100), (1000, 44_100)], 4, id="two parts"),
        pytest.param([(2000, -1), (3000, 44_100)], 3, id="behind a pause"),
        pytest.param([(0, 2 * 44_100)], 8.32, id="to the end"),
        pytest.param([(99_000, 2 * 44_100)], 8.32, id="beyond the end"),
        pytest.param([(3000, 99 * 44_100)], 10.34, id="nothing that is there: all of it is played"),
    ],
)
def test_edit_list_says_what_is_played(
    corpus: Corpus, tmp_path: Path, edits: list[tuple[int, int]], seconds: float
) -> None:
    """Editors that cut without coding anew leave the rest in the file."""
    path = tmp_path / "a.m4a"
    path.write_bytes(sounds.with_edits((corpus / "early.m4a").read_bytes(), *edits))

    assert audio.measure(path).duration.total_seconds() == pytest.approx(seconds, abs=0.03)


def test_file_that_is_far_is_believed_where_its_bytes_agree(corpus: Corpus) -> None:
    """To count the frames again would mean to fetch them all; the size of the file was asked for."""
    with (corpus / "too-few.mp3").open("rb") as file:
        near, far = audio.measure_open(file), audio.measure_open(file, is_far=True)

    assert near.duration.total_seconds() == pytest.approx(10.317, abs=_MOST_SECONDS_OFF)
    assert far.duration.total_seconds() == pytest.approx(7.2, abs=_MOST_SECONDS_OFF)


class _Counting:
    """A file that remembers which parts of it were read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.reads: list[tuple[int, int]] = []

    def read(self, count: int, /) -> bytes:
        self.reads.append((self._file.tell(), count))
        return self._file.read(count)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _read_blocks(path: Path, size: int = 1 << 15) -> set[int]:
    """The blocks of 32 KiB of the file at *path* that a measurement from afar reads."""
    file = _Counting(path)
    facts = audio.measure_open(file, is_far=True)
    assert not is_caught(facts)
    return {
        block for start, count in file.reads for block in range(start // size, (start + max(0, count - 1)) // size + 1)
    }


@pytest.mark.parametrize("name", ["chapters.mp3", "chapters.m4a"])
def test_hour_of_sound_is_measured_from_its_head_and_tail(corpus: Corpus, tmp_path: Path, name: str) -> None:
    """With its tags and chapters: whoever reads it over the network fetches no more than that."""
    path = tmp_path / name
    arguments = ["-c", "copy", *(["-movflags", "+faststart"] if name.endswith("m4a") else []), "-map_chapters", "0"]
    sounds.encode("-stream_loop", "350", "-i", corpus / name, *arguments, path)
    facts = audio.measure(path)

    assert facts.duration.total_seconds() > 3600
    assert len(facts.chapters) == 3
    assert len(_read_blocks(path)) <= 6


@pytest.mark.full
def test_files_of_mutagens_tests_have_their_length_or_trouble(tmp_path: Path) -> None:
    """A hundred odd and broken ones. Those that play to their end have the length of what plays; none has an absurd one."""
    wanted = [
        "--no-binary",
        "mutagen",
        "--no-deps",
        "--quiet",
        "--dest",
        str(tmp_path),
        f"mutagen=={version('mutagen')}",
    ]
    if subprocess.run([sys.executable, "-m", "pip", "download", *wanted], capture_output=True).returncode:
        pytest.skip("the source of mutagen, with its test files, could not be downloaded")
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    paths = sorted(path for path in tmp_path.glob("*/tests/data/*") if path.is_file())

    wrong = [told for path in paths if (told := _wrong_length(path))]

    assert len(paths) == 100
    assert wrong == []


def _wrong_length(path: Path) -> str:
    """What is wrong with the length of the file at *path*; nothing when it is right, or not known and said so."""
    facts = audio.measure(path)
    decoded, is_whole = sounds.decoded_seconds(path)
    seconds = facts.duration.total_seconds()
    if is_whole and facts.codec and not facts.trouble:
        is_right = abs(seconds - decoded) <= _MOST_SECONDS_OFF or is_caught(facts)
    else:
        is_right = bool(facts.trouble) or is_caught(facts) or 0 < seconds < 20
    return "" if is_right else f"{path.name}: {seconds} s, decoded {decoded} s, {json.dumps(facts.trouble)}"


def test_packed_sound_in_wav_needs_no_count_of_samples(corpus: Corpus, tmp_path: Path) -> None:
    """Without one, what a second takes tells about how long it is."""
    path = tmp_path / "a.wav"
    path.write_bytes((corpus / "mu-law.wav").read_bytes().replace(b"fact", b"junk"))

    assert audio.measure(path).duration.total_seconds() == pytest.approx(10.317, abs=_MOST_SECONDS_OFF)


@pytest.mark.parametrize(
    ("name", "old", "new", "trouble"),
    [
        ("speech.wav", b"fmt ", b"junk", "its sound cannot be read"),
        ("speech.flac", b"fLaC\0\0\0\x22", b"fLaC\0\0\0\x12", "its sound cannot be read"),
        ("speech.ogg", b"\x01vorbis", b"\x01vorbiz", "its sound cannot be read"),
        ("early.m4a", b"moov", b"free", "its sound cannot be read"),
        ("early.m4a", b"soun", b"subt", "it holds no sound"),
        ("early.m4a", b"mdhd", b"free", "it does not say how long it is"),
    ],
)
def test_file_without_what_tells_its_length_is_in_trouble(
    corpus: Corpus, tmp_path: Path, name: str, old: bytes, new: bytes, trouble: str
) -> None:
    """Nothing is guessed."""
    path = tmp_path / name
    path.write_bytes((corpus / name).read_bytes().replace(old, new, 1))

    facts = audio.measure(path)

    assert (facts.trouble, facts.duration) == (trouble, timedelta())


@pytest.mark.parametrize(
    ("old", "new", "codec"),
    [
        pytest.param(b"\x12\x08\x56\xe5\x00", b"\x2b\x8a\x10\x00\x00", "he-aac", id="HE-AAC in front"),
        pytest.param(b"\x12\x08\x56\xe5\x00", b"\x12\x08\x56\xe5\x80", "he-aac", id="HE-AAC behind plain AAC"),
        pytest.param(b"\x12\x08\x56\xe5\x00", b"\xeb\x8a\x10\x00\x00", "he-aac", id="HE-AAC v2"),
        pytest.param(b"\x12\x08\x56\xe5\x00", b"\xf9\x48\x80\x00\x00", "xhe-aac", id="xHE-AAC"),
        pytest.param(b"\x12\x08\x56\xe5\x00", b"\x17\x80\x56\x22\x08", "aac", id="a sample rate in full"),
        pytest.param(b"esds", b"free", "aac", id="AAC that does not say which"),
        pytest.param(b"mp4a\0", b"ac-3\0", "ac-3", id="AC-3"),
        pytest.param(b"mp4a\0", b"drms\0", "drm", id="protected by Apple"),
        pytest.param(b"mp4a\0", b"Opus\0", "opus", id="Opus"),
    ],
)
def test_coding_inside_mp4_is_named(corpus: Corpus, tmp_path: Path, old: bytes, new: bytes, codec: str) -> None:
    """No encoder here makes these: what names them is written into plain AAC by hand. The length stays."""
    path = tmp_path / "a.m4a"
    path.write_bytes((corpus / "early.m4a").read_bytes().replace(old, new, 1))

    facts = audio.measure(path)

    assert facts.codec == codec
    assert facts.duration == audio.measure(corpus / "early.m4a").duration


def test_sound_may_lie_in_a_box_of_more_than_four_gigabytes(corpus: Corpus, tmp_path: Path) -> None:
    """Its size stands behind its name then; encoders leave room for it."""
    data = bytearray((corpus / "late.m4a").read_bytes())
    at = data.index(b"\0\0\0\x08free")
    size = int.from_bytes(data[at + 8 : at + 12])
    data[at : at + 16] = b"\0\0\0\1mdat" + (size + 8).to_bytes(8)
    path = tmp_path / "a.m4a"
    path.write_bytes(data)

    facts = audio.measure(path)

    assert facts.duration == audio.measure(corpus / "late.m4a").duration
    assert (facts.expected_bytes, facts.trouble) == (len(data), "")
