"""Rules about the addresses of pages and feeds."""

import posixpath
from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import NETWORK, Config
from podfeed.read.folder import is_remote
from podfeed.render.addresses import page_path, path_of
from podfeed.render.feeds import ARCHIVE, OPML, further_feeds
from podfeed.render.site import places
from podfeed.words import say


@told_by_reader("error")
def page_slug_invalid() -> None:
    """A slug cannot be the last part of an address, or a permalink cannot be an address below the site.

    Bad:
        slug: tides/high

    Good:
        slug: high-tides
    """


@rule(Config, "error", codes="EP100 SH026")
def page_address_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two files would be written to one address, or to two that differ in capital letters only.

    Web servers tell capital letters apart, and the disks of most laptops do not.

    Bad:
        slug: tides
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        slug: Tides

    Good:
        slug: tides
    """
    taken = _Taken(config, context)
    for field, path, owner in _feeds(config, context):
        if other := taken.by(path, owner):
            message = say("{other} has the address “{address}” too", other=other, address=path)
            yield Finding(field, message, say("give each its own"))
    episodes = [(show, each) for show in config.shows.values() for each in context.episodes.get(show.id, ())]
    # What is published keeps its address: the newcomer is told.
    episodes.sort(key=lambda pair: context.identity(pair[1]).published is None)
    for show, episode in episodes:
        path = page_path(show, episode)
        if other := _list_at(path, show.id, config) or taken.by(path, episode.path):
            field = "permalink" if episode.permalink else "slug"
            message = say("{other} would be written to “{path}” too, or above or below it", other=other, path=path)
            yield Finding(field, message, say("rename one of the files, or add “slug: …”"), path=episode.path)


@told_by_reader("error")
def page_alias_invalid() -> None:
    """An old address of a page is none below the site, so nothing of ours can stand there.

    Bad:
        aliases: [https://old.podfeed.example/tides.html]

    Good:
        aliases: [/2019/tides.html]
    """


@rule(Config, "error")
def page_alias_taken(config: Config, context: Context) -> Iterator[Finding]:
    """Something else stands where an old address of a page is: what is asked for there, is not led to the page.

    Bad:
        aliases: [/radio/]

    Good:
        aliases: [/radio/low-tide/]
    """
    episodes = [(show, each) for show in config.shows.values() for each in context.episodes.get(show.id, ())]
    if not any(episode.aliases for _, episode in episodes):
        return
    taken = _Taken(config, context)
    for _, path, owner in _feeds(config, context):
        taken.by(path, owner)
    for show, episode in episodes:
        taken.by(page_path(show, episode), episode.path)
    for show, episode in episodes:
        for number, address in enumerate(episode.aliases):
            path = path_of(address)
            if other := _list_at(path, show.id, config) or taken.by(path, episode.path):
                message = (
                    say("“{address}” is where the page is now, or stands twice", address=address)
                    if other == episode.path
                    else say("{other} is at “{address}”, or above or below it", other=other, address=address)
                )
                yield Finding(f"aliases.{number}", message, say("delete the line"), path=episode.path)


def _list_at(path: str, show: str, config: Config) -> str:
    """What another show than *show* may have at *path*: its lists give way to its own episodes alone."""
    folder = places.folder_of_list(path)
    other = next((id for id in config.shows if id.casefold() == folder and id != show), "") if folder else ""
    return say("a list of {show}", show=other) if other else ""


def _feeds(config: Config, context: Context) -> Iterator[tuple[str, str, str]]:
    """Every feed, the shows' own first: the field that places it, its path, and who it is."""
    for show in config.shows.values():
        yield f"shows.{show.id}.feed", show.feed, say("the feed of {show}", show=show.id)
    for show in config.channels():
        for each in further_feeds(show, config.site, context.lock):
            if show.id == NETWORK:
                yield "network.feed", each.path, say("the feed of the network")
            elif each.name == ARCHIVE:
                pages = range(1, len(context.episodes.get(show.id, ())) // each.page_items + 1)
                folder = posixpath.dirname(each.path)
                for path in (each.path, *(f"{folder}/{page}.xml" for page in pages)):
                    yield f"shows.{show.id}.archive", path, say("the archive of {show}", show=show.id)
            else:
                owner = say("the feed of {show} in {format}", show=show.id, format=each.name)
                yield f"shows.{show.id}.formats.{each.name}", each.path, owner


class _Taken:
    """Addresses that are taken, and the folders they lie in: one path cannot be a file and a folder."""

    def __init__(self, config: Config, context: Context) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        for path, owner in (
            (places.HOME, say("the home page")),
            (OPML, say("the list of the shows")),
            *((path, say("a file that all pages share")) for path in places.AT_TOP),
        ):
            self.by(path, owner)
        for id in config.shows:
            self.by(f"{id}/index.html", say("the page of {show}", show=id))
            self.by(f"{id}/{places.SITEMAP}", say("the map of {show} for search engines", show=id))
        for path in context.facts:
            if not is_remote(path):
                self.by(path, path)

    def by(self, path: str, owner: str) -> str:
        """Who has *path*, or a file above or below it, already; nobody: then it is *owner*'s from now on."""
        key = path.casefold()
        parts = key.split("/")
        parents = ["/".join(parts[:end]) for end in range(1, len(parts))]
        above = next(filter(None, map(self._files.get, parents)), "")
        other = self._files.get(key) or self._folders.get(key) or above
        if not other:
            self._files[key] = owner
            for parent in parents:
                self._folders.setdefault(parent, owner)
        return other
