"""What neighbours among the episodes of a show have in common, and what the names of their files say."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from podfeed.model import Episode

T = TypeVar("T")


def copies(episodes: Sequence[Episode], text_of: Callable[[Episode], str]) -> list[tuple[Episode, Episode]]:
    """Neighbours in *episodes* that have one text, the later one second; none where most of them do."""
    neighbours = list(pairwise(episodes))
    same = [(one, other) for one, other in neighbours if text_of(one) and text_of(one) == text_of(other)]
    return same if 2 * len(same) <= len(neighbours) + 1 else []


def misnamed(
    episodes: Iterable[Episode],
    read: Callable[[str], T | None],
    known: Mapping[str, Container[T]],
    *namings: Callable[[Episode], str],
) -> dict[str, tuple[str, T]]:
    """The names that say of an episode what is not *known* of it, and what they say, by the episode's path.

    A name counts only where at least as many of its kind are right: a show that numbers files by another rule is left
    alone.
    """
    found: dict[str, tuple[str, T]] = {}
    for name_of in namings:
        names = ((each.path, name_of(each)) for each in episodes if each.path in known)
        said = [(path, name, value) for path, name in names if (value := read(name)) is not None]
        wrong = {path: (name, value) for path, name, value in said if value not in known[path]}
        if 2 * len(wrong) <= len(said):
            found = wrong | found
    return found


def file_name(episode: Episode) -> str:
    """The name of the episode's own file."""
    return episode.path.rpartition("/")[2]


def audio_name(episode: Episode) -> str:
    """The name of the episode's audio."""
    return episode.audio.rpartition("/")[2]
