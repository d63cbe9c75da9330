"""Rules about paths to media."""

import re
import unicodedata
from collections.abc import Iterator

from podfeed.check.order import audio_name
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode, Show
from podfeed.read.folder import is_remote
from podfeed.words import say, say_many

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]")
_UNKEEPABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|//")


def is_unpublishable(path: str) -> bool:
    """Whether a web server or an object store could not keep *path*."""
    return bool(_UNKEEPABLE.search(path)) or len(path.encode("utf-8", "surrogatepass")) > 512


@rule(Episode, "error")
def path_unpublishable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The path of a file cannot be kept by web servers and object stores.

    Bad:
        audio_file_path: "/audio/a\\tb.mp3"

    Good:
        audio_file_path: /audio/good.mp3
    """
    for name, path in (*episode.sounds, ("image_url", episode.artwork)):
        if not path or is_remote(path):
            continue
        if is_unpublishable(path):
            message = say("“{path}” cannot be published under this name", path=path)
            yield Finding(name, message, say("use letters, digits, “-” and “_”, and a short name"))


@rule(Episode, "error")
def path_outside_project(episode: Episode, context: Context) -> Iterator[Finding]:
    """A path leads out of the project folder.

    Bad:
        audio_file_path: ../../secret.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    for name, path in (
        *episode.sounds,
        ("image_url", episode.artwork),
        ("thumbnail_url", episode.thumbnail),
        *((f"transcripts.{number}", each.reference) for number, each in enumerate(episode.transcripts)),
    ):
        lost = context.lost.get(path)
        if lost and lost.why == "outside":
            message = say("“{path}” leads out of the project", path=path)
            yield Finding(name, message, say("copy the file into the project"))


@told_by_reader("error")
def path_ambiguous() -> None:
    """Two files have the same name in different Unicode normal forms: they look alike, and are one file on a Mac."""


@rule(Config, "error")
def path_case_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two audio files have names that differ in capital letters only: on many computers they are one file.

    Bad:
        audio_file_path: /audio/good.mp3
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/GOOD.mp3

    Good:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    seen: dict[str, str] = {}
    for episode in (each for show in context.episodes.values() for each in show if each.audio):
        other = seen.setdefault(unicodedata.normalize("NFC", episode.audio.casefold()), episode.audio)
        if other != episode.audio and not is_remote(episode.audio):
            message = say("“{path}” and “{other}” differ in capital letters only", path=episode.audio, other=other)
            yield Finding("audio_file_path", message, say("rename one of the files"), path=episode.path)


@rule(Show, "info", source="podcasters.apple.com/support/823: file names", codes="EP042")
def path_not_ascii(show: Show, context: Context) -> Iterator[Finding]:
    """The name of an audio file has other than plain letters, digits, “.”, “_” and “-”.

    podfeed writes such names into addresses as they have to be, and apps understand that; Apple asks for plain names
    all the same. Told once for a show, and only of files that are not published yet: what is published keeps its
    address.

    Bad:
        audio_file_path: /audio/海.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    new = (each for each in context.in_order(show.id) if context.identity(each).published is None)
    found = [each for each in new if _NOT_PLAIN.search(audio_name(each)) and not is_remote(each.audio)]
    if not found:
        return
    message = say_many(
        "the name “{name}” is not of plain letters and digits; in addresses it is percent-encoded",
        "{count} new names, as “{name}”, are not of plain letters and digits; in addresses they are percent-encoded",
        count=len(found),
        name=audio_name(found[-1]),
    )
    hint = say("nothing breaks; where you have the choice, use A to Z, a to z, 0 to 9, “.”, “_” and “-”")
    yield Finding("audio_file_path", message, hint, path=found[-1].path)


@rule(Episode, "info", codes="EP042")
def path_decomposed(episode: Episode, context: Context) -> Iterator[Finding]:
    """The address of a file elsewhere has letters in two parts, “か” and “゛”, as they are copied from a Mac.

    To a web server that is another name than the one with “が”. Files of the project are found under either.

    Bad:
        audio_file_path: "https://audio.podfeed.example/か\u3099.mp3"

    Good:
        audio_file_path: "https://audio.podfeed.example/が.mp3"
    """
    for name, address in (("audio_file_path", episode.audio), ("image_url", episode.artwork)):
        if is_remote(address) and not unicodedata.is_normalized("NFC", address):
            message = say("“{address}” has letters in two parts, as a Mac writes them", address=address)
            yield Finding(name, message, say("open this address: if nothing is there, type the name anew"))
