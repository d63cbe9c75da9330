"""Tags an author writes as XML: read safely, each fault at its place in the header or in config.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape

from podfeed.diagnostics import Finding, Position
from podfeed.model import Tag
from podfeed.read.fields import Fields
from podfeed.read.source import Text, position
from podfeed.read.xml import NAMESPACES, Document, Element, namespace_meant, read_xml
from podfeed.words import say

_URIS = {prefix: uri for uri, prefix in reversed(NAMESPACES.items())}
#: The prefixes that need no declaration.
_KNOWN = {name: _URIS[name] for name in ("atom", "content", "itunes", "media", "podcast", "psc", "spotify")}

#: Tags podfeed writes by other settings, once each: a second one could change what a show or an episode is.
_OURS = frozenset(
    (
        *("rss", "channel", "item", "title", "link", "description", "language", "copyright", "generator", "docs"),
        *("lastBuildDate", "pubDate", "guid", "enclosure", "content:encoded", "itunes:author", "itunes:image"),
        *("itunes:explicit", "itunes:type", "itunes:new-feed-url", "itunes:block", "itunes:complete"),
        *("itunes:category", "itunes:owner", "itunes:duration", "itunes:episodeType", "itunes:season"),
        *("itunes:episode", "podcast:guid", "podcast:locked", "podcast:medium", "podcast:license", "podcast:season"),
        *("podcast:episode", "podcast:chapters", "podcast:updateFrequency", "psc:chapters", "spotify:limit"),
        *("spotify:countryOfOrigin", "fh:complete", "fh:archive"),
    )
)
#: What tells where a feed is, or which pages it has.
_OWN_LINKS = frozenset(("self", "current", "first", "last", "next", "previous", "prev-archive", "next-archive"))
#: The tags that hold a feed's items, or are them.
_FRAME = frozenset(("rss", "channel", "item"))
_PREFIX = re.compile(r"(?!xml)[a-z_][\w.-]*", re.ASCII | re.IGNORECASE)
#: No more than every library takes for an address.
_NAMESPACE = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:/[\w.~/@+,=-]*)?(?:#[\w.~/-]*)?|urn:[\w.:-]+", re.ASCII)
_PREFIXED = re.compile(r"<([^\s:/>]+):")
_ROOT = "extra_tags"


def namespaces(fields: Fields) -> dict[str, str]:
    """What ``namespaces`` says further prefixes stand for; what cannot be declared is told and left out."""
    group = fields.group("namespaces")
    found = {}
    for prefix in group.left_over():
        uri = group.text(prefix)
        if fault := _namespace_fault(prefix, uri):
            group.say(prefix, "extra-namespace-invalid", *fault)
        else:
            found[prefix] = uri
    return found


def _namespace_fault(prefix: str, uri: str) -> tuple[str, str] | None:
    known = namespace_meant(uri, prefix)
    if not _PREFIX.fullmatch(prefix):
        return say("“{prefix}” cannot be a prefix", prefix=prefix), say("take letters that do not begin with “xml”")
    if known and (prefix, uri) != (known, _URIS[known]):
        message = say("“{prefix}” and “{uri}” do not belong together", prefix=prefix, uri=uri)
        return message, say("write “{known}: {uri}”, or another prefix and address", known=known, uri=_URIS[known])
    if not _NAMESPACE.fullmatch(uri):
        message = say("“{uri}” is no address of a namespace", uri=uri)
        return message, say("write it like https://app.example/ns, as those say who made it")
    return None


def read_extra(fields: Fields, text: str, declared: Mapping[str, str]) -> str:
    """``extra_tags``, XML in the file *text*, when there is no fault in it; *declared* are its further namespaces."""
    _, node = fields.find("extra_tags")
    if not isinstance(node, Text):
        return fields.text("extra_tags")
    document = _document(node.text, declared)
    faults = [document.fault] if document.fault else list(_faults(document))
    for fault in faults:
        place = place_in(text, node, replace(fault.position, line=fault.position.line - 1)) if fault.position else None
        fields.say("extra_tags", fault.rule, fault.message, fault.hint, place)
    return "" if faults else node.text


def place_in(text: str, node: Text, place: Position) -> Position:
    """Where a *place* in the value *node* stands in *text*, its file; where the value stands when that is not plain.

    The lines of a value are in the file as they are, indented; but for long texts that YAML has folded.
    """
    at = node.start
    for number, line in enumerate(node.text.split("\n"), 1):
        found = text.find(line.strip(), at)
        if found < 0:
            break
        if number == place.line:
            start = found + place.column - 1 - (len(line) - len(line.lstrip()))
            return position(text, start, start + place.width)
        at = found + len(line.strip())
    return position(text, node.start)


def extra_tags(text: str, declared: Mapping[str, str]) -> tuple[Tag, ...]:
    """The tags in *text*, which `read_extra` has found sound."""
    root = _document(text, declared).root if text else None
    return tuple(_tag(each) for each in root.children) if root else ()


def namespaces_of(tags: Iterable[Tag], declared: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that *tags* need, of those everybody knows and those *declared*, in order."""
    used = frozenset(_uris(tags))
    return {prefix: uri for prefix, uri in sorted({**_KNOWN, **declared}.items()) if uri in used}


def declarations(declared: Mapping[str, str]) -> str:
    """What an element says for every prefix to hold in it: those everybody knows and those *declared*."""
    return "".join(f' xmlns:{prefix}="{escape(uri)}"' for prefix, uri in {**_KNOWN, **declared}.items())


def _uris(tags: Iterable[Tag]) -> Iterator[str]:
    for tag in tags:
        yield from (name[1:].partition("}")[0] for name in (tag.name, *tag.attributes) if name.startswith("{"))
        yield from _uris(tag.children)


def _document(text: str, declared: Mapping[str, str]) -> Document:
    """*text* in an element of its own, which takes one line before it."""
    document = read_xml(f"<{_ROOT}{declarations(declared)}>\n{text}\n</{_ROOT}>".encode(), _ROOT)
    if document.fault:
        document.fault = _in_our_words(document, document.fault, text.count("\n") + 2, declared)
    return document


def _in_our_words(document: Document, fault: Finding, last_line: int, declared: Mapping[str, str]) -> Finding:
    """What stopped the reader, as it is to be told of a part of a feed."""
    place = fault.position or Position()
    rest = document.line(place.line)[place.column - 1 :]
    fault = replace(fault, rule="extra-tags-unreadable")
    # Where the end of the whole is missed, it was taken for a part of what was opened here.
    if place.line > last_line or (_ROOT in fault.message and not rest.startswith("</")):
        message = say("a tag, a comment or a CDATA section is opened and never closed")
        end = place if place.line <= last_line else Position(line=last_line)
        return replace(fault, message=message, hint=say("close it"), position=end)
    prefix = _PREFIXED.match(rest)
    if prefix and prefix[1] not in {**_KNOWN, **declared}:
        message = say("nothing says what the prefix “{prefix}” stands for", prefix=prefix[1])
        hint = say("add “namespaces: {setting}” to config.yaml", setting=f"{{{prefix[1]}: https://…}}")
        return replace(fault, message=message, hint=hint)
    return fault


def _faults(document: Document) -> Iterator[Finding]:
    """What is well-formed and may not be in a feed all the same."""
    assert document.root is not None
    for declaration in document.namespaces:
        if declaration.start > 0:
            message = say("a namespace is declared inside the tags")
            hint = say("delete it; podfeed declares what “namespaces” in config.yaml lists, and what everybody knows")
            place = document.declaration_place(declaration)
            yield Finding("", message, hint, rule="extra-tags-unreadable", position=place)
    for parent, element in _everywhere(document.root):
        if element.name in _FRAME or (parent is document.root and _is_ours(element)):
            message = say("podfeed writes <{tag}> itself", tag=element.name)
            hint = say("delete it here, and say it with a setting")
            yield Finding("", message, hint, rule="extra-tag-refused", position=document.place(element))
    for element in (document.root, *(each for _, each in _everywhere(document.root))):
        is_outside = element is document.root
        if element.text.strip() and (element.children or is_outside):
            message = say("text stands beside tags; a feed has one or the other")
            if is_outside:
                message = say("text stands outside of all tags")
            place = document.text_place(element, element.text.split()[0])
            hint = say("put it into a tag of its own, or write “<” as “&lt;”")
            yield Finding("", message, hint, rule="extra-tags-unreadable", position=place)


def _is_ours(element: Element) -> bool:
    if element.name == "atom:link":
        return element.attributes.get("rel", "alternate").strip().lower() in _OWN_LINKS
    return element.name in _OURS


def _everywhere(parent: Element) -> Iterator[tuple[Element, Element]]:
    for child in parent.children:
        yield parent, child
        yield from _everywhere(child)


def _tag(element: Element) -> Tag:
    return Tag(
        name=_qualified(element.name),
        text="" if element.children else element.text,
        attributes={_qualified(name): value for name, value in element.attributes.items()},
        children=tuple(_tag(each) for each in element.children),
    )


def _qualified(name: str) -> str:
    """*name* with its namespace in braces instead of a customary prefix."""
    prefix, colon, local = name.partition(":")
    return f"{{{_URIS[prefix]}}}{local}" if colon and prefix in _URIS else name
