"""Rules about the addresses in a feed: of audio, pictures and pages."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote

from podfeed.check.registry import FeedContext, rule
from podfeed.check.site import is_loopback, secret_in
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.read.folder import split_address
from podfeed.read.xml import Document, Element
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect"


@rule(Document, "error", source=f"{_APPLE}: itunes:image; PSP-1; RFC 4287: atom:link", codes="FD024")
def address_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:image`` or ``atom:link`` has no ``href``, the only place where apps look for the address.

    Bad:
        <itunes:image>https://radio.podfeed.example/cover.jpg</itunes:image>

    Good:
        <itunes:image href="https://radio.podfeed.example/cover.jpg"/>
    """
    for element in (*feed.everywhere("itunes:image"), *_links(feed)):
        if not element.attributes.get("href", "").strip():
            message = say("<{tag}> has no address", tag=element.name)
            hint = say("add {example}", example='href="https://…"')
            yield Finding("", message, hint, position=feed.place(element, "href"))


@rule(
    Document,
    "error",
    source="podcasters.apple.com/support/823; RFC 3986; W3C Feed Validator: InvalidURLAttribute",
    codes="FD014",
)
def address_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An address is relative, or not written as the web's addresses are, or not one that everybody can open for good.

    Bad:
        <item>
          <enclosure url="/audio/1 of 2.mp3" length="1000000" type="audio/mpeg"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/audio/1%20of%202.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    for medium in _media(feed):
        if fault := lasting_fault(medium.address):
            yield Finding("", *fault, position=feed.place(medium.element, medium.attribute))
    for element in feed.everywhere("link", "comments", "docs", "url"):
        address = element.text.strip()
        if address and (fault := address_fault(address)):
            yield Finding("", *fault, position=feed.text_place(element))
    for element in _links(feed):
        # A link may lead to something else than a page, as to a wallet.
        address = element.attributes.get("href", "")
        if address.strip() and not _ANY_SCHEME.match(address) and (fault := address_fault(address)):
            yield Finding("", *fault, position=feed.place(element, "href"))


@rule(Document, "warning", source="podfeed: apps refuse, or warn of, what comes unencrypted")
def address_insecure(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Audio or a picture has an address with http: apps may refuse it, and anybody on the way can change it.

    Bad:
        <itunes:image href="http://radio.podfeed.example/cover.jpg"/>

    Good:
        <itunes:image href="https://radio.podfeed.example/cover.jpg"/>
    """
    insecure: dict[str, list[_Medium]] = {}
    for medium in _media(feed):
        if medium.address.lower().startswith("http://"):
            insecure.setdefault(medium.element.name, []).append(medium)
    for name, media in insecure.items():
        message = say_many(
            "the address in <{tag}> begins with http:",
            "the addresses of {count} <{tag}> begin with http:",
            count=len(media),
            tag=name,
        )
        yield Finding("", message, say("use https:"), position=feed.place(media[0].element, media[0].attribute))


@rule(Document, "error", source="podcasters.apple.com/support/896", codes="IM011")
def address_picture_refused(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The address of a picture ends as that of a format which apps do not take.

    Bad:
        <itunes:image href="https://radio.podfeed.example/cover.webp"/>

    Good:
        <itunes:image href="https://radio.podfeed.example/cover.jpg"/>
    """
    for element in feed.everywhere("itunes:image"):
        found = ending(element.attributes.get("href", ""))
        if found in _PICTURES:
            message = say("“.{ending}” is not a format of pictures that apps take", ending=found)
            yield Finding("", message, say("export it as JPEG or PNG"), position=feed.place(element, "href"))


#: Those that are known and refused; an address without an ending may well lead to a JPEG.
_PICTURES = frozenset(("gif", "webp", "svg", "bmp", "tif", "tiff", "heic", "heif", "avif", "psd", "pdf", "eps", "ico"))


class _Medium(NamedTuple):
    """An address of audio or of a picture, and where it stands."""

    element: Element
    attribute: str
    address: str


def _media(feed: Document) -> Iterator[_Medium]:
    """The addresses that are there; a missing one is told for itself."""
    for name, attribute in (("enclosure", "url"), ("itunes:image", "href")):
        for element in feed.everywhere(name):
            address = element.attributes.get(attribute, "")
            if address.strip():
                yield _Medium(element, attribute, address)


def _links(feed: Document) -> Iterator[Element]:
    """The links of Atom but those to the feed itself, which are told for themselves."""
    for element in feed.everywhere("atom:link"):
        if element.attributes.get("rel", "").strip().lower() != "self":
            yield element


def address_fault(address: str) -> tuple[str, str] | None:
    """What keeps *address* from being one of the web, and what to do; None when it is one."""
    if not _SCHEME.match(address.strip()):
        return say("“{address}” is no full web address", address=short(address)), say("write it in full: https://…")
    if _BLANK.search(address):
        return say("“{address}” holds a blank", address=short(address)), say("delete it, or write “%20”")
    if found := _UNFIT.search(address):
        message = say("“{address}” holds “{found}” as it is", address=short(address), found=found[0])
        return message, say("write it percent-encoded: “{code}”", code=quote(found[0]))
    parts = split_address(address)
    if not parts.hostname or not _has_sound_port(parts):
        return say("“{address}” names no host", address=short(address)), say("write it in full: https://…")
    return None


def host_fault(address: str) -> tuple[str, str] | None:
    """What keeps other computers from finding the host of *address*, which is one of the web."""
    if not _DOTTED.fullmatch(split_address(address).hostname or "") or is_loopback(address):
        return say("“{address}” names no public host", address=short(address)), say("use an address on the web")
    return None


def ending(address: str) -> str:
    """How the file at *address* ends, as ``mp3``; empty when it does not.

    Services that count downloads have the whole real address, percent-encoded, for a name.
    """
    path = _PATH.match(address.strip())
    name = unquote(path[1]).rpartition("/")[2] if path else ""
    return name.rpartition(".")[2].lower() if "." in name else ""


_PATH = re.compile(r"[a-z]+://[^/?#]*([^?#]*)", re.IGNORECASE)


def lasting_fault(address: str) -> tuple[str, str] | None:
    """What keeps apps everywhere from fetching *address* for years to come, and what to do; None when nothing does."""
    if _PLAIN.fullmatch(address):
        return None
    if fault := address_fault(address):
        return fault
    parts = split_address(address)
    host = parts.hostname or ""
    if not host.isascii():
        return say("the host of “{address}” is not in ASCII", address=short(address)), say("write it as “xn--…”")
    if found := _NOT_ASCII.search(address):
        message = say("“{address}” holds “{found}” as it is", address=short(address), found=found[0])
        return message, say("write it percent-encoded: “{code}”", code=quote(found[0]))
    if fault := host_fault(address):
        return fault
    if secret := secret_in(parts):
        message = say(
            "“{address}” holds “{secret}”, which is private or expires", address=short(address), secret=secret
        )
        return message, say("use a permanent public address")
    return None


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


#: Nearly all addresses are written like this, and there is nothing to say about them.
_PLAIN = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?:/[a-z0-9._~/-]*)?", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_UNFIT = re.compile(r"""["<>\\^`{|}\x7f]|%(?![0-9A-Fa-f]{2})""")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_DOTTED = re.compile(r"[^.]+(\.[^.]+)+\.?")
