"""Whatever an author writes into the settings of the podcast namespace: findings, or a feed that parsers read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from test_feeds import TEXT

from podfeed.building import build
from podfeed.checking import check, stopped_shows
from podfeed.loading import load
from podfeed.testing import example_project

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PODCAST = "{https://podcastindex.org/namespace/1.0}"

#: Pieces of which tags are made, sound and unsound.
_XML = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("<podcast:txt>", "</podcast:txt>", "<podcast:chat server='a.example' protocol='irc'/>", "<app:x/>"),
                *("<app:x app:y='1'>", "</app:x>", "</item>", "<item>", "</extra_tags>", "<!--", "-->", "<![CDATA["),
                *("]]>", "&amp;", "&", "<", ">", "'", '"', "<?x ?>", "<!DOCTYPE x>", "<guid>x</guid>", " ", "\n"),
                *("xmlns:app='https://b.example'", "<category>", "</category>", "<b>", "</b>", "海", "&#38;", "<a:b/>"),
            ]
        ),
        TEXT,
    ),
    max_size=12,
).map("".join)


def _texts(names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names.split(), TEXT))


_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "location": st.one_of(TEXT, st.lists(_texts("name rel geo osm country"), max_size=2)),
        "txt": st.one_of(TEXT, st.lists(_texts("text purpose"), max_size=2)),
        "social_interact": st.lists(
            st.one_of(_texts("protocol uri"), TEXT.map(lambda uri: {"protocol": "nostr", "uri": uri})), max_size=2
        ),
        "funding": st.lists(TEXT.map(lambda text: {"url": f"https://{text}", "text": text}), max_size=2),
        "license": TEXT.map(lambda text: {"slug": text, "url": f"https://{text}"}),
        "extra_tags": _XML,
    },
)
_EPISODE = st.fixed_dictionaries(
    {},
    optional={
        "soundbites": st.lists(TEXT.map(lambda title: {"start": 1, "duration": 20, "title": title}), max_size=2),
        "season_name": TEXT,
        "episode_label": TEXT,
        "content_links": st.lists(TEXT.map(lambda text: {"url": f"https://{text}", "text": text}), max_size=2),
        "roles": st.dictionaries(st.sampled_from(["ada", "bo"]), st.one_of(TEXT, _texts("role group"))),
    },
)
_SHOW = st.fixed_dictionaries(
    {},
    optional={
        "trailers": st.lists(
            TEXT.map(lambda text: {"title": text, "url": f"https://{text}", "date": "2025-06-01 05:00 Z"}), max_size=2
        ),
        "update_frequency": st.one_of(TEXT, _texts("text rrule dtstart")),
        "block_services": st.dictionaries(TEXT, st.booleans(), max_size=2),
        "verification": _texts("apple"),
        "spotify": _texts("country_of_origin"),
    },
)
_URI = st.one_of(TEXT, TEXT.map("https://{}".format), st.just("https://app.example/ns"))


@pytest.mark.failure("IN-9")
@given(both=_SETTINGS, of_show=_SETTINGS, episode=_EPISODE, show=_SHOW, uri=_URI)
def test_every_feed_with_podcast_tags_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    both: dict[str, object],
    of_show: dict[str, object],
    episode: dict[str, object],
    show: dict[str, object],
    uri: str,
) -> None:
    """expat, libxml2 and feedparser read it; what nobody may change is still what it was."""
    root = _project(tmp_path_factory, {**both, **episode}, {**of_show, **show}, uri)
    loaded = load(root)
    if stopped_shows(check(loaded, now=NOW), loaded.config):
        return

    content = build(loaded, now=NOW)["radio/feed.xml"].content
    assert callable(content)
    feed = content()

    expat.ParserCreate().Parse(feed, True)
    assert not feedparser.parse(BytesIO(feed)).bozo
    channel = etree.fromstring(feed).find("channel")
    (item,) = channel.findall("item")
    for parent, name in ((channel, "title"), (channel, f"{_PODCAST}guid"), (item, "guid"), (item, "enclosure")):
        assert len(parent.findall(name)) == 1
    assert item.findtext("guid") == "tides"
    written = loaded.files["episodes/1.md"].episode
    assert [each.text for each in item.findall(f"{_PODCAST}location")] == [each.name for each in written.locations]
    assert [each.text or "" for each in item.findall(f"{_PODCAST}soundbite")] == [
        each.title for each in written.soundbites
    ]


def _project(factory: pytest.TempPathFactory, header: dict[str, object], show: dict[str, object], uri: str) -> Path:
    """A project with these settings. What is written as JSON is YAML too."""
    root = factory.getbasetemp() / "any-podcast-tags"

    def lines(settings: dict[str, object]) -> dict[str, str]:
        return {name: json.dumps(value, ensure_ascii=False) for name, value in settings.items()}

    return example_project(
        root,
        header={"guid": "tides", **lines(header)},
        show=lines(show),
        config={"namespaces": json.dumps({"app": uri}, ensure_ascii=False)},
    )
