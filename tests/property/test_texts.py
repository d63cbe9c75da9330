"""Laws that hold for any text: no reader raises, nothing takes long, what is written is read."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from podfeed.checking import check, listing
from podfeed.errors import PodfeedError, RefusedError
from podfeed.loading import load
from podfeed.model import ArtworkFacts, AudioFacts, Config, Guid, Match, Show
from podfeed.read import lock as locks
from podfeed.read.decode import EPISODE_FIELDS, SHOW_FIELDS, decode_config, decode_episode
from podfeed.read.lock import Lock, PublishedEpisode, PublishedShow
from podfeed.read.source import MAX_FAULTS, Source, Text, read_body, read_config_file, read_episode_file
from podfeed.report import check_json, text
from podfeed.testing import EXAMPLE_SHOW, example_project

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG = Config(
    shows={
        "radio": Show(id="radio", title="Radio", feed="f", permalink="/{slug}/", match=Match(actor_ids=("ada",))),
        "tv": Show(
            id="tv", title="TV", feed="g", permalink="/{slug}", match=Match(title=("T*",)), timezone="Asia/Tokyo"
        ),
    }
)

#: Every character UTF-8 can hold, the odd ones more often than chance would have it.
CHARACTER = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("\0\x01\x0b\x1b\x7f\x85\ufeff\ufffe\u2028\u202e\r\n\t \u3000'\"\\#:-&*!|>%@`[]{},?<ガ\u3099"),
)
ANY = st.text(CHARACTER)
#: Pieces of headers, so that chance often makes something that is almost one.
_VALUES = [
    "true",
    "no",
    "2025-06-02",
    "2025-06-02 05:00:00 +0900",
    "[a, b]",
    "{a: b}",
    "&a",
    "*a",
    "!!int 5",
    "|",
    ">",
    "'",
    '"',
    "~",
    "~~~",
    "10:06",
    "010",
    "1e999999999",
    "nan",
    "[",
    "- a",
    "\n  - a",
    "https://[",
    "https://a/%",
    "../..",
    "\\ud800",
    '"\\ud800"',
    "!",
    "? a",
    "<<: *a",
]
_PIECE = st.one_of(
    st.sampled_from(
        [
            "---",
            "+++",
            "...",
            "\n",
            "\r\n",
            "\r",
            " ",
            "\t",
            ": ",
            " = ",
            "#",
            "\ufeff",
            "```\n",
            "<iframe src='",
            "![a](",
            "[a]: ",
        ]
    ),
    st.sampled_from(sorted(EPISODE_FIELDS | SHOW_FIELDS | {"shows", "site", "actors", "checks", "media", "targets"})),
    st.sampled_from(_VALUES),
    ANY,
)
PIECES = st.lists(_PIECE, max_size=40).map("".join)
_SETTING = st.builds(
    "{}: {}\n".format, st.sampled_from(sorted(EPISODE_FIELDS)), st.one_of(st.sampled_from(_VALUES), ANY)
)
HEADER = st.builds("---\n{}---\n{}".format, st.lists(_SETTING, max_size=12).map("".join), PIECES)
TOML = st.builds(
    "+++\n{}+++\n{}".format,
    st.lists(
        st.builds(
            "{} = {}\n".format,
            st.sampled_from(sorted(EPISODE_FIELDS)),
            st.one_of(st.sampled_from(_VALUES), ANY.map(json.dumps)),
        ),
        max_size=8,
    ).map("".join),
    PIECES,
)
DATA = st.one_of(
    st.binary(), st.one_of(ANY, PIECES, HEADER, TOML).map(str.encode), HEADER.map(lambda each: each.encode("utf-16"))
)


def _is_sound(source: Source) -> None:
    """What every reading promises."""
    assert len(source.faults) <= MAX_FAULTS + 60
    for fault in source.faults:
        assert fault.rule and fault.message
        place = fault.position
        assert place is None or (place.line >= 1 and place.column >= 1 and place.width >= 0)
    for name in source.header.entries:
        assert source.place(name).line >= 1
        assert source.line(source.place(name).line) is not None


@pytest.mark.failure("IN-4")
@given(DATA)
def test_any_bytes_are_read_as_an_episode_file(data: bytes) -> None:
    """Or told as what they are: reader and decoder never raise, and never take two seconds."""
    begin = time.process_time()

    source = read_episode_file("episodes/1.md", data)
    decoded = decode_episode(source, data, CONFIG)

    _is_sound(source)
    assert time.process_time() - begin < 2
    assert decoded.kind in ("episode", "article", "skipped", "faulty")
    if not any(fault.rule.startswith("header-") for fault in source.faults) and source.dialect and source.text:
        assert read_body(data) == source.body


@pytest.mark.failure("IN-4")
@given(DATA)
def test_any_bytes_are_read_as_a_config(data: bytes) -> None:
    """The same for config.yaml."""
    begin = time.process_time()

    source = read_config_file("config.yaml", data)
    config, faults = decode_config(source)

    _is_sound(source)
    assert time.process_time() - begin < 2
    assert config.shows or faults
    for show in config.shows.values():
        assert ".." not in show.feed.split("/")


@pytest.mark.failure("IN-2")
@given(
    prefix=st.sampled_from(["", "\ufeff", " ", "\n", "\t\n", "\ufeff\n", "x\n", "-"]),
    body=ANY,
    closer=st.sampled_from(["---", "...", "+++", "", "----", " ---"]),
)
def test_private_header_never_becomes_notes(prefix: str, body: str, closer: str) -> None:
    """Whatever stands before it, and however it ends, a canary in the header stays out of the body."""
    source = read_episode_file("x.md", f"{prefix}---\ntitle: CANARY\ndraft: true\n{closer}\n{body}".encode())

    assert "CANARY" not in source.body or source.reason
    if not source.reason and not source.faults:
        assert isinstance(source.header.entries["draft"], Text)


@pytest.mark.failure("IN-6")
@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff\u2028\u2029\x85"
        )
    )
)
def test_quoted_text_comes_out_equal(title: str) -> None:
    """Whatever it is: in single quotes, in double quotes, in TOML."""
    single = "'" + title.replace("'", "''") + "'"
    double = json.dumps(title, ensure_ascii=False)
    for data in (f"---\ntitle: {single}\n---\n", f"---\ntitle: {double}\n---\n", f"+++\ntitle = {double}\n+++\n"):
        source = read_episode_file("x.md", data.encode())
        node = source.header.entries["title"]
        assert isinstance(node, Text)
        assert node.text == title
        assert not node.is_plain
        assert decode_episode(source, b"", CONFIG).episode.title == title.strip()


@pytest.mark.failure("IN-5")
@given(st.sampled_from(sorted(EPISODE_FIELDS)), st.lists(st.sampled_from(sorted(EPISODE_FIELDS)), unique=True))
def test_setting_that_stands_twice_is_always_told(name: str, others: list[str]) -> None:
    """Wherever the two stand."""
    assume(name not in others)
    header = "".join(f"{each}: x\n" for each in [name, *others, name])

    source = read_episode_file("x.md", f"---\n{header}---\n".encode())

    assert [fault.rule for fault in source.faults] == ["header-duplicate-key"]


# ---------------------------------------------------------------------------------------------- lock

_LINES = st.one_of(
    ANY,
    st.builds(
        "{} {}".format,
        st.sampled_from(["show", "episode", "audio", "picture", "name"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda each: (
                st.lists(each, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "id",
                            "guid",
                            "show",
                            "path",
                            "date",
                            "sha256",
                            "size_bytes",
                            "milliseconds",
                            "feed_url",
                            "is_permalink",
                        ]
                    )
                    | st.text(),
                    each,
                    max_size=6,
                )
            ),
        ).map(json.dumps),
    ),
)


@given(st.lists(_LINES, max_size=10).map("\n".join))
def test_any_text_is_read_as_a_lock(text: str) -> None:
    """Lines that say nothing are told; only a newer podfeed's lock is refused."""
    try:
        lock, faults = locks.read(text)
    except RefusedError:
        assert text.startswith("# podfeed.lock")
        return
    assert all(fault.rule == "lock-unreadable" and fault.position for fault in faults)
    assert locks.read(locks.write(lock)) == (lock, ())


_WORD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
_COUNT = st.integers(0, 2**53)
_MOMENT = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
    lambda each: each.replace(tzinfo=timezone(timedelta(hours=9)), microsecond=0)
)
_SHOWS = st.builds(PublishedShow, id=_WORD, guid=_WORD, feed_url=_WORD)
_EPISODES = st.builds(
    PublishedEpisode,
    show=_WORD,
    guid=st.builds(Guid, text=_WORD, is_permalink=st.booleans()),
    path=_WORD | st.just(""),
    date=_MOMENT | st.none(),
    enclosure_url=_WORD | st.just(""),
    audio=_WORD | st.just(""),
    sha256=_WORD | st.just(""),
    is_withdrawn=st.booleans(),
)
_FACTS = st.builds(
    AudioFacts,
    size_bytes=_COUNT,
    duration=st.integers(0, 10**9).map(lambda each: timedelta(milliseconds=each)),
    mime_type=_WORD,
    container=_WORD,
    codec=_WORD,
    bitrate_bps=_COUNT,
    sha256=_WORD,
    origin=st.just("lock"),
) | st.builds(
    ArtworkFacts,
    size_bytes=_COUNT,
    width=_COUNT,
    height=_COUNT,
    mime_type=_WORD,
    mode=_WORD,
    has_transparency=st.booleans(),
    sha256=_WORD,
    origin=st.just("lock"),
)


@given(
    shows=st.lists(_SHOWS),
    episodes=st.lists(_EPISODES),
    media=st.dictionaries(_WORD, _FACTS),
    names=st.dictionaries(_WORD, _WORD),
)
def test_lock_that_is_written_is_read(
    shows: list[PublishedShow],
    episodes: list[PublishedEpisode],
    media: dict[str, AudioFacts | ArtworkFacts],
    names: dict[str, str],
) -> None:
    """Whatever the names and guids are, and the same lock is always the same text."""
    lock = Lock(
        shows={each.id: each for each in shows},
        episodes={(each.show, each.guid.text): each for each in episodes},
        media=media,
        names=names,
    )

    assert locks.read(locks.write(lock)) == (lock, ())
    assert locks.write(locks.read(locks.write(lock))[0]) == locks.write(lock)


# -------------------------------------------------------------------------------------------- checks


@pytest.mark.failure("IN-4")
@pytest.mark.failure("IN-13")
@given(
    episode=DATA,
    other=HEADER.map(str.encode),
    lock=st.one_of(st.none(), st.lists(_LINES, max_size=4).map(lambda each: "\n".join(each).encode())),
)
def test_any_project_is_checked(
    tmp_path_factory: pytest.TempPathFactory, episode: bytes, other: bytes, lock: bytes | None
) -> None:
    """Whole runs: nothing but a PodfeedError comes out, within two seconds, and it can be printed."""
    root = _folder(tmp_path_factory)
    (root / "episodes/1.md").write_bytes(episode)
    (root / "episodes/2.md").write_bytes(other)
    (root / "podfeed.lock").write_bytes(lock or b"")

    _checked(root)


@pytest.mark.failure("IN-4")
@given(
    config=st.one_of(
        DATA,
        st.builds(
            "site: https://radio.podfeed.example\nshows:\n  radio:\n{}".format,
            st.lists(
                st.builds(
                    "    {}: {}\n".format,
                    st.sampled_from(sorted(SHOW_FIELDS)),
                    st.one_of(st.sampled_from(_VALUES), ANY, ANY.map(json.dumps)),
                ),
                max_size=9,
            ).map("".join),
        ).map(str.encode),
    )
)
def test_any_config_is_checked(tmp_path_factory: pytest.TempPathFactory, config: bytes) -> None:
    """The same, with a sound episode and any config.yaml."""
    root = _folder(tmp_path_factory)
    (root / "config.yaml").write_bytes(config)

    _checked(root)


def _folder(factory: pytest.TempPathFactory) -> Path:
    """An example project, the same one for every example: making files is slow."""
    root = factory.getbasetemp() / "any-project"
    if not root.exists():
        example_project(root)
    shows = "".join(f"    {name}: {value}\n" for name, value in EXAMPLE_SHOW.items())
    (root / "config.yaml").write_text(
        f"site: https://radio.podfeed.example\nactors: {{ada: {{name: Ada}}}}\nshows:\n  radio:\n{shows}"
    )
    (root / "podfeed.lock").write_bytes(b"")
    return root


def _checked(root: Path) -> None:
    begin = time.process_time()
    try:
        loaded = load(root)
        found = check(loaded, now=NOW)
        files = listing(loaded, NOW)
    except PodfeedError:
        return
    text(found, colour=True).encode("utf-8", "backslashreplace")
    json.loads(check_json(found, files))
    assert time.process_time() - begin < 2
