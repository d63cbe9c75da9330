"""What is said of the people of a show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]


def said(found: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    """What the rules about people say: rule and message."""
    return [(each.rule, each.message) for each in found if each.rule.startswith("actor-")]


@pytest.mark.parametrize(
    ("actors", "expected"),
    [
        pytest.param("ada: {name: Ada}, toro: {name: 潮見トロ}, iwa: {name: 帳場のイワ}", [], id="three people"),
        pytest.param("ada: , bo: {name: ada}", ["“ada” has the same name, “ada”"], id="an id is a name too"),
        pytest.param(
            "ada: {name: Ada}, b: {name: ａｄａ}, c: {name: ada}", ["“b” has the same name, “ada”"], id="wide"
        ),
        pytest.param(
            'ada: {name: "か\\u3099"}, b: {name: "が"}, c: {name: が}',
            ["“ada” has the same name, “が”", "“ada” has the same name, “が”"],
            id="composed and decomposed",
        ),
    ],
)
def test_people_are_told_apart_by_name(actors: str, expected: list[str], told: Told) -> None:
    """However it is typed; each newcomer is told once."""
    found = said(told(config={"actors": f"{{{actors}}}"}))

    assert found == [("actor-name-shared", message) for message in expected]


@pytest.mark.parametrize(("length", "count"), [(128, 0), (129, 1)])
def test_name_is_long_beyond_128_characters(length: int, count: int, told: Told) -> None:
    """In characters, whatever the script."""
    found = said(told(config={"actors": f"{{ada: {{name: {'潮' * length}}}}}"}))

    assert found == [("actor-name-too-long", "the name of “ada” has 129 characters; apps may cut it after 128")] * count


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (
            "url: ada.podfeed.example",
            [("actor-address-invalid", "the page of “Ada” is “ada.podfeed.example”, which is no address")],
        ),
        (
            "url: HTTP://ada.podfeed.example",
            [("actor-address-insecure", "“HTTP://ada.podfeed.example” begins with http://")],
        ),
        ("url: https://ada.podfeed.example/海", []),
        ("url: ''", []),
        ("image_url: /artwork/cover.jpg", []),
    ],
)
def test_page_of_a_person_is_an_address(setting: str, expected: list[tuple[str, str]], told: Told) -> None:
    """A secure one, if there is one; without a page nobody asks for one."""
    assert said(told(config={"actors": f"{{ada: {{name: Ada, {setting}}}}}"})) == expected


@pytest.mark.parametrize(
    ("id", "hint"),
    [("adda", "write “ada” if that is meant"), ("ずんだもん", "add “ずんだもん” below “actors” in config.yaml")],
)
def test_unknown_person_comes_with_a_remedy(id: str, hint: str, told: Told) -> None:
    """A slip gets a guess, and a new person a place."""
    (found,) = (each for each in told(header={"actor_ids": f"[ada, {id}]"}) if each.rule == "actor-unknown")

    assert (found.message, found.hint) == (f"there is no actor “{id}” in config.yaml", hint)
    assert found.excerpt[found.position.column - 1 :] == f"{id}]"
