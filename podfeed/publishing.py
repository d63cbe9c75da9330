"""A project → a target: every show by the loop, then what all shows share, and podfeed.lock last."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from podfeed.building import loaded, open_in, published_lock, release_of, wanted_shows, watched, write_lock
from podfeed.checking import context
from podfeed.composing import NEVER, Composer, remembering, shared_files
from podfeed.elsewhere import side_by_side
from podfeed.errors import ContentError, PodfeedError, PublicError, TargetError, UsageError, gravest
from podfeed.loading import Project, load
from podfeed.model import Target
from podfeed.publish.loop import Done, Loop, Ways
from podfeed.publish.made import Made
from podfeed.publish.notify import News, Notifier, Told, news_of
from podfeed.publish.opening import open_store
from podfeed.publish.probe import prepared
from podfeed.publish.record import Record
from podfeed.publish.seen import Seen
from podfeed.publish.shared import SharedFiles, put_shared
from podfeed.publish.store import Store
from podfeed.publish.verify import check_feed
from podfeed.publish.wanted import Intent
from podfeed.read.folder import find_project
from podfeed.render.output import render
from podfeed.render.site import places
from podfeed.render.site.top import assets
from podfeed.standstill import Notes, moved_since, remember, shared_state
from podfeed.words import say, say_many

if TYPE_CHECKING:
    from podfeed.read.web import Web

T = TypeVar("T")
R = TypeVar("R")

#: How long a run may take, unless somebody says otherwise.
DEADLINE = timedelta(minutes=30)
#: A clock further from the store's than this releases nothing new.
MOST_SKEW = timedelta(seconds=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOutcome:
    """What became of one show."""

    show: str
    #: What is public now; None when the show could not be published, or nothing of it has moved.
    done: Done | None = None
    #: Why it could not, or why what the public gets of it is wrong.
    error: PodfeedError | None = None
    #: What is worth knowing of it: that a cache still gives the feed before.
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a run did."""

    target: Target
    shows: tuple[ShowOutcome, ...]
    #: The sizes of what was put for all shows together, by key.
    shared: Mapping[str, int] = field(default_factory=dict)
    #: What kept back what belongs to all shows.
    error: PodfeedError | None = None
    #: What is to be said of files that are left out. It names none of them: a log may be public.
    fault: ContentError | None = None
    #: What did not keep anything from being published, and is worth knowing.
    warnings: tuple[str, ...] = ()
    #: Who was told of it, or could not be.
    told: tuple[Told, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest thing that happened."""
        return gravest([self.error, self.fault, *(each.error for each in self.shows)])

    @property
    def has_changed(self) -> bool:
        """Whether anything was put where the public reads it."""
        return bool(self.shared) or any(each.done and each.done.put for each in self.shows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run is given by the world."""

    now: datetime
    web: Callable[[], Web]
    deadline: timedelta = DEADLINE
    #: As `Ways` has them.
    expected: Callable[[int], None] = lambda count: None
    progress: Callable[[int], None] = lambda count: None
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    writer: str = field(default_factory=lambda: os.environ.get("PODFEED_WRITER", ""))


def published(
    folder: str | Path, *, target: str = "", shows: Sequence[str] = (), intent: Intent | None = None, run: Run
) -> Publication:
    """Bring *shows*, or all, to *target*, which may be left out where there is one.

    Raises UsageError for a target or a show that is not there; what keeps a single show back is in its outcome.
    """
    root, intent = find_project(Path(folder)), intent or Intent()
    arguments, shared, began_ns = ("publish", target, *shows), shared_state(root), time.time_ns()
    moved = moved_since(root, None, arguments, run.now) if intent == Intent() else None
    project = loaded(root, shows, moved, run.web)
    wanted, place = wanted_shows(project, shows), chosen(project, target)
    publisher = Publisher(project, place, intent, run)
    if not publisher.finds_as_left(show for show in wanted if show not in project.shows):
        publisher = Publisher(load(root, web=run.web), place, intent, run)
    publication = publisher.publish(wanted, is_whole=not shows)
    if publication.exit_code == 0:
        publisher.remember(publication, arguments, shared, began_ns)
    return publication


def publish(
    project: Project, target: str = "", *, shows: Sequence[str] = (), intent: Intent | None = None, run: Run
) -> Publication:
    """The same for a *project* that is loaded."""
    wanted = wanted_shows(project, shows)
    publisher = Publisher(project, chosen(project, target), intent or Intent(), run)
    return publisher.publish(wanted, is_whole=not shows)


def chosen(project: Project, name: str) -> Target:
    """The target called *name*; the only one there is, without a name."""
    targets = project.config.targets
    if not targets:
        raise UsageError(say("config.yaml names no target: add “targets:” with a bucket or a folder below it"))
    if not name and len(targets) == 1:
        return next(iter(targets.values()))
    known = ", ".join(targets)
    if not name:
        raise UsageError(say("name one of the targets in config.yaml with --target: {known}", known=known))
    if name not in targets:
        raise UsageError(say("there is no target “{name}” in config.yaml; there are: {known}", name=name, known=known))
    return targets[name]


class Publisher:
    """One run over one target."""

    def __init__(self, project: Project, target: Target, intent: Intent, run: Run) -> None:
        self.project, self.target, self.intent, self.run = project, target, intent, run
        self._began = time.monotonic()
        #: What `shared_state` said of podfeed.lock once it was written; empty as long as it was not.
        self._lock_state = ""
        #: The sizes of what was put of what all pages use, by key; None as long as nobody has looked for it.
        self._assets: dict[str, int] | None = None
        self.store: Store = open_store(
            target, config=project.config, folder=project.folder, web=run.web, seconds_left=self._seconds_left
        )
        made = Made.open(project.folder)
        self.composer = Composer(project=project, intent=intent, now=self._due, web=run.web, made=made)

    def _passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    def _seconds_left(self) -> float:
        return (self.run.deadline - self._passed()).total_seconds()

    def publish(self, shows: Sequence[str], *, is_whole: bool) -> Publication:
        """Bring *shows* about, and what all shows share if these are all there are; then tell who wants to hear."""
        notifier = Notifier(
            self.target,
            site=self.project.config.site,
            folder=self.project.folder,
            web=self.run.web,
            environment=os.environ,
        )
        told = notifier.start()
        try:
            publication = self._publish(shows, is_whole=is_whole)
        except PodfeedError:
            notifier.finish(News(), has_failed=True)
            raise
        done = [each.done for each in publication.shows if each.done]
        news = news_of(done, publication.shared, self.project.config, self.store.public_url)
        told += notifier.finish(news, has_failed=publication.exit_code != 0)
        return replace(publication, told=told)

    def _publish(self, shows: Sequence[str], *, is_whole: bool) -> Publication:
        outcomes = [self._show(show) if show in self.project.shows else ShowOutcome(show=show) for show in shows]
        done = [each.done for each in outcomes if each.done]
        held = tuple(self._held(each) for each in outcomes)
        publication = Publication(
            target=self.target,
            shows=held,
            shared=self._assets or {},
            fault=self._fault(),
            warnings=tuple(self._withdrawn_elsewhere(done)),
        )
        try:
            self._write_lock(done)
            if not is_whole or not done or any(each.error for each in outcomes):
                return publication
            return replace(publication, shared={**publication.shared, **self._shared(done)})
        except PodfeedError as error:
            return replace(publication, error=error)

    def _fault(self) -> ContentError | None:
        count = sum(each.kind == "faulty" for each in self.project.files.values())
        if not count:
            return None
        return ContentError(
            say_many(
                "{count} file is left out, for nobody can tell what it is: “podfeed check” says which, and why",
                "{count} files are left out, for nobody can tell what they are: “podfeed check” says which, and why",
                count=count,
            )
        )

    def _withdrawn_elsewhere(self, done: Iterable[Done]) -> Iterator[str]:
        """What to say of the episodes that are withdrawn, and that podfeed.lock here knew nothing of."""
        for each in done:
            known = {entry.guid.text for entry in self.project.lock.of_show(each.show) if entry.is_withdrawn}
            for item in each.record.withdrawn:
                if item.guid.text not in known | self.intent.withdraws:
                    yield say(
                        "“{title}” of “{show}” was withdrawn on another machine, and stays out; commit podfeed.lock",
                        title=item.title,
                        show=each.show,
                    )

    def loop(self, show: str) -> Loop:
        """The way of *show*."""
        settings, known = self.project.config.shows[show], self.project.lock.shows.get(show)
        return Loop(
            show=show,
            feed_key=settings.feed,
            guid=settings.guid or (known.guid if known else ""),
            store=self.store,
            compose=partial(self.composer.wanted, show),
            intent=self.intent,
            ways=self.ways(),
        )

    def ways(self) -> Ways:
        """How a loop reaches the world in this run."""
        return Ways(
            sleep=self.run.sleep,
            chance=self.run.chance,
            seconds_left=self._seconds_left,
            each=_each,
            expected=self.run.expected,
            progress=self.run.progress,
            writer=self.run.writer,
            before_pages=self._bring_assets,
            prepare=partial(prepared, self.store, self.target, self.project.folder),
            now=self.run.now,
        )

    def _show(self, show: str) -> ShowOutcome:
        try:
            done = self.loop(show).run()
        except PodfeedError as error:
            return ShowOutcome(show=show, error=error)
        outcome = ShowOutcome(show=show, done=done)
        if not done.has_committed:
            return outcome
        try:
            return replace(outcome, notice=check_feed(self.store, self.project.config.shows[show].feed, done.record))
        except PublicError as error:
            return replace(outcome, error=error)

    # --------------------------------------------------------------------------------- when nothing moves

    def finds_as_left(self, shows: Iterable[str]) -> bool:
        """Whether all feeds of *shows*, of which nothing has moved here, are still those that were last seen there."""
        seen = Seen.open(self.project.folder, self.target).feeds
        feeds = [seen.get(show, {}) for show in shows]
        versions = {key: version for each in feeds for key, version in each.items()}
        try:
            there = _each(self.store.head, versions)
        except PodfeedError:
            return False  # and the long way tells why
        return all(feeds) and all(each is not None and each.version == versions[each.key] for each in there)

    def remember(
        self, publication: Publication, arguments: Sequence[str], shared: tuple[str, str], began_ns: int
    ) -> None:
        """Remember a run that ended well, so that the next one need not look at what has not moved since.

        *shared* is what `shared_state` said before anything was read, at *began_ns*.
        """
        done = [each.done for each in publication.shows if each.done]
        if not done and not self.project.files:
            return  # nothing moved, and nothing was looked at
        seen = Seen.open(self.project.folder, self.target)
        replace(seen, feeds={**seen.feeds, **{each.show: each.versions for each in done}}).save()
        self.composer.made.save()
        faulty = (each.episode.show for each in self.project.files.values() if each.kind == "faulty")
        # By the clock of the store, what is due by this one may still wait.
        sure = self.run.now - MOST_SKEW
        notes = Notes(
            built={show: watched(self.project, show, sure) for show in [*(each.show for each in done), ""]},
            gone=faulty,
            shared=(shared[0], self._lock_state or shared[1]),
        )
        remember(self.project.folder, None, arguments, notes, now=self.run.now, began_ns=began_ns)

    # ------------------------------------------------------------------------------------------ the clock

    def _due(self) -> datetime:
        """Until when episodes are due: by the earlier of two clocks, and none anew where these disagree."""
        return NEVER if self.skewed_to() else min(self.run.now, self.store.now() or self.run.now)

    def skewed_to(self) -> datetime | None:
        """What the clock of the store says, if that is not what it should say."""
        there = self.store.now()
        return there if there and abs(there - self.run.now - self._passed()) > MOST_SKEW else None

    def _held(self, outcome: ShowOutcome) -> ShowOutcome:
        """*outcome* with what kept episodes back, where nothing worse happened."""
        if outcome.error:
            return outcome
        if there := self.skewed_to():
            message = say(
                "the clock here says {here} and that of the store {there}: nothing new was released; set the clock",
                here=self.run.now.astimezone(UTC).isoformat(timespec="seconds"),
                there=there.astimezone(UTC).isoformat(timespec="seconds"),
            )
            return replace(outcome, error=TargetError(message))
        for path, why in self.composer.held.items():
            if self.project.files[path].episode.show == outcome.show:
                return replace(outcome, error=type(why)(say("{path} waits: {reason}", path=path, reason=why)))
        return outcome

    # ---------------------------------------------------------------------------------- beside the shows

    def _bring_assets(self) -> None:
        """Put what all pages use, once a run: before the first page of any show, whatever becomes of the others."""
        if self._assets is None:
            files = shared_files([*assets(release_of(self.project))], {})
            self._assets = put_shared(self.store, files, self.intent, self.ways())

    def _shared(self, done: Sequence[Done]) -> Mapping[str, int]:
        """Put what belongs to no single show."""
        shared = self.files_of_all({each.show: each.record for each in done})
        return put_shared(self.store, shared, self.intent, self.ways())

    def files_of_all(self, records: Mapping[str, Record]) -> SharedFiles:
        """Home page, list of shows, their common feed and the like, where *records* are what is public."""
        project = self._as_published(records)
        here = {path: file for path, file in project.files.items() if path not in self.composer.held}
        # What became due meanwhile is in no feed yet.
        seen, release = context(replace(project, files=here), NEVER), release_of(project)
        shows = tuple(project.config.shows)
        files = render(seen, release, shows, partial(open_in, project), home=shows, with_network=True)
        generations = {show: record.generation for show, record in records.items()}
        done = places.ASSETS if self._assets is not None else ()
        return shared_files([file for path, file in files.items() if not file.shows and path not in done], generations)

    def _as_published(self, records: Mapping[str, Record]) -> Project:
        """The project with all that is public now, by *records*, in its lock."""
        project = self.project
        for show, record in records.items():
            project = remembering(project, show, record, Intent())
        return project

    def _write_lock(self, done: Sequence[Done]) -> None:
        if done:
            project = self._as_published({each.show: each.record for each in done})
            lock = published_lock(project, now=NEVER, shows=[each.show for each in done if not each.wanted.restores])
            if write_lock(self.project, lock):
                self._lock_state = shared_state(self.project.folder)[1]


def _each(function: Callable[[T], R], pieces: Iterable[T]) -> list[R]:
    """What *function* makes of each of *pieces*, in their order, several at a time."""
    numbered = list(enumerate(pieces))
    found = {number: result for (number, _), result in side_by_side(lambda each: function(each[1]), numbered)}
    return [found[number] for number, _ in numbered]
