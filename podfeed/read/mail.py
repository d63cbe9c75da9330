"""What feeds have from e-mail, dates and addresses → what they mean, and whether they are spelt as in feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal

# ----------------------------------------------------------------------------------------------- dates

DateRemark = Literal["", "odd-spelling", "wrong-weekday", "impossible", "unreadable"]


@dataclass(frozen=True, slots=True)
class MailDate:
    """What was read, and what there is to say about it."""

    #: Aware; None when it is impossible or unreadable.
    value: datetime | None
    remark: DateRemark = ""


@lru_cache(maxsize=1 << 15)
def read_mail_date(text: str) -> MailDate:
    """The instant *text* names as e-mail does. Any text gets an answer, none raises.

    Usual is ``Sat, 01 Apr 2023 19:00:00 +0900``, where the weekday and the seconds may be missing, and where the zone
    may be GMT, UT or one of the American names. Odd are other capitals and blanks, years of two digits, comments, and
    the zones of one letter. Source: RFC 2822, sections 3.3 and 4.3.
    """
    usual = _USUAL.fullmatch(text)
    match = usual or _ODD.fullmatch(_COMMENT.sub(" ", text).strip())
    if match is None:
        return MailDate(None, "unreadable")
    weekday, day, month, year, hour, minute, second, zone = match.groups()
    try:
        date = _full_year(year), _MONTHS.index(month.title()) + 1, int(day)
        # A leap second, 23:59:60, is a time too.
        clock = int(hour), int(minute), 59 if second == "60" else int(second or 0)
        value = datetime(*date, *clock, tzinfo=_zone(zone.upper()))
    except ValueError:
        return MailDate(None, "impossible")
    if weekday and weekday.title() != _WEEKDAYS[value.weekday()]:
        return MailDate(value, "wrong-weekday")
    return MailDate(value, "" if usual else "odd-spelling")


def _full_year(digits: str) -> int:
    """Source: RFC 2822, section 4.3."""
    year = int(digits)
    return year if len(digits) > 2 else year + 2000 if year < 50 else year + 1900


def _zone(word: str) -> timezone:
    """The offset of ``+0900`` or a name. Raises ValueError when no place on earth has it."""
    if word[0] not in "+-":
        # Letters of the military were defined the wrong way round, so that none can be trusted: RFC 2822, section 4.3.
        return timezone(timedelta(hours=_HOURS.get(word, 0)))
    hours, minutes = int(word[1:3]), int(word[3:])
    if hours > 14 or minutes > 59:
        raise ValueError(word)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if word[0] == "-" else 1))


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOURS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


def _spelling(*, gap: str, comma: str, year: str, zone: str) -> str:
    day = rf"(?:({'|'.join(_WEEKDAYS)}){comma})?([0-9]{{1,2}}){gap}({'|'.join(_MONTHS)}){gap}({year})"
    return (
        rf"{day}{gap}([0-9]{{2}}):([0-9]{{2}})(?::([0-9]{{2}}))?{gap}([+-][0-9]{{4}}|GMT|UT|{'|'.join(_HOURS)}{zone})"
    )


_USUAL = re.compile(_spelling(gap=" ", comma=", ", year="[0-9]{4}", zone=""))
_ODD = re.compile(
    _spelling(gap=r"\s+", comma=r",\s*", year="[0-9]{4}|[0-9]{2}", zone="|[A-IK-Y]"), re.IGNORECASE | re.ASCII
)
_COMMENT = re.compile(r"\([^()]*\)")

# ------------------------------------------------------------------------------------------- addresses


def is_mail_address(text: str) -> bool:
    """Whether *text* is one bare address, as ``ada@radio.example``, with nothing around it."""
    return bool(_ADDRESS.fullmatch(text))


def read_contact(text: str) -> Literal["", "odd-spelling", "unreadable"]:
    """How *text* names somebody who can be written to: usual is ``ada@radio.example (Ada)``.

    Odd are an address without a name, ``Ada <ada@radio.example>`` and ``mailto:ada@radio.example``.
    """
    address, _, name = text.partition("(")
    if is_mail_address(address.strip()) and name.endswith(")") and name.strip("() "):
        return ""
    before = _NAME_BEFORE.fullmatch(text)
    bare = before[1] if before else text.removeprefix("mailto:")
    return "odd-spelling" if is_mail_address(bare) else "unreadable"


_ADDRESS = re.compile(r"[^\s@<>():;,]+@[^\s@<>():;,.]+(?:\.[^\s@<>():;,.]+)+")
_NAME_BEFORE = re.compile(r"[^<>@]*<([^<>]*)>")
