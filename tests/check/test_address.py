"""Addresses of audio, pictures and pages in a feed."""

from __future__ import annotations

import pytest
from feeds import item, rules


def _of_audio(address: str) -> list[str]:
    return item(f'<enclosure url="{address}" length="1000000" type="audio/mpeg"/>')


@pytest.mark.parametrize(
    "address",
    [
        "https://radio.example/a.mp3",
        "HTTPS://Radio.Example/A.MP3",
        "https://radio.example:8443/a.mp3",
        "https://radio.example/a%20b,c;d=e@f!g$h&amp;i*j'k(l)+m.mp3?x=1&amp;y=[2]#t",
        "https://xn--kck1a0k.example/%E6%B5%B7.mp3",
        "https://op3.dev/e/https://radio.example/a.mp3",
        "https://anchor.example/play/1/https%3A%2F%2Fmedia.example%2Fa.mp3",
        "https://192.0.2.1/a.mp3",
        "https://radio.example/a.mp3?updated=1&amp;exp=2",
    ],
)
def test_address_of_the_web_is_silent(address: str) -> None:
    """Everything RFC 3986 allows, and what services that count downloads make of it."""
    assert _of_audio(address) == []


@pytest.mark.parametrize(
    "address",
    [
        "/a.mp3",
        "a.mp3",
        "radio.example/a.mp3",
        "//radio.example/a.mp3",
        "ftp://radio.example/a.mp3",
        "file:///a.mp3",
        "https:///a.mp3",
        "https://?a.mp3",
        "https://[/a.mp3",
        "https://localhost/a.mp3",
        "https://127.0.0.1/a.mp3",
        "https://radio/a.mp3",
        "https://radio..example/a.mp3",
        "https://radio.example:port/a.mp3",
        "https://radio.example:99999/a.mp3",
        "https://user:word@radio.example/a.mp3",
        "https://radio.example/a b.mp3",
        " https://radio.example/a.mp3",
        "https://radio.example/海.mp3",
        "https://ラジオ.example/a.mp3",
        "https://radio.example/100%.mp3",
        "https://radio.example/a%2.mp3",
        "https://radio.example/a|b.mp3",
        "https://radio.example\\a.mp3",
        "https://radio.example/a.mp3?X-Amz-Signature=1",
        "https://radio.example/a.mp3?Expires=1&amp;Signature=2",
        "https://radio.example/a.mp3?se=1&amp;sig=2",
    ],
)
def test_address_that_apps_cannot_open_is_told_once(address: str) -> None:
    """Whatever is wrong with it: one error, and no second about its ending."""
    assert _of_audio(address) == ["address-invalid"]
    assert rules(f'<itunes:image href="{address.replace(".mp3", ".jpg")}"/>') == ["address-invalid"]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://radio.example/第12回", []),
        ("http://radio.example/", []),
        ("https://radio.example/waves", []),
        ("/waves/", ["address-invalid"]),
        ("radio.example", ["address-invalid"]),
        ("https://radio.example/a b", ["address-invalid"]),
        ("mailto:ada@radio.example", ["address-invalid"]),
        ("", []),
    ],
)
def test_link_is_for_browsers(link: str, expected: list[str]) -> None:
    """They encode what is not ASCII themselves; but a link is absolute."""
    assert item(f"<link>{link}</link>") == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('rel="hub" href="https://hub.example/"', []),
        ('rel="payment" href="bitcoin:1Ada"', []),
        ('href="mailto:ada@radio.example"', []),
        ('rel="next" href="feed-2.xml"', ["address-invalid"]),
        ('rel="next" href="//radio.example/feed-2.xml"', ["address-invalid"]),
        ('rel="hub" href="https://hub.example/a b"', ["address-invalid"]),
        ('rel="hub" href=""', ["address-missing"]),
        ('rel="hub"', ["address-missing"]),
    ],
)
def test_link_of_atom_leads_somewhere(link: str, expected: list[str]) -> None:
    """Be it to a wallet; nobody knows what a relative address is relative to."""
    own = '<atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>'

    assert rules(f"{own}<atom:link {link}/>") == expected


def test_addresses_with_http_are_told_once() -> None:
    """Old feeds have nothing else."""
    enclosure = '<item><enclosure url="http://radio.example/{}.mp3" length="1" type="audio/mpeg"/></item>'

    assert rules(enclosure.format(1) + enclosure.format(2)) == ["address-insecure"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://radio.example/cover.PNG?x=1.webp", []),
        ("https://radio.example/cover", []),
        ("https://radio.example/cover.jpeg", []),
        ("https://radio.example/cover.gif", ["address-picture-refused"]),
        ("https://radio.example/cover.SVG?x=.jpg", ["address-picture-refused"]),
    ],
)
def test_picture_is_known_by_its_ending(address: str, expected: list[str]) -> None:
    """Some services write none, and serve a JPEG."""
    assert rules(f'<itunes:image href="{address}"/>') == expected


@pytest.mark.parametrize(
    "picture",
    [
        "<itunes:image/>",
        '<itunes:image href=""/>',
        '<itunes:image url="https://radio.example/a.jpg"/>',
        "<itunes:image><url>https://radio.example/a.jpg</url></itunes:image>",
    ],
)
def test_picture_without_href_has_no_address(picture: str) -> None:
    """In the channel and in items."""
    assert rules(picture) == ["address-missing"]
    assert item(picture) == ["address-missing"]
