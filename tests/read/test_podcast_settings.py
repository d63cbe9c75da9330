"""The things of the podcast namespace in a header and in config.yaml: every spelling, and every fault told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from podfeed.diagnostics import Finding
from podfeed.model import (
    Config,
    ContentLink,
    Episode,
    Funding,
    Location,
    ReleaseSchedule,
    Role,
    Show,
    SocialInteract,
    Soundbite,
    Trailer,
    Txt,
)
from podfeed.read.decode import decode_config, decode_episode
from podfeed.read.source import read_config_file, read_episode_file


def episode_of(header: str) -> tuple[Episode, tuple[Finding, ...]]:
    """The episode with these settings, and what is told of them."""
    data = f"---\ntitle: Tides\naudio: /a.mp3\ndate: 2025-06-02 05:00:00 +0900\n{header}\n---\n".encode()
    config = Config(shows={"radio": Show(id="radio", title="R", feed="f.xml", permalink="/{slug}/")})
    decoded = decode_episode(read_episode_file("episodes/1.md", data), data, config)
    return decoded.episode, decoded.faults


def show_of(settings: str) -> tuple[Show, tuple[Finding, ...]]:
    """The show with these settings, one a line."""
    lines = "".join(f"    {line}\n" for line in settings.split("\n"))
    text = f"site: https://a.example\ntimezone: Asia/Tokyo\nshows:\n  radio:\n    title: R\n{lines}"
    config, faults = decode_config(read_config_file("config.yaml", text.encode()))
    return config.shows["radio"], faults


_YOKOHAMA = Location(name="横浜")


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        ("location: 横浜", "locations", (_YOKOHAMA,)),
        ("location: [横浜]", "locations", (_YOKOHAMA,)),
        ("location: {name: 横浜}", "locations", (_YOKOHAMA,)),
        ("location: [横浜, {name: A, rel: Creator}]", "locations", (_YOKOHAMA, Location(name="A", rel="creator"))),
        ("soundbites: {start: 12:30, duration: 20}", "soundbites", (Soundbite(start=timedelta(minutes=12, seconds=30), duration=timedelta(seconds=20)),)),
        ("soundbites: [{start: 73.25, duration: ３０, title: 朝}]", "soundbites", (Soundbite(start=timedelta(seconds=73.25), duration=timedelta(seconds=30), title="朝"),)),
        ("roles: {bo: guest, 007: {role: Editor, group: Writing}}", "roles", {"bo": Role(name="guest"), "007": Role(name="Editor", group="Writing")}),
        ("txt: S6lpp", "txt", (Txt(text="S6lpp"),)),
        ("txt: [{purpose: release, text: 2025-06-02}]", "txt", (Txt(text="2025-06-02", purpose="release"),)),
        ("social_interact: {protocol: Disabled}", "social_interact", (SocialInteract(protocol="disabled"),)),
        ("content_links: {url: https://v.example/1, text: Watch}", "content_links", (ContentLink(url="https://v.example/1", text="Watch"),)),
        ("funding: https://f.example/", "funding", (Funding(url="https://f.example/", text=""),)),
        ("season_name: 2024", "season_name", "2024"),
        ("episode_label: 第3回", "label", "第3回"),
        ("location: ~", "locations", ()),
        ("soundbites: []", "soundbites", ()),
    ],
)  # fmt: skip
def test_setting_of_an_episode_is_read(header: str, name: str, expected: object) -> None:
    """One value counts as a list of one, and a bare text as what matters most of it."""
    episode, faults = episode_of(header)

    assert getattr(episode, name) == expected
    assert faults == ()


@pytest.mark.parametrize(
    ("header", "rule", "field"),
    [
        ("soundbites: [{duration: 20}]", "soundbite-invalid", "soundbites.0.start"),
        ("soundbites: [{start: 1, duration: 20}, {start: 1, duration: soon}]", "soundbite-invalid", "soundbites.1.duration"),
        ("soundbites: [12:30]", "field-not-group", "soundbites.0"),
        ("location: {name: A, rel: about}", "location-invalid", "location.0.rel"),
        ("location: [[A]]", "field-not-group", "location.0"),
        ("location: {name: A, contry: jp}", "setting-unknown", "location.0.contry"),
        ("social_interact: {protocol: nostr, priority: low}", "social-interact-invalid", "social_interact.0.priority"),
        ("roles: guest", "field-not-group", "roles"),
        ("roles: {bo: {role: guest, grup: cast}}", "setting-unknown", "roles.bo.grup"),
        ("content_links: https://v.example/1", "field-not-group", "content_links.0"),
        ("txt: [{text: [a]}]", "field-not-text", "txt.0.text"),
    ],
)  # fmt: skip
def test_fault_is_told_at_its_entry(header: str, rule: str, field: str) -> None:
    """Once, and only there."""
    _, faults = episode_of(header)

    assert [(each.rule, each.field) for each in faults] == [(rule, field)]


def test_soundbite_that_cannot_be_read_is_left_out() -> None:
    """The others stay."""
    episode, _ = episode_of("soundbites: [{start: soon, duration: 20}, {start: 1, duration: 20}]")

    assert [each.start for each in episode.soundbites] == [timedelta(seconds=1)]


@pytest.mark.parametrize(
    ("settings", "name", "expected"),
    [
        ("update_frequency: 毎週", "schedule", ReleaseSchedule(text="毎週")),
        ("update_frequency: {text: W, rrule: FREQ=WEEKLY, dtstart: 2026-01-05, complete: no}", "schedule", ReleaseSchedule(text="W", rrule="FREQ=WEEKLY", dtstart="2026-01-05", is_complete=False)),
        ("block_services: {apple: yes, youtube: off}", "block_services", {"apple": True, "youtube": False}),
        ("verification: {apple: 05124}", "txt", (Txt(text="05124", purpose="applepodcastsverify"),)),
        ("spotify: {country_of_origin: jp gb, limit: １０}", "spotify_countries", ("jp", "gb")),
        ("spotify: {country_of_origin: [jp, gb], limit: １０}", "spotify_limit", 10),
        ("spotify: {country_of_origin: no}", "spotify_countries", ("no",)),
        ("license: {slug: own, url: https://l.example}", "license_url", "https://l.example"),
    ],
)  # fmt: skip
def test_setting_of_a_show_is_read(settings: str, name: str, expected: object) -> None:
    """The field decides what a value is: Norway is a country, and a code keeps its zero."""
    show, faults = show_of(settings)

    assert getattr(show, name) == expected
    assert faults == ()


@pytest.mark.parametrize("key", ["path", "url"])
def test_date_of_a_trailer_without_an_offset_is_the_shows(key: str) -> None:
    """As an episode's is."""
    show, faults = show_of(f"trailers: {{title: 予告, {key}: /a.mp3, date: 2025-06-01 05:00:00, season: 2}}")

    date = datetime(2025, 6, 1, 5, tzinfo=timezone(timedelta(hours=9)))
    assert show.trailers == (Trailer(title="予告", audio="/a.mp3", date=date, season=2),)
    assert show.trailers[0].date == datetime(2025, 5, 31, 20, tzinfo=UTC)
    assert faults == ()


@pytest.mark.parametrize(
    ("settings", "rule", "field"),
    [
        ("trailers: {title: A, path: /a.mp3}", "trailer-invalid", "trailers.0.date"),
        ("trailers: {title: A, path: /a.mp3, date: soon}", "trailer-invalid", "trailers.0.date"),
        ("trailers: {title: A, path: /a.mp3, date: 2025-06-01, season: 0}", "trailer-invalid", "trailers.0.season"),
        ("spotify: {limit: all}", "spotify-setting-invalid", "spotify.limit"),
        ("spotify: {recent: 1}", "setting-unknown", "spotify.recent"),
        ("verification: {spotify: 1}", "setting-unknown", "verification.spotify"),
        ("block_services: {apple: maybe}", "field-not-true-or-false", "block_services.apple"),
        ("update_frequency: [weekly]", "field-not-group", "update_frequency"),
        ("update_frequency: {text: W, freq: weekly}", "setting-unknown", "update_frequency.freq"),
        ("funding: [{url: https://f.example/, txt: Help}]", "setting-unknown", "funding.0.txt"),
    ],
)  # fmt: skip
def test_fault_of_a_show_is_told_at_its_setting(settings: str, rule: str, field: str) -> None:
    """Once, and only there."""
    _, faults = show_of(settings)

    assert [(each.rule, each.field) for each in faults] == [(rule, f"shows.radio.{field}")]


@pytest.mark.parametrize(
    ("header", "field", "words"),
    [
        ("location: 横浜", "location.0.name", "横浜"),
        ("location: {name: A, geo: x}", "location.0.geo", "x"),
        ("location:\n  - name: A\n  - name: B\n    geo: x", "location.1.geo", "x"),
        ("location: [A, 横浜]", "location.1.name", "横浜"),
        ("roles: {bo: guest}", "roles.bo.role", "guest"),
        ("roles:\n  bo:\n    role: guest", "roles.bo.role", "guest"),
    ],
)
def test_every_spelling_has_a_place(header: str, field: str, words: str) -> None:
    """A rule says “the first place”; where that stands is found however it is written."""
    source = read_episode_file("x.md", f"---\n{header}\n---\n".encode())

    place = source.place(field)

    assert source.line(place.line)[place.column - 1 :][: place.width] == words
