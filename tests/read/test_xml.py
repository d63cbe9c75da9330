"""XML with places: everything in a feed is found again where it stands."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.diagnostics import Position
from podfeed.read.xml import MAX_FEED_BYTES, Document, Element, namespace_meant, read_xml

_RSS = '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>{}</channel></rss>'


def _feed(channel: str) -> Document:
    return read_xml(_RSS.format(channel).encode(), "feed.xml")


def _first(feed: Document) -> Element:
    assert feed.channel
    return feed.channel.children[0]


def _marked(feed: Document, place: Position) -> str:
    """The text below the caret."""
    return feed.line(place.line)[place.column - 1 :][: place.width]


# -------------------------------------------------------------------------------------------- elements


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<title>a &amp; b&#x2014;c</title>", "a & b—c"),
        ("<title><![CDATA[a & b]]> &amp; c</title>", "a & b & c"),
        ("<title>a<!-- b -->c<?d e?>f</title>", "acf"),
        ("<title>a<b>b</b>c</title>", "ac"),
        ("<title>\r\n a\r\n</title>", "\n a\n"),
        ("<title/>", ""),
    ],
)
def test_text_is_kept_character_for_character(written: str, text: str) -> None:
    """Whichever way XML spells it."""
    assert _first(_feed(written)).text == text


@pytest.mark.parametrize(
    ("uri", "prefix", "name"),
    [
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "i", "itunes:image"),
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "", "itunes:image"),
        ("https://podcastindex.org/namespace/1.0", "itunes", "podcast:image"),
        ("HTTPS://ITUNES.com/dtds/podcast-1.0.dtd/", "i", "itunes:image"),
        ("https://elsewhere.example/", "itunes", "itunes:image"),
        ("https://elsewhere.example/", "x", "{https://elsewhere.example/}image"),
        ("https://elsewhere.example/", "", "{https://elsewhere.example/}image"),
    ],
)
def test_names_have_the_customary_prefix(uri: str, prefix: str, name: str) -> None:
    """Elements and attributes are known by it, however the file calls the namespace."""
    colon = ":" if prefix else ""
    feed = _feed(f'<{prefix}{colon}image xmlns{colon}{prefix}="{uri}" href="a"/>')

    assert _first(feed).name == name
    assert _first(feed).attributes == {"href": "a"}
    assert namespace_meant(uri, prefix) == name.rpartition(":")[0].partition("{")[0]


def test_elements_are_found_everywhere() -> None:
    """In the order of the file, however deep."""
    feed = _feed("<a n='1'><b n='2'/></a><b n='3'><a n='4'><b n='5'/></a></b>")

    assert [each.attributes["n"] for each in feed.everywhere("b")] == ["2", "3", "5"]
    assert [each.attributes["n"] for each in feed.everywhere("a", "none", "b")] == ["1", "4", "2", "3", "5"]


def test_feed_that_is_no_rss_has_no_channel() -> None:
    """And nothing in it."""
    feed = read_xml(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title></feed>', "feed.xml")

    assert (feed.channel, feed.items, list(feed.everywhere("atom:title"))) == (None, [], [])


# ---------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("written", "attribute", "marked"),
    [
        ('<itunes:image href="a.jpg"/>', "", "itunes:image"),
        ('<itunes:image href="a.jpg"/>', "href", "a.jpg"),
        ("<itunes:image href = '海\"辺.jpg' />", "href", '海"辺.jpg'),
        ('<itunes:image\n  title="href=\'x\'"\n  href="a.jpg"/>', "href", "a.jpg"),
        ('<itunes:image xmlns:href="x" href="a.jpg"/>', "href", "a.jpg"),
        ('<guid isPermalink="1">a</guid>', "isPermaLink", "guid"),
        ('<a xml:lang="en"/>', "xml:lang", "en"),
        ('<a href=""/>', "href", ""),
    ],
)
def test_place_of_a_name_and_of_an_attribute(written: str, attribute: str, marked: str) -> None:
    """The caret stands below the value; below the name when there is none."""
    feed = _feed(written)

    assert _marked(feed, feed.place(_first(feed), attribute)) == marked


@pytest.mark.parametrize(
    ("written", "words", "marked"),
    [
        ("<title>Harbour</title>", "", "Harbour"),
        ("<title a='>'>\n  海の歌 \n next</title>", "", "海の歌"),
        ("<title><![CDATA[ a <b> c ]]></title>", "", "a"),
        ("<title><![CDATA[ a <b> c ]]></title>", "<b>", "<b>"),
        ("<title>one\ntwo &lt;b&gt; &amp; c</title>", "<b> &", "&lt;b&gt; &amp;"),
        ("<title><!-- x -->a</title>", "", "a"),
        ("<title>a</title>", "not there", "a"),
        ("<title> </title>", "", "title"),
        ("<title/>", "a", "title"),
    ],
)
def test_place_of_words(written: str, words: str, marked: str) -> None:
    """Where they stand, escaped or not; else the first line of the text."""
    feed = _feed(written)

    assert _marked(feed, feed.text_place(_first(feed), words)) == marked


def test_words_of_another_element_are_not_meant() -> None:
    """What is not in its text is not looked for behind it."""
    feed = _feed("<title>a</title>\n<title>b</title>")

    assert feed.text_place(_first(feed), "b").line == 1


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_editors_have_it(ending: str) -> None:
    """In three ways."""
    feed = _feed(f"<a/>{ending}{ending}<b/>")

    assert [feed.place(each).line for each in feed.channel.children] == [1, 3] if feed.channel else False
    assert feed.line(2) == ""


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&\r", exclude_categories=["Cc", "Cs"])))
def test_place_is_counted_in_characters(text: str) -> None:
    """Whatever stands before it: letters of one byte or four."""
    feed = _feed(f"<a>{text}</a><b/>")
    if feed.fault is None and feed.channel:
        assert _marked(feed, feed.place(feed.channel.children[1])) == "b"


def test_places_in_a_line_of_megabytes_come_quickly() -> None:
    """Feeds without line breaks are no slower than others."""
    feed = _feed("<title>海辺の日本語</title>" * 100_000)
    began = time.monotonic()

    places = [feed.place(each) for each in feed.everywhere("title")]

    assert time.monotonic() - began < 3
    assert _marked(feed, places[-1]) == "title"
    assert places[-1].column == len(feed.line(1)) - len("title>海辺の日本語</title></channel></rss>") + 1


# ---------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"<a>x & b</a>", "“&” stands here as text", (1, 6)),
        ("<a>海\n&b</a>".encode(), "“&” stands here as text", (2, 1)),
        (b"<a>x < b</a>", "“<” stands here as text", (1, 6)),
        (b"<a b='<'/>", "“<” stands here as text", (1, 7)),
        (b"<a>\x08</a>", "the invisible character U+0008 is none that XML has", (1, 4)),
        ("<a>\ufffe</a>".encode(), "the invisible character U+FFFE is none that XML has", (1, 4)),
        (b"<a b=c/>", "“c” has no place here", (1, 6)),
        (b"<a>&nbsp;</a>", "XML does not know “&nbsp;”", (1, 4)),
        (b"<a>&#0;</a>", "“&#0;” stands for no character that XML has", (1, 4)),
        (b"<a><b></a>", "this closes another tag than “b”, which is open", (1, 9)),
        (b"<a b='1' b='2'/>", "an attribute is written twice", (1, 10)),
        (b"<a/><b/>", "something stands behind the end of the feed", (1, 5)),
        (b"<a>\n <b:c/></a>", "“b:c” has a prefix that is not declared", (2, 2)),
        (b"\n<?xml version='1.0'?><a/>", "something stands before “<?xml”", (2, 1)),
        (b"<a><![CDATA[b</a>", "a CDATA section is not closed", (1, 18)),
        (b"<a><b>", "the feed ends before “b” is closed", (1, 7)),
        (b"<a><b", "the feed ends before “a” is closed", (1, 4)),
        (b"hello", "this is no XML", (1, 1)),
        (codecs.BOM_UTF8 * 2 + b"<a/>", "there are two byte order marks", (1, 1)),
        (b"<?xml version='1.1'?><a/>", "the feed is XML 1.1; feeds are XML 1.0", (1, 1)),
        (b"<a xmlns:b=''/>", "the feed is no valid XML: must not undeclare prefix", (1, 1)),
    ],
)
def test_fault_is_told_with_its_place(data: bytes, message: str, place: tuple[int, int]) -> None:
    """In plain words, where the author has to look."""
    fault = read_xml(data, "feed.xml").fault

    assert fault
    assert fault.position
    assert (fault.message, fault.position.line, fault.position.column) == (message, *place)
    assert fault.hint


def test_more_than_the_limit_is_not_read() -> None:
    """A file of any size is answered at once."""
    fault = read_xml(b"<" * (MAX_FEED_BYTES + 1), "feed.xml").fault

    assert fault
    assert fault.message == "the feed is larger than 20971520 bytes"
