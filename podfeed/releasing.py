"""What goes out when, and the lines by which cron publishes it shortly after."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from podfeed.checking import context, kind_of
from podfeed.loading import Project
from podfeed.read.dates import zone

#: How long after an episode is due cron publishes it: by then it is due by the clock of the store too.
_AFTER = timedelta(minutes=2)
#: At more times of the day than these, a publish each quarter of an hour is simpler.
_MOST_TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """An episode that goes out later."""

    show: str
    title: str
    path: str
    #: In the time zone of its show.
    date: datetime


def upcoming(project: Project, now: datetime) -> tuple[Upcoming, ...]:
    """Every episode that goes out after *now* by itself, the next first."""
    seen = context(project, now)
    found = [
        Upcoming(show=each.show, title=each.title, path=path, date=in_zone(each.date, project, each.show))
        for path, decoded in project.files.items()
        if kind_of(decoded, seen) == "scheduled" and (each := decoded.episode).date
    ]
    return tuple(sorted(found, key=lambda each: (each.date, each.path)))


def in_zone(date: datetime, project: Project, show: str) -> datetime:
    """*date* in the time zone of *show*."""
    settings = project.config.shows.get(show)
    place = zone((settings.timezone if settings else "") or project.config.timezone or "-")
    return date.astimezone(place) if place else date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """What to write into crontab."""

    #: The name of the zone that the clock of the machine is in.
    timezone: str
    lines: tuple[str, ...]


def cron(project: Project, releases: Iterable[Upcoming]) -> Cron:
    """The lines that publish each of *releases* shortly after it is due; at many times of the day, one for all."""
    name = project.config.timezone or next((show.timezone for show in project.config.shows.values()), "")
    place = zone(name or "-")
    command = _command(project.folder)
    times = [*_times(releases, place or UTC)]
    lines = [f"{time} {command}" for time in times] if len(times) <= _MOST_TIMES else [f"*/15 * * * * {command}"]
    return Cron(timezone=name if place else "UTC", lines=tuple(lines))


def _times(releases: Iterable[Upcoming], place: tzinfo) -> Iterator[str]:
    """“2 6 * * 1,4”: for each time of the day the days of the week, from Sunday, which is 0."""
    days: dict[tuple[int, int], set[int]] = {}
    for each in releases:
        # Due, and then later by the clock on the wall: the zone may change its offset in between.
        due = each.date.astimezone(UTC) + _AFTER
        local = due.astimezone(place)
        days.setdefault((local.hour, local.minute), set()).add(local.isoweekday() % 7)
    for (hour, minute), weekdays in sorted(days.items()):
        yield f"{minute} {hour} * * {','.join(map(str, sorted(weekdays)))}"


def _command(folder: Path) -> str:
    """The command in *folder* as crontab takes it, where a percent sign ends the line."""
    return f"podfeed publish -C {shlex.quote(str(folder.resolve()))}".replace("%", r"\%")
