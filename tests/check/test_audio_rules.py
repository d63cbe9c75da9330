"""What is said of audio, and what is left unsaid: the limits, the odd cases, and titles in Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import NOW

from podfeed.check.registry import Context, ask
from podfeed.diagnostics import Finding
from podfeed.identity import identify
from podfeed.model import AudioDetails, AudioFacts, Chapter, Config, Episode, Facts, Show
from podfeed.read.lock import Lock

SHOWS = {
    name: Show(id=name, title=title, feed=f"{name}/feed.xml", permalink=f"/{name}/{{slug}}/")
    for name, title in (("radio", "Harbour Radio"), ("tv", "Harbour Television"))
}
#: Twenty minutes of speech as they should be.
SOUND = AudioFacts(
    size_bytes=9_600_000,
    duration=timedelta(minutes=20),
    mime_type="audio/mpeg",
    container="mp3",
    codec="mp3",
    bitrate_bps=64_000,
    sha256="ab" * 32,
    expected_bytes=9_600_000,
    details=AudioDetails(channels=1, sample_rate_hz=44_100, title="Tides", artist="Ada"),
)
STATED = AudioFacts(size_bytes=1, origin="stated", mime_type="audio/mpeg")


def _episode(number: int = 1, /, **changes: Any) -> Episode:
    values = {
        "path": f"episodes/{number}.md",
        "digest": f"{number:064}",
        "title": "Tides",
        "date": datetime(2025, 6, number, tzinfo=UTC),
        "audio": f"audio/{number}.mp3",
        "show": "radio",
        "slug": f"{number}",
    }
    return Episode(**{**values, **changes})


def _stated(number: int, size_bytes: int, length: str, /, **changes: Any) -> Episode:
    """An episode whose audio lies elsewhere, and nobody has measured it."""
    minutes, seconds = map(int, length.split(":"))
    address = f"https://audio.podfeed.example/{number}.mp3"
    values = {
        "audio": address,
        "stated_bytes": size_bytes,
        "stated_duration": timedelta(minutes=minutes, seconds=seconds),
    }
    return _episode(number, **{**values, **changes})


def _facts(*episodes: Episode) -> dict[str, Facts]:
    """What the episodes' headers state, as facts."""
    return {
        each.audio: replace(STATED, size_bytes=each.stated_bytes, duration=each.stated_duration) for each in episodes
    }


def _found(episodes: tuple[Episode, ...], facts: Mapping[str, Facts]) -> list[tuple[str, Finding]]:
    """What the rules about audio find, with their names."""
    by_show = {name: tuple(each for each in episodes if each.show == name) for name in SHOWS}
    context = Context(
        config=Config(shows=SHOWS),
        facts=facts,
        lock=Lock(),
        now=NOW,
        episodes=by_show,
        identities={name: identify(each, (), "guid", facts) for name, each in by_show.items()},
    )
    return [(each.rule.name, each.finding) for each in ask(context) if each.rule.name.startswith("audio-")]


def _names(facts: AudioFacts = SOUND, **changes: Any) -> set[str]:
    """The rules that speak of one episode with this audio."""
    episode = _episode(**changes)
    return {name for name, _ in _found((episode,), {episode.audio: facts})}


def _made(**changes: Any) -> AudioFacts:
    """`SOUND` that was made otherwise."""
    assert SOUND.details
    of_details = {name: value for name, value in changes.items() if hasattr(SOUND.details, name)}
    rest = {name: value for name, value in changes.items() if name not in of_details}
    return replace(SOUND, details=replace(SOUND.details, **of_details), **rest)


def test_good_audio_is_not_talked_about() -> None:
    assert _names() == set()


# ----------------------------------------------------------------------------------------- the sound


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        pytest.param(_made(duration=timedelta(seconds=9.9)), {"audio-length-implausible"}, id="just too short"),
        pytest.param(_made(duration=timedelta(seconds=10)), set(), id="ten seconds"),
        pytest.param(_made(duration=timedelta(hours=12)), set(), id="twelve hours"),
        pytest.param(_made(duration=timedelta(hours=12, seconds=1)), {"audio-length-implausible"}, id="too long"),
        pytest.param(
            _made(duration=timedelta(seconds=3), expected_bytes=9_600_001), {"audio-truncated"}, id="short because cut"
        ),
        pytest.param(_made(lacks_index=True), {"audio-index-missing"}, id="no index"),
        pytest.param(_made(claimed_duration=timedelta(minutes=10)), {"audio-joined"}, id="joined"),
        pytest.param(_made(claimed_duration=timedelta(minutes=19, seconds=50)), set(), id="an index a little off"),
        pytest.param(
            _made(duration=timedelta(seconds=12), claimed_duration=timedelta(seconds=11)), set(), id="a second off"
        ),
        pytest.param(_made(claimed_duration=timedelta(minutes=60)), set(), id="an index that claims more"),
    ],
)
def test_length_and_index(facts: AudioFacts, names: set[str]) -> None:
    """One fault is told once, and small differences are none."""
    assert _names(facts) == names


@pytest.mark.parametrize("type_", ["trailer", "bonus"])
def test_trailers_may_be_short(type_: str) -> None:
    assert _names(_made(duration=timedelta(seconds=6)), type=type_) == set()


_EXTREME, _UNUSUAL = {"audio-bitrate-extreme"}, {"audio-bitrate-unusual"}


@pytest.mark.parametrize(
    ("codec", "channels", "kbps", "names"),
    [
        pytest.param("mp3", 2, 56, _EXTREME, id="thin stereo"),
        pytest.param("mp3", 2, 63, _UNUSUAL, id="the usual least of stereo, a little missed"),
        pytest.param("mp3", 2, 128, set(), id="good stereo"),
        pytest.param("mp3", 2, 320, _UNUSUAL, id="the most MP3 can"),
        pytest.param("mp3", 1, 40, set(), id="the least of mono"),
        pytest.param("mp3", 1, 32, _UNUSUAL, id="thin mono"),
        pytest.param("mp3", 1, 192, _UNUSUAL, id="heavy mono"),
        pytest.param("mp3", 0, 96, set(), id="nobody knows how many channels"),
        pytest.param("aac", 2, 46, _UNUSUAL, id="stereo AAC with quiet passages"),
        pytest.param("aac", 2, 40, _EXTREME, id="thin stereo AAC"),
        pytest.param("aac", 1, 52, set(), id="mono AAC"),
        pytest.param("aac", 2, 400, _EXTREME, id="more than anybody hears"),
        pytest.param("aac", 6, 200, set(), id="surround"),
    ],
)
def test_bit_rate(codec: str, channels: int, kbps: int, names: set[str]) -> None:
    """What sounds poor is a warning, what is only not advised a note, never both."""
    facts = _made(codec=codec, channels=channels, bitrate_bps=kbps * 1000, container="mp3" if codec == "mp3" else "m4a")

    assert _names(facts, audio="audio/1.mp3" if codec == "mp3" else "audio/1.m4a") == names


def test_video_may_take_more() -> None:
    facts = _made(container="mp4", codec="aac", mime_type="video/mp4", bitrate_bps=2_000_000, channels=2)

    assert _names(facts, audio="audio/1.mp4") == set()


@pytest.mark.parametrize(
    ("container", "codec", "names"),
    [
        ("m4a", "he-aac", {"audio-codec-doubtful"}),
        ("mp3", "mp2", {"audio-codec-unsupported"}),
        ("m4v", "ac-3", {"audio-codec-unsupported"}),
        ("mov", "drms", {"audio-codec-unsupported"}),
        ("mp4", "mp3", set()),
    ],
)
def test_codec(container: str, codec: str, names: set[str]) -> None:
    """HE-AAC lives on few bits and a low rate of its own: nothing more is said of it."""
    facts = _made(container=container, codec=codec, channels=2, sample_rate_hz=24_000, bitrate_bps=32_000)
    if codec != "he-aac":
        facts = _made(container=container, codec=codec)

    assert _names(facts, audio=f"audio/1.{container}") == names


@pytest.mark.parametrize(
    ("rate", "channels", "is_usual"),
    [
        (44_100, 2, True),
        (48_000, 1, True),
        (22_050, 1, True),
        (24_000, 1, True),
        (22_050, 2, False),
        (32_000, 1, False),
        (8_000, 1, False),
        (96_000, 2, False),
        pytest.param(0, 1, True, id="not known"),
    ],
)
def test_sample_rate(rate: int, channels: int, is_usual: bool) -> None:
    facts = _made(sample_rate_hz=rate, channels=channels, bitrate_bps=96_000)

    assert _names(facts) == (set() if is_usual else {"audio-sample-rate-unusual"})


def test_nothing_is_guessed_of_audio_that_is_not_here() -> None:
    """The lock keeps no details, and a warning about a file somewhere else helps nobody."""
    assert _names(replace(SOUND, origin="lock", details=None)) == {"audio-facts-from-lock"}


def test_sound_that_does_not_say_where_it_ends_is_told_once_for_a_show() -> None:
    """But not of audio whose missing header is told of already, and not of what only the lock remembers."""
    episodes = tuple(_episode(number) for number in range(1, 5))
    facts: list[AudioFacts] = [
        _made(expected_bytes=0),
        _made(expected_bytes=0),
        _made(expected_bytes=0, lacks_index=True),
        replace(SOUND, expected_bytes=0, details=None, origin="lock"),
    ]

    found = _found(episodes, {each.audio: of for each, of in zip(episodes, facts, strict=True)})

    told = [finding.message for name, finding in found if name == "audio-end-unstated"]
    assert len(told) == 1
    assert told[0].startswith("2 MP3 files")


def _chaptered(count: int, **changes: Any) -> AudioFacts:
    return replace(SOUND, chapters=tuple(Chapter(start=timedelta(seconds=at), **changes) for at in range(count)))


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        pytest.param(_chaptered(255), set(), id="as many as fit"),
        pytest.param(_chaptered(256), {"audio-chapters-too-many"}, id="one more"),
        pytest.param(_chaptered(2, is_listed=False), {"audio-chapters-unlisted"}, id="all hidden"),
        pytest.param(
            replace(SOUND, chapters=(*_chaptered(2).chapters, *_chaptered(1, is_listed=False).chapters)),
            set(),
            id="one hidden",
        ),
        pytest.param(
            replace(_chaptered(256), origin="lock", details=None),
            {"audio-chapters-too-many", "audio-facts-from-lock"},
            id="as the lock has it",
        ),
    ],
)
def test_chapters_inside(facts: AudioFacts, names: set[str]) -> None:
    assert _names(facts) == names


# ------------------------------------------------------------------------------------------ the tags


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        pytest.param("Tides", "Tides", id="the same"),
        pytest.param("TIDES!", "Harbour Radio: Tides", id="part of it"),
        pytest.param("Harbour Radio 12 - Tides", "Tides", id="more than it"),
        pytest.param("Harbour Radio", "Tides", id="the show's name"),
        pytest.param("Tide and time", "Tides and times", id="alike"),
        pytest.param("Episode 12 (final mix)", "#12 Tides", id="the same number"),
        pytest.param("第１２回", "第12回「海辺の朝」", id="the same number in full width"),
        pytest.param("海辺の朝", "【夜行】第12回　「海辺の朝」", id="between brackets"),
        pytest.param("ﾅｷﾞｻﾉｱｻ", "ナギサノアサ", id="half width"),
        pytest.param("？！", "Tides", id="nothing but marks"),
        pytest.param("1" * 300, "1" * 5000, id="thousands of digits"),
    ],
)
def test_title_inside_resembles_the_episodes(tag: str, title: str) -> None:
    assert _names(_made(title=tag), title=title) == set()


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        pytest.param("Waves", "Tides", id="another"),
        pytest.param("海霧の朝の電話", "鉄橋を数える人", id="another in Japanese"),
        pytest.param("Episode 11: Waves", "#12 Tides", id="another number"),
    ],
)
def test_title_inside_is_another_episodes(tag: str, title: str) -> None:
    ((name, finding),) = _found((_episode(title=title),), {"audio/1.mp3": _made(title=tag)})

    assert name == "audio-title-differs"
    assert finding.message == f"“audio/1.mp3” is tagged “{tag}”, but the episode is “{title}”"


def test_number_inside_may_be_the_episodes() -> None:
    """The number stands in the header, and not in the title."""
    assert _names(_made(title="Folge 12"), number=12) == set()
    assert _names(_made(title="Folge 12"), number=13) == {"audio-title-differs"}


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"title": ""}, "“audio/1.mp3” has no tags for title and cover"),
        ({"artist": ""}, "“audio/1.mp3” has no tags for artist and cover"),
        ({"title": "", "artist": "", "picture_bytes": 9, "picture_type": "image/png"}, "“audio/1.mp3” has no tags for title and artist"),
    ],
)  # fmt: skip
def test_missing_tags_are_named(tags: dict[str, Any], message: str) -> None:
    (found,) = _found((_episode(),), {"audio/1.mp3": _made(**tags)})

    assert (found[0], found[1].message) == ("audio-tags-missing", message)


def test_album_is_as_good_as_an_artist() -> None:
    assert _names(_made(artist="", album="Harbour Radio")) == set()


@pytest.mark.parametrize(
    ("bytes_", "kind", "is_fine"),
    [
        (1_000_000, "image/jpeg", True),
        (1_000_001, "image/png", False),
        (10_000, "image/webp", False),
        (10_000, "", False),
    ],
)
def test_picture_inside(bytes_: int, kind: str, is_fine: bool) -> None:
    facts = _made(picture_bytes=bytes_, picture_type=kind)

    assert _names(facts) == (set() if is_fine else {"audio-picture-unsuitable"})


def test_notes_on_all_files_of_a_show_are_told_once() -> None:
    """An archive of hundreds gets one line, which names a file to look at."""
    facts = _made(title="", artist="", bitrate_bps=192_000, picture_bytes=2_500_000, picture_type="image/png")
    episodes = tuple(_episode(number) for number in range(1, 4))

    found = _found(episodes, {each.audio: replace(facts, sha256=each.digest) for each in episodes})

    assert [(name, finding.path, finding.message) for name, finding in found] == [
        ("audio-bitrate-unusual", "", "3 files have other bit rates than Apple advises (mono 40 to 128 kbit/s, stereo 80 to 256), “audio/3.mp3” with 192 among them"),
        ("audio-picture-unsuitable", "", "3 audio files hold covers that are no JPEG or PNG of up to 1 MB, “audio/3.mp3” one of 2.5 MB"),
        ("audio-tags-missing", "", "3 audio files have too few tags, “audio/3.mp3” none for title and artist"),
    ]  # fmt: skip


# --------------------------------------------------------------------------- what the header states


@pytest.mark.parametrize("stated", [9600, 9375, 10, 9])
def test_size_in_kilobytes_or_megabytes_is_recognised(stated: int) -> None:
    """Thousands or 1024s, rounded or cut off."""
    ((name, finding),) = _found((_episode(stated_bytes=stated),), {"audio/1.mp3": SOUND})

    assert name == "audio-size-differs"
    assert finding.hint == "bytes are wanted, not kilobytes or megabytes: run “podfeed enrich --write”, or write 0"


def test_other_size_is_simply_wrong() -> None:
    ((_, finding),) = _found((_episode(stated_bytes=9_600_001),), {"audio/1.mp3": SOUND})

    assert finding.message == "“audio_file_size” says 9600001 bytes; the file has 9600000"
    assert finding.hint == "run “podfeed enrich --write”, or write 0"


@pytest.mark.parametrize(
    ("size_bytes", "length", "said"),
    [
        pytest.param(28, "30:00", ("28 bytes are too few for 30:00 of audio, which takes 1800000 at least", "write the size in bytes, not in kilobytes or megabytes"), id="megabytes"),
        pytest.param(28104, "30:00", ("28104 bytes are too few for 30:00 of audio, which takes 1800000 at least", "write the size in bytes, not in kilobytes or megabytes"), id="kilobytes"),
        pytest.param(62_000_000, "00:45", ("62000000 bytes are too many for 00:45 of audio, which takes 3937500 at most", "check the duration: “45:30” is minutes, “1:02:03” has hours"), id="minutes read as seconds"),
        pytest.param(60_000, "01:00", None, id="8 kbit/s"),
        pytest.param(5_250_000, "01:00", None, id="700 kbit/s"),
    ],
)  # fmt: skip
def test_stated_size_is_held_against_the_stated_length(
    size_bytes: int, length: str, said: tuple[str, str] | None
) -> None:
    episode = _stated(1, size_bytes, length)

    found = [(finding.message, finding.hint) for name, finding in _found((episode,), _facts(episode)) if name == "audio-size-implausible"]  # fmt: skip

    assert found == ([said] if said else [])


def test_stated_size_of_a_video_may_be_large() -> None:
    episode = _stated(1, 90_000_000, "01:00", audio="https://audio.podfeed.example/1.mp4")

    found = _found((episode,), {episode.audio: replace(_facts(episode)[episode.audio], mime_type="video/mp4")})

    assert {name for name, _ in found} == {"audio-only-stated"}


def _repeated(*episodes: Episode, facts: Mapping[str, Facts] | None = None) -> list[tuple[str, str, str]]:
    found = _found(episodes, {**_facts(*episodes), **(facts or {})})
    return [(name, finding.path, finding.message) for name, finding in found if name.endswith("-repeated")]


def test_copied_size_is_told_where_nobody_measured() -> None:
    """The other may be measured, and then the copy is the unmeasured one, whichever comes first."""
    first, second = _stated(1, 9_600_000, "20:00"), _stated(2, 9_600_000, "23:00")
    said = "episodes/{}.md states the same size to the byte"

    assert _repeated(first, second) == [("audio-size-repeated", "episodes/2.md", said.format(1))]
    assert _repeated(first, second, facts={second.audio: SOUND}) == [
        ("audio-size-repeated", "episodes/1.md", said.format(2))
    ]


@pytest.mark.parametrize("facts", [SOUND, replace(SOUND, origin="lock", details=None)], ids=["measured", "remembered"])
def test_equal_sizes_that_were_measured_are_true(facts: AudioFacts) -> None:
    """Programmes of exactly half an hour at a constant bit rate are all of one size."""
    episodes = [_stated(number, 9_600_000, "20:00") for number in (1, 2)]

    assert _repeated(*episodes, facts={each.audio: facts for each in episodes}) == []


def test_size_of_the_same_audio_is_the_same() -> None:
    """That two episodes have one file is told already."""
    first = _stated(1, 9_600_000, "20:00")

    assert _repeated(first, _stated(2, 9_600_000, "20:00", audio=first.audio)) == []


def test_zero_is_no_size() -> None:
    assert _repeated(_stated(1, 0, "00:00"), _stated(2, 0, "00:00")) == []


def test_copied_duration_is_told_between_neighbours_only() -> None:
    """By date, whatever the files are called; far apart, equal lengths happen by chance."""
    first, second, third = (
        _stated(3, 9_600_000, "20:07", date=datetime(2025, 6, 1, tzinfo=UTC)),
        _stated(1, 14_000_000, "20:07", date=datetime(2025, 6, 8, tzinfo=UTC)),
        _stated(2, 12_000_000, "25:00", date=datetime(2025, 6, 15, tzinfo=UTC)),
    )

    assert _repeated(second, third, first) == [
        ("audio-duration-repeated", "episodes/1.md", "episodes/3.md has the same duration, 20:07, with another size")
    ]
    assert _repeated(first, replace(third, date=second.date), replace(second, date=third.date)) == []


def test_equal_durations_of_equal_sizes_are_true() -> None:
    """The same length at the same bit rate makes about the same size."""
    assert _repeated(_stated(1, 9_600_000, "20:07"), _stated(2, 9_700_000, "20:07")) == []


# --------------------------------------------------------------------------------- who else has it


def _shared(*episodes: Episode, facts: Mapping[str, Facts] | None = None) -> list[tuple[str, str, str]]:
    found = _found(episodes, facts or {})
    return [(name, finding.path, finding.message) for name, finding in found if name.startswith("audio-shared")]


def test_same_bytes_under_two_names_are_one_audio() -> None:
    facts = {"audio/1.mp3": SOUND, "audio/2.mp3": SOUND}

    assert _shared(_episode(1), _episode(2), facts=facts) == [
        ("audio-shared", "episodes/2.md", "episodes/1.md has audio with the same bytes")
    ]


def test_same_audio_in_two_shows_is_a_warning() -> None:
    """It is right where both shows mean it; within each of them nothing is shared."""
    other = _episode(2, show="tv", audio="audio/1.mp3")

    assert _shared(_episode(1), other) == [
        ("audio-shared-between-shows", "episodes/2.md", "episodes/1.md of another show, “radio”, has the same audio")
    ]


def test_articles_share_no_audio() -> None:
    assert _shared(_episode(1, audio=""), _episode(2, audio="")) == []
