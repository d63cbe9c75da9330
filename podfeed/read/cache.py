"""What was read and measured, remembered by path, size and mtime_ns. Losing it costs time and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from podfeed.read.disk import whole
from podfeed.words import ENGLISH

FOLDER = ".podfeed"
_NAME = "cache.tsv"

#: A file written this short a time ago may be written again within the same tick of the clock: it is not trusted.
YOUNG_NS = 2_000_000_000

#: A value as JSON can carry it.
Encoded = Any


class Remembered(Protocol):
    """A value that says whether sentences stand in it: these are of the language it was read in."""

    @property
    def has_words(self) -> bool: ...


T = TypeVar("T", bound=Remembered)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells a file from an earlier state of it, without reading it."""

    size: int
    mtime_ns: int
    #: When the file came to be under its name: what replaces another may bring an old mtime_ns along.
    ctime_ns: int = 0

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)

    @property
    def head(self) -> str:
        """How a line of the cache begins that was written for this state."""
        return f"{self.size}\t{self.mtime_ns}\t{self.ctime_ns}\t"


@dataclass(slots=True)
class Cache:
    """Remembered values by kind and path, a line each, parsed when they are asked for.

    *key* names the state of everything else they depend on.
    """

    folder: Path
    key: str
    #: The language that is spoken: what was said in another is not remembered.
    language: str
    #: When the cache was opened; what was written shortly before may be written again unseen.
    opened_ns: int = field(default_factory=time.time_ns)
    #: Whether what was not asked for is kept all the same: a look at a part of the project must not lose the rest.
    keeps_all: bool = False
    _kept: dict[tuple[str, str], str] = field(default_factory=dict)
    _used: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, key: str, language: str = ENGLISH) -> Cache:
        """The cache of the project in *folder*; empty when there is none, or one made under another key."""
        try:
            stored, *lines = (folder / FOLDER / _NAME).read_text("utf-8", "surrogatepass").split("\n")
        except (OSError, ValueError):
            return cls(folder, key, language)
        rows = (line.split("\t", 2) for line in lines) if stored == key else ()
        return cls(folder, key, language, _kept={(row[0], row[1]): row[2] for row in rows if len(row) == 3})

    def get(self, type_: type[T], path: str, stamp: Stamp) -> T | None:
        """The value remembered for *path*, if the file still has this *stamp*."""
        place = (type_.__name__, path)
        line = self._kept.get(place)
        if line is None or not self._holds(line, stamp):
            return None
        try:
            decode: Callable[[Any], T] = decoder(cast(Any, type_))
            value = decode(json.loads(line.split("\t", 5)[5]))
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            return None
        self._used[place] = line
        return value

    def label(self, type_: type, path: str, stamp: Stamp) -> str | None:
        """The label the value was put with; None when there is no value that `get` would give. Nothing is parsed."""
        line = self._kept.get((type_.__name__, path))
        return line.split("\t", 5)[4] if line is not None and self._holds(line, stamp) else None

    def _holds(self, line: str, stamp: Stamp) -> bool:
        """Whether *line* was written for this state of the file, and says nothing in another language."""
        return line.startswith((f"{stamp.head}\t", f"{stamp.head}{self.language}\t"))

    def put(self, type_: type[T], path: str, stamp: Stamp, encoded: Encoded, label: str = "") -> T:
        """The value that *encoded* stands for, remembered for *path* unless the file is too young to be trusted."""
        decode: Callable[[Any], T] = decoder(cast(Any, type_))
        value = decode(encoded)
        if self.opened_ns - stamp.mtime_ns >= YOUNG_NS and not {"\t", "\n"} & {*path, *label}:
            text = json.dumps(encoded, ensure_ascii=False, separators=(",", ":"))
            language = self.language if value.has_words else ""
            self._used[type_.__name__, path] = f"{stamp.head}{language}\t{label}\t{text}"
        return value

    def save(self) -> None:
        """Keep what was used or put since it was opened. A cache that cannot be kept is no fault."""
        if self.keeps_all:
            self._used = {**self._kept, **self._used}
        if self._used != self._kept:
            lines = [f"{kind}\t{path}\t{line}" for (kind, path), line in self._used.items()]
            write_quietly(self.folder / FOLDER / _NAME, "\n".join([self.key, *lines]))


def write_quietly(path: Path, text: str) -> None:
    """Write a file below .podfeed/ whole or not at all, and never fail for it."""
    with contextlib.suppress(OSError), whole(path) as file:
        file.write(text.encode("utf-8", "surrogatepass"))


#: Pages are made of templates, styles, scripts and translations too.
_CODE = frozenset((".py", ".html", ".css", ".js", ".mo"))


@lru_cache(maxsize=1)
def code_key() -> str:
    """Names this very podfeed: values made by other code are not trusted."""
    package = Path(__file__).parent.parent
    files = sorted(path for path in package.rglob("*.*") if path.suffix in _CODE)
    state = [(str(each.relative_to(package)), Stamp.of(each.stat())) for each in files]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def key_of(*parts: bytes | str) -> str:
    """One name for the state of several things."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


# -------------------------------------------------------------------------- dataclasses as plain JSON


def encode(value: Any) -> Any:
    """*value* as JSON can carry it: dataclasses as lists of their fields, in order."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, tuple | list):
        return [encode(each) for each in value]
    if isinstance(value, Mapping):
        return {name: encode(each) for name, each in value.items()}
    return [encode(getattr(value, name)) for name in _names(cast(Any, type(value)))]


@cache
def _names(type_: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(type_))


@cache
def decoder(type_: Any) -> Callable[[Any], Any]:
    """The way back from JSON to *type_*, worked out once from its annotations."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if type_ in (date, datetime):
        return cast(Callable[[Any], Any], type_.fromisoformat)
    if type_ is timedelta:
        return lambda value: timedelta(microseconds=value)
    if origin is tuple:
        each = decoder(arguments[0])
        return tuple if each is _same else lambda value: tuple(map(each, value))
    if origin is Mapping:
        one = decoder(arguments[1])
        return _same if one is _same else lambda values: {name: one(value) for name, value in values.items()}
    if origin in (typing.Union, types.UnionType):
        inner = decoder(next(argument for argument in arguments if argument is not type(None)))
        return _same if inner is _same else lambda value: None if value is None else inner(value)
    if is_dataclass(type_) and isinstance(type_, type):
        return _dataclass_decoder(type_)
    return _same


def _same(value: Any) -> Any:
    return value


def _dataclass_decoder(type_: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(type_)
    names = _names(type_)
    inner = [(at, decode) for at, name in enumerate(names) if (decode := decoder(hints[name])) is not _same]

    def decode_fields(values: list[Any]) -> Any:
        if len(values) != len(names):
            raise ValueError(type_)
        values = list(values)
        for at, decode in inner:
            values[at] = decode(values[at])
        return type_(**dict(zip(names, values, strict=True)))

    return decode_fields
