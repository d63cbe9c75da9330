"""How the shows stand at a target, and what goes out when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from podfeed.report.scripts import JSON_VERSION, as_json
from podfeed.report.terminal import moment, printable, table
from podfeed.words import joined, named, say, say_many

if TYPE_CHECKING:
    from podfeed.comparing import ShowStatus, Status
    from podfeed.releasing import Cron, Upcoming


def status_text(status: Status) -> str:
    """*status* for people: a few lines a show."""
    return "\n".join("".join(f"{printable(line)}\n" for line in _lines(each)) for each in status.shows)


def _lines(show: ShowStatus) -> Iterator[str]:
    yield say("{title} ({show})", title=show.title, show=show.show)
    yield say("  online: {what}", what=_online(show))
    if not show.error:
        here = say_many("{count} episode", "{count} episodes", count=show.here)
        yield say("  here: {what}", what=joined([here, *_differences(show)]))
    yield say("  next: {what}", what=_next(show.scheduled))


def _online(show: ShowStatus) -> str:
    if show.error:
        return say("{error} (exit code {code})", error=show.error, code=show.error.exit_code)
    if show.committed is None:
        return say("nothing yet")
    episodes = say_many("{count} episode", "{count} episodes", count=show.online)
    date = moment(show.committed)
    if show.writer:
        return say(
            "{episodes}; generation {number} of {date}, by {writer}",
            episodes=episodes,
            number=show.generation,
            date=date,
            writer=show.writer,
        )
    return say("{episodes}; generation {number} of {date}", episodes=episodes, number=show.generation, date=date)


def _differences(show: ShowStatus) -> Iterator[str]:
    if show.new:
        yield say("not online yet: {titles}", titles=named(show.new))
    if show.edited:
        yield say("edited since: {titles}", titles=named(show.edited))
    if show.missing:
        yield say("online and not here: {titles}", titles=named(show.missing))


def _next(scheduled: Sequence[Upcoming]) -> str:
    if not scheduled:
        return say("nothing is scheduled")
    first, more = scheduled[0], len(scheduled) - 1
    what = say("“{title}”, {date}", title=first.title, date=moment(first.date))
    return say("{what}, and {count} more later", what=what, count=more) if more else what


def status_json(status: Status) -> str:
    """What `podfeed status --format json` prints."""
    return as_json(
        {
            "version": JSON_VERSION,
            "target": status.target,
            "exit_code": status.exit_code,
            "shows": [_status_values(each) for each in status.shows],
        }
    )


def _status_values(show: ShowStatus) -> dict[str, Any]:
    return {
        "show": show.show,
        "title": show.title,
        "url": show.url or None,
        "generation": show.generation,
        "committed": show.committed.isoformat() if show.committed else None,
        "writer": show.writer or None,
        "online": show.online,
        "here": show.here,
        "new": list(show.new),
        "edited": list(show.edited),
        "missing": list(show.missing),
        "scheduled": [_upcoming_values(each) for each in show.scheduled],
        "error": {"exit_code": show.error.exit_code, "message": str(show.error)} if show.error else None,
    }


def when_text(releases: Sequence[Upcoming], cron: Cron) -> str:
    """What goes out when, and how cron does it."""
    if not releases:
        return say("nothing is scheduled") + "\n"
    head = (say("when"), say("show"), say("episode"), say("file"))
    rows = [(moment(each.date), each.show, each.title, each.path) for each in releases]
    zone = say("In crontab, on a machine whose clock is in {zone}:", zone=cron.timezone)
    return table([head, *rows]) + f"\n{zone}\n" + "".join(f"  {printable(line)}\n" for line in cron.lines)


def when_json(releases: Sequence[Upcoming], cron: Cron) -> str:
    """What `podfeed when --format json` prints."""
    return as_json(
        {
            "version": JSON_VERSION,
            "releases": [_upcoming_values(each) for each in releases],
            "cron": {"timezone": cron.timezone, "lines": list(cron.lines)},
        }
    )


def _upcoming_values(release: Upcoming) -> dict[str, Any]:
    return {"show": release.show, "title": release.title, "path": release.path, "date": release.date.isoformat()}
