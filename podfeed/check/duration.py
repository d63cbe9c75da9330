"""Rules about how long an episode says it is."""

from collections.abc import Iterator
from datetime import timedelta

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode
from podfeed.read.durations import format_clock


@told_by_reader("error", source="help.apple.com/itc/podcasts_connect: itunes:duration", codes="EP060")
def duration_invalid() -> None:
    """A duration cannot be read.

    Bad:
        duration: 90 min

    Good:
        duration: "00:00"
    """


@told_by_reader("warning", source="help.apple.com/itc/podcasts_connect: itunes:duration", codes="EP062")
def duration_spelled_oddly() -> None:
    """A duration is clear, but spelt in an unusual way.

    Bad:
        duration: 593.058000s

    Good:
        duration: "00:00"
    """


@rule(Episode, "warning", source="help.apple.com/itc/podcasts_connect: itunes:duration", codes="AU005")
def duration_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """``duration`` is not the length of the audio: often the wrong file, or hours read as minutes.

    Bad:
        duration: "59:00"

    Good:
        duration: "00:00"
    """
    facts = context.audio(episode)
    if not facts or facts.origin == "stated" or not episode.stated_duration or not facts.duration:
        return
    if abs(episode.stated_duration - facts.duration) > timedelta(seconds=2):
        stated, real = format_clock(episode.stated_duration), format_clock(facts.duration)
        message = f"“duration” says {stated}; the audio runs {real}"
        yield Finding("duration", message, "check that this is the right file, then run “podfeed enrich --write”")
