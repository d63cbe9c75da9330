"""Rules about the places a show or an episode names."""

import re
from collections.abc import Iterator

from podfeed.check.namespace import countries
from podfeed.check.registry import Context, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.words import say

_LOCATION = "podcast namespace: location; RFC 5870; ISO 3166-1"


@rule(Show, "error", source=_LOCATION, codes="EP102")
@rule(Episode, "error", source=_LOCATION, codes="EP102")
def location_invalid(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A place has no name, or cannot be found by its coordinates, its id in OpenStreetMap or its country.

    Bad:
        location: {name: Austin, geo: "30.2672,-97.7431", country: usa}

    Good:
        location: {name: Austin, geo: "geo:30.2672,-97.7431", osm: R113314, country: us}
    """
    for number, place in enumerate(subject.locations):
        if not place.name:
            message = say("the place has no name, which is what apps show")
            yield Finding(f"location.{number}", message, say("add “name: …”"))
        for field, message, hint in place_faults(place.geo, place.osm, place.country):
            yield Finding(f"location.{number}.{field}", message, hint)


# --------------------------------------------------------------------------------------- for feeds too


def place_faults(geo: str, osm: str, country: str) -> Iterator[tuple[str, str, str]]:
    """Which of the three is at fault, what is wrong with it, and what to do; what is empty is not given."""
    found = _GEO.fullmatch(geo)
    if geo and not found:
        message = say("“{geo}” is no place as a geo address names one", geo=short(geo))
        yield "geo", message, say("write latitude and longitude, as geo:35.4437,139.638")
    elif found and not _is_on_earth(found):
        message = say("“{geo}” is not on the earth", geo=short(geo))
        hint = say("write the latitude first, from -90 to 90, then the longitude, from -180 to 180")
        yield "geo", message, hint
    if osm and not _OSM.fullmatch(osm):
        message = say("“{osm}” is no id of OpenStreetMap", osm=short(osm))
        yield "osm", message, say("write N, W or R for node, way or relation, and its number, as R113314")
    if country and country.lower() not in countries():
        message = say("“{country}” is no country of ISO 3166", country=short(country))
        yield "country", message, say("write two letters, as jp or gb")


_GEO = re.compile(
    r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?(;crs=[\w-]+)?(;u=\d+(?:\.\d+)?)?(;[^\s;]+)*",
    re.ASCII | re.IGNORECASE,
)
_OSM = re.compile(r"[NWR]\d+(#\d+)?", re.ASCII)


def _is_on_earth(geo: re.Match[str]) -> bool:
    """Whether the coordinates are possible; those of another system than the usual one may be anything."""
    if geo[3] and geo[3].lower() != ";crs=wgs84":
        return True
    return abs(float(geo[1])) <= 90 and abs(float(geo[2])) <= 180
