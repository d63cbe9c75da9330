"""Words stay words: whatever an author, a guest or a machine writes, no file of a build gets an element by it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from podfeed.building import build
from podfeed.checking import check
from podfeed.loading import load

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PAYLOADS = [
    "\"'><img src=x onerror=alert(1)>",
    "</p></title><script>alert(1)</script>",
    "]]></content:encoded><item>&lt;script&gt;",
    "--> <b onclick=alert(1)>&#60;svg onload=alert(1)&#62;",
    "<!-- {{ 7 * 7 }} {% raw %} ${x} <?php x ?>",
]
#: Every text that rides with an episode; WORD stands for what is written.
_HEADER = {
    "title": "WORD",
    "description": "WORD",
    "information": "WORD",
    "actor_ids": "[ada, bo]",
    "roles": "{ada: {role: WORD, group: WORD}}",
    "season": "1",
    "season_name": "WORD",
    "episode": "1",
    "episode_label": "WORD",
    "chapters": "[{time: 0, title: WORD}, {time: 3, title: WORD, link: 'https://a.example/'}, {time: 6, title: End}]",
    "transcripts": "[{path: /t/1.srt, language: en}, {path: /t/1.json, language: de}, {path: /t/1.html, language: fr}]",
    "alternate_enclosures": "[{path: /audio/other.mp3, title: WORD}]",
    "soundbites": "[{start: 1, duration: 5, title: WORD}]",
    "location": "[{name: WORD}]",
    "funding": "[{url: 'https://a.example/', text: WORD}]",
    "license": "{slug: WORD, url: 'https://a.example/'}",
    "social_interact": "[{protocol: activitypub, uri: 'https://a.example/', account_id: WORD}]",
    "content_links": "[{url: 'https://a.example/', text: WORD}]",
    "txt": "[{purpose: WORD, text: WORD}]",
}
_SHOW = {
    "title": "WORD",
    "description": "WORD",
    "author": "WORD",
    "copyright": "WORD",
    "artwork": "{path: artwork/cover.jpg, alt: WORD}",
    "location": "[{name: WORD}]",
    "funding": "[{url: 'https://a.example/', text: WORD}]",
    "trailers": "[{title: WORD, path: /audio/other.mp3, date: 2025-06-01 05:00:00 +0900}]",
    "update_frequency": "{text: WORD}",
    "txt": "[{purpose: WORD, text: WORD}]",
    "archive": "1",
}
_TEXTS = (".html", ".xml", ".opml", ".json", ".vtt", ".srt")
_CONFIG = {"actors": "{ada: {name: WORD}, bo: {name: Bo, role: WORD}}"}


def _written(settings: Mapping[str, str], word: str) -> dict[str, str]:
    return {name: value.replace("WORD", json.dumps(word)) for name, value in settings.items()}


def _transcripts(word: str) -> dict[str, str]:
    """One in each format whose words are taken over into others."""
    said = [{"speaker": word, "startTime": 0, "endTime": 4, "body": word}]
    escaped = word.replace("&", "&amp;").replace("<", "&lt;")
    return {
        "t/1.srt": "1\n00:00:00,000 --> 00:00:09,000\nSea. {}\n".format(word.replace("-->", "")),
        "t/1.json": json.dumps({"version": "1.0.0", "segments": said}),
        "t/1.html": f"<cite>{escaped}:</cite> <time>0:00</time> <p>{escaped}</p>",
    }


def _built(project: Callable[..., Path], word: str) -> dict[str, bytes]:
    """The texts of a build where all that can be written is *word*, by path without what changes with content."""
    root = project(
        header=_written(_HEADER, word),
        show=_written(_SHOW, word),
        config=_written(_CONFIG, word),
        files=_transcripts(word),
    )
    made = ((path, file.content) for path, file in build(load(root), now=NOW).items())
    texts = ((path, content()) for path, content in made if callable(content) and path.endswith(_TEXTS))
    return {re.sub("[0-9a-f]{8}", "", path): content for path, content in texts}


class _Elements(HTMLParser):
    """The elements of a page with the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment",))

    handle_pi = unknown_decl = handle_comment


def _shape(path: str, data: bytes) -> list[object]:
    """What *data* holds beside words."""
    text = data.decode()
    if path.endswith(".html"):
        return list(_Elements(text).found)
    if path.endswith((".xml", ".opml")):
        return list(_xml_shape(etree.fromstring(data)))
    if path.endswith(".json"):
        return re.findall(r'"(\w+)":', re.sub(r'"(?:\\.|[^"\\])*"(?!:)', "", text))
    if path.endswith((".vtt", ".srt")):
        return [*re.findall("-->", text), *re.findall(r"<(?!v )[a-z!?][^>]*>", text if path.endswith(".vtt") else "")]
    return []


def _xml_shape(root: etree._Element) -> Iterator[object]:
    for element in root.iter():
        yield element.tag, sorted(element.attrib)
        if str(element.tag).endswith("encoded"):
            yield _Elements(element.text or "").found


@pytest.mark.parametrize("payload", _PAYLOADS)
def test_no_word_becomes_markup(project: Callable[..., Path], payload: str) -> None:
    """Pages, feeds, chapters, transcripts and lists have the same elements as with a harmless word."""
    plain, hostile = _built(project, "Sea"), _built(project, payload)

    assert plain.keys() == hostile.keys()
    assert {path.rpartition(".")[2] for path in plain} >= {"html", "xml", "json", "vtt", "srt"}
    for path, data in plain.items():
        assert _shape(path, hostile[path]) == _shape(path, data), path


_SCRIPTS = ["JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>"]


@pytest.mark.parametrize("address", _SCRIPTS)
@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("header", "chapters", "WORD"),
        ("header", "chapters", "[{time: 0, title: Ebb, link: WORD}]"),
        ("header", "chapters", "[{time: 0, title: Ebb, image: WORD}]"),
        ("header", "transcripts", "[{path: WORD, language: en}]"),
        ("header", "alternate_enclosures", "[WORD]"),
        ("header", "image_url", "WORD"),
        ("header", "funding", "[{url: WORD, text: Give}]"),
        ("header", "license", "{slug: Mine, url: WORD}"),
        ("header", "content_links", "[{url: WORD, text: Watch}]"),
        ("header", "social_interact", "[{protocol: activitypub, uri: WORD}]"),
        ("header", "social_interact", "[{protocol: atproto, uri: WORD}]"),
        ("header", "social_interact", "[{protocol: activitypub, uri: 'https://a.example/', account_url: WORD}]"),
        ("show", "artwork", "WORD"),
        ("show", "trailers", "[{title: Soon, url: WORD, date: 2025-06-01 05:00:00 +0900}]"),
        ("config", "actors", "{ada: {name: Ada, url: WORD}}"),
        ("config", "actors", "{ada: {name: Ada, image_url: WORD}}"),
    ],
)
def test_no_address_is_a_script(place: str, name: str, value: str, address: str, project: Callable[..., Path]) -> None:
    """Where apps and browsers would open it, it is an error, which stops the show."""
    found = check(load(project(**{place: _written({name: value}, address)})), now=NOW)

    assert any(each.severity == "error" for each in found)
