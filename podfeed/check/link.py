"""Rules about the links of an episode to other places."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Episode
from podfeed.words import say


@rule(Episode, "error", source="podcast namespace: contentLink; addresses are https")
def link_invalid(episode: Episode, context: Context) -> Iterator[Finding]:
    """A link to the same content elsewhere has no https address, or no words.

    Bad:
        content_links: [{url: on the video page, text: Watch}]

    Good:
        content_links: [{url: "https://video.podfeed.example/1", text: Watch}]
    """
    for number, link in enumerate(episode.content_links):
        if not link.url.lower().startswith("https://"):
            message = say("“{url}” is no https address", url=short(link.url))
            if not link.url:
                message = say("the link has no address")
            yield Finding(f"content_links.{number}.url", message, say("write it in full: https://…"))
        if not link.text:
            message = say("the link has no words for listeners")
            yield Finding(f"content_links.{number}", message, say("add “text: …”"))
