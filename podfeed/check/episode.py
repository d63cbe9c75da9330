"""Rules about what an episode is called and where it stands among the others."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice, pairwise

from podfeed.check.order import audio_name, copies, file_name, misnamed
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode, Show, ShowType
from podfeed.read.labels import Label, label_of, number_in_name
from podfeed.read.settings import CARDS
from podfeed.words import say, say_many

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
        hint = say("add “title: …”; a title that begins with # needs quotes")
        yield Finding("title", say("the episode has no title"), hint)


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
        message = say("the title has {count} characters; apps keep to 255", count=len(episode.title))
        yield Finding("title", message, say("shorten it; the rest belongs into the description"))
    if "\n" in episode.title or "\r" in episode.title:
        yield Finding("title", say("the title has more than one line"), say("write it in one line"))


@rule(Episode, "warning", source=f"{_APPLE}: title", codes="EP013")
def episode_title_repeats_show(episode: Episode, context: Context) -> Iterator[Finding]:
    """A title begins or ends with the show's own; apps print that next to it.

    Bad:
        title: Harbour Radio, Tides

    Good:
        title: Tides
    """
    show = context.config.shows[episode.show].title
    title, name = episode.title.casefold(), show.casefold()
    if len(name) > 6 and title != name and _is_word_at_an_end(name, title):
        message = say("the title repeats the show's name, “{name}”", name=show)
        yield Finding("title", message, say("leave it out; apps print it beside the title"))


def _is_word_at_an_end(name: str, title: str) -> bool:
    """Whether *title* begins or ends with *name*, and not with a part of a longer word. Japanese has no gaps."""
    begins = title.startswith(name) and not _is_latin(name[-1] + title[len(name)])
    return begins or (title.endswith(name) and not _is_latin(title[-len(name) - 1] + name[0]))


def _is_latin(letters: str) -> bool:
    return letters.isascii() and letters.isalnum()


@rule(Show, "warning", source=f"{_APPLE}: title; PSP-1: title", codes="EP012")
def episode_title_holds_number(show: Show, context: Context) -> Iterator[Finding]:
    """A title begins with the episode's number, which has a setting of its own.

    Apps print that number beside the title or sort by it; in the title it takes the place of words. The rule is told
    once for a show, at its newest such episode. Whoever wants titles to be so quiets it in config.yaml.

    Bad:
        title: "第12回 海の話"

    Good:
        title: 海の話
        episode: 12
    """
    episodes = _full(show, context)
    labels = _labels(episodes)
    if not labels:
        return
    newest = next(each for each in reversed(episodes) if each.path in labels)
    message = say_many(
        "the title begins with the episode's number",
        "the title begins with the episode's number, as {count} titles of this show do",
        count=len(labels),
    )
    yield Finding("title", message, _instead_of(labels[newest.path]), path=newest.path)


def _instead_of(label: Label) -> str:
    if label.season:
        return say(
            "take it out of the title; “season: {season}” and “episode: {number}” are the place for it",
            season=label.season,
            number=label.number,
        )
    return say("take it out of the title; “episode: {number}” is the place for it", number=label.number)


def _full(show: Show, context: Context) -> list[Episode]:
    """The episodes of *show* by date, without trailers and extras."""
    return [each for each in context.in_order(show.id) if each.type == "full"]


def _labels(episodes: Sequence[Episode]) -> dict[str, Label]:
    """The numbers of episodes in titles of *episodes*, by path.

    One that may be another number counts where it fits the episode, or where half of all titles begin so.
    """
    found = {each.path: label for each in episodes if (label := label_of(each.title))}
    is_habit = len(found) > 2 and 2 * len(found) >= len(episodes)
    return {
        each.path: label
        for place, each in enumerate(episodes, 1)
        if (label := found.get(each.path)) and (label.is_sure or is_habit or label.number in (each.number, place))
    }


@rule(Show, "warning")
def episode_title_repeated(show: Show, context: Context) -> Iterator[Finding]:
    """An episode has the title of the one before it, most often because its file began as a copy of that one's.

    Bad:
        # episodes/2.md
        title: Tides
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3

    Good:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    for before, episode in copies(context.in_order(show.id), lambda each: each.title):
        message = say("{path}, the episode before this one, has the same title", path=before.path)
        yield Finding("title", message, say("write what this one is about"), path=episode.path)


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


@rule(Episode, "warning", source="developer.x.com: Cards markup")
def episode_card_unknown(episode: Episode, context: Context) -> Iterator[Finding]:
    """``card`` is none of the two ways in which social networks show a page. It is shown as if nothing was written.

    Bad:
        card: big

    Good:
        card: summary_large_image
    """
    if episode.card and episode.card not in CARDS:
        message = say("“card”: “{value}” is not one of {words}", value=episode.card, words=", ".join(CARDS))
        yield Finding("card", message, say("write {word}, or delete the line", word=CARDS[0]))


@rule(Show, "warning")
def episode_number_contradicts_title(show: Show, context: Context) -> Iterator[Finding]:
    """A title gives the episode another number than ``episode`` does.

    Bad:
        title: "第13回 海の話"
        episode: 12

    Good:
        title: 海の話
        episode: 12
    """
    episodes = _full(show, context)
    labels = _labels(episodes)
    for episode in episodes:
        label = labels.get(episode.path)
        if label and episode.number and label.number != episode.number:
            message = say(
                "the title says {named}, and “episode” says {number}", named=label.number, number=episode.number
            )
            yield Finding("title", message, say("correct whichever is wrong"), path=episode.path)


@rule(Show, "warning")
def episode_number_contradicts_name(show: Show, context: Context) -> Iterator[Finding]:
    """The name of a file gives an episode another number than its header does, while the show's other names agree.

    Bad:
        # episodes/002-waves.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 2
        # episodes/003-wind.md
        title: Wind
        date: 2025-06-16 05:00:00 +0900
        audio_file_path: /audio/renamed.mp3
        episode: 4

    Good:
        # episodes/002-waves.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 2
    """
    episodes = _full(show, context)
    labels = _labels(episodes)
    known = {path: {label.number} for path, label in labels.items()}
    for episode in episodes:
        if episode.number:
            known.setdefault(episode.path, set()).add(episode.number)
    wrong = misnamed(episodes, number_in_name, known, file_name, audio_name) if known else {}
    for episode in episodes:
        if episode.path in wrong:
            name, named = wrong[episode.path]
            number = episode.number or labels[episode.path].number
            message = say(
                "“{name}” is named like episode {named}, and this is {number}", name=name, named=named, number=number
            )
            field = "episode" if episode.number else "title"
            yield Finding(field, message, say("correct whichever is wrong"), path=episode.path)


@rule(Show, "info", codes="EP075")
def episode_number_skipped(show: Show, context: Context) -> Iterator[Finding]:
    """The numbers of a season leave one out. Only the first is told, and nothing where few episodes have numbers.

    Bad:
        episode: 1
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 3

    Good:
        episode: 7
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 8
    """
    episodes = _full(show, context)
    numbered = sorted((each for each in episodes if each.number), key=_place)
    if 2 * len(numbered) < len(episodes) or any("episode" in each.faulty for each in episodes):
        return
    for _, season in groupby(numbered, key=lambda each: each.season):
        gaps = (pair for pair in pairwise(season) if _place(pair[1])[1] - _place(pair[0])[1] > 1)
        for before, episode in islice(gaps, 1):
            yield Finding("episode", _gap(before), say("nothing to do if that is meant"), path=episode.path)


def _gap(before: Episode) -> str:
    season, number = _place(before)
    if season:
        return say("season {season} has no episode {number}", season=season, number=number + 1)
    return say("there is no episode {number}", number=number + 1)


def _place(episode: Episode) -> tuple[int, int]:
    """Season and number, for the order that they make."""
    return episode.season or 0, episode.number or 0


@rule(Show, "warning", source=f"{_APPLE}: itunes:type", codes="EP074")
def episode_out_of_order(show: Show, context: Context) -> Iterator[Finding]:
    """An episode is dated before one that it follows, so apps list it in the wrong place.

    In a serial show that is one with a lower number. In every show an episode that is still to go out follows those
    that are out, and a scheduled one follows lower numbers: or else it appears far down the list, where nobody looks.

    Bad:
        # config.yaml
        type: serial
        # episodes/1.md
        episode: 2
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 1

    Good:
        # config.yaml
        type: serial
        # episodes/1.md
        episode: 1
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        episode: 2
    """
    episodes = context.in_order(show.id)
    messages = {**_before_what_is_out(episodes, context), **_before_lower_numbers(episodes, context, show.type)}
    for path, message in messages.items():
        yield Finding("date", message, say("correct the date, unless the episode belongs there"), path=path)


def _before_what_is_out(episodes: Sequence[Episode], context: Context) -> dict[str, str]:
    """What is wrong with the episodes that are new and older than the newest one that was published."""
    out = [each for each in episodes if context.identity(each).published and context.is_public(each)]
    if not out:
        return {}
    message = say("this is dated before {path}, which is out already", path=out[-1].path)
    new = (each for each in episodes if context.identity(each).published is None and not each.is_draft)
    return {each.path: message for each in new if _is_before(each, out[-1], context)}


def _before_lower_numbers(episodes: Sequence[Episode], context: Context, show_type: ShowType) -> dict[str, str]:
    """What is wrong with the episodes that come before their numbers do."""
    numbered = (each for each in episodes if each.number and each.type == "full" and not each.is_draft)
    return {
        each.path: say("this is dated before episode {number}, {path}", number=before.number, path=before.path)
        for before, each in pairwise(sorted(numbered, key=_place))
        if (show_type == "serial" or _is_scheduled(each, context))
        and _place(before) < _place(each)
        and _is_before(each, before, context)
    }


def _is_scheduled(episode: Episode, context: Context) -> bool:
    return episode.date is not None and episode.date > context.now and not context.is_public(episode)


def _is_before(one: Episode, other: Episode, context: Context) -> bool:
    first, second = (context.identity(each).date_of(each) for each in (one, other))
    return first is not None and second is not None and first < second


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
        yield Finding("episode", say("the show is serial, and the episode has no number"), say("add “episode: …”"))


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
            yield Finding("episode", _shared(other), say("renumber one of them"), path=episode.path)


def _shared(other: Episode) -> str:
    path, season, number = other.path, other.season, other.number
    if season:
        return say("{path} is season {season}, episode {number} too", path=path, season=season, number=number)
    return say("{path} is episode {number} too", path=path, number=number)


@rule(Show, "warning", codes="EP025")
def episode_date_shared(show: Show, context: Context) -> Iterator[Finding]:
    """Two episodes go out at the same moment, so apps may list them in any order.

    A feed has no other order than its dates.

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
            message = say("{path} has the same date", path=other.path)
            yield Finding("date", message, say("let one go out a minute later"), path=episode.path)


@rule(Episode, "error")
def episode_show_unknown(episode: Episode, context: Context) -> Iterator[Finding]:
    """A file with audio belongs to no show, or to more than one. It is left out until that is settled.

    Bad:
        show: televison

    Good:
        show: radio
    """
    return iter(())
