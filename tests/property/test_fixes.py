"""Whatever an author writes: mending keeps every meaning and every other byte, and twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from podfeed.edit import Value, put
from podfeed.fixing import Fix, fixes, write
from podfeed.loading import Project, load
from podfeed.model import Episode
from podfeed.read.decode import decode_episode
from podfeed.read.durations import whole_seconds
from podfeed.read.source import Map, Node, Source, Text, read_episode_file
from podfeed.testing import example_project, tiny_mp3

NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: What the audio of every example is.
SIZE, LENGTH = 486096, timedelta(seconds=61)


# ------------------------------------------------------------------------------------- files of any make

_TEXTS = [
    "Tides",
    "海辺の話",
    "「潮」：月と海。",
    "12",
    "3.10",
    "No",
    "2025-06-02",
    "45:30",
    "1e3",
    "~",
    "a 'b'",
    "x #y",
]
_YAML = {
    "title": [*_TEXTS, "'3.10'", '"海 # 1"', ">-\n  Tides\n  and waves", "|\n  No", "Tides\n  and waves", "[a, b]"],
    "description": [*_TEXTS, "'二つの  海 '", '"\\t海 \\"潮\\" "', "|\n  one\n\n  two", '"a\\nb"', ">- # c\n  No"],
    "date": [
        *("2025-06-02", "2025-06-02 05:00", "2025-06-02 05:00:00 +0900", "2025-06-02T05:00:00", "'2025/6/2 5:00'"),
        *(
            "2025-06-02 05:00:00 JST",
            "Mon, 2 Jun 2025 05:00:00 GMT",
            "６月２日",
            "2/6/2025",
            "2025-06-02T05:00:00Z",
            "",
        ),
    ],
    "audio_file_size": [
        "0",
        "'0'",
        "480000",
        "'486,096'",
        '"1"',
        "486,096",
        "0486096",
        "1_0",
        "5 MB",
        "|\n  480000",
        "",
    ],
    "duration": [
        *("0", '"00:00"', "01:01", "'01:02'", "61s", "60.6", "PT1M", "1:1", "1:2:3", "'59:00'", "an hour", "01:03.9"),
        *("0:01:01", "６１", "|\n  01:02", "| # c\n  01:02", "", "~", "63.49s", "64.1s"),
    ],
    "explicit": ["clean", "Explicit", "'clean'", "yes", "true", "a little", "[clean]", ""],
    "actor_ids": ["ada", "'ada'", "[ada,  bo]", "\n  - ada\n  - bo # c", "ada, bo", "&a ada", "|\n  ada", "", "a: b"],
    "summary": ["1.0", "text"],
    "actors": ["ada"],
    "audio": ["/audio/tides.mp3"],
    "key-x": ["1", "[1, {a: 2}]", "'a': b"],
    "説明": ["海", "{a: [b,  c]}"],
    "draft": ["false", "no"],
    "season": ["1", "two"],
}
_TOML = {
    "title": ["'Tides'", "' Tides '", '"海辺 # 1"', "'''\nTides'''", '"a \\" b"', "3.10", "true"],
    "date": ["2025-06-02", "2025-06-02T05:00:00", "2025-06-02T05:00:00+09:00", "'2025-06-02 05:00'", '"2025-06-02"'],
    "audio_file_size": ["0", "480_000", "'486,096'", "0x1F", "480000", "'''480000'''", "[1]"],
    "duration": ["0", "'00:00'", '"1:1"', "61.2", "'61s'", "05:30:00", "'1:2:3'", '"""\n01:02"""', "{a = 1}"],
    "explicit": ["true", "'clean'", '"explicit"', "1"],
    "actor_ids": ["'ada'", '"ada"', "['ada', \"bo\"]", "[\n  'ada', # c\n]"],
    "key-x": ["1979-05-27", "[1, 2]", "{a = '#'}"],
    '"説明"': ["'海'", '"#"'],
    "draft": ["false"],
}
_CHARACTER = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
_COMMENT = st.sampled_from(["", "", "", " # 注", "\t# duration: 3", "   "])
_LINE = st.sampled_from(["", "# a comment", "  # date: 2025-06-02", "#"])


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """An episode in YAML or TOML: settings in any order and spelling, comments, either line end, any notes."""
    is_toml = draw(st.booleans())
    fence, values, audio = (
        ("+++", _TOML, "audio_file_path = '/audio/tides.mp3'")
        if is_toml
        else ("---", _YAML, "audio_file_path: /audio/tides.mp3")
    )
    lines = [audio]
    for name in draw(st.lists(st.sampled_from(sorted(values)), unique=True)):
        value = draw(st.sampled_from(values[name]))
        space = draw(st.sampled_from(["", " ", "   "] if is_toml else [" ", "   "])) if value[:1] != "\n" else ""
        sign = f"{space}={space}" if is_toml else f":{space}"
        comment = draw(_COMMENT) if "\n" not in value else ""
        lines.insert(draw(st.integers(0, len(lines))), f"{name}{sign}{value}{comment}")
        if draw(st.integers(0, 5)) == 0:
            lines.append(draw(_LINE))
    if is_toml and draw(st.booleans()):
        lines += ["[extra]", "duration = '1:1' # its own", "explicit = 'clean'"]
    notes = draw(st.text(_CHARACTER, max_size=20))
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n".join([fence, *lines, fence, "Notes: duration: 1:1", notes]).replace("\n", ending)
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode()


def _source(data: bytes) -> Source:
    return read_episode_file("episodes/1.md", data)


def _meaning(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Map):
        return {name: _meaning(each) for name, each in node.entries.items()}
    return [_meaning(each) for each in node.items]


def _without(source: Source, names: frozenset[str]) -> str:
    """The text of *source* without the lines that hold *names* and their values; empty lines behind these stay."""
    text = source.text
    places = [
        (source.header.keys[name].start, source.header.entries[name].end) for name in names & source.header.keys.keys()
    ]
    for start, end in sorted(places, reverse=True):
        line_end = text.find("\n", start + len(text[start:end].rstrip())) + 1
        text = text[: text.rfind("\n", 0, start) + 1] + text[line_end:]
    return text


# ------------------------------------------------------------------------------------------------ edits

_MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
    lambda each: each.replace(tzinfo=timezone(timedelta(hours=9)), microsecond=0)
)
_VALUES: st.SearchStrategy[Value] = st.one_of(st.integers(0, 2**53), st.booleans(), _MOMENTS, st.text(_CHARACTER))


@pytest.mark.failure("IN-1")
@given(data=_files(), name=st.sampled_from(["audio_file_size", "duration", "guid", "date", "title"]), value=_VALUES)
def test_edit_changes_nothing_but_the_value(data: bytes, name: str, value: Value) -> None:
    """All else reads back the same, and stays to the byte; the value as meant; and twice is once."""
    source = _source(data)

    edited = put(source, name, value, below=["audio_file_path", "audio"])

    assume(edited is not None)
    assert edited
    others = {each: _meaning(node) for each, node in source.header.entries.items() if each != name}
    assert {each: _meaning(node) for each, node in edited.header.entries.items() if each != name} == others
    assert edited.body == source.body
    assert _without(edited, frozenset([name])) == _without(source, frozenset([name]))
    again = put(edited, name, value)
    assert again and again.text == edited.text


@given(
    old=st.sampled_from([each for each in _YAML["duration"] if "#" not in each]),
    comment=_COMMENT,
    value=st.one_of(st.integers(0, 2**53), st.booleans(), _MOMENTS, st.from_regex(r"\d\d:\d\d", fullmatch=True)),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_single_value_can_always_be_edited(old: str, comment: str, value: Value, ending: str) -> None:
    """Whatever scalar stands there, in whatever quotes: it is replaced, never given up on."""
    assume(not comment or "\n" not in old)
    text = f"---\ntitle: x\nduration: {old}{comment}\ndraft: no\n---\nNotes".replace("\n", ending)

    edited = put(_source(text.encode()), "duration", value)

    assert edited is not None
    assert isinstance(edited.header.entries["duration"], Text)
    assert comment in edited.text


# ------------------------------------------------------------------------------------------------ fixes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project for all examples: making one is slow."""
    project = example_project(tmp_path_factory.mktemp("fixes") / "project")
    assert tiny_mp3(project / "audio/tides.mp3", 61).stat().st_size == SIZE
    return project


def _fixed(folder: Path, data: bytes) -> tuple[Project, tuple[Fix, ...]]:
    """The project with *data* as its episode, and how it is mended."""
    (folder / "episodes/1.md").write_bytes(data)
    project = load(folder)
    return project, fixes(project, now=NOW)


@given(data=_files())
@example(data=b"---\naudio: /audio/tides.mp3\nduration: 63.49s\n---\n")
@example(data=b"---\naudio: /audio/tides.mp3\nduration: 64.1s\n---\n")
def test_fixing_twice_changes_nothing(folder: Path, data: bytes) -> None:
    """What was mended is not told again, and what could not be is named in the same words."""
    project, found = _fixed(folder, data)

    write(project, found)
    _, again = _fixed(folder, (folder / "episodes/1.md").read_bytes())

    assert [each.fields for each in again] == [() for each in found if each.by_hand]
    assert [each.refusal for each in again] == [each.refusal for each in found if each.by_hand]


@given(data=_files())
def test_fixed_episode_means_the_same(folder: Path, data: bytes) -> None:
    """It is decoded as before; size and length are as they were stated, or as the audio is."""
    project, found = _fixed(folder, data)
    assume(found)
    (fix,) = found

    before, after = (_decoded(project, text.encode()) for text in (fix.before, fix.after))

    assert fix.before.encode() == data
    assert after.stated_bytes in (before.stated_bytes, SIZE)
    assert "duration" in before.faulty or after.stated_duration == LENGTH or _in_seconds(after) == _in_seconds(before)
    assert _other_meaning(after) == _other_meaning(before)


def _decoded(project: Project, data: bytes) -> Episode:
    return decode_episode(_source(data), data, project.config).episode


def _in_seconds(episode: Episode) -> int:
    return whole_seconds(episode.stated_duration)


def _other_meaning(episode: Episode) -> Episode:
    """All that an episode says but its size and its length, and how it is written."""
    return replace(episode, digest="", faulty=(), date_is_exact=True, stated_bytes=0, stated_duration=timedelta())


@given(data=_files())
def test_lines_that_are_not_mended_stay(folder: Path, data: bytes) -> None:
    """To the byte: comments, order, line ends, byte order mark, notes."""
    _, found = _fixed(folder, data)
    assume(found)
    (fix,) = found

    before, after = (text.encode() for text in (fix.before, fix.after))

    assert before.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")
    assert _without(_source(after), frozenset(fix.fields)) == _without(_source(before), frozenset(fix.fields))
    assert (before == after) == (not fix.fields)
