"""Every file of a build, as data: what it is made of is settled here, and it is made when somebody wants it."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from podfeed.check.registry import Context
from podfeed.identity import show_guid
from podfeed.model import ArtworkFacts, AudioFacts, Episode, Facts, File, Show
from podfeed.read.cache import key_of
from podfeed.read.folder import is_remote
from podfeed.render import site
from podfeed.render.addresses import made_path, page_path, url_of
from podfeed.render.copies import Copy
from podfeed.render.feed import (
    Release,
    artwork_of,
    chapter_files,
    compose,
    item_of,
    picture_of,
    transcript_bytes,
    transcript_files,
)
from podfeed.render.feeds import OPML, further_feeds, label
from podfeed.render.further import feed_of, further_files, network_files
from podfeed.render.opml import opml
from podfeed.render.rss import rss
from podfeed.render.transcript import paragraphs

#: Media with their published names and their measures.
_MadeOf = list[tuple[str, str, tuple[object, ...]]]


def render(
    seen: Context,
    release: Release,
    shows: Iterable[str],
    open_at: Callable[[str], Path | None],
    *,
    home: Iterable[str],
    with_network: bool,
) -> dict[str, File]:
    """The files of *shows*, by path, and the home page and the list that name the shows in *home*.

    The feed of the network is among them *with_network*: where *shows* are all there are.
    *open_at* gives the file of the project behind a path; None when it is not here.
    """
    made = {id: _show_files(seen, release, seen.config.shows[id], open_at) for id in shows}
    # The home page names covers of shows that are left as they are, too.
    left = {id: _copies(release, release.cover(seen.config.shows[id]), open_at) for id in home if id not in made}
    files: dict[str, File] = {}
    for id, each in {**made, **left}.items():
        for file in each:
            owners = files[file.path].shows if file.path in files else ()
            files[file.path] = replace(file, shows=owners if id in owners else (*owners, id))
    style = File(path=site.STYLESHEET, stage="page", fingerprint=key_of("css", release.key), content=site.stylesheet)
    files[style.path] = style
    named = [seen.config.shows[id] for id in home]
    files["index.html"] = _home(release, named)
    if len(named) > 1:
        files[OPML] = _list(release, named)
    network = seen.config.network
    if network and with_network:
        cover = _made_of(release, release.originals_of_show(network))
        mark = key_of(repr(cover), *(files[seen.config.shows[id].feed].fingerprint for id in made))
        for file in (*_copies(release, release.cover(network), open_at), *network_files(seen, release, network, mark)):
            files.setdefault(file.path, file)
    return files


def used_media(seen: Context, release: Release, show: Show) -> Iterator[str]:
    """The project paths of the media that what is public of *show* refers to; some more than once."""
    yield from release.media_of_show(show)
    for episode in seen.public(show.id):
        yield from release.media_of(episode)


def _show_files(seen: Context, release: Release, show: Show, open_at: Callable[[str], Path | None]) -> Iterator[File]:
    for path in dict.fromkeys(used_media(seen, release, show)):
        if path in release.facts:
            yield _medium(release, path, release.name(path), open_at(path))
    yield from _copies(release, release.cover(show), open_at)
    # The hosts stand on the page of an episode that names none.
    marks, hosts = [], _made_of(release, release.media_of_show(show))
    for episode in seen.public(show.id):
        yield from _copies(release, release.art(episode), open_at)
        yield from _made_files(release, show, episode)
        mark = _mark(seen, release, show, episode, hosts)
        marks.append(mark)
        make = partial(_episode_page, seen, release, show, episode)
        yield File(path=page_path(show, episode), stage="page", fingerprint=mark, content=make)
    yield from withdrawn_pages(seen, release, show)
    shared = [*hosts, *_made_of(release, release.originals_of_show(show))]
    guid = show_guid(show, seen.config.site, seen.lock)
    all_marks = key_of(release.key, show.id, guid, repr(shared), *sorted(marks))
    make = partial(_show_page, seen, release, show)
    yield File(path=f"{show.id}/index.html", stage="page", fingerprint=key_of("show", all_marks), content=make)
    make = partial(_feed, seen, release, show)
    yield File(path=show.feed, stage="feed", fingerprint=key_of("feed", all_marks), content=make)
    yield from further_files(seen, release, show, all_marks)


def withdrawn_pages(seen: Context, release: Release, show: Show) -> Iterator[File]:
    """What stands where the pages of episodes were that were withdrawn, unless another episode has taken the place."""
    taken = {page_path(show, episode) for episode in seen.public(show.id)}
    for path in {entry.page for entry in seen.lock.of_show(show.id) if entry.page} - taken:
        mark = key_of("withdrawn", release.key, show.id)
        yield File(path=path, stage="page", fingerprint=mark, content=partial(_withdrawn_page, release, show, path))


def _medium(release: Release, path: str, name: str, source: Path | None, *, must_be_upright: bool = False) -> File:
    """The medium at *path* as it goes out under *name*: as it is, unless it is a picture that says where it was taken.

    With *must_be_upright*, one that is stored turned goes out turned back, for many apps show it as it is stored.
    """
    facts = release.facts[path]
    is_turned = isinstance(facts, ArtworkFacts) and facts.orientation != 1
    tells_location = isinstance(facts, ArtworkFacts) and facts.has_location
    if source and (tells_location or (must_be_upright and is_turned)):
        mark = key_of("bare", facts.sha256)
        return File(path=name, stage="media", fingerprint=mark, content=partial(_bare, release, path))
    return File(path=name, stage="media", fingerprint=facts.sha256, sha256=facts.sha256, content=source)


def _copies(release: Release, copies: Sequence[Copy], open_at: Callable[[str], Path | None]) -> Iterator[File]:
    """The *copies* of one picture; they share what is decoded of it."""
    if not copies:
        return
    path = copies[0].source
    source, read = open_at(path), partial(release.picture, path)
    for copy in copies:
        if copy.is_original:
            yield _medium(release, path, copy.path, source, must_be_upright=True)
        else:
            make = partial(_made, read, copy) if source else None
            mark = key_of("copy", copy.path)
            yield File(path=copy.path, stage="media", fingerprint=mark, content=make, is_kept=True)


def _made(read: Callable[[], bytes], copy: Copy) -> bytes:
    from podfeed.render.artwork import made

    return made(read, copy)


def _bare(release: Release, path: str) -> bytes:
    from podfeed.render.artwork import bare

    facts = release.facts[path]
    assert isinstance(facts, ArtworkFacts)
    return bare(release.picture(path), is_upright=facts.orientation == 1)


def _made_files(release: Release, show: Show, episode: Episode) -> Iterator[File]:
    """The files for apps that podfeed makes for *episode*, which go out before any feed names them."""
    for path, data in chapter_files(show, episode, release).items():
        mark = hashlib.sha256(data).hexdigest()
        yield File(path=path, stage="media", fingerprint=mark, sha256=mark, content=partial(bytes, data))
    for each in transcript_files(show, episode, release):
        if each.sha256:  # the others lie elsewhere
            make = partial(transcript_bytes, each.source, each.format, episode, release)
            path = made_path(show, episode, each.name)
            yield File(path=path, stage="media", fingerprint=each.sha256, sha256=each.sha256, content=make)


def _home(release: Release, shows: list[Show]) -> File:
    covers = _made_of(release, [path for show in shows for path in release.originals_of_show(show)])
    mark = key_of("home", release.key, repr([show.id for show in shows]), repr(covers))
    return File(path="index.html", stage="page", fingerprint=mark, content=partial(_home_page, release, shows))


def _list(release: Release, shows: list[Show]) -> File:
    mark = key_of("list", release.key, repr([show.id for show in shows]))
    return File(path=OPML, stage="feed", fingerprint=mark, content=partial(_opml, release, shows))


def _mark(seen: Context, release: Release, show: Show, episode: Episode, hosts: _MadeOf) -> str:
    """Names everything the page and the item of *episode* are made of, the faces of the show's *hosts* among it."""
    identity = seen.identity(episode)
    named = (*release.media_of(episode), *release.originals_of(episode), *release.texts_of(episode))
    made_of = [*_made_of(release, named), *hosts]
    for address in filter(is_remote, (reference for _, reference in episode.sounds)):
        made_of.append((address, "", _measures(release.facts.get(address))))
    known = (identity.guid.text, identity.guid.is_permalink, str(identity.date_of(episode)), made_of)
    return key_of(release.key, show.id, episode.path, episode.digest, repr(known))


def _made_of(release: Release, media: Iterable[str]) -> _MadeOf:
    """Each medium with its published name and its measures: a page or a feed that names it changes with them."""
    return [(path, release.name(path), _measures(release.facts.get(path))) for path in media]


def _measures(facts: Facts | None) -> tuple[object, ...]:
    """What of the facts a page or a feed shows."""
    if isinstance(facts, AudioFacts):
        return (facts.sha256, facts.size_bytes, facts.duration, facts.mime_type, facts.codec, facts.bitrate_bps)
    if isinstance(facts, ArtworkFacts):
        return (facts.sha256, facts.width, facts.height)
    return (facts.sha256,) if facts else ()


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
        picture=_page_picture(release, episode),
        notes=release.page_notes(show, episode),
        persons=release.persons_of(show, episode),
        transcripts=_readable(release, show, episode),
        place=_place(release, path),
    )


def _withdrawn_page(release: Release, show: Show, path: str) -> bytes:
    link, feed_url = release.show_url(show), release.feed_url(show)
    return site.withdrawn_page(show=show, show_link=link, feed_url=feed_url, place=_place(release, path))


def _page_picture(release: Release, episode: Episode) -> site.Picture | None:
    """The picture of the episode's page: a copy of its own, where it is that one, else as it is."""
    shown = picture_of(episode)
    if shown and shown == artwork_of(episode, release) and not is_remote(shown):
        copies = release.images(release.art(episode), episode.artwork_alt)
        return site.Picture(site.for_page(copies, 600), episode.artwork_alt, 600)
    return site.Picture(release.url(shown)) if shown else None


def _readable(release: Release, show: Show, episode: Episode) -> list[site.Readable]:
    """The transcripts of *episode* to be read, one for each language."""
    files = (each for each in transcript_files(show, episode, release) if each.sha256)
    return [
        site.Readable(language, paragraphs(release.transcript(next(same).source)))
        for language, same in groupby(files, key=attrgetter("language"))
    ]


def _show_page(seen: Context, release: Release, show: Show) -> bytes:
    articles = [each for each in seen.public(show.id) if seen.is_article(each)]
    return site.show_page(
        feed=feed_of(seen, release, show, with_notes=False),
        further=_further(seen, release, show),
        articles=[{"title": each.title, "link": release.page_url(show, each)} for each in articles],
        place=_place(release, f"{show.id}/index.html"),
    )


def _further(seen: Context, release: Release, show: Show) -> list[dict[str, str]]:
    """The further feeds of *show* that are offered, as its page names them."""
    feeds = further_feeds(show, seen.config.site, seen.lock)
    offered = {label(each.name): each.path for each in feeds if each.is_wanted and not each.successor}
    return [
        {"title": f"{show.title} ({name})", "label": name, "url": url_of(release.site, path)}
        for name, path in offered.items()
    ]


def _home_page(release: Release, shows: list[Show]) -> bytes:
    empty = [compose(show, (), {}, "", release) for show in shows]
    network = release.config.network
    further = [{"title": network.title, "url": release.feed_url(network)}] if network else []
    return site.home_page(empty, further, _place(release, "index.html"), opml=OPML if len(shows) > 1 else "")


def _opml(release: Release, shows: list[Show]) -> bytes:
    network = release.config.network
    title = network.title if network else " · ".join(show.title for show in shows)
    return opml(title, [compose(show, (), {}, "", release) for show in shows])


def _feed(seen: Context, release: Release, show: Show) -> bytes:
    return rss(feed_of(seen, release, show))


def _place(release: Release, path: str) -> site.Place:
    return site.Place(release.site, "../" * posixpath.normpath(path).count("/") or "./")
