"""Extra tags are asked what any feed is asked, and each answer stands where the author wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NOW

from podfeed.building import build
from podfeed.checking import check, stopped_shows
from podfeed.diagnostics import Diagnostic
from podfeed.loading import load

#: What a feed may hold that podfeed has no settings for, without a fault.
SOUND = {
    "value": '<podcast:value type="lightning" method="lnaddress">'
    '<podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="100"/></podcast:value>',
    "chat": '<podcast:chat server="irc.podfeed.example" protocol="irc"/>',
    "item title": "<itunes:title>Tides</itunes:title>",
}
_SOUND_IN_SHOWS = {
    "podroll": '<podcast:podroll><podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/></podcast:podroll>',
    "publisher": '<podcast:publisher><podcast:remoteItem medium="publisher"'
    ' feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/></podcast:publisher>',
    "podping": '<podcast:podping usesPodping="false"/>',
    "live": '<podcast:liveItem status="pending" start="2026-06-02T20:00:00+09:00" end="2026-06-02T21:00:00+09:00">'
    '<title>Live</title><guid isPermaLink="false">live-1</guid>'
    '<enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>'
    '<podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink></podcast:liveItem>',
    "hub": '<atom:link rel="payment" href="https://pay.podfeed.example/"/>',
}


def _errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return [each.rule for each in found if each.severity == "error"]


@pytest.mark.parametrize(
    ("where", "xml"),
    [pytest.param("header", xml, id=f"episode: {name}") for name, xml in SOUND.items()]
    + [pytest.param("show", xml, id=f"show: {name}") for name, xml in {**SOUND, **_SOUND_IN_SHOWS}.items()],
)
def test_sound_tags_are_silent(where: str, xml: str, told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Nothing is said that is not said without them."""
    before = {each.rule for each in told()}

    assert {each.rule for each in told(**{where: {"extra_tags": f"|\n      {xml}"}})} == before


@pytest.mark.parametrize(
    ("where", "xml", "rule", "words"),
    [
        ("header", '<podcast:chat\n  protocol="pigeon" server="irc.example"/>', "podcast-word-unknown", "pigeon"),
        ("header", "<podcast:podroll/>", "podcast-tag-misplaced", "podcast:podroll"),
        ("header", "<podcast:txt>\n</podcast:txt>\n<podcast:bogus/>", "podcast-tag-unknown", "podcast:bogus"),
        ("header", "<itunes:titel>x</itunes:titel>", "tag-misspelt", "itunes:titel"),
        ("show", "海\n".replace("海\n", "<podcast:podroll/>"), "podcast-child-missing", "podcast:podroll"),
        ("show", "<podcast:chat protocol='irc' server='a.example'/>\n" * 2, "podcast-tag-repeated", "podcast:chat"),
        ("show", '<podcast:txt>海</podcast:txt><podcast:value type="x" method="y"/>', "podcast-child-missing", "podcast:value"),
    ],
)  # fmt: skip
def test_fault_of_a_tag_stands_at_the_tag(
    where: str, xml: str, rule: str, words: str, told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """In config.yaml or in the episode, to the column."""
    indent = "\n      "
    found = told(**{where: {"extra_tags": f"|{indent}{xml.rstrip().replace(chr(10), indent)}"}})

    (fault,) = [each for each in found if each.rule == rule]
    assert fault.path == ("config.yaml" if where == "show" else "episodes/1.md")
    assert fault.excerpt[fault.position.column - 1 :].startswith(words)


def test_show_does_not_recommend_itself(project: Callable[..., Path]) -> None:
    """Its guid is known, though the author did not write it."""
    guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    xml = f'<podcast:podroll><podcast:remoteItem feedGuid="{guid}"/></podcast:podroll>'

    found = check(load(project(show={"extra_tags": xml, "guid": guid})), now=NOW)

    assert _errors(found) == ["podcast-remote-item-invalid"]


def test_wrong_tag_stops_its_show(project: Callable[..., Path]) -> None:
    """A wrong address sends money to a stranger: nothing goes out before it is right."""
    bad = SOUND["value"].replace("ada@radio.podfeed.example", "ada")
    loaded = load(project(header={"extra_tags": bad}))

    found = check(loaded, now=NOW)

    assert _errors(found) == ["podcast-payment-address-invalid"]
    assert stopped_shows(found, loaded.config) == {"radio"}


def test_wrong_tag_of_a_draft_stops_nothing(project: Callable[..., Path]) -> None:
    """It is told, and the others go out."""
    bad = "---\ntitle: B\ndraft: true\nshow: radio\naudio: /audio/other.mp3\nextra_tags: <podcast:podroll/>\n---\n"
    loaded = load(project(files={"episodes/2.md": bad}))

    found = check(loaded, now=NOW)

    assert "podcast-tag-misplaced" in _errors(found)
    assert stopped_shows(found, loaded.config) == frozenset()


def test_rule_about_extra_tags_can_be_quieted(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """As any other, with a reason."""
    header = {"extra_tags": "<podcast:bogus/>", "ignore": "{podcast-tag-unknown: an app of ours reads it}"}

    assert {each.rule for each in told(header=header)} == {each.rule for each in told()}


def test_only_the_files_asked_for_are_told(project: Callable[..., Path]) -> None:
    """Looking at one file says nothing of another."""
    second = "---\ntitle: B\ndate: 2025-06-09 05:00:00 +0900\naudio: /audio/other.mp3\n---\n"
    root = project(header={"extra_tags": "<podcast:bogus/>"}, files={"episodes/2.md": second})

    found = check(load(root), now=NOW, paths=["episodes/2.md"])

    assert [each for each in found if each.rule == "podcast-tag-unknown"] == []


def test_refused_tags_are_in_no_feed(project: Callable[..., Path]) -> None:
    """The show is stopped; were it built all the same, the tags would not be there."""
    loaded = load(project(header={"extra_tags": "<guid>CANARY</guid>"}))

    content = build(loaded, now=NOW)["radio/feed.xml"].content

    assert callable(content)
    assert b"CANARY" not in content()
    assert stopped_shows(check(loaded, now=NOW), loaded.config) == {"radio"}
