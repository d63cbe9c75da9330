"""What is public of each show against what is here: by two requests a show, and composing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from podfeed.building import wanted_shows
from podfeed.check.registry import Context
from podfeed.checking import context
from podfeed.composing import remembering, source_of
from podfeed.errors import PodfeedError, gravest
from podfeed.loading import Project
from podfeed.model import Episode
from podfeed.publish.record import RecordedItem
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publisher, Run, chosen
from podfeed.releasing import Upcoming, upcoming


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStatus:
    """One show, online and here."""

    show: str
    title: str
    #: Where its feed is for the public; empty where nobody says.
    url: str = ""
    #: Of what is online; 0 when nothing is.
    generation: int = 0
    #: When that was published, and by whom if that was said.
    committed: datetime | None = None
    writer: str = ""
    #: How many episodes are online, and how many would be by what is here.
    online: int = 0
    here: int = 0
    #: Titles of what is here and not online, of what was edited since, and of what is online and not here.
    new: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    #: What goes out later, the next first.
    scheduled: tuple[Upcoming, ...] = ()
    #: Why it cannot be told what is online.
    error: PodfeedError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The shows of a project at a target."""

    target: str
    shows: tuple[ShowStatus, ...]

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest trouble."""
        return gravest(each.error for each in self.shows)


def status(project: Project, target: str = "", *, shows: Sequence[str] = (), run: Run) -> Status:
    """How *shows*, or all, stand at *target*. Nothing is put there, and nothing is written here.

    Raises UsageError for a target or a show that is not there; what is wrong with a single show is in its status.
    """
    wanted, place = wanted_shows(project, shows), chosen(project, target)
    publisher = Publisher(project, place, Intent(), run)
    compared = tuple(_compared(publisher, show) for show in wanted)
    return Status(target=place.name, shows=compared)


def _compared(publisher: Publisher, show: str) -> ShowStatus:
    project, now = publisher.project, publisher.run.now
    title, url = project.config.shows[show].title, publisher.store.public_url(project.config.shows[show].feed)
    scheduled = tuple(each for each in upcoming(project, now) if each.show == show)
    try:
        record = publisher.loop(show).read().record
    except PodfeedError as error:
        return ShowStatus(show=show, title=title, url=url, scheduled=scheduled, error=error)
    seen = context(remembering(project, show, record, Intent()), now)
    here = {seen.identity(each).guid.text: each for each in seen.public(show) if each.audio}
    online = record.by_guid if record else {}
    edited = [each for guid, each in here.items() if guid in online and _is_edited(each, online[guid], seen)]
    return ShowStatus(
        show=show,
        title=title,
        url=url,
        generation=record.generation if record else 0,
        committed=record.committed if record else None,
        writer=record.writer if record else "",
        online=len(online),
        here=len(here),
        new=tuple(each.title for guid, each in here.items() if guid not in online),
        edited=tuple(each.title for each in edited),
        missing=tuple(each.title for guid, each in online.items() if guid not in here),
        scheduled=scheduled,
    )


def _is_edited(episode: Episode, known: RecordedItem, seen: Context) -> bool:
    """Whether the file of *episode*, or its audio, is another than *known* was made of."""
    audio = seen.audio(episode)
    return source_of(episode) != known.source or (audio is not None and audio.sha256 != known.sha256)
