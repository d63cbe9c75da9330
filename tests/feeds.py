"""What tests about feeds share: the example feed with a change, and what is told of it."""

from __future__ import annotations

from conftest import NOW

from podfeed.diagnostics import Diagnostic
from podfeed.linting import lint
from podfeed.testing import example_feed


def told(fragment: str) -> tuple[Diagnostic, ...]:
    """Everything `podfeed lint` says of the example feed with *fragment*."""
    return lint(example_feed(fragment), "feed.xml", now=NOW)


def rules(fragment: str) -> list[str]:
    """The rules it names, in the order of the file."""
    return [each.rule for each in told(fragment)]


def item(fragment: str) -> list[str]:
    """The same for a change of the first item."""
    return rules(f"<item>{fragment}</item>")
