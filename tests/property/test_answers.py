"""Whatever is read, the answer is sentences about places in the text, the same each time, and prints in every form."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import jsonschema
import pytest
from commands import ROOT
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from podfeed import explaining, report
from podfeed.check.namespace import TAGS
from podfeed.checking import check, listing
from podfeed.diagnostics import PLATFORMS, Diagnostic
from podfeed.errors import PodfeedError
from podfeed.fixing import fixes
from podfeed.linting import lint
from podfeed.loading import Project, load
from podfeed.read.decode import EPISODE_FIELDS, SHOW_FIELDS
from podfeed.schema import schema
from podfeed.testing import EXAMPLE_HEADER, EXAMPLE_SHOW, example_feed, example_project

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "json.schema.json").read_text("utf-8"))
_FORMAT = jsonschema.Draft202012Validator(SCHEMA)

#: One example takes a tenth of a second: of the large figures, a tenth.
_TRIED = max(50, settings().max_examples // 10)

#: Quotation marks are left to messages, so that what is quoted can be told from podfeed's own words.
_CHARACTER = st.characters(codec="utf-8", exclude_characters="“”")
_TEXT = st.text(_CHARACTER, max_size=12)
#: What people and programs write that is something else to one of the readers on the way.
_ODD = st.sampled_from(
    [
        *("", " ", "0", "-1", "1.5", "１２", "9" * 30, "1e999", "nan", "true", "yes", "None", "null", "~", "{}", "[]"),
        *("a" * 300, "'x'", '"x"', "%s", "{value}", "{", "::error::x", "\x1b[31m", "\u202e", "\x85", "a\rb", "a\nb\n"),
        *("2025-06-02", "2025-06-02 05:00:00 +0900", "Mon, 09 Jun 2025 05:00:00 +0900", "Mon, 99 Jun 20 05:00 Q"),
        *("9999-12-31T23:59:59-14:00", "0001-01-01", "01:02:03", "1:2", "PT1M", "FREQ=WEEKLY;BYDAY=MO,,", "geo:1,2"),
        *(
            "https://[",
            "https://a.example:x/",
            "http://a b",
            "//a",
            "https://é.example/あ?%",
            "data:,x",
            "javascript:x",
        ),
        *("a@b.example", "a@b.example (", "<p>x", "</p>", "<a href=x onclick=y>", "&amp;amp;", "&nbsp;", "Ã©", "]]>"),
        *(
            "第12回 海",
            "#12 Sea",
            "S2E3 Sea",
            "ガ",
            "ja-JP",
            "Technology",
            "News: Tech News",
            "audio/mpeg",
            "../../x.mp3",
        ),
    ]
)
_VALUE = _ODD | _TEXT

# ----------------------------------------------------------------------------------------------- feeds

_NAMES = [
    *(
        "title",
        "link",
        "description",
        "language",
        "pubDate",
        "lastBuildDate",
        "guid",
        "enclosure",
        "item",
        "image",
        "url",
    ),
    *("author", "managingEditor", "category", "copyright", "ttl", "skipHours", "hour", "skipDays", "day", "cloud", "x"),
    *(
        f"itunes:{name}"
        for name in ("author", "block", "category", "complete", "duration", "email", "episode", "title")
    ),
    *(f"itunes:{name}" for name in ("episodeType", "explicit", "image", "keywords", "name", "new-feed-url", "owner")),
    *(f"itunes:{name}" for name in ("season", "subtitle", "summary", "type", "x")),
    *("atom:link", "content:encoded", "psc:chapters", "psc:chapter", "spotify:limit", "spotify:countryOfOrigin"),
    *(f"podcast:{name}" for name in TAGS),
]
_ATTRIBUTES = [
    *("url", "href", "length", "type", "text", "rel", "isPermaLink", "xml:lang", "version", "start", "title", "uri"),
    *sorted({name for tag in TAGS.values() for name in tag.values if name.isalpha()}),
]
#: XML has no other characters.
_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _element(name: str, attributes: dict[str, str], text: str, children: Sequence[str]) -> str:
    written = "".join(f" {each}={quoteattr(_XML.sub('', value))}" for each, value in attributes.items())
    return f"<{name}{written}>{escape(_XML.sub('', text))}{''.join(children)}</{name}>"


_ELEMENT = st.recursive(
    st.builds(
        _element, st.sampled_from(_NAMES), st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUE), _VALUE, st.just(())
    ),
    lambda inside: st.builds(
        _element,
        st.sampled_from(_NAMES),
        st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUE, max_size=4),
        _VALUE,
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)
_ELEMENTS = st.lists(_ELEMENT, max_size=6).map("".join)


@settings(max_examples=_TRIED)
@given(channel=_ELEMENTS, item=_ELEMENTS, name=_VALUE, url=_VALUE)
def test_any_feed_is_answered_in_words(channel: str, item: str, name: str, url: str) -> None:
    """Elements of every namespace, where they belong and where they do not, with anything in them."""
    data = example_feed(f"{channel}<item>{item}</item>")

    found = lint(data, name, now=NOW, url=url, platforms=PLATFORMS)

    assert lint(data, name, now=NOW, url=url, platforms=PLATFORMS) == found
    _are_places_in(data.decode(), found)
    _are_told_in_words(found)
    _FORMAT.validate(json.loads(report.lint_json(found, [{"path": name}], with_statistics=True)))


# -------------------------------------------------------------------------------------------- projects

_SCALAR = st.one_of(_ODD, _TEXT, _VALUE.map(lambda each: json.dumps(each, ensure_ascii=False)))
_TREE = st.recursive(
    _SCALAR,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.dictionaries(st.sampled_from(["name", "email", "ada", "match", "title", "reason"]), inside, max_size=3).map(
            lambda each: "{" + ", ".join(f"{name}: {value}" for name, value in each.items()) + "}"
        ),
    ),
    max_leaves=4,
)
_NOTES = st.lists(
    _VALUE | st.sampled_from(["# ", "**", "`", "[a](b)", "![](x.png)", "<iframe src='x'>", "\n\n", "[a]: ", "00:01 x"]),
    max_size=8,
).map("".join)


def _settings(names: frozenset[str], usual: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """Settings that are mostly sound, so that the rules get to see them."""
    odd = st.dictionaries(st.sampled_from(sorted(names)), _TREE, max_size=5)
    return odd.map(lambda each: {**usual, **each})


def _yaml(settings: dict[str, str], indent: str = "") -> str:
    return "".join(f"{indent}{name}: {value}\n" for name, value in settings.items())


def _toml(settings: dict[str, str]) -> str:
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items())


_HEADER = _settings(EPISODE_FIELDS, EXAMPLE_HEADER)
_EPISODE = st.one_of(
    st.builds("---\n{}---\n{}".format, _HEADER.map(_yaml), _NOTES),
    st.builds("+++\n{}+++\n{}".format, _HEADER.map(_toml), _NOTES),
)
_CONFIG = st.builds(
    "{}shows:\n  radio:\n{}".format,
    _settings(
        frozenset(("site", "actors", "media", "checks", "targets", "timezone", "exclude", "x")),
        {"site": "https://radio.podfeed.example", "actors": "{ada: {name: Ada}}"},
    ).map(_yaml),
    _settings(SHOW_FIELDS, EXAMPLE_SHOW).map(lambda each: _yaml(each, "    ")),
)


@st.composite
def _mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """One of *texts*, often with a few bytes cut out, put in or written over."""
    data = bytearray(draw(texts), "utf-8")
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        start = draw(st.integers(0, len(data)))
        data[start : start + draw(st.integers(0, 9))] = draw(st.binary(max_size=3) | _VALUE.map(str.encode))
    return bytes(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project for all examples: making its audio and its cover is slow."""
    return example_project(tmp_path_factory.mktemp("answers") / "project")


@settings(max_examples=_TRIED)
@given(config=_mutated(_CONFIG), episode=_mutated(_EPISODE), other=_mutated(_EPISODE))
def test_any_project_is_answered_in_words(folder: Path, config: bytes, episode: bytes, other: bytes) -> None:
    """By check, by explain of each file, by fix, and by schema."""
    written = {"config.yaml": config, "episodes/1.md": episode, "episodes/2.md": other}
    for name, data in written.items():
        (folder / name).write_bytes(data)
    try:
        project = load(folder)
    except PodfeedError as error:
        _is_in_words(str(error))
        return

    found = check(project, now=NOW, platforms=PLATFORMS)

    assert check(load(folder), now=NOW, platforms=PLATFORMS) == found
    for name, data in written.items():
        _are_places_in(data.decode("utf-8", "replace"), [each for each in found if each.path == name])
    _are_told_in_words(found)
    _FORMAT.validate(json.loads(report.check_json(found, listing(project, NOW), with_statistics=True)))
    for path in project.files:
        _is_explained(project, path)
    for fix in fixes(project, now=NOW):
        _is_in_words(fix.refusal)
    jsonschema.Draft7Validator.check_schema(schema("episode", project.config))


def _is_explained(project: Project, path: str) -> None:
    explanation = explaining.explain(project, path, now=NOW)
    assert explaining.explain(project, path, now=NOW) == explanation
    for words in (explanation.state, *(row.reason for row in explanation.rows)):
        _is_in_words(words)
    for row in explanation.rows:
        for place in row.places:
            assert 1 <= place.line <= len(re.split(r"\r\n|\r|\n", project.source(place.path).text))
    assert _CONTROL.search(explaining.text(explanation)) is None
    json.loads(explaining.json(explanation))


# ------------------------------------------------------------------------------------------ what holds of all

#: Words of Python's, and of nobody who makes podcasts.
_PYTHON = re.compile(
    r"\b(None|True|False|NoneType|Traceback|dict|tuple|frozenset|datetime|timedelta|Position|Element|Text|Map|str|int)\b"
    r"|<class|<function|object at 0x|[\[(,] ?'|\w\('|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}"
)
_QUOTED = re.compile("“[^”]*”")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _is_in_words(sentence: str) -> None:
    assert _PYTHON.search(_QUOTED.sub("", sentence)) is None, sentence


def _are_places_in(text: str, found: Sequence[Diagnostic]) -> None:
    lines = re.split(r"\r\n|\r|\n", text)
    for each in found:
        place = each.position
        assert 1 <= place.line <= len(lines), each
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, each
        assert place.width >= 0, each


def _are_told_in_words(found: Sequence[Diagnostic]) -> None:
    """In sentences of ours, and as every form of report, none of which lets a control character through."""
    for each in found:
        _is_in_words(each.message)
        _is_in_words(each.hint)
    assert _CONTROL.search(report.text(found)) is None
    assert _CONTROL.search(report.statistics_table(found)) is None
    commands = report.workflow_commands(found)
    assert len(commands.split("\n")) == len(found) + 1
    assert all(re.match("::(error|warning|notice) ", line) for line in commands.split("\n")[:-1])
    results = json.loads(report.sarif_log(found))["runs"][0]["results"]
    assert [each["ruleId"] for each in results] == [each.rule for each in found]
