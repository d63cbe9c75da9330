"""A store in memory, whole: for tests, and to try what publishing does without a place to publish to."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime

from podfeed.publish.content import opened, other_bytes
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Object, PublicAnswer, Stored
from podfeed.render.addresses import url_of


class MemoryStore:
    """Objects in memory, that everybody may read at *address*. Any thread may use it."""

    def __init__(self, clock: Callable[[], datetime], *, address: str = "https://memory.podfeed.example") -> None:
        self.place = ""
        self.conditions: Conditions = "etag"
        self.objects: dict[str, Object] = {}
        self._clock, self._address = clock, address
        self._lock = threading.Lock()
        self._puts = 0

    def get(self, key: str) -> Object | None:
        """As `Store` says."""
        return self.objects.get(key)

    def head(self, key: str) -> Stored | None:
        """As `Store` says."""
        return self.objects.get(key)

    def hashed(self, key: str) -> str:
        """As `Store` says."""
        found = self.objects.get(key)
        return hashlib.sha256(found.data).hexdigest() if found else ""

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        """As `Store` says."""
        with opened(blob) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != blob.sha256:
            raise other_bytes(blob)
        with self._lock:
            there = self.objects.get(blob.key)
            if only_if is not None and only_if != (there.version if there else ABSENT):
                return Answer(outcome="refused")
            self._puts += 1
            self.objects[blob.key] = Object(
                key=blob.key,
                size_bytes=len(data),
                version=f'"{self._puts}"',
                content_type=blob.content_type,
                cache_control=blob.cache_control,
                sha256=blob.sha256,
                owner=blob.owner,
                data=data,
            )
        progress(len(data))
        return Answer(outcome="done")

    def list(self, prefix: str) -> list[str]:
        """As `Store` says."""
        return [key for key in [*self.objects] if key.startswith(prefix)]

    def now(self) -> datetime | None:
        """As `Store` says."""
        return self._clock()

    def public_url(self, key: str) -> str:
        """As `Store` says."""
        return url_of(self._address, key)

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        """As `Store` says."""
        found = self.objects.get(key)
        if found is None:
            return PublicAnswer(status=404)
        headers = {"content-type": found.content_type, "cache-control": found.cache_control, "etag": found.version}
        if first is None or last is None:
            return PublicAnswer(status=200, headers=headers, body=found.data)
        if first >= found.size_bytes:
            return PublicAnswer(status=416, headers={"content-range": f"bytes */{found.size_bytes}"})
        body = found.data[first : last + 1]
        place = f"bytes {first}-{first + len(body) - 1}/{found.size_bytes}"
        return PublicAnswer(status=206, headers={**headers, "content-range": place}, body=body)
