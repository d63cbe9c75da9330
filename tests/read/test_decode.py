"""A header becomes an episode, and config.yaml becomes shows: every fault is told, with the field it is about."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from podfeed.model import Category, Config, Funding, Match, Show, Waiver
from podfeed.read.decode import (
    EPISODE_FIELDS,
    SHOW_FIELDS,
    SPELLINGS,
    Decoded,
    decode_config,
    decode_episode,
)
from podfeed.read.fields import distance
from podfeed.read.source import read_config_file, read_episode_file

RADIO = Show(
    id="radio", title="Harbour Radio", feed="radio/feed.xml", permalink="/radio/{slug}/", timezone="Asia/Tokyo"
)
ONE_SHOW = Config(shows={"radio": RADIO})
AUDIO = "audio_file_path: /a.mp3\n"


def decode(text: str, config: Config = ONE_SHOW, path: str = "episodes/2025-06-02-tides.md") -> Decoded:
    """The episode of a header, or of a whole file that begins with a fence."""
    whole = text if text.startswith(("---", "+++")) else f"---\n{text.rstrip()}\n---\n"
    return decode_episode(read_episode_file(path, whole.encode()), whole.encode(), config)


def rules_of(decoded: Decoded) -> list[str]:
    return [fault.rule for fault in decoded.faults]


def config_of(text: str) -> tuple[Config, list[tuple[str, str]]]:
    config, faults = decode_config(read_config_file("config.yaml", text.encode()))
    return config, [(fault.rule, fault.field) for fault in faults]


# ------------------------------------------------------------------------------------------- episodes


def test_header_of_the_seeds_is_read_unchanged() -> None:
    """The yattecast dialect works as it is."""
    decoded = decode(
        "---\n"
        "actor_ids:\n  - ずんだもん\n"
        "audio_file_path: /audio/ガイド.mp3\n"
        "audio_file_size: 1234\n"
        "date: 2025-07-24 05:00:00 +0900\n"
        "description: 海の話。\n"
        'duration: "10:06"\n'
        "layout: article\n"
        "title: 1. 潮の満ち引き\n"
        "---\n## 内容\n"
    )
    episode = decoded.episode

    assert decoded.faults == ()
    assert decoded.kind == "episode"
    assert episode.title == "1. 潮の満ち引き"
    assert episode.date == datetime(2025, 7, 23, 20, tzinfo=UTC)
    assert episode.date_is_exact
    assert episode.audio == "/audio/ガイド.mp3"
    assert episode.stated_bytes == 1234
    assert episode.stated_duration == timedelta(minutes=10, seconds=6)
    assert episode.actor_ids == ("ずんだもん",)
    assert episode.description == "海の話。"
    assert episode.slug == "tides"
    assert (episode.show, episode.show_reason) == ("radio", "the only show")


def test_every_field_reaches_the_episode() -> None:
    """One line for each, so that a field nobody reads would be seen."""
    episode = decode(
        AUDIO + "title: t\nguid: g\nguid_is_permalink: true\nslug: s\npermalink: /p/\nseason: 2\nepisode: 3\n"
        "episode_type: bonus\nexplicit: yes\nblock: true\nimage_url: i.jpg\nthumbnail_url: u.jpg\ncard: summary\n"
        "information: note\nshow: radio\nignore: {notes-missing: why}\ndate: 2025-06-02 05:00:00 +0900"
    ).episode

    assert (episode.guid, episode.guid_is_permalink, episode.slug, episode.permalink) == ("g", True, "s", "/p/")
    assert (episode.season, episode.number, episode.type) == (2, 3, "bonus")
    assert (episode.explicit, episode.block) == (True, True)
    assert (episode.artwork, episode.thumbnail, episode.card) == ("i.jpg", "u.jpg", "summary")
    assert (episode.information, episode.show_reason) == ("note", "show: radio")
    assert episode.ignore == {"notes-missing": Waiver(reason="why")}
    assert episode.extra == {}


@pytest.mark.parametrize(("name", "spelling"), [(first, each) for first, rest in SPELLINGS.items() for each in rest])
def test_every_spelling_means_the_same(name: str, spelling: str) -> None:
    """What other tools call a field is read as podfeed calls it."""
    value = "[ada]" if name == "actor_ids" else "x"
    base = "" if name == "audio_file_path" else AUDIO

    one, other = (
        decode(f"{base}title: t\ndate: 2025-06-02 05:00:00 +0900\n{each}: {value}") for each in (name, spelling)
    )

    assert other.faults == ()
    assert [getattr(one.episode, each) for each in ("description", "audio", "actor_ids", "artwork")] == [
        getattr(other.episode, each) for each in ("description", "audio", "actor_ids", "artwork")
    ]


@pytest.mark.parametrize(
    ("header", "is_draft", "rules"),
    [
        pytest.param("draft: true", True, [], id="a draft"),
        pytest.param("published: false", True, [], id="not published"),
        pytest.param("published: true", False, [], id="published"),
        pytest.param("draft: false", False, [], id="no draft"),
        pytest.param("draft: true\npublished: true", True, [], id="both: private wins"),
        pytest.param("draft: no\npublished: no", True, [], id="both, and private again"),
        pytest.param("draft:", False, ["field-not-true-or-false"], id="without a value"),
        pytest.param("draft: treu", False, ["field-not-true-or-false"], id="a slip"),
        pytest.param("draft: [true]", False, ["field-not-true-or-false"], id="a list"),
    ],
)
def test_draft_is_told_or_an_error(header: str, is_draft: bool, rules: list[str]) -> None:
    """What is meant to stay private either does, or stops the show."""
    decoded = decode(AUDIO + header)

    assert decoded.episode.is_draft is is_draft
    assert rules_of(decoded) == rules


@pytest.mark.failure("IN-15")
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("2025-06-02 05:00:00", "date-without-offset"),
        ("2025-06-02", "date-without-time"),
        ("2025-06-02 05:00:00 JST", "date-spelled-oddly"),
        ("soon", "date-invalid"),
        ("7/6/2014", "date-invalid"),
        ("1889-01-01 00:00:00 +0900", "date-invalid"),
        ("[2025]", "field-not-text"),
    ],
)
def test_date_remarks_become_faults(value: str, rule: str) -> None:
    """The field is named, and a date that can be read is read all the same."""
    decoded = decode(f"{AUDIO}date: {value}")

    assert rules_of(decoded) == [rule]
    assert decoded.faults[0].field == "date"
    assert (decoded.episode.date is None) == (rule in ("date-invalid", "field-not-text"))
    assert decoded.episode.date is None or decoded.episode.date_is_exact == (rule == "date-spelled-oddly")


def test_zone_of_a_date_is_the_shows_then_the_projects() -> None:
    """The show an episode belongs to decides; where that is open, the first that claims it."""
    shows = {
        "a": Show(id="a", title="A", feed="a", permalink="", timezone="Europe/Berlin", match=Match(title=("a*",))),
        "b": Show(id="b", title="B", feed="b", permalink="", timezone="Asia/Tokyo", match=Match(title=("*b",))),
    }
    config = Config(shows=shows, timezone="UTC")

    def hour(title: str) -> int:
        date = decode(f"{AUDIO}title: {title}\ndate: 2025-06-02 05:00:00", config).episode.date
        assert date is not None
        return date.astimezone(UTC).hour

    assert [hour(title) for title in ("a", "b", "ab", "x")] == [3, 20, 3, 5]


@pytest.mark.failure("IN-6")
@pytest.mark.parametrize(
    ("header", "name", "value"),
    [
        ("title: 2024", "title", "2024"),
        ("title: no", "title", "no"),
        ("title: 1.10", "title", "1.10"),
        ("guid: 010", "guid", "010"),
        ("guid: 039", "guid", "039"),
        ("duration: 45:10", "stated_duration", timedelta(minutes=45, seconds=10)),
        ("duration: 1:49:01", "stated_duration", timedelta(seconds=6541)),
        ("duration: 606", "stated_duration", timedelta(seconds=606)),
        ("duration: 09:34", "stated_duration", timedelta(seconds=574)),
        ("duration: 0:45", "stated_duration", timedelta(seconds=45)),
        ("audio_file_size: 012", "stated_bytes", 12),
        ("explicit: no", "explicit", False),
        ("explicit: NO", "explicit", False),
        ("season: 1", "season", 1),
        ("episode: 7", "number", 7),
        ("actor_ids: [no, 010, 1.10]", "actor_ids", ("no", "010", "1.10")),
        ("slug: 2024-01-01", "slug", "2024-01-01"),
    ],
)
def test_field_decides_what_its_value_is(header: str, name: str, value: object) -> None:
    """Each of these is read as something else by YAML 1.1."""
    assert getattr(decode(AUDIO + header).episode, name) == value


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("explicit: clean", "explicit-spelled-oddly"),
        ("explicit: explicit", "explicit-spelled-oddly"),
        ("explicit: a bit", "explicit-invalid"),
        ("audio_file_size: 1,234", "audio-size-spelled-oddly"),
        ("audio_file_size: many", "audio-size-invalid"),
        ("audio_file_size: -5", "audio-size-invalid"),
        ("duration: 593.058000s", "duration-spelled-oddly"),
        ("duration: -5", "duration-invalid"),
        ("duration: nan", "duration-invalid"),
        ("season: 0", "episode-season-invalid"),
        ("episode: NaN", "episode-number-invalid"),
        ("episode_type: extra", "episode-type-invalid"),
        ("actor_ids: ada", "actor-ids-not-list"),
        ("title: [a]", "field-not-text"),
        ("title: Tides #5", "text-cut-by-comment"),
        ("description: Tides #5", "text-cut-by-comment"),
        ("slug: a/b", "page-slug-invalid"),
        ("slug: ..", "page-slug-invalid"),
        ("slug: " + "x" * 300, "page-slug-invalid"),
        ("permalink: ../../x", "page-slug-invalid"),
        ("permalink: /", "page-slug-invalid"),
        ("permalink: /a/.hidden/", "page-slug-invalid"),
        ("permalink: a//b", "page-slug-invalid"),
        ("ignore: x", "field-not-group"),
    ],
)
@pytest.mark.failure("IN-13")
def test_wrong_value_is_told_with_its_field(header: str, rule: str) -> None:
    """One fault, under the name of the field, and the field counts as faulty."""
    decoded = decode(AUDIO + header)

    assert rules_of(decoded) == [rule]
    assert decoded.faults[0].field == header.partition(":")[0]
    assert decoded.faults[0].field in decoded.episode.faulty


def test_all_faults_of_a_file_are_told_at_once() -> None:
    """Whoever corrects a file corrects it once."""
    decoded = decode(
        f"{AUDIO}date: soon\nseason: two\nepisode: x\nexplicit: hm\nduration: long\nsubtitel: y\ndarft: yes"
    )

    assert sorted(rules_of(decoded)) == [
        "date-invalid",
        "duration-invalid",
        "episode-number-invalid",
        "episode-season-invalid",
        "explicit-invalid",
        "field-near-miss",
        "field-unknown",
    ]


@pytest.mark.parametrize(
    ("title", "is_cut"),
    [
        ("Tides #5", True),
        ("Tides\t#5", True),
        ("Tides#5", False),
        ('"Tides #5"', False),
        ("'a' # note", False),
        ("Tides", False),
        ("", False),
    ],
)
def test_comment_after_a_title_is_told(title: str, is_cut: bool) -> None:
    """Half of an unquoted title may be gone; behind quotes a comment is one."""
    assert ("text-cut-by-comment" in rules_of(decode(f"{AUDIO}title: {title}"))) is is_cut


def test_toml_has_no_such_comments() -> None:
    """In TOML a text is always in quotes."""
    assert rules_of(decode('+++\naudio = "a.mp3"\ntitle = "a" # note\n+++\n')) == []


# --------------------------------------------------------------------------------------------- names


def _slips(name: str) -> set[str]:
    """Every text one edit away from *name*: a letter gone, doubled, wrong, strange or swapped with the next."""
    letters = "abeirstx_1"
    gone = {name[:at] + name[at + 1 :] for at in range(len(name))}
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)}
    wrong = {name[:at] + letter + name[at + 1 :] for at in range(len(name)) for letter in letters}
    more = {name[:at] + letter + name[at:] for at in range(len(name) + 1) for letter in letters}
    capital = {name.capitalize(), name.replace("_", "-")} if name.count("_") < 2 else {name.capitalize()}
    return (gone | swapped | wrong | more | capital) - {name, ""}


def _headers_full(slips: set[str]) -> list[list[str]]:
    """All *slips*, as many at once as a header has room for."""
    return [sorted(slips)[at : at + 150] for at in range(0, len(slips), 150)]


@pytest.mark.failure("IN-12")
@pytest.mark.parametrize("name", sorted(EPISODE_FIELDS))
def test_every_slip_in_a_name_is_caught(name: str) -> None:
    """Whatever letter is wrong in the name of a setting, somebody is told; by an error where it could do harm."""
    grave = {"draft", "published", "date", "guid", "show"}
    for slips in _headers_full(_slips(name) - EPISODE_FIELDS):
        told = decode(AUDIO + "".join(f"{slip}: x\n" for slip in slips)).faults
        for slip in slips:
            faults = [fault for fault in told if fault.field == slip]
            is_grave = any(distance(slip, each) <= 1 for each in grave) or distance(slip, "audio_file_path") <= 2
            assert [fault.rule for fault in faults] == ["field-near-miss" if is_grave else "field-unknown"], slip
            assert name in grave or is_grave or "write “" in faults[0].hint, slip


@pytest.mark.failure("IN-12")
@pytest.mark.parametrize("slip", ["audio_file_pth", "audio_flie_paht", "audiofilepath", "audio_file", "audio_file_pat"])
def test_slip_in_the_name_of_the_audio_makes_no_article(slip: str) -> None:
    """An episode whose audio is misspelt is not published as a text."""
    decoded = decode(f"title: t\n{slip}: /a.mp3")

    assert decoded.kind == ("article" if distance(slip, "audio_file_path") > 2 else "episode")
    assert rules_of(decoded)


@pytest.mark.failure("IN-12")
def test_unknown_name_is_kept_for_templates() -> None:
    """Only an owner's own template can print it."""
    decoded = decode(f"{AUDIO}mood: calm\nlist_of_own: [a]\nlayout: post")

    assert decoded.episode.extra == {"mood": "calm"}
    assert rules_of(decoded) == ["field-unknown", "field-unknown"]
    assert "delete it" in decoded.faults[0].hint


@pytest.mark.failure("IN-12")
@pytest.mark.parametrize("name", sorted(SHOW_FIELDS))
def test_every_slip_in_a_name_of_a_show_is_caught(name: str) -> None:
    """config.yaml is read as strictly as a header."""
    for slips in _headers_full(_slips(name) - SHOW_FIELDS):
        _, faults = config_of("shows:\n  radio:\n" + "".join(f"    '{slip}': x\n" for slip in slips))
        assert faults == [("setting-unknown", f"shows.radio.{slip}") for slip in slips]


def test_names_of_any_length_are_told_at_once() -> None:
    """Nobody waits for the nearest name to 60,000 letters."""
    begin = time.process_time()

    decoded = decode("+++\naudio = 'a.mp3'\n" + "".join(f"{'x' * 290}{n} = 1\n" for n in range(190)) + "+++\n")

    assert set(rules_of(decoded)) == {"field-unknown"}
    assert time.process_time() - begin < 0.5


# ------------------------------------------------------------------------------------ what a file is


MATCHED = Config(
    shows={"radio": RADIO.__class__(id="radio", title="R", feed="f", permalink="p", match=Match(actor_ids=("ada",)))}
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("just text", "skipped", id="no header"),
        pytest.param("", "skipped", id="an empty file"),
        pytest.param("---\ntitle: t\naudio: a.mp3\nactor_ids: [ada]\n---\n", "episode", id="audio and a show"),
        pytest.param("---\ntitle: t\naudio: a.mp3\nshow: radio\n---\n", "episode", id="audio and a named show"),
        pytest.param("---\ntitle: t\naudio: a.mp3\n---\n", "faulty", id="audio and no show"),
        pytest.param("---\ntitle: t\naudio: a.mp3\nshow: tv\n---\n", "faulty", id="audio and an unknown show"),
        pytest.param("---\ntitle: t\nactor_ids: [ada]\n---\n", "article", id="a show and no audio"),
        pytest.param("---\ntitle: t\nactor_ids: [ada]\nduration: 0\n---\n", "episode", id="a duration and no audio"),
        pytest.param("---\ntitle: t\nactor_ids: [ada]\nseason: 1\n---\n", "episode", id="a season and no audio"),
        pytest.param("---\ntitle: t\nactor_ids: [ada]\naudio:\n---\n", "episode", id="an empty audio"),
        pytest.param("---\ntitle: t\nactor_ids: [ada]\naudio_fil_path: a\n---\n", "episode", id="a misspelt audio"),
        pytest.param("---\ntitle: t\n---\n", "skipped", id="neither show nor audio"),
        pytest.param('+++\ntitle = "t"\n+++\n', "skipped", id="a Hugo post"),
        pytest.param("---\ntitle: t\nshow: tv\n---\n", "faulty", id="an unknown show and no audio"),
        pytest.param("---\ntitle: t\n", "faulty", id="a header that does not close"),
        pytest.param("---\ntitle: a: b\n---\n", "faulty", id="a header that cannot be read"),
        pytest.param("\n---\ntitle: t\n---\n", "faulty", id="a blank line before the header"),
    ],
)
def test_kind_of_a_file(text: str, kind: str) -> None:
    """What is no episode is never taken for one, and never the other way round."""
    whole = text.encode()

    decoded = decode_episode(read_episode_file("episodes/a.md", whole), whole, MATCHED)

    assert decoded.kind == kind
    assert bool(decoded.reason) == (kind in ("skipped", "faulty"))
    assert kind != "skipped" or decoded.faults == ()


def test_rivals_make_a_file_faulty() -> None:
    """Two shows that claim one file are both named by the reason."""
    both = Config(shows={id: Show(id=id, title=id, feed=id, permalink="", match=Match(path=("*",))) for id in "ab"})

    assert decode(AUDIO, both).kind == "faulty"
    assert decode("title: t", both).kind == "faulty"
    assert decode(AUDIO, both).reason == "more than one show claims it"


@pytest.mark.failure("IN-2")
@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        ("draft: true\n", True),
        ("audio_file_path = 'x'\n", True),
        ("title:\n", True),
        ("\n\nguid: x\n", True),
        ("note: this is text\n", False),
        ("A title: a subtitle\n", False),
        ("http://example.com\n", False),
        ("title\n", False),
    ],
)
def test_notes_that_begin_with_a_setting_are_an_error(body: str, is_told: bool) -> None:
    """A header that was closed by a line inside it would publish the rest of itself."""
    decoded = decode(f"---\n{AUDIO}---\n{body}")

    assert ("header-closed-early" in rules_of(decoded)) is is_told


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("episodes/2025-06-02-tides.md", "tides"),
        ("episodes/2025-6-2-tides.md", "tides"),
        ("episodes/2025-06-02.md", "2025-06-02"),
        ("episodes/2025-06-02-.md", "2025-06-02-"),
        ("episodes/deep/er/tides.v2.md", "tides.v2"),
        ("episodes/カ\u3099.md", "ガ"),
    ],
)
def test_slug_is_the_name_without_its_date(path: str, slug: str) -> None:
    """In NFC, with everything else as it is."""
    assert decode(AUDIO, path=path).episode.slug == slug


# ------------------------------------------------------------------------------------------- waivers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("notes-missing: why", Waiver(reason="why"), id="a reason"),
        pytest.param("notes-missing: {reason: 当面}", Waiver(reason="当面"), id="a reason by name"),
        pytest.param(
            "notes-missing: {reason: why, until: 2026-12-31}",
            Waiver(reason="why", until=date(2026, 12, 31)),
            id="a last day",
        ),
        pytest.param(
            "notes-missing: {reason: why, until: ２０２６/１２/３１}",
            Waiver(reason="why", until=date(2026, 12, 31)),
            id="in full-width digits",
        ),
        pytest.param("notes-missing: {reason: why, until: }", Waiver(reason="why"), id="a last day left open"),
    ],
)
def test_waiver_is_read(written: str, expected: Waiver) -> None:
    """A reason, and a last day for whoever wants one."""
    decoded = decode(f"{AUDIO}ignore:\n  {written}")

    assert decoded.faults == ()
    assert decoded.episode.ignore == {"notes-missing": expected}


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("", [("waiver-without-reason", "ignore.notes-missing")]),
        ("~", [("waiver-without-reason", "ignore.notes-missing")]),
        ("[why]", [("waiver-without-reason", "ignore.notes-missing")]),
        ("{until: 2026-12-31}", [("waiver-without-reason", "ignore.notes-missing")]),
        ("{reason: why, until: 2026}", [("waiver-until-invalid", "ignore.notes-missing.until")]),
        ("{reason: why, until: 2026-02-30}", [("waiver-until-invalid", "ignore.notes-missing.until")]),
        ("{reason: why, until: 2026-12-31 06:00 +0900}", [("waiver-until-invalid", "ignore.notes-missing.until")]),
    ],
)
def test_waiver_that_says_too_little_does_not_hold(written: str, faults: list[tuple[str, str]]) -> None:
    """Without a reason, or with a last day nobody can read, the rule stays loud, and the line says why."""
    decoded = decode(f"{AUDIO}ignore:\n  notes-missing: {written}")

    assert [(fault.rule, fault.field) for fault in decoded.faults] == faults
    assert decoded.episode.ignore == {}


def test_slip_in_a_waiver_is_told() -> None:
    """What is neither the reason nor the last day has no effect, and neither has another check than “ignore”."""
    waiver = "{notes-missing: {reason: why, untill: 2026-12-31}}"

    assert [(fault.rule, fault.field) for fault in decode(f"{AUDIO}ignore: {waiver}").faults] == [
        ("setting-unknown", "ignore.notes-missing.untill")
    ]
    assert ("setting-unknown", "checks.ignroe") in config_of(f"checks: {{ignroe: {waiver}}}")[1]


# ------------------------------------------------------------------------------------------- config


def test_every_setting_of_a_show_is_read() -> None:
    """One line for each, so that a setting nobody reads would be seen."""
    config, faults = config_of(
        """
site: https://a.example/
media: https://b.example/
timezone: Asia/Tokyo
targets: {live: {s3: bucket}}
checks: {ignore: {notes-missing: why}}
actors: {ada: {name: Ada, url: https://ada.example, image_url: /ada.png}, bo: {}}
shows:
  radio:
    title: T
    description: D
    language: ja
    author: A
    owner: {name: O, email: o@a.example}
    categories: [Technology, {News: Tech News}, {Arts: [Food, Design]}]
    artwork: c.jpg
    explicit: yes
    type: Serial
    copyright: C
    locked: true
    guid: 9B024349-CCF0-5F69-A609-6B82873EAB3C
    link: https://home.example
    feed: /r/feed.xml
    permalink: /r/{slug}
    new_feed_url: https://n.example
    block: true
    complete: true
    medium: music
    keywords: [a, b]
    funding: [{url: https://f.example, text: F}, https://g.example]
    license: {slug: own, url: https://l.example}
    hubs: https://hub.example
    timezone: Europe/Berlin
    notes_budget: 5
    match: {actor_ids: ada, title: "a*", path: ["x/*"]}
"""
    )
    show = config.shows["radio"]

    assert faults == []
    assert (config.site, config.media, config.timezone) == ("https://a.example", "https://b.example", "Asia/Tokyo")
    assert config.ignore == {"notes-missing": Waiver(reason="why")}
    assert (config.actors["ada"].url, config.actors["ada"].image, config.actors["bo"].name) == (
        "https://ada.example",
        "/ada.png",
        "bo",
    )
    assert (show.title, show.description, show.language, show.author) == ("T", "D", "ja", "A")
    assert (show.owner_name, show.owner_email, show.artwork, show.explicit) == ("O", "o@a.example", "c.jpg", True)
    assert show.categories == (
        Category(name="Technology"),
        Category(name="News", subcategory="Tech News"),
        Category(name="Arts", subcategory="Food"),
        Category(name="Arts", subcategory="Design"),
    )
    assert (show.type, show.copyright, show.locked, show.medium) == ("serial", "C", True, "music")
    assert show.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert (show.link, show.feed, show.permalink) == ("https://home.example", "r/feed.xml", "/r/{slug}")
    assert (show.new_feed_url, show.block, show.complete) == ("https://n.example", True, True)
    assert (show.keywords, show.hubs) == (("a", "b"), ("https://hub.example",))
    assert show.funding == (Funding(url="https://f.example", text="F"), Funding(url="https://g.example", text=""))
    assert (show.license, show.license_url) == ("own", "https://l.example")
    assert (show.timezone, show.notes_budget) == ("Europe/Berlin", 5)
    assert show.match == Match(actor_ids=("ada",), title=("a*",), path=("x/*",))


def test_show_has_sensible_defaults() -> None:
    """A feed and pages in a folder of its own, the project's time zone, all notes that fit."""
    config, faults = config_of("timezone: Asia/Tokyo\nshows: {radio: {title: T}}")
    show = config.shows["radio"]

    assert faults == []
    assert (show.feed, show.permalink, show.timezone) == ("radio/feed.xml", "/radio/{slug}/", "Asia/Tokyo")
    assert (show.explicit, show.locked, show.match, show.type, show.license) == (None, None, None, "episodic", "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("site: x", ("show-missing", "shows")),
        ("shows: radio", ("field-not-group", "shows")),
        ("shows: [radio]", ("field-not-group", "shows")),
        ("shows: {radio: x}", ("field-not-group", "shows.radio")),
        ("shows: {radio: {owner: Ada}}", ("field-not-group", "shows.radio.owner")),
        ("shows: {radio: {owner: {mail: x}}}", ("setting-unknown", "shows.radio.owner.mail")),
        ("shows: {radio: {type: weekly}}", ("show-type-invalid", "shows.radio.type")),
        ("shows: {radio: {medium: x}}", ("show-medium-invalid", "shows.radio.medium")),
        ("shows: {radio: {permalink: /x/}}", ("show-permalink-invalid", "shows.radio.permalink")),
        ("shows: {radio: {permalink: '/../{slug}'}}", ("show-permalink-invalid", "shows.radio.permalink")),
        ("shows: {radio: {feed: ../feed.xml}}", ("show-feed-invalid", "shows.radio.feed")),
        ("shows: {radio: {feed: a/../../feed.xml}}", ("show-feed-invalid", "shows.radio.feed")),
        ("shows: {radio: {feed: feeds/}}", ("show-feed-invalid", "shows.radio.feed")),
        ("shows: {radio: {feed: 'a\\b.xml'}}", ("show-feed-invalid", "shows.radio.feed")),
        ("shows: {../radio: {title: a}}", ("show-id-invalid", "shows")),
        ("shows: {a/b: {title: a}}", ("show-id-invalid", "shows")),
        ("shows: {'': {title: a}}", ("show-id-invalid", "shows")),
        ("shows: {a.b: {title: a}}", ("show-id-invalid", "shows")),
        ("shows: {radio: {notes_budget: lots}}", ("show-notes-budget-invalid", "shows.radio.notes_budget")),
        ("shows: {radio: {explicit: hm}}", ("explicit-invalid", "shows.radio.explicit")),
        ("shows: {radio: {categories: [[a]]}}", ("show-category-invalid", "shows.radio.categories")),
        ("shows: {radio: {match: {titel: a}}}", ("setting-unknown", "shows.radio.match.titel")),
        ("shows: {radio: {timezone: Mars}}", ("site-timezone-unknown", "shows.radio.timezone")),
        ("timezone: ../../etc/passwd\nshows: {radio: {title: a}}", ("site-timezone-unknown", "timezone")),
        ("actors: {ada: {nmae: A}}\nshows: {radio: {title: a}}", ("setting-unknown", "actors.ada.nmae")),
        ("secret_key: x\nshows: {radio: {title: a}}", ("setting-unknown", "secret_key")),
    ],
)
@pytest.mark.failure("IN-13")
def test_fault_in_config_is_told_with_its_full_name(text: str, fault: tuple[str, str]) -> None:
    """Whichever show it stands in."""
    assert fault in config_of(text)[1]


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize("id", ["radio", "朝市", "show-1", "a_b", "R2D2"])
def test_name_of_a_show_may_be_of_any_script(id: str) -> None:
    """Letters, digits, hyphens and underscores make a folder everywhere."""
    config, faults = config_of(f"shows: {{{id}: {{title: a}}}}")

    assert list(config.shows) == [id]
    assert faults == []


def test_unreadable_config_has_no_show_and_says_why_only_once() -> None:
    """“No show” is not told where the whole file could not be read."""
    config, faults = config_of("\ta: b\n")

    assert config.shows == {}
    assert [rule for rule, _ in faults] == ["header-unreadable"]
