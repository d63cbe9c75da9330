"""`podfeed check --fix` and `--diff`: what is mended, what is left to the author, and that nothing is lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import NOW, build, podfeed, tree

from podfeed import fixing
from podfeed.check.registry import rules
from podfeed.checking import check
from podfeed.errors import TargetError
from podfeed.fixing import Fix, diff, fixes, write
from podfeed.loading import load
from podfeed.testing import example_project, tiny_mp3

#: A minute and a second of audio, and its bytes.
LENGTH, SIZE = '"01:01"', 486096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose one episode runs for a minute and a second."""
    project = example_project(tmp_path / "project", header={"audio_file_path": "/audio/tides.mp3"})
    assert tiny_mp3(project / "audio/tides.mp3", 61).stat().st_size == SIZE
    return project


def _file(folder: Path) -> Path:
    return folder / "episodes/1.md"


def _with(folder: Path, *lines: str) -> str:
    """The text of the episode with *lines* in its header, in place of those of the same names; written to its file."""
    names = {line.partition(":")[0] for line in lines}
    kept = [line for line in _file(folder).read_text("utf-8").splitlines()[1:-1] if line.partition(":")[0] not in names]
    text = "\n".join(["---", *kept, *lines, "---", "Notes.\n"])
    _file(folder).write_text(text, "utf-8")
    return text


def _fixes(folder: Path, *, only: frozenset[str] | None = None) -> tuple[Fix, ...]:
    return fixes(load(folder), now=NOW, only=only)


def _told(folder: Path) -> set[str]:
    return {each.rule for each in check(load(folder), now=NOW)}


# ------------------------------------------------------------------------------------- what is mended

_MENDED = [
    pytest.param("audio_file_size: 486_096", None, id="size that is none"),
    pytest.param("audio_file_size: 480000", f"audio_file_size: {SIZE}", id="size that differs"),
    pytest.param("audio_file_size: '486,096'", f"audio_file_size: '{SIZE}'", id="size with commas, in quotes"),
    pytest.param("audio_file_size: 0", None, id="size not measured"),
    pytest.param("audio_file_size: 00 # later", "audio_file_size: 0 # later", id="size not measured, spelled oddly"),
    pytest.param('duration: "00:00"', None, id="length not measured"),
    pytest.param("duration: 0s", 'duration: "00:00"', id="length not measured, spelled oddly"),
    pytest.param('duration: "01:04"', f"duration: {LENGTH}", id="length that differs a little"),
    pytest.param('duration: "59:00"', None, id="length of another recording"),
    pytest.param("duration: 61.04s", f"duration: {LENGTH}", id="length spelled oddly"),
    pytest.param("duration: PT1M1S # a", f"duration: {LENGTH} # a", id="length as ISO 8601"),
    pytest.param("duration: 1:1", f"duration: {LENGTH}", id="length without zeros"),
    pytest.param("duration: 1:2:3", 'duration: "1:02:03"', id="length of three parts without zeros"),
    pytest.param("duration: about a minute", None, id="length in words"),
    pytest.param("duration: 01:01", f"duration: {LENGTH}", id="length without quotes"),
    pytest.param("duration: 61", None, id="seconds"),
    pytest.param("date: 2025-06-02 05:00", "date: 2025-06-02 05:00:00 +0900", id="date without offset"),
    pytest.param("date: '2025-06-02'", "date: '2025-06-02 00:00:00 +0900'", id="date without time, in quotes"),
    pytest.param("date: 2025-06-02 05:00:00 JST", "date: 2025-06-02 05:00:00 +0900", id="name of a zone"),
    pytest.param("date: Mon, 2 Jun 2025 05:00:00 GMT", "date: 2025-06-02 05:00:00 +0000", id="date as in mail"),
    pytest.param("date: 2/6/2025", None, id="date with day and month to guess"),
    pytest.param("explicit: clean", "explicit: false", id="clean"),
    pytest.param("explicit: Explicit", "explicit: true", id="explicit"),
    pytest.param("explicit: yes", None, id="yes, which everybody understands"),
    pytest.param("explicit: a little", None, id="explicit in words"),
    pytest.param("actor_ids: ada", "actor_ids: [ada]", id="actor that is no list"),
    pytest.param("actor_ids: 'ada' # she", "actor_ids: ['ada'] # she", id="actor in quotes"),
    pytest.param("actor_ids: [ada, [bo]]", None, id="actor that is a list of its own"),
    pytest.param("title: 3.10", 'title: "3.10"', id="title that is a number"),
    pytest.param("title: No", 'title: "No"', id="title that is false"),
    pytest.param("title: 2025-06-02", 'title: "2025-06-02"', id="title that is a date"),
    pytest.param("title: 12:30", 'title: "12:30"', id="title that is seconds"),
    pytest.param("title: 0x1F", 'title: "0x1F"', id="title in base 16"),
    pytest.param("title: 2001", None, id="title that is a number, and printed as it stands"),
    pytest.param("title: 2025-06-02 海辺", None, id="title that begins with a date"),
    pytest.param("title: Tides #5", None, id="title that is cut by a comment"),
    pytest.param("title: '3.10'", None, id="title in quotes"),
    pytest.param('title: " 海辺　" # a', 'title: "海辺" # a', id="title with blanks inside its quotes"),
    pytest.param("guid: 'abc '", "guid: 'abc'", id="guid with a blank inside its quotes"),
    pytest.param("title: |\n  Tides", None, id="title that ends with its line"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "mended"), _MENDED)
def test_line_is_mended_or_left(folder: Path, line: str, mended: str | None) -> None:
    """A line is written as podfeed reads it, or as the audio is; what would be a guess is left alone."""
    before = _with(folder, line)

    found = _fixes(folder)
    write(load(folder), found)

    assert _file(folder).read_text("utf-8") == before.replace(line, mended or line)
    assert [each.fields for each in found] == ([(line.partition(":")[0],)] if mended else [])
    assert _fixes(folder) == ()


def test_spelling_of_the_setting_stays(folder: Path) -> None:
    """“actors” is as good as “actor_ids”, also where the other stands empty."""
    before = _with(folder, "actor_ids:", "actors: ada")

    (fix,) = _fixes(folder)

    assert (fix.after, fix.fields) == (before.replace("actors: ada", "actors: [ada]"), ("actors",))


def test_title_that_is_cut_is_left(folder: Path) -> None:
    """Quotes around what the comment left of it would hide the fault."""
    before = _with(folder, "title: 3.10 # the harbour", "duration: 01:01")

    (fix,) = _fixes(folder)

    assert fix.after == before.replace("01:01", '"01:01"')


def test_date_stays_the_published_one(folder: Path) -> None:
    """Where the time zone of the show changed since, the offset is not written: the author has to choose."""
    _with(folder, "date: 2025-06-02 05:00:00")
    build(folder)
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("Asia/Tokyo", "Europe/Berlin"), "utf-8")

    assert "date-without-offset" in _told(folder)
    assert _fixes(folder) == ()


def test_hour_that_comes_twice_is_left(folder: Path) -> None:
    """The offset says which of the two is meant, and only the author knows."""
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("Asia/Tokyo", "America/New_York"), "utf-8")
    _with(folder, "date: 2025-11-02 01:30:00")

    assert {"date-without-offset", "date-twice-by-clock-change"} <= _told(folder)
    assert _fixes(folder) == ()


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[: SIZE // 2]), id="cut"),
        pytest.param(lambda file: shutil.copy(file.with_name("good.mp3"), file), id="another recording"),
        pytest.param(lambda file: shutil.copy(file, file.with_name("good.mp3")), id="the audio of another episode"),
    ],
)
def test_wrong_or_broken_audio_is_not_written_down(folder: Path, spoiled: Callable[[Path], object]) -> None:
    """Size and length of a file that may not be the right one stay as they are, wrong as they are."""
    other = _file(folder).read_text("utf-8").replace("tides.mp3", "good.mp3").replace("Tides", "Waves")
    (folder / "episodes/0.md").write_text(other, "utf-8")
    _with(folder, f"audio_file_size: {SIZE - 1}", f"duration: {LENGTH}")

    spoiled(folder / "audio/tides.mp3")

    assert "audio-size-differs" in _told(folder)
    assert _fixes(folder) == ()


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        pytest.param("1:00:50", "1:00:00", id="within a minute"),
        pytest.param("1:01:30", "1:01:30", id="over a minute off, and over an hour long"),
    ],
)
def test_long_audio_elsewhere_is_judged_by_what_the_lock_remembers(folder: Path, stated: str, written: str) -> None:
    """A twentieth of an hour is three minutes: a minute off is another cut of it."""
    address = "https://audio.podfeed.example/tides.mp3"
    lock = {"path": address, "size_bytes": 28800000, "milliseconds": 3600000, "mime_type": "audio/mpeg"}
    (folder / "podfeed.lock").write_text(f"audio {json.dumps(lock)}\n", "utf-8")
    before = _with(folder, f"audio_file_path: {address}", f'duration: "{stated}"')

    write(load(folder), _fixes(folder))

    assert _file(folder).read_text("utf-8") == before.replace(stated, written)


def test_guid_is_written_when_only_the_audio_knows_it(folder: Path) -> None:
    """A renamed file gets the guid it was published with, below its date; one that kept its name needs none."""
    build(folder)
    assert _fixes(folder) == ()
    guid = re.search(r'"guid": "([^"]+)", "date"', (folder / "podfeed.lock").read_text("utf-8"))
    assert guid
    _file(folder).rename(folder / "episodes/tides.md")

    (fix,) = _fixes(folder)
    write(load(folder), [fix])

    assert fix.after == fix.before.replace("+0900\n", f'+0900\nguid: "{guid[1]}"\n')
    assert not {"guid-not-written", "history-guid-changed", "history-episode-missing"} & _told(folder)


def test_only_the_rules_asked_for_are_mended(folder: Path) -> None:
    """One fault of a file may be mended without the others."""
    before = _with(folder, "explicit: clean", "duration: 1:1")

    (fix,) = _fixes(folder, only=frozenset(["explicit-spelled-oddly"]))

    assert fix.after == before.replace("clean", "false")


def test_quieted_faults_are_not_mended(folder: Path) -> None:
    """Who chose to live with a fault keeps it."""
    _with(folder, "explicit: clean", "ignore: {explicit-spelled-oddly: our other tool wants it}")

    assert _fixes(folder) == ()


def test_articles_are_mended_and_other_files_are_not(folder: Path) -> None:
    """What podfeed does not publish, it does not touch; config.yaml is its owner's."""
    for name, owner in (("article", "show: radio"), ("orphan", "show: nobody")):
        (folder / f"episodes/{name}.md").write_text(f"---\ntitle: 3.10\n{owner}\ndate: 2025-06-02\n---\n", "utf-8")
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("explicit: false", "explicit: clean"), "utf-8")

    assert "explicit-spelled-oddly" in _told(folder)
    assert [each.path for each in _fixes(folder)] == ["episodes/article.md"]


def test_every_rule_that_is_mended_exists() -> None:
    """A rule that got another name would not be mended any more."""
    assert rules().keys() >= fixing._MENDABLE


# ------------------------------------------------------------------------------- how it is written


def test_what_cannot_be_edited_safely_is_said(folder: Path) -> None:
    """It stays as it is, and the sentence says what to write; the other settings of the file are mended."""
    before = _with(folder, "duration: |  # about\n  1:1", "explicit: clean")

    (fix,) = _fixes(folder)

    assert fix.after == before.replace("clean", "false")
    assert fix.refusal == '“episodes/1.md” cannot be edited safely: write “duration: "01:01"” by hand'


def test_file_that_changed_meanwhile_is_never_overwritten(folder: Path) -> None:
    """Neither between the check and the edit, nor between the edit and the writing."""
    _with(folder, "explicit: clean")
    project = load(folder)
    found = fixes(project, now=NOW)

    newer = _with(folder, "explicit: clean", "title: Newer")

    for attempt in (lambda: fixes(project, now=NOW), lambda: write(project, found)):
        with pytest.raises(TargetError, match=r"“episodes/1\.md” changed meanwhile; run again"):
            attempt()
    assert _file(folder).read_text("utf-8") == newer


def test_read_only_file_is_left_alone(folder: Path) -> None:
    """Its folder would let podfeed replace it; its owner said no."""
    before = _with(folder, "explicit: clean")
    _file(folder).chmod(0o444)

    with pytest.raises(TargetError, match=r"“episodes/1\.md” cannot be written: it is read-only"):
        write(load(folder), _fixes(folder))
    assert _file(folder).read_text("utf-8") == before


def test_full_disk_takes_nothing_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old file is there, and nothing beside it."""
    before = _with(folder, "explicit: clean")

    def full(path: str, target: str) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr("os.replace", full)

    with pytest.raises(TargetError, match="cannot be written: No space left on device"):
        write(load(folder), _fixes(folder))
    assert tree(folder / "episodes") == {"1.md": before.encode()}


def test_permissions_and_links_stay(folder: Path) -> None:
    """A link inside the project is followed to the file it leads to."""
    _with(folder, "explicit: clean")
    real = _file(folder).rename(folder / "episodes/real.txt")
    real.chmod(0o640)
    _file(folder).symlink_to("real.txt")

    write(load(folder), _fixes(folder))

    assert _file(folder).is_symlink()
    assert "explicit: false" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o7777 == 0o640
    assert {each.name for each in (folder / "episodes").iterdir()} == {"1.md", "real.txt"}


def test_links_out_of_the_project_are_left(folder: Path, tmp_path: Path) -> None:
    """Where they lead is none of podfeed's business."""
    before = _with(folder, "explicit: clean")
    outside = _file(folder).rename(tmp_path / "outside.md")
    _file(folder).symlink_to(outside)

    assert _fixes(folder) == ()
    assert outside.read_text("utf-8") == before


# ---------------------------------------------------------------------------------- on the command line


def test_fix_names_what_it_mends_and_tells_what_is_left(folder: Path) -> None:
    """A line for each file, then a check of what there is now; the exit code is that check's."""
    _with(folder, "explicit: clean", "duration: 1:1", "season: two")
    before = tree(folder / "episodes")

    shown = podfeed(folder, "check", "--fix")

    lines = shown.stdout.splitlines()
    assert lines[0] == "episodes/1.md: explicit, duration"
    assert [line for line in lines[1:] if line.startswith("episodes/")] == [
        line for line in lines if "[episode-season-invalid]" in line
    ]
    assert shown.returncode == 1
    assert tree(folder / "episodes") != before


def test_fix_of_a_sound_project_says_nothing_new(folder: Path) -> None:
    """Nothing to mend is nothing to say."""
    checked, fixed = (podfeed(folder, "check", *words) for words in ([], ["--fix"]))

    assert (fixed.stdout, fixed.stderr, fixed.returncode) == (checked.stdout, "", 0)


def test_report_for_programs_stays_whole(folder: Path) -> None:
    """What was mended goes to standard error."""
    _with(folder, "explicit: clean")

    shown = podfeed(folder, "check", "--fix", "--format", "json")

    assert "explicit-spelled-oddly" not in {each["rule"] for each in json.loads(shown.stdout)["diagnostics"]}
    assert shown.stderr == "episodes/1.md: explicit\n"


def test_only_named_files_and_rules_are_mended(folder: Path) -> None:
    """PATHs, --select and --ignore narrow what is mended as they narrow what is told."""
    _with(folder, "explicit: clean", "duration: 1:1")
    other = _file(folder).read_text("utf-8").replace("tides.mp3", "good.mp3")
    (folder / "episodes/2.md").write_text(other, "utf-8")

    assert podfeed(folder, "check", "--fix", "--select", "explicit-", "episodes/2.md").returncode == 0

    assert (folder / "episodes/2.md").read_text("utf-8") == other.replace("clean", "false")
    assert "explicit: clean" in _file(folder).read_text("utf-8")


def test_unsaved_episode_is_shown_mended_and_never_written(folder: Path) -> None:
    """An editor can ask for the edit of what it has not saved."""
    text = _with(folder, "explicit: clean")
    _file(folder).unlink()
    words = ("check", "-", "--stdin-path", "episodes/1.md")

    shown = podfeed(folder, *words, "--diff", stdin=text)
    refused = podfeed(folder, *words, "--fix", stdin=text)

    assert "-explicit: clean\n+explicit: false\n" in shown.stdout
    assert refused.returncode == 2
    assert not _file(folder).exists()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_diff_changes_nothing_and_can_be_applied(folder: Path, ending: str) -> None:
    """--diff exits with 1 while there is something to mend; `git apply` makes of it what --fix would."""
    text = _with(folder, "explicit: clean", "duration: 1:1", "description: 海の音")
    _file(folder).write_bytes(("\ufeff" + text.removesuffix("\n")).replace("\n", ending).encode())
    before = _file(folder).read_bytes()
    (fix,) = _fixes(folder)

    shown = podfeed(folder, "check", "--diff", "--fix")

    assert (shown.returncode, _file(folder).read_bytes()) == (1, before)
    assert shown.stdout.splitlines() == diff(fix).splitlines()
    subprocess.run(["git", "apply", "-"], cwd=folder, input=diff(fix).encode(), check=True)
    assert _file(folder).read_bytes() == fix.after.encode()
    again = podfeed(folder, "check", "--diff")
    assert (again.stdout, again.returncode) == ("", 0)


def test_diff_says_what_has_to_be_done_by_hand(folder: Path) -> None:
    """Beside the diff, on standard error."""
    _with(folder, "duration: |  # about\n  1:1")

    shown = podfeed(folder, "check", "--diff")

    assert (shown.stdout, shown.returncode) == ("", 0)
    assert shown.stderr.startswith("“episodes/1.md” cannot be edited safely")


def test_diff_is_coloured_for_a_terminal_only() -> None:
    """There, control characters become visible: no file may write to the terminal what it likes."""
    fix = Fix(path="episodes/1.md", before="a\x1b[2J\r\nb\n", after="a\x1b[2J\r\nc\n", fields=("b",))

    assert diff(fix) == "--- a/episodes/1.md\n+++ b/episodes/1.md\n@@ -1,2 +1,2 @@\n a\x1b[2J\r\n-b\n+c\n"
    assert diff(fix, colour=True) == (
        "\x1b[31m--- a/episodes/1.md\x1b[0m\n\x1b[32m+++ b/episodes/1.md\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n"
        " a\ufffd[2J\n\x1b[31m-b\x1b[0m\n\x1b[32m+c\x1b[0m\n"
    )
