"""Who watches the bucket of the tests sees what breaks a promise, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from s3fault.bucket import Request
from s3fault.checkouts import FEED
from s3fault.scenes import FIRST, THREE
from s3fault.world import World, direct

RSS = {"content_type": "application/rss+xml; charset=utf-8"}


def other_audio(world: World) -> None:
    world.bucket.put("audio/a.mp3", b"something else")


def no_audio(world: World) -> None:
    world.bucket.handle(Request(client="somebody", method="DELETE", key="audio/a.mp3"))


def no_page(world: World) -> None:
    world.bucket.handle(Request(client="somebody", method="DELETE", key="radio/a/index.html"))


def feed_before(world: World) -> None:
    copy = next(key for key in world.bucket.objects if key.startswith("_podfeed/radio/1-") and key.endswith(".xml"))
    world.bucket.put(FEED, world.bucket.objects[copy].data, **RSS)


def no_feed(world: World) -> None:
    world.bucket.put(FEED, b"<rss><channel>", **RSS)


def feed_of_another_tool(world: World) -> None:
    world.bucket.put(FEED, b"<rss><channel></channel></rss>\n", **RSS)


def feed_edited_by_hand(world: World) -> None:
    world.bucket.put(FEED, world.bucket.objects[FEED].data.replace(b"Harbour", b"Haven"), **RSS)


def secret(world: World) -> None:
    world.bucket.put("radio/draft.html", b"<h1>kanarienvogel</h1>")


def secret_name(world: World) -> None:
    world.bucket.put("audio/kanarienvogel.mp3", b"")


def run_that_promised_more(world: World) -> None:
    world.observer.ended(0, FEED, {"a": 2})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (other_audio, "I1: audio/a.mp3 has other bytes"),
        (no_audio, "I1: audio/a.mp3 is gone"),
        (no_page, "I1: radio/a/index.html is gone"),
        (no_feed, "I1: radio/feed.xml cannot be read"),
        (feed_edited_by_hand, "I1: radio/feed.xml is not the feed its record"),
        (feed_before, "I2: radio/feed.xml went from 2-"),
        (feed_before, "I3: radio/feed.xml: d left"),
        (feed_of_another_tool, "I2: radio/feed.xml does not say"),
        (run_that_promised_more, "I4: a run ended with 0, and a v2 is not in the feed"),
        (secret, "I5: radio/draft.html gives"),
        (secret_name, "I5: audio/kanarienvogel.mp3 gives"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_breaks_a_promise_is_seen(wrong: Callable[[World], None], told: str) -> None:
    """At the very write that does it."""
    world = direct()
    world.observer.canaries = (b"kanarienvogel",)
    assert world.publish("one", THREE, FIRST) == 0
    assert world.publish("one", THREE.having("d")) == 0
    assert not world.violations

    wrong(world)

    assert told in world.violations
