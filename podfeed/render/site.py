"""Feeds → HTML pages. Templates print what they are given; nothing unreleased is ever given to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import jinja2

from podfeed.model import Episode, Feed, Image, Item, Person, Show
from podfeed.read.chapters import shown
from podfeed.read.cues import Cue, plain
from podfeed.read.durations import format_clock
from podfeed.render.chapters import stamp
from podfeed.render.copies import WEBP
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


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of an episode's page."""

    url: str
    #: What it shows, in words.
    alt: str = ""
    #: Width and height, where they are known to be the same.
    pixels: int = 0


def for_page(images: Iterable[Image], pixels: int) -> str:
    """The address of the one among *images* that is made for pages and is *pixels* wide; empty when none is."""
    return next((each.url for each in images if (each.mime_type, each.pixels) == (WEBP, pixels)), "")


class Readable(NamedTuple):
    """A transcript to be read."""

    language: str
    paragraphs: Iterable[Cue]

    @property
    def heading(self) -> str:
        """What it is called in its own language."""
        return _TRANSCRIPT.get(self.language.partition("-")[0].lower(), "Transcript")


_TRANSCRIPT = {
    "de": "Transkript",
    "es": "Transcripción",
    "fr": "Transcription",
    "it": "Trascrizione",
    "ja": "文字起こし",
    "ko": "대본",
    "pt": "Transcrição",
    "zh": "文字稿",
}


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("podfeed.render"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["clock"] = format_clock
    environment.globals["stamp"] = stamp
    environment.filters["plain"] = plain
    environment.globals["for_page"] = for_page
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
    picture: Picture | None,
    notes: SafeHtml,
    persons: Sequence[Person],
    transcripts: Sequence[Readable],
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
        chapters=shown(item.chapters) if item else (),
        persons=persons,
        transcripts=transcripts,
    )


def show_page(
    *, feed: Feed, further: Sequence[Mapping[str, str]], articles: Sequence[Mapping[str, str]], place: Place
) -> bytes:
    """The page of a show: what it is, its episodes, and its *articles*, each with title and link.

    Its *further* feeds have a title, a label and a url.
    """
    return _page(
        "show.html",
        language=feed.language,
        title=feed.title,
        description=feed.description,
        place=place,
        canonical=feed.link,
        feeds=[feed, *further],
        feed=feed,
        further=further,
        articles=articles,
    )


#: Said on the page of an episode that was withdrawn.
_WITHDRAWN = {
    "de": "Diese Folge wurde zurückgezogen.",
    "en": "This episode was withdrawn.",
    "es": "Este episodio ha sido retirado.",
    "fr": "Cet épisode a été retiré.",
    "it": "Questo episodio è stato ritirato.",
    "ja": "このエピソードは取り下げられました。",
    "ko": "이 에피소드는 철회되었습니다.",
    "pt": "Este episódio foi retirado.",
    "zh": "本期节目已撤回。",
}


def withdrawn_page(*, show: Show, show_link: str, feed_url: str, place: Place) -> bytes:
    """What stands where the page of an episode was that was withdrawn: nothing of it, and the way to its *show*."""
    return _page(
        "withdrawn.html",
        language=show.language,
        title=show.title,
        description="",
        place=place,
        canonical="",
        feeds=[{"title": show.title, "url": feed_url}],
        words=_WITHDRAWN.get(show.language.partition("-")[0].lower(), _WITHDRAWN["en"]),
        show=show,
        show_link=show_link,
    )


def home_page(feeds: Sequence[Feed], further: Sequence[Mapping[str, str]], place: Place, *, opml: str) -> bytes:
    """The page of all shows; *further* feeds have a title and a url, *opml* is the path of their list, if any."""
    return _page(
        "home.html",
        language=feeds[0].language if feeds else "en",
        title=" · ".join(feed.title for feed in feeds),
        description="",
        place=place,
        canonical=f"{place.site}/",
        feeds=[*feeds, *further],
        shows=feeds,
        further=further,
        opml=opml,
    )


def _page(template: str, *, place: Place, **values: Any) -> bytes:
    page = _environment().get_template(template).render(values, root=place.root, near=place.near)
    return page.encode("utf-8", "replace")
