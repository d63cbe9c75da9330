"""The smallest text edit that puts a value into a header: every other character stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from podfeed.read.source import Map, Node, Source, Text, read_episode_file

_LINE_END = re.compile(r"\r\n|\r|\n")
_BARE = re.compile(r"\d+|true|false")


def put(source: Source, values: Mapping[str, str], *, after: str) -> str | None:
    """The text of *source* with *values* in its header, each in place of the old one, or in a line below *after*.

    Quotes stay as the author set them. None when the result would not read back as meant: then nothing may be written.
    """
    text = source.text
    changed = {name: value for name, value in values.items() if not _says(source.header.entries.get(name), value)}
    # From the end, so that places further up stay true.
    for name in sorted(changed, key=lambda name: _start(source, name, after), reverse=True):
        text = _with(source, text, name, changed[name], after)
    return text if _reads_back(source, text, changed) else None


def _says(node: Node | None, value: str) -> bool:
    return isinstance(node, Text) and not node.is_empty and node.text == value


def _start(source: Source, name: str, after: str) -> tuple[int, str]:
    node = source.header.entries.get(name)
    return (node.start if isinstance(node, Text) else _line_after(source, after), name)


def _with(source: Source, text: str, name: str, value: str, after: str) -> str:
    node = source.header.entries.get(name)
    if isinstance(node, Text):
        return text[: node.start] + _in_place(source, node, value) + text[node.end :]
    at = _line_after(source, after)
    ending = found[0] if (found := _LINE_END.search(source.text)) else "\n"
    sign = " = " if source.dialect == "toml" else ": "
    return text[:at] + name + sign + _quoted(value) + ending + text[at:]


def _in_place(source: Source, node: Text, value: str) -> str:
    """*value* written as the value at *node* is: with its quotes, or without."""
    old = source.text[node.start : node.end]
    if old[:1] in ('"', "'") and len(old) > 1 and old[-1] == old[0]:
        return old[0] + value + old[0]
    if not old:
        return " " + _quoted(value)
    if old[:1] in ("|", ">") and not node.is_plain and source.dialect == "yaml":
        return _quoted(value) + ("\n" if old.endswith("\n") else "")
    return _quoted(value) if source.dialect == "toml" else value


def _quoted(value: str) -> str:
    """*value* as a new line writes it: a number bare, all else in quotes, so that no tool reads it as another type."""
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _line_after(source: Source, name: str) -> int:
    """Where the line behind the setting *name* begins; where the header ends, when it is not there."""
    node = source.header.entries.get(name)
    if node is None:
        return _end_of_settings(source)
    found = _LINE_END.search(source.text, node.end)
    # A value that spans lines may end where the next line begins.
    if node.end > node.start and source.text[node.end - 1] in "\r\n":
        return node.end
    return found.end() if found else source.header_end


def _end_of_settings(source: Source) -> int:
    """The end of the header; in TOML the first table, for a setting behind it would belong to it."""
    table = re.compile(r"^[ \t]*\[", re.MULTILINE).search(source.text, source.header_start, source.header_end)
    return table.start() if table and source.dialect == "toml" else source.header_end


def _reads_back(source: Source, text: str, changed: Mapping[str, str]) -> bool:
    """Whether *text* says the same as *source* but for *changed*."""
    again = read_episode_file(source.path, text.encode("utf-8", "surrogatepass"))
    wanted = {**_plain(source.header), **changed}
    # A value that is a list would get a second line above it: the reader takes the first, and reports the other.
    return _plain(again.header) == wanted and again.body == source.body and len(again.faults) <= len(source.faults)


def _plain(node: Node) -> dict[str, object]:
    """The values of a header without their places."""
    return {name: _value(each) for name, each in node.entries.items()} if isinstance(node, Map) else {}


def _value(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    return _plain(node) if isinstance(node, Map) else [_value(each) for each in node.items]
