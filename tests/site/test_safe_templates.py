"""Templates print what they are given safely, pages say first what they may load, and servers add the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from commands import ROOT, build
from servers import Server, nginx_with
from serving import served

from podfeed.render.site.places import Place, safe_url

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEMPLATES = sorted((ROOT / "podfeed/render/site/templates").glob("*.html"))
#: Addresses that podfeed makes, and that are wanted in full or in another scheme than those of the web.
OURS = {"app.url", "head.canonical", "feed.url", "target", "place.root"}


def test_nothing_is_printed_as_it_is() -> None:
    """`SafeHtml` alone comes through unescaped, and the module of notes alone makes it."""
    sources = [*(ROOT / "podfeed").rglob("*.py"), *(ROOT / "podfeed").rglob("*.html")]
    unsafe = re.compile(r"\|\s*(safe|xmlattr)\b|\bMarkup\b|autoescape\s*(=\s*)?[Ff]alse|SafeHtml\(str\)")

    found = {each.relative_to(ROOT).as_posix(): unsafe.findall(each.read_text("utf-8")) for each in sources}

    assert {path for path, hits in found.items() if hits} == {"podfeed/render/notes.py"}
    makers = [each for each in sources if re.search(r"\bSafeHtml\((?!str\))", each.read_text("utf-8"))]
    assert makers == [ROOT / "podfeed/render/notes.py"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_addresses_go_through_one_gate(template: Path) -> None:
    """Whatever stands in an address of a page was made relative by `near`, which lets no script through, or is ours."""
    text = template.read_text("utf-8")
    values = re.findall(
        r'\b(?:href|src|srcset|action|formaction|poster|cite|data-player)="([^"]*?\{\{.*?\}\}[^"]*)"', text
    )

    printed = [each for value in values for each in re.findall(r"\{\{\s*(.*?)\s*\}\}", value)]
    direct = [each for each in printed if not each.startswith(("near(", "place.near("))]

    assert {each for each in direct if not re.fullmatch("script|width|opml", each)} <= OURS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_script_and_no_style_stands_in_a_page(template: Path) -> None:
    """Both are files of their own, for the policy forbids any other; JSON-LD is data."""
    text = re.sub(r'<script type="application/ld\+json">', "", template.read_text("utf-8"))

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|(?<![\w-])on[a-z]+=\"|javascript:", text) == []


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example/", True),
        ("HTTP://a.example/", True),
        ("mailto:a@example.com", True),
        ("#h-tides", True),
        ("", False),
        ("https:// a", False),
        ("javascript:alert(1)", False),
        (" https://a.example/", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/", False),
        ("/a", False),
    ],
)
def test_page_leads_to_the_web_alone(address: str, safe: bool) -> None:
    """A chapter, a person or a platform may name whatever it likes: nothing else becomes an address."""
    assert safe_url(address) == (address if safe else "")
    assert Place("https://radio.example", "../").near(address) == safe_url(address)


def test_own_address_becomes_relative_before_all() -> None:
    """What follows the site is below it, however it looks."""
    assert Place("https://radio.example", "../").near("https://radio.example/javascript:x") == "../javascript:x"


@pytest.fixture
def site(project: Callable[..., Path]) -> Path:
    """The pages of an example project."""
    folder = project(show={"match": "{actor_ids: [ada]}"})
    assert not build(folder).stopped
    return folder / "public"


def test_policy_stands_before_what_it_holds_for(site: Path) -> None:
    """On every page it follows the letters the page is written in, and nothing comes before it."""
    pages = [each for each in site.rglob("*.html") if not each.name.startswith("transcript")]
    start = re.compile(
        r'<!DOCTYPE html>\s*<html [^>]*>\s*<head>\s*<meta charset="utf-8">\s*'
        r"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
    )

    assert len(pages) >= 6
    assert [each for each in pages if not start.match(each.read_text("utf-8"))] == []


@pytest.fixture
def behind_nginx(site: Path, tmp_path: Path) -> Iterator[Server]:
    """nginx over the pages, with the lines of the how-to."""
    text = (ROOT / "docs/how-to/security-headers.md").read_text("utf-8")
    lines = text.partition("```nginx\n")[2].partition("```")[0]
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx_with(folder, f"root {site};\n{lines}", "include /etc/nginx/mime.types;") as server:
        yield server


def test_headers_of_the_how_to_hold(behind_nginx: Server, site: Path, page: Page, complaints: list[str]) -> None:
    """A page plays as ever, and no other page can show it in a frame."""
    with urlopen(behind_nginx.url("radio/1/")) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == (
        "nosniff",
        "strict-origin-when-cross-origin",
    )

    page.goto(behind_nginx.url("radio/1/"))
    assert page.locator("h1").inner_text() == "Tides"
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert complaints == []

    with served(site) as plain:
        frames = [
            f'<iframe src="{address}"></iframe>' for address in (f"{plain}/radio/1/", behind_nginx.url("radio/1/"))
        ]
        page = page.context.new_page()  # the policy of the page before would hold on
        page.set_content("".join(frames))
        page.frame_locator("iframe >> nth=0").locator("audio").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        players = [each.locator("audio").count() for each in page.frames[1:]]
    assert players == [1, 0]
    complaints.clear()


def test_pages_can_be_looked_at_from_the_disk(site: Path, page: Page, complaints: list[str]) -> None:
    """Looks and pictures are there, and the policy forbids nothing; browsers load no modules from files."""
    page.goto((site / "radio/1/index.html").as_uri())

    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert page.evaluate("[...document.images].every(each => each.loading === 'lazy' || each.naturalWidth > 0)")
    assert [each for each in complaints if "Content Security Policy" in each] == []
    complaints.clear()
