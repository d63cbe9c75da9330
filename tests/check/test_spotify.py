"""Spotify's own tags in a feed: what the pages of the rules do not show."""

from __future__ import annotations

import pytest
from conftest import NOW

from podfeed.linting import lint
from podfeed.testing import example_feed


def _told(fragment: str) -> list[tuple[str, str]]:
    found = lint(example_feed(fragment), "feed.xml", now=NOW)
    return [(each.rule, each.message) for each in found if each.rule.startswith("spotify-")]


@pytest.mark.parametrize("countries", ["jp", "JP", "jp\n gb", ""])
def test_countries_have_two_letters(countries: str) -> None:
    assert _told(f"<spotify:countryOfOrigin>{countries}</spotify:countryOfOrigin>") == []


def test_each_wrong_country_is_told() -> None:
    assert _told("<spotify:countryOfOrigin>jp,gb usa</spotify:countryOfOrigin>") == [
        ("spotify-country-unknown", "“jp,gb” is no country of ISO 3166"),
        ("spotify-country-unknown", "“usa” is no country of ISO 3166"),
    ]


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "１", "", "9999999999999999999"])
def test_limit_is_a_whole_number(count: str) -> None:
    assert _told(f'<spotify:limit recentCount="{count}"/>') == [
        ("spotify-limit-invalid", f"“{count}” is no number of episodes")
    ]


def test_limit_that_hides_nothing_is_silent() -> None:
    """The example feed has two episodes."""
    assert _told('<spotify:limit recentCount="2"/>') == []
    assert _told('<spotify:limit recentCount="1"/>') == [
        ("spotify-limit-hides-episodes", "Spotify hides the oldest episode of this feed")
    ]
