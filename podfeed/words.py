"""Every sentence podfeed says, so that a translation can take its place.

`say` is called with the English sentence itself: `tools/write-words` collects them into one catalogue,
podfeed/locale/podfeed.pot.
"""

from __future__ import annotations

from collections.abc import Sequence

#: How many titles a sentence names.
_MOST_NAMED = 3


def say(sentence: str, /, **values: object) -> str:
    """*sentence*, a literal, with *values* in place of its ``{names}``. What authors wrote belongs into *values*."""
    return sentence.format(**values)


def say_many(one: str, many: str, /, *, count: int, **values: object) -> str:
    """The sentence for *count* things, which stands in it as ``{count}``: *one* for exactly one, else *many*."""
    return say(one if count == 1 else many, count=count, **values)


def named(titles: Sequence[str]) -> str:
    """“Tides”, “Waves”, “Wind” and 4 more."""
    more = len(titles) - _MOST_NAMED
    quoted = [say("“{title}”", title=title) for title in titles[:_MOST_NAMED]]
    return listed([*quoted, *([say("{count} more", count=more)] if more > 0 else [])])


def listed(words: list[str] | tuple[str, ...]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(words) < 2:
        return "".join(words)
    return say("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])
