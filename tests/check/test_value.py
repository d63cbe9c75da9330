"""What the tags of a feed hold: whole grammars, and silence where it is right."""

from __future__ import annotations

import pytest
from feeds import item, rules, told


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 09 Jun 2025 05:00:00 +0900", []),
        ("Mon, 09 Jun 2025 05:00 GMT", []),
        ("9 Jun 2025 05:00:00 EST", []),
        ("09 Jun 2025 05:00:00 -0000", []),
        ("09 Jun 2025 05:00:00 +0545", []),
        ("Mon, 09 Jun 2025 23:59:60 UT", []),
        ("Mon,09 Jun 2025 05:00:00 +0900", ["value-date-odd"]),
        ("Mon,  9 Jun 2025 05:00:00 +0900", ["value-date-odd"]),
        ("mon, 09 jun 2025 05:00:00 gmt", ["value-date-odd"]),
        ("09 Jun 25 05:00:00 GMT", ["value-date-odd"]),
        ("09 Jun 2025 05:00:00 A", ["value-date-odd"]),
        ("Mon, 09 Jun 2025 05:00:00 +0000 (UTC)", ["value-date-odd"]),
        ("Tue, 09 Jun 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("Monday, 09 Jun 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("Mon, 09 June 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("月, 09 6月 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("Mon, ０９ Jun 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("Mon 09 Jun 2025 05:00:00 +0900", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00 UTC", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00 Z", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00 +09:00", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00 JST", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00", ["value-date-invalid"]),
        ("09 Jun 2025 5:00:00 GMT", ["value-date-invalid"]),
        ("09 Jun 2025", ["value-date-invalid"]),
        ("31 Feb 2025 05:00:00 GMT", ["value-date-invalid"]),
        ("00 Jun 2025 05:00:00 GMT", ["value-date-invalid"]),
        ("09 Jun 2025 24:00:00 GMT", ["value-date-invalid"]),
        ("09 Jun 2025 05:60:00 GMT", ["value-date-invalid"]),
        ("09 Jun 2025 05:00:00 +2500", ["value-date-invalid"]),
        ("2025-06-09T05:00:00Z", ["value-date-invalid"]),
        ("2025-06-09", ["value-date-invalid"]),
        ("7/6/2014 1:00:00 PM", ["value-date-invalid"]),
        ("1749420000", ["value-date-invalid"]),
        ("", ["value-date-invalid"]),
        ("31 Dec 2025 23:59:59 GMT", []),
        ("01 Jan 2026 00:10:00 GMT", []),
        ("01 Jan 2026 00:10:01 GMT", ["value-date-in-future"]),
        ("31 Dec 1989 23:59:59 GMT", ["value-date-implausible"]),
    ],
)
def test_date_is_read_as_mail_has_it(date: str, expected: list[str]) -> None:
    """Each wrong spelling is told once; the right ones are left alone. The clock stands at 2026-01-01."""
    found = [each for each in item(f"<pubDate>{date}</pubDate>") if each.startswith(("value-", "item-"))]

    assert found == expected


@pytest.mark.parametrize("name", ["pubDate", "lastBuildDate"])
def test_dates_of_the_channel_are_read_too(name: str) -> None:
    """Not only items have dates."""
    assert rules(f"<{name}>2025-06-09</{name}>") == ["value-date-invalid"]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("2025-06-09T05:00:00+09:00", "write “Mon, 09 Jun 2025 05:00:00 +0900”"),
        ("2025-06-09 05:00:00 UTC", "write “Mon, 09 Jun 2025 05:00:00 GMT”"),
        ("Tue, 09 Jun 2025 05:00:00 GMT", "write “Mon, 09 Jun 2025 05:00:00 GMT”"),
        ("soon", "write it like “Sat, 01 Apr 2023 19:00:00 +0900”"),
    ],
)
def test_right_spelling_of_a_date_is_given(written: str, hint: str) -> None:
    """Where the instant is clear, nobody has to look up the format."""
    (found,) = told(f"<lastBuildDate>{written}</lastBuildDate>")

    assert found.hint == hint


@pytest.mark.parametrize("value", ["yes", "no", "clean", "explicit", "True", "FALSE", " true ", "0", ""])
def test_explicit_is_true_or_false_to_the_letter(value: str) -> None:
    """Apple reads nothing else."""
    assert rules(f"<itunes:explicit>{value}</itunes:explicit>") == ["value-explicit-invalid"]


@pytest.mark.parametrize("value", ["true", "false", "<![CDATA[true]]>", "tr<!-- x -->ue"])
def test_explicit_may_be_written_as_xml_allows(value: str) -> None:
    """How XML spells a value is nobody's business."""
    assert rules(f"<itunes:explicit>{value}</itunes:explicit>") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("Yes", []), ("yes", []), ("YES", [])),
        *(("no", ["value-switch-idle"]), ("No", ["value-switch-idle"]), ("clean", ["value-switch-idle"])),
        *(("", ["value-switch-idle"]), ("true", ["value-switch-invalid"]), ("1", ["value-switch-invalid"])),
    ],
)
def test_complete_and_block_know_one_word(value: str, expected: list[str]) -> None:
    """Who writes another word believes that a show is hidden, and it is not."""
    for name in ("itunes:complete", "itunes:block"):
        assert [each for each in rules(f"<{name}>{value}</{name}>") if each.startswith("value-")] == expected


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("ada@radio.example (Ada)", []),
        ("ada@radio.example(Ada)", []),
        ("ada+feed@radio.example (海野 碧)", []),
        ("ada@radio.example", ["value-contact-odd"]),
        ("Ada <ada@radio.example>", ["value-contact-odd"]),
        ("mailto:ada@radio.example", ["value-contact-odd"]),
        ("Ada", ["value-contact-invalid"]),
        ("", ["value-contact-invalid"]),
        ("ada@radio", ["value-contact-invalid"]),
        ("ada@radio.example ()", ["value-contact-invalid"]),
        ("ada@radio..example", ["value-contact-invalid"]),
        ("ada@radio.example, bo@radio.example", ["value-contact-invalid"]),
        ("ada at radio.example", ["value-contact-invalid"]),
        ("http://radio.example/ada", ["value-contact-invalid"]),
    ],
)
def test_contact_is_an_address_with_a_name(contact: str, expected: list[str]) -> None:
    """All the forms people write, in each of the three tags."""
    escaped = contact.replace("<", "&lt;")

    for name in ("managingEditor", "webMaster"):
        assert rules(f"<{name}>{escaped}</{name}>") == expected
    assert item(f"<author>{escaped}</author>") == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&amp;T", []),
        ("Bits &amp; Bytes", []),
        ("A &lt; B, and I &lt;3 it", []),
        ("第１２回「海と塩」", []),
        ("5 &gt; 4; R&amp;B;", []),
        ("&amp;amp;", ["value-holds-html"]),
        ("caf&amp;eacute;", ["value-holds-html"]),
        ("it&amp;#39;s", ["value-holds-html"]),
        ("&lt;b>Waves&lt;/b>", ["value-holds-html"]),
        ("<![CDATA[Waves<br />]]>", ["value-holds-html"]),
        ("&amp;&lt;a", ["value-holds-html"]),
        ("&lt;Waves>", ["value-holds-html"]),
        ("&lt;![CDATA[Waves]]&gt;", ["value-shows-cdata"]),
        ("ZoÃ«", ["value-garbled"]),
        ("海の歌".encode().decode("latin-1").replace("\x8c", "Œ"), ["value-garbled"]),
        ("it&#146;s", ["value-garbled"]),
        ("it\x92s", ["value-garbled"]),
        ("第12回「\ufffd」", ["value-garbled"]),
        ("“SÃO”", []),
        ("Zoë, Łódź – “São” «Ö»", []),
    ],
)
def test_title_is_plain_text(title: str, expected: list[str]) -> None:
    """What looks like HTML is told; what only has the same characters is not."""
    assert item(f"<title>{title}</title>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Waves &amp; <a href='https://a.example/?a=1&amp;b=2'>wind</a><br/>", []),
        ("<p>one<p>two<ul><li>three</ul>", []),
        ("no HTML at all, 3 < 4 & so on", []),
        ("&lt;scriptingNews&gt;", []),
        ("&amp;amp;", ["value-escaped-twice"]),
        ("&lt;p&gt;Waves&lt;/p&gt;", ["value-escaped-twice"]),
        ("<p>How to write &lt;p&gt; in HTML</p>", []),
        ("<script src='https://a.example/'></script>", ["value-html-unsafe"]),
        ("<SCRIPT>x</SCRIPT>", ["value-html-unsafe"]),
        ("<iframe src='https://a.example/'></iframe>", ["value-html-unsafe"]),
        ("<style>p {}</style>", ["value-html-unsafe"]),
        ("<form><input></form>", ["value-html-unsafe"]),
        ("<a\nonclick = 'x()' href='https://a.example/'>a</a>", ["value-html-unsafe"]),
        ("<a href=' java&#10;script:x()'>a</a>", ["value-html-unsafe"]),
        ("<p style='color: red' data-on='1'>a</p>", []),
        ("<p>once on = off</p>", []),
        ("<a href='/about'>a</a>", ["value-link-relative"]),
        ("<a href=about>a</a>", ["value-link-relative"]),
        ("<a href='#top'>a</a>", ["value-link-relative"]),
        ("<a href='//a.example/'>a</a>", ["value-link-relative"]),
        ("<img src='a.jpg'><img src=\"a.jpg\">", ["value-link-relative"]),
        ("<a href='mailto:a@b.example'>a</a><a href='tel:1'>b</a><a href='HTTPS://a.example'>c</a>", []),
        ("<b>open", ["value-html-unbalanced"]),
        ("closed</a>", ["value-html-unbalanced"]),
        ("<div><div></div>", ["value-html-unbalanced"]),
    ],
)
def test_html_of_a_description(html: str, expected: list[str]) -> None:
    """Apps mend much, but not everything."""
    assert item(f"<description><![CDATA[{html}]]></description>") == expected
    assert item(f"<content:encoded><![CDATA[{html}]]></content:encoded>") == expected


def test_words_at_fault_are_underlined() -> None:
    """In a description of a hundred lines, the caret stands below the link, escaped or not."""
    for start, end in (("<![CDATA[", "]]>"), ("", "")):
        link = '<a href="/a">' if start else '&lt;a href="/a"&gt;'
        (found,) = told(
            f"<item><description>{start}one\ntwo {link}a&lt;/a&gt;{end}</description></item>".replace(
                "&lt;/a&gt;", "</a>" if start else "&lt;/a&gt;"
            )
        )

        assert found.excerpt[found.position.column - 1 :][: found.position.width] == "/a"
        assert found.excerpt.startswith("two ")


def test_retired_tags_with_html_are_told_once() -> None:
    """Nobody reads them; a thousand warnings would hide the one that matters."""
    found = rules("<item><itunes:summary>&lt;p></itunes:summary></item>" * 4)

    assert found.count("value-holds-html") == 1


def test_text_around_elements_is_not_padded() -> None:
    """What stands there is told, and its blanks belong to it."""
    assert item("<title>The <b>wind</b></title>") == ["tag-holds-elements"]


def test_padded_values_are_told_once_for_each_tag() -> None:
    """A feed that is printed prettily has blanks everywhere."""
    found = told("<item><title> a </title></item>" * 2 + "<language> en</language>")

    assert [(each.rule, each.message) for each in found if "blanks" in each.message] == [
        ("value-padded", "<title> has blanks around its value, 2 times in the feed"),
        ("value-padded", "<language> has blanks around its value"),
    ]


@pytest.mark.parametrize("name", ["description", "content:encoded"])
def test_descriptions_may_have_blanks_around_them(name: str) -> None:
    """HTML does not care."""
    assert item(f"<{name}>\n  <![CDATA[ Waves ]]>\n</{name}>") == []


@pytest.mark.parametrize(("length", "expected"), [(255, []), (256, ["value-too-long"])])
def test_line_of_text_has_255_characters_at_most(length: int, expected: list[str]) -> None:
    """Characters count, not bytes: a Japanese title may be as long."""
    assert item(f"<title>{'海' * length}</title>") == expected
