"""The owner's own templates, and what is wrong with them before any page is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podfeed.diagnostics import Finding, Position
from podfeed.read.fields import suggestion
from podfeed.render.site import engine
from podfeed.words import say


def faults(templates: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    """What is wrong with *templates*, by the name of each."""
    known, included = engine.names(), set[str]()
    for name, text in templates.items():
        if not name.endswith(".html"):
            continue
        try:
            included |= engine.included(text)
        except engine.Unreadable as error:
            message = say("the template cannot be read: {reason}", reason=error.reason)
            place = Position(line=error.line)
            yield name, Finding("", message, say("mend this line"), rule="template-unreadable", position=place)
    for name in templates:
        if name not in known | included:
            guess = suggestion(name, known)
            hint = say("call it “{guess}”", guess=guess) if guess else say("include it in another one, or delete it")
            message = say("podfeed has no template of this name, and none of yours includes it")
            yield name, Finding("", message, hint, rule="template-unused", position=Position(line=1))
