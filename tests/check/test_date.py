"""When an episode goes out, and what its names say about that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from writing import said, weekly

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]

RULE = "date-contradicts-name"
NAMES = ["2025-01-01-海.md", "2025-01-08-波.md", "2025-01-15-風.md", "2025-1-22-雪.md"]


def test_name_of_the_file_is_held_against_the_date(told: Told) -> None:
    """Where the show's other names agree with theirs."""
    files = weekly({}, {}, {"date": "2025-01-08 05:01:00 +0900"}, {}, names=NAMES)

    assert said(RULE, told(files=files)) == [
        ("episodes/2025-01-15-風.md", "“2025-01-15-風.md” speaks of 2025-01-15, and “date” of 2025-01-08")
    ]


def test_audio_and_title_are_held_against_the_date(told: Told) -> None:
    """First users put the day into both; an episode is told once, however many of its names disagree."""
    names = ("20250101", "20250108", "20250115", "20250122")
    headers = [
        {"title": f"放送局 podcast {day}", "audio_file_path": f"/audio/放送局_podcast_{day}.mp3"} for day in names
    ]
    headers[1]["title"] = "放送局 podcast 20250101"
    headers[3]["date"] = "2025-01-29 05:00:00 +0900"

    assert said(RULE, told(files=weekly(*headers))) == [
        ("episodes/2.md", "“放送局 podcast 20250101” speaks of 2025-01-01, and “date” of 2025-01-08"),
        ("episodes/4.md", "“放送局_podcast_20250122.mp3” speaks of 2025-01-22, and “date” of 2025-01-29"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            weekly({"date": "2025-01-01 00:30:00 +0900"}, {"date": "2025-01-08 23:30:00 -0500"}, names=NAMES[:2]),
            id="the day is that of the date's own offset",
        ),
        pytest.param(
            weekly({"date": "2025-01-03 05:00:00 +0900"}, {"date": "2025-01-10 05:00:00 +0900"}, names=NAMES[:2]),
            id="files are named for another day all the time",
        ),
        pytest.param(weekly({}, {"title": "20110311 を語る"}), id="a title about a day"),
        pytest.param(weekly({"audio_file_path": "/audio/クラブ_podcast_2012010119.mp3"}), id="a longer number"),
        pytest.param(weekly({}, {"date": None}, names=NAMES[:2]), id="no date"),
        pytest.param(weekly({}, {"date": "2025/13/45"}, names=NAMES[:2]), id="a date that cannot be read"),
    ],
)
def test_names_that_say_nothing_of_the_date_are_left_alone(files: dict[str, str], told: Told) -> None:
    """A show has its own way with names."""
    assert said(RULE, told(files=files)) == []
