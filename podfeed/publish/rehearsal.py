"""A store that changes nothing: it answers as the one behind it, and what is put stays in the rehearsal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from podfeed.publish.content import part_of
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Object, PublicAnswer, Store, Stored


@dataclass(frozen=True, slots=True)
class Put:
    """Something that would go up."""

    blob: Blob
    #: Whether there is something of that name.
    is_over: bool


class Rehearsal:
    """The *store* behind it, as it would be after all that is put here. Any thread may use it.

    No request to the store is made twice, and none that changes it.
    """

    def __init__(self, store: Store) -> None:
        self.place = store.place
        self.conditions: Conditions = store.conditions or "etag"
        #: What was put, in that order.
        self.puts: list[Put] = []
        #: How many requests all this would have taken.
        self.requests = 0
        self._store = store
        self._here: dict[str, Blob] = {}
        self._objects: dict[str, Object | None] = {}
        self._heads: dict[str, Stored | None] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Object | None:
        """As `Store` says."""
        self._count()
        if key in self._here:
            blob = self._here[key]
            return Object(**asdict(_stored(blob)), data=part_of(blob, 0, blob.size_bytes - 1))
        if key not in self._objects:
            self._objects[key] = self._heads[key] = self._store.get(key)
        return self._objects[key]

    def head(self, key: str) -> Stored | None:
        """As `Store` says."""
        self._count()
        return self._there(key)

    def hashed(self, key: str) -> str:
        """As `Store` says."""
        self._count()
        return self._here[key].sha256 if key in self._here else self._store.hashed(key)

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        """As `Store` says, but for that nobody else ever sees it."""
        self._count()
        there = self._there(blob.key)
        if only_if is not None and only_if != (there.version if there else ABSENT):
            return Answer(outcome="refused")
        with self._lock:
            self.puts.append(Put(blob, there is not None))
            self._here[blob.key] = blob
        return Answer(outcome="done")

    def list(self, prefix: str) -> Iterable[str]:
        """As `Store` says."""
        self._count()
        return {*self._store.list(prefix), *(key for key in self._here if key.startswith(prefix))}

    def now(self) -> datetime | None:
        """As `Store` says."""
        return self._store.now()

    def public_url(self, key: str) -> str:
        """As `Store` says."""
        return self._store.public_url(key)

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        """As `Store` says; what was put here is public at once."""
        self._count()
        if key not in self._here:
            return self._store.public_get(key, first, last)
        blob = self._here[key]
        headers = {"content-type": blob.content_type, "cache-control": blob.cache_control}
        if first is None or last is None:
            return PublicAnswer(status=200, headers=headers, body=part_of(blob, 0, blob.size_bytes - 1))
        body = part_of(blob, first, last)
        place = f"bytes {first}-{first + len(body) - 1}/{blob.size_bytes}"
        return PublicAnswer(status=206, headers={**headers, "content-range": place}, body=body)

    def _count(self) -> None:
        with self._lock:
            self.requests += 1

    def _there(self, key: str) -> Stored | None:
        if key in self._here:
            return _stored(self._here[key])
        if key not in self._heads:
            self._heads[key] = self._store.head(key)
        return self._heads[key]


def _stored(blob: Blob) -> Stored:
    return Stored(
        key=blob.key,
        size_bytes=blob.size_bytes,
        version=f"here {blob.sha256}",
        content_type=blob.content_type,
        cache_control=blob.cache_control,
        sha256=blob.sha256,
        owner=blob.owner,
    )
