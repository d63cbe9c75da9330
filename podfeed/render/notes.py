"""Markdown → safe HTML and plain text.

Callers pass text through the text gate first. What slips by it here (control characters, lone surrogates) becomes
U+FFFD, so that nothing in this module raises on any text, and so that control characters are free to serve as marks
between the steps: no author can write one.

Two callables tie the notes to the project, and both may be asked more than once for one address:

``resolve(address)``
    gives the absolute URL to use for the address of a link or picture as the author wrote it (with ``%20`` if that is
    how it was written), or None when it leads nowhere. It is never asked about absolute http, https and mailto
    addresses, nor about ``//host/…`` (that becomes https), nor about the empty address and pure ``#fragment``, which
    lead nowhere; ``#t=1:30`` alone leads to a moment of the sound, on pages.
``picture(address)``
    gives the project path of a picture, or None. It is asked about those addresses of pictures that are not absolute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape, unescape
from itertools import count, zip_longest
from unicodedata import category
from urllib.parse import quote, unquote

import comrak
import nh3

from podfeed.model import NotesFacts
from podfeed.read.chapters import time_stamps, with_stamps_apart
from podfeed.render.embeds import with_embeds

Resolve = Callable[[str], str | None]


class SafeHtml(str):
    """HTML that came out of the sanitizer. Only this module makes it; a template prints it as it is."""

    __slots__ = ()

    def __html__(self) -> SafeHtml:
        return self


def page_html(markdown: str, *, resolve: Resolve, id_prefix: str = "") -> SafeHtml:
    """The notes in full, for a web page, whose own heading stands above theirs.

    Footnotes and headings have ids; *id_prefix* keeps those of two episodes apart.
    """
    source = _marked(markdown)
    html = _with_addresses(_sanitised(_rendered(source)), resolve, source)
    if _may_hold_html(source):
        html = _settled(html, _PAGE)
    html = _with_linked_footnotes(html, escape(id_prefix))
    return SafeHtml(with_embeds(_with_anchors(html, escape(id_prefix))))


def pictures_in(html: SafeHtml) -> list[str]:
    """The addresses of the pictures that *html* shows."""
    return [unescape(address) for address in _SHOWN.findall(html)]


def placed(html: SafeHtml, site: str, near: Callable[[str], str], sizes: Mapping[str, tuple[int, int]]) -> SafeHtml:
    """*html* on a page: addresses below *site* as *near* gives them there; pictures keep the room that *sizes* says."""
    if "<img" not in html and site not in html:
        return html

    def name(found: re.Match[str]) -> str:
        attribute, address = found[1], unescape(found[2])
        named = f'{attribute}="{escape(near(address))}"'
        if attribute == "<a href":
            return named
        room = ' width="{}" height="{}"'.format(*sizes[address]) if address in sizes else ""
        return f'{named}{room} loading="lazy"'

    return SafeHtml(_NAMED.sub(name, html))


def feed_html(markdown: str, *, resolve: Resolve) -> SafeHtml:
    """The notes made plain for apps: no headings, tables, ids or ``#`` links, and every address absolute."""
    source = _marked(markdown)
    return _for_feed(_sanitised(_rendered(source)), resolve, source)


def apple_html(markdown: str, *, resolve: Resolve) -> SafeHtml:
    """What Apple Podcasts shows of the notes: paragraphs, lists, links, and the words that stand for pictures."""
    return SafeHtml(_APPLE.clean(_PICTURE.sub(r"\1", feed_html(markdown, resolve=resolve))))


def excerpt(markdown: str, limit_bytes: int = 4000) -> str:
    """The first whole paragraphs as plain text, an empty line between two; list items where there is no paragraph."""
    return _excerpt(_sanitised(_rendered(_marked(markdown))), limit_bytes)


def facts(
    markdown: str, *, resolve: Resolve, picture: Callable[[str], str | None], with_excerpt: bool = True
) -> NotesFacts:
    """What the notes hold, as the rules want to know it.

    This runs over every file of every check. Most notes hold nothing to remark on; that shows without rendering them,
    and their length is then an estimate.
    """
    estimate = len(markdown) + 10 * markdown.count("\n") + 40 * markdown.count("](")
    if not with_excerpt and estimate < _NEVER_TOO_LONG and not _REMARKABLE.search(markdown):
        return NotesFacts(html_characters=estimate if markdown.strip() else 0, chapters=time_stamps(markdown))
    source = _marked(markdown)
    rendered = _rendered(source)
    html = _sanitised(rendered)
    feed = _for_feed(html, resolve, source)
    relative = tuple(_relative_addresses(html, source))
    return NotesFacts(
        excerpt=_excerpt(html, 4000) if with_excerpt else "",
        html_characters=len(feed),
        removed=tuple(sorted({*_removed(rendered, source), *_insecure_pictures(html)})),
        relative=_unique(address for _, address in relative if _usable(address, resolve) is None),
        pictures=_unique(path for tag, address in relative if tag == "img" and (path := picture(address))),
        insecure=_unique(unescape(address) for address in _INSECURE_LINK.findall(feed)),
        unseen=_unique(_UNSEEN.findall(feed)),
        chapters=time_stamps(markdown),
    )


def plain_text(html: str) -> str:
    """The words of HTML made here: blocks apart by an empty line, items and ``<br>`` by a line break, no tags."""
    if not _MARKUP.search(html):
        return html.strip()
    html = _PRE.sub(lambda block: block[0].replace("\n", "<br>"), html) if "<pre" in html else html
    text = _WRAP.sub(" ", _CJK_WRAP.sub("", _without_ruby(html)))
    text = _ANY_TAG.sub("", _BLOCK_EDGE.sub("\n\n", _LINE_END.sub("\n", text)))
    lines = "\n".join(line.strip() for line in unescape(text).split("\n"))
    return _GAP.sub("\n\n", lines).strip()


# Markdown → HTML as the author meant it, not yet safe

#: Marks live between two steps. The first two follow a “<”, which ends a bare URL and is no space to emphasis.
_URL_END, _AS_WRITTEN, _FOOTNOTE = "<\x01", "<\x02", "\x03"
#: A single “~” stands for itself: 10~12時、14~16時. Only two strike words out.
_WAVE = "\x04"

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNFIT_BYTES = bytes({*range(0x20)} - {*b"\t\n\r"})
_NUMERIC_REFERENCE = re.compile(r"&#(?:\d|[xX][0-9a-fA-F])[0-9a-fA-F]*;?")
_HTML_START = re.compile(r"<[A-Za-z/!?]")
_LONE_WAVE = re.compile(r"[a-z]+://[!-~]+|(?<![~\\])(~)(?!~)", re.IGNORECASE)
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}", re.DOTALL)
_BARE_URLS = (
    re.compile(r"://[!-;=-~]*+(?=[^\x00-\x7f])"),
    re.compile(r"www\.(?<![\w./-]www\.)[!-;=-~]*+(?=[^\x00-\x7f])"),
)
#: The text before “://” when the author named where the address ends: a link, a definition, <…>, an attribute.
_IN_DESTINATION = re.compile(
    r"(?:\]\(\s*<?|^ {0,3}\[[^\]\n]*\]:\s*<?|<)[^\s<>()]*\Z|<[a-z][^<>]*=[a-z]*\Z", re.IGNORECASE | re.MULTILINE
)
#: HTML, pictures, links that are not plainly absolute and secure, text struck out.
_REMARKABLE = re.compile(
    r"<[A-Za-z/!?]|!\[|\](?:\(|:)\s*<?(?!\s|<?https?://|<?mailto:)"
    r"|http://|www\.(?<![\w./-]www\.)|~"
)
#: What Apple Podcasts does not show as such. Source: help.apple.com/itc/podcasts_connect, description.
_UNSEEN = re.compile("<(img|del|s)[ >]")
_INSECURE_LINK = re.compile('<a href="(http:[^"]*)"', re.IGNORECASE)
#: Characters of HTML below which no app cuts notes off. Source: help.apple.com/itc/podcasts_connect, description.
_NEVER_TOO_LONG = 10_000
_FOOTNOTE_MARK = re.compile(r'<a href="#fn-([^"]*)" id="fnref-\1((?:-\d+)?)" data-footnote-ref>(\d+)</a>')
_FOOTNOTE_BACK = re.compile(
    r'<a href="#fnref-[^"]*" class="footnote-backref"[^>]* data-footnote-backref-idx="([\d-]+)"'
)
_FOOTNOTE_ITEM = re.compile(r'<li id="fn-[^"]*">')


def _extensions(*, footnotes: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.table = True
    options.footnotes = footnotes
    options.strikethrough = True
    options.autolink = True
    options.cjk_friendly_emphasis = True
    return options


#: To look for footnotes takes a third of the time, and few notes have any.
_EXTENSIONS, _WITH_FOOTNOTES = _extensions(footnotes=False), _extensions(footnotes=True)
_PARSING = comrak.ParseOptions()
_RENDERING = comrak.RenderOptions()
_RENDERING.unsafe_ = True  # The author's own HTML is welcome; the sanitizer decides.


def _marked(markdown: str) -> str:
    """Markdown fit for comrak, which would take more for HTML and for addresses than the author meant."""
    source = with_stamps_apart(_fit(markdown))
    if "{{<" in source:
        source = _SHORTCODE.sub(lambda shortcode: shortcode[0].replace("<", _AS_WRITTEN), source)
    if "~" in source:
        source = _LONE_WAVE.sub(lambda wave: _WAVE if wave[1] else wave[0], source)
    source = _BARE_URLS[0].sub(_ended_url, source)
    return _BARE_URLS[1].sub(_ended_url, source) if "www." in source else source


def _fit(text: str) -> str:
    """*text* with U+FFFD for every character XML cannot carry."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return _UNFIT.sub("\ufffd", text)
    is_fit = len(data.translate(None, _UNFIT_BYTES)) == len(data) and "\ufffe" not in text and "\uffff" not in text
    return text if is_fit else _UNFIT.sub("\ufffd", text)


def _ended_url(url: re.Match[str]) -> str:
    """A bare URL with a mark where its ASCII ends; an address with an end of its own stays as it is."""
    start = max(url.start(), url.string.rfind("://", url.start(), url.end()))
    before = url.string[max(0, start - 500) : start]
    if before.endswith(("](https", "](http")) or (_may_be_destination(before) and _IN_DESTINATION.search(before)):
        return url[0]
    address = url[0].rstrip("*_~")  # They close emphasis more often than they end an address.
    return address + _URL_END + url[0][len(address) :]


def _may_be_destination(before: str) -> bool:
    """Whether `_IN_DESTINATION` is worth asking: it looks at hundreds of characters, this at the last word."""
    word = "" if before[-1:].isspace() else before.rsplit(None, 1)[-1] if before else ""
    return bool(set("(:<=").intersection(word)) or before[: len(before) - len(word)].rstrip()[-1:] in {"(", ":", "<"}


def _may_hold_html(source: str) -> bool:
    """Whether the author wrote HTML of their own; what comrak makes of Markdown alone needs no second look."""
    return "<" in source and _HTML_START.search(source) is not None


def _rendered(source: str) -> str:
    """HTML as the author meant it: nothing taken away yet, footnotes marked."""
    extensions = _WITH_FOOTNOTES if "[^" in source else _EXTENSIONS
    html = _unmarked(comrak.render_markdown(source, extensions, _PARSING, _RENDERING))
    if "&#" in source:
        html = _fit(_NUMERIC_REFERENCE.sub(lambda reference: escape(unescape(reference[0])), html))
    return _with_marked_footnotes(html) if "data-footnotes" in html else html


def _unmarked(html: str) -> str:
    if "\x01" in html:
        html = html.replace("&lt;\x01", "").replace(_URL_END, "")
    if "\x02" in html:
        html = html.replace(_AS_WRITTEN, "&lt;").replace("\x02", "")
    if _WAVE in html:
        html = html.replace(_WAVE, "~")
    return html


def _with_marked_footnotes(html: str) -> str:
    """comrak's footnotes without the labels in their ids, in a form that the sanitizer lets through."""
    text, section, notes = html.rpartition('<section class="footnotes" data-footnotes>')
    numbers = count(1)
    notes = _FOOTNOTE_ITEM.sub(lambda _: f"<li>{_FOOTNOTE}{next(numbers)}{_FOOTNOTE}", notes)
    html = _FOOTNOTE_MARK.sub(rf'<a href="#{_FOOTNOTE}\3\2">\3</a>', text + section + notes)
    return _FOOTNOTE_BACK.sub(rf'<a href="#{_FOOTNOTE}back-\1"', html)


# HTML → safe HTML

_WORDS = {"a", "b", "br", "code", "del", "em", "i", "img", "s", "strong", "sup"}
_BLOCKS = {"blockquote", "hr", "li", "ol", "p", "pre", "ul"}
_FEED_TAGS = frozenset(_WORDS | _BLOCKS)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_PAGE_TAGS = _FEED_TAGS | _HEADINGS | _TABLES | {"section", "ruby", "rt", "rp"}
#: “*” is empty on purpose: left out, the sanitizer allows title and lang everywhere.
_ATTRIBUTES = {"*": set[str](), "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
#: What an author must hear about. Source: W3C feed validator, SecurityRisk.
_RISKY_TAGS = frozenset({"script", "style", "object", "embed", "form", "meta", "link", "svg", "math"})
_RISKY_SCHEMES = frozenset({"javascript", "vbscript", "data", "blob", "file", "ftp", "tel", "sms", "about"})


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags={"script", "style", "svg", "math"} - tags,
        attributes={**_ATTRIBUTES, "iframe": {"src", "title"}},
        generic_attribute_prefixes={"on"} if tags >= _RISKY_TAGS else None,
        url_schemes=_SCHEMES | _RISKY_SCHEMES if tags >= _RISKY_TAGS else _SCHEMES,
        url_relative="pass_through",  # _with_addresses decides about them.
        link_rel="noopener",
    )


_PAGE = _cleaner(_PAGE_TAGS)
_FEED = _cleaner(_FEED_TAGS)
_APPLE = _cleaner(frozenset({"a", "br", "li", "ol", "p", "ul"}))
_WITH_IFRAMES = _cleaner(_PAGE_TAGS | {"iframe"})
#: Lets through what the others take away, so that we can say what it was. Nothing it returns is ever published.
_WITNESS = _cleaner(_PAGE_TAGS | _RISKY_TAGS)

_TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [^\s="]+="[^"]*")*)>')
_PICTURE = re.compile(r'<img(?: [a-z]+="[^"]*")*? alt="([^"]*)"[^>]*>')
_ATTRIBUTE = re.compile(r' ([^\s="]+)="([^"]*)"')
_IFRAME_START = re.compile("<iframe", re.IGNORECASE)
_IFRAME = re.compile(r'<iframe((?: [a-z]+="[^"]*")*)>.*?</iframe>', re.DOTALL)
_OTHER_SCHEME = re.compile(r'="(?!https?:|mailto:)[A-Za-z][A-Za-z0-9+.-]*:')


#: Text and the tags comrak makes of Markdown alone: HTML that holds nothing else is safe as it stands.
_SAFE = re.compile(
    r"[^<]*+(?:(?:</?(?:p|em|strong|h[1-6]|ul|ol|li|blockquote|code|pre|del|table|thead|tbody|tr)>|</a>|<[bh]r />"
    r'|</t[hd]>|<t[hd](?: align="[a-z]*")?>'
    r'|<a href="https?://(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}(?:[/?#][^"<>]*)?"(?: title="[^"<>]*")?>'
    r")[^<]*+)*+"
)
_QUOTE_IN_ATTRIBUTE = re.compile('="[^"]*&quot;')
_CELL_TAG = re.compile("<(t[hd]) [^>]*>")
_LINK_TAG = re.compile(r'(<a href="[^"]*"(?: title="[^"]*")?)>')


def _sanitised(html: str) -> str:
    """*html* with safe elements and attributes only. Addresses and footnotes are still to be settled."""
    if not _is_spelt_otherwise(html) and _SAFE.fullmatch(html):
        html = _CELL_TAG.sub(r"<\1>", html) if "<table>" in html else html
        html = _LINK_TAG.sub(lambda link: f'{link[1]} rel="noopener">', html)
        return html.replace(" />", ">").replace("&quot;", '"')
    if _IFRAME_START.search(html):
        html = _IFRAME.sub(_iframe_link, _WITH_IFRAMES.clean(html))
    return _PAGE.clean(html)


def _is_spelt_otherwise(html: str) -> bool:
    """Whether the sanitizer would spell *html* otherwise: quotes in attributes, returns, spaces that do not break."""
    has_quote = "&quot;" in html and _QUOTE_IN_ATTRIBUTE.search(html) is not None
    return has_quote or "\r" in html or "\u00a0" in html


def _iframe_link(iframe: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(iframe[1]))
    address = attributes.get("src", "").strip()
    if address.startswith("//"):
        address = f"https:{address}"
    return f'<p><a href="{address}">{attributes.get("title") or address}</a></p>' if address else ""


def _settled(html: str, cleaner: nh3.Cleaner) -> str:
    """*html* cleaned until cleaning changes nothing more: oddly nested HTML is not at rest after one round."""
    for _ in range(8):
        before, html = html, cleaner.clean(html)
        if html == before:
            return html
    return cleaner.clean(f"<p>{escape(plain_text(html))}</p>")


def _removed(html: str, source: str) -> Iterator[str]:
    """The elements, handlers and schemes of *html* that do not get past the sanitizer, by name."""
    if not _may_hold_html(source) and not _OTHER_SCHEME.search(html):
        return
    for tag, attributes in _TAG.findall(_WITNESS.clean(html)):
        if tag in _RISKY_TAGS:
            yield tag
        for name, value in _ATTRIBUTE.findall(attributes):
            if name.startswith("on"):
                yield name
            elif name in {"href", "src"} and (scheme := _scheme(value)) in _RISKY_SCHEMES:
                yield f"{scheme}:"


def _scheme(value: str) -> str:
    """As browsers read it: “java&#10;script:” is javascript."""
    return re.sub(r"[\x00-\x20]", "", unescape(value)).partition(":")[0].lower()


# Addresses

_ABSOLUTE = re.compile(r"https?:|mailto:", re.IGNORECASE)
#: A moment of the sound, or a part of it, which the player of a page goes to. Source: W3C, Media Fragments URI 1.0.
_MOMENT = re.compile(r"#t=(?:npt:)?[\d:.]+(?:,[\d:.]+)?", re.ASCII)
_MOMENT_LINK = re.compile(r'<a href="#t=[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
#: Links that are absolute at first sight are left alone: nearly all are.
_ADDRESSED = re.compile(r'<(a(?! href="(?:https?|mailto):)|img)((?: [a-z]+="[^"]*")*)>')
_EMPTY_LINK = re.compile(r'<a rel="noopener">((?:(?!<a ).)*?)</a>', re.DOTALL)
_URL_CHARACTERS = "".join(map(chr, {*range(0x21, 0x7F)} - {*b'"<>'}))


def _with_addresses(html: str, resolve: Resolve, source: str) -> str:
    """*html* with absolute addresses only; a link that leads nowhere leaves its text, a picture its alt text."""

    def with_address(tag: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(tag[2]))
        make = _picture if tag[1] == "img" else _link
        return make(attributes, lambda address: _usable(_as_written(address, source), resolve))

    html = _ADDRESSED.sub(with_address, html)
    return _EMPTY_LINK.sub(r"\1", html) if '<a rel="noopener">' in html else html


def _link(attributes: dict[str, str], usable: Resolve) -> str:
    href = attributes.pop("href", None)
    if href is not None and not href.startswith(f"#{_FOOTNOTE}"):
        url = usable(unescape(href))
        href = None if url is None else _attribute(url)
    return f'<a href="{href}"{_title(attributes)} rel="noopener">' if href is not None else '<a rel="noopener">'


def _picture(attributes: dict[str, str], usable: Resolve) -> str:
    address = unescape(attributes.get("src", ""))
    url = usable(address) if _may_be_shown(address) else None
    alt = attributes.get("alt", "")
    return alt if url is None else f'<img src="{_attribute(url)}" alt="{alt}"{_title(attributes)}>'


def _title(attributes: dict[str, str]) -> str:
    return f' title="{attributes["title"]}"' if attributes.get("title") else ""


def _attribute(url: str) -> str:
    """*url* fit for an attribute; what is not ASCII goes percent-encoded, ``%XX`` stays."""
    return quote(url, safe=_URL_CHARACTERS).replace("&", "&amp;")


def _usable(address: str, resolve: Resolve) -> str | None:
    """The absolute URL for *address*, or the address itself where it leads to a moment of the sound; else None."""
    if _ABSOLUTE.match(address) or _MOMENT.fullmatch(address):
        return address
    if address.startswith("//"):
        return f"https:{address}"
    url = resolve(address) if address and not address.startswith("#") else None
    return url if url and _ABSOLUTE.match(url) else None


def _as_written(address: str, source: str) -> str:
    """comrak percent-encodes addresses; the author wrote “画像.png”."""
    address = address.strip()
    return address if "%" in address and address in source else _fit(unquote(address))


def _may_be_shown(address: str) -> bool:
    """A picture from elsewhere needs https: without it, a page that has it and most apps do not show it."""
    return _scheme(address) == "https" or not _ABSOLUTE.match(address.strip())


def _relative_addresses(html: str, source: str) -> Iterator[tuple[str, str]]:
    """Tag name and address as written, of each link and picture whose address is not absolute."""
    for tag, attributes in _ADDRESSED.findall(html):
        address = dict(_ATTRIBUTE.findall(attributes)).get("src" if tag == "img" else "href")
        if address is None or address.startswith(f"#{_FOOTNOTE}"):
            continue
        written = _as_written(unescape(address), source)
        if not _ABSOLUTE.match(written) and not written.startswith("//"):
            yield tag, written


def _insecure_pictures(html: str) -> Iterator[str]:
    if "<img" in html:
        sources = (dict(_ATTRIBUTE.findall(attributes)).get("src", "") for _, attributes in _ADDRESSED.findall(html))
        yield from (f"img {_scheme(source)}:" for source in sources if not _may_be_shown(unescape(source)))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


# Footnotes on pages and in feeds

_MARKED_LINK = re.compile(rf'<a href="#{_FOOTNOTE}(\d+)((?:-\d+)?)"')
_MARKED_REFERENCE = re.compile(rf'<a href="#{_FOOTNOTE}\d[^>]*>(\d+)</a>')
_MARKED_BACK = re.compile(rf' ?<a href="#{_FOOTNOTE}back-[^>]*>.*?</a>', re.DOTALL)
_MARKED_ITEM = re.compile(rf"<li>{_FOOTNOTE}(\d+){_FOOTNOTE}")
_SECTION = re.compile(r"</?section>\n?")


def _with_linked_footnotes(html: str, prefix: str) -> str:
    if _FOOTNOTE not in html:
        return html
    html = html.replace(f'<a href="#{_FOOTNOTE}back-', f'<a href="#{_FOOTNOTE}fnref-')
    html = _MARKED_LINK.sub(rf'<a id="{_FOOTNOTE}fnref-\1\2" href="#{_FOOTNOTE}fn-\1"', html)
    return _MARKED_ITEM.sub(rf'<li id="{_FOOTNOTE}fn-\1">', html).replace(_FOOTNOTE, prefix)


def _with_plain_footnotes(html: str) -> str:
    """“[1]” in the text and the notes as a list at the end."""
    if _FOOTNOTE not in html:
        return html
    html = _MARKED_REFERENCE.sub(r"[\1]", _MARKED_BACK.sub("", html))
    return _SECTION.sub("", _MARKED_ITEM.sub("<li>", html)).replace(_FOOTNOTE, "")


# Headings on pages

_SHOWN = re.compile('<img src="([^"]*)"')
_NAMED = re.compile('(<img src|<a href)="([^"]*)"')
_HEADING_START = re.compile("<h([1-6])>")
#: A heading with none within, as raw HTML may have them.
_INNER_HEADING = re.compile(r"<h([1-6])>([^<]*+|(?:(?!<h[1-6]>).)*?)</h\1>", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]+")
#: Characters of an id.
_LONGEST_ID = 60


def _with_anchors(html: str, prefix: str) -> str:
    """*html* whose headings begin below that of the page, and can be linked to.

    An id is ``h-`` and the words of the heading. No other id of a page begins so, and it changes with the words alone.
    """
    if "<h" not in html:
        return html
    above = min(map(int, _HEADING_START.findall(html)), default=2) - 2
    taken: set[str] = set()

    def with_anchor(heading: re.Match[str]) -> str:
        level, inner = min(int(heading[1]) - above, 6), heading[2]
        words = _NO_WORD.sub("-", plain_text(inner).casefold()).strip("-")[:_LONGEST_ID].strip("-")
        id = next(each for each in _numbered(f"{prefix}h-{words}") if each not in taken)
        taken.add(id)
        if inner and "<a" not in inner and "<h" not in inner:
            inner = f'<a href="#{id}">{inner}</a>'
        return f'<h{level} id="{id}">{inner}</h{level}>'

    return _INNER_HEADING.sub(with_anchor, html)


def _numbered(id: str) -> Iterator[str]:
    yield id
    yield from (f"{id}-{number}" for number in count(2))


# Plain HTML for apps

_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_STRONG = re.compile("</?strong>")
_INNER_TABLE = re.compile(r"<table>((?:(?!<table>).)*?)</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])>(.*?)</\1>", re.DOTALL)


def _for_feed(html: str, resolve: Resolve, source: str) -> SafeHtml:
    html = _with_addresses(_with_plain_footnotes(html), resolve, source)
    if '"#t=' in html:
        html = _MOMENT_LINK.sub(r"\1", html)
    if "<h" in html:
        html = _HEADING.sub(_heading_as_paragraph, html)
    if "<table>" in html:
        html = _with_lists_for_tables(html)
    return SafeHtml(_settled(_without_ruby(html), _FEED) if _may_hold_html(source) else html)


def _heading_as_paragraph(heading: re.Match[str]) -> str:
    text = _STRONG.sub("", heading[2]).strip()
    return f"<p><strong>{text}</strong></p>" if text else ""


def _with_lists_for_tables(html: str) -> str:
    """Innermost tables first, since raw HTML may nest them."""
    replaced = 1
    while replaced:
        html, replaced = _INNER_TABLE.subn(_table_as_list, html)
    return html


def _table_as_list(table: re.Match[str]) -> str:
    rows: list[list[tuple[str, str]]] = [_CELL.findall(row) for row in _ROW.findall(table[1])]
    has_header = len(rows) > 1 and all(tag == "th" for tag, _ in rows[0])
    names = [name.strip() for _, name in rows.pop(0)] if has_header else []
    items = [_row_as_item(names, [value.strip() for _, value in row]) for row in rows]
    return "<ul>\n" + "".join(items) + "</ul>" if any(items) else ""


def _row_as_item(names: list[str], values: list[str]) -> str:
    pairs = list(zip_longest(names, values, fillvalue=""))
    cells = [f"{name}: {value}" if name else value for name, value in pairs if value]
    return f"<li>{' – '.join(cells)}</li>\n" if cells else ""


def _without_ruby(html: str) -> str:
    """“漢字（かんじ）” for apps and readers that have no small print above the line."""
    if "<rt>" not in html:
        return html
    html = re.sub(r"<rp>.*?</rp>", "", html, flags=re.DOTALL)
    return html.replace("<rt>", "（").replace("</rt>", "）")


# Plain text

_MARKUP = re.compile(r"[<&\n]")
_PRE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_CJK = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
#: Japanese and Chinese have no space at a line break of the source.
_CJK_WRAP = re.compile(rf"\n(?<={_CJK}\n)(?={_CJK})")
_WRAP = re.compile(r"\n\s*")
_LINE_END = re.compile(r"<(?:br|/li|/tr)>")
_BLOCK_EDGE = re.compile(r"<(?:/(?:p|h[1-6]|blockquote|pre|ul|ol|table|section)|hr|ul|ol|ol [^>]*)>")
_ANY_TAG = re.compile(r'<[a-z/](?:"[^"]*"|[^">])*>')
_GAP = re.compile(r"\n{3,}")
_ITEM = re.compile(r"<li>(.*?)(?=</?(?:li|ul|ol)\b)", re.DOTALL)
_ADDRESS_ALONE = re.compile(r"https?://\S+")
_MARKED_NUMBER = re.compile(rf'(?:<sup>)?<a href="#{_FOOTNOTE}[^>]*>[0-9]+</a>(?:</sup>)?')


def _excerpt(html: str, limit_bytes: int) -> str:
    if _FOOTNOTE in html:
        html = _MARKED_NUMBER.sub("", html[: html.rfind("<section>")]).replace(_FOOTNOTE, "")
    paragraphs = (rest.partition("</p>")[0] for rest in html.split("<p>")[1:])
    found = _first_whole(_texts(paragraphs), "\n\n", limit_bytes)
    return found or _first_whole(_texts(_ITEM.findall(html)), "\n", limit_bytes)


def _texts(htmls: Iterable[str]) -> Iterator[str]:
    """Words only: a bare address, as an iframe leaves it, says nothing about an episode."""
    texts = (plain_text(html) for html in htmls)
    return (text for text in texts if text and not _ADDRESS_ALONE.fullmatch(text))


def _first_whole(texts: Iterable[str], gap: str, limit_bytes: int) -> str:
    found = ""
    for text in texts:
        longer = f"{found}{gap}{text}" if found else text
        if len(longer.encode()) > limit_bytes:
            return found or _cut(text, limit_bytes)
        found = longer
    return found


def _cut(text: str, limit_bytes: int) -> str:
    """The beginning of *text* with “…”, at most *limit_bytes*; a letter keeps the marks that belong to it."""
    end = len(text.encode()[: max(0, limit_bytes - 3)].decode(errors="ignore"))
    while end and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return f"{text[:end].rstrip()}…" if end else ""


def _joins(character: str) -> bool:
    """Whether *character* belongs to the one before: combining marks, the joiner, skin tones."""
    return category(character).startswith("M") or character == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
