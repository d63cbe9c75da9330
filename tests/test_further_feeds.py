"""Feeds beside the shows' own, as they are built: further formats, an archive, one of all shows, and their list."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import feedparser
import pytest
from commands import (
    ATOM,
    ITUNES,
    NOW,
    PODCAST,
    build,
    enclosure,
    environment,
    episode,
    guid,
    items,
    podfeed,
    stamps,
    tree,
)
from lxml import etree

from podfeed.building import build as files_of
from podfeed.checking import check
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_jpeg, tiny_mp3, tiny_wav

SITE = "https://radio.podfeed.example"
_CHANNEL = {name: EXAMPLE_SHOW[name] for name in ("language", "author", "owner", "categories", "explicit")}
NETWORK = {
    **_CHANNEL,
    "title": "Harbour",
    "description": "All shows.",
    "artwork": "artwork/network.jpg",
    "locked": "no",
}
FURTHER = {"formats": "[wav]", "archive": "2"}


def config(network: Mapping[str, str] | None = None, show: Mapping[str, str] | None = None) -> str:
    """config.yaml of two shows, ``sea`` and ``air``, both with the settings *show*, in which ID is the show's id."""
    lines = [f"site: {SITE}", "actors: {ada: {name: Ada}}"]
    if network:
        lines += ["network:", *(f"  {name}: {value}" for name, value in network.items())]
    lines.append("shows:")
    for id in ("sea", "air"):
        settings = {
            **EXAMPLE_SHOW,
            "title": f"{id.title()} Radio",
            "locked": "no",
            "match": f"{{path: {id}/*}}",
            **(show or {}),
        }
        lines += [f"  {id}:", *(f"    {name}: {value}".replace("ID", id) for name, value in settings.items())]
    return "\n".join(lines) + "\n"


def add(folder: Path, show: str, number: int, *, date: str = "", **settings: str) -> None:
    """Add an episode of *show*; odd ones have a further file, a WAV of the same length."""
    sound = f"audio/{show}{number}"
    tiny_mp3(folder / f"{sound}.mp3", seed=1000 * len(show) + ord(show[0]) + number)
    if number % 2:
        tiny_wav(folder / f"{sound}.wav", seconds=10, seed=ord(show[0]) % 8 * 16 + number)
        settings = {"alternate_enclosures": f"[{{path: /{sound}.wav, title: Without loss}}]", **settings}
    day = date or f"2025-06-{number:02} 05:00:00 +0900"
    title = f"{show} {number}"
    text = episode(title, date=day, audio=f"/{sound}.mp3", notes=f"Notes of {title}", description="Words.", **settings)
    (folder / f"episodes/{show}").mkdir(exist_ok=True)
    (folder / f"episodes/{show}/{number}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of two shows with five episodes each, every kind of further feed, and a network."""
    folder = example_project(tmp_path / "project", files={"config.yaml": config(NETWORK, FURTHER)})
    (folder / "episodes/1.md").unlink()
    tiny_jpeg(folder / "artwork/network.jpg", seed=7)
    for show in ("sea", "air"):
        for number in range(1, 6):
            add(folder, show, number)
    return folder


def settle(folder: Path, text: str) -> None:
    """Write config.yaml anew."""
    (folder / "config.yaml").write_text(text, encoding="utf-8")


def feeds(folder: Path) -> dict[str, bytes]:
    """Every feed in ``public``, by path."""
    return {path: data for path, data in tree(folder / "public").items() if re.search(r"(?<!sitemap)\.xml$", path)}


def channel(folder: Path, path: str) -> etree._Element:
    """The channel of a built feed."""
    found = etree.fromstring((folder / "public" / path).read_bytes()).find("channel")
    assert found is not None
    return found


def own_guid(folder: Path, path: str) -> str | None:
    """The podcast:guid of a built feed."""
    return channel(folder, path).findtext(f"{PODCAST}guid")


def links(folder: Path, path: str) -> dict[str, str]:
    """Where a built feed leads to, by relation, below the site."""
    found = channel(folder, path).iterfind(f"{ATOM}link")
    return {each.get("rel", ""): each.get("href", "").removeprefix(f"{SITE}/") for each in found}


def guids(folder: Path, path: str) -> list[str]:
    """The guids of the items of a built feed."""
    return [guid(item) for item in items(folder / "public" / path).values()]


def attributes(element: etree._Element | None) -> dict[str, str]:
    """The attributes of an element that has to be there."""
    assert element is not None
    return {str(name): str(value) for name, value in element.attrib.items()}


def stands_in_lock(folder: Path, *words: str) -> list[str]:
    """The lines of podfeed.lock about further feeds that hold all *words*."""
    lines = (folder / "podfeed.lock").read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("feed ") and all(word in line for word in words)]


# -------------------------------------------------------------------------------------------- every feed


def test_every_feed_passes_the_linter_and_is_read(folder: Path) -> None:
    """No error, no warning; a format few apps play is a note. Each says where it is and who it is, and no two agree."""
    build(folder)

    made = feeds(folder)
    told = [each for path, data in made.items() for each in lint(data, path, now=NOW, url=f"{SITE}/{path}")]
    assert len(made) == 11
    assert {(each.path, each.rule) for each in told} == {
        (f"{show}/feed-wav.xml", "enclosure-format-further") for show in ("sea", "air")
    }
    for path, data in made.items():
        read = feedparser.parse(data)
        assert not read.bozo
        assert [entry.id for entry in read.entries] == guids(folder, path)
        assert links(folder, path)["self"] == path
    whole = [path for path in made if not re.search(r"archive/\d", path)]
    assert len({own_guid(folder, path) for path in whole}) == len(whole)


def test_guid_is_made_of_the_own_address(folder: Path) -> None:
    """Source: podcast namespace, guid."""
    build(folder)

    for path in ("sea/feed-wav.xml", "sea/archive/feed.xml", "feed.xml"):
        namespace = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
        assert own_guid(folder, path) == str(uuid.uuid5(namespace, f"radio.podfeed.example/{path}"))


def test_shows_own_feeds_do_not_notice(folder: Path) -> None:
    """Not a byte of them depends on further feeds, a network or their absence."""
    build(folder)
    built = tree(folder / "public")
    settle(folder, config())
    build(folder, folder / "plain")

    plain = tree(folder / "plain")
    for path in ("sea/feed.xml", "air/feed.xml"):
        assert plain[path] == built[path]


def test_nothing_changes_when_nothing_changed(folder: Path, tmp_path: Path) -> None:
    """Not in a second run, and on a second machine the same bytes come out."""
    build(folder)
    before = stamps(folder / "public"), (folder / "podfeed.lock").read_bytes()
    other = shutil.copytree(folder, tmp_path / "other", ignore=shutil.ignore_patterns(".podfeed", "public"))

    again = build(folder)
    build(other)

    assert again.changes == ()
    assert (stamps(folder / "public"), (folder / "podfeed.lock").read_bytes()) == before
    assert tree(other / "public") == tree(folder / "public")
    assert (other / "podfeed.lock").read_bytes() == before[1]


def test_nothing_unreleased_is_in_any_of_them(folder: Path) -> None:
    """Neither a word of a scheduled episode or a draft, nor a further file of theirs."""
    add(folder, "sea", 7, date="2030-06-02 05:00:00 +0900")
    add(folder, "air", 9, draft="true")

    build(folder)

    public = tree(folder / "public")
    assert not [path for path in public if "sea7" in path or "air9" in path]
    assert not [path for path, data in public.items() if b"sea 7" in data or b"air 9" in data]


def test_they_go_out_after_their_media(folder: Path) -> None:
    """A further feed never names a file that is not there yet."""
    paths = [change.path for change in build(folder).changes]

    first_feed = min(paths.index(path) for path in feeds(folder))
    assert first_feed > max(number for number, path in enumerate(paths) if path.startswith(("audio/", "artwork/")))
    stages = {file.path: file.stage for file in files_of(load(folder), now=NOW).values()}
    assert {stages[path] for path in [*feeds(folder), "shows.opml"]} == {"feed"}


# ----------------------------------------------------------------------------------------------- formats


def test_format_feed_has_that_format_where_there_is_one(folder: Path) -> None:
    """And the main file elsewhere; what apps may choose from is all there is, with its size, digest and default."""
    build(folder)

    found = items(folder / "public/sea/feed-wav.xml")
    assert [enclosure(item).rpartition("/")[2] for item in found.values()] == [
        *("sea5.wav", "sea4.mp3", "sea3.wav", "sea2.mp3", "sea1.wav")
    ]
    sizes = {ending: (folder / f"audio/sea1.{ending}").stat().st_size for ending in ("mp3", "wav")}
    main, wav = found["sea 1"].findall(f"{PODCAST}alternateEnclosure")
    assert attributes(main) == {"type": "audio/mpeg", "length": str(sizes["mp3"]), "bitrate": "63700"}
    assert attributes(wav) == {
        "type": "audio/wav",
        "length": str(sizes["wav"]),
        "bitrate": "128000",
        "title": "Without loss",
        "default": "true",
    }
    for element, name in ((main, "sea1.mp3"), (wav, "sea1.wav")):
        digest = base64.b64encode(hashlib.sha256((folder / "public/audio" / name).read_bytes()).digest()).decode()
        assert attributes(element.find(f"{PODCAST}source")) == {"uri": f"{SITE}/audio/{name}"}
        assert attributes(element.find(f"{PODCAST}integrity")) == {"type": "sri", "value": f"sha256-{digest}"}
    assert found["sea 2"].find(f"{PODCAST}alternateEnclosure") is None
    assert channel(folder, "sea/feed-wav.xml").findtext("title") == "Sea Radio (WAV)"
    assert guids(folder, "sea/feed-wav.xml") == guids(folder, "sea/feed.xml")


def test_default_is_the_main_file_in_the_shows_own_feed(folder: Path) -> None:
    """Apps that know further files begin with the same one as those that do not."""
    build(folder)

    item = items(folder / "public/sea/feed.xml")["sea 1"]
    (default,) = item.findall(f"{PODCAST}alternateEnclosure[@default='true']")
    assert attributes(default.find(f"{PODCAST}source"))["uri"] == enclosure(item) == f"{SITE}/audio/sea1.mp3"


def test_opus_and_aac_say_their_codecs(folder: Path) -> None:
    """The type of a container leaves open what is in it."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed: tools/system-packages installs it")
    for ending in ("opus", "m4a"):
        command = ["ffmpeg", "-v", "error", "-i", "audio/sea2.mp3", "-bitexact", f"audio/sea2.{ending}"]
        subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL)
    add(folder, "sea", 2, alternate_enclosures="[/audio/sea2.opus, /audio/sea2.m4a]")
    settle(
        folder,
        config(show={"formats": "{opus: ID/opus.xml}"}),
    )
    build(folder)

    item = items(folder / "public/sea/opus.xml")["sea 2"]
    assert enclosure(item).endswith("/audio/sea2.opus")
    assert [(each.get("type"), each.get("codecs")) for each in item.findall(f"{PODCAST}alternateEnclosure")] == [
        ("audio/mpeg", None), ("audio/ogg", "opus"), ("audio/x-m4a", "mp4a.40.2"),
    ]  # fmt: skip


def test_changed_further_file_goes_out_under_a_name_of_its_own(folder: Path) -> None:
    """A published name keeps its bytes, and every feed follows."""
    build(folder)
    tiny_wav(folder / "audio/sea1.wav", seconds=10, seed=99)
    build(folder)

    digest = hashlib.sha256((folder / "audio/sea1.wav").read_bytes()).hexdigest()
    address = enclosure(items(folder / "public/sea/feed-wav.xml")["sea 1"])
    assert address == f"{SITE}/audio/sea1.{digest[:8]}.wav"
    assert address.encode() in (folder / "public/sea/feed.xml").read_bytes()


def test_moved_feed_keeps_its_guid_and_its_old_address(folder: Path) -> None:
    """Who subscribed at the old one still gets every episode, and is told where to go."""
    build(folder)
    first = own_guid(folder, "sea/feed-wav.xml")
    settle(folder, config(NETWORK, {"archive": "2", "formats": "{wav: ID.xml}"}))
    add(folder, "sea", 6)
    build(folder)

    assert own_guid(folder, "sea.xml") == own_guid(folder, "sea/feed-wav.xml") == first
    assert guids(folder, "sea.xml") == guids(folder, "sea/feed-wav.xml") == guids(folder, "sea/feed.xml")
    assert channel(folder, "sea.xml").find(f"{ITUNES}new-feed-url") is None
    assert channel(folder, "sea/feed-wav.xml").findtext(f"{ITUNES}new-feed-url") == f"{SITE}/sea.xml"
    assert len(stands_in_lock(folder, '"show": "sea"', '"name": "wav"', str(first))) == 2
    assert build(folder).changes == ()


def test_guid_outlives_the_site(folder: Path) -> None:
    """A new domain changes addresses and no identity."""
    build(folder)
    before = {path: own_guid(folder, path) for path in feeds(folder)}
    settle(folder, config(NETWORK, FURTHER).replace(SITE, "https://new.podfeed.example"))
    build(folder)

    assert {path: own_guid(folder, path) for path in feeds(folder)} == before


def test_dropped_feed_goes_on_until_its_line_is_deleted(folder: Path) -> None:
    """A setting that goes does not take the feed from those who subscribed; a word in podfeed.lock does."""
    build(folder)
    settle(folder, config(NETWORK))
    add(folder, "sea", 7)
    told = [each for each in check(load(folder), now=NOW) if each.rule == "history-further-feed-dropped"]
    build(folder)

    assert [each.severity for each in told] == ["warning"] * 4
    for path in ("sea/feed-wav.xml", "sea/archive/feed.xml"):
        assert guids(folder, path)[0] == guids(folder, "sea/feed.xml")[0]

    lock = folder / "podfeed.lock"
    gone = set(stands_in_lock(folder, '"show": "sea"'))
    lock.write_text("".join(f"{line}\n" for line in lock.read_text("utf-8").splitlines() if line not in gone))
    build(folder)

    assert {path for path in feeds(folder) if path.startswith("sea/")} == {"sea/feed.xml"}
    assert "air/feed-wav.xml" in feeds(folder)


# ----------------------------------------------------------------------------------------------- archive


def walk(folder: Path, path: str) -> Iterator[tuple[str, list[str]]]:
    """The documents from the one at *path* backwards, each with its guids, as a reader of RFC 5005 fetches them."""
    while path:
        yield path, guids(folder, path)
        path = links(folder, path).get("prev-archive", "")


def test_archive_leads_to_every_episode_once(folder: Path) -> None:
    """From the document to subscribe to back to the first; full ones say what they are and where the others lie."""
    build(folder)

    documents = dict(walk(folder, "sea/archive/feed.xml"))
    assert [*documents] == ["sea/archive/feed.xml", "sea/archive/2.xml", "sea/archive/1.xml"]
    assert [each for found in documents.values() for each in found] == guids(folder, "sea/feed.xml")
    assert links(folder, "sea/archive/1.xml") == {
        "self": "sea/archive/1.xml", "current": "sea/archive/feed.xml", "next-archive": "sea/archive/2.xml",
    }  # fmt: skip
    archives = {path for path, data in feeds(folder).items() if b"<fh:archive/>" in data}
    assert archives == {f"{show}/archive/{page}.xml" for show in ("sea", "air") for page in (1, 2)}
    assert own_guid(folder, "sea/archive/1.xml") == own_guid(folder, "sea/archive/feed.xml")


def test_full_page_keeps_its_episodes(folder: Path) -> None:
    """Whether episodes are added or withdrawn: a reader that knows a page need never come back to it."""
    build(folder)
    before = dict(walk(folder, "sea/archive/feed.xml"))
    withdrawn = guids(folder, "sea/archive/1.xml")[0]
    for number in (6, 7, 8):
        add(folder, "sea", number)
    assert podfeed(folder, "withdraw", withdrawn).returncode == 0
    build(folder)

    after = dict(walk(folder, "sea/archive/feed.xml"))
    assert [len(found) for found in after.values()] == [2, 2, 2, 1]
    assert after["sea/archive/1.xml"] == [each for each in before["sea/archive/1.xml"] if each != withdrawn]
    assert after["sea/archive/2.xml"] == before["sea/archive/2.xml"]
    assert [each for found in after.values() for each in found] == guids(folder, "sea/feed.xml")


def test_pages_follow_a_lock_that_forgets(folder: Path) -> None:
    """Who deletes the line of a withdrawn episode closes the gap it left; what is built does not lag behind."""
    build(folder)
    gone = guids(folder, "sea/archive/1.xml")[0]
    assert podfeed(folder, "withdraw", gone).returncode == 0
    (folder / "episodes/sea/2.md").unlink()
    build(folder)
    lock = folder / "podfeed.lock"
    lock.write_text("".join(f"{line}\n" for line in lock.read_text("utf-8").splitlines() if gone not in line))
    build(folder)

    assert [len(found) for _, found in walk(folder, "sea/archive/feed.xml")] == [2, 2]


def test_page_without_an_episode_left_names_none_any_more(folder: Path) -> None:
    """The chain leads past it, and the document to subscribe to is never empty."""
    build(folder)
    for each in [*guids(folder, "sea/archive/1.xml"), *guids(folder, "sea/archive/feed.xml")]:
        assert podfeed(folder, "withdraw", each).returncode == 0
    build(folder)

    kept = guids(folder, "sea/feed.xml")
    assert dict(walk(folder, "sea/archive/feed.xml")) == {"sea/archive/feed.xml": kept, "sea/archive/2.xml": kept}
    assert guids(folder, "sea/archive/1.xml") == []


def test_pages_keep_the_size_they_were_published_with(folder: Path) -> None:
    """Another one would move episodes to pages that readers know already."""
    build(folder)
    before = feeds(folder)
    settle(folder, config(NETWORK, {**FURTHER, "archive": "3"}))
    told = [each.rule for each in check(load(folder), now=NOW) if each.severity == "warning"]
    build(folder)

    assert feeds(folder) == before
    assert told == ["history-archive-resized"] * 2


# ----------------------------------------------------------------------------------------------- network


def test_network_has_the_episodes_of_all_shows(folder: Path) -> None:
    """Newest first, under the guids they have; each says which show it is of, shows its cover, and brings no number."""
    add(folder, "sea", 6, episode="6", season="1")
    build(folder)

    found = items(folder / "public/feed.xml")
    newest, *rest = found
    assert newest == "sea 6 – Sea Radio"
    assert {*rest[:2]} == {"sea 5 – Sea Radio", "air 5 – Air Radio"}
    assert {guid(item) for item in found.values()} == {*guids(folder, "sea/feed.xml"), *guids(folder, "air/feed.xml")}
    item = found["sea 6 – Sea Radio"]
    assert item.find(f"{ITUNES}episode") is None and item.find(f"{ITUNES}season") is None
    covers = [each.find(f"{ITUNES}image") for each in (item, channel(folder, "sea/feed.xml"))]
    assert attributes(covers[0]) == attributes(covers[1])
    assert item.findtext(f"{ITUNES}explicit") == "false"
    assert channel(folder, "feed.xml").findtext("link") == f"{SITE}/"
    assert channel(folder, "feed.xml").findtext("title") == "Harbour"


def test_episode_two_shows_share_is_in_the_network_once(folder: Path) -> None:
    """Apple ignores the second of two items with one enclosure."""
    add(folder, "air", 8)
    shared = (folder / "episodes/air/8.md").read_text("utf-8").replace("2025-06-08", "2025-06-09")
    (folder / "episodes/sea/8.md").write_text(shared, encoding="utf-8")
    build(folder)

    addresses = [enclosure(item) for item in items(folder / "public/feed.xml").values()]
    assert addresses.count(f"{SITE}/audio/air8.mp3") == 1
    assert len(addresses) == len(set(addresses)) == 11
    assert guids(folder, "feed.xml")[0] == guids(folder, "air/feed.xml")[0]


def test_notes_of_the_network_keep_to_its_budget(folder: Path) -> None:
    """From the newest on; no episode is dropped for it."""
    settle(folder, config({**NETWORK, "notes_budget": "60"}))
    build(folder)

    data = (folder / "public/feed.xml").read_bytes()
    assert (data.count(b"<content:encoded>"), data.count(b"<item>")) == (2, 10)


def test_network_follows_every_show(folder: Path) -> None:
    """A new episode is in it with the next build, though only one show has changed."""
    podfeed(folder, "build")
    add(folder, "air", 6)
    podfeed(folder, "build")

    assert "air 6 – Air Radio" in items(folder / "public/feed.xml")


def test_network_waits_for_a_show_that_is_stopped(folder: Path) -> None:
    """It stays as it was, and everything it names stays with it; mended, it catches up."""
    build(folder)
    before = (folder / "public/feed.xml").read_bytes()
    withdrawn = guids(folder, "air/feed.xml")[0]
    podfeed(folder, "withdraw", withdrawn)
    sea = folder / "episodes/sea/1.md"
    text = sea.read_text("utf-8")
    sea.write_text(text.replace("sea1.mp3", "lost.mp3"), encoding="utf-8")
    outcome = build(folder)

    named = {enclosure(item) for item in items(before).values()}
    assert outcome.stopped == ("sea",)
    assert withdrawn not in guids(folder, "air/feed.xml")
    assert (folder / "public/feed.xml").read_bytes() == before
    assert all((folder / "public" / each.removeprefix(f"{SITE}/")).is_file() for each in named)

    sea.write_text(text, encoding="utf-8")
    build(folder)

    assert withdrawn not in guids(folder, "feed.xml")
    assert not (folder / "public/audio/air5.mp3").exists()


def test_build_of_one_show_leaves_the_network_alone(folder: Path) -> None:
    """It is made where all shows go out."""
    build(folder)
    before = (folder / "public/feed.xml").read_bytes()
    add(folder, "sea", 6)

    build(folder, shows=("sea",))
    alone = (folder / "public/feed.xml").read_bytes()
    build(folder)

    assert alone == before
    assert "sea 6 – Sea Radio" in items(folder / "public/feed.xml")


def test_error_in_the_network_stops_no_show(folder: Path) -> None:
    """The shows go out, the feed of all waits, and the run says so, again and again."""
    settle(folder, config({**NETWORK, "categories": "[Boats]"}, FURTHER))
    first, again = podfeed(folder, "build"), podfeed(folder, "build")

    assert (first.returncode, again.returncode) == (1, 1)
    assert "show-category-unknown" in again.stderr
    assert "sea/feed.xml" in feeds(folder) and "feed.xml" not in feeds(folder)


def test_network_that_is_not_asked_for_any_more_stays(folder: Path) -> None:
    """Its settings are gone, so it stays as it is; that is told."""
    build(folder)
    before = (folder / "public/feed.xml").read_bytes()
    settle(folder, config(show=FURTHER))
    told = [each.message for each in check(load(folder), now=NOW) if each.rule == "history-further-feed-dropped"]
    build(folder)

    assert (folder / "public/feed.xml").read_bytes() == before
    assert told == [f"“{SITE}/feed.xml” is published, and not asked for any more; it stays as it is"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({"artwork": "artwork/lost.jpg"}, "network.artwork artwork-file-missing", id="cover that is gone"),
        pytest.param({"title": ""}, "network.title show-title-missing", id="no title"),
        pytest.param({"permalink": "/{slug}/"}, "network.permalink setting-unknown", id="setting of a show"),
        pytest.param({"titel": "Sea"}, "network.titel setting-unknown", id="misspelt setting"),
        pytest.param({"feed": "../feed.xml"}, "network.feed show-feed-invalid", id="feed outside the site"),
        pytest.param({"feed": "sea/feed.xml"}, "network.feed page-address-shared", id="address of a show's feed"),
        pytest.param({"feed": "shows.opml"}, "network.feed page-address-shared", id="address of the list"),
    ],
)
def test_settings_of_the_network_are_judged_as_those_of_a_show(
    settings: dict[str, str], expected: str, folder: Path
) -> None:
    """At their place in config.yaml."""
    text = config({**NETWORK, **settings})
    settle(folder, text)

    name, rule = expected.split()
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.strip().startswith(name[8:]))
    told = [(each.position.line, each.rule) for each in check(load(folder), now=NOW) if each.severity != "info"]
    assert [each for each in told if each[1] != "history-not-adopted"] == [(line, rule)]


# ------------------------------------------------------------------------------------- addresses and lists


@pytest.mark.parametrize(
    ("formats", "archive", "expected"),
    [
        pytest.param("{wav: sea/feed.xml}", "", 1, id="a show's own feed"),
        pytest.param("{wav: one.xml}", "", 1, id="the same feed of two shows"),
        pytest.param("{wav: sea/archive/1.xml}", "2", 2, id="a page of an archive"),
        pytest.param("[wav, m4a]", "2", 0, id="all apart"),
    ],
)
def test_no_two_feeds_have_one_address(formats: str, archive: str, expected: int, folder: Path) -> None:
    """The second is told, before one is written over the other."""
    settle(folder, config(show={"formats": formats, **({"archive": archive} if archive else {})}))

    told = [each for each in check(load(folder), now=NOW) if each.rule == "page-address-shared"]

    assert len(told) >= expected if expected else not told
    assert {each.path for each in told} <= {"config.yaml"}


def test_pages_lead_to_further_feeds(folder: Path) -> None:
    """Browsers and apps find them in the head of the page, people beside the feed."""
    build(folder)

    show, home = ((folder / "public" / path).read_text("utf-8") for path in ("sea/index.html", "index.html"))
    assert re.findall(r'title="([^"]*)" href="([^"]*xml)"', show) == [
        ("Sea Radio", f"{SITE}/sea/feed.xml"),
        ("Sea Radio (WAV)", f"{SITE}/sea/feed-wav.xml"),
        ("Sea Radio (Archive)", f"{SITE}/sea/archive/feed.xml"),
    ]
    assert '<a href="../sea/feed-wav.xml" type="application/rss+xml">WAV</a>' in show
    assert ("Harbour", f"{SITE}/feed.xml") in re.findall(r'title="([^"]*)" href="([^"]*xml)"', home)
    assert '<a href="./shows.opml" type="text/x-opml">All feeds in one file (OPML)</a>' in home


def outlines(data: bytes) -> list[dict[str, str]]:
    """What an OPML list has, in its order."""
    return [attributes(each) for each in etree.fromstring(data).iterfind("body/outline")]


def test_list_names_every_show(folder: Path) -> None:
    """With the addresses of feed and page; a list of one show would help nobody."""
    settle(folder, config(show={"title": '"Wind & <Sea>"'}))
    build(folder)
    one = example_project(folder.parent / "one")
    build(one)

    found = outlines((folder / "public/shows.opml").read_bytes())
    assert [(each["type"], each["xmlUrl"], each["htmlUrl"]) for each in found] == [
        ("rss", f"{SITE}/{show}/feed.xml", f"{SITE}/{show}/") for show in ("sea", "air")
    ]
    assert {(each["text"], each["title"], each["language"]) for each in found} == {("Wind & <Sea>",) * 2 + ("en",)}
    assert not (one / "public/shows.opml").exists()


def test_newsboat_imports_the_list(folder: Path, tmp_path: Path) -> None:
    """An app subscribes to every show in one go."""
    if not shutil.which("newsboat"):
        pytest.skip("newsboat is not installed: tools/system-packages installs it")
    build(folder)
    urls = tmp_path / "urls"
    urls.touch()
    command = ["newsboat", "-u", str(urls), "-c", "cache.db", "-i", str(folder / "public/shows.opml")]
    env = environment(HOME=str(tmp_path), LC_ALL="C.UTF-8")
    made = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)

    assert made.returncode == 0, made.stderr
    assert sorted(line.split()[0] for line in urls.read_text("utf-8").splitlines()) == [
        f"{SITE}/air/feed.xml", f"{SITE}/sea/feed.xml",
    ]  # fmt: skip
