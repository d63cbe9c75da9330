"""Diagnostics and lists of files as text for people and as JSON for scripts."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from podfeed.check.registry import Rule
from podfeed.diagnostics import Diagnostic

#: Version of the JSON that `check` prints. Source: docs/reference/json.md.
JSON_VERSION = 1

_COLOURS = {"error": "31;1", "warning": "33;1", "info": "36", "quiet": "2"}


def text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Each diagnostic with its place, its line with a caret, and what to do."""
    return "".join(_one(each, colour) for each in diagnostics)


def _one(diagnostic: Diagnostic, colour: bool) -> str:
    place = diagnostic.position
    severity = _paint(diagnostic.severity, diagnostic.severity, colour)
    rule = _paint(f"[{diagnostic.rule}]", "quiet", colour)
    path, message = _printable(diagnostic.path), _printable(diagnostic.message)
    lines = [f"{path}:{place.line}:{place.column}: {severity}: {message} {rule}"]
    if diagnostic.excerpt.strip() and place.width:
        lines += _excerpt(diagnostic)
    if diagnostic.hint:
        lines.append(f"   hint: {_printable(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def _excerpt(diagnostic: Diagnostic) -> list[str]:
    """The line and a caret below the place; long lines are cut around it, wide characters are counted twice."""
    place, line = diagnostic.position, diagnostic.excerpt.replace("\t", " ")
    start, end = place.column - 1, place.column - 1 + place.width
    first = max(0, start - 60)
    shown = _printable(line[first : first + 100])
    before = _printable(line[first:start])
    under = _printable(line[start : min(end, first + 100)])
    number = f"{place.line:4} | "
    return [number + shown, " " * 5 + "| " + " " * width(before) + "^" * max(width(under), 1)]


def _printable(line: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in line)


def width(line: str) -> int:
    """Columns *line* takes on a terminal: East Asian characters take two."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line
    )


def _paint(words: str, kind: str, colour: bool) -> str:
    return f"\033[{_COLOURS[kind]}m{words}\033[0m" if colour else words


def summary(diagnostics: Iterable[Diagnostic], files: Iterable[Mapping[str, Any]]) -> str:
    """One line: how much was looked at, and what was found."""
    counts = Counter(each.severity for each in diagnostics)
    kinds = Counter(each["kind"] for each in files)
    looked = ", ".join(plural(kinds[kind], kind) for kind in _KINDS if kinds[kind]) or "no files"
    found = ", ".join(plural(counts[each], each) for each in ("error", "warning") if counts[each])
    notes = f", {plural(counts['info'], 'note')}" if counts["info"] else ""
    return f"{looked}: {found or 'no errors'}{notes}"


_KINDS = ("episode", "article", "draft", "scheduled", "skipped", "faulty")
_SAME_IN_PLURAL = frozenset(("scheduled", "skipped", "faulty"))


def plural(count: int, word: str) -> str:
    """“1 episode”, “2 episodes”, “3 scheduled”."""
    return f"{count} {word}" if count == 1 or word in _SAME_IN_PLURAL else f"{count} {word}s"


def check_json(diagnostics: Sequence[Diagnostic], files: Sequence[Mapping[str, Any]]) -> str:
    """What `podfeed check --format json` prints. Source: docs/reference/json.md."""
    counts = Counter(each.severity for each in diagnostics)
    return as_json(
        {
            "version": JSON_VERSION,
            "diagnostics": [
                {
                    "rule": each.rule,
                    "severity": each.severity,
                    "path": each.path,
                    "line": each.position.line,
                    "column": each.position.column,
                    "message": each.message,
                    "hint": each.hint,
                    "source": each.source,
                }
                for each in diagnostics
            ],
            "files": list(files),
            "summary": {
                "errors": counts["error"],
                "warnings": counts["warning"],
                "infos": counts["info"],
                "files": len(files),
            },
        }
    )


def as_json(value: object) -> str:
    """JSON that a person can read too."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def table(rows: Sequence[Sequence[str]]) -> str:
    """*rows* in columns, the first as a head; columns are as wide as their widest cell on a terminal."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return "".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


def rule_values(rule: Rule) -> dict[str, Any]:
    """A rule for scripts."""
    return {
        "name": rule.name,
        "severity": rule.severity,
        "subjects": list(rule.subjects),
        "source": rule.source,
        "codes": list(rule.codes),
        "summary": rule.summary,
        "page": rule.page,
    }


def rule_page(rule: Rule) -> str:
    """A rule for people."""
    return f"{rule.name} ({rule.severity})\n\n{rule.page}\n\nRequired by: {rule.source}"
