"""A show as it was before: what its generations changed, and one of them published once more."""

from __future__ import annotations

import hashlib
import html
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from podfeed.building import release_of
from podfeed.checking import context
from podfeed.composing import blob_of, remembering
from podfeed.errors import RefusedError, StoredError, UsageError, unknown_show
from podfeed.loading import Project, load
from podfeed.publish import record as records
from podfeed.publish.history import Generation, generations
from podfeed.publish.live import Live, lineage, stored_record
from podfeed.publish.loop import Loop
from podfeed.publish.record import Record, RecordedItem
from podfeed.publish.secrets import credentials
from podfeed.publish.wanted import Intent, Wanted
from podfeed.publishing import Publication, Publisher, Run, chosen
from podfeed.read.folder import is_remote
from podfeed.render.addresses import remote_url
from podfeed.render.output import withdrawn_pages
from podfeed.words import listed, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a target knows of a show's past."""

    show: str
    #: Whether its feed is as podfeed put it there.
    is_whole: bool
    #: The newest first.
    generations: tuple[Generation, ...]


def history(folder: str | Path, *, show: str, target: str, run: Run, most: int) -> tuple[Past, ...]:
    """The last generations, *most* at most, of *show*, or of each show.

    Raises UsageError for a show or a target that is not there.
    """
    project = load(folder, web=run.web)
    publisher = Publisher(project, chosen(project, target), Intent(restores=True), run)
    shows = (_chosen_show(project, show),) if show else project.config.shows
    return tuple(_past(publisher.loop(id), most) for id in shows)


def _past(loop: Loop, most: int) -> Past:
    live = loop.read()
    return Past(show=loop.show, is_whole=live.is_whole, generations=generations(loop.store, loop.show, live, most))


def rolled_back(
    folder: str | Path, *, show: str, to: str, withdraws: Iterable[str], target: str, run: Run
) -> tuple[str, Publication]:
    """Publish *show* once more as it was in the generation *to*, a number or the name of a record.

    With no *to*, a feed that was taken away or changed by hand is put back. *withdraws* are the guids of all that
    the old feed lacks.
    Raises UsageError for a generation that is not there, RefusedError when episodes would vanish, StoredError when
    what the old feed names is not there any more.
    """
    project = load(folder, web=run.web)
    show = _chosen_show(project, show)
    intent = Intent(reverts=True, restores=True, begins_with=to, withdraws=frozenset(withdraws))
    publisher = _Rollback(project, chosen(project, target), intent, run)
    publisher.begin(show, to)
    publication = publisher.publish((show,), is_whole=False)
    outcome, number = publication.shows[0], publisher.old.generation
    if outcome.error and not outcome.done:
        raise outcome.error
    if not publication.has_changed:
        sentence = say("“{show}” is as it was in generation {number}; nothing changed", show=show, number=number)
    elif to:
        sentence = say(
            "“{show}” is as it was in generation {number}. Pages and further feeds follow with the next publish, which"
            " waits until the episodes here are mended",
            show=show,
            number=number,
        )
    else:
        sentence = say("the feed of “{show}” is back, as it was in generation {number}", show=show, number=number)
    return sentence, publication


def _chosen_show(project: Project, name: str) -> str:
    shows = project.config.shows
    if name in shows or (not name and len(shows) == 1):
        return name or next(iter(shows))
    if name:
        raise unknown_show(name, shows)
    raise UsageError(say("name one of the shows in config.yaml with --show: {known}", known=", ".join(shows)))


class _Rollback(Publisher):
    """A run that brings back an earlier generation."""

    #: What is brought back: its record, and its feed without the last line.
    old: Record
    _feed: bytes

    def begin(self, show: str, to: str) -> None:
        """Find the generation *to*, and everything that its feed names."""
        loop = super().loop(show)
        live = loop.read()
        name, self.old = _earlier(loop, live, to)
        self._feed = _kept_feed(loop, name, self.old)
        if live.record and live.record.feed_key != self.old.feed_key:
            message = say(
                "the feed of “{show}” has moved since generation {number}; choose a later one",
                show=show,
                number=self.old.generation,
            )
            raise RefusedError(message)
        _refuse_missing(loop, self.old, self._feed)
        self._refuse_silent(live.record)

    def loop(self, show: str) -> Loop:
        """The way of *show*, with what it was in place of what it should be."""
        return replace(super().loop(show), compose=partial(self._as_it_was, show))

    def _as_it_was(self, show: str, known: Record | None, taken: Mapping[str, str]) -> Wanted:
        """*show* as it was, after *known*: its pages stay, but for those of what is withdrawn with it."""
        assert known is not None
        _refuse_withdrawn(self.old, known)
        _refuse_vanishing(show, self.old, known, self.intent)
        project = remembering(self.project, show, known, self.intent)
        seen, release = context(project, self.run.now), release_of(project)
        notes = withdrawn_pages(seen, release, project.config.shows[show])
        secrets = credentials(os.environ)
        return Wanted(
            show=show,
            guid=known.show,
            feed_key=self.old.feed_key,
            feed_url=self.old.feed_url,
            feed=self._feed,
            channel=self.old.channel,
            items=self.old.items,
            pages={file.path: blob_of(file, owner=known.show, secrets=secrets) for file in notes},
            kept_pages=known.pages,
            feeds=known.feeds,
            restores=self.old.generation,
        )

    def _refuse_silent(self, live: Record | None) -> None:
        """Audio on other servers is asked for again, unless the feed that is public has it too."""
        heard = {item.enclosure_url for item in live.items} if live else set()
        measured = {remote_url(path): path for path in self.project.facts if is_remote(path)}
        for url in (item.enclosure_url for item in self.old.items if not item.media):
            if url in heard:
                continue
            if url not in measured:
                message = say(
                    "generation {number} names “{url}”, and podfeed.lock does not know what is to be there; choose"
                    " another generation",
                    number=self.old.generation,
                    url=url,
                )
                raise StoredError(message)
            if trouble := self.composer.trouble_with(measured[url]):
                raise trouble


def _earlier(loop: Loop, live: Live, to: str) -> tuple[str, Record]:
    """The generation called *to*, with the name of its record; without *to*, the last one, if its feed is not there."""
    show = loop.show
    if live.record is None:
        raise RefusedError(say("“{show}” was never published here: there is nothing to go back to", show=show))
    if live.rivals:
        message = say(
            "the feed of “{show}” is gone, and any of the records {names} may have been the last that was public: look"
            " at them in {folder}, and say which with --to",
            show=show,
            names=listed(sorted(live.rivals)),
            folder=records.folder_of(show),
        )
        raise RefusedError(message)
    if not to and live.is_whole:
        message = say(
            "the feed of “{show}” is as podfeed put it there; say with --to which generation to go back to, “podfeed"
            " history” lists them",
            show=show,
        )
        raise UsageError(message)
    if not to:
        return live.name, live.record
    number = records.generation_of(to)
    line = [(live.name, live.record), *lineage(loop.store, show, live.record, down_to=number)]
    found = next(((name, old) for name, old in line if to in (name, str(old.generation))), None)
    if found is None and "-" in to and (record := stored_record(loop.store, show, to)):
        found = to, record
    if found is None:
        raise UsageError(say("there is no generation {to} of “{show}”; “podfeed history” lists them", to=to, show=show))
    return found


def _kept_feed(loop: Loop, name: str, old: Record) -> bytes:
    """The feed of the generation *old*, whose record is called *name*, without its last line."""
    kept = loop.store.get(records.copy_key(loop.show, name))
    feed = records.unsigned(kept.data)[0] if kept else b""
    if hashlib.sha256(feed).hexdigest() != old.feed_sha256:
        message = say(
            "the feed of generation {number} is not kept as it was; choose another generation", number=old.generation
        )
        raise StoredError(message)
    return feed


def _refuse_missing(loop: Loop, old: Record, feed: bytes) -> None:
    """Raise StoredError when anything that *feed* names is not there, or is not what it was."""
    named = sorted(_named_in(feed) & old.media.keys() | {item.media for item in old.items if item.media})
    for key, sha256 in zip(named, loop.ways.each(partial(_sha256_at, loop, old), named), strict=True):
        if sha256 is None or old.media[key].sha256 not in ("", sha256):
            message = say(
                "generation {number} names “{key}”, and that is not there as it was; choose another generation",
                number=old.generation,
                key=key,
            )
            raise StoredError(message)


def _sha256_at(loop: Loop, old: Record, key: str) -> str | None:
    """What lies at *key* now; None when nothing does."""
    there = loop.store.head(key)
    if there is None:
        return None
    return there.sha256 or (loop.store.hashed(key) if old.media[key].sha256 else "")


_ADDRESS = re.compile(r"https?://[^\s\"<>]+")


def _named_in(feed: bytes) -> set[str]:
    """What the addresses in *feed* may be keys of, wherever the site begins."""
    keys: set[str] = set()
    for address in {*_ADDRESS.findall(feed.decode("utf-8", "replace"))}:
        parts = unquote(html.unescape(address)).split("/")
        keys.update("/".join(parts[at:]) for at in range(3, len(parts)))
    return keys


def _refuse_withdrawn(old: Record, known: Record) -> None:
    """What was withdrawn since does not come back by the way."""
    for item in known.withdrawn:
        if item.guid.text in old.by_guid:
            message = say(
                "“{title}” of generation {number} was withdrawn since: run “podfeed reinstate {guid}” first",
                title=item.title,
                number=old.generation,
                guid=shlex.quote(item.guid.text),
            )
            raise RefusedError(message)


def _refuse_vanishing(show: str, old: Record, known: Record, intent: Intent) -> None:
    """What came later leaves the feed only when it is named."""
    later = [item for item in known.items if item.guid.text not in old.by_guid]
    unknown = intent.withdraws - {item.guid.text for item in (*later, *known.withdrawn)}
    if unknown:
        message = say(
            "“{guid}” is no guid of an episode that came after generation {number}",
            guid=min(unknown),
            number=old.generation,
        )
        raise UsageError(message)
    if not {item.guid.text for item in later} <= intent.withdraws:
        message = say(
            "{episodes} came after generation {number}, and would vanish; to withdraw what came since, run “{command}”",
            episodes=listed([say("“{title}”", title=item.title) for item in later]),
            number=old.generation,
            command=_command(show, old, later),
        )
        raise RefusedError(message)


def _command(show: str, old: Record, later: Iterable[RecordedItem]) -> str:
    words = ["podfeed", "rollback", "--show", show, "--to", str(old.generation)]
    return shlex.join([*words, *(word for item in later for word in ("--withdraw", item.guid.text))])
