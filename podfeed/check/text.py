"""Rules about text, whichever setting holds it."""

import re
from collections.abc import Iterator
from html import unescape

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import is_reserved
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.read.folder import is_remote, split_address
from podfeed.words import say

#: What templates and tutorials put where a value belongs, behind a number or not.
_PLACEHOLDER = re.compile(
    r"(?:\d+[.:．：]\s*)?(?:TODO|todo|TODO\s?[:：].*|(?i:tbd|tba|untitled|lorem ipsum.*)"
    r"|(?i:(?:example|sample|episode|your)(?: long)? (?:title|description)(?: here)?|(?:title|description) here)"
    r"|ほげほげ(?: ふがふが)?|ここに(?:タイトル|題名|説明文?)(?:を(?:書|入力|記入).*)?"
    r"|(?:タイトル|題名|説明文?)を(?:入力|追加|記入)してください"
    r"|(?:タイトル|題名)?未定)[ .:…。-]*",
    re.DOTALL,
)

#: Elements people know by heart; “<3” and “<前編>” are none.
_HTML_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|code|del|div|em|font|h[1-6]|hr|i|iframe|img|ins|li|ol|p|pre|q|rp|rt|ruby|s"
    r"|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_DIRECTION_MARK = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REFERENCE = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")


_HTML = "W3C Feed Validator: ContainsHTML; YouTube: RSS ingestion"
# What a text must not hold holds for a show's as for an episode's: one function looks at both.
_Texted = Episode | Show


@told_by_reader("error", source="XML 1.0, section 2.2", codes="EP006 SH001")
def text_control_character() -> None:
    """A text holds a character that no feed can carry.

    One such character in one title makes the whole feed unreadable for every subscriber.

    Bad:
        title: "Ti\\x0bdes"

    Good:
        title: "Tides"
    """


@told_by_reader("warning", codes="EP011")
def text_cut_by_comment() -> None:
    """A “#” after a space begins a comment: the rest of the text is lost.

    Bad:
        title: Tides #5

    Good:
        title: "Tides #5"
    """


@told_by_reader("info", source="YAML 1.1: bool, int, float, timestamp", codes="EP011 EP062")
def text_needs_quotes() -> None:
    """A text without quotes is a number, a date, or true or false to other tools. podfeed takes it for text.

    The length ``45:30`` is such a text: YAML 1.1 makes 2730 of it.

    Bad:
        title: 3.10

    Good:
        title: "3.10"
    """


@told_by_reader("info", source="PSP-1: text", codes="FD028")
def text_padded() -> None:
    """A text in quotes has blanks before or after it. podfeed leaves them out; other tools print them.

    Bad:
        title: "Tides "

    Good:
        title: "Tides"
    """


@rule(Show, "error", codes="EP007")
@rule(Episode, "error", codes="EP007")
def text_placeholder(subject: _Texted, context: Context) -> Iterator[Finding]:
    """A template's text, or an address of example.com, was left in.

    Bad:
        title: "12. TODO: a title"

    Good:
        title: Tides
    """
    for name, value in _texts(subject):
        if _PLACEHOLDER.fullmatch(value):
            message = say("“{field}” still holds the template's text “{value}”", field=name, value=value)
            yield Finding(name, message, say("write the real one"))
    for name, address in _addresses(subject):
        if is_remote(address) and is_reserved(split_address(address).hostname or ""):
            message = say("“{field}” still holds the template's address “{value}”", field=name, value=address)
            yield Finding(name, message, say("write the real one"))


def _texts(subject: _Texted) -> tuple[tuple[str, str], ...]:
    """The texts that are printed as they stand, by the names of their settings."""
    texts = (("title", subject.title), ("description", subject.description))
    if isinstance(subject, Episode):
        return texts
    return (*texts, ("author", subject.author), ("owner.name", subject.owner_name), ("copyright", subject.copyright))


def _addresses(subject: _Texted) -> tuple[tuple[str, str], ...]:
    """The addresses of media, by the names of their settings."""
    if isinstance(subject, Episode):
        return (("audio_file_path", subject.audio), ("image_url", subject.artwork))
    return (("artwork", subject.artwork),)


@rule(Show, "warning", source=_HTML, codes="EP015 SH002")
@rule(Episode, "warning", source=_HTML, codes="EP015 SH002")
def text_html_tag(subject: _Texted, context: Context) -> Iterator[Finding]:
    """A title or a description holds HTML, which listeners would see as it stands.

    Bad:
        title: Tides <b>live</b>

    Good:
        title: Tides live
    """
    for name, value in _texts(subject):
        if "<" in value and (found := _HTML_TAG.search(value)):
            message = say("“{field}” holds HTML, “{tag}”; listeners would see it", field=name, tag=found[0])
            yield Finding(name, message, say("write plain text; HTML belongs into the notes"))


@rule(Show, "warning", source=_HTML, codes="EP015 SH002")
@rule(Episode, "warning", source=_HTML, codes="EP015 SH002")
def text_html_reference(subject: _Texted, context: Context) -> Iterator[Finding]:
    """A title or a description holds a sign as HTML writes it, and listeners would see that.

    Bad:
        title: Ebb &amp; flow

    Good:
        title: Ebb & flow
    """
    for name, value in _texts(subject):
        found = "&" in value and next((each for each in _REFERENCE.findall(value) if unescape(each) != each), "")
        if found:
            message = say("“{field}” holds “{reference}”; listeners would see it", field=name, reference=found)
            yield Finding(name, message, say("write “{sign}”: podfeed does the rest", sign=unescape(found)))


@rule(Episode, "info", source="YouTube: RSS ingestion", codes="EP037")
def text_angle_bracket(episode: Episode, context: Context) -> Iterator[Finding]:
    """A title or a description holds “<” or “>”. YouTube takes no episode with them.

    Bad:
        title: Tides <part one>

    Good:
        title: Tides (part one)
    """
    if context.is_article(episode):
        return
    excerpt = episode.notes_facts.excerpt if episode.notes_facts and not episode.description else ""
    for name, value in (*_texts(episode), ("", excerpt)):
        sign = "<" if "<" in value else ">" if ">" in value else ""
        if sign and not (name and _HTML_TAG.search(value)):
            text = _around(value, value.index(sign))
            message = say("“{text}” holds “{sign}”; YouTube takes no episode with it", text=text, sign=sign)
            yield Finding(name, message, say("write it in another way, as “(”, “→” or “〈”"))


def _around(text: str, at: int) -> str:
    """The words around a place of *text*."""
    return text[max(at - 15, 0) : at + 16].replace("\n", " ").strip()


@rule(Episode, "warning")
def text_direction_override(episode: Episode, context: Context) -> Iterator[Finding]:
    """A text holds an invisible character that turns the direction of writing.

    Such characters make a title read differently from what it says.

    Bad:
        title: "Tides \\u202egpj"

    Good:
        title: Tides
    """
    for name, value in (("title", episode.title), ("slug", episode.slug), ("audio_file_path", episode.audio)):
        if found := _DIRECTION_MARK.search(value):
            message = say(
                "“{field}” holds an invisible direction mark (U+{code})", field=name, code=f"{ord(found[0]):04X}"
            )
            yield Finding(name, message, say("delete it"))
