"""A show and its public episodes → the feed as apps will read it: addresses absolute, defaults inherited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urljoin

from podfeed.identity import Identity
from podfeed.model import (
    ArtworkFacts,
    AudioFacts,
    Config,
    Enclosure,
    Episode,
    Facts,
    Feed,
    Item,
    Person,
    Show,
)
from podfeed.read.folder import is_remote
from podfeed.render.addresses import page_address, published_name, remote_url, url_of
from podfeed.render.notes import SafeHtml, feed_html, page_html


@dataclass(frozen=True, kw_only=True)
class Release:
    """All that composing looks at beside the show and its episodes."""

    config: Config
    #: Where pages and feeds will be, and where media will be; no trailing slash.
    site: str
    media: str
    facts: Mapping[str, Facts]
    #: Published names and the sha256 each stands for.
    names: Mapping[str, str]
    #: Pictures the notes show: by the episode's path, the project path of each address as written.
    pictures: Mapping[str, Mapping[str, str]]
    #: The Markdown of an episode's notes.
    notes: Callable[[Episode], str]
    #: Names the state of all else that output is made of: the code, config.yaml, the addresses.
    key: str

    def url(self, reference: str) -> str:
        """The address of a medium: a remote one as it is, a project path where it is published."""
        if not reference or is_remote(reference):
            return remote_url(reference)
        return url_of(self.media, self.name(reference))

    def name(self, path: str) -> str:
        """The name the medium at *path* is published under."""
        facts = self.facts.get(path)
        return published_name(path, facts.sha256 if facts else "", self.names)

    def page_url(self, show: Show, episode: Episode) -> str:
        """The address of an episode's page."""
        return url_of(self.site, page_address(show, episode))

    def resolve(self, show: Show, episode: Episode) -> Callable[[str], str | None]:
        """What the addresses in the notes of *episode* mean: pictures of the project, or places on the site."""
        page = self.page_url(show, episode)

        pictures = self.pictures.get(episode.path, {})

        def absolute(address: str) -> str | None:
            picture = pictures.get(address)
            return self.url(picture) if picture else remote_url(urljoin(page, address))

        return absolute

    def media_of_show(self, show: Show) -> list[str]:
        """The project paths of what a feed names for *show* as a whole: its cover, and the faces of its hosts."""
        hosts = show.match.actor_ids if show.match else ()
        return self._local([show.artwork, *self._faces(hosts)])

    def media_of(self, episode: Episode) -> list[str]:
        """The project paths of what a page or a feed names for *episode*."""
        pictures = self.pictures.get(episode.path, {}).values()
        faces = self._faces(episode.actor_ids)
        return self._local([episode.audio, episode.artwork, episode.thumbnail, *pictures, *faces])

    def _faces(self, actor_ids: Iterable[str]) -> list[str]:
        return [self.config.actors[id].image for id in actor_ids if id in self.config.actors]

    def _local(self, references: Iterable[str]) -> list[str]:
        return [each for each in references if each and not is_remote(each)]

    def show_url(self, show: Show) -> str:
        """The address of a show's home page."""
        return remote_url(show.link) or url_of(self.site, f"{show.id}/")

    def feed_url(self, show: Show) -> str:
        """The feed's own address."""
        return url_of(self.site, show.feed)

    def persons(self, actor_ids: Iterable[str]) -> tuple[Person, ...]:
        """The people behind *actor_ids*, those that config.yaml knows."""
        return tuple(self.people[id] for id in actor_ids if id in self.people)

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody in config.yaml as apps list them, by id."""
        return {
            actor.id: Person(name=actor.name, href=remote_url(actor.url), img=self.url(actor.image))
            for actor in self.config.actors.values()
        }

    def page_notes(self, show: Show, episode: Episode) -> SafeHtml:
        """The notes of *episode* for its page."""
        return page_html(self.notes(episode), resolve=self.resolve(show, episode))


def compose(
    show: Show,
    episodes: Iterable[Episode],
    identities: Mapping[str, Identity],
    guid: str,
    release: Release,
    *,
    with_notes: bool = True,
) -> Feed:
    """The feed of *show* with *episodes*, those that are public now. *guid* is the show's podcast:guid."""
    pairs = [(item_of(show, each, identities[each.path], release), each) for each in episodes]
    pairs.sort(key=lambda pair: (pair[0].date, pair[0].guid.text), reverse=True)
    items = [item for item, _ in pairs]
    if with_notes:
        items = _with_notes(show, [episode for _, episode in pairs], items, release)
    return Feed(
        title=show.title,
        link=release.show_url(show),
        url=release.feed_url(show),
        description=show.description,
        language=show.language,
        author=show.author,
        owner_name=show.owner_name,
        owner_email=show.owner_email,
        categories=show.categories,
        artwork=release.url(show.artwork),
        explicit=bool(show.explicit),
        type=show.type,
        copyright=show.copyright,
        guid=guid,
        locked=show.locked,
        medium=show.medium,
        new_feed_url=remote_url(show.new_feed_url),
        block=show.block,
        complete=show.complete,
        funding=show.funding,
        license=show.license,
        license_url=show.license_url,
        hubs=show.hubs,
        persons=release.persons(show.match.actor_ids if show.match else ()),
        items=tuple(items),
    )


def item_of(show: Show, episode: Episode, identity: Identity, release: Release) -> Item:
    """*episode* as apps will read it, still without its notes. It has a date and measured audio: check saw to that."""
    audio = release.facts[episode.audio]
    date = identity.date_of(episode)
    assert isinstance(audio, AudioFacts) and date is not None
    excerpt = episode.notes_facts.excerpt if episode.notes_facts else ""
    return Item(
        title=episode.title,
        guid=identity.guid,
        date=date,
        link=release.page_url(show, episode),
        description=episode.description or excerpt,
        notes_html="",
        enclosure=Enclosure(url=release.url(episode.audio), size_bytes=audio.size_bytes, mime_type=audio.mime_type),
        duration=audio.duration,
        artwork=artwork_of(episode, release),
        explicit=episode.explicit,
        type=episode.type,
        season=episode.season,
        number=episode.number,
        block=episode.block,
        persons=release.persons(episode.actor_ids),
    )


def artwork_of(episode: Episode, release: Release) -> str:
    """The episode's own picture, or its thumbnail where that would do; nothing leaves the show's to apps."""
    for reference in (episode.artwork, episode.thumbnail):
        facts = release.facts.get(reference)
        if isinstance(facts, ArtworkFacts) and facts.width == facts.height >= 1400:
            return release.url(reference)
    return ""


def _with_notes(show: Show, episodes: list[Episode], items: list[Item], release: Release) -> list[Item]:
    """*items* with their notes in full, from the newest on, until the show's budget is spent. None is dropped."""
    left = show.notes_budget
    for number, episode in enumerate(episodes):
        html = feed_html(release.notes(episode), resolve=release.resolve(show, episode))
        left -= len(html.encode())
        if left < 0:
            break
        items[number] = replace(items[number], notes_html=html)
    return items
