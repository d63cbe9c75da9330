"""Every sentence can be translated: it goes through `say`, whole, and the catalogue has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from commands import ROOT, tool
from hypothesis import given
from hypothesis import strategies as st

from podfeed.words import listed, say, say_many

PACKAGE = ROOT / "podfeed"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
_IDS = [path.relative_to(PACKAGE).as_posix() for path in MODULES]


# -------------------------------------------------------------------------------------------- sentences


@given(st.text(), st.text())
def test_values_are_filled_in_as_they_are(one: str, other: str) -> None:
    """What an author wrote is never taken for a placeholder."""
    assert (
        say("“{first}” and {{slug}} and “{second}”", first=one, second=other) == f"“{one}” and {{slug}} and “{other}”"
    )


def test_value_that_looks_like_a_placeholder_stays() -> None:
    """A title may hold braces."""
    assert say("the title is “{title}”", title="{date} {0} {") == "the title is “{date} {0} {”"


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 episodes of x"), (1, "one episode of x"), (2, "2 episodes of x")]
)
def test_number_chooses_the_sentence(count: int, expected: str) -> None:
    """Exactly one is the singular."""
    assert say_many("one episode of {show}", "{count} episodes of {show}", count=count, show="x") == expected


@pytest.mark.parametrize(
    ("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_listed(words: list[str], expected: str) -> None:
    """As one says it."""
    assert listed(words) == expected


# ----------------------------------------------------------------------------------------------- the code

#: Who speaks to people, and which of its arguments are sentences.
_SPEAKERS = {
    "Finding": slice(1, 3),
    "UsageError": slice(None),
    "TargetError": slice(None),
    "RefusedError": slice(None),
    "PodfeedError": slice(None),
    "Unreadable": slice(None),
    "BadParameter": slice(None),
    "echo": slice(None),
    "prompt": slice(1),
    "confirm": slice(1),
    #: Of the readers: a place or a field, the rule, then the sentences.
    "say": slice(2, None),
}
#: A text that is more than a name: a letter beside a space.
_WORDS = re.compile(r"[^\W\d_][,;:]? | [^\W\d_]")
_RULE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
#: Where literals in quotation marks are no messages: a Python error, and what settings are for.
_NO_MESSAGES = {"__init__.py", "read/settings.py"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _is_said(node: ast.AST) -> bool:
    """Whether *node* is a call of `say` or `say_many`; a reader's own method is none."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "say_many")


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_said(node))


def _unsaid(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts in *node* that are not in a sentence."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif not _is_said(node):
        for child in ast.iter_child_nodes(node):
            yield from _unsaid(child)


def _spoken(tree: ast.AST) -> Iterator[ast.AST]:
    """What is given to somebody who speaks, and what was put under the names that are given."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for scope in [tree, *functions]:
        named: dict[str, list[ast.AST]] = {}
        for node in ast.walk(scope):
            for target, value in _assigned(node):
                named.setdefault(target, []).append(value)
        calls = (node for node in ast.walk(scope) if isinstance(node, ast.Call) and not _is_said(node))
        for call in (each for each in calls if _name(each) in _SPEAKERS):
            given = [each.value for each in call.keywords if each.arg in ("message", "hint")]
            for value in (*call.args[_SPEAKERS[_name(call)]], *given):
                yield value
                if isinstance(value, ast.Name):
                    yield from named.get(value.id, [])


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Names and what they stand for from here on; pairs one by one."""
    for target in node.targets if isinstance(node, ast.Assign) else []:
        assert isinstance(node, ast.Assign)
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            names = (each.id if isinstance(each, ast.Name) else "" for each in target.elts)
            yield from zip(names, node.value.elts, strict=True)


def _bare(tree: ast.AST) -> set[tuple[int, str]]:
    """The texts that people would read as they are, with their lines."""
    texts = (text for node in _spoken(tree) for text in _unsaid(node))
    return {
        (text.lineno, text.value) for text in texts if _WORDS.search(text.value) and not _RULE.fullmatch(text.value)
    }


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_what_people_read_is_said(path: Path) -> None:
    """No message, hint or error is a bare text: nobody could translate it."""
    assert _bare(_tree(path)) == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('yield Finding("title", f"the {x} is wrong", say("write {x}", x=x))', {(1, "the "), (1, " is wrong")}),
        ('Finding("title", hint="write it")', {(1, "write it")}),
        ('fields.say("title", "title-missing", "it is bad", say("mend it"))', {(1, "it is bad")}),
        ('raise UsageError(f"no {x}") from error', {(1, "no ")}),
        ('message, hint = "it is bad", say("mend it")\nFinding("", message, hint)', {(1, "it is bad")}),
        ('message = say("{a}", a=a)\nFinding("", message, say("mend it"))', set()),
    ],
)
def test_bare_text_is_found(code: str, expected: set[tuple[int, str]]) -> None:
    """Wherever it was put before it is given to somebody who speaks."""
    assert _bare(ast.parse(code)) == expected


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_what_stands_in_quotation_marks_is_said(path: Path) -> None:
    """Only sentences for people have typographic ones."""
    if path.relative_to(PACKAGE).as_posix() in _NO_MESSAGES:
        return
    bare = [(each.lineno, each.value) for each in _unsaid(_Code().visit(_tree(path))) if re.search("[“”]", each.value)]

    assert bare == []


class _Code(ast.NodeTransformer):
    """The code without its documentation: docstrings, and the help of commands."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        return None if node.arg in ("help", "short_help") else self.generic_visit(node)


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_sentences_are_whole_and_their_values_are_given(path: Path) -> None:
    """A literal for the catalogue, and a value for each name in it."""
    for call in _calls(_tree(path)):
        if path.name == "words.py" and not isinstance(call.args[0], ast.Constant):
            continue
        sentences = [ast.literal_eval(each) for each in call.args]
        names = {name for each in sentences for _, name, _, _ in Formatter().parse(each) if name is not None}
        values = {each.arg for each in call.keywords}
        assert len(sentences) == (2 if _name(call) == "say_many" else 1), call.lineno
        assert names | {"count"} == values | {"count"}, (call.lineno, sentences)


# -------------------------------------------------------------------------------------------- catalogue


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """tools/write-words."""
    return tool("write-words")


def test_catalogue_is_fresh(writer: ModuleType) -> None:
    """Nobody forgot to run tools/write-words."""
    assert writer.CATALOGUE.read_text("utf-8") == writer.written(), "run tools/write-words"


def test_catalogue_has_every_sentence(writer: ModuleType) -> None:
    """Of every module, singular and plural."""
    from babel.messages.pofile import read_po

    with writer.CATALOGUE.open("rb") as file:
        found = {
            each for message in read_po(file) for each in ([message.id] if isinstance(message.id, str) else message.id)
        }
    said = {
        ast.literal_eval(each)
        for path in MODULES
        if path.name != "words.py"
        for call in _calls(_tree(path))
        for each in call.args
    }

    assert len(said) > 500
    assert said <= found
