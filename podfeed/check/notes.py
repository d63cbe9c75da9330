"""Rules about show notes."""

from collections.abc import Callable, Iterator

from podfeed.check.order import copies
from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Episode, NotesFacts, Show
from podfeed.words import listed, say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect: description"


@rule(Episode, "warning", source="Spotify delivery specification: description", codes="EP030")
def notes_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode has neither a description nor notes.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---

    Good:
        description: The moon pulls, the sea follows.
    """
    if not episode.description and not (episode.notes_facts and episode.notes_facts.html_characters):
        message = say("there is neither a description nor a text below the header")
        yield Finding("description", message, say("add a sentence or two"))


@rule(Show, "warning")
def notes_description_repeated(show: Show, context: Context) -> Iterator[Finding]:
    """An episode has the description of the one before it, most often because its file began as a copy of that one's.

    A show that describes most of its episodes in the same words is left alone.

    Bad:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        description: The moon pulls, the sea follows.

    Good:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        description: What the wind does to the sea.
    """
    for before, episode in copies(context.in_order(show.id), lambda each: each.description):
        message = say("{path}, the episode before this one, has the same description", path=before.path)
        yield Finding("description", message, say("write what this one is about"), path=episode.path)


@rule(Episode, "warning", source="PSP-1: 4000 bytes", codes="EP031")
def notes_description_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """A description has more than 4000 bytes: about 1300 Japanese characters. Many apps stop reading there."""
    size = _size(episode.description)
    if size > 4000:
        message = say("the description has {size} bytes; many apps stop at 4000", size=size)
        yield Finding("description", message, say("move the rest into the notes"))


@rule(Episode, "info", source="YouTube: RSS ingestion", codes="EP037")
def notes_description_far_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """A description has more than 5000 bytes: about 1600 Japanese characters. YouTube takes no episode with it."""
    size = _size(episode.description)
    if size > 5000 and not context.is_article(episode):
        message = say("the description has {size} bytes; YouTube takes 5000", size=size)
        yield Finding("description", message, say("move the rest into the notes"))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@rule(Episode, "warning", source=_APPLE, codes="EP032")
def notes_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """The notes have more than 10,000 characters of HTML, Apple's limit."""
    facts = episode.notes_facts
    if facts and facts.html_characters > 10_000:
        message = say("the notes have {count} characters; Apple reads 10,000", count=facts.html_characters)
        yield Finding("", message, say("nothing breaks; long texts are better kept on a page of their own"))


@rule(Show, "info", source=f"{_APPLE}; Spotify: podcast formatting; PSP-1: description", codes="EP033")
def notes_lost_in_apps(show: Show, context: Context) -> Iterator[Finding]:
    """The notes hold pictures or struck-out text, which Apple Podcasts leaves out or shows as any other text.

    Told once for a show, at its newest such episode. Headings and tables lose nothing: podfeed makes them bold lines
    and lists for apps.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        The tide turns at ~~ten~~ noon.

    Good:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        The tide turns at noon.
    """
    found = _with_notes(show, context, lambda facts: facts.unseen)
    if not found:
        return
    unseen = _facts(found[-1]).unseen
    words = {"img": say("pictures"), "del": say("struck-out text"), "s": say("struck-out text")}
    message = say_many(
        "the notes hold {things}; Apple Podcasts leaves that out, or shows it as any other text",
        "the notes of {count} episodes hold {things}; Apple Podcasts leaves that out, or shows it as any other text",
        count=len(found),
        things=listed(list(dict.fromkeys(words[name] for name in unseen))),
    )
    yield Finding("", message, say("nothing breaks; say what matters in words"), path=found[-1].path)


@rule(Show, "info", source="Spotify: podcast formatting", codes="EP036")
def notes_link_insecure(show: Show, context: Context) -> Iterator[Finding]:
    """The notes link to an http: address, on which nobody can tap in Spotify.

    Told once for a show, at its newest such episode.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        [the sea](http://sea.podfeed.example/)

    Good:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        [the sea](https://sea.podfeed.example/)
    """
    found = _with_notes(show, context, lambda facts: facts.insecure)
    if not found:
        return
    message = say_many(
        "the notes link to “{address}”; Spotify lets nobody tap on an http: address",
        "the notes of {count} episodes link to http: addresses, as “{address}”; Spotify lets nobody tap on those",
        count=len(found),
        address=(address := _facts(found[-1]).insecure[0]),
    )
    hint = say("write the https: address, if there is one")
    yield Finding("", message, hint, path=found[-1].path, quote=address)


def _with_notes(show: Show, context: Context, hold: Callable[[NotesFacts], tuple[str, ...]]) -> list[Episode]:
    """The episodes of *show* whose notes hold something, by date."""
    return [each for each in context.in_order(show.id) if hold(_facts(each))]


def _facts(episode: Episode) -> NotesFacts:
    return episode.notes_facts or _NO_NOTES


_NO_NOTES = NotesFacts()
#: Each is looked up in the text; the rest is told once these are mended. Source: docs/reference/limits.md.
_MOST_LINKS = 100


@rule(Episode, "warning", source="W3C Feed Validator: SecurityRisk", codes="EP034")
def notes_unsafe(episode: Episode, context: Context) -> Iterator[Finding]:
    """The notes hold scripts, styles, forms or the like. They are removed.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        <script>alert(1)</script>

    Good:
        title: Tides
    """
    facts = episode.notes_facts
    if facts and facts.removed:
        message = say("the notes hold {names}, which is removed", names=", ".join(facts.removed))
        yield Finding("", message, say("take it out"), quote=facts.removed[0])


@rule(Episode, "error", source="W3C Feed Validator: ContainsRelRef", codes="EP035")
def notes_link_broken(episode: Episode, context: Context) -> Iterator[Finding]:
    """A link or picture in the notes leads nowhere in an app: it is relative, and no file of the project.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        ![the sea](sea.jpg)

    Good:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        [the sea](https://sea.podfeed.example/)
    """
    for address in context.broken_links.get(episode.path, ())[:_MOST_LINKS]:
        message = say("“{address}” in the notes leads nowhere", address=address)
        yield Finding("", message, say("write the full https://… address, or add the file"), quote=address)
