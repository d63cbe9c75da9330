"""Feeds → HTML pages. Templates print what they are given; nothing unreleased is ever given to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import jinja2

from podfeed.model import Episode, Feed, Item, Person, Show
from podfeed.read.durations import format_clock
from podfeed.render.notes import SafeHtml

STYLESHEET = "podfeed.css"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: its files are named relative to it, so that it can be looked at anywhere."""

    site: str
    #: The way from the page to the top of the site, as ``../``, or ``./`` at the top.
    root: str

    def near(self, url: str) -> str:
        """*url* relative to the page, if it is on this site."""
        return self.root + url[len(self.site) + 1 :] if url.startswith(f"{self.site}/") else url


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("podfeed.render"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["clock"] = format_clock
    return environment


def stylesheet() -> bytes:
    """The one stylesheet of all pages."""
    return resources.files("podfeed.render").joinpath("templates", STYLESHEET).read_bytes()


def episode_page(
    *,
    show: Show,
    show_link: str,
    feed_url: str,
    episode: Episode,
    item: Item | None,
    date: datetime | None,
    canonical: str,
    picture: str,
    notes: SafeHtml,
    persons: Sequence[Person],
    place: Place,
) -> bytes:
    """The page of an episode, or of an article, which has no *item*."""
    return _page(
        "episode.html",
        language=show.language,
        title=f"{episode.title} – {show.title}",
        description=episode.description,
        place=place,
        canonical=canonical,
        feeds=[{"title": show.title, "url": feed_url}],
        show=show,
        show_link=show_link,
        episode=episode,
        item=item,
        date=date,
        length=format_clock(item.duration) if item else "",
        picture=picture,
        notes=notes,
        persons=persons,
    )


def show_page(*, feed: Feed, articles: Sequence[Mapping[str, str]], place: Place) -> bytes:
    """The page of a show: what it is, its episodes, and its *articles*, each with title and link."""
    return _page(
        "show.html",
        language=feed.language,
        title=feed.title,
        description=feed.description,
        place=place,
        canonical=feed.link,
        feeds=[feed],
        feed=feed,
        articles=articles,
    )


def home_page(feeds: Sequence[Feed], place: Place) -> bytes:
    """The page of all shows."""
    return _page(
        "home.html",
        language=feeds[0].language if feeds else "en",
        title=" · ".join(feed.title for feed in feeds),
        description="",
        place=place,
        canonical=f"{place.site}/",
        feeds=feeds,
    )


def _page(template: str, *, place: Place, **values: Any) -> bytes:
    page = _environment().get_template(template).render(values, root=place.root, near=place.near)
    return page.encode("utf-8", "replace")
