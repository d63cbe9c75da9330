"""Rules about the feeds that a show has beside its own, for apps that play further formats of sound."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import AudioFacts, Show
from podfeed.words import say


@told_by_reader("error")
def format_unknown() -> None:
    """A word in ``formats`` is no format of sound.

    Bad:
        # config.yaml
        formats: [vinyl]

    Good:
        # config.yaml
        formats: [opus]
    """


@rule(Show, "warning")
def format_unused(show: Show, context: Context) -> Iterator[Finding]:
    """No episode has a further file in a format that has a feed of its own: it is the show's feed once more.

    Bad:
        # config.yaml
        formats: [opus]

    Good:
        alternate_enclosures: [/audio/good.wav]
        # config.yaml
        formats: [wav]
    """
    if not show.formats or not context.episodes.get(show.id):
        return
    references = (each.reference for episode in context.episodes.get(show.id, ()) for each in episode.alternates)
    facts = (context.facts.get(reference) for reference in references)
    there = {each.container for each in facts if isinstance(each, AudioFacts)}
    for name in (each for each in show.formats if each not in there):
        message = say("no episode has a further file in {format}", format=name)
        hint = say("name one under “alternate_enclosures”, or delete this format")
        yield Finding(f"formats.{name}", message, hint)
