"""What is public against what should be: the record that follows, and what is to be put for it.

No-shrink and no-revert are here: what is published leaves a feed, or comes back to it, only when somebody says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from podfeed.errors import RefusedError
from podfeed.publish import record as records
from podfeed.publish.live import Live
from podfeed.publish.record import Record, RecordedItem, RecordedMedia
from podfeed.publish.store import Blob
from podfeed.publish.wanted import Intent, Medium, Wanted
from podfeed.read.lock import followed
from podfeed.words import named, say, say_many


def decide(live: Live, wanted: Wanted, intent: Intent) -> Record | None:
    """The record that should follow what is *live*, but for its number and time; None when nothing has changed.

    Raises RefusedError when what is public is more, or newer, than what is *wanted*.
    """
    known = live.record
    _refuse_smaller(live, wanted, intent)
    if known is None:
        return _first(wanted)
    following = _next(known, wanted)
    has_changed = (following.feed_sha256, following.state_of_pages) != (known.feed_sha256, known.state_of_pages)
    if live.is_whole and not has_changed and following.withdrawn == known.withdrawn:
        return None
    if not intent.reverts:
        _refuse_older(known, wanted, following, intent)
    return following


def new_media(live: Live, wanted: Wanted) -> list[Medium]:
    """The media that what is *wanted* newly names, or names at another address."""
    known = {key: each.sha256 for key, each in live.record.media.items()} if live.record else {}
    addresses = {item.media: item.enclosure_url for item in live.record.items} if live.record else {}
    moved = {item.media for item in wanted.items if addresses.get(item.media) not in (None, item.enclosure_url)}
    return [each for key, each in wanted.media.items() if known.get(key) != each.sha256 or key in moved]


def changed_pages(live: Live, wanted: Wanted) -> list[Blob]:
    """The pages that are to be put."""
    known = live.record.pages if live.record else {}
    return [page for key, page in wanted.pages.items() if known.get(key) != page.sha256]


def derived_feeds(live: Live, wanted: Wanted) -> dict[str, bytes]:
    """The feeds that are made of what is *live*: further ones, and the show's own where it lay before."""
    former = live.record.former_keys if live.record else ()
    moved = {key: wanted.feed for key in (wanted.feed_key, *former) if key != live.key}
    return {key: records.signed(data, live.name) for key, data in {**moved, **wanted.derived}.items()}


def _refuse_smaller(live: Live, wanted: Wanted, intent: Intent) -> None:
    """No-shrink: what is published leaves a feed only when somebody withdraws it."""
    known = {item.guid.text: item.title for item in live.record.items} if live.record else {}
    known.update({guid: guid for guid in sorted(live.foreign_guids) if guid not in known})
    there = {item.guid.text for item in (*wanted.items, *wanted.withdrawn)} | intent.withdraws
    missing = [title for guid, title in known.items() if guid not in there]
    if missing:
        message = say_many(
            "{episodes} of “{show}” is published, and not in this checkout: is it an old one? Bring it up to date, or"
            " run “podfeed withdraw”",
            "{episodes} of “{show}” are published, and not in this checkout: is it an old one? Bring it up to date, or"
            " run “podfeed withdraw”",
            count=len(missing),
            episodes=named(missing),
            show=wanted.show,
        )
        raise RefusedError(message)


def _refuse_older(known: Record, wanted: Wanted, following: Record, intent: Intent) -> None:
    """What was replaced does not come back by itself."""
    there = known.by_guid
    moved = intent.withdraws | intent.reinstates
    older = [
        item.title
        for item in wanted.items
        if item.guid.text not in moved and (was := there.get(item.guid.text)) and item.digest in was.earlier
    ]
    if wanted.channel in known.earlier_channels:
        older.append(wanted.show)
    is_only_pages = following.feed_sha256 == known.feed_sha256 and not older
    if is_only_pages and following.state_of_pages in known.earlier_pages:
        older.append(wanted.show)
    if older and known.restores:
        message = say(
            "“{show}” was rolled back to generation {number}, and {episodes} is here as it was before that: mend it"
            " here, or say --revert to publish it again",
            show=wanted.show,
            number=known.restores,
            episodes=named(older),
        )
        raise RefusedError(message)
    if older:
        message = say(
            "{episodes}: what is here was published before, and replaced since: is this an old checkout, or an older"
            " podfeed? Bring it up to date, or say --revert to publish the older state",
            episodes=named(older),
        )
        raise RefusedError(message)


def _first(wanted: Wanted) -> Record:
    return Record(
        show=wanted.guid,
        generation=0,
        committed=datetime.min.replace(tzinfo=UTC),
        feed_sha256=hashlib.sha256(wanted.feed).hexdigest(),
        feed_key=wanted.feed_key,
        feed_url=wanted.feed_url,
        channel=wanted.channel,
        items=wanted.items,
        media={key: RecordedMedia(sha256=each.sha256, source=each.source) for key, each in wanted.media.items()},
        pages={**wanted.kept_pages, **{key: page.sha256 for key, page in wanted.pages.items()}},
        feeds=wanted.feeds,
        withdrawn=tuple(sorted(wanted.withdrawn, key=lambda item: item.guid.text)),
        restores=wanted.restores,
    )


def _next(known: Record, wanted: Wanted) -> Record:
    there = known.by_guid
    gone = {item.guid.text: item for item in known.withdrawn}
    items = tuple(_item(item, there, gone) for item in wanted.items)
    present = {item.guid.text for item in items}
    fresh = _first(wanted)
    following = replace(
        fresh,
        show=known.show,
        items=items,
        withdrawn=_withdrawn(known, wanted, present),
        former_keys=_former_keys(known, wanted),
        earlier_channels=followed(known.earlier_channels, known.channel, wanted.channel),
        media={**known.media, **fresh.media},
    )
    # The pages a rollback leaves are newer than its feed: those that fit it are welcome, however old.
    before, now = known.state_of_pages, following.state_of_pages
    earlier = () if wanted.restores else followed(known.earlier_pages, before, now)
    return replace(following, earlier_pages=earlier)


def _former_keys(known: Record, wanted: Wanted) -> tuple[str, ...]:
    is_told = known.feed_key in (wanted.feed_key, *known.former_keys)
    return known.former_keys if is_told else (*known.former_keys, known.feed_key)


def _item(item: RecordedItem, there: Mapping[str, RecordedItem], gone: Mapping[str, RecordedItem]) -> RecordedItem:
    guid = item.guid.text
    if guid in gone:
        reinstated = max(item.reinstated, gone[guid].reinstated + 1)
        return replace(records.succeeding(item, gone[guid]), reinstated=reinstated)
    return records.succeeding(item, there.get(guid))


def _withdrawn(known: Record, wanted: Wanted, present: Container[str]) -> tuple[RecordedItem, ...]:
    """The tombstones: those there are, of what leaves the feed, and of what podfeed.lock alone remembers."""
    left = {item.guid.text: item for item in known.withdrawn}
    left |= {item.guid.text: replace(item, earlier=followed(item.earlier, item.digest, "")) for item in known.items}
    told = {item.guid.text: item for item in wanted.withdrawn}
    here = {
        guid: replace(item, reinstated=max(item.reinstated, told[guid].reinstated)) if guid in told else item
        for guid, item in {**told, **left}.items()
    }
    return tuple(item for guid, item in sorted(here.items()) if guid not in present)
