"""Podcast apps that take any feed, and the links that open a feed in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote


class App(NamedTuple):
    """An app, with the link that opens a feed in it."""

    title: str
    #: What it runs on.
    devices: str
    url: str


def apps(feed_url: str, title: str) -> Iterator[App]:
    """The apps that open the feed of the show *title* by a link, on devices that have them."""
    # Read 2026-11-22. Schemes: castro.fm/blog/a-podcast-url-scheme, overcast.fm/podcasterinfo, and the links that
    # Pocket Casts' own tests open; pages: antennapod.org/documentation/podcasters-hosters, podcastaddict.com/feed.
    bare, quoted = feed_url.partition("://")[2], quote(feed_url, safe="")
    yield App("Apple Podcasts", "iPhone, iPad, Mac", f"podcast://{bare}")
    yield App("Pocket Casts", "iPhone, iPad, Android", f"pktc://subscribe/{bare}")
    yield App("Overcast", "iPhone, iPad", f"overcast://x-callback-url/add?url={quoted}")
    yield App("AntennaPod", "Android", f"https://antennapod.org/deeplink/subscribe?url={quoted}&title={quote(title)}")
    yield App("Podcast Addict", "Android", f"https://podcastaddict.com/feed/{quoted}")
    yield App("Castro", "iPhone, iPad", f"castro://subscribe/{bare}")
