"""Words, dates and lengths in the language of a page."""

from __future__ import annotations

import gettext
from datetime import date as Day
from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from podfeed.check.namespace import roles
from podfeed.words import ENGLISH, LOCALE


@lru_cache(maxsize=32)
def words(language: str) -> gettext.NullTranslations:
    """The words of pages in *language*, else in what it is a kind of, else in English: zh-TW, zh, English."""
    locale = _locale(language)
    return gettext.translation("site", LOCALE, [str(locale), locale.language], fallback=True)


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    """What Unicode knows about *language*; about English, where that is nothing."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(ENGLISH)


def date(language: str, moment: datetime) -> str:
    """The day of *moment*, as people who speak *language* write it: “June 2, 2025”."""
    return _day(language, moment.date())


@lru_cache(maxsize=1 << 14)
def _day(language: str, day: Day) -> str:
    return format_date(day, "long", locale=_locale(language))


def moment(language: str, at: datetime) -> str:
    """The day and the time of *at*, and the zone they are told in: “June 2, 2025 5:00 AM (Asia/Tokyo)”."""
    return f"{date(language, at)} {format_time(at, 'short', locale=_locale(language))} ({at.tzinfo})"


@lru_cache(maxsize=1 << 14)
def length(language: str, duration: timedelta) -> str:
    """*duration* as people who speak *language* say it: “1 hr 2 min”."""
    _ = words(language).gettext
    seconds = round(duration.total_seconds())
    hours, minutes = divmod(round(seconds / 60), 60)
    if seconds < 60:
        return _("%(seconds)s sec") % {"seconds": seconds}
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s hr") % {"hours": hours}
    return _("%(hours)s hr %(minutes)s min") % {"hours": hours, "minutes": minutes}


@lru_cache(maxsize=1 << 10)
def tongue(language: str, other: str) -> str:
    """What people who speak *language* call the language *other*; its code where nobody knows a name."""
    try:
        return Locale.parse(other, sep="-").get_display_name(_locale(language)) or other
    except (UnknownLocaleError, ValueError):
        return other


def role(language: str, name: str) -> str:
    """What people who speak *language* call the role *name* of the Podcast Taxonomy; any other as it is written."""
    known = roles().get(name.lower())
    return words(language).gettext(known) if known else name
