"""What is held against podfeed.lock: what was published and is not as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]

ENTRY = 'episode {"show": "radio", "path": "episodes/%s.md", "guid": "first", "audio": "audio/%s.mp3"%s}\n'
SHOW = 'show {"id": "radio", "guid": "%s", "feed_url": "%s"}\n'
GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"


def said(rule: str, found: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    """File, message and hint of everything *rule* says."""
    return [(each.path, each.message, each.hint) for each in found if each.rule == rule]


# -------------------------------------------------------------------------------------- pages that move


@pytest.mark.parametrize(
    ("before", "header", "slug"),
    [
        pytest.param("1", {}, None, id="the same file"),
        pytest.param("2025-06-02-1", {}, None, id="a date in the name is no part of the address"),
        pytest.param("sub/1", {}, None, id="nor is the folder"),
        pytest.param("海辺", {}, "海辺", id="another name"),
        pytest.param("2025-06-02-か\u3099行", {}, "が行", id="a name from a Mac"),
        pytest.param("海辺", {"slug": "海辺"}, None, id="the old slug is kept"),
        pytest.param("海辺", {"permalink": "/radio/海辺/"}, None, id="or the old address"),
    ],
)
def test_page_moves_with_the_name_of_its_file(
    before: str, header: dict[str, str], slug: str | None, told: Told
) -> None:
    """Where nothing but the name decides its address."""
    found = said("history-page-moved", told(header=header, files={"podfeed.lock": ENTRY % (before, "good", "")}))

    assert [each[0::2] for each in found] == (
        [("episodes/1.md", f"add “slug: {slug}” to keep the address, or redirect the old one")] if slug else []
    )


def test_page_of_an_adopted_episode_without_a_file_did_not_move(told: Told) -> None:
    """Nobody knows where it was."""
    line = 'episode {"show": "radio", "guid": "first", "audio": "audio/good.mp3"}\n'

    assert said("history-page-moved", told(files={"podfeed.lock": line})) == []


# ----------------------------------------------------------------------------- episodes that are missing


@pytest.mark.parametrize(
    ("date", "hint"),
    [
        pytest.param(
            "2025-06-01T20:00:00+00:00",
            "if “episodes/1.md” is that episode, write “guid: first” in it, or it gets a new one, made from its name",
            id="a new file goes out at the same moment",
        ),
        pytest.param(
            "2025-06-01T05:00:00+00:00",
            "bring the file back, or run “podfeed withdraw episodes/0.md”",
            id="nothing takes its place",
        ),
    ],
)
def test_missing_episode_is_looked_for_among_the_new_files(date: str, hint: str, told: Told) -> None:
    """A file that was renamed and got other audio at once is a new one, unless it keeps the guid."""
    line = ENTRY % ("0", "gone", f', "date": "{date}"')

    assert said("history-episode-missing", told(files={"podfeed.lock": line})) == [
        ("podfeed.lock", "“episodes/0.md” is published (guid “first”), and its file is gone", hint)
    ]


def test_published_file_that_is_no_episode_any_more_is_told_there(told: Told) -> None:
    """With the reason it is skipped for."""
    found = told(files={"episodes/0.md": "No header.\n", "podfeed.lock": ENTRY % ("0", "gone", "")})

    ((path, message, hint),) = said("history-episode-missing", found)
    assert (path, hint) == ("episodes/0.md", "mend its header")
    assert message == "the file is published, and no episode any more: its first line is neither “---” nor “+++”"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"draft": "true"}, "the episode is published, and a draft now"),
        ({"audio_file_path": None}, "the episode is published, and without audio now"),
    ],
)
def test_published_episode_stays_public(header: dict[str, str | None], message: str, told: Told) -> None:
    """Told in its own file, with both ways out."""
    found = said("history-episode-missing", told(header=header, files={"podfeed.lock": ENTRY % ("1", "good", "")}))

    assert found == [("episodes/1.md", message, "undo that, or run “podfeed withdraw episodes/1.md”")]


# ---------------------------------------------------------------------------------------- guids and feeds


def test_changed_guid_comes_with_the_published_one(told: Told) -> None:
    """To the letter, as it has to be written."""
    guid = "https://old.podfeed.example/episode/%E6%B5%B7%E8%BE%BA"
    line = f'episode {{"show": "radio", "path": "episodes/1.md", "guid": "{guid}"}}\n'

    found = said("history-guid-changed", told(header={"guid": "another"}, files={"podfeed.lock": line}))

    assert found == [
        (
            "episodes/1.md",
            f"the guid is “another”; the episode was published as “{guid}”",
            f"write “guid: {guid}”, or delete the line",
        )
    ]


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://radio.podfeed.example/radio/feed.xml", False),
        ("http://radio.podfeed.example/radio/feed.xml", False),
        ("https://radio.podfeed.example/feed.xml", True),
    ],
)
def test_feed_that_stays_where_it_is_has_not_moved(address: str, is_told: bool, told: Told) -> None:
    """From http to https is no move."""
    found = said("history-feed-moved", told(files={"podfeed.lock": SHOW % (GUID, address)}))

    assert len(found) == is_told


@pytest.mark.parametrize(("guid", "is_told"), [(GUID, False), (GUID.upper(), False), (GUID.replace("9", "8"), True)])
def test_guid_of_a_show_is_for_life(guid: str, is_told: bool, told: Told) -> None:
    """Capital letters make no other guid."""
    lock = SHOW % (GUID, "https://radio.podfeed.example/radio/feed.xml")
    found = said("history-show-guid-changed", told(show={"guid": guid}, files={"podfeed.lock": lock}))

    assert [each[2] for each in found] == [f"write “guid: {GUID}”, or delete the line"] * is_told
