"""The author's lengths and sizes → seconds and bytes, and a length back into the author's spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

#: The spellings that are read, once full-width digits are plain ones.
CLOCK = re.compile(r"(\d+(?::[0-5]\d){0,2})((?:\.\d+)?s?)", re.ASCII)
ISO_8601 = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)
# Bounded, because int() refuses thousands of digits.
BYTES = re.compile(r"\d{1,18}|\d{1,3}(?:,\d{3}){1,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationReading:
    """What was read, and what there is to say about it."""

    #: Zero means not measured; None when refused.
    value: timedelta | None
    #: Without a value “unreadable” or “too-long” (over 48 hours); with one “odd-spelling”, or nothing to say.
    remark: Literal["", "odd-spelling", "unreadable", "too-long"] = ""


def read_duration(text: str) -> DurationReading:
    """The length *text* names. Any text gets an answer, none raises.

    Usual are whole seconds, ``MM:SS`` and ``H:MM:SS``, where only the first number may exceed 59. Fractions, ``593s``
    and ``PT1H2M3S`` are odd but clear.
    """
    plain = _plain(text)
    if match := CLOCK.fullmatch(plain):
        numbers, is_odd = match[1].split(":"), match[2] != ""
        numbers[-1] += match[2].rstrip("s")
    elif match := ISO_8601.fullmatch(plain):
        numbers, is_odd = [number or "0" for number in match.groups()], True
    else:
        return DurationReading(value=None, remark="unreadable")
    seconds = _seconds(numbers)
    if seconds > _LONGEST_SECONDS:
        return DurationReading(value=None, remark="too-long")
    return DurationReading(value=timedelta(seconds=seconds), remark="odd-spelling" if is_odd else "")


def read_bytes(text: str) -> tuple[int | None, bool]:
    """The size *text* names, None when it names none; and whether the spelling is odd. Any text gets an answer.

    Odd but clear are commas between thousands (``1,234``), and zeros in front: ``010`` is ten, for nobody counts bytes
    in octal. A unit, a sign, a point or an underscore is refused.
    """
    plain = _plain(text)
    if not BYTES.fullmatch(plain):
        return None, False
    return int(plain.replace(",", "")), "," in plain or (plain[0] == "0" and plain != "0")


def whole_seconds(length: timedelta) -> int:
    """*length* in seconds, halves rounded up; at least 1 where there is any length, 0 where there is none."""
    if length <= timedelta():
        return 0
    return max(1, (length + timedelta(milliseconds=500)) // timedelta(seconds=1))


def format_clock(length: timedelta) -> str:
    """*length* as authors write it: ``09:34`` below an hour, else ``1:49:01``."""
    minutes, seconds = divmod(whole_seconds(length), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


#: What is longer is taken for a slip.
_LONGEST_SECONDS = 48 * 3600


def _plain(text: str) -> str:
    """*text* without blanks around it, full-width digits as plain ones."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def _seconds(numbers: Sequence[str]) -> float:
    """Hours, minutes and seconds, or the last of them, as seconds; endless digits make an endless length."""
    total = 0.0
    for number in numbers:
        total = total * 60 + float(number)
    return total
