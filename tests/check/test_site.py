"""What is said of the addresses everything else is made from."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from podfeed.check.site import is_reserved, secret_in
from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]


def said(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    """What the rules about the site say: rule, message, hint."""
    return [(each.rule, each.message, each.hint) for each in found if each.rule.startswith("site-")]


@pytest.mark.parametrize(
    ("site", "problem"),
    [
        ("radio.podfeed.example", "it does not begin with https://"),
        ("http://radio.podfeed.example", "it does not begin with https://"),
        ("https://radio.podfeed.example/#top", "it has a “?” or “#”"),
        ("https://radio.podfeed.example/?", "it has a “?” or “#”"),
        ("https://ada:secret@radio.podfeed.example", "it holds “a user name or password”, which is private or expires"),
        ("https://", "it does not begin with https://"),
        ("https://podcast.example.org/radio", "it is the address of examples"),
        ("https://nas.local", "it has no public host name"),
        ("https://[2001:db8::1]", "it has no public host name"),
    ],
)
def test_address_of_the_site_says_what_is_wrong(site: str, problem: str, told: Told) -> None:
    """For one reason."""
    ((rule, message, hint),) = said(told(config={"site": f"'{site}'"}))

    assert (rule, hint) == ("site-address-invalid", "write the public https://… address")
    assert message == f"“{site.rstrip('/')}” cannot be the address of the site: {problem}"


@pytest.mark.parametrize(
    "site", ["https://radio.podfeed.example", "HTTPS://Radio.podfeed.example:8443/shows/", "https://myexample.com"]
)
def test_public_address_is_left_alone(site: str, told: Told) -> None:
    """With a port, a path, capital letters."""
    assert said(told(config={"site": site})) == []


def test_media_are_on_this_machine_only_while_the_site_is(told: Told) -> None:
    """A preview is a preview as a whole: audio on one's own computer under a public site is a slip."""
    here = "'http://127.0.0.1:9000'"

    assert [each[0] for each in said(told(config={"site": here, "media": here}))] == ["site-address-local"]
    assert said(told(config={"media": here})) == [
        (
            "site-address-invalid",
            "“http://127.0.0.1:9000” cannot be the address of the site: it does not begin with https://",
            "write the public https://… address",
        )
    ]


@pytest.mark.parametrize(
    ("site", "written"),
    [
        ("https://ラジオ.podfeed.example/番組", "https://xn--kck1a0k.podfeed.example/%E7%95%AA%E7%B5%84"),
        ("https://radio.podfeed.example/潮", "https://radio.podfeed.example/%E6%BD%AE"),
        (f"https://{'潮' * 64}.example", f"https://{'%E6%BD%AE' * 64}.example"),
    ],
)
def test_address_with_other_letters_is_written_out(site: str, written: str, told: Told) -> None:
    """As browsers send it; a name no registry would take is at least not lost."""
    assert said(told(config={"site": site})) == [
        (
            "site-address-not-ascii",
            f"“{site}” has letters that addresses in feeds cannot hold",
            f"write “{written}”",
        )
    ]


def test_site_that_cannot_be_read_is_not_called_missing(told: Told) -> None:
    """The reader has told what is wrong with it."""
    assert said(told(config={"site": "[https://radio.podfeed.example]"})) == []


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("?X-Amz-Signature=abc", "x-amz-signature"),
        ("?a=1&access_token=b", "access_token"),
        ("?sig", "sig"),
        ("?feed=podcast&design=1", ""),
        ("?q=token=1", ""),
        ("", ""),
    ],
)
def test_secret_in_an_address_is_known_by_its_name(ending: str, name: str) -> None:
    """In any case, and by the whole name: “design” holds no “sig”."""
    assert secret_in(urlsplit(f"https://radio.podfeed.example/1.mp3{ending}")) == name


@pytest.mark.parametrize(
    ("host", "expected"), [("example.com", True), ("a.b.example.net", True), ("podfeed.example", False), ("", False)]
)
def test_names_for_examples_are_reserved(host: str, expected: bool) -> None:
    """The ending “.example” is for our own pages, and harms nobody."""
    assert is_reserved(host) is expected
