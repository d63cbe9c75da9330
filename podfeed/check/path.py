"""Rules about paths to media."""

import re
import unicodedata
from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Config, Episode
from podfeed.read.folder import is_remote

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
    for name, path in (("audio_file_path", episode.audio), ("image_url", episode.artwork)):
        if is_remote(path) or not path:
            continue
        if is_unpublishable(path):
            yield Finding(
                name,
                f"“{path}” cannot be published under this name",
                "use letters, digits, “-” and “_”, and a short name",
            )


@rule(Episode, "error")
def path_outside_project(episode: Episode, context: Context) -> Iterator[Finding]:
    """A path leads out of the project folder.

    Bad:
        audio_file_path: ../../secret.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    for name, path in (
        ("audio_file_path", episode.audio),
        ("image_url", episode.artwork),
        ("thumbnail_url", episode.thumbnail),
    ):
        lost = context.lost.get(path)
        if lost and lost.why == "outside":
            yield Finding(name, f"“{path}” leads out of the project", "copy the file into the project")


@told_by_reader("error")
def path_ambiguous() -> None:
    """Two files have the same name in different Unicode normal forms: they look alike, and are one file on a Mac."""


@rule(Config, "error", source="object stores tell capital letters apart, laptops do not")
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
            message = f"“{episode.audio}” and “{other}” differ in capital letters only"
            yield Finding("audio_file_path", message, "rename one of the files", path=episode.path)
