"""What is stored, and what the public gets of it, against what was put."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

from podfeed.errors import AccessError, PodfeedError, PublicError, StoredError, TargetError
from podfeed.publish import record as records
from podfeed.publish.content import part_of
from podfeed.publish.record import Record
from podfeed.publish.serving import FEED_TYPES, is_same_type, type_of
from podfeed.publish.store import Blob, PublicAnswer, Store, Stored
from podfeed.words import say

#: How much of a medium is asked for at its beginning and at its end.
_PIECE = 65_536
#: How much is asked for at once where all of it is.
_LARGE_PIECE = 8 << 20
#: How long a place may take to show what it has.
PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 1.0
#: How long a cache may keep a feed that says nothing of it.
_USUAL_AGE = 300

Sleep = Callable[[float], None]


def check_medium(store: Store, there: Stored, blob: Blob | None, *, sleep: Sleep, seconds_left: float) -> None:
    """Look at a medium as the public will, before any feed names it. *blob* is what was put; None where it is not here.

    Raises AccessError when the public may not have it, StoredError when what is there is not what was put, or cannot
    be played from the middle, TargetError when nobody answers within *seconds_left*, or a minute.
    """
    if blob and there.sha256 not in ("", blob.sha256):
        blob = None  # a copy of a picture that another machine made
    if blob:
        _expect_stored(there, blob)
    if not there.size_bytes or not store.public_url(there.key):
        return
    content_type = blob.content_type if blob else type_of(there.key)
    ask = _Asking(store, there, content_type, sleep, min(seconds_left, PATIENCE_SECONDS))
    if blob is None:
        if ask.sha256() != (there.sha256 or store.hashed(there.key)):
            raise _other_bytes(ask.url)
        return
    for first, last in _ends(there.size_bytes):
        if ask.part(first, last) != part_of(blob, first, last):
            raise _other_bytes(ask.url)


def _expect_stored(there: Stored, blob: Blob) -> None:
    """Raise StoredError unless *there* is what was put as *blob*."""
    if there.size_bytes != blob.size_bytes:
        message = say(
            "“{key}” has {there} bytes in the store, and {here} here; move it away there",
            key=there.key,
            there=there.size_bytes,
            here=blob.size_bytes,
        )
        raise StoredError(message)
    differing = differing_headers(there, blob.content_type, blob.cache_control)
    if differing:
        name, wrong, right = differing[0]
        message = say(
            "the store says {name}: “{wrong}” of “{key}”, and not “{right}”; set it right there",
            name=name,
            wrong=wrong,
            key=there.key,
            right=right,
        )
        raise StoredError(message)


def differing_headers(there: Stored, content_type: str, cache_control: str) -> list[tuple[str, str, str]]:
    """What the store says of *there* that is not so: the header, what it says, what it should say.

    What somebody else put there may be kept for another while. A folder says nothing of types.
    """
    found: list[tuple[str, str, str]] = []
    if not there.content_type:
        return found
    if not is_same_type(there.content_type, content_type):
        found.append(("Content-Type", there.content_type, content_type))
    if there.owner and there.cache_control != cache_control:
        found.append(("Cache-Control", there.cache_control, cache_control))
    if there.content_encoding:
        found.append(("Content-Encoding", there.content_encoding, ""))
    return found


def _ends(size: int) -> Iterator[tuple[int, int]]:
    """The first and the last piece of so many bytes."""
    yield 0, min(size, _PIECE) - 1
    if size > _PIECE:
        yield size - _PIECE, size - 1


class _Asking:
    """Asks for one medium as apps do."""

    def __init__(self, store: Store, there: Stored, content_type: str, sleep: Sleep, patience: float) -> None:
        self.url = store.public_url(there.key)
        self._store, self._there, self._type = store, there, content_type
        self._sleep, self._patience = sleep, patience

    def sha256(self) -> str:
        """The sha256 of all of it."""
        digest, size = hashlib.sha256(), self._there.size_bytes
        for first in range(0, size, _LARGE_PIECE):
            digest.update(self.part(first, min(first + _LARGE_PIECE, size) - 1))
        return digest.hexdigest()

    def part(self, first: int, last: int) -> bytes:
        """Its bytes from *first* to *last*, as the public gets them."""
        answer = self._shown(first, last)
        _expect_open(answer, self.url)
        told = answer.headers.get("content-range", "")
        if answer.status == 200:
            raise StoredError(
                say(
                    "“{url}” always comes whole: turn on byte ranges, or it cannot be played from the middle",
                    url=self.url,
                )
            )
        if answer.status != 206:
            raise StoredError(say("“{url}” answers {status}", url=self.url, status=answer.status))
        if told != f"bytes {first}-{last}/{self._there.size_bytes}":
            raise StoredError(
                say("“{url}” says that it gives “{told}”, which was not asked for", url=self.url, told=told)
            )
        if not is_same_type(answer.headers.get("content-type", ""), self._type):
            message = say(
                "“{url}” comes as “{wrong}”, and not as “{right}”; set its Content-Type",
                url=self.url,
                wrong=answer.headers.get("content-type", ""),
                right=self._type,
            )
            raise StoredError(message)
        if encoding := answer.headers.get("content-encoding", ""):
            raise StoredError(
                say("“{url}” comes packed (“{encoding}”); turn that off for media", url=self.url, encoding=encoding)
            )
        return answer.body

    def _shown(self, first: int, last: int) -> PublicAnswer:
        """What the public gets, once it is shown: some places take a while. Raises TargetError."""
        while True:
            answer = self._store.public_get(self._there.key, first, last)
            if answer.status != 404 and answer.status < 500:
                return answer
            if self._patience <= 0:
                raise TargetError(_not_shown(self.url, answer.status))
            self._sleep(_PAUSE_SECONDS)
            self._patience -= _PAUSE_SECONDS


def _expect_open(answer: PublicAnswer, url: str) -> None:
    if answer.status in (401, 403):
        message = say(
            "“{url}” answers {status}: the public may not read it; “podfeed doctor” prints the policy that lets it",
            url=url,
            status=answer.status,
        )
        raise AccessError(message)


def _not_shown(url: str, status: int) -> str:
    if status != 404:
        return say("“{url}” answers {status}; run again", url=url, status=status)
    return say(
        "“{url}” answers 404, and the store has it: are “site”, “media” and “public” in config.yaml where the public"
        " finds what lies there? If so, run again",
        url=url,
    )


def _other_bytes(url: str) -> StoredError:
    return StoredError(say("“{url}” gives other bytes than were put there", url=url))


# --------------------------------------------------------------------------------------- after the commit


def check_feed(store: Store, key: str, record: Record) -> str:
    """Ask for the feed at *key* as apps do, after *record* was committed.

    Returns what is worth saying: that a cache still has the one before. Raises PublicError when the public gets
    something else.
    """
    url = store.public_url(key)
    if not url:
        return ""
    try:
        answer = store.public_get(key)
    except PodfeedError as error:
        raise PublicError(say("the feed is published, and the public does not get it: {error}", error=error)) from error
    _expect_feed(answer, url)
    feed, name = records.unsigned(answer.body)
    behind = record.generation - records.generation_of(name)
    if not name or (behind == 0 and hashlib.sha256(feed).hexdigest() != record.feed_sha256):
        raise PublicError(say("“{url}” gives something else than the feed that was published", url=url))
    return _on_its_way(answer, url) if behind > 0 else ""


def _expect_feed(answer: PublicAnswer, url: str) -> None:
    """Raise PublicError for an *answer* that apps do not take for a feed."""
    if answer.status != 200:
        raise PublicError(say("the feed is published, and “{url}” answers {status}", url=url, status=answer.status))
    if not any(is_same_type(answer.headers.get("content-type", ""), each) for each in FEED_TYPES):
        message = say(
            "the feed is published, and “{url}” comes as “{wrong}”; set its Content-Type to {right}",
            url=url,
            wrong=answer.headers.get("content-type", ""),
            right=FEED_TYPES[0],
        )
        raise PublicError(message)


def _on_its_way(answer: PublicAnswer, url: str) -> str:
    """What to say of a feed that is older than what was committed. Raises PublicError for one that is too old."""
    age = _seconds(answer.headers, "age", r"(\d{1,9})") or 0
    most = max_age_of(answer.headers)
    most = _USUAL_AGE if most is None else most
    if age > most:
        message = say(
            "“{url}” still gives the feed before: a cache has had it for {age} seconds and may for {most}; purge it",
            url=url,
            age=age,
            most=most,
        )
        raise PublicError(message)
    return say("the new feed is on its way: “{url}” comes from a cache, for {left} seconds", url=url, left=most - age)


def max_age_of(headers: Mapping[str, str]) -> int | None:
    """How many seconds a cache may keep what comes with *headers*; None where they do not say."""
    shared = _seconds(headers, "cache-control", r"\bs-maxage=(\d{1,9})")
    return _seconds(headers, "cache-control", r"\bmax-age=(\d{1,9})") if shared is None else shared


def _seconds(headers: Mapping[str, str], name: str, pattern: str) -> int | None:
    found = re.search(pattern, headers.get(name, ""))
    return int(found[1]) if found else None
