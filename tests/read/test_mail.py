"""Dates and addresses as e-mail has them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read.mail import is_mail_address, read_contact, read_mail_date


@given(st.datetimes(min_value=datetime(1973, 1, 1), timezones=st.timezones()))
def test_what_mail_writes_is_read_back(value: datetime) -> None:
    """Every instant survives, to the second, in any zone: all of them have had whole minutes since 1973."""
    text = format_datetime(value)
    expected = parsedate_to_datetime(text)

    assert read_mail_date(text).value == expected
    assert read_mail_date(text).remark == ""


@pytest.mark.parametrize(
    ("text", "year"), [("1 Jan 00 00:00 GMT", 2000), ("1 Jan 49 00:00 GMT", 2049), ("1 Jan 50 00:00 GMT", 1950)]
)
def test_two_digits_are_a_year(text: str, year: int) -> None:
    """As RFC 2822 has it."""
    assert read_mail_date(text).value == datetime(year, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("GMT", 12), ("UT", 12), ("EST", 17), ("EDT", 16), ("PST", 20), ("PDT", 19), ("+0900", 3), ("-0930", 21)],
)
def test_zones_have_their_hours(zone: str, hour: int) -> None:
    """The names of America, and numbers."""
    found = read_mail_date(f"01 Jun 2025 12:00 {zone}").value

    assert found is not None
    assert found.astimezone(UTC).hour == hour


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    """Neither dates nor addresses raise."""
    assert read_mail_date(text).remark or read_mail_date(text).value
    assert read_contact(text) in ("", "odd-spelling", "unreadable")


@pytest.mark.parametrize(
    "text", ["(" * 200_000, "a@" * 200_000, "a@b." * 100_000, "a@b.c (" + " " * 200_000, "<" * 200_000]
)
def test_no_text_takes_for_ever(text: str) -> None:
    """Whatever somebody puts into a feed."""
    began = time.monotonic()

    read_mail_date(text)
    read_contact(text)
    is_mail_address(text)

    assert time.monotonic() - began < 1
