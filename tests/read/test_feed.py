"""What an old feed says, and what is refused as one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.errors import UsageError
from podfeed.read.feed import OldFeed, OldItem, read_feed
from podfeed.read.xml import MAX_FEED_BYTES

_NAMESPACES = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0"'


def feed_of(item: str = "", channel: str = "") -> bytes:
    return f'<rss version="2.0" {_NAMESPACES}>\n<channel>{channel}\n<item>{item}</item>\n</channel></rss>'.encode()


def item_of(item: str) -> OldItem:
    return read_feed(feed_of(item), "old.xml").items[0]


def test_feed_gives_its_items_with_their_places() -> None:
    """Everything apps tell episodes apart by is read, and the line is where the item begins."""
    channel = '<title>Harbour\n Radio</title><atom:link rel="self" href=" https://radio.podfeed.example/feed.xml "/>'
    item = (
        "<title>Tides &amp; Time</title><link>https://radio.podfeed.example/1</link><guid>one</guid>"
        "<pubDate>Mon, 02 Jun 2025 05:00:00 GMT</pubDate>"
        '<enclosure url="https://radio.podfeed.example/a%20b.mp3" length="0" type="audio/mp3"/>'
    )

    found = read_feed(feed_of(item, channel + "<podcast:guid>917393e3</podcast:guid>"), "old.xml")

    assert found == OldFeed(
        url="https://radio.podfeed.example/feed.xml",
        title="Harbour Radio",
        podcast_guid="917393e3",
        items=(
            OldItem(
                title="Tides & Time",
                guid="one",
                is_permalink=True,
                date=datetime(2025, 6, 2, 5, tzinfo=UTC),
                enclosure_url="https://radio.podfeed.example/a%20b.mp3",
                link="https://radio.podfeed.example/1",
                line=4,
            ),
        ),
    )


@pytest.mark.failure("IN-18")
@pytest.mark.parametrize(
    ("written", "text", "is_permalink"),
    [
        pytest.param("<guid>one</guid>", "one", True, id="no attribute means a link"),
        pytest.param('<guid isPermaLink="true">one</guid>', "one", True, id="true"),
        pytest.param('<guid isPermaLink="false">one</guid>', "one", False, id="false"),
        pytest.param('<guid isPermaLink="False">one</guid>', "one", False, id="false with a capital"),
        pytest.param("<guid> one </guid>", " one ", True, id="blanks count"),
        pytest.param("<guid>\n  one\n</guid>", "\n  one\n", True, id="line ends count"),
        pytest.param("<guid><![CDATA[a&b]]></guid>", "a&b", True, id="CDATA"),
        pytest.param("<guid>a<!-- x -->b</guid>", "ab", True, id="a comment inside"),
        pytest.param("<guid>http://a/%E6%9C%9D?x=1&amp;y=2</guid>", "http://a/%E6%9C%9D?x=1&y=2", True, id="encoded"),
        pytest.param("<guid>か\u3099</guid>", "か\u3099", True, id="not normalised"),
        pytest.param("<guid> </guid>", "", True, id="blank is missing"),
        pytest.param("<guid/>", "", True, id="empty is missing"),
        pytest.param("", "", True, id="missing"),
    ],
)
def test_guid_is_kept_character_for_character(written: str, text: str, is_permalink: bool) -> None:
    """Apps compare guids as they stand: nothing is cut off, decoded or normalised."""
    found = item_of(written)

    assert (found.guid, found.is_permalink) == (text, is_permalink)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("Thu, 24 Jul 2025 05:00:00 +0900", "2025-07-24T05:00:00+09:00", id="as in mail"),
        pytest.param("Mon, 24 Jul 2025 05:00:00 +0900", "2025-07-24T05:00:00+09:00", id="a wrong weekday"),
        pytest.param("24 Jul 2025 05:00 GMT", "2025-07-24T05:00:00+00:00", id="no weekday, no seconds"),
        pytest.param("2025-07-24T05:00:00Z", "2025-07-24T05:00:00+00:00", id="another standard"),
        pytest.param("24 Jul 2025 05:00", None, id="no offset"),
        pytest.param("soon", None, id="no date"),
        pytest.param("", None, id="missing"),
    ],
)
def test_date_of_an_item_is_an_instant_or_nothing(written: str, expected: str | None) -> None:
    """What cannot be read without guessing is not read."""
    wanted = datetime.fromisoformat(expected) if expected else None

    assert item_of(f"<pubDate>{written}</pubDate>").date == wanted


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "Shift_JIS", "UTF-8-SIG"])
def test_feed_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    """Old feeds are not always UTF-8."""
    title = "Ébène" if encoding == "ISO-8859-1" else "朝"
    name = encoding.removesuffix("-SIG")
    text = f'<?xml version="1.0" encoding="{name}"?><rss><channel><title>{title}</title></channel></rss>'

    assert read_feed(text.encode(encoding), "old.xml").title == title


_BOMB = (
    "<!DOCTYPE rss [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {y} '{f'&{x};' * 10}'>" for x, y in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "line 1: the file is empty", id="empty"),
        pytest.param(b" \n", "the file is empty", id="blank"),
        pytest.param(b"hello", "line 1: this is no XML", id="text"),
        pytest.param(b"\x00\xff", "line 1: this is not written in UTF-8", id="binary"),
        pytest.param(
            b"---\nlayout: null\n---\n<rss/>", "line 1: this is the template of a feed", id="Jekyll's template"
        ),
        pytest.param(b"<html><body/></html>", "no RSS feed", id="a web page"),
        pytest.param(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "no RSS feed", id="Atom"),
        pytest.param(b"<rss/>", "no RSS feed", id="no channel"),
        pytest.param(feed_of()[:-18], "line 3: the feed ends before “item” is closed", id="truncated"),
        pytest.param(
            b"<rss>\n<channel><title>a & b</title></channel></rss>",
            "line 2: “&” stands here as text",
            id="bare ampersand",
        ),
        pytest.param(
            b"<rss>\n\n<channel>\xe9</channel></rss>",
            "line 3: this is not written in UTF-8",
            id="Latin-1 undeclared",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="klingon"?><rss/>', "line 1: “klingon” is no encoding", id="unknown encoding"
        ),
        pytest.param(b"<rss>&nbsp;</rss>", "line 1: XML does not know “&nbsp;”", id="unknown entity"),
        pytest.param(b"<rss>\x0b</rss>", "line 1: the invisible character U+000B", id="control character"),
        pytest.param(b"<a>" * 100_000, "line 1: elements are nested more than 100 deep", id="nested too deep"),
        pytest.param(b"<!DOCTYPE rss><rss><channel/></rss>", "DOCTYPE", id="DOCTYPE"),
        pytest.param(
            b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss><channel/></rss>', "DOCTYPE", id="external DTD"
        ),
        pytest.param(
            f"{_BOMB}<rss><channel>&j;</channel></rss>".encode(),
            "line 1: the feed has a DOCTYPE",
            id="billion laughs",
        ),
        pytest.param(f"{_BOMB}<rss a='&j;'><channel/></rss>".encode(), "line 1: ", id="billion laughs in an attribute"),
        pytest.param(
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>'.encode(
                "utf-16"
            ),
            "DOCTYPE",
            id="DOCTYPE in UTF-16",
        ),
    ],
)
def test_hostile_xml_is_refused_with_line_and_reason(data: bytes, reason: str) -> None:
    """Whatever is in the file: one sentence that names it, in no time, and never a traceback."""
    began = time.monotonic()

    with pytest.raises(UsageError, match=r"old\.xml") as refusal:
        read_feed(data, "old.xml")

    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert time.monotonic() - began < 2


def test_entity_never_reads_a_file_of_the_machine(tmp_path: Path) -> None:
    """An entity that stands for a local file is refused, and nothing of the file is told."""
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    data = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss><channel><title>&x;</title></channel></rss>'

    with pytest.raises(UsageError, match="DOCTYPE") as refusal:
        read_feed(data.encode(), "old.xml")

    assert "top secret" not in str(refusal.value)


def test_xinclude_includes_nothing(tmp_path: Path) -> None:
    """An XInclude is an element like any other that podfeed does not know."""
    (tmp_path / "secret").write_text("top secret")
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{(tmp_path / "secret").as_uri()}" parse="text"/>'
    )

    assert item_of(f"<title>a{include}b</title>").title == "ab"


def test_further_feed_of_a_show_is_no_feed_to_go_on_from() -> None:
    """Its guid and address are not those of the show."""
    mark = '<podcast:txt xmlns:podcast="https://podcastindex.org/namespace/1.0" purpose="{purpose}">opus</podcast:txt>'

    assert read_feed(feed_of(channel=mark.format(purpose="verify")), "old.xml").items
    with pytest.raises(UsageError, match="main feed"):
        read_feed(feed_of(channel=mark.format(purpose="podfeed-format")), "old.xml")


def test_feed_over_the_limit_is_refused() -> None:
    """A file of 21 MiB is not even parsed."""
    with pytest.raises(UsageError, match="larger than"):
        read_feed(b"<" + b"x" * (21 * 1024 * 1024), "old.xml")


def test_feed_below_the_limit_is_read() -> None:
    """A large show with long notes is still a feed."""
    notes = "<description>" + "x" * 100_000 + "</description>"
    data = b"<rss><channel>" + f"<item>{notes}<guid>g</guid></item>".encode() * 200 + b"</channel></rss>"

    assert len(data) < MAX_FEED_BYTES
    assert len(read_feed(data, "old.xml").items) == 200


@given(
    data=st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.text().map(lambda text: f"<rss><channel>{text}</channel></rss>".encode()),
    )
)
def test_any_bytes_are_a_feed_or_a_usage_error(data: bytes) -> None:
    """Nothing a file can hold raises anything else."""
    try:
        read_feed(data, "old.xml")
    except UsageError as error:
        assert str(error)
