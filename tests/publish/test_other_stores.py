"""A second and a third opinion: what podfeed finds out of other stores, and a publish to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from commands import podfeed
from other_stores import SWIFT_CREDENTIALS
from stores import blob, bucket_store, opened
from weed import Bucket

from podfeed.errors import ConditionsError
from podfeed.model import Target
from podfeed.publish.probe import prepared
from podfeed.publish.store import ABSENT

pytestmark = pytest.mark.stores


def test_radosgw_wants_versions_without_quotes(
    radosgw_bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That is found out by trying, and then its conditions hold."""
    store = bucket_store(radosgw_bucket, monkeypatch)

    prepared(store, Target(name="live", bucket=radosgw_bucket.name, endpoint=radosgw_bucket.endpoint), tmp_path)

    assert store.conditions == "unquoted"
    store.put(blob("feed.xml", b"one"), only_if=ABSENT)
    one = store.get("feed.xml")
    assert one is not None
    assert store.put(blob("feed.xml", b"two"), only_if=one.version).outcome == "done"
    assert store.put(blob("feed.xml", b"three"), only_if=one.version).outcome == "refused"


def test_swift_has_no_conditions_to_rely_on(
    swift_bucket: tuple[Bucket, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is refused, until somebody says that one machine alone publishes; then all else is as anywhere."""
    for name, value in SWIFT_CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    bucket, public = swift_bucket
    target = Target(name="live", bucket=bucket.name, endpoint=bucket.endpoint, addressing="path", public=public)
    store = opened(target, bucket.server)

    with pytest.raises(ConditionsError, match="writers: one"):
        prepared(store, target, tmp_path)
    prepared(store, replace(target, has_one_writer=True), tmp_path)

    assert store.conditions == "none"
    assert store.put(blob("音声/a b.mp3", b"sound", content_type="audio/mpeg"), only_if=None).outcome == "done"
    found = store.get("音声/a b.mp3")
    assert found is not None
    assert (found.data, found.owner, found.content_type) == (b"sound", "a-guid", "audio/mpeg")
    assert store.public_get("音声/a b.mp3", 1, 2).body == b"ou"
    assert list(store.list("音声/")) == ["音声/a b.mp3"]


def _publish(project: Callable[..., Path], bucket: Bucket, env: dict[str, str], **settings: str) -> None:
    """A project goes up for the first time; the second run finds nothing to do."""
    named = ", ".join(f"{name}: '{value}'" for name, value in {**bucket.target, **settings}.items())
    folder = project(config={"targets": f"\n  live: {{{named}}}"})

    first = podfeed(folder, "publish", "--first", "--trust-server", bucket.server, env=env)
    again = podfeed(folder, "publish", "--trust-server", bucket.server, env=env)

    assert (first.returncode, first.stderr) == (0, "")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert b"<!-- podfeed 1-" in bucket.read("radio/feed.xml")


def test_publish_to_radosgw(radosgw_bucket: Bucket, project: Callable[..., Path]) -> None:
    """Under conditions in its own way."""
    _publish(project, radosgw_bucket, radosgw_bucket.environment)


def test_publish_to_swift(swift_bucket: tuple[Bucket, str], project: Callable[..., Path]) -> None:
    """Without conditions, where one machine alone publishes."""
    bucket, public = swift_bucket
    _publish(project, bucket, {**bucket.environment, **SWIFT_CREDENTIALS}, public=public, writers="one")
