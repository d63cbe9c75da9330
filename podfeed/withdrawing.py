"""An episode that should not be public any more, or should be again: withdrawn and reinstated, for good."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from podfeed.building import write_lock
from podfeed.check.registry import Context
from podfeed.checking import context
from podfeed.composing import remembering
from podfeed.errors import PodfeedError, UsageError
from podfeed.loading import Project, load
from podfeed.model import Target
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Publisher, Run, chosen
from podfeed.read import lock as locks
from podfeed.read.lock import PublishedEpisode
from podfeed.render.addresses import page_path
from podfeed.words import listed, say


def withdrawn(folder: str | Path, *, name: str, target: str, run: Run) -> tuple[str, Publication | None]:
    """Take what is published as *name*, a file or a guid, out of its feed for good.

    podfeed.lock remembers it first: whatever stops the run, the next publish from here goes on with it.
    Says in a sentence what happened, and what went to the target, if there is one.
    Raises UsageError when nothing of that name is published.
    """
    turning = _Turning.begun(folder, name, target, run)
    entries = [turning.withdrawn(each) for each in turning.found if not each.is_withdrawn]
    publication = turning.finished(entries)
    shows = turning.shows
    if not entries and not (publication and publication.has_changed):
        return say("“{name}” was withdrawn from {shows} before; nothing changed", name=name, shows=shows), publication
    if publication is None:
        sentence = say(
            "“{name}” is withdrawn from {shows}: the next build leaves it out, and it stays out", name=name, shows=shows
        )
    elif turning.is_done(publication):
        sentence = say("“{name}” is withdrawn from {shows}, and stays out; commit podfeed.lock", name=name, shows=shows)
    else:
        sentence = say("podfeed.lock has it: “{name}” leaves {shows} with the next publish", name=name, shows=shows)
    return sentence, publication


def reinstated(folder: str | Path, *, name: str, target: str, run: Run) -> tuple[str, Publication | None]:
    """Bring back what was withdrawn as *name*, a file or a guid: as the same episode, with its old guid.

    Says in a sentence what happened, and what went to the target, if there is one.
    Raises UsageError when nothing of that name was published, or no file here can be it.
    """
    turning = _Turning.begun(folder, name, target, run)
    entries = [locks.reinstated(each) for each in turning.found if each.is_withdrawn]
    turning.refuse_absent(entries)
    publication = turning.finished(entries)
    shows = turning.shows
    if not entries and not (publication and publication.has_changed):
        return say("“{name}” is not withdrawn from {shows}; nothing changed", name=name, shows=shows), publication
    if publication is None:
        sentence = say("“{name}” comes back to {shows} with the next build", name=name, shows=shows)
    elif turning.is_done(publication):
        sentence = say("“{name}” is back in {shows}; commit podfeed.lock", name=name, shows=shows)
    else:
        sentence = say(
            "podfeed.lock has it: “{name}” comes back to {shows} with the next publish", name=name, shows=shows
        )
    return sentence, publication


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turning:
    """An episode on its way out of its feed, or back."""

    name: str
    #: As it was read, and with what is public in its podfeed.lock.
    before: Project
    project: Project
    seen: Context
    #: None where config.yaml names no target.
    target: Target | None
    run: Run
    #: What podfeed.lock has of it, in each of its shows.
    found: tuple[PublishedEpisode, ...]

    @classmethod
    def begun(cls, folder: str | Path, name: str, target: str, run: Run) -> _Turning:
        """Find the episode called *name*, by podfeed.lock and by what is public."""
        before = project = load(folder, web=run.web)
        place = chosen(project, target) if target or project.config.targets else None
        trouble: PodfeedError | None = None
        if place:
            project, trouble = _as_public(project, place, run)
        seen = context(project, run.now)
        found = tuple(_published(project, seen, name))
        if not found:
            raise trouble or UsageError(
                say("nothing is published as “{name}”: give the episode's file or its guid", name=name)
            )
        return cls(name=name, before=before, project=project, seen=seen, target=place, run=run, found=found)

    @property
    def shows(self) -> str:
        """The shows it is in, in words."""
        return listed([say("“{show}”", show=entry.show) for entry in self.found])

    def withdrawn(self, entry: PublishedEpisode) -> PublishedEpisode:
        """*entry* once it is out of its feed, with the place of the page that will say so."""
        show = self.project.config.shows[entry.show]
        for path, known in self.seen.identities[entry.show].by_path.items():
            if known.published and known.guid.text == entry.guid.text:
                page = entry.page or page_path(show, self.project.files[path].episode)
                return replace(entry, is_withdrawn=True, page=page)
        return replace(entry, is_withdrawn=True)

    def refuse_absent(self, entries: Iterable[PublishedEpisode]) -> None:
        """Raise UsageError unless *entries* can be public here."""
        seen = context(self._with(entries), self.run.now)
        for entry in entries:
            if entry.guid.text not in {seen.identity(each).guid.text for each in seen.public(entry.show)}:
                message = say(
                    "no file here is “{name}” of “{show}”, or it is a draft: bring it back first",
                    name=self.name,
                    show=entry.show,
                )
                raise UsageError(message)

    def finished(self, entries: Sequence[PublishedEpisode]) -> Publication | None:
        """Write *entries* into podfeed.lock, then publish."""
        project = self._with(entries)
        write_lock(self.before, project.lock)
        if self.target is None:
            return None
        try:
            publisher = Publisher(project, self.target, Intent(), self.run)
            return publisher.publish(tuple(project.config.shows), is_whole=True)
        except PodfeedError as error:
            return Publication(target=self.target, shows=(), error=error)

    def is_done(self, publication: Publication) -> bool:
        """Whether *publication* brought about every show the episode is in."""
        return {each.show for each in publication.shows if each.done} >= {entry.show for entry in self.found}

    def _with(self, entries: Iterable[PublishedEpisode]) -> Project:
        episodes = {**self.project.lock.episodes, **{(each.show, each.guid.text): each for each in entries}}
        return replace(self.project, lock=replace(self.project.lock, episodes=episodes))


def _as_public(project: Project, target: Target, run: Run) -> tuple[Project, PodfeedError | None]:
    """*project* with what is public at *target* in its podfeed.lock, as far as that can be read; and why no further."""
    trouble: PodfeedError | None = None
    for show in project.config.shows:
        try:
            live = Publisher(project, target, Intent(), run).loop(show).read()
            project = remembering(project, show, live.record, Intent())
        except PodfeedError as error:
            trouble = error
    return project, trouble


def _published(project: Project, seen: Context, name: str) -> Iterator[PublishedEpisode]:
    """The published entries that *name* means: by guid, by path, or continued by the file of that path."""
    paths = {_normal(name), _normal(posixpath.relpath(Path(name).absolute(), project.folder.absolute()))}
    continued = {
        known.published.guid.text
        for identities in seen.identities.values()
        for path, known in identities.by_path.items()
        if path in paths and known.published
    }
    for entry in project.lock.episodes.values():
        if entry.guid.text in {name, *continued} or entry.path in paths:
            yield entry


def _normal(path: str) -> str:
    return unicodedata.normalize("NFC", posixpath.normpath(path))
