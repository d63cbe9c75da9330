"""What is remembered is right, or not remembered; losing it costs time and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from podfeed.model import ArtworkFacts, AudioFacts
from podfeed.read import cache as caches
from podfeed.read.cache import FOLDER, YOUNG_NS, Cache, Stamp, code_key, decode, encode, key_of

STAMP = Stamp(5, 1_000)
FACTS = AudioFacts(size_bytes=5)


def _put(cache: Cache, path: str, value: AudioFacts = FACTS, label: str = "") -> None:
    assert cache.put(AudioFacts, path, STAMP, encode(value), label) == value


@dataclass(frozen=True)
class Inner:
    when: datetime
    length: timedelta


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Inner
    maybe: Inner | None
    many: tuple[Inner, ...]
    words: tuple[str, ...]
    number: int | None
    pairs: dict[str, str] = field(default_factory=dict)
    day: date | None = None
    by_name: Mapping[str, Inner] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


INNER = Inner(datetime(2025, 6, 2, tzinfo=UTC), timedelta(seconds=1, microseconds=2))
OUTER = Outer(
    "潮\ud800", INNER, None, (INNER, INNER), ("a", "b"), 7, {"a": "b"}, date(2026, 12, 31), {"a": INNER}, {"b": "c"}
)


def test_value_survives_its_way_through_json() -> None:
    """Dates, lengths, values within values, and text that no file can hold."""
    for value in (OUTER, Outer("", INNER, INNER, (), (), None)):
        assert decode(Outer, encode(value)) == value


def test_value_is_remembered_by_path_and_stamp(tmp_path: Path) -> None:
    """A file of another size or time is another file."""
    facts = AudioFacts(size_bytes=5, duration=timedelta(seconds=3))
    cache = Cache.open(tmp_path, "key")
    _put(cache, "a.mp3", facts)
    cache.save()

    again = Cache.open(tmp_path, "key")

    assert again.get(AudioFacts, "a.mp3", STAMP) == facts
    assert again.get(AudioFacts, "a.mp3", Stamp(6, 1_000)) is None
    assert again.get(AudioFacts, "a.mp3", Stamp(5, 1_001)) is None
    assert again.get(AudioFacts, "b.mp3", STAMP) is None
    assert again.get(ArtworkFacts, "a.mp3", STAMP) is None
    assert Cache.open(tmp_path, "other").get(AudioFacts, "a.mp3", STAMP) is None


def test_file_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    """It may be written again within the same tick of the clock, with the same size."""
    cache = Cache.open(tmp_path, "key")
    cache.opened_ns = STAMP.mtime_ns + YOUNG_NS - 1
    _put(cache, "a.mp3")
    cache.save()

    assert Cache.open(tmp_path, "key").get(AudioFacts, "a.mp3", STAMP) is None
    assert not (tmp_path / FOLDER).exists()


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    """The cache does not grow with files that are gone."""
    cache = Cache.open(tmp_path, "key")
    for name in ("a", "b"):
        _put(cache, name)
    cache.save()

    second = Cache.open(tmp_path, "key")
    second.get(AudioFacts, "a", STAMP)
    second.save()

    third = Cache.open(tmp_path, "key")
    assert third.get(AudioFacts, "a", STAMP)
    assert third.get(AudioFacts, "b", STAMP) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("key", id="nothing kept"),
        pytest.param("key\n", id="an empty line"),
        pytest.param("key\nAudioFacts", id="a kind alone"),
        pytest.param("key\nAudioFacts\ta.mp3", id="no entry"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t", id="cut before the label"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\t", id="cut before the facts"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\t[5", id="cut within the facts"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\t[]", id="facts without fields"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\t{}", id="facts as a group"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\tnull", id="no facts"),
        pytest.param('key\nAudioFacts\ta.mp3\t5\t1000\t\t[1,"x",1,1,1,1,1,1,null,1,1]', id="a text for a length"),
        pytest.param("key\nAudioFacts\ta.mp3\t5\t1000\t\t" + "[" * 100_000, id="100,000 lists deep"),
        pytest.param("another key\nAudioFacts\ta.mp3\t5\t1000\t\t[]", id="another key"),
    ],
)
def test_broken_cache_is_no_cache(tmp_path: Path, text: str) -> None:
    """It may be cut, emptied or edited at any byte: everything is measured again."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / caches._NAME).write_text(text)

    cache = Cache.open(tmp_path, "key")

    assert cache.get(AudioFacts, "a.mp3", STAMP) is None
    _put(cache, "a.mp3")
    cache.save()
    assert Cache.open(tmp_path, "key").get(AudioFacts, "a.mp3", STAMP) == FACTS


def test_words_of_another_language_are_not_remembered(tmp_path: Path) -> None:
    """What was measured is: only a sentence is of a language."""
    said, measured = AudioFacts(size_bytes=5, trouble="it holds no sound"), AudioFacts(size_bytes=5)
    cache = Cache.open(tmp_path, "key", "en")
    _put(cache, "bad.mp3", said, label="radio")
    _put(cache, "good.mp3", measured, label="radio")
    cache.save()

    same, other = Cache.open(tmp_path, "key", "en"), Cache.open(tmp_path, "key", "ja")

    assert same.get(AudioFacts, "bad.mp3", STAMP) == said
    assert other.get(AudioFacts, "bad.mp3", STAMP) is None
    assert other.label(AudioFacts, "bad.mp3", STAMP) is None
    assert other.get(AudioFacts, "good.mp3", STAMP) == measured


def test_label_is_known_without_its_value(tmp_path: Path) -> None:
    """Which show a file belongs to is asked of thousands of files whose values nobody needs."""
    cache = Cache.open(tmp_path, "key")
    _put(cache, "a.mp3", label="radio")
    _put(cache, "b\n.mp3", label="radio")
    cache.save()

    again = Cache.open(tmp_path, "key")

    assert again.label(AudioFacts, "a.mp3", STAMP) == "radio"
    assert again.label(AudioFacts, "a.mp3", Stamp(6, 1_000)) is None
    assert again.label(AudioFacts, "b\n.mp3", STAMP) is None


def test_look_at_a_part_keeps_the_rest(tmp_path: Path) -> None:
    """Checking one file does not make the next check of all files slow."""
    cache = Cache.open(tmp_path, "key")
    for name in ("a", "b"):
        _put(cache, name)
    cache.save()

    part = Cache.open(tmp_path, "key")
    part.keeps_all = True
    part.get(AudioFacts, "a", STAMP)
    part.save()

    assert Cache.open(tmp_path, "key").get(AudioFacts, "b", STAMP) == FACTS


def test_cache_that_cannot_be_kept_is_no_fault(tmp_path: Path) -> None:
    """A project that may only be read is checked all the same."""
    (tmp_path / FOLDER).write_text("in the way")
    cache = Cache.open(tmp_path, "key")
    _put(cache, "a.mp3")

    cache.save()

    assert (tmp_path / FOLDER).read_text() == "in the way"


def test_keys_tell_parts_apart() -> None:
    """What is joined differently is another state; the code is part of it."""
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of("\ud800") == key_of("\ud800")
    assert code_key() == code_key() != ""
    assert caches.Stamp.of(Path(__file__).stat()).size > 0
