"""What a page means, for programs: JSON-LD for search engines, and the card by which others show it.

Everything here stands on the page or in the feed as well, with the same addresses. Sources: schema.org, PodcastSeries,
PodcastEpisode, AudioObject; developers.google.com, Podcast Schema.org Specification, and Structured data: Breadcrumb,
Article, ProfilePage; ogp.me; developer.x.com, Cards markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from podfeed.model import Enclosure, Episode, Item, Person, Show, TranscriptLink
from podfeed.read.settings import LARGE_CARD, SMALL_CARD
from podfeed.render.site.pictures import Picture
from podfeed.render.site.places import safe_url

#: One thing with its properties, as JSON-LD writes it.
Thing = dict[str, Any]

#: Characters of a description.
_MOST_SHOWN = 300
#: Where a language without a country is at home; others are left out. Source: ogp.me, og:locale.
_HOMES = {"en": "en_US", "ja": "ja_JP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """How others show a page where somebody shares its address."""

    type: Literal["website", "article", "profile"] = "website"
    picture: Picture | None = None
    #: Whether the picture is shown in full above the words, and not as a small square beside them.
    is_large: bool = False
    #: What is to be heard; None where it is read.
    sound: Enclosure | None = None


def is_large(episode: Episode) -> bool:
    """Whether the card of *episode* shows its picture in full: as ``card`` says; else where it has one for pages."""
    return episode.card == LARGE_CARD or (episode.card != SMALL_CARD and bool(episode.thumbnail))


def brief(text: str) -> str:
    """The beginning of *text* in one line: no search engine and no card shows more."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1].rstrip()}…"


def locale_of(language: str) -> str:
    """*language* as Open Graph writes it: with its country."""
    name, _, country = language.partition("-")
    return f"{name.lower()}_{country.upper()}" if len(country) == 2 else _HOMES.get(name.lower(), "")


# --------------------------------------------------------------------------------------------- JSON-LD


def graph(*things: Thing) -> Thing:
    """*things* as the one JSON-LD document of a page."""
    return {"@context": "https://schema.org", "@graph": things}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A show as its pages speak of it."""

    show: Show
    link: str
    feed_url: str
    cover: Picture | None = None
    hosts: Sequence[Person] = ()

    def reference(self) -> Thing:
        """The series as its parts name it. Its feed is the one address that stands for it everywhere."""
        named = {"name": self.show.title, "url": self.link, "webFeed": self.feed_url}
        return {"@type": "PodcastSeries", "@id": self.feed_url, **named}

    def thing(self) -> Thing:
        """The series itself."""
        show = self.show
        return {
            **self.reference(),
            **_given(
                description=brief(show.description),
                inLanguage=show.language,
                image=self.cover and self.cover.url,
                author=self.party(show.author),
                publisher=self.party(show.owner_name or show.author),
                actor=people(self.hosts),
                genre=[each.subcategory or each.name for each in show.categories],
                keywords=", ".join(show.keywords),
                license=safe_url(show.license_url),
                sameAs=[address for each in show.listen.values() if (address := safe_url(each))],
                copyrightNotice=show.copyright,
                isFamilyFriendly=None if show.explicit is None else not show.explicit,
            ),
        }

    def party(self, name: str) -> Thing | None:
        """Whoever is called *name*: a person where one of the hosts is called so."""
        kind = "Person" if any(name == host.name for host in self.hosts) else "Organization"
        return {"@type": kind, "name": name} if name else None


def episode_of(series: Series, item: Item, picture: Picture | None) -> Thing:
    """An episode that can be heard."""
    return {
        "@type": "PodcastEpisode",
        "@id": item.link,
        "url": item.link,
        "name": item.title,
        "datePublished": item.date.isoformat(),
        "partOfSeries": series.reference(),
        "associatedMedia": _sound(item.enclosure, item.transcripts),
        **_given(
            description=brief(item.description),
            inLanguage=series.show.language,
            image=picture and picture.url,
            duration=iso_duration(item.duration),
            author=series.party(series.show.author),
            actor=people(item.persons),
            episodeNumber=item.number,
            partOfSeason=_season(item),
            license=safe_url(item.license_url),
            isFamilyFriendly=None if item.explicit is None else not item.explicit,
        ),
    }


def article_of(series: Series, episode: Episode, url: str, date: datetime | None, picture: Picture | None) -> Thing:
    """A page to be read, without sound."""
    return {
        "@type": "Article",
        "@id": url,
        "url": url,
        "headline": episode.title,
        "isPartOf": series.reference(),
        **_given(
            description=brief(episode.description),
            inLanguage=series.show.language,
            datePublished=date and date.isoformat(),
            image=picture and picture.url,
            author=series.party(series.show.author),
            publisher=series.party(series.show.owner_name or series.show.author),
        ),
    }


def profile_of(person: Person, url: str) -> Thing:
    """The page of somebody who is to be heard."""
    return {"@type": "ProfilePage", "@id": url, "url": url, "mainEntity": _person(person)}


def site_of(name: str, url: str, shows: Iterable[Thing]) -> Sequence[Thing]:
    """A site, and the list of its *shows*."""
    listed = [{"@type": "ListItem", "position": number, "item": each} for number, each in enumerate(shows, 1)]
    return {"@type": "WebSite", "@id": url, "url": url, "name": name}, {"@type": "ItemList", "itemListElement": listed}


def way_to(*steps: tuple[str, str]) -> Thing:
    """The way to a page: the name and the address of each *step*, the page itself the last."""
    listed = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": listed}


def people(persons: Iterable[Person]) -> list[Thing]:
    """*persons*, as whoever takes part."""
    return [_person(each) for each in persons]


def _person(person: Person) -> Thing:
    links = _given(url=safe_url(person.href), image=safe_url(person.img))
    return {"@type": "Person", "name": person.name, **links}


def _season(item: Item) -> Thing | None:
    name = {"name": item.season_name} if item.season_name else {}
    return {"@type": "PodcastSeason", "seasonNumber": item.season, **name} if item.season else None


def _sound(enclosure: Enclosure, transcripts: Sequence[TranscriptLink]) -> Thing:
    """What is to be played, with what is said in it, in each language once."""
    said = [
        {"@type": "MediaObject", "contentUrl": each.url, "encodingFormat": each.mime_type, "inLanguage": each.language}
        for each in {each.language: each for each in reversed(transcripts)}.values()
    ]
    return {
        "@type": "VideoObject" if enclosure.mime_type.startswith("video/") else "AudioObject",
        "contentUrl": enclosure.url,
        "encodingFormat": enclosure.mime_type,
        "contentSize": f"{enclosure.size_bytes} B",
        **_given(duration=iso_duration(enclosure.duration), caption=said),
    }


def iso_duration(duration: timedelta) -> str:
    """*duration* in whole seconds as ISO 8601 writes it, ``PT1H2M3S``; empty where it is not known."""
    seconds = round(duration.total_seconds())
    parts = {"H": seconds // 3600, "M": seconds // 60 % 60, "S": seconds % 60}
    return "PT" + "".join(f"{number}{unit}" for unit, number in parts.items() if number) if seconds else ""


def _given(**properties: Any) -> Thing:
    """Those of *properties* that say something."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}
