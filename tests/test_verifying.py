"""`podfeed verify` looks at all that is published: in a real bucket, where somebody else did something to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import podfeed
from weed import CREDENTIALS, Bucket, Weed

from podfeed import testing, verifying
from podfeed.publish.record import signed
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Run, published
from podfeed.read.web import Limits, Web
from podfeed.report import verification_json, verification_text
from podfeed.verifying import Verification, verified

SOUND, PAGE, FEED = "audio/good.mp3", "radio/1/index.html", "radio/feed.xml"
SHOW = {"archive": "1", "feed": FEED}


def run(bucket: Bucket, at: datetime | None = None) -> Run:
    """A run that asks each server once."""
    web = Web([bucket.server], limits=Limits(attempts=1, seconds=20))
    return Run(now=at or datetime.now(UTC), web=lambda: web)


def targets(bucket: Bucket) -> dict[str, str]:
    """The setting of config.yaml for *bucket*."""
    return {"targets": json.dumps({"live": bucket.target})}


@dataclass
class Live:
    """A project that was published twice, and its bucket."""

    folder: Path
    bucket: Bucket
    publications: list[Publication] = field(default_factory=list)

    def publish(self, **settings: Any) -> None:
        publication = published(self.folder, run=run(self.bucket), **settings)
        assert publication.exit_code == 0, [str(each.error) for each in publication.shows]
        self.publications.append(publication)

    def verify(self, **settings: Any) -> Verification:
        at = settings.pop("at", None)
        return verified(self.folder, run=run(self.bucket, at), **settings)

    @property
    def names(self) -> list[str]:
        """The names of its generations."""
        return [each.shows[0].done.name for each in self.publications if each.shows[0].done]

    @contextmanager
    def but(self, key: str, data: bytes | None, **changes: str) -> Iterator[None]:
        """While this lasts, *key* holds *data*, with other headers; nothing, if that is None."""
        place = {"Bucket": self.bucket.name, "Key": key}
        before = self.bucket.client.get_object(**place)
        served = {name: before[name] for name in ("ContentType", "CacheControl", "Metadata") if name in before}
        body = before["Body"].read()
        if data is None:
            self.bucket.client.delete_object(**place)
        else:
            self.bucket.client.put_object(**place, Body=data or body, **{**served, **changes})
        try:
            yield
        finally:
            self.bucket.client.put_object(**place, Body=body, **served)


@pytest.fixture(scope="module")
def live(weed: Weed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A show with an archive, published twice."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        bucket = weed.bucket()
        folder = tmp_path_factory.mktemp("live")
        testing.example_project(folder, config=targets(bucket), show=SHOW)
        found = Live(folder, bucket)
        found.publish(intent=Intent(is_first=True))
        testing.example_project(
            folder,
            config=targets(bucket),
            show=SHOW,
            header={"description": "The sea follows the moon."},
        )
        found.publish()
        yield found


def told(verification: Verification) -> set[str]:
    """The rules it breaks, but that it is on loopback, and that its site is nowhere."""
    return {each.rule for each in verification.diagnostics} - {"server-not-secure", "server-link-broken"}


def test_whole_bucket_has_no_fault(live: Live) -> None:
    """Every object of both generations is looked at, and all are read."""
    found = live.verify(reads_all=True)

    assert told(found) == set()
    assert found.exit_code == 0
    assert found.shows[0].read == found.shows[0].looked_at >= 6
    assert "radio: " in verification_text(found)


def test_each_object_is_read_once_in_some_weeks(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run a week reads all of them before it begins anew."""
    monkeypatch.setattr(verifying, "WEEKS", 2)
    now = datetime.now(UTC)

    one, other = (live.verify(at=now + timedelta(weeks=week)).shows[0] for week in range(2))

    assert 0 < one.read < one.looked_at
    assert one.read + other.read == one.looked_at


@pytest.mark.failure("OS-19")
@pytest.mark.parametrize(
    ("rule", "key", "data", "changes", "code"),
    [
        ("stored-object-missing", SOUND, None, {}, 5),
        ("stored-object-missing", PAGE, None, {}, 5),
        ("stored-object-changed", SOUND, b"other", {}, 5),
        ("stored-object-changed", PAGE, b"other", {"Metadata": {}}, 5),
        ("stored-header-wrong", SOUND, b"", {"ContentType": "text/html"}, 5),
        ("stored-header-wrong", PAGE, b"", {"ContentEncoding": "aws-chunked"}, 5),
        ("stored-caching-wrong", SOUND, b"", {"CacheControl": "max-age=90000"}, 0),
        ("stored-page-behind", PAGE, b"old", {"Metadata": {"podfeed": "a-guid", "sha256": "0" * 64}}, 0),
    ],
)
def test_object_that_is_not_as_it_was_put_is_told(
    live: Live, rule: str, key: str, data: bytes | None, changes: dict[str, Any], code: int
) -> None:
    """With its key, and what is wrong."""
    with live.but(key, data, **changes):
        found = live.verify(reads_all=True)

    assert rule in told(found)
    assert {each.path for each in found.diagnostics if each.rule == rule} == {key}
    assert found.exit_code == code


@pytest.mark.failure("OS-20")
def test_difference_of_a_feed_that_was_edited_is_shown(live: Live) -> None:
    """So that a person sees what was meant."""
    edited = live.bucket.read(FEED).replace(b"<title>Tides</title>", b"<title>High Tides</title>")

    with live.but(FEED, edited):
        found = live.verify()

    assert "stored-feed-changed" in told(found)
    assert found.exit_code == 5
    lines = [line.split() for line in verification_text(found).splitlines()]
    assert ["-", "<title>Tides</title>"] in lines
    assert ["+", "<title>High", "Tides</title>"] in lines
    assert json.loads(verification_json(found))["shows"][0]["difference"] == found.shows[0].difference


def test_feed_that_is_gone_or_foreign_is_told(live: Live) -> None:
    """And what brings it back."""
    with live.but(FEED, None):
        gone = live.verify()
    with live.but(FEED, b"<rss/>"):
        foreign = live.verify()

    assert (told(gone), gone.exit_code) == ({"stored-feed-missing"}, 5)
    assert (told(foreign), foreign.exit_code) == ({"stored-feed-changed"}, 5)


@pytest.mark.parametrize("data", [None, b"{}"])
def test_record_that_is_gone_or_changed_is_told(live: Live, data: bytes | None) -> None:
    """Nobody can say then what is published."""
    with live.but(f"_podfeed/radio/{live.names[-1]}.json", data):
        found = live.verify()

    assert (told(found), found.exit_code) == ({"stored-record-wrong"}, 5)


def test_earlier_generation_that_is_gone_is_worth_a_warning(live: Live) -> None:
    """Nothing public is wrong; only the way back is shorter."""
    with live.but(f"_podfeed/radio/{live.names[0]}.json", None):
        found = live.verify()

    assert (told(found), found.exit_code) == ({"stored-generation-missing"}, 0)


def test_pages_and_further_feeds_are_put_again_and_nothing_else(live: Live) -> None:
    """When that is asked for, and this checkout is what is published."""
    keys = [*live.bucket.all_keys()]
    further = next(key for key in keys if key.endswith(".xml") and "_podfeed" not in key and key != FEED)
    page, feed = live.bucket.read(PAGE), live.bucket.read(further)
    with (
        live.but(PAGE, None),
        live.but(further, signed(b"<rss/>", live.names[0])),
        live.but(SOUND, b"other"),
    ):
        before = live.verify()
        found = live.verify(repairs=True)

        assert live.bucket.read(PAGE) == page
        assert live.bucket.read(further) == feed
        assert live.bucket.read(SOUND) == b"other"
    assert {"stored-object-missing", "stored-feed-behind", "stored-object-changed"} <= told(before)
    assert set(found.shows[0].repaired) == {PAGE, further}
    assert {each.path for each in found.diagnostics if each.rule.startswith("stored-")} == {SOUND}
    assert "put again: " in verification_text(found)


def test_other_checkout_repairs_nothing(live: Live, tmp_path: Path) -> None:
    """What it would put is not what is published."""
    config = targets(live.bucket)
    testing.example_project(tmp_path, config=config, show=SHOW, header={"title": "Ebb"})
    with live.but(PAGE, None):
        found = verified(tmp_path, run=run(live.bucket), repairs=True)

        keys = live.bucket.all_keys()
    assert PAGE not in keys
    assert found.shows[0].repaired == ()
    assert "this checkout is not what is published" in found.shows[0].notice


def test_target_without_anything_says_so(weed: Weed, live: Live, tmp_path: Path) -> None:
    """And nothing else."""
    folder = testing.example_project(tmp_path, config=targets(weed.bucket()), show=SHOW)

    found = verified(folder, run=run(live.bucket))

    assert (found.diagnostics, found.exit_code) == ((), 0)
    assert found.shows[0].notice == "nothing is published there yet"


@pytest.mark.failure("CO-6")
@pytest.mark.parametrize(("size", "rules"), [(100, []), (1_200_000, ["feed-large"]), (5_200_000, ["feed-too-large"])])
def test_feed_that_grows_large_is_told(size: int, rules: list[str]) -> None:
    """Every app fetches it again and again."""
    feed = testing.example_feed().replace(b"</channel>", b"<!-- %b --></channel>" % (b"x" * size))

    found = verifying.weight_faults(feed, "https://radio.podfeed.example/feed.xml", datetime.now(UTC))

    assert [each.rule for each in found] == rules


@pytest.mark.failure("OS-14")
def test_bucket_that_became_private_is_told(live: Live) -> None:
    """All is there, and nobody gets it."""
    live.bucket.set_public(())
    try:
        found = live.verify()
    finally:
        live.bucket.set_public()

    assert (told(found), found.exit_code) == ({"server-feed-wrong", "server-file-unreachable"}, 9)


# ---------------------------------------------------------------------------------------- on the terminal


def test_command_says_the_same_to_people_and_to_scripts(live: Live) -> None:
    """A line for each show; nothing at all when nothing is wrong and nobody wants to hear that."""
    trust = ("--trust-server", live.bucket.server)
    with live.but(SOUND, None):
        scripts = podfeed(live.folder, "verify", "--format", "json", *trust, env=live.bucket.environment)

    assert scripts.returncode == 5
    values = json.loads(scripts.stdout)
    assert values["target"] == "live"
    assert [(each["rule"], each["path"]) for each in values["diagnostics"] if each["severity"] == "error"] == [
        ("stored-object-missing", SOUND),
        ("server-file-unreachable", f"{live.bucket.public}/{SOUND}"),
    ]
