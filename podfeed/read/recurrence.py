"""A recurrence rule, as ``FREQ=WEEKLY;BYDAY=MO`` → its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_CHOICES = {
    "FREQ": ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
    "WKST": _DAYS,
}
_WEEKDAY = re.compile(rf"(?:[+-]?(\d{{1,2}}))?({'|'.join(_DAYS)})", re.ASCII)
_NUMBER = re.compile(r"([+-]?)(\d{1,9})", re.ASCII)
#: The numbers a part may list.
_RANGES = {
    "COUNT": range(1, 10**9),
    "INTERVAL": range(1, 10**9),
    "BYSECOND": range(61),
    "BYMINUTE": range(60),
    "BYHOUR": range(24),
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYSETPOS": range(1, 367),
}
#: Of them, those that may be counted from the end, as -1.
_SIGNED = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_SINGLE = ("COUNT", "INTERVAL")


def read_recurrence(text: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The parts of the rule by name, in capitals; and those pieces of *text* that are none, or are there twice.

    UNTIL may be written as the podcast namespace does, 2025-12-31, or as iCalendar does, 20251231. Any text gets an
    answer, none raises. Source: RFC 5545, section 3.3.10.
    """
    parts: dict[str, str] = {}
    odd = []
    for piece in text.strip().rstrip(";").split(";"):
        name, _, value = piece.strip().upper().partition("=")
        if name in parts or not _is_part(name, value):
            odd.append(piece)
        else:
            parts[name] = value
    return parts, tuple(odd)


def read_moment(text: str) -> datetime | None:
    """The day or the moment *text* names as ISO 8601 has it; None when it names none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_part(name: str, value: str) -> bool:
    if name == "UNTIL":
        return read_moment(value) is not None
    if name in _CHOICES:
        return value in _CHOICES[name]
    values = [value] if name in _SINGLE else value.split(",")
    if name == "BYDAY":
        return all(_is_weekday(each) for each in values)
    return name in _RANGES and all(_is_number(name, each) for each in values)


def _is_weekday(text: str) -> bool:
    """Whether *text* is a weekday, or one of a month or a year, as +1MO or -1FR."""
    found = _WEEKDAY.fullmatch(text)
    return found is not None and int(found[1] or 1) in range(1, 54)


def _is_number(name: str, text: str) -> bool:
    found = _NUMBER.fullmatch(text)
    return found is not None and int(found[2]) in _RANGES[name] and (not found[1] or name in _SIGNED)
