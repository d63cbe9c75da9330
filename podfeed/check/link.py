"""Rules about what an episode or a show links to at other places."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.check.site import insecure_fault, private_in
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
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
        if not link.url:
            yield Finding(f"content_links.{number}.url", say("the link has no address"), say("add “url: https://…”"))
        elif fault := insecure_fault(link.url):
            yield Finding(f"content_links.{number}.url", *fault)
        if not link.text:
            message = say("the link has no words for listeners")
            yield Finding(f"content_links.{number}", message, say("add “text: …”"))


@rule(Show, "error", codes="FD014")
@rule(Episode, "error", codes="FD014")
def link_private(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """An address that goes out holds a password, a token or a signature: everybody could read it, or it will expire.

    Bad:
        transcripts: ["https://files.podfeed.example/1.vtt?X-Amz-Signature=0a"]

    Good:
        transcripts: ["https://files.podfeed.example/1.vtt"]
    """
    for field, address in _addresses(subject):
        if secret := private_in(address):
            message = say("the address holds “{secret}”, which is private or expires", secret=secret)
            yield Finding(field, message, say("use a permanent public address"))


def _addresses(subject: Show | Episode) -> Iterator[tuple[str, str]]:
    """What *subject* says of where things are; its sound and its chapters have rules of their own."""
    if isinstance(subject, Show):
        yield "artwork", subject.artwork
        yield from ((f"trailers.{number}.path", each.audio) for number, each in enumerate(subject.trailers))
    else:
        yield "image_url", subject.artwork or subject.thumbnail
        yield from ((f"transcripts.{number}", each.reference) for number, each in enumerate(subject.transcripts))
        yield from ((f"content_links.{number}.url", each.url) for number, each in enumerate(subject.content_links))
    yield "license.url", subject.license_url
    yield from ((f"funding.{number}.url", each.url) for number, each in enumerate(subject.funding))
    for number, place in enumerate(subject.social_interact):
        yield f"social_interact.{number}.uri", place.uri
        yield f"social_interact.{number}.account_url", place.account_url
