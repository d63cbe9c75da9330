"""What can be written in an episode and in config.yaml, as JSON Schema: editors complete and underline by it.

A schema refuses what would be an error of podfeed's, as far as a schema can see it, and in config.yaml also names that
podfeed does not know. Draft 7 is the newest that VS Code's YAML extension reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from podfeed.check.registry import rules
from podfeed.check.show import apple_categories
from podfeed.errors import UsageError
from podfeed.loading import load_settings
from podfeed.model import Config
from podfeed.read import settings
from podfeed.read.durations import BYTES, CLOCK, ISO_8601
from podfeed.read.folder import find_project
from podfeed.read.settings import Setting

Schema = dict[str, Any]


def schema(of: Literal["episode", "config"], config: Config) -> Schema:
    """The JSON Schema of an episode's header, or of config.yaml. The shows and people of *config* are known by name."""
    head = {"$schema": "http://json-schema.org/draft-07/schema#"}
    if of == "config":
        return {**head, "title": "config.yaml of podfeed", **_group(settings.CONFIG, config)}
    audio = next(each for each in settings.EPISODE if each.name == "audio_file_path")
    return {
        **head,
        "title": "The header of an episode",
        **_group(settings.EPISODE, config),
        "additionalProperties": True,  # other tools have settings of their own there
        "dependencies": {name: ["date"] for name in (audio.name, *audio.spellings)},
    }


def config_around(folder: Path) -> Config:
    """What config.yaml says of the project that *folder* is or lies in; nothing where there is no project."""
    try:
        root = find_project(folder)
    except UsageError:
        return Config()
    return load_settings(root).config


def _group(below: Iterable[Setting], config: Config) -> Schema:
    below = tuple(below)
    return {
        "type": "object",
        "properties": {name: _one(each, config) for each in below for name in (each.name, *each.spellings)},
        "required": [each.name for each in below if each.is_required],
        "additionalProperties": False,
    }


def _one(setting: Setting, config: Config) -> Schema:
    """The schema of one setting, with what to know about it. Without a value most count as not given."""
    values = _values(setting, config)
    can_be_empty = not setting.is_required and setting.kind not in ("flag", "explicit")
    return {"description": _description(setting), **(_or_nothing(values) if can_be_empty else values)}


def _or_nothing(values: Schema) -> Schema:
    if isinstance(values.get("type"), str):
        return {**values, "type": [values["type"], "null"]}
    return _any_of(*values.get("anyOf", [values]), {"type": "null"})


def _description(setting: Setting) -> str:
    """What the setting is for, and the rules about it."""
    about = (each for each in rules().values() if setting.rules and each.name.startswith(setting.rules))
    lines = [f"{each.name}: {each.words}" for each in about if each.subjects != ("feed",)]
    return "\n".join([setting.sentence, *([""] if lines else []), *lines])


# ---------------------------------------------------------------------------------------------- values


def _values(setting: Setting, config: Config) -> Schema:
    """What may be written for *setting* where something is."""
    match setting.kind:
        case "text":
            return {**_TEXT, "minLength": 1} if setting.is_required else _TEXT
        case "word":
            return _words(*setting.words)
        case "group" if setting.bare:
            return _any_of({**_TEXT, "minLength": 1}, _group(setting.below, config))
        case "group":
            return _group(setting.below, config)
        case "groups":
            return _groups(setting, config)
        case "entries" | "roles":
            entry = _group(setting.below, config)
            entry = _any_of(_TEXT, entry) if setting.bare else entry
            return _one_or_more(entry) if setting.kind == "entries" else _by_name(entry, config.actors)
        case "formats":
            return _formats(setting.words)
        case "people":
            return _one_or_more(_known(config.actors))
        case "show":
            return _known(config.shows)
        case "categories":
            return _categories()
        case "chapters":
            return _any_of(_TEXT, {"type": "array", "items": _any_of(_TEXT, _group(setting.below, config))})
        case "waivers":
            return _waivers(config, in_episode=setting in settings.EPISODE)
        case kind:
            return _SIMPLE[kind]


def _any_of(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _one_or_more(schema: Schema) -> Schema:
    return _any_of({"type": "array", "items": schema}, schema)


def _spelt(pattern: str) -> Schema:
    """A text of this spelling. What is not plain ASCII, as full-width digits, is left to podfeed."""
    return {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$|[^\x00-\x7f]"}


def _words(*words: str) -> Schema:
    """One of *words*, which are offered as they are and read in any case."""
    letters = "|".join("".join(f"[{each.upper()}{each}]" for each in word) for word in words)
    return _any_of({"enum": list(words)}, _spelt(letters))


#: The field decides what a value is: what looks like a number is a text where a text is wanted.
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_FLAG = _any_of({"type": "boolean"}, _words("true", "false", "yes", "no", "on", "off"))
_ADDRESS = _spelt("[Hh][Tt][Tt][Pp][Ss]?://.+")
_DAY = "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"

#: What may be written, by the kind of a setting that means the same everywhere.
_SIMPLE: Mapping[str, Schema] = {
    "address": _ADDRESS,
    "addresses": {"type": "object", "additionalProperties": _or_nothing(_ADDRESS)},
    "anything": {},
    "bytes": _any_of({"type": "integer", "minimum": 0}, _spelt(BYTES.pattern)),
    "date": _spelt(rf"{_DAY}(?:[Tt\s].*)?|(?:[A-Za-z]{{3}},\s*)?[0-9]{{1,2}}\s+[A-Za-z]{{3}}\s+[0-9]{{4}}\s.*"),
    "day": _spelt(_DAY),
    "explicit": _any_of(_FLAG, _words("clean", "explicit")),
    "flag": _FLAG,
    "flags": {"type": "object", "additionalProperties": _or_nothing(_FLAG)},
    "language": _spelt("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"),
    "length": _any_of({"type": "number", "minimum": 0}, _spelt(f"{CLOCK.pattern}|{ISO_8601.pattern}")),
    "namespaces": {"type": "object", "additionalProperties": _spelt("https?://.+|urn:.+")},
    "number": _any_of({"type": "integer", "minimum": 1}, _spelt("[1-9][0-9]{0,8}")),
    "texts": _one_or_more(_TEXT),
    "uuid": _spelt("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}


def _known(ids: Iterable[str]) -> Schema:
    """One of *ids*, or any where none is known. An id of digits looks like a number to editors."""
    known = [value for id in ids for value in ((id, int(id)) if id.isdecimal() else (id,))]
    return {"enum": known} if known else _TEXT


def _groups(setting: Setting, config: Config) -> Schema:
    """Groups by id. The id of a show becomes a folder of the site."""
    below = _group(setting.below, config)
    if setting.name == "shows":
        names = {"pattern": r"^[^\s!-,./:-@\[-^`{-~]{1,100}$"}
        return {"type": "object", "minProperties": 1, "propertyNames": names, "additionalProperties": below}
    return {"type": "object", "additionalProperties": _or_nothing(below)}


def _formats(words: Iterable[str]) -> Schema:
    """``[m4a, opus]``, or ``{opus: radio/opus.xml}``."""
    group = {"type": "object", "properties": dict.fromkeys(words, _TEXT), "additionalProperties": False}
    return _any_of(*_one_or_more(_words(*words))["anyOf"], group)


def _by_name(value: Schema, names: Iterable[str] = ()) -> Schema:
    """*value* below any name; *names* are offered."""
    return {"type": "object", "properties": dict.fromkeys(names, value), "additionalProperties": value}


def _categories() -> Schema:
    """``Technology``, or ``{News: Tech News}``, or ``{News: [Tech News, Politics]}``."""
    known = apple_categories()
    below = {name: _one_or_more({"enum": list(subs)}) for name, subs in known.items() if subs}
    group = {"type": "object", "properties": below, "additionalProperties": False}
    return _one_or_more(_any_of({"enum": list(known)}, group))


def _waivers(config: Config, *, in_episode: bool) -> Schema:
    """Reasons by rule; the rules that can be quieted are offered."""
    quiet = (each for each in rules().values() if each.can_be_quieted and each.subjects != ("feed",))
    offered = (each for each in quiet if not (in_episode and each.refused_by))
    return {
        "type": "object",
        "properties": {each.name: {"description": each.words} for each in offered},
        "patternProperties": {"": _any_of(_TEXT, _group(settings.WAIVER, config))},
    }
