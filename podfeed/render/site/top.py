"""What lies at the top of the site and belongs to no single show: the home page, maps, and what all pages use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from podfeed.model import File, Show
from podfeed.read.cache import key_of
from podfeed.render.addresses import url_of
from podfeed.render.feed import Release, compose
from podfeed.render.feeds import OPML
from podfeed.render.site import maps, meaning, pages, places
from podfeed.render.site.engine import Engine, asset
from podfeed.render.site.meaning import Card, Series
from podfeed.render.site.pages import Head, Named
from podfeed.render.site.pictures import cover_of, shown_in
from podfeed.render.site.places import Place
from podfeed.render.site.policy import Needs


def site_files(release: Release, shows: Sequence[Show], covers: str) -> Iterator[File]:
    """The pages of no single show, and what all pages use; *covers* names what the covers of *shows* are made of."""
    engine = Engine(release.templates)
    key = key_of(release.key, repr([show.id for show in shows]), covers)
    for path, make in {
        places.HOME: partial(_home_page, engine, release, shows),
        places.NOT_FOUND: partial(_not_found_page, engine, release, shows),
        places.SITEMAP: partial(_site_map, release, shows),
        places.ROBOTS: partial(maps.robots, url_of(release.site, places.SITEMAP)),
    }.items():
        yield File(path=path, stage="page", fingerprint=key_of(path, key), content=make)
    yield from assets(release)


def assets(release: Release) -> Iterator[File]:
    """What all pages use: the style sheet, the scripts."""
    for path in places.ASSETS:
        make = partial(asset, path, release.templates)
        yield File(path=path, stage="page", fingerprint=key_of(path, release.key), content=make)


def _site_map(release: Release, shows: Sequence[Show]) -> bytes:
    return maps.sitemap_index(url_of(release.site, f"{show.id}/{places.SITEMAP}") for show in shows)


def _head(release: Release, shows: Sequence[Show], canonical: str) -> Head:
    network = release.config.network
    feeds = [Named(show.title, release.feed_url(show), "RSS") for show in shows]
    title = network.title if network else " · ".join(show.title for show in shows)
    covers = [cover_of(release, each) for each in ([network] if network else []) + [*shows]]
    picture = next(filter(None, covers), None)
    known = (Series(show=show, link=release.show_url(show), feed_url=release.feed_url(show)) for show in shows)
    return Head(
        language=network.language if network else shows[0].language if shows else "en",
        title=title,
        description=meaning.brief(network.description if network else " · ".join(each.description for each in shows)),
        canonical=canonical,
        feeds=[*feeds, *([Named(network.title, release.feed_url(network), "RSS")] if network else [])],
        icon=picture.smallest if picture else "",
        site_name=title,
        card=Card(picture=picture),
        things=meaning.site_of(title, canonical, [each.reference() for each in known]),
        needs=Needs(pictures=shown_in(*covers)),
    )


def _home_page(engine: Engine, release: Release, shows: Sequence[Show]) -> bytes:
    return pages.home_page(
        engine,
        [(compose(show, (), {}, "", release), cover_of(release, show), _page_of(release, show)) for show in shows],
        _head(release, shows, url_of(release.site, "")),
        network=release.config.network,
        opml=OPML if len(shows) > 1 else "",
        place=Place.of(release.site, places.HOME),
    )


def _not_found_page(engine: Engine, release: Release, shows: Sequence[Show]) -> bytes:
    """It is shown at whatever address: its own links are absolute."""
    named, head = [(show, _page_of(release, show)) for show in shows], _head(release, shows, "")
    return pages.not_found_page(engine, head, shows=named, place=Place(release.site, f"{release.site}/"))


def _page_of(release: Release, show: Show) -> str:
    """The address of the page podfeed makes for *show*, which may have another home page."""
    return url_of(release.site, f"{show.id}/")
