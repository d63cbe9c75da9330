"""A project → its preview, on this computer alone, for as long as somebody looks."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from podfeed.errors import UsageError
from podfeed.loading import Project, load_settings
from podfeed.preview.server import News, Server
from podfeed.preview.stage import OVERVIEW, Stage
from podfeed.preview.watching import changes, is_told_at_once
from podfeed.read.folder import find_project
from podfeed.words import say

if TYPE_CHECKING:
    from podfeed.preview.panel import Planner
    from podfeed.publish.plan import Plan
    from podfeed.read.web import Web

#: Unless somebody names a port, the first of these that is free.
PORTS = range(8000, 8020)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A preview that runs."""

    #: The address of the overview, and of the site.
    url: str
    site: str
    folder: Path
    #: Whether changes are told at once, and not looked for.
    is_told_at_once: bool


@contextmanager
def previewed(
    folder: str | Path,
    *,
    port: int | None = None,
    target: str = "",
    clock: Callable[[], datetime],
    web: Callable[[], Web],
) -> Iterator[Preview]:
    """Serve the project in *folder*, and follow its changes, until the end.

    With *target*, panels tell what listeners there would notice. Nothing is written but the cache.
    Raises UsageError for a project, a target or a *port* that is not there to be had.
    """
    root, news, stop = find_project(Path(folder)), News(), Event()
    planner = _planner(root, target, web) if target else None
    server = _server(port, news)
    stage = Stage(root, server.url, clock=clock, planner=planner, news=news)
    server.answer = stage.answer
    found = changes(root, stop)

    def follow() -> None:
        for _ in found:
            stage.refresh()

    next(found)
    stage.refresh()
    threads = [Thread(target=server.serve_forever, args=(0.1,), daemon=True), Thread(target=follow, daemon=True)]
    for each in threads:
        each.start()
    try:
        url = f"{server.url}{OVERVIEW}"
        yield Preview(url=url, site=server.url, folder=root, is_told_at_once=is_told_at_once())
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        for each in threads:
            each.join()


def _planner(root: Path, target: str, web: Callable[[], Web]) -> Planner:
    """Asks *target* what a publish there would do."""
    from podfeed.planning import planned
    from podfeed.publishing import Run, chosen

    chosen(load_settings(root), target)

    def plan(project: Project, moment: datetime) -> Plan:
        return planned(project, target, run=Run(now=moment, web=web), is_pretended=True)

    return plan


def _server(port: int | None, news: News) -> Server:
    """A server at *port*, or at the first of `PORTS` that is free."""
    for each in PORTS if port is None else [port]:
        try:
            return Server(each, news)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    if port is None:
        raise UsageError(
            say("no port from {first} to {last} is free; name one with --port", first=PORTS[0], last=PORTS[-1])
        )
    raise UsageError(say("port {port} is not free; name another with --port", port=port))
