"""The smallest edit: how each kind of value is put into headers of every make. Its laws: tests/property/test_fixes.py."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from podfeed.edit import Value, put, setting
from podfeed.read.source import read_episode_file

_MOMENT = datetime(2025, 6, 2, 5, tzinfo=timezone(timedelta(hours=9)))


def _put(text: str, name: str, value: Value, *below: str) -> str | None:
    edited = put(read_episode_file("episodes/1.md", text.encode()), name, value, below=below)
    return edited.text if edited else None


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        pytest.param(8320, "0", "8320", id="number for a number"),
        pytest.param(8320, '"0"', '"8320"', id="number in quotes"),
        pytest.param(8320, "'0'", "'8320'", id="number in single quotes"),
        pytest.param(True, "explicit", "true", id="true"),
        pytest.param(False, "clean", "false", id="false"),
        pytest.param("01:01", "1:1", '"01:01"', id="text without quotes gets them"),
        pytest.param("01:01", "01:01", '"01:01"', id="the same text without quotes"),
        pytest.param("01:01", "'01:01'", "'01:01'", id="the same text in quotes"),
        pytest.param("01:01", "'1:1'", "'01:01'", id="text keeps its quotes"),
        pytest.param('a "b"', "c", '"a \\"b\\""', id="quotation marks inside"),
        pytest.param("01:01", "", ' "01:01"', id="nothing there"),
        pytest.param("01:01", " ~", ' "01:01"', id="nothing meant"),
        pytest.param("01:01", " |\n  1:1", ' "01:01"', id="text block"),
        pytest.param("01:01", "   1:1   # c", '   "01:01"   # c', id="comment and spaces"),
        pytest.param(_MOMENT, "2025-06-02", "2025-06-02 05:00:00 +0900", id="moment"),
        pytest.param(_MOMENT, "'2025-06-02'", "'2025-06-02 05:00:00 +0900'", id="moment in quotes"),
        pytest.param(("ada",), "ada # c", "[ada] # c", id="list of one"),
        pytest.param(("春日部つむぎ",), "春日部つむぎ", "[春日部つむぎ]", id="japanese list"),
        pytest.param(("a: b",), "'a: b'", "['a: b']", id="list of a quoted text"),
    ],
)
def test_value_takes_the_place_of_another(value: Value, old: str, new: str) -> None:
    """Only the value changes: comments, spaces, quotes and the settings around it stay."""
    space = "" if not old or old[0] in " " else " "
    text = f"---\ntitle: x\nit:{space}{{}}\n# c\nz: [1,  2]\n---\nNotes\n"

    assert _put(text.format(old), "it", value) == text.format(new)


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        pytest.param(8320, "1_000 # bytes", "8320 # bytes", id="comment stays"),
        pytest.param(8320, "'0'", "'8320'", id="number in quotes"),
        pytest.param("01:01", '"#1" # c "d"', '"01:01" # c "d"', id="sign of a comment in quotes"),
        pytest.param(_MOMENT, "2025-06-02T05:00:00", "2025-06-02T05:00:00+09:00", id="moment"),
        pytest.param(_MOMENT, "'2025-06-02'", "'2025-06-02T05:00:00+09:00'", id="moment in quotes"),
        pytest.param(("ada",), '"ada" # c', '["ada"] # c', id="list of one"),
    ],
)
def test_toml_value_takes_the_place_of_another(value: Value, old: str, new: str) -> None:
    """The same in TOML, whose moments are written its own way."""
    text = "+++\ntitle = 'x'\nit = {}\n[table]\nit = 1\n+++\n"

    assert _put(text.format(old), "it", value) == text.format(new)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("a: 1\nb: 2", "a: 1\nit: 3\nb: 2", id="below the first name that is there"),
        pytest.param("a: >-\n  1\n\nb: 2", "a: >-\n  1\n\nit: 3\nb: 2", id="below a text block"),
        pytest.param("b: 2\na: 1", "b: 2\na: 1\nit: 3", id="at the end"),
        pytest.param("b: 2", "b: 2\nit: 3", id="where no name is there"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_new_setting_has_a_line_of_its_own(header: str, expected: str, ending: str) -> None:
    """It ends as the file's other lines do."""
    text = "---\n{}\n---\n"

    edited = _put(text.format(header).replace("\n", ending), "it", 3, "none", "a")

    assert edited == text.format(expected).replace("\n", ending)


def test_new_setting_of_toml_stands_above_the_tables() -> None:
    """Below a table's head it would belong to the table."""
    assert _put("+++\na = 1\n[t]\nb = 2\n+++\n", "it", "x") == '+++\na = 1\nit = "x"\n[t]\nb = 2\n+++\n'


@pytest.mark.parametrize(
    ("header", "value"),
    [
        pytest.param("it: [1, 2]", 3, id="a list"),
        pytest.param("it: {a: b}", 3, id="settings"),
        pytest.param("it: | # c\n  1", 3, id="a comment inside the value"),
        pytest.param("it: ada, bo", ("ada, bo",), id="a comma would make two of it"),
        pytest.param("{title: x}", 3, id="a header in braces"),
    ],
)
def test_edit_gives_up_rather_than_guess(header: str, value: Value) -> None:
    """What cannot be put in without changing something else is left to the author."""
    assert _put(f"---\n{header}\n---\n", "it", value) is None


@pytest.mark.parametrize(
    ("value", "dialect", "line"),
    [
        pytest.param("45:30", "yaml", 'it: "45:30"', id="text"),
        pytest.param(8320, "toml", "it = 8320", id="number in TOML"),
        pytest.param(("ada",), "yaml", 'it: ["ada"]', id="list"),
        pytest.param(_MOMENT, "yaml", "it: 2025-06-02 05:00:00 +0900", id="moment"),
    ],
)
def test_setting_is_shown_as_it_is_to_be_written(value: Value, dialect: str, line: str) -> None:
    """For whoever has to write it by hand."""
    assert setting("it", value, dialect) == line
