"""Figures of a report: how many faults, of which rules, and who would refuse what has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from podfeed.diagnostics import PLATFORMS, Diagnostic, Platform, Severity

#: Kinds of files of which no feed has anything now.
_LEFT_OUT = ("article", "draft", "scheduled", "skipped")


def by_severity(diagnostics: Iterable[Diagnostic]) -> Counter[Severity]:
    """How many there are of each severity."""
    return Counter(each.severity for each in diagnostics)


def by_rule(diagnostics: Iterable[Diagnostic]) -> list[tuple[int, Severity, str]]:
    """How often each rule was broken, with its severity and name; the most frequent first."""
    counts = Counter((each.rule, each.severity) for each in diagnostics)
    rows = [(count, severity, rule) for (rule, severity), count in counts.items()]
    return sorted(rows, key=lambda row: (-row[0], row[2]))


def refusing(diagnostics: Iterable[Diagnostic], files: Iterable[Mapping[str, Any]] = ()) -> tuple[Platform, ...]:
    """Who refuses what is public now. (What is wrong with a draft can still be put right.)"""
    left_out = {each["path"] for each in files if each["kind"] in _LEFT_OUT}
    refused_by = {platform for each in diagnostics if each.path not in left_out for platform in each.refused_by}
    return tuple(each for each in PLATFORMS if each in refused_by)
