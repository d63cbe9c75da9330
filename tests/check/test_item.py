"""Items: titles, guids, numbers, lengths."""

from __future__ import annotations

import pytest
from feeds import item, rules, told


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        ("<!-- without title -->", "the item has no title"),
        ("<title> </title>", "the item has no title"),
        ("<title/><!-- without description -->", "the item has neither a title nor a description"),
        ("<title/><description/>", "the item has neither a title nor a description"),
    ],
)
def test_item_has_a_title(fragment: str, message: str) -> None:
    """Nothing else can take its place."""
    (found,) = told(f"<item>{fragment}</item>")

    assert (found.rule, found.message) == ("item-title-missing", message)


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        ('<guid isPermaLink="false">a-guid</guid>', []),
        ('<guid isPermaLink="false">https://radio.example/1</guid>', []),
        ("<guid>https://radio.example/1</guid>", []),
        ('<guid isPermaLink="true">HTTP://radio.example/?p=1</guid>', []),
        ("<guid>https://radio.example/第12回</guid>", []),
        ('<guid xml:base="https://radio.example/" isPermaLink="false">a-guid</guid>', []),
        ("<guid>a-guid</guid>", ["item-guid-no-permalink"]),
        ("<guid>radio.example/1</guid>", ["item-guid-no-permalink"]),
        ("<guid>tag:radio.example,2025:1</guid>", ["item-guid-no-permalink"]),
        ("<guid>urn:uuid:917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>", ["item-guid-no-permalink"]),
        ("<guid>https://</guid>", ["item-guid-no-permalink"]),
        ("<guid>https://radio.example/a b</guid>", ["item-guid-no-permalink"]),
        *(
            (f'<guid isPermaLink="{value}">a-guid</guid>', ["item-guid-no-permalink"])
            for value in ("False", "0", "no", "")
        ),
        *(
            (f'<guid {name}="false">a-guid</guid>', ["item-guid-no-permalink"])
            for name in ("isPermalink", "ispermalink")
        ),
        ("<guid/>", ["item-guid-missing"]),
        ("<guid> </guid>", ["item-guid-missing"]),
        ('<guid isPermaLink="false"/>', ["item-guid-missing"]),
        ("<!-- without guid -->", ["item-guid-missing"]),
        ('<guid isPermaLink="false"><![CDATA[ a-guid ]]></guid>', ["item-guid-padded"]),
        ('<guid isPermaLink="false">12345678</guid>', ["item-guid-too-short"]),
        ('<guid isPermaLink="false">123456789</guid>', []),
        ('<guid isPermaLink="false">第12回</guid>', []),
    ],
)
def test_guid(guid: str, expected: list[str]) -> None:
    """Whatever a guid looks like, it gets at most one remark."""
    assert item(guid) == expected


def test_guid_of_a_show_is_told_once() -> None:
    """That it means nothing there, and not how to write it."""
    assert rules("<guid>a-guid</guid>") == ["tag-unknown"]


def test_guid_of_a_live_item_is_one_too() -> None:
    """It is declared like others."""
    assert "item-guid-no-permalink" in rules('<podcast:liveItem status="live"><guid>a-guid</guid></podcast:liveItem>')


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("http://a.example/?a=1&amp;b=2", "<![CDATA[http://a.example/?a=1&b=2]]>", ["item-guid-shared"]),
        ("http://a.example/?a=1&amp;b=2", "http://a.example/?a=1%26b=2", []),
        ("http://a.example/a", "http://a.example/A", ["item-guid-differs-in-capitals"]),
        ("http://a.example/か\u3099", "http://a.example/が", []),
        ("http://a.example/a", "https://a.example/a", []),
    ],
)
def test_guids_are_compared_letter_by_letter(first: str, second: str, expected: list[str]) -> None:
    """As apps do: what only means the same is another guid."""
    assert rules(f"<item><guid>{first}</guid></item><item><guid>{second}</guid></item>") == expected


def test_shared_guid_names_the_other_line() -> None:
    """Whoever mends it has to find both."""
    (found,) = told('\n<item>\n<guid isPermaLink="false">a-guid</guid></item>' * 2)

    other = int(found.message.split("line ")[1].split()[0])
    assert found.position.line > other > 1


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((number, []) for number in ("1", "01", "2025", "99999999999999999999")),
        *((number, ["item-number-invalid"]) for number in ("0", "-1", "1.5", "A", "１", "1a", "", "#1", "1 2")),
    ],
)
def test_numbers_count_from_one(number: str, expected: list[str]) -> None:
    """Of episodes and of seasons."""
    assert item(f"<itunes:episode>{number}</itunes:episode>") == expected
    assert item(f"<itunes:season>{number}</itunes:season>") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("full", []), ("trailer", []), ("bonus", []), *((each, ["item-type-invalid"]) for each in ("Full", "teaser", ""))],
)
def test_type_of_an_episode(kind: str, expected: list[str]) -> None:
    """Small letters, three words."""
    assert item(f"<itunes:episodeType>{kind}</itunes:episodeType>") == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<itunes:episodeType>trailer</itunes:episodeType>", ["item-number-missing"]),
        ("<itunes:episode>2</itunes:episode>", ["item-number-missing"]),
        ("", ["item-number-missing"] * 2),
    ],
)
def test_episodes_of_a_serial_show_have_numbers(fragment: str, expected: list[str]) -> None:
    """But not its trailers; the second item of the example has none."""
    assert rules(f"<itunes:type>serial</itunes:type><item>{fragment}</item>") == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        *((length, []) for length in ("0", "3723", "7:40", "59:59", "1:02:03", "01:02:03", "100:00:00")),
        *((length, ["item-duration-odd"]) for length in ("90:00", "060:00", "61:01", "100:00")),
        *(
            (length, ["item-duration-invalid"])
            for length in ("", "1:2:3", "2:3", "00:07:74", "00:60:00", "3605.5", "90 min", "1h", "-5", "PT1H", "１２", "1:00:00:00", ":30", "5:")
        ),
    ],
)  # fmt: skip
def test_duration(length: str, expected: list[str]) -> None:
    """Whole seconds, or hours, minutes and seconds with two digits each."""
    assert item(f"<itunes:duration>{length}</itunes:duration>") == expected


@pytest.mark.parametrize(("count", "expected"), [(1333, []), (1334, ["item-description-too-long"])])
def test_description_has_4000_bytes_at_most(count: int, expected: list[str]) -> None:
    """The rule "item-description-too-long" counts bytes: 1333 Japanese characters."""
    assert item(f"<description> {'海' * count} </description>") == expected
