"""Rules about how long an episode says it is."""

from collections.abc import Iterator
from datetime import timedelta

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode
from podfeed.read.durations import format_clock
from podfeed.words import say

_APPLE = "help.apple.com/itc/podcasts_connect: itunes:duration"


@told_by_reader("error", source=_APPLE, codes="EP060")
def duration_invalid() -> None:
    """A duration cannot be read.

    Bad:
        duration: 90 min

    Good:
        duration: "00:00"
    """


@told_by_reader("warning", source=_APPLE, codes="EP060")
def duration_spelled_oddly() -> None:
    """A duration is clear, but spelt in an unusual way.

    Bad:
        duration: 593.058000s

    Good:
        duration: "00:00"
    """


@rule(Episode, "warning", source=_APPLE, codes="AU005")
def duration_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """``duration`` is not what the audio runs.

    The feed says what was measured, so nothing breaks.

    Bad:
        duration: "00:15"

    Good:
        duration: "00:00"
    """
    lengths = _lengths(episode, context)
    if lengths and _apart(*lengths) > _ROUNDING and not _may_be_another_file(lengths, episode, context):
        hint = _check_the_file() if is_far(*lengths) else say("run “podfeed check --fix”")
        yield Finding("duration", _sentence(*lengths), hint)


@rule(Episode, "error", source=_APPLE, codes="AU005")
def duration_far_off(episode: Episode, context: Context) -> Iterator[Finding]:
    """``duration`` is far from what the audio runs: most often it is the wrong file, or hours were read as minutes.

    Far is more than a minute, or more than a twentieth and ten seconds. What is published already is not stopped by it.

    Bad:
        duration: "59:00"

    Good:
        duration: "00:00"
    """
    lengths = _lengths(episode, context)
    if lengths and _may_be_another_file(lengths, episode, context):
        yield Finding("duration", _sentence(*lengths), _check_the_file())


def _may_be_another_file(lengths: tuple[timedelta, timedelta], episode: Episode, context: Context) -> bool:
    """Whether an episode that nobody has heard yet is of quite another length than it says."""
    return is_far(*lengths) and context.identity(episode).published is None


def _check_the_file() -> str:
    return say("check that this is the right file, then run “podfeed enrich --write”")


def is_far(stated: timedelta, measured: timedelta) -> bool:
    """Whether the two lengths are of different recordings."""
    return _apart(stated, measured) > max(_SLIP, min(measured / 20, timedelta(minutes=1)))


#: What rounding to seconds may cost, and what a slip of the pen may.
_ROUNDING, _SLIP = timedelta(seconds=2), timedelta(seconds=10)


def _apart(stated: timedelta, measured: timedelta) -> timedelta:
    return abs(stated - measured)


def _lengths(episode: Episode, context: Context) -> tuple[timedelta, timedelta] | None:
    """The stated and the measured length, where there are both."""
    facts = context.audio(episode)
    if not facts or facts.origin == "stated" or not episode.stated_duration or not facts.duration:
        return None
    return episode.stated_duration, facts.duration


def _sentence(stated: timedelta, measured: timedelta) -> str:
    return say(
        "“duration” says {stated}; the audio runs {real}", stated=format_clock(stated), real=format_clock(measured)
    )
