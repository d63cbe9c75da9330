"""Where the pages podfeed makes lie below the site, and what gives way to what."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

STYLESHEET = "podfeed.css"
SCRIPT = "podfeed.js"
EMBEDS = "podfeed-embeds.js"
COPY = "podfeed-copy.js"
SEARCH, TEXTS = "podfeed-search.js", "podfeed-texts.js"
LOOK = "look.css"
TITLES = "titles.json"
HOME = "index.html"
NOT_FOUND = "404.html"
ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"
#: What pages use.
ASSETS = (STYLESHEET, SCRIPT, EMBEDS, COPY, SEARCH, TEXTS)
#: What lies at the top of the site and belongs to no single show.
AT_TOP = (*ASSETS, HOME, NOT_FOUND, ROBOTS, SITEMAP)

#: What a page may lead to: an address on the web, a mailbox, a part of itself. Scripts have addresses too.
_SAFE = re.compile(r"(?:https?://|mailto:)\S|#", re.IGNORECASE)

#: Where the lists of a show lie in its folder.
_LIST = re.compile(r"(?:subscribe|search|page/\d+|\d+|people/[^/]+)(?:-\d+)?/index\.html")

#: So many episodes a page of a show has at least, and its newest page less than twice as many.
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: its files are named relative to it, so that it can be looked at anywhere."""

    site: str
    #: The way from the page to the top of the site, as ``../``, or ``./`` at the top.
    root: str

    @classmethod
    def of(cls, site: str, path: str) -> Place:
        """That of the page at *path* below *site*."""
        return cls(site, "../" * posixpath.normpath(path).count("/") or "./")

    def near(self, url: str) -> str:
        """*url* relative to the page, if it is on this site. Every address on a page goes through here."""
        return self.root + url[len(self.site) + 1 :] if url.startswith(f"{self.site}/") else safe_url(url)


def safe_url(address: str) -> str:
    """*address*, if a page may lead to it; whoever wrote it, a browser never takes it for a script. Else nothing."""
    return address if _SAFE.match(address) else ""


def free(folder: str, taken: Container[str]) -> str:
    """The path of a page in *folder*; where an episode's page has taken it, that of a folder beside it.

    An episode that is published keeps its address, whatever podfeed would like to put there.
    """
    path, number = f"{folder}/index.html", 1
    while path in taken:
        number += 1
        path = f"{folder}-{number}/index.html"
    return path


def folder_of_list(path: str) -> str:
    """The folder, in small letters, of the show that podfeed may put a list of at *path*; empty where it puts none.

    Whether it does depends on what episodes the show has and where these are.
    """
    folder, _, rest = path.casefold().partition("/")
    return folder if _LIST.fullmatch(rest) else ""


def paged(newest_first: Sequence[T]) -> tuple[Sequence[T], list[Sequence[T]]]:
    """What the first page of a list has, and what its older pages have, the newest of these first.

    Older pages are counted from the oldest episode on: a new episode changes the first page alone.
    """
    older = max(len(newest_first) // PER_PAGE - 1, 0)
    first = len(newest_first) - older * PER_PAGE
    rest = newest_first[first:]
    return newest_first[:first], [rest[at : at + PER_PAGE] for at in range(0, len(rest), PER_PAGE)]
