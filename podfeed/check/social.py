"""Rules about the places where people talk about a show or an episode."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.check.site import insecure_fault
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.read.settings import PROTOCOLS
from podfeed.words import say

_SOCIAL = "podcast namespace: socialInteract"
#: Protocols have schemes of their own; these run or show something on a listener's machine.
_NOWHERE = ("javascript:", "data:", "vbscript:", "file:")


@rule(Show, "error", source=_SOCIAL)
@rule(Episode, "error", source=_SOCIAL)
def social_interact_invalid(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A place for comments has no address or a protocol nobody knows, or comments are switched off beside it.

    Bad:
        social_interact: {protocol: activitypub}

    Good:
        social_interact: {protocol: activitypub, uri: "https://social.podfeed.example/@ada/1"}
    """
    for number, place in enumerate(subject.social_interact):
        name = f"social_interact.{number}"
        if place.protocol not in PROTOCOLS:
            message = say("“{protocol}” is no protocol for comments", protocol=short(place.protocol))
            if not place.protocol:
                message = say("the place for comments has no protocol")
            hint = say("write “protocol: …” with one of {words}", words=", ".join(PROTOCOLS))
            yield Finding(f"{name}.protocol", message, hint)
        elif place.protocol == "disabled" and (place.uri or len(subject.social_interact) > 1):
            message = say("comments are switched off, and there is a place for them too")
            yield Finding(f"{name}.protocol", message, say("keep one of the two"))
        elif place.protocol != "disabled" and not place.uri:
            message = say("the place for comments has no address")
            yield Finding(name, message, say("add “uri: …”, the address of the post that comments answer"))
        elif place.uri.lower().lstrip().startswith(_NOWHERE):
            message = say("“{uri}” leads to no place for comments", uri=short(place.uri))
            yield Finding(f"{name}.uri", message, say("write the address of the post that comments answer"))
        if place.account_url and (fault := insecure_fault(place.account_url)):
            yield Finding(f"{name}.account_url", *fault)
