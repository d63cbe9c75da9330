"""The sentences of a report: about one fault, and about all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from podfeed.diagnostics import PLATFORMS, Diagnostic, Platform
from podfeed.report.counts import by_severity, refusing
from podfeed.words import enumerated, listed, say, say_many


def told(diagnostic: Diagnostic) -> list[str]:
    """What is so, with who refuses it; and the hint, if there is one."""
    message, hint, platforms = diagnostic.message, diagnostic.hint, diagnostic.refused_by
    what = say("{message} ({refusal})", message=message, refusal=refused(platforms)) if platforms else message
    return [what, say("hint: {hint}", hint=hint)] if hint else [what]


def refused(platforms: Sequence[Platform]) -> str:
    """“Apple and Spotify refuse this”."""
    names = _names(platforms)
    return say_many("{names} refuses this", "{names} refuse this", count=len(platforms), names=names)


def check_summary(diagnostics: Sequence[Diagnostic], files: Sequence[Mapping[str, Any]]) -> str:
    """One line: how many files of each kind were looked at, what was found, and who would refuse it now."""
    kinds = Counter(each["kind"] for each in files)
    said = {
        "episode": say_many("{count} episode", "{count} episodes", count=kinds["episode"]),
        "article": say_many("{count} article", "{count} articles", count=kinds["article"]),
        "draft": say_many("{count} draft", "{count} drafts", count=kinds["draft"]),
        "scheduled": say_many("{count} scheduled", "{count} scheduled", count=kinds["scheduled"]),
        "skipped": say_many("{count} skipped", "{count} skipped", count=kinds["skipped"]),
        "faulty": say_many("{count} faulty", "{count} faulty", count=kinds["faulty"]),
    }
    looked = enumerated(words for kind, words in said.items() if kinds[kind])
    return _summary(looked or say("no files"), diagnostics, refusing(diagnostics, files))


def lint_summary(diagnostics: Sequence[Diagnostic], feeds: Sequence[Mapping[str, Any]]) -> str:
    """The same for feeds."""
    looked = say_many("{count} feed", "{count} feeds", count=len(feeds))
    return _summary(looked, diagnostics, refusing(diagnostics))


def _summary(looked: str, diagnostics: Iterable[Diagnostic], platforms: Sequence[Platform]) -> str:
    counts = by_severity(diagnostics)
    errors = [say_many("{count} error", "{count} errors", count=counts["error"])] if counts["error"] else []
    warnings = [say_many("{count} warning", "{count} warnings", count=counts["warning"])] if counts["warning"] else []
    notes = [say_many("{count} note", "{count} notes", count=counts["info"])] if counts["info"] else []
    found = enumerated((errors + warnings or [say("no errors")]) + notes)
    if not platforms:
        return say("{looked}: {found}", looked=looked, found=found)
    return say("{looked}: {found}; {names} would refuse it", looked=looked, found=found, names=_names(platforms))


def _names(platforms: Iterable[Platform]) -> str:
    own = {**PLATFORMS, "podcastindex": say("the Podcast Index")}
    return listed([own[each] for each in platforms])
