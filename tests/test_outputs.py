"""What machines read: JSON and SARIF as their schemas say, annotations for GitHub, and which faults are asked for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from commands import ROOT, podfeed

from podfeed import report
from podfeed.check.registry import Stage, Subject, catalogue, rules
from podfeed.checking import Kind
from podfeed.choosing import named, why_unchecked
from podfeed.diagnostics import PLATFORMS, Diagnostic, Position, Severity
from podfeed.errors import UsageError
from podfeed.testing import example_feed

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "json.schema.json").read_text("utf-8"))
SARIF: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
NOW = "--now=2026-01-01T00:00:00Z"
WAVES = "---\ntitle: Waves\nseason: zwei\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/other.mp3\n---\n"


@pytest.fixture
def faulty(project: Callable[..., Path]) -> Path:
    """A project with a fault of every severity, a scheduled episode and a file that is none."""
    return project(
        header={"season": "two", "title": "Tides #12"},
        files={
            "episodes/波.md": WAVES,
            "episodes/later.md": WAVES.replace("2025", "2099").replace("zwei", "2"),
            "episodes/notes.md": "Not yet an episode.\n",
        },
    )


def _closed(schema: Any) -> Any:
    """*schema* that takes no key it does not name: a key that nobody described is found."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(each) for name, each in schema.items()}
    return {**closed, "additionalProperties": False} if schema.get("type") == "object" else closed


def as_described(text: str, kind: str) -> dict[str, Any]:
    """The JSON in *text*, after the schema of *kind* has agreed with every key and value."""
    schema = {"$ref": f"#/$defs/{kind}", "$defs": _closed(SCHEMA["$defs"])}
    jsonschema.Draft202012Validator.check_schema(schema)
    value: dict[str, Any] = json.loads(text)
    jsonschema.validate(value, schema, jsonschema.Draft202012Validator)
    jsonschema.validate(value, SCHEMA)
    return value


# ----------------------------------------------------------------------------------------------- JSON


def test_json_of_a_check_is_as_its_schema_says(faulty: Path) -> None:
    """Every key is described, and every described key is there."""
    told = as_described(podfeed(faulty, "check", NOW, "--format", "json", "--statistics").stdout, "check")

    season = next(each for each in told["diagnostics"] if each["rule"] == "episode-season-invalid")
    assert (season["line"], season["column"], season["end_column"]) == (7, 9, 12)
    assert {each["severity"] for each in told["diagnostics"]} == set(get_args(Severity))
    assert {each["kind"] for each in told["files"]} == {"episode", "scheduled", "skipped"}


def test_json_counts_what_it_lists(faulty: Path) -> None:
    """The summary and the statistics agree with the diagnostics."""
    told = json.loads(podfeed(faulty, "check", NOW, "--format", "json", "--statistics").stdout)

    severities = Counter(each["severity"] for each in told["diagnostics"])
    summary, statistics = told["summary"], told["statistics"]
    assert (summary["errors"], summary["warnings"], summary["infos"], summary["files"]) == (
        *(severities[each] for each in ("error", "warning", "info")),
        4,
    )
    assert {each["rule"]: each["count"] for each in statistics} == Counter(each["rule"] for each in told["diagnostics"])
    assert statistics == sorted(statistics, key=lambda each: (-each["count"], each["rule"]))
    assert "statistics" not in json.loads(podfeed(faulty, "check", NOW, "--format", "json").stdout)


def test_json_of_a_lint_is_as_its_schema_says(tmp_path: Path) -> None:
    """The same shape as of a check."""
    (tmp_path / "good.xml").write_bytes(example_feed())
    (tmp_path / "bad.xml").write_bytes(b"<rss>")

    told = as_described(podfeed(tmp_path, "lint", NOW, "--format", "json", "good.xml", "bad.xml").stdout, "lint")

    assert [each["path"] for each in told["feeds"]] == ["good.xml", "bad.xml"]
    assert {each["path"] for each in told["diagnostics"]} == {"bad.xml"}


def test_json_of_the_rules_is_as_its_schema_says(tmp_path: Path) -> None:
    """One object for each rule."""
    told = as_described(podfeed(tmp_path, "rules", "--format", "json").stdout, "rules")

    assert [each["name"] for each in told["rules"]] == list(rules())
    assert next(each for each in told["rules"] if each["name"] == "date-invalid")["refused_by"] == ["apple", "spotify"]


@pytest.mark.parametrize(
    ("described", "known"),
    [
        pytest.param(SCHEMA["$defs"]["platforms"]["items"]["enum"], PLATFORMS, id="platforms"),
        pytest.param(SCHEMA["$defs"]["severity"]["enum"], get_args(Severity), id="severities"),
        pytest.param(SCHEMA["$defs"]["file"]["properties"]["kind"]["enum"], get_args(Kind), id="kinds of files"),
        pytest.param(SCHEMA["$defs"]["rule"]["properties"]["stage"]["enum"], get_args(Stage), id="stages"),
        pytest.param(
            SCHEMA["$defs"]["rule"]["properties"]["subjects"]["items"]["enum"],
            {"reader", *get_args(Subject)},
            id="subjects",
        ),
    ],
)
def test_schema_knows_every_word(described: list[str], known: Any) -> None:
    """A script that asks the schema meets no word it does not know."""
    assert set(described) == set(known)


# ---------------------------------------------------------------------------------------------- SARIF


def sarif(folder: Path, *words: str) -> dict[str, Any]:
    """The one run of the log that `podfeed WORDS --format sarif` prints, after the public schema has agreed."""
    log = json.loads(podfeed(folder, *words, NOW, "--format", "sarif").stdout)
    jsonschema.validate(log, SARIF, jsonschema.Draft4Validator)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_is_as_the_public_schema_says(faulty: Path) -> None:
    """And says what the text says: rule, severity, place, words and remedy."""
    run = sarif(faulty, "check")

    result = next(each for each in run["results"] if each["ruleId"] == "episode-season-invalid")
    place = result["locations"][0]["physicalLocation"]
    descriptor = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert place["artifactLocation"] == {"uri": "episodes/1.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 7, "startColumn": 9, "endColumn": 12}
    assert run["columnKind"] == "unicodeCodePoints"
    assert result["level"] == "error"
    assert result["message"]["text"].endswith("\nhint: write 2")
    assert (descriptor["id"], descriptor["properties"]["codes"]) == ("episode-season-invalid", ["EP071"])


def test_sarif_names_files_from_the_root_of_the_repository(faulty: Path) -> None:
    """In characters every address may have; wherever podfeed was run."""
    (faulty.parent / ".git").mkdir()

    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in sarif(faulty / "episodes", "check")["results"]
    }

    assert {f"{faulty.name}/config.yaml", f"{faulty.name}/episodes/%E6%B3%A2.md"} <= uris


def test_sarif_of_nothing_is_a_log_too(tmp_path: Path) -> None:
    """Code scanning closes what is gone."""
    (tmp_path / "feed.xml").write_bytes(example_feed())

    run = sarif(tmp_path, "lint", "feed.xml")

    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


def fingerprints(*diagnostics: Diagnostic) -> list[str]:
    """What code scanning knows *diagnostics* by."""
    results = json.loads(report.sarif_log(diagnostics))["runs"][0]["results"]
    return [each["partialFingerprints"]["podfeed/v1"] for each in results]


def fault(line: int = 3, excerpt: str = "season: two", rule: str = "episode-season-invalid") -> Diagnostic:
    """A fault of an episode."""
    place = Position(line=line, column=9)
    return Diagnostic(rule=rule, severity="error", path="episodes/1.md", position=place, message="no", excerpt=excerpt)


def test_fingerprint_moves_with_its_line() -> None:
    """A line above it is no new fault; another text, another rule and a second of the same are."""
    assert fingerprints(fault(3)) == fingerprints(fault(8))
    assert len({*fingerprints(fault(), fault(), fault(excerpt="season: six"), fault(rule="date-invalid"))}) == 4


@pytest.mark.parametrize(
    ("path", "location"),
    [
        pytest.param("100% a:b.md", {"uri": "100%25%20a%3Ab.md", "uriBaseId": "%SRCROOT%"}, id="a file"),
        pytest.param("\udce3\udc81.md", {"uri": "%E3%81.md", "uriBaseId": "%SRCROOT%"}, id="a name in no encoding"),
        pytest.param("https://radio.example/a%20b.xml", {"uri": "https://radio.example/a%20b.xml"}, id="an address"),
    ],
)
def test_every_text_has_its_address(path: str, location: dict[str, str]) -> None:
    """A file of the repository, or a feed from the web as it is."""
    (result,) = json.loads(report.sarif_log([replace(fault(), path=path)]))["runs"][0]["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location


# --------------------------------------------------------------------------------------------- GitHub


def test_annotation_names_its_place() -> None:
    """GitHub shows it beside the line, its title first."""
    assert report.workflow_commands([fault()]) == (
        "::error file=episodes/1.md,line=3,col=9,title=episode-season-invalid::no\n"
    )


@pytest.mark.parametrize(
    ("severity", "command"), [("error", "error"), ("warning", "warning"), ("info", "notice")], ids=str
)
def test_annotation_is_as_grave_as_its_fault(severity: Severity, command: str) -> None:
    """In GitHub's words."""
    told = replace(fault(), severity=severity, position=Position(width=2))

    assert report.workflow_commands([told]) == (
        f"::{command} file=episodes/1.md,line=1,col=1,endColumn=3,title=episode-season-invalid::no\n"
    )


def test_annotation_holds_one_command_whatever_its_text_is() -> None:
    """What an author wrote ends neither the command nor a setting of it."""
    told = replace(fault(), path="100%, a:b.md", message="“100%\r\n::stop-commands::x”", hint="write 1")

    assert report.workflow_commands([told]) == (
        "::error file=100%25%2C a%3Ab.md,line=3,col=9,title=episode-season-invalid"
        "::“100%25%0D%0A::stop-commands::x”%0Ahint: write 1\n"
    )


def test_annotations_come_with_a_summary(faulty: Path) -> None:
    """For who reads the log of the job."""
    *commands, summary = podfeed(faulty, "check", NOW, "--format", "github").stdout.splitlines()

    assert all(re.match(r"::(error|warning|notice) file=", each) for each in commands)
    assert len(commands) > 3
    assert summary.startswith("2 episodes, 1 scheduled, 1 skipped: ")


# ---------------------------------------------------------------------------------- who would refuse it


def test_summary_names_who_would_refuse_what_is_public() -> None:
    """A draft and an article are in no feed: what is wrong with them stops nobody."""
    told = [
        replace(fault(), refused_by=("spotify",)),
        replace(fault(), path="config.yaml", refused_by=("apple", "spotify")),
        replace(fault(), path="episodes/2.md", refused_by=("youtube",)),
    ]

    def files(kind: str) -> list[dict[str, str]]:
        return [{"path": "episodes/1.md", "kind": "episode"}, {"path": "episodes/2.md", "kind": kind}]

    for kind in ("draft", "article", "scheduled", "skipped"):
        assert report.check_summary(told, files(kind)).endswith(": 3 errors; Apple and Spotify would refuse it")
    assert report.check_summary(told, files("episode")) == (
        "2 episodes: 3 errors; Apple, Spotify and YouTube would refuse it"
    )
    assert json.loads(report.check_json(told, files("draft")))["summary"]["refused_by"] == ["apple", "spotify"]


def test_summary_of_a_lint_counts_feeds() -> None:
    """And names who would refuse them."""
    assert report.lint_summary([], [{"path": "a.xml"}]) == "1 feed: no errors"
    assert report.lint_summary([fault()], [{"path": "a.xml"}, {"path": "b.xml"}]) == "2 feeds: 1 error"


# ------------------------------------------------------------------------------ which faults are asked for


def rules_told(folder: Path, *words: str) -> Counter[str]:
    """How often `podfeed check WORDS` tells of each rule."""
    told = json.loads(podfeed(folder, "check", NOW, "--format", "json", *words).stdout)
    return Counter(each["rule"] for each in told["diagnostics"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["--select", "episode-season-invalid"], {"episode-season-invalid"}, id="a name"),
        pytest.param(["--select", "EP071"], {"episode-season-invalid"}, id="a code"),
        pytest.param(["--select", "ep071"], {"episode-season-invalid"}, id="a code in small letters"),
        pytest.param(["--select", "text-"], {"text-cut-by-comment"}, id="a beginning"),
        pytest.param(
            ["--select", "EP071, text-"], {"episode-season-invalid", "text-cut-by-comment"}, id="commas between"
        ),
        pytest.param(
            ["--select", "EP071", "--select", "text-"],
            {"episode-season-invalid", "text-cut-by-comment"},
            id="given twice",
        ),
        pytest.param(["--select", "EP071,text-", "--ignore", "EP"], set(), id="ignored all the same"),
    ],
)
def test_rules_are_selected(words: list[str], expected: set[str], faulty: Path) -> None:
    """By name, by the beginning of one, by code; everything else stays untold."""
    everything = rules_told(faulty)

    assert rules_told(faulty, *words) == {rule: everything[rule] for rule in expected}


def test_rules_are_ignored(faulty: Path) -> None:
    """The rest is told as ever."""
    everything = rules_told(faulty)

    assert rules_told(faulty, "--ignore", "episode-season-invalid,EP021") == everything - Counter(
        {"episode-season-invalid": 2}
    )


def test_exit_code_speaks_of_what_is_told(faulty: Path) -> None:
    """An error that nobody asked about does not fail a job."""
    assert podfeed(faulty, "check", NOW).returncode == 1
    assert podfeed(faulty, "check", NOW, "--select", "text-").returncode == 0
    assert podfeed(faulty, "check", NOW, "--select", "text-", "--strict").returncode == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("date-invlid", "there is no rule “date-invlid”; is “date-invalid” meant?", id="a near name"),
        pytest.param("audio", "there is no rule “audio”; is “audio-” meant?", id="no hyphen"),
        pytest.param("EP21", "there is no rule “EP21”; is “EP021” meant?", id="a near code"),
        pytest.param("zebra-crossing", "there is no rule “zebra-crossing”", id="nothing near"),
        pytest.param("zebra-", "there is no rule “zebra-”", id="a beginning of none"),
        pytest.param("HT018", "no rule stands for “HT018”: publishing itself tells", id="a code without a rule"),
    ],
)
def test_unknown_rule_is_a_usage_error(name: str, told: str) -> None:
    """With a guess."""
    with pytest.raises(UsageError) as error:
        named(name)

    assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    "words", [["check", "--select", "audio"], ["lint", "-", "--ignore", "audio"], ["rules", "audio"]]
)
def test_nothing_is_checked_for_an_unknown_rule(words: list[str], tmp_path: Path) -> None:
    """Whichever command is asked."""
    done = podfeed(tmp_path, *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "podfeed: there is no rule “audio”; is “audio-” meant?\n"


def test_rules_of_a_code_are_listed(tmp_path: Path) -> None:
    """Several in a table with their platforms, one as its page."""
    counts = Counter(code for rule in rules().values() for code in rule.codes)
    (rule,) = named(next(code for code, count in counts.items() if count == 1))

    assert re.search(
        r"^date-invalid +error +apple, spotify +A date cannot be read",
        podfeed(tmp_path, "rules", "EP021").stdout,
        re.MULTILINE,
    )
    assert podfeed(tmp_path, "rules", next(code for code in rule.codes if counts[code] == 1)).stdout == (
        report.rule_page(rule) + "\n"
    )


def test_statistics_take_the_place_of_the_faults(faulty: Path) -> None:
    """Most often first, then by name."""
    lines = podfeed(faulty, "check", NOW, "--statistics").stdout.splitlines()

    counts = [(-int(line.split()[0]), line.split()[2]) for line in lines[:-1]]
    assert counts == sorted(counts)
    assert (-2, "episode-season-invalid") in counts
    assert lines[-1].startswith("2 episodes, 1 scheduled, 1 skipped: ")


@pytest.mark.parametrize("option", ["--statistics", "--list"])
@pytest.mark.parametrize("form", ["github", "sarif"])
def test_options_without_a_meaning_are_refused(option: str, form: str, faulty: Path) -> None:
    """Rather than ignored."""
    done = podfeed(faulty, "check", option, "--format", form)

    assert (done.returncode, done.stderr) == (2, f"podfeed: {option} goes with --format text or json\n")


# ------------------------------------------------------------------------------------------ catalogue


def test_nearly_every_row_of_the_catalogue_has_a_rule() -> None:
    """What has none has a reason."""
    rows = list(catalogue())
    checked = {code for rule in rules().values() for code in rule.codes}

    assert [code for code in rows if code not in checked and not why_unchecked(code)] == []
    assert len(checked.intersection(rows)) >= 0.95 * len(rows)


def test_codes_of_rules_are_in_the_catalogue() -> None:
    """No rule claims a row that is not there, and no row with a rule has a reason to have none."""
    for rule in rules().values():
        assert set(rule.codes) <= catalogue().keys(), rule.name
        assert not any(catalogue()[code].unchecked for code in rule.codes), rule.name


def test_every_code_names_its_rules() -> None:
    """Or says why there are none."""
    for code in catalogue():
        if why_unchecked(code):
            with pytest.raises(UsageError, match=code):
                named(code)
        else:
            assert all(code in rule.codes for rule in named(code))
