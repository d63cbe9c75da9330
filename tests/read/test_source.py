"""How a file is taken apart: every way a header can be wrong is told with its place, and none raises."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from podfeed.diagnostics import Position
from podfeed.read import source as reader
from podfeed.read.source import List, Map, Source, Text, read_body, read_config_file, read_episode_file

PRIVATE = "title: Secret\ndraft: true\n"


def read(text: str | bytes) -> Source:
    return read_episode_file("episodes/1.md", text.encode() if isinstance(text, str) else text)


def rules_of(source: Source) -> list[str]:
    return [fault.rule for fault in source.faults]


def texts(source: Source) -> dict[str, str]:
    return {name: node.text for name, node in source.header.entries.items() if isinstance(node, Text)}


# --------------------------------------------------------------------------- where a header begins, and ends


@pytest.mark.failure("IN-1")
@pytest.mark.parametrize("fence", ["---", "+++"])
def test_byte_order_mark_hides_no_header(fence: str) -> None:
    """An editor's invisible first character never makes a draft public."""
    setting = "draft: true" if fence == "---" else "draft = true"

    source = read(f"\ufeff{fence}\n{setting}\n{fence}\nNotes.\n")

    assert source.faults == ()
    assert texts(source) == {"draft": "true"}
    assert source.body == "Notes.\n"


@pytest.mark.failure("IN-1")
@pytest.mark.parametrize(
    "before",
    [
        pytest.param("\n", id="a blank line"),
        pytest.param("\r\n\r\n", id="two blank lines"),
        pytest.param("  ", id="spaces"),
        pytest.param("\t", id="a tab"),
        pytest.param("\u3000", id="a full width space"),
        pytest.param("\ufeff\n", id="a byte order mark and a blank line"),
    ],
)
def test_header_after_blanks_is_an_error(before: str) -> None:
    """What other tools take for text is not read as settings, and not as notes either."""
    source = read(f"{before}---\n{PRIVATE}---\nNotes.\n")

    assert rules_of(source) == ["header-not-first"]
    assert source.body == ""
    assert source.header.entries == {}


@pytest.mark.failure("IN-1")
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("---\nNotes.\n", id="a fence"),
        pytest.param("\n\n---\nNotes.\n", id="a fence after blank lines"),
        pytest.param("+++\nNotes.\n", id="the other fence"),
    ],
)
def test_fence_at_the_front_of_the_notes_is_an_error(body: str) -> None:
    """A line that looks like the end of the header is never published."""
    source = read(f"---\ntitle: Tides\n---\n{body}")

    assert rules_of(source) == ["header-closed-early"]


@pytest.mark.failure("IN-2")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{PRIVATE}", id="to the end of the file"),
        pytest.param(f"---\n{PRIVATE}\nNotes.\n", id="with notes"),
        pytest.param(f"---\n{PRIVATE}...\nNotes.\n", id="closed by dots"),
        pytest.param(f"---\n{PRIVATE}+++\nNotes.\n", id="closed by the other fence"),
        pytest.param(f"---\n{PRIVATE}----\nNotes.\n", id="closed by four dashes"),
        pytest.param(f"---\n{PRIVATE}--\nNotes.\n", id="closed by two dashes"),
        pytest.param(f"---\n{PRIVATE} ---\nNotes.\n", id="closed by an indented fence"),
        pytest.param(f"---\n{PRIVATE}―――\nNotes.\n", id="closed by long dashes"),
        pytest.param('+++\ntitle = "Secret"\n---\nNotes.\n', id="TOML closed by dashes"),
        pytest.param("---", id="nothing but a fence"),
        pytest.param("---\n", id="a fence and a line end"),
    ],
)
def test_header_that_never_closes_is_an_error(text: str) -> None:
    """Settings are never taken for notes: nothing of the file is."""
    source = read(text)

    assert rules_of(source) == ["header-unclosed"]
    assert source.faults[0].position == Position(line=1, column=1, width=3)
    assert source.body == ""
    assert source.header.entries == {}


@pytest.mark.failure("IN-2")
def test_dots_that_seem_to_close_a_header_are_named() -> None:
    """Other tools end YAML with dots: whoever wrote them is told that they do not count."""
    assert "“...”" in read(f"---\n{PRIVATE}...\nNotes.\n").faults[0].hint


@pytest.mark.failure("IN-2")
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("blanks", ["", " ", "\t "])
def test_fence_may_be_followed_by_blanks(blanks: str, ending: str) -> None:
    """Invisible blanks after a fence do not matter, nor do Windows line ends."""
    source = read(f"---{blanks}{ending}title: Tides{ending}---{blanks}{ending}Notes.{ending}")

    assert source.faults == ()
    assert texts(source) == {"title": "Tides"}
    assert source.body == f"Notes.{ending}"


def test_old_macintosh_line_ends_are_no_way_around_the_header() -> None:
    """A file of carriage returns alone opens a header all the same, so it is faulty and never notes."""
    assert rules_of(read("---\rtitle: Secret\r---\rNotes.\r")) == ["header-unclosed"]


def test_later_lines_of_dashes_belong_to_the_notes() -> None:
    """Only the first closing fence counts."""
    source = read("---\ntitle: Tides\n---\nOne.\n\n---\n\nTwo.\n")

    assert source.body == "One.\n\n---\n\nTwo.\n"
    assert source.faults == ()


@pytest.mark.parametrize("fence", ["----", "--", "—-", "–––", "－－－", "ーーー", "---\u3000"])
def test_line_that_is_nearly_a_fence_is_told(fence: str) -> None:
    """Its author meant a header: the file is not passed over in silence, and nothing of it is taken for one."""
    source = read(f"{fence}\ntitle: Tides\n---\n")

    assert [(each.rule, each.position and each.position.line) for each in source.faults] == [
        ("header-fence-misspelt", 1)
    ]
    assert source.header.entries == {}


@pytest.mark.parametrize("line", ["title： 灯台", "title:　灯台", "title ：灯台"])
def test_full_width_sign_behind_a_name_is_told_once(line: str) -> None:
    """The other settings are read as they stand, each at its place."""
    source = read(f"---\n{line}\nseason: 2\n---\n")

    assert [each.message for each in source.faults] == ["a full-width colon or blank stands behind “title”"]
    assert source.place("season") == Position(line=3, column=9, width=1)


@pytest.mark.failure("IN-3")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"title": "Secret"}\n\nNotes.\n', id="JSON"),
        pytest.param(";;;\n{}\n;;;\n", id="JSON in semicolons"),
        pytest.param("Just a text.\n", id="text"),
        pytest.param("# Heading\n", id="a heading"),
        pytest.param("----\nSea and weather\n", id="a line across the page"),
        pytest.param("--- title: Tides ---\n", id="a fence with text"),
        pytest.param("", id="nothing"),
        pytest.param(" \n\t\n", id="blanks"),
    ],
)
def test_file_without_a_fence_is_no_episode(text: str) -> None:
    """What kind of header a file has is never guessed: without one it is skipped, and the reason is told."""
    source = read(text)

    assert source.reason
    assert source.faults == ()
    assert source.header.entries == {}


@pytest.mark.failure("IN-3")
def test_toml_is_read_by_the_standard_library() -> None:
    """A Hugo header is understood, each value as its author would write it in YAML."""
    source = read(
        '+++\ntitle = "潮"\ndraft = true\nepisode = 7\nprice = 1.10\ndate = 2025-06-02T05:00:00+09:00\n'
        'day = 2025-06-02\nclock = 05:00:00\nactor_ids = ["ada", "bo"]\nignore = {date-implausible = "why"}\n+++\nNotes.\n'
    )

    assert source.faults == ()
    assert texts(source) == {
        "title": "潮",
        "draft": "true",
        "episode": "7",
        "price": "1.10",
        "date": "2025-06-02T05:00:00+09:00",
        "day": "2025-06-02",
        "clock": "05:00:00",
    }
    actors, ignore = source.header.entries["actor_ids"], source.header.entries["ignore"]
    assert isinstance(actors, List) and isinstance(ignore, Map)
    assert [each.text for each in actors.items if isinstance(each, Text)] == ["ada", "bo"]
    assert source.place("title") == Position(line=2, column=9, width=3)
    assert source.body == "Notes.\n"


@pytest.mark.parametrize(
    ("header", "rule", "line"),
    [
        pytest.param("title = Tides", "header-unreadable", 2, id="a text without quotes"),
        pytest.param('title = "Tides', "header-unreadable", 2, id="an open quotation mark"),
        pytest.param("a = 1\n\nb: 2", "header-unreadable", 4, id="YAML inside TOML"),
        pytest.param('title = "a"\ntitle = "b"', "header-duplicate-key", 3, id="a setting twice"),
        pytest.param("[a]\nb = 1\n[a]\nb = 2", "header-duplicate-key", 4, id="a table twice"),
        pytest.param("day = 2023-02-29", "header-unreadable", 2, id="no such day"),
        pytest.param("a = " + "[" * 25 + "]" * 25, "header-too-deep", 2, id="25 lists deep"),
        pytest.param("a = " + "[" * 5000, "header-too-deep", 2, id="5000 lists deep"),
        pytest.param("a." * 30_000 + "b = 1", "header-too-deep", 2, id="a name of 30,000 parts"),
        pytest.param('title = "a\\u0001b"', "text-control-character", 2, id="a control character escaped"),
    ],
)
@pytest.mark.failure("IN-3")
def test_faults_of_toml_are_told_with_their_line(header: str, rule: str, line: int) -> None:
    """A Hugo header that cannot be read says where."""
    source = read(f"+++\n{header}\n+++\nNotes.\n")

    assert rules_of(source) == [rule]
    place = source.faults[0].position
    assert place is not None
    assert place.line == line


# --------------------------------------------------------------------------------------- bad YAML


@pytest.mark.failure("IN-4")
@pytest.mark.parametrize(
    ("header", "place"),
    [
        pytest.param("title: Foo: bar", (2, 11), id="a colon inside an unquoted text"),
        pytest.param("title: @x", (2, 8), id="an at sign"),
        pytest.param("title: `x`", (2, 8), id="a backtick"),
        pytest.param("title: %x", (2, 8), id="a percent sign"),
        pytest.param("title: [a", (2, 8), id="an open list"),
        pytest.param("title: {a", (2, 8), id="an open group"),
        pytest.param('title: "a', (2, 8), id="an open quotation mark"),
        pytest.param("title: 'a", (2, 8), id="an open single quotation mark"),
        pytest.param("\ttitle: a", (2, 1), id="a tab before a name"),
        pytest.param("title: a\n\tdate: b", (3, 1), id="a tab before the second name"),
        pytest.param("title: a\n  date: b", (3, 7), id="a name indented"),
        pytest.param("title: a\nnonsense\ndate: b", (3, 1), id="a line without a colon"),
        pytest.param("actors:\n- a\n b: c", (4, 3), id="a list that ends crookedly"),
        pytest.param('title: "a\\qb"', (2, 8), id="an unknown escape"),
        pytest.param("title: ]", (2, 8), id="a closing bracket"),
        pytest.param("title: |x\n  a", (2, 9), id="a block that begins wrongly"),
    ],
)
def test_setting_that_is_no_yaml_is_told_with_its_place(header: str, place: tuple[int, int]) -> None:
    """The line and column are those of the file, as an editor counts them."""
    source = read(f"---\n{header}\n---\nNotes.\n")

    assert "header-unreadable" in rules_of(source)
    found = source.faults[0].position
    assert found is not None
    assert (found.line, found.column) == place
    assert source.faults[0].hint


@pytest.mark.failure("IN-4")
def test_settings_around_an_unreadable_one_are_read() -> None:
    """One bad line does not hide what is wrong with, or right about, the others."""
    source = read("---\ntitle: Foo: bar\ndraft: true\nsubtitle: @x\nseason: 2\n---\n")

    assert rules_of(source) == ["header-unreadable", "header-unreadable"]
    assert texts(source) == {"draft": "true", "season": "2"}
    assert [fault.position.line for fault in source.faults if fault.position] == [2, 4]
    assert source.place("season") == Position(line=5, column=9, width=1)


@pytest.mark.failure("IN-4")
@pytest.mark.parametrize("value", ["2023-02-29", "25:00:00", "2025-01-01 00:00:00 +99:00", "0x", "1_000", ".inf", "!"])
def test_value_that_looks_like_a_type_is_text(value: str) -> None:
    """YAML's own reading of dates and numbers, which raises over some, is not asked."""
    source = read(f"---\ntitle: {value}\n---\n")

    assert source.faults == ()
    assert texts(source)["title"] == value.removeprefix("!")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("just text", id="a text"),
        pytest.param("- a\n- b", id="a list"),
        pytest.param("[a]", id="a flow list"),
    ],
)
def test_header_that_is_no_settings_is_an_error(header: str) -> None:
    """Something between the fences that has no names is told, and is not an empty header."""
    assert "header-unreadable" in rules_of(read(f"---\n{header}\n---\n"))


@pytest.mark.parametrize("header", ["", "\n", "# only a comment\n", "  \n"])
def test_empty_header_is_an_error(header: str) -> None:
    """Fences without settings are a file somebody has not finished."""
    assert rules_of(read(f"---\n{header}---\nNotes.\n")) == ["header-empty"]


def test_second_document_is_an_error() -> None:
    """A document mark with text behind it does not begin a second header."""
    assert rules_of(read("---\ntitle: a\n--- b\ndraft: true\n---\n")) == ["header-unreadable"]


@pytest.mark.failure("IN-5")
@pytest.mark.parametrize(
    ("header", "lines"),
    [
        pytest.param("guid: a\ntitle: b\nguid: c", (4, 2), id="at the top"),
        pytest.param("ignore:\n  a: x\n  a: y", (4, 3), id="in a group"),
        pytest.param("card: {a: x, a: y}", (2, 2), id="in one line"),
        pytest.param('guid: a\n"guid": b', (3, 2), id="once in quotes"),
        pytest.param("ガ: a\nカ\u3099: b", (3, 2), id="in two normal forms"),
    ],
)
def test_setting_written_twice_is_an_error_naming_both_lines(header: str, lines: tuple[int, int]) -> None:
    """A second guid does not silently make another episode of it."""
    fault = read(f"---\n{header}\n---\n").faults[0]

    assert fault.rule == "header-duplicate-key"
    assert fault.position is not None
    assert fault.position.line == lines[0]
    assert f"line {lines[1]}" in fault.message


# ------------------------------------------------------------------------------------- text stays text


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(written, meant, id=written)
        for written, meant in {
            **{
                word: word
                for word in [
                    "no",
                    "No",
                    "NO",
                    "off",
                    "Off",
                    "y",
                    "n",
                    "yes",
                    "on",
                    "true",
                    "True",
                    "TRUE",
                    "false",
                    "null_",
                    "nul",
                    "none",
                    "None",
                ]
            },
            **{
                word: word
                for word in [
                    "010",
                    "0o10",
                    "0x1F",
                    "0b11",
                    "1_000",
                    "1e3",
                    "1E+3",
                    "1.10",
                    "-1",
                    "+1",
                    ".5",
                    "5.",
                    "12e03",
                    "685_230.15",
                    "0",
                ]
            },
            **{
                word: word
                for word in [
                    ".inf",
                    "-.inf",
                    ".nan",
                    ".NaN",
                    "45:10",
                    "1:49:01",
                    "00:45:10",
                    "0:45",
                    "190:20:30",
                    "09:34",
                    "12:30:45",
                ]
            },
            **{
                word: word
                for word in [
                    "2024",
                    "2024-01-01",
                    "2024-1-1",
                    "2023-02-29",
                    "25:00:00",
                    "2025-07-24T05:00:00Z",
                    "+99:00",
                ]
            },
            "2025-07-24 05:00:00 +0900": "2025-07-24 05:00:00 +0900",
            "2025-07-24 05:00:00": "2025-07-24 05:00:00",
            "1,234": "1,234",
            "=": "=",
            "a#b": "a#b",
            "a:b": "a:b",
            "-a": "-a",
            "?a": "?a",
            "a, b": "a, b",
            "a [b] {c}": "a [b] {c}",
            "'no'": "no",
            '"010"': "010",
            "'it''s'": "it's",
            '"a\\tb"': "a\tb",
            '"\\u30ac\\U0001F30A"': "ガ🌊",
            "''": "",
            "'~'": "~",
            "～": "～",
            "「」": "「」",
            "Episode #5 # x": "Episode",
        }.items()
    ],
)
def test_value_is_text_whatever_it_looks_like(written: str, meant: str) -> None:
    """Which type a value has is decided by the field it stands in, and not by YAML."""
    source = read(f"---\nx: {written}\n---\n")

    assert source.faults == ()
    assert texts(source) == {"x": meant}


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize("name", ["1", "true", "no", "~", "1.0", "2024-01-01", "null", "0x1"])
def test_name_is_text_too(name: str) -> None:
    """``1`` and ``true`` are two names, and not one."""
    assert texts(read(f"---\n{name}: a\nother: b\n---\n")) == {name: "a", "other": "b"}


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize("name", [pytest.param("[a]", id="a list"), pytest.param("{a: b}", id="a group")])
def test_name_that_is_no_text_is_an_error(name: str) -> None:
    """Only text can name a setting."""
    assert "header-unreadable" in rules_of(read(f"---\n? {name}\n: b\n---\n"))


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("!!binary aGk=", id="binary"),
        pytest.param("!!set {a, b}", id="a set"),
        pytest.param("!!int 5", id="a number"),
        pytest.param("!!str 5", id="even text"),
        pytest.param("!!python/object/apply:os.system [id]", id="code"),
        pytest.param("!own x", id="one of somebody's own"),
        pytest.param("!<tag:yaml.org,2002:str> x", id="written out"),
        pytest.param("!!omap [a: b]", id="an ordered map"),
    ],
)
def test_tag_is_an_error(value: str) -> None:
    """A value is not given a type by its author, and so none can be harmful."""
    assert "header-tag" in rules_of(read(f"---\nx: {value}\n---\n"))


@pytest.mark.parametrize("value", ["", "~", "null", "Null", "NULL"])
def test_value_left_out_is_empty(value: str) -> None:
    """Nothing, and YAML's words for it, mean that there is no value; in quotes they are text."""
    assert read_value(value).is_empty
    assert not read_value(f'"{value}x"').is_empty


def read_value(value: str) -> Text:
    node = read(f"---\nx: {value}\n---\n").header.entries["x"]
    assert isinstance(node, Text)
    return node


# ------------------------------------------------------------------------------- bombs and sizes


def _within(seconds: float, work: Callable[[], Source]) -> Source:
    """The result of *work*, which may take so long at most; a second try forgives a busy machine."""
    for _ in range(3):
        begin = time.process_time()
        result = work()
        if time.process_time() - begin < seconds:
            return result
    raise AssertionError(f"took {time.process_time() - begin:.2f} s")


@pytest.mark.failure("IN-7")
@pytest.mark.parametrize("levels", range(10, 25))
@pytest.mark.parametrize("kind", ["aliases", "merges"])
def test_bomb_goes_off_nowhere(kind: str, levels: int) -> None:
    """A few hundred bytes cost neither seconds nor gigabytes, in a header or in config.yaml."""
    part = "[*a{0}, *a{0}]" if kind == "aliases" else "{{<<: [*a{0}, *a{0}, *a{0}, *a{0}]}}"
    bomb = "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} {part.format(n - 1)}\n" for n in range(1, levels))

    in_header = _within(0.2, lambda: read(f"---\n{bomb}---\n"))
    in_config = _within(0.2, lambda: read_config_file("config.yaml", bomb.encode()))

    assert "header-alias" in rules_of(in_header)
    assert "header-alias" in rules_of(in_config)


@pytest.mark.failure("IN-7")
@pytest.mark.parametrize("value", ["&a x", "*a", "&a {b: c}", "&a [b]"])
def test_anchors_and_aliases_in_a_header_are_errors(value: str) -> None:
    """No header needs them, and a title that begins with a star wants quotes."""
    assert "header-alias" in rules_of(read(f"---\nx: {value}\n---\n"))


@pytest.mark.failure("IN-7")
@pytest.mark.parametrize(("count", "rules"), [(16, []), (17, ["header-alias"])])
def test_config_may_use_a_handful_of_aliases(count: int, rules: list[str]) -> None:
    """Sixteen are read, the seventeenth is told."""
    text = "owner: &o {name: Ada}\n" + "".join(f"a{n}: *o\n" for n in range(count))

    source = read_config_file("config.yaml", text.encode())

    assert rules_of(source) == rules
    assert isinstance(source.header.entries["a0"], Map)


@pytest.mark.failure("IN-7")
def test_alias_to_nothing_is_told_and_merges_are_not_read() -> None:
    """config.yaml with a slip says so."""
    source = read_config_file("config.yaml", b"a: &a {b: c}\nd: *e\nf:\n  <<: *a\n")

    assert rules_of(source) == ["header-unreadable"] or set(rules_of(source)) == {"header-alias"}


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(
    ("size", "is_read"), [(reader.MAX_FILE_BYTES, True), (reader.MAX_FILE_BYTES + 1, False), (100 << 20, False)]
)
def test_file_has_a_largest_size(size: int, is_read: bool) -> None:
    """Two MiB are read; a byte more is told, at once and without taking memory for it."""
    data = b"---\ntitle: a\n---\n".ljust(size, b"x")
    tracemalloc.start()

    source = _within(0.5, lambda: read(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rules_of(source) == ([] if is_read else ["file-too-large"])
    assert peak < 64 << 20


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(("more", "rules"), [(0, []), (1, ["file-too-large"])])
@pytest.mark.parametrize("letter", ["x", "あ"])
def test_header_has_a_largest_size(letter: str, more: int, rules: list[str]) -> None:
    """64 KiB of UTF-8 between the fences are read."""
    room = reader.MAX_HEADER_BYTES - len("\nt: \n")
    value = letter * (room // len(letter.encode()))
    value += "x" * (room - len(value.encode()) + more)

    assert rules_of(read(f"---\nt: {value}\n---\n")) == rules


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(("more", "rules"), [(0, []), (1, ["file-too-large"])])
def test_config_has_a_largest_size(more: int, rules: list[str]) -> None:
    """One MiB of config.yaml is read."""
    data = b"site: x\n#".ljust(reader.MAX_CONFIG_BYTES + more, b"x")

    assert rules_of(read_config_file("config.yaml", data)) == rules


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize("form", ["yaml", "toml"])
@pytest.mark.parametrize(("depth", "is_read"), [(19, True), (20, False), (5000, False)])
def test_values_have_a_greatest_depth(form: str, depth: int, is_read: bool) -> None:
    """Twenty levels, the header's own among them; no depth makes podfeed run out of its stack."""
    value = "[" * depth + "]" * depth
    text = f"---\na: {value}\n---\n" if form == "yaml" else f"+++\na = {value}\n+++\n"

    assert rules_of(read(text)) == ([] if is_read else ["header-too-deep"])


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize("form", ["yaml", "toml"])
@pytest.mark.parametrize(("count", "rules"), [(200, []), (201, ["header-too-large"])])
def test_header_has_a_greatest_number_of_settings(form: str, count: int, rules: list[str]) -> None:
    """200 settings are read. The rule is “header-too-large”."""
    lines = "".join(f"k{n}: v\n" if form == "yaml" else f"k{n} = 1\n" for n in range(count))
    fence = "---" if form == "yaml" else "+++"

    source = read(f"{fence}\n{lines}{fence}\n")

    assert rules_of(source) == rules
    assert all(fault.rule == "header-too-large" for fault in source.faults)


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(("count", "rules"), [(1000, []), (1001, ["header-too-large"])])
def test_lists_have_a_greatest_length(count: int, rules: list[str]) -> None:
    """A thousand entries in all; more are no podcast."""
    assert rules_of(read(f"---\nx: [{'a, ' * count}]\n---\n")) == rules
    assert rules_of(read(f"+++\nx = [{'1, ' * count}]\n+++\n")) == rules


def _many(piece: str, count: int) -> str:
    return "".join(piece.replace("%", str(number)) for number in range(count))


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\nt: a\n---\n" + "\x01" * 1_500_000, id="a million control characters"),
        pytest.param("---\n" + "a: b: c\n" * 7000 + "---\n", id="thousands of unreadable lines"),
        pytest.param("---\n" + _many("a%: @\n", 6000) + "---\n", id="thousands of unreadable settings"),
        pytest.param("---\nx: [" + _many("&a% y, ", 6000) + "]\n---\n", id="thousands of anchors"),
        pytest.param("---\nx: [" + '"\\0", ' * 6000 + "]\n---\n", id="thousands of escaped control characters"),
        pytest.param("---\n" + "? " * 30_000 + "\n---\n", id="names within names"),
        pytest.param("---\n" + "- " * 30_000 + "\n---\n", id="lists within lists"),
        pytest.param("---\n" + "\n" * 1_900_000, id="a million lines"),
        pytest.param("\n" * 1_900_000 + "---\n", id="a million lines before the fence"),
        pytest.param("---\n" + " \t" * 30_000 + "\n---\n", id="a header of blanks"),
        pytest.param("+++\n" + "a = 1\n" * 9000 + "+++\n", id="a TOML setting thousands of times"),
        pytest.param("+++\n" + _many("a% = [1]\n", 5000) + "+++\n", id="thousands of TOML settings"),
        pytest.param("+++\n" + "'''\n" * 9000 + "+++\n", id="thousands of TOML quotation marks"),
        pytest.param("+++\n[" + "a." * 30_000 + "b]\n+++\n", id="a TOML table of 30,000 parts"),
        pytest.param("+++\n" + ("a." * 900 + "b = 1\n") * 35 + "+++\n", id="many long TOML names"),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """Whatever is in a file of bearable size, half a second is enough to tell so."""
    source = _within(0.5, lambda: read(text))

    assert len(source.faults) <= reader.MAX_FAULTS + 60


@pytest.mark.failure("IN-8")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_many("a%: b: c\n", 70_000), id="unreadable settings"),
        pytest.param("a: [" + "!!x y, " * 100_000 + "]\n", id="tags"),
        pytest.param("a: [" + "*b, " * 100_000 + "]\n", id="aliases"),
        pytest.param("a: \x00\n" * 100_000, id="zeros"),
        pytest.param("a: &a [" + "x, " * 9000 + "]\n" + _many("b%: *a\n", 16), id="long lists used again"),
    ],
)
def test_no_config_takes_long(text: str) -> None:
    """A megabyte of nonsense is told in less than a second and a half."""
    _within(1.5, lambda: read_config_file("config.yaml", text.encode()))


# ------------------------------------------------------------------------------------- characters


_ILLEGAL = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF]


@pytest.mark.failure("IN-9")
@pytest.mark.parametrize("code", [pytest.param(code, id=f"U+{code:04X}") for code in [*_ILLEGAL, 0xD800, 0xDFFF]])
def test_character_no_feed_can_carry_is_an_error(code: int) -> None:
    """Raw or escaped, in a title or in the notes: it is told with its code point, and is not in the value."""
    escaped = read(f'---\ntitle: "Ti\\u{code:04x}des"\n---\nNotes.\n')
    assert "text-control-character" in rules_of(escaped) or "header-unreadable" in rules_of(escaped)
    assert chr(code) not in texts(escaped).get("title", "")
    if 0xD800 <= code <= 0xDFFF:
        return  # UTF-8 cannot hold it

    in_title = read(f"---\ntitle: Ti{chr(code)}des\nseason: 2\n---\nNotes.\n")
    in_notes = read(f"---\ntitle: Tides\n---\nNo{chr(code)}tes.\n")

    assert rules_of(in_title) == rules_of(in_notes) == ["text-control-character"]
    assert all(f"U+{code:04X}" in each.faults[0].message for each in (in_title, in_notes))
    assert in_title.faults[0].position == Position(line=2, column=10, width=1)
    assert in_notes.faults[0].position == Position(line=4, column=3, width=1)
    assert chr(code) not in texts(in_title)["title"]
    assert texts(in_title)["season"] == "2"


@pytest.mark.failure("IN-9")
@pytest.mark.parametrize(
    "character", ["\t", "\x7f", "\x85", "\xa0", "\u200b", "\u2028", "\ufeff", "\U0010ffff", "\ufffd"]
)
def test_other_odd_characters_are_no_fault(character: str) -> None:
    """XML carries them: they stay as they are."""
    source = read(f"---\ntitle: Tides\n---\nNo{character}tes.\n")

    assert source.faults == ()
    assert source.body == f"No{character}tes.\n"


@pytest.mark.failure("IN-10")
@pytest.mark.parametrize(
    "title",
    [
        pytest.param("👩‍👩‍👧‍👦 🏳️‍🌈 🇯🇵", id="emoji in parts"),
        pytest.param("مرحبا שלום", id="right to left"),
        pytest.param("e" + "\u0301" * 500, id="a pile of accents"),
        pytest.param("x" * 60_000, id="60,000 characters"),
        pytest.param("]]> <b>&amp;", id="markup"),
        pytest.param("カ\u3099 ガ", id="two normal forms"),
        pytest.param("㍻①Ⅳ", id="compatibility characters"),
        pytest.param("𠮷野家", id="beyond the first plane"),
    ],
)
def test_text_is_kept_character_for_character(title: str) -> None:
    """Nothing is normalised, trimmed or guessed."""
    source = read(f'---\ntitle: "{title}"\n---\n{title}\r\n')

    assert texts(source) == {"title": title}
    assert source.body == f"{title}\r\n"


JAPANESE = "---\ntitle: 潮の満ち引き\n---\n海の話をします。\n"
WESTERN = "---\ntitle: Gezeitenmärchen über Öl\n---\nÄpfel\n"
GREEK = "---\ntitle: Παλίρροια\n---\n"


@pytest.mark.failure("IN-11")
@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [
        pytest.param(text, encoding, guess, id=f"{encoding}, {name}")
        for encoding, guess, cases in (
            ("utf-16", "UTF-16", ("ja", "de", "el")),
            ("utf-16-le", "UTF-16", ("ja", "de", "el")),
            ("utf-16-be", "UTF-16", ("ja", "de", "el")),
            ("utf-32", "UTF-16", ("ja", "de", "el")),
            ("shift_jis", "Shift_JIS", ("ja",)),
            ("cp932", "Shift_JIS", ("ja",)),
            ("euc_jp", "EUC-JP", ("ja",)),
            ("latin-1", "Latin-1", ("de",)),
            ("cp1252", "Latin-1", ("de",)),
            ("iso8859-15", "Latin-1", ("de",)),
            ("mac-roman", "", ("de",)),
            ("iso8859-7", "", ("el",)),
            ("gb18030", "", ("ja",)),
        )
        for name in cases
        for text in [{"ja": JAPANESE, "de": WESTERN, "el": GREEK}[name]]
    ],
)
def test_other_encoding_is_told_and_never_guessed(text: str, encoding: str, guess: str) -> None:
    """The rule “file-not-utf8” names the byte, its place and the likely encoding; nothing of the file is published."""
    data = text.encode(encoding)

    source = read(data)

    if encoding.startswith("utf-16-") and source.reason:
        return  # no fence to be seen, and no byte that UTF-8 forbids: skipped, and not published either
    assert rules_of(source) == ["file-not-utf8"]
    assert guess in source.faults[0].message
    assert "offset" in source.faults[0].message
    assert source.text == source.body == ""
    assert rules_of(read_config_file("config.yaml", data)) == ["file-not-utf8"]


@pytest.mark.failure("IN-11")
def test_byte_that_is_not_utf8_is_told_with_its_line() -> None:
    """One broken byte in a long file can be found."""
    fault = read(b"---\ntitle: a\n---\nok\nna\xefve\n").faults[0]

    assert fault.rule == "file-not-utf8"
    assert fault.position == Position(line=5, column=3)
    assert "0xEF at offset 22" in fault.message


# ------------------------------------------------------------------------------------------- places


def test_value_is_found_where_it_stands() -> None:
    """A field, a part of a field and an entry of a list each have their own place."""
    source = read("---\ntitle: 潮\nactor_ids:\n- ada\n- bo\nignore: {a: b}\nempty:\n---\n")

    assert source.place("title") == Position(line=2, column=8, width=1)
    assert source.place("actor_ids") == Position(line=3, column=1, width=9)
    assert source.place("actor_ids.1") == Position(line=5, column=3, width=2)
    assert source.place("ignore.a") == Position(line=6, column=13, width=1)
    assert source.place("empty") == Position(line=7, column=1, width=5)


def test_what_is_not_there_stands_at_the_nearest_place() -> None:
    """A missing part of a field points at the field, a missing field at the file's first line."""
    source = read("---\nowner: {name: Ada}\nactor_ids: [ada]\n---\n")

    assert source.place("owner.email") == Position(line=2, column=1, width=5)
    assert source.place("actor_ids.7") == Position(line=3, column=1, width=9)
    assert source.place("actor_ids.x.y") == Position(line=3, column=1, width=9)
    assert source.place("title") == source.place("") == Position()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(ending: str) -> None:
    """Every line end counts as one."""
    text = ending.join(["one", "two", "three"])

    assert reader.position(text, text.index("three"), len(text)) == Position(line=3, column=1, width=5)
    assert reader.position(text, text.index("wo"), len(text)) == Position(line=2, column=2, width=2)
    assert Source(path="x", text=text).line(2) == "two"
    assert Source(path="x", text=text).line(9) == ""


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: a\n---\n\n\nNotes.\n",
        "+++\r\nt = 1\r\n+++\r\nNotes.\r\n",
        "No header.\n",
        "\ufeff---\na: b\n---\nx",
    ],
)
def test_body_alone_is_the_same_body(text: str) -> None:
    """Reading the notes again without their header gives the notes."""
    assert read_body(text.encode()) == read(text).body
