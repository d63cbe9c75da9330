"""Recurrence rules are read as RFC 5545 has them, with the spellings of the podcast namespace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read.recurrence import read_moment, read_recurrence


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "freq=weekly;interval=2",
        "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY;BYDAY=+4TH;BYMONTH=11",
        "FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=-1;WKST=MO",
        "FREQ=YEARLY;BYYEARDAY=-366,1;BYWEEKNO=53",
        "FREQ=DAILY;BYHOUR=0,23;BYMINUTE=59;BYSECOND=60",
        "FREQ=WEEKLY;UNTIL=20231231T000000Z;",
        " FREQ=WEEKLY; UNTIL=2023-12-31 ",
    ],
)
def test_rule_is_read(text: str) -> None:
    parts, odd = read_recurrence(text)

    assert odd == ()
    assert parts["FREQ"]
    assert len(parts) == text.upper().rstrip(";").count(";") + 1


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("", ("",)),
        ("every Monday", ("every Monday",)),
        ("RRULE:FREQ=WEEKLY", ("RRULE:FREQ=WEEKLY",)),
        ("FREQ=FORTNIGHTLY", ("FREQ=FORTNIGHTLY",)),
        ("FREQ=WEEKLY;FREQ=DAILY", ("FREQ=DAILY",)),
        ("FREQ=WEEKLY;INTERVAL=0", ("INTERVAL=0",)),
        ("FREQ=WEEKLY;INTERVAL=1,2", ("INTERVAL=1,2",)),
        ("FREQ=WEEKLY;COUNT=-3", ("COUNT=-3",)),
        ("FREQ=WEEKLY;BYMONTH=13", ("BYMONTH=13",)),
        ("FREQ=WEEKLY;BYHOUR=-1", ("BYHOUR=-1",)),
        ("FREQ=MONTHLY;BYDAY=0MO", ("BYDAY=0MO",)),
        ("FREQ=MONTHLY;BYDAY=54MO", ("BYDAY=54MO",)),
        ("FREQ=MONTHLY;BYMONTHDAY=", ("BYMONTHDAY=",)),
        ("FREQ=WEEKLY;UNTIL=soon;BYDAY=月", ("UNTIL=soon", "BYDAY=月")),
        ("FREQ=WEEKLY;COUNT=１", ("COUNT=１",)),
    ],
)
def test_odd_piece_is_named_as_written(text: str, odd: tuple[str, ...]) -> None:
    assert read_recurrence(text)[1] == odd


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    parts, odd = read_recurrence(text)

    assert parts or odd
    read_moment(text)
