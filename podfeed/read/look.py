"""What config.yaml says of the looks of a show's pages, and how a colour is written."""

from __future__ import annotations

import re
from typing import Literal, cast

from podfeed.model import Look
from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.words import say

_COLOUR = re.compile("#?([0-9A-Fa-f]{6})")


def look(fields: Fields) -> Look:
    """``look: {accent: "#0b5c8a", paper: "#ffffff", font: serif}``."""
    group = fields.group("look")
    colours = {name: colour(group, name, rule="look-colour-invalid") for name in settings.COLOURS}
    found = Look(**colours, font=_font(group))
    unknown_settings(group, settings.names(settings.LOOK))
    return found


def _font(group: Fields) -> Literal["", "sans", "serif", "rounded"]:
    if group.find("font")[1] is None:
        return ""
    word = group.choice("font", settings.FONTS, rule="look-font-unknown")
    return cast(Literal["sans", "serif", "rounded"], word)


def colour(fields: Fields, name: str, *, rule: str) -> str:
    """The colour in six digits, as ``102030``; empty where there is none that can be read."""
    written = fields.text(name)
    if found := _COLOUR.fullmatch(written):
        return found[1].lower()
    if fields.has(name):
        message = (
            say("“{name}”: “{value}” is no colour", name=name, value=written)
            if written
            else say("“{name}” has no colour; what begins with # is a comment unless it is in quotes", name=name)
        )
        fields.say(name, rule, message, say('write it like "#102030", in quotes'))
    return ""
