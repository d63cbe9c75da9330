"""What the texts of an episode hold, and what may stand in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from writing import file_of, said

from podfeed.diagnostics import Diagnostic
from podfeed.testing import EXAMPLE_HEADER

Told = Callable[..., tuple[Diagnostic, ...]]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "TODO",
            "todo",
            "TODO: タイトルを追加してください",
            "3. TODO: タイトルを追加してください",
            "TODO：題名",
            "TBD...",
        ),
        *("Example title", "1. Example title", "Example description", "Example long description", "Your title here"),
        *(
            "ほげほげ ふがふが",
            "ここにタイトルを書く",
            "タイトルを入力してください",
            "説明文を追加してください",
            "タイトル未定",
        ),
        *("Lorem ipsum dolor sit amet.", "Untitled"),
    ],
)
def test_words_of_a_template_are_found(text: str, told: Told) -> None:
    """In the title and in the description, as templates for podfeed and yattecast have them."""
    for name in ("title", "description"):
        found = said("text-placeholder", told(header={name: f'"{text}"'}))

        assert found == [("episodes/1.md", f"“{name}” still holds the template's text “{text}”")]


@pytest.mark.parametrize(
    "text",
    [
        "Todo",
        "Todo sobre el mar",
        "TODOリストの作り方",
        "My todo list",
        "説明のむずかしい話",
        "未定の未来",
        "ここに説明のつかない海がある",
        "かくかくしかじか",
    ],
)
def test_words_of_a_title_are_no_template(text: str, told: Told) -> None:
    """“Todo” is all, in Spanish; a note to oneself may be what the episode is about."""
    assert said("text-placeholder", told(header={"title": text})) == []


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://example.com/a.mp3", True),
        ("https://cdn.example.org/a.mp3", True),
        ("https://EXAMPLE.net/a.mp3", True),
        ("https://audio.podfeed.example/a.mp3", False),
        ("https://myexample.com/a.mp3", False),
        ("https://example.com.radio.example/a.mp3", False),
        ("/audio/example.com.mp3", False),
        ("https://[example.com/a.mp3", False),
    ],
)
def test_address_of_an_example_is_found(address: str, is_told: bool, told: Told) -> None:
    """Nobody can have these names; those that end in “.example” are of nobody's template."""
    header = {"audio_file_path": f"'{address}'", "image_url": None}

    assert bool(said("text-placeholder", told(header=header))) is is_told


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("海<br>波", "text-html-tag", "“title” holds HTML, “<br>”; listeners would see it"),
        ("<A href='x'>海</a>", "text-html-tag", "“title” holds HTML, “<A href='x'>”; listeners would see it"),
        ("<ruby>海</ruby>", "text-html-tag", "“title” holds HTML, “<ruby>”; listeners would see it"),
        ("海 &amp; 波", "text-html-reference", "“title” holds “&amp;”; listeners would see it"),
        ("海&#39;波", "text-html-reference", "“title” holds “&#39;”; listeners would see it"),
        ("海&#x3042;波", "text-html-reference", "“title” holds “&#x3042;”; listeners would see it"),
        ("<前編> 海の話", "text-angle-bracket", "“<前編> 海の話” holds “<”; YouTube takes no episode with it"),
        ("東京 > 大阪", "text-angle-bracket", "“東京 > 大阪” holds “>”; YouTube takes no episode with it"),
        ("I <3 the sea", "text-angle-bracket", "“I <3 the sea” holds “<”; YouTube takes no episode with it"),
    ],
)
def test_signs_of_html_are_told_by_one_rule(text: str, rule: str, message: str, told: Told) -> None:
    """A tag is not told a second time for its brackets."""
    found = told(header={"title": f'"{text}"'})

    assert {each.rule for each in found if each.rule.startswith("text-")} == {rule}
    assert said(rule, found) == [("episodes/1.md", message)]


@pytest.mark.parametrize(
    "text", ["＜前編＞ 海の話", "R&D の話", "海&波;", "&D;", "Q&A", "a && b;", "東京→大阪", "〈海〉", "《海》"]
)
def test_other_signs_are_no_html(text: str, told: Told) -> None:
    """Wide brackets, arrows and an ampersand between letters are as good as any sign."""
    found = told(header={"title": f"'{text}'", "description": f"'{text}'"})

    assert [each for each in found if each.rule.startswith("text-")] == []


def test_brackets_in_notes_count_where_they_become_the_description(told: Told) -> None:
    """An episode without a description is described by the beginning of its notes."""
    notes = "水深は `a < b` のとおりです。\n"
    described = {"episodes/1.md": file_of(EXAMPLE_HEADER, notes)}
    bare = {"episodes/1.md": file_of({**EXAMPLE_HEADER, "description": None}, notes)}

    assert said("text-angle-bracket", told(files=described)) == []
    assert said("text-angle-bracket", told(files=bare)) == [
        ("episodes/1.md", "“水深は a < b のとおりです。” holds “<”; YouTube takes no episode with it")
    ]


def test_article_may_hold_brackets(told: Told) -> None:
    """It is in no feed."""
    article = {"title": "'<前編> 海'", "date": EXAMPLE_HEADER["date"], "show": "radio"}

    assert said("text-angle-bracket", told(files={"episodes/2.md": file_of(article)})) == []


def test_direction_mark_is_named_by_its_number(told: Told) -> None:
    """Nobody can see it."""
    found = told(header={"title": '"海 \\u2067gpj"'})

    assert said("text-direction-override", found) == [
        ("episodes/1.md", "“title” holds an invisible direction mark (U+2067)")
    ]
