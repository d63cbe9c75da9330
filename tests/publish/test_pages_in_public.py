"""The pages after a publish: in a bucket, behind a server as people have one, in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import urllib3
import yaml
from browser import until
from commands import ROOT, podfeed
from servers import Server, nginx_with
from weed import Bucket, Weed

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

EPISODE = "鉄橋を数える人"


def front(folder: Path, bucket: Bucket) -> AbstractContextManager[Server]:
    """nginx before *bucket*, as stores of files have it behind them: an address that ends in / is a page."""
    return nginx_with(
        folder,
        f"location / {{ rewrite ^(.*)/$ /{bucket.name}$1/index.html break; rewrite ^ /{bucket.name}$uri break;\n"
        f"proxy_intercept_errors on; error_page 403 404 =404 /404.html; proxy_pass {bucket.endpoint}; }}",
    )


@pytest.fixture(scope="module")
def site(weed: Weed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The example podcasts, published; of one episode, the page has moved since, and another had an old address."""
    folder, bucket = tmp_path_factory.mktemp("site"), weed.bucket()
    with front(folder, bucket) as server:
        project, public = folder / "project", server.url("").rstrip("/")
        for name in ("episodes", "audio", "images", "artwork"):
            shutil.copytree(ROOT / name, project / name)
        config = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
        config |= {"site": public, "targets": {"live": {**bucket.target, "public": public}}}
        config.pop("media", None)
        (project / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        for path in project.rglob("*海霧の朝の電話.md"):
            path.unlink()  # its sound lies elsewhere
        trusted = ("--trust-server", server.name)
        first = podfeed(project, "publish", "--first", *trusted, env=bucket.environment)
        assert (first.returncode, first.stderr) == (0, "")
        (path,) = project.rglob(f"*{EPISODE}.md")
        path.write_text(
            path.read_text("utf-8").replace("---\n", "---\nslug: tekkyo\naliases: [/2019/tekkyo.html]\n", 1)
        )
        second = podfeed(project, "publish", *trusted, env=bucket.environment)
        assert (second.returncode, second.stderr) == (0, "")
        yield server


def get(site: Server, path: str) -> urllib3.BaseHTTPResponse:
    """What the public gets at *path*."""
    return urllib3.PoolManager().request("GET", site.url(quote(path)), redirect=False)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("yako/", "text/html; charset=utf-8"),
        ("yako/subscribe/", "text/html; charset=utf-8"),
        ("yako/tekkyo/", "text/html; charset=utf-8"),
        (f"yako/{EPISODE}/", "text/html; charset=utf-8"),
        ("2019/tekkyo.html", "text/html; charset=utf-8"),
        ("podfeed.css", "text/css; charset=utf-8"),
        ("podfeed.js", "text/javascript; charset=utf-8"),
        ("yako/sitemap.xml", "application/xml"),
        ("sitemap.xml", "application/xml"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("yako/feed.xml", "application/rss+xml; charset=utf-8"),
    ],
)
def test_page_is_there_under_its_own_address(site: Server, path: str, content_type: str) -> None:
    """As links name it, of the type browsers want, and kept no longer than five minutes."""
    answer = get(site, path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_address_where_nothing_is_shows_the_page_for_it(site: Server) -> None:
    """With the status that says so, and links that work from there."""
    answer = get(site, "yako/no/such/page/")

    assert answer.status == 404
    assert site.url("yako/").encode() in answer.data


def test_old_addresses_lead_to_the_page_where_it_plays(site: Server, window: Callable[..., BrowserContext]) -> None:
    """In a browser: the redirect, the page with its style, the player and its sound."""
    page = window().new_page()
    for old in (f"yako/{EPISODE}/", "2019/tekkyo.html"):
        page.goto(site.url(quote(old)))
        page.wait_for_url(site.url("yako/tekkyo/"))
    assert EPISODE in page.title()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")

    page.evaluate("document.querySelector('audio').play()")

    assert until(page, "document.querySelector('audio').currentTime > 0.2")
    assert page.evaluate("document.querySelector('audio').error") is None


def test_page_works_without_scripts(site: Server, window: Callable[..., BrowserContext]) -> None:
    """The redirect, too."""
    page = window(java_script_enabled=False).new_page()
    page.goto(site.url("2019/tekkyo.html"))
    page.wait_for_url(site.url("yako/tekkyo/"))

    assert page.locator("audio[controls]").count() == 1
