"""For scripts: JSON whose keys are a promise. Source: docs/reference/json.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from podfeed.check.registry import Rule
from podfeed.diagnostics import Diagnostic
from podfeed.report.counts import by_rule, by_severity, refusing

#: Version of the JSON. Source: docs/reference/json.md.
JSON_VERSION = 1


def check_json(
    diagnostics: Sequence[Diagnostic], files: Sequence[Mapping[str, Any]], *, with_statistics: bool = False
) -> str:
    """What `podfeed check --format json` prints."""
    return _report(diagnostics, "files", files, refusing(diagnostics, files), with_statistics)


def lint_json(
    diagnostics: Sequence[Diagnostic], feeds: Sequence[Mapping[str, Any]], *, with_statistics: bool = False
) -> str:
    """What `podfeed lint --format json` prints."""
    return _report(diagnostics, "feeds", feeds, refusing(diagnostics), with_statistics)


def _report(
    diagnostics: Sequence[Diagnostic],
    kind: str,
    looked_at: Sequence[Mapping[str, Any]],
    refused_by: Sequence[str],
    with_statistics: bool,
) -> str:
    counts = by_severity(diagnostics)
    statistics = [
        {"rule": rule, "severity": severity, "count": count} for count, severity, rule in by_rule(diagnostics)
    ]
    return as_json(
        {
            "version": JSON_VERSION,
            "diagnostics": [diagnostic_values(each) for each in diagnostics],
            kind: list(looked_at),
            **({"statistics": statistics} if with_statistics else {}),
            "summary": {
                "errors": counts["error"],
                "warnings": counts["warning"],
                "infos": counts["info"],
                kind: len(looked_at),
                "refused_by": list(refused_by),
            },
        }
    )


def diagnostic_values(diagnostic: Diagnostic) -> dict[str, Any]:
    """A fault for scripts."""
    place = diagnostic.position
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "path": diagnostic.path,
        "line": place.line,
        "column": place.column,
        "end_column": place.column + place.width,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "source": diagnostic.source,
        "refused_by": list(diagnostic.refused_by),
    }


def rules_json(rules: Iterable[Rule]) -> str:
    """What `podfeed rules --format json` prints."""
    return as_json({"version": JSON_VERSION, "rules": [_rule_values(each) for each in rules]})


def _rule_values(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "severity": rule.severity,
        "stage": rule.stage,
        "subjects": list(rule.subjects),
        "source": rule.source,
        "codes": list(rule.codes),
        "refused_by": list(rule.refused_by),
        "can_be_quieted": rule.can_be_quieted,
        "summary": rule.summary,
        "page": rule.page,
    }


def as_json(value: object) -> str:
    """JSON that a person can read too."""
    return json.dumps(value, ensure_ascii=False, indent=2)
