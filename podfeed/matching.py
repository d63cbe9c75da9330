"""Items of an old feed ↔ files of the project: which file is which item, and what told."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from podfeed.model import Episode
from podfeed.read.decode import Decoded
from podfeed.read.feed import OldItem
from podfeed.read.folder import is_remote


def match(
    items: Sequence[OldItem], files: Iterable[Decoded], guids: Mapping[str, str], show: str = ""
) -> dict[int, tuple[str, str]]:
    """The path of the file that an item is, and what told, by the item's number. No two items have the same file.

    *guids* are the ones the files have already, by path. Where several files would do, one of *show* is meant.
    """
    found: dict[int, tuple[str, str]] = {}
    free = {file.episode.path: file.episode for file in files}
    for sign in _signs(guids):
        open_items = {number: item for number, item in enumerate(items) if number not in found}
        choices = _choices(sign, open_items, free.values(), show)
        wanted = Counter(choices.values())
        for number, path in choices.items():
            if wanted[path] == 1:
                found[number] = (path, sign.name)
                del free[path]
    return found


def last_part(reference: str) -> str:
    """The name at the end of an address or a project path, decoded, in NFC; empty when there is none."""
    return next(reversed(_parts(reference)), "")


@dataclass(frozen=True, slots=True)
class _Sign:
    """One way to tell which file an item is: both have the same key, and the closest of several is meant."""

    name: str
    of_item: Callable[[OldItem], str]
    of_file: Callable[[Episode], str]
    #: How well the two fit beyond the key; 0 for not at all.
    closeness: Callable[[OldItem, Episode], int] = lambda item, episode: 1


def _signs(guids: Mapping[str, str]) -> tuple[_Sign, ...]:
    """The surest sign first."""
    return (
        _Sign("guid", lambda item: item.guid, lambda episode: guids.get(episode.path, episode.guid)),
        _Sign("audio", lambda item: last_part(item.enclosure_url), lambda episode: last_part(episode.audio), _tail),
        _Sign("slug", lambda item: _slug(item.link), _slug_of),
        _Sign("slug", lambda item: _slug(item.guid), _slug_of),
        _Sign("title and date", lambda item: _title(item.title), lambda episode: _title(episode.title), _is_same_day),
    )


def _choices(sign: _Sign, items: Mapping[int, OldItem], episodes: Collection[Episode], show: str) -> dict[int, str]:
    """The path of the one file that *sign* points to, for the items where it points to one."""
    by_key: dict[str, list[Episode]] = {}
    for episode in episodes:
        by_key.setdefault(sign.of_file(episode), []).append(episode)
    by_key.pop("", None)
    choices = {number: _closest(sign, item, by_key.get(sign.of_item(item), ()), show) for number, item in items.items()}
    return {number: path for number, path in choices.items() if path}


def _closest(sign: _Sign, item: OldItem, episodes: Iterable[Episode], show: str) -> str:
    """The path of the episode that fits best, files of *show* before others; empty for none, or for a draw."""
    ranks = {each.path: (each.show == show, sign.closeness(item, each)) for each in episodes}
    fitting = {path: rank for path, rank in ranks.items() if rank[1]}
    best = max(fitting.values(), default=None)
    winners = [path for path, rank in fitting.items() if rank == best]
    return winners[0] if len(winners) == 1 else ""


def _parts(reference: str) -> list[str]:
    """The folders and the name in an address or a project path, decoded, in NFC."""
    if not is_remote(reference):
        return unicodedata.normalize("NFC", reference).split("/")
    try:
        path = urlsplit(reference).path
    except ValueError:
        return []
    return unicodedata.normalize("NFC", unquote(path)).rstrip("/").split("/")


def _tail(item: OldItem, episode: Episode) -> int:
    """How many parts the two audio paths share, counted from the file name."""
    pairs = zip(reversed(_parts(item.enclosure_url)), reversed(_parts(episode.audio)), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _slug(address: str) -> str:
    name = last_part(address) if is_remote(address) else ""
    return _bare(posixpath.splitext(name)[0] if name.endswith(".html") else name)


def _slug_of(episode: Episode) -> str:
    return _bare(episode.permalink.rstrip("/").rpartition("/")[2] or episode.slug)


def _bare(text: str) -> str:
    """*text* with everything that generators turn into a hyphen as one."""
    return re.sub(r"\W+", "-", unicodedata.normalize("NFC", text)).strip("-").casefold()


def _title(title: str) -> str:
    return " ".join(unicodedata.normalize("NFC", title).split())


def _is_same_day(item: OldItem, episode: Episode) -> int:
    """Whether the dates are a day apart at most: one without an offset may be read differently."""
    return int(bool(item.date and episode.date and abs(item.date - episode.date) <= timedelta(days=1)))
