"""docs/reference/records.md lists what a record holds."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from commands import ROOT

from podfeed.publish import record

PAGE = (ROOT / "docs/reference/records.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("heading", "kind", "beside"),
    [
        pytest.param("The record", record.Record, ["schema"], id="record"),
        pytest.param("An episode in it", record.RecordedItem, [], id="episode"),
        pytest.param("A medium in it", record.RecordedMedia, [], id="medium"),
    ],
)
def test_every_key_of_a_record_is_described(heading: str, kind: type, beside: list[str]) -> None:
    """Each table has a row for every field, in the order of the class, and no row for anything else."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]

    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)

    assert rows == [*beside, *(field.name for field in fields(kind))]


def test_last_line_on_the_page_is_one() -> None:
    """The line that is shown is read as the loop reads it, and names the record that is shown above."""
    example = re.findall(r"^<!-- podfeed .*$", PAGE, re.MULTILINE)[0]
    feed, name = record.unsigned(b"<rss/>\n" + example.encode() + b"\n")

    assert (feed, record.signed(feed, name)) == (b"<rss/>\n", b"<rss/>\n" + example.encode() + b"\n")
    assert f"`{name}`" in PAGE
