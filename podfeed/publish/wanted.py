"""What a publish is asked for: a show as it should be in public, and what somebody means by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from podfeed.publish.record import RecordedItem
from podfeed.publish.store import Blob
from podfeed.read.lock import PublishedFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A show as it should be in public now."""

    #: The id and the podcast:guid of the show.
    show: str
    guid: str
    feed_key: str
    feed_url: str
    #: Without its last line.
    feed: bytes
    #: Names what the channel says beside its items.
    channel: str
    items: tuple[RecordedItem, ...]
    #: What is withdrawn by podfeed.lock or by this run, as podfeed.lock has it.
    withdrawn: tuple[RecordedItem, ...] = ()
    media: Mapping[str, Medium] = field(default_factory=dict)
    pages: Mapping[str, Blob] = field(default_factory=dict)
    #: Pages that stay as they are: sha256 by key.
    kept_pages: Mapping[str, str] = field(default_factory=dict)
    #: Further feeds of the show by key, without their last lines.
    derived: Mapping[str, bytes] = field(default_factory=dict)
    feeds: tuple[PublishedFeed, ...] = ()
    #: The generation that a rollback brings back; 0 for a show that is made anew.
    restores: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A medium that the feed or a page names."""

    key: str
    #: Empty for a copy of a picture: whatever copy is there is as good.
    sha256: str
    #: The sha256 of the file of the project that has this name, where that is known.
    source: str = ""
    #: Gives it to be put; None where this checkout does not have it.
    blob: Callable[[], Blob] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody means to do that podfeed would refuse otherwise."""

    #: Publish over what podfeed did not put there.
    is_first: bool = False
    #: Publish what was replaced before.
    reverts: bool = False
    #: Put a feed where one was taken away, or changed by hand.
    restores: bool = False
    #: The record to begin with where the feed that named one is gone.
    begins_with: str = ""
    #: Guids that leave the feed, and that come back.
    withdraws: frozenset[str] = frozenset()
    reinstates: frozenset[str] = frozenset()
