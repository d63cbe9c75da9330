"""What a place holds of ours: the record of a generation, to and from JSON. It names only what is public anyway."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from podfeed.errors import RefusedError, StoredError
from podfeed.model import Guid
from podfeed.publish.store import Conditions
from podfeed.read.folder import stays_below
from podfeed.read.lock import PublishedFeed, followed
from podfeed.words import say

SCHEMA = 2
FOLDER = "_podfeed"
#: How much of a hash names a record, and how much of one remembers an earlier state.
_SHORT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedItem:
    """An item as a generation of the feed has it, or had it before it was withdrawn."""

    guid: Guid
    #: For people: what `plan` and `history` call it.
    title: str
    #: The date it was first published with.
    date: datetime | None
    enclosure_url: str
    #: The key of its audio and the sha256 of the bytes; empty for audio elsewhere.
    media: str = ""
    sha256: str = ""
    size_bytes: int = 0
    #: Names the state of the file it was made from; empty when nobody knows.
    source: str = ""
    #: Names everything an app is told of it, its notes whole.
    digest: str
    #: The digests it had before, in the order they were replaced.
    earlier: tuple[str, ...] = ()
    #: How often it came back after it was withdrawn: who knows of less is older.
    reinstated: int = 0
    #: The key of its page, and those it had before: what stands there leads to it.
    page: str = ""
    former_pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMedia:
    """A medium that a generation names."""

    #: Empty for copies of pictures, which two versions of a library make differently.
    sha256: str = ""
    #: The sha256 of the file of the project that has this name; a picture may go out without what it tells of a place.
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A generation of a show: everything that was public with it."""

    #: The podcast:guid of the show.
    show: str
    generation: int
    #: The name of the record before it; empty for the first.
    parent: str = ""
    #: When it was put, by the clock of the store.
    committed: datetime
    #: What ``PODFEED_WRITER`` says; never the name of a machine or a user.
    writer: str = ""
    #: sha256 of the feed without its last line, its key, and the address it is read at.
    feed_sha256: str
    feed_key: str
    feed_url: str
    #: Where it lay before, first of all: it is kept up there.
    former_keys: tuple[str, ...] = ()
    #: Names all that the channel says beside its items; and what it said before.
    channel: str
    earlier_channels: tuple[str, ...] = ()
    #: The generation whose feed a rollback brought back with this one; 0 for one that was made anew.
    restores: int = 0
    #: In the order of the feed.
    items: tuple[RecordedItem, ...] = ()
    #: Items that were withdrawn.
    withdrawn: tuple[RecordedItem, ...] = ()
    #: By key: what the feed and its pages name, those of earlier generations included.
    media: Mapping[str, RecordedMedia] = field(default_factory=dict)
    #: By key: sha256 of each page; and names of the states all of them had before.
    pages: Mapping[str, str] = field(default_factory=dict)
    earlier_pages: tuple[str, ...] = ()
    #: The feeds beside the show's own.
    feeds: tuple[PublishedFeed, ...] = ()
    #: How the store does conditions: etag, unquoted, generation, or none. Empty when nobody tried.
    conditions: Conditions = ""
    #: Names the store that does them so: a copy of the bucket elsewhere is tried again.
    place: str = ""

    @property
    def by_guid(self) -> dict[str, RecordedItem]:
        """The items by the text of their guids."""
        return {item.guid.text: item for item in self.items}

    @property
    def states(self) -> tuple[tuple[RecordedItem, bool], ...]:
        """Every item that is or was there, each with whether it was withdrawn."""
        return (*((item, False) for item in self.items), *((item, True) for item in self.withdrawn))

    @property
    def commit_key(self) -> str:
        """Where the feed lay first: that one is the commit, wherever it lies now, for all machines must agree on it."""
        return self.former_keys[0] if self.former_keys else self.feed_key

    @property
    def name(self) -> str:
        """What the last line of its feed, and its own key, call it."""
        return name_of(self.generation, write(self))

    @property
    def state_of_pages(self) -> str:
        """Names the pages as they are together."""
        return digest_of(sorted(self.pages.items()))


def name_of(generation: int, data: bytes) -> str:
    """The name of the record whose bytes are *data*."""
    return f"{generation}-{hashlib.sha256(data).hexdigest()[:_SHORT]}"


def folder_of(show: str) -> str:
    """Where the records of the show with the id *show* lie."""
    return f"{FOLDER}/{show}/"


def record_key(show: str, name: str) -> str:
    """The key of the record *name* of the show with the id *show*."""
    return f"{folder_of(show)}{name}.json"


def copy_key(show: str, name: str) -> str:
    """The key of the bytes of the feed of that generation, last line and all."""
    return f"{folder_of(show)}{name}.xml"


def digest_of(value: object) -> str:
    """A short name of *value*, which JSON can hold but for its datetimes and timedeltas: the same on every machine."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


_NAME = re.compile("[0-9]{1,9}-[0-9a-f]{16}")
_LAST_LINE = re.compile(rf"<!-- podfeed ({_NAME.pattern}) -->\n?\Z".encode())


def signed(feed: bytes, name: str) -> bytes:
    """*feed* with the last line that names its record *name*, and so makes its bytes unique."""
    return feed.rstrip(b"\n") + b"\n" + f"<!-- podfeed {name} -->\n".encode()


def unsigned(data: bytes) -> tuple[bytes, str]:
    """A feed without its last line, and the name of the record in it; an empty name when it has no such line."""
    found = _LAST_LINE.search(data)
    return (data[: found.start()], found[1].decode()) if found else (data, "")


def generation_of(name: str) -> int:
    """The number in the name of a record; 0 when there is none."""
    number = name.partition("-")[0]
    return int(number) if re.fullmatch("[0-9]{1,9}", number) else 0


def write(record: Record) -> bytes:
    """The bytes of *record*."""
    values = {"schema": SCHEMA, **asdict(record)}
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, default=_as_text) + "\n").encode()


def _as_text(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()


def read(data: bytes, name: str) -> Record:
    """The record called *name* whose bytes are *data*.

    Raises StoredError when these are not its bytes, RefusedError when a newer podfeed wrote them.
    """
    if name_of(generation_of(name), data) != name:
        raise StoredError(say("the record {name} was changed since it was written", name=name))
    try:
        values = json.loads(data)
        if values["schema"] > SCHEMA:
            message = say(
                "the last publish was by a newer podfeed (records of format {schema}): install that one here",
                schema=values["schema"],
            )
            raise RefusedError(message)
        return _record(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoredError(say("the record {name} cannot be read", name=name)) from error


def _record(values: dict[str, Any]) -> Record:
    del values["schema"]
    values["committed"] = datetime.fromisoformat(values["committed"])
    values["items"] = tuple(_item(each) for each in values["items"])
    values["withdrawn"] = tuple(_item(each) for each in values["withdrawn"])
    values["media"] = {key: RecordedMedia(**each) for key, each in values["media"].items()}
    values["feeds"] = tuple(PublishedFeed(**each) for each in values["feeds"])
    for name in ("former_keys", "earlier_channels", "earlier_pages"):
        values[name] = tuple(values[name])
    record = Record(**values)
    if not all(map(stays_below, _keys(record))) or not all(each.stays_below for each in record.feeds):
        raise ValueError(record.show)  # whoever can write into a bucket is not to write beside a folder
    if record.parent and not _NAME.fullmatch(record.parent):
        raise ValueError(record.parent)
    return record


def _keys(record: Record) -> Iterator[str]:
    yield from (record.feed_key, *record.former_keys, *record.media, *record.pages)
    yield from (key for item, _ in record.states for key in (item.media, item.page, *item.former_pages) if key)


def _item(values: dict[str, Any]) -> RecordedItem:
    date = values["date"]
    known = {
        "guid": Guid(**values["guid"]),
        "date": datetime.fromisoformat(date) if date else None,
        "earlier": tuple(values["earlier"]),
        "former_pages": tuple(values.get("former_pages", ())),
    }
    return RecordedItem(**{**values, **known})


def succeeding(item: RecordedItem, known: RecordedItem | None) -> RecordedItem:
    """*item* as the next generation has it, where the one before had *known* of the same guid."""
    if known is None:
        return item
    return replace(
        item,
        date=known.date or item.date,
        earlier=followed(known.earlier, known.digest, item.digest),
        reinstated=max(item.reinstated, known.reinstated),
        former_pages=followed((*known.former_pages, *item.former_pages), known.page, item.page),
    )
