"""Every file of a build, as data: what it is made of is settled here, and it is made when somebody wants it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from podfeed.check.registry import Context
from podfeed.identity import show_guid
from podfeed.model import AudioFacts, Episode, Facts, Feed, File, Show
from podfeed.read.cache import key_of
from podfeed.read.folder import is_remote
from podfeed.render import site
from podfeed.render.addresses import page_path
from podfeed.render.feed import Release, compose, item_of
from podfeed.render.rss import rss


def render(
    seen: Context,
    release: Release,
    shows: Iterable[str],
    open_at: Callable[[str], Path | None],
    *,
    home: Iterable[str],
) -> dict[str, File]:
    """The files of *shows*, by path, and the home page, which names the shows in *home*.

    *open_at* gives the file of the project behind a path; None when it is not here.
    """
    wanted = tuple(shows)
    files: dict[str, File] = {}
    for id in wanted:
        for file in _show_files(seen, release, seen.config.shows[id], open_at):
            known = files.get(file.path)
            owners = (*known.shows, id) if known else (id,)
            files[file.path] = replace(file, shows=owners)
    style = File(path=site.STYLESHEET, stage="page", fingerprint=key_of("css", release.key), content=site.stylesheet)
    files[style.path] = style
    files["index.html"] = _home(release, [seen.config.shows[id] for id in home])
    return files


def feed_of(seen: Context, release: Release, show: Show, *, with_notes: bool = True) -> Feed:
    """The feed of *show* as it is now; without notes where only its items are asked for."""
    episodes = [each for each in seen.public(show.id) if each.audio]
    guid = show_guid(show, seen.config.site, seen.lock)
    return compose(show, episodes, seen.identities[show.id].by_path, guid, release, with_notes=with_notes)


def used_media(seen: Context, release: Release, show: Show) -> Iterator[str]:
    """The project paths of the media that what is public of *show* refers to; some more than once."""
    yield from release.media_of_show(show)
    for episode in seen.public(show.id):
        yield from release.media_of(episode)


def _show_files(seen: Context, release: Release, show: Show, open_at: Callable[[str], Path | None]) -> Iterator[File]:
    for path in dict.fromkeys(used_media(seen, release, show)):
        source, facts = open_at(path), release.facts.get(path)
        if facts:
            yield File(path=release.name(path), stage="media", fingerprint=facts.sha256, content=source)
    marks = []
    for episode in seen.public(show.id):
        mark = _mark(seen, release, show, episode)
        marks.append(mark)
        make = partial(_episode_page, seen, release, show, episode)
        yield File(path=page_path(show, episode), stage="page", fingerprint=mark, content=make)
    all_marks = key_of(release.key, show.id, repr(_made_of(release, release.media_of_show(show))), *sorted(marks))
    make = partial(_show_page, seen, release, show)
    yield File(path=f"{show.id}/index.html", stage="page", fingerprint=key_of("show", all_marks), content=make)
    make = partial(_feed, seen, release, show)
    yield File(path=show.feed, stage="feed", fingerprint=key_of("feed", all_marks), content=make)


def _home(release: Release, shows: list[Show]) -> File:
    covers = _made_of(release, [show.artwork for show in shows if show.artwork and not is_remote(show.artwork)])
    mark = key_of("home", release.key, repr([show.id for show in shows]), repr(covers))
    return File(path="index.html", stage="page", fingerprint=mark, content=partial(_home_page, release, shows))


def _mark(seen: Context, release: Release, show: Show, episode: Episode) -> str:
    """Names everything the page and the item of *episode* are made of."""
    identity = seen.identity(episode)
    made_of = _made_of(release, release.media_of(episode))
    if is_remote(episode.audio):
        made_of.append((episode.audio, "", _measures(release.facts.get(episode.audio))))
    known = (identity.guid.text, identity.guid.is_permalink, str(identity.date_of(episode)), made_of)
    return key_of(release.key, show.id, episode.path, episode.digest, repr(known))


def _made_of(release: Release, media: Iterable[str]) -> list[tuple[str, str, tuple[object, ...]]]:
    """Each medium with its published name and its measures: a page or a feed that names it changes with them."""
    return [(path, release.name(path), _measures(release.facts.get(path))) for path in media]


def _measures(facts: Facts | None) -> tuple[object, ...]:
    """What of the facts a page or a feed shows."""
    if isinstance(facts, AudioFacts):
        return (facts.sha256, facts.size_bytes, facts.duration, facts.mime_type)
    return (facts.sha256, facts.width, facts.height) if facts else ()


def _episode_page(seen: Context, release: Release, show: Show, episode: Episode) -> bytes:
    item = item_of(show, episode, seen.identity(episode), release) if episode.audio else None
    path = page_path(show, episode)
    return site.episode_page(
        show=show,
        show_link=release.show_url(show),
        feed_url=release.feed_url(show),
        episode=episode,
        item=item,
        date=item.date if item else episode.date,
        canonical=release.page_url(show, episode),
        picture=release.url(episode.thumbnail or episode.artwork),
        notes=release.page_notes(show, episode),
        persons=release.persons(episode.actor_ids),
        place=_place(release, path),
    )


def _show_page(seen: Context, release: Release, show: Show) -> bytes:
    articles = [each for each in seen.public(show.id) if seen.is_article(each)]
    return site.show_page(
        feed=feed_of(seen, release, show, with_notes=False),
        articles=[{"title": each.title, "link": release.page_url(show, each)} for each in articles],
        place=_place(release, f"{show.id}/index.html"),
    )


def _home_page(release: Release, shows: list[Show]) -> bytes:
    empty = [compose(show, (), {}, "", release) for show in shows]
    return site.home_page(empty, _place(release, "index.html"))


def _feed(seen: Context, release: Release, show: Show) -> bytes:
    return rss(feed_of(seen, release, show))


def _place(release: Release, path: str) -> site.Place:
    return site.Place(release.site, "../" * posixpath.normpath(path).count("/") or "./")
