"""What was read and measured, remembered by path, size and mtime_ns. Losing it costs time and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

FOLDER = ".podfeed"
_NAME = "cache.json"

#: A file written this short a time ago may be written again within the same tick of the clock: it is not trusted.
YOUNG_NS = 2_000_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells a file from an earlier state of it, without reading it."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        return cls(stat.st_size, stat.st_mtime_ns)


@dataclass(slots=True)
class Cache:
    """Remembered values by kind and path. *key* names the state of everything else they depend on."""

    folder: Path
    key: str
    _kept: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    _used: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, key: str) -> Cache:
        """The cache of the project in *folder*; empty when there is none, or one made under another key."""
        try:
            stored = json.loads((folder / FOLDER / _NAME).read_bytes())
            kept = stored["kept"] if stored["key"] == key else {}
        except (OSError, ValueError, KeyError, TypeError):
            kept = {}
        return cls(folder, key, kept)

    def get(self, type_: type[T], path: str, stamp: Stamp) -> T | None:
        """The value remembered for *path*, if the file still has this *stamp*."""
        entry = self._kept.get(type_.__name__, {}).get(path)
        if entry is None or entry[0] != stamp.size or entry[1] != stamp.mtime_ns:
            return None
        try:
            decode: Callable[[Any], T] = decoder(cast(Any, type_))
            value = decode(entry[2])
        except (ValueError, TypeError, IndexError, KeyError):
            return None
        self._used.setdefault(type_.__name__, {})[path] = entry
        return value

    def put(self, value: object, path: str, stamp: Stamp, now_ns: int) -> None:
        """Remember *value* for *path*, unless the file is too young to be trusted."""
        if now_ns - stamp.mtime_ns >= YOUNG_NS:
            entry = [stamp.size, stamp.mtime_ns, encode(value)]
            self._used.setdefault(type(value).__name__, {})[path] = entry

    def save(self) -> None:
        """Keep what was used or put since it was opened. A cache that cannot be kept is no fault."""
        if self._used == self._kept:
            return
        text = json.dumps({"key": self.key, "kept": self._used}, ensure_ascii=False, separators=(",", ":"))
        write_quietly(self.folder / FOLDER / _NAME, text)


def write_quietly(path: Path, text: str) -> None:
    """Write a file below .podfeed/ whole or not at all, and never fail for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(text, encoding="utf-8", errors="surrogatepass")
        temporary.replace(path)
    except OSError:
        return


@lru_cache(maxsize=1)
def code_key() -> str:
    """Names this very podfeed: values made by other code are not trusted."""
    package = Path(__file__).parent.parent
    files = sorted(package.rglob("*.py"))
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
    if isinstance(value, datetime):
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
    if type_ is datetime:
        return datetime.fromisoformat
    if type_ is timedelta:
        return lambda value: timedelta(microseconds=value)
    if origin is tuple:
        each = decoder(arguments[0])
        return tuple if each is _same else lambda value: tuple(map(each, value))
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
