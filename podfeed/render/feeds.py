"""Which feeds there are beside the shows' own, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from podfeed.identity import podcast_guid
from podfeed.model import NETWORK, Show
from podfeed.read.lock import Lock, PublishedFeed

#: Where the list of the shows lies, below the site.
OPML = "shows.opml"
#: The name of a feed in pages.
ARCHIVE = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherFeed:
    """A feed beside those of the shows, at one of its addresses."""

    #: The format it prefers, ``archive``, or ``network``.
    name: str
    #: Below the site.
    path: str
    guid: str
    #: How many episodes a full page of an archive has.
    page_items: int = 0
    #: Where it lies by now, if this is an address it has left.
    successor: str = ""
    #: Whether the settings ask for it; what is published goes on without.
    is_wanted: bool = True


def further_feeds(show: Show, site: str, lock: Lock) -> tuple[FurtherFeed, ...]:
    """The feeds of *show* beside its own, or that of the network; *site* is the one in config.yaml.

    Beside those the settings ask for, these are the ones at addresses that podfeed.lock has: somebody may have
    subscribed there.
    """
    wanted = _wanted(show)
    known = sorted((each for each in lock.feeds.values() if each.show == _owner(show)), key=_address)
    asked = (_asked(name, f"{site}/{path}", known, show) for name, path in wanted.items())
    addresses = {f"{site}/{path}" for path in wanted.values()}
    left = (each for each in known if each.feed_url.startswith(f"{site}/") and each.feed_url not in addresses)
    return tuple(
        FurtherFeed(
            name=each.name,
            path=each.feed_url.removeprefix(f"{site}/"),
            guid=each.guid,
            page_items=each.page_items,
            successor=wanted.get(each.name, "") if each.feed_url not in addresses else "",
            is_wanted=each.name in wanted,
        )
        for each in (*asked, *left)
    )


def published_feeds(show: Show, site: str, lock: Lock) -> Iterator[PublishedFeed]:
    """What podfeed.lock says of the further feeds of *show* once they are out."""
    for each in further_feeds(show, site, lock):
        yield PublishedFeed(
            show=_owner(show),
            name=each.name,
            guid=each.guid,
            feed_url=f"{site}/{each.path}",
            page_items=each.page_items,
        )


def _wanted(show: Show) -> dict[str, str]:
    """Where each further feed lies that the settings ask for, by its name."""
    if show.id == NETWORK:
        return {"network": show.feed}
    return {**show.formats, **({ARCHIVE: f"{show.id}/archive/feed.xml"} if show.archive else {})}


def _owner(show: Show) -> str:
    return "" if show.id == NETWORK else show.id


def _address(feed: PublishedFeed) -> str:
    return feed.feed_url


def _asked(name: str, address: str, known: Sequence[PublishedFeed], show: Show) -> PublishedFeed:
    """The feed *name* at *address*: with the guid it was published with, wherever that was."""
    same = sorted((each for each in known if each.name == name), key=lambda each: each.feed_url != address)
    if same:
        # A page that was full stays so, whatever the settings say now: readers do not come back to it.
        return replace(same[0], feed_url=address)
    page_items = show.archive if name == ARCHIVE else 0
    return PublishedFeed(
        show=_owner(show), name=name, guid=podcast_guid(address), feed_url=address, page_items=page_items
    )


_LABELS = {ARCHIVE: "Archive", "ogg": "Ogg", "opus": "Opus"}


def label(name: str) -> str:
    """What people call the further feed *name*."""
    return _LABELS.get(name, name.upper())
