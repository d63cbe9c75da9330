"""A build that has nothing to do finds that out by stat, and looks again at exactly what moved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from podfeed import building, loading
from podfeed.publish.folder import mirror
from podfeed.standstill import Moved, moved_since
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_mp3

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG_AGO_NS = time.time_ns() - 3_600_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two shows that was built into “public”, with files old enough to be trusted."""
    root = tmp_path / "podcast"
    news = "".join(f"    {name}: {value}\n" for name, value in {**EXAMPLE_SHOW, "title": "Harbour News"}.items())
    example_project(root, show={"match": '{path: "?.md"}'})
    with (root / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f'  news:\n{news}    match: {{path: "news/*"}}\n')
    for number, name in enumerate(("other", "news", "ice"), 2):
        tiny_mp3(root / f"audio/{name}.mp3", seconds=number)
    _write(root / "episodes/2.md", _episode("Waves", "2025-06-09 05:00:00 +0900", "other.mp3"))
    _write(root / "episodes/news/1.md", _episode("Fog", "2025-06-03 05:00:00 +0900", "news.mp3"))
    _age(root)
    building.built(root, out=root / "public", now=NOW)
    _age(root, but="public")
    # The first build wrote the lock; the second finds everything as it should be and remembers that.
    building.built(root, out=root / "public", now=NOW)
    return root


def _episode(title: str, date: str, audio: str) -> str:
    return f"---\ntitle: {title}\ndate: {date}\naudio_file_path: /audio/{audio}\ndescription: {title}.\n---\nNotes.\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS + 1))


def _age(root: Path, but: str = ".podfeed") -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if but not in path.parts and ".podfeed" not in path.parts:
            os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))


def _moved(root: Path, now: datetime = NOW) -> Moved | None:
    return moved_since(root, root / "public", ("",), now)


def test_nothing_moved_when_nothing_was_touched(root: Path) -> None:
    """Then no file of the project is read at all."""
    moved = _moved(root)

    assert moved is not None
    assert (moved.shows, moved.paths) == (frozenset(), frozenset())
    assert moved.count == 2


@pytest.mark.parametrize(
    ("touch", "shows", "paths"),
    [
        pytest.param(
            lambda root: _write(root / "episodes/1.md", "---\ntitle: x\n---\n"),
            {"radio"},
            {"episodes/1.md"},
            id="edited",
        ),
        pytest.param(lambda root: (root / "episodes/news/1.md").unlink(), {"news"}, set(), id="removed"),
        pytest.param(lambda root: _write(root / "episodes/3.md", "new"), set(), {"episodes/3.md"}, id="added"),
        pytest.param(lambda root: _write(root / "episodes/.#1.md", "new"), set(), set(), id="hidden file added"),
        pytest.param(lambda root: _write(root / "episodes/.old/1.md", "new"), set(), set(), id="hidden folder added"),
        pytest.param(lambda root: tiny_mp3(root / "audio/news.mp3", seconds=2.0), {"news"}, set(), id="audio replaced"),
        pytest.param(lambda root: (root / "public/news/feed.xml").unlink(), {"news"}, set(), id="output removed"),
        pytest.param(
            lambda root: (root / "public/index.html").write_text("x"), {"news", "radio"}, set(), id="home page"
        ),
    ],
)
def test_what_was_touched_has_moved(
    root: Path, touch: Callable[[Path], object], shows: set[str], paths: set[str]
) -> None:
    """Only the show a file belongs to is looked at again; a new file is read to see whose it is."""
    touch(root)

    moved = _moved(root)

    assert moved is not None
    assert (moved.shows, moved.paths) == (frozenset(shows), frozenset(paths))


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(lambda root: (root / "config.yaml").touch(), id="config"),
        pytest.param(lambda root: (root / "podfeed.lock").write_text("# podfeed.lock 1\n"), id="lock"),
        pytest.param(lambda root: (root / "public/.podfeed-build.json").unlink(), id="manifest"),
        pytest.param(lambda root: [each.unlink() for each in (root / ".podfeed").iterdir()], id="memory"),
    ],
)
def test_anything_may_have_moved_when_what_all_shows_share_was_touched(
    root: Path, touch: Callable[[Path], object]
) -> None:
    """Then the whole project is looked at."""
    touch(root)

    assert _moved(root) is None


def test_clock_set_back_is_no_reason_to_stand_still(root: Path) -> None:
    """What was remembered at a later moment says nothing about an earlier one."""
    assert _moved(root, NOW - timedelta(days=1)) is None


def test_due_episode_moves_its_show(root: Path) -> None:
    """A scheduled episode goes out with the first run after its date, though no file was touched."""
    _write(root / "episodes/3.md", _episode("Ice", "2026-01-02 05:00:00 +0900", "ice.mp3"))
    _age(root)
    building.built(root, out=root / "public", now=NOW, moved=_moved(root))
    _age(root, but="public")
    building.built(root, out=root / "public", now=NOW)

    before, after = _moved(root, NOW + timedelta(hours=1)), _moved(root, NOW + timedelta(days=2))

    assert before is not None and not before.shows
    assert after is not None and after.shows == {"radio"}
    building.built(root, out=root / "public", now=NOW + timedelta(days=2), moved=after)
    assert "<title>Ice</title>" in (root / "public/radio/feed.xml").read_text("utf-8")


def test_young_file_is_looked_at_again(root: Path) -> None:
    """A file may change twice within one tick of the clock: what was just written is not trusted."""
    (root / "episodes/1.md").write_text((root / "episodes/1.md").read_text("utf-8") + "More.\n", "utf-8")
    building.built(root, out=root / "public", now=NOW, moved=_moved(root))

    moved = _moved(root)

    assert moved is not None and moved.shows == {"radio"}


def test_file_that_took_its_place_during_the_run_is_looked_at_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is copied with its old date while a build is under way may have come after its name was read."""

    def mirror_and_replace(*args: Any, **settings: Any) -> Any:
        _write(root / "episodes/1.md", _episode("Later", "2025-06-02 05:00:00 +0900", "good.mp3"))
        return mirror(*args, **settings)

    monkeypatch.setattr(building, "mirror", mirror_and_replace)
    building.built(root, out=root / "public", now=NOW)

    moved = _moved(root)

    assert moved is not None and moved.shows == {"radio"}


def test_look_at_one_show_gives_what_a_look_at_all_gives(root: Path, tmp_path: Path) -> None:
    """Whichever way a build looks, the same bytes come out, and podfeed.lock says the same."""
    _write(root / "episodes/1.md", (root / "episodes/1.md").read_text("utf-8") + "\nAn afterthought.\n")

    building.built(root, out=root / "public", now=NOW, moved=_moved(root))
    partly = _tree(root / "public"), (root / "podfeed.lock").read_bytes()
    building.built(root, out=tmp_path / "whole", now=NOW)

    assert partly == (_tree(tmp_path / "whole"), (root / "podfeed.lock").read_bytes())


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_part_of_a_project_knows_only_its_shows(root: Path) -> None:
    """A look around one file loads its show, keeps what the cache knows of the others, and reads its lock lines alone."""
    project = loading.load(root, around=["episodes/news/1.md"])

    assert project.shows == ("news",)
    assert set(project.files) == {"episodes/news/1.md"}
    assert {show for show, _ in project.lock.episodes} == {"news"}
    assert project.lock.unread
    assert loading.load(root).shows == ("radio", "news")


def test_faulty_file_is_told_by_every_run(root: Path) -> None:
    """An unattended build that found a fault does not fall silent about it the next time."""
    _write(root / "episodes/4.md", "---\ntitle: never closed\n")
    first = building.built(root, out=root / "public", now=NOW, moved=_moved(root))

    moved = _moved(root)
    second = building.built(root, out=root / "public", now=NOW, moved=moved)

    assert moved is not None and moved.shows == {"radio"}
    assert first.has_errors and second.has_errors
    assert [each.rule for each in second.diagnostics if each.severity == "error"] == ["header-unclosed"]
