"""The example podcasts of this repository, as a stranger builds them: every promise of the README, on real audio."""

from __future__ import annotations

import uuid
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from commands import ATOM, ITUNES, NOW, PODCAST, ROOT, build, copy_example, enclosure, items, podfeed, tree
from lxml import etree

from podfeed.checking import check, listing
from podfeed.loading import load

SITE = "https://radio.podfeed.example"
EPISODES = {"asaichi": 4, "yako": 3, "lamp": 3}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example project with its output in ``public``."""
    folder = tmp_path_factory.mktemp("example")
    copy_example(folder)
    build(folder)
    return folder


@pytest.fixture(params=EPISODES)
def channel(request: pytest.FixtureRequest, example: Path) -> etree._Element:
    """The channel of each feed in turn."""
    found = etree.parse(example / "public" / request.param / "feed.xml").find("channel")
    assert found is not None
    return found


def test_example_has_nothing_to_complain_about(example: Path) -> None:
    """Whoever clones the project and types `podfeed check` is greeted by no error and no warning."""
    severities = {each.severity for each in check(load(example), now=NOW)}

    assert severities <= {"info"}


def test_example_holds_one_of_each_kind(example: Path) -> None:
    """The living example shows every kind of file a folder of episodes may hold."""
    kinds = {each["kind"] for each in listing(load(example), NOW)}

    assert kinds == {"episode", "article", "draft", "scheduled", "skipped"}


@pytest.mark.parametrize("show", EPISODES)
def test_every_page_of_a_show_leads_to_its_feed(example: Path, show: str) -> None:
    """Browsers and apps find the feed from any page."""
    pages = sorted((example / "public" / show).rglob("index.html"))
    feed = f"{SITE}/{show}/feed.xml"

    assert len(pages) > EPISODES[show]
    for page in pages:
        links = etree.HTML(page.read_bytes()).xpath("//head/link[@rel='alternate'][@type='application/rss+xml']/@href")
        url = f"{SITE}/{page.relative_to(example / 'public').parent.as_posix()}/"
        assert feed in [urljoin(url, link) for link in links], page


def test_lock_in_the_repository_is_up_to_date(example: Path) -> None:
    """A build in a fresh clone leaves nothing to commit."""
    assert (example / "podfeed.lock").read_text("utf-8") == (ROOT / "podfeed.lock").read_text("utf-8")


@pytest.mark.parametrize("show", EPISODES)
def test_feed_holds_the_public_episodes(example: Path, show: str) -> None:
    """Three shows come out of one folder, each with its own episodes; articles have a page, and no item."""
    titles = items(example / "public" / show / "feed.xml")

    assert len(titles) == EPISODES[show]
    assert "市場食堂の地図" not in titles
    assert (example / "public/asaichi/市場食堂の地図/index.html").exists()


@pytest.mark.failure("IN-14")
def test_draft_and_scheduled_leave_no_trace(example: Path) -> None:
    """What is not public is neither named nor stored anywhere in the output."""
    for path, data in tree(example / "public").items():
        for word in ("名前のない魚", "アカリダイ", "百年目の最終列車", "始発駅の時計", "編集部メモ"):
            assert word not in path
            assert word.encode() not in data
            assert "".join(f"%{byte:02X}" for byte in word.encode()).encode() not in data


def test_channel_is_what_directories_ask_for(channel: etree._Element) -> None:
    """One self link, the guid the podcast namespace derives from it, explicit as true or false, real artwork."""
    selves = [link.get("href") for link in channel.iterfind(f"{ATOM}link") if link.get("rel") == "self"]
    assert len(selves) == 1
    bare = (selves[0] or "").removeprefix("https://")
    expected = str(uuid.uuid5(uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), bare))

    assert channel.findtext(f"{PODCAST}guid") == expected
    assert channel.findtext(f"{ITUNES}explicit") in ("true", "false")
    for name in ("title", "link", "description", "language", f"{ITUNES}author", f"{ITUNES}owner/{ITUNES}email"):
        assert channel.findtext(name)
    assert channel.find(f"{ITUNES}category").get("text")  # type: ignore[union-attr]
    assert channel.find(f"{ITUNES}image").get("href").startswith(f"{SITE}/artwork/")  # type: ignore[union-attr]


def test_last_build_date_is_the_newest_episode(channel: etree._Element) -> None:
    """The feed does not change because a clock went on: its date is that of its newest item, and items are sorted."""
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in channel.iterfind("item")]

    assert parsedate_to_datetime(channel.findtext("lastBuildDate") or "") == max(dates)
    assert dates == sorted(dates, reverse=True)


def test_items_are_what_apps_ask_for(channel: etree._Element) -> None:
    """Each item has its own guid, whole seconds, a type, a link and notes."""
    found = list(channel.iterfind("item"))

    assert len({item.findtext("guid") for item in found}) == len(found)
    for item in found:
        assert (item.findtext(f"{ITUNES}duration") or "").isdecimal()
        assert 11 < int(item.findtext(f"{ITUNES}duration") or 0) < 16
        assert item.findtext(f"{ITUNES}episodeType") in ("full", "trailer", "bonus")
        assert (item.findtext("link") or "").startswith(f"{SITE}/")
        assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
        assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]


def test_every_enclosure_is_in_the_output(channel: etree._Element, example: Path) -> None:
    """What a feed of the site names is there, with exactly the bytes it promises."""
    for item in channel.iterfind("item"):
        address = enclosure(item)
        if address.startswith(SITE):
            file = example / "public" / unquote(address.removeprefix(f"{SITE}/"))
            assert str(file.stat().st_size) == item.find("enclosure").get("length")  # type: ignore[union-attr]


def test_page_links_lead_somewhere(example: Path) -> None:
    """Each item's page, and each picture and stylesheet a page names, is in the output."""
    public = example / "public"
    for page in public.rglob("*.html"):
        for element in etree.parse(page, etree.HTMLParser(encoding="utf-8")).iter("a", "img", "link", "audio", "track"):
            written = element.get("href") or element.get("src") or ""
            address = urljoin(f"{SITE}/{page.relative_to(public).as_posix()}", written).partition("#")[0]
            if not address.startswith(f"{SITE}/"):
                continue
            if address.startswith(f"{SITE}/people/") or address == f"{SITE}/notice":
                continue  # the players' own pages are no business of podfeed's
            target = public / unquote(address.removeprefix(f"{SITE}/"))
            assert target.is_file() or (target / "index.html").is_file(), f"{page}: {written}"


def test_stranger_types_two_commands(example: Path, tmp_path: Path) -> None:
    """`podfeed check` and `podfeed build`, in a new process with the real clock, end with 0."""
    checked = podfeed(example, "check")
    made = podfeed(example, "build", "--out", tmp_path / "out")

    assert (checked.returncode, made.returncode) == (0, 0), checked.stdout + made.stderr
    assert tree(tmp_path / "out") == tree(example / "public")
