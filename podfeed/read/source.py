"""Text → header and body, with the place of every value. Nothing an author can write raises here."""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, NamedTuple

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler
from yaml.error import MarkedYAMLError

from podfeed.diagnostics import Finding, Position
from podfeed.words import say

# Source for the limits: docs/reference/limits.md.
MAX_HEADER_BYTES = 64 * 1024
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_CONFIG_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_KEYS = 200
MAX_ALIASES = 16
#: Entries of lists: all of a header's, and all of config.yaml's.
MAX_ENTRIES = 1000
MAX_CONFIG_ENTRIES = 10_000
#: Faults of one header that are told; whoever has more begins with these.
MAX_FAULTS = 100
# A header is read anew after each fault of its YAML: so often, and so many characters in all.
_MAX_READINGS = 50
_MAX_READ = 3 * 1024 * 1024

#: What XML 1.0 cannot carry. Source: XML 1.0, section 2.2, Char.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_CONTROL_BYTES = bytes(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D))

_FENCE = re.compile(r"(---|\+\+\+)[ \t]*(?:\r?\n|\r|\Z)")
#: Hyphens of another number or another kind, with a setting below them.
_NEARLY_A_FENCE = re.compile(r"(?!---[ \t]*[\r\n])([-‐–—―−－ー─]{1,6})[ \t\u3000]*(?:\r?\n|\r)[A-Za-z_]\w*[ \t]*[:：]")
#: A name with the colon or the blank of a Japanese keyboard behind it.
_FULL_WIDTH = re.compile(r"^([A-Za-z_]\w*)([ \t]*：|:\u3000)", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_NULLS = frozenset(("~", "null", "Null", "NULL"))

# The faster of the two parsers; both read the same YAML.
_YamlParser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Text(NamedTuple):
    """A single value as its author wrote it. Which type it has is decided by the field, never by its looks."""

    text: str
    #: Where it stands in the file, in characters: from start up to end.
    start: int
    end: int
    #: plain values may mean nothing (``~``); quoted ones always mean themselves.
    is_plain: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether the author left the value out: nothing, ``~`` or ``null``."""
        return self.is_plain and (not self.text or self.text in _NULLS)


@dataclass(frozen=True, slots=True)
class List:
    """Values in order."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Map:
    """Values by name, in the order of the file; *keys* says where each name stands."""

    entries: dict[str, Node]
    keys: dict[str, Text]
    start: int = 0
    end: int = 0


Node = Text | List | Map


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it was read: its header with places, its body, and what is wrong with either."""

    path: str
    #: The whole text without a byte order mark, line endings as they are.
    text: str
    #: How the header is written; empty when the file has none.
    dialect: Literal["yaml", "toml", ""] = ""
    header: Map = field(default_factory=lambda: Map({}, {}))
    #: Where the header's own lines begin and end in *text*, fences not included.
    header_start: int = 0
    header_end: int = 0
    body: str = ""
    faults: tuple[Finding, ...] = ()
    #: Why the file is no episode, when it has no header to be one.
    reason: str = ""

    def place(self, name: str) -> Position:
        """Where the field *name* stands; where it would, or the file's first line, when it does not."""
        value = self.node(name)
        return self.position(value.start, value.end) if value else Position()

    def node(self, name: str) -> Node | None:
        """The value of the field *name*, or its name where there is none; the nearest around it; None at the top."""
        node: Node | None = self.header
        found: Node | None = None
        for part in name.split(".") if name else []:
            if isinstance(node, Map) and (part in node.entries or part != "0"):
                found, node = node.keys.get(part, found), node.entries.get(part)
            elif isinstance(node, List) and part.isdigit() and int(part) < len(node.items):
                found = node = node.items[int(part)]
            elif part != "0":  # one value counts as a list of one
                break
        return node if isinstance(node, Text) and not node.is_empty else found

    def position(self, start: int, end: int | None = None) -> Position:
        """The line and column of a character offset; underlined up to *end* or the end of its line."""
        return position(self.text, start, end)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1."""
        lines = _lines(self.text)
        return lines[number - 1] if number <= len(lines) else ""


@lru_cache(maxsize=2)
def _lines(text: str) -> list[str]:
    return _LINE_END.split(text)


def position(text: str, start: int, end: int | None = None) -> Position:
    """The place of a character offset in *text*."""
    before = text[: max(start, 0)].replace("\r\n", "\n").replace("\r", "\n")
    line_end = _LINE_END.search(text, start)
    last = min(end if end is not None else start, line_end.start() if line_end else len(text))
    column = len(before) - before.rfind("\n")
    return Position(line=before.count("\n") + 1, column=column, width=max(last - start, 0))


# ---------------------------------------------------------------------------------------------- files


def read_episode_file(path: str, data: bytes) -> Source:
    """The header and body of an episode file. Source for what counts as a header: docs/reference/files.md."""
    if len(data) > MAX_FILE_BYTES:
        return _unreadable(path, _large_file(MAX_FILE_BYTES))
    text, fault = decode_text(data)
    if fault:
        return _unreadable(path, fault)
    fence = _FENCE.match(text)
    if not fence:
        return _without_header(path, text)
    # Bytes are looked through ten times as fast as characters.
    has_unprintable = len(data.translate(None, _CONTROL_BYTES)) < len(data) or "\ufffe" in text or "\uffff" in text
    return _split(path, text, "yaml" if fence[1] == "---" else "toml", has_unprintable)


def read_body(data: bytes) -> str:
    """The body alone of an episode file that was read before and found whole: its header is not parsed again."""
    text, _ = decode_text(data)
    fence = _FENCE.match(text)
    if not fence:
        return text
    _, body = _HANDLERS["yaml" if fence[1] == "---" else "toml"].split(text)
    return body.lstrip("\r\n")


def read_config_file(path: str, data: bytes) -> Source:
    """config.yaml: all of it is header."""
    if len(data) > MAX_CONFIG_BYTES:
        return _unreadable(path, _large_file(MAX_CONFIG_BYTES))
    text, fault = decode_text(data)
    if fault:
        return _unreadable(path, fault)
    scan = _Scan(text=text, aliases_allowed=MAX_ALIASES)
    header = scan.yaml(text, 0)
    faults = (*scan.faults, *_unprintable(text))
    return Source(path=path, text=text, dialect="yaml", header=header, header_end=len(text), faults=faults)


def decode_text(data: bytes) -> tuple[str, Finding | None]:
    """The text of a UTF-8 file without its byte order mark, or what is wrong with its encoding."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return "", Finding(
            "",
            say(
                "this file is not saved as UTF-8: byte {byte} at offset {offset}; it looks like {encoding}",
                byte=f"0x{data[error.start]:02X}",
                offset=error.start,
                encoding=_encoding(data),
            ),
            say("save it again as UTF-8 in your editor"),
            rule="file-not-utf8",
            position=position(before, len(before)),
        )


def _encoding(data: bytes) -> str:
    """What *data*, which is no UTF-8, looks like."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:200].count(b"\0") * 8 > len(data[:200]):
        return "UTF-16"
    for name, encoding in (("EUC-JP", "euc_jp"), ("Shift_JIS", "cp932")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search("[\u3040-\u30ff\u4e00-\u9fff]", text):
            return name
    return say("Latin-1 or Windows-1252")


def _too_large(message: str) -> Finding:
    return Finding("", message, say("shorten it"), rule="file-too-large")


def _large_file(limit: int) -> Finding:
    return _too_large(say("the file is larger than the {limit} bytes podfeed reads", limit=limit))


def _unreadable(path: str, fault: Finding) -> Source:
    return Source(path=path, text="", dialect="yaml", faults=(fault,))


def _without_header(path: str, text: str) -> Source:
    """A file that does not begin with a fence: no episode, unless blank lines stand before one."""
    stripped = text.lstrip(" \t\r\n\u3000")
    fence = _FENCE.match(stripped)
    if nearly := _NEARLY_A_FENCE.match(stripped):
        start = len(text) - len(stripped)
        message = say("the first line is “{line}”; a header begins with “---”", line=nearly[1])
        place = position(text, start, start + len(nearly[1]))
        fault = Finding("", message, say("write three hyphens, “---”"), rule="header-fence-misspelt", position=place)
        return Source(path=path, text=text, dialect="yaml", faults=(fault,))
    if not fence:
        reason = say("its first line is neither “---” nor “+++”") if stripped else say("the file is empty")
        return Source(path=path, text=text, body=text, reason=reason)
    start = len(text) - len(stripped)
    fault = Finding(
        "",
        say("“{fence}” opens a header, but something stands before it", fence=fence[1]),
        say("let the file begin with “{fence}”, with no blank line or space before it", fence=fence[1]),
        rule="header-not-first",
        position=position(text, start, start + 3),
    )
    return Source(path=path, text=text, dialect="yaml", faults=(fault,))


def _split(path: str, text: str, dialect: Literal["yaml", "toml"], has_unprintable: bool) -> Source:
    handler = _HANDLERS[dialect]
    fence = handler.START_DELIMITER or ""
    try:
        header, body = handler.split(text)
    except ValueError:  # python-frontmatter could not unpack three parts: there is no closing fence
        return Source(path=path, text=text, dialect=dialect, faults=(_unclosed(text, fence),))
    start = text.index(header, len(fence)) if header else len(fence)
    end = start + len(header)
    if len(header.encode("utf-8", "surrogatepass")) > MAX_HEADER_BYTES:
        fault = _too_large(say("the header is larger than the {limit} bytes podfeed reads", limit=MAX_HEADER_BYTES))
        return Source(path=path, text=text, dialect=dialect, faults=(fault,))
    scan = _Scan(text=text)
    parsed = scan.toml(header, start) if dialect == "toml" else scan.yaml(header, start)
    if not parsed.entries and not scan.faults:
        hint = say("write the settings between the two fences")
        scan.say(0, 3, "header-empty", say("the header is empty"), hint)
    scan.faults += _unprintable(text) if has_unprintable else []
    scan.faults += _leftover_fence(text, len(text) - len(body))
    return Source(
        path=path,
        text=text,
        dialect=dialect,
        header=parsed,
        header_start=start,
        header_end=end,
        body=body.lstrip("\r\n"),
        faults=tuple(scan.faults),
    )


def _unclosed(text: str, fence: str) -> Finding:
    dots = re.search(r"^\.\.\.[ \t]*\r?$", text, re.MULTILINE)
    hint = say("put a line that holds only “{fence}” after the last setting", fence=fence)
    if dots and fence == "---":
        hint = say("{hint}; a line with “...” does not close it", hint=hint)
    message = say("the header is opened but never closed")
    return Finding("", message, hint, rule="header-unclosed", position=position(text, 0, 3))


def _leftover_fence(text: str, body_start: int) -> list[Finding]:
    found = re.compile(r"\s*^(---|\+\+\+)[ \t]*\r?$", re.MULTILINE).match(text, body_start)
    if not found:
        return []
    start = found.start(1)
    return [
        Finding(
            "",
            say("the notes begin with “{fence}”: is this the end of the header?", fence=found[1]),
            say("take one of the “{fence}” lines away, or write “***” for a line across the notes", fence=found[1]),
            rule="header-closed-early",
            position=position(text, start, start + 3),
        )
    ]


def _unprintable(text: str) -> list[Finding]:
    return [
        Finding(
            "",
            say(
                "an invisible control character ({code}) stands here; it would make the feed unreadable",
                code=f"U+{ord(found[0]):04X}",
            ),
            say("delete it; such characters often come with text pasted from a PDF"),
            rule="text-control-character",
            position=position(text, found.start(), found.end()),
        )
        for found in islice(UNPRINTABLE.finditer(text), 20)
    ]


# ---------------------------------------------------------------------------------- python-frontmatter


class _YamlHandler(YAMLHandler):
    """python-frontmatter's YAML, with fences that are exactly three dashes and values that keep their places."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)


class _TomlHandler(BaseHandler):
    """TOML headers by the standard library: python-frontmatter has none unless another package is there."""

    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"


_HANDLERS: dict[str, BaseHandler] = {"yaml": _YamlHandler(), "toml": _TomlHandler()}


# -------------------------------------------------------------------------------------------- headers


class _Stop(Exception):
    """The header cannot be read on from here; what was found so far is kept."""


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not been seen yet."""

    start: int
    is_map: bool
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Text] = field(default_factory=dict)
    key: Text | None = None


@dataclass(slots=True)
class _Scan:
    """One reading of a header: collects every fault instead of stopping at the first."""

    text: str
    aliases_allowed: int = 0
    faults: list[Finding] = field(default_factory=list)
    base: int = 0
    anchors: dict[str, Node] = field(default_factory=dict)
    aliases: int = 0
    key_count: int = 0
    entry_count: int = 0

    def say(self, start: int, end: int, rule: str, message: str, hint: str) -> None:
        if len(self.faults) >= MAX_FAULTS:
            raise _Stop
        self.faults.append(Finding("", message, hint, rule=rule, position=position(self.text, start, end)))

    def yaml(self, header: str, base: int) -> Map:
        """The YAML *header*, which begins at *base* in the file. A setting that cannot be read is left out."""
        self.base = base
        header = self._without_full_width_signs(header)
        told = len(self.faults)
        root: Node | None = None
        for _ in range(max(1, min(_MAX_READINGS, _MAX_READ // (len(header) + 1)))):
            del self.faults[told:]
            self.anchors, self.aliases, self.key_count, self.entry_count = {}, 0, 0, 0
            try:
                root = self._build(iter(_YamlParser(header).get_event, None))
                break
            except _Stop:
                return Map({}, {})
            except MarkedYAMLError as error:
                fault, at = self._yaml_fault(error)
                self.faults.insert(told, fault)
                told += 1
                rest = _without_setting(header, at)
                if rest == header:
                    return Map({}, {})
                header = rest
            except yaml.reader.ReaderError:
                # The character is told by its code point where the whole text is looked through.
                header = UNPRINTABLE.sub(" ", header)
                if not yaml.reader.Reader.NON_PRINTABLE.search(header):
                    continue
                header = yaml.reader.Reader.NON_PRINTABLE.sub(" ", header)
        if isinstance(root, Map):
            return root
        if root is not None:
            message = say("the header is not a list of “name: value” lines")
            self.say(root.start, root.end, "header-unreadable", message, "")
        return Map({}, {})

    def _without_full_width_signs(self, header: str) -> str:
        """*header* without the settings whose colon or blank YAML does not know; they are told."""
        for name in _FULL_WIDTH.finditer(header):
            message = say("a full-width colon or blank stands behind “{name}”", name=name[1])
            hint = say("write “{name}: …”, with the colon and the blank of plain letters", name=name[1])
            start, end = (self.base + each for each in name.span(2))
            self.say(start, end, "header-unreadable", message, hint)
            header = _without_setting(header, name.start())
        return header

    def _yaml_fault(self, error: MarkedYAMLError) -> tuple[Finding, int]:
        """What libyaml stumbled over, in our words, and where in the header."""
        # The context of a block is its first line; of anything else it is where the fault began.
        is_block = "block" in (error.context or "block")
        problem = error.problem or ""
        is_itself = is_block or "tab character" in problem
        mark = error.problem_mark if is_itself or not error.context_mark else error.context_mark
        at = mark.index if mark else 0
        message, hint = _in_our_words(problem)
        start = min(self.base + at, len(self.text))
        place = position(self.text, start, start + 1)
        return Finding("", message, hint, rule="header-unreadable", position=place), at

    def _build(self, events: Iterator[Any]) -> Node | None:
        """The tree of *events*, built without recursion: depth is bounded by a limit and not by the stack."""
        root: Node | None = None
        documents = 0
        stack: list[_Open] = []
        for event in events:
            node: Node | None = None
            match event:
                case yaml.ScalarEvent():
                    node = self._scalar(event)
                    self._remember(event.anchor, node)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    stack.append(self._open(event, len(stack)))
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    node = self._close(stack.pop(), event)
                case yaml.AliasEvent():
                    node = self._alias(event)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._refuse_second_document(event)
            if node is None:
                continue
            if stack:
                self._add(stack[-1], node)
            else:
                root = node
        return root

    def _open(self, event: Any, depth: int) -> _Open:
        self._tag(event)
        start = self.base + event.start_mark.index
        if depth >= MAX_DEPTH:
            self._too_deep(start, start + 1)
            raise _Stop
        return _Open(start, isinstance(event, yaml.MappingStartEvent), event.anchor)

    def _too_deep(self, start: int, end: int) -> None:
        message = say("values are nested more than {most} deep", most=MAX_DEPTH)
        self.say(start, end, "header-too-deep", message, say("make the header simpler"))

    def _refuse_second_document(self, event: Any) -> None:
        at = self.base + event.start_mark.index
        message = say("a second document begins inside the header")
        self.say(at, at + 3, "header-unreadable", message, say("keep one block of settings"))
        raise _Stop

    def _scalar(self, event: Any) -> Text:
        self._tag(event)
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        value, is_plain = event.value, event.style in (None, "")
        if not value.isprintable() and (bad := UNPRINTABLE.search(value)):
            self._unprintable(start, end, bad[0])
            value = UNPRINTABLE.sub("", value)
        return Text(value, start, end, is_plain)

    def _unprintable(self, start: int, end: int, character: str) -> None:
        code = f"U+{ord(character):04X}"
        message = say("this value holds an invisible control character ({code})", code=code)
        self.say(start, end, "text-control-character", message, say("delete it: no feed can carry it"))

    def _close(self, opened: _Open, event: Any) -> Node:
        end = self.base + event.end_mark.index
        node: Node
        if opened.is_map:
            node = Map(opened.entries, opened.keys, opened.start, end)
        else:
            node = List(tuple(opened.items), opened.start, end)
        self._remember(opened.anchor, node)
        return node

    def _add(self, parent: _Open, node: Node) -> None:
        if not parent.is_map:
            self._count_entry(node.start, node.end)
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
        else:
            self._entry(parent, parent.key, node)
            parent.key = None

    def _count_entry(self, start: int, end: int) -> None:
        self.entry_count += 1
        most = MAX_CONFIG_ENTRIES if self.aliases_allowed else MAX_ENTRIES
        if self.entry_count > most:
            message = say("the lists have more than {most} entries", most=most)
            self.say(start, end, "header-too-large", message, say("make them shorter"))
            raise _Stop

    def _count_key(self, start: int, end: int) -> None:
        self.key_count += 1
        most = MAX_KEYS * (5 if self.aliases_allowed else 1)
        if self.key_count > most:
            message = say("the header has more than {most} settings", most=most)
            self.say(start, end, "header-too-large", message, say("make the header simpler"))
            raise _Stop

    def _key(self, node: Node) -> Text:
        self._count_key(node.start, node.end)
        if isinstance(node, Text):
            return node
        message = say("a name must be plain text")
        self.say(node.start, node.end, "header-unreadable", message, say("write “name: value”"))
        return Text("", node.start, node.end)

    def _entry(self, parent: _Open, key: Text, node: Node) -> None:
        name = unicodedata.normalize("NFC", key.text)
        if name == "<<":
            message = say("“<<” merges other settings in; podfeed does not read that")
            self.say(key.start, key.end, "header-alias", message, say("write the settings out"))
        elif name in parent.entries:
            first = position(self.text, parent.keys[name].start).line
            message = say("“{name}” is written twice: here and in line {line}", name=name, line=first)
            self.say(key.start, key.end, "header-duplicate-key", message, say("delete one of the two lines"))
        else:
            parent.entries[name], parent.keys[name] = node, key

    def _alias(self, event: Any) -> Node:
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        self.aliases += 1
        node = self.anchors.get(event.anchor)
        if self.aliases > self.aliases_allowed or node is None:
            message = say("“*{name}” refers to another value; podfeed does not read that here", name=event.anchor)
            hint = say("write the value out, or put it in quotes if it is text")
            self.say(start, end, "header-alias", message, hint)
            return Text("", start, end)
        return node

    def _remember(self, anchor: str | None, node: Node) -> None:
        if anchor is None:
            return
        # A value that holds an alias may not be named again: that is how small files grow large.
        if self.aliases_allowed and not self.aliases:
            self.anchors[anchor] = node
        elif not self.aliases_allowed:
            message = say("“&{name}” names a value for reuse; podfeed does not read that here", name=anchor)
            self.say(node.start, node.end, "header-alias", message, say("put the value in quotes if it is text"))

    def _tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            start = self.base + event.start_mark.index
            message = say("“{tag}” forces a type; podfeed does not read that", tag=event.tag)
            self.say(start, start + 1, "header-tag", message, say("put the value in quotes if it is text"))

    def toml(self, header: str, base: int) -> Map:
        """The TOML *header*, which begins at *base* in the file. Empty when it cannot be read."""
        try:
            # tomllib takes a quarter of a minute over a name of 30,000 parts.
            if _TOML_DEEP.search(header):
                raise RecursionError
            values = tomllib.loads(header.replace("\r\n", "\n"), parse_float=str)
        except tomllib.TOMLDecodeError as error:
            self._toml_fault(str(error), header, base)
            return Map({}, {})
        except RecursionError:
            start = base + len(header) - len(header.lstrip())
            self._too_deep(start, start + 1)
            return Map({}, {})
        lines = _toml_lines(header)
        entries: dict[str, Node] = {}
        keys: dict[str, Text] = {}
        try:
            for name, value in values.items():
                key_start, start, end = (base + at for at in lines.get(name, (0, 0, 0)))
                self._count_key(key_start, end)
                entries[name] = self._toml_node(value, start, end, 1)
                keys[name] = Text(name, key_start, key_start + len(name))
        except _Stop:
            return Map({}, {})
        return Map(entries, keys, base, base + len(header))

    def _toml_fault(self, problem: str, header: str, base: int) -> None:
        place = re.search(r"\(at line (\d+), column (\d+)\)", problem)
        at = len(header)
        if place:
            starts = [0, *(found.end() for found in re.finditer("\n", header))]
            at = starts[min(int(place[1]), len(starts)) - 1] + int(place[2]) - 1
        if duplicate := "Cannot overwrite" in problem or "twice" in problem:
            message, hint = say("a setting is written twice up to here"), say("delete one of the two lines")
        else:
            message, hint = say("the header cannot be read from here on"), say('write “name = "value"”, text in quotes')
        at = min(base + at, len(self.text))
        self.say(at, at + 1, "header-duplicate-key" if duplicate else "header-unreadable", message, hint)

    def _toml_node(self, value: object, start: int, end: int, depth: int) -> Node:
        if depth >= MAX_DEPTH and isinstance(value, dict | list):
            self._too_deep(start, end)
            return Text("", start, end)
        if isinstance(value, dict):
            for _ in value:
                self._count_key(start, end)
            entries = {name: self._toml_node(each, start, end, depth + 1) for name, each in value.items()}
            return Map(entries, {name: Text(name, start, end) for name in value}, start, end)
        if isinstance(value, list):
            for _ in value:
                self._count_entry(start, end)
            return List(tuple(self._toml_node(each, start, end, depth + 1) for each in value), start, end)
        text = _toml_text(value)
        if bad := UNPRINTABLE.search(text):
            self._unprintable(start, end, bad[0])
            text = UNPRINTABLE.sub("", text)
        return Text(text, start, end, is_plain=False)


def _without_setting(header: str, at: int) -> str:
    """The YAML *header* with the setting around offset *at* blanked out, every other offset unchanged."""
    starts = [found.start() for found in re.finditer(r"^[^\s#\-]", header, re.MULTILINE)]
    begin = max((start for start in starts if start <= at), default=0)
    end = min((start for start in starts if start > at), default=len(header))
    return header[:begin] + re.sub(r"[^\r\n]", " ", header[begin:end]) + header[end:]


def _toml_text(value: object) -> str:
    """The value as an author would write it in YAML, so that one field reads both."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date | datetime.time):  # a datetime is a date
        return value.isoformat()
    return str(value)


_TOML_STRING = r""""(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
# A “#” outside of strings begins a comment, which is no part of the value.
_TOML_LINE = re.compile(
    r"""^[ \t]*(?:([\w-]+)|"([^"\n]*)"|'([^'\n]*)')[ \t]*=[ \t]*"""
    rf"""({_TOML_STRING}|[\[{{](?:{_TOML_STRING}|[^"'#\n])*+|[^#\n]*+)""",
    re.MULTILINE,
)
_TOML_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}""")
_TOML_LONG = re.compile(r"\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)", re.DOTALL)


def _toml_lines(header: str) -> dict[str, tuple[int, int, int]]:
    """Where each top-level name, and its value, stands: offsets of name, value and value's end."""
    hidden = _TOML_LONG.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), header)
    places: dict[str, tuple[int, int, int]] = {}
    for found in _TOML_LINE.finditer(hidden):
        group = next(number for number in (1, 2, 3) if found[number] is not None)
        value_end = found.start(4) + len(found[4].rstrip(" \t\r"))
        places.setdefault(found[group], (found.start(group), found.start(4), value_end))
    return places


def _in_our_words(problem: str) -> tuple[str, str]:
    """Message and hint for what libyaml calls *problem*."""
    quote = say(
        "put the value in quotes; text with “: ” in it, or beginning with @ * & ! % # {{ [ > | or `, needs them"
    )
    unclosed = say("a quotation mark is opened but never closed")
    ours = {
        "cannot start any token": (
            say("this character cannot begin a value"),
            say("use spaces and no tabs before names; {hint}", hint=quote),
        ),
        "mapping values are not allowed": (say("“: ” stands inside an unquoted value"), quote),
        "could not find expected ':'": (
            say("a name without “:” stands here"),
            say("write “name: value”; {hint}", hint=quote),
        ),
        "did not find expected key": (say("this line is neither a setting nor part of the one above"), quote),
        "did not find expected '-' indicator": (
            say("a list ends here unexpectedly"),
            say("begin each entry with “- ”, lined up"),
        ),
        "did not find expected ',' or": (
            say("a “[” or “{{” is not closed"),
            say("close it, or put the value in quotes; behind a blank, “#” begins a comment"),
        ),
        "found unexpected end of stream": (unclosed, say("close it")),
        "found unexpected document indicator": (unclosed, say("close it")),
        "found undefined tag handle": (say("“!” begins a value"), quote),
        "found unknown escape character": (
            say("a backslash stands inside double quotes"),
            say("use single quotes, or write \\\\"),
        ),
        "control characters are not allowed": (say("an invisible control character stands here"), say("delete it")),
        "found a tab character": (say("a tab stands where only spaces may"), say("use spaces before names")),
    }
    return next((ours[theirs] for theirs in ours if theirs in problem), (say("this setting cannot be read"), quote))
