"""Rules about how often a show says its episodes come out."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Show
from podfeed.read.recurrence import read_moment, read_recurrence
from podfeed.words import say


@rule(Show, "error", source="podcast namespace: updateFrequency; RFC 5545", codes="SH028")
def schedule_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """How often episodes come out is not said in words, or the rule for programs cannot be read as a calendar would.

    Bad:
        # config.yaml
        update_frequency: {text: Every Monday, rrule: every Monday}

    Good:
        # config.yaml
        update_frequency: {text: Every Monday, rrule: FREQ=WEEKLY;BYDAY=MO}
    """
    schedule = show.schedule
    if schedule is None:
        return
    if not schedule.text:
        message = say("how often episodes come out is not said in words")
        yield Finding("update_frequency", message, say("add “text: …”, as “Every Monday”"))
    if schedule.dtstart and read_moment(schedule.dtstart) is None:
        message = say("“{text}” is no day or moment", text=short(schedule.dtstart))
        yield Finding("update_frequency.dtstart", message, say("write it like 2026-01-05"))
    for message, hint in recurrence_faults(schedule.rrule, schedule.dtstart) if schedule.rrule else ():
        yield Finding("update_frequency.rrule", message, hint)


# --------------------------------------------------------------------------------------- for feeds too


def recurrence_faults(text: str, start: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the recurrence rule *text* that counts from *start*, and what to do."""
    parts, odd = read_recurrence(text)
    if odd:
        yield (
            say("“{piece}” is no part of a recurrence rule", piece=short(odd[0])),
            say("write it as FREQ=WEEKLY;BYDAY=MO"),
        )
        return
    if "FREQ" not in parts:
        yield say("the recurrence rule has no FREQ"), say("begin it with “FREQ=WEEKLY”, or another interval")
    if "COUNT" in parts and "UNTIL" in parts:
        yield say("the recurrence rule has both COUNT and UNTIL"), say("keep one of them")
    if "COUNT" in parts and not start:
        yield say("the recurrence rule has a COUNT, and no start to count from"), say("add “dtstart”")
    if start and "UNTIL" in parts and ("T" in start) != ("T" in parts["UNTIL"]):
        message = say("of the start and the end of the recurrence rule, one has a time and one has none")
        yield message, say("write UNTIL and “dtstart” alike")
