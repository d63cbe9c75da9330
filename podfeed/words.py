"""Every sentence podfeed says, so that a translation can take its place.

`say` is called with the English sentence itself: `tools/write-words` collects them into one catalogue,
podfeed/locale/podfeed.pot.
"""

from __future__ import annotations


def say(sentence: str, /, **values: object) -> str:
    """*sentence*, a literal, with *values* in place of its ``{names}``. What authors wrote belongs into *values*."""
    return sentence.format(**values)


def say_many(one: str, many: str, /, *, count: int, **values: object) -> str:
    """The sentence for *count* things, which stands in it as ``{count}``: *one* for exactly one, else *many*."""
    return say(one if count == 1 else many, count=count, **values)


def listed(words: list[str] | tuple[str, ...]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(words) < 2:
        return "".join(words)
    return say("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])
