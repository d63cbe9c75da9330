"""`podfeed when`: what goes out when, and the lines of crontab by which it does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from commands import NOW, ROOT, episode, podfeed

from podfeed.loading import load
from podfeed.releasing import Cron, cron, upcoming


@pytest.fixture
def scheduled(project: Callable[..., Path]) -> Callable[..., Path]:
    """A project whose episodes go out at these dates, as authors write them."""

    def make(*dates: str, **config: str) -> Path:
        files = {
            f"episodes/later-{number}.md": episode(f"Later {number}", date=date, audio="/audio/other.mp3")
            for number, date in enumerate(dates)
        }
        return project(files=files, config=config)

    return make


def lines(folder: Path) -> tuple[str, ...]:
    """When cron runs, without what it runs."""
    found = load(folder)
    return tuple(line.partition(" podfeed ")[0] for line in cron(found, upcoming(found, NOW)).lines)


def test_every_scheduled_episode_is_told_in_the_zone_of_its_show(scheduled: Callable[..., Path]) -> None:
    """The next first; drafts and what is out already are not among them."""
    folder = scheduled("2026-02-08T00:00:00Z", "2026-02-01 06:00:00 +0900", "2025-12-01 06:00:00 +0900")
    (folder / "episodes" / "draft.md").write_text(episode("Draft", date="2026-02-01 06:00:00 +0900", draft="true"))

    found = upcoming(load(folder), NOW)

    assert [each.title for each in found] == ["Later 1", "Later 0"]
    assert [each.date.isoformat() for each in found] == ["2026-02-01T06:00:00+09:00", "2026-02-08T09:00:00+09:00"]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(["2026-02-02 06:00:00 +0900"], ("2 6 * * 1",), id="once"),
        pytest.param([f"2026-02-{day:02} 06:00:00 +0900" for day in (2, 9, 16)], ("2 6 * * 1",), id="weekly"),
        pytest.param(
            ["2026-02-01 06:00:00 +0900", "2026-02-05 06:00:00 +0900"], ("2 6 * * 0,4",), id="two days of a week"
        ),
        pytest.param(
            ["2026-02-02 18:30:00 +0900", "2026-02-03 06:00:00 +0900"], ("2 6 * * 2", "32 18 * * 1"), id="two hours"
        ),
        pytest.param(["2026-02-02 23:59:00 +0900"], ("1 0 * * 2",), id="over midnight"),
        pytest.param(["2026-02-02T00:00:00Z"], ("2 9 * * 1",), id="in the zone of the show"),
        pytest.param([f"2026-02-02 {hour:02}:00:00 +0900" for hour in range(4)], ("*/15 * * * *",), id="many hours"),
        pytest.param([], (), id="none"),
    ],
)
def test_cron_publishes_shortly_after_each(
    scheduled: Callable[..., Path], dates: list[str], expected: tuple[str, ...]
) -> None:
    """Two minutes after, on the days of the week that any needs: one line for all that go out at the same hour."""
    assert lines(scheduled(*dates)) == expected


def test_the_hour_stays_where_summer_time_begins(scheduled: Callable[..., Path]) -> None:
    """Every Monday at six in Berlin is one line, before the end of March and after."""
    folder = scheduled("2026-03-23T06:00:00+01:00", "2026-03-30T06:00:00+02:00", timezone="Europe/Berlin")

    assert lines(folder) == ("2 6 * * 1",)


def test_lines_are_what_crontab_takes(scheduled: Callable[..., Path], tmp_path: Path) -> None:
    """Blanks and percent signs in the folder's name do not end the command; cron's own reader is asked."""
    if not shutil.which("crontab"):
        pytest.skip("crontab, which reads the lines, is not installed: make test-tools installs it")
    folder = scheduled("2026-02-02 06:00:00 +0900").rename(tmp_path / "100 % podcast")
    found = load(folder)
    (line,) = cron(found, upcoming(found, NOW)).lines
    (tmp_path / "crontab").write_text(f"{line}\n")

    assert line.endswith(rf"-C '{tmp_path}/100 \% podcast'")
    done = subprocess.run(["crontab", "-n", str(tmp_path / "crontab")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_tells_the_next_ones(scheduled: Callable[..., Path]) -> None:
    """--next limits them; JSON has the same, and every key is described."""
    folder = scheduled("2026-02-02 06:00:00 +0900", "2026-02-09 06:00:00 +0900")
    now = ("--now", NOW.isoformat())

    text = podfeed(folder, "when", "--next", "1", *now).stdout
    values = json.loads(podfeed(folder, "when", "--format", "json", *now).stdout)

    assert "2026-02-02 06:00 +0900  radio  Later 0  episodes/later-0.md\n" in text
    assert "Later 1" not in text
    assert f"  2 6 * * 1 podfeed publish -C {folder}\n" in text
    assert [each["title"] for each in values["releases"]] == ["Later 0", "Later 1"]
    section = (
        (ROOT / "docs" / "reference" / "json.md").read_text("utf-8").split("## podfeed when\n")[1].split("\n## ")[0]
    )
    keys = {*values, *values["releases"][0], *values["cron"]}
    assert {key for key in keys if f"`{key}`" not in section} == set()


def test_nothing_scheduled_is_said(project: Callable[..., Path]) -> None:
    """And there is nothing for cron to do."""
    folder = project()

    assert podfeed(folder, "when").stdout == "nothing is scheduled\n"
    assert cron(load(folder), ()) == Cron(timezone="Asia/Tokyo", lines=())
    assert upcoming(load(folder), NOW - timedelta(days=365)) != ()
