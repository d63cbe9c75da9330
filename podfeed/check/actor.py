"""Rules about the people of a show."""

import unicodedata
from collections.abc import Iterator

from podfeed.check.artwork import picture_problem
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import private_in
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode
from podfeed.read.fields import suggestion
from podfeed.read.folder import is_remote
from podfeed.words import say

_PERSON = "podcast namespace: person"


@rule(Episode, "error", source=_PERSON, codes="EP090")
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
            hint = (
                say("write “{name}” if that is meant", name=guess)
                if guess
                else say("add “{name}” below “actors” in config.yaml", name=id)
            )
            yield Finding(f"actor_ids.{number}", say("there is no actor “{name}” in config.yaml", name=id), hint)


@told_by_reader("warning", codes="EP091")
def actor_ids_not_list() -> None:
    """``actor_ids`` is a bare value and no list.

    Bad:
        actor_ids: ada

    Good:
        actor_ids: [ada]
    """


@rule(Config, "warning", source=_PERSON, codes="SH025")
def actor_name_too_long(config: Config, context: Context) -> Iterator[Finding]:
    """A person's name has more than 128 characters; apps may cut it.

    Bad:
        # config.yaml
        actors: {ada: {name: "Ada, who keeps the light, writes the tide tables, mends the nets and, on Thursdays, when
          the ferry is late, reads the letters that nobody came to fetch"}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada}}
    """
    for actor in config.actors.values():
        if len(actor.name) > 128:
            message = say(
                "the name of “{id}” has {count} characters; apps may cut it after 128",
                id=actor.id,
                count=len(actor.name),
            )
            yield Finding(f"actors.{actor.id}.name", message, say("shorten it"))


@rule(Config, "warning", source=_PERSON, codes="SH025")
def actor_name_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two people have one name: apps that list people would take them for the same.

    Bad:
        # config.yaml
        actors: {ada: {name: Ada}, bo: {name: Ada}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada}, bo: {name: Bo}}
    """
    owners: dict[str, str] = {}
    for actor in config.actors.values():
        other = owners.setdefault(unicodedata.normalize("NFKC", actor.name), actor.id)
        if other != actor.id:
            message = say("“{other}” has the same name, “{name}”", other=other, name=actor.name)
            yield Finding(f"actors.{actor.id}.name", message, say("keep one of them, or tell the names apart"))


@rule(Config, "error", source=_PERSON, codes="SH025")
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
            message = say("the page of “{name}” is “{url}”, which is no address", name=actor.name, url=actor.url)
            yield Finding(f"actors.{actor.id}.url", message, say("write it in full: https://…"))


@rule(Config, "warning", source="podcast namespace: addresses are https", codes="SH025")
def actor_address_insecure(config: Config, context: Context) -> Iterator[Finding]:
    """The address of a person's page or picture begins with http://. Apps may not open it.

    Bad:
        # config.yaml
        actors: {ada: {name: Ada, url: http://ada.podfeed.example}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada, url: https://ada.podfeed.example}}
    """
    for actor in config.actors.values():
        for name, address in (("url", actor.url), ("image_url", actor.image)):
            if address.lower().startswith("http://"):
                message = say("“{url}” begins with http://", url=address)
                yield Finding(f"actors.{actor.id}.{name}", message, say("write https://, if the server has it"))


@rule(Config, "error", codes="FD014")
def actor_address_private(config: Config, context: Context) -> Iterator[Finding]:
    """The address of a person's page or picture holds a password, a token, or a signature that expires.

    Bad:
        # config.yaml
        actors: {ada: {name: Ada, image_url: "https://ada:secret@ada.podfeed.example/ada.jpg"}}

    Good:
        # config.yaml
        actors: {ada: {name: Ada, image_url: "https://ada.podfeed.example/ada.jpg"}}
    """
    for actor in config.actors.values():
        for name, address in (("url", actor.url), ("image_url", actor.image)):
            if secret := private_in(address):
                message = say("the address holds “{secret}”, which is private or expires", secret=secret)
                yield Finding(f"actors.{actor.id}.{name}", message, say("use a permanent public address"))


@rule(Config, "error", source=_PERSON, codes="SH025")
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
            message = say(
                "the picture of “{name}”, “{path}”, cannot be shown: {problem}",
                name=actor.name,
                path=actor.image,
                problem=problem,
            )
            yield Finding(f"actors.{actor.id}.image_url", message, say("correct the path, or export it as JPEG"))
