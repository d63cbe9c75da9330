"""`podfeed check -`: an episode is judged as it stands in an editor, before it is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import NOW, episode, podfeed, tree

from podfeed.checking import check, load_around
from podfeed.loading import load
from podfeed.read.source import MAX_FILE_BYTES

AT = f"--now={NOW.isoformat()}"


def test_unsaved_episode_is_told_under_its_name(project: Callable[..., Path]) -> None:
    """With the lines of what is in the editor; the disk knows nothing of it."""
    root = project()

    done = podfeed(root, "check", "-", "--stdin-path", "episodes/波.md", AT, stdin=episode("Waves", season="two"))

    assert done.returncode == 1
    assert "episodes/波.md:4:9: error: “season”" in done.stdout
    assert "   4 | season: two\n" in done.stdout
    assert not (root / "episodes" / "波.md").exists()


def test_unsaved_text_counts_instead_of_the_saved_one(project: Callable[..., Path]) -> None:
    """What was wrong on disk is right in the editor, and the other way round."""
    root = project(header={"season": "two"})
    saved = (root / "episodes" / "1.md").read_text("utf-8")

    def seasons(text: str) -> list[str]:
        told = podfeed(
            root, "check", "-", "--stdin-path", "episodes/1.md", "--select", "EP071", "-q", AT, stdin=text
        ).stdout
        return [line for line in told.splitlines() if "[episode-season-invalid]" in line]

    assert seasons(saved.replace("season: two", "season: 2")) == []
    assert len(seasons(saved)) == 1
    assert "season: two" in (root / "episodes" / "1.md").read_text("utf-8")


def test_empty_text_is_judged_too(project: Callable[..., Path]) -> None:
    """An editor that has just been emptied does not fall back to the disk."""
    root = project(header={"season": "two"})

    done = podfeed(root, "check", "-", "--stdin-path", "episodes/1.md", "--select", "EP071", AT)

    assert (done.returncode, done.stdout) == (0, "1 skipped: no errors\n")


def test_unsaved_episode_is_judged_beside_the_others(project: Callable[..., Path]) -> None:
    """Its guid may be taken; its audio is looked for beside it, as if it were saved."""
    root = project(header={"guid": "tides-1"})

    told = podfeed(
        root,
        *("check", "-", "--stdin-path", "episodes/2.md", "--format", "json", AT),
        stdin=episode("Waves", guid="tides-1", audio="../audio/other.mp3"),
    ).stdout

    assert '"guid-' in told
    assert '"audio-file-missing"' not in told


def test_unsaved_path_is_seen_from_where_the_user_is(project: Callable[..., Path]) -> None:
    """As every other path; -C names another project."""
    root = project()

    for folder, words in [
        (root / "episodes", ["--stdin-path", "2.md"]),
        (root.parent, ["-C", root.name, "--stdin-path", f"{root.name}/episodes/2.md"]),
    ]:
        done = podfeed(folder, "check", "-", *words, AT, stdin=episode("Waves", season="two"))
        assert "episodes/2.md:4:9: error" in done.stdout


def test_cache_knows_nothing_of_what_was_not_saved(project: Callable[..., Path]) -> None:
    """Neither is an unsaved text remembered for the file, nor what is remembered of the file taken for the text."""
    root = project()
    saved = (root / "episodes" / "1.md").read_text("utf-8")
    _age(root)
    load(root)
    before = tree(root / ".podfeed")
    assert b"episodes/1.md" in before["cache.tsv"]

    for text in (saved.replace("\n---", "\nseason: two\n---", 1), "", saved):
        loaded, wanted = load_around(
            str(root), [str(root / "episodes" / "1.md")], {str(root / "episodes" / "1.md"): text.encode()}
        )
        found = {each.rule for each in check(loaded, now=NOW, paths=wanted)}
        assert ("episode-season-invalid" in found) == ("season" in text)

    assert tree(root / ".podfeed") == before
    assert "episode-season-invalid" not in {each.rule for each in check(load(root), now=NOW)}


def _age(root: Path) -> None:
    """Let every file be old enough for the cache to trust it."""
    long_ago = time.time() - 60
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["-"], id="no name"),
        pytest.param(["--stdin-path", "episodes/2.md"], id="a name and no “-”"),
        pytest.param(["-", "episodes/1.md", "--stdin-path", "episodes/2.md"], id="another file"),
        pytest.param(["-", "--stdin-path", "config.yaml"], id="config.yaml"),
        pytest.param(["-", "--stdin-path", "episodes/2.txt"], id="no Markdown"),
        pytest.param(["-", "--stdin-path", "notes/2.md"], id="another folder"),
        pytest.param(["-", "--stdin-path", "episodes/.2.md"], id="a hidden file"),
        pytest.param(["-", "--stdin-path", "episodes/../2.md"], id="a way out"),
        pytest.param(["-", "--stdin-path", "/elsewhere/episodes/2.md"], id="another project"),
    ],
)
def test_unsaved_episode_needs_a_name_of_its_own(words: list[str], project: Callable[..., Path]) -> None:
    """Where it would be saved, below episodes/."""
    done = podfeed(project(), "check", *words, AT, stdin=episode("Waves"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_endless_input_is_not_read_to_its_end(project: Callable[..., Path]) -> None:
    """As a file that is too large."""
    text = episode("Waves", notes="x" * (MAX_FILE_BYTES + 10))

    done = podfeed(project(), "check", "-", "--stdin-path", "episodes/2.md", AT, stdin=text)

    assert done.returncode == 1
    assert "[file-too-large]" in done.stdout
