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
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from podfeed.read.disk import write_whole
from podfeed.words import ENGLISH

FOLDER = ".podfeed"
_NAME = "cache.tsv"

#: A file written this short a time ago may be written again within the same tick of the clock: it is not trusted.
YOUNG_NS = 2_000_000_000

#: A value as JSON, in one line.
Encoded = str


class Remembered(Protocol):
    """A value that says whether sentences stand in it: these are of the language it was read in."""

    @property
    def has_words(self) -> bool: ...


V = TypeVar("V")
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
            value = decode(type_, line.split("\t", 5)[5])
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
        value = decode(type_, encoded)
        if self.opened_ns - stamp.mtime_ns >= YOUNG_NS and not {"\t", "\n"} & {*path, *label}:
            language = self.language if value.has_words else ""
            self._used[type_.__name__, path] = f"{stamp.head}{language}\t{label}\t{encoded}"
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
    with contextlib.suppress(OSError):
        write_whole(path, text.encode("utf-8", "surrogatepass"))


#: Pages are made of templates, styles, scripts and translations too.
_CODE = (".py", ".html", ".css", ".js", ".mo")


@lru_cache(maxsize=1)
def code_key() -> str:
    """Names this very podfeed: values made by other code are not trusted."""
    package = str(Path(__file__).parent.parent)
    # Asked by every run, and os.walk takes a fifth of the time of Path.rglob.
    paths = (f"{folder}/{name}" for folder, _, names in os.walk(package) for name in names if name.endswith(_CODE))
    state = [(path.removeprefix(package), Stamp.of(os.stat(path))) for path in sorted(paths)]  # noqa: PTH116
    return hashlib.sha256(repr(state).encode()).hexdigest()


def key_of(*parts: bytes | str) -> str:
    """One name for the state of several things."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


# -------------------------------------------------------------------------- dataclasses as plain JSON


def encode(value: Any) -> Encoded:
    """*value*, a dataclass, as JSON: lists of the fields, in order."""
    return _written(_codec(cast(Any, type(value))).encode(value))


def decode(type_: type[V], encoded: Encoded) -> V:
    """The value of that type that was encoded. Raises all kinds of errors for a text that `encode` did not make."""
    return cast(V, _codec(cast(Any, type_)).decode(json.loads(encoded)))


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Codec(NamedTuple):
    """The way of one type to what JSON can carry, and back."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@cache
def _codec(type_: Any) -> _Codec:
    """Worked out once for each type, from its annotations."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if type_ in (date, datetime):
        return _Codec(type_.isoformat, type_.fromisoformat)
    if type_ is timedelta:
        return _Codec(lambda value: value // _TICK, lambda value: timedelta(microseconds=value))
    if origin is tuple:
        return _tuples(_codec(arguments[0]))
    if origin is Mapping:
        return _mappings(_codec(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        return _options(_codec(next(argument for argument in arguments if argument is not type(None))))
    if is_dataclass(type_) and isinstance(type_, type):
        return _dataclasses(type_)
    return _AS_IT_IS


_TICK = timedelta(microseconds=1)


def _same(value: Any) -> Any:
    return value


_AS_IT_IS = _Codec(_same, _same)


def _tuples(each: _Codec) -> _Codec:
    if each is _AS_IT_IS:
        return _Codec(_same, tuple)
    return _Codec(lambda values: list(map(each.encode, values)), lambda values: tuple(map(each.decode, values)))


def _mappings(each: _Codec) -> _Codec:
    if each is _AS_IT_IS:
        return _AS_IT_IS
    return _Codec(
        lambda values: {name: each.encode(value) for name, value in values.items()},
        lambda values: {name: each.decode(value) for name, value in values.items()},
    )


def _options(inner: _Codec) -> _Codec:
    if inner is _AS_IT_IS:
        return _AS_IT_IS
    return _Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
    )


def _dataclasses(type_: type) -> _Codec:
    hints = typing.get_type_hints(type_)
    names = tuple(each.name for each in fields(type_))
    codecs = [(at, _codec(hints[name])) for at, name in enumerate(names)]
    encoders = [(at, codec.encode) for at, codec in codecs if codec.encode is not _same]
    decoders = [(at, codec.decode) for at, codec in codecs if codec.decode is not _same]

    def encode_fields(value: Any) -> list[Any]:
        values = [getattr(value, name) for name in names]
        for at, encode in encoders:
            values[at] = encode(values[at])
        return values

    def decode_fields(values: list[Any]) -> Any:
        for at, decode in decoders:
            values[at] = decode(values[at])
        value: object = object.__new__(type_)
        for name, each in zip(names, values, strict=True):  # as its constructor does, in half the time
            object.__setattr__(value, name, each)
        return value

    return _Codec(encode_fields, decode_fields)
