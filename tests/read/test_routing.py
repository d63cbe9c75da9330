"""Which show claims a file, and why."""

from __future__ import annotations

import pytest

from podfeed.model import Match, Show
from podfeed.read.routing import Route, route


def shows(**matches: Match | None) -> dict[str, Show]:
    return {id: Show(id=id, title=id, feed=id, permalink="", match=match) for id, match in matches.items()}


def routed(
    known: dict[str, Show], *, named: str = "", title: str = "", path: str = "", actors: tuple[str, ...] = ()
) -> Route:
    return route(known, named=named, title=title, path=path, actor_ids=actors)


def test_named_show_wins_over_every_match() -> None:
    """Who says where a file belongs is believed."""
    known = shows(a=Match(title=("*",)), b=None)

    assert routed(known, named="b", title="x") == Route("b", "show: b")
    assert routed(known, named="c", title="x") == Route(reason="no show “c”")


def test_only_show_takes_everything_unless_it_asks_for_something() -> None:
    """One show needs no match."""
    assert routed(shows(a=None)) == Route("a", "the only show")
    assert routed(shows(a=Match(title=("x",)))) == Route(reason="no show claims it")
    assert routed(shows(a=None, b=None)) == Route(reason="no show claims it")
    assert routed({}) == Route(reason="no show claims it")


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        pytest.param(Match(actor_ids=("ada",)), "match actor_ids: ada", id="an actor"),
        pytest.param(Match(actor_ids=("bo", "ada")), "match actor_ids: ada", id="one of two actors"),
        pytest.param(Match(actor_ids=("bo",)), "", id="another actor"),
        pytest.param(Match(title=("Tides*",)), "match title: Tides*", id="a title"),
        pytest.param(Match(title=("tides*",)), "", id="a title in other letters"),
        pytest.param(Match(title=("Tides",)), "", id="a part of the title"),
        pytest.param(Match(path=("en/*",)), "match path: en/*", id="a folder"),
        pytest.param(
            Match(actor_ids=("ada",), title=("Tides*",)), "match actor_ids: ada, match title: Tides*", id="both hold"
        ),
        pytest.param(Match(actor_ids=("ada",), title=("Waves*",)), "", id="one of both holds"),
        pytest.param(Match(), "", id="nothing asked"),
    ],
)
def test_every_key_of_a_match_must_hold(match: Match, reason: str) -> None:
    """Keys are AND, values are OR, and the reason says which value it was."""
    found = routed(shows(a=match), title="Tides [1]", path="en/deep/1.md", actors=("ada",))

    assert found == (Route("a", reason) if reason else Route(reason="no show claims it"))


@pytest.mark.parametrize(
    ("pattern", "title", "holds"),
    [
        ("[Research]*", "[Research] Tides", True),
        ("[Research]*", "R Tides", False),
        ("*(1)?", "a(1)b", True),
        ("a.b", "axb", False),
        ("*", "two\nlines", True),
        ("", "", True),
    ],
)
def test_only_star_and_question_mark_are_special(pattern: str, title: str, holds: bool) -> None:
    """Titles contain brackets."""
    assert bool(routed(shows(a=Match(title=(pattern,))), title=title).show) is holds


@pytest.mark.failure("IN-26")
@pytest.mark.parametrize("title", ["ガイド 1", "カ\u3099イト\u3099 1"])
@pytest.mark.parametrize("pattern", ["ガイド*", "カ\u3099イト\u3099*"])
def test_titles_are_compared_in_one_normal_form(pattern: str, title: str) -> None:
    """What looks alike is alike."""
    assert routed(shows(a=Match(title=(pattern,))), title=title).show == "a"
    assert routed(shows(a=Match(path=(pattern,))), path=title).show == "a"


def test_two_claims_are_none() -> None:
    """Nobody guesses which of two shows is meant."""
    both = shows(a=Match(title=("T*",)), b=Match(actor_ids=("ada",)), c=Match(title=("x",)))

    assert routed(both, title="Tides", actors=("ada",)) == Route(
        rivals=("a", "b"), reason="more than one show claims it"
    )
