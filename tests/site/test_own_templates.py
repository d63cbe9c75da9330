"""An owner's own templates: they take the place of podfeed's, cannot run as programs, and what is wrong is told."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from commands import NOW, build, podfeed, tree

from podfeed.checking import check
from podfeed.errors import ContentError
from podfeed.loading import load
from podfeed.standstill import moved_since
from podfeed.testing import example_project

EPISODE = '{% extends "base.html" %}{% block content %}'
EPISODE += "<h1>Mine: {{ episode.title }}</h1>{{ episode.extra.guest_wine }}{% endblock %}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a setting of its author's own that was built once."""
    project = example_project(
        tmp_path_factory.mktemp("built") / "project", header={"guest_wine": "Riesling <dry>", "slug": "tides"}
    )
    build(project)
    return project


@pytest.fixture
def folder(tmp_path: Path, built: Path) -> Path:
    """The same for one test."""
    return shutil.copytree(built, tmp_path / "project")


def template(folder: Path, name: str, text: str) -> None:
    """Write the template *name* of the owner's."""
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / name).write_text(text, "utf-8")


def told(folder: Path) -> list[tuple[str, str, str, int]]:
    """What is said of templates."""
    found = check(load(folder), now=NOW)
    return [(each.severity, each.rule, each.path, each.position.line) for each in found if "template" in each.rule]


def test_template_of_the_owner_takes_the_place_of_ours(folder: Path) -> None:
    """With what the author's own settings say, escaped like everything else; other pages stay as they are."""
    before = tree(folder / "public")
    template(folder, "episode.html", EPISODE)
    build(folder)
    after = tree(folder / "public")

    assert b"<h1>Mine: Tides</h1>Riesling &lt;dry&gt;" in after["radio/tides/index.html"]
    assert {path for path, data in after.items() if before[path] != data} == {"radio/tides/index.html"}


def test_setting_may_be_called_like_a_word_of_python(tmp_path: Path) -> None:
    """Templates are compiled to Python, which its author need not know."""
    folder = example_project(tmp_path / "project", header={"class": "biology", "slug": "tides"})
    template(folder, "episode.html", "{{ episode.extra.class }} {{ near(*[frame.link]) }}")

    assert told(folder) == []
    build(folder)

    assert (folder / "public/radio/tides/index.html").read_bytes() == b"biology ../../radio/"


def test_values_are_printed_as_data(folder: Path) -> None:
    """Within what a browser reads as a script; indented where the author wants that."""
    template(folder, "episode.html", "{{ episode.extra | tojson }} {{ episode.extra | tojson(2) }}")

    build(folder)

    page = (folder / "public/radio/tides/index.html").read_text("utf-8")
    value = '"guest_wine":"Riesling \\u003cdry\\u003e"'
    assert page == f"{{{value}}} {{\n  {value}\n}}"


def test_template_that_is_deleted_gives_way_to_ours(folder: Path) -> None:
    """What was made of it does not stay."""
    before = tree(folder / "public")
    template(folder, "episode.html", EPISODE)
    build(folder)
    shutil.rmtree(folder / "templates")
    build(folder)

    assert tree(folder / "public") == before


def test_style_sheet_of_the_owner_takes_the_place_of_ours(folder: Path) -> None:
    """So does each file that pages use."""
    template(folder, "podfeed.css", "body { color: teal }\n")
    build(folder)

    assert tree(folder / "public")["podfeed.css"] == b"body { color: teal }\n"
    assert told(folder) == []


def test_changed_template_is_no_standstill(folder: Path) -> None:
    """Nothing else has to change for all pages to be looked at again."""
    template(folder, "episode.html", EPISODE)
    for path in (folder / "config.yaml", folder / "templates/episode.html"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    build(folder)
    assert moved_since(folder, folder / "public", ("",), NOW) is not None
    template(folder, "episode.html", EPISODE + " ")

    assert moved_since(folder, folder / "public", ("",), NOW) is None


# --------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n{% block content %}\n", 2),
        ("one\ntwo {{ episode.title }\n", 2),
        ("{% frobnicate %}", 1),
        ("\n\n{{ title | nosuchfilter }}", 3),
    ],
)
def test_template_that_is_none_is_told_by_check(folder: Path, text: str, line: int) -> None:
    """With its line, before anything is built; and nothing is built."""
    before = tree(folder / "public")
    template(folder, "episode.html", text)

    assert told(folder) == [("error", "template-unreadable", "templates/episode.html", line)]
    checked = podfeed(folder, "check")
    assert checked.returncode == 1
    assert f"templates/episode.html:{line}:" in checked.stdout
    assert build(folder).stopped == ("radio",)
    assert tree(folder / "public") == before


def test_name_that_nothing_has_is_told_by_build(folder: Path) -> None:
    """In a sentence, with file and line; nothing is written, and no code is shown."""
    before, lock = tree(folder / "public"), (folder / "podfeed.lock").read_bytes()
    template(folder, "episode.html", "<p>\n{{ episode.titel }}</p>")
    episode = folder / "episodes/1.md"
    episode.write_text(episode.read_text().replace("Tides", "Ebb"))
    made = podfeed(folder, "build")

    assert made.returncode == 1
    assert "“templates/episode.html”, line 2: no page can be made of this" in made.stderr
    assert "there is no “titel”" in made.stderr
    assert "Traceback" not in made.stderr
    assert "podfeed.model" not in made.stderr
    assert tree(folder / "public") == before
    assert (folder / "podfeed.lock").read_bytes() == lock


def test_fault_is_told_where_the_owner_wrote_it(folder: Path) -> None:
    """Not in podfeed's template that comes to it."""
    template(folder, "base.html", "<!DOCTYPE html>\n{% include 'nowhere.html' %}")

    with pytest.raises(ContentError, match=r"“templates/base\.html”, line 2"):
        build(folder)


@pytest.mark.parametrize("name", ["episodes.html", "episode.htm"])
def test_template_that_takes_no_place_is_told(folder: Path, name: str) -> None:
    """With the name that may be meant."""
    template(folder, name, "<p>")
    found = [each for each in check(load(folder), now=NOW) if each.rule == "template-unused"]

    assert [(each.path, each.severity, each.hint) for each in found] == [
        (f"templates/{name}", "warning", "call it “episode.html”")
    ]


def test_part_of_another_template_takes_no_place_of_ours(folder: Path) -> None:
    """It is used all the same."""
    template(folder, "wine.html", "Wine: {{ episode.extra.guest_wine }}")
    template(
        folder, "episode.html", '{% extends "base.html" %}{% block content %}{% include "wine.html" %}{% endblock %}'
    )
    build(folder)

    assert told(folder) == []
    assert b"Wine: Riesling" in tree(folder / "public")["radio/tides/index.html"]


def test_link_out_of_the_project_is_no_template(folder: Path, tmp_path: Path) -> None:
    """A project somebody proposes cannot put a file of this machine onto a page."""
    (tmp_path / "secret").write_text("CANARY")
    (folder / "templates").mkdir()
    (folder / "templates/episode.html").symlink_to(tmp_path / "secret")
    build(folder)

    assert not [path for path, data in tree(folder / "public").items() if b"CANARY" in data]


def test_template_that_takes_all_memory_is_told(folder: Path) -> None:
    """As every other fault of a template is, and not as one of podfeed's own."""
    template(folder, "episode.html", f"{{{{ 'a' * {1 << 62} }}}}")

    with pytest.raises(ContentError, match=r"templates/episode\.html.*not enough memory"):
        build(folder)


# -------------------------------------------------------------------------------------------- no program


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ near.__globals__ }}",
        "{{ near.__func__.__globals__['__builtins__']['open']('/etc/passwd').read() }}",
        "{{ stamp.__globals__.__builtins__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__['os'].environ }}",
        "{{ episode.extra.update({'a': 'b'}) }}",
        "{{ episode.title.format(episode.__class__) }}{{ '{0.__class__.__init__.__globals__}'.format(episode) }}",
        "{% for i in range(999999999) %}{% endfor %}",
    ],
)
def test_template_cannot_run_as_a_program(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may propose a template may not read the machine it is tried on, nor change what is built."""
    monkeypatch.setenv("PODFEED_CANARY", "CANARY")
    template(folder, "episode.html", text)

    with pytest.raises(ContentError, match=r"templates/episode\.html"):
        build(folder)
