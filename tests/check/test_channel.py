"""What a feed says of its show."""

from __future__ import annotations

import pytest
from conftest import NOW
from feeds import item, rules, told

from podfeed.linting import lint
from podfeed.testing import example_feed


@pytest.mark.parametrize(
    "name", ["title", "link", "description", "language", "itunes:category", "itunes:explicit", "itunes:image"]
)
def test_each_needed_tag_is_missed(name: str) -> None:
    """One error each, at the channel."""
    (found,) = told(f"<!-- without {name} -->")

    assert (found.rule, found.message) == ("channel-tag-missing", f"the feed has no <{name}>")
    assert found.excerpt == "<channel>"


@pytest.mark.parametrize(
    ("fragment", "rule"),
    [
        ("<title/>", "channel-tag-missing"),
        ("<link> </link>", "channel-tag-missing"),
        ("<description><![CDATA[ ]]></description>", "channel-tag-missing"),
        ("<language/>", "channel-language-invalid"),
        ("<itunes:explicit/>", "value-explicit-invalid"),
        ("<itunes:category/>", "channel-category-unknown"),
        ("<itunes:image/>", "address-missing"),
        ("<itunes:author/>", "channel-author-missing"),
        ("<itunes:owner><itunes:email/></itunes:owner>", "channel-owner-email-invalid"),
        ("<itunes:new-feed-url/>", "channel-new-feed-url-invalid"),
        ("<itunes:type/>", "channel-type-invalid"),
    ],
)
def test_blank_value_is_told_once(fragment: str, rule: str) -> None:
    """By the rule that knows what belongs there."""
    assert rules(fragment) == [rule]


@pytest.mark.parametrize("language", ["en", "EN-us", "ja", "zh-Hant-TW", "es-419", "haw"])
def test_language_code(language: str) -> None:
    """Capitals do not matter."""
    assert rules(f"<language>{language}</language>") == []


@pytest.mark.parametrize(
    ("language", "hint"),
    [
        ("english", "write “en”"),
        ("en_US", "write “en-US”"),
        ("jp", "write “ja”"),
        ("xx", "write two letters, as ja, en or en-gb"),
        ("日本語", "write two letters, as ja, en or en-gb"),
    ],
)
def test_language_that_is_none(language: str, hint: str) -> None:
    """What may be meant is proposed."""
    (found,) = told(f"<language>{language}</language>")

    assert (found.rule, found.hint) == ("channel-language-invalid", hint)


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ('<itunes:category text="Society &amp; Culture"/>', []),
        ('<itunes:category text="TV &amp; Film"><itunes:category text="TV Reviews"/></itunes:category>', []),
        ('<itunes:category text="Religion &amp; Spirituality"><itunes:category text="Religion"/></itunes:category>', []),
        ('<itunes:category text="Arts"><itunes:category text="Food"/><itunes:category text="Books"/></itunes:category>', []),
        ('<itunes:category text="Arts"/><itunes:category text="News"/>', []),
        ('<itunes:category text="arts"/>', ["channel-category-unknown"]),
        ('<itunes:category text=" Arts "/>', ["channel-category-unknown"]),
        ('<itunes:category text="Kids and Family"/>', ["channel-category-retired"]),
        ('<itunes:category text="Food"/>', ["channel-category-unknown"]),
        ('<itunes:category>Arts</itunes:category>', ["channel-category-unknown"]),
        ('<itunes:category text="Arts"><itunes:category/></itunes:category>', ["channel-subcategory-unknown"]),
        ('<itunes:category text="Arts"><itunes:category text="food"/></itunes:category>', ["channel-subcategory-unknown"]),
        ('<itunes:category text="Arts"><itunes:category text="Politics"/></itunes:category>', ["channel-subcategory-unknown"]),
        ('<itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>', ["channel-category-retired"]),
        ('<itunes:category text="Games &amp; Hobbies"><itunes:category text="Hobbies"/></itunes:category>', ["channel-category-retired"]),
    ],
)  # fmt: skip
def test_categories_are_apples(categories: str, expected: list[str]) -> None:
    """To the letter, and each fault once."""
    assert rules(categories) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"', []),
        ('href="https://radio.podfeed.example/feed.xml"', ["channel-self-link-odd"]),
        ('type="application/atom+xml" href="https://radio.podfeed.example/feed.xml"', ["channel-self-link-odd"]),
        ('type="application/rss+xml" href="feed.xml"', ["channel-self-link-wrong"]),
        ('type="application/rss+xml" href="http://localhost:4000/feed.xml"', ["channel-self-link-wrong"]),
        ('type="application/rss+xml" href=""', ["channel-self-link-wrong"]),
        ('type="application/rss+xml"', ["channel-self-link-wrong"]),
    ],
)
def test_self_link(link: str, expected: list[str]) -> None:
    """The feed's own address stands in full, as what it is."""
    assert rules(f'<atom:link rel="self" {link}/>') == expected


@pytest.mark.parametrize("address", ["feed.xml", "ftp://radio.example/feed.xml", "http://localhost/feed.xml"])
def test_show_moves_to_an_address_of_the_web(address: str) -> None:
    """Apps go there, and never come back."""
    assert rules(f"<itunes:new-feed-url>{address}</itunes:new-feed-url>") == ["channel-new-feed-url-invalid"]


def test_second_self_link_is_told() -> None:
    """Large hosts write one for themselves and one for the show."""
    link = '<atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>'

    assert rules(link * 2) == ["channel-self-link-odd"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://radio.podfeed.example/feed.xml", []),
        ("https://staging.podfeed.example/feed.xml", ["channel-self-link-wrong"]),
        ("http://radio.podfeed.example/feed.xml", ["channel-self-link-wrong"]),
    ],
)
def test_self_link_is_where_the_feed_was_fetched(url: str, expected: list[str]) -> None:
    """A feed that was moved says so by its own address."""
    found = lint(example_feed(), "feed.xml", now=NOW, url=url)

    assert [each.rule for each in found] == expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ada@radio.example", []),
        ("ada+7@radio.co.example", []),
        *(
            (email, ["channel-owner-email-invalid"])
            for email in (
                "Ada",
                "mailto:ada@radio.example",
                "ada@radio.example (Ada)",
                "ada@radio",
                "a@b.example c@d.example",
            )
        ),
    ],
)
def test_owner_has_one_bare_address(email: str, expected: list[str]) -> None:
    """Directories mail a code there."""
    assert rules(f"<itunes:owner><itunes:email>{email}</itunes:email></itunes:owner>") == expected


def test_owner_without_an_address_is_told() -> None:
    """A name alone helps nobody."""
    assert rules("<itunes:owner><itunes:name>Ada</itunes:name></itunes:owner>") == ["channel-owner-email-invalid"]


def test_show_without_an_owner_can_be_claimed_by_its_lock() -> None:
    """One address is enough."""
    assert "channel-owner-email-missing" not in rules("<!-- without itunes:owner -->")
    assert "channel-owner-email-missing" in rules("<!-- without itunes:owner --><!-- without podcast:locked -->")


_PICTURE = {
    "url": "https://radio.podfeed.example/small.jpg",
    "title": "Harbour Radio",
    "link": "https://radio.podfeed.example/",
}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 0),
        ({"width": "144", "height": "400"}, 0),
        ({"url": "https://radio.podfeed.example/small.GIF?x=1"}, 0),
        ({"url": "https://radio.podfeed.example/small"}, 0),
        ({"url": ""}, 1),
        ({"title": ""}, 1),
        ({"title": "Harbour"}, 1),
        ({"link": "https://radio.podfeed.example"}, 1),
        ({"width": "145"}, 1),
        ({"height": "401"}, 1),
        ({"width": "0", "height": "-1"}, 2),
        ({"width": "wide", "height": "１４４"}, 2),
        ({"width": "9" * 5000}, 1),
        ({"url": "https://radio.podfeed.example/small.webp"}, 1),
    ],
)
def test_picture_of_rss(changes: dict[str, str], count: int) -> None:
    """Three things are needed and agree with the channel; sizes have limits of 1999."""
    picture = "".join(f"<{name}>{value}</{name}>" for name, value in {**_PICTURE, **changes}.items())

    assert rules(f"<image>{picture}</image>") == ["channel-image-wrong"] * count


@pytest.mark.parametrize(
    ("bytes_each", "count", "expected"), [(3, 1333, []), (3, 1334, ["channel-description-too-long"])]
)
def test_description_has_4000_bytes_at_most(bytes_each: int, count: int, expected: list[str]) -> None:
    """The rule "channel-description-too-long" counts bytes: 1333 Japanese characters."""
    assert rules(f"<description>{'海' * count}</description>") == expected


def test_feed_with_the_oldest_first_is_told_once() -> None:
    """Not for each episode."""
    dated = "<item><pubDate>0{} Jun 2025 05:00:00 GMT</pubDate></item>"
    third = dated.format(3).replace(
        "<pubDate>",
        "<title>c</title><description>c</description><guid>http://c.example/c</guid>"
        "<enclosure url='https://c.example/c.mp3' length='1' type='audio/mpeg'/><pubDate>",
    )

    assert rules(dated.format(1) + dated.format(2) + third) == ["channel-items-unsorted"]
    assert rules(dated.format(3) + dated.format(3)) == []


def test_dates_that_cannot_be_read_are_in_no_order() -> None:
    """They are told for themselves."""
    assert "channel-items-unsorted" not in item("<pubDate>soon</pubDate>")


def test_empty_feed_is_told() -> None:
    """Directories refuse it."""
    data = example_feed().partition(b"<item>")[0] + b"</channel></rss>"

    assert [each.rule for each in lint(data, "feed.xml", now=NOW)] == ["channel-without-items"]
