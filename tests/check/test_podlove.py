"""Podlove's simple chapters in a feed: what the pages of the rules do not show."""

from __future__ import annotations

import pytest
from conftest import NOW

from podfeed.linting import lint
from podfeed.testing import example_feed


def _rules(version: str, start: str) -> list[str]:
    chapter = f'<psc:chapter start="{start}" title="序"/>'
    chapters = f'<item><psc:chapters version="{version}">{chapter}</psc:chapters></item>'
    found = lint(example_feed(chapters), "feed.xml", now=NOW)
    return [each.rule for each in found if each.rule.startswith("podlove-")]


@pytest.mark.parametrize("start", ["00:00:00.000", "1:02:03", "12:42", "90:00", "8:26.250", "0", "0.000"])
def test_start_is_a_time(start: str) -> None:
    """Seconds alone are read as 0 by some apps, which does not matter where they are 0."""
    assert _rules("1.2", start) == []


@pytest.mark.parametrize("start", ["61", "1:60", "1:75:00", "", "00:01:01,500", "０:10"])
def test_start_is_none(start: str) -> None:
    assert _rules("1.2", start) == ["podlove-start-invalid"]


@pytest.mark.parametrize(("version", "rules"), [("1.0", []), ("1.1", []), ("2", ["podlove-version-unknown"])])
def test_version_is_one_there_is(version: str, rules: list[str]) -> None:
    assert _rules(version, "0:10") == rules
