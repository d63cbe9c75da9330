"""Positioned values → the things of the podcast namespace, for shows and episodes alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from podfeed.model import (
    Alternate,
    ContentLink,
    Funding,
    Location,
    ReleaseSchedule,
    Role,
    SocialInteract,
    Soundbite,
    Trailer,
    Txt,
)
from podfeed.read import settings
from podfeed.read.dates import read_date
from podfeed.read.durations import read_duration
from podfeed.read.fields import Fields, unknown_settings
from podfeed.words import say

#: What Apple looks for. Source: help.apple.com/itc/podcasts_connect; podcast namespace, txt.
_APPLE_PURPOSE = "applepodcastsverify"

# ------------------------------------------------------------------------------- shows and episodes alike


class Shared(TypedDict, total=False):
    """What `shared` reads, by the names it has in Show and Episode."""

    funding: tuple[Funding, ...]
    license: str
    license_url: str
    locations: tuple[Location, ...]
    social_interact: tuple[SocialInteract, ...]
    txt: tuple[Txt, ...]


def shared(fields: Fields) -> Shared:
    """What shows and episodes alike can say."""
    licence = fields.group("license", bare="slug")
    slug, url = licence.text("slug"), licence.text("url")
    unknown_settings(licence, settings.names(settings.LICENSE))
    return {
        "funding": _funding(fields),
        "license": slug,
        "license_url": url,
        "locations": _locations(fields),
        "social_interact": _social_interact(fields),
        "txt": _txt(fields),
    }


def _funding(fields: Fields) -> tuple[Funding, ...]:
    entries = fields.entries("funding", settings.FUNDING, bare="url")
    return tuple(Funding(url=one.text("url"), text=one.text("text")) for one in entries)


def _locations(fields: Fields) -> tuple[Location, ...]:
    return tuple(
        Location(
            name=one.text("name"),
            rel=one.choice("rel", settings.RELATIONS, rule="location-invalid") if one.has("rel") else "",
            geo=one.text("geo"),
            osm=one.text("osm"),
            country=one.text("country"),
        )
        for one in fields.entries("location", settings.LOCATION, bare="name")
    )


def _social_interact(fields: Fields) -> tuple[SocialInteract, ...]:
    return tuple(
        SocialInteract(
            protocol=one.text("protocol").lower(),
            uri=one.text("uri"),
            account_id=one.text("account_id"),
            account_url=one.text("account_url"),
            priority=one.whole("priority", rule="social-interact-invalid"),
        )
        for one in fields.entries("social_interact", settings.SOCIAL_INTERACT)
    )


def _txt(fields: Fields) -> tuple[Txt, ...]:
    entries = fields.entries("txt", settings.TXT, bare="text")
    return tuple(Txt(text=one.text("text"), purpose=one.text("purpose")) for one in entries)


# ---------------------------------------------------------------------------------------------- people


def role(fields: Fields) -> Role:
    """What a person does, as ``role`` and ``group`` say it."""
    return Role(name=fields.text("role"), group=fields.text("group"))


# ---------------------------------------------------------------------------------------------- shows


def trailers(fields: Fields, local: ZoneInfo | None) -> tuple[Trailer, ...]:
    """The trailers of a show; *local* is for dates without an offset."""
    return tuple(
        Trailer(
            title=one.text("title"),
            audio=one.text("path", "url"),
            date=_date(one, local),
            season=one.whole("season", rule="trailer-invalid"),
        )
        for one in fields.entries("trailers", settings.TRAILER)
    )


def _date(fields: Fields, local: ZoneInfo | None) -> datetime | None:
    value = fields.text("date")
    date = read_date(value, local).value if value else None
    if date is None:
        message = say("“{value}” is not a date podfeed can read without guessing", value=value)
        if not value:
            message = say("the trailer has no date")
        fields.say("date", "trailer-invalid", message, say("write it like 2026-01-31 06:00:00 +0900"))
    return date


def release_schedule(fields: Fields) -> ReleaseSchedule | None:
    """How often episodes come out; None when nothing is said."""
    if not fields.has("update_frequency"):
        return None
    group = fields.group("update_frequency", bare="text")
    schedule = ReleaseSchedule(
        text=group.text("text"),
        rrule=group.text("rrule"),
        dtstart=group.text("dtstart"),
        is_complete=group.flag("complete"),
    )
    unknown_settings(group, settings.names(settings.UPDATE_FREQUENCY))
    return schedule


def block_services(fields: Fields) -> dict[str, bool]:
    """Which platforms are to leave a show out, and which are not, by their names."""
    group = fields.group("block_services")
    flags = {name: group.flag(name) for name in group.left_over()}
    return {name: flag for name, flag in flags.items() if flag is not None}


def verification(fields: Fields) -> tuple[Txt, ...]:
    """The codes that prove whose a show is, as platforms look for them."""
    group = fields.group("verification")
    code = group.text("apple")
    unknown_settings(group, settings.names(settings.VERIFICATION))
    return (Txt(text=code, purpose=_APPLE_PURPOSE),) if code else ()


def spotify(fields: Fields) -> tuple[tuple[str, ...], int | None]:
    """The countries a show is from, and how many of its episodes Spotify shows."""
    group = fields.group("spotify")
    countries = [each for word in group.words("country_of_origin") for each in word.split()]
    limit = group.whole("limit", rule="spotify-setting-invalid")
    unknown_settings(group, settings.names(settings.SPOTIFY))
    return tuple(countries), limit


# -------------------------------------------------------------------------------------------- episodes


class OfEpisode(Shared, total=False):
    """What `of_episode` reads beside that, by the names it has in Episode."""

    alternates: tuple[Alternate, ...]
    roles: Mapping[str, Role]
    soundbites: tuple[Soundbite, ...]
    season_name: str
    label: str
    content_links: tuple[ContentLink, ...]


def of_episode(fields: Fields) -> OfEpisode:
    """What an episode says in the podcast namespace; most say nothing, and that is found out at once."""
    if not fields.has(*_OF_EPISODE):
        return {}
    return {
        "alternates": _alternates(fields),
        "roles": _roles(fields),
        "soundbites": _soundbites(fields),
        "season_name": fields.text("season_name"),
        "label": fields.text("episode_label"),
        "content_links": _content_links(fields),
        **shared(fields),
    }


_OF_EPISODE = (
    *("alternate_enclosures", "roles", "soundbites", "season_name", "episode_label", "content_links"),
    *("funding", "license", "location", "social_interact", "txt"),
)


def _alternates(fields: Fields) -> tuple[Alternate, ...]:
    """The same episode in other files; an entry that names none is told and left out."""
    found = []
    for one in fields.entries("alternate_enclosures", settings.ALTERNATE, bare="path"):
        if one.find("path")[1] is None:
            message = say("an entry of “{name}” names no file", name="alternate_enclosures")
            one.say(
                "path", "alternate-without-path", message, say("write “- /audio/….opus”, or “- path: /audio/….opus”")
            )
        found.append(Alternate(reference=one.text("path"), title=one.text("title"), language=one.text("language")))
    return tuple(each for each in found if each.reference)


def _roles(fields: Fields) -> dict[str, Role]:
    """``{bo: guest}``, or ``{bo: {role: …, group: …}}``."""
    group = fields.group("roles")
    found = {}
    for id in group.left_over():
        person = group.group(id, bare="role")
        found[id] = role(person)
        unknown_settings(person, settings.names(settings.ROLE))
    return found


def _soundbites(fields: Fields) -> tuple[Soundbite, ...]:
    """One that cannot be read is told and left out."""
    found = []
    for one in fields.entries("soundbites", settings.SOUNDBITE):
        start, duration, title = _length(one, "start"), _length(one, "duration"), one.text("title")
        if start is not None and duration is not None:
            found.append(Soundbite(start=start, duration=duration, title=title))
    return tuple(found)


def _length(fields: Fields, name: str) -> timedelta | None:
    value = fields.text(name)
    length = read_duration(value).value if value else None
    if length is None:
        message = say("“{name}”: “{value}” is not a length podfeed can read", name=name, value=value)
        if not value:
            message = say("the soundbite has no “{name}”", name=name)
        fields.say(name, "soundbite-invalid", message, say("write it like “12:30”, or in seconds, as 750.5"))
    return length


def _content_links(fields: Fields) -> tuple[ContentLink, ...]:
    entries = fields.entries("content_links", settings.CONTENT_LINK)
    return tuple(ContentLink(url=one.text("url"), text=one.text("text")) for one in entries)
