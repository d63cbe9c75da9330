"""Tags as XML in a header: nothing gets out of its place, and every fault is told where it stands."""

from __future__ import annotations

import pytest

from podfeed.diagnostics import Position
from podfeed.model import Config, Tag
from podfeed.read.decode import Decoded, decode_config, decode_episode
from podfeed.read.extra import extra_tags, namespaces_of, place_in
from podfeed.read.source import Text, read_config_file, read_episode_file
from podfeed.read.xml import NAMESPACES

_PODCAST = "{https://podcastindex.org/namespace/1.0}"


def decoded(header: str, config: Config | None = None) -> Decoded:
    """The episode with this header."""
    data = f"---\n{header}\n---\n".encode()
    return decode_episode(read_episode_file("episodes/1.md", data), data, config or Config())


def block(xml: str) -> str:
    """*xml* as a block of YAML."""
    return "audio: /a.mp3\nextra_tags: |\n" + "".join(f"  {line}\n" for line in xml.split("\n"))


#: What could break out of its place, blow up, or be another thing in the feed than here.
HOSTILE = {
    "closes the item": "</item><item><guid>x</guid></item>",
    "closes its own wrapping": "</extra_tags><extra_tags>",
    "closes its own wrapping and hides the rest": "</extra_tags><!--",
    "closes the channel": "</channel></rss>",
    "opens only": "<podcast:chat>",
    "closes only": "</podcast:chat>",
    "crosses": "<podcast:a><podcast:b></podcast:a></podcast:b>",
    "an item": "<item><title>x</title></item>",
    "an item inside": "<podcast:podroll><item/></podcast:podroll>",
    "a channel": "<channel/>",
    "a second title": "<title>x</title>",
    "a second guid": "<guid>x</guid>",
    "a second enclosure": '<enclosure url="https://a.example/x.mp3" length="1" type="audio/mpeg"/>',
    "a second date": "<pubDate>Mon, 02 Jun 2025 05:00:00 +0900</pubDate>",
    "a second page": "<link>https://a.example/</link>",
    "another address": '<atom:link rel="self" href="https://a.example/feed.xml"/>',
    "another address in capitals": '<atom:link rel=" SELF " href="https://a.example/feed.xml"/>',
    "another show": "<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>",
    "a move": "<itunes:new-feed-url>https://a.example/feed.xml</itunes:new-feed-url>",
    "a block": "<itunes:block>Yes</itunes:block>",
    "a bomb": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
    "an entity": "<podcast:txt>&x;</podcast:txt>",
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "an entity of HTML": "<podcast:txt>&nbsp;</podcast:txt>",
    "a declaration": '<?xml version="1.0"?><podcast:txt>x</podcast:txt>',
    "an open comment": "<!-- x",
    "an open CDATA section": "<podcast:txt><![CDATA[ x </podcast:txt>",
    "the end of a CDATA section": "<podcast:txt>]]></podcast:txt>",
    "an open value": '<podcast:txt purpose="x>y</podcast:txt>',
    "an unknown prefix": "<bogus:x/>",
    "an unknown prefix of an attribute": '<podcast:txt bogus:x="1">y</podcast:txt>',
    "a declared prefix": '<bogus:x xmlns:bogus="https://bogus.example/"/>',
    "another meaning of a prefix": '<podcast:txt xmlns:podcast="https://bogus.example/">x</podcast:txt>',
    "a default namespace": '<x xmlns="http://www.w3.org/1999/xhtml"/>',
    "text": "hello",
    "text beside tags": "<podcast:txt>a<podcast:b/>c</podcast:txt>",
    "an ampersand": "<podcast:txt>a & b</podcast:txt>",
    "an attribute twice": '<podcast:txt purpose="a" purpose="b">x</podcast:txt>',
    "a character of no text": "<podcast:txt>&#0;</podcast:txt>",
    "half a character": "<podcast:txt>&#xD800;</podcast:txt>",
    "too deep": "<a>" * 200 + "</a>" * 200,
}


@pytest.mark.parametrize("xml", [pytest.param(xml, id=name) for name, xml in HOSTILE.items()])
def test_what_cannot_be_part_of_a_feed_is_left_out_and_told(xml: str) -> None:
    """At a line of its own text, under a name that has a page."""
    found = decoded(block(xml))

    assert found.episode.extra_tags == ""
    assert found.faults
    assert {each.rule for each in found.faults} <= {"extra-tags-unreadable", "extra-tag-refused"}
    for each in found.faults:
        assert each.field == "extra_tags"
        assert each.position
        assert 3 <= each.position.line <= 4, each


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<podcast:txt>a</podcast:txt>\n\n    <guid>x</guid>", "guid"),
        ("<podcast:txt>\n  海と船 & 港\n</podcast:txt>", "&"),
        ("<bogus:x/>", "<"),
        ('<podcast:txt>海と船</podcast:txt><x xmlns="a"/>', "a"),
        ("海と船", "海と船"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fault_stands_where_it_is_written(xml: str, words: str, newline: str) -> None:
    """To the column, below whatever indentation and behind Japanese text."""
    header = block(xml).replace("\n", newline)
    source = read_episode_file("x.md", f"---{newline}{header}---{newline}".encode())

    (fault,) = decoded(header.rstrip("\r\n")).faults

    assert fault.position
    assert source.line(fault.position.line)[fault.position.column - 1 :].startswith(words)


@pytest.mark.parametrize(
    "header",
    [
        "audio: /a.mp3\nextra_tags: <guid>x</guid>",
        "audio: /a.mp3\nextra_tags: '<guid>x</guid>'",
        "audio: /a.mp3\nextra_tags: |-\n    <guid>x</guid>",
        "audio: /a.mp3\nextra_tags: >\n    <guid>x</guid>",
    ],
)
def test_fault_is_found_in_every_kind_of_text(header: str) -> None:
    """Plain, quoted, literal and folded."""
    source = read_episode_file("x.md", f"---\n{header}\n---\n".encode())

    (fault,) = decoded(header).faults

    assert fault.position
    assert source.line(fault.position.line)[fault.position.column - 1 :].startswith("guid>x")


def test_place_that_is_not_plain_is_where_the_value_begins() -> None:
    """A long text may be folded in the file: its lines are not those of the value."""
    value = Text("one two", start=2, end=11)

    assert place_in("a: one\n   two\n", value, Position(line=1, column=5)) == Position(line=1, column=3)


def test_fault_in_toml_has_its_place() -> None:
    """A text of several lines too."""
    data = b"+++\naudio = '/a.mp3'\nextra_tags = '''\n<podcast:txt>a</podcast:txt>\n  <guid>x</guid>\n'''\n+++\n"

    found = decode_episode(read_episode_file("episodes/1.md", data), data, Config())

    assert [each.position for each in found.faults] == [Position(line=5, column=4, width=4)]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<podcast:txt>a</podcast:txt>", (Tag(f"{_PODCAST}txt", "a"),)),
        ("<podcast:txt purpose='&quot;&amp;'><![CDATA[<b>&]]></podcast:txt>", (Tag(f"{_PODCAST}txt", "<b>&", {"purpose": '"&'}),)),
        ("<!-- said --> <category>海</category> <?php evil ?>", (Tag("category", "海"),)),
        ("<podcast:a>\n <podcast:b/>\n</podcast:a>", (Tag(f"{_PODCAST}a", "", {}, (Tag(f"{_PODCAST}b"),)),)),
        ('<media:rating xml:lang="ja">x</media:rating>', (Tag("{http://search.yahoo.com/mrss/}rating", "x", {"{http://www.w3.org/XML/1998/namespace}lang": "ja"}),)),
        ('<app:x app:y="1"/>', (Tag("{https://app.example/ns}x", "", {"{https://app.example/ns}y": "1"}),)),
        ("<!-- nothing -->", ()),
    ],
)  # fmt: skip
def test_tags_are_elements_and_no_text(xml: str, expected: tuple[Tag, ...]) -> None:
    """Comments and instructions stay behind; what was escaped is text."""
    config = Config(namespaces={"app": "https://app.example/ns"})

    found = decoded(block(xml), config)

    assert found.faults == ()
    assert extra_tags(found.episode.extra_tags, config.namespaces) == expected


def test_only_what_is_used_is_declared() -> None:
    """In order, those of attributes and of tags inside tags too."""
    declared = {"b": "https://b.example", "a": "https://a.example", "c": "https://c.example"}
    inner = Tag("{https://a.example}x", "", {"{https://b.example}y": "1"})

    assert namespaces_of([Tag("z", "", {}, (inner,))], declared) == {"a": "https://a.example", "b": "https://b.example"}
    assert namespaces_of([], declared) == {}


@pytest.mark.parametrize(
    ("setting", "is_known"),
    [
        ("{app: https://app.example/ns}", True),
        ("{app: 'urn:example:app'}", True),
        ("{dc: http://purl.org/dc/elements/1.1/}", True),
        ("{podcast: https://podcastindex.org/namespace/1.0}", True),
        ("{podcast: https://app.example/ns}", False),
        ("{app: https://podcastindex.org/namespace/1.0/}", False),
        ("{Podcast2: http://www.itunes.com/DTDs/Podcast-1.0.dtd}", False),
        ("{xmlapp: https://app.example/ns}", False),
        ("{'a b': https://app.example/ns}", False),
        ("{'a:b': https://app.example/ns}", False),
        ("{アプリ: https://app.example/ns}", False),
        ("{app: }", False),
        ("{app: 'https://app.example/\"><evil'}", False),
        ("{app: 'https://['}", False),
    ],
)
def test_namespace_is_one_that_feeds_can_declare(setting: str, is_known: bool) -> None:
    """And stands for nothing that everybody knows under another prefix."""
    source = read_config_file("config.yaml", f"namespaces: {setting}\nshows: {{radio: {{title: R}}}}\n".encode())

    config, faults = decode_config(source)

    assert bool(config.namespaces) is is_known
    assert [each.rule for each in faults] == ([] if is_known else ["extra-namespace-invalid"])


def test_every_customary_prefix_stands_for_one_namespace() -> None:
    """The first of two, which is the one that is written today."""
    assert extra_tags("<podcast:x/><media:x/>", {}) == (Tag(f"{_PODCAST}x"), Tag("{http://search.yahoo.com/mrss/}x"))
    assert NAMESPACES["http://search.yahoo.com/mrss"] == "media"
