"""Paths → addresses: percent-encoded exactly once, and the names things are published under."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from podfeed.model import Episode, Show

_SAFE_IN_PATH = "/-._~!$&'()*+,;=:@"
_UNSAFE_IN_URL = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


def url_of(base: str, path: str) -> str:
    """The address of the published *path* below *base*. The path is plain text: a “%” in it is one character."""
    return f"{base}/{quote(path.lstrip('/'), safe=_SAFE_IN_PATH, errors='replace')}"


def remote_url(address: str) -> str:
    """A remote address as a feed may name it: what ASCII and URLs cannot hold is encoded, all else stays as it is."""
    return _UNSAFE_IN_URL.sub(lambda found: quote(found[0], safe="", errors="replace"), address)


def page_path(show: Show, episode: Episode) -> str:
    """Where an episode's page is written, below the site: ``show/slug/index.html``, or ``….html`` without a slash."""
    return path_of(_written_address(show, episode))


def path_of(address: str) -> str:
    """Where the page with the *address*, as links name it, is written."""
    address = _cleaned(address)
    if address.endswith("/"):
        return f"{address}index.html"
    return address if address.lower().endswith((".html", ".htm")) else f"{address}.html"


def page_address(show: Show, episode: Episode) -> str:
    """The path of an episode's page as links name it, without a leading slash."""
    return _cleaned(_written_address(show, episode))


def _written_address(show: Show, episode: Episode) -> str:
    return (episode.permalink or show.permalink).replace("{slug}", episode.slug)


def made_path(show: Show, episode: Episode, name: str) -> str:
    """Where a file called *name* that is made for an episode lies, below the site: beside the episode's page."""
    page = page_path(show, episode)
    folder = posixpath.dirname(page) if page.endswith("/index.html") else posixpath.splitext(page)[0]
    return f"{folder}/{name}"


@lru_cache(maxsize=1024)
def _cleaned(address: str) -> str:
    clean = posixpath.normpath("/" + unicodedata.normalize("NFC", address)).lstrip("/")
    return f"{clean}/" if address.endswith("/") and clean else clean


def published_name(path: str, sha256: str, names: Mapping[str, str]) -> str:
    """The name a medium is published under: its own path, unless that name already stands for other bytes."""
    if not sha256 or names.get(path, sha256) == sha256:
        return path
    stem, ending = posixpath.splitext(path)
    return f"{stem}.{sha256[:8]}{ending}"
