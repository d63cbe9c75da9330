"""Rules about the identity of episodes."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode
from podfeed.words import say


@rule(Config, "error", source="help.apple.com/itc/podcasts_connect: guid", codes="FD017")
def guid_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two episodes have the same guid: one of them would vanish from every app.

    Bad:
        guid: abc
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        guid: abc

    Good:
        guid: abc
    """
    seen: dict[str, Episode] = {}
    episodes = [each for show in context.episodes.values() for each in show if each.audio]
    # What is published keeps its guid: the newcomer is told.
    for episode in sorted(episodes, key=lambda each: context.identity(each).published is None):
        identity = context.identity(episode)
        guid = identity.guid.text
        other = seen.setdefault(guid, episode).path
        if other == episode.path and identity.published is None and episode.guid:
            other = context.lock.holder_elsewhere(guid) or other
        if other != episode.path:
            field = "guid" if episode.guid else ""
            message = say("{path} has the same guid, “{guid}”", path=other, guid=guid)
            yield Finding(field, message, say("give the newer episode another guid"), path=episode.path)


@rule(Episode, "warning", source="W3C Feed Validator: InvalidHttpGUID", codes="FD018")
def guid_is_no_permalink(episode: Episode, context: Context) -> Iterator[Finding]:
    """A guid is declared to be a web address and is none.

    Bad:
        guid: abc
        guid_is_permalink: true

    Good:
        guid: abc
    """
    if episode.guid_is_permalink and episode.guid and not episode.guid.lower().startswith(("http://", "https://")):
        message = say("the guid “{guid}” is no web address, as “guid_is_permalink” says", guid=episode.guid)
        yield Finding("guid_is_permalink", message, say("write false, or delete the line"))


@rule(Episode, "info", codes="MG007")
def guid_not_written(episode: Episode, context: Context) -> Iterator[Finding]:
    """The file of a published episode has another name now, and no ``guid``: it is known by its audio alone.

    If its audio were replaced too, it would be a new episode, and every listener would get it again. With its guid in
    the file it stays the same one, whatever changes.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first", "audio": "audio/good.mp3"}

    Good:
        guid: first
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first", "audio": "audio/good.mp3"}
    """
    published = context.identity(episode).published
    if published and not episode.guid and published.path not in ("", episode.path):
        message = say("this was published as {path}; its audio alone tells that it is the same", path=published.path)
        yield Finding("guid", message, say("add “guid: {guid}”", guid=published.guid.text))
