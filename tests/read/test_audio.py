"""What podfeed says about sound files: real ones of every kind, cut, renamed, mutated and not files at all."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sounds import Corpus, encode, is_caught

from podfeed import testing
from podfeed.errors import TargetError
from podfeed.model import AudioDetails, AudioFacts
from podfeed.read import audio, disk
from podfeed.read.disk import Bounded, OverBudget

_KINDS = {
    "cbr.mp3": ("mp3", "audio/mpeg", "mp3"),
    "vbr.mp3": ("mp3", "audio/mpeg", "mp3"),
    "stereo.mp3": ("mp3", "audio/mpeg", "mp3"),
    "tagged.mp3": ("mp3", "audio/mpeg", "mp3"),
    "22050.mp3": ("mp3", "audio/mpeg", "mp3"),
    "bare-cbr.mp3": ("mp3", "audio/mpeg", "mp3"),
    "bare-vbr.mp3": ("mp3", "audio/mpeg", "mp3"),
    "late.m4a": ("m4a", "audio/x-m4a", "aac"),
    "early.m4a": ("m4a", "audio/x-m4a", "aac"),
    "stereo.m4a": ("m4a", "audio/x-m4a", "aac"),
    "alac.m4a": ("m4a", "audio/x-m4a", "alac"),
    "sound.mp4": ("m4a", "audio/x-m4a", "aac"),
    "moving.mp4": ("mp4", "video/mp4", "aac"),
    "moving.mov": ("mov", "video/quicktime", "aac"),
    "speech.ogg": ("ogg", "audio/ogg", "vorbis"),
    "speech.opus": ("opus", "audio/ogg", "opus"),
    "boxed.oga": ("ogg", "audio/ogg", "flac"),
    "speech.flac": ("flac", "audio/flac", "flac"),
    "speech.wav": ("wav", "audio/wav", "pcm"),
    "speech.aac": ("aac", "audio/aac", "aac"),
}


@pytest.mark.failure("IN-19")
@pytest.mark.parametrize("name", _KINDS)
def test_a_whole_file_is_known_by_its_content(corpus: Corpus, name: str) -> None:
    """Kind, type and codec come from the bytes, and no whole file is taken for a cut one."""
    facts = audio.measure(corpus / name)

    assert (facts.container, facts.mime_type, facts.codec) == _KINDS[name]
    assert facts.trouble == ""
    assert facts.size_bytes == (corpus / name).stat().st_size
    assert facts.expected_bytes <= facts.size_bytes


@pytest.mark.parametrize(
    ("name", "bps"),
    [("cbr.mp3", 64_000), ("bare-cbr.mp3", 64_000), ("speech.wav", 705_600)],
)
def test_the_bit_rate_is_the_one_asked_of_the_encoder(corpus: Corpus, name: str, bps: int) -> None:
    """320 kbit/s are not 321, or a rule would complain of the encoder's first frame."""
    assert audio.measure(corpus / name).bitrate_bps == pytest.approx(bps, rel=0.002)


def test_the_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    """The same bytes that are published later are the ones that were measured."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")

    facts = audio.measure(path)

    assert facts.sha256 == subprocess.run(["sha256sum", path], capture_output=True, text=True).stdout.split()[0]


def test_low_rate_aac_that_needs_a_newer_player_is_named(corpus: Corpus, tmp_path: Path) -> None:
    """HE-AAC says so only in the decoder's configuration, behind plain AAC."""
    path = tmp_path / "he.m4a"
    path.write_bytes((corpus / "early.m4a").read_bytes().replace(b"\x56\xe5\x00", b"\x56\xe5\x98", 1))

    assert audio.measure(path).codec == "he-aac"


def test_silence_is_sound(corpus: Corpus, tmp_path: Path) -> None:
    """A placeholder of twenty silent seconds takes some kilobytes as AAC, and is still twenty seconds."""
    path = tmp_path / "silence.m4a"
    encode("-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "20", path)

    facts = audio.measure(path)

    assert (facts.trouble, round(facts.duration.total_seconds(), 1)) == ("", 20.0)


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(b"TAG" + bytes(125), id="an old tag"),
        pytest.param(b"ID3\4\0\0\0\0\0\x0a" + bytes(10), id="a tag"),
        pytest.param(b"APETAGEX" + bytes(300), id="another tag"),
        pytest.param(bytes(5000), id="zeros"),
    ],
)
def test_parts_are_found_behind_the_tags_of_the_first(tmp_path: Path, between: bytes) -> None:
    """The header of the first part agrees with the first part, and still is not believed; what it says is kept."""
    first, second = testing.tiny_mp3(tmp_path / "a.mp3"), testing.tiny_mp3(tmp_path / "b.mp3", seconds=50, seed=1)
    path = tmp_path / "joined.mp3"
    path.write_bytes(first.read_bytes() + between + second.read_bytes())

    facts = audio.measure(path)

    assert facts.duration.total_seconds() == pytest.approx(60, abs=0.1)
    assert facts.details and facts.details.claimed_duration.total_seconds() == pytest.approx(10, abs=0.1)
    assert not is_caught(facts)


@pytest.mark.parametrize("after", [b"TAG" + bytes(125), b"APETAGEX" + bytes(300), bytes(9), b"\xff" * 900])
def test_what_follows_the_sound_is_no_second_part(tmp_path: Path, after: bytes) -> None:
    """Tags and leftovers at the end are usual."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    alone = audio.measure(path)
    path.write_bytes(path.read_bytes() + after)

    facts = audio.measure(path)

    assert (facts.duration, facts.expected_bytes, facts.details) == (
        alone.duration,
        alone.expected_bytes,
        alone.details,
    )


@pytest.mark.parametrize(
    ("offset", "fields"),
    [
        pytest.param(36, b"VBRI" + bytes(6) + (78 * 208).to_bytes(4) + (77).to_bytes(4), id="VBRI"),
        pytest.param(21, b"Xing" + (1).to_bytes(4) + (77).to_bytes(4), id="Xing without a size"),
        pytest.param(21, b"Xing" + bytes(4), id="Xing without anything"),
        pytest.param(21, b"Info" + (3).to_bytes(4) + b"\xff" * 8, id="Info with absurd figures"),
        pytest.param(21, b"Info" + (3).to_bytes(4) + bytes(8), id="Info with zeros"),
    ],
)
def test_an_index_may_say_much_or_little(tmp_path: Path, offset: int, fields: bytes) -> None:
    """What it does not say, or cannot mean, the frames tell."""
    path = testing.tiny_mp3(tmp_path / "a.mp3", seconds=2)
    data = bytearray(path.read_bytes())
    data[4:100] = bytes(96)
    data[offset : offset + len(fields)] = fields
    path.write_bytes(data)

    assert audio.measure(path).duration == timedelta(seconds=2.011)


def test_leftovers_before_the_first_frame_are_passed_over(tmp_path: Path) -> None:
    """Some tools leave zeros where a tag stood; every player still plays the file."""
    path = testing.tiny_mp3(tmp_path / "a.mp3", seconds=2)
    path.write_bytes(bytes(3000) + path.read_bytes())

    facts = audio.measure(path)

    assert (facts.container, facts.trouble) == ("mp3", "")
    assert facts.duration.total_seconds() == pytest.approx(2, abs=0.03)


def test_a_large_cover_does_not_make_a_short_sound_implausible(tmp_path: Path) -> None:
    """A second of speech behind a megabyte of picture is a normal file."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    tag = b"ID3\4\0\0" + bytes([0, 64, 0, 0])
    path.write_bytes(tag + bytes(64 << 14) + path.read_bytes())

    facts = audio.measure(path)

    assert (facts.trouble, facts.expected_bytes) == ("", facts.size_bytes)


def test_the_last_box_may_reach_to_the_end_of_the_file(corpus: Corpus, tmp_path: Path) -> None:
    """A size of zero says so, and nothing is missing then; junk behind a box is none of the sound."""
    data = bytearray((corpus / "early.m4a").read_bytes())
    at = data.index(b"mdat")
    (tmp_path / "junk.m4a").write_bytes(data + b"\0\0\0\x08\1\2\3\4" + bytes(120))
    data[at - 4 : at] = bytes(4)
    (tmp_path / "open.m4a").write_bytes(data)

    open_ended, with_junk = audio.measure(tmp_path / "open.m4a"), audio.measure(tmp_path / "junk.m4a")

    assert (open_ended.trouble, open_ended.expected_bytes) == ("", len(data))
    assert (with_junk.trouble, with_junk.expected_bytes) == ("", len(data))


# How the sound was made, and what it calls itself

_MONO, _STEREO = AudioDetails(channels=1, sample_rate_hz=44_100), AudioDetails(channels=2, sample_rate_hz=44_100)
_DETAILS = {
    "cbr.mp3": _MONO,
    "vbr.mp3": _MONO,
    "stereo.mp3": _STEREO,
    "tagged.mp3": AudioDetails(channels=1, sample_rate_hz=44_100, title="Hello"),
    "22050.mp3": AudioDetails(channels=1, sample_rate_hz=22_050),
    "bare-cbr.mp3": _MONO,
    "bare-vbr.mp3": AudioDetails(channels=1, sample_rate_hz=44_100, lacks_index=True),
    "late.m4a": AudioDetails(channels=1, sample_rate_hz=44_100, tells_last=True),
    "early.m4a": _MONO,
    "stereo.m4a": _STEREO,
    "speech.ogg": None,
    "speech.wav": None,
    "speech.aac": None,
}


@pytest.mark.parametrize("name", _DETAILS)
def test_details_are_what_the_encoder_was_asked_for(corpus: Corpus, name: str) -> None:
    """Only of formats that podcasts use; in most places of an MP4 stereo is written for mono, too."""
    assert audio.measure(corpus / name).details == _DETAILS[name]


def test_tags_and_cover_of_an_m4a_are_read(corpus: Corpus, tmp_path: Path) -> None:
    path, picture = tmp_path / "a.m4a", testing.tiny_png(tmp_path / "a.png", side=100)
    tags = ["-metadata", "title=海辺の朝", "-metadata", "artist=Ada", "-metadata", "album=Harbour Radio"]
    encode("-i", corpus / "early.m4a", "-i", picture, "-map", "0", "-map", "1", "-c", "copy", *tags, "-disposition:v", "attached_pic", path)  # fmt: skip

    details = audio.measure(path).details

    assert details
    assert (details.title, details.artist, details.album) == ("海辺の朝", "Ada", "Harbour Radio")
    assert (details.picture_bytes, details.picture_type) == (picture.stat().st_size, "image/png")


def _id3(version: int, *frames: bytes) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes([version, 0, 0, 0, 0, len(body) >> 7, len(body) & 127]) + body


def _frame(name: bytes, body: bytes) -> bytes:
    width, flags = (3, b"") if len(name) == 3 else (4, b"\0\0")
    return name + len(body).to_bytes(width) + flags + body


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        pytest.param(_id3(4, _frame(b"TIT2", "\3海辺".encode())), "海辺", id="2.4"),
        pytest.param(_id3(3, _frame(b"TIT2", b"\1" + "海辺".encode("utf-16"))), "海辺", id="2.3"),
        pytest.param(
            _id3(2, _frame(b"TT2", b"\1" + "海辺".encode("utf-16"))), "海辺", id="2.2, as old iTunes wrote it"
        ),
        pytest.param(_id3(3, _frame(b"TIT2", "\0Café".encode("latin-1"))), "Café", id="Latin-1"),
        pytest.param(_id3(3, _frame(b"TIT2", b"\0" + "ラジオ".encode("cp932"))), "", id="Shift JIS called Latin-1"),
        pytest.param(
            _id3(4, _frame(b"TIT2", "\3 海辺\u3000の\n朝\x1b ".encode())), "海辺 の 朝", id="blanks and an escape"
        ),
        pytest.param(_id3(4, _frame(b"TIT2", b"\3" + b"x" * 900)), "x" * 300, id="endless"),
        pytest.param(_id3(4, _frame(b"TIT2", b"\3a\0b")), "a b", id="two values"),
        pytest.param(_id3(4, _frame(b"TIT2", b"\3\xff\xff")), "", id="no text at all"),
        pytest.param(_id3(4, b"TIT2\x7f\x7f\x7f\x7f\0\0\3cut"), "cut", id="a frame longer than its tag"),
        pytest.param(b"ID3\x09\0\0\0\0\0\0", "", id="a version of the future"),
    ],
)
def test_title_inside_an_mp3(tmp_path: Path, tag: bytes, expected: str) -> None:
    """Whatever the tag is like, the sound behind it is fine."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    path.write_bytes(tag + path.read_bytes())

    facts = audio.measure(path)

    assert facts.details and facts.details.title == expected
    assert facts.trouble == ""


def test_old_tag_at_the_end_counts(tmp_path: Path) -> None:
    """Thirty letters each, and no room for a picture."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    texts = b"".join(text.ljust(30, b"\0") for text in (b"Tides", b"Ada", b"Harbour Radio"))
    path.write_bytes(path.read_bytes() + b"TAG" + texts + bytes(35))

    details = audio.measure(path).details

    assert details and (details.title, details.artist, details.album) == ("Tides", "Ada", "Harbour Radio")


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        pytest.param([_frame(b"APIC", b"\0image/png\0\3\0\x89PNG\r\n\x1a\n" + bytes(92))], (100, "image/png"), id="one"),
        pytest.param([_frame(b"APIC", b"\0image/png\0\3\0\xff\xd8\xff" + bytes(7)), _frame(b"APIC", b"\0image/png\0\4b\0" + b"x" * 50)], (60, "image/jpeg"), id="two, the first of them misnamed"),
        pytest.param([_frame(b"APIC", b"\0image/png\0\3\0")], (0, ""), id="an empty one"),
    ],
)  # fmt: skip
def test_pictures_inside_an_mp3_are_weighed(tmp_path: Path, frames: list[bytes], expected: tuple[int, str]) -> None:
    """All together, for all are loaded; by their content, for tools write anything there."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    path.write_bytes(_id3(3, *frames) + path.read_bytes())

    details = audio.measure(path).details

    assert details and (details.picture_bytes, details.picture_type) == expected


@pytest.mark.failure("IN-20")
def test_an_index_with_a_wrong_size_does_not_make_a_whole_file_cut(tmp_path: Path) -> None:
    """The frames are all there, so the index is at fault and not the file."""
    path = testing.tiny_mp3(tmp_path / "a.mp3", seconds=2)
    data = bytearray(path.read_bytes())
    data[33:37] = (len(data) + 5000).to_bytes(4)
    path.write_bytes(data)

    assert not is_caught(audio.measure(path))


# Not sound, not files

_STRANGERS = {
    "page.mp3": (b"\n<!DOCTYPE html><html><body>404 Not Found</body></html>", "html", "text/html"),
    "fragment.mp3": (b"<html><title>Sign in</title>", "html", "text/html"),
    "notes.mp3": ("Episode 3: 音声はまだ\n".encode(), "text", "text/plain"),
    "wide.mp3": ("Episode 3".encode("utf-16"), "text", "text/plain"),
    "archive.mp3": (b"PK\x03\x04" + bytes(60), "zip", "application/zip"),
    "paper.mp3": (b"%PDF-1.7\n", "pdf", "application/pdf"),
    "cover.mp3": (b"\xff\xd8\xff\xe0" + bytes(60), "jpeg", "image/jpeg"),
    "zeros.mp3": (bytes(5000), "", ""),
    "letters.mp3": (bytes(range(128, 256)) * 30, "", ""),
    "feed.mp3": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "xml", "application/xml"),
}


@pytest.mark.failure("IN-19")
@pytest.mark.parametrize("name", _STRANGERS)
def test_what_is_no_sound_is_named(tmp_path: Path, name: str) -> None:
    """A page saved as .mp3 is a page."""
    data, container, mime_type = _STRANGERS[name]
    (tmp_path / name).write_bytes(data)

    facts = audio.measure(tmp_path / name)

    assert (facts.container, facts.mime_type, facts.trouble) == (container, mime_type, "it holds no sound")
    assert facts.duration == timedelta()


@pytest.mark.failure("IN-19")
@pytest.mark.parametrize("name", _KINDS)
def test_another_name_changes_nothing(corpus: Corpus, tmp_path: Path, name: str) -> None:
    """The name is never asked."""
    renamed = tmp_path / "renamed.mp3"
    shutil.copyfile(corpus / name, renamed)

    assert audio.measure(renamed) == audio.measure(corpus / name)


@pytest.mark.failure("IN-19")
@pytest.mark.parametrize("data", [b"ID3", b"ID3\4\0\0\0\0\0\1x", b"ID3\4\0\0" + bytes(504), b"\xff\xfb\x50\xc0"])
def test_a_tag_without_sound_is_in_trouble(tmp_path: Path, data: bytes) -> None:
    """The letters ID3 alone are no episode."""
    (tmp_path / "a.mp3").write_bytes(data)

    facts = audio.measure(tmp_path / "a.mp3")

    assert facts.container == "mp3"
    assert is_caught(facts)


@pytest.mark.failure("IN-19")
def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    """Nothing was exported, and that is what is said."""
    (tmp_path / "a.mp3").touch()

    assert audio.measure(tmp_path / "a.mp3") == AudioFacts(size_bytes=0, trouble="it is empty")


@pytest.mark.failure("IN-23")
def test_what_is_not_an_ordinary_file_is_not_read(tmp_path: Path) -> None:
    """A pipe nobody writes to does not hang, a device is not drained."""
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "folder.mp3").mkdir()
    (tmp_path / "loop.mp3").symlink_to("loop.mp3")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "s.mp3"))
        socket_trouble = audio.measure(tmp_path / "s.mp3").trouble

    assert audio.measure(tmp_path / "pipe.mp3").trouble == "it is not an ordinary file"
    assert audio.measure(tmp_path / "folder.mp3").trouble == "it is a folder"
    assert audio.measure(Path("/dev/zero")).trouble == "it is not an ordinary file"
    assert audio.measure(tmp_path / "missing.mp3").trouble == "it is not there"
    assert audio.measure(tmp_path / "loop.mp3").trouble == "it cannot be opened"
    assert audio.measure(tmp_path / "zero\0.mp3").trouble == "it cannot be opened"
    assert socket_trouble == "it cannot be opened"


@pytest.mark.failure("IN-23")
def test_a_sparse_giant_is_not_read(tmp_path: Path) -> None:
    """A terabyte of nothing costs no time."""
    with (tmp_path / "a.mp3").open("wb") as file:
        file.truncate(1 << 40)

    facts = audio.measure(tmp_path / "a.mp3")

    assert (facts.size_bytes, facts.trouble, facts.sha256) == (1 << 40, "it is larger than 2 GiB", "")


@pytest.mark.failure("IN-24")
def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    """Facts of one half and bytes of another never meet in a feed."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")

    with pytest.raises(TargetError, match="changed while it was read; run again"), disk.steady(path) as (file, _):
        file.read(100)
        path.write_bytes(b"something else")


@pytest.mark.failure("IN-24")
def test_a_disk_that_fails_is_no_fault_of_the_file(tmp_path: Path) -> None:
    """The world is in trouble, and a later run may succeed."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")

    with pytest.raises(TargetError, match="cannot be read: Input/output error"), disk.steady(path):
        raise OSError(5, "Input/output error")


@pytest.mark.failure("IN-24")
def test_a_file_still_being_written_is_refused(tmp_path: Path) -> None:
    """An export that is still running is not measured half-way, however it is timed."""
    path, is_over = testing.tiny_mp3(tmp_path / "a.mp3", seconds=600), threading.Event()
    whole = path.stat().st_size

    def write() -> None:
        with path.open("ab") as file:
            while not is_over.wait(0.0005):
                file.write(bytes(5000))
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while path.stat().st_size == whole:
            pass
        with pytest.raises(TargetError):
            for _ in range(200):
                audio.measure(path)
    finally:
        is_over.set()
        writer.join()


# Hostile files


@pytest.fixture
def bounded(tmp_path: Path) -> Iterator[Bounded]:
    """A file of a hundred bytes with a budget of a hundred bytes."""
    (tmp_path / "file").write_bytes(bytes(range(100)))
    with (tmp_path / "file").open("rb") as file:
        yield Bounded(file, most_bytes=100)


def test_a_reader_sees_the_file_as_it_is(tmp_path: Path) -> None:
    """What is kept of its head, and what lies behind and across the end of that, are the bytes of the file."""
    data = random.Random(1).randbytes(40_000)
    (tmp_path / "file").write_bytes(data)
    with (tmp_path / "file").open("rb") as file:
        bounded = Bounded(file)

        for offset, count in ((0, 10), (16_380, 4), (16_380, 5), (16_384, 10), (39_990, 100), (0, 40_000), (1, 16_383)):
            assert bounded.at(offset, count) == data[offset : offset + count]
            assert bounded.tell() == min(offset + count, 40_000)
        assert bounded.seek(-10, os.SEEK_END) == 39_990
        assert bounded.seek(-30_000, os.SEEK_CUR) == 9_990
        assert bounded.read() == data[9_990:]
        assert (bounded.seek(-50_000, os.SEEK_CUR), bounded.read(3)) == (0, data[:3])


@pytest.mark.failure("IN-21")
def test_a_reader_that_never_stops_is_stopped(bounded: Bounded) -> None:
    """Reading the end of the file again and again is what an endless loop looks like."""
    bounded.at(90, 100)

    with pytest.raises(OverBudget):
        while True:
            bounded.read(10)


@pytest.mark.failure("IN-21")
def test_a_reader_gets_no_more_bytes_than_its_budget(bounded: Bounded) -> None:
    """All bytes once are fine, one more is not; asking for a gigabyte at the end costs nothing."""
    assert bounded.at(0, 1 << 30) == bytes(range(100))
    assert bounded.at(1 << 70, 1) == b""
    assert bounded.read(1 << 30) == b""

    with pytest.raises(OverBudget):
        bounded.at(0, 1)


@pytest.mark.failure("IN-21")
def test_a_file_full_of_false_starts_takes_little_time(tmp_path: Path) -> None:
    """Every byte looks like the start of a frame, and still there is an answer."""
    (tmp_path / "a.mp3").write_bytes(b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x50" * 100_000)

    assert is_caught(audio.measure(tmp_path / "a.mp3"))


@pytest.mark.parametrize(("seconds", "rounded_up"), [(0.01, 0.026), (1, 1.019), (60, 60.003)])
def test_tiny_files_of_the_test_helpers_are_healthy(tmp_path: Path, seconds: float, rounded_up: float) -> None:
    """What tests and plugins build on is itself right, and a seed gives another file of the same length."""
    first = audio.measure(testing.tiny_mp3(tmp_path / "a.mp3", seconds))
    second = audio.measure(testing.tiny_mp3(tmp_path / "b.mp3", seconds, seed=1))
    wave = audio.measure(testing.tiny_wav(tmp_path / "c.wav", seconds))

    assert first.duration == second.duration == timedelta(seconds=rounded_up)
    assert (first.expected_bytes, first.trouble) == (first.size_bytes, "")
    assert first.sha256 != second.sha256
    assert wave.duration == timedelta(seconds=seconds)
