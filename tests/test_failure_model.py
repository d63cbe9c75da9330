"""Every row of the failure model is shown by a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def test_every_row_is_shown() -> None:
    """A test that shows one says so with a mark, and there is no mark for a row that does not exist."""
    model = TESTS.parents[1] / "shared/design/failure-model.md"
    if not model.exists():
        pytest.skip("the failure model lies beside the project")
    rows = set(re.findall(r"^\| ([A-Z]{2}-\d+) \|", model.read_text("utf-8"), re.MULTILINE))
    files = (*TESTS.glob("test_*.py"), *TESTS.glob("*/test_*.py"))

    marks = {row for path in files for row in re.findall(r'mark\.failure\("(.+?)"\)', path.read_text("utf-8"))}

    assert len(rows) > 80
    assert marks == rows
