"""A feed as a file: encoding, root, namespaces, size, links."""

from __future__ import annotations

import pytest
from conftest import NOW
from feeds import rules, told

from podfeed.diagnostics import Diagnostic
from podfeed.linting import lint

_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def _of(text: str, encoding: str = "utf-8", declared: str = "") -> list[Diagnostic]:
    """What is told of a feed of this text, as far as it concerns the file."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    found = lint((declaration + text).encode(encoding), "feed.xml", now=NOW)
    return [each for each in found if each.rule.startswith("feed-")]


_RSS = '<rss version="2.0"><channel><title>朝</title></channel></rss>'


@pytest.mark.parametrize(
    ("encoding", "declared", "expected"),
    [
        ("utf-8", "", []),
        ("utf-8", "utf-8", []),
        ("utf-8-sig", "UTF-8", []),
        ("ascii", "US-ASCII", []),
        ("utf-16", "UTF-16", ["feed-not-utf8"]),
        ("utf-16-le", "UTF-16LE", ["feed-not-utf8"]),
        ("utf-16-be", "", ["feed-not-utf8"]),
        ("utf-32", "UTF-32", ["feed-not-utf8"]),
        ("shift_jis", "Shift_JIS", ["feed-not-utf8"]),
        ("euc-jp", "EUC-JP", ["feed-not-utf8"]),
        ("utf-8-sig", "ISO-8859-1", ["feed-not-utf8"]),
        ("utf-8", "UTF-16", ["feed-not-utf8"]),
        ("shift_jis", "UTF-8", ["feed-not-utf8"]),
        ("shift_jis", "", ["feed-not-utf8"]),
        ("utf-8", "x-fake", ["feed-not-utf8"]),
        ("utf-8", "punycode", ["feed-not-utf8"]),
        ("utf-8", "zlib", ["feed-not-utf8"]),
    ],
)
def test_feed_is_utf_8_and_says_so(encoding: str, declared: str, expected: list[str]) -> None:
    """Another encoding is told once; a feed that can be read in it is looked at all the same."""
    text = _RSS.replace("朝", "a") if encoding == "ascii" else _RSS

    assert [each.rule for each in _of(text, encoding, declared)] == expected


def test_wrong_byte_is_shown() -> None:
    """The place is that of the byte, in characters as an editor counts."""
    data = "<rss>\n<title>朝日".encode() + b"\xe9</title></rss>"
    (found,) = lint(data, "feed.xml", now=NOW)

    assert (found.rule, found.position.line, found.position.column) == ("feed-not-utf8", 2, 10)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "this is <atom:feed>, and no feed of RSS 2.0"),
        ('<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "this is <RDF>, and no feed of RSS 2.0"),
        ("<html><body/></html>", "this is <html>, and no feed of RSS 2.0"),
        ("<RSS/>", "this is <RSS>, and no feed of RSS 2.0"),
        (
            '<rss xmlns="http://x.example/" version="2.0"/>',
            "<rss> is in the namespace “http://x.example/”; that of RSS",
        ),
        ('<rss version="0.91"><channel/></rss>', "the feed does not say that it is RSS 2.0"),
        ("<rss><channel/></rss>", "the feed does not say that it is RSS 2.0"),
        ('<rss version="2.0"/>', "there is no <channel> in <rss>"),
        ('<rss version="2.0"><channel/><channel/></rss>', "this is one <channel> too many"),
    ],
)
def test_what_is_no_rss_is_told_as_what_it_is(text: str, message: str) -> None:
    """Older RSS, Atom, a web page: each in a sentence, and only once."""
    (found,) = _of(text)

    assert found.rule == "feed-not-rss"
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("prefix", "uri", "expected"),
    [
        ("itunes", _ITUNES, []),
        ("itunes", _ITUNES.replace("http:", "https:"), ["feed-namespace-misspelt"]),
        ("itunes", "http://www.itunes.com/DTDs/Podcast-1.0.dtd", ["feed-namespace-misspelt"]),
        ("itunes", "http://itunes.com/dtds/podcast-1.0.dtd", ["feed-namespace-misspelt"]),
        ("itunes", "http://www.apple.com/itunes/", ["feed-namespace-misspelt"]),
        ("podcast", "http://podcastindex.org/namespace/1.0", ["feed-namespace-misspelt"]),
        ("podcast", "https://podcastindex.org/namespace/1.0/", ["feed-namespace-misspelt"]),
        ("p", "https://podcastindex.org/namespace/1.0/", ["feed-namespace-misspelt"]),
        ("podcast", "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", []),
        ("atom", "http://purl.org/atom/ns#", ["feed-namespace-misspelt"]),
        ("content", "http://purl.org/rss/1.0/modules/content", ["feed-namespace-misspelt"]),
        ("media", "http://search.yahoo.com/mrss", []),
        ("media", "http://media.example/", []),
        ("it", _ITUNES, ["feed-prefix-unread"]),
        ("podcast20", "https://podcastindex.org/namespace/1.0", ["feed-prefix-unread"]),
        ("a10", "http://www.w3.org/2005/Atom", ["feed-prefix-unusual"]),
        ("x", "https://x.example/", []),
    ],
)
def test_namespace_is_compared_letter_by_letter(prefix: str, uri: str, expected: list[str]) -> None:
    """Near misses of the namespaces podcasts live by are told, once; others are nobody's loss."""
    names = f"{prefix}:a"
    text = f'<rss version="2.0" xmlns:{prefix}="{uri}"><channel><{names}/><{names}/></channel></rss>'

    assert [each.rule for each in _of(text)] == expected


def test_namespace_without_a_prefix_is_told() -> None:
    """Simple readers look for the prefix as text."""
    (found,) = _of('<rss version="2.0"><channel><link xmlns="http://www.w3.org/2005/Atom" rel="hub"/></channel></rss>')

    assert (found.rule, found.message) == ("feed-prefix-unusual", "tags of “atom” have no prefix")


def test_misspelt_namespace_hides_nothing_else() -> None:
    """Its tags count for the rest of the rules: what is there is not called missing."""
    whole = f'<itunes:category xmlns:itunes="{_ITUNES.upper()}" text="Arts"/>'

    assert rules(whole) == ["feed-namespace-misspelt"]


def test_namespace_declared_again_in_a_tag_is_silent() -> None:
    """Some hosts declare Atom once more, as the default, in a tag that has a prefix."""
    link = '<atom:link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/>'
    own = '<atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>'

    assert rules(own + link * 3) == []


def test_namespace_of_a_tag_is_told_at_its_address() -> None:
    """The caret stands below what has to be written otherwise."""
    (found,) = _of('<rss version="2.0" a="x" xmlns:itunes="https://itunes.example/"><channel/></rss>')

    assert found.excerpt[found.position.column - 1 :].startswith("https://itunes.example/")


@pytest.mark.parametrize(
    ("megabytes", "expected"), [(0.9, []), (1.1, ["feed-large"]), (4.9, ["feed-large"]), (5.1, ["feed-too-large"])]
)
def test_size_of_a_feed(megabytes: float, expected: list[str]) -> None:
    """The rules "feed-large" and "feed-too-large" take turns."""
    assert rules(f"<!-- {'x' * int(megabytes * 1_000_000)} -->") == expected


_SELF = '<atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>'


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param('<atom:link rel="{}" href="https://a.example/"/>'.format("hub"), [], id="hub"),
        *(
            pytest.param(f'<atom:link rel="{rel}" href="https://a.example/"/>', [], id=rel)
            for rel in ("first", "last", "previous", "next", "prev-archive", "next-archive", "current", "Next")
        ),
        pytest.param('<atom:link rel="http://podlove.org/deep-link" href="https://a.example/"/>', [], id="an address"),
        pytest.param('<atom:link href="https://a.example/"/>', [], id="none"),
        pytest.param('<atom:link rel="prev" href="https://a.example/"/>', ["feed-link-relation-unknown"], id="prev"),
        pytest.param('<atom:link rel="nxt" href="https://a.example/"/>', ["feed-link-relation-unknown"], id="a slip"),
        pytest.param(
            '<item><atom:link rel="next" href="https://a.example/"/></item>',
            ["feed-paging-wrong"],
            id="next in an item",
        ),
        pytest.param('<item><atom:link rel="replies" href="https://a.example/"/></item>', [], id="replies in an item"),
    ],
)
def test_relations_of_links(links: str, expected: list[str]) -> None:
    """Paging is told where it is wrong, and unknown words; everything registered is silent."""
    assert rules(_SELF + links) == expected


_HISTORY = 'xmlns:fh="http://purl.org/syndication/history/1.0"'


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (f"<fh:complete {_HISTORY}/>", []),
        (f'<fh:complete {_HISTORY}/><atom:link rel="next" href="https://a.example/"/>', ["feed-paging-wrong"]),
        (f'<fh:complete {_HISTORY}/><atom:link rel="current" href="https://a.example/"/>', ["feed-paging-wrong"]),
        (
            f'<fh:complete {_HISTORY}/><atom:link rel="current" href="https://radio.podfeed.example/feed.xml"/>',
            [],
        ),
        (f"<fh:archive {_HISTORY}/>", ["feed-paging-wrong"]),
        (f'<fh:archive {_HISTORY}/><atom:link rel="current" href="https://a.example/"/>', []),
    ],
)
def test_complete_feeds_and_archives(fragment: str, expected: list[str]) -> None:
    """What a feed says of itself agrees with its links."""
    assert rules(_SELF + fragment) == expected


def test_hint_names_the_word_that_is_meant() -> None:
    """People write prev."""
    (found,) = told(_SELF + '<atom:link rel="prev" href="https://a.example/"/>')

    assert found.hint == "write “previous”"
