"""A project and what is public of it → a show as it should be in public now."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from podfeed.building import open_in, release_of
from podfeed.check.registry import Context
from podfeed.checking import check, context, stopped_shows
from podfeed.diagnostics import Diagnostic
from podfeed.elsewhere import is_other_sound, measure_again
from podfeed.errors import ContentError, PodfeedError, RefusedError, StoredError, TargetError
from podfeed.indexing import indexer
from podfeed.loading import Project
from podfeed.model import AudioFacts, Episode, File, Item, Show
from podfeed.publish.made import Made, Outcomes
from podfeed.publish.record import Record, RecordedItem, digest_of
from podfeed.publish.secrets import credentials, leak
from podfeed.publish.serving import cache_control, content_type
from podfeed.publish.shared import OWNER, SharedFiles
from podfeed.publish.store import Blob
from podfeed.publish.wanted import Intent, Medium, Wanted
from podfeed.read import lock as locks
from podfeed.read.folder import is_remote
from podfeed.read.lock import PublishedEpisode, PublishedShow
from podfeed.read.web import Trouble, Web
from podfeed.render.addresses import page_path, remote_url
from podfeed.render.feed import Release
from podfeed.render.feeds import OPML, published_feeds
from podfeed.render.further import feed_of
from podfeed.render.output import render, used_media, vacated_pages
from podfeed.words import say

#: Told by the loop itself, which knows what is public better.
_TOLD_BY_LOOP = frozenset(("history-episode-missing",))
#: About who an episode or a show is. What breaks them can be composed all the same.
IDENTITY_RULES = frozenset((*_TOLD_BY_LOOP, "history-guid-changed", "history-show-guid-changed"))
#: Before anything can be due: what is published stays, and nothing new goes out.
NEVER = datetime(1990, 1, 1, tzinfo=UTC)
#: More than any notes take.
_ALL_NOTES = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Composes the shows of one project for one target."""

    project: Project
    intent: Intent
    #: What is due: asked each time, for the store has a clock too.
    now: Callable[[], datetime]
    web: Callable[[], Web]
    #: The pages that need not be made again to be compared.
    made: Made
    #: The rules that keep nothing back.
    overlooked: frozenset[str] = _TOLD_BY_LOOP
    #: The new episodes that wait, by path, with the reason.
    held: dict[str, PodfeedError] = field(default_factory=dict)

    def wanted(self, show: str, known: Record | None, taken: Mapping[str, str]) -> Wanted:
        """*show* as it should be now that *known* is public.

        Raises ContentError when something that is public now is wrong, RefusedError for a show that may be public
        elsewhere.
        """
        settings = self.project.config.shows[show]
        if known is None and not self.intent.is_first and not self.project.lock.of_show(show):
            message = say(
                "“{show}” was never published from here: if it is public already, run “podfeed adopt” with the address"
                " of its feed; if it is new, say --first",
                show=show,
            )
            raise RefusedError(message)
        now = self.now()
        project = remembering(self.project, show, known, self.intent, taken)
        _refuse_faults(project, show, now, self.overlooked)
        project = self._without_silent(project, show, known, now)
        seen, release = context(project, now), release_of(project)
        files = [*_files(project, seen, release, show)]
        made = {file.path for file in files}
        # A place keeps what was put there: a list that named what is withdrawn would go on to name it.
        left = [
            path for path in (known.pages if known else ()) if path not in made and path.endswith((".html", ".htm"))
        ]
        files += vacated_pages(seen, release, settings, left)
        by_stage = {stage: [file for file in files if file.stage == stage] for stage in ("media", "page", "feed")}
        whole = feed_of(seen, release, replace(settings, notes_budget=_ALL_NOTES))
        sources = _sources(project, seen, release, settings)
        secrets = credentials(os.environ)
        feeds = {file.path: feed_bytes(file, secrets) for file in by_stage["feed"]}
        blob = partial(blob_of, owner=whole.guid, secrets=secrets)
        pages = {file.path: blob(file, made=self.made.of(show)) for file in by_stage["page"]}
        self.made.note(show, ((file.fingerprint, pages[file.path]) for file in by_stage["page"]))
        return Wanted(
            show=show,
            guid=whole.guid,
            feed_key=settings.feed,
            feed_url=release.feed_url(settings),
            feed=feeds.pop(settings.feed),
            channel=digest_of(asdict(replace(whole, items=()))),
            items=tuple(_recorded(seen, release, settings, whole.items)),
            withdrawn=tuple(_tombstone(each) for each in project.lock.of_show(show) if each.is_withdrawn),
            media={file.path: medium_of(file, sources, blob) for file in by_stage["media"]},
            pages=pages,
            derived=feeds,
            feeds=tuple(published_feeds(settings, project.config.site, project.lock)),
        )

    def _without_silent(self, project: Project, show: str, known: Record | None, now: datetime) -> Project:
        """*project* without the new episodes whose audio, on another server, is not what was measured: they wait."""
        seen, heard = context(project, now), known.by_guid if known else {}
        for episode in seen.public(show):
            if is_remote(episode.audio) and seen.identity(episode).guid.text not in heard:
                trouble = self.held.get(episode.path) or self.trouble_with(episode.audio)
                if trouble:
                    self.held[episode.path] = trouble
        return replace(project, files={path: file for path, file in project.files.items() if path not in self.held})

    def trouble_with(self, url: str) -> PodfeedError | None:
        """Why the audio at *url*, on another server, cannot be relied on."""
        known = self.project.facts[url]
        assert isinstance(known, AudioFacts)
        try:
            now = measure_again(self.web(), url, known)
        except Trouble as trouble:
            return TargetError(say("its audio does not answer: {reason}", reason=trouble))
        if is_other_sound(known, now):
            return StoredError(say("its audio is not what it was when it was measured; run “podfeed enrich”"))
        return None


def remembering(
    project: Project, show: str, known: Record | None, intent: Intent, taken: Mapping[str, str] | None = None
) -> Project:
    """*project* with what is public of *show* in place of what podfeed.lock says of it.

    *taken* are names that stand for other bytes, by key.
    """
    lock = project.lock
    entries = {entry.guid.text: entry for entry in lock.of_show(show)}
    shows, names, feeds = dict(lock.shows), dict(lock.names), dict(lock.feeds)
    if known:
        shows[show] = PublishedShow(id=show, guid=known.show, feed_url=known.feed_url)
        names.update((key, each.source) for key, each in known.media.items() if each.source)
        feeds.update((each.feed_url, each) for each in known.feeds)
        elsewhere = {remote_url(path): path for path in project.facts if is_remote(path)}
        for item, was_withdrawn in known.states:
            is_withdrawn = was_withdrawn or item.guid.text in intent.withdraws
            audio = item.media or elsewhere.get(item.enclosure_url, "")
            new = PublishedEpisode(show=show, guid=item.guid, audio=audio)
            entries[item.guid.text] = _entry(item, is_withdrawn, entries.get(item.guid.text, new))
    for guid in intent.withdraws & entries.keys():
        entries[guid] = replace(entries[guid], is_withdrawn=True)
    for guid in intent.reinstates & entries.keys():
        entries[guid] = locks.reinstated(entries[guid])
    others = {key: entry for key, entry in lock.episodes.items() if key[0] != show}
    episodes = {**others, **{(show, guid): entry for guid, entry in entries.items()}}
    names.update(taken or {})
    return replace(project, lock=replace(lock, shows=shows, feeds=feeds, episodes=episodes, names=names))


def _entry(item: RecordedItem, is_withdrawn: bool, entry: PublishedEpisode) -> PublishedEpisode:
    """*item* as podfeed.lock says it, beside what *entry* has of it.

    Whoever knows that it came back more often is newer; else what was withdrawn stays so.
    """
    reinstated, is_gone = max((item.reinstated, is_withdrawn), (entry.reinstated, entry.is_withdrawn))
    return replace(
        entry,
        guid=item.guid,
        date=item.date,
        enclosure_url=item.enclosure_url,
        sha256=item.sha256 or entry.sha256,
        is_withdrawn=is_gone,
        reinstated=reinstated,
        page=item.page or entry.page,
        former_pages=item.former_pages if item.page else entry.former_pages,
    )


def _tombstone(entry: PublishedEpisode) -> RecordedItem:
    """What podfeed.lock has of an episode that was withdrawn."""
    return RecordedItem(
        guid=entry.guid,
        title=entry.guid.text,
        date=entry.date,
        enclosure_url=entry.enclosure_url,
        digest="",
        reinstated=entry.reinstated,
        page=entry.page,
        former_pages=entry.former_pages,
    )


def _refuse_faults(project: Project, show: str, now: datetime, overlooked: frozenset[str]) -> None:
    """Nothing goes out as long as anything that would be public now is wrong."""
    alone = replace(project, shows=(show,))
    diagnostics = [each for each in check(alone, now=now) if each.rule not in overlooked]
    if show in stopped_shows(diagnostics, project.config):
        raise ContentError(
            say("“{show}” is not published, for its errors", show=show), told=_stopping(diagnostics, show)
        )


def _stopping(diagnostics: Iterable[Diagnostic], show: str) -> tuple[Diagnostic, ...]:
    return tuple(each for each in diagnostics if each.stops in (show, "*"))


def _files(project: Project, seen: Context, release: Release, show: str) -> list[File]:
    release = replace(release, index=indexer(project))
    files = render(seen, release, [show], partial(open_in, project), home=(), with_network=False)
    return [file for file in files.values() if show in file.shows]


def _sources(project: Project, seen: Context, release: Release, show: Show) -> dict[str, str]:
    """The sha256 of the file of the project behind each published name."""
    paths = dict.fromkeys(used_media(seen, release, show))
    return {release.name(path): project.facts[path].sha256 for path in paths if path in project.facts}


def _recorded(seen: Context, release: Release, show: Show, items: Iterable[Item]) -> Iterator[RecordedItem]:
    episodes = {seen.identity(each).guid.text: each for each in seen.public(show.id) if each.audio}
    for item in items:
        episode = episodes[item.guid.text]
        path, published = episode.audio, seen.identity(episode).published
        page = page_path(show, episode)
        facts = seen.facts[path]
        yield RecordedItem(
            guid=item.guid,
            title=item.title,
            date=item.date,
            enclosure_url=item.enclosure.url,
            media="" if is_remote(path) else release.name(path),
            sha256=facts.sha256,
            size_bytes=item.enclosure.size_bytes,
            source=source_of(episode),
            digest=digest_of(asdict(item)),
            reinstated=published.reinstated if published else 0,
            page=page,
            former_pages=published.pages_before(page) if published else (),
        )


def source_of(episode: Episode) -> str:
    """Names the state of the file of *episode*."""
    return digest_of(episode.digest)


def medium_of(file: File, sources: Mapping[str, str], blob: Callable[[File], Blob]) -> Medium:
    """*file* as a feed or a page names it; *sources* is the sha256 of the project's file behind each name."""
    sha256 = file.sha256
    if not sha256 and not file.is_kept and file.content:
        sha256 = blob(file).sha256
    return Medium(
        key=file.path,
        sha256=sha256,
        source=sources.get(file.path, ""),
        blob=partial(blob, file) if file.content else None,
    )


def feed_bytes(file: File, secrets: Mapping[str, bytes]) -> bytes:
    """The feed *file* without a last line of ours."""
    return _bytes_of(file, secrets).rstrip(b"\n") + b"\n"


def blob_of(file: File, *, owner: str, secrets: Mapping[str, bytes], made: Outcomes | None = None) -> Blob:
    """*file* as it goes up: the bytes of what is made, and the path of what is taken from the project.

    What was *made* before, by fingerprint, is not made again unless it goes up.
    """
    content: bytes | Callable[[], bytes] | Path
    if isinstance(file.content, Path):
        content, size_bytes, sha256 = file.content, file.content.stat().st_size, file.sha256
    elif made and file.fingerprint in made:
        content = partial(_bytes_of, file, secrets)
        sha256, size_bytes = made[file.fingerprint]
    else:
        content = _bytes_of(file, secrets)
        size_bytes, sha256 = len(content), hashlib.sha256(content).hexdigest()
    return Blob(
        key=file.path,
        content=content,
        size_bytes=size_bytes,
        sha256=sha256,
        content_type=content_type(file),
        cache_control=cache_control(file.stage, file.path),
        owner=owner,
    )


def _bytes_of(file: File, secrets: Mapping[str, bytes]) -> bytes:
    assert callable(file.content)
    return _clean(file.path, file.content(), secrets)


def _clean(path: str, data: bytes, secrets: Mapping[str, bytes]) -> bytes:
    if found := leak(data, secrets):
        raise RefusedError(say("“{path}” would give away {secret}; take it out of the text", path=path, secret=found))
    return data


def shared_files(files: Sequence[File], generations: Mapping[str, int]) -> SharedFiles:
    """*files*, which belong to no single show, made of these *generations* of each."""
    secrets = credentials(os.environ)
    blob = partial(blob_of, owner=OWNER, secrets=secrets)
    feeds = [file for file in files if file.stage == "feed" and file.path != OPML]
    return SharedFiles(
        media={file.path: medium_of(file, {}, blob) for file in files if file.stage == "media"},
        pages={file.path: blob(file) for file in files if file.stage == "page" or file.path == OPML},
        feeds={file.path: feed_bytes(file, secrets) for file in feeds},
        generations=generations,
    )
