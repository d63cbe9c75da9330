"""Rules about the soundbites of an episode."""

from collections.abc import Iterator
from datetime import timedelta

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode
from podfeed.words import say

_SOUNDBITE = "podcast namespace: soundbite"


@told_by_reader("error", source=_SOUNDBITE, codes="EP101")
def soundbite_invalid() -> None:
    """Where a soundbite begins, or how long it is, is not there or cannot be read.

    Bad:
        soundbites: [{start: at the beginning, duration: 20}]

    Good:
        soundbites: [{start: 0:01, duration: 20}]
    """


@rule(Episode, "warning", source=_SOUNDBITE, codes="EP101")
def soundbite_out_of_range(episode: Episode, context: Context) -> Iterator[Finding]:
    """A soundbite is shorter than 15 seconds or longer than 120, begins at 0, or runs past the end of its episode.

    Bad:
        soundbites: [{start: 12:30, duration: 20}]

    Good:
        audio_file_path: https://media.podfeed.example/1.mp3
        audio_file_size: 30000000
        duration: 30:00
        soundbites: [{start: 12:30, duration: 20}]
    """
    if not episode.soundbites or any(field.startswith("soundbites.") for field in episode.faulty):
        return
    audio = context.audio(episode)
    for number, bite in enumerate(episode.soundbites):
        if not bite.start:
            message = say("the soundbite begins at 0; the Podcast Index leaves such out")
            yield Finding(f"soundbites.{number}.start", message, say("write “0.1”"))
        if not timedelta(seconds=15) <= bite.duration <= timedelta(seconds=120):
            message = say("the soundbite takes {seconds} seconds", seconds=f"{bite.duration.total_seconds():g}")
            yield Finding(f"soundbites.{number}.duration", message, say("choose 15 to 120 seconds"))
        # An episode's length is rounded to seconds.
        if audio and audio.duration and bite.start + bite.duration > audio.duration + timedelta(seconds=1):
            message = say("the soundbite runs past the end of its episode")
            yield Finding(f"soundbites.{number}.start", message, say("see that it is of this cut"))
