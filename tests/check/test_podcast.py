"""The tags of the podcast namespace in a feed: what the pages of the rules do not show."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st

from podfeed.check.namespace import TAGS, TEXT, countries, may_stand_in, services, taxonomy
from podfeed.linting import lint
from podfeed.read.xml import Element
from podfeed.testing import example_feed


def _told(fragment: str) -> list[tuple[str, str]]:
    """What the rules about the namespace say of the example feed with *fragment*, in the order of the file."""
    found = lint(example_feed(fragment), "feed.xml", now=NOW)
    return [(each.rule, each.message) for each in found if each.rule.startswith("podcast-")]


def _rules(fragment: str) -> list[str]:
    return [rule for rule, _ in _told(fragment)]


def _item(fragment: str) -> str:
    return f"<item>{fragment}</item>"


_SOURCE = '<podcast:source uri="https://radio.podfeed.example/waves.mp3"/>'
_LIVE = """
    <podcast:liveItem status="{status}" start="{start}" end="{end}">
      <guid isPermaLink="false">live-1</guid>
      <enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>
      <podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink>
      {more}
    </podcast:liveItem>"""


def _live(status: str = "pending", start: str = "2026-06-02T20:00:00Z", end: str = "", more: str = "") -> str:
    return _LIVE.format(status=status, start=start, end=end, more=more)


#: A show with nearly every tag of the namespace, each as its documentation has it.
_WHOLE_SHOW = (
    """
    <podcast:medium>podcast</podcast:medium>
    <podcast:funding url="https://support.podfeed.example/">支援する</podcast:funding>
    <podcast:funding url="https://members.podfeed.example/">Become a member</podcast:funding>
    <podcast:person href="https://ada.podfeed.example/" img="https://radio.podfeed.example/ada.jpg">海野</podcast:person>
    <podcast:person role="Cover Art Designer" group="Visuals">Bo</podcast:person>
    <podcast:location geo="geo:35.4437,139.638" osm="R2689482" country="JP" rel="creator">横浜</podcast:location>
    <podcast:trailer url="https://radio.podfeed.example/trailer.mp3" pubdate="Mon, 02 Jun 2025 05:00:00 +0900"
                     length="12345" type="audio/mpeg" season="1">予告</podcast:trailer>
    <podcast:license>CC-BY-4.0</podcast:license>
    <podcast:block id="youtube">no</podcast:block>
    <podcast:txt purpose="applepodcastsverify">05124</podcast:txt>
    <podcast:updateFrequency rrule="FREQ=WEEKLY;UNTIL=2026-12-31T00:00:00.000Z;BYDAY=MO"
                             dtstart="2026-01-05T00:00:00.000Z">毎週月曜日</podcast:updateFrequency>
    <podcast:podping usesPodping="true"/>
    <podcast:chat server="irc.podfeed.example" protocol="irc" accountId="@ada" space="#radio"/>
    <podcast:image href="https://radio.podfeed.example/wide.jpg" alt="The harbour" aspect-ratio="16/9" width="1600"/>
    <podcast:podroll>
      <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" feedUrl="https://waves.example/feed.xml"/>
      <podcast:remoteItem feedGuid="396D9AE0-DA7E-5557-B894-B606231FA3EA" medium="music"/>
    </podcast:podroll>
    <podcast:publisher>
      <podcast:remoteItem feedGuid="003af0a0-6a45-55cf-b765-68e3d349551a" medium="publisher"/>
    </podcast:publisher>
    <podcast:value type="lightning" method="keysend" suggested="0.00000005000">
      <podcast:valueRecipient name="Ada" type="node" split="95"
        address="02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52"/>
      <podcast:valueRecipient name="Host" type="wallet" address="whatever" split="5" fee="true"/>
    </podcast:value>
    """
    + _live("live", "2025-12-31T20:00:00.000-0600", "2026-01-01T04:00:00Z", "<podcast:season>1</podcast:season>")
    + """
    <item>
      <podcast:season name="海">2</podcast:season>
      <podcast:episode display="第4話">4.5</podcast:episode>
      <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/vtt; charset=utf-8" language="ja"/>
      <podcast:transcript url="https://radio.podfeed.example/1.srt?v=2" type="application/x-subrip" rel="captions"/>
      <podcast:transcript url="https://radio.podfeed.example/transcript" type="text/html"/>
      <podcast:chapters url="https://radio.podfeed.example/1.json" type="application/json+chapters"/>
      <podcast:soundbite startTime="0.5" duration="42.25">滑った瞬間</podcast:soundbite>
      <podcast:socialInteract protocol="activitypub" uri="https://social.podfeed.example/@ada/1" priority="1"/>
      <podcast:socialInteract protocol="nostr" uri="nostr:note1abc" priority="2"/>
      <podcast:contentLink href="https://video.podfeed.example/1">Watch</podcast:contentLink>
      <podcast:alternateEnclosure type="audio/mpeg" length="1000000" bitrate="128000.5" default="true" lang="ja">
        <podcast:source uri="https://radio.podfeed.example/waves.mp3"/>
        <podcast:source uri="ipfs://waves" contentType="application/octet-stream"/>
        <podcast:integrity type="sri" value="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="/>
      </podcast:alternateEnclosure>
    </item>"""
)


def test_whole_namespace_is_clean() -> None:
    """A feed that uses the namespace as its documents say is told nothing."""
    assert lint(example_feed(_WHOLE_SHOW), "feed.xml", now=NOW) == ()


def test_tags_are_known_by_either_address_of_the_namespace() -> None:
    """Old feeds name the namespace by its page on GitHub, with a prefix of their own."""
    fragment = '<podcast:medium xmlns:podcast="{}">radio</podcast:medium>'
    old = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"

    assert _rules(fragment.format(old)) == ["podcast-word-unknown"]


def test_nothing_is_told_of_what_is_no_rss() -> None:
    """Where there is no channel, there are no tags to judge."""
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0"><podcast:x/></feed>'

    found = lint(('<?xml version="1.0"?>' + feed).encode(), "feed.xml", now=NOW)

    assert [each.rule for each in found if each.rule.startswith(("podcast-", "podlove-", "spotify-"))] == []


_ATTRIBUTES = [*sorted({name for tag in TAGS.values() for name in tag.values} - {TEXT}), "geo", "osm", "rrule", "id"]
_VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12) | st.sampled_from(
    ("", "0", "1.5", "true", "yes", "node", "disabled", "FREQ=WEEKLY", "geo:1,2", "9999-12-31", "1e999", "9" * 400)
)


def _element(tag: str, attributes: dict[str, str], text: str, children: list[str]) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<podcast:{tag}{written}>{escape(text)}{''.join(children)}</podcast:{tag}>"


_ANYTHING = st.recursive(
    st.just(""),
    lambda inside: st.builds(
        _element,
        st.sampled_from(sorted(TAGS)),
        st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUES),
        _VALUES,
        st.lists(inside, max_size=3),
    ),
    max_leaves=8,
)


@given(_ANYTHING, _ANYTHING)
def test_any_tags_get_an_answer(in_channel: str, in_item: str) -> None:
    """Whatever a feed does with the namespace, the rules say something or nothing, each at a place in the file."""
    feed = example_feed(f"{in_channel}<item>{in_item}</item>")
    lines = feed.decode().count("\n") + 1

    assert all(1 <= each.position.line <= lines for each in lint(feed, "feed.xml", now=NOW))


# -------------------------------------------------------------------------------------------- the table


@pytest.mark.parametrize("name", TAGS)
def test_every_parent_and_child_of_the_table_is_known(name: str) -> None:
    """A slip in the table would send authors to tags that do not exist."""
    tag = TAGS[name]
    names = {*tag.parents, *tag.once_in, *(child for choice in tag.children for child in choice)}
    known = {*(f"podcast:{each}" for each in TAGS), "channel", "item", "guid", "enclosure"}

    assert names <= known
    assert set(tag.once_in) <= set(tag.parents)
    assert all((value.kind == "word") == bool(value.words) for value in tag.values.values())


def test_lists_are_whole() -> None:
    """The lists are as long as their sources: ISO 3166-1 with Kosovo, the 63 pairs of the taxonomy, the service slugs."""
    assert len(countries()) == 250
    assert sum(len(groups) for groups in taxonomy().values()) == 63
    assert len(services()) == 58


def test_live_item_may_hold_what_an_item_may() -> None:
    assert may_stand_in(Element("podcast:liveItem", {}, 0), ("item",))
    assert not may_stand_in(Element("podcast:liveItem", {}, 0), ("channel",))


@pytest.mark.parametrize(
    ("fragment", "hint"),
    [
        pytest.param("<podcast:liveitem/>", "write <podcast:liveItem>", id="capital letters"),
        pytest.param("<podcast:soundbit/>", "write <podcast:soundbite>", id="a letter is missing"),
        pytest.param("<podcast:social>@ada</podcast:social>", "leave it out", id="a proposal"),
        pytest.param("<podcast:番組/>", "leave it out", id="a word of the author's own"),
    ],
)
def test_unknown_tag_gets_the_name_that_was_meant(fragment: str, hint: str) -> None:
    (found,) = lint(example_feed(fragment), "feed.xml", now=NOW)

    assert (found.rule, found.severity, found.hint) == ("podcast-tag-unknown", "warning", hint)


def test_proposal_is_not_called_unknown() -> None:
    assert _told("<podcast:social>@ada</podcast:social>") == [
        ("podcast-tag-unknown", "<podcast:social> is only a proposal; hardly any app reads it")
    ]


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        pytest.param(
            _item("<podcast:locked>no</podcast:locked>"), "<podcast:locked> stands in <item>", id="channel's in item"
        ),
        pytest.param(
            '<podcast:soundbite startTime="1" duration="20"/>',
            "<podcast:soundbite> stands in <channel>",
            id="item's in channel",
        ),
        pytest.param(_item(_SOURCE), "<podcast:source> stands in <item>", id="inner one alone"),
        pytest.param(
            "<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>ada@radio.podfeed.example</itunes:email>"
            "<podcast:person>Ada</podcast:person></itunes:owner>",
            "<podcast:person> stands in <itunes:owner>",
            id="inside another's tag",
        ),
    ],
)
def test_tag_in_the_wrong_place(fragment: str, message: str) -> None:
    assert ("podcast-tag-misplaced", message) in _told(fragment)


def test_tags_are_counted_in_each_parent() -> None:
    """One season in each of two episodes is right, two in one are not."""
    season = "<podcast:season>1</podcast:season>"

    assert _rules(_item(season) + _item(season)) == []
    assert _rules(_item(season + season)) == ["podcast-tag-repeated"]


def test_publisher_has_one_reference() -> None:
    one = '<podcast:remoteItem feedGuid="003af0a0-6a45-55cf-b765-68e3d349551a" medium="publisher"/>'

    assert _rules(f"<podcast:publisher>{one}{one}</podcast:publisher>") == ["podcast-tag-repeated"]


@pytest.mark.parametrize(
    ("fragment", "messages"),
    [
        pytest.param(
            _item('<podcast:alternateEnclosure type="audio/opus"/>'),
            ["<podcast:alternateEnclosure> holds no <podcast:source>"],
            id="alternative enclosure",
        ),
        pytest.param(
            '<podcast:value type="lightning" method="keysend"/>',
            ["<podcast:value> holds no <podcast:valueRecipient>"],
            id="payment",
        ),
        pytest.param("<podcast:publisher/>", ["<podcast:publisher> holds no <podcast:remoteItem>"], id="publisher"),
        pytest.param(
            '<podcast:liveItem status="pending" start="2026-06-02T20:00:00Z"><guid>https://a.example/1</guid></podcast:liveItem>',
            ["<podcast:liveItem> holds no <enclosure>", "<podcast:liveItem> holds no <podcast:contentLink>"],
            id="live show",
        ),
        pytest.param(
            '<podcast:value type="lightning" method="lnaddress">'
            '<podcast:valueRecipient type="lnaddress" address="ada@a.example" split="1"/>'
            '<podcast:valueTimeSplit startTime="1" duration="2"/></podcast:value>',
            ["<podcast:valueTimeSplit> holds none of <podcast:remoteItem> and <podcast:valueRecipient>"],
            id="time split",
        ),
    ],
)
def test_what_has_to_be_inside(fragment: str, messages: list[str]) -> None:
    assert _told(fragment) == [("podcast-child-missing", message) for message in messages]


def test_blank_attribute_counts_as_missing_where_it_is_needed() -> None:
    """And where it is not needed, it says nothing: plugins write ``img=""``."""
    assert _told('<podcast:funding url=" ">Support us</podcast:funding>') == [
        ("podcast-attribute-missing", "<podcast:funding> has no “url”")
    ]
    assert _told('<podcast:person img="" href="" role="" group="">Ada</podcast:person>') == []
    assert _told('<podcast:location geo="" osm="" country="" rel="">横浜</podcast:location>') == []


@pytest.mark.parametrize("tag", ["person", "location", "medium", "license", "guid"])
def test_blank_text_is_told_once(tag: str) -> None:
    """What is missing cannot be a wrong word, or no UUID."""
    assert _told(f"<podcast:{tag}>\n </podcast:{tag}>") == [("podcast-text-missing", f"<podcast:{tag}> holds no text")]


@pytest.mark.parametrize(
    ("fragment", "limit"),
    [
        ('<podcast:funding url="https://a.example/">{}</podcast:funding>', 128),
        ("<podcast:person>{}</podcast:person>", 128),
        ("<podcast:txt>{}</podcast:txt>", 4000),
        ('<podcast:txt purpose="{}">1</podcast:txt>', 128),
        ('<item><podcast:episode display="{}">1</podcast:episode></item>', 32),
        ('<item><podcast:season name="{}">1</podcast:season></item>', 128),
        (
            '<item><podcast:alternateEnclosure type="audio/opus" title="{}">'
            + _SOURCE
            + "</podcast:alternateEnclosure></item>",
            32,
        ),
    ],
)
def test_length_is_counted_in_characters(fragment: str, limit: int) -> None:
    """Japanese has as many as any language; blanks around a text are not its own."""
    assert _rules(fragment.format(f" {'海' * limit} ")) == []
    assert _rules(fragment.format("海" * (limit + 1))) == ["podcast-text-too-long"]


@pytest.mark.parametrize(
    ("fragment", "hint"),
    [
        pytest.param("<podcast:medium>musicL</podcast:medium>", None, id="a list of music"),
        pytest.param("<podcast:medium>mixed</podcast:medium>", None, id="a mixed list"),
        pytest.param("<podcast:medium>Podcast</podcast:medium>", "write “podcast”", id="capital letters"),
        pytest.param("<podcast:locked>true</podcast:locked>", "write one of: yes, no", id="true is not yes"),
        pytest.param('<podcast:podping usesPodping="yes"/>', "write one of: true, false", id="yes is not true"),
        pytest.param(_live("Live"), "write “live”", id="state of a live show"),
    ],
)
def test_word_is_one_of_few(fragment: str, hint: str | None) -> None:
    found = lint(example_feed(fragment), "feed.xml", now=NOW)

    assert [(each.rule, each.hint) for each in found] == ([("podcast-word-unknown", hint)] if hint else [])


@pytest.mark.parametrize("text", ["1", "12.5", ".5", "0"])
def test_episode_number_may_have_a_fraction(text: str) -> None:
    assert _rules(_item(f"<podcast:episode>{text}</podcast:episode>")) == []


@pytest.mark.parametrize("text", ["１２", "第12回", "1,5", "-1", "1e3", "nan"])
def test_what_is_no_number(text: str) -> None:
    """Readers take digits and a point: full-width digits are none to them."""
    assert _told(_item(f"<podcast:episode>{text}</podcast:episode>")) == [
        ("podcast-number-invalid", f"“{text}” is no number, as <podcast:episode> needs one")
    ]


def test_season_is_a_whole_number() -> None:
    assert _told(_item("<podcast:season>1.5</podcast:season>")) == [
        ("podcast-number-invalid", "“1.5” is no whole number, as <podcast:season> needs one")
    ]


@pytest.mark.parametrize(
    "start", ["2026-06-02T20:00:00.000-0600", "2026-06-02T20:00Z", "2026-06-02", "20260602T200000Z"]
)
def test_live_show_may_begin_at_any_iso_8601(start: str) -> None:
    assert _rules(_live(start=start)) == []


@pytest.mark.parametrize("start", ["Tue, 02 Jun 2026 20:00:00 GMT", "2026-13-02T20:00Z", "２０２６-06-02", "tomorrow"])
def test_live_show_begins_at_a_date(start: str) -> None:
    assert _rules(_live(start=start)) == ["podcast-date-invalid"]


@pytest.mark.parametrize("date", ["Thu, 01 Apr 2021 08:00:00 EST", "1 Apr 2021 08:00:00 +0900"])
def test_trailer_is_dated_as_in_mail(date: str) -> None:
    trailer = '<podcast:trailer url="https://a.example/t.mp3" pubdate="{}">Soon</podcast:trailer>'

    assert _rules(trailer.format(date)) == []
    assert _rules(trailer.format("2021-04-01T08:00:00Z")) == ["podcast-date-invalid"]
    assert _rules(trailer.format("Fri, 01 Apr 2021 08:00:00 GMT")) == ["podcast-date-invalid"]


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "HTTPS://a.example/",
        "https://a.example:8443/%E6%B5%B7?x=[1]&amp;y=(2)#top",
        "https://xn--u8jxf.example./@ada",
    ],
)
def test_address_is_fine(address: str) -> None:
    assert _rules(f'<podcast:funding url="{address}">Support us</podcast:funding>') == []


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/",
        "/support/",
        "a.example",
        "https://localhost/",
        "https://a.example/a b",
        "https://a.example/海辺",
        "https://ada:secret@a.example/",
        "https://a.example/1.vtt?X-Amz-Signature=abc",
        "ipfs://abc",
    ],
)
def test_address_is_a_full_one(address: str) -> None:
    """Whatever keeps an address from being opened by everybody, it is told once, with the address."""
    ((rule, message),) = _told(f'<podcast:funding url="{address}">Support us</podcast:funding>')

    assert rule == "podcast-address-not-https"
    assert f"“{address}”" in message


def test_endless_address_is_judged_at_once() -> None:
    """A hostile feed cannot keep the linter busy with an address of a million points."""
    address = "https://" + "a." * 500_000 + " "

    assert _rules(f'<podcast:funding url="{address}b">Support us</podcast:funding>') == ["podcast-address-not-https"]


def test_place_is_that_of_the_value() -> None:
    """The caret stands below the attribute's value, or below the text."""
    feed = example_feed('<podcast:funding url="http://a.example/">Support us</podcast:funding>')
    (found,) = lint(feed, "feed.xml", now=NOW)
    line = found.excerpt[found.position.column - 1 :][: found.position.width]

    assert line == "http://a.example/"


# --------------------------------------------------------------------------------------------- the show


def test_guid_in_capital_letters_is_a_uuid() -> None:
    assert _rules("<podcast:guid>9B024349-CCF0-5F69-A609-6B82873EAB3C</podcast:guid>") == []
    assert _rules("<podcast:guid>{9b024349-ccf0-5f69-a609-6b82873eab3c}</podcast:guid>") == ["podcast-guid-invalid"]


def test_missing_lock_is_advice() -> None:
    (found,) = lint(example_feed("<!-- without podcast:locked -->"), "feed.xml", now=NOW)

    assert (found.rule, found.severity) == ("podcast-locked-missing", "info")


@pytest.mark.parametrize("owner", ["Ada &lt;ada@a.example&gt;", "mailto:ada@a.example", "ada@localhost", "ada"])
def test_owner_is_one_bare_address(owner: str) -> None:
    assert _rules(f'<podcast:locked owner="{owner}">yes</podcast:locked>') == ["podcast-locked-owner-invalid"]


def test_block_says_for_whom_the_show_is_hidden() -> None:
    assert _told('<podcast:block>yes</podcast:block><podcast:block id="google">yes</podcast:block>') == [
        ("podcast-show-blocked", "the show is hidden from every platform that is not named with “no”"),
        ("podcast-show-blocked", "the show is hidden from “google”"),
    ]


@pytest.mark.parametrize(
    ("service", "hint"),
    [
        ("Spotify", "write “spotify”"),
        ("podcasts.com", "write “podcasts”"),
        ("海", "take one of the list serviceslugs.txt"),
    ],
)
def test_unknown_service_gets_the_name_that_was_meant(service: str, hint: str) -> None:
    (found,) = lint(example_feed(f'<podcast:block id="{service}">no</podcast:block>'), "feed.xml", now=NOW)

    assert (found.rule, found.hint) == ("podcast-service-unknown", hint)


@pytest.mark.parametrize("license", ["cc-by-nc-nd-4.0", "ARR", "Pod-V4V-1.0"])
def test_licence_is_known_in_any_capital_letters(license: str) -> None:
    assert _rules(f"<podcast:license>{license}</podcast:license>") == []


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('rrule="BYDAY=MO"', "the recurrence rule has no FREQ"),
        ('rrule="FREQ=WEEKLY;BYDAY=MONDAY"', "“BYDAY=MONDAY” is no part of a recurrence rule"),
        (
            'rrule="FREQ=WEEKLY;COUNT=3;UNTIL=20261231" dtstart="2026-01-05"',
            "the recurrence rule has both COUNT and UNTIL",
        ),
        ('rrule="FREQ=WEEKLY;COUNT=3"', "the recurrence rule has a COUNT, and no start to count from"),
        (
            'rrule="FREQ=WEEKLY;UNTIL=20261231T000000Z" dtstart="2026-01-05"',
            "of the start and the end of the recurrence rule, one has a time and one has none",
        ),
    ],
)
def test_recurrence_rule_is_judged_as_a_whole(attributes: str, message: str) -> None:
    assert _told(f"<podcast:updateFrequency {attributes}>Weekly</podcast:updateFrequency>") == [
        ("podcast-update-frequency-invalid", message)
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        'rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10" dtstart="2026-01-05T00:00:00.000Z"',
        'rrule="freq=yearly;byday=+4th;bymonth=11"',
        'complete="true"',
        'rrule=""',
    ],
)
def test_recurrence_rule_is_fine(attributes: str) -> None:
    assert _rules(f"<podcast:updateFrequency {attributes}>Often</podcast:updateFrequency>") == []


@pytest.mark.parametrize(
    ("fragment", "messages"),
    [
        pytest.param(
            '<podcast:podroll><podcast:remoteItem feedGuid="9B024349-ccf0-5f69-a609-6b82873eab3c"/></podcast:podroll>',
            ["<podcast:podroll> names this very show"],
            id="itself",
        ),
        pytest.param(
            '<podcast:publisher><podcast:remoteItem feedGuid="003af0a0-6a45-55cf-b765-68e3d349551a"/></podcast:publisher>',
            ["<podcast:publisher> does not say that it names a publisher's feed"],
            id="publisher without medium",
        ),
        pytest.param(
            '<podcast:remoteItem feedGuid="9b024349-ccf0-5f69-a609-6b82873eab3c" itemGuid="1"/>', [], id="a list may"
        ),
    ],
)
def test_reference_to_another_show(fragment: str, messages: list[str]) -> None:
    assert _told(fragment) == [("podcast-remote-item-invalid", message) for message in messages]


def test_reference_without_own_guid_is_not_the_show_itself() -> None:
    """A reference without a guid, in a feed without a guid, is told as what it is: incomplete."""
    fragment = "<!-- without podcast:guid --><podcast:podroll><podcast:remoteItem/></podcast:podroll>"

    assert _rules(fragment) == ["podcast-attribute-missing"]


@pytest.mark.parametrize(
    ("type", "hint"),
    [
        ("audio/x-m4a", None),
        ("audio/mp4; codecs=mp4a.40.2", None),
        ("video/quicktime", None),
        ("audio/wav", "write “audio/x-m4a”"),
    ],
)
def test_trailer_is_of_a_type_that_apps_play(type: str, hint: str | None) -> None:
    where = 'url="https://a.example/t.m4a" pubdate="Mon, 02 Jun 2025 05:00:00 GMT"'
    found = lint(example_feed(f'<podcast:trailer {where} type="{type}">予告</podcast:trailer>'), "feed.xml", now=NOW)

    assert [(each.rule, each.hint) for each in found] == ([("podcast-trailer-type-wrong", hint)] if hint else [])


# ---------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('role="Host"', None),
        ('role="co-host" group="CAST"', None),
        ('role="producer"', None),
        ('group="writing"', None),
        ('role="editor" group="Video Post-Production"', None),
        ('role="intern" group="misc."', None),
        ('role="editor"', "“editor” is a role of more than one group: writing and video post-production"),
        ('role="guest" group="writing"', "“guest” is no role of the group “writing”"),
        ('role="パーソナリティ"', "“パーソナリティ” is no role of the Podcast Taxonomy"),
        ('role="host" group="出演"', "“出演” is no group of the Podcast Taxonomy"),
        ('role="barista" group="cast"', "“barista” is no role of the Podcast Taxonomy"),
        ('group="crew"', "“crew” is no group of the Podcast Taxonomy"),
    ],
)
def test_role_is_of_the_taxonomy(attributes: str, message: str | None) -> None:
    found = [("podcast-person-role-unknown", message)] if message else []

    assert _told(f"<podcast:person {attributes}>海野</podcast:person>") == found


def test_misspelt_role_gets_the_one_that_was_meant() -> None:
    (found,) = lint(example_feed('<podcast:person role="Cohost">Ada</podcast:person>'), "feed.xml", now=NOW)

    assert found.hint == "write “co-host”"


def test_same_person_in_two_episodes_is_named_once_in_each() -> None:
    person = '<podcast:person role="guest">Ada</podcast:person>'

    assert _rules(person + _item(person) + _item(person)) == []
    assert _rules(_item(person + '<podcast:person role="Guest" group="Cast">Ada</podcast:person>')) == [
        "podcast-person-repeated"
    ]


# -------------------------------------------------------------------------------------------- episodes


@pytest.mark.parametrize(
    ("url", "type", "message"),
    [
        ("https://a.example/1.srt", "text/srt", None),
        ("https://a.example/1.SRT?x=1.vtt", "application/srt", None),
        ("https://a.example/1", "text/plain", None),
        ("https://a.example/1.php", "application/json", None),
        ("https://a.example/1.htm", "text/html", None),
        ("https://a.example/1.srt", "text/vtt", "the transcript ends in “.srt” and is declared as “text/vtt”"),
        ("https://a.example/1.vtt", "vtt", "“vtt” is no type of a transcript"),
    ],
)
def test_type_of_a_transcript(url: str, type: str, message: str | None) -> None:
    found = [
        text
        for rule, text in _told(_item(f'<podcast:transcript url="{url}" type="{type}"/>'))
        if rule == "podcast-transcript-type-wrong"
    ]

    assert found == ([message] if message else [])


def test_episode_is_told_once_that_apple_reads_none_of_its_transcripts() -> None:
    transcripts = "".join(
        f'<podcast:transcript url="https://a.example/1.{ending}" type="{type}"/>'
        for ending, type in (("json", "application/json"), ("html", "text/html"))
    )

    assert _rules(_item(transcripts)) == ["podcast-transcript-not-for-apple"]


@pytest.mark.parametrize(
    ("start", "duration", "messages"),
    [
        ("0.1", "15", []),
        ("0", "20", ["the soundbite begins at 0; the Podcast Index leaves such out"]),
        ("1", "121", ["the soundbite takes 121 seconds", "the soundbite runs past the end of its episode"]),
        ("41", "20", []),
        ("41.5", "20", ["the soundbite runs past the end of its episode"]),
        ("1", "14.5", ["the soundbite takes 14.5 seconds"]),
    ],
)
def test_soundbite_lies_within_its_episode(start: str, duration: str, messages: list[str]) -> None:
    """The episode takes 60 seconds, give or take one."""
    soundbite = f'<podcast:soundbite startTime="{start}" duration="{duration}"/>'

    assert sorted(_told(_item(soundbite))) == [("podcast-soundbite-out-of-range", text) for text in sorted(messages)]


@pytest.mark.parametrize("duration", ["", "<itunes:duration>00:00</itunes:duration>"])
def test_soundbite_of_an_episode_of_unknown_length(duration: str) -> None:
    found = _rules(
        _item(f'<!-- without itunes:duration -->{duration}<podcast:soundbite startTime="900" duration="20"/>')
    )

    assert "podcast-soundbite-out-of-range" not in found


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('geo="geo:35.4437,139.638,12;u=350"', None),
        ('geo="GEO:-27.86159,153.3169;crs=wgs84"', None),
        ('geo="geo:400,500;crs=moon-2031"', None),
        ('osm="N240109189#2"', None),
        ('country="xk"', None),
        ('geo="35.4437,139.638"', "“35.4437,139.638” is no place as a geo address names one"),
        ('geo="geo:35.4437, 139.638"', "“geo:35.4437, 139.638” is no place as a geo address names one"),
        ('geo="geo:139.638,35.4437"', "“geo:139.638,35.4437” is not on the earth"),
        ('geo="geo:35,181;crs=WGS84"', "“geo:35,181;crs=WGS84” is not on the earth"),
        ('osm="113314"', "“113314” is no id of OpenStreetMap"),
        ('country="uk"', "“uk” is no country of ISO 3166"),
        ('country="日本"', "“日本” is no country of ISO 3166"),
    ],
)
def test_place_can_be_found(attributes: str, message: str | None) -> None:
    found = [("podcast-location-invalid", message)] if message else []

    assert _told(f"<podcast:location {attributes}>横浜</podcast:location>") == found


def test_default_enclosure_is_one() -> None:
    default = f'<podcast:alternateEnclosure type="audio/mpeg" default="true">{_SOURCE}</podcast:alternateEnclosure>'

    assert _rules(_item(default + default)) == ["podcast-default-enclosure-unclear"]
    assert _rules(_item(default) + _item(default)) == []


@pytest.mark.parametrize(
    ("type", "value", "is_fine"),
    [
        ("sri", "sha384-" + "A" * 64, True),
        ("sri", f"sha256-{'A' * 43}= sha512-{'A' * 86}==", True),
        ("sri", "sha256-" + "A" * 42, False),
        ("sri", "md5-1B2M2Y8AsgTpgAmY7PhCfg==", False),
        ("pgp-signature", "iQEzBAABCAAdFiEE=", True),
        ("pgp-signature", "-----BEGIN PGP SIGNATURE-----", False),
    ],
)
def test_integrity_can_be_proved(type: str, value: str, is_fine: bool) -> None:
    integrity = f'<podcast:integrity type="{type}" value="{value}"/>'
    found = _rules(
        _item(f'<podcast:alternateEnclosure type="audio/mpeg">{_SOURCE}{integrity}</podcast:alternateEnclosure>')
    )

    assert found == ([] if is_fine else ["podcast-integrity-invalid"])


@pytest.mark.parametrize(
    ("status", "start", "end", "rules"),
    [
        pytest.param("live", "2025-12-31T00:00Z", "2025-12-31T12:00Z", [], id="runs over by half a day"),
        pytest.param("live", "2025-12-30T00:00Z", "2025-12-30T12:00Z", ["podcast-live-item-overdue"], id="forgotten"),
        pytest.param(
            "pending",
            "2025-12-30T00:00",
            "2025-12-30",
            ["podcast-live-item-ends-early", "podcast-live-item-overdue"],
            id="never begun, without a zone",
        ),
        pytest.param("ended", "2025-12-30T00:00Z", "2025-12-30T12:00Z", [], id="ended"),
        pytest.param("live", "0001-01-01", "9999-12-31T23:59:59+14:00", [], id="the ends of time"),
        pytest.param("pending", "2026-06-02T20:00+09:00", "2026-06-02T12:00Z", [], id="compared as instants"),
    ],
)
def test_live_show_ends_after_it_begins(status: str, start: str, end: str, rules: list[str]) -> None:
    assert sorted(_rules(_live(status, start, end))) == rules


@pytest.mark.parametrize(
    ("fragment", "messages"),
    [
        ('<podcast:socialInteract protocol="disabled"/>', []),
        (
            '<podcast:socialInteract protocol="disabled" uri="https://a.example/1"/>',
            ["comments are switched off, and there is a place for them too"],
        ),
        (
            '<podcast:socialInteract protocol="disabled"/><podcast:socialInteract protocol="nostr" uri="nostr:1"/>',
            ["comments are switched off, and there is a place for them too"],
        ),
    ],
)
def test_comments_are_on_or_off(fragment: str, messages: list[str]) -> None:
    assert _told(_item(fragment)) == [("podcast-comments-unclear", message) for message in messages]


# -------------------------------------------------------------------------------------------- payments

_NODE = "02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52"


def _payment(*recipients: str, splits: str = "") -> str:
    return f'<podcast:value type="lightning" method="keysend">{"".join(recipients)}{splits}</podcast:value>'


def _recipient(type: str = "node", address: str = _NODE, split: str = "1") -> str:
    return f'<podcast:valueRecipient type="{type}" address="{address}" split="{split}"/>'


@pytest.mark.parametrize(
    ("type", "address", "is_fine"),
    [
        ("node", _NODE.upper(), True),
        ("node", _NODE[:-1], False),
        ("node", "ada@a.example", False),
        ("lnaddress", "ada@a.example", True),
        ("lnaddress", _NODE, False),
        ("wallet", "anything", True),
    ],
)
def test_payment_goes_to_an_address(type: str, address: str, is_fine: bool) -> None:
    assert _rules(_payment(_recipient(type, address))) == ([] if is_fine else ["podcast-payment-address-invalid"])


@pytest.mark.parametrize(
    ("splits", "rules"),
    [
        (["0", "1"], []),
        (["0", "00"], ["podcast-payment-without-shares"]),
        (["half"], ["podcast-number-invalid"]),
    ],
)
def test_somebody_gets_a_share(splits: list[str], rules: list[str]) -> None:
    assert _rules(_payment(*(_recipient(split=each) for each in splits))) == rules


def _time_split(start: int, duration: int, inside: str = "") -> str:
    inside = inside or '<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>'
    return f'<podcast:valueTimeSplit startTime="{start}" duration="{duration}">{inside}</podcast:valueTimeSplit>'


def test_time_splits_may_stand_in_any_order() -> None:
    assert _rules(_payment(_recipient(), splits=_time_split(60, 30) + _time_split(0, 60))) == []


def test_short_time_split_within_a_long_one_overlaps() -> None:
    splits = _time_split(0, 100) + _time_split(10, 5) + _time_split(50, 5)

    assert _rules(_payment(_recipient(), splits=splits)) == ["podcast-time-split-unclear"] * 2


def test_time_split_pays_one_side() -> None:
    both = '<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>' + _recipient()

    assert _rules(_payment(_recipient(), splits=_time_split(0, 9, both))) == ["podcast-time-split-unclear"]
