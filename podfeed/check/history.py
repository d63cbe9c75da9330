"""Rules that hold what is here against what was published: podfeed.lock."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode, Show
from podfeed.read.dates import format_date
from podfeed.read.decode import slug_of
from podfeed.read.lock import PublishedEpisode
from podfeed.render.feeds import ARCHIVE, further_feeds
from podfeed.words import say

_GUID = "help.apple.com/itc/podcasts_connect: guid"


@rule(Show, "error", source=_GUID, codes="MG001 MG007")
def history_guid_changed(show: Show, context: Context) -> Iterator[Finding]:
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
    guids = {entry.path: entry.guid.text for entry in context.lock.of_show(show.id) if not entry.is_withdrawn}
    for episode in context.episodes.get(show.id, ()):
        old = guids.get(episode.path)
        if old and episode.guid and context.identity(episode).published is None:
            message = say("the guid is “{guid}”; the episode was published as “{old}”", guid=episode.guid, old=old)
            yield Finding("guid", message, say("write “guid: {old}”, or delete the line", old=old), path=episode.path)


@rule(Show, "error", source="podcasters.apple.com/support/837", codes="MG002 MG006 MG007")
def history_episode_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A published episode has no file any more, or its file is a draft or an article now.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first"}

    Good:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/0.md", "guid": "first", "is_withdrawn": true}
    """
    newcomers = _newcomers(show, context)
    for entry in context.identities[show.id].missing:
        yield _missing(entry, context, newcomers)
    for episode in context.episodes.get(show.id, ()):
        published = context.identity(episode).published
        if published is None or published.is_withdrawn:
            continue
        hint = say("undo that, or run “podfeed withdraw {path}”", path=episode.path)
        if episode.is_draft:
            message = say("the episode is published, and a draft now")
            yield Finding("draft", message, hint, path=episode.path)
        elif context.is_article(episode):
            message = say("the episode is published, and without audio now")
            yield Finding("", message, hint, path=episode.path)


def _newcomers(show: Show, context: Context) -> Mapping[datetime, str]:
    """The files of *show* that continue no published episode, by the moment they go out."""
    episodes = (each for each in context.episodes.get(show.id, ()) if context.identity(each).published is None)
    return {episode.date: episode.path for episode in episodes if episode.date}


def _missing(entry: PublishedEpisode, context: Context, newcomers: Mapping[datetime, str]) -> Finding:
    """What to say of a published episode that no file continues."""
    if entry.path in context.skipped:
        message = say("the file is published, and no episode any more: {reason}", reason=context.skipped[entry.path])
        return Finding("", message, say("mend its header"), path=entry.path)
    guid, name = entry.guid.text, entry.path or entry.enclosure_url or entry.guid.text
    message = say("“{name}” is published (guid “{guid}”), and its file is gone", name=name, guid=guid)
    path = newcomers.get(entry.date) if entry.date else None
    hint = (
        say(
            "if “{path}” is that episode, write “guid: {guid}” in it, or it gets a new one, made from its name",
            path=path,
            guid=guid,
        )
        if path
        else say("bring the file back, or run “podfeed withdraw {episode}”", episode=entry.path or guid)
    )
    return Finding("", message, hint, path="podfeed.lock")


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
        message = say("the date was {date} when the episode was published", date=format_date(published.date))
        yield Finding("date", message, say("keep the first date, unless a new one is meant"))


@rule(Episode, "warning", codes="MG008")
def history_page_moved(episode: Episode, context: Context) -> Iterator[Finding]:
    """The file of a published episode has another name now, and its page another address: old links break.

    Bad:
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/tides.md", "guid": "first", "audio": "audio/good.mp3"}

    Good:
        slug: tides
        # podfeed.lock
        episode {"show": "radio", "path": "episodes/tides.md", "guid": "first", "audio": "audio/good.mp3"}
    """
    published = context.identity(episode).published
    if published is None or published.path in ("", episode.path) or {"slug", "permalink"} & set(episode.keys):
        return
    slug = slug_of(published.path)
    if slug != episode.slug:
        message = say("the episode was published from “{path}”; its page moves with the new name", path=published.path)
        yield Finding("", message, say("add “slug: {slug}” to keep the address, or redirect the old one", slug=slug))


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
        hint = say("nothing to do; to bring it back, run “podfeed reinstate {path}”", path=episode.path)
        yield Finding("", say("this episode was withdrawn and stays out of the feed"), hint)
    if published is None and episode.path in context.identities[episode.show].withdrawn:
        message = say("an episode of this file was withdrawn; with another guid it goes out as a new one")
        yield Finding("guid", message, say("delete the file if it is to stay away"))


@rule(Show, "error", source="podcast namespace: guid", codes="MG004")
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
        old = published.guid
        message = say("the show's guid is “{guid}”; it was published as “{old}”", guid=show.guid, old=old)
        yield Finding("guid", message, say("write “guid: {old}”, or delete the line", old=old))


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
        message = say("the feed was at “{old}” and will be at “{new}”", old=published.feed_url, new=address)
        hint = say("redirect the old address, and add “new_feed_url: {new}” for some months", new=address)
        yield Finding("feed", message, hint)


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
        message = say("podfeed has not published this show yet")
        hint = say("if it is already public, run “podfeed adopt FEED.xml” first, so that its guids are kept")
        yield Finding("", message, hint)


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
    # Where config.yaml names no show at all, that is the fault, and told.
    for id in context.lock.shows if config.shows else ():
        if id not in config.shows:
            message = say(
                "the show “{show}” is published, and not in config.yaml any more; its feed stays as it is", show=id
            )
            hint = say(
                "bring “{show}” back, or delete its output and its lines in podfeed.lock if it has ended", show=id
            )
            yield Finding("shows", message, hint)


@rule(Config, "warning")
def history_further_feed_dropped(config: Config, context: Context) -> Iterator[Finding]:
    """A published feed beside those of the shows is no longer asked for. It goes on, for somebody may subscribe to it.

    That of a show in one more format, and its archive, get new episodes as before; the feed of all shows stays as it
    is.

    Bad:
        # podfeed.lock
        feed {"show": "radio", "name": "opus", "guid": "342e5217-905c-58ac-a218-148650a6ea18", "feed_url": "https://radio.podfeed.example/radio/feed-opus.xml"}

    Good:
        # config.yaml
        formats: [opus]
        # podfeed.lock
        feed {"show": "radio", "name": "opus", "guid": "342e5217-905c-58ac-a218-148650a6ea18", "feed_url": "https://radio.podfeed.example/radio/feed-opus.xml"}
    """
    hint = say("ask for it again, or delete its line in podfeed.lock if it may end")
    for show in context.episodes:
        for each in further_feeds(config.shows[show], config.site, context.lock):
            if not each.is_wanted:
                message = say("“{path}” is published, and not asked for any more; it goes on", path=each.path)
                yield Finding(f"shows.{show}", message, hint)
    if not config.network:
        for address in (each.feed_url for each in context.lock.feeds.values() if not each.show):
            message = say("“{address}” is published, and not asked for any more; it stays as it is", address=address)
            yield Finding("", message, hint)


@rule(Show, "info")
def history_further_feed_moved(show: Show, context: Context) -> Iterator[Finding]:
    """A further feed has another address than it was published at. It is at both, and the old one tells apps to move.

    Bad:
        # config.yaml
        formats: {opus: radio/opus.xml}
        # podfeed.lock
        feed {"show": "radio", "name": "opus", "guid": "342e5217-905c-58ac-a218-148650a6ea18", "feed_url": "https://radio.podfeed.example/radio/feed-opus.xml"}

    Good:
        # config.yaml
        formats: {opus: radio/feed-opus.xml}
        # podfeed.lock
        feed {"show": "radio", "name": "opus", "guid": "342e5217-905c-58ac-a218-148650a6ea18", "feed_url": "https://radio.podfeed.example/radio/feed-opus.xml"}
    """
    for each in further_feeds(show, context.config.site, context.lock):
        if each.successor:
            message = say("“{path}” tells apps to go on to “{successor}”", path=each.path, successor=each.successor)
            hint = say("when nobody reads the old one any more, delete its line in podfeed.lock")
            yield Finding(f"formats.{each.name}", message, hint)


@rule(Show, "warning", source="RFC 5005: the entries of an archive document stay")
def history_archive_resized(show: Show, context: Context) -> Iterator[Finding]:
    """The pages of a published archive are to get another size. They keep theirs: readers do not come back to a page.

    Bad:
        # config.yaml
        archive: 20
        # podfeed.lock
        feed {"show": "radio", "name": "archive", "guid": "g", "page_items": 50, "feed_url": "https://radio.podfeed.example/radio/archive/feed.xml"}

    Good:
        # config.yaml
        archive: 50
        # podfeed.lock
        feed {"show": "radio", "name": "archive", "guid": "g", "page_items": 50, "feed_url": "https://radio.podfeed.example/radio/archive/feed.xml"}
    """
    if not show.archive:
        return
    for each in further_feeds(show, context.config.site, context.lock):
        if each.name == ARCHIVE and each.page_items != show.archive:
            size = each.page_items
            message = say("the archive was published with pages of {count} episodes, and keeps them", count=size)
            yield Finding("archive", message, say("write {count}", count=size))


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
        message = say("the episodes of “{show}” were published as the show “{old}”", show=show.id, old=old)
        hint = say("call the show “{old}” again, or give its lines in podfeed.lock the new id", old=old)
        yield Finding("", message, hint)
