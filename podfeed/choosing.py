"""Which rules are meant: by name, by the beginning of one, or by a code of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from podfeed.check.registry import Rule, catalogue, rules
from podfeed.errors import UsageError
from podfeed.read.fields import suggestion
from podfeed.words import say


def all_named(lists: Iterable[str]) -> frozenset[str]:
    """The rules that any name in *lists* stands for; there are commas between names. Raises UsageError as `named`."""
    names = (name.strip() for each in lists for name in each.split(","))
    return frozenset(rule.name for name in names if name for rule in named(name))


def named(name: str) -> tuple[Rule, ...]:
    """The rules “audio-empty”, “audio-”, “AU001” or “AU” stands for. Raises UsageError when there are none."""
    found = tuple(rule for rule in rules().values() if _stands_for(name, rule))
    if found:
        return found
    code = name.upper()
    if code in catalogue():
        raise UsageError(say("no rule stands for “{code}”: {reason}", code=code, reason=why_unchecked(code)))
    guess = _guess(name)
    if guess:
        raise UsageError(say("there is no rule “{name}”; is “{guess}” meant?", name=name, guess=guess))
    raise UsageError(say("there is no rule “{name}”", name=name))


def _stands_for(name: str, rule: Rule) -> bool:
    if name.endswith("-"):
        return rule.name.startswith(name)
    return name == rule.name or any(name.upper() in (code, code.rstrip("0123456789")) for code in rule.codes)


def _guess(name: str) -> str:
    if any(rule.startswith(f"{name}-") for rule in rules()):
        return f"{name}-"
    return suggestion(name, rules(), within=4) or suggestion(name.upper(), catalogue())


def why_unchecked(code: str) -> str:
    """Why no rule stands for *code*; empty where one does."""
    return catalogue()[code].unchecked
