"""What config.yaml and an episode say in the podcast namespace: tag by tag as it is in the feed, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from podfeed.building import build
from podfeed.checking import check
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.read import settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: An hour of sound that is elsewhere.
_HOUR = {"audio_file_path": "https://m.example/1.mp3", "audio_file_size": "30000000", "duration": "60:00"}


def _feed(root: Path) -> bytes:
    content = build(load(root), now=NOW)["radio/feed.xml"].content
    assert callable(content)
    return content()


def _lines(feed: bytes) -> Iterator[str]:
    """The lines of the feed but the first two, which declare what it is."""
    yield from (line.strip() for line in feed.decode().split("\n")[2:])


_SHOW = [
    pytest.param("location", "横浜", "<podcast:location>横浜</podcast:location>", id="place"),
    pytest.param(
        "location",
        "{name: Yokohama, rel: creator, geo: 'geo:35.4437,139.638', osm: R2689482, country: jp}",
        '<podcast:location rel="creator" geo="geo:35.4437,139.638" osm="R2689482" country="jp">Yokohama</podcast:location>',
        id="place in full",
    ),
    pytest.param(
        "location",
        "[A, B]",
        "<podcast:location>A</podcast:location>\n<podcast:location>B</podcast:location>",
        id="two places",
    ),
    pytest.param(
        "social_interact",
        "{protocol: activitypub, uri: 'https://s.example/@ada/1', account_id: '@ada@s.example', "
        "account_url: 'https://s.example/@ada', priority: 2}",
        '<podcast:socialInteract protocol="activitypub" uri="https://s.example/@ada/1" accountId="@ada@s.example"'
        ' accountUrl="https://s.example/@ada" priority="2"/>',
        id="comments",
    ),
    pytest.param(
        "social_interact", "{protocol: disabled}", '<podcast:socialInteract protocol="disabled"/>', id="no comments"
    ),
    pytest.param("txt", "[S6lpp]", "<podcast:txt>S6lpp</podcast:txt>", id="text"),
    pytest.param(
        "txt",
        "{purpose: ai-content, text: true}",
        '<podcast:txt purpose="ai-content">true</podcast:txt>',
        id="text for a purpose",
    ),
    pytest.param(
        "funding",
        "{url: https://f.example/, text: 応援 & more}",
        '<podcast:funding url="https://f.example/">応援 &amp; more</podcast:funding>',
        id="funding",
    ),
    pytest.param("license", "CC-BY-4.0", "<podcast:license>CC-BY-4.0</podcast:license>", id="licence"),
    pytest.param("extra_tags", "<podcast:txt>x</podcast:txt>", "<podcast:txt>x</podcast:txt>", id="tag of one's own"),
]


@pytest.mark.parametrize(("setting", "value", "expected"), _SHOW)
@pytest.mark.parametrize("where", ["show", "header"])
def test_shows_and_episodes_alike_can_say_it(
    where: str, setting: str, value: str, expected: str, project: Callable[..., Path]
) -> None:
    """In the channel and in an item; the feed has these lines more, and no other."""
    root = project(**{where: {setting: value}})
    before, after = list(_lines(_feed(project()))), list(_lines(_feed(root)))

    added = [line for line in after if line not in before]

    assert added == expected.split("\n")
    assert [each.message for each in lint(_feed(root), "feed.xml", now=NOW) if each.severity != "info"] == []
    assert [each for each in check(load(root), now=NOW) if each.severity == "error"] == []
    assert (after.index(added[0]) < after.index("<item>")) is (where == "show")


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (
            {"trailers": "[{title: 予告, path: /audio/good.mp3, date: 2025-06-01 05:00:00 +0900, season: 2}]"},
            '<podcast:trailer url="https://radio.podfeed.example/audio/good.mp3"'
            ' pubdate="Sun, 01 Jun 2025 05:00:00 +0900" length="BYTES" type="audio/mpeg" season="2">予告</podcast:trailer>',
        ),
        (
            {"trailers": "{title: Soon, url: https://m.example/海 1.mp3, date: 2025-06-01 05:00:00 +0900}"},
            '<podcast:trailer url="https://m.example/%E6%B5%B7%201.mp3"'
            ' pubdate="Sun, 01 Jun 2025 05:00:00 +0900">Soon</podcast:trailer>',
        ),
        (
            {"update_frequency": "毎週月曜"},
            "<podcast:updateFrequency>毎週月曜</podcast:updateFrequency>",
        ),
        (
            {"update_frequency": "{text: Ten times, rrule: FREQ=DAILY;COUNT=10, dtstart: 2026-01-05, complete: true}"},
            '<podcast:updateFrequency rrule="FREQ=DAILY;COUNT=10" dtstart="2026-01-05" complete="true">Ten times'
            "</podcast:updateFrequency>",
        ),
        (
            {"block_services": "{youtube: false, apple: false}"},
            '<podcast:block id="youtube">no</podcast:block>\n<podcast:block id="apple">no</podcast:block>',
        ),
        (
            {"verification": "{apple: 05124}"},
            '<podcast:txt purpose="applepodcastsverify">05124</podcast:txt>',
        ),
        (
            {"spotify": "{country_of_origin: [jp, gb], limit: 300}"},
            '<spotify:countryOfOrigin>jp gb</spotify:countryOfOrigin>\n<spotify:limit recentCount="300"/>',
        ),
    ],
)
def test_shows_alone_can_say_it(show: dict[str, str], expected: str, project: Callable[..., Path]) -> None:
    """The same for what only a channel may hold."""
    root = project(show=show)
    feed = _feed(root)
    before, after = list(_lines(_feed(project()))), list(_lines(feed))

    size = str((root / "audio/good.mp3").stat().st_size)
    assert [line for line in after if line not in before] == expected.replace("BYTES", size).split("\n")
    assert [each.message for each in lint(feed, "feed.xml", now=NOW) if each.severity != "info"] == []
    assert [each for each in check(load(root), now=NOW) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            {"soundbites": "[{start: 0.1, duration: 1:00}, {start: 1000:00.5, duration: 15.125, title: 朝}]"},
            '<podcast:soundbite startTime="0.1" duration="60"/>\n'
            '<podcast:soundbite startTime="60000.5" duration="15.125">朝</podcast:soundbite>',
        ),
        (
            {"season": "2", "season_name": "海へ", "episode": "3", "episode_label": "第3回"},
            '<itunes:season>2</itunes:season>\n<podcast:season name="海へ">2</podcast:season>\n'
            '<itunes:episode>3</itunes:episode>\n<podcast:episode display="第3回">3</podcast:episode>',
        ),
        ({"season_name": "海へ", "episode_label": "第3回"}, ""),
        (
            {"content_links": "[{url: https://v.example/見る, text: 見る}]"},
            '<podcast:contentLink href="https://v.example/%E8%A6%8B%E3%82%8B">見る</podcast:contentLink>',
        ),
        (
            {"roles": "{ada: {role: Editor, group: Writing}}"},
            '<podcast:person role="Editor" group="Writing">Ada</podcast:person>',
        ),
        ({"roles": "{ada: Narrator}"}, '<podcast:person role="Narrator">Ada</podcast:person>'),
        ({"roles": "{ada: composer}"}, '<podcast:person role="composer" group="audio post-production">Ada</podcast:person>'),
    ],
)  # fmt: skip
def test_episodes_alone_can_say_it(header: dict[str, str], expected: str, project: Callable[..., Path]) -> None:
    """The same for what only an item may hold."""
    before, after = (list(_lines(_feed(project(header={**_HOUR, **each})))) for each in ({}, header))

    assert [line for line in after if line not in before] == (expected.split("\n") if expected else [])


# ---------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("actors", "match", "header", "expected"),
    [
        pytest.param("{ada: {}, bo: {}}", "[ada]", {"actor_ids": "[ada, bo]"}, ["Ada host", "Bo host"], id="two hosts"),
        pytest.param(
            "{ada: {}, bo: {role: guest}}", "[ada]", {"actor_ids": "[ada, bo]"}, ["Ada host", "Bo guest"], id="a guest"
        ),
        pytest.param(
            "{ada: {}, bo: {role: guest}}",
            "[ada]",
            {"actor_ids": "[bo]", "show": "radio"},
            ["Ada host", "Bo guest"],
            id="a guest alone",
        ),
        pytest.param(
            "{ada: {}, bo: {}}", "[ada]", {"actor_ids": "[bo]", "show": "radio"}, ["Bo host"], id="another host"
        ),
        pytest.param(
            "{ada: {}, bo: {role: guest}}",
            "[ada]",
            {"actor_ids": "[bo]", "show": "radio", "roles": "{bo: Guest Host}"},
            ["Bo Guest Host"],
            id="a guest who stands in",
        ),
        pytest.param(
            "{ada: {role: reporter}, bo: {role: guest}}",
            "[ada]",
            {"actor_ids": "[bo, ada]"},
            ["Bo guest", "Ada reporter"],
            id="nobody twice",
        ),
        pytest.param("{ada: {}}", "[ada]", {"actor_ids": None, "show": "radio"}, [], id="nobody named"),
    ],
)
def test_apps_learn_who_is_heard(
    actors: str, match: str, header: dict[str, str | None], expected: list[str], project: Callable[..., Path]
) -> None:
    """The people of an item take the place of the channel's: with guests alone, the hosts are named again."""
    named = actors.replace("ada: {", "ada: {name: Ada, ").replace("bo: {", "bo: {name: Bo, ")
    root = project(header=header, show={"match": f"{{actor_ids: {match}}}"}, config={"actors": named})

    item = etree.fromstring(_feed(root)).find("channel/item")
    persons = item.findall("{https://podcastindex.org/namespace/1.0}person")

    assert [f"{each.text} {each.get('role')}" for each in persons] == expected


def test_page_shows_the_people_of_the_feed(project: Callable[..., Path]) -> None:
    """A host who is named again in the item is on the page too; a role of no taxonomy stands there as it is written."""
    actors = "{ada: {name: Ada}, bo: {name: Bo, role: guest}, cy: {name: Cy, role: composer}, di: {name: Di, role: b<}}"
    header = {"actor_ids": "[bo, cy, di]", "show": "radio"}
    root = project(header=header, show={"match": "{actor_ids: [ada]}"}, config={"actors": actors})

    content = build(load(root), now=NOW)["radio/1/index.html"].content
    assert callable(content)

    people = content().decode().partition('<ul class="people">')[2].partition("</ul>")[0]
    said = [("Ada", "Host"), ("Bo", "Guest"), ("Cy", "Composer"), ("Di", "b&lt;")]
    assert re.findall(r"<span>(\w+) <small>(.+?)</small>", people) == said


# ------------------------------------------------------------------------------------------- tags as XML


def test_tags_of_ones_own_stay_in_their_item(project: Callable[..., Path]) -> None:
    """They are elements like the others, with the prefix that config.yaml gives them."""
    xml = "|\n  <!-- gone -->\n  <app:x app:y='1'>&lt;/item&gt; 海 ]]&gt;</app:x>\n  <podcast:podroll2/>"
    root = project(header={"extra_tags": xml}, config={"namespaces": "{app: https://app.example/ns}"})
    feed = _feed(root)

    (item,) = etree.fromstring(feed).findall("channel/item")
    assert item.find("{https://app.example/ns}x").text == "</item> 海 ]]>"
    assert b'xmlns:app="https://app.example/ns"' in feed.split(b"<channel>")[0]
    assert b"<app:x app:y=" in feed
    assert b"gone" not in feed


def test_namespace_nobody_uses_is_not_declared(project: Callable[..., Path]) -> None:
    """The feed is the same as without the line."""
    root = project(config={"namespaces": "{app: https://app.example/ns}"})

    assert _feed(root) == _feed(project())


def test_change_of_extra_tags_changes_the_feed(project: Callable[..., Path]) -> None:
    """And so do a trailer's bytes: what the feed is made of is known before it is made."""
    header = {"extra_tags": "<podcast:txt>a</podcast:txt>"}
    show = {"trailers": "{title: Soon, path: /audio/other.mp3, date: 2025-06-01 05:00:00 +0900}"}
    root = project(header=header, show=show)
    marks = [build(load(root), now=NOW)["radio/feed.xml"].fingerprint]
    episode = root / "episodes/1.md"
    episode.write_text(episode.read_text().replace(">a<", ">b<"))
    marks.append(build(load(root), now=NOW)["radio/feed.xml"].fingerprint)
    (root / "audio/other.mp3").write_bytes((root / "audio/untagged.mp3").read_bytes())
    marks.append(build(load(root), now=NOW)["radio/feed.xml"].fingerprint)

    assert len(set(marks)) == 3
    assert "audio/other.mp3" in build(load(root), now=NOW)


@pytest.mark.parametrize("change", [{"draft": "true"}, {"date": "2099-01-01 05:00:00 +0900"}])
def test_unreleased_episode_keeps_its_tags_to_itself(change: dict[str, str], project: Callable[..., Path]) -> None:
    """Neither a tag nor a namespace of it is in the feed."""
    hidden = {"title": "Later", "date": "2025-06-09 05:00:00 +0900", "audio_file_path": "/audio/other.mp3", **change}
    secret = "location: CANARY\nsoundbites: {start: 1, duration: 20, title: CANARY}\nextra_tags: <app:CANARY/>\n"
    lines = "".join(f"{name}: {value}\n" for name, value in hidden.items())
    config = {"namespaces": "{app: https://app.example/CANARY}"}
    root = project(files={"episodes/2.md": f"---\n{lines}{secret}---\n"}, config=config)

    files = build(load(root), now=NOW)

    assert not any(b"CANARY" in file.content() for file in files.values() if callable(file.content))


# ------------------------------------------------------------------------------------------------ pages


def _examples(page: str) -> Iterator[str]:
    text = (Path(__file__).parent.parent / "docs/how-to" / page).read_text("utf-8")
    yield from re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", [*_examples("people.md"), *_examples("podcasting-2.0.md")])
def test_examples_on_the_pages_are_taken(example: str, project: Callable[..., Path]) -> None:
    """Without a word: in config.yaml as a whole, or else in a show and in an episode, wherever its settings belong."""
    given = dict(re.findall(r"^(\w+):(.*(?:\n .*)*)", example, re.MULTILINE))
    homes = {"show": settings.SHOW, "header": settings.EPISODE}
    where = [home for home, known in homes.items() if given.keys() <= settings.names(known)]
    if given.keys() <= settings.names(settings.CONFIG):
        where = ["config"]
    assert where
    for home in where:
        # What lies below a show in config.yaml is indented as much more.
        values = {name: value.replace("\n", "\n    ") if home == "show" else value for name, value in given.items()}
        actors = {"actors": "{ada: {name: Ada}, bo: {name: Bo}}"}
        root = project(**{"config": actors, home: {**(actors if home == "config" else {}), **values}})

        assert [(path, each.message) for path, each in load(root).findings] == []
