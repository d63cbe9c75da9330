"""Which faults somebody chose to live with, which of these choices hold, and which nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from podfeed.check.registry import Context, Rule, rules
from podfeed.diagnostics import Finding
from podfeed.loading import Project
from podfeed.model import Waiver
from podfeed.read.dates import zone
from podfeed.read.fields import suggestion
from podfeed.read.folder import CONFIG
from podfeed.report import refused
from podfeed.words import say


@dataclass(slots=True)
class Waivers:
    """The waivers of a project. What each of them quiets is noted, so that the idle ones can be told."""

    project: Project
    context: Context
    #: Those that were needed, by file and rule.
    _needed: set[tuple[str, str]] = field(default_factory=set)

    def quiet(self, rule: Rule, path: str) -> bool:
        """Whether a fault of *rule* in the file *path* stays untold, for its author or the project lives with it."""
        holding = [where for where in (path, CONFIG) if self._holds(rule, where)]
        self._needed.update((where, rule.name) for where in holding)
        return bool(holding)

    def _holds(self, rule: Rule, where: str) -> bool:
        waiver = self._of(where).get(rule.name)
        return waiver is not None and _obstacle(rule, where) is None and not self._has_ended(waiver, where)

    def _of(self, where: str) -> Mapping[str, Waiver]:
        if where == CONFIG:
            return self.context.config.ignore
        return self.project.files[where].episode.ignore if where in self.project.files else {}

    def _has_ended(self, waiver: Waiver, where: str) -> bool:
        """Whether the last day of *waiver* is over where its show lives."""
        if waiver.until is None:
            return False
        config = self.context.config
        show = config.shows.get(self.project.files[where].episode.show) if where in self.project.files else None
        local = zone((show.timezone if show else config.timezone) or "UTC")
        return self.context.now.astimezone(local or UTC).date() > waiver.until

    def findings(self, wanted: frozenset[str]) -> Iterator[tuple[str, Finding]]:
        """What is wrong with the waivers themselves, by file: asked when all else about *wanted*, or all, is told."""
        files = (path for path, decoded in self.project.files.items() if decoded.kind in ("episode", "article"))
        for where in (CONFIG, *files):
            for name, waiver in self._of(where).items():
                if finding := self._fault(name, waiver, where, wanted):
                    yield where, finding

    def _fault(self, name: str, waiver: Waiver, where: str, wanted: frozenset[str]) -> Finding | None:
        rule = rules().get(name)
        if rule is None:
            return _unknown(name, where)
        if obstacle := _obstacle(rule, where):
            return obstacle
        if self._has_ended(waiver, where):
            message = say("“{rule}” was to be quiet until {day}, which is over", rule=name, day=waiver.until)
            return _finding("waiver-expired", name, where, message, say("mend what it tells, or write a later day"))
        if (where, name) not in self._needed and self._was_asked(rule, where, wanted):
            message = say("“{rule}” has nothing to tell here: there is nothing to be quiet about", rule=name)
            return _finding("waiver-unused", name, where, message, say("delete it"))
        return None

    def _was_asked(self, rule: Rule, where: str, wanted: frozenset[str]) -> bool:
        """Whether *rule* could have told everything that the waiver in *where* might quiet."""
        if where == CONFIG:
            is_looked_at = not wanted and len(self.project.shows) == len(self.context.config.shows)
        else:
            is_looked_at = not wanted or where in wanted
        # A medium that is known from podfeed.lock alone does not tell everything.
        is_measured = rule.stage != "P" or all(each.origin == "measured" for each in self.context.facts.values())
        return is_looked_at and is_measured and rule.stage in ("S", "P", "X")


def _unknown(name: str, where: str) -> Finding:
    guess = suggestion(name, rules(), within=4)
    hint = say("write “{guess}” if that is meant", guess=guess) if guess else say("“podfeed rules” lists them all")
    return _finding("waiver-rule-unknown", name, where, say("there is no rule “{rule}”", rule=name), hint)


def _obstacle(rule: Rule, where: str) -> Finding | None:
    """Why nobody may live with a fault of *rule*, or only the project as a whole."""
    if not rule.can_be_quieted:
        message = say("“{rule}” cannot be quieted", rule=rule.name)
        hint = say("mend what it tells, and delete this line")
    elif rule.refused_by and where != CONFIG:
        refusal = refused(rule.refused_by)
        message = say("“{rule}” cannot be quieted in an episode: {refusal}", rule=rule.name, refusal=refusal)
        hint = say("if you do without them, say so below “checks.ignore” in config.yaml")
    else:
        return None
    return _finding("waiver-not-possible", rule.name, where, message, hint)


def _finding(told: str, name: str, where: str, message: str, hint: str) -> Finding:
    return Finding(f"checks.ignore.{name}" if where == CONFIG else f"ignore.{name}", message, hint, rule=told)
