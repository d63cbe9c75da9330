"""What is on each kind of page. Templates print what they are given; nothing unreleased is ever given to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from podfeed.check.look import OWN, with_own
from podfeed.model import Episode, Feed, Item, Person, Show
from podfeed.read.chapters import shown
from podfeed.read.cues import Cue
from podfeed.render.embeds import embedded
from podfeed.render.feed import Release, transcript_files
from podfeed.render.notes import SafeHtml, pictures_in, placed
from podfeed.render.site import local, meaning
from podfeed.render.site.apps import apps
from podfeed.render.site.engine import Engine
from podfeed.render.site.entries import Entry
from podfeed.render.site.meaning import Card, Series, Thing
from podfeed.render.site.pictures import Picture, shown_in
from podfeed.render.site.places import COPY, EMBEDS, SCRIPT, SEARCH, Place
from podfeed.render.site.policy import Needs, policy
from podfeed.render.transcript import paragraphs


class Named(NamedTuple):
    """A link with its words."""

    title: str
    url: str
    #: A shorter word for it where the page says the rest.
    label: str = ""
    #: The picture of whom it leads to; empty where there is none.
    img: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself to browsers, search engines and those who share it."""

    language: str
    title: str
    #: The same without the name of its show, which stands beside it; empty where it is the same.
    name: str = ""
    description: str = ""
    #: Its one address; empty where search engines are to pass by.
    canonical: str = ""
    #: The feeds that apps find through it.
    feeds: Sequence[Named] = ()
    #: The style sheet of the show's own look; empty where there is none.
    look: str = ""
    #: What browsers colour their own frame with, on light pages and on dark ones.
    paper: str = OWN.paper
    paper_dark: str = OWN.paper_dark
    #: What stands for the page in a row of tabs, among the pictures it needs; empty where there is none.
    icon: str = ""
    #: What the site as a whole is called.
    site_name: str = ""
    card: Card = field(default_factory=Card)
    #: What it is about, as JSON-LD; none where search engines are to pass by.
    things: Sequence[Thing] = ()
    needs: Needs = field(default_factory=Needs)

    @property
    def locale(self) -> str:
        """Its language as Open Graph writes it."""
        return meaning.locale_of(self.language)

    @property
    def graph(self) -> Thing:
        """All it is about, in one document."""
        return meaning.graph(*self.things)

    def policy(self, place: Place) -> str:
        """What it may load at *place*."""
        return policy(self.needs, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page of a show has: whose it is, and where its other pages are."""

    show: Show
    #: The page of the show.
    link: str
    feed_url: str
    subscribe: str
    search: str
    home: str
    cover: Picture | None
    #: The pages of the people who make it, and those of its years, the newest first.
    people: Sequence[Named] = ()
    years: Sequence[Named] = ()
    #: Its own feed, then the further ones that are offered.
    feeds: Sequence[Named] = ()
    look: str = ""
    #: Those who make it, and what the network is called that it belongs to, if any.
    hosts: Sequence[Person] = ()
    network: str = ""

    @property
    def series(self) -> Series:
        """The show as search engines know it."""
        return Series(show=self.show, link=self.link, feed_url=self.feed_url, cover=self.cover, hosts=self.hosts)

    def head(
        self,
        title: str,
        *,
        canonical: str,
        description: str = "",
        card: Card | None = None,
        things: Sequence[Thing] = (),
        needs: Needs | None = None,
    ) -> Head:
        """The head of one of its pages, called *title*. Its cover is on every page, and shared where no other is."""
        is_own = title == self.show.title
        look, card, needs = with_own(self.show.look), card or Card(), needs or Needs()
        return Head(
            language=self.show.language,
            title=title if is_own else f"{title} – {self.show.title}",
            name=title,
            description=meaning.brief(description or self.show.description),
            canonical=canonical,
            feeds=self.feeds,
            look=self.look,
            paper=look.paper,
            paper_dark=look.paper_dark,
            icon=self.cover.smallest if self.cover else "",
            site_name=self.network or self.show.title,
            card=card if card.picture else replace(card, picture=self.cover),
            things=[*things, *([] if is_own or not canonical else [self._way_to(title, canonical)])],
            needs=replace(needs, pictures=[*needs.pictures, *shown_in(self.cover)]),
        )

    def _way_to(self, title: str, canonical: str) -> Thing:
        network = [(self.network, self.home)] if self.network else []
        return meaning.way_to(*network, (self.show.title, self.link), (title, canonical))


class Readable(NamedTuple):
    """A transcript to be read."""

    language: str
    paragraphs: Iterable[Cue]


def readable(release: Release, show: Show, episode: Episode) -> list[Readable]:
    """The transcripts of *episode* to be read, one for each language."""
    files = (each for each in transcript_files(show, episode, release) if each.sha256)
    return [
        Readable(language, paragraphs(release.transcript(next(same).source)))
        for language, same in groupby(files, key=attrgetter("language"))
    ]


def episode_page(
    engine: Engine,
    frame: Frame,
    *,
    episode: Episode,
    item: Item | None,
    date: datetime | None,
    canonical: str,
    picture: Picture | None,
    notes: SafeHtml,
    sizes: Mapping[str, tuple[int, int]],
    persons: Sequence[Person],
    people: Mapping[str, str],
    transcripts: Sequence[Readable],
    older: Entry | None,
    newer: Entry | None,
    place: Place,
) -> bytes:
    """The page of an episode, or of an article, which has no *item*.

    *sizes* are those of the pictures in its *notes*, by address; *people* are the pages of *persons*, by name.
    """
    return engine.page(
        "episode.html",
        language=frame.show.language,
        place=place,
        head=frame.head(
            episode.title,
            canonical=canonical,
            description=item.description if item else episode.description,
            card=Card(
                type="article",
                picture=picture,
                is_large=meaning.is_large(episode),
                sound=item.enclosure if item else None,
            ),
            things=[_thing(frame, episode, item, date, canonical, picture)],
            needs=_needs(item, picture, notes, persons),
        ),
        frame=frame,
        episode=episode,
        item=item,
        date=date,
        picture=picture,
        notes=placed(notes, place.site, place.near, sizes),
        chapters=shown(item.chapters) if item else (),
        persons=persons,
        people=people,
        transcripts=transcripts,
        older=older,
        newer=newer,
    )


def _thing(
    frame: Frame, episode: Episode, item: Item | None, date: datetime | None, url: str, picture: Picture | None
) -> Thing:
    picture = picture or frame.cover
    if item:
        return meaning.episode_of(frame.series, item, picture)
    return meaning.article_of(frame.series, episode, url, date, picture)


def _needs(item: Item | None, picture: Picture | None, notes: SafeHtml, persons: Sequence[Person]) -> Needs:
    """What the page of an episode loads."""
    frames = embedded(notes)
    chapters = item.chapters if item else ()
    sounds = [item.enclosure.url, *(each.url for each in item.transcripts), item.chapters_track] if item else []
    pictures = [each.img for each in persons] + [each.image for each in chapters]
    return Needs(
        pictures=[*shown_in(picture), *pictures, *pictures_in(notes)],
        sounds=sounds,
        frames=frames,
        scripts=[*([SCRIPT] if item else []), *([EMBEDS] if frames else [])],
    )


def show_page(
    engine: Engine,
    frame: Frame,
    *,
    feed: Feed,
    entries: Sequence[Entry],
    articles: Sequence[Entry],
    older: str,
    place: Place,
) -> bytes:
    """The page of a show: what it is, its newest episodes, and its *articles*. *older* is the page that goes on."""
    return engine.page(
        "show.html",
        language=frame.show.language,
        place=place,
        head=frame.head(
            feed.title,
            canonical=frame.link,
            description=feed.description,
            things=[frame.series.thing()],
            needs=Needs(
                pictures=[
                    *shown_in(*(each.picture for each in (*entries, *articles))),
                    *(each.img for each in frame.people),
                ]
            ),
        ),
        frame=frame,
        feed=feed,
        entries=entries,
        articles=articles,
        older=older,
    )


def list_page(
    engine: Engine,
    frame: Frame,
    *,
    title: str,
    canonical: str,
    entries: Sequence[Entry],
    newer: str = "",
    older: str = "",
    year: int | None = None,
    person: Person | None = None,
    place: Place,
) -> bytes:
    """Some episodes of a show: older ones, those of a *year*, or those with a *person*."""
    return engine.page(
        "list.html",
        language=frame.show.language,
        place=place,
        head=frame.head(
            title,
            canonical=canonical,
            card=Card(type="profile") if person else None,
            things=[meaning.profile_of(person, canonical)] if person else [],
            needs=Needs(pictures=[*shown_in(*(each.picture for each in entries)), *([person.img] if person else [])]),
        ),
        frame=frame,
        entries=entries,
        newer=newer,
        older=older,
        year=year,
        person=person,
    )


def subscribe_page(engine: Engine, frame: Frame, *, canonical: str, place: Place) -> bytes:
    """How to hear a show regularly, for somebody who has never done so."""
    _ = local.words(frame.show.language).gettext
    return engine.page(
        "subscribe.html",
        language=frame.show.language,
        place=place,
        head=frame.head(
            _("Never miss an episode"),
            canonical=canonical,
            description=frame.show.description,
            needs=Needs(scripts=[COPY]),
        ),
        frame=frame,
        apps=apps(frame.feed_url, frame.show.title),
    )


def search_page(engine: Engine, frame: Frame, *, titles: str, index: str, place: Place) -> bytes:
    """Where listeners search a show: what its episodes are called, by the file *titles*, and their texts, by *index*.

    *index* is the address of pagefind's script; empty where there is none.
    """
    needs = Needs(scripts=[SEARCH], has_form=True, fetches=True, has_full_search=bool(index))
    return engine.page(
        "search.html",
        language=frame.show.language,
        place=place,
        head=frame.head(local.words(frame.show.language).gettext("Search"), canonical="", needs=needs),
        frame=frame,
        titles=titles,
        index=index,
    )


def withdrawn_page(engine: Engine, frame: Frame, *, place: Place) -> bytes:
    """What stands where the page of an episode was that was withdrawn: nothing of it, and the way to its show."""
    return engine.page(
        "withdrawn.html",
        language=frame.show.language,
        place=place,
        head=frame.head(frame.show.title, canonical=""),
        frame=frame,
    )


def moved_page(engine: Engine, frame: Frame, *, target: str, place: Place) -> bytes:
    """What stands where a page was before it came to be at *target*."""
    return engine.page(
        "redirect.html",
        language=frame.show.language,
        place=place,
        head=frame.head(frame.show.title, canonical=target),
        target=target,
    )


def home_page(
    engine: Engine,
    shows: Sequence[tuple[Feed, Picture | None, str]],
    head: Head,
    *,
    network: Show | None,
    opml: str,
    place: Place,
) -> bytes:
    """The page of all *shows*, with the cover and the page of each; *opml* is the path of their list, if any."""
    return engine.page(
        "home.html",
        language=head.language,
        place=place,
        head=head,
        shows=shows,
        network=network,
        opml=opml,
    )


def not_found_page(engine: Engine, head: Head, *, shows: Sequence[tuple[Show, str]], place: Place) -> bytes:
    """What a server shows where nothing is: the way to the *shows*, by their pages. It is looked at anywhere."""
    named = replace(head, title=local.words(head.language).gettext("There is nothing here."))
    return engine.page("404.html", language=head.language, place=place, head=named, shows=shows)
