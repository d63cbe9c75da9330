"""How it is told: to people with a caret under the place, to scripts as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from podfeed import report
from podfeed.check.registry import rules
from podfeed.diagnostics import Diagnostic, Platform, Position

FAULT = Diagnostic(
    rule="episode-season-invalid",
    severity="error",
    path="episodes/1.md",
    position=Position(line=8, column=9, width=3),
    message="“season”: expected a whole number, found “two”",
    hint="write 2",
    source="somebody",
    excerpt="season: two",
)


def test_fault_is_told_with_its_line_and_a_caret() -> None:
    """As compilers do: editors jump to the place."""
    assert report.text([FAULT]) == (
        "episodes/1.md:8:9: error: “season”: expected a whole number, found “two” [episode-season-invalid]\n"
        "   8 | season: two\n"
        "     |         ^^^\n"
        "   hint: write 2\n"
    )


@pytest.mark.parametrize(
    ("excerpt", "column", "width", "caret"),
    [
        pytest.param("title: 潮の満ち引き", 8, 2, " " * 7 + "^" * 4, id="wide characters take two columns"),
        pytest.param("潮潮: x", 5, 1, " " * 6 + "^", id="wide characters before"),
        pytest.param("カ\u3099カ\u3099: x", 7, 1, " " * 6 + "^", id="marks that stand on another take none"),
        pytest.param("\ta: x", 2, 1, " ^", id="a tab is one column"),
        pytest.param("a: \x1b[31mx", 4, 1, "   ^", id="what would colour the terminal is not printed"),
        pytest.param("a: x", 4, 50, "   ^", id="never longer than the line"),
    ],
)
def test_caret_stands_below_the_place(excerpt: str, column: int, width: int, caret: str) -> None:
    """On a terminal, counted in its columns."""
    told = report.text([replace(FAULT, excerpt=excerpt, position=Position(line=1, column=column, width=width))])

    assert told.splitlines()[2] == "     | " + caret
    assert "\x1b" not in told
    assert "\t" not in told


def test_long_line_is_cut_around_the_place() -> None:
    """A paragraph of a thousand characters does not fill the screen."""
    line = "x" * 500 + "HERE" + "y" * 500

    shown, caret = report.text(
        [replace(FAULT, excerpt=line, position=Position(line=1, column=501, width=4))]
    ).splitlines()[1:3]

    assert len(shown) <= 107
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "HERE"


@pytest.mark.parametrize(
    "fault",
    [replace(FAULT, excerpt=""), replace(FAULT, excerpt="   "), replace(FAULT, position=Position(line=3, column=1))],
)
def test_place_without_a_text_has_no_excerpt(fault: Diagnostic) -> None:
    """A missing field, an empty file."""
    assert [line[:8] for line in report.text([replace(fault, hint="")]).splitlines()] == ["episodes"]


def test_colour_is_for_terminals() -> None:
    """And changes no word."""
    coloured = report.text([FAULT], colour=True)

    assert "\033[31;1merror\033[0m" in coloured
    assert "\033" not in report.text([FAULT])


def test_summary_is_one_line() -> None:
    """How much was looked at, and what was found."""
    kinds = ("episode", "episode", "draft", "skipped", "scheduled")
    files = [{"path": f"{at}.md", "kind": kind} for at, kind in enumerate(kinds)]
    faults = [
        FAULT,
        replace(FAULT, severity="warning"),
        replace(FAULT, severity="info"),
        replace(FAULT, severity="info"),
    ]

    assert report.check_summary(faults, files) == (
        "2 episodes, 1 draft, 1 scheduled, 1 skipped: 1 error, 1 warning, 2 notes"
    )
    assert report.check_summary(
        faults[2:], [*files, {"kind": "article", "path": "e"}, {"kind": "faulty", "path": "f"}]
    ) == ("2 episodes, 1 article, 1 draft, 1 scheduled, 1 skipped, 1 faulty: no errors, 2 notes")
    assert report.check_summary([], []) == "no files: no errors"


def test_json_is_what_scripts_rely_on() -> None:
    """The names of the keys are a promise."""
    file = {"path": "a.md", "kind": "episode", "show": "radio", "reason": None, "date": None}

    told = json.loads(report.check_json([FAULT], [file]))

    assert told == {
        "version": 1,
        "diagnostics": [
            {
                "rule": "episode-season-invalid",
                "severity": "error",
                "path": "episodes/1.md",
                "line": 8,
                "column": 9,
                "end_column": 12,
                "message": "“season”: expected a whole number, found “two”",
                "hint": "write 2",
                "source": "somebody",
                "refused_by": [],
            }
        ],
        "files": [file],
        "summary": {"errors": 1, "warnings": 0, "infos": 0, "files": 1, "refused_by": []},
    }


def test_table_is_straight_with_wide_characters() -> None:
    """Every column begins below itself."""
    assert report.table([("file", "what"), ("潮.md", "episode"), ("a-long-name.md", "")]) == (
        "file            what\n潮.md           episode\na-long-name.md\n"
    )
    assert report.table([]) == ""


def test_nothing_moves_the_cursor() -> None:
    """Names of files may hold anything; the blank of Japanese stays what it is."""
    shown = report.table([("file\x1b[2J", "海\u3000辺"), ("\n::error::", "\u202ex")])

    assert shown.split("\n") == ["file\ufffd[2J    海\u3000辺", "\ufffd::error::  \ufffdx", ""]


def test_rule_is_shown_to_people_and_scripts() -> None:
    """The same page."""
    rule = rules()["date-invalid"]

    assert report.rule_page(rule).startswith(
        "date-invalid (error)\n\nA date cannot be read without guessing.\n\nBad:\n    date: 7/6/2014"
    )
    assert report.rule_page(rule).endswith(f"\n\nRequired by: {rule.source}\nApple and Spotify refuse this")
    (values,) = json.loads(report.rules_json([rule]))["rules"]
    assert (values["subjects"], values["codes"], values["refused_by"]) == (["reader"], ["EP021"], ["apple", "spotify"])
    assert values["summary"] == "A date cannot be read without guessing."
    assert (values["stage"], values["can_be_quieted"]) == ("S", False)


@pytest.mark.parametrize(
    ("refused_by", "told"),
    [
        ((), "found “two” [episode"),
        (("apple",), "found “two” (Apple refuses this) [episode"),
        (("apple", "spotify", "psp1"), "found “two” (Apple, Spotify and PSP-1 refuse this) [episode"),
    ],
    ids=["nobody", "one", "several"],
)
def test_who_refuses_a_fault_is_told_beside_it(refused_by: tuple[Platform, ...], told: str) -> None:
    """An author sees what would come of it."""
    assert told in report.text([replace(FAULT, refused_by=refused_by)])
