"""For people on a terminal: each fault with a caret below its place, and tables that are straight in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from podfeed.check.registry import Rule
from podfeed.diagnostics import Diagnostic
from podfeed.report.counts import by_rule
from podfeed.report.sentences import refused, told
from podfeed.words import say

_COLOURS = {"error": "31;1", "warning": "33;1", "info": "36", "quiet": "2"}


def text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Each diagnostic with its place, its line with a caret, and what to do."""
    return "".join(_one(each, colour) for each in diagnostics)


def _one(diagnostic: Diagnostic, colour: bool) -> str:
    place = diagnostic.position
    severity = _paint(diagnostic.severity, diagnostic.severity, colour)
    rule = _paint(f"[{diagnostic.rule}]", "quiet", colour)
    path, message, *hint = map(printable, (diagnostic.path, *told(diagnostic)))
    lines = [f"{path}:{place.line}:{place.column}: {severity}: {message} {rule}"]
    if diagnostic.excerpt.strip() and place.width:
        lines += _excerpt(diagnostic)
    lines += [f"   {each}" for each in hint]
    return "\n".join(lines) + "\n"


def _excerpt(diagnostic: Diagnostic) -> list[str]:
    """The line and a caret below the place; long lines are cut around it, wide characters are counted twice."""
    place, line = diagnostic.position, diagnostic.excerpt.replace("\t", " ")
    start = place.column - 1 - diagnostic.excerpt_start
    end = start + place.width
    first = max(0, start - 60)
    shown = printable(line[first : first + 100])
    before = printable(line[first:start])
    under = printable(line[start : min(end, first + 100)])
    number = f"{place.line:4} | "
    return [number + shown, " " * 5 + "| " + " " * width(before) + "^" * max(width(under), 1)]


def printable(line: str) -> str:
    """*line* without what would move the cursor or turn the writing round."""
    return line if line.isprintable() else "".join(each if _is_harmless(each) else "\ufffd" for each in line)


def _is_harmless(character: str) -> bool:
    """Python calls every blank but one unprintable, the blank of Japanese among them."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def width(line: str) -> int:
    """Columns *line* takes on a terminal: East Asian characters take two."""
    if line.isascii():
        return len(line)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line
    )


def _paint(words: str, kind: str, colour: bool) -> str:
    return f"\033[{_COLOURS[kind]}m{words}\033[0m" if colour else words


def moment(date: datetime) -> str:
    """*date* as people read it, with its offset."""
    return f"{date:%Y-%m-%d %H:%M %z}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """*rows* in columns, the first as a head; columns are as wide as their widest cell on a terminal."""
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    return "".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in shown
    )


def files_table(files: Iterable[Mapping[str, str | None]]) -> str:
    """What `podfeed check --list` prints."""
    head = (say("file"), say("what"), say("show"), say("why"), say("date"))
    kinds = {
        "episode": say("episode"),
        "article": say("article"),
        "draft": say("draft"),
        "scheduled": say("scheduled"),
        "skipped": say("skipped"),
        "faulty": say("faulty"),
    }
    shown = [{**each, "kind": kinds[each["kind"] or ""]} for each in files]
    rows = [tuple(each[name] or "" for name in ("path", "kind", "show", "reason", "date")) for each in shown]
    return table([head, *rows])


def statistics_table(diagnostics: Iterable[Diagnostic]) -> str:
    """How often each rule was broken."""
    return table([(str(count), severity, rule) for count, severity, rule in by_rule(diagnostics)])


def rules_table(rules: Iterable[Rule]) -> str:
    """Rules in a line each: name, severity, who refuses what has the fault, what it says."""
    return table([(each.name, each.severity, ", ".join(each.refused_by), each.summary) for each in rules])


def rule_page(rule: Rule) -> str:
    """A rule for people: what is wrong in their language, the rest of its page as it is written."""
    words, gap, rest = rule.page.partition("\n\n")
    page = (words if rule.summary == rule.words else rule.summary) + gap + rest
    required = say("Required by: {source}", source=rule.source)
    refusal = f"\n{refused(rule.refused_by)}" if rule.refused_by else ""
    return f"{rule.name} ({rule.severity})\n\n{page}\n\n{required}{refusal}"
