"""Chapters on their way out: one list, and everything that tells of them is made of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import feedparser
import podcastparser
import pytest
from commands import NOW, PODCAST, build, items, stamps, tree
from lxml import etree
from mutagen.id3 import APIC, CHAP, CTOC, ID3, TIT2, CTOCFlags

from podfeed.checking import check
from podfeed.diagnostics import Diagnostic
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.model import Chapter
from podfeed.read.audio import measure
from podfeed.read.chapter_files import read
from podfeed.render.chapters import json_file, stamps_html, vtt_file
from podfeed.render.chapters import stamps as time_stamps
from podfeed.testing import tiny_mp3

Project = Callable[..., Path]
Told = Callable[..., tuple[Diagnostic, ...]]

PODLOVE = "{http://podlove.org/simple-chapters}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

#: Three chapters that the ten seconds of the example's audio hold, in every spelling.
THREE = [(0, "Ebb"), (3.5, "競りの鐘"), (6, "Flood & <foam>")]
HEADER = """
  - 00:00 Ebb
  - {time: "00:03.500", title: 競りの鐘, link: "https://bell.example/", image: /artwork/small.jpg}
  - time: 00:00:05
    hidden: true
    image: https://bell.example/rope.jpg
  - 00:06 Flood & <foam>"""
LINES = "00:00:00.000 Ebb\n00:00:03.500 競りの鐘\n00:00:06.000 Flood & <foam>\n"
STAMPS = "00:00 Ebb\n(0:03) 競りの鐘\n０：０６　Flood &amp; \\<foam>\n"


def at(seconds: float, title: str = "", **values: object) -> Chapter:
    """A chapter that begins so many seconds from the start."""
    return Chapter(start=timedelta(seconds=seconds), title=title, **values)  # type: ignore[arg-type]


def example(project: Project, chapters: str = "", *, notes: str = "Hello.\n", **settings: str) -> Path:
    """A project whose one episode has *chapters* in its header, these notes, and further settings and files."""
    files = {path: text for path, text in settings.items() if "." in path}
    lines = {
        "title": "Tides",
        "date": "2025-06-02 05:00:00 +0900",
        "audio_file_path": "/audio/good.mp3",
        "description": "The moon pulls.",
        **({"chapters": chapters} if chapters else {}),
        **{name: value for name, value in settings.items() if name not in files},
    }
    header = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return project(files={"episodes/1.md": f"---\n{header}---\n{notes}", **files})


def built(folder: Path) -> Path:
    """*folder* after a build, at what it put there."""
    build(folder)
    return folder / "public"


def item(public: Path) -> etree._Element:
    """The one item of the built feed."""
    (found,) = items(public / "radio/feed.xml").values()
    return found


def listed(public: Path) -> list[dict[str, object]]:
    """The chapters of the file that the item names."""
    named = item(public).find(f"{PODCAST}chapters")
    assert named is not None and named.get("type") == "application/json+chapters"
    url = str(named.get("url"))
    assert url.startswith("https://radio.podfeed.example/radio/1/chapters.")
    return list(json.loads((public / url.removeprefix("https://radio.podfeed.example/")).read_bytes())["chapters"])


def podlove(public: Path) -> list[tuple[str | None, str | None]]:
    """The chapters inside the item."""
    return [(each.get("start"), each.get("title")) for each in item(public).iter(f"{PODLOVE}chapter")]


def texts(public: Path) -> tuple[str, str]:
    """The description and the notes of the item."""
    return item(public).findtext("description") or "", item(public).findtext(CONTENT) or ""


# ------------------------------------------------------------------------------------------ every output


def test_one_list_makes_every_output(project: Project) -> None:
    """The file, the item, the notes, the description, the track and the page say the same, in their own ways."""
    public = built(example(project, HEADER))

    assert listed(public) == [
        {"startTime": 0, "title": "Ebb"},
        {
            "startTime": 3.5,
            "title": "競りの鐘",
            "img": "https://radio.podfeed.example/artwork/small.jpg",
            "url": "https://bell.example/",
        },
        {"startTime": 5, "img": "https://bell.example/rope.jpg", "toc": False},
        {"startTime": 6, "title": "Flood & <foam>"},
    ]
    assert podlove(public) == [
        ("00:00:00.000", "Ebb"),
        ("00:00:03.500", "競りの鐘"),
        ("00:00:06.000", "Flood & <foam>"),
    ]
    description, notes = texts(public)
    assert description == "The moon pulls.\n\n00:00 Ebb\n00:03 競りの鐘\n00:06 Flood & <foam>"
    assert notes == "<p>Hello.</p>\n<p>00:00 Ebb<br>\n00:03 競りの鐘<br>\n00:06 Flood &amp; &lt;foam&gt;</p>\n"
    (track,) = (public / "radio/1").glob("chapters.*.vtt")
    assert [(each.start.total_seconds(), each.title) for each in read(track.read_bytes())[0]] == THREE
    page = (public / "radio/1/index.html").read_text("utf-8")
    assert f'<track kind="chapters" src="../../radio/1/{track.name}" srclang="en">' in page
    assert re.findall(r'#t=([\d.]+)" data-t="\1"><span>([\d:]+)</span> (?:<img [^>]*>)?([^<]*)<', page) == [
        ("0", "00:00", "Ebb"),
        ("3.5", "00:03", "競りの鐘"),
        ("6", "00:06", "Flood &amp; &lt;foam&gt;"),
    ]
    assert (public / "artwork/small.jpg").is_file()


def test_parsers_read_the_chapters_back(project: Project) -> None:
    """What gPodder and readers of feeds are built on finds what was written."""
    feed = built(example(project, HEADER)) / "radio/feed.xml"

    (by_feedparser,) = feedparser.parse(feed.read_bytes()).entries
    with feed.open("rb") as file:
        (by_podcastparser,) = podcastparser.parse("https://radio.podfeed.example/radio/feed.xml", file)["episodes"]

    assert [each["title"] for each in by_feedparser.psc_chapters.chapters] == [title for _, title in THREE]
    assert [each["start_parsed"].total_seconds() for each in by_feedparser.psc_chapters.chapters] == [
        start for start, _ in THREE
    ]
    whole = [(int(start), title) for start, title in THREE]  # as gPodder keeps them
    assert [(each["start"], each["title"]) for each in by_podcastparser["chapters"]] == whole


def test_project_and_built_feed_have_no_fault(project: Project) -> None:
    """podfeed finds nothing to mend in chapters that are well, nor in what it makes of them."""
    folder = example(project, HEADER.replace(" & <foam>", ""))
    feed = built(folder) / "radio/feed.xml"

    told = (*check(load(folder), now=NOW), *lint(feed.read_bytes(), "feed.xml", now=NOW))

    assert [each.rule for each in told if each.severity != "info"] == []


def test_feed_without_chapters_knows_nothing_of_them(project: Project) -> None:
    """Neither a tag nor a namespace nor a file: nobody's feed changes because others have chapters."""
    public = built(example(project))

    assert "chapters" not in (public / "radio/feed.xml").read_text("utf-8")
    assert "simple-chapters" not in (public / "radio/feed.xml").read_text("utf-8")
    assert not [path for path in tree(public) if "chapters" in path]
    assert "chapters" not in (public / "radio/1/index.html").read_text("utf-8")


# ----------------------------------------------------------------------------------------- every source


def _tagged(folder: Path, chapters: list[tuple[float, str]]) -> None:
    """Write *chapters* into the audio of the project in *folder*, the last one first."""
    tags = ID3(folder / "audio/good.mp3")
    ids = [f"chp{number}" for number in range(len(chapters))]
    tags.add(CTOC(element_id="toc", flags=CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED, child_element_ids=ids))
    ends = [*(start for start, _ in chapters[1:]), 10]
    for id, (start, title), end in reversed(list(zip(ids, chapters, ends, strict=True))):
        times = {"start_time": round(start * 1000), "end_time": round(end * 1000)}
        tags.add(CHAP(element_id=id, **times, sub_frames=[TIT2(text=title)]))
    tags.save(folder / "audio/good.mp3")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("good.chapters.json", json_file([at(start, title) for start, title in THREE])[1].decode()),
        ("good.chapters.vtt", vtt_file([at(start, title) for start, title in THREE], timedelta(seconds=9))[1].decode()),
        ("good.chapters.txt", LINES),
        ("good.labels.txt", "0.0\t0.0\tEbb\n3.5\t3.5\t競りの鐘\n6.0\t9.0\tFlood & <foam>\n"),
        (
            "good.psc",
            '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">'
            '<psc:chapter start="0" title="Ebb"/><psc:chapter start="3.5" title="競りの鐘"/>'
            '<psc:chapter start="6" title="Flood &amp; &lt;foam&gt;"/></psc:chapters>',
        ),
    ],
)
def test_file_beside_the_audio_is_found(project: Project, name: str, text: str) -> None:
    """It has the name of the audio, and its own ending; the episode need not name it."""
    public = built(example(project, **{f"audio/{name}": text}))

    assert [(each["startTime"], each["title"]) for each in listed(public)] == THREE
    assert [title for _, title in podlove(public)] == [title for _, title in THREE]


def test_file_that_the_episode_names_is_taken(project: Project) -> None:
    """Its pictures are looked for beside it, then in the project."""
    text = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Ebb", "img": "small.jpg"}]}'
    public = built(example(project, "/artwork/ours.json", **{"artwork/ours.json": text}))

    assert [each["img"] for each in listed(public)] == ["https://radio.podfeed.example/artwork/small.jpg"]


def test_address_of_a_file_is_passed_on(project: Project) -> None:
    """What lies elsewhere is not read, and nothing else is made up beside it."""
    public = built(example(project, "https://pier.example/ebb.json", notes=STAMPS))

    named = item(public).find(f"{PODCAST}chapters")
    assert named is not None and named.get("url") == "https://pier.example/ebb.json"
    assert podlove(public) == []


def test_chapters_inside_the_audio_are_taken(project: Project) -> None:
    """By time, whatever their order in the file."""
    folder = example(project)
    _tagged(folder, THREE)

    public = built(folder)

    assert [(each["startTime"], each["title"]) for each in listed(public)] == THREE
    assert podlove(public)[1] == ("00:00:03.500", "競りの鐘")


@pytest.mark.parametrize("where", ["notes", "description"])
def test_time_stamps_of_the_author_are_taken_and_not_repeated(project: Project, where: str) -> None:
    """They become chapters for apps that look elsewhere; where they stand already, they stand once."""
    plain = "00:00 Ebb\n  00:03 競りの鐘\n  00:06 Flood\n"
    folder = example(project, notes=STAMPS) if where == "notes" else example(project, description=f"|\n  {plain}")

    public = built(folder)

    assert [each["startTime"] for each in listed(public)] == [0, 3, 6]
    description, notes = texts(public)
    assert (description.count("競りの鐘"), notes.count("競りの鐘")) == (1, 1)
    if where == "notes":
        assert notes == "<p>00:00 Ebb<br>\n(0:03) 競りの鐘<br>\n0:06　Flood &amp; &lt;foam&gt;</p>\n"
        assert description == "The moon pulls.\n\n00:00 Ebb\n00:03 競りの鐘\n00:06 Flood & <foam>"


def test_first_source_counts(project: Project) -> None:
    """Header, file, audio, notes: the first that lists chapters makes everything."""
    header = "\n  - 00:00 header\n"
    folder = example(project, header, notes=STAMPS, **{"audio/good.chapters.txt": "00:00 file\n"})
    _tagged(folder, [(0, "audio")])

    def title() -> object:
        return listed(built(folder))[0]["title"]

    assert title() == "header"
    episode = folder / "episodes/1.md"
    episode.write_text(episode.read_text("utf-8").replace(f"chapters: {header}", ""), "utf-8")
    assert title() == "file"
    (folder / "audio/good.chapters.txt").unlink()
    assert title() == "audio"
    tiny_mp3(folder / "audio/good.mp3")
    assert title() == "Ebb"


# -------------------------------------------------------------------------------------------- promises


def test_chapters_of_a_draft_stay_at_home(project: Project) -> None:
    """Neither their titles nor their pictures nor their files are anywhere below the output."""
    text = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Secret", "img": "small.jpg"}]}'
    hidden = "---\ntitle: Plan\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/other.mp3\n{}---\n"
    files = {
        "artwork/other.json": text,
        "episodes/2.md": hidden.format("draft: true\nchapters: /artwork/other.json\n"),
        "episodes/3.md": hidden.replace("2025-06-09", "2099-06-09").format("chapters: [0:00 Secret]\n"),
    }

    public = built(example(project, **files))

    assert not [path for path, data in tree(public).items() if b"Secret" in data or "small" in path]


def test_no_file_goes_out_as_a_picture_that_is_none(project: Project) -> None:
    """Somebody who waives the rule still does not publish what lies behind the path."""
    chapters = "\n  - {time: 0:00, title: Ebb, image: /config.yaml}\n"
    public = built(example(project, chapters, ignore="{chapter-picture-unusable: soon}"))

    assert "img" not in listed(public)[0]
    assert not [path for path in tree(public) if "config" in path]


def test_same_chapters_change_nothing(project: Project) -> None:
    """A second build writes nothing; another project with the same files gets the same bytes."""
    folder = example(project, HEADER)
    public = built(folder)
    before = stamps(public)

    build(folder)

    assert stamps(public) == before
    assert tree(built(example(project, HEADER))) == tree(public)


@pytest.mark.parametrize("where", ["header", "file"])
def test_new_title_is_everywhere(project: Project, where: str) -> None:
    """The old files are gone, and the new ones have new names: apps that never look again look again."""
    files = {"audio/good.chapters.txt": LINES} if where == "file" else {}
    folder = example(project, HEADER if where == "header" else "", **files)
    before = tree(built(folder))

    changed = folder / ("audio/good.chapters.txt" if where == "file" else "episodes/1.md")
    changed.write_text(changed.read_text("utf-8").replace("Ebb", "Neap"), "utf-8")
    after = tree(built(folder))

    new, old = after.keys() - before.keys(), before.keys() - after.keys()
    assert [re.sub(r"[0-9a-f]{8}", "", path) for path in sorted(new, key=len)] == [
        "radio/1/chapters..vtt",
        "radio/1/chapters..json",
    ]
    assert len(old) == 2
    assert all(b"Neap" in after[path] for path in [*new, "radio/feed.xml", "radio/1/index.html"])


def test_chapters_survive_audio_that_is_not_here(project: Project) -> None:
    """A checkout without the audio builds the same feed: podfeed.lock remembers what is inside."""
    folder = example(project)
    _tagged(folder, THREE)
    feed = built(folder) / "radio/feed.xml"
    before = feed.read_bytes()

    (folder / "audio/good.mp3").unlink()
    shutil.rmtree(folder / ".podfeed", ignore_errors=True)
    build(folder)

    assert feed.read_bytes() == before


# ----------------------------------------------------------------- pitfalls, as the specification lists them


def _audio_chapters(folder: Path) -> tuple[Chapter, ...]:
    facts = measure(folder / "audio/good.mp3")
    return facts.chapters


def _rules(folder: Path) -> set[str]:
    return {each.rule for each in check(load(folder), now=NOW)}


def start_as_text(project: Project) -> None:
    text = '{"version": "1.2.0", "chapters": [{"startTime": "00:01:02", "title": "Ebb"}]}'
    assert "chapter-start-invalid" in _rules(example(project, **{"audio/good.chapters.json": text}))


def fractions_are_cut(project: Project) -> None:
    assert time_stamps([at(0, "a"), at(1.2, "b"), at(1.9, "c"), at(3, "d")]) == ()
    assert time_stamps([at(0, "a"), at(1.9, "b"), at(2, "c")]) == ("00:00 a", "00:01 b", "00:02 c")


def copies_are_kept(project: Project) -> None:
    names = {json_file([at(0, title)])[0] for title in ("a", "b", "a")}
    assert len(names) == 2


def insecure_pictures(project: Project) -> None:
    chapters = '\n  - {time: 0:00, title: Ebb, image: "http://a.example/b.jpg"}'
    assert "chapter-picture-insecure" in _rules(example(project, chapters))


def bare_seconds(project: Project) -> None:
    public = built(example(project, "\n  - 00:00 Ebb\n  - {time: 6, title: Flood}"))
    assert podlove(public) == [("00:00:00.000", "Ebb"), ("00:00:06.000", "Flood")]


def unknown_namespace(project: Project) -> None:
    data = (built(example(project, HEADER)) / "radio/feed.xml").read_bytes()
    assert data.count(b"http://podlove.org/simple-chapters") == 1
    without = (built(example(project)) / "radio/feed.xml").read_bytes()
    assert b"podlove" not in without


def frames_by_size(project: Project) -> None:
    folder = example(project)
    _tagged(folder, [(0, "a much longer title than all the others"), (3, "b"), (6, "cc")])
    assert [each.start.total_seconds() for each in _audio_chapters(folder)] == [0, 3, 6]


def titles_in_utf_16(project: Project) -> None:
    folder = example(project)
    _tagged(folder, THREE)
    tags = ID3(folder / "audio/good.mp3")
    tags.update_to_v23()
    tags.save(folder / "audio/good.mp3", v2_version=3)
    assert [each.title for each in _audio_chapters(folder)] == [title for _, title in THREE]


def ends_overlap(project: Project) -> None:
    overlapping = [at(0, "a", end=timedelta(seconds=99)), at(3, "b", end=timedelta(seconds=4)), at(6, "c")]
    found, _ = read(vtt_file(overlapping, timedelta(seconds=10))[1])
    assert [each.end.total_seconds() for each in found if each.end] == [3, 4, 10]


def odd_element_ids(project: Project) -> None:
    folder = example(project)
    tags = ID3(folder / "audio/good.mp3")
    for number, id in enumerate(("chapitre-é", "b c", "0")):
        times = {"start_time": number * 1000, "end_time": number * 1000 + 1000}
        tags.add(CHAP(element_id=id, **times, sub_frames=[TIT2(text=id)]))
    tags.save(folder / "audio/good.mp3")
    assert [each.title for each in _audio_chapters(folder)] == ["chapitre-é", "b c", "0"]


def pictures_in_the_tag(project: Project) -> None:
    folder = example(project)
    tags = ID3(folder / "audio/good.mp3")
    picture = APIC(mime="image/jpeg", type=3, data=(folder / "artwork/small.jpg").read_bytes())
    tags.add(CHAP(element_id="c", start_time=0, end_time=9000, sub_frames=[TIT2(text="Ebb"), picture]))
    tags.save(folder / "audio/good.mp3")
    assert listed(built(folder)) == [{"startTime": 0, "title": "Ebb", "endTime": 9}]


def _with_ffmpeg(folder: Path, chapters: list[tuple[int, str]]) -> Path:
    """An M4A of ten seconds with *chapters*, as ffmpeg writes them from a file of metadata."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg, which makes M4A files, is not installed")
    lines = [";FFMETADATA1"]
    for start, title in chapters:
        escaped = re.sub(r"([=;#\\\n])", r"\\\1", title)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={start + 20}", f"title={escaped}"]
    (folder / "chapters.ini").write_text("\n".join(lines) + "\n", "utf-8")
    sound = ["-f", "lavfi", "-i", "anoisesrc=r=44100:seed=1", "-f", "ffmetadata", "-i", str(folder / "chapters.ini")]
    path = folder / "audio/made.m4a"
    command = ["ffmpeg", "-v", "error", "-y", *sound, "-map_metadata", "1", "-t", "10", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def long_titles_in_mp4(project: Project) -> None:
    title = "潮" * 60
    facts = measure(_with_ffmpeg(example(project), [(0, title), (5000, "b")]))
    assert [each.title for each in facts.chapters] == [title, "b"]


def more_than_255_chapters(project: Project) -> None:
    lines = "".join(f"00:00:0{n // 100}.{n % 100:02}0 {n}\n" for n in range(300))
    public = built(example(project, **{"audio/good.chapters.txt": lines}))
    assert (len(listed(public)), len(podlove(public))) == (300, 300)


def mp4_by_ffmpeg(project: Project) -> None:
    facts = measure(_with_ffmpeg(example(project), [(0, "Ebb"), (3500, "競りの鐘")]))
    assert [(each.start.total_seconds(), each.title) for each in facts.chapters] == THREE[:2]


def escapes_of_ffmetadata(project: Project) -> None:
    titles = ["a = b; #c", "back\\slash"]
    facts = measure(_with_ffmpeg(example(project), [(0, titles[0]), (5000, titles[1])]))
    assert [each.title for each in facts.chapters] == titles


def several_sources(project: Project) -> None:
    folder = example(project, "\n  - 00:00 Ebb\n  - 00:06 Flood")
    _tagged(folder, THREE)
    assert "chapter-sources-disagree" in _rules(folder)
    public = built(folder)
    assert (len(listed(public)), len(podlove(public))) == (2, 2)


def hidden_chapters(project: Project) -> None:
    public = built(example(project, HEADER))
    assert [each.get("toc", True) for each in listed(public)] == [True, True, False, True]
    assert len(podlove(public)) == 3
    assert "00:05" not in "".join(texts(public))


def one_paragraph(project: Project) -> None:
    _, notes = texts(built(example(project, notes="目次\n00:00 潮\n00:03 鐘\n00:06 氷\nまた来週\n")))
    assert notes == "<p>目次<br>\n00:00 潮<br>\n00:03 鐘<br>\n00:06 氷<br>\nまた来週</p>\n"


def forms_of_stamps(project: Project) -> None:
    public = built(example(project, notes="(00:00) Ebb\n\n0:03 - Slack\n\n- 0:06 Flood\n"))
    assert [(each["startTime"], each["title"]) for each in listed(public)] == [(0, "Ebb"), (3, "Slack"), (6, "Flood")]
    assert stamps_html(time_stamps([at(0, "a"), at(62, "b"), at(3723, "c")])) == (
        "<p>00:00 a<br>\n01:02 b<br>\n01:02:03 c</p>\n"
    )


def another_cut(project: Project) -> None:
    assert "chapter-after-end" in _rules(example(project, "\n  - 00:00 Ebb\n  - 12:00 Flood"))


PITFALLS = {
    "JSON: startTime as text": start_as_text,
    "JSON: fractions are cut": fractions_are_cut,
    "JSON: copies are kept": copies_are_kept,
    "JSON: insecure pictures": insecure_pictures,
    "Podlove: bare seconds": bare_seconds,
    "Podlove: a namespace the W3C does not know": unknown_namespace,
    "ID3: frames are ordered by size": frames_by_size,
    "ID3: titles in UTF-16": titles_in_utf_16,
    "ID3: ends overlap": ends_overlap,
    "ID3: element ids": odd_element_ids,
    "ID3: pictures swell the tag": pictures_in_the_tag,
    "MP4: titles of 128 bytes and more": long_titles_in_mp4,
    "MP4: more than 255 chapters": more_than_255_chapters,
    "MP4: written by ffmpeg": mp4_by_ffmpeg,
    "MP4: escapes of ffmetadata": escapes_of_ffmetadata,
    "Several sources: the longer list wins": several_sources,
    "`toc: false`: other formats cannot hide": hidden_chapters,
    "Description: Markdown makes one paragraph": one_paragraph,
    "Description: several forms": forms_of_stamps,
    "All: another cut": another_cut,
}


@pytest.mark.parametrize("tried", [pytest.param(tried, id=row) for row, tried in PITFALLS.items()])
def test_pitfall_is_avoided(project: Project, tried: Callable[[Project], None]) -> None:
    """Each row of the specification's table of pitfalls; what podfeed does not write, it reads."""
    tried(project)


def test_every_pitfall_is_tried() -> None:
    """The table above has the rows of the specification's."""
    specification = Path(__file__).parents[2] / "shared/spec/feed-specification.md"
    if not specification.exists():
        pytest.skip("the specification lies beside the project")
    section = specification.read_text("utf-8").partition("### 6.2 Chapters")[2].partition("\n## ")[0]
    rows = section.partition("| Topic | Pitfall | Do |")[2].strip().splitlines()[1:]

    topics = Counter(row.split("|")[1].strip() for row in rows if row.startswith("|"))

    assert Counter(row.partition(": ")[0] if row[0] != "`" else "`toc: false`" for row in PITFALLS) == topics
