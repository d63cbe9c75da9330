"""What config.yaml and an episode say reaches the feed, each in its tag; what media say about people does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from podfeed.building import build, published_lock
from podfeed.checking import check
from podfeed.errors import PodfeedError
from podfeed.loading import load
from podfeed.read import lock as locks
from podfeed.render import rss

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}


def feed_of(root: Path) -> etree._Element:
    """The channel of the feed as it would be built."""
    content = build(load(root), now=NOW)["radio/feed.xml"].content
    assert callable(content)
    return etree.fromstring(content())[0]


@pytest.mark.parametrize(
    ("show", "path", "expected"),
    [
        ({"author": "Ada and Bo"}, "itunes:author", "Ada and Bo"),
        ({"type": "serial"}, "itunes:type", "serial"),
        ({"explicit": "yes"}, "itunes:explicit", "true"),
        ({"block": "true"}, "itunes:block", "Yes"),
        ({"complete": "true"}, "itunes:complete", "Yes"),
        ({"new_feed_url": "https://n.example/feed.xml"}, "itunes:new-feed-url", "https://n.example/feed.xml"),
        ({"owner": "{name: Ada, email: a@b.example}"}, "itunes:owner/itunes:email", "a@b.example"),
        ({"owner": "{name: Ada, email: a@b.example}"}, "itunes:owner/itunes:name", "Ada"),
        ({"categories": "[{News: Tech News}]"}, "itunes:category[@text='News']/itunes:category/@text", "Tech News"),
        ({"guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810"}, "podcast:guid", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ({"locked": "true"}, "podcast:locked", "yes"),
        ({"locked": "false"}, "podcast:locked/@owner", "ada@radio.podfeed.example"),
        ({"medium": "music"}, "podcast:medium", "music"),
        ({"funding": "[{url: https://f.example/, text: Help}]"}, "podcast:funding/@url", "https://f.example/"),
        ({"license": "cc-by-4.0"}, "podcast:license", "cc-by-4.0"),
        ({"license": "{slug: own, url: https://l.example}"}, "podcast:license/@url", "https://l.example"),
        ({"hubs": "https://hub.example/"}, "atom:link[@rel='hub']/@href", "https://hub.example/"),
        ({"copyright": "Ada"}, "copyright", "Ada"),
        (
            {"artwork": "{path: artwork/cover.jpg, alt: The sea}"},
            "podcast:image[@href and @width='300' and @type='image/webp']/@alt",
            "The sea",
        ),
        ({}, "podcast:image[@width='1400']/@alt", "Harbour Radio"),
        ({"match": "{actor_ids: ada}"}, "podcast:person", "Ada"),
        ({}, "atom:link[@rel='self']/@href", "https://radio.podfeed.example/radio/feed.xml"),
    ],
)
def test_setting_of_a_show_reaches_its_tag(
    show: dict[str, str], path: str, expected: str, project: Callable[..., Path]
) -> None:
    """Apps read it where they look for it."""
    (found,) = feed_of(project(show=show)).xpath(path, namespaces=NAMESPACES)

    assert (found if isinstance(found, str) else found.text) == expected


@pytest.mark.parametrize(
    ("header", "path", "expected"),
    [
        ({"season": "2"}, "itunes:season", "2"),
        ({"season": "2"}, "podcast:season", "2"),
        ({"episode": "3"}, "itunes:episode", "3"),
        ({"episode_type": "bonus"}, "itunes:episodeType", "bonus"),
        ({"explicit": "true"}, "itunes:explicit", "true"),
        ({"block": "true"}, "itunes:block", "Yes"),
        ({"image_url": "/artwork/cover.jpg"}, "podcast:image/@alt", "Tides"),
        ({"image_url": "/artwork/cover.jpg", "image_alt": "The sea"}, "podcast:image/@alt", "The sea"),
        ({"guid": "abc"}, "guid/@isPermaLink", "false"),
        ({"guid": "https://a.example/", "guid_is_permalink": "true"}, "guid", "https://a.example/"),
        ({}, "itunes:duration", "10"),
        ({}, "podcast:person", "Ada"),
        ({}, "pubDate", "Mon, 02 Jun 2025 05:00:00 +0900"),
    ],
)
def test_setting_of_an_episode_reaches_its_tag(
    header: dict[str, str], path: str, expected: str, project: Callable[..., Path]
) -> None:
    """The same for an item."""
    found = feed_of(project(header=header)).xpath(f"item/{path}", namespaces=NAMESPACES)

    assert [each if isinstance(each, str) else each.text for each in found][:1] == [expected]


@pytest.mark.failure("IN-9")
@pytest.mark.parametrize(
    "written", [b"<rss><channel><item></rss>", b"<a>\x0b</a>", b"", b"<rss><channel></channel></rss>"]
)
def test_feed_that_cannot_be_read_back_is_not_given_out(written: bytes) -> None:
    """Broken, or with an item less: a fault of podfeed's own, and nothing is written."""
    with pytest.raises(PodfeedError, match="nothing was written"):
        rss._read_back(written, 1)


@pytest.mark.failure("IN-22")
def test_what_media_say_about_people_reaches_no_text(project: Callable[..., Path]) -> None:
    """Comments, encoders' names and places in audio and pictures are in no feed, no page and not in the lock."""
    from mutagen.id3 import COMM, ID3, TENC, TIT2
    from PIL import Image

    root = project(header={"audio_file_path": "/audio/tagged.mp3", "image_url": "/artwork/tagged.jpg"})
    (root / "audio/tagged.mp3").write_bytes((root / "audio/good.mp3").read_bytes())
    tags = ID3()
    for tag in (
        TIT2(encoding=3, text="Tides\x0b"),
        TENC(encoding=3, text="CANARY"),
        COMM(encoding=3, lang="eng", desc="", text="CANARY"),
    ):
        tags.add(tag)
    tags.save(root / "audio/tagged.mp3")
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (1400, 1400)).save(root / "artwork/tagged.jpg", exif=exif)

    loaded = load(root)
    files = build(loaded, now=NOW)

    assert [each.rule for each in check(loaded, now=NOW) if each.severity == "error"] == []
    assert not any(b"CANARY" in file.content() for file in files.values() if callable(file.content))
    assert "CANARY" not in repr(loaded)
    assert "CANARY" not in locks.write(published_lock(loaded, now=NOW, shows=["radio"]))
