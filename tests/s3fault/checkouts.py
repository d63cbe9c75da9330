"""Checkouts of one small show, as data: what they have, and what podfeed's loop is told that should be public."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from xml.sax.saxutils import escape

from podfeed.model import Guid
from podfeed.publish.record import Record, RecordedItem, digest_of
from podfeed.publish.serving import blob
from podfeed.publish.store import Blob
from podfeed.publish.wanted import Intent, Medium, Wanted

#: Where the feeds say that everything is.
SITE = "https://radio.podfeed.example"
SHOW = "radio"
FEED = f"{SHOW}/feed.xml"
#: A feed of the newest episode alone.
FURTHER = f"{SHOW}/newest.xml"
GUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An episode as a checkout has it: which edit of it, and which take of its audio."""

    version: int = 1
    take: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What one machine has of the show."""

    #: By guid.
    episodes: Mapping[str, Episode] = field(default_factory=dict)
    #: Where config.yaml says that the feed lies.
    feed_key: str = FEED

    def having(self, *guids: str, **changes: int) -> Checkout:
        """This checkout with new or changed episodes."""
        changed = {guid: replace(self.episodes.get(guid, Episode()), **changes) for guid in guids}
        return replace(self, episodes={**self.episodes, **changed})

    @property
    def promise(self) -> dict[str, int]:
        """What a run that ends well has in the feed: versions, by guid."""
        return {guid: episode.version for guid, episode in self.episodes.items()}

    def wanted(self, intent: Intent, known: Record | None, taken: Mapping[str, str]) -> Wanted:
        """The show as it should be now."""
        gone = {item.guid.text for item in known.withdrawn} if known else set()
        away = (gone - intent.reinstates) | intent.withdraws
        episodes = {guid: episode for guid, episode in self.episodes.items() if guid not in away}
        others = {**{key: each.sha256 for key, each in (known.media if known else {}).items()}, **taken}
        media = {guid: _medium(guid, episode, others) for guid, episode in episodes.items()}
        items = tuple(self._item(guid, episodes[guid], media[guid]) for guid in episodes)
        return Wanted(
            show=SHOW,
            guid=GUID,
            feed_key=self.feed_key,
            feed_url=f"{SITE}/{self.feed_key}",
            feed=_feed(items),
            channel=digest_of("Harbour Radio"),
            items=items,
            media={medium.key: medium for medium in media.values()},
            pages={page.key: page for page in (*map(_page, items), _index(items))},
            derived={FURTHER: _feed(items[-1:])},
        )

    def _item(self, guid: str, episode: Episode, medium: Medium) -> RecordedItem:
        address = f"{SITE}/{medium.key}"
        return RecordedItem(
            guid=Guid(text=guid, is_permalink=False),
            title=f"{guid} v{episode.version}",
            date=NOW,
            enclosure_url=address,
            media=medium.key,
            sha256=medium.sha256,
            size_bytes=len(_audio(guid, episode)),
            digest=digest_of([guid, episode.version, address]),
        )


def _feed(items: tuple[RecordedItem, ...]) -> bytes:
    inside = "".join(
        f"<item><guid>{item.guid.text}</guid><title>{escape(item.title)}</title>"
        f"<link>{SITE}/{SHOW}/{item.guid.text}/</link>"
        f'<enclosure url="{item.enclosure_url}" length="{item.size_bytes}" type="audio/mpeg"/></item>'
        for item in items
    )
    return f'<rss version="2.0"><channel><title>Harbour Radio</title>{inside}</channel></rss>\n'.encode()


def _audio(guid: str, episode: Episode) -> bytes:
    return f"{guid} take {episode.take} ".encode() * 20


def _medium(guid: str, episode: Episode, taken: Mapping[str, str]) -> Medium:
    data = _audio(guid, episode)
    sha256 = hashlib.sha256(data).hexdigest()
    key = f"audio/{guid}.mp3"
    if taken.get(key, sha256) != sha256:
        key = f"audio/{guid}.{sha256[:8]}.mp3"
    return Medium(key=key, sha256=sha256, blob=partial(_blob, key, data, "audio/mpeg"))


def _page(item: RecordedItem) -> Blob:
    return _blob(f"{SHOW}/{item.guid.text}/index.html", f"<h1>{escape(item.title)}</h1>\n".encode(), "text/html")


def _index(items: tuple[RecordedItem, ...]) -> Blob:
    return _blob(f"{SHOW}/index.html", "\n".join(item.title for item in items).encode(), "text/html")


def _blob(key: str, data: bytes, content_type: str) -> Blob:
    return blob(key, data, GUID, content_type=content_type, cache_control="no-cache")
