"""podfeed.lock, to and from text: what was published and measured, a sorted line each, so that merges read well."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from podfeed.diagnostics import Finding, Position
from podfeed.errors import RefusedError
from podfeed.model import ArtworkFacts, AudioFacts, Facts, Guid

PATH = "podfeed.lock"
VERSION = 1
_FIRST_LINE = (
    f"# podfeed.lock {VERSION}: what was published and measured. podfeed writes it; commit it with the episodes.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShow:
    """A show as it was published."""

    id: str
    #: podcast:guid: given once, kept for life.
    guid: str
    feed_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEpisode:
    """An episode as it was published: what may never change."""

    show: str
    guid: Guid
    #: The Markdown file it came from; empty when an adopted item has none.
    path: str = ""
    #: The first date it was published with.
    date: datetime | None = None
    enclosure_url: str = ""
    #: The project path or URL of its audio, and the sha256 of the bytes; empty when not known.
    audio: str = ""
    sha256: str = ""
    #: Taken out of the feed by ``podfeed withdraw``.
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All that podfeed.lock remembers."""

    shows: Mapping[str, PublishedShow] = field(default_factory=dict)
    #: By show and text of the guid.
    episodes: Mapping[tuple[str, str], PublishedEpisode] = field(default_factory=dict)
    #: Facts by project path or URL: a checkout without the audio still checks and builds.
    media: Mapping[str, Facts] = field(default_factory=dict)
    #: Published names below the site and the sha256 each stands for: a name never changes its bytes.
    names: Mapping[str, str] = field(default_factory=dict)

    def of_show(self, show: str) -> tuple[PublishedEpisode, ...]:
        """The published episodes of *show*, in the order of the file."""
        return tuple(entry for (owner, _), entry in self.episodes.items() if owner == show)


def read(text: str) -> tuple[Lock, tuple[Finding, ...]]:
    """The lock in *text*, and every line that cannot be read. Raises RefusedError for a newer podfeed's lock."""
    version = re.match(r"# podfeed\.lock (\d+)", text)
    if version and int(version[1]) > VERSION:
        raise RefusedError(f"podfeed.lock was written by a newer podfeed (format {version[1]}): install that one")
    shows: dict[str, PublishedShow] = {}
    episodes: dict[tuple[str, str], PublishedEpisode] = {}
    media: dict[str, Facts] = {}
    names: dict[str, str] = {}
    faults: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        try:
            kind, _, rest = line.partition(" ")
            values = json.loads(rest)
            match kind:
                case "show":
                    shows[values["id"]] = PublishedShow(**values)
                case "episode":
                    entry = _episode(values)
                    _refuse_second(episodes.get((entry.show, entry.guid.text)), entry)
                    episodes[entry.show, entry.guid.text] = entry
                case "audio" | "picture":
                    path = values.pop("path")
                    media[path] = _audio(values) if kind == "audio" else ArtworkFacts(origin="lock", **values)
                case "name":
                    _refuse_second(names.get(values["path"]), values["sha256"])
                    names[values["path"]] = values["sha256"]
                case _:
                    raise ValueError(kind)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            faults.append(_fault(number, line))
    return Lock(shows=shows, episodes=episodes, media=media, names=names), tuple(faults)


def _refuse_second(known: object, found: object) -> None:
    if known is not None and known != found:
        raise ValueError(found)


def _fault(number: int, line: str) -> Finding:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        message, hint = (
            "a merge of podfeed.lock was left unfinished here",
            "keep the lines of both sides, delete this one",
        )
    else:
        message, hint = "podfeed cannot read this line", "restore podfeed.lock from git"
    return Finding("", message, hint, rule="lock-unreadable", position=Position(line=number, width=len(line)))


def _episode(values: dict[str, Any]) -> PublishedEpisode:
    date = values.pop("date", None)
    guid = Guid(text=values.pop("guid"), is_permalink=values.pop("is_permalink", False))
    return PublishedEpisode(guid=guid, date=datetime.fromisoformat(date) if date else None, **values)


def _audio(values: dict[str, Any]) -> AudioFacts:
    length = timedelta(milliseconds=values.pop("milliseconds"))
    return AudioFacts(duration=length, origin="lock", **values)


def write(lock: Lock) -> str:
    """The text of *lock*: the same lock always gives the same text."""
    lines = [
        *(_line("show", {"id": show.id, "guid": show.guid, "feed_url": show.feed_url}) for show in lock.shows.values()),
        *(_line("episode", _episode_values(entry)) for entry in lock.episodes.values()),
        *(_line(*_media_values(path, facts)) for path, facts in lock.media.items()),
        *(_line("name", {"path": path, "sha256": sha256}) for path, sha256 in lock.names.items()),
    ]
    return _FIRST_LINE + "".join(sorted(lines))


def _line(kind: str, values: dict[str, Any]) -> str:
    kept = {name: value for name, value in values.items() if value not in ("", None, False, 0)}
    return f"{kind} {json.dumps(kept, ensure_ascii=False)}\n"


def _episode_values(entry: PublishedEpisode) -> dict[str, Any]:
    return {
        "show": entry.show,
        "path": entry.path,
        "guid": entry.guid.text,
        "is_permalink": entry.guid.is_permalink,
        "date": entry.date.isoformat() if entry.date else None,
        "enclosure_url": entry.enclosure_url,
        "audio": entry.audio,
        "sha256": entry.sha256,
        "is_withdrawn": entry.is_withdrawn,
    }


def _media_values(path: str, facts: Facts) -> tuple[str, dict[str, Any]]:
    if isinstance(facts, ArtworkFacts):
        return "picture", {
            "path": path,
            "size_bytes": facts.size_bytes,
            "width": facts.width,
            "height": facts.height,
            "mime_type": facts.mime_type,
            "mode": facts.mode,
            "has_transparency": facts.has_transparency,
            "sha256": facts.sha256,
        }
    return "audio", {
        "path": path,
        "size_bytes": facts.size_bytes,
        "milliseconds": facts.duration // timedelta(milliseconds=1),
        "mime_type": facts.mime_type,
        "container": facts.container,
        "codec": facts.codec,
        "bitrate_bps": facts.bitrate_bps,
        "sha256": facts.sha256,
    }


def with_facts(lock: Lock, facts: Mapping[str, Facts]) -> Lock:
    """*lock* with what was measured now; facts that have trouble to tell are not remembered."""
    sound = {path: each for path, each in facts.items() if not each.trouble and _is_worth_keeping(each)}
    return replace(lock, media={**lock.media, **sound})


def _is_worth_keeping(facts: Facts) -> bool:
    return facts.origin == "measured"
