"""The Bad and Good examples on every rule's page are run, and the pages are whole."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import NOW

from podfeed import testing
from podfeed.check.registry import Rule, rules
from podfeed.diagnostics import Diagnostic
from podfeed.linting import lint
from podfeed.read.decode import SHOW_FIELDS, SPELLINGS

PACKAGE = Path(testing.__file__).parent

#: Rules whose page has no example, for it would not fit on one; each is tried where it says.
WITHOUT_EXAMPLES = {
    "audio-facts-from-lock": "needs a lock with the facts of a missing file: tests/test_checking.py",
    "audio-remote-changed": "needs a server: tests/test_elsewhere.py",
    "audio-remote-unreachable": "needs a server: tests/test_elsewhere.py",
    "audio-remote-unusable": "needs a server: tests/test_elsewhere.py",
    "channel-description-too-long": "needs 4000 bytes: tests/check/test_channel.py",
    "feed-large": "needs megabytes: tests/check/test_feed_rules.py",
    "feed-too-large": "needs megabytes: tests/check/test_feed_rules.py",
    "file-not-utf8": "needs other bytes than text: tests/read/test_source.py",
    "file-too-large": "needs megabytes: tests/read/test_source.py",
    "header-too-large": "needs 201 settings: tests/read/test_source.py",
    "notes-description-far-too-long": "needs 5000 bytes: tests/check/test_notes_rules.py",
    "item-description-too-long": "needs 4000 bytes: tests/check/test_item.py",
    "notes-description-too-long": "needs 4000 bytes: tests/test_checking.py",
    "notes-too-long": "needs 10,000 characters: tests/test_checking.py",
    "path-ambiguous": "needs two files whose names look alike: tests/read/test_folder.py",
    "server-bot-wall": "needs a server: tests/publish/test_hosting.py",
    "server-caching-wrong": "needs a server: tests/publish/test_hosting.py",
    "server-certificate-expiring": "needs a server: tests/publish/test_hosting.py",
    "server-certificate-invalid": "needs a server: tests/publish/test_hosting.py",
    "server-cors-missing": "needs a server: tests/publish/test_hosting.py",
    "server-feed-type-wrong": "needs a server: tests/publish/test_hosting.py",
    "server-feed-unpacked": "needs a server: tests/publish/test_hosting.py",
    "server-feed-wrong": "needs a server: tests/test_verifying.py",
    "server-file-unreachable": "needs a server: tests/publish/test_hosting.py",
    "server-head-missing": "needs a server: tests/publish/test_hosting.py",
    "server-length-wrong": "needs a server: tests/publish/test_hosting.py",
    "server-link-broken": "needs a server: tests/publish/test_hosting.py",
    "server-listing-open": "needs a server: tests/publish/test_hosting.py",
    "server-medium-packed": "needs a server: tests/publish/test_hosting.py",
    "server-not-modified-missing": "needs a server: tests/publish/test_hosting.py",
    "server-not-secure": "needs a server: tests/publish/test_hosting.py",
    "server-range-missing": "needs a server: tests/publish/test_hosting.py",
    "server-redirected": "needs a server: tests/publish/test_hosting.py",
    "server-robots-forbidden": "needs a server: tests/publish/test_hosting.py",
    "server-type-wrong": "needs a server: tests/publish/test_hosting.py",
    "show-description-too-long": "needs 4000 bytes: tests/test_checking.py",
    "stored-caching-wrong": "needs a bucket: tests/test_verifying.py",
    "stored-feed-behind": "needs a bucket: tests/test_verifying.py",
    "stored-feed-changed": "needs a bucket: tests/test_verifying.py",
    "stored-feed-missing": "needs a bucket: tests/test_verifying.py",
    "stored-generation-missing": "needs a bucket: tests/test_verifying.py",
    "stored-header-wrong": "needs a bucket: tests/test_verifying.py",
    "stored-object-changed": "needs a bucket: tests/test_verifying.py",
    "stored-object-missing": "needs a bucket: tests/test_verifying.py",
    "stored-page-behind": "needs a bucket: tests/test_verifying.py",
    "stored-record-wrong": "needs a bucket: tests/test_verifying.py",
}


# ------------------------------------------------------------------------------ examples as projects


def _example(rule: Rule, which: str) -> str:
    """The block below “Bad:” or “Good:” on a page, without its indentation; empty when there is none."""
    found = re.search(rf"^{which}:\n((?:[ ]{{4}}.*\n|\n)*)", rule.page + "\n", re.MULTILINE)
    return "".join(line.removeprefix("    ") for line in found[1].splitlines(keepends=True)).rstrip() if found else ""


def _changes(example: str) -> dict[str, dict[str, str | None]]:
    """What *example* changes in the example project: lines are settings of its episode, unless a comment says of what.

    A block that begins with a fence, or with blank lines, is the episode's whole file.
    """
    if example.lstrip("\n").startswith(("---", "+++", "－－－")):
        return {"files": {"episodes/1.md": example + "\n"}}
    show, config, files = {}, {}, {}
    header: dict[str, str | None] = {}
    for path, lines in _sections(example):
        if path == "podfeed.lock":
            files[path] = lines
        elif path == "config.yaml":
            for name, value in _settings(lines, "      "):
                (show if name in SHOW_FIELDS else config)[name] = value
        elif path == "episodes/1.md":
            header.update(_replaced(lines))
        elif not path.endswith(".md"):
            files[path] = lines
        else:
            base = {**testing.EXAMPLE_HEADER, "title": None, "date": None, "audio_file_path": None, **_replaced(lines)}
            written = "".join(f"{name}: {value}\n" for name, value in base.items() if value is not None)
            files[path] = f"---\n{written}---\n"
    return {"header": header, "show": show, "config": config, "files": files}


def _sections(example: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^# (\S+)\n", f"# episodes/1.md\n{example}\n", flags=re.MULTILINE)[1:]
    yield from zip(parts[::2], parts[1::2], strict=True)


def _settings(lines: str, indent: str = "  ") -> Iterator[tuple[str, str | None]]:
    """Names and values; a value keeps its further lines, what is written twice stays so, an empty value is none."""
    values: dict[str, str] = {}
    for setting in re.split(r"\n(?=\S)", lines.rstrip("\n")):
        name, _, value = setting.partition(":")
        value = re.sub(r"\n\s*", f"\n{indent}", value.strip(" "))
        values[name] = f"{values[name]}\n{name}: {value}" if name in values else value
    yield from ((name, value or None) for name, value in values.items() if name)


def _replaced(lines: str) -> dict[str, str | None]:
    """Settings of an episode; one in another spelling takes the place of the example's own."""
    given = dict(_settings(lines))
    spellings = (names for names in SPELLINGS.values() if any(name in given for name in names))
    return {**{name: None for names in spellings for name in names if name not in given}, **given}


def _told(example: str, told: Callable[..., tuple[Diagnostic, ...]]) -> tuple[Diagnostic, ...]:
    """What is told of *example*: of the example feed when it is XML, else of the example project."""
    if example.lstrip().startswith("<"):
        return lint(testing.example_feed(example), "feed.xml", now=NOW)
    return told(**_changes(example))


# --------------------------------------------------------------------------------------------- tests


def _cases(which: str) -> list[pytest.ParameterSet]:
    return [pytest.param(rule, id=name) for name, rule in rules().items() if _example(rule, which)]


@pytest.mark.parametrize("rule", _cases("Bad"))
def test_bad_example_is_found(rule: Rule, told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Whoever writes what a page calls bad is told so, under that page's name, as gravely as it says, in plain words."""
    _needs_encoder(rule, _example(rule, "Bad"))

    everything = _told(_example(rule, "Bad"), told)

    found = [each for each in everything if each.rule == rule.name]
    assert found
    assert {each.severity for each in found} == {rule.severity}
    assert {each.source for each in found} == {rule.source}
    for each in everything:
        _is_in_plain_words(each)


@pytest.mark.parametrize("rule", _cases("Good"))
def test_good_example_is_not_found(rule: Rule, told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """What a page calls good is not told."""
    found = [each for each in _told(_example(rule, "Good"), told) if each.rule == rule.name]

    assert found == []


def _is_in_plain_words(told: Diagnostic) -> None:
    """Nobody needs to know Python to read a message: no type names, no repr, no exclamation mark."""
    words = f"{told.message} {told.hint}"
    assert not re.search(
        r"\b(None|True|False|NoneType|dict|tuple|datetime|Path|frozenset|Traceback)\b|<class|\w+Error\b", words
    ), words
    assert not re.search(r"(?<!“)!(?!”)", words.replace("* & ! %", "").replace("![", "")), words
    assert "\n" not in told.hint
    assert told.message and not told.message.endswith(".")


def _needs_encoder(rule: Rule, example: str) -> None:
    if ".m4a" in example and not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg, which makes M4A files, is not installed")


def test_every_rule_has_a_bad_and_a_good_example() -> None:
    """What is wrong is shown; the few rules that cannot show it say where they are tried."""
    without = {name for name, rule in rules().items() if not (_example(rule, "Bad") and _example(rule, "Good"))}

    assert without == WITHOUT_EXAMPLES.keys()
    for name, reason in WITHOUT_EXAMPLES.items():
        file = PACKAGE.parent / reason.partition(": ")[2]
        assert f'"{name}"' in file.read_text("utf-8"), f"{name} is not tried in {file}"


@pytest.mark.parametrize("rule", [pytest.param(rule, id=name) for name, rule in rules().items()])
def test_rule_has_a_page(rule: Rule) -> None:
    """A rule says in one sentence what is wrong, and whose requirement it is; its subject is its module."""
    assert re.match(r"[^.]+\.", rule.page), "its page begins with a sentence"
    assert "\n\n\n" not in rule.page.split("Bad:")[0]
    assert rule.source
    assert rule.severity in ("error", "warning", "info")
    subject = rule.name.partition("-")[0]
    module = rule.check.__module__.rpartition(".")[2]
    assert module == {"setting": "field", "lock": "file"}.get(subject, subject)


def _named_rules() -> Iterator[tuple[str, str]]:
    """Every rule a reader names: the values of ``rule=``, and the fixed ones given to `say`."""
    sources = [*(PACKAGE / "read").glob("*.py"), PACKAGE / "loading.py", PACKAGE / "checking.py"]
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "rule":
                yield from ((path.name, text) for text in _texts(node.value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                yield from ((path.name, text) for argument in node.args for text in _texts(argument) if _is_rule(text))
            if isinstance(node, ast.FunctionDef):
                yield from (
                    (path.name, text) for each in node.args.kw_defaults for text in _texts(each) if _is_rule(text)
                )


def _texts(node: ast.AST | None) -> list[str]:
    nodes = ast.walk(node) if node is not None and not isinstance(node, ast.JoinedStr) else []
    return [each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _is_rule(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text))


def test_every_fault_of_a_reader_has_a_page() -> None:
    """No reader names a rule that is not there."""
    named = {name for _, name in _named_rules()} - {""}

    assert len(named) > 30
    assert named <= rules().keys()


def test_every_page_of_a_reader_is_told_by_one() -> None:
    """A page about something that no reader tells would be a promise nobody keeps."""
    rooms = ((PACKAGE / room).glob("*.py") for room in ("", "read", "publish", "render/site"))
    texts = "".join(path.read_text("utf-8") for paths in rooms for path in paths)
    pages = {name for name, rule in rules().items() if rule.subjects == ("reader",)}

    assert {name for name in pages if f'"{name}"' not in texts} == set()
