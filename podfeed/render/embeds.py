"""Players of other sites in show notes: a link until somebody asks for the player, so that nobody is called unasked.

Sources: developers.google.com, YouTube player parameters; developer.spotify.com, Embeds; developers.soundcloud.com,
Widget.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import SplitResult, parse_qs, quote

from podfeed.read.folder import split_address


@dataclass(frozen=True, slots=True)
class Embed:
    """A player of another site."""

    #: Whose it is, in small letters.
    site: str
    #: The page that has it.
    page: str
    #: The player alone, which begins to play when it is shown.
    player: str


def with_embeds(html: str) -> str:
    """Sanitised *html* in which a link of its own, to what another site plays, can be turned into the player."""
    return _LINK_ALONE.sub(_facade, html) if any(name in html for name in _NAMES) else html


def embedded(html: str) -> list[str]:
    """The addresses of the players that *html*, as `with_embeds` left it, may turn links into."""
    return [unescape(address) for address in _PLAYER.findall(html)] if _MARK in html else []


def embed(address: str) -> Embed | None:
    """What there is to play at *address*; None where it leads to anything else."""
    parts = split_address(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    known = _SITES.get(host)
    return known(parts) if known and parts.scheme in {"http", "https"} else None


_NAMES = ("youtu", "spotify", "soundcloud")
_MARK = "data-player="
#: A paragraph that is one link, as the sanitiser leaves it.
_LINK_ALONE = re.compile(r'<p><a href="([^"]*)"(?: title="[^"]*")? rel="noopener">([^<]*)</a></p>')
_PLAYER = re.compile(rf'<p class="embed [a-z]+"><a href="[^"]*" rel="noopener" {_MARK}"([^"]*)">')
#: What an iframe names; the sanitiser makes a link of it, with the title of the iframe for words.
_OF_PLAYER = re.compile(r"https?://(?:[a-z.-]+/embed/|w\.soundcloud\.com/player)")
_VIDEO = re.compile(r"/(?:embed/|shorts/|live/|v/)?([\w-]{11})/?", re.ASCII)
_MOMENT = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")
_SPOTIFY = re.compile(r"/(?:intl-[a-z]+/)?(embed/)?(episode|show|track|album|playlist|artist)/([A-Za-z0-9]{22})/?")
_TRACK = re.compile(r"/[\w-]+/(?:sets/)?[\w-]+/?", re.ASCII)


def _facade(link: re.Match[str]) -> str:
    """The link with the address of the player. One with words of its own stays: its author wants a link."""
    address, words = unescape(link[1]), unescape(link[2])
    found = embed(address) if words == address or _OF_PLAYER.match(address) else None
    if not found:
        return link[0]
    page, player, text = escape(found.page), escape(found.player), link[2] if words != address else escape(found.page)
    return f'<p class="embed {found.site}"><a href="{page}" rel="noopener" {_MARK}"{player}">{text}</a></p>'


def _youtube(parts: SplitResult) -> Embed | None:
    query = parse_qs(parts.query)
    at_watch = query.get("v", [""])[0] if parts.path == "/watch" else ""
    found = _VIDEO.fullmatch(f"/{at_watch}" if at_watch else parts.path)
    if not found or (parts.path == f"/{found[1]}" and parts.hostname != "youtu.be"):
        return None
    start = _seconds(next((query[name][0] for name in ("t", "start") if name in query), ""))
    page = f"https://www.youtube.com/watch?v={found[1]}" + (f"&t={start}s" if start else "")
    player = f"https://www.youtube-nocookie.com/embed/{found[1]}?autoplay=1" + (f"&start={start}" if start else "")
    return Embed("youtube", page, player)


def _seconds(moment: str) -> int:
    """``90``, ``90s`` and ``1h2m3s`` as seconds; 0 for whatever else."""
    found = _MOMENT.fullmatch(moment)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _spotify(parts: SplitResult) -> Embed | None:
    found = _SPOTIFY.fullmatch(parts.path)
    if not found:
        return None
    what = f"{found[2]}/{found[3]}"
    return Embed("spotify", f"https://open.spotify.com/{what}", f"https://open.spotify.com/embed/{what}")


def _soundcloud(parts: SplitResult) -> Embed | None:
    if not _TRACK.fullmatch(parts.path):
        return None
    return _on_soundcloud(f"https://soundcloud.com{parts.path}")


def _soundcloud_player(parts: SplitResult) -> Embed | None:
    named = split_address(parse_qs(parts.query).get("url", [""])[0])
    if parts.path.rstrip("/") != "/player" or named.hostname not in {"soundcloud.com", "api.soundcloud.com"}:
        return None
    return _on_soundcloud(f"https://{named.hostname}{quote(named.path, safe='/:%')}")


def _on_soundcloud(page: str) -> Embed:
    player = f"https://w.soundcloud.com/player/?url={quote(page, safe='')}&auto_play=true"
    return Embed("soundcloud", page if "//api." not in page else player, player)


_SITES = {
    "youtube.com": _youtube,
    "music.youtube.com": _youtube,
    "youtube-nocookie.com": _youtube,
    "youtu.be": _youtube,
    "open.spotify.com": _spotify,
    "soundcloud.com": _soundcloud,
    "w.soundcloud.com": _soundcloud_player,
}
