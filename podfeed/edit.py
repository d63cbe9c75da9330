"""The smallest text edit that puts a value into a header: every other character stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime

from podfeed.read.dates import format_date
from podfeed.read.source import Map, Node, Source, Text, read_episode_file

#: What a setting is to say. A tuple stands for a list: of the one value that is there now.
Value = str | int | datetime | tuple[str, ...]

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOML_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def put(source: Source, name: str, value: Value, *, below: Sequence[str] = ()) -> Source | None:
    """*source* with *value* as its setting *name*: in place of the old one, or in a line below the first of *below*.

    Quotes stay as the author set them; a text without any gets them, so that no tool takes it for another type. None
    when the result would not read back as meant: then nothing may be written.
    """
    node = source.header.entries.get(name)
    if node is None:
        start = end = _line_below(source, below)
        ending = found[0] if (found := _LINE_END.search(source.text)) else "\n"
        written = setting(name, value, source.dialect) + ending
    elif isinstance(node, Text) and not _has_inner_comment(source, node):
        start, end = node.start, node.end
        written = _in_place(source, node, value)
    else:
        return None
    text = source.text[:start] + written + source.text[end:]
    again = read_episode_file(source.path, text.encode("utf-8", "surrogatepass"))
    return again if _is_meant(source, again, name, value) else None


def setting(name: str, value: Value, dialect: str) -> str:
    """*value* under *name* as a line of a header in *dialect* says it, without its end."""
    return f"{name}{' = ' if dialect == 'toml' else ': '}{_written(value, dialect)}"


def _written(value: Value, dialect: str) -> str:
    """*value* as nobody takes it for another type: text in quotes, all else bare."""
    if isinstance(value, tuple):
        return f"[{', '.join(_written(each, dialect) for each in value)}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _text(value, dialect)


def _text(value: str | int | datetime, dialect: str) -> str:
    """*value* as the reader will find it, without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat() if dialect == "toml" else format_date(value)
    return str(value)


def _in_place(source: Source, node: Text, value: Value) -> str:
    """*value* written as the value at *node* is: with its quotes, or without."""
    old = source.text[node.start : node.end]
    if isinstance(value, tuple):
        return f"[{old}]"
    if node.text == _text(value, source.dialect) and not (node.is_plain and isinstance(value, str)):
        return old
    if old[:1] in ('"', "'") and len(old) > 1 and old[-1] == old[0]:
        return old[0] + _text(value, source.dialect) + old[0]
    # A value of several lines may end where the next line begins.
    last = old[len(old.rstrip("\r\n")) :]
    return " " * (not old) + _written(value, source.dialect) + last


def _has_inner_comment(source: Source, node: Text) -> bool:
    """Whether a comment stands behind the sign that begins a text of several lines: it would go with the sign."""
    first_line = _LINE_END.split(source.text[node.start : node.end], maxsplit=1)[0]
    return not node.is_plain and first_line[:1] in ("|", ">") and "#" in first_line


def _line_below(source: Source, names: Sequence[str]) -> int:
    """Where the line behind the first setting of *names* begins; where the settings end, when none is there."""
    node = next((source.header.entries[name] for name in names if name in source.header.entries), None)
    if node is None:
        return _end_of_settings(source)
    # A value that spans lines may end where the next line begins.
    if node.end > node.start and source.text[node.end - 1] in "\r\n":
        return node.end
    found = _LINE_END.search(source.text, node.end)
    return found.end() if found else source.header_end


def _end_of_settings(source: Source) -> int:
    """The end of the header; in TOML the first table, for a setting behind it would belong to it."""
    table = _TOML_TABLE.search(source.text, source.header_start, source.header_end)
    return table.start() if table and source.dialect == "toml" else source.header_end


def _is_meant(source: Source, again: Source, name: str, value: Value) -> bool:
    """Whether *again* says the same as *source*, but *value* under *name*."""
    meaning = list(value) if isinstance(value, tuple) else _text(value, source.dialect)
    said = {**_plain(source.header), name: meaning}
    return _plain(again.header) == said and again.body == source.body


def _plain(node: Node) -> dict[str, object]:
    """The values of a header without their places."""
    return {name: _value(each) for name, each in node.entries.items()} if isinstance(node, Map) else {}


def _value(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    return _plain(node) if isinstance(node, Map) else [_value(each) for each in node.items]
