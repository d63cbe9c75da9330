"""Rules about short texts that apps print as they are."""

from collections.abc import Iterator

from podfeed.check.namespace import TAGS, TEXT
from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show
from podfeed.words import say

_LIMITS = "podcast namespace: what is longer may be cut"


@rule(Show, "warning", source=_LIMITS, codes="SH028 SH030 EP101 EP102")
@rule(Episode, "warning", source=_LIMITS, codes="SH028 SH030 EP101 EP102")
def label_too_long(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A text is longer than the podcast namespace promises to show; apps may cut it.

    Bad:
        episode: 4
        episode_label: The fourth talk with the harbour master

    Good:
        episode: 4
        episode_label: Talk 4
    """
    for name, text, tag, attribute in _labels(subject):
        limit = TAGS[tag].values[attribute].limit
        if len(text) > limit:
            message = say("this has {count} characters; apps may keep only {limit}", count=len(text), limit=limit)
            yield Finding(name, message, say("shorten it"))


def _labels(subject: Show | Episode) -> Iterator[tuple[str, str, str, str]]:
    """The field, its text, and the tag and the attribute it becomes."""
    yield "license", subject.license, "license", TEXT
    for number, place in enumerate(subject.locations):
        yield f"location.{number}.name", place.name, "location", TEXT
    for number, txt in enumerate(subject.txt):
        yield f"txt.{number}.text", txt.text, "txt", TEXT
        yield f"txt.{number}.purpose", txt.purpose, "txt", "purpose"
    if isinstance(subject, Show):
        for number, trailer in enumerate(subject.trailers):
            yield f"trailers.{number}.title", trailer.title, "trailer", TEXT
        if subject.schedule:
            yield "update_frequency.text", subject.schedule.text, "updateFrequency", TEXT
    else:
        yield "season_name", subject.season_name, "season", "name"
        yield "episode_label", subject.label, "episode", "display"
        for number, bite in enumerate(subject.soundbites):
            yield f"soundbites.{number}.title", bite.title, "soundbite", TEXT


@rule(Episode, "warning", source="podcast namespace: season, episode")
def label_without_number(episode: Episode, context: Context) -> Iterator[Finding]:
    """A season or an episode has a name and no number. Apps sort by the number, and the name alone is not in the feed.

    Bad:
        season_name: At sea

    Good:
        season: 2
        season_name: At sea
    """
    for name, text, field, number in (
        ("season_name", episode.season_name, "season", episode.season),
        ("episode_label", episode.label, "episode", episode.number),
    ):
        if text and number is None and field not in episode.faulty:
            message = say("“{name}” is not in the feed, for there is no “{field}”", name=name, field=field)
            yield Finding(name, message, say("add “{field}: …” with a number", field=field))
