"""What an episode is called and where it stands among the others, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from writing import file_of, said, weekly

from podfeed.checking import check, load_around
from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PUBLISHED = 'episode {{"show": "radio", "path": "episodes/{0}.md", "guid": "{0}", "audio": "audio/with-{1}.mp3"}}\n'


def titles(*texts: str) -> dict[str, str]:
    """The files of episodes with these titles."""
    return weekly(*({"title": f'"{text}"'} for text in texts))


# ----------------------------------------------------------------------------- numbers in titles


def test_numbers_in_titles_are_told_once_at_the_newest_episode(told: Told) -> None:
    """Whoever numbers a hundred titles hears it once, where the next one is being written."""
    found = told(files=titles("第1回 海の話", "波の話", "第３回「風の話」"))

    assert said("episode-title-holds-number", found) == [
        ("episodes/3.md", "the title begins with the episode's number, as 2 titles of this show do")
    ]
    hint = "take it out of the title; “episode: 3” is the place for it"
    assert [each.hint for each in found if each.rule == "episode-title-holds-number"] == [hint]


def test_number_of_the_season_has_its_setting_too(told: Told) -> None:
    """The hint names both."""
    (found,) = (each for each in told(header={"title": "S2E3 Tides"}) if each.rule == "episode-title-holds-number")

    assert found.hint == "take it out of the title; “season: 2” and “episode: 3” are the place for it"


@pytest.mark.parametrize(
    ("files", "path"),
    [
        pytest.param(titles("海", "2. 波"), "episodes/2.md", id="its place in the show"),
        pytest.param(weekly({}, {"title": '"7. 波"', "episode": "7"}), "episodes/2.md", id="its number"),
        pytest.param(titles("11. 海", "12. 波", "13. 風", "雪", "雨"), "episodes/3.md", id="the custom of the show"),
    ],
)
def test_bare_number_is_the_episodes_where_something_else_says_so(files: dict[str, str], path: str, told: Told) -> None:
    """“12.” alone could be anything."""
    assert [where for where, _ in said("episode-title-holds-number", told(files=files))] == [path]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(titles("2001: A Space Odyssey", "海", "波"), id="a title with a number"),
        pytest.param(titles("海", "第107回全国大会を聴く"), id="the number of another thing"),
        pytest.param(titles("海の話（第1回）", "波 #2"), id="a number behind"),
        pytest.param(weekly({"title": "'#1 予告'", "episode_type": "trailer"}), id="a trailer"),
        pytest.param(weekly({"title": "海", "episode": "1"}), id="a number in its place"),
    ],
)
def test_title_may_speak_of_numbers(files: dict[str, str], told: Told) -> None:
    """Only a label is one."""
    assert said("episode-title-holds-number", told(files=files)) == []


@pytest.mark.parametrize(
    ("title", "episode", "messages"),
    [
        ("第13回 海の話", "12", ["the title says 13, and “episode” says 12"]),
        ("第十三回 海の話", "12", ["the title says 13, and “episode” says 12"]),
        ("第１２回 海の話", "12", []),
        ("第12回 海の話", "１２", []),
        ("2001: A Space Odyssey", "12", []),
        ("第13回 海の話", None, []),
        ("第13回 海の話", "12a", []),
    ],
)
def test_title_and_number_agree_or_it_is_told(title: str, episode: str | None, messages: list[str], told: Told) -> None:
    """In whichever digits."""
    found = told(header={"title": f'"{title}"', "episode": episode})

    assert [message for _, message in said("episode-number-contradicts-title", found)] == messages


def test_number_written_with_words_around_it_is_understood_in_the_hint(told: Told) -> None:
    """“第12回” is no whole number, and it is plain what is meant."""
    (found,) = (each for each in told(header={"episode": "第12回"}) if each.rule == "episode-number-invalid")

    assert found.hint == "write 12"


def test_name_of_one_file_is_held_against_the_others(told: Told) -> None:
    """The audio's name counts as much as the file's own; a title stands in for “episode”."""
    files = weekly(
        {"episode": "1", "audio_file_path": "/audio/001.mp3"},
        {"episode": "2", "audio_file_path": "/audio/002.mp3"},
        {"episode": "4", "audio_file_path": "/audio/004.mp3"},
        {"title": "'#5 海'", "audio_file_path": "/audio/006.mp3"},
        names=["2025-01-01-001.md", "2025-01-08-002.md", "2025-01-15-003.md", "2025-01-22-005.md"],
    )

    assert said("episode-number-contradicts-name", told(files=files)) == [
        ("episodes/2025-01-15-003.md", "“2025-01-15-003.md” is named like episode 3, and this is 4"),
        ("episodes/2025-01-22-005.md", "“006.mp3” is named like episode 6, and this is 5"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            weekly({"episode": "8"}, {"episode": "9"}, names=["2018-06-10-1.md", "2018-06-17-1.md"]), id="another rule"
        ),
        pytest.param(weekly({"episode": "5"}, names=["100-days.md"]), id="a number in a single name"),
        pytest.param(weekly({}, {}, names=["7.md", "9.md"]), id="no other numbers"),
        pytest.param(
            weekly({"episode": "1"}, {"title": "'#3 波'", "episode": "2"}, names=["1.md", "3.md"]), id="told already"
        ),
        pytest.param(
            weekly({"episode": "1"}, {"episode_type": "bonus", "episode": "2"}, names=["1.md", "9.md"]), id="a bonus"
        ),
    ],
)
def test_name_may_be_numbered_otherwise(files: dict[str, str], told: Told) -> None:
    """Noracast's files are called -1 for ever."""
    assert said("episode-number-contradicts-name", told(files=files)) == []


# ------------------------------------------------------------------------------------------ titles


@pytest.mark.parametrize(
    ("show", "title", "is_told"),
    [
        ("Harbour Radio", "Harbour Radio, Tides", True),
        ("Harbour Radio", "Tides | harbour radio", True),
        ("Harbour Radio", "Harbour Radiology", False),
        ("Harbour Radio", "At Cold-Harbour Radio", True),
        ("Harbour Radio", "TheHarbour Radio", False),
        ("Harbour Radio", "Why Harbour Radio began", False),
        ("Harbour Radio", "Harbour Radio", False),
        ("Tides", "Tides and waves", False),
        ("夜明け前の魚市場", "夜明け前の魚市場ラジオ第3回", True),
        ("夜明け前の魚市場", "競りの鐘・夜明け前の魚市場", True),
        ("夜明け前の魚市場", "競りの鐘が鳴る前に", False),
    ],
)
def test_name_of_the_show_is_found_at_either_end_of_a_title(show: str, title: str, is_told: bool, told: Told) -> None:
    """As whole words, where a script has gaps between words."""
    found = told(show={"title": show}, header={"title": title})

    assert bool(said("episode-title-repeats-show", found)) is is_told


def test_title_of_the_episode_before_is_told(told: Told) -> None:
    """Neighbours by date, whatever the files are called; an undated draft comes after all others."""
    files = weekly(
        {"title": "海の話"},
        {"title": "波の話"},
        {"title": "波の話"},
        {"title": "風の話"},
        {"title": "風の話", "date": None, "draft": "true"},
        names=["e.md", "d.md", "c.md", "1.md", "a.md"],
    )

    assert said("episode-title-repeated", told(files=files)) == [
        ("episodes/a.md", "episodes/1.md, the episode before this one, has the same title"),
        ("episodes/c.md", "episodes/d.md, the episode before this one, has the same title"),
    ]


def test_adopted_episode_stands_where_it_was_published(told: Told) -> None:
    """Its header may have no date; the lock has one."""
    files = weekly({"title": "海の話", "date": None}, {"title": "海の話"}, {"title": "波の話"}, {"title": "風の話"})
    lock = PUBLISHED.format(1, "a").replace("}\n", ', "date": "2025-01-05T05:00:00+09:00"}\n')

    found = told(files={**files, "podfeed.lock": lock})

    assert [path for path, _ in said("episode-title-repeated", found)] == ["episodes/2.md"]


def test_title_may_come_again_later(told: Told) -> None:
    """A column has one title for ever, and so may a whole show."""
    assert said("episode-title-repeated", told(files=titles("おたより", "海", "おたより"))) == []
    assert said("episode-title-repeated", told(files=titles(*["朝のニュース"] * 3))) == []


# ------------------------------------------------------------------------------------------- order


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        pytest.param(["7", "8", "10", "12"], ["there is no episode 9"], id="the first of two gaps"),
        pytest.param(["7", "8", "9"], [], id="a show that begins late"),
        pytest.param(["9", "8", "7"], [], id="in any order"),
        pytest.param(["3", None, None, None, "9"], [], id="few have numbers"),
        pytest.param(["3", "4a", "5"], [], id="a number that cannot be read"),
        pytest.param([None, None], [], id="none has a number"),
    ],
)
def test_number_that_is_skipped_is_told_once(numbers: list[str | None], message: list[str], told: Told) -> None:
    """It is a note, for a gap may be meant."""
    found = told(files=weekly(*({"episode": number} for number in numbers)))

    assert [words for _, words in said("episode-number-skipped", found)] == message


def test_every_season_counts_by_itself(told: Told) -> None:
    """And a bonus counts in none."""
    files = weekly(
        {"season": "1", "episode": "1"},
        {"season": "1", "episode": "3"},
        {"season": "2", "episode": "1"},
        {"season": "2", "episode": "2"},
        {"season": "3", "episode": "1"},
        {"season": "3", "episode": "9", "episode_type": "bonus"},
    )

    assert said("episode-number-skipped", told(files=files)) == [("episodes/2.md", "season 1 has no episode 2")]


@pytest.mark.parametrize(
    ("kind", "numbers", "paths"),
    [
        pytest.param("serial", [(1, 1), (1, 3), (1, 2)], ["episodes/2.md"], id="serial"),
        pytest.param("serial", [(1, 1), (1, 2), (2, 1)], [], id="serial, with a new season"),
        pytest.param("serial", [(2, 1), (1, 1)], ["episodes/1.md"], id="serial, seasons turned round"),
        pytest.param("episodic", [(1, 2), (1, 1)], [], id="episodic, and out for long"),
    ],
)
def test_dates_of_a_serial_show_follow_its_numbers(
    kind: str, numbers: list[tuple[int, int]], paths: list[str], told: Told
) -> None:
    """Only the episode that is out of line is told, and not all behind it."""
    headers = ({"season": str(season), "episode": str(number)} for season, number in numbers)

    found = told(show={"type": kind}, files=weekly(*headers))

    assert [path for path, _ in said("episode-out-of-order", found)] == paths


def test_scheduled_episode_follows_lower_numbers(told: Told) -> None:
    """Else it would appear before the one it follows; drafts may have any date."""
    late, later = "2026-03-01 05:00:00 +0900", "2026-03-08 05:00:00 +0900"
    files = weekly({"episode": "1"}, {"episode": "3", "date": late}, {"episode": "2", "date": later})

    assert said("episode-out-of-order", told(files=files)) == [
        ("episodes/2.md", "this is dated before episode 2, episodes/3.md")
    ]
    draft = weekly({"episode": "1"}, {"episode": "3", "date": late, "draft": "true"}, {"episode": "2", "date": later})
    assert said("episode-out-of-order", told(files=draft)) == []


def test_new_episode_follows_what_is_out(told: Told) -> None:
    """A date that was forgotten puts it in the middle of everybody's list."""
    new = {"guid": "new", "date": "2025-01-05 05:00:00 +0900"}
    lock = PUBLISHED.format(1, "a") + PUBLISHED.format(2, "b")

    def messages(header: dict[str, str], lock: str = lock) -> list[tuple[str, str]]:
        files = {**weekly({"guid": "'1'"}, {"guid": "'2'"}, header), "podfeed.lock": lock}
        return said("episode-out-of-order", told(files=files))

    assert messages(new) == [("episodes/3.md", "this is dated before episodes/2.md, which is out already")]
    assert messages({**new, "date": "2025-01-08 05:00:00 +0900"}) == []
    assert messages({**new, "draft": "true"}) == []
    assert messages(new, lock="") == []
    assert messages({"guid": "'2'"}) == []


# ---------------------------------------------------------------------------------- one file alone


def test_one_file_is_told_what_it_is_told_among_all(project: Callable[..., Path]) -> None:
    """Rules that look at a whole show say the same of a file when only that file is asked about."""
    files = weekly({"title": "海", "episode": "1"}, {"title": "海", "episode": "3"}, {"title": "'#4 波'"})
    root = project(files=files)
    whole, _ = load_around(str(root), [])

    for path in files:
        part, wanted = load_around(str(root), [str(root / path)])
        assert check(part, now=NOW, paths=wanted) == tuple(each for each in check(whole, now=NOW) if each.path == path)


def test_article_is_no_part_of_the_order(told: Told) -> None:
    """What has no audio is in no feed."""
    files = {
        **weekly({"title": "海"}),
        "episodes/2.md": file_of({"title": "海", "date": "2025-01-02", "show": "radio"}),
    }

    assert said("episode-title-repeated", told(files=files)) == []
