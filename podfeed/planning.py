"""A project and a target → what a publish would do, by doing all of it in a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from podfeed.building import wanted_shows
from podfeed.composing import IDENTITY_RULES
from podfeed.errors import ContentError, PodfeedError
from podfeed.loading import Project
from podfeed.model import Target
from podfeed.publish.live import Live
from podfeed.publish.loop import Loop, Ways
from podfeed.publish.plan import Plan, ShowPlan, plan_shared, plan_show
from podfeed.publish.record import Record
from podfeed.publish.rehearsal import Rehearsal
from podfeed.publish.shared import put_shared
from podfeed.publish.wanted import Intent, Wanted
from podfeed.publishing import Publisher, Run, chosen


def planned(
    project: Project,
    target: str = "",
    *,
    shows: Sequence[str] = (),
    intent: Intent | None = None,
    run: Run,
    is_pretended: bool = False,
) -> Plan:
    """What a publish of *shows*, or all, to *target* would do. Nothing is put there, and nothing is written here.

    *is_pretended* says that the run's moment is not now, and no clock is to be held against it.
    Raises UsageError for a target or a show that is not there; what a publish would refuse is in the plan.
    """
    wanted = wanted_shows(project, shows)
    planner = _Planner(project, chosen(project, target), intent or Intent(), run, is_pretended=is_pretended)
    return planner.plan(wanted, is_whole=not shows)


class _Planner(Publisher):
    """A publisher that rehearses."""

    store: Rehearsal

    def __init__(self, project: Project, target: Target, intent: Intent, run: Run, *, is_pretended: bool) -> None:
        super().__init__(project, target, intent, run)
        self._is_pretended = is_pretended
        self.store = Rehearsal(self.store)
        self._records: dict[str, Record] = {}
        self._wanted: dict[str, Wanted] = {}

    def ways(self) -> Ways:
        """As a publisher's, but for that nothing is tried out, and nobody waits."""
        return replace(super().ways(), prepare=lambda: None, before_pages=lambda: None, sleep=lambda seconds: None)

    def plan(self, shows: Sequence[str], *, is_whole: bool) -> Plan:
        """What a publish of *shows* would do, and for all shows together if these are all there are."""
        plans = tuple(self._plan(show) for show in shows)
        plan = Plan(target=self.target.name, shows=plans)
        if not is_whole or len(self._records) < len(plans):
            return plan
        before, asked = len(self.store.puts), self.store.requests
        files = self.files_of_all(self._records)
        try:
            put_shared(self.store, files, self.intent, self.ways())
        except PodfeedError as error:
            return replace(plan, refusal=error)
        shared = tuple(plan_shared(self.store.puts[before:], files))
        return replace(plan, shared=shared, shared_requests=self.store.requests - asked)

    def loop(self, show: str) -> Loop:
        """As a publisher's, but for that it is remembered what it composes."""
        loop = super().loop(show)

        def compose(known: Record | None, taken: Mapping[str, str]) -> Wanted:
            self._wanted[show] = wanted = self.composer.wanted(show, known, taken)
            return wanted

        return replace(loop, compose=compose)

    def _plan(self, show: str) -> ShowPlan:
        """What a publish would do for *show*; and if it would refuse, what listeners would notice if it did not."""
        try:
            live = self.loop(show).read()
        except PodfeedError as error:
            return ShowPlan(show=show, refusal=error)
        before, asked = len(self.store.puts), self.store.requests
        outcome = self._held(self._show(show))
        requests = self.store.requests - asked
        if outcome.done:
            self._records[show] = outcome.done.record
            plan = plan_show(live, outcome.done.wanted, self.store.puts[before:], requests=requests)
        else:
            wanted = self._wanted.get(show) or self._composed_all_the_same(show, live, outcome.error)
            plan = plan_show(live, wanted) if wanted else ShowPlan(show=show)
        return replace(plan, refusal=outcome.error)

    def _composed_all_the_same(self, show: str, live: Live, error: PodfeedError | None) -> Wanted | None:
        """What would be public of *show* but for *error*, where that is about nothing but who an episode is."""
        if not isinstance(error, ContentError) or not {each.rule for each in error.told} <= IDENTITY_RULES:
            return None
        try:
            return replace(self.composer, overlooked=IDENTITY_RULES).wanted(show, live.record, {})
        except PodfeedError:
            return None

    def _due(self) -> datetime:
        return self.run.now if self._is_pretended else super()._due()

    def skewed_to(self) -> datetime | None:
        """As a publisher's, unless the run's moment is not now."""
        return None if self._is_pretended else super().skewed_to()
