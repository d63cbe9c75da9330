"""The feed of a show, and the files of the further ones: each made of what that is, at an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from podfeed.check.registry import Context
from podfeed.identity import show_guid
from podfeed.model import Episode, Feed, File, Show
from podfeed.read.cache import key_of
from podfeed.render.addresses import url_of
from podfeed.render.feed import Release, compose
from podfeed.render.feeds import ARCHIVE, FurtherFeed, further_feeds
from podfeed.render.rss import rss
from podfeed.render.variants import Page, in_format, joined, pages, placed


def feed_of(seen: Context, release: Release, show: Show, *, with_notes: bool = True) -> Feed:
    """The feed of *show* as it is now; without notes where only its items are asked for."""
    episodes = [each for each in seen.public(show.id) if each.audio]
    guid = show_guid(show, seen.config.site, seen.lock)
    return compose(show, episodes, seen.identities[show.id].by_path, guid, release, with_notes=with_notes)


def further_files(seen: Context, release: Release, show: Show, mark: str) -> Iterator[File]:
    """The further feeds of *show*; all that its own feed is made of is named by *mark*."""
    for further in further_feeds(show, seen.config.site, seen.lock):
        if further.name == ARCHIVE:
            for page in pages(further, _places(seen, show), release.site):
                page_mark = key_of(mark, repr(page.links), *(each.path for each in page.episodes))
                yield _file(page.path, page_mark, further, partial(_page, seen, release, show, further, page))
        else:
            yield _file(further.path, mark, further, partial(_format, seen, release, show, further))


def network_files(seen: Context, release: Release, network: Show, mark: str) -> Iterator[File]:
    """The feed of all shows, whose own feeds are made of what *mark* names."""
    for further in further_feeds(network, seen.config.site, seen.lock):
        yield _file(further.path, mark, further, partial(_network, seen, release, network, further))


def _file(path: str, mark: str, further: FurtherFeed, make: Callable[[], Feed]) -> File:
    return File(path=path, stage="feed", fingerprint=key_of(mark, path, repr(further)), content=partial(_written, make))


def _written(make: Callable[[], Feed]) -> bytes:
    return rss(make())


def _format(seen: Context, release: Release, show: Show, further: FurtherFeed) -> Feed:
    return placed(in_format(feed_of(seen, release, show), further.name), further, release.site)


def _page(seen: Context, release: Release, show: Show, further: FurtherFeed, page: Page) -> Feed:
    feed = compose(show, page.episodes, seen.identities[show.id].by_path, further.guid, release)
    url = url_of(release.site, page.path)
    return replace(placed(feed, further, release.site), url=url, links=page.links, is_archive=page.is_full)


def _network(seen: Context, release: Release, network: Show, further: FurtherFeed) -> Feed:
    channel = compose(network, (), {}, further.guid, release)
    feeds = [feed_of(seen, release, show) for show in seen.config.shows.values()]
    return placed(joined(channel, feeds, network.notes_budget), further, release.site)


def _places(seen: Context, show: Show) -> list[Episode | None]:
    """The episodes of *show* that were ever public, oldest first; None for one that was withdrawn."""
    places: dict[tuple[datetime, str], Episode | None] = {
        (entry.date, entry.guid.text): None for entry in seen.lock.of_show(show.id) if entry.is_withdrawn and entry.date
    }
    for episode in seen.public(show.id):
        identity = seen.identity(episode)
        date = identity.date_of(episode)
        if episode.audio and date:
            places[date, identity.guid.text] = episode
    return [places[key] for key in sorted(places)]
