"""Words stay words in a browser: whatever an author, a guest or a machine writes, no page does anything by it."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import nh3
import pytest
from commands import NOW, build
from lxml import etree
from payloads import PAYLOADS
from serving import served

from podfeed import testing
from podfeed.previewing import previewed
from podfeed.read.web import Web

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

#: As many shows, each with its share of the payloads in every field.
SHOWS = 12
SHARES = [PAYLOADS[number::SHOWS] for number in range(SHOWS)]
#: Characters that apps and podfeed allow in the title of a show.
MAX_TITLE = 255
#: What the how-to about headers says a server should add.
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
#: Tells of whatever runs, and of whatever a policy had to forbid, in every frame.
WATCH = """
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { noted(`ran ${name}`); };
document.addEventListener("securitypolicyviolation",
    each => noted(`broke ${each.effectiveDirective} with ${each.blockedURI}: ${each.sample}`));
"""
#: Presses everything there is to press, and opens everything there is to open.
TOUCH = """async () => {
    for (const each of document.querySelectorAll("details")) each.open = true;
    for (const each of document.querySelectorAll("button, summary, [tabindex]")) { each.focus(); each.click(); }
    for (const each of document.querySelectorAll("*")) each.dispatchEvent(new PointerEvent("pointerenter"));
    await new Promise(done => setTimeout(done, 30));
    return [window.name, document.title.includes("7006652"), document.body.innerText.includes("7006652")];
}"""


def _words(share: Sequence[str], turn: int) -> str:
    """The payloads of a *share* in one text; each *turn* puts another of them first, where nothing disarms it."""
    at = turn * 5 % len(share)
    return " ".join([*share[at:], *share[:at]])


def _text(share: Sequence[str], turn: int) -> str:
    return json.dumps(_words(share, turn))


def _link(payload: str) -> str:
    return "https://a.example/?" + "".join(payload.split())


def _id3(mp3: bytes, share: Sequence[str]) -> bytes:
    """*mp3* behind a tag that has the payloads as its title, and as titles and links of chapters."""

    def frame(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">I2x", len(content)) + content

    def text(words: str) -> bytes:
        return b"\1" + words.encode("utf-16")

    ids = [b"c%d\0" % number for number in range(len(share))]
    frames = [frame(b"TIT2", text(_words(share, 0))), frame(b"TPE1", text(_words(share, 1)))]
    frames.append(frame(b"CTOC", b"toc\0" + bytes([3, len(ids)]) + b"".join(ids)))
    for at, (id, payload) in enumerate(zip(ids, share, strict=True)):
        inside = frame(b"TIT2", text(payload)) + frame(b"WXXX", b"\0\0" + payload.encode("latin-1", "replace"))
        frames.append(frame(b"CHAP", id + struct.pack(">4I", 100 * at, 100 * at + 100, *[0xFFFFFFFF] * 2) + inside))
    body = b"".join(frames)
    size = bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + body + mp3


def _header(number: int, share: Sequence[str], audio: str, **more: str) -> str:
    """The header of an episode of which every text is of payloads."""
    turns = iter(range(1_000))

    def word() -> str:
        return _text(share, next(turns))

    link = json.dumps(_link(share[0]))
    settings = {
        "title": word(),
        "date": "2025-06-02 05:00:00 +0900",
        "show": f"show{number}",
        "audio_file_path": json.dumps(audio),
        "guid": word(),
        "description": word(),
        "information": word(),
        "actor_ids": f"[ada{number}]",
        "roles": f"{{ada{number}: {{role: {word()}, group: {word()}}}}}",
        "season": "1",
        "season_name": word(),
        "episode_label": word(),
        "image_alt": word(),
        "card": word(),
        "soundbites": f"[{{start: 1, duration: 5, title: {word()}}}]",
        "location": f"[{{name: {word()}}}]",
        "funding": f"[{{url: {link}, text: {word()}}}]",
        "license": f"{{slug: {word()}, url: {link}}}",
        "social_interact": f"[{{protocol: activitypub, uri: {link}, account_id: {word()}}}]",
        "content_links": f"[{{url: {link}, text: {word()}}}]",
        "txt": f"[{{purpose: {word()}, text: {word()}}}]",
        "unheard_of": word(),
        **more,
    }
    return "".join(f"{name}: {value}\n" for name, value in settings.items())


def _notes(share: Sequence[str]) -> str:
    """Each payload alone, in the midst of a sentence, and in a list."""
    return "\n\n".join(f"{each}\n\nSea {each} land\n\n> - {each}" for each in share)


def _files(number: int, share: Sequence[str], mp3: bytes, jpeg: bytes) -> dict[str, str | bytes]:
    """The episodes of a show, and what they name: one with chapters in its header, one with those of its audio."""
    said = [{"speaker": each, "startTime": at, "endTime": at + 1, "body": each} for at, each in enumerate(share)]
    cues = "".join(
        f"{at}\n00:0{at // 60}:{at % 60:02},000 --> 00:0{at // 60}:{at % 60:02},900\n{' '.join(each.split())}\n\n"
        for at, each in enumerate(share)
    )
    paragraphs = "".join(f"<cite>{each}:</cite> <time>0:00</time> <p>{each}</p>" for each in share)
    named = re.sub(r"[/?#\s]", "", share[3 + number])[:40]
    chapters = [{"time": at / 10, "title": each} for at, each in enumerate(share)]
    chapters[0]["image"] = f"artwork/{named}.jpg"
    for chapter, each in zip(chapters[::3], share, strict=False):  # a header has room for so many
        chapter["link"] = _link(each)
    written = {
        "transcripts": f"[{{path: /t/{number}.srt, language: en}}, {{path: /t/{number}.json, language: de}},"
        f" {{path: /t/{number}.html, language: fr}}]",
        "chapters": json.dumps(chapters),
        "alternate_enclosures": f"[{{path: /audio/other.mp3, title: {_text(share, 0)}}}]",
    }
    first, second = (
        _header(number, share, f"/audio/{number}{named}.mp3", slug=json.dumps(named), **written),
        _header(number, share[::-1], f"/audio/{number}.mp3"),
    )
    return {
        f"episodes/{number}.md": f"---\n{first}---\n{_notes(share)}\n",
        f"episodes/{number}{named}.md": f"---\n{second}---\n{_notes(share[::-1])}\n",
        f"audio/{number}{named}.mp3": mp3,
        f"audio/{number}.mp3": _id3(mp3, share),
        f"artwork/{named}.jpg": jpeg,
        f"t/{number}.srt": cues,
        f"t/{number}.json": json.dumps({"version": "1.0.0", "segments": said}),
        f"t/{number}.html": paragraphs,
    }


def _show(number: int, share: Sequence[str]) -> str:
    """The settings of a show of which every text is of payloads."""
    turns = iter(range(1_000))

    def word() -> str:
        return _text(share, next(turns))

    settings = {
        **testing.EXAMPLE_SHOW,
        "title": json.dumps(_words(share, 0)[:MAX_TITLE]),
        "description": word(),
        "author": word(),
        "copyright": word(),
        "keywords": word(),
        "owner": f"{{name: {word()}, email: ada@radio.podfeed.example}}",
        "artwork": f"{{path: artwork/cover.jpg, alt: {word()}}}",
        "location": f"[{{name: {word()}}}]",
        "funding": f"[{{url: 'https://a.example/', text: {word()}}}]",
        "trailers": f"[{{title: {word()}, path: /audio/other.mp3, date: 2025-06-01 05:00:00 +0900}}]",
        "update_frequency": f"{{text: {word()}}}",
        "txt": f"[{{purpose: {word()}, text: {word()}}}]",
        "listen": json.dumps({" ".join(share[at::9]): "https://a.example/" for at in range(9)}),
        "look": "{accent: '#102030', paper: '#ffffff', font: serif}",
    }
    return f"  show{number}:\n" + "".join(f"    {name}: {value}\n" for name, value in settings.items())


class Site(NamedTuple):
    """A site of payloads, served."""

    address: str
    folder: Path
    #: What every answer says; a test may change it.
    headers: dict[str, str]

    def pages(self, pattern: str) -> list[str]:
        """The addresses of its pages, by the pattern of their files."""
        found = sorted(each.relative_to(self.folder).as_posix() for each in self.folder.glob(pattern))
        return [f"{self.address}/{quote(each)}" for each in found]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Shows that are made of payloads, built as any project is."""
    root = tmp_path_factory.mktemp("hostile")
    mp3 = testing.tiny_mp3(root / "tiny.mp3", seconds=120).read_bytes()
    jpeg = testing.tiny_jpeg(root / "tiny.jpg").read_bytes()
    actors = "".join(
        f"  ada{number}: {{name: {_text(share, 0)}, role: {_text(share, 1)}, url: 'https://a.example/'}}\n"
        for number, share in enumerate(SHARES)
    )
    shows = "".join(_show(number, share) for number, share in enumerate(SHARES))
    files: dict[str, str | bytes] = {"audio/other.mp3": mp3}
    for number, share in enumerate(SHARES):
        files |= _files(number, share, mp3, jpeg)
    config = f"site: https://radio.podfeed.example\nactors:\n{actors}shows:\n{shows}"
    testing.example_project(root, files={"config.yaml": config, **files})
    headers: dict[str, str] = {}
    with served(root / "public", headers) as address:
        outcome = build(root, site=address)
        assert not outcome.has_errors, [each for each in outcome.diagnostics if each.severity == "error"]
        yield Site(address, root / "public", headers)


@pytest.fixture
def noted() -> list[str]:
    """What ran in a browser although nobody wrote it there, and what a policy forbade."""
    return []


@pytest.fixture
def watched(window: Callable[..., BrowserContext], noted: list[str]) -> Page:
    """A page that tells of whatever runs in it."""
    context = window()
    context.expose_function("noted", lambda what: noted.append(what))
    context.add_init_script(WATCH)
    page = context.new_page()
    return page


def test_payloads_are_as_many_as_promised() -> None:
    """No two are the same, and every show has a share of them."""
    assert len(set(PAYLOADS)) >= 500
    assert sum(map(len, SHARES)) == len(PAYLOADS)


@pytest.mark.parametrize(
    ("headers", "pattern"),
    [
        pytest.param({}, "show*/[!0-9ps]*/index.html", id="by what pages say themselves"),
        pytest.param(HEADERS, "show[01]/**/*.html", id="with what a server says as well"),
        pytest.param({}, "**/*.html", id="every page", marks=pytest.mark.full),
    ],
)
def test_nothing_written_runs(
    hostile: Site, watched: Page, noted: list[str], headers: Mapping[str, str], pattern: str
) -> None:
    """No page runs a payload, asks another server for anything, or even needs its policy to forbid something."""
    hostile.headers.update(headers)
    pages = hostile.pages(pattern)
    for address in pages:
        watched.goto(address)
        assert watched.evaluate(TOUCH) == ["", False, False], address
        assert not noted, address
    hostile.headers.clear()

    assert len(pages) >= SHOWS


def test_nothing_written_runs_in_a_preview(hostile: Site, watched: Page, noted: list[str]) -> None:
    """Nor where hosts are shown what is wrong with it: among the findings, in what apps show, in the item."""
    with previewed(hostile.folder.parent, port=0, target="", clock=lambda: NOW, web=Web) as preview:
        panels = [f"{preview.url}episode/episodes/{number}.md" for number in range(0, SHOWS, 4)]
        for address in (preview.url, f"{preview.site}/show0/", *panels):
            watched.goto(address)
            assert watched.locator(".preview-bar").count() == 1
            assert watched.evaluate(TOUCH) == ["", False, False], address
            assert not noted, address


def test_whoever_looks_would_see_it(watched: Page, noted: list[str], complaints: list[str], tmp_path: Path) -> None:
    """The same payloads on a page that does not escape them run; with our policy on it, they are forbidden."""
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    for name, head in (("open.html", ""), ("closed.html", policy)):
        body = "".join(f"<div>{each}</div>\n" for each in PAYLOADS if each.startswith("<") and "refresh" not in each)
        (tmp_path / name).write_text(f"<!DOCTYPE html>{head}{body}", encoding="utf-8")
    with served(tmp_path) as address:
        watched.goto(f"{address}/open.html")
        watched.wait_for_timeout(500)
        ran, asked = list(noted), [each for each in complaints if "evil.example" in each]
        noted.clear()
        complaints.clear()
        watched.goto(f"{address}/closed.html")
        watched.wait_for_timeout(500)
        forbidden, complained = list(noted), len(complaints)
        complaints.clear()

    assert len(ran) >= 10 and all(each.startswith("ran") for each in ran)
    assert asked
    assert len(forbidden) >= 10 and all(each.startswith("broke") for each in forbidden)
    assert complained


def test_feeds_are_clean(hostile: Site) -> None:
    """Every feed of them parses, has its two items with their titles letter by letter, and clean HTML for notes."""
    plain = nh3.Cleaner(
        tags=set(re.findall(r"\w+", "a b blockquote br code del em hr i img li ol p pre s strong sup ul")),
        attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    feeds = sorted(hostile.folder.glob("show*/feed.xml"))

    for feed in feeds:
        share = SHARES[int(feed.parent.name.removeprefix("show"))]
        items = etree.parse(feed).findall("channel/item")
        found = {" ".join((item.findtext("title") or "").split()) for item in items}
        assert found == {" ".join(_words(each, 0).split()) for each in (share, share[::-1])}
        for item in items:
            html = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
            assert html and plain.clean(html) == html
    assert len(feeds) == SHOWS
