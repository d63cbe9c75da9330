"""Pictures on their way out, in whole projects: what goes out, what names it, and what nobody learns from it."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from commands import ITUNES, NOW, PODCAST, build, podfeed, stamps, tree
from lxml import etree
from PIL import Image

from podfeed.building import build as files_of
from podfeed.diagnostics import Diagnostic
from podfeed.errors import TargetError
from podfeed.loading import load
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_jpeg, tiny_mp3, tiny_png

SITE = "https://radio.podfeed.example/"
CANARY = b"CANARY-BY-THE-SEA"

Project = Callable[..., Path]
Told = Callable[..., tuple[Diagnostic, ...]]


def channel(folder: Path) -> Any:
    """The channel of the show ``radio``, as it was built."""
    return etree.parse(folder / "public/radio/feed.xml").find("channel")


def named(folder: Path) -> Iterator[str]:
    """The published path of every picture that the feed and the pages of *folder* name on their own site."""
    for element in channel(folder).iter(f"{ITUNES}image", f"{PODCAST}image"):
        yield unquote(element.get("href").removeprefix(SITE))
    for page in (folder / "public").rglob("*.html"):
        for source in re.findall(r'<img[^>]* src="([^"]+)"', page.read_text("utf-8")):
            path = (page.parent / unquote(source)).resolve()
            yield path.relative_to((folder / "public").resolve()).as_posix()


def pictures(folder: Path) -> set[str]:
    """The published path of every picture in *folder*."""
    endings = (".jpg", ".jpeg", ".png", ".webp")
    return {path for path in tree(folder / "public") if path.endswith(endings)}


def located(side: tuple[int, int], kind: str = "JPEG", **notes: Any) -> bytes:
    """A picture that says where it was taken."""
    exif, stream = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 26.0, 37.0), 3: "E", 4: (139.0, 38.0, 17.0), 27: CANARY})
    exif.update({0x010F: "Camera", **notes.pop("tags", {})})
    Image.linear_gradient("L").convert("RGB").resize(side).save(stream, kind, exif=exif, **notes)
    assert CANARY in stream.getvalue()
    return stream.getvalue()


# ---------------------------------------------------------------------------------------- what is named


def test_everything_named_is_there_and_everything_there_is_named(project: Project) -> None:
    """A cover, a picture of an episode, a wide one for its page, and a face."""
    folder = project(
        header={"image_url": "/artwork/own.png", "thumbnail_url": "/artwork/wide.jpg"},
        config={"actors": "{ada: {name: Ada, image_url: /artwork/small.jpg}}"},
        files={"artwork/own.png": tiny_png_bytes(seed=3)},
    )

    build(folder)

    assert set(named(folder)) == pictures(folder)


def tiny_png_bytes(seed: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (1500, 1500), (seed, seed, seed)).save(stream, "PNG")
    return stream.getvalue()


def test_feed_says_of_each_copy_what_it_is(project: Project) -> None:
    """Size, kind and shape are those of the file; itunes:image is the first of them."""
    folder = project(header={"image_url": "/artwork/own.png"}, files={"artwork/own.png": tiny_png_bytes(seed=3)})

    build(folder)

    for element, count in ((channel(folder), 5), (channel(folder).find("item"), 3)):
        found = element.findall(f"{PODCAST}image")
        assert len(found) == count
        assert element.find(f"{ITUNES}image").get("href") == found[0].get("href")
        for image in found:
            with Image.open(folder / "public" / image.get("href").removeprefix(SITE)) as file:
                said = (int(image.get("width")), int(image.get("height"))), image.get("type")
                assert said == (file.size, f"image/{(file.format or '').lower()}")
            assert (image.get("aspect-ratio"), image.get("purpose")) == ("1/1", "artwork")


def test_podfeed_finds_nothing_wrong_with_its_own_pictures(project: Project) -> None:
    folder = project(header={"image_url": "/artwork/cover.jpg", "image_alt": "The sea"})
    build(folder)

    found = podfeed(folder, "lint", "public/radio/feed.xml")

    assert "podcast:image" not in found.stdout
    assert found.returncode == 0


def test_good_picture_goes_out_byte_by_byte(project: Project) -> None:
    folder = project()

    build(folder)

    first = channel(folder).find(f"{ITUNES}image").get("href").removeprefix(SITE)
    assert (folder / "public" / first).read_bytes() == (folder / "artwork/cover.jpg").read_bytes()


def test_pages_show_small_copies(project: Project) -> None:
    folder = project(header={"image_url": "/artwork/cover.jpg", "image_alt": "The sea"})

    build(folder)

    home, show, episode = (
        (folder / f"public/{page}index.html").read_text("utf-8") for page in ("", "radio/", "radio/1/")
    )
    name = r"artwork/cover-[0-9a-f]{8}"
    for page, top in ((home, r"\./"), (show, r"\.\./")):
        assert re.search(rf'srcset="{top}{name}-300\.webp 300w, {top}{name}-600\.webp 600w" sizes=', page)
        assert re.search(rf'<img src="{top}{name}-600\.jpg" alt="[^"]*" width="600" height="600"', page)
    small = rf'srcset="\.\./\.\./{name}-300\.webp 300w, \.\./\.\./{name}-600\.webp 600w"'
    assert re.search(rf'{small}.*<img [^>]*alt="The sea" width="\d+"', episode)


def test_article_shows_its_picture_as_it_is(project: Project) -> None:
    """It is in no feed, so no app needs a copy."""
    article = "---\ntitle: Map\nshow: radio\ndate: 2025-06-02 05:00:00 +0900\nimage_url: /artwork/map.jpg\n---\n"
    folder = project(files={"episodes/map.md": article})
    tiny_jpeg(folder / "artwork/map.jpg", seed=7)

    build(folder)

    assert {path for path in pictures(folder) if "map" in path} == {"artwork/map.jpg"}


# ------------------------------------------------------------------------------------ when nothing changed


def test_second_build_makes_no_copy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when an episode changed meanwhile: pictures take longest."""
    folder = project()
    build(folder)
    before = stamps(folder / "public/artwork")
    with (folder / "episodes/1.md").open("a", encoding="utf-8") as notes:
        notes.write("More.\n")
    monkeypatch.setattr("podfeed.loading.Project.picture", lambda *_: pytest.fail("a picture was read"))

    outcome = build(folder)

    assert {change.path for change in outcome.changes} == {
        "radio/1/index.html",
        "radio/index.html",
        "radio/feed.xml",
    } & {change.path for change in outcome.changes}
    assert outcome.changes
    assert stamps(folder / "public/artwork") == before


def test_published_copy_stays_whatever_makes_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Pillow makes other bytes; under a name that is published, those that are there are kept."""
    folder = project()
    build(folder)
    before = stamps(folder / "public/artwork")
    shutil.rmtree(folder / ".podfeed")
    monkeypatch.setattr("podfeed.render.artwork.made", lambda *_: b"another")

    assert build(folder).changes == ()
    assert stamps(folder / "public/artwork") == before


def test_copy_that_somebody_changed_is_made_again(project: Project) -> None:
    folder = project()
    build(folder)
    before = tree(folder / "public")
    (copy,) = (folder / "public/artwork").glob("*-600.jpg")
    copy.write_bytes(b"other")

    assert [change.action for change in build(folder).changes] == ["update"]
    assert tree(folder / "public") == before


def test_new_picture_takes_the_place_of_the_old_one(project: Project) -> None:
    """Under a new name, so that apps notice; and of the old one nothing is left."""
    folder = project()
    build(folder)
    old = pictures(folder)
    tiny_jpeg(folder / "artwork/cover.jpg", side=1600, seed=8)

    outcome = build(folder)

    assert pictures(folder) & old == set()
    assert set(named(folder)) == pictures(folder)
    assert "artwork-replaced" in [each.rule for each in outcome.diagnostics]
    assert "artwork-replaced" not in [each.rule for each in build(folder, now=NOW.replace(day=2)).diagnostics]


@pytest.mark.parametrize(
    ("cover", "is_new"), [pytest.param("cover", False, id="good"), pytest.param("wide", True, id="wide")]
)
def test_way_to_fill_changes_names_where_it_changes_the_picture(project: Project, cover: str, is_new: bool) -> None:
    folder = project(show={"artwork": f"{{path: artwork/{cover}.jpg, fit: pad}}"})
    build(folder)
    old = pictures(folder)
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("fit: pad", 'fit: pad, background: "#000080"'), "utf-8")

    build(folder)

    assert (pictures(folder) != old) is is_new
    assert set(named(folder)) == pictures(folder)


def test_checkout_without_pictures_builds_the_same(project: Project) -> None:
    """podfeed.lock knows enough of them; what the output has of them stays."""
    folder = project(
        header={"image_url": "/artwork/own.png"},
        files={"artwork/own.png": tiny_png_bytes(seed=3), "artwork/cover.jpg": located((1500, 1500), tags={0x112: 6})},
    )
    build(folder)
    whole = tree(folder / "public")
    shutil.rmtree(folder / ".podfeed")
    shutil.rmtree(folder / "artwork")

    outcome = build(folder)

    assert outcome.changes == ()
    assert tree(folder / "public") == whole
    assert "9 files not in this checkout" in outcome.sentence


@pytest.fixture
def two_shows(tmp_path: Path) -> Path:
    """A project of two shows, built: ``radio`` with 1.md, ``news`` with 2.md and a cover of its own."""
    settings = {**EXAMPLE_SHOW, "artwork": "artwork/news.png", "match": "{path: 2.md}"}
    folder = example_project(tmp_path, show={"match": "{path: 1.md}"})
    with (folder / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("  news:\n" + "".join(f"    {name}: {value}\n" for name, value in settings.items()))
    tiny_png(folder / "artwork/news.png", seed=2)
    tiny_mp3(folder / "audio/2.mp3", seed=2)
    episode = (folder / "episodes/1.md").read_text("utf-8").replace("good.mp3", "2.mp3")
    (folder / "episodes/2.md").write_text(episode, "utf-8")
    assert build(folder).stopped == ()
    return folder


def covers_on_home_page(folder: Path) -> list[Path]:
    """The files of the covers that the page of the site shows, each once."""
    home = (folder / "public/index.html").read_text("utf-8")
    shown = re.findall(r'<img src="\./(artwork/[^"]+)"', home)
    return [folder / "public" / each for each in shown]


def test_home_page_names_what_is_there_of_a_show_that_waits(two_shows: Path) -> None:
    """A show with an error stays as it was; its new cover is on the page of the site, so it goes out."""
    old = covers_on_home_page(two_shows)
    tiny_png(two_shows / "artwork/news.png", seed=3)
    episode = two_shows / "episodes/2.md"
    episode.write_text(episode.read_text("utf-8").replace("title: Tides", "title: Tides\nseason: two"), "utf-8")

    outcome = build(two_shows)

    new = covers_on_home_page(two_shows)
    assert outcome.stopped == ("news",)
    assert (len(new), new[0] == old[0], new[1] == old[1]) == (2, True, False)
    assert all(each.exists() for each in (*new, old[1]))


def test_home_page_does_without_a_damaged_cover(two_shows: Path) -> None:
    """It stops its own show, and neither the page of the site nor the other show."""
    cover = two_shows / "artwork/news.png"
    cover.write_bytes(cover.read_bytes()[:-200])

    outcome = build(two_shows)

    assert outcome.stopped == ("news",)
    assert [each.name.partition("-")[0] for each in covers_on_home_page(two_shows)] == ["cover"]


def test_picture_that_changes_while_podfeed_works_stops_it(project: Project) -> None:
    """A name stands for the picture that was measured, and for no other."""
    folder = project()
    loaded = load(folder)
    files = files_of(loaded, now=NOW)
    tiny_jpeg(folder / "artwork/cover.jpg", seed=5)

    with pytest.raises(TargetError, match="changed since it was measured"):
        next(each.content() for each in files.values() if each.path.endswith("-600.jpg") and callable(each.content))


# ---------------------------------------------------------------------------------------------- filling up


def test_wide_cover_is_filled_up_where_that_is_asked_for(project: Project, told: Told) -> None:
    """It is an error by itself; with “fit: pad” it is a note, and the feed has a square."""
    folder = project(show={"artwork": '{path: artwork/wide.jpg, fit: pad, background: "#ff0000", alt: The sea}'})
    kept = [
        each.rule for each in told(show={"artwork": "{path: artwork/wide.jpg, fit: keep}"}) if each.severity == "error"
    ]

    outcome = build(folder)

    assert kept == ["artwork-not-square"]
    assert outcome.stopped == ()
    first = channel(folder).findall(f"{PODCAST}image")[0]
    assert (first.get("width"), first.get("height"), first.get("alt")) == ("1600", "1600", "The sea")
    with Image.open(folder / "public" / first.get("href").removeprefix(SITE)) as picture:
        assert picture.size == (1600, 1600)
        red, green, _ = picture.getpixel((800, 10))  # type: ignore[misc]
        assert red > 240 > 20 > green


@pytest.mark.parametrize(
    "name", ["print.jpg", "alpha.png", "grey.jpg", "huge.jpg", "wide.jpg", "sideways-wide.jpg", "tall-heavy.png"]
)
def test_filling_up_mends_what_apps_do_not_take(project: Project, told: Told, name: str) -> None:
    """The author is told once that a copy goes out, and nothing else."""
    files = {
        "artwork/sideways-wide.jpg": located((1600, 1400), tags={0x112: 6}).replace(CANARY, b"x" * len(CANARY)),
        "artwork/tall-heavy.png": heavy(),
    }

    found = [each.rule for each in told(show={"artwork": f"{{path: artwork/{name}, fit: pad}}"}, files=files)]

    assert [rule for rule in found if rule.startswith("artwork-") and rule != "artwork-tells-location"] == [
        "artwork-mended"
    ]


def test_good_cover_that_is_turned_goes_out_upright(project: Project, told: Told) -> None:
    """Told where nobody asked for a copy that apps take."""
    turned = located((1500, 1500), tags={0x112: 6}).replace(CANARY, b"x" * len(CANARY))
    files = {"artwork/turned.jpg": turned}

    def rules(artwork: str) -> set[str]:
        return {each.rule for each in told(show={"artwork": artwork}, files=files) if each.rule.startswith("artwork-")}

    folder = project(show={"artwork": "artwork/turned.jpg"}, files=files)
    build(folder)

    assert rules("artwork/turned.jpg") - rules("{path: artwork/turned.jpg, fit: pad}") == {"artwork-turned"}
    first = channel(folder).find(f"{ITUNES}image").get("href").removeprefix(SITE)
    with Image.open(folder / "public" / first) as picture:
        assert picture.size == (1500, 1500)
        assert not picture.getexif()
        assert picture.convert("L").getpixel((1490, 750)) < 10 < 240 < picture.convert("L").getpixel((10, 750))  # type: ignore[operator]


def heavy() -> bytes:
    """A picture of more than 2 MB."""
    stream = io.BytesIO()
    Image.effect_noise((1400, 1800), 80).convert("RGB").save(stream, "PNG")
    assert len(stream.getvalue()) > 2_000_000
    return stream.getvalue()


def test_small_cover_is_scaled_up_from_700_pixels_on(told: Told) -> None:
    """Below that it would be blurred, and is an error of its own words."""
    (fault,) = [
        each for each in told(show={"artwork": "{path: artwork/small.jpg, fit: pad}"}) if each.severity == "error"
    ]

    assert (fault.rule, fault.message) == (
        "artwork-too-small",
        "“artwork/small.jpg” is 600×600 pixels; “fit: pad” needs 700 at one side",
    )


@pytest.mark.parametrize(
    ("artwork", "rule", "message"),
    [
        ("{path: artwork/cover.jpg, fit: crop}", "artwork-fit-invalid", "“fit”: “crop” is not one of keep, pad"),
        (
            "{path: artwork/cover.jpg, fit: pad, background: navy}",
            "artwork-background-invalid",
            "“background”: “navy” is no colour",
        ),
        (
            "\n      path: artwork/cover.jpg\n      fit: pad\n      background: #000080",
            "artwork-background-invalid",
            "“background” has no colour; what begins with # is a comment unless it is in quotes",
        ),
        (
            "{path: artwork/cover.jpg, background: 000080}",
            "artwork-background-unused",
            "“background” has no effect without “fit: pad”",
        ),
        ("{path: artwork/cover.jpg, size: 3000}", "setting-unknown", "“size” is not a setting here"),
        ("{fit: pad}", "artwork-missing", "the show has no cover picture"),
    ],
)
def test_settings_of_a_cover_that_cannot_be_read_are_told(told: Told, artwork: str, rule: str, message: str) -> None:
    found = [(each.rule, each.message) for each in told(show={"artwork": artwork}) if each.position.line > 5]

    assert found == [(rule, message)]


# ------------------------------------------------------------------------------------------------ privacy


@pytest.mark.failure("IN-22")
def test_where_a_picture_was_taken_stays_at_home(project: Project) -> None:
    """Cover, episode's picture, thumbnail, face, chapter and notes: nothing below the output says it."""
    files = {
        "artwork/cover.jpg": located((1500, 1500)),
        "artwork/own.png": located((1500, 1500), "PNG"),
        "artwork/page.jpg": located((800, 600), progressive=True),
        "artwork/face.jpg": located((300, 300), tags={0x112: 8}),
        "artwork/notes.webp": located((300, 300), "WEBP"),
        "artwork/notes.jpg": located((300, 300)) + located((40, 40)),
        "artwork/cut.jpg": located((300, 300), quality=100)[:-2000],
        "artwork/chapter.jpg": located((500, 500)),
    }
    notes = "![a](/artwork/notes.webp) ![b](/artwork/notes.jpg) ![c](/artwork/cut.jpg)\n"
    header = "\n".join(
        [
            *("---", "title: Tides", "date: 2025-06-02 05:00:00 +0900", "audio_file_path: /audio/good.mp3"),
            *("description: The sea.", "actor_ids: [ada]", "image_url: /artwork/own.png"),
            *("thumbnail_url: /artwork/page.jpg", "chapters:"),
            *('  - {time: "00:00", title: Begin}', '  - {time: "00:03", title: Sea, image: /artwork/chapter.jpg}'),
            *("---", ""),
        ]
    )
    folder = project(
        config={"actors": "{ada: {name: Ada, image_url: /artwork/face.jpg}}"},
        files={**files, "episodes/1.md": header + notes},
    )

    outcome = build(folder)

    assert outcome.stopped == ()
    out = tree(folder / "public")
    names = {"page.jpg", "face.jpg", "notes.webp", "notes.jpg", "cut.jpg", "chapter.jpg"}
    assert {f"artwork/{name}" for name in names} <= out.keys()
    for path, data in out.items():
        assert CANARY not in data, path
        assert b"GPS" not in data, path
    assert {path: (folder / path).read_bytes() for path in files} == files
    assert {each.rule for each in outcome.diagnostics} >= {"artwork-tells-location"}


def test_place_in_a_picture_is_told(told: Told) -> None:
    """Of the cover and of both pictures of an episode; the file itself may be public too."""
    found = told(header={"image_url": "/artwork/located.jpg", "thumbnail_url": "/artwork/located.jpg"})

    assert [(each.rule, each.position.line) for each in found if each.rule.startswith("artwork-")] == [
        ("artwork-tells-location", 7),
        ("artwork-tells-location", 8),
    ]
