"""Rules about people, places, soundbites, trailers and alike in settings: what their pages do not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.diagnostics import Diagnostic

_PREFIXES = ("person-", "location-", "soundbite-", "trailer-", "schedule-", "social-", "link-", "txt-", "label-")
#: An hour of sound that is elsewhere.
_HOUR = {"audio_file_path": "https://m.example/1.mp3", "audio_file_size": "30000000", "duration": "60:00"}


def _heard(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{each.rule}: {each.message}" for each in found if each.rule.startswith((*_PREFIXES, "service-"))]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("{ada: Host}", []),
        ("{ada: guest HOST}", []),
        ("{ada: ''}", []),
        ("{ada: {role: narrator, group: cast}}", []),
        ("{ada: {role: Editor, group: Writing}}", []),
        ("{ada: gest}", ["person-role-unknown: “gest” is no role of the Podcast Taxonomy"]),
        ("{ada: ゲスト}", ["person-role-unknown: “ゲスト” is no role of the Podcast Taxonomy"]),
        (
            "{ada: editor}",
            ["person-role-unknown: “editor” is a role of more than one group: writing and video post-production"],
        ),
        ("{ada: {role: guest, group: Writing}}", ["person-role-unknown: “guest” is no role of the group “Writing”"]),
        ("{ada: {group: Writing}}", ["person-role-unknown: “host” is no role of the group “Writing”"]),
        ("{ada: {group: Sailing}}", ["person-role-unknown: “Sailing” is no group of the Podcast Taxonomy"]),
    ],
)
def test_role_is_one_of_the_taxonomy(
    roles: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """In any capitals; where the role stands in two groups, the group is wanted too."""
    assert _heard(told(header={"roles": roles})) == expected


def test_role_of_an_actor_is_told_at_the_actor(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Once, and not in every episode."""
    found = told(config={"actors": "{ada: {name: Ada, role: gest}}"})

    (fault,) = [each for each in found if each.rule == "person-role-unknown"]
    assert (fault.path, fault.excerpt[fault.position.column - 1 :][:4]) == ("config.yaml", "gest")
    assert fault.hint == "write “guest”"


def test_actor_ids_that_cannot_be_read_are_told_for_themselves(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Who is named there is not known."""
    assert _heard(told(header={"actor_ids": "{ada: 1}", "show": "radio", "roles": "{ada: guest}"})) == []


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("横浜", []),
        ("{name: 横浜, geo: 'geo:35.4437,139.638;u=350'}", []),
        ("{name: Moon, geo: 'geo:90.5,10;crs=moon'}", []),
        ("{name: A, osm: 'R113314#12', country: JP}", []),
        ("{country: no, name: Oslo}", []),
        ("{geo: 'geo:1,1'}", ["location-invalid: the place has no name, which is what apps show"]),
        ("{name: A, geo: '35.4437,139.638'}", ["location-invalid: “35.4437,139.638” is no place as a geo address names one"]),
        ("{name: A, geo: 'geo:139.638,35.4437'}", ["location-invalid: “geo:139.638,35.4437” is not on the earth"]),
        ("{name: A, osm: 113314}", ["location-invalid: “113314” is no id of OpenStreetMap"]),
        ("{name: A, country: 日本}", ["location-invalid: “日本” is no country of ISO 3166"]),
    ],
)  # fmt: skip
def test_place_can_be_found(location: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Alike for a show and for an episode."""
    assert _heard(told(header={"location": location})) == expected
    assert _heard(told(show={"location": location})) == expected


@pytest.mark.parametrize(
    ("bites", "expected"),
    [
        ("{start: 0.1, duration: 15}", []),
        ("{start: 58:00, duration: 2:00}", []),
        ("{start: 59:01, duration: 60}", []),
        ("{start: 59:02, duration: 60}", ["soundbite-out-of-range: the soundbite runs past the end of its episode"]),
        ("{start: 0, duration: 60}", ["soundbite-out-of-range: the soundbite begins at 0; the Podcast Index leaves such out"]),
        ("{start: 1, duration: 14.9}", ["soundbite-out-of-range: the soundbite takes 14.9 seconds"]),
        ("{start: 1, duration: 2:01}", ["soundbite-out-of-range: the soundbite takes 121 seconds"]),
        ("[{start: soon, duration: 20}, {start: 0, duration: 60}]", ["soundbite-invalid: “start”: “soon” is not a length podfeed can read"]),
    ],
)  # fmt: skip
def test_soundbite_lies_in_its_episode(
    bites: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """Its end may be a second late, for lengths are rounded; beside one that cannot be read the others wait."""
    assert _heard(told(header={**_HOUR, "soundbites": bites})) == expected


def test_soundbite_of_unmeasured_sound_may_be_anywhere(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Nobody knows how long the episode is."""
    header = {"audio_file_path": "https://m.example/1.mp3", "soundbites": "{start: 9:00:00, duration: 20}"}

    assert _heard(told(header=header)) == []


_DATE = "date: 2025-06-01 05:00:00 +0900"


@pytest.mark.parametrize(
    ("trailer", "expected"),
    [
        (f"{{title: 予告, path: /audio/good.mp3, {_DATE}}}", []),
        (f"{{title: 予告, url: 'https://m.example/t.mp3', {_DATE}}}", []),
        (f"{{path: /audio/good.mp3, {_DATE}}}", ["trailer-invalid: the trailer has no title, which is what apps show"]),
        (f"{{title: A, {_DATE}}}", ["trailer-invalid: the trailer names no sound"]),
        (f"{{title: A, url: 'http://m.example/t.mp3', {_DATE}}}", ["trailer-invalid: “http://m.example/t.mp3” is no https address"]),
        (f"{{title: A, path: audio/nowhere.mp3, {_DATE}}}", ["trailer-invalid: there is no file “audio/nowhere.mp3”"]),
        (f"{{title: A, path: ../secret.mp3, {_DATE}}}", ["trailer-invalid: there is no file “../secret.mp3”"]),
        (f"{{title: A, path: /audio/good.wav, {_DATE}}}", ["trailer-invalid: apps cannot play “audio/good.wav”"]),
        (f"{{title: A, path: /artwork/cover.jpg, {_DATE}}}", ["trailer-invalid: apps cannot play “artwork/cover.jpg”"]),
        (f"{{title: A, path: /audio/noise.mp3, {_DATE}}}", ["trailer-invalid: apps cannot play “audio/noise.mp3”"]),
        ("{title: A, path: /audio/good.mp3}", ["trailer-invalid: the trailer has no date"]),
    ],
)  # fmt: skip
def test_trailer_can_be_played(trailer: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """What it names is there, and is sound that apps play."""
    assert _heard(told(show={"trailers": trailer})) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("毎週月曜", []),
        ("{text: 毎日, rrule: FREQ=DAILY;COUNT=3, dtstart: 2026-01-05}", []),
        ("{rrule: FREQ=DAILY}", ["schedule-invalid: how often episodes come out is not said in words"]),
        ("{text: A, rrule: FREQ=DAILY;COUNT=3}", ["schedule-invalid: the recurrence rule has a COUNT, and no start to count from"]),
        ("{text: A, rrule: BYDAY=MO}", ["schedule-invalid: the recurrence rule has no FREQ"]),
        ("{text: A, dtstart: next year}", ["schedule-invalid: “next year” is no day or moment"]),
        ("{text: A, rrule: FREQ=DAILY;UNTIL=2026-12-31T00:00:00Z, dtstart: 2026-01-05}", ["schedule-invalid: of the start and the end of the recurrence rule, one has a time and one has none"]),
    ],
)  # fmt: skip
def test_schedule_is_said_in_words_and_for_programs(
    schedule: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """The words are what people see."""
    assert _heard(told(show={"update_frequency": schedule})) == expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("{protocol: disabled}", []),
        ("[{protocol: nostr, uri: 'nostr:note1'}, {protocol: ActivityPub, uri: 'https://s.example/1'}]", []),
        ("{uri: 'https://s.example/1'}", ["social-interact-invalid: the place for comments has no protocol"]),
        ("{protocol: mastodon, uri: 'https://s.example/1'}", ["social-interact-invalid: “mastodon” is no protocol for comments"]),
        ("{protocol: disabled, uri: 'https://s.example/1'}", ["social-interact-invalid: comments are switched off, and there is a place for them too"]),
        ("[{protocol: disabled}, {protocol: nostr, uri: n}]", ["social-interact-invalid: comments are switched off, and there is a place for them too"]),
        ("{protocol: nostr, uri: n, account_url: 'http://s.example'}", ["social-interact-invalid: “http://s.example” is no https address"]),
    ],
)  # fmt: skip
def test_place_for_comments_is_clear(
    places: str, expected: list[str], told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """Alike for a show and for an episode."""
    assert _heard(told(header={"social_interact": places})) == expected
    assert _heard(told(show={"social_interact": places})) == expected


def test_link_has_an_address_and_words(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Each of the two is told."""
    assert _heard(told(header={"content_links": "[{url: 'http://v.example'}, {text: 見る}]"})) == [
        "link-invalid: the link has no words for listeners",
        "link-invalid: “http://v.example” is no https address",
        "link-invalid: the link has no address",
    ]


@pytest.mark.parametrize(
    ("where", "settings", "words"),
    [
        ("header", {"location": "海" * 129}, "this has 129 characters; apps may keep only 128"),
        ("header", {"soundbites": f"{{start: 1, duration: 20, title: {'海' * 129}}}", **_HOUR}, "this has 129 characters; apps may keep only 128"),
        ("header", {"txt": f"{{text: {'a' * 4001}}}"}, "this has 4001 characters; apps may keep only 4000"),
        ("header", {"season": "1", "season_name": "海" * 129}, "this has 129 characters; apps may keep only 128"),
        ("show", {"trailers": f"{{title: {'海' * 129}, path: /audio/good.mp3, {_DATE}}}"}, "this has 129 characters; apps may keep only 128"),
        ("show", {"update_frequency": "海" * 129}, "this has 129 characters; apps may keep only 128"),
        ("show", {"txt": f"{{text: a, purpose: {'a' * 129}}}"}, "this has 129 characters; apps may keep only 128"),
    ],
)  # fmt: skip
def test_text_that_apps_cut_is_told(
    where: str, settings: dict[str, str], words: str, told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """With the limit of its own tag; one character less says nothing."""
    shorter = {name: value.replace("海" * 129, "海" * 128).replace("a" * 4001, "a") for name, value in settings.items()}
    shorter = {name: value.replace("a" * 129, "a" * 128) for name, value in shorter.items()}

    assert _heard(told(**{where: settings})) == [f"label-too-long: {words}"]
    assert _heard(told(**{where: shorter})) == []


def test_season_that_cannot_be_read_is_told_for_itself(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Its name is not told to lack a number."""
    assert _heard(told(header={"season": "two", "season_name": "At sea"})) == []


@pytest.mark.parametrize("where", ["header", "show"])
def test_funding_and_licence_of_an_episode_are_asked_the_same(
    where: str, told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """As a show's."""
    found = told(**{where: {"funding": "{url: patreon, text: Help}", "license": "do what you like"}})

    assert {each.rule for each in found if each.severity == "error"} == {"show-funding-invalid", "show-license-invalid"}


def test_platform_that_is_blocked_is_told(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """And one that is not, is not."""
    found = told(show={"block_services": "{youtube: true, apple: false, appel: true}"})

    assert [each.message for each in found if each.rule == "show-blocked"] == [
        "the show is hidden from “youtube”",
        "the show is hidden from “appel”",
    ]
    assert [(each.message, each.hint) for each in found if each.rule == "service-unknown"] == [
        ("“appel” is no platform the podcast namespace knows", "write “apple”")
    ]


def test_spotify_is_told_country_by_country(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Each where it is wrong; Norway is one."""
    found = told(show={"spotify": "{country_of_origin: [jp, Japan, no], limit: 1}"})

    assert [(each.rule, each.message) for each in found if each.rule.startswith("spotify-")] == [
        ("spotify-setting-invalid", "“Japan” is no country of ISO 3166"),
        ("spotify-limit-set", "Spotify shows the newest episode alone, and hides the others"),
    ]


@pytest.mark.failure("IN-29")
@pytest.mark.parametrize(
    "address",
    ["https://ada:pass@a.example/1.jpg", "https://a.example/1.jpg?X-Amz-Signature=0a"],
    ids=["a password", "a signature"],
)
@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("header", "chapters", "ADDRESS"),
        ("header", "chapters", "[{time: 0, title: Ebb, link: ADDRESS}]"),
        ("header", "chapters", "[{time: 0, title: Ebb, image: ADDRESS}]"),
        ("header", "transcripts", "[{path: ADDRESS, language: en}]"),
        ("header", "image_url", "ADDRESS"),
        ("header", "content_links", "[{url: ADDRESS, text: Watch}]"),
        ("header", "funding", "[{url: ADDRESS, text: Give}]"),
        ("header", "license", "{slug: Mine, url: ADDRESS}"),
        ("header", "social_interact", "[{protocol: activitypub, uri: ADDRESS}]"),
        ("header", "social_interact", '[{protocol: atproto, uri: "at://did:plc:abc/7", account_url: ADDRESS}]'),
        ("show", "artwork", "ADDRESS"),
        ("show", "trailers", f"[{{title: Soon, url: ADDRESS, {_DATE}}}]"),
        ("config", "actors", "{ada: {name: Ada, url: ADDRESS}}"),
        ("config", "actors", "{ada: {name: Ada, image_url: ADDRESS}}"),
    ],
)
def test_private_address_never_goes_out(
    place: str, name: str, value: str, address: str, told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """Whatever apps would fetch or open: one error says it where it stands, and does not repeat it."""
    found = told(**{place: {name: value.replace("ADDRESS", f'"{address}"')}})
    (private,) = [each for each in found if each.rule.endswith("-private")]

    assert (private.severity, private.position is not None) == ("error", True)
    assert private.message.startswith("the address holds “")
    assert address not in private.message
