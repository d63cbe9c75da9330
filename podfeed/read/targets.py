"""The places to publish to, as config.yaml names them."""

from __future__ import annotations

import re
from typing import Literal, cast

from podfeed.model import Target
from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.read.source import Node, Text
from podfeed.words import say

_WORD_UNKNOWN = "target-word-unknown"


def target(name: str, fields: Fields) -> Target:
    """The target called *name*."""
    pings = fields.group("ping")
    found = Target(
        name=name,
        bucket=fields.text("s3"),
        folder=fields.text("folder"),
        prefix=fields.text("prefix").strip("/"),
        endpoint=fields.text("endpoint").rstrip("/"),
        region=fields.text("region"),
        addressing=_addressing(fields),
        public=fields.text("public").rstrip("/"),
        has_one_writer=fields.choice("writers", settings.WRITERS, rule=_WORD_UNKNOWN) == "one",
        webhook=fields.text("webhook"),
        pings={each.name: address for each in settings.PINGS if (address := pings.text(each.name))},
    )
    _tell_keys(fields, settings.names(settings.TARGET))
    _tell_keys(pings, settings.names(settings.PINGS))
    unknown_settings(pings, settings.names(settings.PINGS))
    unknown_settings(fields, settings.names(settings.TARGET))
    return found


def _addressing(fields: Fields) -> Literal["", "path", "virtual"]:
    if fields.find("addressing")[1] is None:
        return ""
    return cast(Literal["path", "virtual"], fields.choice("addressing", settings.ADDRESSINGS, rule=_WORD_UNKNOWN))


# ------------------------------------------------------------------------------------- keys do not belong there

#: What settings are called that other tools keep credentials in.
_NAME_OF_KEY = re.compile(r"secret|token|password|credential|(access|api|private).?key|key.?id|^aws_", re.IGNORECASE)
#: The names of keys at AWS and Google are told by how they begin; their secrets, and those of others, by their length.
_KEY = re.compile(r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|GOOG1?[0-9A-Z]{20,60})\b")
_SECRET = re.compile(r"(?=.*[a-z])(?=.*[0-9])(?:(?=.*[A-Z])[A-Za-z0-9/+]{40}|[0-9a-f]{64})")


def _tell_keys(fields: Fields, known: frozenset[str]) -> None:
    """Say which of *fields* hold a key, or are meant for one: config.yaml is read by many."""
    for name, node in fields.left_over().items():
        if _NAME_OF_KEY.search(name) or _holds_key(node):
            fields.find(name)  # said here, it is no unknown setting
            _tell_key(fields, name, say("“{name}” does not belong in config.yaml, which many read", name=name))
    for name in sorted(known):
        if _holds_key(fields.find(name)[1]):
            _tell_key(fields, name, say("“{name}” holds what looks like a key", name=name))


def _holds_key(node: Node | None) -> bool:
    text = node.text.strip() if isinstance(node, Text) else ""
    return bool(_KEY.search(text) or _SECRET.fullmatch(text))


def _tell_key(fields: Fields, name: str, message: str) -> None:
    hint = say("get a new key, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment instead")
    fields.say(name, "target-holds-key", message, hint)
