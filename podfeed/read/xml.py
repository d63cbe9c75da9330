"""XML of anybody's → elements with places. Nothing is fetched, no entity is declared, nothing nests without end.

Source: failure-model.md, section 4.2.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import accumulate
from typing import NoReturn
from xml.parsers import expat
from xml.parsers.expat import errors

from podfeed.diagnostics import Finding, Position
from podfeed.words import say

# Source for the limits: docs/reference/limits.md.
MAX_FEED_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 100

#: The customary prefixes; an element is known by them whatever its file calls its namespace.
#: Source: feed-specification.md, section 1.1. The podcast namespace and Media RSS have two names each.
NAMESPACES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.spotify.com/ns/rss": "spotify",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
_PREFIXES = frozenset(NAMESPACES.values())


def namespace_meant(uri: str, prefix: str = "") -> str:
    """The customary prefix of the namespace *uri*, or of the one it is a slip for; empty when it is another.

    A slip differs in capitals, in http or https, in “www.” or in a slash at the end, or has a customary *prefix*.
    """
    return NAMESPACES.get(uri) or _BY_CORE.get(_core(uri)) or (prefix if prefix in _PREFIXES else "")


def _core(uri: str) -> str:
    return re.sub(r"^https?://(www\.)?|[/#]+$", "", uri.strip().lower())


_BY_CORE = {_core(uri): prefix for uri, prefix in NAMESPACES.items()}


@dataclass(slots=True, eq=False)
class Element:
    """An element as its file has it."""

    #: With the customary prefix, as ``itunes:image``; of an unknown namespace, as ``{https://…}image``.
    name: str
    #: By name, spelt as the element's; in the order of the file.
    attributes: dict[str, str]
    #: Bytes of UTF-8 before its start tag.
    start: int
    children: list[Element] = field(default_factory=list)
    #: The text directly in it, character for character.
    text: str = ""
    #: Bytes of UTF-8 before its end tag.
    end: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it, neither text nor elements."""
        return not self.children and not self.text.strip()

    def find(self, name: str) -> Element | None:
        """The first child called *name*."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """Every child called *name*."""
        return [child for child in self.children if child.name == name]

    def words(self, name: str) -> str:
        """The text of the first child called *name*, runs of blanks as one space; empty when there is none."""
        child = self.find(name)
        return " ".join(child.text.split()) if child else ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A namespace as a file declares it."""

    #: Empty for the default namespace.
    prefix: str
    uri: str
    #: Bytes of UTF-8 before the start tag that holds it.
    start: int


@dataclass(eq=False, kw_only=True)
class Document:
    """A file of XML: what its readers see, and where everything stands."""

    #: What messages call the file.
    name: str
    #: The text as UTF-8, whatever the file was written in.
    data: bytes
    #: The encoding the file says it has, as it spells it; empty when it does not say.
    declared: str = ""
    #: The encoding the file was read in, as Python spells it.
    encoding: str = "utf-8"
    root: Element | None = None
    namespaces: list[Declaration] = field(default_factory=list)
    #: What stopped the reader.
    fault: Finding | None = None

    @cached_property
    def channel(self) -> Element | None:
        """The channel of an RSS feed."""
        return self.root.find("channel") if self.root and self.root.name == "rss" else None

    @cached_property
    def items(self) -> list[Element]:
        """The items of an RSS feed, in the order of the file."""
        return self.channel.all("item") if self.channel else []

    @property
    def declared_place(self) -> Position:
        """Where the first line names the encoding; the beginning of the file when it does not."""
        found = _DECLARED.match(self.data[:400].decode("utf-8", "replace"))
        return self.position(*found.span(1)) if found else Position()

    def everywhere(self, *names: str) -> Iterator[Element]:
        """Every element below the channel that has one of *names*, name by name, in the order of the file."""
        for name in names:
            yield from self.by_name.get(name, ())

    @cached_property
    def by_name(self) -> Mapping[str, list[Element]]:
        """The elements below the channel, however deep, by name; in the order of the file."""
        by_name: dict[str, list[Element]] = {}
        waiting = [self.channel] if self.channel else []
        while waiting:
            for child in waiting.pop().children:
                by_name.setdefault(child.name, []).append(child)
                if child.children:
                    waiting.append(child)
        return {name: sorted(elements, key=lambda each: each.start) for name, elements in by_name.items()}

    def place(self, element: Element, attribute: str = "") -> Position:
        """Where the name of *element* stands; with *attribute*, that attribute's value, if it is written."""
        found = _START.match(self.data, element.start)
        start, end = found.span(1) if found else (element.start, element.start)
        if attribute:
            start, end = self._value(end, attribute) or (start, end)
        return self.position(start, end)

    def declaration_place(self, declaration: Declaration) -> Position:
        """Where the address of a namespace stands."""
        found = _START.match(self.data, declaration.start)
        name = f"xmlns:{declaration.prefix}".rstrip(":")
        start, end = (found and self._value(found.end(), name)) or (declaration.start, declaration.start)
        return self.position(start, end)

    def text_place(self, element: Element, words: str = "") -> Position:
        """Where *words* stand in the text of *element*; if not found, its first line; its name when it has no text."""
        found = _TEXT.match(self.data, element.start)
        if not found or not element.text.strip():
            return self.place(element)
        for spelling in (words.encode(), escape(words, quote=False).encode()) if words else ():
            at = self.data.find(spelling, found.end(), element.end)
            if at >= 0:
                return self.position(at, at + len(spelling))
        line = _REST_OF_LINE.match(self.data, found.end())
        return self.position(found.end(), line.end() if line else found.end())

    def position(self, start: int, end: int) -> Position:
        """The place from byte *start* to byte *end*."""
        number = bisect_right(self._lines, start)
        column = self._characters(self._lines[number - 1], start) + 1
        return Position(line=number, column=column, width=self._characters(start, end))

    def line(self, number: int) -> str:
        """The text of a line, counted from 1. It is the same string each time: a feed may be one line of megabytes."""
        if number not in self._texts:
            start, *rest = self._lines[number - 1 : number + 1]
            line = self.data[start : rest[0] if rest else len(self.data)]
            self._texts[number] = line.decode("utf-8", "replace").rstrip("\r\n")
        return self._texts[number]

    def _value(self, at: int, attribute: str) -> tuple[int, int] | None:
        """From where to where the value of *attribute* goes, in the tag whose name ends at *at*."""
        while found := _ATTRIBUTE.match(self.data, at):
            written, at = found[1].decode("utf-8", "replace"), found.end()
            if written == attribute or (
                written.partition(":")[0] != "xmlns" and written.rpartition(":")[2] == attribute.rpartition(":")[2]
            ):
                return found.start(2) + 1, found.end(2) - 1
        return None

    def _characters(self, start: int, end: int) -> int:
        """How many characters stand between two bytes; blocks in between are not counted again and again."""
        first, last = start // _BLOCK + 1, end // _BLOCK
        if last <= first:
            return _length(self.data[start:end])
        between = self._characters_before[last] - self._characters_before[first]
        return _length(self.data[start : first * _BLOCK]) + between + _length(self.data[last * _BLOCK : end])

    @cached_property
    def _characters_before(self) -> list[int]:
        """How many characters stand before each block."""
        blocks = (self.data[at : at + _BLOCK] for at in range(0, len(self.data), _BLOCK))
        return [0, *accumulate(map(_length, blocks))]

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.data))]

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {}


_START = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TEXT = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>(?:\s|<!\[CDATA\[|<!--(?s:.*?)-->)*""")
_REST_OF_LINE = re.compile(rb"[^\r\n<]*(?<!\s)")
_LINE_END = re.compile(rb"\r\n|\r|\n")

#: Bytes that are counted at once, should a line be long.
_BLOCK = 4096
_CONTINUATION = bytes(range(0x80, 0xC0))


def _length(data: bytes) -> int:
    """How many characters begin in *data*."""
    return len(data.translate(None, _CONTINUATION))


# ----------------------------------------------------------------------------------------- bytes → text


def read_xml(data: bytes, name: str) -> Document:
    """The XML in *data*. What is wrong with it is the document's fault; nothing is raised."""
    if len(data) > MAX_FEED_BYTES:
        message = say("the feed is larger than {limit} bytes", limit=MAX_FEED_BYTES)
        return Document(name=name, data=b"", fault=_fault(message, say("drop the notes of old episodes")))
    document = _decoded(data, name)
    document.fault = document.fault or _not_even_xml(document.data) or _Parsing(document).run()
    return document


def _fault(message: str, hint: str, position: Position | None = None, rule: str = "feed-unreadable") -> Finding:
    return Finding("", message, hint, rule=rule, position=position)


def _decoded(data: bytes, name: str) -> Document:
    """*data* as UTF-8, not parsed yet; the document's fault is what is wrong with its encoding."""
    mark, marked = next(((mark, each) for mark, each in _MARKS if data.startswith(mark)), (b"", ""))
    data = data.removeprefix(mark)
    marked = marked or next((each for first, each in _FIRST if data.startswith(first)), "")
    found = _DECLARED.match(data[:400].decode(marked or "latin-1", "ignore"))
    document = Document(name=name, data=data, declared=found[1] if found else "")
    try:
        document.encoding = marked or _encoding(document.declared)
        text = data.decode(document.encoding)
        document.data = data if document.encoding == "utf-8" else text.encode()
    except UnicodeError as error:
        before, document.data = _as_far_as_possible(data, document.encoding, error)
        document.fault = _undecodable(document, document.position(before, before))
    except (LookupError, ValueError):
        document.data = data.decode("utf-8", "replace").encode()
        message = say("“{encoding}” is no encoding that readers of feeds know", encoding=document.declared)
        document.fault = _fault(message, _save_as_utf_8(), document.declared_place, "feed-not-utf8")
    return document


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Without a mark, the first character shows it. Source: XML 1.0, appendix F.
_FIRST = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(r"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
#: Encodings of Python's that are none of the web's; some take for ever on purpose-made text.
_PRIVATE = frozenset(("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined"))


def _encoding(declared: str) -> str:
    """What Python calls the encoding *declared*. Raises LookupError for an unknown one, UnicodeError for a lie."""
    name = codecs.lookup(declared or "utf-8").name
    if name in _PRIVATE:
        raise LookupError(name)
    if name.startswith(("utf-16", "utf-32")):
        raise UnicodeError("a declaration that can be read byte by byte is not written in units of two or four")
    return name


def _as_far_as_possible(data: bytes, encoding: str, error: UnicodeError) -> tuple[int, bytes]:
    """*data* as UTF-8 with a mark for each byte that is none of *encoding*, and where the first mark stands."""
    start = error.start if isinstance(error, UnicodeDecodeError) else 0
    before, rest = (
        part.decode(encoding, "replace").encode("utf-8", "replace") for part in (data[:start], data[start:])
    )
    return len(before), before + rest


def _undecodable(document: Document, place: Position) -> Finding:
    if document.declared:
        message = say("this is not written in {encoding}, as the feed says", encoding=document.declared)
    else:
        message = say("this is not written in UTF-8, and the feed does not say in what else")
    return _fault(message, _save_as_utf_8(), place, "feed-not-utf8")


def _save_as_utf_8() -> str:
    return say("save the feed as UTF-8, and let its first line say so")


def _not_even_xml(data: bytes) -> Finding | None:
    if not data.strip():
        return _fault(say("the file is empty"), say("fetch the feed again"))
    if data.startswith(b"---"):
        hint = say("save the feed itself, as apps get it from the web")
        return _fault(say("this is the template of a feed"), hint)
    if data.startswith(codecs.BOM_UTF8):
        hint = say("delete one of these invisible characters, or both")
        return _fault(say("there are two byte order marks"), hint, Position())
    return None


# -------------------------------------------------------------------------------------- text → elements


class _Stopped(Exception):
    """The parser may not go on."""


class _Parsing:
    """One run of the parser over a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._pending: list[tuple[str, str]] = []
        self._names: dict[str, str] = {}
        self._fault: Finding | None = None
        self._parser = parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._text

    def run(self) -> Finding | None:
        """Fill the document; what stopped the parser, or nothing."""
        try:
            self._parser.Parse(self._document.data, True)
        except _Stopped:
            return self._fault
        except expat.ExpatError as error:
            return self._refusal(errors.messages[error.code], max(0, self._parser.ErrorByteIndex))
        return None

    def _stop(self, message: str, hint: str) -> NoReturn:
        at = self._parser.CurrentByteIndex
        self._fault = _fault(message, hint, self._document.position(at, at))
        raise _Stopped

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0":
            self._stop(say("the feed is XML {version}; feeds are XML 1.0", version=version), say('write version="1.0"'))

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            self._stop(say("this is a web page"), say("give the feed itself, as apps get it from the web"))
        self._stop(
            say("the feed has a DOCTYPE, which no feed needs and many readers refuse"),
            say("delete it, and write characters instead of names like &nbsp;"),
        )

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._pending.append((prefix or "", uri or ""))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        for prefix, uri in self._pending:
            self._document.namespaces.append(Declaration(prefix, uri, start))
        self._pending.clear()
        element = Element(self._name(name), {self._name(each): value for each, value in attributes.items()}, start)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._document.root = element
        self._open.append(element)
        self._texts.append([])
        if len(self._open) > MAX_DEPTH:
            self._stop(say("elements are nested more than {limit} deep", limit=MAX_DEPTH), say("no feed needs so many"))

    def _finish(self, name: str) -> None:
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        element.end = self._parser.CurrentByteIndex

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _name(self, name: str) -> str:
        if name not in self._names:
            self._names[name] = _customary(*name.split(" "))
        return self._names[name]

    def _refusal(self, reason: str, at: int) -> Finding:
        """What stopped expat at byte *at*, for *reason*, in our words where we have some."""
        data = self._document.data
        hint = _mend()
        match reason:
            case errors.XML_ERROR_NO_ELEMENTS | errors.XML_ERROR_UNCLOSED_TOKEN if self._open:
                message = say("the feed ends before “{name}” is closed", name=self._open[-1].name)
                hint = say("fetch or make it again: its end is missing")
            case errors.XML_ERROR_NO_ELEMENTS | errors.XML_ERROR_UNCLOSED_TOKEN | errors.XML_ERROR_SYNTAX:
                message, hint = say("this is no XML"), say("give the feed itself, as apps get it from the web")
            case errors.XML_ERROR_INVALID_TOKEN:
                return self._invalid(at)
            case errors.XML_ERROR_TAG_MISMATCH:
                message = say("this closes another tag than “{name}”, which is open", name=self._open[-1].name)
            case errors.XML_ERROR_DUPLICATE_ATTRIBUTE:
                message, hint = say("an attribute is written twice"), say("delete one of the two")
            case errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
                message, hint = say("something stands behind the end of the feed"), say("delete it")
            case errors.XML_ERROR_UNDEFINED_ENTITY:
                message = say("XML does not know “{name}”", name=_found(_ENTITY, data, at))
                hint = say("write the character itself, or its number, as “&#160;”")
            case errors.XML_ERROR_UNBOUND_PREFIX:
                message = say("“{name}” has a prefix that is not declared", name=_found(_START, data, at))
                hint = say("add its “xmlns:…” to the first tag")
            case errors.XML_ERROR_MISPLACED_XML_PI:
                message = say("something stands before “<?xml”")
                hint = say("delete what stands before it, blank lines too")
            case errors.XML_ERROR_UNCLOSED_CDATA_SECTION:
                message, hint = say("a CDATA section is not closed"), say("write “]]>” where it ends")
            case errors.XML_ERROR_BAD_CHAR_REF:
                message = say("“{name}” stands for no character that XML has", name=_found(_ENTITY, data, at))
            case _:
                message = say("the feed is no valid XML: {reason}", reason=reason)
        return _fault(message, hint, self._document.position(at, at))

    def _invalid(self, at: int) -> Finding:
        """What is wrong with the character at byte *at*, or with the one that made it unexpected."""
        data = self._document.data
        behind = _SIGN.search(data, max(0, at - 100), at)
        start = behind.start() if behind else at
        if data[start : start + 1] in (b"&", b"<"):
            message = say("“{sign}” stands here as text", sign=data[start : start + 1].decode())
            hint = say("write “&amp;” for “&” and “&lt;” for “<”")
            return _fault(message, hint, self._document.position(start, start + 1))
        character = data[at : at + 4].decode("utf-8", "ignore")[:1]
        place = self._document.position(at, at + len(character.encode()))
        if character.isprintable():
            return _fault(say("“{character}” has no place here", character=character), _mend(), place)
        message = say("the invisible character {code} is none that XML has", code=f"U+{ord(character):04X}")
        return _fault(message, say("delete it; it often comes with text pasted from other programs"), place)


def _mend() -> str:
    return say("mend this place: every app refuses the whole feed")


def _customary(uri: str, local: str = "", prefix: str = "") -> str:
    """The name of an element, or of an attribute, whose parts expat gives."""
    if not local:
        return uri
    known = namespace_meant(uri, prefix)
    return f"{known}:{local}" if known else f"{{{uri}}}{local}"


_ENTITY = re.compile(rb"(&[^\s;&<]{1,40};)")
#: A “&” or “<” right before the place where the parser gave up.
_SIGN = re.compile(rb"(?:&[^\s;&<]*|<)\Z")


def _found(pattern: re.Pattern[bytes], data: bytes, at: int) -> str:
    found = pattern.match(data, at)
    return found[1].decode("utf-8", "replace") if found else ""
