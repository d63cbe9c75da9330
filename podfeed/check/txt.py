"""Rules about texts for programs."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.words import say

_TXT = "podcast namespace: txt"


@rule(Show, "error", source=_TXT)
@rule(Episode, "error", source=_TXT)
def txt_empty(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A text for programs says what it is for, and holds nothing.

    Bad:
        txt: [{purpose: verify}]

    Good:
        txt: [{purpose: verify, text: S6lpp-7ZCn8-dZfGc-OoyaG}]
    """
    for number, each in enumerate(subject.txt):
        if not each.text:
            message = say("the text for “{purpose}” is empty", purpose=each.purpose)
            if not each.purpose:
                message = say("the text is empty")
            yield Finding(f"txt.{number}", message, say("add “text: …”, or delete it"))
