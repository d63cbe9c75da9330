"""What tells search engines which pages there are: sitemap.xml and robots.txt. Source: sitemaps.org/protocol.html."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: A map holds no more.
MOST_PAGES = 50_000


def sitemap(urls: Iterable[str]) -> bytes:
    """The map of the pages at *urls*, the most important first: of more than it holds, the last are left out."""
    return _xml("urlset", "url", islice(urls, MOST_PAGES))


def sitemap_index(urls: Iterable[str]) -> bytes:
    """The map of the maps at *urls*."""
    return _xml("sitemapindex", "sitemap", urls)


def _xml(root: str, element: str, urls: Iterable[str]) -> bytes:
    lines = "".join(f"<{element}><loc>{escape(url, quote=False)}</loc></{element}>\n" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{lines}</{root}>\n'.encode()


def robots(sitemap: str) -> bytes:
    """All may read everything, and the map of it all is at *sitemap*."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()
