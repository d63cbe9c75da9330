"""An episode stays who it is, whatever is renamed, moved or corrected."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from podfeed.identity import Identities, identify, podcast_guid, show_guid
from podfeed.model import AudioFacts, Episode, Guid, Show
from podfeed.read.lock import Lock, PublishedEpisode, PublishedShow

SHOW_GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
FIRST = PublishedEpisode(
    show="radio",
    guid=Guid(text="https://a.example/1/", is_permalink=True),
    path="episodes/1.md",
    date=datetime(2025, 6, 2, tzinfo=UTC),
    audio="audio/1.mp3",
    sha256="ab" * 32,
)


def episode(path: str = "episodes/1.md", **values: Any) -> Episode:
    return Episode(path=path, digest="", show="radio", **{"audio": "audio/1.mp3", **values})


def identities(
    *episodes: Episode, published: tuple[PublishedEpisode, ...] = (FIRST,), **facts: AudioFacts
) -> Identities:
    known = {f"audio/{name}.mp3": each for name, each in facts.items()}
    return identify(episodes, published, SHOW_GUID, known)


@pytest.mark.failure("IN-18")
@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param(episode(), "kept from its first release", id="unchanged"),
        pytest.param(episode(title="Another"), "kept from its first release", id="another title"),
        pytest.param(episode(slug="another"), "kept from its first release", id="another slug"),
        pytest.param(
            episode(date=datetime(2030, 1, 1, tzinfo=UTC), date_is_exact=True),
            "kept from its first release",
            id="another date",
        ),
        pytest.param(episode(audio="audio/2.mp3"), "kept from its first release", id="another audio file"),
        pytest.param(episode(audio=""), "kept from its first release", id="no audio any more"),
        pytest.param(episode("episodes/2.md"), "kept from its first release as episodes/1.md", id="renamed"),
        pytest.param(episode("episodes/en/1.md"), "kept from its first release as episodes/1.md", id="moved"),
        pytest.param(
            episode("episodes/2.md", guid="https://a.example/1/"), "written in the file", id="renamed, with its guid"
        ),
    ],
)
def test_published_episode_keeps_its_guid(found: Episode, reason: str) -> None:
    """Character for character, link or no link."""
    identity = identities(found).by_path[found.path]

    assert identity.guid == FIRST.guid
    assert identity.reason == reason
    assert identity.published == FIRST


@pytest.mark.failure("IN-18")
def test_renamed_file_and_renamed_audio_are_recognised_by_the_bytes() -> None:
    """Both names may change at once."""
    found = identities(
        episode("episodes/2.md", audio="audio/2.mp3"), **{"2": AudioFacts(size_bytes=1, sha256="ab" * 32)}
    )

    assert found.by_path["episodes/2.md"].guid == FIRST.guid
    assert found.missing == ()


@pytest.mark.failure("IN-18")
def test_another_file_with_the_same_audio_is_not_the_same_episode() -> None:
    """As long as the first file is there, nobody takes its place."""
    found = identities(episode(), episode("episodes/2.md"))

    assert found.by_path["episodes/1.md"].guid == FIRST.guid
    assert (
        found.by_path["episodes/2.md"].reason
        == "made from the file's name; podfeed.lock keeps it from the first release on"
    )


@pytest.mark.failure("IN-18")
def test_no_two_episodes_continue_the_same_one() -> None:
    """Of two files with one published guid the first has it; the second is told apart by a rule."""
    found = identities(episode(guid="https://a.example/1/"), episode("episodes/2.md", guid="https://a.example/1/"))

    assert found.by_path["episodes/1.md"].published == FIRST
    assert found.by_path["episodes/2.md"].published is None


@pytest.mark.failure("IN-18")
def test_written_guid_that_was_never_published_is_taken_and_the_published_one_missed() -> None:
    """So that a rule can refuse it."""
    found = identities(episode(guid="another", guid_is_permalink=True))

    assert found.by_path["episodes/1.md"].guid == Guid(text="another", is_permalink=True)
    assert found.missing == (FIRST,)


def test_author_decides_whether_the_guid_is_a_link() -> None:
    """Where they say so beside the guid; else it stays as published."""
    written = {"guid": "https://a.example/1/"}

    assert identities(episode(**written, guid_is_permalink=False)).by_path["episodes/1.md"].guid.is_permalink is False
    assert identities(episode(**written)).by_path["episodes/1.md"].guid.is_permalink is True


@pytest.mark.failure("IN-26")
def test_new_guid_is_made_of_the_shows_and_the_name() -> None:
    """The same in both normal forms of a name, in any folder, and never the same for two names."""
    nfc, nfd = ("episodes/" + unicodedata.normalize(form, "ガイド.md") for form in ("NFC", "NFD"))
    made = {
        path: identities(episode(path), published=()).by_path[path].guid
        for path in (nfc, nfd, "episodes/a/ガイド.md", "episodes/b.md")
    }

    assert made[nfc] == made[nfd] == made["episodes/a/ガイド.md"] != made["episodes/b.md"]
    assert made[nfc] == Guid(text=str(uuid.uuid5(uuid.UUID(SHOW_GUID), "ガイド")), is_permalink=False)


@pytest.mark.parametrize("guid", ["my-show", "", "ガイド"])
def test_shows_guid_that_is_no_uuid_makes_guids_all_the_same(guid: str) -> None:
    """It is an error told elsewhere, and no crash."""
    made = identify([episode()], (), guid, {}).by_path["episodes/1.md"].guid.text

    assert uuid.UUID(made)
    assert made != identities(episode(), published=()).by_path["episodes/1.md"].guid.text


def test_what_has_no_file_is_missing_unless_it_was_withdrawn() -> None:
    """A published episode never drops out in silence."""
    gone = replace(FIRST, guid=Guid(text="gone"), path="episodes/0.md", audio="x", is_withdrawn=True)

    assert identities(published=(FIRST, gone)).missing == (FIRST,)


def test_date_is_the_published_one_where_the_offset_was_left_open() -> None:
    """What was read by another tool nine hours off keeps its instant; an exact date is the author's will."""
    late = datetime(2025, 7, 1, tzinfo=UTC)
    for is_exact, expected in ((False, FIRST.date), (True, late)):
        found = episode(date=late, date_is_exact=is_exact)
        assert identities(found).by_path[found.path].date_of(found) == expected
    new = episode("episodes/9.md", audio="x", date=late)
    assert identities(new).by_path[new.path].date_of(new) == late


def test_podcast_guid_is_made_as_the_namespace_says() -> None:
    """The example of the specification, with any scheme and any number of trailing slashes."""
    for address in (
        "https://mp3s.nashownotes.com/pc20rss.xml",
        "http://mp3s.nashownotes.com/pc20rss.xml",
        "mp3s.nashownotes.com/pc20rss.xml//",
    ):
        assert podcast_guid(address) == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_shows_guid_is_written_or_published_or_made() -> None:
    """In this order; a moved site does not change a published one."""
    show = Show(id="radio", title="R", feed="radio/feed.xml", permalink="")
    lock = Lock(shows={"radio": PublishedShow(id="radio", guid="published", feed_url="")})

    assert show_guid(replace(show, guid="written"), "https://a.example", lock) == "written"
    assert show_guid(show, "https://a.example", lock) == "published"
    assert show_guid(show, "https://a.example", Lock()) == podcast_guid("https://a.example/radio/feed.xml")
