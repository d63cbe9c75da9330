"""podfeed.lock: what goes in comes out, and a line nobody can read is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from podfeed.diagnostics import Position
from podfeed.errors import RefusedError
from podfeed.model import ArtworkFacts, AudioDetails, AudioFacts, Chapter, Guid
from podfeed.read import lock as locks
from podfeed.read.lock import Lock, PublishedEpisode, PublishedFeed, PublishedShow, read, write

SHOW = PublishedShow(id="radio", guid="9b024349-ccf0-5f69-a609-6b82873eab3c", feed_url="https://a.example/feed.xml")
EPISODE = PublishedEpisode(
    show="radio",
    guid=Guid(text="https://a.example/1/", is_permalink=True),
    path="episodes/潮.md",
    date=datetime(2025, 6, 2, 5, tzinfo=UTC),
    enclosure_url="https://a.example/a.mp3",
    audio="audio/a.mp3",
    sha256="ab" * 32,
)
AUDIO = AudioFacts(
    size_bytes=1234,
    duration=timedelta(seconds=12, milliseconds=345),
    mime_type="audio/mpeg",
    container="mp3",
    codec="mp3",
    bitrate_bps=64000,
    sha256="cd" * 32,
    origin="lock",
)
PICTURE = ArtworkFacts(
    size_bytes=99,
    width=1400,
    height=1400,
    mime_type="image/png",
    mode="RGBA",
    has_transparency=True,
    sha256="ef" * 32,
    origin="lock",
)
OPUS = PublishedFeed(
    show="radio", name="opus", guid="342e5217-905c-58ac-a218-148650a6ea18", feed_url="https://a.example/潮.xml"
)
ARCHIVE = replace(OPUS, name="archive", feed_url="https://a.example/archive/feed.xml", page_items=50)
NETWORK = replace(OPUS, name="network", show="", feed_url="https://a.example/all.xml")
WHOLE = Lock(
    shows={"radio": SHOW},
    feeds={feed.feed_url: feed for feed in (NETWORK, ARCHIVE, OPUS)},
    episodes={("radio", EPISODE.guid.text): EPISODE},
    media={"audio/a.mp3": AUDIO, "artwork/c.png": PICTURE},
    names={"audio/a.mp3": "cd" * 32},
)


def test_what_is_written_is_read() -> None:
    """Nothing is lost or added on the way through the file."""
    assert read(write(WHOLE)) == (WHOLE, ())
    assert read(write(Lock())) == (Lock(), ())
    assert read("") == (Lock(), ())


def test_lines_are_sorted_so_that_merges_read_well() -> None:
    """The order in which things were remembered does not show; each line stands for itself."""
    second = PublishedEpisode(show="radio", guid=Guid(text="0"))
    one = Lock(episodes={("radio", "0"): second, ("radio", EPISODE.guid.text): EPISODE})
    other = Lock(episodes={("radio", EPISODE.guid.text): EPISODE, ("radio", "0"): second})

    assert write(one) == write(other)
    assert write(one).splitlines()[1:] == sorted(write(one).splitlines()[1:])
    assert write(one).endswith(
        '\nepisode {"show": "radio", "path": "episodes/潮.md", "guid": "https://a.example/1/", "is_permalink": true, "date": "2025-06-02T05:00:00+00:00", "enclosure_url": "https://a.example/a.mp3", "audio": "audio/a.mp3", "sha256": "'
        + "ab" * 32
        + '"}\n'
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("nonsense", id="a word"),
        pytest.param('poem {"id": "x"}', id="an unknown kind"),
        pytest.param("show", id="nothing behind the kind"),
        pytest.param("show {", id="cut"),
        pytest.param("show []", id="a list"),
        pytest.param("show 1", id="a number"),
        pytest.param('show {"id": "radio"}', id="a show without its guid"),
        pytest.param('show {"id": "radio", "guid": "g", "feed_url": "u", "more": 1}', id="a field too much"),
        pytest.param('feed {"name": "opus", "guid": "g"}', id="a feed without its address"),
        pytest.param('feed {"name": "archive", "guid": "g", "feed_url": "u"}', id="an archive without its pages"),
        pytest.param('feed {"name": "opus", "guid": "g", "feed_url": "u", "page_items": "2"}', id="pages in words"),
        pytest.param('episode {"show": "radio"}', id="an episode without its guid"),
        pytest.param('episode {"guid": "g"}', id="an episode without its show"),
        pytest.param('episode {"show": "radio", "guid": "g", "date": "soon"}', id="no date"),
        pytest.param(
            'episode {"show": "radio", "guid": "g", "date": "2025-06-02T05:00:00"}', id="a date without offset"
        ),
        pytest.param('episode {"show": "radio", "guid": 5}', id="a guid that is no text"),
        pytest.param('episode {"show": ["radio"], "guid": "g"}', id="a show that is no text"),
        pytest.param('audio {"size_bytes": 5}', id="audio without its path"),
        pytest.param('audio {"path": "a.mp3", "size_bytes": -5}', id="a size below zero"),
        pytest.param('audio {"path": "a.mp3", "size_bytes": 5, "milliseconds": 1e99}', id="a length beyond all time"),
        pytest.param('audio {"path": "a.mp3", "size_bytes": "5", "milliseconds": 5}', id="a size that is no number"),
        pytest.param('audio {"path": "a.mp3", "size_bytes": 5, "milliseconds": NaN}', id="a length that is no number"),
        pytest.param('picture {"size_bytes": 5}', id="a picture without its path"),
        pytest.param('picture {"path": "a", "size_bytes": 5, "width": "wide"}', id="a width that is no number"),
        pytest.param('name {"path": "a"}', id="a name without its digest"),
        pytest.param('name {"path": "a", "sha256": null}', id="an empty digest"),
        pytest.param(" show {}", id="an indented line"),
        pytest.param("show " + "[" * 100_000, id="100,000 lists deep"),
        pytest.param('show {"id": ' + "1" * 5000 + ', "guid": "g", "feed_url": "u"}', id="a number of 5000 digits"),
    ],
)
def test_line_that_cannot_be_read_is_told(line: str) -> None:
    """The others are read, and the place is right: without the lock an episode could change its identity."""
    lock, faults = read(f"# podfeed.lock 1\n{line}\n" + write(Lock(shows={"radio": SHOW})))

    assert [fault.rule for fault in faults] == ["lock-unreadable"]
    assert faults[0].position == Position(line=2, column=1, width=len(line))
    assert lock.shows == {"radio": SHOW}


CHAPTERS = (
    Chapter(start=timedelta(), title="Opening"),
    Chapter(start=timedelta(seconds=61, milliseconds=500), title="海", href="https://a.example/sea"),
    Chapter(start=timedelta(minutes=3), title="Advert", end=timedelta(minutes=4)),
    Chapter(start=timedelta(minutes=5), is_listed=False),
    Chapter(start=timedelta(minutes=6)),
)


def test_chapters_inside_audio_are_kept_in_few_words() -> None:
    """A checkout without the audio makes the same feed; audio without chapters has the line it always had."""
    text = write(Lock(media={"audio/a.mp3": replace(AUDIO, chapters=CHAPTERS)}))

    assert read(text)[0].media["audio/a.mp3"] == replace(AUDIO, chapters=CHAPTERS)
    assert (
        '"chapters": [[0, "Opening"], [61500, "海", "https://a.example/sea"], [180000, "Advert", "", 240000], '
        '[300000, "", "", 0, true], [360000]]'
    ) in text
    assert "chapters" not in write(Lock(media={"audio/a.mp3": AUDIO}))


@pytest.mark.parametrize(
    "chapters",
    [
        *('"0"', '["Opening"]', "[[]]", '[["0", "Opening"]]', "[[0, 5]]", '[[-1, "Opening"]]', '[[0, "", "", -5]]'),
        *('[[0, "", "", 0, 1]]', '[[0, "", "", 0, true, 0]]', "[[0.5]]", "[[true]]", "[[1e99]]", "[0]"),
    ],
)
def test_chapters_that_are_none_make_a_line_unreadable(chapters: str) -> None:
    """As every other value of the wrong kind does."""
    lock, faults = read('audio {"path": "a.mp3", "size_bytes": 5, "chapters": ' + chapters + "}")

    assert [fault.rule for fault in faults] == ["lock-unreadable"]
    assert not lock.media


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize(
    "line",
    [
        'episode {"show": "radio", "guid": "a", "is_withdrawn": true, "page": "../a.html"}',
        'episode {"show": "radio", "guid": "a", "page": "a.html", "former_pages": ["b.html", "../c.html"]}',
        'episode {"show": "radio", "guid": "a", "page": "a.html", "former_pages": [1]}',
        'episode {"show": "radio", "guid": "a", "is_withdrawn": true, "page": "/a.html"}',
        'feed {"show": "radio", "name": "opus", "guid": "a", "feed_url": "https://a.example/radio/../../a.xml"}',
        'feed {"show": "radio", "name": "opus", "guid": "a", "feed_url": "https://a.example//a.xml"}',
    ],
)
def test_line_that_leads_out_of_the_site_is_unreadable(line: str) -> None:
    """Whoever proposes a change to podfeed.lock makes no machine write elsewhere."""
    lock, faults = read(line)

    assert [fault.rule for fault in faults] == ["lock-unreadable"]
    assert not lock.episodes
    assert not lock.feeds


def test_unfinished_merge_is_told_as_one() -> None:
    """The three marks of git are named; what stands between them is read."""
    theirs = PublishedEpisode(show="radio", guid=Guid(text="b"))
    text = "<<<<<<< HEAD\n" + write(Lock(episodes={("radio", "b"): theirs})) + "=======\n>>>>>>> other\n"

    lock, faults = read(text)

    assert ["merge" in fault.message for fault in faults] == [True] * 3
    assert lock.episodes == {("radio", "b"): theirs}


@pytest.mark.parametrize(
    "line",
    [
        'episode {"show": "radio", "guid": "g", "path": "%s"}',
        'name {"path": "audio/a.mp3", "sha256": "%s"}',
    ],
)
def test_two_lines_that_contradict_each_other_are_told(line: str) -> None:
    """After a merge an episode may have two histories: nobody chooses one in silence. The same line twice is fine."""
    assert [fault.rule for fault in read(line % "a" + "\n" + line % "b")[1]] == ["lock-unreadable"]
    assert read(line % "a" + "\n" + line % "a")[1] == ()


def test_lock_of_a_newer_podfeed_is_refused() -> None:
    """What it says cannot be known; nothing may be built on a guess."""
    with pytest.raises(RefusedError, match="newer podfeed"):
        read("# podfeed.lock 2: …\n")
    with pytest.raises(RefusedError):
        read("# podfeed.lock 99999999999999999999\n")


def test_windows_line_ends_are_no_fault() -> None:
    """git may have put them there."""
    assert read(write(WHOLE).replace("\n", "\r\n")) == (WHOLE, ())


def test_entries_of_a_show() -> None:
    """A show asks for its own."""
    other = PublishedEpisode(show="tv", guid=Guid(text="b"))
    lock = Lock(episodes={("tv", "b"): other, ("radio", EPISODE.guid.text): EPISODE})

    assert lock.of_show("radio") == (EPISODE,)
    assert lock.of_show("film") == ()


def test_only_sound_facts_that_were_measured_are_remembered() -> None:
    """What is broken, or only claimed, is measured again."""
    measured = AudioFacts(size_bytes=1)
    facts = {
        "a": measured,
        "b": AudioFacts(size_bytes=1, trouble="it is cut"),
        "c": AudioFacts(size_bytes=1, origin="stated"),
        "d": AUDIO,
    }

    assert set(locks.with_facts(Lock(media={"z": PICTURE}), facts).media) == {"z", "a"}


def test_what_is_not_kept_of_a_medium_changes_nothing() -> None:
    """A file that is measured again brings more than the lock knows; it is still the same file."""
    lock = Lock(media={"a": AUDIO, "p": PICTURE})
    again = {
        "a": replace(AUDIO, origin="measured", expected_bytes=5, details=AudioDetails(channels=2, title="Tides")),
        "p": replace(PICTURE, origin="measured", colour_profile="Display P3", orientation=6, is_animated=True),
    }

    assert locks.with_facts(lock, again) is lock


def test_part_of_a_lock_is_read_as_it_is_asked_for() -> None:
    """Episodes of other shows and media stay lines until somebody asks; nothing of them is lost on writing."""
    other = PublishedEpisode(show="tv", guid=Guid(text="b"))
    whole = replace(WHOLE, episodes={**WHOLE.episodes, ("tv", "b"): other})

    part, faults = read(write(whole), shows=frozenset(("radio",)))

    assert faults == ()
    assert part.of_show("radio") == (EPISODE,)
    assert part.of_show("tv") == ()
    assert dict(part.media) == whole.media
    assert dict(part.names) == whole.names
    assert len(part.media) == 2
    assert "audio/none.mp3" not in part.media
    assert write(part) == write(whole)


def test_unreadable_line_of_a_part_is_as_good_as_none() -> None:
    """It is told when the whole lock is read; until then it may not stop the check of one file."""
    part, faults = read('audio {"path": "audio/a.mp3", "size_bytes": "x"}\n', shows=frozenset())

    assert faults == ()
    assert "audio/a.mp3" not in part.media
    assert part.media.get("audio/a.mp3") is None
