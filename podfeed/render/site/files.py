"""Which pages there are of a show, what each is made of, and how it is made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import groupby

from podfeed.check.registry import Context
from podfeed.model import ArtworkFacts, Episode, File, Look, Show
from podfeed.read.cache import key_of
from podfeed.read.dates import zone
from podfeed.read.folder import is_remote
from podfeed.render.addresses import page_path, path_of, url_of
from podfeed.render.feed import Release, artwork_of, compose, item_of, picture_of
from podfeed.render.feeds import OPML, further_feeds, label
from podfeed.render.notes import plain_text
from podfeed.render.site import local, maps, pages, places, search
from podfeed.render.site.engine import Engine
from podfeed.render.site.entries import Entry, entry_of
from podfeed.render.site.look import look_css
from podfeed.render.site.pages import Frame, Named, readable
from podfeed.render.site.pictures import Picture, cover_of, picture_as_it_is, picture_for_page
from podfeed.render.site.places import Place
from podfeed.render.site.search import Called, Indexing, Texts

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


class ShowPages:
    """The pages of one show. What several of them need is found once."""

    def __init__(self, seen: Context, release: Release, show: Show, marks: Mapping[str, str], shared: str) -> None:
        """*marks* names what each public episode is made of, by its path; *shared* what all pages are made of."""
        self.seen, self.release, self.show = seen, release, show
        self.marks, self.shared = marks, shared
        self.engine = Engine(release.templates)

    def files(self) -> Iterator[File]:
        """Every page of the show, and the map of those that search engines are to find."""
        found = [
            *self._list_files(),
            self._file(self.subscribe, "subscribe", self._subscribe_page),
            *self._episode_files(),
        ]
        yield from found
        yield from self._search_files()
        yield from self._moved_files()
        yield from self.withdrawn_files()
        if self.has_look:
            yield self._file(self.look, "look", lambda path: look_css(self.show.look))
        urls = [self.url(file.path) for file in found]
        yield self._file(self.sitemap, key_of(*urls), lambda path: maps.sitemap(urls))

    def _file(self, path: str, mark: str, make: Callable[[str], bytes]) -> File:
        fingerprint = key_of(self.release.key, self.show.id, self.shared, self._frame_mark, path, mark)
        return File(path=path, stage="page", fingerprint=fingerprint, content=partial(make, path))

    # ------------------------------------------------------------------------------------ what there is

    @cached_property
    def newest_first(self) -> list[Episode]:
        """The episodes that are public, as feeds have them."""
        heard = [each for each in self.seen.public(self.show.id) if each.audio]
        return sorted(heard, key=self._order, reverse=True)

    def _order(self, episode: Episode) -> tuple[datetime, str]:
        identity = self.seen.identity(episode)
        return identity.date_of(episode) or _EPOCH, identity.guid.text

    @cached_property
    def articles(self) -> list[Episode]:
        """The files without audio that are public."""
        return [each for each in self.seen.public(self.show.id) if self.seen.is_article(each)]

    @cached_property
    def taken(self) -> frozenset[str]:
        """The paths of the pages of episodes, those where they were before among them."""
        return frozenset((*self._public_pages, *self.withdrawn, *self.moved))

    @cached_property
    def _public_pages(self) -> frozenset[str]:
        return frozenset(page_path(self.show, each) for each in self.seen.public(self.show.id))

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Where the pages of withdrawn episodes were, unless another episode has taken the place."""
        gone = [entry for entry in self.seen.lock.of_show(self.show.id) if entry.is_withdrawn]
        were = frozenset(path for entry in gone for path in (entry.page, *entry.former_pages) if path)
        return were - self._public_pages

    @cached_property
    def moved(self) -> dict[str, Episode]:
        """The episodes whose pages were somewhere else, by the path; but where something else is there now."""
        found: dict[str, Episode] = {}
        for episode in self.seen.public(self.show.id):
            published = self.seen.identity(episode).published
            before = published.pages_before(page_path(self.show, episode)) if published else ()
            found.update(dict.fromkeys(before, episode))
        for episode in self.seen.public(self.show.id):
            found.update(dict.fromkeys(map(path_of, episode.aliases), episode))
        return {path: episode for path, episode in found.items() if self._is_left(path)}

    def _is_left(self, path: str) -> bool:
        """Whether a way to something else may stand at *path*: nothing is there, nor may a list of another show be."""
        others = {id.casefold() for id in self.release.config.shows if id != self.show.id}
        return path.casefold() not in self._used and places.folder_of_list(path) not in others

    @cached_property
    def _used(self) -> frozenset[str]:
        """Where something is now, whatever was there before: many disks do not tell capital letters apart."""
        config, seen = self.release.config, self.seen
        found = (page_path(config.shows[id], each) for id in seen.episodes for each in seen.public(id))
        firsts = (f"{id}/{name}" for id in config.shows for name in (places.HOME, places.SITEMAP))
        feeds = (channel.feed for channel in config.channels())
        elsewhere = seen.lock.pages_beside(self.show.id)
        used = (*places.AT_TOP, OPML, *firsts, *feeds, *found, *elsewhere, *self.withdrawn)
        return frozenset(path.casefold() for path in used)

    # ------------------------------------------------------------------------------------------ places

    @cached_property
    def path(self) -> str:
        """Where the page of the show lies."""
        return f"{self.show.id}/index.html"

    @cached_property
    def subscribe(self) -> str:
        """Where its page about subscribing lies."""
        return places.free(f"{self.show.id}/subscribe", self.taken)

    @property
    def sitemap(self) -> str:
        """Where the map of its pages lies."""
        return f"{self.show.id}/{places.SITEMAP}"

    @cached_property
    def look(self) -> str:
        """Where its own look lies."""
        return f"{self.show.id}/{places.LOOK}"

    @cached_property
    def has_look(self) -> bool:
        """Whether it has a look of its own."""
        return self.show.look != Look()

    @cached_property
    def search(self) -> str:
        """Where its page to search on lies."""
        return places.free(f"{self.show.id}/search", self.taken)

    @property
    def titles(self) -> str:
        """Where what its episodes are called lies, for that page."""
        return f"{self.show.id}/{places.TITLES}"

    def page_of_older(self, number: int) -> str:
        """Where the older page *number*, counted from the oldest, lies."""
        return places.free(f"{self.show.id}/page/{number}", self.taken)

    def page_of_year(self, year: int) -> str:
        """Where the page of *year* lies."""
        return places.free(f"{self.show.id}/{year}", self.taken)

    def page_of_person(self, id: str) -> str:
        """Where the page of an actor lies; an *id* names one folder, and never a hidden one."""
        name = re.sub(r"^\.|[/\\]", lambda found: f"%{ord(found[0]):02X}", id) or "-"
        return places.free(f"{self.show.id}/people/{name}", self.taken)

    def url(self, path: str) -> str:
        """The address of the page at *path*."""
        folder, name = posixpath.split(path)
        return url_of(self.release.site, f"{folder}/" if name == "index.html" else path)

    def place(self, path: str) -> Place:
        """The place of the page at *path*."""
        return Place.of(self.release.site, path)

    # ------------------------------------------------------------------------------------------- lists

    @cached_property
    def years(self) -> dict[int, list[Episode]]:
        """The episodes of each year, in the show's time."""
        local = zone(self.show.timezone or "UTC") or UTC
        return {
            year: [*each]
            for year, each in groupby(self.newest_first, lambda each: self._order(each)[0].astimezone(local).year)
        }

    @cached_property
    def people(self) -> dict[str, list[Episode]]:
        """The episodes of each person config.yaml knows, by id."""
        found: dict[str, list[Episode]] = {}
        for episode in self.newest_first:
            for id in episode.actor_ids:
                if id in self.release.people:
                    found.setdefault(id, []).append(episode)
        return found

    @cached_property
    def faces(self) -> dict[str, str]:
        """The addresses of the pages of people, by id."""
        return {id: self.url(self.page_of_person(id)) for id in self.people}

    @cached_property
    def frame(self) -> Frame:
        """What all its pages have."""
        feed_url, release = self.release.feed_url(self.show), self.release
        own = Named(self.show.title, feed_url, "RSS")
        return Frame(
            show=self.show,
            link=self.url(self.path),
            feed_url=feed_url,
            subscribe=self.url(self.subscribe),
            search=self.url(self.search),
            home=url_of(release.site, ""),
            cover=cover_of(release, self.show),
            people=[Named(release.people[id].name, url, img=release.people[id].img) for id, url in self.faces.items()],
            years=[Named(str(year), self.url(self.page_of_year(year))) for year in self.years],
            feeds=[own, *self._further_feeds()],
            hosts=release.persons(release.hosts(self.show)),
            network=release.config.network.title if release.config.network else "",
            look=self.url(self.look) if self.has_look else "",
        )

    @cached_property
    def _frame_mark(self) -> str:
        return key_of(repr(self.frame))

    def _further_feeds(self) -> Iterator[Named]:
        """Those that are offered beside its own."""
        for feed in further_feeds(self.show, self.seen.config.site, self.seen.lock):
            if feed.is_wanted and not feed.successor:
                name = label(feed.name)
                yield Named(f"{self.show.title} ({name})", url_of(self.release.site, feed.path), name)

    def _entries(self, episodes: Sequence[Episode]) -> list[Entry]:
        return [entry_of(self.seen, self.release, self.show, each) for each in episodes]

    def _mark_of(self, episodes: Sequence[Episode]) -> str:
        return key_of(*(self.marks[each.path] for each in episodes))

    def _list_files(self) -> Iterator[File]:
        first, older = places.paged(self.newest_first)
        paths = [self.path, *(self.page_of_older(number) for number in range(len(older), 0, -1))]
        newer, next_older = ["", *map(self.url, paths)], [*map(self.url, paths[1:]), ""]
        mark = key_of(self._mark_of(first), self._mark_of(self.articles), next_older[0])
        yield self._file(self.path, mark, partial(self._show_page, first, next_older[0]))
        for at, episodes in enumerate(older, 1):
            make = partial(self._older_page, episodes, len(older) + 1 - at, newer[at], next_older[at])
            yield self._file(paths[at], key_of(self._mark_of(episodes), newer[at], next_older[at]), make)
        for year, episodes in self.years.items():
            make = partial(self._year_page, episodes, year)
            yield self._file(self.page_of_year(year), self._mark_of(episodes), make)
        for id, episodes in self.people.items():
            make = partial(self._person_page, episodes, id)
            yield self._file(self.page_of_person(id), self._mark_of(episodes), make)

    def _show_page(self, episodes: Sequence[Episode], older: str, path: str) -> bytes:
        return pages.show_page(
            self.engine,
            self.frame,
            feed=compose(self.show, (), {}, "", self.release),
            entries=self._entries(episodes),
            articles=self._entries(self.articles),
            older=older,
            place=self.place(path),
        )

    def _older_page(self, episodes: Sequence[Episode], number: int, newer: str, older: str, path: str) -> bytes:
        _ = local.words(self.show.language).gettext
        return pages.list_page(
            self.engine,
            self.frame,
            title=f"{_('Older episodes')} ({number})",
            canonical=self.url(path),
            entries=self._entries(episodes),
            newer=newer,
            older=older,
            place=self.place(path),
        )

    def _year_page(self, episodes: Sequence[Episode], year: int, path: str) -> bytes:
        _ = local.words(self.show.language).gettext
        return pages.list_page(
            self.engine,
            self.frame,
            title=_("Episodes of %(year)s") % {"year": year},
            canonical=self.url(path),
            entries=self._entries(episodes),
            year=year,
            place=self.place(path),
        )

    def _person_page(self, episodes: Sequence[Episode], id: str, path: str) -> bytes:
        person = self.release.people[id]
        return pages.list_page(
            self.engine,
            self.frame,
            title=person.name,
            canonical=self.url(path),
            entries=self._entries(episodes),
            person=person,
            place=self.place(path),
        )

    def _subscribe_page(self, path: str) -> bytes:
        return pages.subscribe_page(self.engine, self.frame, canonical=self.url(path), place=self.place(path))

    # ------------------------------------------------------------------------------------------ search

    def _search_files(self) -> Iterator[File]:
        """The page to search on, behind what it looks through."""
        mark = self._mark_of(self._all)
        index = self._index(mark)
        yield from index
        yield self._file(self.titles, mark, lambda path: search.titles(map(self._called, self._all)))
        engine = next((file.path for file in index if file.path.endswith("/pagefind.js")), "")
        yield self._file(self.search, engine, partial(self._search_page, engine))

    @property
    def _all(self) -> list[Episode]:
        return [*self.newest_first, *self.articles]

    def _index(self, mark: str) -> Sequence[File]:
        if not self.release.index or not self._all:
            return ()
        mark = key_of(self.release.key, self.show.id, mark)
        texts = partial(map, self._texts, self._all)
        return self.release.index(Indexing(self.show.id, self.show.language, mark, texts))

    def _called(self, episode: Episode) -> Called:
        release, date = self.release, self.seen.identity(episode).date_of(episode) or episode.date
        return Called(
            title=episode.title,
            url=self.place(self.search).near(release.page_url(self.show, episode)),
            date=local.date(self.show.language, date) if date else "",
            people=[each.name for each in release.persons_of(self.show, episode)],
        )

    def _texts(self, episode: Episode) -> Texts:
        notes = plain_text(self.release.page_notes(self.show, episode)).split("\n\n")
        return Texts(
            called=self._called(episode),
            notes=[each for each in (episode.description, *notes) if each],
            chapters=[each for each in self.release.chapters(episode) if each.title],
            cues=[cue for each in readable(self.release, self.show, episode) for cue in each.paragraphs],
        )

    def _search_page(self, engine: str, path: str) -> bytes:
        titles, index = self.url(self.titles), url_of(self.release.site, engine) if engine else ""
        return pages.search_page(self.engine, self.frame, titles=titles, index=index, place=self.place(path))

    # ---------------------------------------------------------------------------------------- episodes

    def _episode_files(self) -> Iterator[File]:
        around = [None, *self.newest_first, None]
        for newer, episode, older in zip(around, around[1:], around[2:], strict=False):
            assert episode is not None
            make = partial(self._episode_page, episode, older, newer)
            mark = key_of(self.marks[episode.path], *(self._mark_of([each]) if each else "" for each in (older, newer)))
            yield self._file(page_path(self.show, episode), mark, make)
        for article in self.articles:
            make = partial(self._episode_page, article, None, None)
            yield self._file(page_path(self.show, article), self.marks[article.path], make)

    def _episode_page(self, episode: Episode, older: Episode | None, newer: Episode | None, path: str) -> bytes:
        release, show = self.release, self.show
        item = item_of(show, episode, self.seen.identity(episode), release) if episode.audio else None
        return pages.episode_page(
            self.engine,
            self.frame,
            episode=episode,
            item=item,
            date=item.date if item else episode.date,
            canonical=release.page_url(show, episode),
            picture=self._picture(episode),
            notes=release.page_notes(show, episode),
            sizes=self._sizes(episode),
            persons=release.persons_of(show, episode),
            people={release.people[id].name: self.faces[id] for id in episode.actor_ids if id in self.faces},
            transcripts=readable(self.release, self.show, episode),
            older=self._entries([older])[0] if older else None,
            newer=self._entries([newer])[0] if newer else None,
            place=self.place(path),
        )

    def _sizes(self, episode: Episode) -> dict[str, tuple[int, int]]:
        """How large the pictures in its notes are, by their addresses."""
        facts = {path: self.release.facts.get(path) for path in self.release.pictures.get(episode.path, {}).values()}
        return {
            self.release.url(path): (each.width, each.height)
            for path, each in facts.items()
            if isinstance(each, ArtworkFacts) and each.width
        }

    def _picture(self, episode: Episode) -> Picture | None:
        """The picture of the episode's page: a copy of its own, where it is that one, else as it is."""
        shown = picture_of(episode)
        if shown and shown == artwork_of(episode, self.release) and not is_remote(shown):
            copies = self.release.images(self.release.art(episode), episode.artwork_alt)
            return picture_for_page(copies, episode.artwork_alt)
        if not shown:
            return None
        return picture_as_it_is(self.release.url(shown), self.release.facts.get(shown), episode.artwork_alt)

    # ------------------------------------------------------------------------------ moved and withdrawn

    def _moved_files(self) -> Iterator[File]:
        for path, episode in self.moved.items():
            target = self.release.page_url(self.show, episode)
            yield self._file(path, key_of("moved", target), partial(self._moved_page, target))

    def _moved_page(self, target: str, path: str) -> bytes:
        return pages.moved_page(self.engine, self.frame, target=target, place=self.place(path))

    def vacated_files(self, paths: Iterable[str]) -> Iterator[File]:
        """What stands at *paths*, where lists were that nothing is on any more: the way to the show."""
        target = self.url(self.path)
        for path in sorted(filter(self._is_left, paths)):
            yield self._file(path, key_of("moved", target), partial(self._moved_page, target))

    def withdrawn_files(self) -> Iterator[File]:
        """What stands where the pages of episodes were that were withdrawn."""
        for path in sorted(self.withdrawn):
            yield self._file(path, "withdrawn", self._withdrawn_page)

    def _withdrawn_page(self, path: str) -> bytes:
        return pages.withdrawn_page(self.engine, self.frame, place=self.place(path))
