"""What of a show is public now, asked of the store itself: its feed, the record the feed names, and those before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from podfeed.errors import RefusedError, StoredError, UsageError
from podfeed.publish import record as records
from podfeed.publish.record import Record
from podfeed.publish.store import ABSENT, Object, Store, Stored
from podfeed.publish.wanted import Intent
from podfeed.read.feed import read_feed
from podfeed.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What of a show is public now."""

    #: Where its feed lies, and the next one goes. One that moves is committed over the old one first.
    key: str
    #: Of the feed; ABSENT when there is none.
    version: str = ABSENT
    #: Of what podfeed put there; None before the first.
    record: Record | None = None
    #: The record's; empty when there is none.
    name: str = ""
    #: Guids of a feed that podfeed did not put there, and that is to be replaced.
    foreign_guids: frozenset[str] = frozenset()
    #: The newest records where none of them is named by a feed: one was public, the others lost a race to it.
    rivals: tuple[str, ...] = ()
    #: The highest generation anything is there of.
    highest: int = 0
    #: The feed without its last line, whoever put it there; empty when there is none.
    feed: bytes = b""
    #: Whether the feed there is that of the record. Only a rollback goes on where it is not.
    is_whole: bool = True


def read(store: Store, show: str, feed_key: str, intent: Intent) -> Live:
    """What is public of *show*.

    Raises StoredError when somebody else changed what podfeed put there, RefusedError for a feed that podfeed did not
    put there.
    """
    found = store.get(feed_key)
    if found is None:
        return _without_feed(store, show, feed_key, intent)
    feed, name = records.unsigned(found.data)
    if not name:
        return _over_foreign(store, show, found, intent)
    if intent.restores:
        return _restorable(store, show, Live(key=feed_key, version=found.version, name=name, feed=feed), intent)
    record = stored_record(store, show, name)
    if record is None:
        raise StoredError(
            say(
                "“{key}” names the record {name}, and that is not there; “podfeed rollback” restores a feed",
                key=feed_key,
                name=name,
            )
        )
    if record.commit_key != feed_key and store.head(record.commit_key):
        return read(store, show, record.commit_key, intent)
    if hashlib.sha256(feed).hexdigest() != record.feed_sha256:
        message = say(
            "“{key}” is not what podfeed put there: somebody changed it by hand; “podfeed verify” shows where, and"
            " “podfeed rollback” restores it",
            key=feed_key,
        )
        raise StoredError(message)
    return Live(key=feed_key, version=found.version, record=record, name=name, highest=record.generation, feed=feed)


def stored_record(store: Store, show: str, name: str) -> Record | None:
    """The record called *name*; None when it is not there."""
    found = store.get(records.record_key(show, name))
    return records.read(found.data, name) if found else None


def lineage(store: Store, show: str, record: Record, *, down_to: int = 1) -> Iterator[tuple[str, Record]]:
    """The generations before *record*, each with its name, newest first, as far as their records are there."""
    while record.parent and records.generation_of(record.parent) >= down_to:
        name = record.parent
        parent = stored_record(store, show, name)
        if parent is None:
            return
        record = parent
        yield name, record


def refuse_foreign(there: Stored, intent: Intent) -> None:
    """Raise RefusedError for what podfeed did not put *there*, unless it is to be replaced."""
    if there.owner or intent.is_first:
        return
    message = say(
        "“{key}” is there, and podfeed did not put it there; move it away, or say --first to replace it", key=there.key
    )
    raise RefusedError(message)


def _without_feed(store: Store, show: str, feed_key: str, intent: Intent) -> Live:
    names = _names(store, show)
    if old_key := _moved_from(store, show, feed_key, names):
        return read(store, show, old_key, intent)
    if intent.restores:
        return _restorable(store, show, Live(key=feed_key), intent)
    if _was_public(store, show, names):
        message = say(
            "the feed of “{show}” was published before and is gone; “podfeed rollback --show {show}” puts it back",
            show=show,
        )
        raise StoredError(message)
    return Live(key=feed_key, highest=_highest(names))


def _moved_from(store: Store, show: str, feed_key: str, names: Iterable[str]) -> str:
    """Where the feed lay that is to lie at *feed_key* from now on; empty when it never lay elsewhere."""
    for name in names:
        record = stored_record(store, show, name)
        for key in (record.feed_key, *record.former_keys) if record else ():
            if key != feed_key and store.head(key):
                return key
    return ""


def _was_public(store: Store, show: str, names: Iterable[str]) -> bool:
    """Whether any of the records *names* follows another. One that follows none may be of a first publish that was
    killed, and the next one begins again.
    """
    return any(record.parent for name in names if (record := stored_record(store, show, name)))


def _over_foreign(store: Store, show: str, found: Object, intent: Intent) -> Live:
    if intent.restores:
        return _restorable(store, show, Live(key=found.key, version=found.version, feed=found.data), intent)
    if not intent.is_first:
        message = say(
            "“{key}” is there, and podfeed did not put it there: run “podfeed adopt”, then “podfeed publish --first”;"
            " if podfeed published there before, “podfeed rollback” puts that back",
            key=found.key,
        )
        raise RefusedError(message)
    try:
        items = read_feed(found.data, found.key).items
    except UsageError as error:
        message = say(
            "“{key}” is there, podfeed did not put it there, and it is no feed that podfeed can read; move it away",
            key=found.key,
        )
        raise RefusedError(message) from error
    guids = frozenset(item.guid or item.enclosure_url for item in items)
    return Live(
        key=found.key,
        version=found.version,
        foreign_guids=guids,
        highest=_highest(_names(store, show)),
        feed=found.data,
    )


def _restorable(store: Store, show: str, live: Live, intent: Intent) -> Live:
    """*live* with what a rollback begins with: the record that it names, else the newest that can be read."""
    names = _names(store, show)
    highest = _highest(names)
    newest = tuple(name for name in names if records.generation_of(name) == highest)
    meant = [name for name in newest if name == intent.begins_with]
    for name in (live.name, *meant, *names):
        record = _readable(store, show, name)
        if record is None:
            continue
        if record.commit_key != live.key and store.head(record.commit_key):
            return read(store, show, record.commit_key, intent)
        is_whole = name == live.name and hashlib.sha256(live.feed).hexdigest() == record.feed_sha256
        rivals = newest if name != live.name and len(newest) > 1 and not meant else ()
        return replace(live, record=record, name=name, highest=highest, is_whole=is_whole, rivals=rivals)
    return replace(live, name="", highest=highest, is_whole=False)


def _readable(store: Store, show: str, name: str) -> Record | None:
    """The record called *name*; None where there is none, or none that can be read."""
    with suppress(StoredError):
        return stored_record(store, show, name) if name else None
    return None


def _names(store: Store, show: str) -> list[str]:
    """The names of all records of *show* that the store lists, the newest first."""
    folder = records.folder_of(show)
    names = {key.removeprefix(folder).removesuffix(".json") for key in store.list(folder) if key.endswith(".json")}
    return sorted(names, key=lambda name: (records.generation_of(name), name), reverse=True)


def _highest(names: Iterable[str]) -> int:
    return max(map(records.generation_of, names), default=0)
