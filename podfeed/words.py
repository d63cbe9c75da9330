"""Every sentence podfeed says, in the language of whoever runs it.

`say` is called with the English sentence itself: `tools/write-words` collects them all into one catalogue,
podfeed/locale/podfeed.pot, and translations of it lie in podfeed/locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

LOCALE = Path(__file__).parent / "locale"
#: The language the sentences are written in: it needs no catalogue.
ENGLISH = "en"
#: What podfeed speaks.
LANGUAGES = (ENGLISH, "ja")

#: How many titles a sentence names.
_MOST_NAMED = 3

#: One for the whole process: threads and forked workers speak as the command does.
_language = ENGLISH


def speak(language: str) -> None:
    """Say everything in *language*, one of LANGUAGES, from now on."""
    global _language
    _language = language


def spoken() -> str:
    """The language everything is said in."""
    return _language


def language_of(environment: Mapping[str, str]) -> str:
    """What the locale in *environment* asks for, as gettext understands it; English where that is not spoken."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):  # then LANGUAGE says nothing, either
        return ENGLISH
    wanted = (environment.get("LANGUAGE") or locale).split(":")
    known = (each.partition("_")[0].partition(".")[0].lower() for each in wanted)
    return next((each for each in known if each in LANGUAGES), ENGLISH)


def translated(sentence: str) -> str:
    """*sentence* of the catalogue in the language everything is said in, its ``{names}`` as they are."""
    return sentence if _language == ENGLISH else _catalogue(_language).gettext(sentence)


def say(sentence: str, /, **values: object) -> str:
    """*sentence*, a literal, with *values* in place of its ``{names}``. What authors wrote belongs into *values*."""
    return translated(sentence).format(**values)


def say_many(one: str, many: str, /, *, count: int, **values: object) -> str:
    """The sentence for *count* things, which stands in it as ``{count}``: *one* for exactly one, else *many*."""
    if _language == ENGLISH:
        sentence = one if count == 1 else many
    else:
        sentence = _catalogue(_language).ngettext(one, many, count)
    return sentence.format(count=count, **values)


@cache
def _catalogue(language: str) -> NullTranslations:
    from gettext import translation

    return translation("podfeed", LOCALE, [language])


def named(titles: Sequence[str]) -> str:
    """“Tides”, “Waves”, “Wind” and 4 more."""
    more = len(titles) - _MOST_NAMED
    quoted = [say("“{title}”", title=title) for title in titles[:_MOST_NAMED]]
    return listed([*quoted, *([say("{count} more", count=more)] if more > 0 else [])])


def listed(words: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(words) < 2:
        return "".join(words)
    return say("{first} and {last}", first=enumerated(words[:-1]), last=words[-1])


def enumerated(words: Iterable[str]) -> str:
    """“a, b, c”."""
    return say(", ").join(words)


def joined(clauses: Iterable[str]) -> str:
    """“it is so; that is so”."""
    return say("; ").join(clauses)
