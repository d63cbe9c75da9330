"""Numbers and days in titles and in the names of files."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read.labels import Label, day_in, label_of, number_in_name


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("#12 Tides", 12),
        ("# 12: Tides", 12),
        ("No. 12 Tides", 12),
        ("no.12 Tides", 12),
        ("№12 Tides", 12),
        ("Ep 12: Tides", 12),
        ("EP12 – Tides", 12),
        ("Ep. 12", 12),
        ("Episode 12, Tides", 12),
        ("Vol.12 Tides", 12),
        ("[#12] Tides", 12),
        ("第12回 海の話", 12),
        ("第１２回　海の話", 12),
        ("第12回「海の話」", 12),
        ("第012回「海の話」", 12),
        ("【第12回】海の話", 12),
        ("第12話：海の話", 12),
        ("第十二回 海の話", 12),
        ("第二十回 海の話", 20),
        ("第百二十三回 海の話", 123),
        ("第一〇回 海の話", 10),
        ("＃１２ 海の話", 12),
        ("エピソード12 海の話", 12),
        ("第12回", 12),
    ],
)
def test_label_is_read_in_every_spelling(title: str, number: int) -> None:
    """Of these nobody thinks anything else than that it is the episode's number."""
    assert label_of(title) == Label(number)


@pytest.mark.parametrize("title", ["S2E3 Tides", "s02e03", "S2 E3: Tides", "Season 2, Episode 3: Tides", "S2 Ep. 3"])
def test_label_may_name_a_season(title: str) -> None:
    """Both numbers have a setting of their own."""
    assert label_of(title) == Label(3, season=2)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("12. Tides", 12),
        ("2.ノラキャストあつまりました！", 2),
        ("12 – Tides", 12),
        ("12 - Tides", 12),
        ("12：海の話", 12),
        ("12、海の話", 12),
        ("2001: A Space Odyssey", 2001),
        ("第107回全国大会を聴く", 107),
        ("第一回目の放送", 1),
    ],
)
def test_number_may_be_a_label(title: str, number: int) -> None:
    """Or a part of what the episode is about."""
    assert label_of(title) == Label(number, is_sure=False)


@pytest.mark.parametrize(
    "title",
    [
        *("Tides", "", "Tides #12", "海の話（第12回）", "潮 第12回"),
        *("#66DaysOfCode", "#1,000 listeners", "24-hour radio", "3.11を語る", "10:30の電車", "7.1 surround", "3D"),
        *("Nobel 1921", "No one", "Epic 5", "Volume", "Season 2", "S2", "第三者の目", "第回", "12 monkeys", "2つの海"),
        *("一回だけの放送", "podcast 20250602", "第0回 予告", "0. Hello"),
    ],
)
def test_other_beginnings_are_no_label(title: str) -> None:
    """A title may speak of numbers."""
    assert label_of(title) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("12.md", 12),
        ("012-tides.md", 12),
        ("0007_tides.mp3", 7),
        ("2018-01-19-002.md", 2),
        ("2025-06-02-12-海辺.md", 12),
        ("20250602-12.md", 12),
        ("ep12.mp3", 12),
        ("Ep-12_tides.mp3", 12),
        ("2025-06-02-episode-12.md", 12),
        ("s2e3.mp3", 3),
        ("第12回-海の話.mp3", 12),
        ("第１２回.mp3", 12),
        ("tides.md", None),
        ("2025-06-02-海辺.md", None),
        ("2025-06-02.md", None),
        ("20250602.mp3", None),
        ("2018-02-22-sp001.md", None),
        ("podcast_20250724.mp3", None),
        ("3d-printing.md", None),
        ("000.md", None),
        ("0001234.md", None),
        ("", None),
    ],
)
def test_name_begins_with_a_number_or_with_none(name: str, number: int | None) -> None:
    """Behind a day, if there is one."""
    assert number_in_name(name) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-02-海辺.md", date(2025, 6, 2)),
        ("2025-7-24-会社.md", date(2025, 7, 24)),
        ("2025_06_02.mp3", date(2025, 6, 2)),
        ("放送局_podcast_20250602.mp3", date(2025, 6, 2)),
        ("20250602m.mp3", date(2025, 6, 2)),
        ("2025年6月2日の放送", date(2025, 6, 2)),
        ("2025.6.2 海の話", date(2025, 6, 2)),
        ("20259999 20250602", date(2025, 6, 2)),
        ("2012010119.mp3", None),
        ("120250602", None),
        ("2025-06/02", None),
        ("2025-02-30", None),
        ("30250602", None),
        ("S2E3", None),
    ],
)
def test_day_is_found_in_a_name(text: str, day: date | None) -> None:
    """With its year in full, and only if the calendar has it."""
    assert day_in(text) == day


@given(st.text() | st.from_regex(r"(第|#|S2E|ep ?)?[0-9０-９一十百〇]+[回話.: -]?.*"))
def test_any_text_has_an_answer(text: str) -> None:
    """Nothing an author can write raises."""
    label_of(text), number_in_name(text), day_in(text)
