"""Rules about the trailers of a show."""

from collections.abc import Iterator

from podfeed.check.enclosure import MEDIA_TYPES
from podfeed.check.registry import Context, rule
from podfeed.check.site import insecure_fault
from podfeed.diagnostics import Finding
from podfeed.model import AudioFacts, Show, Trailer
from podfeed.read.folder import is_remote
from podfeed.words import say

_TRAILER = "podcast namespace: trailer"
#: Apps read PDFs and do not play them.
PLAYED = frozenset(each for name, types in MEDIA_TYPES.items() if name != "pdf" for each in types)


@rule(Show, "error", source=_TRAILER, codes="SH030")
def trailer_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """A trailer has no title, no date, or no sound that apps can play.

    Bad:
        # config.yaml
        trailers: [{title: Soon, path: /audio/nowhere.mp3, date: 2025-06-02 05:00:00 +0900}]

    Good:
        # config.yaml
        trailers: [{title: Soon, path: /audio/good.mp3, date: 2025-06-02 05:00:00 +0900}]
    """
    for number, trailer in enumerate(show.trailers):
        if not trailer.title:
            message = say("the trailer has no title, which is what apps show")
            yield Finding(f"trailers.{number}", message, say("add “title: …”"))
        if fault := _sound_fault(trailer, context):
            yield Finding(f"trailers.{number}.path", *fault)


def _sound_fault(trailer: Trailer, context: Context) -> tuple[str, str] | None:
    audio = trailer.audio
    facts = context.facts.get(audio)
    if not audio:
        return say("the trailer names no sound"), say("add “path: …”, or “url: https://…”")
    if is_remote(audio) and ((fault := insecure_fault(audio)) or facts is None):
        return fault
    if facts is None:
        return say("there is no file “{path}”", path=audio), say("correct the path, or add the file")
    if not isinstance(facts, AudioFacts) or facts.trouble or facts.mime_type not in PLAYED:
        return say("apps cannot play “{path}”", path=audio), say("export it as MP3 or M4A")
    return None


@rule(Show, "warning")
def trailer_dated_later(show: Show, context: Context) -> Iterator[Finding]:
    """The date of a trailer is still to come. It is in the feed at once all the same: only episodes wait.

    Bad:
        # config.yaml
        trailers: [{title: Soon, path: /audio/good.mp3, date: 2099-06-02 05:00:00 +0900}]

    Good:
        # config.yaml
        trailers: [{title: Soon, path: /audio/good.mp3, date: 2025-06-02 05:00:00 +0900}]
    """
    for number, trailer in enumerate(show.trailers):
        if trailer.date and trailer.date > context.now:
            message = say("the trailer is in the feed at once, and not only from its date on")
            hint = say("write the date of today, or make it an episode with “episode_type: trailer”")
            yield Finding(f"trailers.{number}.date", message, hint)
