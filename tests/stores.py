"""What tests put into stores, and the stores themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gcs
import pytest
from gcs import Google
from weed import Bucket

from podfeed.model import Config, Target
from podfeed.publish import serving
from podfeed.publish.opening import open_store
from podfeed.publish.store import Blob, Store
from podfeed.read.web import Web


def blob(
    key: str,
    data: bytes,
    *,
    owner: str = "a-guid",
    content_type: str = "application/octet-stream",
    cache_control: str = "public, max-age=300",
) -> Blob:
    """*data* as it goes up under *key*."""
    return serving.blob(key, data, owner, content_type=content_type, cache_control=cache_control)


def opened(target: Target, *trusted: str, seconds_left: Callable[[], float] = lambda: 600) -> Store:
    """The store of *target*, whose public address is at one of the servers *trusted*."""
    web = Web(trusted)
    return open_store(target, config=Config(), folder=Path("/"), web=lambda: web, seconds_left=seconds_left)


def folder_store(folder: Path, address: str) -> Store:
    """A folder, which is made, that a web server has at *address*."""
    folder.mkdir(exist_ok=True)
    target = Target(name="root", folder=str(folder), public=address)
    return opened(target, address.removeprefix("http://").partition("/")[0])


def bucket_store(
    bucket: Bucket,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_secure: bool = False,
    prefix: str = "",
    seconds_left: Callable[[], float] = lambda: 600,
) -> Store:
    """A bucket, which the public reads over http."""
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    target = Target(
        name="live",
        bucket=bucket.name,
        endpoint=bucket.tls_endpoint if is_secure else bucket.endpoint,
        addressing="path",
        prefix=prefix,
        public=f"{bucket.public}/{prefix}".rstrip("/"),
    )
    return opened(target, bucket.server, seconds_left=seconds_left)


def google_store(google: Google, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A bucket of Google's, once it is known how it does conditions."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", gcs.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", gcs.SECRET_KEY)
    assert google.server
    endpoint, public = google.server.url("").rstrip("/"), google.server.url(gcs.BUCKET)
    target = Target(name="live", bucket=gcs.BUCKET, endpoint=endpoint, public=public, region="auto", addressing="path")
    store = opened(target, google.server.name)
    store.conditions = "generation"
    return store
