"""`podfeed enrich`: the audio measured beside what the header says, and the header mended by the smallest edit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import podfeed

from podfeed.enriching import enrich
from podfeed.errors import TargetError
from podfeed.loading import load
from podfeed.testing import example_project, tiny_mp3

#: What `tiny_mp3` of one second is.
SIZE = "8320"
LENGTH = "00:01"

AUDIO = b"audio_file_path: /audio/good.mp3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of one episode whose audio has `SIZE` bytes."""
    project = example_project(tmp_path / "project")
    tiny_mp3(project / "audio/good.mp3", seconds=1)
    assert (project / "audio/good.mp3").stat().st_size == int(SIZE)
    return project


def _mended(folder: Path, data: bytes) -> bytes:
    """The bytes of an episode file after `enrich --write`; a second time changes nothing more."""
    file = folder / "episodes/1.md"
    file.write_bytes(data)
    first = enrich(load(folder), write=True)
    written, stamp = file.read_bytes(), file.stat()
    second = enrich(load(folder), write=True)

    assert [each.is_written for each in first] == [written != data]
    assert [(each.is_written, each.agrees) for each in second] == [(False, True)]
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == (
        written,
        stamp.st_mtime_ns,
        stamp.st_ino,
    )
    return written


_HEAD = b"---\ntitle: Tides\ndate: 2025-06-02 05:00:00 +0900\n"

#: What the author wrote with two places marked, the old values, and the new ones as they must stand.
_EDITS = [
    pytest.param(_HEAD + AUDIO + b'audio_file_size: <0>\nduration: <"00:00">\n---\nNotes.\n', b"8320", b'"00:01"', id="as in the seeds"),
    pytest.param(b"---\nduration: <'0'>   # measured later\n# The moon.\ntitle: Tides\naudio_file_size: <0> # bytes\n" + _HEAD[17:] + AUDIO + b"---\nNotes.\n", b"8320", b"'00:01'", id="comments and odd order"),
    pytest.param(_HEAD + AUDIO + b'audio_file_size: <"0">\nduration: <0>\n---\n', b'"8320"', b'"00:01"', id="a length gets quotes, a number keeps them"),
    pytest.param((_HEAD + AUDIO + b'audio_file_size:   <0>\nduration: <"00:00">\n---\n\nNotes.\n').replace(b"\n", b"\r\n"), b"8320", b'"00:01"', id="windows line ends"),
    pytest.param(b"\xef\xbb\xbf" + _HEAD + AUDIO + b'audio_file_size: <0>\nduration: <"00:00">\n---\nNotes.', b"8320", b'"00:01"', id="byte order mark, no last line end"),
    pytest.param(_HEAD + AUDIO + b"audio_file_size: <1_000>\nduration: <9:59>\nactor_ids: [ada,   ada]\n---\nNotes: duration: 0\n---\n", b"8320", b'"00:01"', id="wrong values and odd spacing"),
    pytest.param(_HEAD + "description: '「潮」：月と海。 '\nkey : x\n".encode() + AUDIO + b"audio_file_size: <7>\nduration: <'00:00:09'>\n---\n" + "海の音　\u2028\n".encode(), b"8320", b"'00:01'", id="japanese all around"),
    pytest.param(b"+++\ntitle = 'Tides'\ndate = 2025-06-02T05:00:00+09:00 # first\naudio_file_path = \"/audio/good.mp3\"\naudio_file_size = <0>\nduration = <'00:00'>\ntags = [\n  'a', # b\n]\n+++\nNotes.\n", b"8320", b"'00:01'", id="toml"),
    pytest.param(b"+++\r\ntitle = 'Tides'\r\ndate = 2025-06-02\r\naudio_file_path = \"/audio/good.mp3\"\r\naudio_file_size=<1_0>\r\nduration=<\"9\">\r\n+++\r\n", b"8320", b'"00:01"', id="toml with windows line ends"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "size", "length"), _EDITS)
def test_write_changes_the_two_values_only(folder: Path, marked: bytes, size: bytes, length: bytes) -> None:
    """Every other byte stays: comments, order, quotes, line ends, byte order mark, the notes."""
    plain = marked.replace(b"<", b"").replace(b">", b"")
    parts = [each.partition(b">")[::2] for each in marked.split(b"<")[1:]]
    new = {b"size": size, b"length": length}
    expected = marked.split(b"<")[0]
    for old, rest in parts:
        is_size = b"audio_file_size" in expected.replace(b"\r\n", b"\n").rsplit(b"\n", 1)[-1]
        assert old not in new.values()
        expected += new[b"size" if is_size else b"length"] + rest

    assert _mended(folder, plain) == expected


_ADDITIONS = [
    pytest.param(_HEAD + AUDIO + b"draft: false\n---\nNotes.\n", _HEAD + AUDIO + b'audio_file_size: 8320\nduration: "00:01"\ndraft: false\n---\nNotes.\n', id="both missing"),
    pytest.param(_HEAD + AUDIO + b"---\n", _HEAD + AUDIO + b'audio_file_size: 8320\nduration: "00:01"\n---\n', id="audio comes last"),
    pytest.param(b"---\naudio: /audio/good.mp3 # the sea\n" + _HEAD[4:] + b"---\n", b'---\naudio: /audio/good.mp3 # the sea\naudio_file_size: 8320\nduration: "00:01"\n' + _HEAD[4:] + b"---\n", id="another spelling of the audio"),
    pytest.param(_HEAD + AUDIO + b"draft: no\nduration: '00:00' # min\n---\n", _HEAD + AUDIO + b"audio_file_size: 8320\ndraft: no\nduration: '00:01' # min\n---\n", id="only the size missing, the length further down"),
    pytest.param(_HEAD + b"duration:\n" + AUDIO + b"---\n", _HEAD + b'duration: "00:01"\n' + AUDIO + b"audio_file_size: 8320\n---\n", id="empty duration"),
    pytest.param(_HEAD + b"duration:   # none yet\naudio_file_size:\n" + AUDIO + b"---\n", _HEAD + b'duration: "00:01"   # none yet\naudio_file_size: 8320\n' + AUDIO + b"---\n", id="empty before a comment"),
    pytest.param((_HEAD + AUDIO + b"---\n").replace(b"\n", b"\r\n"), (_HEAD + AUDIO + b'audio_file_size: 8320\nduration: "00:01"\n---\n').replace(b"\n", b"\r\n"), id="windows line ends"),
    pytest.param(b"+++\naudio_file_path = '/audio/good.mp3'\ntitle = 'Tides'\ndate = 2025-06-02\n[extra]\nmood = 'calm'\n+++\n", b"+++\naudio_file_path = '/audio/good.mp3'\naudio_file_size = 8320\nduration = \"00:01\"\ntitle = 'Tides'\ndate = 2025-06-02\n[extra]\nmood = 'calm'\n+++\n", id="toml with a table"),
    pytest.param(_HEAD + b"audio_file_path: >-\n  /audio/good.mp3\n---\n", _HEAD + b'audio_file_path: >-\n  /audio/good.mp3\naudio_file_size: 8320\nduration: "00:01"\n---\n', id="audio in a folded block"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), _ADDITIONS)
def test_write_adds_what_is_missing_below_the_audio(folder: Path, before: bytes, after: bytes) -> None:
    """New lines stand below the audio they speak of; an empty value is filled where it stands."""
    assert _mended(folder, before) == after


def test_write_leaves_a_right_header_alone(folder: Path) -> None:
    """A header that says so in its own spelling is right already."""
    data = _HEAD + AUDIO + b'audio_file_size: 8320\nduration: "0:00:01"\n---\n'

    assert _mended(folder, data) == data


def test_write_keeps_the_files_permissions_and_links(folder: Path) -> None:
    """The file stays who it was: mode, and the link that leads to it."""
    file = folder / "episodes/1.md"
    file.rename(folder / "episodes/real.txt")
    file.symlink_to("real.txt")
    (folder / "episodes/real.txt").chmod(0o640)

    enrich(load(folder), write=True)

    assert file.is_symlink()
    assert "audio_file_size: 8320" in (folder / "episodes/real.txt").read_text("utf-8")
    assert (folder / "episodes/real.txt").stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in (folder / "episodes").iterdir()) == ["1.md", "real.txt"]


@pytest.mark.failure("IN-24")
def test_write_refuses_a_file_that_changed_meanwhile(folder: Path) -> None:
    """What an editor saved while podfeed was measuring is never overwritten."""
    project, file = load(folder), folder / "episodes/1.md"
    file.write_text("the author's newer text", "utf-8")

    with pytest.raises(TargetError, match=r"“episodes/1\.md” changed meanwhile; run again"):
        enrich(project, write=True)
    assert file.read_text("utf-8") == "the author's newer text"


@pytest.mark.failure("EN-1")
def test_write_that_fails_leaves_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk takes nothing from the author: the old file is there, and nothing beside it."""
    before = (folder / "episodes/1.md").read_bytes()

    def full(path: str, target: str) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr("os.replace", full)

    with pytest.raises(TargetError, match="cannot be written: No space left on device"):
        enrich(load(folder), write=True)
    assert [(each.name, each.read_bytes()) for each in (folder / "episodes").iterdir()] == [("1.md", before)]


def test_write_says_what_it_leaves_to_the_author(folder: Path) -> None:
    """A value that cannot be replaced safely is named as it ought to be; what can be is written all the same."""
    file = folder / "episodes/1.md"
    file.write_text(file.read_text("utf-8").replace("title:", "duration: |  # measured\n  00:00\ntitle:"), "utf-8")

    shown = podfeed(folder, "enrich", "--write")

    assert shown.returncode == 1
    assert shown.stderr == '“episodes/1.md” cannot be edited safely: write “duration: "00:01"” by hand\n'
    assert "audio_file_size: 8320\n" in file.read_text("utf-8")


def test_table_shows_both_sides(folder: Path) -> None:
    """Measured beside stated, a line an episode; nothing is written to the episode."""
    before = (folder / "episodes/1.md").read_bytes()

    shown = podfeed(folder, "enrich")

    lines = [line.split() for line in shown.stdout.splitlines()]
    assert shown.returncode == 0
    assert lines[1] == ["episodes/1.md", SIZE, "–", LENGTH, "–", "audio/mpeg"]
    assert (folder / "episodes/1.md").read_bytes() == before
    assert '"path": "audio/good.mp3"' in (folder / "podfeed.lock").read_text("utf-8")


def test_write_says_how_many(folder: Path) -> None:
    """One sentence at the end; the second time there is nothing to do."""
    first, second = (podfeed(folder, "enrich", "--write", "episodes/1.md") for _ in range(2))

    assert first.stdout.endswith("1 header written\n")
    assert second.stdout.endswith("the headers are right already\n")
    assert podfeed(folder, "check").returncode == 0


def test_json_is_for_scripts(folder: Path) -> None:
    """Bytes and milliseconds as numbers, and whether the header was written."""
    (found,) = json.loads(podfeed(folder, "enrich", "--write", "--format", "json").stdout)["episodes"]

    assert found["path"] == "episodes/1.md"
    assert (found["size_bytes"], found["milliseconds"], found["mime_type"]) == (8320, 1019, "audio/mpeg")
    assert (found["stated_size_bytes"], found["origin"], found["is_written"]) == (0, "measured", True)
    assert len(found["sha256"]) == 64


def test_audio_without_sound_is_not_written(folder: Path) -> None:
    """What cannot be measured is told, ends with 1, and changes no header."""
    (folder / "audio/good.mp3").write_bytes(b"")
    before = (folder / "episodes/1.md").read_bytes()

    shown = podfeed(folder, "enrich", "--write")

    assert shown.returncode == 1
    assert (folder / "episodes/1.md").read_bytes() == before


def test_copy_measures_audio_elsewhere(folder: Path, tmp_path: Path) -> None:
    """--from measures a local copy, and podfeed.lock remembers it under the address, whose code points stay."""
    address = "https://audio.podfeed.example/海/うみ.mp3"
    file = folder / "episodes/1.md"
    file.write_text(file.read_text("utf-8").replace("/audio/good.mp3", address), "utf-8")
    copy = tiny_mp3(tmp_path / "copy.bin", seconds=65)
    assert podfeed(folder, "enrich", "--offline").returncode == 1

    shown = podfeed(folder, "enrich", "episodes/1.md", "--from", copy, "--write")

    assert shown.returncode == 0
    assert f"audio_file_size: {copy.stat().st_size}\n" in file.read_text("utf-8")
    assert 'duration: "01:05"\n' in file.read_text("utf-8")
    lock = (folder / "podfeed.lock").read_text("utf-8")
    assert f'audio {{"path": "{address}", "size_bytes": {copy.stat().st_size}' in lock
    assert str(tmp_path) not in lock


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--from", "audio/good.mp3"], "name that episode", id="which one"),
        pytest.param(["episodes/1.md", "--from", "audio/good.mp3"], "is no address on the web", id="it lies here"),
        pytest.param(["audio/good.mp3"], "is no Markdown file below episodes/", id="audio, not an episode"),
    ],
)
def test_wrong_use_is_told(folder: Path, words: list[str], said: str) -> None:
    """What cannot be meant ends with 2 and a sentence."""
    shown = podfeed(folder, "enrich", *words)

    assert shown.returncode == 2
    assert said in shown.stderr


@pytest.mark.parametrize("content", [None, b"", b"no sound"], ids=["absent", "empty", "text"])
def test_copy_that_is_no_sound_is_refused(folder: Path, tmp_path: Path, content: bytes | None) -> None:
    """A copy that is not there, or holds no sound, measures nothing and is remembered nowhere."""
    file = folder / "episodes/1.md"
    file.write_text(file.read_text("utf-8").replace("/audio/good.mp3", "https://audio.podfeed.example/a.mp3"), "utf-8")
    copy = tmp_path / "copy.mp3"
    if content is not None:
        copy.write_bytes(content)

    shown = podfeed(folder, "enrich", "episodes/1.md", "--from", copy)

    assert shown.returncode in (2, 4)
    assert "Traceback" not in shown.stderr
    assert "podfeed.example/a.mp3" not in (
        (folder / "podfeed.lock").read_text("utf-8") if (folder / "podfeed.lock").exists() else ""
    )


def test_only_the_named_episode_is_written(folder: Path) -> None:
    """With a PATH, other headers stay as they are."""
    shutil.copy(folder / "episodes/1.md", folder / "episodes/2.md")
    before = (folder / "episodes/1.md").read_bytes()

    podfeed(folder, "enrich", "--write", "episodes/2.md")

    assert (folder / "episodes/1.md").read_bytes() == before
    assert b"audio_file_size: 8320" in (folder / "episodes/2.md").read_bytes()
