"""What the search of a show looks through: what its episodes are called, and what pagefind makes an index of."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import NamedTuple

from podfeed.model import Chapter, File
from podfeed.read.cues import Cue, plain


class Called(NamedTuple):
    """An episode, or an article, by what it is called and who is in it."""

    title: str
    #: The address of its page, as the page to search on leads there.
    url: str
    #: As people write it; empty where there is none.
    date: str
    people: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All the words of an episode, or of an article."""

    called: Called
    #: Plain text, paragraph by paragraph.
    notes: Sequence[str]
    chapters: Sequence[Chapter] = ()
    #: Without times where the transcript has none.
    cues: Sequence[Cue] = ()


class Indexing(NamedTuple):
    """What the index of a show is to be made of."""

    show: str
    language: str
    #: Names the state of all the texts.
    mark: str
    texts: Callable[[], Iterable[Texts]]


#: Gives the files of an index, by pagefind; the one that names the others comes last.
Indexer = Callable[[Indexing], Sequence[File]]


def titles(each: Iterable[Called]) -> bytes:
    """What the script of the page to search on looks through."""
    rows = ",\n".join(json.dumps(called._asdict(), ensure_ascii=False, separators=(",", ":")) for called in each)
    return f"[{rows}]\n".encode("utf-8", "replace")


def document(texts: Texts, language: str) -> str:
    """*texts* as a page that nobody but pagefind reads.

    A heading with an id begins a place that can be led to. What the page is called is a place of its own, the last:
    whoever finds words of the notes has the title before them already.
    """
    prepared = _letters if has_no_blanks(language) else escape
    body = "".join(f"{_place(id)}<p>{prepared(text)}</p>" for id, text in _parts(texts))
    address = f'<meta data-pagefind-meta="url[content]" content="{escape(texts.called.url)}">'
    return f'<!DOCTYPE html><html lang="{escape(language)}"><head>{address}</head><body>{body}</body></html>'


def _parts(texts: Texts) -> Iterator[tuple[str, str]]:
    """The paragraphs of *texts*, each with the id of the place that begins there; what stands before any has none."""
    yield from (("", paragraph) for paragraph in texts.notes)
    yield from (("", plain(cue.text)) for cue in texts.cues if not cue.end_ms)
    yield from ((f"t={chapter.start // _SECOND}", chapter.title) for chapter in texts.chapters)
    yield from ((f"t={cue.start_ms // 1000}", plain(cue.text)) for cue in texts.cues if cue.end_ms)
    yield "title", " ".join([texts.called.title, *texts.called.people])


def _place(id: str) -> str:
    """A heading with *id*, and with no words that could be found: pagefind passes by those that are empty."""
    return f'<h2 id="{id}">{_BREAK}</h2>' if id else ""


def has_no_blanks(language: str) -> bool:
    """Whether words stand without blanks between them in *language*: there, each letter is indexed as a word.

    Otherwise the index would cut words by one dictionary, and browsers what is searched for by another: they would
    find 新しい for 新幹線, and 新幹線 not at all.
    """
    return language.partition("-")[0].lower() in ("ja", "zh")


_SECOND = timedelta(seconds=1)
#: Ends a word, and cannot be seen.
_BREAK = "\u200b"
#: Letters of scripts without blanks: as podfeed-texts.js has them.
_LETTER = "[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]"
_BETWEEN = re.compile(rf"(?<={_LETTER})(?=\S)|(?<=\S)(?={_LETTER})")
#: Letters and digits of double width, and kana of half: nobody searches for them so.
_ODD_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ\uff66-\uff9f]+")


def _letters(text: str) -> str:
    """*text* as HTML, with a break between each letter of a script without blanks and what stands beside it.

    At its end another keeps pagefind from setting a full stop there.
    """
    usual = _ODD_WIDTH.sub(lambda odd: unicodedata.normalize("NFKC", odd[0]), text)
    return f"{escape(_BETWEEN.sub(_BREAK, usual))} {_BREAK}"
