"""Rules about what only Spotify reads: the setting, and the tags in a feed."""

import re
from collections.abc import Iterator

from podfeed.check.namespace import countries
from podfeed.check.registry import Context, FeedContext, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Show
from podfeed.read.xml import Document
from podfeed.words import say, say_many

_SPOTIFY = "Spotify Podcast Delivery Specification"
_COUNT = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)


@rule(Show, "error", source=f"{_SPOTIFY}: countryOfOrigin, limit; ISO 3166-1", codes="SH035")
def spotify_setting_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The countries a show is from are not named by two letters each, or the limit is no whole number from 1 on.

    Bad:
        # config.yaml
        spotify: {country_of_origin: Japan}

    Good:
        # config.yaml
        spotify: {country_of_origin: jp}
    """
    for country in show.spotify_countries:
        if country.lower() not in countries():
            message = say("“{country}” is no country of ISO 3166", country=short(country))
            yield Finding("spotify.country_of_origin", message, say("write two letters, as jp or gb"))


@rule(Show, "warning", source=f"{_SPOTIFY}: limit", codes="SH035")
def spotify_limit_set(show: Show, context: Context) -> Iterator[Finding]:
    """Spotify shows only the newest episodes of a show, for its own setting says so.

    Bad:
        # config.yaml
        spotify: {limit: 100}

    Good:
        # config.yaml
        spotify: {country_of_origin: jp}
    """
    if show.spotify_limit:
        message = say_many(
            "Spotify shows the newest episode alone, and hides the others",
            "Spotify shows the {count} newest episodes, and hides the others",
            count=show.spotify_limit,
        )
        yield Finding("spotify.limit", message, say("delete the line to show all"))


@rule(Document, "warning", source=f"{_SPOTIFY}: countryOfOrigin; ISO 3166-1", codes="SH035")
def spotify_country_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The countries a show is from are not named by two letters each, with blanks between them.

    Bad:
        <spotify:countryOfOrigin>Japan</spotify:countryOfOrigin>

    Good:
        <spotify:countryOfOrigin>jp gb</spotify:countryOfOrigin>
    """
    for element in feed.channel.all("spotify:countryOfOrigin") if feed.channel else ():
        for country in element.text.split():
            if country.lower() not in countries():
                message = say("“{country}” is no country of ISO 3166", country=short(country))
                yield Finding("", message, say("write two letters, as jp or gb"), position=feed.text_place(element))


@rule(Document, "warning", source=f"{_SPOTIFY}: limit", codes="SH035")
def spotify_limit_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The number of episodes that Spotify shall show is no whole number from 1 on.

    Bad:
        <spotify:limit recentCount="all"/>

    Good:
        <spotify:limit recentCount="10"/>
    """
    for element in feed.channel.all("spotify:limit") if feed.channel else ():
        count = element.attributes.get("recentCount", "").strip()
        if not _COUNT.fullmatch(count):
            message = say("“{count}” is no number of episodes", count=short(count))
            hint = say("write a whole number from 1 on, or delete the tag to show all")
            yield Finding("", message, hint, position=feed.place(element, "recentCount"))


@rule(Document, "warning", source=f"{_SPOTIFY}: limit", codes="SH035")
def spotify_limit_hides_episodes(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Spotify shows only the newest episodes of a feed, for its own tag says so.

    Bad:
        <spotify:limit recentCount="1"/>

    Good:
        <spotify:limit recentCount="10"/>
    """
    for element in feed.channel.all("spotify:limit") if feed.channel else ():
        count = element.attributes.get("recentCount", "").strip()
        hidden = len(feed.items) - int(count) if _COUNT.fullmatch(count) else 0
        if hidden > 0:
            message = say_many(
                "Spotify hides the oldest episode of this feed",
                "Spotify hides the {count} oldest episodes of this feed",
                count=hidden,
            )
            hint = say("delete the tag to show all")
            yield Finding("", message, hint, position=feed.place(element, "recentCount"))
