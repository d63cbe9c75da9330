"""Whatever an author writes: the feed that is built is read by four parsers, and each finds what was written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

import feedparser
import podcastparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podfeed.building import build
from podfeed.checking import check, stopped_shows
from podfeed.loading import load
from podfeed.testing import example_project, tiny_mp3

NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: All of Unicode that UTF-8 can hold; what no feed can carry is refused by the check, and that is fine.
_CARRIED = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
_ODD = st.sampled_from(
    [
        "]]>",
        "&amp;",
        "&#x0;",
        "<b>",
        "</title>",
        "<![CDATA[",
        "\u202e",
        "\ufeff",
        "e\u0301",
        "👩‍👩‍👧",
        "%2F",
        "&lt;script&gt;",
        "'\"",
        "ガ",
        "ガ",
    ]
)
TEXT = st.lists(st.one_of(_CARRIED, _ODD), min_size=1, max_size=30).map("".join)
NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="/\ufffe\uffff"),
    min_size=1,
    max_size=20,
).filter(lambda each: not each.startswith("."))
_NOTES = st.one_of(
    TEXT,
    st.lists(
        st.sampled_from(
            [
                "# ",
                "**",
                "`",
                "[a](b)",
                "<script>",
                "\n\n",
                "| a | b |\n|---|---|\n",
                "![x](https://a.example/x.png)",
                '<iframe src="https://a.example"></iframe>',
                "https://a.example/",
                "日本語",
                "&nbsp;",
                "[a](https://[)",
                "[a](//[::1)",
                "![x](https://[x)",
                "\\",
            ]
        ),
        max_size=15,
    ).map("".join),
)


@pytest.mark.failure("IN-9")
@pytest.mark.failure("IN-10")
@pytest.mark.failure("IN-27")
@given(title=TEXT, description=TEXT, notes=_NOTES, guid=TEXT, show=TEXT, name=NAME)
def test_every_feed_is_read_by_four_parsers(
    tmp_path_factory: pytest.TempPathFactory, title: str, description: str, notes: str, guid: str, show: str, name: str
) -> None:
    """expat, libxml2, feedparser and podcastparser find the same titles, guids and enclosures as were written."""
    root = _project(tmp_path_factory, title, description, notes, guid, show, name)
    loaded = load(root)
    if stopped_shows(check(loaded, now=NOW), loaded.config):
        return

    made = build(loaded, now=NOW)["radio/feed.xml"].content
    assert callable(made)
    feed = made()

    episode = loaded.files["episodes/1.md"].episode
    expat.ParserCreate().Parse(feed, True)
    channel = etree.fromstring(feed).find("channel")
    (item,) = channel.findall("item")
    assert channel.findtext("title") == loaded.config.shows["radio"].title
    assert item.findtext("title") == episode.title
    identity = item.findtext("guid")
    assert identity == (episode.guid or identity)
    assert item.findtext("description") == (episode.description or item.findtext("description"))
    address = item.find("enclosure").get("url")
    assert address.isascii()
    assert not re.search(r"[\s<>\"{}|\\^`]", address)

    parsed = feedparser.parse(BytesIO(feed), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert _plain(entry.title) in (_plain(episode.title), _plain(_repaired(episode.title)))
    assert _plain(entry.id) in (_plain(identity), _plain(_repaired(identity)))
    assert [each.href for each in entry.enclosures] == [address]

    (told,) = podcastparser.parse("https://radio.podfeed.example/radio/feed.xml", BytesIO(feed))["episodes"]
    assert _plain(told["guid"]) == _plain(identity)
    assert _same_words(told["title"], episode.title)
    assert [urlsplit(each["url"]).path for each in told["enclosures"]] == [urlsplit(address).path]


def _project(
    factory: pytest.TempPathFactory, title: str, description: str, notes: str, guid: str, show: str, name: str
) -> Path:
    root = factory.getbasetemp() / "any-feed"
    if not root.exists():
        example_project(root)
        tiny_mp3(root / "audio/good.mp3")
    audio = "/audio/good.mp3"
    if len(name.encode()) < 200:
        for old in (root / "names").glob("*"):
            old.unlink()
        (root / "names").mkdir(exist_ok=True)
        (root / "names" / f"{name}.mp3").write_bytes((root / "audio/good.mp3").read_bytes())
        audio = f"/names/{name}.mp3"
    header = {"title": title, "description": description, "guid": guid, "audio_file_path": audio}
    quoted = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in header.items())
    quoted_show = json.dumps(show, ensure_ascii=False)
    example_project(
        root,
        show={"title": quoted_show, "author": quoted_show},
        files={"episodes/1.md": f"---\n{quoted}date: 2025-06-02 05:00:00 +0900\nactor_ids: [ada]\n---\n{notes}\n"},
    )
    return root


def _plain(text: str) -> str:
    """Parsers trim and fold blanks; nothing else may differ."""
    return " ".join(text.split())


def _repaired(text: str) -> str:
    """feedparser takes UTF-8 that looks read as Latin-1 for a mistake, and undoes it."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _same_words(one: str, other: str) -> bool:
    """podcastparser takes tags out of titles and undoes one escape more; what is no markup must be the same."""
    if re.search(r"[<>&]", other):
        return True
    return _plain(one) == _plain(other)
