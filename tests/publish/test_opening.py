"""Which store is behind a target, and where the public finds what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers import reply, serving
from stores import opened

from podfeed.errors import TargetError, UsageError
from podfeed.model import Config, Target
from podfeed.publish.opening import Public, open_store
from podfeed.read.web import Limits, Web

SITE, MEDIA = "https://radio.podfeed.example", "https://cdn.podfeed.example/files"


@pytest.mark.parametrize("target", [Target(name="live"), Target(name="live", bucket="a", folder="b")])
def test_target_that_is_no_place(target: Target) -> None:
    """Neither, or both: there is nowhere to publish to."""
    with pytest.raises(UsageError, match="the target “live” needs either"):
        opened(target)


def test_folder_below_the_project(tmp_path: Path) -> None:
    """A path that is not absolute begins at the project's folder."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web/feed.xml").write_bytes(b"<rss/>")
    target = Target(name="live", folder="web")

    store = open_store(target, config=Config(), folder=tmp_path, web=Web, seconds_left=lambda: 1)

    found = store.get("feed.xml")
    assert found is not None
    assert found.data == b"<rss/>"


@pytest.mark.parametrize(
    ("config", "public", "key", "url"),
    [
        (Config(site=SITE), "", "show/feed.xml", f"{SITE}/show/feed.xml"),
        (Config(site=SITE), "", "audio/海 1.mp3", f"{SITE}/audio/%E6%B5%B7%201.mp3"),
        (Config(site=SITE, media=MEDIA), "", "show/index.html", f"{SITE}/show/index.html"),
        (Config(site=SITE, media=MEDIA), "", "show/sitemap.xml", f"{SITE}/show/sitemap.xml"),
        (Config(site=SITE, media=MEDIA), "", "robots.txt", f"{SITE}/robots.txt"),
        (Config(site=SITE, media=MEDIA), "", "podfeed.js", f"{SITE}/podfeed.js"),
        (Config(site=SITE, media=MEDIA), "", "show/pagefind/1/ja.pf_meta", f"{SITE}/show/pagefind/1/ja.pf_meta"),
        (Config(site=SITE, media=MEDIA), "", "show/1/transcript.vtt", f"{SITE}/show/1/transcript.vtt"),
        (Config(site=SITE, media=MEDIA), "", "audio/a.mp3", f"{MEDIA}/audio/a.mp3"),
        (Config(site=SITE, media=MEDIA), "", "artwork/cover-1400.jpg", f"{MEDIA}/artwork/cover-1400.jpg"),
        (
            Config(site=SITE, media=MEDIA),
            "https://b.podfeed.example",
            "audio/a.mp3",
            "https://b.podfeed.example/audio/a.mp3",
        ),
        (Config(), "", "audio/a.mp3", ""),
    ],
)
def test_where_the_public_looks(config: Config, public: str, key: str, url: str) -> None:
    """At the target's own address, or where feeds say that things are."""
    assert Public(Target(name="live", public=public), config, Web).url(key) == url


@pytest.mark.parametrize(("status", "body"), [("403 Forbidden", b"no"), ("404 Not Found", b""), ("301 Moved", b"")])
def test_public_answer_that_is_no_good(status: str, body: bytes) -> None:
    """It is an answer, with its status and headers; what to make of it is for others to say."""
    with serving(lambda request: [reply(status, body, X_Cache="MISS")]) as server:
        web = Web([server.name])
        found = Public(Target(name="live", public=server.url("")), Config(), lambda: web).get("feed.xml", None, None)

    assert (found.status, found.headers["x-cache"]) == (int(status[:3]), "MISS")


def test_nobody_answers() -> None:
    """Who asked for what is told, and why there was no answer."""
    with serving(lambda request: []) as server:
        web = Web([server.name], limits=Limits(attempts=1))
        public = Public(Target(name="live", public=server.url("").rstrip("/")), Config(), lambda: web)

        with pytest.raises(TargetError, match=r"/feed\.xml” cannot be read as the public does: its server breaks off"):
            public.get("feed.xml", None, None)
