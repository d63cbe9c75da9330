"""What every store must do alike: in memory, in a folder behind a web server, and in a bucket, over http and TLS."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from gcs import Object
from s3fault.world import World
from serving import served
from stores import blob, bucket_store, folder_store, google_store
from weed import Bucket

from podfeed.errors import StoredError, TargetError
from podfeed.publish import content
from podfeed.publish.memory import MemoryStore
from podfeed.publish.store import ABSENT, Store
from podfeed.publish.web_root import FolderStore

WRITERS = 8


@pytest.fixture(scope="module")
def web_roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder that a web server serves, and its address."""
    folder = tmp_path_factory.mktemp("roots")
    with served(folder) as address:
        yield folder, address


@pytest.fixture
def root(web_roots: tuple[Path, str], tmp_path: Path) -> Path:
    """A folder of its own for a test, below one that is served."""
    return web_roots[0] / tmp_path.name


@pytest.fixture
def world(worlds_over_http: Callable[[], World]) -> World:
    """The bucket that tests let fail and lie: it must do neither by itself."""
    made = worlds_over_http()
    made.bucket.now = partial(datetime.now, UTC)
    return made


@pytest.fixture(
    params=["memory", "folder", "bucket", "s3fault", "google", pytest.param("radosgw", marks=pytest.mark.stores)]
)
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store of each kind."""
    if request.param == "memory":
        return MemoryStore(lambda: datetime.now(UTC))
    if request.param == "folder":
        root: Path = request.getfixturevalue("root")
        return folder_store(root, f"{request.getfixturevalue('web_roots')[1]}/{root.name}")
    if request.param == "s3fault":
        return request.getfixturevalue("world").open("one")
    if request.param == "google":
        return google_store(request.getfixturevalue("google"), monkeypatch)
    if request.param == "radosgw":
        store = bucket_store(request.getfixturevalue("radosgw_bucket"), monkeypatch)
        store.conditions = "unquoted"
        return store
    return bucket_store(request.getfixturevalue("bucket"), monkeypatch)


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What *act* gives for each number below *count*, all begun at the same moment."""
    results: list[object] = [None] * count
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        results[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_what_was_put_is_there(store: Store) -> None:
    """The same bytes, their size and hash, whose they are, and a version."""
    piece = blob("show/feed.xml", b"<rss/>", owner="a-guid")

    assert store.put(piece, only_if=ABSENT).outcome == "done"

    found = store.get("show/feed.xml")
    assert found is not None
    assert (found.data, found.size_bytes, found.sha256, found.owner) == (b"<rss/>", 6, piece.sha256, "a-guid")
    assert found.version
    there = store.head("show/feed.xml")
    assert there is not None
    assert (there.version, there.size_bytes, there.sha256, there.owner) == (
        found.version,
        6,
        piece.sha256,
        "a-guid",
    )
    assert store.hashed("show/feed.xml") == piece.sha256


@pytest.mark.parametrize("store", ["folder", "bucket"], indirect=True)
def test_what_is_far_too_large_is_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts gigabytes in the place of a feed: nobody's memory is filled with them."""
    monkeypatch.setattr(content, "MOST_BYTES", 5)
    store.put(blob("feed.xml", b"12345"), only_if=ABSENT)
    store.put(blob("large.xml", b"123456"), only_if=ABSENT)

    assert store.get("feed.xml") is not None
    with pytest.raises(StoredError, match="has 6 bytes, far more"):
        store.get("large.xml")


def test_nothing_is_nothing(store: Store) -> None:
    """An object that is not there has no bytes, no head and no hash, and no key below it is listed."""
    assert store.get("a.mp3") is None
    assert store.head("a.mp3") is None
    assert store.hashed("a.mp3") == ""
    assert list(store.list("a")) == []


def test_empty_object(store: Store) -> None:
    """No byte at all is an object, too."""
    assert store.put(blob("empty.txt", b""), only_if=ABSENT).outcome == "done"

    found = store.get("empty.txt")
    assert found is not None
    assert (found.data, found.size_bytes, found.sha256) == (b"", 0, hashlib.sha256().hexdigest())
    assert store.put(blob("empty.txt", b"1"), only_if=ABSENT).outcome == "refused"


@pytest.mark.failure("OS-4")
def test_each_condition(store: Store) -> None:
    """A put under a condition that does not hold changes nothing; one that holds is done."""
    assert store.put(blob("feed.xml", b"one"), only_if=ABSENT).outcome == "done"
    one = store.get("feed.xml")
    assert one is not None

    assert store.put(blob("feed.xml", b"none"), only_if=ABSENT).outcome == "refused"
    assert store.get("feed.xml") == one

    assert store.put(blob("feed.xml", b"two"), only_if=one.version).outcome == "done"
    two = store.get("feed.xml")
    assert two is not None
    assert (two.data, two.version != one.version) == (b"two", True)

    assert store.put(blob("feed.xml", b"late"), only_if=one.version).outcome == "refused"
    assert store.get("feed.xml") == two

    assert store.put(blob("feed.xml", b"three"), only_if=None).outcome == "done"
    assert store.put(blob("other.xml", b"gone"), only_if=two.version).outcome == "refused"
    assert store.get("other.xml") is None


@pytest.mark.failure("EN-4")
def test_one_of_eight_who_create_wins(store: Store) -> None:
    """However close they are, one is told that it is done, and what it put is there."""
    results = at_once(WRITERS, lambda number: store.put(blob("feed.xml", b"%d" % number), only_if=ABSENT).outcome)

    assert results.count("done") == 1
    found = store.get("feed.xml")
    assert found is not None
    assert found.data == b"%d" % results.index("done")


@pytest.mark.failure("EN-6")
def test_one_of_eight_who_replace_wins(store: Store) -> None:
    """Each round, one of those who read the same version replaces it."""
    store.put(blob("feed.xml", b"begin"), only_if=ABSENT)
    for round_ in range(2):
        before = store.get("feed.xml")
        assert before is not None
        version = before.version
        pieces = [blob("feed.xml", b"%d by %d" % (round_, number)) for number in range(WRITERS)]

        results = at_once(WRITERS, lambda number: store.put(pieces[number], only_if=version).outcome)  # noqa: B023

        assert results.count("done") == 1
        after = store.get("feed.xml")
        assert after is not None
        assert after.data == pieces[results.index("done")].content


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize(
    "key",
    [
        "音声/第１回 「海」.mp3",
        unicodedata.normalize("NFC", "ポッドキャスト/がぎぐ.mp3"),
        "a b/c+d&e=f.mp3",
        "100%/50%25.mp3",
        "what?/#1.mp3",
        "it's “so”/(1) [2] {3}~!$,;@.mp3",
        "-dash.mp3",
        "tiefe/" * 20 + "ü.mp3",
    ],
)
def test_odd_keys(store: Store, key: str) -> None:
    """A key comes back as it went, in the store, in its list, and in public under the address feeds name."""
    assert store.put(blob(key, b"sound", content_type="audio/mpeg"), only_if=ABSENT).outcome == "done"

    found = store.get(key)
    assert found is not None
    assert (found.key, found.data) == (key, b"sound")
    assert list(store.list("")) == [key]
    assert store.public_url(key).isascii()
    assert store.public_get(key).body == b"sound"


def test_listing(store: Store) -> None:
    """All keys that begin so, and no other, even those that only look as if."""
    for key in ("_podfeed/a/1.json", "_podfeed/a/2.json", "_podfeed/ab/1.json", "audio/1.mp3", "_podfeed.txt"):
        store.put(blob(key, b"1"), only_if=ABSENT)

    assert sorted(store.list("_podfeed/a/")) == ["_podfeed/a/1.json", "_podfeed/a/2.json"]
    assert sorted(store.list("_podfeed/a/2")) == ["_podfeed/a/2.json"]
    assert len(list(store.list(""))) == 5


def test_public_range(store: Store) -> None:
    """The public gets the bytes it asks for, told as which of how many."""
    data = bytes(range(256)) * 400
    store.put(blob("a.mp3", data, content_type="audio/mpeg"), only_if=ABSENT)

    answer = store.public_get("a.mp3", 1000, 1999)

    assert (answer.status, answer.body) == (206, data[1000:2000])
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(data)}"
    assert answer.headers["content-type"] == "audio/mpeg"
    end = store.public_get("a.mp3", len(data) - 10, len(data) - 1)
    assert (end.status, end.body) == (206, data[-10:])
    whole = store.public_get("a.mp3")
    assert (whole.status, whole.body) == (200, data)


def test_public_gets_nothing_of_what_is_not_there(store: Store) -> None:
    """A status, and no trouble: 403 where nobody may ask what there is."""
    store.put(blob("a.mp3", b"1"), only_if=ABSENT)

    assert store.public_get("b.mp3").status in (403, 404)


def test_file_goes_up(store: Store, tmp_path: Path) -> None:
    """A file is put as it is on the disk, and whoever shows progress hears of every byte once."""
    data = bytes(range(256)) * 2000
    path = tmp_path / "a.mp3"
    path.write_bytes(data)
    heard: list[int] = []

    outcome = store.put(replace(blob("a.mp3", data), content=path), only_if=ABSENT, progress=heard.append).outcome

    assert outcome == "done"
    assert sum(heard) == len(data)
    found = store.get("a.mp3")
    assert found is not None
    assert found.data == data


@pytest.mark.failure("IN-24")
@pytest.mark.parametrize("change", [b"sound2", b"other", b"", None], ids=["longer", "other", "empty", "gone"])
def test_file_that_changed_since_it_was_measured(store: Store, tmp_path: Path, change: bytes | None) -> None:
    """Other bytes than were checked never go out."""
    path = tmp_path / "a.mp3"
    if change is not None:
        path.write_bytes(change)
    piece = replace(blob("a.mp3", b"sound"), content=path)

    with pytest.raises(TargetError, match="changed since it was measured; run again"):
        store.put(piece, only_if=ABSENT)

    assert store.get("a.mp3") is None


def test_foreign_object_is_known(store: Store, request: pytest.FixtureRequest) -> None:
    """What somebody else put there has no owner; its bytes can be hashed all the same."""
    if isinstance(store, MemoryStore):
        store.put(blob("a.mp3", b"theirs"), only_if=None)
        store.objects["a.mp3"] = replace(store.objects["a.mp3"], owner="", sha256="")
    elif isinstance(store, FolderStore):
        (request.getfixturevalue("root") / "a.mp3").write_bytes(b"theirs")
    elif "s3fault" in request.node.name:
        request.getfixturevalue("world").bucket.put("a.mp3", b"theirs")
    elif "google" in request.node.name:
        request.getfixturevalue("google").objects["a.mp3"] = Object(data=b"theirs", generation=1, headers={})
    else:
        name = "radosgw_bucket" if "radosgw" in request.node.name else "bucket"
        bucket: Bucket = request.getfixturevalue(name)
        bucket.client.put_object(Bucket=bucket.name, Key="a.mp3", Body=b"theirs")

    there = store.head("a.mp3")

    assert there is not None
    assert (there.owner, there.sha256, there.size_bytes) == ("", "", 6)
    assert store.hashed("a.mp3") == hashlib.sha256(b"theirs").hexdigest()
    assert store.put(blob("a.mp3", b"ours"), only_if=ABSENT).outcome == "refused"
    assert store.put(blob("a.mp3", b"ours"), only_if=there.version).outcome == "done"


def test_clock(store: Store) -> None:
    """What has a clock tells it with every answer."""
    store.get("a.mp3")

    there = store.now()

    assert there is None or abs(there - datetime.now(UTC)) < timedelta(seconds=5)


def test_types_and_times_to_keep(store: Store) -> None:
    """What keeps a type and how long a copy is good for gives both back; behind a web server that is its own matter."""
    piece = blob("a.m4a", b"1", content_type="audio/x-m4a", cache_control="public, max-age=31536000, immutable")
    store.put(piece, only_if=ABSENT)

    there = store.head("a.m4a")

    assert there is not None
    told = (there.content_type, there.cache_control, there.content_encoding)
    assert told == (("", "", "") if isinstance(store, FolderStore) else (piece.content_type, piece.cache_control, ""))
