"""The JSON Schemas for editors refuse what podfeed calls an error, and nothing that it takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
import yaml
from commands import ROOT, podfeed
from jsonschema import Draft7Validator

from podfeed.check.registry import rules
from podfeed.model import Actor, Config, Show
from podfeed.read import settings
from podfeed.read.decode import decode_config, decode_episode
from podfeed.read.source import read_config_file, read_episode_file
from podfeed.schema import config_around, schema
from podfeed.testing import EXAMPLE_CONFIG, EXAMPLE_HEADER, EXAMPLE_SHOW, example_project

RADIO = Show(id="radio", title="Harbour Radio", feed="f.xml", permalink="/{slug}/", timezone="Asia/Tokyo")
ACTORS = {id: Actor(id=id, name=id) for id in ("ada", "潮見", "7")}
CONFIG = Config(shows={"radio": RADIO}, actors=ACTORS)


class _Editor(yaml.SafeLoader):
    """YAML 1.2, as editors read it: a date is a text, and so is “yes”."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _kind, _pattern in {
    "null": "~|null|Null|NULL|",
    "bool": "true|True|TRUE|false|False|FALSE",
    "int": "[-+]?[0-9]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
}.items():
    _Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), None)


def faults(of: Literal["episode", "config"], text: str, config: Config = CONFIG) -> list[str]:
    """Where an editor would underline something in *text*."""
    found = Draft7Validator(schema(of, config)).iter_errors(yaml.load(text, Loader=_Editor))
    return [".".join(map(str, each.absolute_path)) or each.message for each in found]


def _lines(values: dict[str, str | None], indent: str = "") -> str:
    return "".join(f"{indent}{name}: {value}\n" for name, value in values.items() if value is not None)


def header(**changes: str | None) -> str:
    """The header of the example episode with these *changes*."""
    return _lines({**EXAMPLE_HEADER, **changes})


def config_text(show: dict[str, str | None] | None = None, **changes: str | None) -> str:
    """The example's config.yaml with these *changes*."""
    return (
        _lines({**EXAMPLE_CONFIG, **changes}) + "shows:\n  radio:\n" + _lines({**EXAMPLE_SHOW, **(show or {})}, "    ")
    )


# ------------------------------------------------------------------------------------------ the schemas


@pytest.mark.parametrize("of", ["episode", "config"])
@pytest.mark.parametrize("config", [CONFIG, Config()], ids=["in a project", "without a project"])
def test_schema_is_one(of: Literal["episode", "config"], config: Config) -> None:
    """It is valid itself, in the draft that VS Code reads."""
    found = schema(of, config)

    Draft7Validator.check_schema(found)
    assert found["$schema"] == "http://json-schema.org/draft-07/schema#"


def _all_settings(found: tuple[settings.Setting, ...]) -> Iterator[settings.Setting]:
    for each in found:
        yield from (each, *_all_settings(each.below))


SETTINGS = [*_all_settings(settings.EPISODE), *_all_settings(settings.CONFIG), *settings.WAIVER]


def test_rules_of_a_setting_are_there() -> None:
    """No setting speaks of rules that have another name by now."""
    dead = {
        prefix for each in SETTINGS for prefix in each.rules if not any(name.startswith(prefix) for name in rules())
    }

    assert dead == set()


@pytest.mark.parametrize(
    "each", [*settings.CONFIG, *settings.SHOW, *settings.ACTOR, *settings.MATCH], ids=lambda each: each.name
)
def test_setting_of_config_is_described(each: settings.Setting) -> None:
    """What the schema knows, configuration.md explains. (Fields of an episode: tests/test_docs.py.)"""
    assert f"\n| `{each.name}` |" in (ROOT / "docs/reference/configuration.md").read_text("utf-8")


def test_description_names_the_rules() -> None:
    """Whoever points at a setting reads what it is for, and what may be wrong with it."""
    season = schema("episode", CONFIG)["properties"]["season"]["description"]

    assert season.startswith("The number of the season.\n\nepisode-season-")
    assert f"episode-season-invalid: {rules()['episode-season-invalid'].summary}" in season.splitlines()


def test_only_what_can_be_quieted_is_offered() -> None:
    """In an episode neither what breaks feeds nor what directories refuse; in config.yaml the latter too."""
    episode = schema("episode", CONFIG)["properties"]["ignore"]["properties"]
    checks = schema("config", CONFIG)["properties"]["checks"]["properties"]
    config = checks["ignore"]["properties"]

    names = {"date-implausible", "explicit-invalid", "audio-empty", "waiver-unused"}
    assert names & episode.keys() == {"date-implausible"}
    assert names & config.keys() == {"date-implausible", "explicit-invalid"}


# -------------------------------------------------------------------------------------------- examples


EPISODES = sorted(path for path in (ROOT / "episodes").rglob("*.md") if path.read_text("utf-8").startswith("---\n"))


@pytest.mark.parametrize("path", EPISODES, ids=[path.stem for path in EPISODES])
def test_example_episode_is_in_order(path: Path) -> None:
    """No editor underlines anything in the examples."""
    source = read_episode_file(path.name, path.read_bytes())

    assert faults("episode", source.text[source.header_start : source.header_end], config_around(ROOT)) == []


def test_example_config_is_in_order() -> None:
    """Nor in their config.yaml."""
    assert faults("config", (ROOT / "config.yaml").read_text("utf-8"), config_around(ROOT)) == []


# ---------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "2024"),
        ("title", "true"),
        ("title", "第12回"),
        ("date", "2026-01-31"),
        ("date", "2026/1/31 6:00"),
        ("date", "2026-01-31T06:00:00+09:00"),
        ("date", "Sat, 31 Jan 2026 06:00:00 +0900"),
        ("date", "31 Jan 2026 06:00:00 +0900"),
        ("date", "２０２６-０１-３１ ０６:００:００ +0900"),
        ("description", None),
        ("description", "~"),
        ("audio_file_size", "0"),
        ("audio_file_size", '"1,234,567"'),
        ("audio_file_size", "１２３"),
        ("duration", "00:00"),
        ("duration", '"00:00"'),
        ("duration", "1:02:03"),
        ("duration", "2730"),
        ("duration", "593.058"),
        ("duration", "593.058s"),
        ("duration", "PT1H2M3S"),
        ("duration", "１０:０６"),
        ("actor_ids", "[ada, 潮見, 7]"),
        ("actor_ids", "ada"),
        ("actor_ids", ""),
        ("show", "radio"),
        ("draft", "true"),
        ("draft", "No"),
        ("draft", '"off"'),
        ("season", "2"),
        ("season", '"2"'),
        ("episode", "１２"),
        ("episode", ""),
        ("episode_type", "Bonus"),
        ("explicit", "clean"),
        ("explicit", "yes"),
        ("layout", "article"),
        ("tags", "[a, b]"),
        ("ignore", "{date-implausible: r, no-such-rule: r}"),
        ("ignore", "{date-implausible: {reason: r, until: 2026-12-31}}"),
        ("location", "横浜"),
        ("location", "[横浜, {name: A, rel: Creator, geo: 'geo:1,2'}]"),
        ("soundbites", "{start: 12:30, duration: 20.5}"),
        ("soundbites", "[{start: 1, duration: ２０, title: 朝}]"),
        ("roles", "{ada: guest, bo: {role: Editor, group: Writing}}"),
        ("roles", ""),
        ("social_interact", "{protocol: ActivityPub, uri: https://a.example, priority: 1}"),
        ("content_links", "[{url: https://a.example, text: Watch}]"),
        ("txt", "{text: 05124, purpose: verify}"),
        ("txt", "[a, b]"),
        ("season_name", "2024"),
        ("extra_tags", "<podcast:txt>a</podcast:txt>"),
    ],
)
def test_what_podfeed_takes_is_not_underlined(name: str, value: str | None) -> None:
    """Oddities are podfeed's to tell, in words; and so are another tool's settings."""
    data = f"---\n{header(**{name: value})}---\n".encode()
    decoded = decode_episode(read_episode_file("episodes/1.md", data), data, CONFIG)

    told = [each for each in decoded.faults if rules()[each.rule].severity == "error"]
    assert (told, faults("episode", header(**{name: value}))) == ([], [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", '""'),
        ("title", "[Tides]"),
        ("date", "31/1/2026"),
        ("date", "soon"),
        ("date", "2026"),
        ("audio_file_size", "12 MB"),
        ("audio_file_size", "-1"),
        ("duration", "90 min"),
        ("duration", "1:75"),
        ("duration", "[1]"),
        ("actor_ids", "[adda]"),
        ("actor_ids", "{ada: 1}"),
        ("show", "televison"),
        ("draft", "maybe"),
        ("draft", ""),
        ("season", "two"),
        ("season", "0"),
        ("season", "1.5"),
        ("episode", '"12a"'),
        ("episode_type", "extra"),
        ("explicit", "maybe"),
        ("ignore", "date-implausible"),
        ("ignore", "{date-implausible: [r]}"),
        ("ignore", "{date-implausible: {until: 2026-12-31}}"),
        ("ignore", "{date-implausible: {reason: r, until: next year}}"),
        ("location", "{geo: 'geo:1,2'}"),
        ("location", "{name: A, rel: about}"),
        ("soundbites", "{start: 1}"),
        ("soundbites", "12:30"),
        ("soundbites", "{start: soon, duration: 20}"),
        ("roles", "guest"),
        ("social_interact", "{protocol: mastodon}"),
        ("content_links", "https://a.example"),
    ],
)
def test_what_podfeed_refuses_is_underlined(name: str, value: str) -> None:
    """At the setting that is wrong, or below it."""
    found = faults("episode", header(**{name: value}))

    assert [each.partition(".")[0] for each in found] == [name]


def test_setting_that_must_be_there_is_missed() -> None:
    """A title always, a date with sound, in whatever spelling; an article needs none."""
    assert faults("episode", header(title=None)) == ["'title' is a required property"]
    assert faults("episode", header(date=None)) == ["'date' is a dependency of 'audio_file_path'"]
    assert faults("episode", header(date=None, audio_file_path=None, audio="/a.mp3")) == [
        "'date' is a dependency of 'audio'"
    ]
    assert faults("episode", header(date=None, audio_file_path=None)) == []


@pytest.mark.parametrize(
    ("changes", "show"),
    [
        ({}, {}),
        ({"actors": "{ada: {name: Ada, url: https://ada.example, image_url: /a.png}, bo: , 潮見: {}}"}, {}),
        ({"checks": "{ignore: {explicit-invalid: r}}"}, {}),
        ({"targets": "{live: {s3: bucket}}", "media": "https://media.example", "timezone": ""}, {}),
        ({"site": "http://127.0.0.1:8000"}, {}),
        ({}, {"categories": "[Technology, {News: Tech News}, {Arts: [Food, Design]}]"}),
        ({}, {"categories": "Technology"}),
        ({}, {"categories": "{News: Tech News}"}),
        ({}, {"match": "{actor_ids: ada, title: '【夜行】*', path: [en/*]}"}),
        ({}, {"type": "Serial", "medium": "Music", "locked": "yes", "explicit": "clean"}),
        ({}, {"funding": "[{url: https://a.example, text: Support us}]", "hubs": "https://hub.example"}),
        ({}, {"license": "cc-by-4.0", "keywords": "[a, b]", "notes_budget": "5000"}),
        ({}, {"license": "{slug: mine, url: https://a.example/licence}"}),
        ({}, {"location": "Yokohama", "txt": "[a]", "verification": "{apple: 05124}"}),
        ({}, {"trailers": "{title: Soon, url: https://a.example/t.mp3, date: 2025-06-01 05:00 Z}"}),
        ({}, {"update_frequency": "Weekly", "block_services": "{apple: yes}"}),
        ({}, {"update_frequency": "{text: Weekly, rrule: FREQ=WEEKLY, complete: false}"}),
        ({}, {"spotify": "{country_of_origin: [jp, gb], limit: 10}"}),
        ({"namespaces": "{app: https://a.example/ns, b: 'urn:b'}"}, {"extra_tags": "<app:x/>"}),
        ({"actors": "{ada: {role: guest, group: cast}}"}, {}),
        ({}, {"guid": "9B024349-ccf0-5f69-a609-6b82873eab3c", "link": "https://a.example", "language": "zh-Hant-TW"}),
    ],
)
def test_config_that_podfeed_takes_is_not_underlined(changes: dict[str, str], show: dict[str, str]) -> None:
    """In every spelling that is read."""
    text = config_text(show, **changes)

    told = decode_config(read_config_file("config.yaml", text.encode()))[1]
    assert ([each for each in told if rules()[each.rule].severity == "error"], faults("config", text)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "show", "place"),
    [
        ({"site": "radio"}, {}, "site"),
        ({"langauge": "ja"}, {}, "Additional properties are not allowed ('langauge' was unexpected)"),
        ({"actors": "{ada: {nmae: Ada}}"}, {}, "actors.ada"),
        ({"actors": "{ada: {url: ada}}"}, {}, "actors.ada.url"),
        ({"checks": "{ignroe: {}}"}, {}, "checks"),
        ({}, {"title": None}, "shows.radio"),
        ({}, {"explicit": ""}, "shows.radio.explicit"),
        ({}, {"language": "english (uk)"}, "shows.radio.language"),
        ({}, {"categories": "[technology]"}, "shows.radio.categories"),
        ({}, {"categories": "[{Technology: Tech News}]"}, "shows.radio.categories"),
        ({}, {"match": "{titel: x}"}, "shows.radio.match"),
        ({}, {"type": "weekly"}, "shows.radio.type"),
        ({}, {"guid": "my-show"}, "shows.radio.guid"),
        ({}, {"new_feed_url": "feed.xml"}, "shows.radio.new_feed_url"),
        ({}, {"funding": "[{url: patreon, text: Support us}]"}, "shows.radio.funding"),
        ({}, {"notes_budget": "lots"}, "shows.radio.notes_budget"),
        ({"namespaces": "{app: app}"}, {}, "namespaces.app"),
        ({}, {"spotify": "{limit: 0}"}, "shows.radio.spotify.limit"),
        ({}, {"spotify": "{country: jp}"}, "shows.radio.spotify"),
        ({}, {"block_services": "{apple: maybe}"}, "shows.radio.block_services.apple"),
        ({}, {"trailers": "{title: Soon, path: /t.mp3}"}, "shows.radio.trailers"),
        ({}, {"update_frequency": "{rrule: FREQ=WEEKLY}"}, "shows.radio.update_frequency"),
    ],
)
def test_config_that_podfeed_refuses_is_underlined(
    changes: dict[str, str | None], show: dict[str, str | None], place: str
) -> None:
    """At the setting; a name that is not there is underlined in its group."""
    assert faults("config", config_text(show, **changes)) == [place]


@pytest.mark.parametrize(("id", "is_known"), [("radio-2", True), ("夜行", True), ("../radio", False), ("a b", False)])
def test_id_of_a_show_is_a_folder(id: str, is_known: bool) -> None:
    """Letters of every script, digits, “-” and “_”."""
    text = config_text().replace("  radio:\n", f'  "{id}":\n')

    assert (faults("config", text) == []) is is_known
    assert (decode_config(read_config_file("config.yaml", text.encode()))[1] == ()) is is_known


# -------------------------------------------------------------------------------------- shows and people


def test_without_a_project_every_name_is_taken() -> None:
    """Nobody is known, so nobody is wrong."""
    assert faults("episode", header(actor_ids="[anybody]", show="anything"), Config()) == []


def test_command_prints_it_in_and_out_of_a_project(tmp_path: Path) -> None:
    """The ids are those of the project one stands in."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "config.yaml").write_text(config_text())
    (tmp_path / "outside").mkdir()

    inside = json.loads(podfeed(tmp_path / "inside", "schema", "episode").stdout)
    outside = json.loads(podfeed(tmp_path / "outside", "schema", "episode").stdout)
    config = json.loads(podfeed(tmp_path / "inside", "schema", "config").stdout)

    assert inside["properties"]["show"]["anyOf"] == [{"enum": ["radio"]}, {"type": "null"}]
    assert inside["properties"]["actor_ids"]["anyOf"][0] == {"type": "array", "items": {"enum": ["ada"]}}
    assert outside["properties"]["show"]["anyOf"][0] == {"type": ["string", "number", "boolean"]}
    assert config["required"] == ["site", "shows"]


# ---------------------------------------------------------------------------------- the page for VS Code


def _json_on_the_page() -> list[Any]:
    page = (ROOT / "docs/how-to/edit-in-vs-code.md").read_text("utf-8")
    return [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]


def test_problem_matcher_reads_what_check_prints(tmp_path: Path) -> None:
    """Every fault becomes a problem at its place; carets and hints become none."""
    root = example_project(tmp_path, header={"season": "two", "subtitel": "x"})
    (root / "episodes/1.md").rename(root / "episodes/2025-06-02-海辺: 朝.md")
    matcher = _json_on_the_page()[0]["tasks"][0]["problemMatcher"]["pattern"]
    told = podfeed(root, "check").stdout.splitlines()

    problems = [found for line in told if (found := re.search(matcher["regexp"], line))]
    seasons = next(each for each in problems if each[matcher["code"]] == "episode-season-invalid")

    assert len(problems) == len(json.loads(podfeed(root, "check", "--format", "json").stdout)["diagnostics"])
    assert seasons[matcher["file"]] == "episodes/2025-06-02-海辺: 朝.md"
    assert (seasons[matcher["line"]], seasons[matcher["column"]], seasons[matcher["severity"]]) == ("7", "9", "error")
    assert seasons[matcher["message"]].startswith("“season”: expected a whole number")


def test_form_has_fields_that_are_there() -> None:
    """The fields of the form are podfeed's, and so are the words to choose from."""
    form = next(each for each in _json_on_the_page() if "frontMatter.taxonomy.contentTypes" in each)
    fields = {each["name"]: each for each in form["frontMatter.taxonomy.contentTypes"][0]["fields"]}

    assert fields.keys() <= settings.names(settings.EPISODE)
    assert tuple(fields["episode_type"]["choices"]) == settings.EPISODE_TYPES
