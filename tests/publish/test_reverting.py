"""What was published is taken back by intent alone: withdrawn, reinstated, rolled back, adopted; never by accident."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commands import enclosure, items, podfeed
from serving import served
from weed import Bucket
from writing import weekly

from podfeed.adopting import Adoption, adopted_from
from podfeed.building import built
from podfeed.errors import PodfeedError, StoredError
from podfeed.publish import record as records
from podfeed.publish.record import Record
from podfeed.publish.store import Answer, Blob
from podfeed.publish.wanted import Intent
from podfeed.publish.web_root import FolderStore
from podfeed.publishing import Publication, Run, published
from podfeed.read import lock as locks
from podfeed.read.web import Web
from podfeed.reverting import Past, history, rolled_back
from podfeed.testing import example_project, tiny_mp3
from podfeed.withdrawing import reinstated, withdrawn

FEED = "radio/feed.xml"
TITLES = {name: f"A talk with {name}" for name in "abc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A checkout of the show, on a machine of its own."""

    folder: Path
    #: Where the target of all machines is: the folder, and its address.
    web: Path
    address: str

    def copy(self, name: str) -> Machine:
        """Another machine, with the same checkout."""
        return replace(self, folder=Path(shutil.copytree(self.folder, self.folder.parent / name)))

    @property
    def run(self) -> Run:
        web = Web([self.address.removeprefix("http://")])
        return Run(now=datetime.now(UTC), web=lambda: web, sleep=lambda seconds: None)

    def edit(self, episode: str, old: str, new: str) -> None:
        path = self.folder / episode
        path.write_text(path.read_text().replace(old, new))

    # The commands, as cli.py calls them.

    def publish(self, **means: Any) -> Ended:
        return _ended(lambda: published(self.folder, intent=Intent(**means), run=self.run))

    def withdraw(self, name: str) -> Ended:
        return _ended(lambda: withdrawn(self.folder, name=name, target="", run=self.run))

    def reinstate(self, name: str) -> Ended:
        return _ended(lambda: reinstated(self.folder, name=name, target="", run=self.run))

    def rollback(self, to: str = "", *guids: str) -> Ended:
        return _ended(lambda: rolled_back(self.folder, show="", to=to, withdraws=guids, target="", run=self.run))

    def past(self, most: int = 20) -> Past:
        return history(self.folder, show="", target="", run=self.run, most=most)[0]

    def adopt(self) -> Adoption:
        return adopted_from(self.folder, target="", show="", run=self.run)[0]

    # What is public, and what is remembered.

    @property
    def feed(self) -> bytes:
        return (self.web / FEED).read_bytes()

    @property
    def titles(self) -> list[str]:
        """The titles in the feed, sorted."""
        return sorted(re.findall(r"<item>.*?<title>(.*?)</title>", self.feed.decode(), re.DOTALL))

    @property
    def record(self) -> Record:
        """The record that the feed names."""
        name = records.unsigned(self.feed)[1]
        return records.read((self.web / records.record_key("radio", name)).read_bytes(), name)

    @property
    def lock(self) -> locks.Lock:
        return locks.read((self.folder / locks.PATH).read_text())[0]

    def guid(self, name: str) -> str:
        """The guid of “A talk with” *name*."""
        entries = self.lock.episodes.values()
        return next(entry.guid.text for entry in entries if entry.path == f"episodes/{'abc'.index(name) + 1}.md")


def _ended(command: Callable[[], Publication | tuple[str, Publication | None]]) -> Ended:
    try:
        result = command()
    except PodfeedError as error:
        return Ended(code=error.exit_code, said=str(error))
    sentence, publication = result if isinstance(result, tuple) else ("", result)
    if publication is None:
        return Ended(code=0, said=sentence)
    errors = [str(error) for error in (publication.error, *(each.error for each in publication.shows)) if error]
    return Ended(code=publication.exit_code, said="\n".join([*errors, *publication.warnings, sentence]).strip())


def _project(folder: Path, address: str, target: Mapping[str, object]) -> Path:
    config = {"site": address, "targets": json.dumps({"live": target})}
    project = example_project(folder, config=config, files=weekly({}, {}, {}))
    for seed, name in enumerate(TITLES, 1):
        tiny_mp3(project / f"audio/with-{name}.mp3", seed=seed)
    return project


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout and its web root after the first publish. They move: nothing in them may name their place."""
    base = tmp_path_factory.mktemp("first")
    (base / "web").mkdir()
    with served(base / "web") as address:
        folder = _project(base / "one", address, {"folder": "../web", "public": address})
        machine = Machine(folder=folder, web=base / "web", address=address)
        assert machine.publish(is_first=True).code == 0
    (base / "address").write_text(address)
    return base


@pytest.fixture
def one(first: Path, tmp_path: Path) -> Iterator[Machine]:
    """A machine that published three episodes."""
    place = Path(shutil.copytree(first, tmp_path / "place"))
    with served(place / "web") as address:
        old = (first / "address").read_text()
        config = place / "one/config.yaml"
        # The site keeps its address; it is only asked somewhere else.
        config.write_text(config.read_text().replace(f'"public": "{old}"', f'"public": "{address}"'))
        yield Machine(folder=place / "one", web=place / "web", address=address)


# ------------------------------------------------------------------------------ withdraw, and reinstate


def test_a_withdrawn_episode_leaves_feed_and_pages(one: Machine) -> None:
    """Its media stay for apps that have an older feed; its page says no more than that it was withdrawn."""
    guid = one.guid("b")

    ended = one.withdraw("episodes/2.md")

    page = (one.web / "radio/2/index.html").read_text()
    assert ended == Ended(code=0, said="“episodes/2.md” is withdrawn from “radio”, and stays out; commit podfeed.lock")
    assert one.titles == [TITLES["a"], TITLES["c"]]
    assert [(item.guid.text, item.title) for item in one.record.withdrawn] == [(guid, TITLES["b"])]
    assert (one.web / "audio/with-b.mp3").exists()
    assert "This episode was withdrawn." in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="../../radio/"' in page
    assert TITLES["b"] not in page
    assert TITLES["b"] not in (one.web / "radio/index.html").read_text()
    assert one.publish() == Ended(code=0, said="")


def test_the_page_becomes_a_note_also_when_the_file_is_gone(one: Machine) -> None:
    """The record knows where the page was."""
    guid = one.guid("b")
    (one.folder / "episodes/2.md").unlink()

    assert one.withdraw(guid).code == 0
    assert "was withdrawn" in (one.web / "radio/2/index.html").read_text()


def test_a_built_site_has_the_same_note(one: Machine) -> None:
    """A folder that is built, and a target, have the same pages; a new episode may take the place of an old one."""
    one.withdraw("episodes/2.md")
    page = (one.web / "radio/2/index.html").read_bytes()
    (one.folder / "episodes/2.md").unlink()

    built(one.folder, out=one.folder / "public", now=datetime.now(UTC))
    assert (one.folder / "public/radio/2/index.html").read_bytes() == page

    (one.folder / "episodes/2.md").write_text(weekly({}, {}, {}, {"guid": "a-new-one"})["episodes/4.md"])
    tiny_mp3(one.folder / "audio/with-d.mp3", seed=4)
    built(one.folder, out=one.folder / "public", now=datetime.now(UTC))
    assert "A talk with d" in (one.folder / "public/radio/2/index.html").read_text()


@pytest.mark.failure("EN-5")
def test_another_machine_does_not_bring_it_back(one: Machine) -> None:
    """It is told once, by a machine whose podfeed.lock is older; then its runs are silent again."""
    two = one.copy("two")
    one.withdraw("episodes/2.md")

    ended = two.publish()

    assert ended == Ended(
        code=0,
        said=f"“{TITLES['b']}” of “radio” was withdrawn on another machine, and stays out; commit podfeed.lock",
    )
    assert two.titles == [TITLES["a"], TITLES["c"]]
    assert two.lock.episodes["radio", two.guid("b")].is_withdrawn
    assert two.publish() == Ended(code=0, said="")


def test_an_episode_that_only_the_target_knows_can_be_withdrawn(one: Machine) -> None:
    """A checkout whose podfeed.lock is lost still finds what is public."""
    guid = one.guid("b")
    (one.folder / locks.PATH).unlink()

    assert one.withdraw(guid).code == 0
    assert one.titles == [TITLES["a"], TITLES["c"]]


def test_an_episode_comes_back_as_what_it_was(one: Machine) -> None:
    """With its guid and its page; and no older podfeed.lock withdraws it again."""
    before = one.feed
    one.withdraw("episodes/2.md")
    two = one.copy("two")

    ended = one.reinstate("episodes/2.md")

    assert ended == Ended(code=0, said="“episodes/2.md” is back in “radio”; commit podfeed.lock")
    assert records.unsigned(one.feed)[0] == records.unsigned(before)[0]
    assert TITLES["b"] in (one.web / "radio/2/index.html").read_text()
    assert two.publish() == Ended(code=0, said="")
    assert two.titles == sorted(TITLES.values())
    assert not two.lock.episodes["radio", two.guid("b")].is_withdrawn
    assert one.record.withdrawn == ()


def test_what_came_back_can_be_withdrawn_again(one: Machine) -> None:
    """The newest word holds, on a machine that knows of none of it too."""
    two = one.copy("two")
    for _ in range(2):
        assert one.withdraw("episodes/2.md").code == 0
        assert one.reinstate("episodes/2.md").code == 0
    assert one.withdraw("episodes/2.md").code == 0

    assert two.publish().code == 0
    assert two.titles == [TITLES["a"], TITLES["c"]]


def test_a_second_target_does_not_undo_what_the_first_knows(one: Machine) -> None:
    """A target that still has the tombstone is brought up to date, and takes the episode out of no other."""
    (one.web.parent / "other").mkdir()
    other = replace(one, web=one.web.parent / "other")
    config = one.folder / "config.yaml"
    both = config.read_text().replace("../web", "../other").replace('"live"', '"other"')
    with served(other.web) as address:
        live, spare = config.read_text(), re.sub(r'"public": "[^"]*"', f'"public": "{address}"', both)
        one.withdraw("episodes/2.md")
        config.write_text(spare)
        other = replace(other, address=address)
        assert other.publish().code == 0
        config.write_text(live)
        assert one.reinstate("episodes/2.md").code == 0
        config.write_text(spare)
        assert other.publish().code == 0
        assert other.titles == sorted(TITLES.values())
    config.write_text(live)
    assert one.publish() == Ended(code=0, said="")
    assert one.titles == sorted(TITLES.values())


def test_what_is_not_here_cannot_come_back(one: Machine) -> None:
    """Nothing changes before its file is there again."""
    guid = one.guid("b")
    one.withdraw("episodes/2.md")
    file = (one.folder / "episodes/2.md").read_bytes()
    (one.folder / "episodes/2.md").unlink()
    before = (one.feed, one.lock)

    assert one.reinstate(guid) == Ended(
        code=2, said=f"no file here is “{guid}” of “radio”, or it is a draft: bring it back first"
    )
    assert (one.feed, one.lock) == before

    (one.folder / "episodes/2.md").write_bytes(file)
    assert one.reinstate(guid).code == 0


def test_twice_is_as_good_as_once(one: Machine) -> None:
    """Whoever repeats a command is told so, and nothing is put."""
    assert one.reinstate("episodes/2.md").said == "“episodes/2.md” is not withdrawn from “radio”; nothing changed"
    one.withdraw("episodes/2.md")
    before = one.feed

    assert one.withdraw("episodes/2.md").said == "“episodes/2.md” was withdrawn from “radio” before; nothing changed"
    assert one.feed == before
    assert one.withdraw("episodes/9.md") == Ended(
        code=2, said="nothing is published as “episodes/9.md”: give the episode's file or its guid"
    )


class Killed(Exception):
    """The run ended here, without another word."""


@pytest.fixture
def kill_before(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets the next run end before its nth put."""
    put = FolderStore.put

    def at(number: int) -> None:
        left = iter(range(number - 1, -1, -1))

        def stopped(self: FolderStore, blob: Blob, **condition: Any) -> Answer:
            if next(left, -1) == 0:
                raise Killed
            return put(self, blob, **condition)

        monkeypatch.setattr(FolderStore, "put", stopped)

    return at


@pytest.mark.failure("EN-3")
@pytest.mark.parametrize("number", range(1, 12))
def test_a_withdrawal_that_is_killed_is_finished_by_the_next_publish(
    one: Machine, kill_before: Callable[[int], None], number: int
) -> None:
    """podfeed.lock has it before anything is put: nothing is lost, wherever the run ends. It makes ten puts."""
    kill_before(number)
    was_killed = False
    try:
        one.withdraw("episodes/2.md")
    except Killed:
        was_killed = True

    assert was_killed == (number <= 10)
    assert one.publish().code == 0
    assert one.titles == [TITLES["a"], TITLES["c"]]
    assert "was withdrawn" in (one.web / "radio/2/index.html").read_text()


@pytest.mark.parametrize("number", range(1, 12))
def test_a_reinstatement_that_is_killed_is_finished_by_the_next_publish(
    one: Machine, kill_before: Callable[[int], None], number: int
) -> None:
    """As a withdrawal is."""
    one.withdraw("episodes/2.md")
    kill_before(number)
    was_killed = False
    try:
        one.reinstate("episodes/2.md")
    except Killed:
        was_killed = True

    assert was_killed == (number <= 10)
    assert one.publish().code == 0
    assert one.titles == sorted(TITLES.values())


def test_a_withdrawal_without_its_target_is_kept_for_the_next_publish(one: Machine) -> None:
    """It is told that nothing went out, and why."""
    away = one.web.rename(one.web.parent / "away")

    ended = one.withdraw("episodes/2.md")

    assert ended.code == 6
    assert ended.said.endswith("podfeed.lock has it: “episodes/2.md” leaves “radio” with the next publish")
    away.rename(one.web)
    assert one.publish().code == 0
    assert one.titles == [TITLES["a"], TITLES["c"]]


# ----------------------------------------------------------------------------------------- other states


@pytest.mark.failure("EN-5")
def test_a_stale_checkout_is_refused(one: Machine) -> None:
    """It lacks an episode that is public: it must not take that away."""
    two = one.copy("two")
    (two.folder / "episodes/3.md").unlink()
    (two.folder / locks.PATH).unlink()

    assert two.publish() == Ended(
        code=3,
        said="“A talk with c” of “radio” is published, and not in this checkout: is it an old one? Bring it up to"
        " date, or run “podfeed withdraw”",
    )
    assert one.titles == sorted(TITLES.values())


def test_an_older_edit_is_refused(one: Machine) -> None:
    """What was replaced comes back only when it is meant."""
    two = one.copy("two")
    one.edit("episodes/2.md", "has to say", "had to say")
    assert one.publish().code == 0

    assert two.publish() == Ended(
        code=3,
        said="“A talk with b”: what is here was published before, and replaced since: is this an old checkout, or an"
        " older podfeed? Bring it up to date, or say --revert to publish the older state",
    )
    assert two.publish(reverts=True).code == 0
    assert b"had to say" not in one.feed
    assert one.publish().code == 3


@pytest.mark.failure("EN-6")
def test_a_publisher_that_slept_finds_itself_superseded(one: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its commit was public, and another came after it: all is well, and nothing goes back."""
    two = one.copy("two")
    one.edit("episodes/1.md", "has to say", "had to say")
    two.edit("episodes/1.md", "has to say", "had to say")
    two.edit("episodes/2.md", "has to say", "had to say")
    put = FolderStore.put

    def sleeping(self: FolderStore, blob: Blob, **condition: Any) -> Answer:
        answer = put(self, blob, **condition)
        if blob.key == FEED:
            monkeypatch.undo()
            assert two.publish().code == 0
        return answer

    monkeypatch.setattr(FolderStore, "put", sleeping)

    assert one.publish() == Ended(code=0, said="")
    assert one.record.generation == 3
    assert one.feed.count(b"had to say") == two.feed.count(b"had to say") > 1


@pytest.mark.failure("EN-6")
def test_a_publisher_that_slept_before_its_commit_does_not_go_back(
    one: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed it read is not there any more: its commit fails, and what it has is older now."""
    two = one.copy("two")
    one.edit("episodes/1.md", "has to say", "had to say")
    two.edit("episodes/1.md", "has to say", "had to say")
    put = FolderStore.put

    def sleeping(self: FolderStore, blob: Blob, **condition: Any) -> Answer:
        if blob.key == FEED:
            monkeypatch.undo()
            assert two.publish().code == 0
            two.edit("episodes/1.md", "had to say", "will say")
            assert two.publish().code == 0
        return put(self, blob, **condition)

    monkeypatch.setattr(FolderStore, "put", sleeping)

    assert one.publish().code == 3
    assert b"will say" in one.feed


@pytest.mark.failure("OS-13")
@pytest.mark.parametrize("command", ["publish", "withdraw", "rollback", "adopt"])
def test_the_place_of_another_show_is_refused(one: Machine, command: str) -> None:
    """Nothing of the other show gets into podfeed.lock, and nothing of this one there."""
    two = one.copy("two")
    lock = two.folder / locks.PATH
    lock.write_text(
        re.sub(r'(show \{.*"guid": )"[^"]*"', r'\1"917393e3-1b1e-5cef-ace4-edaa54e1f810"', lock.read_text())
    )
    before = (one.feed, sorted(one.web.rglob("*")))
    commands: dict[str, Callable[[], Ended]] = {
        "publish": two.publish,
        "withdraw": lambda: two.withdraw("episodes/2.md"),
        "rollback": two.rollback,
        "adopt": lambda: _ended(lambda: (str(two.adopt()), None)),
    }

    ended = commands[command]()

    guid = one.record.show
    assert ended.code == 6
    assert f"(podcast:guid {guid}, here 917393e3-1b1e-5cef-ace4-edaa54e1f810)" in ended.said
    assert (one.feed, sorted(one.web.rglob("*"))) == before
    assert guid not in [show.guid for show in two.lock.shows.values()]


@pytest.mark.failure("EN-15")
@pytest.mark.parametrize("command", ["publish", "withdraw", "rollback", "history", "adopt"])
def test_what_a_newer_podfeed_recorded_is_left_alone(one: Machine, command: str) -> None:
    """Refused before anything is put, by every command."""
    feed = records.unsigned(one.feed)[0]
    values = json.loads(records.write(one.record))
    data = json.dumps({**values, "schema": records.SCHEMA + 1, "invented": "later"}).encode()
    name = records.name_of(2, data)
    (one.web / records.record_key("radio", name)).write_bytes(data)
    (one.web / FEED).write_bytes(records.signed(feed, name))
    before = {path: path.read_bytes() for path in one.web.rglob("*") if path.is_file()}
    commands: dict[str, Callable[[], Ended]] = {
        "publish": one.publish,
        "withdraw": lambda: one.withdraw("episodes/2.md"),
        "rollback": lambda: one.rollback("1"),
        "history": lambda: _ended(lambda: (str(one.past()), None)),
        "adopt": lambda: _ended(lambda: (str(one.adopt()), None)),
    }

    ended = commands[command]()

    message = f"the last publish was by a newer podfeed (records of format {records.SCHEMA + 1}): install that one here"
    assert ended.code == 3
    assert message in ended.said
    assert {path: path.read_bytes() for path in one.web.rglob("*") if path.is_file()} == before


@pytest.mark.failure("EN-15")
@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "records").glob("*.json")), ids=lambda path: path.stem)
def test_every_past_record_can_be_read(path: Path) -> None:
    """A file for each format there ever was. That of today's is written as it was: a change needs a new format."""
    schema, _, name = path.stem.partition("-")
    data = path.read_bytes()

    record = records.read(data, name)

    assert [item.title for item in record.items] == ["Tides"]
    assert [item.reinstated for item in record.withdrawn] == [1]
    if int(schema) == records.SCHEMA:
        assert records.write(record) == data


@pytest.mark.failure("OS-20")
@pytest.mark.parametrize(
    "feed", [b"", b"<!DOCTYPE rss [<!ENTITY a 'aa'>]><rss><channel/></rss>"], ids=["empty", "bomb"]
)
def test_what_is_no_feed_is_not_replaced(one: Machine, feed: bytes) -> None:
    """Nobody can say whose episodes would vanish with it; to say --first again is no way out."""
    (one.web / FEED).write_bytes(feed)

    ended = one.publish(is_first=True)

    assert ended.code == 3
    assert "it is no feed that podfeed can read; move it away" in ended.said
    assert one.feed == feed


_UP = "../up.html"


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param({"feed_key": "/etc/feed.xml"}, id="feed"),
        pytest.param({"former_keys": ["radio/feed.xml", "radio/../../feed.xml"]}, id="feed before it moved"),
        pytest.param({"pages": {_UP: "ab"}}, id="page"),
        pytest.param({"media": {"..\\up.mp3": {}}}, id="medium"),
        pytest.param({"items": {"media": "/etc/up.mp3"}}, id="medium of an episode"),
        pytest.param({"withdrawn": {"page": _UP}}, id="page of a withdrawn episode"),
        pytest.param({"items": {"former_pages": [_UP]}}, id="page before it moved"),
        pytest.param(
            {"feeds": [{"name": "opus", "guid": "g", "feed_url": "https://a.example/../a"}]}, id="further feed"
        ),
        pytest.param({"feeds": [{"name": "opus", "guid": "g", "feed_url": "https://a.example//a"}]}, id="at the root"),
        pytest.param({"parent": "1-../../up"}, id="record before"),
        pytest.param({"parent": "9" * 5000 + "-0123456789abcdef"}, id="number without end"),
    ],
)
def test_record_that_leads_elsewhere_is_not_read(planted: dict[str, Any]) -> None:
    """Who can write into a bucket plants one: it makes no machine write beside its folder."""
    values = json.loads(next((Path(__file__).parent / "records").glob("*.json")).read_text())
    for name in ("items", "withdrawn"):
        values[name] = [{**each, **planted.get(name, {})} for each in values[name]]
    data = json.dumps(
        {**values, **{name: value for name, value in planted.items() if name not in ("items", "withdrawn")}}
    )

    with pytest.raises(StoredError, match="cannot be read"):
        records.read(data.encode(), records.name_of(1, data.encode()))


# -------------------------------------------------------------------------------------------- roll back


def _edited(machine: Machine) -> Machine:
    """*machine* after a second generation that was a mistake."""
    machine.edit("episodes/2.md", "has to say", "wrongly says")
    assert machine.publish().code == 0
    return machine


def test_a_rollback_is_a_new_generation(one: Machine) -> None:
    """With the feed as it was, but for its last line, and everything newer remembered as replaced."""
    before = one.feed
    _edited(one)
    newer = one.record.by_guid[one.guid("b")].digest

    ended = one.rollback("1")

    assert ended.code == 0
    assert ended.said.startswith("“radio” is as it was in generation 1. Pages and further feeds follow")
    assert records.unsigned(one.feed)[0] == records.unsigned(before)[0]
    assert (one.record.generation, one.record.restores) == (3, 1)
    assert newer in one.record.by_guid[one.guid("b")].earlier
    assert one.rollback("1") == Ended(code=0, said="“radio” is as it was in generation 1; nothing changed")


def test_after_a_rollback_a_newer_source_waits(one: Machine) -> None:
    """Until it is mended, which brings up its pages too; or until it is meant."""
    two = one.copy("two")
    _edited(one)
    assert one.rollback("1").code == 0

    refused = one.publish()
    assert refused == Ended(
        code=3,
        said="“radio” was rolled back to generation 1, and “A talk with b” is here as it was before that: mend it here,"
        " or say --revert to publish it again",
    )
    assert "wrongly" in (one.web / "radio/2/index.html").read_text()

    assert two.publish().code == 0
    assert "wrongly" not in (one.web / "radio/2/index.html").read_text()
    assert one.publish().code == 3
    assert one.publish(reverts=True).code == 0
    assert b"wrongly" in one.feed


def test_nothing_vanishes_by_a_rollback_unless_it_is_named(one: Machine) -> None:
    """The command that would do it is printed, and works; the page of what leaves becomes a note at once."""
    (one.folder / "episodes/4.md").write_text(weekly({}, {}, {}, {"guid": "it's new"})["episodes/4.md"])
    tiny_mp3(one.folder / "audio/with-d.mp3", seed=4)
    assert one.publish().code == 0

    refused = one.rollback("1")

    command = "podfeed rollback --show radio --to 1 --withdraw 'it'\"'\"'s new'"
    assert refused == Ended(
        code=3,
        said=f"“A talk with d” came after generation 1, and would vanish; to withdraw what came since, run “{command}”",
    )
    assert one.rollback("1", "nobody") == Ended(
        code=2, said="“nobody” is no guid of an episode that came after generation 1"
    )
    assert one.rollback("1", shlex.split(command)[-1]).code == 0
    assert one.titles == sorted(TITLES.values())
    assert [item.guid.text for item in one.record.withdrawn] == ["it's new"]
    assert "was withdrawn" in (one.web / "radio/4/index.html").read_text()
    assert one.publish() == Ended(code=0, said="")
    assert one.rollback("1", shlex.split(command)[-1]).said.endswith("nothing changed")


def test_what_was_withdrawn_since_does_not_come_back_by_a_rollback(one: Machine) -> None:
    """It is reinstated first, and by its own command."""
    one.withdraw("episodes/2.md")
    guid = one.guid("b")

    assert one.rollback("1") == Ended(
        code=3,
        said=f"“A talk with b” of generation 1 was withdrawn since: run “podfeed reinstate {guid}” first",
    )
    assert one.reinstate(guid).code == 0
    assert one.rollback("1").code == 0


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        pytest.param(
            "audio/with-b.mp3",
            None,
            "generation 1 names “audio/with-b.mp3”, and that is not there as it was; choose another generation",
            id="a medium is gone",
        ),
        pytest.param(
            "audio/with-b.mp3",
            b"other bytes",
            "generation 1 names “audio/with-b.mp3”, and that is not there as it was; choose another generation",
            id="a medium is another",
        ),
        pytest.param(
            "artwork/cover-*-1400.jpg",
            None,
            "generation 1 names “{key}”, and that is not there as it was; choose another generation",
            id="the cover is gone",
        ),
        pytest.param(
            "_podfeed/radio/{name}.xml",
            b"<rss/>",
            "the feed of generation 1 is not kept as it was; choose another generation",
            id="the feed is another",
        ),
    ],
)
def test_a_rollback_names_nothing_that_is_not_there(one: Machine, path: str, data: bytes | None, said: str) -> None:
    """All that the old feed names is asked for, before anything is put."""
    place = next(one.web.glob(path.format(name=records.unsigned(one.feed)[1])))
    _edited(one)
    before = one.feed
    place.unlink()
    if data is not None:
        place.write_bytes(data)

    key = place.relative_to(one.web).as_posix()
    assert one.rollback("1") == Ended(code=5, said=said.format(key=key))
    assert one.feed == before


def test_a_rollback_wants_to_know_how_far(one: Machine) -> None:
    """Where the feed is whole, it says so; and a generation must have been public."""
    assert one.rollback() == Ended(
        code=2,
        said="the feed of “radio” is as podfeed put it there; say with --to which generation to go back to, “podfeed"
        " history” lists them",
    )
    assert one.rollback("7") == Ended(code=2, said="there is no generation 7 of “radio”; “podfeed history” lists them")
    for path in (one.web / "radio/feed.xml", *(one.web / "_podfeed/radio").iterdir()):
        path.unlink()
    assert one.rollback() == Ended(code=3, said="“radio” was never published here: there is nothing to go back to")


def _gone(feed: Path) -> None:
    feed.unlink()


def _edited_by_hand(feed: Path) -> None:
    feed.write_bytes(feed.read_bytes().replace(b"A talk", b"A tale"))


def _replaced(feed: Path) -> None:
    feed.write_bytes(b'<rss version="2.0"><channel><title>Other</title></channel></rss>')


@pytest.mark.failure("OS-20")
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(_gone, 5, id="taken away"),
        pytest.param(_edited_by_hand, 5, id="edited by hand"),
        pytest.param(_replaced, 3, id="replaced"),
    ],
)
def test_a_feed_that_somebody_spoilt_is_put_back(one: Machine, spoil: Callable[[Path], None], code: int) -> None:
    """No publish goes over it; a rollback does, with all that was withdrawn still known."""
    one.withdraw("episodes/2.md")
    before = one.feed
    spoil(one.web / FEED)

    refused = one.publish()
    assert (refused.code, "podfeed rollback" in refused.said) == (code, True)
    assert not one.past().is_whole
    assert one.rollback() == Ended(code=0, said="the feed of “radio” is back, as it was in generation 2")
    assert records.unsigned(one.feed)[0] == records.unsigned(before)[0]
    assert (one.record.generation, len(one.record.withdrawn)) == (3, 1)
    assert one.publish() == Ended(code=0, said="")
    assert one.past().is_whole


def test_which_of_two_last_records_was_public_is_not_guessed(one: Machine) -> None:
    """Whoever lost a race left a record too, without what the winner withdrew: somebody has to say which to go by."""
    one.withdraw("episodes/2.md")
    won = one.record
    lost = replace(won, withdrawn=(), writer="other")
    (one.web / records.record_key("radio", lost.name)).write_bytes(records.write(lost))
    (one.web / FEED).unlink()

    refused = one.rollback()
    assert (refused.code, won.name in refused.said, lost.name in refused.said) == (3, True, True)
    assert not (one.web / FEED).exists()
    assert one.rollback(won.name).code == 0
    assert (one.record.generation, len(one.record.withdrawn)) == (3, 1)


def test_a_lost_answer_does_not_count_as_a_feed_that_is_back(one: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record that a rollback puts before its feed is no proof that the feed is there."""
    (one.web / FEED).unlink()
    put, lost = FolderStore.put, iter([True])

    def forgetful(self: FolderStore, blob: Blob, **condition: Any) -> Answer:
        if blob.key == FEED and next(lost, False):
            return Answer(outcome="unclear")
        return put(self, blob, **condition)

    monkeypatch.setattr(FolderStore, "put", forgetful)

    assert one.rollback().code == 0
    assert one.titles == sorted(TITLES.values())


# -------------------------------------------------------------------------------------------- look back


def test_history_tells_what_each_generation_changed(one: Machine) -> None:
    """The newest first: by kind, with the titles as they were."""
    one.withdraw("episodes/2.md")
    one.reinstate("episodes/2.md")
    _edited(one)
    one.edit("config.yaml", "Two sailors talk.", "Three sailors talk.")
    one.publish()
    one.rollback("3")

    past = one.past()

    told = [
        (
            each.record.generation,
            each.record.restores,
            each.has_other_channel,
            [(turn.kind, turn.title) for turn in each.turns],
        )
        for each in past.generations
    ]
    new = [("new", TITLES[name]) for name in "cba"]
    assert told == [
        (6, 3, True, [("edited", TITLES["b"])]),
        (5, 0, True, []),
        (4, 0, False, [("edited", TITLES["b"])]),
        (3, 0, False, [("reinstated", TITLES["b"])]),
        (2, 0, False, [("withdrawn", TITLES["b"])]),
        (1, 0, False, new),
    ]
    assert one.past(most=2).generations == past.generations[:2]


# ------------------------------------------------------------------------------------------------ adopt


def test_a_lost_lock_is_rebuilt_from_what_is_public(one: Machine) -> None:
    """Guids, dates and tombstones as they were, although files have other names now: nothing is guessed."""
    one.withdraw("episodes/2.md")
    before = one.lock
    (one.folder / locks.PATH).unlink()
    (one.folder / "episodes/1.md").rename(one.folder / "episodes/first.md")

    adoption = one.adopt()

    # An episode that is not in the feed is known by its audio again.
    paths = {"episodes/1.md": "episodes/first.md", "episodes/2.md": ""}
    expected = {key: replace(each, path=paths.get(each.path, each.path)) for key, each in before.episodes.items()}
    assert one.lock.episodes == expected
    assert one.lock.shows == before.shows
    assert (adoption.new, adoption.troubled) == ({}, ())
    assert one.publish() == Ended(code=0, said="")


@pytest.mark.failure("OS-13")
def test_a_feed_of_somebody_else_is_adopted_where_it_lies(one: Machine) -> None:
    """Refused at first; adopted, its guids go on; nothing of it is lost by accident."""
    guids = iter(("old-c", "old-b", "old-a"))
    feed = records.unsigned(one.feed)[0]
    theirs = re.sub(rb"(<guid[^>]*>)[^<]*", lambda found: found[1] + next(guids).encode(), feed)
    (one.web / FEED).write_bytes(theirs)
    shutil.rmtree(one.web / "_podfeed/radio")
    (one.folder / locks.PATH).unlink()

    refused = one.publish()
    assert (refused.code, (one.web / FEED).read_bytes()) == (3, theirs)
    adoption = one.adopt()
    assert sorted(line.guid.text for line in adoption.lines) == ["old-a", "old-b", "old-c"]
    assert one.publish().code == 3
    assert one.publish(is_first=True).code == 0
    assert sorted(one.record.by_guid) == ["old-a", "old-b", "old-c"]


def test_where_nothing_is_nothing_is_adopted(one: Machine) -> None:
    """An empty place tells nothing, and podfeed.lock stays."""
    shutil.rmtree(one.web)
    one.web.mkdir()
    before = one.lock

    assert _ended(lambda: (str(one.adopt()), None)) == Ended(code=2, said="there is no feed of radio at “live”")
    assert one.lock == before


# --------------------------------------------------------------------------------- in a bucket, for real


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody at a terminal, on a machine of their own."""

    folder: Path
    bucket: Bucket

    def types(self, *words: str) -> Ended:
        """`podfeed WORDS`, and how it ended."""
        trust = ("--trust-server", self.bucket.server)
        done = podfeed(self.folder, *words, *trust, env=self.bucket.environment)
        return Ended(code=done.returncode, said=done.stdout + done.stderr)

    def edit(self, episode: str, old: str, new: str) -> None:
        path = self.folder / episode
        path.write_text(path.read_text().replace(old, new))

    @property
    def titles(self) -> list[str]:
        feed = self.bucket.read(FEED)
        return sorted(re.findall(r"<item>.*?<title>(.*?)</title>", feed.decode(), re.DOTALL))


@pytest.fixture
def owner(bucket: Bucket, tmp_path: Path) -> Owner:
    """Somebody who published three episodes to a bucket."""
    one = Owner(folder=_project(tmp_path / "one", bucket.public, bucket.target), bucket=bucket)
    assert one.types("publish", "--first").code == 0
    return one


@pytest.mark.failure("EN-5")
def test_two_machines_on_one_bucket(owner: Owner, tmp_path: Path) -> None:
    """An old checkout, an older edit and an old podfeed.lock change nothing; and what to do is said."""
    other = replace(owner, folder=Path(shutil.copytree(owner.folder, tmp_path / "two")))
    stale = replace(owner, folder=Path(shutil.copytree(owner.folder, tmp_path / "three")))
    (stale.folder / "episodes/3.md").unlink()
    (stale.folder / locks.PATH).unlink()

    refused = stale.types("publish")
    assert (refused.code, "Bring it up to date, or run “podfeed withdraw”" in refused.said) == (3, True)

    assert owner.types("withdraw", "episodes/2.md").code == 0
    cron = other.types("publish")
    assert (cron.code, "was withdrawn on another machine" in cron.said) == (0, True)
    assert other.types("publish") == Ended(code=0, said="")
    assert other.titles == [TITLES["a"], TITLES["c"]]
    assert other.types("reinstate", "episodes/2.md").code == 0
    assert owner.types("publish").code == 0
    assert owner.titles == sorted(TITLES.values())

    owner.edit("episodes/1.md", "has to say", "had to say")
    assert owner.types("publish").code == 0
    refused = other.types("publish")
    assert (refused.code, "say --revert to publish the older state" in refused.said) == (3, True)


@pytest.mark.failure("CO-1")
@pytest.mark.failure("OS-20")
def test_a_rollback_in_a_bucket(owner: Owner) -> None:
    """A new generation each time; and whatever feed an app may still have, all it names is there."""
    owner.edit("episodes/2.md", "has to say", "wrongly says")
    (owner.folder / "audio/with-b.mp3").unlink()
    tiny_mp3(owner.folder / "audio/with-b.mp3", seed=9)
    assert owner.types("publish").code == 0

    assert owner.types("rollback", "--to", "1").code == 0
    refused = owner.types("publish")
    assert (refused.code, "was rolled back to generation 1" in refused.said) == (3, True)
    assert owner.types("publish", "--revert").code == 0

    owner.bucket.client.delete_object(Bucket=owner.bucket.name, Key=FEED)
    assert owner.types("publish").code == 5
    assert owner.types("rollback").code == 0
    edited = owner.bucket.read(FEED).replace(b"wrongly", b"badly")
    owner.bucket.client.put_object(Bucket=owner.bucket.name, Key=FEED, Body=edited)
    assert owner.types("publish").code == 5
    assert owner.types("rollback").code == 0
    assert owner.types("publish") == Ended(code=0, said="")

    told = json.loads(owner.types("history", "--format", "json").said)
    numbers = [(each["generation"], each["rolled_back_to"]) for each in told["shows"][0]["generations"]]
    assert numbers == [(6, 5), (5, 4), (4, None), (3, 1), (2, None), (1, None)]
    feeds = [owner.bucket.read(key) for key in owner.bucket.all_keys() if key.endswith(".xml")]
    urls = {enclosure(item) for feed in feeds for item in items(feed).values()}
    keys = {url.removeprefix(f"{owner.bucket.public}/") for url in urls}
    assert len(keys) == 4
    assert keys <= {*owner.bucket.all_keys()}


@pytest.mark.failure("OS-13")
def test_a_bucket_that_is_not_there(owner: Owner) -> None:
    """A slip in its name is told, and podfeed.lock keeps what it had."""
    owner.edit("config.yaml", f'"s3": "{owner.bucket.name}"', '"s3": "no-such-bucket"')
    before = (owner.folder / locks.PATH).read_bytes()

    refused = owner.types("publish")

    assert (refused.code, "no-such-bucket" in refused.said) == (6, True)
    assert (owner.folder / locks.PATH).read_bytes() == before
