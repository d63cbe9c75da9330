"""What a page may load: its Content-Security-Policy, which lets in what the page itself names and nothing else.

Source: W3C, Content Security Policy Level 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from podfeed.read.folder import is_remote, split_address
from podfeed.render.site.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a page loads beside its style sheets."""

    #: Absolute addresses, empty ones among them where there is nothing to show.
    pictures: Sequence[str] = ()
    sounds: Sequence[str] = ()
    #: The addresses of what is shown in a frame once somebody asks for it.
    frames: Sequence[str] = ()
    #: The names of podfeed's scripts.
    scripts: Sequence[str] = ()
    #: Whether it has a form that leads to a page of the site.
    has_form: bool = False
    #: Whether its scripts fetch files of the site.
    fetches: bool = False
    #: Whether it searches with pagefind, which is WebAssembly.
    has_full_search: bool = False


def policy(needs: Needs, place: Place) -> str:
    """The policy of the page at *place*: everything is forbidden but what it *needs*."""
    pictures, sounds, scripts = _sources(needs.pictures, place), _sources(needs.sounds, place), set()
    # Servers of sound pass apps on to others, by counters and to the nearest copy, and the policy holds for those too.
    if any(is_remote(each) and each == place.near(each) for each in needs.sounds):
        sounds.add("https:")
    if needs.scripts:
        scripts.add("'self'")
    if needs.has_full_search:
        scripts.add("'wasm-unsafe-eval'")
    allowed = {
        "style-src": {"'self'"},
        "script-src": scripts,
        "connect-src": {"'self'"} if needs.fetches else set(),
        "worker-src": {"'self'"} if needs.has_full_search else set(),
        "img-src": pictures,
        "media-src": sounds,
        "frame-src": set(filter(None, map(origin, needs.frames))),
        "base-uri": {"'none'"},
        "form-action": {"'self'" if needs.has_form else "'none'"},
    }
    directives = (f"{name} {' '.join(sorted(sources))}" for name, sources in allowed.items() if sources)
    return "; ".join(["default-src 'none'", *directives])


def _sources(addresses: Iterable[str], place: Place) -> set[str]:
    return {"'self'" if place.near(each) != each else origin(each) for each in addresses if each} - {""}


_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def origin(address: str) -> str:
    """The scheme, the host and the port of a web address, as a policy names them; empty when it has none.

    No text can become more than one source of a policy: a host is letters, digits and hyphens.
    """
    parts = split_address(address)
    try:
        name, port = unquote(parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return ""
    host = f"[{name}]" if ":" in name else name
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
