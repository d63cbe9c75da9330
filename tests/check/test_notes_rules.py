"""What is said of show notes and descriptions, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from writing import file_of, said, weekly

from podfeed.diagnostics import Diagnostic
from podfeed.testing import EXAMPLE_HEADER

Told = Callable[..., tuple[Diagnostic, ...]]

TIDES = "The moon pulls, the sea follows."


def with_notes(*texts: str) -> dict[str, str]:
    """The files of episodes with these notes."""
    return {
        path: header + notes for (path, header), notes in zip(weekly(*[{}] * len(texts)).items(), texts, strict=True)
    }


def test_description_past_youtubes_limit_is_told(told: Told) -> None:
    """The rule “notes-description-far-too-long”, at the limit and just above; YouTube counts bytes."""
    for text, messages in (
        ("x" * 5000, []),
        ("x" * 5001, ["the description has 5001 bytes; YouTube takes 5000"]),
        ("海" * 1667, ["the description has 5001 bytes; YouTube takes 5000"]),
    ):
        found = said("notes-description-far-too-long", told(header={"description": text}))

        assert [message for _, message in found] == messages


@pytest.mark.parametrize(
    ("descriptions", "paths"),
    [
        pytest.param(["海", "海", "波", "風"], ["episodes/2.md"], id="copied once"),
        pytest.param(["海", "波", "海", "風"], [], id="not from the neighbour"),
        pytest.param(["毎週月曜に届けます"] * 4, [], id="the custom of the show"),
        pytest.param([None, None, "海"], [], id="none to copy"),
    ],
)
def test_description_of_the_episode_before_is_told(
    descriptions: list[str | None], paths: list[str], told: Told
) -> None:
    """A file often begins as a copy of the last one."""
    found = told(files=weekly(*({"description": text} for text in descriptions)))

    assert [path for path, _ in said("notes-description-repeated", found)] == paths


@pytest.mark.parametrize(
    ("notes", "things"),
    [
        pytest.param("![海](https://sea.podfeed.example/a.jpg)", "pictures", id="a picture"),
        pytest.param('<img src="https://sea.podfeed.example/a.jpg">', "pictures", id="a picture in HTML"),
        pytest.param("~~十時~~ 十二時から", "struck-out text", id="struck out"),
        pytest.param("~~海~~ <s>波</s>", "struck-out text", id="struck out in two ways"),
        pytest.param("~~海~~ ![波](https://sea.podfeed.example/a.jpg)", "struck-out text and pictures", id="both"),
    ],
)
def test_what_apps_do_not_show_is_told_in_words(notes: str, things: str, told: Told) -> None:
    """As the author speaks of it, and not as HTML does."""
    message = f"the notes hold {things}; Apple Podcasts leaves that out, or shows it as any other text"

    assert said("notes-lost-in-apps", told(files=with_notes(notes))) == [("episodes/1.md", message)]


@pytest.mark.parametrize(
    "notes",
    [
        "## 見出し\n\n**太字** と `code`、*斜体*。\n\n> 引用\n\n- 一\n- 二",
        "| 氷 | 音 |\n|---|---|\n| 砕氷 | しゃり |",
        "```\nls ~/a ~/b\n```",
        "午前10時~12時、午後2時~4時",
        "5〜6時、https://sea.podfeed.example/~ada/",
        "午前10〜12時",
    ],
)
def test_what_becomes_plain_html_loses_nothing(notes: str, told: Told) -> None:
    """Headings and tables are made fit for apps, and code is text."""
    assert said("notes-lost-in-apps", told(files=with_notes(notes))) == []


@pytest.mark.parametrize(
    ("notes", "address"),
    [
        ("[海](http://sea.podfeed.example/?a=1&b=2)", "http://sea.podfeed.example/?a=1&b=2"),
        ("http://sea.podfeed.example/を見て", "http://sea.podfeed.example/"),
        ("www.sea.podfeed.example", "http://www.sea.podfeed.example"),
        ('<a href="HTTP://sea.podfeed.example/">海</a>', "HTTP://sea.podfeed.example/"),
        ("[海][1]\n\n[1]: http://sea.podfeed.example/", "http://sea.podfeed.example/"),
    ],
)
def test_link_that_nobody_can_tap_is_told(notes: str, address: str, told: Told) -> None:
    """However it is written."""
    message = f"the notes link to “{address}”; Spotify lets nobody tap on an http: address"

    assert said("notes-link-insecure", told(files=with_notes(notes))) == [("episodes/1.md", message)]


@pytest.mark.parametrize(
    "notes",
    [
        "[海](https://www.sea.podfeed.example/)",
        "[便り](mailto:ada@sea.podfeed.example)",
        "`http://localhost/` の話",
        "海",
    ],
)
def test_other_links_are_fine(notes: str, told: Told) -> None:
    """An address inside code is no link."""
    assert said("notes-link-insecure", told(files=with_notes(notes))) == []


def test_a_show_is_told_once(told: Told) -> None:
    """At its newest episode, with the number of all: old notes are read less than new ones are written."""
    notes = "[海](http://sea.podfeed.example/) ~~波~~"
    found = told(files=with_notes(notes, notes, "海"))

    assert said("notes-link-insecure", found) == [
        (
            "episodes/2.md",
            "the notes of 2 episodes link to http: addresses, as “http://sea.podfeed.example/”; Spotify lets nobody tap"
            " on those",
        )
    ]
    assert said("notes-lost-in-apps", found) == [
        (
            "episodes/2.md",
            "the notes of 2 episodes hold struck-out text; Apple Podcasts leaves that out, or shows it as any other text",
        )
    ]


def test_article_may_hold_what_apps_do_not_show(told: Told) -> None:
    """It has a page and is in no feed."""
    header = {"title": "海の地図", "date": EXAMPLE_HEADER["date"], "show": "radio"}
    found = told(files={"episodes/2.md": file_of(header, "~~海~~ [波](http://sea.podfeed.example/)")})

    assert said("notes-lost-in-apps", found) + said("notes-link-insecure", found) == []


@pytest.mark.parametrize(
    ("rule", "notes", "line", "words"),
    [
        pytest.param("notes-link-broken", "海\n\n![波](波.jpg)", 10, "波.jpg", id="a picture that is not there"),
        pytest.param("notes-unsafe", "海\n\n<script>x</script>", 10, "script", id="a script"),
        pytest.param(
            "notes-link-insecure", "[海](http://sea.podfeed.example/)", 8, "http://sea.podfeed.example/", id="http"
        ),
    ],
)
def test_fault_of_the_notes_stands_at_its_words(rule: str, notes: str, line: int, words: str, told: Told) -> None:
    """Not at the top of the file, from where its author would have to search."""
    (found,) = [each for each in told(files={"episodes/1.md": file_of(EXAMPLE_HEADER, notes)}) if each.rule == rule]

    place = found.position
    assert place.line == line
    assert found.excerpt[place.column - 1 :][: place.width] == words
