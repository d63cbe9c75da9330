"""The generations of a show: when each was published, by whom, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from podfeed.publish.live import Live, lineage
from podfeed.publish.record import Record, RecordedItem
from podfeed.publish.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a generation changed about an episode."""

    kind: Literal["new", "edited", "withdrawn", "reinstated"]
    guid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A generation, and what it changed."""

    name: str
    record: Record
    turns: tuple[Turn, ...]
    #: Whether it changed what the feed says of the show itself.
    has_other_channel: bool
    #: Whether the one before it is there to compare it with; the first has none.
    is_known: bool


def generations(store: Store, show: str, live: Live, most: int) -> tuple[Generation, ...]:
    """The last generations of *show* up to the *live* one, the newest first, and no more than *most*."""
    if live.record is None:
        return ()
    line: list[tuple[str, Record | None]] = [(live.name, live.record)]
    line += islice(lineage(store, show, live.record), most)
    if len(line) <= most:
        line.append(("", None))
    return tuple(_generation(name, record, before) for (name, record), (_, before) in pairwise(line) if record)


def _generation(name: str, record: Record, before: Record | None) -> Generation:
    is_known = before is not None or not record.parent
    return Generation(
        name=name,
        record=record,
        turns=tuple(turns(before, record)) if is_known else (),
        has_other_channel=before is not None and before.channel != record.channel,
        is_known=is_known,
    )


def turns(before: Record | None, record: Record) -> Iterator[Turn]:
    """What *record* changed about the episodes of the one *before* it."""
    there = before.by_guid if before else {}
    gone = {item.guid.text for item in before.withdrawn} if before else set[str]()
    for item in record.items:
        known = there.get(item.guid.text)
        if item.guid.text in gone:
            yield _turn("reinstated", item)
        elif known is None:
            yield _turn("new", item)
        elif known.digest != item.digest:
            yield _turn("edited", item)
    for item in record.withdrawn:
        if item.guid.text not in gone:
            yield _turn("withdrawn", item)


def _turn(kind: Literal["new", "edited", "withdrawn", "reinstated"], item: RecordedItem) -> Turn:
    return Turn(kind=kind, guid=item.guid.text, title=item.title)
