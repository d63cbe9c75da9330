"""For code scanning: SARIF 2.1.0. Source: docs.oasis-open.org/sarif/sarif/v2.1.0."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from podfeed import __version__
from podfeed.check.registry import Rule, rules
from podfeed.diagnostics import Diagnostic, Severity
from podfeed.read.folder import is_remote
from podfeed.report.scripts import as_json
from podfeed.report.sentences import told

_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def sarif_log(diagnostics: Sequence[Diagnostic]) -> str:
    """A log of one run, with the rules that *diagnostics* speak of."""
    broken = sorted({each.rule for each in diagnostics})
    driver = {"name": "podfeed", "version": __version__, "rules": [_descriptor(rules()[name]) for name in broken]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, broken.index(each.rule), fingerprint)
            for each, fingerprint in zip(diagnostics, _fingerprints(diagnostics), strict=True)
        ],
    }
    return as_json({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _descriptor(rule: Rule) -> dict[str, Any]:
    words = rule.page.partition("\n\nBad:\n")[0]
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": words},
        "help": {"text": rule.page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"codes": list(rule.codes), "source": rule.source},
    }


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str) -> dict[str, Any]:
    return {
        "ruleId": diagnostic.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(told(diagnostic))},
        "locations": [
            {"physicalLocation": {"artifactLocation": _artifact(diagnostic.path), "region": _region(diagnostic)}}
        ],
        "partialFingerprints": {"podfeed/v1": fingerprint},
    }


def _artifact(path: str) -> dict[str, str]:
    """Where the text lies: an address as it is, a file below the root of its repository."""
    if is_remote(path):
        return {"uri": path}
    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def _region(diagnostic: Diagnostic) -> dict[str, int]:
    place = diagnostic.position
    end = {"endColumn": place.column + place.width} if place.width else {}
    return {"startLine": place.line, "startColumn": place.column, **end}


def _fingerprints(diagnostics: Iterable[Diagnostic]) -> Iterable[str]:
    """What stays the same when the lines above change: the rule, the file, the text of the line, and which of these."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in diagnostics:
        identity = (each.rule, each.path, each.excerpt.strip())
        seen[identity] += 1
        text = "\n".join([*identity, str(seen[identity])])
        yield hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
