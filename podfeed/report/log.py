"""What a publish did, for logs: one JSON object a line. Source: docs/reference/json.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from podfeed.errors import ContentError, PodfeedError, RefusedError
from podfeed.report.publication import episode_counts
from podfeed.report.scripts import JSON_VERSION, diagnostic_values

if TYPE_CHECKING:
    from podfeed.publish.loop import Done
    from podfeed.publishing import Publication, ShowOutcome


def log_start(now: datetime) -> str:
    """The line a run begins with."""
    return _line("started", version=JSON_VERSION, time=_time(now))


def log_end(now: datetime, exit_code: int) -> str:
    """The line it ends with."""
    return _line("finished", time=_time(now), exit_code=exit_code)


def log_error(error: PodfeedError, show: str | None = None) -> str:
    """The line about what kept *show* back, or everything."""
    return _line(
        "refused" if isinstance(error, RefusedError) else "failed",
        show=show,
        exit_code=error.exit_code,
        message=str(error),
        diagnostics=[diagnostic_values(each) for each in error.told] if isinstance(error, ContentError) else [],
    )


def log_publication(publication: Publication) -> Iterator[str]:
    """The lines about each show, about what all shows share, and about who was told."""
    for outcome in publication.shows:
        yield from _of_show(outcome)
    yield from (log_error(each) for each in (publication.error, publication.fault) if each)
    if publication.shared:
        yield _line("shared", target=publication.target.name, **_amount(publication.shared))
    for words in publication.warnings:
        yield _line("warning", message=words)
    for each in publication.told:
        yield _line("notified", what=each.what, to=each.to, trouble=each.trouble, is_kept=each.is_kept)


def _of_show(outcome: ShowOutcome) -> Iterator[str]:
    done = outcome.done
    if done and done.has_committed:
        yield _committed(done)
    elif done or not outcome.error:
        yield _line("unchanged", show=outcome.show, **_amount(done.put if done else {}))
    if outcome.notice:
        yield _line("warning", message=outcome.notice)
    if outcome.error:
        yield log_error(outcome.error, outcome.show)


def _committed(done: Done) -> str:
    new, changed, withdrawn = episode_counts(done)
    return _line(
        "committed",
        show=done.show,
        generation=done.record.generation,
        time=_time(done.record.committed),
        new=new,
        changed=changed,
        withdrawn=withdrawn,
        **_amount(done.put),
    )


def _amount(put: Mapping[str, int]) -> dict[str, int]:
    return {"files": len(put), "bytes": sum(put.values())}


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _line(event: str, **values: Any) -> str:
    return json.dumps({"event": event, **values}, ensure_ascii=False)
