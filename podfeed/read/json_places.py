"""JSON → where each of its values stands; json itself only says what they are."""

from __future__ import annotations

import json
import re

#: The way to a value: names of an object, numbers of a list.
Way = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def places(text: str) -> dict[Way, tuple[int, int]]:
    """From where to where, in characters, each value of *text* goes. The text is JSON that was read without a fault."""
    found: dict[Way, tuple[int, int]] = {}
    way: list[str | int] = []
    starts: list[int] = []
    is_name = False
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[" as opened:
                starts.append(token.start())
                is_name = opened == "{"
                way.append("" if is_name else 0)
            case "}" | "]":
                way.pop()
                found[tuple(way)] = starts.pop(), token.end()
                is_name = False
            case ",":
                step = way[-1]
                is_name = isinstance(step, str)
                way[-1] = "" if isinstance(step, str) else step + 1
            case ":":
                is_name = False
            case name if is_name:
                way[-1] = json.loads(name)
            case _:
                found[tuple(way)] = token.span()
    return found
