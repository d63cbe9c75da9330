"""What `podfeed verify` and `podfeed doctor` found where a podcast is stored and served."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from podfeed.diagnostics import Diagnostic
from podfeed.report.counts import by_severity
from podfeed.report.scripts import JSON_VERSION, as_json, diagnostic_values
from podfeed.report.terminal import printable, width
from podfeed.words import enumerated, say, say_many

if TYPE_CHECKING:
    from podfeed.doctoring import Examination, Line
    from podfeed.verifying import Verification, Verified


def verification_text(verification: Verification) -> str:
    """What was found, show by show."""
    return "".join(map(_show, verification.shows))


def _show(verified: Verified) -> str:
    lines = list(places_text(verified.diagnostics))
    lines += [f"   {printable(line)}" for line in verified.difference.splitlines()]
    lines += [say("put again: {key}", key=key) for key in verified.repaired]
    lines += [
        say("{show}: {words}", show=verified.show, words=each) for each in (verified.notice, verified.error) if each
    ]
    if not verified.error:
        lines.append(_summary(verified))
    return "".join(f"{printable(line)}\n" for line in lines)


def _summary(verified: Verified) -> str:
    counts = by_severity(verified.diagnostics)
    parts = [
        say_many("{count} object looked at", "{count} objects looked at", count=verified.looked_at),
        say_many("{count} read whole", "{count} read whole", count=verified.read),
        say_many("{count} error", "{count} errors", count=counts["error"]),
        say_many("{count} warning", "{count} warnings", count=counts["warning"]),
    ]
    return say("{show}: {parts}", show=verified.show, parts=enumerated(parts))


def places_text(diagnostics: Iterable[Diagnostic]) -> Iterable[str]:
    """Each of *diagnostics*, which have no lines, and below it what to do."""
    for each in diagnostics:
        yield f"{each.path}: {each.severity}: {each.message} [{each.rule}]"
        if each.hint:
            yield f"   {each.hint}"


def verification_json(verification: Verification) -> str:
    """What `podfeed verify --format json` prints."""
    counts = by_severity(verification.diagnostics)
    return as_json(
        {
            "version": JSON_VERSION,
            "target": verification.target.name,
            "shows": [
                {
                    "show": each.show,
                    "looked_at": each.looked_at,
                    "read": each.read,
                    "repaired": list(each.repaired),
                    "difference": each.difference,
                    "notice": each.notice,
                    "error": str(each.error) if each.error else "",
                }
                for each in verification.shows
            ],
            "diagnostics": [diagnostic_values(each) for each in verification.diagnostics],
            "summary": {"errors": counts["error"], "warnings": counts["warning"], "infos": counts["info"]},
        }
    )


def examination_text(examination: Examination) -> str:
    """Line by line what is ok, what is not, and what to do; then what to paste."""
    states = {"ok": say("ok"), "not ok": say("not ok"), "not tried": say("not tried")}
    wide = max(map(width, states.values()))
    lines = [row for each in examination.lines for row in _rows(each, states[each.state], wide)]
    pasted = [row for each in examination.advice for row in ("", f"{each.title}:", *each.text.splitlines())]
    return "".join(f"{printable(row)}\n" for row in [*lines, *pasted])


def _rows(line: Line, state: str, wide: int) -> list[str]:
    space = " " * (wide - width(state) + 2)
    first = say("{title}: {message}", title=line.title, message=line.message) if line.message else line.title
    return [f"{state}{space}{first}", *([f"{' ' * (wide + 2)}{line.hint}"] if line.hint else [])]


def examination_json(examination: Examination) -> str:
    """What `podfeed doctor --format json` prints."""
    return as_json(
        {
            "version": JSON_VERSION,
            "target": examination.target.name,
            "lines": [
                {"name": each.name, "state": each.state, "message": each.message, "hint": each.hint}
                for each in examination.lines
            ],
            "advice": {each.name: json.loads(each.text) for each in examination.advice},
        }
    )
