"""The numbers and days people put into titles and into the names of files."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple


class Label(NamedTuple):
    """The number a title begins with."""

    number: int
    season: int | None = None
    #: Whether it can only be an episode's: “Episode 12” can, the number of “2001: A Space Odyssey” can not.
    is_sure: bool = True


def label_of(title: str) -> Label | None:
    """The number *title* begins with, as ``#12``, ``Ep. 12``, ``S2E3``, ``第１２回`` or ``12.``; None without one."""
    plain = _NAME_OF_SERIES.sub("", unicodedata.normalize("NFKC", title))
    if sure := _LABEL.match(plain):
        label = Label(_number(sure), season=int(sure["season"]) if sure["season"] else None)
    elif perhaps := _PERHAPS_LABEL.match(plain):
        label = Label(_number(perhaps), is_sure=False)
    else:
        return None
    return label if label.number else None


def number_in_name(name: str) -> int | None:
    """The number a file's *name* begins with, behind a day if it has one; None without one."""
    plain = unicodedata.normalize("NFKC", _DAY.sub("", name, count=1))
    plain = plain.replace("_", " ").replace("-", " ").strip()
    found = _LABEL.match(plain) or _LEADING_NUMBER.match(plain)
    return _number(found) or None if found else None


def day_in(text: str) -> date | None:
    """The first day named in *text*, as ``2025-06-02``, ``20250602`` or ``2025年6月2日``; None without one."""
    for found in _DAY.finditer(text):
        if day := _day(*found.groups()):
            return day
    return None


#: What tells two shows of one folder apart: 【山】第３回.
_NAME_OF_SERIES = re.compile(r"^\s*【[^】\d#]*】\s*(?=\S)")
_OPENING = r"[\s\[({<「『【〈《〔]*"
_KANJI = "〇一二三四五六七八九十百千"
#: A label is a word of its own: not “#66DaysOfCode”, and not “第107回全国大会”.
_APART = r"(?![^\W_]|[.,]\d)"
_LABEL = re.compile(
    rf"""{_OPENING}(?:
        (?:\#\s?|no(?:\.\s?|(?=\d))|(?:ep|vol)(?:\.\s?|\s|(?=\d))|episode\s?|エピソード\s?)(?P<number>\d{{1,5}})
        |s(?:eason\s?)?(?P<season>\d{{1,3}})[\s,.:]{{0,2}}e(?:p(?:isode)?)?\.?\s?(?P<of_season>\d{{1,5}})
        |第\s?(?P<counted>\d{{1,5}}|[{_KANJI}]{{1,7}})\s?[回話]
    ){_APART}""",
    re.IGNORECASE | re.VERBOSE,
)
_PERHAPS_LABEL = re.compile(
    rf"{_OPENING}(?:(?P<number>\d{{1,4}})(?:[.:、。]|\s?[–—]|\s-)(?!\d)|第\s?(?P<counted>\d{{1,5}}|[{_KANJI}]{{1,7}})\s?[回話])"
)
_LEADING_NUMBER = re.compile(rf"(?P<number>\d{{1,4}}){_APART}")
_DAY = re.compile(
    r"((?:19|20)\d\d)(?<!\d{5})(?:([-_./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))(?!\d)", re.ASCII
)


def _number(found: re.Match[str]) -> int:
    """The number in the last group, written as ``12`` or as ``十二``."""
    text = found[found.lastgroup or 0]
    if text.isdecimal():
        return int(text)
    total = digits = 0
    for value in (int(unicodedata.numeric(each)) for each in text):
        if value < 10:
            digits = digits * 10 + value
        else:
            total, digits = total + max(digits, 1) * value, 0
    return total + digits


def _day(year: str, _: str | None, *month_and_day: str | None) -> date | None:
    """The day of these parts; None where the calendar has none such."""
    month, day = map(int, filter(None, month_and_day))
    try:
        return date(int(year), month, day)
    except ValueError:
        return None
