"""Rules about what people do in a show."""

from collections.abc import Iterator

from podfeed.check.namespace import taxonomy
from podfeed.check.registry import Context, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode, Role
from podfeed.read.fields import suggestion
from podfeed.words import listed, say


@rule(Config, "warning", source="podcast namespace: person; podcasttaxonomy.com", codes="EP092")
@rule(Episode, "warning", source="podcast namespace: person; podcasttaxonomy.com", codes="EP092")
def person_role_unknown(subject: Config | Episode, context: Context) -> Iterator[Finding]:
    """A person has a role or a group that is not in the Podcast Taxonomy; apps ignore other words.

    Capital letters do not count.

    Bad:
        roles: {ada: moderator}

    Good:
        roles: {ada: host}
    """
    for name, role in _roles(subject):
        if (role.name or role.group) and (fault := role_fault(role.name or "host", role.group)):
            field, message, hint = fault
            yield Finding(f"{name}.{field}", message, hint)


def _roles(subject: Config | Episode) -> Iterator[tuple[str, Role]]:
    if isinstance(subject, Config):
        yield from ((f"actors.{actor.id}", actor.role) for actor in subject.actors.values())
    else:
        yield from ((f"roles.{id}", role) for id, role in subject.roles.items())


@rule(Episode, "warning")
def person_not_named(episode: Episode, context: Context) -> Iterator[Finding]:
    """``roles`` says what somebody does whom ``actor_ids`` does not name: nobody is shown for that.

    Bad:
        roles: {bo: guest}

    Good:
        roles: {ada: guest}
    """
    for id in episode.roles if "actor_ids" not in episode.faulty else ():
        if id not in episode.actor_ids:
            message = say("“{id}” has a role here, and is not named under “actor_ids”", id=id)
            guess = suggestion(id, frozenset(episode.actor_ids))
            hint = say("write “{guess}” if that is meant", guess=guess) if guess else say("add “{id}” there", id=id)
            yield Finding(f"roles.{id}", message, hint)


# --------------------------------------------------------------------------------------- for feeds too


def role_fault(role: str, group: str) -> tuple[str, str, str] | None:
    """Which of the two is at fault, what is wrong with it, and what to do; None when nothing is."""
    groups = taxonomy().get(role.lower(), ())
    if group and group.lower() not in groups:
        known = frozenset(each for groups in taxonomy().values() for each in groups)
        if group.lower() not in known:
            message = say("“{group}” is no group of the Podcast Taxonomy", group=short(group))
            return "group", message, _choose(group, known)
        if groups:
            message = say("“{role}” is no role of the group “{group}”", role=role, group=group)
            return "group", message, say("write “{word}”", word=groups[0])
    if role and not groups:
        message = say("“{role}” is no role of the Podcast Taxonomy", role=short(role))
        return "role", message, _choose(role, frozenset(taxonomy()))
    if not group and len(groups) > 1:
        message = say("“{role}” is a role of more than one group: {groups}", role=role, groups=listed(groups))
        return "role", message, say("add the group, as “{group}”", group=groups[0])
    return None


def _choose(word: str, known: frozenset[str]) -> str:
    guess = suggestion(word.lower(), known)
    if guess:
        return say("write “{word}”", word=guess)
    return say("take an English word of podcasttaxonomy.com, or leave it out")
