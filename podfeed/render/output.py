"""Every file of a build, as data: what it is made of is settled here, and it is made when somebody wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from podfeed.check.registry import Context
from podfeed.identity import show_guid
from podfeed.model import ArtworkFacts, AudioFacts, Episode, Facts, File, Show
from podfeed.read.cache import key_of
from podfeed.read.folder import is_remote
from podfeed.render.addresses import made_path
from podfeed.render.copies import Copy
from podfeed.render.feed import (
    Release,
    chapter_files,
    compose,
    transcript_bytes,
    transcript_files,
)
from podfeed.render.feeds import OPML
from podfeed.render.further import feed_of, further_files, network_files
from podfeed.render.opml import opml
from podfeed.render.rss import rss
from podfeed.render.site.files import ShowPages
from podfeed.render.site.top import site_files

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
    network = seen.config.network
    named = [seen.config.shows[id] for id in home]
    for file in site_files(release, named, _covers(release, [*named, *([network] if network else [])])):
        files[file.path] = file
    if len(named) > 1:
        files[OPML] = _list(release, named)
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
    marks: dict[str, str] = {}
    hosts = _made_of(release, release.media_of_show(show))
    for episode in seen.public(show.id):
        yield from _copies(release, release.art(episode), open_at)
        yield from _made_files(release, show, episode)
        marks[episode.path] = _mark(seen, release, show, episode, hosts)
    shared = repr([*hosts, *_made_of(release, release.originals_of_show(show))])
    yield from ShowPages(seen, release, show, marks, shared).files()
    guid = show_guid(show, seen.config.site, seen.lock)
    all_marks = key_of(release.key, show.id, guid, shared, *sorted(marks.values()))
    make = partial(_feed, seen, release, show)
    yield File(path=show.feed, stage="feed", fingerprint=key_of("feed", all_marks), content=make)
    yield from further_files(seen, release, show, all_marks)


def vacated_pages(seen: Context, release: Release, show: Show, paths: Iterable[str]) -> Iterator[File]:
    """What stands at *paths*, where pages of *show* were that are not made any more: the way to the show."""
    return ShowPages(seen, release, show, {}, "").vacated_files(paths)


def withdrawn_pages(seen: Context, release: Release, show: Show) -> Iterator[File]:
    """What stands where the pages of episodes were that were withdrawn."""
    return ShowPages(seen, release, show, {}, "").withdrawn_files()


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


def _covers(release: Release, shows: Iterable[Show]) -> str:
    """Names what the covers of *shows* are made of, the network among them."""
    return repr(_made_of(release, [path for show in shows for path in release.originals_of_show(show)]))


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


def _opml(release: Release, shows: list[Show]) -> bytes:
    network = release.config.network
    title = network.title if network else " · ".join(show.title for show in shows)
    return opml(title, [compose(show, (), {}, "", release) for show in shows])


def _feed(seen: Context, release: Release, show: Show) -> bytes:
    return rss(feed_of(seen, release, show))
