"""For GitHub: workflow commands, which put each fault beside its line in a pull request.

Source: docs.github.com, “Workflow commands for GitHub Actions”.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podfeed.diagnostics import Diagnostic
from podfeed.report.sentences import told

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def workflow_commands(diagnostics: Iterable[Diagnostic]) -> str:
    """A command for each diagnostic."""
    return "".join(_command(each) for each in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    place = diagnostic.position
    settings: Mapping[str, str | int] = {
        "file": diagnostic.path,
        "line": place.line,
        "col": place.column,
        **({"endColumn": place.column + place.width} if place.width else {}),
        "title": diagnostic.rule,
    }
    written = ",".join(f"{name}={_setting(str(value))}" for name, value in settings.items())
    words = _data("\n".join(told(diagnostic)))
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{words}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _setting(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
