"""HTML as feeds hold it → what apps would stumble over. It is searched and not parsed: feeds have megabytes of it.

Each function gives the words at fault as they are written, so that their place can be found; empty when there are none.
In every pattern “<” ends the search for “>”, so that no text takes for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.entities import html5


def markup(text: str) -> str:
    """The first tag or character reference in *text*, which should be plain."""
    if tag := _KNOWN_TAG.search(text):
        return tag[0]
    for reference in _REFERENCE.finditer(text) if "&" in text else ():
        if reference[1][0] == "#" or f"{reference[1]};" in html5:
            return reference[0]
    return ""


def escaped_twice(text: str) -> str:
    """The first sign that HTML was escaped once too often: “&amp;amp;”, or “&lt;p&gt;” where there is no tag at all."""
    if "&" not in text:
        return ""
    found = _REFERENCE_TWICE.search(text) or (None if _TAG.search(text) else _TAG_TWICE.search(text))
    return found[0] if found else ""


def unsafe(text: str) -> str:
    """The first tag, attribute or address that could do harm, so that readers of feeds take it out."""
    text = _shown(text)
    if found := _HARMFUL_TAG.search(text):
        return found[0]
    if _MAYBE_HANDLER.search(text) and (found := _HANDLER.search(text)):
        return found[1]
    addresses = _addresses(text) if "script" in text.lower() or "&#" in text else ()
    return next((each for each in addresses if _scheme(each) in ("javascript", "vbscript")), "")


def relative(text: str) -> tuple[str, ...]:
    """The addresses of links and pictures that are not absolute, each once."""
    return tuple(dict.fromkeys(each for each in _addresses(_shown(text)) if not _scheme(each)))


def unbalanced(text: str) -> str:
    """The name of an element that is not closed as often as it is opened."""
    tags = Counter(_PAIRED.findall(_shown(text).lower())) if "<" in text else {}
    return next((name for end, name in tags if tags["", name] != tags["/", name]), "")


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:[\s/][^<>]*)?>")
_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|acronym|address|audio|b|big|blockquote|body|br|button|center|cite|code|dd|del|details|div|dl|dt|em"
    r"|embed|figcaption|figure|font|form|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|li|link|meta|object|ol|p|pre|q"
    r"|s|script|section|small|source|span|strike|strong|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul"
    r"|var|video)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCE_TWICE = re.compile(r"&amp;(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
_TAG_TWICE = re.compile(r"&lt;/?(?:p|br|a|b|i|em|strong|ul|ol|li|div|span|h[1-6])(?:\s[^&<>]*|\s?/)?&gt;")
# What follows “<” is looked at twice, because the first look is quick.
_HARMFUL_TAG = re.compile(
    r"<(?=[abefilmos])(?:script|style|object|embed|applet|iframe|frame|frameset|form|meta|link|base)(?=[\s/>])",
    re.IGNORECASE,
)
# Hardly any text has one, and to tell for sure takes longer.
_MAYBE_HANDLER = re.compile(r"[\s/]on[a-z]+\s*=", re.IGNORECASE)
#: A value in quotation marks may hold “>”, and words that look like a handler.
_HANDLER = re.compile(
    r"""<[a-z][^<>\s/]*+(?:[\s/]++(?!on[a-z]+\s*=)[^<>\s/=]++(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^<>\s"']++))?+)*+"""
    r"""[\s/]+(on[a-z]+)\s*=""",
    re.IGNORECASE,
)
#: Those that are not absolute at first sight: nearly all are.
_ADDRESS = re.compile(
    r"""<[a-z][^<>]*?\s(?:href|src)\s*=\s*(?!["']?(?:https?|mailto):)(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"<(/?)(a|b|i|u|s|em|strong|ul|ol|div|span|blockquote|table|h[1-6])(?=[\s>])[^<>]*(?<!/)>")


def _shown(text: str) -> str:
    """*text* without comments; one that is not closed goes on to the end."""
    return _COMMENT.sub(" ", text) if "<!--" in text else text


def _addresses(text: str) -> Iterator[str]:
    if "<" in text:
        yield from (first or second or third for first, second, third in _ADDRESS.findall(text))


def _scheme(address: str) -> str:
    """As browsers read it: “java&#10;script:” is javascript. Empty when there is none."""
    found = _SCHEME.match(_BLANKS.sub("", unescape(address)))
    return found[1].lower() if found else ""


_BLANKS = re.compile(r"[\x00-\x20]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
