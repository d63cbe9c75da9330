"""Positioned values → typed ones: each method reads one kind of value and tells what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping

from podfeed.diagnostics import Finding, Position
from podfeed.read.settings import Setting, names
from podfeed.read.source import List, Map, Node, Text
from podfeed.words import say

_COMMA = re.compile("[,、，]")
_TRUE = frozenset(("true", "yes", "on"))
_FALSE = frozenset(("false", "no", "off"))


class Fields:
    """The settings of one map. What no method asked for is left over: the unknown ones."""

    def __init__(self, settings: Map, faults: list[Finding], prefix: str = "") -> None:
        self._map = settings
        self._faults = faults
        self._prefix = prefix
        self._asked: set[str] = set()

    def say(self, name: str, rule: str, message: str, hint: str, position: Position | None = None) -> None:
        """Note a fault of the field *name*; *position* says it more exactly."""
        self._faults.append(Finding(self._prefix + name, message, hint, rule=rule, position=position))

    def has(self, *names: str) -> bool:
        """Whether the author wrote any of *names*, with or without a value."""
        return any(name in self._map.entries for name in names)

    def find(self, *names: str) -> tuple[str, Node | None]:
        """The first of several spellings that has a value, and the spelling; a second one is a fault."""
        self._asked.update(names)
        entries = self._map.entries
        given = [name for name in names if name in entries and not _is_empty(entries[name])]
        if len(given) > 1:
            self.say(
                given[1],
                "field-given-twice",
                say("“{second}” is another spelling of “{first}”, which is there too", second=given[1], first=given[0]),
                say("keep one of them"),
            )
        return (given[0], self._map.entries[given[0]]) if given else (names[0], None)

    def left_over(self) -> dict[str, Node]:
        """The settings no method asked for, in the order of the file."""
        return {name: node for name, node in self._map.entries.items() if name not in self._asked}

    def text(self, *names: str) -> str:
        """A single value as text, without spaces around it."""
        name, node = self.find(*names)
        if node is None:
            return ""
        if isinstance(node, Text):
            return node.text.strip()
        message = (
            say("“{name}” is a list; one value is expected", name=name)
            if isinstance(node, List)
            else say("“{name}” is a group of settings; one value is expected", name=name)
        )
        self.say(name, "field-not-text", message, say("write “{name}: …” in one line", name=name))
        return ""

    def texts(self, *names: str, rule: str = "field-not-list", known: Container[str] = ()) -> tuple[str, ...]:
        """A list of texts; one value counts as a list, of what commas part unless it is *known*, and is said."""
        name, node = self.find(*names)
        match node:
            case None:
                return ()
            case Text():
                whole = node.text.strip()
                texts = (whole,) if whole in known else tuple(filter(None, map(str.strip, _COMMA.split(whole))))
                message = say("“{name}” is one value; a list is expected", name=name)
                self.say(name, rule, message, say("write “{name}: [{texts}]”", name=name, texts=", ".join(texts)))
                return texts
            case List():
                return self._items(name, node, rule)
            case Map():
                message = say("“{name}” holds settings; a list is expected", name=name)
                self.say(name, rule, message, say("write one “- …” line for each"))
                return ()

    def _items(self, name: str, node: List, rule: str) -> tuple[str, ...]:
        found: list[str] = []
        for number, item in enumerate(node.items):
            if not isinstance(item, Text) or item.is_empty:
                message = say("entry {number} of “{name}” is no text", number=number + 1, name=name)
                self.say(f"{name}.{number}", rule, message, say("write “- …”"))
            elif item.text.strip() in found:
                message = say("“{value}” stands twice in “{name}”", value=item.text.strip(), name=name)
                self.say(f"{name}.{number}", "field-list-repeats", message, say("delete one of the two lines"))
            else:
                found.append(item.text.strip())
        return tuple(found)

    def words(self, *names: str) -> tuple[str, ...]:
        """A list of texts where one bare text is as good."""
        _, node = self.find(*names)
        return (self.text(*names),) if isinstance(node, Text) else self.texts(*names)

    def flag(self, *names: str, rule: str = "field-not-true-or-false") -> bool | None:
        """True or false in YAML's words; None when not given. A name without a value is a fault: it may be meant."""
        written = [name for name in names if name in self._map.entries]
        self._asked.update(names)
        if not written:
            return None
        name, node = self.find(*names)
        value = node.text.strip() if isinstance(node, Text) else ""
        if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        message = (
            say("“{name}”: expected true or false, found “{value}”", name=name, value=value)
            if value
            else say("“{name}”: expected true or false, found nothing", name=name)
        )
        self.say(name, rule, message, say("write true or false, or delete the line"))
        return None

    def whole(self, name: str, *, rule: str) -> int | None:
        """A whole number from 1 on; None when not given or wrong."""
        _, node = self.find(name)
        if node is None:
            return None
        value = node.text.strip() if isinstance(node, Text) else ""
        plain = unicodedata.normalize("NFKC", value)
        if re.fullmatch(r"[1-9][0-9]{0,8}", plain):
            return int(plain)
        guess = _as_number(plain)
        message = say("“{name}”: expected a whole number from 1 on, found “{value}”", name=name, value=value)
        hint = say("write {value}", value=guess) if guess else say("write 1, 2, 3 …, or delete the line")
        self.say(name, rule, message, hint)
        return None

    def choice(self, name: str, words: tuple[str, ...], *, rule: str) -> str:
        """One of *words* in any case, lower case out; the first of them when not given or wrong."""
        value = self.text(name)
        if not value or value.lower() in words:
            return value.lower() or words[0]
        known = ", ".join(words)
        message = say("“{name}”: “{value}” is not one of {words}", name=name, value=value, words=known)
        self.say(name, rule, message, say("write {word}, or delete the line", word=words[0]))
        return words[0]

    def group(self, name: str, bare: str = "") -> Fields:
        """The settings below *name*; none when it is absent or no group. A text stands for the setting *bare*."""
        _, node = self.find(name)
        if isinstance(node, Text) and bare:
            return self.nested(name, Map({bare: node}, {}))
        if node is not None and not isinstance(node, Map):
            message = say("“{name}” has one value; settings below it are expected", name=name)
            hint = say("write “name: value” lines below it, indented by two spaces")
            self.say(name, "field-not-group", message, hint)
        settings = node if isinstance(node, Map) else Map({}, {})
        return Fields(settings, self._faults, f"{self._prefix}{name}.")

    def groups(self, name: str) -> dict[str, Fields]:
        """The groups of settings below *name*, by their names."""
        group = self.group(name)
        return {each: group.group(each) for each in group._map.entries}

    def items(self, name: str) -> tuple[Node, ...]:
        """The entries of a list as they are; a single value counts as a list of one."""
        _, node = self.find(name)
        return node.items if isinstance(node, List) else () if node is None else (node,)

    def entries(self, name: str, known: Iterable[Setting], bare: str = "") -> Iterator[Fields]:
        """The settings of each entry of a list of groups that have the settings *known*; a text stands for *bare*.

        What is still left over when the next entry is asked for is unknown, and told.
        """
        for number, node in enumerate(self.items(name)):
            settings = Map({bare: node}, {}) if isinstance(node, Text) and bare else node
            if isinstance(settings, Map):
                entry = self.nested(f"{name}.{number}", settings)
                yield entry
                unknown_settings(entry, names(known))
            else:
                message = say("entry {number} of “{name}” is no group of settings", number=number + 1, name=name)
                hint = say("write “name: value” lines below it, indented by two spaces")
                self.say(f"{name}.{number}", "field-not-group", message, hint)

    def nested(self, name: str, settings: Map) -> Fields:
        """Fields over *settings*, which stand at *name*."""
        return Fields(settings, self._faults, f"{self._prefix}{name}.")


def unknown_settings(fields: Fields, known: frozenset[str]) -> None:
    """Say which settings of *fields* no method asked for, and which of those in *known* may be meant."""
    for name in fields.left_over():
        guess = suggestion(name, known)
        hint = say("write “{guess}” if that is meant", guess=guess) if guess else say("delete it")
        fields.say(name, "setting-unknown", say("“{name}” is not a setting here", name=name), hint)


def suggestion(name: str, known: Mapping[str, object] | frozenset[str], within: int = 2) -> str:
    """The known name nearest to *name*, at most *within* edits away; else one that *name* is short or long for."""
    near = min(((distance(name, each), each) for each in known if is_near(name, each, within)), default=(0, ""))[1]
    return near or next((each for each in sorted(known) if _is_shortened(name, each) or _is_lengthened(name, each)), "")


def _is_shortened(name: str, known: str) -> bool:
    return len(name) > 2 and known.startswith(name)


def _is_lengthened(name: str, known: str) -> bool:
    return name in (f"{known}_file", f"{known}_path", f"{known}_url")


def is_near(one: str, other: str, within: int) -> bool:
    """Whether *one* is at most *within* edits away from *other*; long texts are told apart by their lengths."""
    return abs(len(one) - len(other)) <= within and distance(one, other) <= within


def distance(one: str, other: str) -> int:
    """Edits from *one* to *other*: insert, delete, replace, or swap two neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _is_empty(node: Node) -> bool:
    return isinstance(node, Text) and (node.is_empty or not node.text.strip())


def _as_number(text: str) -> str:
    """The number an author may have meant by *text*: digits with something around them, or an English word."""
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    if text.lower() in words:
        return str(words.index(text.lower()) + 1)
    digits = re.search(r"[0-9]+", text)
    return digits[0].lstrip("0") if digits and text.count(".") == 0 and "-" not in text else ""
