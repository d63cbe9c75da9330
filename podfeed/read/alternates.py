"""``alternate_enclosures``: the same episode in other files."""

from __future__ import annotations

from podfeed.model import Alternate
from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.read.source import List, Map, Node, Text
from podfeed.words import say

_NAME = "alternate_enclosures"


def alternates(fields: Fields) -> tuple[Alternate, ...]:
    """Each a path or an address, or ``{path: …, title: …, language: …}``; what names no file is told."""
    found = (_alternate(fields, f"{_NAME}.{number}", node) for number, node in enumerate(fields.items(_NAME)))
    return tuple(each for each in found if each.reference)


def _alternate(fields: Fields, name: str, node: Node) -> Alternate:
    alternate = Alternate(reference=node.text.strip() if isinstance(node, Text) else "")
    if isinstance(node, Map):
        group = fields.nested(name, node)
        alternate = Alternate(reference=group.text("path"), title=group.text("title"), language=group.text("language"))
        unknown_settings(group, settings.names(settings.ALTERNATE))
        if isinstance(node.entries.get("path"), List | Map):  # which is told already
            return alternate
    if not alternate.reference:
        message = say("an entry of “{name}” names no file", name=_NAME)
        fields.say(name, "alternate-without-path", message, say("write “- /audio/….opus”, or “- path: /audio/….opus”"))
    return alternate
