"""The author's spellings → an instant, and an instant back into the author's spelling."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from podfeed.words import say

Refusal = Literal["unreadable", "ambiguous-order", "out-of-range", "no-zone", "gap"]
Oddity = Literal["odd-spelling", "date-only", "no-offset", "fold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """What was read, and what there is to say about it: either a value, or the one reason why there is none."""

    #: Aware, whole seconds, with the offset as written or the zone's offset at that time; None when refused.
    value: datetime | None
    #: One Refusal when there is no value; otherwise any Oddities, most often none.
    remarks: tuple[Refusal | Oddity, ...] = ()
    #: A sentence part for the message, where one helps: “02:30 does not exist on that day in America/New_York”.
    detail: str = ""


def read_date(text: str, zone: ZoneInfo | None) -> DateReading:
    """The instant *text* names; *zone* is for texts that have no offset. Any text gets an answer, none raises.

    Year first, with ``-`` or ``/``; the time and its seconds may be missing; the offset is ``Z``, ``+09:00``,
    ``+0900``, ``+09`` or a name such as JST. The dates of e-mail (RFC 2822) are read too. Fractions of a second are
    dropped.
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    spelling = _year_first(plain) or _as_in_mail(plain)
    if spelling is None:
        return _refused_spelling(plain)
    if not 1990 <= spelling.year <= 2100:
        return _refused("out-of-range", say("the year {year} is not between 1990 and 2100", year=spelling.year))
    try:
        local = datetime(*spelling[:6])  # noqa: DTZ001 - where these clocks stand is found out below
    except ValueError:
        return _refused("unreadable", _impossible_part(spelling))
    if spelling.weekday not in ("", _WEEKDAYS[local.weekday()]):
        return _refused(
            "unreadable", say("{day} is not a {weekday}", day=f"{local:%Y-%m-%d}", weekday=spelling.weekday.title())
        )
    return _at_offset(local, spelling) if spelling.offset else _in_zone(local, spelling, zone)


def format_date(date: datetime) -> str:
    """*date* as authors write it: ``2025-06-02 05:00:00 +0900``."""
    return f"{date:%Y-%m-%d %H:%M:%S %z}"


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, as Asia/Tokyo; None when there is none. Any text gets an answer, none raises."""
    # “localtime” differs between machines; “right/…” counts leap seconds, which Python's clock does not.
    if name == "localtime" or name.startswith("right/"):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class _Spelling(NamedTuple):
    """The parts of a date as they stand in the text, not yet known to be possible."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    #: As written; empty when missing.
    offset: str
    is_date_only: bool
    #: Lower case; empty when missing.
    weekday: str = ""
    is_from_mail: bool = False


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

#: Hours from UTC. Source: RFC 2822 §4.3 (UT … PDT); the others are the ones podcasters write.
_NAMED_OFFSETS = {
    **{"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "CET": 1, "CEST": 2, "JST": 9},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}

_OFFSET = r"[+-]\d{2}:?\d{2}|[+-]\d{1,2}(?::\d{2})?|[a-z]{1,5}"
_CLOCK = rf"(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:\.\d+)?)?(?:[ \t]*({_OFFSET}))?"
_FLAGS = re.ASCII | re.IGNORECASE
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/])(\d{{1,2}})\2(\d{{1,2}})(?:(?:t|[ \t]+){_CLOCK})?", _FLAGS)
_AS_IN_MAIL = re.compile(
    rf"(?:({'|'.join(_WEEKDAYS)}),[ \t]*)?(\d{{1,2}})[ \t]+({'|'.join(_MONTHS)})[ \t]+(\d{{4}})[ \t]+{_CLOCK}", _FLAGS
)
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)", re.ASCII)


def _year_first(plain: str) -> _Spelling | None:
    """The parts of ``2025-06-02 05:00:00 +0900`` and its like."""
    match = _YEAR_FIRST.fullmatch(plain)
    if match is None:
        return None
    year, _, month, day, hour, minute, second, offset = match.groups()
    clock = int(hour or 0), int(minute or 0), int(second or 0)
    return _Spelling(int(year), int(month), int(day), *clock, offset or "", hour is None)


def _as_in_mail(plain: str) -> _Spelling | None:
    """The parts of ``Fri, 12 Jan 2018 13:00:03 +0000`` and its like."""
    match = _AS_IN_MAIL.fullmatch(plain)
    if match is None:
        return None
    weekday, day, name, year, hour, minute, second, offset = match.groups()
    month = _MONTHS.index(name.lower()) + 1
    clock = int(hour), int(minute), int(second or 0)
    return _Spelling(int(year), month, int(day), *clock, offset or "", False, (weekday or "").lower(), True)


def _refused(why: Refusal, detail: str = "") -> DateReading:
    return DateReading(value=None, remarks=(why,), detail=detail)


def _refused_spelling(plain: str) -> DateReading:
    """The answer to a text in none of the spellings: a year at the end leaves day and month to guess."""
    if _YEAR_LAST.match(plain):
        return _refused(
            "ambiguous-order", say("the year has to come first and in full, or day and month can be mistaken")
        )
    return _refused("unreadable")


def _impossible_part(spelling: _Spelling) -> str:
    """Which part keeps the date from being one."""
    year, month, day, hour, minute, second = spelling[:6]
    if not 1 <= month <= 12:
        return say("there is no month {month}", month=month)
    if not 1 <= day <= monthrange(year, month)[1]:
        return say("{month} has no day {day}", month=f"{year}-{month:02}", day=day)
    return say("there is no time {time}", time=f"{hour:02}:{minute:02}:{second:02}")


def _at_offset(local: datetime, spelling: _Spelling) -> DateReading:
    """The instant at the offset the author wrote."""
    word = spelling.offset.upper()
    offset = _offset(word)
    if offset is None:
        return _refused("unreadable", say("“{offset}” is not an offset", offset=spelling.offset))
    value = local.replace(tzinfo=offset)
    if word.isalpha() and word != "Z":
        return DateReading(
            value=value,
            remarks=("odd-spelling",),
            detail=say("{name} is read as {offset}", name=word, offset=f"{value:%z}"),
        )
    return DateReading(value=value, remarks=("odd-spelling",) if spelling.is_from_mail else ())


@lru_cache(maxsize=256)
def _offset(word: str) -> timezone | None:
    """The offset of ``+09:00``, ``+0900``, ``+09``, ``+9`` or JST; None when no place on earth has it."""
    if word.isalpha():
        hours = _NAMED_OFFSETS.get(word)
        return None if hours is None else timezone(timedelta(hours=hours))
    digits = word[1:].replace(":", "")
    hour, minute = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    distance = timedelta(hours=hour, minutes=minute) * (-1 if word[0] == "-" else 1)
    is_real = minute < 60 and timedelta(hours=-12) <= distance <= timedelta(hours=14)
    return timezone(distance) if is_real else None


def _in_zone(local: datetime, spelling: _Spelling, zone: ZoneInfo | None) -> DateReading:
    """The instant when clocks in *zone* showed *local*: the earlier, when they did so twice."""
    if zone is None:
        return _refused("no-zone")
    first = zone.utcoffset(local) or timedelta()
    second = zone.utcoffset(local.replace(fold=1)) or timedelta()
    # Clocks that jump forward have the larger offset afterwards. Source: PEP 495.
    if first < second:
        return _refused("gap", say("{time} does not exist on that day in {zone}", time=f"{local:%H:%M}", zone=zone))
    remarks: list[Oddity] = ["odd-spelling"] if spelling.is_from_mail else []
    remarks.append("date-only" if spelling.is_date_only else "no-offset")
    value = local.replace(tzinfo=timezone(first))
    if first == second:
        return DateReading(value=value, remarks=tuple(remarks))
    time = f"{local:%H:%M}"
    detail = say("{time} comes twice on that day in {zone}, and the earlier is meant", time=time, zone=zone)
    return DateReading(value=value, remarks=(*remarks, "fold"), detail=detail)
