"""Google Cloud Storage: conditions by generation, and requests signed in its own way."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import gcs
import pytest
from gcs import Google, Object
from stores import blob, google_store

from podfeed.errors import AccessError
from podfeed.model import Target
from podfeed.publish import s3
from podfeed.publish.probe import prepared
from podfeed.publish.store import ABSENT


def test_version_holds_however_it_was_read(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before anybody knew how the store does conditions can be put over once that is known."""
    store = google_store(google, monkeypatch)
    store.put(blob("feed.xml", b"one"), only_if=ABSENT)
    store.conditions = ""
    found = store.get("feed.xml")
    assert found is not None
    assert (found.owner, found.data) == ("a-guid", b"one")
    store.conditions = "generation"

    assert store.put(blob("feed.xml", b"two"), only_if=found.version).outcome == "done"
    assert store.put(blob("feed.xml", b"three"), only_if=found.version).outcome == "refused"


def test_conditions_by_generation_are_found_by_trying(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody needs to say that the store is Google's."""
    store = google_store(google, monkeypatch)
    store.conditions = ""

    prepared(store, Target(name="live", bucket="pod"), tmp_path)

    assert store.conditions == "generation"


def test_same_bytes_are_another_generation(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ETag alone would let a sleeper through."""
    store = google_store(google, monkeypatch)
    store.put(blob("feed.xml", b"one"), only_if=ABSENT)
    before = store.head("feed.xml")
    assert before is not None

    store.put(blob("feed.xml", b"one"), only_if=None)

    assert store.put(blob("feed.xml", b"two"), only_if=before.version).outcome == "refused"


def test_large_file_goes_up_in_parts(google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the same condition as any other."""
    monkeypatch.setattr(s3, "PART_BYTES", 5 << 20)
    path = tmp_path / "large.mp3"
    path.write_bytes(os.urandom(11 << 20))
    piece = replace(blob("large.mp3", path.read_bytes()), content=path)
    store = google_store(google, monkeypatch)

    assert store.put(piece, only_if=ABSENT).outcome == "done"
    assert store.put(piece, only_if=ABSENT).outcome == "refused"

    found = store.head("large.mp3")
    assert found is not None
    assert (found.size_bytes, found.sha256) == (11 << 20, piece.sha256)
    assert google.objects["large.mp3"].data == path.read_bytes()


@pytest.mark.failure("OS-17")
def test_list_of_several_pages(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists come in pages of a thousand; all of them are read."""
    keys = {f"_podfeed/a/{number}.json" for number in range(2500)}
    google.objects.update({key: Object(data=b"", generation=1, headers={}) for key in keys})

    assert set(google_store(google, monkeypatch).list("_podfeed/a/")) == keys


def test_wrong_secret(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as at any other store."""
    store = google_store(google, monkeypatch)
    monkeypatch.setattr(gcs, "SECRET_KEY", "another")

    with pytest.raises(AccessError, match="does not know the credentials"):
        store.get("feed.xml")


def test_no_header_of_s3_is_left(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store takes none beside its own."""
    store = google_store(google, monkeypatch)

    store.put(blob("音声/a b+c.mp3", b"one"), only_if=ABSENT)
    assert list(store.list("音声/a b")) == ["音声/a b+c.mp3"]

    assert google.server
    for request in google.server.requests:
        assert not [name for name in request.headers if name.startswith("x-amz-")]
    assert google.server.requests[0].headers["x-goog-if-generation-match"] == "0"
    assert "if-none-match" not in google.server.requests[0].headers
