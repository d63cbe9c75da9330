"""What authors write for a date, and the instant podfeed reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read.dates import DateReading, Refusal, format_date, read_date, zone

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)
#: An hour at a time, half an hour, midnight, a whole day, summer time that ends for Ramadan.
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2025-07-24 05:00:00 +0900", "2025-07-24T05:00:00+09:00", id="the template's spelling"),
        pytest.param("2025-07-24 05:00:00+09:00", "2025-07-24T05:00:00+09:00", id="offset with colon, attached"),
        pytest.param("2025-07-24 05:00:00 +09:00", "2025-07-24T05:00:00+09:00", id="offset with colon, apart"),
        pytest.param("2025-07-24 05:00:00 +09", "2025-07-24T05:00:00+09:00", id="offset in hours"),
        pytest.param("2025-07-24 05:00:00 +9", "2025-07-24T05:00:00+09:00", id="offset in one digit"),
        pytest.param("2025-07-24 05:00:00 +9:00", "2025-07-24T05:00:00+09:00", id="unpadded offset with minutes"),
        pytest.param("2025-07-24 05:00:00 -0330", "2025-07-24T05:00:00-03:30", id="half an hour west"),
        pytest.param("2025-07-24 05:00:00 +14:00", "2025-07-24T05:00:00+14:00", id="easternmost offset"),
        pytest.param("2025-07-24 05:00:00 -12:00", "2025-07-24T05:00:00-12:00", id="westernmost offset"),
        pytest.param("2025-07-24 05:00:00 -0000", "2025-07-24T05:00:00+00:00", id="minus zero"),
        pytest.param("2025-07-24T05:00:00+09:00", "2025-07-24T05:00:00+09:00", id="T between"),
        pytest.param("2025-07-24T05:00:00Z", "2025-07-24T05:00:00+00:00", id="Z"),
        pytest.param("2025-07-24t05:00:00z", "2025-07-24T05:00:00+00:00", id="lower case t and z"),
        pytest.param("2025-07-24 05:00 +0900", "2025-07-24T05:00:00+09:00", id="no seconds"),
        pytest.param("2025-07-24T05:00:00.987Z", "2025-07-24T05:00:00+00:00", id="fraction dropped"),
        pytest.param("2016-1-5 9:00 +0900", "2016-01-05T09:00:00+09:00", id="unpadded month, day and hour"),
        pytest.param("2025/06/02 05:00:00 +0900", "2025-06-02T05:00:00+09:00", id="slashes, year first"),
        pytest.param("２０２５-０７-２４　０５：００：００　＋０９００", "2025-07-24T05:00:00+09:00", id="full width"),
        pytest.param("  2025-07-24 \t 05:00:00   +0900\n", "2025-07-24T05:00:00+09:00", id="blanks"),
        pytest.param("1990-01-01 00:00:00 +0900", "1990-01-01T00:00:00+09:00", id="first year"),
        pytest.param("2100-12-31 23:59:59 -0500", "2100-12-31T23:59:59-05:00", id="last year"),
        pytest.param("2024-02-29 05:00:00 +0900", "2024-02-29T05:00:00+09:00", id="leap day"),
    ],
)
def test_date_with_an_offset_is_read_without_a_remark(text: str, expected: str) -> None:
    """The offset the author wrote counts, in any usual spelling, and the show's zone does not matter."""
    wanted = DateReading(value=datetime.fromisoformat(expected))

    assert read_date(text, None) == wanted
    assert read_date(text, NEW_YORK) == wanted
    assert _offset_of(read_date(text, None)) == datetime.fromisoformat(expected).utcoffset()


@pytest.mark.failure("IN-15")
@pytest.mark.parametrize(
    ("text", "expected", "remarks"),
    [
        pytest.param("2025-07-24 05:00:00", "2025-07-24T05:00:00+09:00", ("no-offset",), id="naive"),
        pytest.param("2025-07-24T05:00:00", "2025-07-24T05:00:00+09:00", ("no-offset",), id="naive with T"),
        pytest.param("2025-07-24 05:00", "2025-07-24T05:00:00+09:00", ("no-offset",), id="naive, no seconds"),
        pytest.param("2025-07-24", "2025-07-24T00:00:00+09:00", ("date-only",), id="date only"),
        pytest.param("2019-08-5", "2019-08-05T00:00:00+09:00", ("date-only",), id="date only, unpadded day"),
        pytest.param("2025/06/02", "2025-06-02T00:00:00+09:00", ("date-only",), id="date only, slashes"),
        pytest.param("2025-07-24 05:00:00 JST", "2025-07-24T05:00:00+09:00", ("odd-spelling",), id="JST"),
        pytest.param("2025-07-24 05:00:00 utc", "2025-07-24T05:00:00+00:00", ("odd-spelling",), id="utc"),
        pytest.param("2025-07-24 05:00:00 GMT", "2025-07-24T05:00:00+00:00", ("odd-spelling",), id="GMT"),
        pytest.param("2025-07-24 05:00:00 EST", "2025-07-24T05:00:00-05:00", ("odd-spelling",), id="EST in summer"),
        pytest.param("2025-07-24 05:00:00 PDT", "2025-07-24T05:00:00-07:00", ("odd-spelling",), id="PDT"),
        pytest.param("2025-07-24 05:00:00 CEST", "2025-07-24T05:00:00+02:00", ("odd-spelling",), id="CEST"),
        pytest.param(
            "Fri, 12 Jan 2018 13:00:03 +0000", "2018-01-12T13:00:03+00:00", ("odd-spelling",), id="a real fork's"
        ),
        pytest.param("fri, 12 jan 2018 13:00 GMT", "2018-01-12T13:00:00+00:00", ("odd-spelling",), id="mail, GMT"),
        pytest.param("12 Jan 2018 13:00:03 -0000", "2018-01-12T13:00:03+00:00", ("odd-spelling",), id="no weekday"),
        pytest.param(
            "Fri, 12 Jan 2018 13:00:03", "2018-01-12T13:00:03+09:00", ("odd-spelling", "no-offset"), id="mail, naive"
        ),
    ],
)
def test_date_is_read_with_a_remark(text: str, expected: str, remarks: tuple[str, ...]) -> None:
    """What is clear but better written otherwise has a value, and says what is odd about it."""
    reading = read_date(text, TOKYO)

    assert reading.value == datetime.fromisoformat(expected)
    assert reading.remarks == remarks
    assert _offset_of(reading) == datetime.fromisoformat(expected).utcoffset()


@pytest.mark.failure("IN-15")
@pytest.mark.parametrize(
    ("text", "remark", "detail"),
    [
        pytest.param("7/6/2014", "ambiguous-order", "year has to come first", id="July or June"),
        pytest.param("13/06/2014 05:00", "ambiguous-order", "year has to come first", id="day first"),
        pytest.param("07.06.14", "ambiguous-order", "year has to come first", id="two-digit year"),
        pytest.param("2024-13-01", "unreadable", "there is no month 13", id="month 13"),
        pytest.param("2024-00-01", "unreadable", "there is no month 0", id="month 0"),
        pytest.param("2023-02-29", "unreadable", "2023-02 has no day 29", id="leap day of a common year"),
        pytest.param("2023-04-00", "unreadable", "2023-04 has no day 0", id="day 0"),
        pytest.param("2024-01-01 25:00:00", "unreadable", "there is no time 25:00:00", id="hour 25"),
        pytest.param("2024-01-01 24:00:00", "unreadable", "there is no time 24:00:00", id="hour 24"),
        pytest.param("2024-01-01 23:60", "unreadable", "there is no time 23:60:00", id="minute 60"),
        pytest.param("2016-12-31 23:59:60 +0000", "unreadable", "there is no time 23:59:60", id="leap second"),
        pytest.param("2024-01-01 05:00:00 +99:00", "unreadable", "“+99:00” is not an offset", id="offset 99"),
        pytest.param("2024-01-01 05:00:00 +14:01", "unreadable", "“+14:01” is not an offset", id="too far east"),
        pytest.param("2024-01-01 05:00:00 -12:01", "unreadable", "“-12:01” is not an offset", id="too far west"),
        pytest.param("2024-01-01 05:00:00 +0960", "unreadable", "“+0960” is not an offset", id="60 offset minutes"),
        pytest.param("2024-01-01 05:00:00 IST", "unreadable", "“IST” is not an offset", id="name of three zones"),
        pytest.param("2024-01-01 5:00 pm", "unreadable", "“pm” is not an offset", id="twelve-hour clock"),
        pytest.param("2024-01-01 05:00:00 +090", "unreadable", "", id="offset of three digits"),
        pytest.param("Mon, 12 Jan 2018 13:00:03 +0000", "unreadable", "2018-01-12 is not a Mon", id="wrong weekday"),
        pytest.param("Thu, 30 Feb 2018 13:00:03 +0000", "unreadable", "2018-02 has no day 30", id="30 February"),
        pytest.param("Fri Jan 12 13:00:03 2018", "unreadable", "", id="asctime"),
        pytest.param("0000-01-01", "out-of-range", "the year 0 ", id="year 0"),
        pytest.param("0001-01-01 00:00:00 +0900", "out-of-range", "the year 1 ", id="year 1"),
        pytest.param("1989-12-31", "out-of-range", "the year 1989 ", id="before podcasts"),
        pytest.param("2101-01-01", "out-of-range", "the year 2101 ", id="next century"),
        pytest.param("9999-12-31 23:59:59 -1200", "out-of-range", "the year 9999 ", id="year 9999"),
        pytest.param("", "unreadable", "", id="nothing"),
        pytest.param("tomorrow", "unreadable", "", id="a word"),
        pytest.param("1719900000", "unreadable", "", id="seconds since 1970"),
        pytest.param("20250724", "unreadable", "", id="digits only"),
        pytest.param("2025-06/02", "unreadable", "", id="two separators"),
        pytest.param("2025-07-24 5", "unreadable", "", id="hour alone"),
        pytest.param("2025-07-24Z", "unreadable", "", id="offset without a time"),
        pytest.param("2025-07-24 05:00:00 Asia/Tokyo", "unreadable", "", id="zone of the database"),
        pytest.param("٢٠٢٥-07-24", "unreadable", "", id="digits of another script"),
    ],
)
def test_date_is_refused(text: str, remark: str, detail: str) -> None:
    """Nothing is guessed: what could mean two days, or none, has no value and one reason."""
    reading = read_date(text, TOKYO)

    assert reading.value is None
    assert reading.remarks == (remark,)
    assert detail in reading.detail
    assert bool(detail) == bool(reading.detail)


@pytest.mark.failure("IN-15")
@pytest.mark.parametrize("text", ["2025-07-24 05:00:00", "2025-07-24", "Fri, 12 Jan 2018 13:00:03"])
def test_date_without_offset_needs_a_zone(text: str) -> None:
    """Where nobody says a zone, no hour is invented."""
    assert read_date(text, None) == DateReading(value=None, remarks=("no-zone",))


@pytest.mark.failure("IN-15")
def test_skipped_hour_is_refused_with_its_zone() -> None:
    """The message can say which time does not exist, and where."""
    reading = read_date("2025-03-09 02:30", NEW_YORK)

    assert reading == DateReading(
        value=None, remarks=("gap",), detail="02:30 does not exist on that day in America/New_York"
    )


@pytest.mark.failure("IN-15")
def test_repeated_hour_is_the_earlier() -> None:
    """A time that comes twice means the first, and every remark is kept."""
    reading = read_date("2025-11-02 01:30:00", NEW_YORK)

    assert reading == DateReading(
        value=datetime(2025, 11, 2, 5, 30, tzinfo=UTC),
        remarks=("no-offset", "fold"),
        detail="01:30 comes twice on that day in America/New_York, and the earlier is meant",
    )


@pytest.mark.failure("IN-15")
def test_date_alone_in_a_skipped_midnight_is_refused() -> None:
    """In São Paulo clocks used to jump over midnight, so that a date alone named no instant."""
    assert read_date("2018-11-04", ZoneInfo("America/Sao_Paulo")).remarks == ("gap",)


@pytest.mark.failure("IN-15")
def test_clock_changes_are_kept_in_some_zones_and_years() -> None:
    """Before, inside and after a change of clocks: a sample of the full run."""
    random = Random(15)
    years = random.sample(range(2000, 2041), 10)

    _check_clock_changes(random.sample(ZONES, 3), years)


@pytest.mark.full
@pytest.mark.failure("IN-15")
@pytest.mark.parametrize("name", ZONES)
def test_clock_changes_are_kept_in_every_year(name: str) -> None:
    """Before, inside and after each change of clocks from 2000 to 2040."""
    _check_clock_changes([name], range(2000, 2041))


@pytest.mark.parametrize("name", ["Asia/Tokyo", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+9"])
def test_zone_is_found_by_its_name(name: str) -> None:
    """The names of the time zone database are known, and asked for once."""
    assert zone(name) is ZoneInfo(name)
    assert zone(name) is zone(name)


@pytest.mark.failure("IN-15")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("Asia/Edo", id="unknown"),
        pytest.param("+09:00", id="an offset"),
        pytest.param("America", id="a folder"),
        pytest.param(".", id="the folder itself"),
        pytest.param("../x", id="a way out"),
        pytest.param("/etc/passwd", id="another file"),
        pytest.param("zone.tab", id="a file that is no zone"),
        pytest.param("a\0b", id="null character"),
        pytest.param("\ud800", id="half a character"),
        pytest.param("x" * 5000, id="longer than a file name"),
        pytest.param("localtime", id="the machine's own"),
        pytest.param("right/UTC", id="with leap seconds"),
    ],
)
def test_zone_that_is_none_is_no_error(name: str) -> None:
    """A slip in config.yaml is told by a rule, and never a traceback; nor may the machine decide the hour."""
    assert zone(name) is None


@pytest.mark.failure("IN-15")
@given(st.text() | st.text("0123456789-/:. TtZz+,JSTFriJan２：", max_size=30), st.sampled_from([None, TOKYO, NEW_YORK]))
def test_any_text_gets_an_answer(text: str, show_zone: ZoneInfo | None) -> None:
    """No text makes the reader raise; a value is aware and plausible, and its absence has one reason."""
    reading = read_date(text, show_zone)

    if reading.value is None:
        assert len(reading.remarks) == 1
        assert reading.remarks[0] in get_args(Refusal)
    else:
        assert not set(reading.remarks) & set(get_args(Refusal))
        assert reading.value.utcoffset() is not None
        assert 1990 <= reading.value.year <= 2100


@given(st.text())
def test_any_zone_name_gets_an_answer(name: str) -> None:
    """No name makes the search raise."""
    found = zone(name)

    assert found is None or found.key == name


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)),
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from(["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y/%m/%d %H:%M:%S.%f %z", "%d %b %Y %H:%M:%S %z"]),
)
def test_written_date_reads_back_to_its_instant(local: datetime, minutes: int, spelling: str) -> None:
    """Whatever the offset and the spelling, the second is the same."""
    instant = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert read_date(instant.strftime(spelling), None).value == instant.replace(microsecond=0)
    assert read_date(format_date(instant), None) == DateReading(value=instant.replace(microsecond=0))


def _offset_of(reading: DateReading) -> timedelta | None:
    return reading.value.utcoffset() if reading.value else None


def _check_clock_changes(names: Sequence[str], years: Sequence[int]) -> None:
    """Local times around each change of clocks are read as the zone has them."""
    changes = [(ZoneInfo(name), change) for name in names for year in years for change in _changes(name, year)]
    assert changes

    for show_zone, instant in changes:
        before, after = (show_zone.utcoffset(at.astimezone(show_zone)) for at in (instant - SECOND, instant))
        assert before is not None
        assert after is not None
        start, end = sorted((instant + before, instant + after))
        first = before if after < before else None
        assert _answer(start - SECOND, show_zone) == (start - SECOND - before, "no-offset")
        assert _answer(end, show_zone) == (end - after, "no-offset")
        for inside in (start, start + (end - start) / 2, end - SECOND):
            assert _answer(inside, show_zone) == ((inside - first, "fold") if first is not None else (None, "gap"))


def _answer(local: datetime, show_zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The instant read and the last remark, for *local* written without an offset."""
    reading = read_date(f"{local:%Y-%m-%d %H:%M:%S}", show_zone)
    return reading.value, reading.remarks[-1]


def _changes(name: str, year: int) -> Iterator[datetime]:
    """The instants of *year* at which clocks in the zone change, in UTC: found day by day, then halved."""
    clocks = ZoneInfo(name)
    early = datetime(year, 1, 1, tzinfo=UTC)
    while early.year == year:
        late = early + timedelta(days=1)
        if _clock_offset(early, clocks) != _clock_offset(late, clocks):
            yield _first_second_of_change(early, late, clocks)
        early = late


def _first_second_of_change(early: datetime, late: datetime, clocks: ZoneInfo) -> datetime:
    while late - early > SECOND:
        middle = early + (late - early) // SECOND // 2 * SECOND
        if _clock_offset(middle, clocks) == _clock_offset(early, clocks):
            early = middle
        else:
            late = middle
    return late


def _clock_offset(instant: datetime, clocks: ZoneInfo) -> timedelta | None:
    return instant.astimezone(clocks).utcoffset()
