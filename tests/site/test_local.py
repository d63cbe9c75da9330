"""Words, days and lengths are those of the page's language, and no machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from podfeed.render.site.local import date, length, role, tongue, words

JUNE = datetime(2025, 6, 2, 5, tzinfo=timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "2025年6月2日"),
        ("ja-JP", "2025年6月2日"),
        ("en", "June 2, 2025"),
        ("en-gb", "2 June 2025"),
        ("en-US", "June 2, 2025"),
        ("de", "2. Juni 2025"),
        ("nl", "2 juni 2025"),
        ("zh-TW", "2025年6月2日"),
        ("tlh", "June 2, 2025"),
        ("japanese", "June 2, 2025"),
        ("", "June 2, 2025"),
        ("../ja", "June 2, 2025"),
    ],
)
def test_day_is_written_as_the_language_does(language: str, expected: str) -> None:
    """And as English does where nobody knows the language; it is the day where the show is at home."""
    assert date(language, JUNE) == expected


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (3720, "1 hr 2 min", "1時間2分"),
        (3600, "1 hr", "1時間"),
        (3599.6, "1 hr", "1時間"),
        (1530, "26 min", "26分"),
        (60, "1 min", "1分"),
        (59.7, "1 min", "1分"),
        (42, "42 sec", "42秒"),
        (90_000, "25 hr", "25時間"),
    ],
)
def test_length_is_said_as_the_language_does(seconds: float, english: str, japanese: str) -> None:
    """In hours and minutes; seconds matter where there is less than a minute."""
    assert length("en", timedelta(seconds=seconds)) == length("tlh", timedelta(seconds=seconds)) == english
    assert length("ja", timedelta(seconds=seconds)) == japanese


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "このエピソードは取り下げられました。"),
        ("de-AT", "Diese Folge wurde zurückgezogen."),
        ("zh-TW", "本期节目已撤回。"),
        ("zh", "本期节目已撤回。"),
        ("en-GB", "This episode was withdrawn."),
        ("nl", "This episode was withdrawn."),
    ],
)
def test_words_are_of_the_nearest_language(language: str, expected: str) -> None:
    """A kind of a language speaks as the language does; what nobody has translated is English."""
    assert words(language).gettext("This episode was withdrawn.") == expected


def test_same_moment_is_another_day_elsewhere() -> None:
    """What is remembered of one show is not told of another."""
    assert date("en", JUNE) == "June 2, 2025"
    assert date("en", JUNE.astimezone(UTC)) == "June 1, 2025"


def test_locale_of_the_machine_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines make the same pages."""
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    assert date("en", datetime(2001, 3, 4, tzinfo=UTC)) == "March 4, 2001"
    assert words("sv").gettext("This episode was withdrawn.") == "This episode was withdrawn."


@pytest.mark.parametrize(
    ("language", "other", "expected"),
    [
        ("ja", "en", "英語"),
        ("en", "ja", "Japanese"),
        ("en-GB", "pt-BR", "Portuguese (Brazil)"),
        ("en", "und-x-ours", "und-x-ours"),
        ("en", "", ""),
    ],
)
def test_language_has_the_name_it_has_in_another(language: str, other: str, expected: str) -> None:
    """One that nobody knows keeps its code."""
    assert tongue(language, other) == expected


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("ja", "Sound Designer", "サウンドデザイン"),
        ("ja", "composer", "作曲"),
        ("de-AT", "host", "Moderation"),
        ("en", "composer", "Composer"),
        ("nl", "CO-HOST", "Co-Host"),
        ("ja", "barista", "barista"),
        ("en", "パーソナリティ", "パーソナリティ"),
        ("ja", "", ""),
    ],
)
def test_role_is_said_in_the_language(language: str, written: str, expected: str) -> None:
    """However it is written, if the taxonomy knows it; and as it is written, if not."""
    assert role(language, written) == expected
