"""Who an episode is: which published entry it continues, and which guid it therefore has."""

from __future__ import annotations

import posixpath
import unicodedata
import uuid
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from podfeed.model import Episode, Facts, Guid, Show
from podfeed.read.lock import Lock, PublishedEpisode
from podfeed.words import say

# Source: podcast namespace, guid.
_PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The guid of an episode and where it comes from."""

    guid: Guid
    #: Where it comes from, in a sentence part for people.
    reason: str
    #: What was published of this episode; None when it is new.
    published: PublishedEpisode | None = None

    def date_of(self, episode: Episode) -> datetime | None:
        """When *episode* went or goes out: as written, or as published where its author left the offset open."""
        if self.published and self.published.date and not episode.date_is_exact:
            return self.published.date
        return episode.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The identities of a show's episodes, and the published entries that no file continues."""

    by_path: Mapping[str, Identity]
    #: Published, not withdrawn, and without a file.
    missing: tuple[PublishedEpisode, ...]
    #: The files whose episode was withdrawn.
    withdrawn: frozenset[str]


def podcast_guid(feed_url: str) -> str:
    """The guid of a show from its first feed address, scheme and trailing slashes off. Source: podcast namespace."""
    bare = feed_url.split("://", 1)[-1].rstrip("/")
    return str(uuid.uuid5(_PODCAST_NAMESPACE, bare))


def show_guid(show: Show, site: str, lock: Lock) -> str:
    """The podcast:guid of *show*: as written, else as published, else made from *site*, the one in config.yaml."""
    published = lock.shows.get(show.id)
    return show.guid or (published.guid if published else "") or podcast_guid(f"{site}/{show.feed}")


def identify(
    episodes: Iterable[Episode], published: Iterable[PublishedEpisode], guid: str, facts: Mapping[str, Facts]
) -> Identities:
    """The identity of each of a show's *episodes*: by its written guid, else by its file and audio, else a new one.

    *published* are the show's entries, *guid* its podcast:guid. No two episodes continue the same entry. Where files
    were renumbered, the identity follows the audio: that is what listeners have.
    """
    episodes, published = tuple(episodes), tuple(published)
    by_guid = {entry.guid.text: entry for entry in published}
    by_path = {entry.path: entry for entry in published if entry.path}
    free = dict(by_guid)
    found: dict[str, Identity] = {}

    def settle(episode: Episode, entry: PublishedEpisode | None, reason: str) -> None:
        if entry is not None and free.pop(entry.guid.text, None) is not None:
            found[episode.path] = Identity(guid=_as_written(episode, entry.guid), reason=reason, published=entry)

    for episode in episodes:
        if episode.guid:
            settle(episode, by_guid.get(episode.guid), say("written in the file"))
    unnamed = [episode for episode in episodes if not episode.guid]
    for episode in unnamed:
        entry = by_path.get(episode.path)
        if entry and _same_audio(episode, entry, facts):
            settle(episode, entry, say("kept from its first release"))
    by_audio = {key: entry for entry in free.values() for key in (entry.audio, entry.sha256) if key}
    for episode in unnamed:
        if episode.path not in found and (entry := _by_audio(episode, by_audio, facts)):
            settle(episode, entry, say("kept from its first release as {path}", path=entry.path))
    for episode in unnamed:
        if episode.path not in found:
            settle(episode, by_path.get(episode.path), say("kept from its first release"))
    for episode in episodes:
        if episode.path not in found:
            found[episode.path] = _new(episode, guid, by_guid)
    missing = tuple(entry for entry in free.values() if not entry.is_withdrawn)
    withdrawn = frozenset(entry.path for entry in published if entry.is_withdrawn)
    return Identities(by_path=found, missing=missing, withdrawn=withdrawn)


def _by_audio(
    episode: Episode, by_audio: Mapping[str, PublishedEpisode], facts: Mapping[str, Facts]
) -> PublishedEpisode | None:
    """The entry with the audio of *episode*, by its bytes or by its path."""
    audio = facts.get(episode.audio)
    return (by_audio.get(audio.sha256) if audio and audio.sha256 else None) or by_audio.get(episode.audio or "-")


def _as_written(episode: Episode, guid: Guid) -> Guid:
    """The published guid; the author may still say whether it is a link."""
    if episode.guid and episode.guid_is_permalink is not None:
        return Guid(text=guid.text, is_permalink=episode.guid_is_permalink)
    return guid


def _same_audio(episode: Episode, entry: PublishedEpisode, facts: Mapping[str, Facts]) -> bool:
    audio = facts.get(episode.audio)
    return bool(episode.audio) and (
        episode.audio == entry.audio or bool(audio and audio.sha256 and audio.sha256 == entry.sha256)
    )


def _new(episode: Episode, guid: str, taken: Container[str]) -> Identity:
    is_permalink = bool(episode.guid_is_permalink)
    if episode.guid:
        return Identity(guid=Guid(text=episode.guid, is_permalink=is_permalink), reason=say("written in the file"))
    stem = unicodedata.normalize("NFC", posixpath.splitext(posixpath.basename(episode.path))[0])
    # A file may take the name of one that was published and has another name now.
    names = (stem if number == 1 else f"{stem} {number}" for number in count(1))
    made = next(text for name in names if (text := str(uuid.uuid5(_namespace(guid), name))) not in taken)
    return Identity(
        guid=Guid(text=made), reason=say("made from the file's name; podfeed.lock keeps it from the first release on")
    )


def _namespace(guid: str) -> uuid.UUID:
    """The show's guid; one that is no UUID, which is an error told elsewhere, stands for itself all the same."""
    try:
        return uuid.UUID(guid)
    except ValueError:
        return uuid.uuid5(_PODCAST_NAMESPACE, guid)
