"""One kind of value at a time: what is taken, what is said, and that nothing unknown is lost."""

from __future__ import annotations

import pytest

from podfeed.diagnostics import Finding
from podfeed.read.fields import Fields, distance, is_near, suggestion
from podfeed.read.source import Map, Text, read_episode_file


def fields_of(header: str) -> tuple[Fields, list[Finding]]:
    faults: list[Finding] = []
    return Fields(read_episode_file("x.md", f"---\n{header}\n---\n".encode()).header, faults), faults


def rules_of(faults: list[Finding]) -> list[str]:
    return [fault.rule for fault in faults]


@pytest.mark.parametrize("word", ["true", "True", "TRUE", "yes", "Yes", "on", "ON", '"true"', "'yes'"])
def test_words_for_true(word: str) -> None:
    """YAML's words in any case and with any quotes."""
    fields, faults = fields_of(f"x: {word}")

    assert fields.flag("x") is True
    assert faults == []


@pytest.mark.parametrize("word", ["false", "False", "no", "NO", "off", '"off"'])
def test_words_for_false(word: str) -> None:
    """Norway stays false where true or false is asked."""
    fields, faults = fields_of(f"x: {word}")

    assert fields.flag("x") is False
    assert faults == []


@pytest.mark.failure("IN-13")
@pytest.mark.parametrize("value", ["maybe", "", "~", "1", "0", "y", "[true]", "{a: true}", '""', "ture"])
def test_anything_else_is_neither_true_nor_false(value: str) -> None:
    """A draft that is not clearly public or private is an error, and so is one without a value."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.flag("x") is None
    assert rules_of(faults) == ["field-not-true-or-false"]


def test_flag_that_is_not_there_is_none() -> None:
    """Nothing is said of what nobody wrote."""
    fields, faults = fields_of("y: 1")

    assert fields.flag("x") is None
    assert faults == []


@pytest.mark.parametrize(
    ("value", "number"), [("1", 1), ("12", 12), ('"7"', 7), ("１２", 12), ("999999999", 999999999)]
)
def test_whole_number(value: str, number: int) -> None:
    """Digits are a number, full width ones too."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.whole("x", rule="r") == number
    assert faults == []


@pytest.mark.failure("IN-13")
@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("0", ""),
        ("-1", ""),
        ("1.5", ""),
        (".nan", ""),
        (".inf", ""),
        ("1e3", "write 1"),
        ("010", "write 10"),
        ("two", "write 2"),
        ("Twelve", "write 12"),
        ("12a", "write 12"),
        ("#3", ""),
        ("第3回", "write 3"),
        ("1000000000", ""),
        ("[1]", ""),
        ("{a: 1}", ""),
    ],
)
def test_what_is_no_whole_number_is_said_with_a_guess(value: str, hint: str) -> None:
    """Nothing is rounded, cut or read as octal; where a number is plainly meant, it is offered."""
    quoted = f"'{value}'" if value.startswith("#") else value
    fields, faults = fields_of(f"x: {quoted}")

    assert fields.whole("x", rule="r") is None
    assert rules_of(faults) == ["r"]
    assert hint in faults[0].hint


def test_first_spelling_with_a_value_wins_and_a_second_is_said() -> None:
    """Two spellings of one thing are a contradiction, even when they agree; an empty one is none."""
    fields, faults = fields_of("audio: a\naudio_file_path: b\nsummary:\ndescription: c")

    assert fields.text("audio_file_path", "audio") == "b"
    assert fields.text("summary", "description") == "c"
    assert rules_of(faults) == ["field-given-twice"]
    assert faults[0].field == "audio"


@pytest.mark.failure("IN-13")
@pytest.mark.parametrize("value", ["[a]", "{a: b}", "[]"])
def test_text_is_one_value(value: str) -> None:
    """A list or a group is no text."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.text("x") == ""
    assert rules_of(faults) == ["field-not-text"]


@pytest.mark.failure("IN-13")
@pytest.mark.parametrize("value", ["", "~", "'  '", '""', "null"])
def test_text_without_a_letter_is_none(value: str) -> None:
    """Blanks in quotes are no title."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.text("x") == ""
    assert faults == []


@pytest.mark.parametrize(
    ("value", "texts", "rules"),
    [
        pytest.param("[a, b]", ("a", "b"), [], id="a list"),
        pytest.param("a", ("a",), ["field-not-list"], id="a bare text"),
        pytest.param("", (), [], id="nothing"),
        pytest.param("[]", (), [], id="an empty list"),
        pytest.param("{a: b}", (), ["field-not-list"], id="a group"),
        pytest.param("[a, a]", ("a",), ["field-list-repeats"], id="one twice"),
        pytest.param("[a, ~, [b], {c: d}]", ("a",), ["field-not-list"] * 3, id="entries that are no texts"),
    ],
)
def test_list_of_texts(value: str, texts: tuple[str, ...], rules: list[str]) -> None:
    """What can be read of a list is read."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.texts("x") == texts
    assert rules_of(faults) == rules


@pytest.mark.parametrize(("value", "texts"), [("a", ("a",)), ("[a, b]", ("a", "b")), ("", ())])
def test_one_word_is_as_good_as_a_list_where_either_is_common(value: str, texts: tuple[str, ...]) -> None:
    """``keywords: sea`` is no fault."""
    fields, faults = fields_of(f"x: {value}")

    assert fields.words("x") == texts
    assert faults == []


def test_choice_is_one_of_the_words_in_any_case() -> None:
    """Another word is said, with the first as what is taken."""
    fields, faults = fields_of("a: Bonus\nb: extra\nc:")

    assert fields.choice("a", ("full", "bonus"), rule="r") == "bonus"
    assert fields.choice("b", ("full", "bonus"), rule="r") == "full"
    assert fields.choice("c", ("full", "bonus"), rule="r") == "full"
    assert rules_of(faults) == ["r"]


def test_groups_below_groups_keep_their_names() -> None:
    """A fault in a group is told under its full name."""
    fields, faults = fields_of("shows: {radio: {owner: {name: [a]}}}\nactors: ada")

    assert list(fields.groups("shows")) == ["radio"]
    assert fields.groups("shows")["radio"].group("owner").text("name") == ""
    assert fields.groups("actors") == {}
    assert [(fault.field, fault.rule) for fault in faults] == [
        ("shows.radio.owner.name", "field-not-text"),
        ("actors", "field-not-group"),
    ]


def test_what_nobody_asked_for_is_left_over() -> None:
    """Asked for in any spelling, a setting is known; all others are left."""
    fields, _ = fields_of("title: a\naudio: b\nown: c")
    fields.text("title")
    fields.text("audio_file_path", "audio")

    assert list(fields.left_over()) == ["own"]
    assert fields.has("title", "nothing")
    assert not fields.has("nothing")


def test_entries_of_a_list_come_as_they_are() -> None:
    """One value counts as a list of one; what stands at a place can be read as settings."""
    fields, faults = fields_of("a: [x, {y: [z]}]\nb: x\nc:")
    (first, second), (only,) = fields.items("a"), fields.items("b")

    assert isinstance(first, Text) and isinstance(only, Text)
    assert isinstance(second, Map)
    assert fields.items("c") == ()
    assert fields.nested("a.1", second).text("y") == ""
    assert faults[0].field == "a.1.y"


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("draft", "draft", 0),
        ("darft", "draft", 1),
        ("draf", "draft", 1),
        ("drafts", "draft", 1),
        ("draff", "draft", 1),
        ("rdaft", "draft", 1),
        ("dfrat", "draft", 2),
        ("", "ab", 2),
        ("ガイド", "ガイト", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_distance_counts_edits_and_a_swap_as_one(one: str, other: str, edits: int) -> None:
    """The slips of a hand: a letter more, less, wrong, or two of them swapped."""
    assert distance(one, other) == distance(other, one) == edits
    assert is_near(one, other, edits)
    assert not is_near(one, other, edits - 1)


def test_suggestion_is_the_nearest_known_name() -> None:
    """Or nothing, when none is near; a name of any length is answered at once."""
    known = frozenset(("title", "draft"))

    assert suggestion("titel", known) == "title"
    assert suggestion("completely", known) == ""
    assert suggestion("x" * 60_000, known) == ""
    assert suggestion("x", frozenset()) == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("transcript_file", "transcript"),
        ("chapters_url", "chapters"),
        ("lang", "language"),
        ("date_of_recording", ""),
        ("la", ""),
    ],
)
def test_suggestion_knows_short_and_long_names(name: str, meant: str) -> None:
    """As other programs have them; a name that only begins alike means something else."""
    assert suggestion(name, frozenset(("transcript", "chapters", "language", "date"))) == meant
