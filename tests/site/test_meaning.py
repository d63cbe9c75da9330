"""What pages tell search engines and those who share them is whole, and says the same as the feed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from commands import ITUNES, build, enclosure, items
from lxml import etree, html

from podfeed.render.site.meaning import brief, iso_duration, locale_of

SITE = "https://radio.podfeed.example"
HEADER = {
    "description": "The moon pulls,\n  the sea follows.",
    "season": "2",
    "season_name": "Spring",
    "episode": "7",
    "explicit": "true",
    "transcripts": "[{path: /t/1.vtt, language: en}]",
    "license": "{slug: cc-by-4.0}",
}
CONFIG = {"actors": "{ada: {name: Ada, url: 'https://ada.example/', image_url: /artwork/cover.jpg}, bo: {name: Bo}}"}
SHOW = {
    "match": "{actor_ids: [ada]}",
    "listen": "{Spotify: 'https://open.spotify.com/show/1'}",
    "keywords": "[sea, moon]",
}
FILES = {
    "t/1.vtt": "WEBVTT\n\n00:00.000 --> 00:04.000\nHello.\n",
    "episodes/2.md": "---\ntitle: 地図\nshow: radio\ndate: 2025-06-03 05:00:00 +0900\n---\nA map.\n",
}


class _Head:
    """What the head of a page says."""

    def __init__(self, file: Path) -> None:
        self.page = html.fromstring(file.read_bytes())

    def __getitem__(self, name: str) -> str | None:
        found = [each.get("content") for each in self.page.findall(f".//meta[@property='{name}']")]
        found += [each.get("content") for each in self.page.findall(f".//meta[@name='{name}']")]
        assert len(found) < 2
        return found[0] if found else None

    def things(self) -> dict[str, Any]:
        """The things of its JSON-LD by their types."""
        [script] = self.page.findall(".//script[@type='application/ld+json']")
        document = json.loads(script.text or "")
        assert document["@context"] == "https://schema.org"
        return {each["@type"]: each for each in document["@graph"]}


@pytest.fixture
def built(project: Callable[..., Path]) -> Callable[..., Path]:
    """Builds an example project with these changes, and gives the folder of its pages."""

    def make(**changes: Mapping[str, str]) -> Path:
        folder = project(
            header=HEADER | changes.get("header", {}),
            show=SHOW | changes.get("show", {}),
            config=CONFIG,
            files=FILES,
        )
        outcome = build(folder)
        assert not outcome.stopped, outcome.diagnostics
        return folder / "public"

    return make


def test_episode_is_what_the_feed_says(built: Callable[..., Path]) -> None:
    """All that Google's specification of podcasts requires is there, with the addresses and measures of the feed."""
    folder = built()
    item = items(folder / "radio/feed.xml")["Tides"]
    [file] = item.iterfind("enclosure")

    episode = _Head(folder / "radio/1/index.html").things()["PodcastEpisode"]

    assert episode["@id"] == episode["url"] == item.findtext("link")
    assert (episode["name"], episode["description"]) == ("Tides", "The moon pulls, the sea follows.")
    assert episode["datePublished"] == "2025-06-02T05:00:00+09:00"
    assert (episode["episodeNumber"], episode["partOfSeason"]) == (
        7,
        {"@type": "PodcastSeason", "seasonNumber": 2, "name": "Spring"},
    )
    assert (episode["inLanguage"], episode["isFamilyFriendly"]) == ("en", False)
    assert [each["name"] for each in episode["actor"]] == ["Ada"]
    sound = episode["associatedMedia"]
    assert (sound["@type"], sound["contentUrl"]) == ("AudioObject", enclosure(item))
    assert (sound["encodingFormat"], sound["contentSize"]) == (file.get("type"), f"{file.get('length')} B")
    assert episode["duration"] == sound["duration"] == f"PT{item.findtext(f'{ITUNES}duration')}S"
    [said] = sound["caption"]
    assert said["contentUrl"] in {
        each.get("url") for each in item.iterfind("{https://podcastindex.org/namespace/1.0}transcript")
    }
    series = episode["partOfSeries"]
    assert (series["@type"], series["name"], series["webFeed"]) == (
        "PodcastSeries",
        "Harbour Radio",
        f"{SITE}/radio/feed.xml",
    )


def test_series_is_what_the_feed_says(built: Callable[..., Path]) -> None:
    """The same on its own page, in its episodes and in the list of all shows: its feed stands for it."""
    folder = built()
    channel = etree.parse(folder / "radio/feed.xml").find("channel")
    assert channel is not None

    series = _Head(folder / "radio/index.html").things()["PodcastSeries"]
    home = _Head(folder / "index.html").things()
    episode = _Head(folder / "radio/1/index.html").things()["PodcastEpisode"]

    assert (series["name"], series["url"]) == (channel.findtext("title"), channel.findtext("link"))
    assert (series["description"], series["inLanguage"]) == ("Two sailors talk.", "en")
    assert urlsplit(series["image"]).path.startswith("/artwork/cover-")
    assert series["author"] == {"@type": "Person", "name": "Ada"}
    assert series["sameAs"] == ["https://open.spotify.com/show/1"]
    [listed] = home["ItemList"]["itemListElement"]
    assert listed["item"] == episode["partOfSeries"] == {name: series[name] for name in listed["item"]}
    assert home["WebSite"]["url"] == f"{SITE}/"


def test_way_to_a_page_ends_there(built: Callable[..., Path]) -> None:
    """Each step has a number, a name and an address, as Google requires."""
    steps = _Head(built() / "radio/1/index.html").things()["BreadcrumbList"]["itemListElement"]

    assert [(each["position"], each["name"], each["item"]) for each in steps] == [
        (1, "Harbour Radio", f"{SITE}/radio/"),
        (2, "Tides", f"{SITE}/radio/1/"),
    ]


def test_article_is_no_episode(built: Callable[..., Path]) -> None:
    """What is read has a headline, a day and an author."""
    things = _Head(built() / "radio/2/index.html").things()

    assert "PodcastEpisode" not in things
    article = things["Article"]
    assert (article["headline"], article["datePublished"]) == ("地図", "2025-06-03T05:00:00+09:00")
    assert article["author"]["name"] == "Ada"


def test_person_has_a_profile(built: Callable[..., Path]) -> None:
    """With the name, the face and the page that config.yaml has."""
    person = _Head(built() / "radio/people/ada/index.html").things()["ProfilePage"]["mainEntity"]

    assert person == {
        "@type": "Person",
        "name": "Ada",
        "url": "https://ada.example/",
        "image": f"{SITE}/artwork/cover.jpg",
    }


@pytest.mark.parametrize(
    ("header", "card", "picture"),
    [
        pytest.param({}, "summary", "/artwork/cover-", id="the cover of the show"),
        pytest.param({"image_url": "/artwork/grey.jpg"}, "summary", "/artwork/grey-", id="its own picture"),
        pytest.param(
            {"thumbnail_url": "/artwork/wide.jpg"}, "summary_large_image", "/artwork/wide.jpg", id="a thumbnail"
        ),
        pytest.param(
            {"thumbnail_url": "/artwork/wide.jpg", "card": "summary"}, "summary", "/artwork/wide.jpg", id="a small card"
        ),
        pytest.param({"card": "summary_large_image"}, "summary_large_image", "/artwork/cover-", id="a large card"),
    ],
)
def test_card_is_as_the_author_wants(
    built: Callable[..., Path], header: dict[str, str], card: str, picture: str
) -> None:
    """Those who share an episode show the picture made for it, as large as its author says."""
    folder = built(header=header)
    head = _Head(folder / "radio/1/index.html")

    assert head["twitter:card"] == card
    address = head["og:image"] or ""
    assert address.startswith(f"{SITE}{picture}") and address.endswith(".jpg")
    assert (folder / address.removeprefix(f"{SITE}/")).is_file()
    assert head["og:image:alt"]
    assert (head["og:type"], head["og:title"], head["og:site_name"]) == ("article", "Tides", "Harbour Radio")
    assert (head["og:url"], head["og:locale"]) == (f"{SITE}/radio/1/", "en_US")
    assert head["og:audio"] == enclosure(items(folder / "radio/feed.xml")["Tides"])


def test_no_address_in_a_head_is_relative(built: Callable[..., Path]) -> None:
    """Whoever reads a card or JSON-LD does not know where it stood; and every page has them, or bids engines pass by."""
    for file in built().rglob("*.html"):
        if file.name.startswith("transcript"):
            continue
        head = _Head(file)
        if head["robots"]:
            continue
        addresses = [head["og:url"], head["og:image"], *_addresses(head.things())]
        assert all((each or "").startswith("https://") for each in addresses), file
        assert head["description"], file


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in {"url", "@id", "contentUrl", "webFeed", "item", "image"} and isinstance(each, str):
                yield each
            yield from _addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)


def test_nothing_in_json_ends_its_script(built: Callable[..., Path]) -> None:
    """Neither a tag nor the line ends of Unicode stand in it as they are, and it says the same."""
    words = "</script><script>alert(1)</script><!-- \u2028\u2029 ' & 海"
    file = built(header={"description": json.dumps(words)}) / "radio/1/index.html"
    data = file.read_text("utf-8").partition('<script type="application/ld+json">')[2].partition("</script>")[0]

    assert not {"<", ">", "&", "'", "\u2028", "\u2029"}.intersection(data)
    assert json.loads(data)["@graph"][0]["description"] == " ".join(words.split())


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(), ""),
        (timedelta(seconds=10.4), "PT10S"),
        (timedelta(minutes=2), "PT2M"),
        (timedelta(hours=1, minutes=2, seconds=3), "PT1H2M3S"),
        (timedelta(hours=30), "PT30H"),
    ],
)
def test_duration_is_as_iso_8601_writes_it(length: timedelta, written: str) -> None:
    """In whole seconds; nothing where nobody knows."""
    assert iso_duration(length) == written


def test_language_has_its_country() -> None:
    """Its own, or the one where it is at home; none where that would be a guess."""
    assert [locale_of(each) for each in ("ja", "en", "en-gb", "zh-Hant", "de")] == ["ja_JP", "en_US", "en_GB", "", ""]


def test_description_is_brief() -> None:
    """One line of no more than 300 characters."""
    assert brief(" a\n\n b ") == "a b"
    assert brief("海" * 300) == "海" * 300
    assert brief("海" * 301) == "海" * 299 + "…"
