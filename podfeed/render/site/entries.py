"""An episode as lists of episodes show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from podfeed.check.registry import Context
from podfeed.model import AudioFacts, Episode, Show
from podfeed.render.feed import Release, artwork_of, picture_of
from podfeed.render.site.pictures import Picture, picture_for_page

#: So many characters of a text are enough for the lines that lists show of it.
_GIST = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An episode, or an article, in a list."""

    title: str
    #: The address of its page.
    link: str
    #: None for an article without one.
    date: datetime | None
    #: Zero for an article.
    duration: timedelta
    season: int | None
    number: int | None
    type: str
    #: What apps print instead of its number; empty when not given.
    label: str
    #: How its text begins: more than lists show of it, for the style sheet cuts it where the lines end.
    description: str
    picture: Picture | None


def entry_of(seen: Context, release: Release, show: Show, episode: Episode) -> Entry:
    """*episode* as lists show it."""
    facts = release.facts.get(episode.audio)
    excerpt = episode.notes_facts.excerpt if episode.notes_facts else ""
    return Entry(
        title=episode.title,
        link=release.page_url(show, episode),
        date=seen.identity(episode).date_of(episode) or episode.date,
        duration=facts.duration if isinstance(facts, AudioFacts) else timedelta(),
        season=episode.season,
        number=episode.number,
        type=episode.type,
        label=episode.label,
        description=_beginning(episode.description or excerpt),
        picture=_picture(release, episode),
    )


def _beginning(text: str) -> str:
    return text if len(text) <= _GIST else f"{text[:_GIST].rstrip()}…"


def _picture(release: Release, episode: Episode) -> Picture | None:
    shown = picture_of(episode)
    own = shown and shown == artwork_of(episode, release)
    return picture_for_page(release.images(release.art(episode), "")) if own else None
