"""What publishing needs of a place: to read, to put under a condition, to list, and to ask as the public asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a store says of an object without its bytes."""

    key: str
    size_bytes: int
    #: What a condition names: an ETag, or a generation. It says nothing of the content.
    version: str
    #: Empty in a folder: there a web server says these.
    content_type: str = ""
    cache_control: str = ""
    content_encoding: str = ""
    #: From the metadata podfeed writes: the sha256 of the bytes, and the podcast:guid of the show they belong to, or
    #: ``shared``. Empty for what somebody else put there.
    sha256: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(Stored):
    """The same with the bytes."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes to put, and how they are to be served."""

    key: str
    #: The bytes, or what makes them, or the file that holds them, which is read as it goes up.
    content: bytes | Callable[[], bytes] | Path
    size_bytes: int
    sha256: str
    content_type: str
    cache_control: str
    #: As `Stored.owner`.
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a store answered a conditional put. The loop believes none of these but by reading again."""

    #: done: it says it is stored. refused: it says the condition does not hold. unclear: it was busy, or silent.
    outcome: Literal["done", "refused", "unclear"]


Conditions = Literal["", "etag", "unquoted", "generation", "none"]

#: The condition of a put that nothing is there yet. Any other text is the version that must be there; None for no
#: condition at all.
ABSENT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """What somebody without credentials gets."""

    status: int
    #: By names in small letters.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Store(Protocol):
    """A place for objects.

    Every method raises AccessError when credentials or permission are missing, and TargetError when the store does not
    answer within its own retries; `put` alone tells that as ``unclear``, for its bytes may be there all the same.
    """

    #: Names the place, and gives nothing of it away: what was found out about one store holds for no other.
    place: str
    #: How it does conditions: by ETags as it gives them, by ETags without their quotes, by generations, or not at all;
    #: empty as long as nobody has tried. Whoever has tried sets it.
    conditions: Conditions

    def get(self, key: str) -> Object | None:
        """The object at *key*, whole; None when there is none."""

    def head(self, key: str) -> Stored | None:
        """The object at *key* without its bytes; None when there is none."""

    def hashed(self, key: str) -> str:
        """The sha256 of the object at *key*, read piece by piece; empty when there is none."""

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = ...) -> Answer:
        """Store *blob* if what is there is *only_if*: a version, ABSENT, or None for whatever is there.

        *progress* hears how many further bytes went up. Raises TargetError when the file behind it changed meanwhile.
        """

    def list(self, prefix: str) -> Iterable[str]:
        """The keys that begin with *prefix*, in any order. A hint, never the ground of a decision."""

    def now(self) -> datetime | None:
        """What the clock of the store said in its last answer; None before the first."""

    def public_url(self, key: str) -> str:
        """Where the public finds *key*; empty when this place has no public address."""

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        """What the public gets for *key*, or for its bytes from *first* to *last*, both included.

        Never asked before the object exists: a cache in between would remember that it does not.
        Raises TargetError when nobody answers.
        """
