"""What is at each address of a preview: the site as it will be with a bar on top, and the pages for its hosts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from podfeed.checking import knows_shows
from podfeed.diagnostics import PLATFORMS
from podfeed.errors import PodfeedError
from podfeed.loading import load
from podfeed.model import File
from podfeed.preview.panel import Planner, findings, panel
from podfeed.preview.server import Answer, News
from podfeed.preview.snapshot import Snapshot, of_show, snapshot
from podfeed.publish.serving import content_type, type_of
from podfeed.read.folder import CONFIG
from podfeed.releasing import upcoming
from podfeed.render.site import local
from podfeed.render.site.engine import Engine
from podfeed.render.site.places import NOT_FOUND, Place
from podfeed.render.site.policy import Needs, policy
from podfeed.words import listed, say, spoken

#: Where the pages for hosts begin; no show can have that name.
OVERVIEW = "/-/"
_PANELS = "/-/episode/"
_HTML = "text/html; charset=utf-8"
_ASSETS = ("preview.css", "preview.js", "preview.svg")
_BODY = re.compile(rb"<body[^>]*>")
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n?')
#: What the bar on top of a page, and the frame of the pages for hosts, load from here.
_OWN = ("connect-src", "img-src", "script-src", "style-src")


class Stage:
    """The newest state of a project, and what can be looked at of it."""

    def __init__(
        self, folder: Path, site: str, *, clock: Callable[[], datetime], planner: Planner | None, news: News
    ) -> None:
        """*site* is the address of the preview; *planner*, where there is one, asks a target."""
        self.folder, self.site, self.clock, self.planner, self.news = folder, site, clock, planner, news
        self._turn = Lock()
        self._place = Place(site, "/")
        self._engine = Engine({}, "podfeed.preview")
        self._snapshot: Snapshot | None = None
        #: Why the files as they are now cannot be shown at all; empty when they can.
        self._trouble = ""
        #: The episode of each page there ever was: it may be in pieces now.
        self._pages: dict[str, str] = {}
        #: What was made, by its fingerprint.
        self._made: dict[str, bytes] = {}

    def refresh(self) -> None:
        """Read the project anew."""
        with self._turn:
            self._read()
        self.news.tell()

    def answer(self, path: str) -> Answer:
        """What is at *path*; whatever goes wrong is told there."""
        with self._turn:
            now = self._snapshot
            if now and now.due and now.due <= self.clock():
                self._read()
            try:
                return self._answer(path)
            except Exception as error:
                return self._page("trouble.html", status=500, sentence=_sentence(error))

    def _read(self) -> None:
        try:
            self._snapshot = snapshot(load(self.folder), self.clock(), self.site)
        except Exception as error:
            self._trouble = _sentence(error)
            return
        self._trouble = ""
        self._pages.update(self._snapshot.pages)
        wanted = {file.fingerprint for file in self._snapshot.files.values()}
        self._made = {mark: data for mark, data in self._made.items() if mark in wanted}

    def _answer(self, path: str) -> Answer:
        if path.removeprefix(OVERVIEW) in _ASSETS:
            return Answer(content_type=type_of(path), body=_asset(path.removeprefix(OVERVIEW)))
        if self._trouble or self._snapshot is None:
            return self._page("trouble.html", status=500, sentence=self._trouble)
        if path == OVERVIEW.rstrip("/"):
            return Answer(status=302, location=OVERVIEW)
        if path == OVERVIEW:
            return self._overview(self._snapshot)
        if path.startswith(_PANELS):
            return self._panel(self._snapshot, path.removeprefix(_PANELS))
        return self._of_site(self._snapshot, path)

    # ---------------------------------------------------------------------------------------- the site

    def _of_site(self, now: Snapshot, path: str) -> Answer:
        name = path.removeprefix("/")
        written = f"{name}index.html" if not name or name.endswith("/") else name
        for candidate in (written, f"{name}.html"):
            if candidate in now.files:
                return self._file(now, now.files[candidate])
        if f"{name}/index.html" in now.files:
            return Answer(status=302, location=f"{path}/")
        episode = next((self._pages[each] for each in (written, f"{name}.html") if each in self._pages), "")
        if episode in now.listed:
            return self._panel(now, episode)
        if any(each.severity == "error" for each in now.found_in(CONFIG)):
            return self._overview(now)  # it may be there once the settings are mended
        return self._file(now, now.files[NOT_FOUND], status=404)

    def _file(self, now: Snapshot, file: File, status: int = 200) -> Answer:
        if file.content is None:
            return Answer(status=404, body=say("“{path}” is not in this checkout", path=file.path).encode())
        if isinstance(file.content, Path):
            return Answer(content_type=content_type(file), body=file.content)
        if file.fingerprint not in self._made:
            self._made[file.fingerprint] = file.content()
        body = self._made[file.fingerprint]
        if content_type(file) != _HTML:
            return Answer(status=status, content_type=content_type(file), body=body)
        page, own_policy = _without_policy(body)
        return Answer(
            status=status, content_type=_HTML, body=_with_bar(page, self._bar(now, file.path)), policy=own_policy
        )

    def _bar(self, now: Snapshot, page: str) -> bytes:
        file = now.listed.get(now.pages.get(page, ""))
        waiting = sum(each.is_waiting and bool(each.page) for each in now.listed.values())
        held = bool(file and now.stopping(file.show))
        return self._made_of("bar.html", listed=file, waiting=waiting, held=held)

    # ------------------------------------------------------------------------------- the pages for hosts

    def _overview(self, now: Snapshot) -> Answer:
        shows = [
            (show, [*of_show(now.listed, show.id)], now.stopping(show.id)) for show in now.project.config.shows.values()
        ]
        unclaimed = [each for each in now.listed.values() if each.show not in now.project.config.shows]
        following = next(iter(upcoming(now.project, now.now)), None)
        return self._page(
            "overview.html",
            shows=shows,
            knows_shows=knows_shows(now.project),
            unclaimed=unclaimed,
            following=following,
            files=now.listed,
            settings=findings(now.found_in(CONFIG)),
        )

    def _panel(self, now: Snapshot, path: str) -> Answer:
        if path not in now.listed:
            sentence = say("there is no file “{path}” any more", path=path)
            return self._page("trouble.html", status=404, sentence=sentence)
        made = panel(now, path, self.planner)
        pictures = [made.apps.picture] if made.apps else []
        sounds = [made.sound.url] if made.sound else []
        return self._page(
            "panel.html",
            needs=Needs(pictures=pictures, sounds=sounds),
            panel=made,
            files=now.listed,
        )

    def _page(self, template: str, *, status: int = 200, needs: Needs | None = None, **values: Any) -> Answer:
        rules = _widened(policy(needs or Needs(), self._place))
        return Answer(status=status, content_type=_HTML, body=self._made_of(template, **values), policy=rules)

    def _made_of(self, template: str, **values: Any) -> bytes:
        language = spoken()
        return self._engine.page(
            template,
            language=language,
            place=self._place,
            version=self.news.version,
            panel_of=_panel_of,
            platforms=lambda names: listed([PLATFORMS[each] for each in names]),
            moment=lambda date: local.moment(language, date),
            lang=language,
            **values,
        )


def _sentence(error: Exception) -> str:
    """What to tell hosts of *error*: a preview goes on, whatever happens."""
    if isinstance(error, PodfeedError):
        return str(error)
    return say("this is a fault of podfeed's own; please report it: {error}", error=repr(error))


def _panel_of(path: str) -> str:
    """The address of the panel of the file at *path*."""
    return _PANELS + quote(path)


def _asset(name: str) -> bytes:
    return resources.files("podfeed.preview").joinpath("templates", name).read_bytes()


def _with_bar(page: bytes, bar: bytes) -> bytes:
    """*page* with *bar* on top of what it shows."""
    body = _BODY.search(page)
    at = body.end() if body else 0
    return page[:at] + bar + page[at:]


def _without_policy(page: bytes) -> tuple[bytes, str]:
    """*page* without the policy in it, which says nothing of the bar; and that policy, with what the bar needs."""
    found = _POLICY.search(page)
    return (_POLICY.sub(b"", page), _widened(unescape(found[1].decode()))) if found else (page, "")


def _widened(rules: str) -> str:
    """The policy *rules*, and what the preview itself needs."""
    sources = dict(each.strip().partition(" ")[::2] for each in rules.split(";") if each.strip())
    for name in _OWN:
        sources[name] = " ".join(dict.fromkeys([*sources.get(name, "").split(), "'self'"]))
    sources["frame-ancestors"] = "'none'"
    return "; ".join(f"{name} {each}" for name, each in sources.items())
