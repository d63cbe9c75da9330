"""Rules that hold what is here against what was published: podfeed.lock."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode, Show

_GUID = "help.apple.com/itc/podcasts_connect: a guid never changes"


@rule(Episode, "error", source=_GUID, codes="MG001 MG007")
def history_guid_changed(episode: Episode, context: Context) -> Iterator[Finding]:
    """The guid of a published episode changed: every listener would get it again, as a new one.

    Bad:
        guid: another
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"}

    Good:
        guid: first
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"}
    """
    if not episode.guid or context.identity(episode).published:
        return
    entry = next((each for each in context.lock.of_show(episode.show) if each.path == episode.path), None)
    if entry and not entry.is_withdrawn:
        message = f"the guid is “{episode.guid}”; the episode was published as “{entry.guid.text}”"
        yield Finding("guid", message, f"write “guid: {entry.guid.text}”, or delete the line")


@rule(Show, "error", source="podcasters.apple.com/support/837", codes="MG002 MG006")
def history_episode_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A published episode has no file any more, or its file is a draft or an article now.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first"}

    Good:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first", "is_withdrawn": true}
    """
    if show.id not in context.identities:
        return
    for entry in context.identities[show.id].missing:
        if entry.path in context.skipped:
            message = f"the file is published, and no episode any more: {context.skipped[entry.path]}"
            yield Finding("", message, "mend its header", path=entry.path)
            continue
        name = entry.path or entry.enclosure_url or entry.guid.text
        yield Finding(
            "",
            f"“{name}” is published (guid “{entry.guid.text}”), and its file is gone",
            f"bring the file back, or run “podfeed withdraw {entry.path or entry.guid.text}”",
            path="podfeed.lock",
        )
    for episode in context.episodes.get(show.id, ()):
        published = context.identity(episode).published
        if published is None or published.is_withdrawn:
            continue
        if episode.is_draft or context.is_article(episode):
            what = "a draft" if episode.is_draft else "without audio"
            hint = f"undo that, or run “podfeed withdraw {episode.path}”"
            field = "draft" if episode.is_draft else ""
            yield Finding(field, f"the episode is published, and {what} now", hint, path=episode.path)


@rule(Episode, "warning", codes="MG003")
def history_date_changed(episode: Episode, context: Context) -> Iterator[Finding]:
    """The date of a published episode changed; apps may announce it again.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "date": "2025-06-01T05:00:00+09:00"}

    Good:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "date": "2025-06-02T05:00:00+09:00"}
    """
    published = context.identity(episode).published
    if published and published.date and episode.date and episode.date_is_exact and episode.date != published.date:
        message = f"the date was {published.date:%Y-%m-%d %H:%M:%S %z} when the episode was published"
        yield Finding("date", message, "keep the first date, unless a new one is meant")


@rule(Episode, "warning")
def history_withdrawn(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode was withdrawn: it stays out of the feed. With another guid it would be a new one.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "is_withdrawn": true}

    Good:
        title: Tides
    """
    published = context.identity(episode).published
    if published and published.is_withdrawn:
        hint = "nothing to do; to bring it back, take “is_withdrawn” out of its line in podfeed.lock"
        yield Finding("", "this episode was withdrawn and stays out of the feed", hint)
    if published is None and episode.path in context.identities[episode.show].withdrawn:
        message = "an episode of this file was withdrawn; with another guid it goes out as a new one"
        yield Finding("guid", message, "delete the file if it is to stay away")


@rule(Show, "error", source="podcast namespace: a show's guid is given once", codes="MG004")
def history_show_guid_changed(show: Show, context: Context) -> Iterator[Finding]:
    """The guid of a published show changed: it would become another show in the Podcast Index.

    Bad:
        # config.yaml
        guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://radio.podfeed.example/radio/feed.xml"}

    Good:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://radio.podfeed.example/radio/feed.xml"}
    """
    published = context.lock.shows.get(show.id)
    if published and published.guid and show.guid and show.guid != published.guid:
        message = f"the show's guid is “{show.guid}”; it was published as “{published.guid}”"
        yield Finding("guid", message, f"write “guid: {published.guid}”, or delete the line")


@rule(Show, "warning", source="podcasters.apple.com/support/837", codes="MG005")
def history_feed_moved(show: Show, context: Context) -> Iterator[Finding]:
    """The feed's address changed, and nothing tells apps where it went.

    Bad:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://old.podfeed.example/feed.xml"}

    Good:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://radio.podfeed.example/radio/feed.xml"}
    """
    published = context.lock.shows.get(show.id)
    address = f"{context.config.site}/{show.feed}"
    moved = published and published.feed_url and _bare(published.feed_url) != _bare(address)
    if published and moved and show.new_feed_url != address:
        message = f"the feed was at “{published.feed_url}” and will be at “{address}”"
        yield Finding("feed", message, f"redirect the old address, and add “new_feed_url: {address}” for some months")


def _bare(address: str) -> str:
    """An address without its scheme: a show that goes from http to https stays where it is."""
    return address.partition("://")[2]


@rule(Show, "warning", codes="MG006")
def history_not_adopted(show: Show, context: Context) -> Iterator[Finding]:
    """A show has past episodes, and podfeed has published none of them.

    If it is public already, its guids must be kept.

    Bad:
        # config.yaml
        language: ja

    Good:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"}
    """
    episodes = (each for each in context.episodes.get(show.id, ()) if each.audio and not each.is_draft)
    past = [each for each in episodes if each.date and each.date <= context.now]
    if past and not context.lock.of_show(show.id):
        message = "podfeed has not published this show yet"
        yield Finding(
            "", message, "if it is already public, run “podfeed adopt FEED.xml” first, so that its guids are kept"
        )


@rule(Config, "warning")
def history_show_missing(config: Config, context: Context) -> Iterator[Finding]:
    """A published show is no longer in config.yaml. Its feed stays in the output as it is.

    Bad:
        # podfeed.lock
        show {"id": "news", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}

    Good:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}
    """
    for id in context.lock.shows:
        if id not in config.shows:
            message = f"the show “{id}” is published, and not in config.yaml any more; its feed stays as it is"
            hint = f"bring “{id}” back, or delete its output and its lines in podfeed.lock if it has ended"
            yield Finding("shows", message, hint)


@rule(Show, "error", source=_GUID)
def history_show_renamed(show: Show, context: Context) -> Iterator[Finding]:
    """A show has another id than its episodes were published under: every one of them would be new.

    Bad:
        # podfeed.lock
        episode {"show": "news", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"}

    Good:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"}
    """
    if context.lock.of_show(show.id):
        return
    paths = {episode.path for episode in context.episodes.get(show.id, ())}
    gone = (each.show for each in context.lock.episodes.values() if each.path in paths)
    old = next((id for id in gone if id not in context.config.shows), "")
    if old:
        message = f"the episodes of “{show.id}” were published as the show “{old}”"
        yield Finding("", message, f"call the show “{old}” again, or give its lines in podfeed.lock the new id")
