"""Feed → feed: in another format, in pages, or with those of other shows."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from podfeed.model import Enclosure, Episode, Feed, Item, Link
from podfeed.render.addresses import url_of
from podfeed.render.feeds import FurtherFeed, label


def placed(feed: Feed, further: FurtherFeed, site: str) -> Feed:
    """*feed* as the *further* one, at its address on *site* and with its own guid."""
    moved_to = url_of(site, further.successor) if further.successor else ""
    return replace(feed, url=url_of(site, further.path), guid=further.guid, new_feed_url=moved_to)


def in_format(feed: Feed, format: str) -> Feed:
    """*feed* with every enclosure in *format* that has such a file; an item without one keeps its main file.

    It has the same items with the same guids: they are the same episodes.
    """
    items = (_in_format(item, format, feed.language) for item in feed.items)
    return replace(feed, title=f"{feed.title} ({label(format)})", format=format, items=tuple(items))


def _in_format(item: Item, format: str, language: str) -> Item:
    suits = (each for each in item.alternates if each.container == format and _is_in(each, language))
    return replace(item, enclosure=next(suits, item.enclosure))


def _is_in(file: Enclosure, language: str) -> bool:
    return file.language.lower() in ("", language.lower())


# ------------------------------------------------------------------------------------------------ archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document of an archive."""

    #: Below the site.
    path: str
    episodes: tuple[Episode, ...]
    links: tuple[Link, ...]
    #: Whether its set of episodes stays as it is: so it is with all but the one to subscribe to.
    is_full: bool


def pages(further: FurtherFeed, episodes: Sequence[Episode | None], site: str) -> Iterator[Page]:
    """The documents of the archive *further* of *episodes*, oldest first; the last is the one to subscribe to.

    None stands for an episode that was withdrawn: its place stays empty, for no other may move to another page.
    Source: RFC 5005, section 4.
    """
    size, folder = further.page_items, posixpath.dirname(further.path)
    full = max(0, len(episodes) - 1) // size
    slices = {f"{folder}/{page + 1}.xml": episodes[page * size : (page + 1) * size] for page in range(full)}
    filled = {path: _present(each) for path, each in slices.items() if any(each)}
    current = Link(relation="current", url=url_of(site, further.path))
    paths = list(filled)
    for number, (path, present) in enumerate(filled.items()):
        before = [Link(relation="prev-archive", url=url_of(site, each)) for each in paths[:number][-1:]]
        after = [Link(relation="next-archive", url=url_of(site, each)) for each in paths[number + 1 :][:1]]
        yield Page(path=path, episodes=present, links=(current, *before, *after), is_full=True)
    # What was put somewhere stays there: a page that is empty by now is led past, and names nothing any more.
    for path in (each for each in slices if each not in filled):
        yield Page(path=path, episodes=(), links=(current,), is_full=True)
    # Nobody is sent an empty document: where the newest are withdrawn, it has those of the page before once more.
    recent = _present(episodes[full * size :]) or next(reversed(filled.values()), ())
    before = [Link(relation="prev-archive", url=url_of(site, each)) for each in paths[-1:]]
    yield Page(path=further.path, episodes=recent, links=tuple(before), is_full=False)


def _present(episodes: Iterable[Episode | None]) -> tuple[Episode, ...]:
    return tuple(each for each in episodes if each)


# ------------------------------------------------------------------------------------------------ network


def joined(network: Feed, feeds: Iterable[Feed], notes_budget: int) -> Feed:
    """*network*, which has no items, with those of *feeds*, newest first; an episode two shows share is in it once.

    The notes are in full from the newest on, until *notes_budget* bytes are spent.
    """
    feeds = tuple(feeds)
    items = [_at_large(item, feed) for feed in feeds for item in feed.items]
    items.sort(key=lambda item: (item.date, item.guid.text), reverse=True)
    once: dict[str, Item] = {}
    for item in reversed(items):  # the oldest stays: what is published keeps its guid
        once.setdefault(item.enclosure.url, item)
    prefixes = {prefix: uri for feed in (*feeds, network) for prefix, uri in feed.namespaces.items()}
    newest_first = reversed(once.values())
    return replace(network, items=tuple(_within(newest_first, notes_budget)), namespaces=prefixes)


def _at_large(item: Item, feed: Feed) -> Item:
    """*item* as it stands among those of other shows: it says itself what its *feed* said for it.

    Its numbers stay behind, for every show counts from one.
    """
    return replace(
        item,
        title=f"{item.title} – {feed.title}",
        artwork=item.artwork or feed.artwork,
        images=item.images if item.artwork else feed.images,
        explicit=feed.explicit if item.explicit is None else item.explicit,
        persons=item.persons or feed.persons,
        funding=item.funding or feed.funding,
        license=item.license or feed.license,
        license_url=item.license_url if item.license else feed.license_url,
        block=item.block or feed.block,
        season=None,
        season_name="",
        number=None,
        label="",
    )


def _within(items: Iterable[Item], notes_budget: int) -> Iterator[Item]:
    left = notes_budget
    for item in items:
        left -= len(item.notes_html.encode())
        yield item if left >= 0 else replace(item, notes_html="")
