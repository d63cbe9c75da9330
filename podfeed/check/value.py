"""Rules about what the tags of a feed hold, whether they stand in the channel or in an item."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from podfeed.check.registry import FeedContext, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.read import html
from podfeed.read.dates import read_date
from podfeed.read.mail import read_contact, read_mail_date
from podfeed.read.xml import Document, Element
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect"
_W3C = "W3C Feed Validator"

# ---------------------------------------------------------------------------------------------- plain text

#: Tags whose text may be HTML.
_HTML = ("description", "content:encoded")
_RETIRED = ("itunes:subtitle", "itunes:summary", "itunes:keywords")
#: Those that people read as they are.
_PLAIN = ("title", "itunes:title", "itunes:author", "itunes:name", "copyright", *_RETIRED)
#: Other lines of text.
_WORDS = ("category", "generator", "itunes:email", "managingEditor", "webMaster", "author")
_DATES = ("pubDate", "lastBuildDate")
#: Those for programs. Some are left out: blanks in them are told for themselves.
_TERSE = (
    *("link", "language", "docs", "comments", "ttl", "url", "width", "height", *_DATES),
    *("itunes:type", "itunes:episodeType", "itunes:episode", "itunes:season", "itunes:duration"),
    *("itunes:new-feed-url", "itunes:block", "itunes:complete"),
)


@rule(Document, "warning", source=f"{_APPLE}; PSP-1: values have no blanks around them", codes="FD028")
def value_padded(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """There are blanks or line breaks around a value; some apps take them for a part of it.

    Bad:
        <language> en </language>

    Good:
        <language>en</language>
    """
    for name in (*_PLAIN, *_WORDS, *_TERSE):
        padded = [each for each in feed.everywhere(name) if each.text != each.text.strip() != "" and not each.children]
        if padded:
            message = say_many(
                "<{tag}> has blanks around its value",
                "<{tag}> has blanks around its value, {count} times in the feed",
                count=len(padded),
                tag=name,
            )
            yield Finding("", message, say("write it without them"), position=feed.text_place(padded[0]))


@rule(Document, "warning", source=f"{_APPLE}; PSP-1: 255 characters", codes="FD028 EP014")
def value_too_long(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A line of text has more than 255 characters; apps cut it off.

    Bad:
        <copyright>This show, its words, its music and its pictures belong to the two sailors who make it, to the
        families of these two sailors, and to all who lent them a voice, an ear, a boat, a harbour, a wind, a wave,
        a rope, a knot, a cup of coffee, or a quiet evening on which nothing at all had to be done.</copyright>

    Good:
        <copyright>Harbour Radio</copyright>
    """
    for element in feed.everywhere(*_PLAIN, *_WORDS):
        length = len(element.text.strip())
        if length > 255 and element.name != "itunes:summary":
            message = say("<{tag}> has {length} characters; apps keep to 255", tag=element.name, length=length)
            yield Finding("", message, say("shorten it"), position=feed.text_place(element))


@rule(Document, "warning", source=f"{_W3C}: ContainsHTML, CharacterData", codes="FD026")
def value_holds_html(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A line of plain text holds a tag, or a character escaped once too often: listeners see it as it is written.

    Bad:
        <title>Salt &amp;amp; Pepper</title>

    Good:
        <title>Salt &amp; Pepper</title>
    """
    told: set[str] = set()
    for element in feed.everywhere(*_PLAIN):
        letter = _LETTER.search(element.text) if element.name == "title" else None
        found = html.markup(element.text) or (letter[0] if letter else "")
        if found and element.name not in told:
            # What nobody reads any more is told once.
            told.update({element.name} & {*_RETIRED})
            message = say("<{tag}> shows “{found}” as it is written", tag=element.name, found=short(found))
            hint = say("write plain text, and escape “&” and “<” once")
            yield Finding("", message, hint, position=feed.text_place(element, found))


#: What old readers take for a tag.
_LETTER = re.compile(r"<[A-Za-z/?]")


@rule(Document, "warning", source=f"{_W3C}: ContainsHTML; RSS best practices", codes="FD026")
def value_escaped_twice(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The HTML of a description was escaped once too often: listeners see tags or “&amp;amp;”.

    Bad:
        <description>&amp;lt;p&amp;gt;Two sailors talk.&amp;lt;/p&amp;gt;</description>

    Good:
        <description>&lt;p&gt;Two sailors talk.&lt;/p&gt;</description>
    """
    for element in feed.everywhere(*_HTML):
        if found := html.escaped_twice(element.text):
            message = say("<{tag}> shows “{found}” as it is written", tag=element.name, found=short(found))
            yield Finding("", message, say("escape it once"), position=feed.text_place(element, found))


@rule(Document, "error", source=f"XML 1.0, section 2.7; {_APPLE}: description", codes="FD027")
def value_shows_cdata(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The marks of a CDATA section became a part of the text.

    Bad:
        <description>&lt;![CDATA[Two sailors talk.]]&gt;</description>

    Good:
        <description><![CDATA[Two sailors talk.]]></description>
    """
    for element in feed.everywhere(*_HTML, *_PLAIN):
        found = next((mark for mark in ("<![CDATA[", "]]>") if mark in element.text), "")
        if found:
            message = say("<{tag}> shows “{found}” as it is written", tag=element.name, found=found)
            hint = say("write one CDATA section; a “]]>” in the text is written “]]]]><![CDATA[>”")
            yield Finding("", message, hint, position=feed.text_place(element, found))


@rule(Document, "warning", source=f"{_W3C}: BadCharacters", codes="FD026")
def value_garbled(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A text was read in a wrong encoding before it came into the feed, as “Ã©” or “�” in place of “é”.

    Bad:
        <itunes:author>ZoÃ«</itunes:author>

    Good:
        <itunes:author>Zoë</itunes:author>
    """
    for element in feed.everywhere(*_HTML, *_PLAIN):
        if right := _ungarbled(element.text):
            message = say("<{tag}> was read in a wrong encoding on its way", tag=element.name)
            hint = say("read it as UTF-8: “{right}”", right=short(right))
            yield Finding("", message, hint, position=feed.text_place(element))
        elif lost := _LOST.search(element.text):
            code = f"U+{ord(lost[0]):04X}"
            message = say("<{tag}> holds {code}, which a wrong encoding left of a letter", tag=element.name, code=code)
            hint = say("write the letter again, in UTF-8")
            yield Finding("", message, hint, position=feed.text_place(element, lost[0]))


def _ungarbled(text: str) -> str:
    """What *text* was before bytes of UTF-8 were taken for characters of a Western encoding; empty if it is sound."""
    first = _NOT_ASCII.search(text)
    if not first or not "\xc2" <= first[0] <= "\xf4":
        return ""
    try:
        return text.translate(_WESTERN).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: Nobody writes the control characters of ISO 8859-1; they were letters of Windows. The last one is a mark for a loss.
_LOST = re.compile("[\x80-\x9f\ufffd]")
#: The bytes of the characters that Windows has and ISO 8859-1 has not.
_WESTERN = {ord(each): byte for byte in range(0x80, 0xA0) if (each := bytes([byte]).decode("cp1252", "ignore"))}


# --------------------------------------------------------------------------------------------- single words


@rule(Document, "error", source=f"{_APPLE}: itunes:explicit; PSP-1", codes="FD021")
def value_explicit_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:explicit`` is neither “true” nor “false”, to the letter. Apple gave up “yes”, “no” and “clean”.

    Bad:
        <itunes:explicit>no</itunes:explicit>

    Good:
        <itunes:explicit>false</itunes:explicit>
    """
    for element in feed.everywhere("itunes:explicit"):
        if element.text not in ("true", "false"):
            message = say("“{value}” is neither “true” nor “false”", value=short(element.text))
            hint = say("write true, or false; “no” and “clean” were old words for false")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "error", source=f"{_APPLE}: itunes:block, itunes:complete", codes="FD025")
def value_switch_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:block`` or ``itunes:complete`` has another word than “Yes”, so that it does nothing.

    Bad:
        <itunes:block>true</itunes:block>

    Good:
        <itunes:block>Yes</itunes:block>
    """
    for element in feed.everywhere(*_SWITCHES):
        value = element.text.strip()
        if value.lower() not in ("yes", *_OFF):
            message = say("<{tag}> is “{value}”, which does nothing", tag=element.name, value=short(value))
            hint = say("write Yes if it is meant, or leave it out")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "info", source=f"{_APPLE}: itunes:block, itunes:complete", codes="FD025")
def value_switch_idle(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:block`` or ``itunes:complete`` says no, which is so without it.

    Bad:
        <itunes:block>no</itunes:block>

    Good:
        <!-- without itunes:block -->
    """
    for name in _SWITCHES:
        idle = [each for each in feed.everywhere(name) if each.text.strip().lower() in _OFF]
        if idle:
            message = say_many(
                "<{tag}> does nothing unless it says Yes",
                "<{tag}> does nothing unless it says Yes; here and {count} times in all it does not",
                count=len(idle),
                tag=name,
            )
            yield Finding("", message, say("leave it out"), position=feed.text_place(idle[0]))


_SWITCHES = ("itunes:block", "itunes:complete")
_OFF = ("no", "clean", "false", "")

# --------------------------------------------------------------------------------------------------- dates


@rule(Document, "error", source=f"RFC 2822; {_APPLE}; {_W3C}: InvalidRFC2822Date, IncorrectDOW", codes="FD019")
def value_date_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A date is not written as feeds write it, with English names and a numeric offset, or names no day there is.

    Bad:
        <item>
          <pubDate>2025-06-09T05:00:00+09:00</pubDate>
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
        </item>
    """
    for element in feed.everywhere(*_DATES):
        text = element.text.strip()
        date = read_mail_date(text)
        if date.remark == "unreadable":
            guess = read_date(text, None).value
            message = say("“{value}” is no date as feeds write it", value=short(text))
        elif date.remark == "impossible":
            guess, message = None, say("“{value}” names a day or an hour that there is not", value=short(text))
        elif date.remark == "wrong-weekday":
            guess, message = date.value, say("“{value}” names the wrong day of the week", value=short(text))
        else:
            continue
        example = _as_in_mail(guess) if guess else "Sat, 01 Apr 2023 19:00:00 +0900"
        hint = say("write “{right}”", right=example) if guess else say("write it like “{right}”", right=example)
        yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "warning", source=f"RFC 2822; {_W3C}: ProblematicalRFC822Date", codes="FD019")
def value_date_odd(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A date can be read, but is spelt in a way that some apps cannot.

    Bad:
        <item>
          <pubDate>Mon,09 Jun 25 05:00:00 gmt</pubDate>
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 GMT</pubDate>
        </item>
    """
    for element in feed.everywhere(*_DATES):
        date = read_mail_date(element.text.strip())
        if date.remark == "odd-spelling" and date.value:
            message = say("“{value}” is spelt in a way that some apps cannot read", value=short(element.text))
            hint = say("write “{right}”", right=_as_in_mail(date.value))
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "error", source=f"podfeed: apps differ in what they do with it; {_W3C}: ImplausibleDate", codes="FD020")
def value_date_in_future(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A date lies in the future, though the feed is public already.

    Bad:
        <item>
          <pubDate>Thu, 13 Dec 2103 18:30:02 GMT</pubDate>
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
        </item>
    """
    for element, value in _moments(feed):
        if value > context.now + _CLOCKS_DIFFER:
            message = say("“{value}” lies in the future", value=short(element.text))
            hint = say("hold it back until then, or correct the date")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "warning", source=f"{_W3C}: ImplausibleDate", codes="EP023")
def value_date_implausible(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A date lies before 1990.

    Bad:
        <item>
          <pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
        </item>
    """
    for element, value in _moments(feed):
        if value < _FIRST_PLAUSIBLE:
            message = say("“{value}” lies before there were podcasts", value=short(element.text))
            yield Finding("", message, say("check the year"), position=feed.text_place(element))


def _as_in_mail(value: datetime) -> str:
    """*value* as feeds write it, whatever language the machine speaks."""
    from email.utils import format_datetime  # a check of episodes starts faster without it

    return format_datetime(value, usegmt=value.tzinfo == UTC)


_CLOCKS_DIFFER = timedelta(minutes=10)
_FIRST_PLAUSIBLE = datetime(1990, 1, 1, tzinfo=UTC)


def _moments(feed: Document) -> Iterator[tuple[Element, datetime]]:
    """The dates of *feed* that can be read."""
    for element in feed.everywhere(*_DATES):
        if value := read_mail_date(element.text.strip()).value:
            yield element, value


# ------------------------------------------------------------------------------------------------ contacts


@rule(Document, "warning", source=f"RSS 2.0; {_W3C}: InvalidContact", codes="FD029")
def value_contact_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``managingEditor``, ``webMaster`` or the ``author`` of an item is no e-mail address.

    Bad:
        <managingEditor>Ada</managingEditor>

    Good:
        <managingEditor>ada@radio.podfeed.example (Ada)</managingEditor>
    """
    for element in _contacts(feed):
        if read_contact(element.text.strip()) == "unreadable":
            message = say("<{tag}> is “{value}”, and no e-mail address", tag=element.name, value=short(element.text))
            hint = say("write “name@host (Name)”; <itunes:author> is for names alone")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "info", source=f"RSS best practices; {_W3C}: MissingRealName", codes="FD029")
def value_contact_odd(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An e-mail address in ``managingEditor``, ``webMaster`` or ``author`` has no name behind it.

    Bad:
        <managingEditor>ada@radio.podfeed.example</managingEditor>

    Good:
        <managingEditor>ada@radio.podfeed.example (Ada)</managingEditor>
    """
    for element in _contacts(feed):
        if read_contact(element.text.strip()) == "odd-spelling":
            message = say("<{tag}> has no name behind the address", tag=element.name)
            yield Finding("", message, say("write “name@host (Name)”"), position=feed.text_place(element))


def _contacts(feed: Document) -> Iterator[Element]:
    yield from feed.everywhere("managingEditor", "webMaster")
    for item in feed.items:
        yield from item.all("author")


# ------------------------------------------------------------------------------------------- descriptions


@rule(Document, "warning", source=f"{_W3C}: SecurityRisk; {_APPLE}: description", codes="EP034")
def value_html_unsafe(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A description holds scripts, styles, forms or the like. Apps take them out, with what is in them.

    Bad:
        <item>
          <description><![CDATA[<p onclick="wave()">The wind pushes.</p>]]></description>
        </item>

    Good:
        <item>
          <description><![CDATA[<p>The wind pushes.</p>]]></description>
        </item>
    """
    for element in feed.everywhere(*_HTML):
        if found := html.unsafe(element.text):
            message = say("<{tag}> holds “{found}”, which apps take out", tag=element.name, found=short(found))
            yield Finding("", message, say("delete it"), position=feed.text_place(element, found))


@rule(Document, "warning", source=f"{_APPLE}: description", codes="FD027")
def value_html_unbalanced(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The HTML of a description opens something that it does not close, or closes what is not open.

    Bad:
        <item>
          <description><![CDATA[<p>The <b>wind pushes.</p>]]></description>
        </item>

    Good:
        <item>
          <description><![CDATA[<p>The <b>wind</b> pushes.</p>]]></description>
        </item>
    """
    for element in feed.everywhere(*_HTML):
        if found := html.unbalanced(element.text):
            message = say("<{found}> is not closed as often as it is opened", found=found)
            hint = say("write “</{found}>” where it ends", found=found)
            yield Finding("", message, hint, position=feed.text_place(element, f"<{found}"))


@rule(Document, "warning", source=f"{_W3C}: ContainsRelRef", codes="EP035")
def value_link_relative(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A link or picture in a description has no full address: it leads nowhere in an app.

    Bad:
        <item>
          <description><![CDATA[<a href="/waves/">Waves</a>]]></description>
        </item>

    Good:
        <item>
          <description><![CDATA[<a href="https://radio.podfeed.example/waves/">Waves</a>]]></description>
        </item>
    """
    for element in feed.everywhere(*_HTML):
        for address in html.relative(element.text):
            message = say("“{address}” leads nowhere in an app", address=short(address))
            hint = say("write the full https://… address")
            yield Finding("", message, hint, position=feed.text_place(element, address))
