"""The tags of a feed: which are known where, and how often."""

from __future__ import annotations

import pytest
from feeds import item, rules, told

from podfeed.check.tag import short


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param("<category>a</category><category>b</category>", id="categories of RSS"),
        pytest.param('<itunes:category text="Arts"/><itunes:category text="News"/>', id="categories of Apple"),
        pytest.param("<itunes:title>Harbour</itunes:title>", id="Apple's title of a show"),
        pytest.param("<itunes:complete>Yes</itunes:complete>", id="complete"),
        pytest.param("<itunes:applepodcastsverify>1</itunes:applepodcastsverify>", id="verify"),
        pytest.param('<x:y xmlns:x="https://x.example/">1</x:y>', id="a namespace nobody knows"),
        pytest.param('<post-id xmlns="com-wordpress:feed-additions:1">1</post-id>', id="a default namespace"),
        pytest.param('<m:m xmlns:m="http://search.yahoo.com/mrss" url="a"/>', id="Media RSS without its slash"),
        pytest.param('<sy:p xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">1</sy:p>', id="syndication"),
        pytest.param("<ttl>60</ttl><cloud/><textInput><title>a</title></textInput>", id="what nobody needs any more"),
        pytest.param("<skipHours><hour>1</hour></skipHours>", id="hours to skip"),
        pytest.param('<psc:chapters version="1.2"/>', id="Podlove"),
    ],
)
def test_what_hosts_write_is_silent(fragment: str) -> None:
    """Feeds of large hosts have much that RSS does not know."""
    assert not {each for each in rules(fragment) if each.startswith("tag-")}


@pytest.mark.parametrize(
    ("fragment", "rule", "hint"),
    [
        ("<Language>en</Language>", "tag-unknown", "leave it out"),
        ("<Language>en</Language><!-- without language -->", "tag-misspelt", "write <language>"),
        ("<itunes:Author>Ada</itunes:Author>", "tag-unknown", "leave it out"),
        ("<itunes:Author>Ada</itunes:Author><!-- without itunes:author -->", "tag-misspelt", "write <itunes:author>"),
        ("<explicit>no</explicit><!-- without itunes:explicit -->", "tag-misspelt", "write <itunes:explicit>"),
        ("<author>Ada</author>", "tag-unknown", "leave it out"),
        ("<itunes:link>a</itunes:link>", "tag-unknown", "leave it out"),
        ("<guid>a</guid>", "tag-unknown", "leave it out"),
        ("<item><itunes:category text='Arts'/></item>", "tag-unknown", "leave it out"),
        ("<item><pubdate>a</pubdate><!-- without pubDate --></item>", "tag-misspelt", "write <pubDate>"),
        ("<item><itunes:epsode>1</itunes:epsode></item>", "tag-misspelt", "write <itunes:episode>"),
        ("<image><src>a</src></image>", "tag-unknown", "leave it out"),
        ("<itunes:owner><itunes:mail>a</itunes:mail></itunes:owner>", "tag-misspelt", "write <itunes:email>"),
    ],
)
def test_stranger_is_told_with_what_may_be_meant(fragment: str, rule: str, hint: str) -> None:
    """A slip is told as one; a tag that is right already is not proposed again."""
    found = {each.rule: each.hint for each in told(fragment) if each.rule in ("tag-misspelt", "tag-unknown")}

    assert found == {rule: hint}


def test_stranger_is_told_once() -> None:
    """A thousand items with the same slip are one slip."""
    assert rules("<item><hash>1</hash></item>" * 50).count("tag-unknown") == 1


def test_slip_in_capitals_is_not_told_as_missing_too() -> None:
    """One fault, one word about it."""
    assert rules("<Language>en</Language><!-- without language -->") == ["tag-misspelt"]
    assert item("<pubdate>Mon, 09 Jun 2025 05:00:00 +0900</pubdate><!-- without pubDate -->") == ["tag-misspelt"]
    assert item("<Enclosure/><!-- without enclosure -->") == ["tag-misspelt"]


@pytest.mark.parametrize(
    ("fragment", "line"),
    [
        pytest.param("\n<title>Harbour Radio</title>\n<title>Harbour Radio</title>", "<title>", id="channel"),
        pytest.param("<item><guid>a</guid>\n<guid>b</guid></item>", "<guid>b</guid>", id="item"),
        pytest.param("<image><url>a</url>\n<url>b</url></image>", "<url>b</url>", id="image"),
    ],
)
def test_repeated_tag_is_told_at_the_second(fragment: str, line: str) -> None:
    """The first is the one to keep, most likely."""
    (found,) = (each for each in told(fragment) if each.rule == "tag-repeated")

    assert line in found.excerpt


def test_atom_and_podcast_tags_may_be_repeated() -> None:
    """They have rules of their own."""
    assert "tag-repeated" not in rules('<atom:link rel="hub" href="https://a.example/"/>' * 2)


def test_retired_tag_is_told_once_with_its_number() -> None:
    """Old feeds have them in every item."""
    (found,) = (
        each for each in told("<item><itunes:keywords>a</itunes:keywords></item>" * 3) if "keyw" in each.message
    )

    assert found.message == "<itunes:keywords> is no longer read; the feed has it 3 times"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<title>a<!-- a comment --></title>", []),
        ("<title>a<?x y?>b</title>", []),
        ("<title><b>a</b></title>", ["tag-holds-elements"]),
        ("<item><title><i>Waves</i></title></item>", ["tag-holds-elements"]),
        (
            "<item><description><x:p xmlns:x='http://www.w3.org/1999/xhtml'>a</x:p></description></item>",
            ["tag-holds-elements"],
        ),
    ],
)
def test_elements_inside_text_are_told_once(fragment: str, expected: list[str]) -> None:
    """Comments are none; and what holds elements is not called empty."""
    assert rules(fragment) == expected


def test_live_item_may_stand_behind_items() -> None:
    """It is an item of its own kind."""
    live = '<podcast:liveItem status="ended" start="2025-06-02T20:00:00Z"/>'

    assert "tag-misplaced" not in rules(f"<item/>{live}")


def test_long_text_is_cut_in_messages() -> None:
    """A message stays readable, whatever is in the feed."""
    assert short("a\n b") == "a b"
    assert len(short("x" * 1000)) == 100
