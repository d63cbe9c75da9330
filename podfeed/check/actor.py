"""Rules about the people of a show."""

from collections.abc import Iterator

from podfeed.check.artwork import picture_problem
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode
from podfeed.read.fields import suggestion
from podfeed.read.folder import is_remote


@rule(Episode, "error", source="podcast namespace: person", codes="EP090")
def actor_unknown(episode: Episode, context: Context) -> Iterator[Finding]:
    """An entry of ``actor_ids`` is nobody listed under ``actors`` in config.yaml.

    Bad:
        actor_ids: [adda]

    Good:
        actor_ids: [ada]
    """
    for number, id in enumerate(episode.actor_ids):
        if id not in context.config.actors:
            guess = suggestion(id, context.config.actors)
            hint = f"write “{guess}” if that is meant" if guess else f"add “{id}” below “actors” in config.yaml"
            yield Finding(f"actor_ids.{number}", f"there is no actor “{id}” in config.yaml", hint)


@told_by_reader("warning", codes="EP091")
def actor_ids_not_list() -> None:
    """``actor_ids`` is a bare value and no list.

    Bad:
        actor_ids: ada

    Good:
        actor_ids: [ada]
    """


@rule(Config, "error", source="podcast namespace: person", codes="SH025")
def actor_address_invalid(config: Config, context: Context) -> Iterator[Finding]:
    """A person's page is no address on the web.

    Bad:
        # config.yaml
        actors: {ada: {name: Ada, url: ada}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada, url: https://ada.podfeed.example}}
    """
    for actor in config.actors.values():
        if actor.url and not is_remote(actor.url):
            message = f"the page of “{actor.name}” is “{actor.url}”, which is no address"
            yield Finding(f"actors.{actor.id}.url", message, "write it in full: https://…")


@rule(Config, "error", source="a feed must not name a picture that is not there", codes="SH025")
def actor_picture_unusable(config: Config, context: Context) -> Iterator[Finding]:
    """A person's picture is not there, or is no picture that browsers show.

    Bad:
        # config.yaml
        actors: {ada: {name: Ada, image_url: /images/nowhere.png}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada, image_url: /artwork/cover.jpg}}
    """
    for actor in config.actors.values():
        if problem := picture_problem(actor.image, context):
            message = f"the picture of “{actor.name}”, “{actor.image}”, cannot be shown: {problem}"
            yield Finding(f"actors.{actor.id}.image_url", message, "export it as JPEG, or correct the path")
