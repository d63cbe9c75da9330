"""`podfeed lint`: real feeds, the feeds of the W3C Feed Validator, our own, and hostile ones."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from commands import ROOT, build, copy_example, environment, podfeed
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st

from podfeed.check.registry import MAX_FAULTS_OF_RULE, rules
from podfeed.diagnostics import PLATFORMS, Diagnostic
from podfeed.linting import lint
from podfeed.testing import example_feed

SHARED = ROOT.parent / "shared"
W3C = SHARED / "feeds" / "w3c"


def _lint(data: bytes) -> tuple[Diagnostic, ...]:
    return lint(data, "feed.xml", now=NOW)


# ------------------------------------------------------------------------------------ the validator's feeds

#: What each of the validator's test feeds has to be told, and in which line; line 0 where it must not be told.
#: Source: feed-specification.md, section 5.3; only the rule in question counts, for these feeds lack much.
CASES = [
    ("ext/fh/complete-next.xml", "feed-paging-wrong", 11),
    ("ext/itunes/abbreviated_duration.xml", "item-duration-invalid", 0),
    ("ext/itunes/duplicate_explicit_value.xml", "tag-repeated", 22),
    ("ext/itunes/image_absolute_https_url.xml", "address-invalid", 0),
    ("ext/itunes/image_relative_url.xml", "address-invalid", 21),
    ("ext/itunes/invalid_block_value.xml", "value-switch-invalid", 21),
    ("ext/itunes/invalid_category.xml", "channel-category-unknown", 17),
    ("ext/itunes/invalid_duration.xml", "item-duration-invalid", 21),
    ("ext/itunes/invalid_episode.xml", "item-number-invalid", 23),
    ("ext/itunes/invalid_explicit_value.xml", "value-explicit-invalid", 21),
    ("ext/itunes/invalid_keywords.xml", "tag-retired", 21),
    ("ext/itunes/invalid_season.xml", "item-number-invalid", 24),
    ("ext/itunes/invalid_subcategory.xml", "channel-subcategory-unknown", 18),
    ("ext/itunes/keywords_too_long.xml", "value-too-long", 21),
    ("ext/itunes/missing_category.xml", "channel-category-unknown", 17),
    ("ext/itunes/missing_explicit.xml", "channel-tag-missing <itunes:explicit>", 12),
    ("ext/itunes/missing_lang.xml", "channel-tag-missing <language>", 12),
    ("ext/itunes/missing_owner_email.xml", "channel-owner-email-invalid", 19),
    ("ext/itunes/non_utf8.xml", "feed-not-utf8", 1),
    ("ext/itunes/obsolete_subcategory.xml", "channel-category-retired", 17),
    ("ext/itunes/subtitle_too_long.xml", "value-too-long", 20),
    ("ext/itunes/summary_too_long.xml", "tag-retired", 19),
    ("ext/itunes/valid_category_with_ampersand.xml", "channel-category-unknown", 0),
    ("rss/must/missing_namespace.xml", "feed-unreadable", 16),
    ("rss/must/multiple_item_content_encoded.xml", "tag-repeated", 18),
    ("rss/must/rss91u_entity.xml", "feed-unreadable", 18),
    ("rss/must/xmlversion_11.xml", "feed-unreadable", 1),
    ("rss/should/blank_title.xml", "item-title-missing", 17),
    ("rss/should/xml_double_encoded.xml", "value-garbled", 13),
    ("rss20/data-types-characterdata/amp-lt-alpha.xml", "value-holds-html", 14),
    ("rss20/data-types-characterdata/non-problems.xml", "value-holds-html", 0),
    ("rss20/data-types-datetime/invalid_pubdate.xml", "value-date-invalid", 16),
    ("rss20/data-types-datetime/invalid_pubdate_dow.xml", "value-date-invalid", 16),
    ("rss20/data-types-datetime/missing_space.xml", "value-date-odd", 16),
    ("rss20/data-types-datetime/pubdate_a.xml", "value-date-odd", 16),
    ("rss20/data-types-datetime/pubdate_gmt.xml", "value-date-invalid", 0),
    ("rss20/data-types-datetime/pubdate_gmt.xml", "value-date-odd", 0),
    ("rss20/data-types-datetime/pubdate_no_weekday.xml", "value-date-invalid", 0),
    ("rss20/data-types-datetime/pubdate_no_weekday.xml", "value-date-odd", 0),
    ("rss20/data-types-email/missing-email.xml", "value-contact-invalid", 18),
    ("rss20/element-channel-image-height/invalid_image_too_high.xml", "channel-image-wrong", 20),
    ("rss20/element-channel-image-title/image_title_no_match.xml", "channel-image-wrong", 17),
    ("rss20/element-channel-item-author/invalid_item_author.xml", "value-contact-invalid", 20),
    ("rss20/element-channel-item-description/description_contains_onsubmit.xml", "value-html-unsafe", 19),
    ("rss20/element-channel-item-description/description_contains_script.xml", "value-html-unsafe", 19),
    ("rss20/element-channel-item-description/description_non_script.xml", "value-html-unsafe", 0),
    ("rss20/element-channel-item-enclosure/invalid_item_enclosure_blank_length.xml", "enclosure-length-invalid", 20),
    ("rss20/element-channel-item-enclosure/invalid_item_enclosure_invalid_length.xml", "enclosure-length-invalid", 20),
    ("rss20/element-channel-item-enclosure/invalid_item_enclosure_invalid_url.xml", "address-invalid", 20),
    ("rss20/element-channel-item-enclosure/invalid_item_enclosure_no_type.xml", "enclosure-incomplete", 20),
    ("rss20/element-channel-item-enclosure/item_enclosure_url_with_port.xml", "address-invalid", 0),
    ("rss20/element-channel-item-enclosure/item_enclosure_zero_length.xml", "enclosure-length-invalid", 20),
    ("rss20/element-channel-item-guid/guid_duplicate_value_cdata.xml", "item-guid-shared", 22),
    ("rss20/element-channel-item-guid/guid_duplicate_value_url.xml", "item-guid-shared", 0),
    ("rss20/element-channel-item-guid/guid_value_isPermaLink_badAttributeCase.xml", "item-guid-no-permalink", 19),
    ("rss20/element-channel-item-guid/invalid_guid_blank.xml", "item-guid-missing", 18),
    ("rss20/element-channel-item-guid/invalid_guid_invalid_isPermalink.xml", "item-guid-no-permalink", 18),
    ("rss20/element-channel-item-guid/invalid_guid_value.xml", "item-guid-no-permalink", 18),
    ("rss20/element-channel-item-guid/invalid_permalink_uuid.xml", "item-guid-no-permalink", 18),
    ("rss20/element-channel-item-pubdate/pubDate_future.xml", "value-date-in-future", 20),
    ("rss20/element-channel-item/invalid_item_no_title_or_description.xml", "item-title-missing", 16),
    ("rss20/element-channel-item/multiple_item_description.xml", "tag-repeated", 19),
    ("rss20/element-channel-item/multiple_item_pubDate.xml", "tag-repeated", 19),
    ("rss20/element-channel-language/invalid_language_blank.xml", "channel-language-invalid", 16),
    ("rss20/element-channel-lastbuilddate/invalid_lastBuildDate.xml", "value-date-invalid", 16),
    ("rss20/element-channel/missing_channel_description.xml", "channel-tag-missing <description>", 12),
    ("rss20/element-channel/missing_channel_title.xml", "channel-tag-missing <title>", 12),
    ("rss20/element-channel/multiple_image.xml", "tag-repeated", 21),
    ("rss20/element-rss/missing_channel.xml", "feed-not-rss", 11),
    ("rss20/element-rss/multiple_channel2.xml", "feed-not-rss", 13),
    ("rss20/namespace-elements-atom-link/noself.xml", "channel-self-link-missing", 12),
    ("rss20/namespace-elements-content-encoded/content_before_description.xml", "item-description-after-content", 20),
    ("xml/must/xml_declares_unknown_encoding.xml", "feed-not-utf8", 1),
]


@pytest.fixture
def w3c() -> Path:
    """The test feeds of the W3C Feed Validator."""
    if not W3C.is_dir():
        pytest.skip("../shared/feeds/w3c is not beside the project")
    return W3C


@pytest.mark.parametrize(("path", "told", "line"), CASES, ids=[f"{path}-{told}" for path, told, _ in CASES])
def test_validators_feed_is_told_what_is_wrong_with_it(w3c: Path, path: str, told: str, line: int) -> None:
    """Where the validator has a test, podfeed says the same, at the element in question."""
    rule, _, words = told.partition(" ")

    found = [each for each in _lint((w3c / path).read_bytes()) if each.rule == rule and words in each.message]

    assert rule in rules()
    assert [each.position.line for each in found][:1] == ([line] if line else [])


def test_every_feed_of_the_validator_has_its_row(w3c: Path) -> None:
    """None lies there unlooked at."""
    assert {path.relative_to(w3c).as_posix() for path in w3c.rglob("*.xml")} == {path for path, _, _ in CASES}


# ---------------------------------------------------------------------------------------------- sound feeds


def test_example_feed_is_sound() -> None:
    """Nothing at all is said of it, so that whatever is said of a change is due to the change."""
    assert _lint(example_feed()) == ()


def test_feed_of_the_specification_is_sound() -> None:
    """The feed that the validator passes is passed here too."""
    path = SHARED / "spec" / "example-feed.xml"
    if not path.exists():
        pytest.skip("../shared/spec is not beside the project")

    assert _lint(path.read_bytes()) == ()


def test_feeds_that_podfeed_builds_are_sound(tmp_path: Path) -> None:
    """No error and no warning, not even one that a platform alone would make; what is built is never worse than this."""
    copy_example(tmp_path)
    build(tmp_path)
    feeds = sorted((tmp_path / "public").rglob("feed.xml"))

    found = [each for path in feeds for each in lint(path.read_bytes(), path.parent.name, now=NOW, platforms=PLATFORMS)]

    assert len(feeds) == 3
    assert [each for each in found if each.severity != "info"] == []


# -------------------------------------------------------------------------------------------- hostile feeds

_SECRET = "root:x:0:0"
_BOMB = "".join(
    f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "feed-unreadable", id="nothing"),
        pytest.param(b"\xef\xbb\xbf", "feed-unreadable", id="a byte order mark alone"),
        pytest.param(bytes(range(256)) * 10, "feed-not-utf8", id="binary"),
        pytest.param(b"\x00" * 10_000, "feed-unreadable", id="zeros"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "feed-not-utf8", id="a picture"),
        pytest.param(b"ID3\x04", "feed-unreadable", id="audio"),
        pytest.param(b"---\nlayout: none\n---\n<rss/>", "feed-unreadable", id="a template"),
        pytest.param(example_feed()[:-40], "feed-unreadable", id="cut off"),
        pytest.param(b"<rss>" * 1_000_000, "feed-unreadable", id="nested without end"),
        pytest.param(b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "feed-unreadable", id="XXE"),
        pytest.param(b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/a.dtd"><rss/>', "feed-unreadable", id="a foreign DTD"),
        pytest.param(f'<!DOCTYPE rss [<!ENTITY a "a">{_BOMB}]><rss>&j;</rss>'.encode(), "feed-unreadable", id="a bomb"),
        pytest.param(f'<!DOCTYPE rss [<!ENTITY % a "{"x" * 9999}">%a;%a;]><rss/>'.encode(), "feed-unreadable", id="parameters"),
        pytest.param(
            b'<rss version="2.0"><channel><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></channel></rss>',
            "channel-tag-missing",
            id="XInclude",
        ),
        pytest.param(example_feed().decode().encode("utf-16"), "feed-not-utf8", id="UTF-16"),
        pytest.param(b'<?xml version="1.0" encoding="idna"?><rss>' + b"a" * 1_000_000, "feed-not-utf8", id="a slow encoding"),
        pytest.param(b'<rss version="2.0"><channel>' + b"<title/>" * 100_000 + b"</channel></rss>", "tag-repeated", id="one tag"),
        pytest.param(b"<rss " + b"".join(b"a%d='' " % n for n in range(100_000)) + b"/>", "feed-not-rss", id="attributes"),
        pytest.param(b"<rss " + b"".join(b"xmlns:a%d='b%d' " % (n, n) for n in range(20_000)) + b"/>", "feed-not-rss", id="namespaces"),
    ],
)  # fmt: skip
def test_hostile_feed_gets_its_answer(data: bytes, rule: str) -> None:
    """In no time, with a place, without a traceback, and without a word of any other file."""
    began = time.monotonic()

    found = _lint(data)

    assert time.monotonic() - began < 5
    assert rule in {each.rule for each in found}
    assert all(each.position.line > 0 and each.message for each in found)
    assert _SECRET not in str(found)


@given(st.data())
def test_mutated_feed_never_raises(data: st.DataObject) -> None:
    """Whatever is cut out of a feed, put into it or written over: an answer, and every place is in the file."""
    feed = bytearray(example_feed())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(feed)))
        end = min(len(feed), start + data.draw(st.integers(0, 30)))
        feed[start:end] = data.draw(st.binary(max_size=12) | st.sampled_from(_PIECES))

    lines = bytes(feed).replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    for each in _lint(bytes(feed)):
        assert 1 <= each.position.line <= lines or feed.startswith((b"\xff\xfe", b"\xfe\xff"))
        assert each.position.column >= 1


_PIECES = [
    *(
        b"<item>",
        b"</item>",
        b"<item/>",
        b"<title>",
        b"</title>",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&amp;",
        b"&",
    ),
    *(
        b'xmlns=""',
        b'xmlns:itunes="x"',
        b' href=""',
        b"<guid/>",
        b"<enclosure/>",
        b"<itunes:image/>",
        b"\r\n",
        b"\xe3\x81",
    ),
    *(
        b"<!DOCTYPE rss>",
        b"<channel>",
        b"<pubDate>",
        b"<itunes:category/>",
        b"<atom:link/>",
        b'rel="self"',
        b"</channel>",
    ),
]


@given(st.dictionaries(st.sampled_from(["url", "length", "type", "href", "text", "rel", "isPermaLink"]), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))  # fmt: skip
def test_any_value_gets_an_answer(attributes: dict[str, str], text: str) -> None:
    """Each tag a rule looks into, with anything in it."""
    from xml.sax.saxutils import escape, quoteattr

    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    names = [
        "title",
        "link",
        "pubDate",
        "guid",
        "enclosure",
        "description",
        "author",
        "itunes:image",
        "itunes:duration",
    ]
    names += ["itunes:explicit", "itunes:episode", "language", "image", "itunes:category", "itunes:owner", "atom:link"]
    fragment = "".join(f"<{name}{written}>{escape(text)}</{name}>" for name in names)

    assert "feed-unreadable" not in {each.rule for each in _lint(example_feed(f"{fragment}<item>{fragment}</item>"))}


# ---------------------------------------------------------------------------------------------- large feeds


def _large_feed(count: int, between: str = "\n") -> bytes:
    """A feed of *count* items of about 1.5 kB, with several faults each."""
    notes = (
        "<p>海辺で <a href='https://sea.example/?a={0}&amp;b=2'>laugh</a> and lie down, and so on and so forth.</p>"
        * 10
    )
    item = between.join(
        (
            "<item>",
            "<title>Waves {0}</title>",
            "<guid>waves-{0}</guid>",
            "<pubDate>{1}</pubDate>",
            f"<description><![CDATA[{notes}<a href='/{{0}}'>more</a>]]></description>",
            '<enclosure url="https://radio.example/{0}.mp3" length="5 MB" type="audio/mp3"/>',
            "<itunes:duration>1:2:3</itunes:duration>",
            "<itunes:explicit>no</itunes:explicit>",
            "</item>",
        )
    )
    dates = (format_datetime(NOW - timedelta(hours=number)) for number in range(count))
    items = between.join(item.format(number, date) for number, date in enumerate(dates))
    return (
        example_feed().decode().replace("\n", between).partition("<item>")[0].encode()
        + f"{items}</channel></rss>".encode()
    )


@pytest.mark.parametrize("between", ["\n", " "], ids=["lines", "one line"])
def test_every_fault_of_a_long_feed_stands_at_its_words(between: str) -> None:
    """Also where the feed is one line, of which only a window is shown."""
    feed = _large_feed(300, between)
    lines = feed.decode().split("\n")

    found = [each for each in _lint(feed) if each.severity != "info"]

    assert len(found) == 300 * 6
    for each in found:
        start, width = each.position.column - 1, each.position.width
        words = lines[each.position.line - 1][start : start + width]
        assert words and each.excerpt[start - each.excerpt_start :].startswith(words[:50])


# --------------------------------------------------------------------------------------------- the command


def test_command_reads_files_and_standard_input(tmp_path: Path) -> None:
    """Feeds are told in the order they are named, each under its name."""
    sound, faulty = example_feed().decode(), example_feed("<language>english</language>").decode()
    (tmp_path / "sound.xml").write_text(sound)
    (tmp_path / "faulty.xml").write_text(faulty)
    now = ["--now", NOW.isoformat()]

    both = podfeed(tmp_path, "lint", "sound.xml", "-", "faulty.xml", *now, stdin=faulty)
    one = podfeed(tmp_path, "lint", "sound.xml", *now)

    places = [line.partition(": error: ")[0] for line in both.stdout.splitlines() if ": error: " in line]
    assert [place.partition(":")[0] for place in places] == ["-", "faulty.xml"]
    assert (both.returncode, one.returncode) == (1, 0)
    assert "Traceback" not in both.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("none.xml", "No such file"), (".", "cannot be read"), ("https://radio.example/feed.xml", "forbids to ask")],
)
def test_what_cannot_be_read_is_a_wrong_use(tmp_path: Path, name: str, words: str) -> None:
    """Exit code 2: nothing was looked at, so nothing is said of a feed."""
    result = podfeed(tmp_path, "lint", name, "--offline")

    assert result.returncode == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_small_feed_cannot_fill_the_memory() -> None:
    """Hundreds of thousands of faults fit into a small file; of each rule, as many are told as anybody may read."""
    channel = example_feed().partition(b"<item>")[0]

    found = Counter(each.rule for each in _lint(channel + b"<item/>" * 20_000 + b"</channel></rss>"))

    assert found["item-guid-missing"] == found["item-title-missing"] == MAX_FAULTS_OF_RULE


def test_recurrence_of_nonsense_is_told_once() -> None:
    """Whatever the number of its parts: each would have to be found in the file again."""
    rrule = "FREQ=WEEKLY;" * 300_000
    began = time.process_time()

    found = _lint(example_feed(f'<podcast:updateFrequency rrule="{rrule}">x</podcast:updateFrequency>'))

    assert [each.rule for each in found].count("podcast-update-frequency-invalid") == 1
    assert time.process_time() - began < 5


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_end_of_the_calendar_is_no_moment(tmp_path: Path, moment: str) -> None:
    """No zone can be reckoned there."""
    result = podfeed(tmp_path, "lint", "feed.xml", "--now", moment)

    assert result.returncode == 2
    assert "is not between 1990 and 2100" in result.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_stream_is_an_empty_one(tmp_path: Path, closed: str) -> None:
    """Some programs start others without one of the three: the answer is the exit code then."""
    command = f"{shlex.quote(sys.executable)} -m podfeed lint - {closed}"

    result = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment(), input=b"", capture_output=True)

    assert result.returncode == 1


def test_page_in_place_of_a_feed_is_told_as_one() -> None:
    """Who gives the address of a show's page is not to delete its DOCTYPE."""
    for page in (b"<!DOCTYPE html><title>Harbour Radio</title>", b"<!doctype html><p>Harbour Radio"):
        (found,) = _lint(page)
        assert (found.rule, found.hint) == ("feed-unreadable", "give the feed itself, as apps get it from the web")


def test_endless_input_is_refused(tmp_path: Path) -> None:
    """No more is read than the limit."""
    result = podfeed(tmp_path, "lint", "/dev/zero")

    assert "the feed is larger than 20971520 bytes" in result.stdout
    assert result.returncode == 1
