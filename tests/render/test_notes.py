"""Show notes come out safe, plain enough for apps, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from podfeed.render import notes
from podfeed.render.notes import SafeHtml, excerpt, facts, feed_html, page_html, pictures_in, plain_text

SITE = "https://podcast.example"

FEED_TAGS = set(re.findall("[a-z]+", "p br hr em strong b i s del code pre blockquote ul ol li a img sup"))
PAGE_TAGS = FEED_TAGS | set(re.findall(r"\S+", "h1 h2 h3 h4 h5 h6 table thead tbody tr th td section ruby rt rp"))
ATTRIBUTES = {"a": {"href", "title", "rel"}, "img": {"src", "alt", "title"}, "ol": {"start"}}

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"


def resolve(address: str) -> str | None:
    return SITE + address if address.startswith("/") else None


def picture(address: str) -> str | None:
    return address.removeprefix("/") if address.startswith("/") else None


def page(markdown: str) -> SafeHtml:
    return page_html(markdown, resolve=resolve)


def feed(markdown: str) -> SafeHtml:
    return feed_html(markdown, resolve=resolve)


def assert_safe(html: str, tags: set[str], *, ids: bool = False) -> None:
    """Only known elements, attributes and absolute addresses, as lxml reads them."""
    for element in lxml_html.fragment_fromstring(html, create_parent="main").iterdescendants():
        assert element.tag in tags
        for name, value in element.attrib.items():
            if ids and (name == "id" or str(value).startswith("#")):
                assert re.fullmatch(r"#?(fn(ref)?-\d+(-\d+)?|h-[\w-]*)", str(value))
            elif ids and name in {"class", "data-player"}:
                assert re.match(
                    "embed (youtube|spotify|soundcloud)$|https://(www.youtube-nocookie|open.spotify)", value
                )
            else:
                assert name in ATTRIBUTES.get(str(element.tag), set())
            if name in {"href", "src"} and not (ids and str(value).startswith("#")):
                assert re.match(r"https?:|mailto:", str(value), re.IGNORECASE)


def assert_well_formed(html: str) -> None:
    """Every tag that opens closes, in order, and no character is one that XML refuses."""
    closed = re.sub(r"<((?:br|hr|img)(?: [^<>]*)?)>", r"<\1/>", html.replace("&nbsp;", "\xa0"))
    etree.fromstring(f"<main>{closed}</main>", etree.XMLParser(huge_tree=True))


def without_ours(html: str) -> str:
    """*html* as the sanitiser left it: without the ids, the links to headings and the players that pages have."""
    html = re.sub(r'<a href="#h-[^"]*">(.*?)</a></h', r"\1</h", html, flags=re.DOTALL)
    return re.sub(r' id="[^"]*"| class="embed [a-z]+"| data-player="[^"]*"', "", html)


# Markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("これは**「太字」**です", "<p>これは<strong>「太字」</strong>です</p>", id="bold beside brackets"),
        pytest.param("~~古い~~", "<p><del>古い</del></p>", id="struck out"),
        pytest.param("10時~12時、2時~4時", "<p>10時~12時、2時~4時</p>", id="from one hour to another, twice"),
        pytest.param("`~/a` \\~ ~b~", "<p><code>~/a</code> ~ ~b~</p>", id="single waves"),
        pytest.param("1行目  \n2行目", "<p>1行目<br>\n2行目</p>", id="line break"),
        pytest.param("3. 三", '<ol start="3">\n<li>三</li>\n</ol>', id="list from three"),
        pytest.param("# 題", '<h2 id="h-題"><a href="#h-題">題</a></h2>', id="heading"),
        pytest.param("a <!-- 内緒 --> b", "<p>a  b</p>", id="comment"),
        pytest.param("<div class=x id=y style=z>文</div>", "文", id="unknown element keeps its text"),
        pytest.param("<p title=x lang=ja>文</p>", "<p>文</p>", id="attribute out of place"),
        pytest.param(
            "<ruby>漢<rp>(</rp><rt>かん</rt></ruby>",
            "<p><ruby>漢<rp>(</rp><rt>かん</rt></ruby></p>",
            id="small print",
        ),
        pytest.param("```py\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>", id="code"),
        pytest.param("{{<youtube abc>}}", "<p>{{&lt;youtube abc&gt;}}</p>", id="shortcode"),
        pytest.param(
            '{{<quote body="一<br>二">}}',
            '<p>{{&lt;quote body="一&lt;br&gt;二"&gt;}}</p>',
            id="shortcode holding HTML",
        ),
        pytest.param("`{{<youtube abc>}}`", "<p><code>{{&lt;youtube abc&gt;}}</code></p>", id="shortcode in code"),
        pytest.param("", "", id="nothing"),
        pytest.param("<!-- nothing -->", "", id="nothing but a comment"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    """What authors write, and Japanese authors especially, comes out as they meant it."""
    assert page(markdown).strip() == html


@pytest.mark.parametrize("make", [page, feed], ids=["page", "feed"])
@pytest.mark.parametrize(
    ("markdown", "linked", "text"),
    [
        pytest.param("https://example.com/を見て", ["https://example.com/"], "https://example.com/を見て", id="kana"),
        pytest.param(
            "（https://example.com/a）。", ["https://example.com/a"], "（https://example.com/a）。", id="full-width"
        ),
        pytest.param(
            "https://example.com/a　次", ["https://example.com/a"], "https://example.com/a　次", id="wide space"
        ),
        pytest.param("www.example.com/を", ["http://www.example.com/"], "www.example.com/を", id="www"),
        pytest.param(
            "**https://example.com/**です", ["https://example.com/"], "https://example.com/です", id="inside bold"
        ),
        pytest.param(
            "https://example.com/**太字**", ["https://example.com/"], "https://example.com/太字", id="before bold"
        ),
        pytest.param("URL=https://a.example/を", ["https://a.example/"], "URL=https://a.example/を", id="after equals"),
        pytest.param(
            "https://a.example/__init__.pyを",
            ["https://a.example/__init__.py"],
            "https://a.example/__init__.pyを",
            id="_",
        ),
        pytest.param("(https://a.example/x).", ["https://a.example/x"], "(https://a.example/x).", id="brackets"),
        pytest.param("https://日本語.example/", [], "https://日本語.example/", id="host is not ASCII"),
        pytest.param("`https://example.com/を`", [], "https://example.com/を", id="code span"),
        pytest.param("    https://example.com/を", [], "https://example.com/を", id="code block"),
        pytest.param("[本](https://example.com/日)", ["https://example.com/%E6%97%A5"], "本", id="explicit"),
        pytest.param("[本](<https://example.com/日>)", ["https://example.com/%E6%97%A5"], "本", id="in angles"),
        pytest.param(
            "<https://example.com/日>",
            ["https://example.com/%E6%97%A5"],
            "https://example.com/日",
            id="autolink in angles",
        ),
        pytest.param(
            "[本][1]\n\n[1]: https://example.com/日", ["https://example.com/%E6%97%A5"], "本", id="definition"
        ),
        pytest.param('<a href="https://example.com/日">本</a>', ["https://example.com/日"], "本", id="HTML"),
        pytest.param("<a href=https://example.com/日>本</a>", ["https://example.com/日"], "本", id="HTML unquoted"),
        pytest.param(
            "[https://a.example/b](https://a.example/日)を",
            ["https://a.example/%E6%97%A5"],
            "https://a.example/bを",
            id="address as text",
        ),
        pytest.param(
            "[あ](https://a.example/b)はhttps://c.example/を",
            ["https://a.example/b", "https://c.example/"],
            "あはhttps://c.example/を",
            id="explicit, then bare",
        ),
        pytest.param(
            '[あ](https://a.example "https://b.example/を")', ["https://a.example"], "あ", id="address in a title"
        ),
        pytest.param(
            '{{<q body="https://a.example/<br>を">}}',
            ["https://a.example/"],
            '{{<q body="https://a.example/<br>を">}}',
            id="inside a shortcode",
        ),
        pytest.param("me@example.comまで", ["mailto:me@example.com"], "me@example.comまで", id="mail"),
    ],
)
def test_bare_address_ends_at_its_first_character_that_is_not_ascii(
    make: Callable[[str], SafeHtml], markdown: str, linked: list[str], text: str
) -> None:
    """Japanese has no space after an address; an address with an end of its own keeps its Japanese."""
    html = make(markdown)

    main = lxml_html.fragment_fromstring(html, create_parent="main")
    assert main.xpath("//a/@href") == linked
    assert plain_text(html) == text


def test_table_in_a_page_may_hold_bare_addresses() -> None:
    """A mark set for an address never shows, not even where cells are trimmed."""
    html = page("|https://a.example/|日本|\n|-|-|\n|https://a.example/を|二|")

    assert re.findall("<t[hd]>(.*?)</t[hd]>", html) == [
        '<a href="https://a.example/" rel="noopener">https://a.example/</a>',
        "日本",
        '<a href="https://a.example/" rel="noopener">https://a.example/</a>を',
        "二",
    ]


# For apps


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("## 今日の**話題**", "<p><strong>今日の話題</strong></p>", id="heading"),
        pytest.param("##", "", id="empty heading"),
        pytest.param(
            "|名|値|\n|-|-|\n|甲|1|\n|乙||",
            "<ul>\n<li>名: 甲 – 値: 1</li>\n<li>名: 乙</li>\n</ul>",
            id="table with a header",
        ),
        pytest.param("|甲|乙|\n|-|-|", "<ul>\n<li>甲 – 乙</li>\n</ul>", id="table with nothing but a header"),
        pytest.param(
            "<table><tr><td>甲</td><td>1</td></tr></table>", "<ul>\n<li>甲 – 1</li>\n</ul>", id="table without a header"
        ),
        pytest.param("<table><tr><td></td></tr></table>", "", id="empty table"),
        pytest.param(
            "<table><tr><td>甲<table><tr><td>乙</td></tr></table></td></tr></table>",
            "<ul>\n<li>甲<ul>\n<li>乙</li>\n</ul></li>\n</ul>",
            id="table in a table",
        ),
        pytest.param("<ruby>漢字<rp>(</rp><rt>かんじ</rt></ruby>", "<p>漢字（かんじ）</p>", id="small print"),
        pytest.param("<section>文</section>", "文", id="section"),
    ],
)
def test_feed_is_made_plain(markdown: str, html: str) -> None:
    """Apps show paragraphs, lists and links; what they do not show is said with these."""
    assert feed(markdown).strip() == html


IFRAME_LINK = '<p><a href="https://www.youtube.com/embed/x?a=1&amp;b=2" rel="noopener">{}</a></p>'


@pytest.mark.parametrize("make", [page, feed], ids=["page", "feed"])
@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param(
            '<iframe src="https://www.youtube.com/embed/x?a=1&b=2" title="動画"></iframe>',
            IFRAME_LINK.format("動画"),
            id="title",
        ),
        pytest.param(
            '<IFRAME src="//www.youtube.com/embed/x?a=1&amp;b=2">old</IFRAME>',
            IFRAME_LINK.format("https://www.youtube.com/embed/x?a=1&amp;b=2"),
            id="no title, no scheme",
        ),
        pytest.param("<iframe></iframe>", "", id="no address"),
        pytest.param('<iframe src="javascript:alert(1)"></iframe>', "", id="unsafe address"),
        pytest.param('<iframe src="player.html">x</iframe>', "<p>player.html</p>", id="leads nowhere"),
    ],
)
def test_iframe_becomes_a_link(make: Callable[[str], SafeHtml], markdown: str, html: str) -> None:
    """No app and no sanitizer keeps an embedded player, but its address is worth keeping."""
    assert make(markdown).strip() == html


FOOTNOTES = "甲[^1]乙[^注]甲[^1]\n\n[^1]: 一\n[^注]: 二"


def test_footnotes_of_a_page_are_linked_both_ways() -> None:
    """Ids are numbers behind the caller's prefix: labels, which may be Japanese, never reach an id."""
    html = page_html(FOOTNOTES, resolve=resolve, id_prefix="ep1-")

    main = lxml_html.fragment_fromstring(html, create_parent="main")
    ids = main.xpath("//@id")
    assert ids == ["ep1-fnref-1", "ep1-fnref-2", "ep1-fnref-1-2", "ep1-fn-1", "ep1-fn-2"]
    assert {href.removeprefix("#") for href in main.xpath("//a/@href")} == set(ids)


def test_footnotes_of_a_feed_are_plain() -> None:
    """Apps do not follow links within a text."""
    assert feed(FOOTNOTES) == (
        "<p>甲<sup>[1]</sup>乙<sup>[2]</sup>甲<sup>[1]</sup></p>\n"
        "<ol>\n<li>\n<p>一</p>\n</li>\n<li>\n<p>二</p>\n</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    "markdown",
    [
        '<p id="fn-1">x</p>',
        '<li id="fn-1">x</li>',
        '<a id="fnref-1" href="#fn-1" data-footnote-ref>1</a>',
        "&#3;1&#3;",
        "\x031\x03",
        '<a href="#&#3;1">1</a>',
    ],
)
@pytest.mark.failure("IN-10")
def test_only_footnotes_have_ids(markdown: str) -> None:
    """An author cannot write an id, nor a mark that would become one."""
    assert "id=" not in page(markdown)
    assert "#" not in page(markdown)
    assert "#" not in feed(markdown)


# Addresses


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("[甲](/a.pdf)", f'<a href="{SITE}/a.pdf" rel="noopener">甲</a>', id="file of the project"),
        pytest.param("[甲](nowhere.pdf)", "甲", id="nowhere"),
        pytest.param("[甲](#x)", "甲", id="fragment"),
        pytest.param("[甲]()", "甲", id="empty"),
        pytest.param("[甲](tel:1)", "甲", id="other scheme"),
        pytest.param("[甲](//a.example/)", '<a href="https://a.example/" rel="noopener">甲</a>', id="no scheme"),
        pytest.param("[甲](HTTPS://a.example/)", '<a href="HTTPS://a.example/" rel="noopener">甲</a>', id="capitals"),
        pytest.param('[甲](/a "題")', f'<a href="{SITE}/a" title="題" rel="noopener">甲</a>', id="with a title"),
        pytest.param("[甲](/a?b&c)", f'<a href="{SITE}/a?b&amp;c" rel="noopener">甲</a>', id="with an ampersand"),
        pytest.param("<a>甲</a>", "甲", id="no address"),
        pytest.param("![絵](/絵.png)", f'<img src="{SITE}/%E7%B5%B5.png" alt="絵">', id="picture of the project"),
        pytest.param("![絵](/a%20b.png)", f'<img src="{SITE}/a%20b.png" alt="絵">', id="picture with a space"),
        pytest.param(
            '![絵](https://a.example/b.png "題")',
            '<img src="https://a.example/b.png" alt="絵" title="題">',
            id="picture elsewhere",
        ),
        pytest.param("![絵](http://a.example/b.png)", "絵", id="insecure picture"),
        pytest.param("![絵](b.png)", "絵", id="picture nowhere"),
        pytest.param("<img>", "", id="picture without an address"),
    ],
)
def test_every_address_is_absolute(markdown: str, html: str) -> None:
    """A link that leads nowhere leaves its text, a picture its alt text, on pages as in feeds."""
    assert page(markdown).strip() in {html, f"<p>{html}</p>"}
    assert feed(markdown).strip() in {html, f"<p>{html}</p>"}


@pytest.mark.parametrize("address", ["#t=90", "#t=1:30", "#t=npt:1:30.5", "#t=0:01:30,0:02:00"])
def test_moment_of_the_sound_is_led_to_on_pages(address: str) -> None:
    """The player of the page goes there. Apps have the words alone, and nobody is told that it leads nowhere."""
    markdown = f"[**甲**]({address}) [乙](/b)"
    link = f'<a href="{SITE}/b" rel="noopener">乙</a>'

    assert page(markdown).strip() == f'<p><a href="{address}" rel="noopener"><strong>甲</strong></a> {link}</p>'
    assert feed(markdown).strip() == f"<p><strong>甲</strong> {link}</p>"
    assert facts(markdown, resolve=resolve, picture=picture).relative == ()


@pytest.mark.parametrize("address", ["#t", "#t=", "#t=x", "#t=1:30&x", "#t=1:30/../a", "#T=90", "page.html#t=90"])
def test_what_is_no_moment_leads_nowhere(address: str) -> None:
    """As every other part of a page."""
    assert page(f"[甲]({address})").strip() == "<p>甲</p>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/still/relative", "", "data:text/html,x"])
@pytest.mark.failure("IN-10")
def test_resolve_cannot_bring_in_an_unsafe_address(url: str) -> None:
    """What the caller hands in is held to the same schemes as what the author wrote."""
    assert page_html("[甲](/a)", resolve=lambda _: url) == "<p>甲</p>\n"


def test_resolved_address_cannot_leave_its_attribute() -> None:
    """Quotes and brackets are percent-encoded."""
    html = page_html("[甲](/a)", resolve=lambda _: 'https://a.example/"><script>')

    assert html == '<p><a href="https://a.example/%22%3E%3Cscript%3E" rel="noopener">甲</a></p>\n'


def test_resolve_is_asked_with_the_author_s_own_spelling() -> None:
    """The Markdown engine percent-encodes; files are not called that, and no message should quote it."""
    asked: list[str] = []

    def record(address: str) -> None:
        asked.append(address)

    page_html("![a](絵.png) ![b](a%20b.png) [c](<d e.pdf>) [d](https://a.example/日) [e](#x)", resolve=record)

    assert asked == ["絵.png", "a%20b.png", "d e.pdf"]


# Facts


def test_facts_tell_what_the_notes_hold() -> None:
    """Sizes are of the feed's HTML; names come once; addresses as written."""
    markdown = (
        "最初の段落\n\n![絵](/images/絵.png) ![絵](/images/絵.png) ![無](無.png) [p](p.html) [q](#q) [p](p.html) "
        "[r](https://a.example/)"
    )

    found = facts(markdown, resolve=resolve, picture=picture)

    assert found.excerpt == "最初の段落\n\np q p r"
    assert found.html_characters == len(feed(markdown))
    assert found.html_characters == len(feed(markdown))
    assert found.removed == ()
    assert found.relative == ("無.png", "p.html", "#q")
    assert found.pictures == ("images/絵.png",)


@pytest.mark.parametrize(
    ("markdown", "removed"),
    [
        pytest.param("<script>alert(1)</script>", ("script",), id="script"),
        pytest.param("<SCRIPT\nsrc=//a.example/x.js></SCRIPT>", ("script",), id="capitals"),
        pytest.param(
            "<style>p{}</style><object></object><embed><form></form><meta><link><svg></svg><math></math>",
            ("embed", "form", "link", "math", "meta", "object", "style", "svg"),
            id="all of them",
        ),
        pytest.param("<b onclick=x onmouseover='y'>a</b>", ("onclick", "onmouseover"), id="handlers"),
        pytest.param("[a](javascript:alert(1))", ("javascript:",), id="link in Markdown"),
        pytest.param("[a](mailto:a@a.example) [b](tel:1)", ("tel:",), id="other scheme"),
        pytest.param('<a href="java&#10;script:alert(1)">a</a>', ("javascript:",), id="disguised"),
        pytest.param("![a](data:image/png;base64,AAAA)", ("data:",), id="picture in the text"),
        pytest.param("![a](http://a.example/b.png)", ("img http:",), id="insecure picture"),
        pytest.param('<iframe src="https://a.example/"></iframe>', (), id="iframe becomes a link"),
        pytest.param('text onclick="x" `<script>` \\<form>', (), id="only words"),
        pytest.param('[a](https://a.example "note: this")', (), id="only a title"),
        pytest.param("<b>a</b> <br> <!-- x -->", (), id="harmless HTML"),
    ],
)
@pytest.mark.failure("IN-10")
def test_facts_name_what_was_removed(markdown: str, removed: tuple[str, ...]) -> None:
    """An author hears about all that will not be in the feed, by its name."""
    assert facts(markdown, resolve=resolve, picture=picture).removed == removed


# Plain text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("# 題\n\n一\n\n二", "一\n\n二", id="paragraphs without the heading"),
        pytest.param("- [甲](https://a.example)\n- 乙", "甲\n乙", id="list where there is no paragraph"),
        pytest.param("- 甲\n\n文", "文", id="paragraph before list"),
        pytest.param("日本\n語 and\nwords", "日本語 and words", id="lines joined"),
        pytest.param("一  \n二", "一\n二", id="line break kept"),
        pytest.param("甲[^1]\n\n[^1]: 注", "甲", id="without footnotes"),
        pytest.param('<iframe src="https://a.example/"></iframe>\n\n文', "文", id="without a bare address"),
        pytest.param("a &amp; b &lt;c&gt;", "a & b <c>", id="no references"),
        pytest.param("<ruby>漢<rt>かん</rt></ruby>字", "漢（かん）字", id="small print"),
        pytest.param("# 題", "", id="nothing but a heading"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_excerpt_is_the_first_paragraphs(markdown: str, text: str) -> None:
    """It stands in for a description that was not written."""
    assert excerpt(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "limit", "text"),
    [
        pytest.param("一二\n\n三四", 13, "一二", id="whole paragraphs"),
        pytest.param("一二\n\n三四", 14, "一二\n\n三四", id="just enough"),
        pytest.param("一二三四", 11, "一二…", id="between characters"),
        pytest.param("abce\u0301fg", 7, "abc…", id="not before an accent"),
        pytest.param("ab👩\u200d🚀c", 12, "ab…", id="not before a joiner"),
        pytest.param("ab👩\u200d🚀cdef", 16, "ab👩\u200d🚀…", id="after a joined sign"),
        pytest.param("ab👍🏽cd", 10, "ab…", id="not before a skin tone"),
        pytest.param("一二", 2, "", id="no room at all"),
    ],
)
@pytest.mark.failure("IN-10")
def test_excerpt_is_cut_with_care(markdown: str, limit: int, text: str) -> None:
    """Bytes are counted, letters are kept whole."""
    assert excerpt(markdown, limit) == text


def test_plain_text_keeps_the_lines_of_code() -> None:
    """Blocks are an empty line apart, items a line."""
    html = page("# 題\n\n- 甲\n- 乙\n\n```\nx\ny\n```\n\n文")

    assert plain_text(html) == "題\n\n甲\n乙\n\nx\ny\n\n文"


# Safety

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//a.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\x00>alert(1)</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img/src=/x/onerror=alert(1)>",
    '<img src="/x" alt="&quot; onerror=alert(1)">',
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    '<IMG SRC="jav&#x09;ascript:alert(1);">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<math href="javascript:alert(1)">x</math>',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<iframe src="https://a.example" title="&lt;img src=x onerror=alert(1)&gt;"></iframe>',
    "<iframe src='https://a.example/\"onmouseover=alert(1)'></iframe>",
    "<iframe><script>alert(1)</script></iframe>",
    "<iframe src=data:text/html,x><img src=x onerror=alert(1)>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<link rel=stylesheet href=//a.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<p style=background:url(javascript:alert(1))>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='https://a.example' onclick=alert(1)>x</a>",
    "<a href=x:y:javascript:alert(1) ping=//a.example>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[x](https://a.example "\\" onclick=alert(1)")',
    '![x" onerror="alert(1)](/a.png)',
    "![x](/a.png'onerror=alert(1))",
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`<script>alert(1)</script>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    '[^"><script>]\n\n[^"><script>]: x',
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "{{<script>}}alert(1){{</script>}}",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "]]><script>alert(1)</script>",
    "<table><a href=javascript:alert(1)><td><a href=y>x",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.failure("IN-10")
def test_no_attack_survives(payload: str) -> None:
    """No script, handler or unsafe address comes through, inside a sentence or alone."""
    for markdown in (payload, f"文 {payload} 文", f"> - {payload}"):
        assert_safe(page(markdown), PAGE_TAGS, ids=True)
        assert_safe(feed(markdown), FEED_TAGS)


BRACKETED = re.findall(
    r"\S+",
    "<table> <tr> <td> <th> <p> </p> <h1> </h1> <section> <ruby> </ruby> <rt> <rp> <pre> <a> </a> <b> </b> <li> "
    "<ul> </ul> <blockquote> <script> <svg> <style> <math> <select> <!-- --> <sup> <code> <iframe> </iframe> {{< >}}",
)
MARKDOWN = ["\n", "\n\n", "# ", "- ", "> ", "|", "\n|-|-|\n", "**", "*", "_", "~~", "`", "```", "    ", "1. ", "!["]
PLAYERS = ["\n\nhttps://youtu.be/aaaaaaaaaaa\n\n", "<iframe src=https://www.youtube.com/embed/aaaaaaaaaaa title='"]
LINKS = ["<a href=/x>", "<a href=https://a.example/>", "<iframe src=/x>", "<img src=/x>", "[^1]", "\n\n[^1]: ", "](/x)"]
WORDS = [
    "https://a.example/",
    "www.a.example",
    "http://a.example/",
    "日本",
    "「",
    "」",
    "。",
    " ",
    "&#13;",
    "&#3;",
    "&nbsp;",
    "&",
    "\xa0",
    "[",
]
PIECES = st.sampled_from([*BRACKETED, *MARKDOWN, *LINKS, *PLAYERS, *WORDS, *PAYLOADS])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS)
@example("<H1><SECTION><H1>")
@pytest.mark.failure("IN-10")
def test_any_text_gives_safe_html(markdown: str) -> None:
    """Whatever is written, only known elements, attributes and addresses come out, well-formed."""
    on_page, in_feed = page(markdown), feed(markdown)

    assert_safe(on_page, PAGE_TAGS, ids=True)
    assert_safe(in_feed, FEED_TAGS)
    assert_well_formed(on_page)
    assert_well_formed(in_feed)


@given(TEXTS)
@pytest.mark.failure("IN-10")
def test_sanitising_twice_is_the_same(markdown: str) -> None:
    """What came out is at rest: no second reader makes something else of it."""
    on_page, in_feed = page(markdown), feed(markdown)

    cleaner = nh3.Cleaner(
        tags=PAGE_TAGS,
        attributes={"*": set(), "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    assert cleaner.clean(in_feed) == in_feed
    assert cleaner.clean(without_ours(on_page)) == without_ours(on_page)


@given(TEXTS, st.integers(0, 100))
@pytest.mark.failure("IN-10")
def test_any_text_has_facts(markdown: str, limit: int) -> None:
    """Counts agree with the feed, the excerpt keeps to its limit, and nothing raises."""
    found = facts(markdown, resolve=resolve, picture=picture)

    assert found.html_characters == len(feed(markdown))
    assert len(found.excerpt.encode()) <= 4000
    assert len(excerpt(markdown, limit).encode()) <= limit
    assert not any(re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text) for text in (found.excerpt, *found.relative))


@given(TEXTS)
def test_a_quick_look_misses_nothing(markdown: str) -> None:
    """Notes that are not rendered, since nothing in them is to remark on, hold nothing that is."""
    quick = facts(markdown, resolve=resolve, picture=picture, with_excerpt=False)
    whole = facts(markdown, resolve=resolve, picture=picture)

    assert (quick.insecure, quick.unseen) == (whole.insecure, whole.unseen)
    assert (quick.relative, quick.pictures, quick.removed) == (whole.relative, whole.pictures, whole.removed)


@given(st.text(st.characters(exclude_categories=())))
@pytest.mark.failure("IN-9")
def test_characters_no_feed_can_carry_do_not_raise(markdown: str) -> None:
    """Surrogates and control characters are for the text gate; here they become U+FFFD."""
    facts(markdown, resolve=resolve, picture=picture)

    assert_well_formed(feed(markdown))
    assert_well_formed(page(markdown))


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("a\x0bb\x00c", id="control characters"),
        pytest.param("a\ud800b", id="half a surrogate pair"),
        pytest.param("a\ufffeb", id="no character"),
        pytest.param("a&#11;b &#xFFFE; &#xD800;", id="references to them"),
        pytest.param("<div>a&#11;b&#12;</div>", id="references in HTML"),
        pytest.param("[a](b&#27;c)", id="reference in an address"),
    ],
)
@pytest.mark.failure("IN-9")
def test_characters_no_feed_can_carry_do_not_come_through(markdown: str) -> None:
    """Not as themselves, and not by way of a character reference, which no text gate sees."""
    found = facts(markdown, resolve=resolve, picture=picture)

    assert_well_formed(feed(markdown))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe]", "".join((feed(markdown), *found.relative)))


@pytest.mark.parametrize(
    ("markdown", "levels", "ids"),
    [
        pytest.param("# 潮\n\n## 波", ["h2", "h3"], ["h-潮", "h-波"], id="from the first level"),
        pytest.param("## Log\n\n#### Wind", ["h2", "h4"], ["h-log", "h-wind"], id="from the second"),
        pytest.param("### A\n\n### B", ["h2", "h2"], ["h-a", "h-b"], id="from the third"),
        pytest.param("# A\n\n###### B", ["h2", "h6"], ["h-a", "h-b"], id="no further than the sixth"),
        pytest.param(
            "# A\n\n# A\n\n# A 2\n\n# A", ["h2"] * 4, ["h-a", "h-a-2", "h-a-2-2", "h-a-3"], id="the same words"
        ),
        pytest.param("# t=90", ["h2"], ["h-t-90"], id="what a moment looks like"),
        pytest.param('# "x" <b id=player>y</b>', ["h2"], ["h-x-y"], id="markup"),
        pytest.param("# 🐟", ["h2"], ["h-"], id="no words"),
        pytest.param("# " + "長" * 99, ["h2"], ["h-" + "長" * 60], id="many words"),
    ],
)
def test_headings_stand_below_that_of_the_page(markdown: str, levels: list[str], ids: list[str]) -> None:
    """They begin at the second level, and each can be linked to by its words."""
    headings = lxml_html.fragment_fromstring(page(markdown), create_parent="main")

    assert [each.tag for each in headings] == levels
    assert [each.get("id") for each in headings] == ids
    assert [each.find("a").get("href") for each in headings] == [f"#{id}" for id in ids]


def test_heading_with_a_link_keeps_it() -> None:
    """No link stands in another."""
    assert page("# [a](https://a.example/) b") == (
        '<h2 id="h-a-b"><a href="https://a.example/" rel="noopener">a</a> b</h2>\n'
    )


def test_headings_of_two_episodes_are_told_apart() -> None:
    """The prefix stands before their ids, as before those of footnotes."""
    assert 'id="two-h-a"' in page_html("# A", resolve=resolve, id_prefix="two-")


def test_feed_has_no_players() -> None:
    """Apps get the plain link, as ever."""
    markdown = "<iframe src=https://www.youtube.com/embed/aaaaaaaaaaa></iframe>\n\nhttps://youtu.be/aaaaaaaaaaa"

    assert "data-player" in page(markdown)
    assert feed(markdown) == without_ours(feed(markdown))


def test_pictures_that_notes_show_are_known() -> None:
    """A page lists their servers in its policy."""
    html = page('![](https://a.example/a.png?x=1&y=2) ![](/b.png) `<img src="https://c.example/">`')

    assert pictures_in(html) == ["https://a.example/a.png?x=1&y=2", f"{SITE}/b.png"]


def test_footnote_that_nobody_refers_to_is_plain_in_a_feed() -> None:
    """The Markdown engine gives two notes of one name an empty section of their own."""
    assert feed("[^0]:\n[^0]:") == "<ol>\n<li>\n</li>\n</ol>\n"


def test_html_that_never_comes_to_rest_is_given_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a second cleaning keeps changing things, words are safer than markup."""

    class Restless:
        def clean(self, html: str) -> str:
            return html if html.startswith("<p>") else html + "<b>x</b>"

    assert notes._settled("<i>a</i>", Restless()) == "<p>a" + "x" * 8 + "</p>"  # type: ignore[arg-type]


def test_templates_print_safe_html_as_it_is() -> None:
    """Autoescaping templates ask for ``__html__``."""
    html = page("**a**")

    assert isinstance(html, SafeHtml)
    assert html.__html__() == html


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds lie beside the project, in ../shared/seeds")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_real_notes_come_out_whole(number: int) -> None:
    """Japanese notes as they were published: safe, plain for apps, with an excerpt, and no word lost."""
    text = sorted(SEEDS.glob("*.txt"))[number].read_text(encoding="utf-8")
    markdown = re.split(r"^(?:---|\+\+\+)$", text, maxsplit=2, flags=re.MULTILINE)[2]

    found = facts(markdown, resolve=resolve, picture=picture)

    assert (found.removed, found.relative, found.pictures) == ((), (), ())
    assert 0 < len(found.excerpt.encode()) <= 4000
    assert plain_text(feed(markdown)) == plain_text(page(markdown))
    assert_safe(feed(markdown), FEED_TAGS)
    assert_well_formed(page(markdown))
