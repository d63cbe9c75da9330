"""`podfeed plan`: what a publish would do and what listeners would notice, told before, and nothing is put."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import NOW, ROOT, episode, podfeed, tree
from weed import Bucket

from podfeed import publishing, report
from podfeed.building import release_of
from podfeed.comparing import ShowStatus, status
from podfeed.loading import load
from podfeed.planning import planned
from podfeed.publish.memory import MemoryStore
from podfeed.publish.plan import Plan, ShowPlan
from podfeed.publish.serving import FRESH, blob
from podfeed.publish.store import Answer, Blob, Object, PublicAnswer, Stored
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Run
from podfeed.read.web import Web
from podfeed.testing import tiny_mp3

GOLDENS = ROOT / "tests" / "data" / "plans"
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "json.schema.json").read_text("utf-8"))


class Counting(MemoryStore):
    """A store that knows what it was asked."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.requests: list[str] = []

    def get(self, key: str) -> Object | None:
        self.requests.append(f"get {key}")
        return super().get(key)

    def head(self, key: str) -> Stored | None:
        self.requests.append(f"head {key}")
        return super().head(key)

    def hashed(self, key: str) -> str:
        self.requests.append(f"hashed {key}")
        return super().hashed(key)

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        self.requests.append(f"put {blob.key}")
        return super().put(blob, only_if=only_if, progress=progress)

    def list(self, prefix: str) -> list[str]:
        self.requests.append(f"list {prefix}")
        return super().list(prefix)

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        self.requests.append(f"public {key}")
        return super().public_get(key, first, last)


@dataclass
class House:
    """A project and the store it is published to."""

    folder: Path
    now: datetime = NOW
    store: Counting = field(default_factory=lambda: Counting(lambda: NOW))

    def __post_init__(self) -> None:
        self.store = Counting(lambda: self.now)

    @property
    def run(self) -> Run:
        return Run(now=self.now, web=Web, writer="")

    def plan(self, *, is_first: bool = False) -> Plan:
        """What a publish would do."""
        return planned(load(self.folder), intent=Intent(is_first=is_first), run=self.run)

    def publish(self, *, is_first: bool = False) -> Publication:
        """Publish it."""
        return publishing.publish(load(self.folder), intent=Intent(is_first=is_first), run=self.run)

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, "utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file of the project."""
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))


@pytest.fixture
def house(tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three episodes of a harbour radio, and a store without any."""
    folder = tmp_path / "podcast"
    (folder / "episodes").mkdir(parents=True)
    (folder / "audio").mkdir()
    (folder / "artwork").mkdir()
    shutil.copy(media / "artwork" / "cover.jpg", folder / "artwork" / "cover.jpg")
    house = House(folder)
    house.write("config.yaml", _CONFIG)
    for number, title in enumerate(("Tides", "Waves", "Wind")):
        add(house, title, f"2025-06-0{number + 2} 05:00:00 +0900", seed=number)
    monkeypatch.setattr(publishing, "open_store", lambda target, **ways: house.store)
    return house


_CONFIG = """\
site: https://radio.podfeed.example
actors: {ada: {name: Ada}}
shows:
  radio:
    title: Harbour Radio
    language: en
    description: Two sailors talk.
    author: Ada
    owner: {name: Ada, email: ada@radio.podfeed.example}
    categories: [Technology]
    artwork: artwork/cover.jpg
    explicit: false
    timezone: Asia/Tokyo
targets: {live: {s3: radio}}
"""


def add(house: House, title: str, date: str, *, seed: int) -> None:
    """Give *house* one more episode."""
    name = title.lower().replace(" ", "-")
    tiny_mp3(house.folder / "audio" / f"{name}.mp3", seed=seed, title=title, artist="Ada")
    text = episode(
        title,
        date=date,
        audio=f"/audio/{name}.mp3",
        notes=f"All about {name}.",
        description=f"What {name} do to a harbour.",
        actor_ids="[ada]",
    )
    house.write(f"episodes/{name}.md", text)


@pytest.fixture
def online(house: House) -> House:
    """The same, with all of it online."""
    assert house.publish(is_first=True).exit_code == 0
    house.store.requests.clear()
    return house


def only(plan: Plan) -> ShowPlan:
    """The plan of the only show."""
    (show,) = plan.shows
    return show


# ------------------------------------------------------------------------------------------- the wording


def new_episode(house: House) -> None:
    add(house, "Storm", "2025-07-01 05:00:00 +0900", seed=7)


def many_new_episodes(house: House) -> None:
    for number in range(8):
        add(house, f"Storm {number}", f"2025-07-0{number + 1} 05:00:00 +0900", seed=10 + number)


def edited_notes(house: House) -> None:
    house.replace("episodes/waves.md", "All about waves", "All about waves, and how to sleep on them")


def edited_title(house: House) -> None:
    house.replace("episodes/waves.md", "title: Waves", "title: Great Waves")


def replaced_audio(house: House) -> None:
    tiny_mp3(house.folder / "audio" / "waves.mp3", seconds=12, seed=9, title="Waves", artist="Ada")


def changed_date(house: House) -> None:
    house.replace("episodes/waves.md", "2025-06-03", "2025-06-13")


def renamed_file(house: House) -> None:
    (house.folder / "episodes" / "waves.md").rename(house.folder / "episodes" / "great-waves.md")


def changed_site(house: House) -> None:
    house.replace("config.yaml", "https://radio.podfeed.example", "https://harbour.podfeed.example")


def changed_guid(house: House) -> None:
    house.replace("episodes/waves.md", "title: Waves", "title: Waves\nguid: waves-again")


def removed_episode(house: House) -> None:
    (house.folder / "episodes" / "waves.md").unlink()


def withdrawn_episode(house: House) -> None:
    """As another checkout did, by the line in podfeed.lock."""
    lock = (house.folder / "podfeed.lock").read_text("utf-8")
    line = next(line for line in lock.splitlines() if line.startswith("episode ") and "waves.md" in line)
    house.replace("podfeed.lock", line, line.removesuffix("}") + ', "is_withdrawn": true}')


def changed_show(house: House) -> None:
    house.replace("config.yaml", "Two sailors talk.", "Two sailors talk about the weather.")


def note_on_the_page(house: House) -> None:
    house.replace("episodes/waves.md", "title: Waves", "title: Waves\ninformation: Recorded on a ferry.")


def broken_header(house: House) -> None:
    house.replace("episodes/waves.md", "title: Waves", 'title: "Waves')


def stale_checkout(house: House) -> None:
    kept = (house.folder / "episodes" / "waves.md").read_text("utf-8")
    edited_title(house)
    assert house.publish().exit_code == 0
    house.write("episodes/waves.md", kept)


def checkout_without_the_newest(house: House) -> None:
    new_episode(house)
    assert house.publish().exit_code == 0
    (house.folder / "episodes" / "storm.md").unlink()


def feed_edited_by_hand(house: House) -> None:
    there = house.store.objects["radio/feed.xml"]
    edited = there.data.replace(b"<title>Waves</title>", b"<title>Waves!</title>")
    house.store.put(blob(there.key, edited, there.owner, cache_control=FRESH), only_if=None)


def nothing(house: House) -> None:
    """Everything stays as it is."""


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        new_episode,
        many_new_episodes,
        edited_notes,
        edited_title,
        replaced_audio,
        pytest.param(changed_date, marks=pytest.mark.failure("IN-16")),
        renamed_file,
        changed_site,
        changed_guid,
        removed_episode,
        withdrawn_episode,
        changed_show,
        note_on_the_page,
        broken_header,
        stale_checkout,
        checkout_without_the_newest,
        feed_edited_by_hand,
    ],
)
def test_plan_reads_as_it_was_reviewed(online: House, change: Callable[[House], None]) -> None:
    """What a podcast host reads before a publish; sizes depend on libraries, and are looked at elsewhere."""
    change(online)

    assert told(online.plan()) == golden(change.__name__)


def test_first_plan_reads_as_it_was_reviewed(house: House) -> None:
    """A new show: all of it is new, and a publish that does not say so is refused."""
    assert told(house.plan(is_first=True)) == golden("first")
    assert told(house.plan()) == golden("first_not_said")


def test_plan_over_a_foreign_feed_reads_as_it_was_reviewed(house: House) -> None:
    """The feed of another tool, never adopted: every guid would be another one, and podfeed refuses."""
    foreign(house, items=[("Waves", "https://old.podfeed.example/?p=2"), ("Wind", "https://old.podfeed.example/?p=3")])

    assert told(house.plan(is_first=True)) == golden("foreign_feed")


def foreign(house: House, items: list[tuple[str, str]]) -> None:
    """Put the feed of another tool where the show's is to be, with the same audio."""
    release = release_of(load(house.folder))
    written = "".join(
        f"<item><title>{title}</title><guid>{guid}</guid>"
        f'<enclosure url="{release.url(f"audio/{title.lower()}.mp3")}" length="1" type="audio/mpeg"/></item>'
        for title, guid in items
    )
    feed = f'<rss version="2.0"><channel><title>Harbour Radio</title>{written}</channel></rss>'.encode()
    house.store.put(blob("radio/feed.xml", feed, "", cache_control=FRESH), only_if=None)


def told(plan: Plan) -> str:
    """*plan* as text, its sizes apart."""
    return re.sub(r"\b\d+(\.\d)? (bytes?|[kMG]B)\b", "N kB", report.plan_text(plan))


def golden(name: str) -> str:
    return (GOLDENS / f"{name}.txt").read_text("utf-8")


def test_every_episode_and_file_is_told_when_asked_for(online: House) -> None:
    """In the order they go up: media, pages, what podfeed remembers, and the feed that names all that last."""
    many_new_episodes(online)

    text = report.plan_text(online.plan(), is_full=True).partition("All shows")[0]

    assert all(f"“Storm {number}”" in text for number in range(8))
    keys = re.findall(r"^  (\S+\.\S+) +(?:new|over the old one) ", text, re.MULTILINE)
    stages = [
        0 if key.startswith("audio") else 2 if key.startswith("_podfeed") else 3 if "feed.xml" in key else 1
        for key in keys
    ]
    assert sorted(stages) == stages
    assert stages.count(0) == 8 and stages.count(2) == 2 and stages.count(3) == 1


# ------------------------------------------------------------------------------------------ what is true


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        new_episode,
        edited_notes,
        replaced_audio,
        changed_site,
        withdrawn_episode,
        changed_show,
        note_on_the_page,
    ],
)
def test_publish_does_what_the_plan_says(online: House, change: Callable[[House], None]) -> None:
    """The same files of the same sizes, in as many requests; and then there is nothing left to plan."""
    change(online)

    plan = online.plan()
    online.store.requests.clear()
    publication = online.publish()

    put = {key: size for each in publication.shows if each.done for key, size in each.done.put.items()}
    planned_sizes = {each.key: each.size_bytes for each in plan.files if each.stage != "record"}
    assert {**put, **publication.shared} == planned_sizes
    assert len(online.store.requests) == plan.requests
    assert online.plan().files == ()


def test_first_publish_does_what_the_plan_says(house: House) -> None:
    """Also where everything is new: each request that a first publish takes is counted."""
    plan = house.plan(is_first=True)
    house.store.requests.clear()

    assert house.publish(is_first=True).exit_code == 0
    assert len(house.store.requests) == plan.requests


@pytest.mark.parametrize("change", [new_episode, replaced_audio, changed_site, removed_episode, broken_header])
def test_a_plan_changes_nothing(online: House, change: Callable[[House], None]) -> None:
    """Nothing is put, no probe either; and no file of the project is written but for the cache."""
    change(online)
    before, objects = tree(online.folder), dict(online.store.objects)
    online.store.requests.clear()

    online.plan()

    assert online.store.objects == objects
    assert not [each for each in online.store.requests if each.startswith("put")]
    assert {path for path, data in tree(online.folder).items() if before.get(path) != data} <= {
        path for path in tree(online.folder) if path.startswith(".podfeed/")
    }


def test_no_medium_is_asked_of_the_public_before_it_is_there(online: House) -> None:
    """A cache would remember that it is not."""
    new_episode(online)
    online.store.requests.clear()

    online.plan()

    assert "public audio/storm.mp3" not in online.store.requests


def test_plan_knows_what_an_interrupted_publish_left(online: House) -> None:
    """A medium that is there already does not go up again, and bytes of somebody else under its name are not taken
    for it.
    """
    new_episode(online)
    data = (online.folder / "audio" / "storm.mp3").read_bytes()
    whole = blob(
        "audio/storm.mp3",
        data,
        "a-guid",
        content_type="audio/mpeg",
        cache_control="public, max-age=31536000, immutable",
    )
    online.store.put(whole, only_if=None)
    assert "audio/storm.mp3" not in {each.key for each in online.plan().files}

    online.store.put(blob("audio/storm.mp3", b"other", "a-guid", cache_control=FRESH), only_if=None)
    (medium,) = (each for each in online.plan().files if each.stage == "media")
    assert re.fullmatch(r"audio/storm\.[0-9a-f]{8}\.mp3", medium.key)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(new_episode, (0, 0), id="new"),
        pytest.param(edited_notes, (0, 0), id="notes"),
        pytest.param(renamed_file, (0, 0), id="renamed", marks=pytest.mark.failure("IN-18")),
        pytest.param(replaced_audio, (0, 1), id="audio"),
        pytest.param(changed_date, (1, 0), id="later"),
        pytest.param(changed_guid, (1, 1), id="guid"),
        pytest.param(changed_site, (0, 3), id="site"),
    ],
)
def test_what_apps_do_is_counted(online: House, change: Callable[[House], None], expected: tuple[int, int]) -> None:
    """How many published episodes look new, by guid or a later date; how many are fetched again, by guid or address."""
    change(online)

    show = only(online.plan())

    assert (show.look_new, show.downloaded_again) == expected


def test_an_earlier_date_does_not_look_new(online: House) -> None:
    """Apps announce what is later than what they have."""
    online.replace("episodes/waves.md", "2025-06-03", "2025-05-03")

    assert only(online.plan()).look_new == 0


@pytest.mark.failure("EN-16")
def test_a_change_of_what_nobody_edited_is_warned_of(online: House) -> None:
    """More than a tenth of the episodes whose files are as they were; not one alone, and not what somebody edited."""
    online.replace("config.yaml", "{name: Ada}}", "{name: Ada Lovelace}}")
    assert only(online.plan()).is_suspicious
    assert only(online.plan()).unmeant == ("Wind", "Waves", "Tides")
    online.replace("config.yaml", "{name: Ada Lovelace}}", "{name: Ada}}")

    for name in ("tides", "waves", "wind"):
        online.replace(f"episodes/{name}.md", "All about", "Much about")
    assert len(only(online.plan()).episodes) == 3
    assert not only(online.plan()).is_suspicious


def test_notes_that_no_longer_fit_are_no_change(online: House) -> None:
    """The budget of a feed takes the notes of old episodes away: nobody edited them, and apps keep what they read."""
    online.replace("config.yaml", "    explicit: false", "    explicit: false\n    notes_budget: 1")

    assert only(online.plan()).episodes == ()
    assert only(online.plan()).files != ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(nothing, 0, id="nothing"),
        pytest.param(broken_header, 1, id="errors"),
        pytest.param(removed_episode, 3, id="smaller"),
        pytest.param(stale_checkout, 3, id="older"),
        pytest.param(feed_edited_by_hand, 5, id="edited by hand"),
    ],
)
def test_a_refusal_is_that_of_a_publish(online: House, change: Callable[[House], None], code: int) -> None:
    """The same sentence and the same exit code."""
    change(online)

    plan, publication = online.plan(), online.publish()

    assert plan.exit_code == publication.exit_code == code
    assert str(only(plan).refusal) == str(publication.shows[0].error)


def test_a_plan_of_later_is_what_is_due_then(online: House) -> None:
    """--now: what goes out at that moment, whatever the clock of the store says."""
    add(online, "Reef", "2026-02-01 06:00:00 +0900", seed=8)
    later = Run(now=NOW + timedelta(days=60), web=Web)

    assert only(online.plan()).episodes == ()
    plan = planned(load(online.folder), run=later, is_pretended=True)
    assert [(each.kind, each.title) for each in only(plan).episodes] == [("new", "Reef")]
    assert only(plan).refusal is None


@pytest.mark.failure("EN-8")
def test_a_clock_that_is_wrong_is_told(online: House) -> None:
    """Without --now the moment is meant, and a store that disagrees releases nothing new."""
    new_episode(online)
    ahead = Run(now=NOW + timedelta(hours=1), web=Web)

    plan = planned(load(online.folder), run=ahead)

    assert (plan.exit_code, only(plan).episodes) == (4, ())
    assert "the clock here says" in str(only(plan).refusal)


@pytest.mark.parametrize("change", [nothing, many_new_episodes, changed_guid, changed_site, broken_header])
def test_json_keeps_its_promise(online: House, change: Callable[[House], None]) -> None:
    """What `podfeed plan --format json` prints is what the schema says, and every key is described."""
    change(online)

    values = json.loads(report.plan_json(online.plan()))

    jsonschema.validate(values, {**SCHEMA, "anyOf": [{"$ref": "#/$defs/plan"}]})
    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    section = page.split("## podfeed plan\n")[1].split("\n## ")[0]
    keys = {*values, *values["summary"], *values["shared"], *values["shows"][0]}
    assert {key for key in keys if f"`{key}`" not in section} == set()


# ------------------------------------------------------------------------------------------- at a glance


def stands(house: House) -> ShowStatus:
    """How the only show stands."""
    (show,) = status(load(house.folder), run=house.run).shows
    return show


def test_status_takes_two_requests_a_show(online: House) -> None:
    """The feed and its record; and it puts nothing."""
    stands(online)

    assert [each.split()[0] for each in online.store.requests] == ["get", "get"]


def test_status_compares_what_is_online_with_what_is_here(online: House) -> None:
    """Generation, date and writer; what is new, edited or missing here; what goes out next."""
    new_episode(online)
    edited_notes(online)
    removed = online.folder / "episodes" / "tides.md"
    removed.unlink()
    add(online, "Reef", "2026-02-01 06:00:00 +0900", seed=8)
    add(online, "Ebb", "2026-02-08 06:00:00 +0900", seed=9)

    show = stands(online)
    assert (show.generation, show.committed, show.online, show.here) == (1, NOW, 3, 3)
    assert (show.new, show.edited, show.missing) == (("Storm",), ("Waves",), ("Tides",))
    assert [each.title for each in show.scheduled] == ["Reef", "Ebb"]
    assert report.status_text(status(load(online.folder), run=online.run)) == golden("status")


def test_replaced_audio_counts_as_edited(online: House) -> None:
    """The file of the episode is as it was, and what it sounds like is not."""
    replaced_audio(online)

    assert stands(online).edited == ("Waves",)


def test_status_of_a_new_show_and_of_a_foreign_feed(house: House) -> None:
    """Nothing is online yet, or what is there is somebody else's: then the exit code is that of a publish."""
    assert (stands(house).generation, stands(house).new) == (0, ("Tides", "Waves", "Wind"))

    foreign(house, items=[])
    found = status(load(house.folder), run=house.run)
    assert found.exit_code == 3
    assert "podfeed did not put it there" in report.status_text(found)


def test_json_of_status_is_described(online: House) -> None:
    """Every key of `podfeed status --format json` is on the page."""
    add(online, "Reef", "2026-02-01 06:00:00 +0900", seed=8)
    values = json.loads(report.status_json(status(load(online.folder), run=online.run)))

    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    section = page.split("## podfeed status\n")[1].split("\n## podfeed publish")[0]
    keys = {*values, *values["shows"][0], *values["shows"][0]["scheduled"][0]}
    assert {key for key in keys if f"`{key}`" not in section} == set()


# ------------------------------------------------------------------------------------------- the command


def test_plan_and_status_of_a_bucket(house: House, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a real store: the plan of a first publish puts nothing, --exit-code says whether anything would change,
    and status tells what is online.
    """
    monkeypatch.undo()
    house.replace("config.yaml", "targets: {live: {s3: radio}}", f"targets: {{live: {json.dumps(bucket.target)}}}")

    def run(*words: str) -> tuple[int, str]:
        done = podfeed(house.folder, *words, "--trust-server", bucket.server, env=bucket.environment)
        return done.returncode, done.stdout + done.stderr

    assert run("plan")[0] == 3
    code, planned_first = run("plan", "--first", "--exit-code")
    assert code == 10, planned_first
    assert "Contents" not in bucket.client.list_objects_v2(Bucket=bucket.name)
    assert run("publish", "--first")[0] == 0
    assert run("plan", "--exit-code") == (0, "Harbour Radio (radio): nothing to do, generation 1 is what is here\n")
    edited_title(house)
    assert run("plan", "--exit-code")[0] == 10
    code, stands = run("status")
    assert code == 0
    assert "3 episodes; generation 1 of " in stands
    assert "edited since: “Great Waves”" in stands
