"""Rules about what an episode is called and where it stands among the others."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show

_APPLE = "help.apple.com/itc/podcasts_connect"


@rule(Episode, "error", source=f"{_APPLE}: title", codes="EP010")
def episode_title_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode has no title.

    Bad:
        title:

    Good:
        title: Tides
    """
    if not episode.title and "title" not in episode.faulty:
        hint = "add “title: …”; a title that begins with # needs quotes"
        yield Finding("title", "the episode has no title", hint)


@rule(Episode, "warning", source="PSP-1: 255 characters", codes="EP014")
def episode_title_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """A title has more than 255 characters, or more than one line.

    Bad:
        title: |
          Tides
          and waves

    Good:
        title: Tides and waves
    """
    if len(episode.title) > 255:
        message = f"the title has {len(episode.title)} characters; apps keep to 255"
        yield Finding("title", message, "shorten it; the rest belongs into the description")
    if "\n" in episode.title or "\r" in episode.title:
        yield Finding("title", "the title has more than one line", "write it in one line")


@rule(Episode, "warning", source=f"{_APPLE}: title", codes="EP013")
def episode_title_repeats_show(episode: Episode, context: Context) -> Iterator[Finding]:
    """A title begins or ends with the show's own; apps print that next to it.

    Bad:
        title: Harbour Radio, Tides

    Good:
        title: Tides
    """
    show = context.config.shows[episode.show].title
    folded, name = episode.title.casefold(), show.casefold()
    if len(name) > 6 and folded != name and (folded.startswith(name) or folded.endswith(name)):
        yield Finding(
            "title", f"the title repeats the show's name, “{show}”", "leave it out; apps print it beside the title"
        )


@told_by_reader("error", source=f"{_APPLE}: itunes:season", codes="EP071")
def episode_season_invalid() -> None:
    """``season`` is not a whole number from 1 on.

    Bad:
        season: two

    Good:
        season: 2
    """


@told_by_reader("error", source=f"{_APPLE}: itunes:episode", codes="EP070")
def episode_number_invalid() -> None:
    """``episode`` is not a whole number from 1 on.

    Bad:
        episode: 12a

    Good:
        episode: 12
    """


@told_by_reader("error", source=f"{_APPLE}: itunes:episodeType", codes="EP076")
def episode_type_invalid() -> None:
    """``episode_type`` is not full, trailer or bonus.

    Bad:
        episode_type: extra

    Good:
        episode_type: bonus
    """


@rule(Episode, "error", source=f"{_APPLE}: itunes:type", codes="EP072")
def episode_number_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """A full episode of a serial show has no number; apps would not know the order.

    Bad:
        # config.yaml
        type: serial

    Good:
        # config.yaml
        type: serial
        # episodes/1.md
        episode: 1
    """
    is_serial = context.config.shows[episode.show].type == "serial"
    needs_number = is_serial and episode.type == "full" and not context.is_article(episode)
    if needs_number and episode.number is None and "episode" not in episode.faulty:
        yield Finding("episode", "the show is serial, and the episode has no number", "add “episode: …”")


@rule(Show, "error", source=f"{_APPLE}: itunes:episode", codes="EP073")
def episode_number_shared(show: Show, context: Context) -> Iterator[Finding]:
    """Two full episodes of a season have the same number.

    Bad:
        episode: 1
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 1

    Good:
        episode: 1
    """
    seen: dict[tuple[int | None, int], Episode] = {}
    for episode in context.episodes.get(show.id, ()):
        if episode.number is None or episode.type != "full":
            continue
        other = seen.setdefault((episode.season, episode.number), episode)
        if other is not episode:
            season = f"season {episode.season}, " if episode.season else ""
            message = f"{other.path} is {season}episode {episode.number} too"
            yield Finding("episode", message, "renumber one of them", path=episode.path)


@rule(Show, "warning", source="RSS has no other order than the date", codes="EP025")
def episode_date_shared(show: Show, context: Context) -> Iterator[Finding]:
    """Two episodes go out at the same moment, so apps may list them in any order.

    Bad:
        # episodes/2.md
        title: Waves
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/other.mp3

    Good:
        # episodes/2.md
        title: Waves
        date: 2025-06-02 05:01:00 +0900
        audio_file_path: /audio/other.mp3
    """
    seen: dict[object, Episode] = {}
    for episode in context.episodes.get(show.id, ()):
        if episode.date is None or not episode.audio:
            continue
        other = seen.setdefault(episode.date, episode)
        if other is not episode:
            yield Finding("date", f"{other.path} has the same date", "let one go out a minute later", path=episode.path)


@rule(Episode, "error")
def episode_show_unknown(episode: Episode, context: Context) -> Iterator[Finding]:
    """A file with audio belongs to no show, or to more than one. It is left out until that is settled.

    Bad:
        show: televison

    Good:
        show: radio
    """
    return iter(())
