"""Rules about when an episode goes out."""

from collections.abc import Iterator
from datetime import timedelta

from podfeed.check.order import audio_name, file_name, misnamed
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.read.decode import DATED_NAME
from podfeed.read.labels import day_in
from podfeed.words import say

_FAR = timedelta(days=366)


@rule(Episode, "error", source="Spotify show metadata requirements: pubDate on every episode", codes="EP020")
def date_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode has no date. An adopted episode keeps the date it was published with.

    Bad:
        date:

    Good:
        date: 2025-06-02 05:00:00 +0900
    """
    published = context.identity(episode).published
    if episode.date or "date" in episode.faulty or not episode.audio or (published and published.date):
        return
    named = DATED_NAME.match(file_name(episode))
    message = say("the episode has no date; the file's name has one") if named else say("the episode has no date")
    day = named[0].rstrip("-") if named else "2026-01-31"
    yield Finding("date", message, say("add “date: {day} 06:00:00 +0900”", day=day))


@rule(Show, "warning")
def date_contradicts_name(show: Show, context: Context) -> Iterator[Finding]:
    """The title, or the name of a file, speaks of another day than ``date``, while the show's other names agree.

    It is most often the date that was forgotten, in a file that began as a copy. Days are those of the date's own
    offset.

    Bad:
        # episodes/2025-06-09-waves.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        # episodes/2025-06-16-wind.md
        title: Wind
        date: 2025-07-16 05:00:00 +0900
        audio_file_path: /audio/renamed.mp3

    Good:
        # episodes/2025-06-09-waves.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    episodes = context.in_order(show.id)
    days = {each.path: {each.date.date()} for each in episodes if each.date}
    wrong = misnamed(episodes, day_in, days, file_name, audio_name, lambda each: each.title)
    for path, (name, named) in wrong.items():
        (day,) = days[path]
        message = say("“{name}” speaks of {named}, and “date” of {day}", name=name, named=named, day=day)
        yield Finding("date", message, say("correct whichever is wrong"), path=path)


@told_by_reader("error", source="podcasters.apple.com/support/823; RFC 2822, section 3.3", codes="EP021")
def date_invalid() -> None:
    """A date cannot be read without guessing.

    Bad:
        date: 7/6/2014

    Good:
        date: 2014-06-07 05:00:00 +0900
    """


@told_by_reader("error", codes="EP022")
def date_without_zone() -> None:
    """A date has no offset, and neither the show nor the project names a time zone.

    Bad:
        # config.yaml
        timezone:
        # episodes/1.md
        date: 2025-06-02 05:00:00

    Good:
        date: 2025-06-02 05:00:00 +0900
    """


@told_by_reader("warning", codes="EP022")
def date_without_offset() -> None:
    """A date has no offset: the show's time zone is taken.

    Tools disagree about such dates; Jekyll reads them as UTC.

    Bad:
        date: 2025-06-02 05:00:00

    Good:
        date: 2025-06-02 05:00:00 +0900
    """


@told_by_reader("warning", codes="EP022")
def date_without_time() -> None:
    """A date has no time of day: midnight in the show's time zone is taken.

    Bad:
        date: 2025-06-02

    Good:
        date: 2025-06-02 05:00:00 +0900
    """


@told_by_reader("error", codes="EP022")
def date_skipped_by_clock_change() -> None:
    """A local time does not exist, for the clocks are put forward over it.

    Bad:
        # config.yaml
        timezone: America/New_York
        # episodes/1.md
        date: 2025-03-09 02:30:00

    Good:
        date: 2025-03-09 02:30:00 -0500
    """


@told_by_reader("warning", codes="EP022")
def date_twice_by_clock_change() -> None:
    """A local time happens twice, for the clocks are put back: the earlier one is taken.

    Bad:
        # config.yaml
        timezone: America/New_York
        # episodes/1.md
        date: 2025-11-02 01:30:00

    Good:
        date: 2025-11-02 01:30:00 -0400
    """


@told_by_reader("warning", codes="EP021")
def date_spelled_oddly() -> None:
    """A date is clear, but spelt in a way other tools may read differently.

    Bad:
        date: 2025-06-02 05:00:00 JST

    Good:
        date: 2025-06-02 05:00:00 +0900
    """


@rule(Episode, "warning", source="W3C Feed Validator: ImplausibleDate", codes="EP023")
def date_implausible(episode: Episode, context: Context) -> Iterator[Finding]:
    """A date lies more than a year ahead.

    Bad:
        date: 2099-06-02 05:00:00 +0900

    Good:
        date: 2025-06-02 05:00:00 +0900
    """
    if episode.date and episode.date > context.now + _FAR and not episode.is_draft:
        message = say("the date is {day}, more than a year ahead", day=episode.date.date())
        yield Finding("date", message, say("check the year"))


@rule(Episode, "info", codes="EP024")
def date_scheduled(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode waits for its date. Until then nothing of it is in the output.

    Bad:
        date: 2099-06-02 05:00:00 +0900

    Good:
        date: 2025-06-02 05:00:00 +0900
    """
    if episode.date and episode.date > context.now and not episode.is_draft and not context.is_public(episode):
        message = say("goes out on {moment}; until then it is left out", moment=f"{episode.date:%Y-%m-%d %H:%M %z}")
        yield Finding("date", message, say("run podfeed again after that time"))
