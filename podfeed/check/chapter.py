"""Rules about chapters, wherever they are listed."""

import posixpath
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from podfeed.check.artwork import picture_problem
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import private_in
from podfeed.diagnostics import Finding
from podfeed.model import Chapter, ChaptersFacts, Episode
from podfeed.read.chapters import MIN_STAMPS, Origin, are_chapters, chapters_of, shown, sources, time_stamps
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote, split_address
from podfeed.words import say, say_many

_JSON = "podcast namespace: jsonChapters"
_APPLE = "podcasters.apple.com/support/5482"
_SPOTIFY = "Spotify support: chapters"
_PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


# What the reader of chapters tells.


@told_by_reader("error", source=_JSON, codes="CH001")
def chapter_file_unreadable() -> None:
    """A file of chapters is none of those podfeed reads, or is broken.

    It may be jsonChapters, Podlove Simple Chapters, WebVTT, labels of Audacity, or lines of a time and a title, in
    UTF-8, with at most 1000 chapters in 1 MiB. Which of them it is shows by its content.

    Bad:
        chapters: /audio/good.chapters.json
        # audio/good.chapters.json
        {"chapters": "none"}

    Good:
        chapters: /audio/good.chapters.json
        # audio/good.chapters.json
        {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Ebb"}]}
    """


@told_by_reader("error", source=_JSON, codes="CH002")
def chapter_start_invalid() -> None:
    """A chapter has no start that can be read. In JSON it is a number of seconds; text is 0 to most apps.

    Bad:
        chapters:
          - {time: at noon, title: Ebb}

    Good:
        chapters:
          - {time: 00:00:04.500, title: Ebb}
    """


@told_by_reader("error", source=_JSON, codes="CH003")
def chapter_out_of_order() -> None:
    """A chapter does not start after the one before it. Apps go by the order of the list.

    Bad:
        chapters:
          - 00:00 Ebb
          - 00:06 Flood
          - 00:03 Slack water

    Good:
        chapters:
          - 00:00 Ebb
          - 00:03 Slack water
          - 00:06 Flood
    """


@told_by_reader("error", source=_JSON, codes="CH003")
def chapter_end_invalid() -> None:
    """A chapter does not end after its start.

    Bad:
        chapters:
          - {time: 00:06, end: 00:03, title: Ebb}

    Good:
        chapters:
          - {time: 00:03, end: 00:06, title: Ebb}
    """


@told_by_reader("error", source=_JSON, codes="CH009")
def chapter_link_invalid() -> None:
    """The link of a chapter is no https address. Apps open no other.

    Bad:
        chapters:
          - {time: 00:00, title: Ebb, link: www.tides.example}

    Good:
        chapters:
          - {time: 00:00, title: Ebb, link: "https://www.tides.example/"}
    """


@told_by_reader("error", source=_JSON, codes="CH009")
def chapter_picture_insecure() -> None:
    """The picture of a chapter has an address without https. Apps and web players do not load it.

    Bad:
        chapters:
          - {time: 00:00, title: Ebb, image: "http://tides.example/ebb.jpg"}

    Good:
        chapters:
          - {time: 00:00, title: Ebb, image: "https://tides.example/ebb.jpg"}
    """


# What shows once the sound and the pictures are known.


def _has_chapters(episode: Episode, context: Context) -> bool:
    """Whether *episode* lists chapters anywhere, or names a file of them."""
    return bool(episode.chapters_file or _chapters(episode, context)[1])


@rule(Episode, "error", source=_JSON, codes="CH001", given=_has_chapters)
def chapter_file_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """The file of chapters that an episode names is not there, in exactly that spelling, or cannot be opened.

    Bad:
        chapters: /audio/nowhere.chapters.json

    Good:
        chapters: /audio/good.chapters.json
        # audio/good.chapters.json
        {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Ebb"}]}
    """
    path = episode.chapters_file
    if not path:
        return
    facts = context.facts.get(path)
    if lost := context.lost.get(path):
        message = say("“{path}” is not there", path=path)
        if lost.why == "outside":
            message = say("“{path}” does not lie in the project", path=path)
        yield Finding("chapters", message, lost.hint)
    elif facts and facts.trouble:
        message = say("“{path}” cannot be read: {trouble}", path=path, trouble=facts.trouble)
        yield Finding("chapters", message, say("check that it is an ordinary file that you may read"))


@rule(Episode, "error", source="podcast namespace: chapters", codes="CH009", given=_has_chapters)
def chapter_file_insecure(episode: Episode, context: Context) -> Iterator[Finding]:
    """Chapters are named by an address without https. Apps and web players do not load them.

    Bad:
        chapters: http://tides.example/ebb.json

    Good:
        chapters: https://tides.example/ebb.json
    """
    if is_remote(episode.chapters_file) and split_address(episode.chapters_file).scheme.lower() != "https":
        message = say("“{address}” is no https address", address=episode.chapters_file)
        yield Finding("chapters", message, say("write an https address, or the path of a file of the project"))


@rule(Episode, "error", codes="FD014", given=_has_chapters)
def chapter_address_private(episode: Episode, context: Context) -> Iterator[Finding]:
    """The address of chapters, of their link or picture holds a password, a token, or a signature that expires.

    Bad:
        chapters: https://tides.example/ebb.json?token=0a

    Good:
        chapters: https://tides.example/ebb.json
    """
    hint = say("use a permanent public address")
    if secret := private_in(episode.chapters_file):
        yield Finding("chapters", say("the address holds “{secret}”, which is private or expires", secret=secret), hint)
    origin, chapters = _chapters(episode, context)
    for number, chapter in enumerate(chapters):
        for part, address in (("link", chapter.href), ("image", chapter.image)):
            if secret := private_in(address):
                message = say("the address holds “{secret}”, which is private or expires", secret=secret)
                yield _about(episode, origin, number, chapter, part, message, hint)


@rule(Episode, "error", codes="CH004", given=_has_chapters)
def chapter_after_end(episode: Episode, context: Context) -> Iterator[Finding]:
    """A chapter starts where the audio is already over: it belongs to another cut.

    Bad:
        chapters:
          - 00:00 Ebb
          - 12:00 Flood

    Good:
        chapters:
          - 00:00 Ebb
          - 00:06 Flood
    """
    origin, chapters = _chapters(episode, context)
    audio = context.audio(episode)
    if not chapters or not audio or not audio.duration:
        return
    for number, chapter in enumerate(chapters):
        if chapter.start >= audio.duration:
            message = say(
                "chapter {number} starts at {start}, after the end of the audio at {end}",
                number=number + 1,
                start=format_clock(chapter.start),
                end=format_clock(audio.duration),
            )
            hint = say("check that the chapters belong to this cut")
            yield _about(episode, origin, number, chapter, "time", message, hint)


@rule(Episode, "warning", source=f"{_APPLE}; {_SPOTIFY}", codes="CH005", given=_has_chapters)
def chapter_list_begins_late(episode: Episode, context: Context) -> Iterator[Finding]:
    """The first chapter does not start at 0. Apple and Spotify then take none of them from the notes.

    Bad:
        chapters:
          - 00:03 Slack water
          - 00:06 Flood

    Good:
        chapters:
          - 00:00 Ebb
          - 00:03 Slack water
          - 00:06 Flood
    """
    origin, chapters = _chapters(episode, context)
    for number, first in enumerate(chapters):
        if first.is_listed:
            if first.start >= timedelta(seconds=1):
                message = say("the first chapter starts at {start}, not at 00:00", start=format_clock(first.start))
                hint = say("add one for the opening, at 00:00")
                yield _about(episode, origin, number, first, "time", message, hint)
            return


@rule(Episode, "warning", source=f"{_APPLE}; {_SPOTIFY}", codes="CH006")
def chapter_stamps_ignored(episode: Episode, context: Context) -> Iterator[Finding]:
    """Time stamps in the notes or the description are no chapters to apps: there must be three, in rising order.

    Bad:
        description: |
          00:00 Ebb
          00:06 Flood

    Good:
        description: |
          00:00 Ebb
          00:03 Slack water
          00:06 Flood
    """
    in_notes = episode.notes_facts.chapters if episode.notes_facts else ()
    for stamps, name in ((in_notes, ""), (time_stamps(episode.description), "description")):
        if len(stamps) < 2 or are_chapters(stamps):
            continue
        quote = "" if name else stamps[0].title
        if len(stamps) < MIN_STAMPS:
            message = say("there are only {count} time stamps; Apple and Spotify need three", count=len(stamps))
            yield Finding(name, message, say("add one, or leave them all out"), quote=quote)
        else:
            message = say("the time stamps do not rise from line to line; Apple and Spotify take none of them")
            yield Finding(name, message, say("sort them by time"), quote=quote)


@rule(Episode, "warning", source=f"{_APPLE}; {_SPOTIFY}", codes="CH007", given=_has_chapters)
def chapter_without_title(episode: Episode, context: Context) -> Iterator[Finding]:
    """A chapter has no title. Only JSON can hold it then, and a list of chapters shows an empty line.

    Bad:
        chapters:
          - {time: 00:00}

    Good:
        chapters:
          - {time: 00:00, title: Ebb}
    """
    origin, chapters = _chapters(episode, context)
    for number, chapter in enumerate(chapters):
        if not chapter.title and chapter.is_listed:
            message = say("chapter {number} has no title", number=number + 1)
            hint = say("name it, or write “hidden: true” if it only changes the picture")
            yield _about(episode, origin, number, chapter, "title", message, hint)


@rule(Episode, "warning", source=f"{_APPLE}: 45 characters; {_SPOTIFY}: 40", codes="CH007", given=_has_chapters)
def chapter_title_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """The title of a chapter has more than 40 characters. Spotify shows no more, Apple 45.

    Bad:
        chapters:
          - 00:00 In which the moon pulls, the sea follows, and nobody on the pier has noticed anything so far

    Good:
        chapters:
          - 00:00 The moon pulls, the sea follows
    """
    origin, chapters = _chapters(episode, context)
    for number, chapter in enumerate(chapters):
        if len(chapter.title) > 40 and chapter.is_listed:
            message = say(
                "the title of chapter {number} has {count} characters; Spotify shows 40, Apple 45",
                number=number + 1,
                count=len(chapter.title),
            )
            yield _about(episode, origin, number, chapter, "title", message, say("shorten it"))


@rule(Episode, "info", source=_SPOTIFY, codes="CH008", given=_has_chapters)
def chapter_too_short(episode: Episode, context: Context) -> Iterator[Finding]:
    """A chapter is shorter than 30 seconds. Spotify then takes no chapters from the notes.

    Bad:
        chapters:
          - 00:00 Ebb
          - 00:06 Flood

    Good:
        chapters:
          - 00:00 Ebb and flood
    """
    origin, chapters = _chapters(episode, context)
    listed = [(number, each) for number, each in enumerate(chapters) if each.is_listed]
    short = [later for (_, each), later in pairwise(listed) if later[1].start - each.start < timedelta(seconds=30)]
    if short:
        message = say_many(
            "a chapter starts less than 30 seconds after the one before it; Spotify wants more",
            "{count} chapters start less than 30 seconds after the one before; Spotify wants more",
            count=len(short),
        )
        yield _about(episode, origin, *short[0], "time", message, say("merge them where that does no harm"))


@rule(Episode, "info", source=_APPLE, codes="CH008", given=_has_chapters)
def chapter_count_high(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode has more than six chapters an hour. Apple advises fewer, so that the list can be taken in.

    Bad:
        chapters: ["0:00 A", "0:01 B", "0:02 C", "0:03 D", "0:04 E", "0:05 F", "0:06 G"]

    Good:
        chapters: ["0:00 A", "0:01 B", "0:02 C", "0:03 D", "0:04 E", "0:05 F"]
    """
    origin, chapters = _chapters(episode, context)
    audio = context.audio(episode)
    listed = sum(each.is_listed for each in chapters)
    if audio and listed > 6 * max(1, -(-audio.duration // timedelta(hours=1))):
        message = say("there are {count} chapters; Apple advises six an hour at most", count=listed)
        yield _about(episode, origin, 0, chapters[0], "", message, say("nothing breaks; merge some if they are short"))


@rule(Episode, "error", source=f"{_JSON}; podcasters.apple.com/support/896", codes="CH009", given=_has_chapters)
def chapter_picture_unusable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The picture of a chapter is not there, is neither JPEG nor PNG, or is not what its name says.

    Bad:
        chapters:
          - {time: 00:00, title: Ebb, image: /artwork/nowhere.jpg}

    Good:
        chapters:
          - {time: 00:00, title: Ebb, image: /artwork/small.jpg}
    """
    origin, chapters = _chapters(episode, context)
    for number, chapter in enumerate(chapters):
        if chapter.image and (problem := _picture_problem(chapter.image, context)):
            message = say("“{picture}” cannot be shown: {problem}", picture=chapter.image, problem=problem)
            hint = say("correct the path, or export it as JPEG")
            yield _about(episode, origin, number, chapter, "image", message, hint)


def _picture_problem(path: str, context: Context) -> str:
    """Why apps cannot show the picture at *path*, as a sentence part; nothing when they can."""
    if is_remote(path):
        return ""
    problem, facts = picture_problem(path, context), context.artwork(path)
    if problem or not facts:
        return problem
    ending = posixpath.splitext(path)[1].lower()
    if facts.mime_type == _PICTURES.get(ending):
        return ""
    return say("it is {kind}, and its name ends in “{ending}”", kind=facts.mime_type, ending=ending)


@rule(Episode, "warning", codes="CH010", given=_has_chapters)
def chapter_sources_disagree(episode: Episode, context: Context) -> Iterator[Finding]:
    """Two lists of an episode's chapters differ, as one in the header and one inside the audio.

    podfeed takes the first of header, file, audio, notes and description. Apps that look at the audio or at the notes
    show something else then.

    Bad:
        chapters:
          - 00:00 Ebb
          - 00:05 Flood
        description: |
          00:00 Ebb
          00:03 Slack water
          00:06 Flood

    Good:
        chapters:
          - 00:00 Ebb
          - 00:03 Slack water
          - 00:06 Flood
        description: |
          00:00 Ebb
          00:03 Slack water
          00:06 Flood
    """
    origin, chapters = _chapters(episode, context)
    if not chapters:
        return
    taken, *others = ((other, shown(each)) for other, each in sources(episode, context.facts) if each)
    for other, listed in others:
        if difference := _difference(taken[1], listed):
            message = say(
                "the chapters in {first} and in {second} differ: {difference}",
                first=_name(episode, taken[0]),
                second=_name(episode, other),
                difference=difference,
            )
            hint = say("keep one of the two; podfeed makes all else from it")
            yield _about(episode, origin, 0, chapters[0], "", message, hint)


def _difference(one: tuple[Chapter, ...], other: tuple[Chapter, ...]) -> str:
    """How two lists differ, as a sentence part; nothing when apps would show the same."""
    if len(one) != len(other):
        return say("{count} against {other}", count=len(one), other=len(other))
    for number, (a, b) in enumerate(zip(one, other, strict=True), 1):
        if abs(a.start - b.start) > timedelta(seconds=1):
            return say(
                "chapter {number} starts at {start} against {other}",
                number=number,
                start=format_clock(a.start),
                other=format_clock(b.start),
            )
        if a.title.split() != b.title.split():
            return say(
                "chapter {number} is called “{title}” against “{other}”", number=number, title=a.title, other=b.title
            )
    return ""


def _name(episode: Episode, origin: Origin) -> str:
    match origin:
        case "header":
            return say("the header")
        case "file":
            return say("“{path}”", path=episode.chapters_file)
        case "audio":
            return say("“{path}”", path=episode.audio)
        case "notes":
            return say("the notes")
        case "description":
            return say("the description")


def _chapters(episode: Episode, context: Context) -> tuple[Origin | None, tuple[Chapter, ...]]:
    """The chapters of *episode*, and where they come from; none where their reader found them faulty."""
    origin, chapters = chapters_of(episode, context.facts)
    facts = context.facts.get(episode.chapters_file) if origin == "file" else None
    is_faulty = (isinstance(facts, ChaptersFacts) and facts.faults) or (
        origin == "header" and any(name.startswith("chapters") for name in episode.faulty)
    )
    return (None, ()) if is_faulty else (origin, chapters)


def _about(
    episode: Episode, origin: Origin | None, number: int, chapter: Chapter, part: str, message: str, hint: str
) -> Finding:
    """A finding about *part* of *chapter*, at its place in the header, in its file, or in the notes."""
    match origin:
        case "header":
            return Finding(f"chapters.{number}.{part}".rstrip("."), message, hint)
        case "file":
            return Finding("", message, hint, path=episode.chapters_file, quote=chapter.title)
        case "audio":
            return Finding("audio_file_path", message, hint)
        case "notes":
            return Finding("", message, hint, quote=chapter.title)
        case _:
            return Finding("description", message, hint)
