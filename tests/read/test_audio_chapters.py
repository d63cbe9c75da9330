"""Chapters and tags inside sound: ID3 and MP4 as encoders and tag editors write them, and as damage leaves them."""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import CHAP, CTOC, ID3, TALB, TIT2, TPE1, WXXX, CTOCFlags
from sounds import Corpus, with_chapters

from podfeed import testing
from podfeed.model import Chapter
from podfeed.read import audio

_TAGS = {"title": "第12回 海辺の朝", "artist": "Ada Lovelace", "album": "港ラジオ"}
_CHAPTERS: Mapping[str, Sequence[tuple[int, str]]] = {
    "plain": [(0, "Opening"), (2500, "The Sea"), (7013, "Goodbye")],
    "japanese": [(0, "はじまり"), (2500, "「海」の話＝その1；"), (7013, "三 🌊")],
    "long": [(0, "長い" * 20), (61, "a\\b=c;d#e"), (9999, "x" * 60)],
}


def _ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


def _probed(path: Path) -> dict[str, Any]:
    """What ffprobe says of the file at *path*."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return dict(json.loads(done.stdout))


def _agrees_with_ffprobe(path: Path) -> None:
    facts, probed = audio.measure(path), _probed(path)
    theirs = [
        (round(float(each["start_time"]) * 1000), each.get("tags", {}).get("title", "")) for each in probed["chapters"]
    ]
    tags = {name.lower(): value for name, value in probed["format"].get("tags", {}).items()}

    assert [(each.start // _ms(1), each.title) for each in facts.chapters] == sorted(theirs)
    assert facts.details
    assert {"title": facts.details.title, "artist": facts.details.artist, "album": facts.details.album} == {
        name: tags.get(name, "") for name in _TAGS
    }
    assert len(facts.chapters) >= 3


@pytest.mark.parametrize("titles", _CHAPTERS)
@pytest.mark.parametrize(
    ("source", "name", "arguments"),
    [
        pytest.param("vbr.mp3", "v23.mp3", ["-id3v2_version", "3"], id="ID3 2.3"),
        pytest.param("vbr.mp3", "v24.mp3", ["-id3v2_version", "4"], id="ID3 2.4"),
        pytest.param("early.m4a", "both.m4a", [], id="list and track"),
        pytest.param("early.m4a", "track.m4a", ["-movflags", "+disable_chpl"], id="track"),
        pytest.param("moving.mp4", "moving.mp4", ["-movflags", "+faststart"], id="video"),
    ],
)  # fmt: skip
def test_we_and_ffprobe_read_the_same_of_what_ffmpeg_wrote(
    corpus: Corpus, tmp_path: Path, source: str, name: str, arguments: list[str], titles: str
) -> None:
    """Chapters to the millisecond, and title, artist and album."""
    path = tmp_path / name
    path.write_bytes(with_chapters(corpus, source, name, _CHAPTERS[titles], *arguments, **_TAGS))

    _agrees_with_ffprobe(path)


def _chap(id: str, start: int, end: int, title: str = "", *more: Any) -> CHAP:
    texts = [TIT2(encoding=1, text=title)] if title else []
    return CHAP(element_id=id, start_time=start, end_time=end, sub_frames=[*texts, *more])


def _ctoc(id: str, *children: str, flags: int = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED) -> CTOC:
    return CTOC(element_id=id, flags=CTOCFlags(flags), child_element_ids=list(children))


_ONE, _TWO, _THREE = _chap("a", 0, 2500, "はじまり"), _chap("b", 2500, 7013, "The Sea"), _chap("c", 7013, 10_000, "三")


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    ("frames", "hidden"),
    [
        pytest.param([_THREE, _ONE, _TWO, _ctoc("toc", "c", "a", "b")], "", id="in no order"),
        pytest.param([_ONE, _TWO, _THREE], "", id="without a table of contents"),
        pytest.param([_ctoc("toc", "a", "c"), _ONE, _TWO, _THREE], "b", id="one left out"),
        pytest.param([_ctoc("toc", "a", "part"), _ctoc("part", "b", "c", flags=1), _ONE, _TWO, _THREE], "", id="a table in a table"),
        pytest.param([_ctoc("toc", "a", "toc"), _ctoc("old", "b", flags=0), _ONE, _TWO, _THREE], "bc", id="a table in itself, and one that no table lists"),
        pytest.param([_ctoc("x", "a", "c", flags=0), _ONE, _TWO, _THREE], "b", id="no table on top"),
    ],
)  # fmt: skip
def test_we_and_ffprobe_read_the_same_of_what_a_tag_editor_wrote(
    corpus: Corpus, tmp_path: Path, frames: list[Any], hidden: str, version: int
) -> None:
    """By time and not by their order in the file; what the table of contents leaves out is hidden."""
    path = tmp_path / "a.mp3"
    path.write_bytes((corpus / "vbr.mp3").read_bytes())
    _write(path, [*frames, *_FRAMES], version)

    _agrees_with_ffprobe(path)
    assert [each.is_listed for each in audio.measure(path).chapters] == [id not in hidden for id in "abc"]


_FRAMES = [TIT2(encoding=1, text=_TAGS["title"]), TPE1(encoding=1, text=_TAGS["artist"]), TALB(encoding=1, text=_TAGS["album"])]  # fmt: skip


def _write(path: Path, frames: Sequence[Any], version: int = 4) -> None:
    tags = ID3()
    for frame in frames:
        tags.add(frame)
    tags.save(path, v2_version=version)


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        pytest.param(
            [_chap("a", 0, 4000, "Tides", WXXX(encoding=3, desc="more", url="https://a.example/tides"))],
            [Chapter(start=_ms(0), end=_ms(4000), title="Tides", href="https://a.example/tides")],
            id="a link, and an end before the end",
        ),
        pytest.param(
            [_chap("a", 0, 4000, "Tides", WXXX(encoding=3, desc="", url="javascript:alert(1)"))],
            [Chapter(start=_ms(0), end=_ms(4000), title="Tides")],
            id="no link on the web",
        ),
        pytest.param(
            [_chap("a", 0, 9000, "One"), _chap("b", 5000, 99_000, "Two")],
            [Chapter(start=_ms(0), title="One"), Chapter(start=_ms(5000), title="Two")],
            id="ends that the next chapter and the end of the sound bring about",
        ),
        pytest.param(
            [_chap("a", 0, 2000, "One"), _chap("b", 5000, 4000, "Two")],
            [Chapter(start=_ms(0), title="One", end=_ms(2000)), Chapter(start=_ms(5000), title="Two")],
            id="a gap, and an end before its start",
        ),
        pytest.param([_chap("a", 0, 10_031)], [Chapter(start=_ms(0))], id="no title"),
        pytest.param(
            [_chap("a", 0, 10_031, " 海\n辺\x1b ")], [Chapter(start=_ms(0), title="海 辺")], id="blanks and an escape"
        ),
        pytest.param([_chap("a", 1 << 30, 1 << 31, "In twelve days")], [], id="after all recordings"),
    ],
)
def test_chapters_inside_an_mp3(tmp_path: Path, frames: list[Any], expected: list[Chapter]) -> None:
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    _write(path, frames)

    assert list(audio.measure(path).chapters) == expected


def test_chapters_with_one_id_count_once(tmp_path: Path) -> None:
    """An id names one chapter: the last that has it."""
    path = testing.tiny_mp3(tmp_path / "a.mp3")
    one, two = (b"a\0" + struct.pack(">4I", start, start + 10, *[0xFFFFFFFF] * 2) for start in (10, 20))
    frames = b"".join(b"CHAP" + struct.pack(">I2x", len(frame)) + frame for frame in (one, two))
    path.write_bytes(b"ID3\4\0\0\0\0\0" + bytes([len(frames)]) + frames + path.read_bytes())

    assert [each.start for each in audio.measure(path).chapters] == [_ms(20)]


def test_chapters_in_front_of_aac_are_read(corpus: Corpus, tmp_path: Path) -> None:
    """ID3 may stand there, too."""
    path = tmp_path / "a.aac"
    path.write_bytes((corpus / "speech.aac").read_bytes())
    _write(path, [_ONE, _TWO])

    assert [each.title for each in audio.measure(path).chapters] == ["はじまり", "The Sea"]


# --------------------------------------------------------------------------------------------- MP4


def _changed(corpus: Corpus, name: str, *changes: tuple[bytes, bytes]) -> tuple[Chapter, ...]:
    """The chapters of a file of the corpus with some bytes replaced by as many others; its sound stays healthy."""
    data = (corpus / name).read_bytes()
    for old, new in changes:
        assert old in data
        assert len(old) == len(new)
        data = data.replace(old, new)
    facts = audio.measure_open(BytesIO(data))
    assert facts.trouble == ""
    return facts.chapters


def test_more_chapters_than_the_list_has_room_for_are_read_from_the_track(corpus: Corpus, tmp_path: Path) -> None:
    """ffmpeg writes the first 255 into the list."""
    path = tmp_path / "a.m4a"
    chapters = [(number * 30, f"{number}") for number in range(300)]
    path.write_bytes(with_chapters(corpus, "early.m4a", "a.m4a", chapters))

    assert [(each.start // _ms(1), each.title) for each in audio.measure(path).chapters] == chapters


def test_wide_letters_of_a_chapter_track_are_read(corpus: Corpus) -> None:
    """UTF-16 says so itself."""
    old = "はじまり".encode()
    new = "海辺の朝だ".encode("utf-16-be")

    chapters = _changed(corpus, "chapter-track.m4a", (old, b"\xfe\xff" + new))

    assert [each.title for each in chapters] == ["海辺の朝だ", "Two = ; ü", "三 🌊"]


_UNREFERRED = (b"chap", b"chip")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param("chapters.m4a", [(b"chpl\1" + bytes(7) + b"\3", b"chpl\1" + bytes(7) + b"\xf0"), _UNREFERRED], id="a list that is cut"),
        pytest.param("chapters.m4a", [(b"\3" + bytes(8) + b"\x0c", b"\3\xff" + bytes(7) + b"\x0c")], id="a start in a thousand years"),
        pytest.param("chapter-track.m4a", [_UNREFERRED], id="a track nobody refers to"),
        pytest.param("chapter-track.m4a", [(b"text\0\0\0\0", b"tmcd\0\0\0\0")], id="a track of no text"),
        pytest.param("chapter-track.m4a", [(b"stco", b"free")], id="a track without places"),
        pytest.param("chapter-track.m4a", [(b"stco", b"co64")], id="places beyond all files"),
        pytest.param("chapter-track.m4a", [(struct.pack(">2I", 1000, 10_000), struct.pack(">2I", 0, 10_000))], id="a clock that stands still"),
    ],
)  # fmt: skip
def test_damaged_chapters_are_none(corpus: Corpus, name: str, changes: list[tuple[bytes, bytes]]) -> None:
    """Half a list would be worse than none, and the sound is fine."""
    assert _changed(corpus, name, *changes) == ()


def test_where_the_list_is_damaged_the_track_still_counts(corpus: Corpus) -> None:
    """ffmpeg writes both."""
    cut = (b"chpl\1" + bytes(7) + b"\3", b"chpl\1" + bytes(7) + b"\xf0")

    assert [each.title for each in _changed(corpus, "chapters.m4a", cut)] == ["はじまり", "Two = ; ü", "三 🌊"]
