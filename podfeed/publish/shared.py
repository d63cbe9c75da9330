"""What belongs to all shows together: it goes up last, and never over what is made of newer generations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from podfeed.errors import TargetError
from podfeed.publish.live import refuse_foreign
from podfeed.publish.loop import MAX_ROUNDS, Ways
from podfeed.publish.serving import FRESH, blob
from podfeed.publish.store import ABSENT, Blob, Store
from podfeed.publish.wanted import Intent, Medium
from podfeed.words import say

#: Whose it is, in place of the podcast:guid of a show.
OWNER = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFiles:
    """What is to be in public for all shows."""

    #: By key. A feed is without its last line.
    media: Mapping[str, Medium] = field(default_factory=dict)
    pages: Mapping[str, Blob] = field(default_factory=dict)
    feeds: Mapping[str, bytes] = field(default_factory=dict)
    #: The generation of each show it is made of.
    generations: Mapping[str, int]


def put_shared(store: Store, files: SharedFiles, intent: Intent, ways: Ways) -> dict[str, int]:
    """Put what changed of *files*, or is not there any more. Returns the sizes of what was put, by key.

    Raises RefusedError over what podfeed did not put there, TargetError when the store keeps too busy for it.
    """
    run = _Run(store, intent, ways)
    for medium in files.media.values():
        run.put_medium(medium)
    for page in files.pages.values():
        run.put_page(page)
    for key, feed in files.feeds.items():
        run.put_feed(key, feed, files.generations)
    return run.put


@dataclass(slots=True)
class _Run:
    store: Store
    intent: Intent
    ways: Ways
    put: dict[str, int] = field(default_factory=dict)

    def put_medium(self, medium: Medium) -> None:
        """Copies of pictures have the way they are made in their names: what is there is as good."""
        for _ in self._rounds(medium.key):
            if self.store.head(medium.key) or not medium.blob or self._put(medium.blob(), ABSENT):
                return

    def put_page(self, page: Blob) -> None:
        """A page is put over the one before it, whatever it was made of: the next run mends it."""
        for _ in self._rounds(page.key):
            there = self.store.head(page.key)
            if there:
                refuse_foreign(there, self.intent)
            if (there and there.sha256 == page.sha256) or self._put(page, None):
                return

    def put_feed(self, key: str, feed: bytes, generations: Mapping[str, int]) -> None:
        """A feed of all shows is put over one that is older in some show, and newer in none."""
        data = _signed(feed, generations)
        mine = blob(key, data, OWNER, cache_control=FRESH)
        for _ in self._rounds(key):
            there = self.store.get(key)
            theirs = _generations(there.data) if there else {}
            if there and not theirs:
                refuse_foreign(there, self.intent)
            if there and (there.data == data or any(theirs.get(show, 0) > at for show, at in generations.items())):
                return
            self._put(mine, there.version if there else ABSENT)

    def _rounds(self, key: str) -> Iterator[None]:
        """Once for each time that something is tried. Raises TargetError when that was too often."""
        for round_ in range(MAX_ROUNDS):
            if round_:
                self.ways.sleep(self.ways.chance())
            yield
        raise TargetError(say("“{key}” could not be put; run again", key=key))

    def _put(self, piece: Blob, only_if: str | None) -> bool:
        self.ways.prepare()
        self.put[piece.key] = piece.size_bytes
        condition = only_if if self.store.conditions != "none" else None
        return self.store.put(piece, only_if=condition).outcome == "done"


_LAST_LINE = re.compile(r"<!-- podfeed((?: [\w-]+=[0-9]{1,9})+) -->\n?\Z")
#: More than a last line takes.
_TAIL = 64_000


def _signed(feed: bytes, generations: Mapping[str, int]) -> bytes:
    names = " ".join(f"{show}={number}" for show, number in sorted(generations.items()))
    return feed.rstrip(b"\n") + f"\n<!-- podfeed {names} -->\n".encode()


def _generations(data: bytes) -> dict[str, int]:
    """What the last line of the feed *data* says it is made of; nothing where it has none of ours."""
    found = _LAST_LINE.search(data[-_TAIL:].decode("utf-8", "replace"))
    pairs = (each.split("=") for each in found[1].split()) if found else ()
    return {show: int(number) for show, number in pairs}
