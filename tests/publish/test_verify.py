"""What is stored and what the public gets is looked at: media before a feed names them, and the feed after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stores import blob

from podfeed.errors import AccessError, PodfeedError, PublicError, StoredError, TargetError
from podfeed.publish import serving
from podfeed.publish.memory import MemoryStore
from podfeed.publish.record import Record, signed
from podfeed.publish.store import Blob, PublicAnswer
from podfeed.publish.verify import check_feed, check_medium

Change = Callable[[PublicAnswer], PublicAnswer]
SOUND = bytes(range(256)) * 1000


def audio(data: bytes = SOUND, content_type: str = "audio/mpeg", key: str = "audio/a.mp3") -> Blob:
    """*data* as it goes up."""
    return blob(key, data, content_type=content_type, cache_control=serving.FOREVER)


class Shown(MemoryStore):
    """A store whose public gets changed answers."""

    def __init__(self, change: Change, *, after: int = 0) -> None:
        super().__init__(lambda: datetime.now(UTC))
        self._change, self._left, self.asked = change, after, 0

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        self.asked += 1
        answer = super().public_get(key, first, last)
        if self._left:
            self._left -= 1
            return PublicAnswer(status=404)
        return self._change(answer)


def same(answer: PublicAnswer) -> PublicAnswer:
    """What a good host gives."""
    return answer


def status(number: int) -> Change:
    """An answer with this status."""
    return lambda answer: replace(answer, status=number)


def headers(**changes: str) -> Change:
    """An answer with these headers in place of its own."""
    named = {name.replace("_", "-"): text for name, text in changes.items()}
    return lambda answer: replace(answer, headers={**answer.headers, **named})


def checked(
    change: Change, *, put: Blob | None = None, here: bool = True, after: int = 0, left: float = 600
) -> list[float]:
    """Look at a medium as the public gets it; how long was waited for it."""
    store, pauses, put = Shown(change, after=after), list[float](), put or audio()
    store.put(put, only_if=None)
    there = store.head(put.key)
    assert there
    check_medium(store, there, put if here else None, sleep=pauses.append, seconds_left=left)
    assert store.asked
    return pauses


# ------------------------------------------------------------------------------------ before the commit


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize("size", [1, 65_536, 65_537, len(SOUND)])
def test_medium_that_is_served_well_passes(size: int, here: bool) -> None:
    """Of any size, whether its bytes are here or not."""
    assert checked(same, put=audio(SOUND[:size]), here=here) == []


@pytest.mark.parametrize("content_type", ["audio/mp4", "audio/x-m4a"])
def test_type_may_have_another_name_of_the_same(content_type: str) -> None:
    """Hosts and apps call M4A by two names."""
    assert checked(headers(content_type=content_type), put=audio(content_type="audio/x-m4a", key="audio/a.m4a")) == []


@pytest.mark.failure("OS-14")
@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(
    ("change", "error"),
    [
        (status(401), AccessError),
        (status(403), AccessError),
        (status(404), TargetError),
        (status(503), TargetError),
        (status(200), StoredError),
        (status(416), StoredError),
        (headers(content_range="bytes 0-9/10"), StoredError),
        (headers(content_type="text/html"), StoredError),
        (headers(content_encoding="gzip"), StoredError),
        (lambda answer: replace(answer, body=answer.body[:-1] + b"?"), StoredError),
    ],
)
def test_medium_that_apps_could_not_play_is_refused(change: Change, error: type[PodfeedError], here: bool) -> None:
    """No feed ever names it."""
    with pytest.raises(error, match=r"audio/a\.mp3"):
        checked(change, here=here)


def test_end_of_a_medium_is_looked_at_too() -> None:
    """A host that cuts long files has their beginning."""

    def cut(answer: PublicAnswer) -> PublicAnswer:
        return answer if answer.headers["content-range"].startswith("bytes 0-") else replace(answer, body=b"")

    with pytest.raises(StoredError, match="other bytes"):
        checked(cut)


def test_file_that_is_gone_once_it_went_up_is_told(tmp_path: Path) -> None:
    """As one that changes: the next run looks again."""
    store, sound = Shown(same), audio()
    store.put(sound, only_if=None)
    there = store.head(sound.key)
    assert there

    with pytest.raises(TargetError, match="run again"):
        check_medium(store, there, replace(sound, content=tmp_path / "a.mp3"), sleep=[].append, seconds_left=1)


@pytest.mark.failure("OS-18")
def test_place_that_is_slow_to_show_is_waited_for() -> None:
    """For a minute; never longer than the run may take."""
    assert len(checked(same, after=7)) == 7
    with pytest.raises(TargetError, match="404"):
        checked(same, after=10**6)
    with pytest.raises(TargetError, match="404"):
        checked(same, after=5, left=3)


@pytest.mark.failure("OS-8")
@pytest.mark.parametrize(
    "change",
    [
        {"size_bytes": 17},
        {"content_type": "text/html"},
        {"cache_control": "no-store"},
        {"content_encoding": "aws-chunked"},
    ],
)
def test_store_must_say_of_a_medium_what_was_put(change: dict[str, Any]) -> None:
    """Before anybody else is asked."""
    store, put = Shown(same), audio()
    store.put(put, only_if=None)
    there = store.head(put.key)
    assert there

    with pytest.raises(StoredError, match=r"audio/a\.mp3"):
        check_medium(store, replace(there, **change), put, sleep=lambda seconds: None, seconds_left=60)

    assert store.asked == 0


def test_what_somebody_else_put_there_may_be_kept_for_less() -> None:
    """The same bytes, and no word of caching: a show that moves in keeps its files."""
    store, put = Shown(same), audio()
    store.put(put, only_if=None)
    there = store.head(put.key)
    assert there

    check_medium(store, replace(there, owner="", sha256="", cache_control=""), put, sleep=print, seconds_left=60)

    assert store.asked == 2


# ------------------------------------------------------------------------------------- after the commit

KEY = "radio/feed.xml"


def _record(generation: int, feed: bytes = b"<rss/>\n") -> tuple[Record, Blob]:
    """A generation, and its feed as it is put."""
    put = audio(feed)
    record = Record(
        show="a-guid",
        generation=generation,
        committed=datetime(2026, 1, 1, tzinfo=UTC),
        feed_sha256=put.sha256,
        feed_key=KEY,
        feed_url="",
        channel="",
    )
    return record, serving.blob(KEY, signed(feed, record.name), "a-guid", cache_control=serving.FRESH)


def asked(public: int, committed: int, change: Change) -> str:
    """What is said after generation *committed* went up, when the public gets *public*."""
    store = Shown(change)
    store.put(_record(public)[1], only_if=None)
    return check_feed(store, KEY, _record(committed)[0])


@pytest.mark.parametrize("public", [3, 4])
@pytest.mark.parametrize("type_", ["application/rss+xml", "text/xml; charset=utf-8", "application/xml"])
def test_feed_of_this_generation_or_a_newer_one_is_right(public: int, type_: str) -> None:
    """Somebody else may have been quicker to the next."""
    assert asked(public, 3, headers(content_type=type_)) == ""


@pytest.mark.failure("CO-4")
def test_feed_before_is_on_its_way_as_long_as_caches_may_keep_it() -> None:
    """Nothing is wrong yet."""
    assert "for 200 seconds" in asked(2, 3, headers(age="100"))
    assert "for 20 seconds" in asked(2, 3, headers(age="100", cache_control="max-age=300, s-maxage=120"))


@pytest.mark.failure("CO-4")
@pytest.mark.parametrize(
    ("public", "change"),
    [
        (2, headers(age="400")),
        (3, status(403)),
        (3, status(404)),
        (3, headers(content_type="text/html")),
        (3, lambda answer: replace(answer, body=b"<html>log in</html>")),
        (3, lambda answer: replace(answer, body=answer.body.replace(b"<rss/>", b"<rss />"))),
    ],
)
def test_anything_else_is_published_and_wrong(public: int, change: Change) -> None:
    """Whoever runs it must hear of it, though the feed is committed."""
    with pytest.raises(PublicError):
        asked(public, 3, change)


def test_public_that_does_not_answer_is_told_as_such() -> None:
    """It is published all the same."""

    def silent(answer: PublicAnswer) -> PublicAnswer:
        raise TargetError("nobody answers")

    with pytest.raises(PublicError, match="nobody answers"):
        asked(3, 3, silent)
