"""The front door: one function per verb.

files ─read→ Source ─decode→ Show·Episode ─measure→ Facts ─check→ Diagnostics
      Show·Episode·Facts·lock ─compose→ Feed ─render→ Files ─mirror→ folder
      Show·Episode·Facts·record ─compose→ Wanted ─loop→ store

    project = podfeed.load("my-podcast")
    diagnostics = podfeed.check(project, now=now)
    files = podfeed.build(project, now=now)
    plan = podfeed.plan(project, "live", now=now)
    podfeed.publish(project, "live", now=now)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import podfeed
from podfeed.building import build
from podfeed.checking import check
from podfeed.loading import Project, load

if TYPE_CHECKING:
    from podfeed.publish.plan import Plan
    from podfeed.publishing import Publication

__all__ = ["Project", "build", "check", "load", "plan", "publish"]


def plan(
    project: Project,
    target: str = "",
    *,
    now: datetime,
    shows: Sequence[str] = (),
    is_first: bool = False,
    reverts: bool = False,
) -> Plan:
    """What `publish` would do. Nothing is put, and nothing is written; what would be refused is in the plan."""
    from podfeed.planning import planned
    from podfeed.publish.wanted import Intent
    from podfeed.publishing import Run
    from podfeed.read.web import Web

    intent = Intent(is_first=is_first, reverts=reverts)
    return planned(project, target, shows=shows, intent=intent, run=Run(now=now, web=Web))


def publish(
    project: Project,
    target: str = "",
    *,
    now: datetime,
    shows: Sequence[str] = (),
    is_first: bool = False,
    reverts: bool = False,
) -> Publication:
    """Bring *shows*, or all, to *target*, which may be left out where config.yaml names one.

    *is_first* is for a new show, or one that podfeed did not publish so far, *reverts* for what was replaced before.
    Raises UsageError for a target or a show that is not there; what keeps a single show back is in the publication.
    """
    from podfeed.publish.wanted import Intent
    from podfeed.publishing import Run
    from podfeed.publishing import publish as published
    from podfeed.read.web import Web

    intent = Intent(is_first=is_first, reverts=reverts)
    return published(project, target, shows=shows, intent=intent, run=Run(now=now, web=Web))


# Two rooms and two verbs share a name; for callers of `podfeed.check` and `podfeed.publish` the verb wins.
podfeed.check = check
podfeed.publish = publish
