"""What config.yaml says of a show's cover: where it is, what it shows, and how it becomes a square."""

from __future__ import annotations

import re
from typing import NamedTuple

from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.words import say

_WHITE = "ffffff"
_COLOUR = re.compile("#?([0-9A-Fa-f]{6})")


class Cover(NamedTuple):
    """A cover as config.yaml names it."""

    path: str
    #: What it shows, in words.
    alt: str
    #: The colour that fills it up to a square, as ``ffffff``; empty when it is to be square by itself.
    padding: str


def cover(fields: Fields) -> Cover:
    """``artwork/cover.jpg``, or ``{path: artwork/cover.jpg, fit: pad, background: "#102030", alt: …}``."""
    group = fields.group("artwork", bare="path")
    found = Cover(path=group.text("path"), alt=group.text("alt"), padding=_padding(group))
    unknown_settings(group, settings.names(settings.ARTWORK))
    return found


def _padding(group: Fields) -> str:
    is_padded = group.choice("fit", settings.FITS, rule="artwork-fit-invalid") == "pad"
    colour = _background(group)
    if group.has("background") and not group.has("fit"):
        message = say("“background” has no effect without “fit: pad”")
        group.say("background", "artwork-background-unused", message, say("add “fit: pad”, or delete the line"))
    return colour if is_padded else ""


def _background(group: Fields) -> str:
    """The colour in six digits; white where there is none."""
    written = group.text("background")
    if found := _COLOUR.fullmatch(written):
        return found[1].lower()
    if group.has("background"):
        message = (
            say("“background”: “{value}” is no colour", value=written)
            if written
            else say("“background” has no colour; what begins with # is a comment unless it is in quotes")
        )
        group.say("background", "artwork-background-invalid", message, say('write it like "#102030", in quotes'))
    return _WHITE
