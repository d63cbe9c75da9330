"""What authors write for a length or a size, and what podfeed reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read.durations import DurationReading, format_clock, read_bytes, read_duration, whole_seconds

ALMOST_NUMBERS = st.text() | st.text("0123456789:.,sPTHMS -+_２：", max_size=12)


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("606", 606, id="seconds"),
        pytest.param("010", 10, id="seconds with a zero in front, not octal"),
        pytest.param("10:06", 606, id="minutes and seconds"),
        pytest.param("44:26", 2666, id="minutes and seconds of a fork"),
        pytest.param("1:49:01", 6541, id="hours"),
        pytest.param("01:49:01", 6541, id="padded hours"),
        pytest.param("09:34", 574, id="padded minutes"),
        pytest.param("5:07", 307, id="unpadded minutes"),
        pytest.param("0:45", 45, id="below a minute"),
        pytest.param("90:00", 5400, id="ninety minutes"),
        pytest.param("2880:00", 172_800, id="two days in minutes"),
        pytest.param("48:00:00", 172_800, id="two days"),
        pytest.param("0", 0, id="zero"),
        pytest.param("00:00", 0, id="the template's value"),
        pytest.param("00:00:00", 0, id="zero with hours"),
        pytest.param(" 09:34\n", 574, id="blanks"),
        pytest.param("０９：３４", 574, id="full width"),
    ],
)
def test_duration_is_read_without_a_remark(text: str, seconds: int) -> None:
    """The same digits mean the same length, with YAML's quotes or without."""
    assert read_duration(text) == DurationReading(value=timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("593.058000s", 593.058, id="a real fork's"),
        pytest.param("593.058", 593.058, id="fraction"),
        pytest.param("593s", 593, id="unit"),
        pytest.param("3:30.5", 210.5, id="clock with a fraction"),
        pytest.param("PT1H2M3S", 3723, id="ISO 8601"),
        pytest.param("PT90M", 5400, id="ISO 8601 minutes"),
        pytest.param("PT0.5S", 0.5, id="ISO 8601 fraction"),
    ],
)
def test_duration_is_read_with_a_remark(text: str, seconds: float) -> None:
    """What is clear but better written otherwise has a value, and is called odd."""
    assert read_duration(text) == DurationReading(value=timedelta(seconds=seconds), remark="odd-spelling")


@pytest.mark.failure("IN-13")
@pytest.mark.parametrize(
    ("text", "remark"),
    [
        pytest.param("", "unreadable", id="nothing"),
        pytest.param("   ", "unreadable", id="blanks"),
        pytest.param("1:2:3", "unreadable", id="unpadded parts"),
        pytest.param("10:6", "unreadable", id="unpadded seconds"),
        pytest.param("10:60", "unreadable", id="second 60"),
        pytest.param("1:60:00", "unreadable", id="minute 60 below an hour"),
        pytest.param("1:01:01:01", "unreadable", id="four parts"),
        pytest.param(":30", "unreadable", id="no minutes"),
        pytest.param("90 min", "unreadable", id="words"),
        pytest.param("-5", "unreadable", id="negative"),
        pytest.param("nan", "unreadable", id="not a number"),
        pytest.param("inf", "unreadable", id="infinity"),
        pytest.param("1e3", "unreadable", id="exponent"),
        pytest.param("1_000", "unreadable", id="underscore"),
        pytest.param("true", "unreadable", id="a truth"),
        pytest.param("PT", "unreadable", id="ISO 8601 without a number"),
        pytest.param("P1D", "unreadable", id="ISO 8601 days"),
        pytest.param("٩:٣٤", "unreadable", id="digits of another script"),
        pytest.param("48:00:01", "too-long", id="over two days"),
        pytest.param("172801", "too-long", id="over two days in seconds"),
        pytest.param("9" * 5000, "too-long", id="more digits than numbers may have"),
    ],
)
def test_duration_is_refused(text: str, remark: str) -> None:
    """Nothing is guessed."""
    reading = read_duration(text)

    assert reading.value is None
    assert reading.remark == remark


@pytest.mark.failure("IN-6")
@pytest.mark.failure("IN-13")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("28104467", (28104467, False), id="bytes"),
        pytest.param("0", (0, False), id="zero, not measured"),
        pytest.param(" 42 ", (42, False), id="blanks"),
        pytest.param("４２", (42, False), id="full width"),
        pytest.param("1,234", (1234, True), id="comma between thousands"),
        pytest.param("5,650,889", (5650889, True), id="two commas"),
        pytest.param("010", (10, True), id="zero in front, not octal"),
        pytest.param("00", (0, True), id="two zeros"),
        pytest.param("12,34", (None, False), id="comma elsewhere"),
        pytest.param("1,234,", (None, False), id="comma at the end"),
        pytest.param("5.6 MB", (None, False), id="unit"),
        pytest.param("1.5", (None, False), id="point"),
        pytest.param("true", (None, False), id="a truth"),
        pytest.param("-1", (None, False), id="negative"),
        pytest.param("+1", (None, False), id="sign"),
        pytest.param("1_000", (None, False), id="underscore"),
        pytest.param("0x10", (None, False), id="hexadecimal"),
        pytest.param("", (None, False), id="nothing"),
        pytest.param("9" * 5000, (None, False), id="more digits than numbers may have"),
    ],
)
def test_size_is_bytes_or_nothing(text: str, expected: tuple[int | None, bool]) -> None:
    """Only plain counts of bytes are sizes; commas and zeros in front are told."""
    assert read_bytes(text) == expected


@pytest.mark.parametrize(
    ("seconds", "whole", "clock"),
    [
        pytest.param(-1, 0, "00:00", id="negative"),
        pytest.param(0, 0, "00:00", id="zero"),
        pytest.param(0.2, 1, "00:01", id="any sound is a second"),
        pytest.param(1.499, 1, "00:01", id="below half"),
        pytest.param(1.5, 2, "00:02", id="half"),
        pytest.param(2.5, 3, "00:03", id="half of an even number"),
        pytest.param(593.058, 593, "09:53", id="minutes"),
        pytest.param(3599.5, 3600, "1:00:00", id="rounded into an hour"),
        pytest.param(6541, 6541, "1:49:01", id="hours"),
        pytest.param(172_800, 172_800, "48:00:00", id="two days"),
    ],
)
def test_length_is_written_as_authors_do(seconds: float, whole: int, clock: str) -> None:
    """Halves go up, and what sounds at all is never written as zero, which would say that nobody measured."""
    length = timedelta(seconds=seconds)

    assert whole_seconds(length) == whole
    assert format_clock(length) == clock


@given(st.integers(0, 172_800).map(lambda seconds: timedelta(seconds=seconds)))
def test_written_length_reads_back_to_itself(length: timedelta) -> None:
    """What podfeed writes into an episode it reads again without a remark."""
    assert read_duration(format_clock(length)) == DurationReading(value=length)


@pytest.mark.failure("IN-13")
@given(ALMOST_NUMBERS)
def test_any_text_gets_a_length_or_a_reason(text: str) -> None:
    """No text makes the reader raise; a length is at most two days."""
    reading = read_duration(text)

    assert (reading.value is None) == (reading.remark in ("unreadable", "too-long"))
    assert reading.value is None or timedelta() <= reading.value <= timedelta(hours=48)


@pytest.mark.failure("IN-13")
@given(ALMOST_NUMBERS)
def test_any_text_gets_a_size_or_nothing(text: str) -> None:
    """No text makes the reader raise; a size is never negative."""
    size, _ = read_bytes(text)

    assert size is None or size >= 0


@given(st.integers(0, 10**17))
def test_written_size_reads_back_to_itself(size: int) -> None:
    """With commas and without."""
    assert read_bytes(f"{size}") == (size, False)
    assert read_bytes(f"{size:,}") == (size, size > 999)
