"""A show and its public episodes → the feed as apps will read it: addresses absolute, defaults inherited."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from urllib.parse import urljoin

from podfeed.check.artwork import SHOWN_ON_PAGES
from podfeed.check.namespace import group_of
from podfeed.identity import Identity
from podfeed.model import (
    NETWORK,
    ArtworkFacts,
    AudioFacts,
    Chapter,
    Config,
    Enclosure,
    Episode,
    Facts,
    Feed,
    Image,
    Item,
    Person,
    Show,
    TrailerItem,
    TranscriptFacts,
    TranscriptLink,
)
from podfeed.read.chapters import are_chapters, chapters_of, time_stamps
from podfeed.read.cues import Format, Reading
from podfeed.read.extra import extra_tags, namespaces_of
from podfeed.read.folder import is_remote
from podfeed.render.addresses import made_path, page_address, published_name, remote_url, url_of
from podfeed.render.chapters import json_file, stamps, stamps_html, vtt_file
from podfeed.render.copies import OF_COVER, OF_EPISODE, SMALLEST, Copy, copies
from podfeed.render.enclosures import enclosure
from podfeed.render.notes import SafeHtml, feed_html, page_html
from podfeed.render.site.search import Indexer
from podfeed.render.transcript import Version, versions, within, written

#: Source: podcasttaxonomy.com.
_HOSTS = ("host", "co-host", "guest host")
#: Many apps read no further. Source: PSP-1, description.
MAX_DESCRIPTION_BYTES = 4000


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
    #: The bytes of the picture at a project path, as they were measured.
    picture: Callable[[str], bytes]
    #: The transcript at a project path, as it was measured.
    transcript: Callable[[str], Reading]
    #: Names the state of all else that output is made of: the code, config.yaml, the addresses, the templates.
    key: str
    #: The owner's own templates of pages, by name.
    templates: Mapping[str, str] = field(default_factory=dict)
    #: Makes the index of a show's full search; None where its titles alone are searched.
    index: Indexer | None = None

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
        """The project paths of what a feed names for *show* as a whole and not in copies: the faces of its hosts."""
        return self._local([*self._faces(self.hosts(show)), *(each.audio for each in show.trailers)])

    def cover(self, show: Show) -> tuple[Copy, ...]:
        """The copies of the show's cover that go out, first the one for podcast apps."""
        return self._copies(show.artwork, OF_COVER, show.artwork_padding)

    def art(self, episode: Episode) -> tuple[Copy, ...]:
        """The copies of the episode's own picture that go out, first the one for podcast apps."""
        return self._copies(artwork_of(episode, self), OF_EPISODE)

    def originals_of_show(self, show: Show) -> list[str]:
        """The project paths of what a feed names for *show* in copies."""
        return self._local([show.artwork])

    def originals_of(self, episode: Episode) -> list[str]:
        """The project paths of what a page or a feed may name for *episode* in copies."""
        return self._local([episode.artwork, episode.thumbnail])

    def _copies(self, path: str, smaller: Sequence[tuple[int, str]], padding: str = "") -> tuple[Copy, ...]:
        facts = self.facts.get(path)
        return copies(path, facts, smaller, padding) if isinstance(facts, ArtworkFacts) and not is_remote(path) else ()

    def images(self, copies: Iterable[Copy], alt: str) -> tuple[Image, ...]:
        """*copies* as a feed names them; what they show is *alt*."""
        return tuple(
            Image(url=url_of(self.media, each.path), pixels=each.pixels, mime_type=each.mime_type, alt=alt)
            for each in copies
        )

    def media_of(self, episode: Episode) -> list[str]:
        """The project paths of what a page or a feed names for *episode*, and not in copies."""
        pictures = self.pictures.get(episode.path, {}).values()
        faces = self._faces(episode.actor_ids)
        chapters = (each.image for each in chapters_of(episode, self.facts)[1] if self._is_picture(each.image))
        own = {picture_of(episode)} - {artwork_of(episode, self)}
        files = (reference for _, reference in episode.sounds)
        return self._local([*files, *own, *pictures, *faces, *chapters])

    def texts_of(self, episode: Episode) -> list[str]:
        """The project paths of the texts that files for apps are made of: chapters and transcripts."""
        return self._local([episode.chapters_file, *(each.reference for each in episode.transcripts)])

    def chapters(self, episode: Episode) -> tuple[Chapter, ...]:
        """The chapters of *episode*, the addresses of their pictures absolute; what is no picture is left out."""
        return tuple(
            replace(each, image=self.url(each.image) if self._is_picture(each.image) else "")
            for each in chapters_of(episode, self.facts)[1]
        )

    def _is_picture(self, reference: str) -> bool:
        """Whether apps can show *reference*: not whatever file of the project a chapter names."""
        facts = self.facts.get(reference)
        return is_remote(reference) or (isinstance(facts, ArtworkFacts) and facts.mime_type in SHOWN_ON_PAGES)

    def _faces(self, actor_ids: Iterable[str]) -> list[str]:
        return [self.config.actors[id].image for id in actor_ids if id in self.config.actors]

    def _local(self, references: Iterable[str]) -> list[str]:
        return [each for each in references if each and not is_remote(each)]

    def show_url(self, show: Show) -> str:
        """The address of a show's home page."""
        return remote_url(show.link) or url_of(self.site, "" if show.id == NETWORK else f"{show.id}/")

    def feed_url(self, show: Show) -> str:
        """The feed's own address."""
        return url_of(self.site, show.feed)

    def hosts(self, show: Show) -> tuple[str, ...]:
        """The ids of those who make *show*: those its episodes are known by."""
        return show.match.actor_ids if show.match else ()

    def persons(self, actor_ids: Iterable[str]) -> tuple[Person, ...]:
        """The people behind *actor_ids*, those that config.yaml knows."""
        return tuple(self.people[id] for id in actor_ids if id in self.people)

    def persons_of(self, show: Show, episode: Episode) -> tuple[Person, ...]:
        """Everybody in *episode*; apps show them in place of the people of the show.

        Where nobody its file names is a host, the hosts of the show come first.
        """
        named = [self._person(id, episode) for id in episode.actor_ids if id in self.people]
        if not named or any(person.role.lower() in _HOSTS for person in named):
            return tuple(named)
        hosts = self.persons(id for id in self.hosts(show) if id not in episode.actor_ids)
        return (*hosts, *named)

    def _person(self, id: str, episode: Episode) -> Person:
        person, role = self.people[id], episode.roles.get(id)
        return replace(person, role=role.name or person.role, group=group_of(role)) if role else person

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody in config.yaml as apps list them, by id."""
        return {
            actor.id: Person(
                name=actor.name,
                role=actor.role.name or "host",
                group=group_of(actor.role),
                href=remote_url(actor.url),
                img=self.url(actor.image),
            )
            for actor in self.config.actors.values()
        }

    def trailers(self, show: Show) -> Iterator[TrailerItem]:
        """The trailers of *show*. They have dates: check saw to that."""
        for each in show.trailers:
            facts = self.facts.get(each.audio)
            size, type = (facts.size_bytes, facts.mime_type) if isinstance(facts, AudioFacts) else (0, "")
            assert each.date is not None
            url = self.url(each.audio)
            yield TrailerItem(
                title=each.title, url=url, date=each.date, size_bytes=size, mime_type=type, season=each.season
            )

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
    images = release.images(release.cover(show), show.artwork_alt or show.title)
    declared = release.config.namespaces
    further = extra_tags(show.extra_tags, declared)
    if with_notes:
        items = _with_notes(show, [episode for _, episode in pairs], items, release)
        items = [_with_stamps(item, episode) for item, (_, episode) in zip(items, pairs, strict=True)]
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
        artwork=_first(images, show.artwork),
        images=images,
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
        persons=release.persons(release.hosts(show)),
        items=tuple(items),
        locations=show.locations,
        social_interact=show.social_interact,
        txt=show.txt,
        trailers=tuple(release.trailers(show)),
        schedule=show.schedule,
        block_services=show.block_services,
        spotify_countries=show.spotify_countries,
        spotify_limit=show.spotify_limit,
        extra_tags=further,
        namespaces=namespaces_of([*further, *(tag for item in items for tag in item.extra_tags)], declared),
    )


def item_of(show: Show, episode: Episode, identity: Identity, release: Release) -> Item:
    """*episode* as apps will read it, still without its notes. It has a date and measured audio: check saw to that."""
    audio = release.facts[episode.audio]
    date = identity.date_of(episode)
    assert isinstance(audio, AudioFacts) and date is not None
    main = enclosure(release.url(episode.audio), audio)
    excerpt = episode.notes_facts.excerpt if episode.notes_facts else ""
    elsewhere = remote_url(episode.chapters_file) if is_remote(episode.chapters_file) else ""
    made = chapter_files(show, episode, release)
    listing, track = (url_of(release.site, path) for path in made) if made else (elsewhere, "")
    images = release.images(release.art(episode), episode.artwork_alt or episode.title)
    return Item(
        title=episode.title,
        guid=identity.guid,
        date=date,
        link=release.page_url(show, episode),
        description=episode.description or excerpt,
        notes_html="",
        enclosure=main,
        alternates=_alternates(episode, main, release),
        artwork=_first(images, artwork_of(episode, release)),
        images=images,
        explicit=episode.explicit,
        type=episode.type,
        season=episode.season,
        number=episode.number,
        block=episode.block,
        persons=release.persons_of(show, episode),
        soundbites=episode.soundbites,
        season_name=episode.season_name,
        label=episode.label,
        content_links=episode.content_links,
        funding=episode.funding,
        license=episode.license,
        license_url=episode.license_url,
        locations=episode.locations,
        social_interact=episode.social_interact,
        txt=episode.txt,
        extra_tags=extra_tags(episode.extra_tags, release.config.namespaces),
        chapters=release.chapters(episode),
        chapters_url=listing,
        chapters_track=track,
        transcripts=_transcripts(show, episode, release),
    )


def _alternates(episode: Episode, main: Enclosure, release: Release) -> tuple[Enclosure, ...]:
    """Every file apps may choose from, the *main* one first; none where it is the only one that was measured."""
    files = {main.url: main}
    for each in episode.alternates:
        facts = release.facts.get(each.reference)
        if isinstance(facts, AudioFacts) and facts.mime_type:
            url = release.url(each.reference)
            files.setdefault(url, enclosure(url, facts, each))
    return tuple(files.values()) if len(files) > 1 else ()


def chapter_files(show: Show, episode: Episode, release: Release) -> dict[str, bytes]:
    """The files for apps that are made of the chapters of *episode*, by path below the site: JSON and WebVTT."""
    chapters, audio = release.chapters(episode), release.facts.get(episode.audio)
    if not chapters or not isinstance(audio, AudioFacts):
        return {}
    files = [json_file(chapters), vtt_file(chapters, audio.duration)]
    return {made_path(show, episode, name): data for name, data in files}


def transcript_files(show: Show, episode: Episode, release: Release) -> tuple[Version, ...]:
    """The files of the transcripts of *episode*, in the order feeds name them."""
    if not episode.transcripts or not isinstance(release.facts.get(episode.audio), AudioFacts):
        return ()

    def digest(source: str, format: Format) -> str:
        facts = release.facts[source]
        assert isinstance(facts, TranscriptFacts)
        if facts.has_open_end and timedelta() < _length(episode, release) < facts.end:
            return hashlib.sha256(transcript_bytes(source, format, episode, release)).hexdigest()
        return facts.made[format]

    named = ((each.reference, each.language or show.language) for each in episode.transcripts)
    return tuple(versions(named, release.facts, digest))


def transcript_bytes(source: str, format: Format, episode: Episode, release: Release) -> bytes:
    """The transcript at *source*, one of *episode*, in *format*."""
    return written(within(release.transcript(source), _length(episode, release)), format)


def _length(episode: Episode, release: Release) -> timedelta:
    """How long the sound is; zero when nobody knows."""
    audio = release.facts[episode.audio]
    return audio.duration if isinstance(audio, AudioFacts) else timedelta()


def _transcripts(show: Show, episode: Episode, release: Release) -> tuple[TranscriptLink, ...]:
    return tuple(
        TranscriptLink(
            url=url_of(release.site, made_path(show, episode, each.name)) if each.sha256 else remote_url(each.source),
            mime_type=each.mime_type,
            language=each.language,
            are_captions=each.are_captions,
        )
        for each in transcript_files(show, episode, release)
    )


def _first(images: Sequence[Image], reference: str) -> str:
    """The address of the picture that podcast apps are to show: a remote one as it is, else the first copy's."""
    if is_remote(reference):
        return remote_url(reference)
    return images[0].url if images else ""


def picture_of(episode: Episode) -> str:
    """The picture of the episode's page: a project path or an address; empty when it has none."""
    return episode.thumbnail or episode.artwork


def artwork_of(episode: Episode, release: Release) -> str:
    """The episode's own picture, or its thumbnail where that would do: a project path or an address.

    Nothing leaves the show's to apps. An article is in no feed, and has none.
    """
    for reference in (episode.artwork, episode.thumbnail) if episode.audio else ():
        facts = release.facts.get(reference)
        if isinstance(facts, ArtworkFacts) and not facts.trouble and facts.width == facts.height >= SMALLEST:
            return reference
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


def _with_stamps(item: Item, episode: Episode) -> Item:
    """*item* with its chapters as time stamps, in the notes and in the description, where these do not hold them."""
    lines = stamps(item.chapters)
    if not lines:
        return item
    notes, description = item.notes_html, item.description
    if notes and not (episode.notes_facts and are_chapters(episode.notes_facts.chapters)):
        notes += stamps_html(lines)
    longer = "\n".join([*([description, ""] if description else []), *lines])
    if len(longer.encode()) <= MAX_DESCRIPTION_BYTES and not are_chapters(time_stamps(description)):
        description = longer
    return replace(item, notes_html=notes, description=description)
