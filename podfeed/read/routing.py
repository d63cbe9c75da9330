"""Which show a file belongs to, and by which rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from podfeed.model import Match, Show
from podfeed.words import say


@dataclass(frozen=True, slots=True)
class Route:
    """The outcome: one show and why, or none, or several that all claim the file."""

    show: str = ""
    reason: str = ""
    rivals: tuple[str, ...] = ()


def route(shows: Mapping[str, Show], *, named: str, title: str, path: str, actor_ids: tuple[str, ...]) -> Route:
    """The show of an episode: the one it names, else the one whose ``match`` holds. *path* is below episodes/."""
    if named:
        return Route(named, f"show: {named}") if named in shows else Route(reason=say("no show “{name}”", name=named))
    claims = [
        (show.id, reason)
        for show in shows.values()
        if show.match and (reason := _claim(show.match, title, path, actor_ids))
    ]
    if len(claims) == 1:
        return Route(*claims[0])
    if claims:
        return Route(rivals=tuple(show for show, _ in claims), reason=say("more than one show claims it"))
    # With a single show that asks for nothing there is nothing to tell apart.
    if len(shows) == 1 and next(iter(shows.values())).match is None:
        return Route(next(iter(shows)), say("the only show"))
    return Route(reason=say("no show claims it"))


def _claim(match: Match, title: str, path: str, actor_ids: tuple[str, ...]) -> str:
    """Why *match* holds, or nothing. Every key that is given must hold; one of its values is enough."""
    asked: tuple[tuple[str, tuple[str, ...], Callable[[str], bool]], ...] = (
        ("actor_ids", match.actor_ids, actor_ids.__contains__),
        ("title", match.title, partial(_covers, title)),
        ("path", match.path, partial(_covers, path)),
    )
    held = []
    for key, values, holds in asked:
        if values:
            value = next(filter(holds, values), None)
            if value is None:
                return ""
            held.append(f"match {key}: {value}")
    return ", ".join(held)


def _covers(text: str, pattern: str) -> bool:
    return _glob(pattern).fullmatch(unicodedata.normalize("NFC", text)) is not None


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    """Only ``*`` and ``?`` are special: titles contain brackets."""
    pieces = re.split(r"([*?])", unicodedata.normalize("NFC", pattern))
    return re.compile("".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)
