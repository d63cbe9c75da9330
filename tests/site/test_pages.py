"""What every page has: an order that is heard as well as seen, room on a small screen, nothing that is not its own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from commands import ROOT, build, copy_example
from lxml import html
from serving import served

from podfeed.check.look import ENOUGH, FAINT, OWN, contrast
from podfeed.model import Look
from podfeed.render.site.apps import apps
from podfeed.render.site.engine import Engine
from podfeed.render.site.look import look_css
from podfeed.testing import tiny_jpeg, tiny_mp3

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

ADDRESS = "https://radio.podfeed.example"
TEMPLATES = ROOT / "podfeed/render/site/templates"
#: A show with more episodes than a page has, no space in its titles, and a look of its own.
LONG = """
  long:
    title: Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle
    match: {path: "long/*"}
    language: de
    author: Ada
    description: Lange Wörter, und viele.
    owner: {name: Ada, email: ada@radio.podfeed.example}
    categories: [Arts]
    artwork: artwork/long.jpg
    explicit: false
    listen: {Spotify: "https://open.spotify.com/show/long"}
    look: {accent: "#0b5c5a", accent_dark: "#7fd6cf", paper: "#f3f7f6", paper_dark: "#0f1a1c", font: serif}
"""
#: A page of each kind.
KINDS = {
    "home": "",
    "nothing there": "404.html",
    "show": "asaichi/",
    "show in English": "lamp/",
    "show with many episodes": "long/",
    "older episodes": "long/page/1/",
    "year": "asaichi/2025/",
    "person": "asaichi/people/潮見トロ/",
    "subscribe": "asaichi/subscribe/",
    "search": "asaichi/search/",
    "episode": "asaichi/競りの鐘が鳴る前に/",
    "episode with a picture": "yako/鉄橋を数える人/",
    "article": "asaichi/市場食堂の地図/",
    "long title": "long/61/",
}
#: Addresses of the site that the examples name, and that somebody else serves.
ELSEWHERE = ("/people/", "/notice")
every_kind = pytest.mark.parametrize("path", [pytest.param(path, id=kind) for kind, path in KINDS.items()])


class Site(NamedTuple):
    """The example podcasts and the long show, built and served."""

    folder: Path
    address: str
    #: The names of what each template was given.
    given: dict[str, set[str]]

    def tree(self, path: str) -> Any:
        """The elements of the page at *path*."""
        file = self.folder / path
        return html.document_fromstring((file / "index.html" if file.is_dir() else file).read_bytes())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example podcasts and a long show."""
    folder, given = tmp_path_factory.mktemp("pages"), dict[str, set[str]]()
    copy_example(folder)
    with (folder / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(LONG)
    tiny_jpeg(folder / "artwork/long.jpg", seed=1)
    for name in ("episodes/long", "audio/long"):
        (folder / name).mkdir()
    for number in range(62):
        tiny_mp3(folder / f"audio/long/{number}.mp3", seconds=1, seed=number)
        title = "W" * 150 if number == 61 else f"Folge {number}"
        header = f"title: {title}\ndate: {2020 + number // 31}-01-{number % 31 + 1:02} 05:00:00 +0100\nseason: 2\n"
        header += "aliases: [/long/first/]\n" if number == 0 else ""
        text = f"---\n{header}audio_file_path: /audio/long/{number}.mp3\ndescription: Nummer {number}.\n---\n"
        (folder / f"episodes/long/{number}.md").write_text(text, "utf-8")

    print_page = Engine.page

    def noted(engine: Engine, template: str, **values: Any) -> bytes:
        given.setdefault(template, set()).update(values)
        return print_page(engine, template, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "page", noted)
        build(folder)
    with served(folder / "public") as address:
        yield Site(folder / "public", address, given)


# ------------------------------------------------------------------------------------- as they are written


@every_kind
def test_page_is_in_order_for_those_who_hear_it(site: Site, path: str) -> None:
    """There is one title, headings skip no level, what surrounds the content is marked, and the way past it leads."""
    page = site.tree(path)
    levels = [int(each.tag[1]) for each in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    (main,) = page.iter("main")
    skip = page.find("body")[0]

    assert levels.count(1) == 1 and levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert skip.get("href") == f"#{main.get('id')}"
    assert all(each.get("aria-label") or each.get("aria-labelledby") for each in page.iter("nav"))


@every_kind
def test_page_keeps_room_for_every_picture(site: Site, path: str) -> None:
    """Each picture says how large it is, and what it shows or that words beside it do; none far down is fetched."""
    pictures = [each for each in site.tree(path).iter("img") if not each.get("hidden")]

    for each in pictures:
        assert each.get("alt") is not None, each.get("src")
        assert int(each.get("width")) > 0 and int(each.get("height")) > 0
    assert sum(each.get("loading") != "lazy" for each in pictures) <= (6 if path == "" else 2)


@every_kind
def test_page_has_nothing_in_line(site: Site, path: str) -> None:
    """Styles and scripts are files of their own, which the page's policy lets in; no element carries any."""
    page = site.tree(path)

    assert [each for each in page.iter() if isinstance(each.tag, str) and each.get("style")] == []
    assert [*page.iter("style")] == []
    assert [
        each for each in page.iter("script") if not each.get("src") and each.get("type") != "application/ld+json"
    ] == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []


@every_kind
def test_ids_are_unique_and_labels_lead_to_them(site: Site, path: str) -> None:
    """What names another element names one that is there."""
    page = site.tree(path)
    ids = page.xpath("//@id")
    named = " ".join(page.xpath("//@aria-labelledby | //@aria-describedby | //@aria-controls | //@for")).split()

    assert len(set(ids)) == len(ids)
    assert set(named) <= set(ids)


def test_every_link_within_the_site_leads_to_a_file_of_the_build(site: Site) -> None:
    """Whatever a page links to or shows is there, on each page of the site."""
    broken = {
        (page.relative_to(site.folder).as_posix(), url)
        for page in site.folder.rglob("*.html")
        for url in html.document_fromstring(page.read_bytes()).xpath("//@href | //@src | //@srcset")
        for target in _targets(site.folder, page, url)
        if not target.is_file()
    }

    assert broken == set()


def _targets(folder: Path, page: Path, url: str) -> Iterator[Path]:
    """The files of the site that *url* on *page* stands for."""
    own = f"{ADDRESS}/{page.relative_to(folder).as_posix()}"
    for each in re.split(r" \d+w(?:, )?", url):
        parts = urlsplit(urljoin(own, each))
        if each and f"{parts.scheme}://{parts.netloc}" == ADDRESS and not parts.path.startswith(ELSEWHERE):
            path = unquote(parts.path).lstrip("/")
            yield folder / (posixpath.join(path, "index.html") if path.endswith("/") or not path else path)


def test_stylesheet_is_small() -> None:
    """It is all a page waits for."""
    assert len((TEMPLATES / "podfeed.css").read_bytes()) <= 20_000


@pytest.mark.parametrize("kind", ["episode", "episode with a picture", "article"])
def test_episode_is_light_to_load(site: Site, kind: str) -> None:
    """All of it but sound and pictures, as a server sends it that packs nothing; the headers need some 200 bytes each."""
    tree = site.tree(KINDS[kind])
    page = site.folder / KINDS[kind] / "index.html"
    parts = tree.xpath("//link[@rel='stylesheet']/@href | //script/@src")

    assert len(parts) >= 1
    assert sum((page.parent / unquote(each)).stat().st_size for each in [page.name, *parts]) <= 39_200


def test_colours_are_those_the_checks_reckon_with() -> None:
    """What podfeed check says of a show's look holds for the colours that pages have."""
    style = (TEMPLATES / "podfeed.css").read_text("utf-8")

    assert f"--accent: light-dark(#{OWN.accent}, #{OWN.accent_dark});" in style
    assert f"--paper: light-dark(#{OWN.paper}, #{OWN.paper_dark});" in style
    assert f"--quiet: light-dark(#{FAINT['paper']}, #{FAINT['paper_dark']});" in style


def test_look_changes_what_it_names() -> None:
    """The colours a look does not name are podfeed's own, and words on buttons can be read on any colour."""
    pale = look_css(Look(accent="ffe066", font="rounded")).decode()

    assert f"--accent: light-dark(#ffe066, #{OWN.accent_dark});" in pale
    assert "--on-accent: light-dark(#000000, #000000);" in pale
    assert f"--paper: light-dark(#{OWN.paper}, #{OWN.paper_dark});" in pale
    assert "--font: ui-rounded" in pale
    assert "--font" not in look_css(Look(accent="0b5c5a", font="sans")).decode()


def test_feed_opens_in_apps() -> None:
    """Each app is given the address as it wants it: whole and quoted, or without its scheme."""
    links = {each.title: each.url for each in apps("https://r.example/a/feed.xml?x=1&y", "海 & 空")}

    assert links["Apple Podcasts"] == "podcast://r.example/a/feed.xml?x=1&y"
    assert links["Overcast"] == "overcast://x-callback-url/add?url=https%3A%2F%2Fr.example%2Fa%2Ffeed.xml%3Fx%3D1%26y"
    assert links["AntennaPod"].endswith("feed.xml%3Fx%3D1%26y&title=%E6%B5%B7%20%26%20%E7%A9%BA")


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_templates_are_described(site: Site, template: str) -> None:
    """Whoever writes a template of their own finds each of ours, with the name of everything it is given."""
    reference = (ROOT / "docs/reference/templates.md").read_text("utf-8")
    section = reference.partition(f"\n## {template}\n")[2].partition("\n## ")[0]
    described = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))

    assert section
    if template in site.given:
        assert described == site.given[template] - {"language", "place"}


# -------------------------------------------------------------------------------------- as they are seen


# The page of what is not there is looked at anywhere, and its addresses are whole.
@pytest.mark.parametrize("path", [pytest.param(path, id=kind) for kind, path in KINDS.items() if path != "404.html"])
def test_page_fits_a_small_screen(site: Site, page: Page, path: str) -> None:
    """At 360 pixels nothing stands out to the side, and nothing that is touched is too small to hit."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site.address}/{path}")

    wide, small = page.evaluate(
        """() => [
            document.documentElement.scrollWidth,
            [...document.querySelectorAll("nav a, .actions a, .apps a, .people a, main button")]
                .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 24)
                .map(each => each.outerHTML),
        ]"""
    )

    assert wide == 360
    assert small == []


@pytest.mark.parametrize("path", ["asaichi/", "long/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(site: Site, window: Callable[..., BrowserContext], path: str, scheme: str) -> None:
    """On light pages and on dark ones, with podfeed's own look and with that of a show, colours stand out enough."""
    page = window(color_scheme=scheme).new_page()
    page.goto(f"{site.address}/{path}")

    ink, quiet, paper, raised, accent, on_accent = page.evaluate(
        """() => {
            const probe = document.body.appendChild(document.createElement("i"));
            const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
            return ["ink", "quiet", "paper", "raised", "accent", "on-accent"].map(name => {
                probe.style.color = `var(--${name})`;
                pen.fillStyle = getComputedStyle(probe).color;
                pen.fillRect(0, 0, 1, 1);
                return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
            });
        }"""
    )

    for words, behind in [
        *((each, below) for each in (ink, quiet, accent) for below in (paper, raised)),
        (on_accent, accent),
    ]:
        assert contrast(bytes(words).hex(), bytes(behind).hex()) >= ENOUGH


def test_dark_pages_are_dark(site: Site, window: Callable[..., BrowserContext]) -> None:
    """Whoever prefers dark pages gets them, without a switch."""
    brightness = {}
    for scheme in ("light", "dark"):
        page = window(color_scheme=scheme).new_page()
        page.goto(f"{site.address}/asaichi/")
        brightness[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert brightness == {"light": _rgb(OWN.paper), "dark": _rgb(OWN.paper_dark)}


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(each) for each in bytes.fromhex(colour))})"


def test_stylesheet_is_the_one_that_was_written(page: Page, site: Site) -> None:
    """What is sent leaves out what nobody but its readers needs."""
    rules = """(text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return [...sheet.cssRules].map(each => each.cssText.replaceAll(', ', ','));
    }"""
    written, sent = ((folder / "podfeed.css").read_text("utf-8") for folder in (TEMPLATES, site.folder))

    assert page.evaluate(rules, sent) == page.evaluate(rules, written) != []
    assert len(sent) < len(written)


def test_look_of_a_show_is_on_its_pages_alone(site: Site, page: Page) -> None:
    """The colours and letters of one show are not those of the next."""
    seen = {}
    for path in ("long/", "long/0/", "asaichi/"):
        page.goto(f"{site.address}/{path}")
        seen[path] = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).fontFamily.slice(0, 8)]"
        )

    assert seen["long/"] == seen["long/0/"] == ["rgb(243, 247, 246)", "ui-serif"]
    assert seen["asaichi/"] == [_rgb(OWN.paper), '"Segoe U']


@pytest.mark.parametrize("path", [path for path in KINDS.values() if path])
def test_title_of_the_window_is_the_headline(site: Site, path: str) -> None:
    """So that tabs, bookmarks and search engines tell pages apart; the page of all shows is called after them."""
    tree = site.tree(path)

    assert tree.findtext(".//title").startswith(tree.find(".//h1").text_content())


@pytest.mark.parametrize("path", ["", "asaichi/", "yako/鉄橋を数える人/", "long/page/1/"])
def test_nothing_moves_while_a_page_loads(site: Site, page: Page, path: str) -> None:
    """What is being read stays where it is: room is kept for whatever comes later."""
    page.goto(f"{site.address}/{path}", wait_until="load")

    shift = page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 200);
        })"""
    )

    assert shift < 0.01


def test_print_has_words_and_no_player(site: Site, page: Page) -> None:
    """On paper there is nothing to press; an opened transcript is there, and links say where they lead."""
    page.goto(f"{site.address}/asaichi/競りの鐘が鳴る前に/")
    page.locator("summary", has_text="日本語").click()
    page.emulate_media(media="print")

    link = page.locator(".notes a[href^=http]").first
    assert not page.locator("audio").is_visible()
    assert not page.locator(".controls").is_visible()
    assert [each.is_visible() for each in page.locator(".transcript .words").all()] == [True, False]
    assert not page.locator(".top").is_visible()
    assert page.locator("h1").is_visible()
    assert link.get_attribute("href") in link.evaluate("each => getComputedStyle(each, '::after').content")


@pytest.mark.parametrize("path", ["asaichi/", "long/"])
def test_paper_is_white(site: Site, window: Callable[..., BrowserContext], path: str) -> None:
    """Whatever paper the show has on screens, and however dark these are."""
    page = window(color_scheme="dark").new_page()
    page.goto(f"{site.address}/{path}")
    page.emulate_media(media="print")

    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(31, 27, 29)"]


def test_address_of_the_feed_is_copied(site: Site, window: Callable[..., BrowserContext]) -> None:
    """A button takes the address, and says so to those who do not see it."""
    page = window(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{site.address}/lamp/subscribe/")

    page.get_by_role("button", name="Copy").click()

    page.get_by_role("status").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{ADDRESS}/lamp/feed.xml"


def test_address_of_the_feed_is_there_without_a_script(site: Site, window: Callable[..., BrowserContext]) -> None:
    """Where scripts are off, no button promises what it cannot do, and the address can be taken by hand."""
    page = window(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/lamp/subscribe/")

    assert page.get_by_role("button").count() == 0
    assert page.get_by_label("Address of the feed").input_value() == f"{ADDRESS}/lamp/feed.xml"


def test_keyboard_leads_past_what_surrounds_a_page(site: Site, page: Page) -> None:
    """The first key shows the way to the content, and taking it leads there."""
    page.goto(f"{site.address}/lamp/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    box = skip.bounding_box()
    page.keyboard.press("Enter")

    assert box and box["y"] >= 0
    assert page.url.endswith("#content")


def test_long_lists_count_from_the_oldest(site: Site) -> None:
    """The first page has the newest, the older page the rest, and each leads to the other."""
    newest, older = site.tree("long/"), site.tree("long/page/1/")

    assert [len(each.xpath("//ol[@class='entries']/li")) for each in (newest, older)] == [32, 30]
    assert newest.xpath("//a[@rel='next']/@href") == ["../long/page/1/"]
    assert older.xpath("//a[@rel='prev']/@href") == ["../../../long/"]


@pytest.mark.parametrize("path", ["long/", "long/page/1/", "asaichi/競りの鐘が鳴る前に/"])
def test_no_page_is_fetched_ahead(site: Site, path: str) -> None:
    """Firefox fetches what a head calls the next page, unasked, and reports that the policy forbids it."""
    assert {*site.tree(path).xpath("//link/@rel")} == {"stylesheet", "icon", "alternate", "canonical"}


def test_lists_cut_long_texts_after_what_they_show(site: Site) -> None:
    """A text of pages does not go out with every list; that it goes on is said."""
    gists = site.tree("asaichi/").xpath("//p[@class='gist']/text()")

    assert gists and all(len(each) <= 241 for each in gists)
