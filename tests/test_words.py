"""Every sentence can be translated: it goes through `say`, whole, and the catalogue has it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from commands import ROOT, podfeed, tool
from hypothesis import given
from hypothesis import strategies as st

from podfeed.check.registry import rules
from podfeed.words import (
    ENGLISH,
    LANGUAGES,
    LOCALE,
    enumerated,
    joined,
    language_of,
    listed,
    named,
    say,
    say_many,
    speak,
)
from podfeed.workers import spread

PACKAGE = ROOT / "podfeed"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
_IDS = [path.relative_to(PACKAGE).as_posix() for path in MODULES]
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


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


# -------------------------------------------------------------------------------------------- languages


@pytest.fixture
def in_japanese() -> Iterator[None]:
    """Everything is said in Japanese."""
    speak("ja")
    yield
    speak(ENGLISH)


@pytest.mark.usefixtures("in_japanese")
def test_sentences_are_said_in_the_language_that_is_spoken() -> None:
    """With its own marks between them, and with what authors wrote as it is."""
    assert say("“{title}”", title="{Tides}") == "「{Tides}」"
    assert named(["A", "B", "C", "D"]) == "「A」、「B」、「C」、ほか1件"
    assert listed(["A", "B", "C"]) == enumerated("ABC") == "A、B、C"
    assert joined(["A", "B"]) == "A。B"


@pytest.mark.usefixtures("in_japanese")
@pytest.mark.parametrize("count", [0, 1, 2])
def test_number_chooses_the_form_of_the_language(count: int) -> None:
    """Japanese has one."""
    assert say_many("{count} error", "{count} errors", count=count) == f"エラー{count}件"


@pytest.mark.usefixtures("in_japanese")
def test_sentence_without_translation_is_said_in_english() -> None:
    """Whoever adds one sees it at once, and nobody meets an error for it."""
    assert say("“{word}” is new here", word="x") == "“x” is new here"


@pytest.mark.usefixtures("in_japanese")
def test_helpers_speak_the_same_language() -> None:
    """Threads that ask servers, and processes that read files."""

    def sentence(_: object = None) -> str:
        return say("its server breaks off")

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(sentence).result() == "サーバーとの通信が途中で切れました"
    assert {*spread(sentence, range(2), worth=1)} == {"サーバーとの通信が途中で切れました"}


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "japanese"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:ja:en"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "en_US:ja"}, "en"),
        ({"LANG": "C", "LANGUAGE": "ja"}, "en"),
        ({"LANG": "POSIX", "LANGUAGE": "ja"}, "en"),
        ({"LC_TIME": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_locale_chooses_the_language(locale: dict[str, str], expected: str) -> None:
    """As GNU gettext reads it: LANGUAGE counts in any locale but C, and what is not spoken is passed over."""
    assert language_of(locale) == expected


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


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    """What *node* says when it is imported: all that is no body of a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            for part in (*child.decorator_list, child.args):
                yield from _at_import(ast.Tuple([part]))
        elif isinstance(child, ast.Lambda):
            yield from _at_import(ast.Tuple([child.args]))
        else:
            if _is_said(child):
                assert isinstance(child, ast.Call)
                yield child
            yield from _at_import(child)


@pytest.mark.parametrize("path", MODULES, ids=_IDS)
def test_nothing_is_said_before_the_language_is_chosen(path: Path) -> None:
    """A constant, a class's attribute and a default are made when podfeed starts: they would be English for ever."""
    assert [call.lineno for call in _at_import(_tree(path))] == []


@pytest.mark.parametrize(
    "code",
    [
        'NAMES = {"hub": say("the hub")}',
        'class A:\n    word: str = say("the hub")',
        'def f(word=say("the hub")): ...',
        'def f(*, word=say_many("a", "b", count=1)): ...',
        'f = lambda word=say("the hub"): word',
        '@option(help=say("the hub"))\ndef f(): ...',
        'def f():\n    return 1\nf(say("the hub"))',
    ],
)
def test_what_is_said_too_early_is_found(code: str) -> None:
    """Wherever Python looks while it imports."""
    assert len(list(_at_import(ast.parse(code)))) == 1


def test_what_is_said_later_is_not_told() -> None:
    """Bodies of functions run when the language is known."""
    code = 'class A:\n    def f(self):\n        return say("a")\nf = lambda: say("b")'

    assert list(_at_import(ast.parse(code))) == []


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

#: The words of pages are there in these, beside the languages podfeed speaks.
_OF_PAGES = {"ja", "de", "es", "fr", "it", "ko", "pt", "zh"}
_PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|``[^`]*``")


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """tools/write-words."""
    return tool("write-words")


@pytest.fixture(scope="module")
def written(writer: ModuleType) -> tuple[dict[Path, bytes], list[str]]:
    """All catalogues as the code would have them, and what has no translation."""
    files, missing = writer.written()
    return files, missing


def test_catalogues_are_fresh(written: tuple[dict[Path, bytes], list[str]]) -> None:
    """Nobody forgot to run tools/write-words."""
    stale = [path for path, data in written[0].items() if path.read_bytes() != data]

    assert stale == [], "run tools/write-words"


def test_no_sentence_lacks_its_translation(written: tuple[dict[Path, bytes], list[str]]) -> None:
    """Not one of the command line, of the rules, or of the pages."""
    assert written[1] == [], "translate them in podfeed/locale/LANGUAGE/LC_MESSAGES, then run tools/write-words"


def test_every_language_has_its_catalogues() -> None:
    """And podfeed speaks those it has sentences in."""
    of_pages = {path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/site.mo")}
    of_podfeed = {path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/podfeed.mo")}

    assert of_pages == _OF_PAGES
    assert {ENGLISH, *of_podfeed} == {*LANGUAGES}


def test_catalogue_has_every_sentence(writer: ModuleType) -> None:
    """Of every module, singular and plural, and the summary of every rule."""
    found = {each for message in _messages(LOCALE / "podfeed.pot") for each in _forms(message.id)}
    said = {
        ast.literal_eval(each)
        for path in MODULES
        if path.name != "words.py"
        for call in _calls(_tree(path))
        for each in call.args
    }

    assert len(said) > 500
    assert said | {rule.words for rule in rules().values()} <= found


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _names(text: str) -> set[str]:
    """What stands for values in *text*, and what it quotes as code."""
    try:
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:  # the summary of a rule may hold a brace
        named = set()
    return named | set(_PLACEHOLDERS.findall(text))


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.relative_to(LOCALE).as_posix() for path in CATALOGUES])
def test_translations_have_the_same_values(path: Path) -> None:
    """A sentence that lost one would not say what it is about; one with another would fail when it is said."""
    for message in _messages(path):
        one, *many = map(_names, _forms(message.id))
        for string in filter(None, _forms(message.string)):
            assert _names(string) == (many or [one])[0] or _names(string) == one, message.id


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.relative_to(LOCALE).as_posix() for path in CATALOGUES])
def test_translations_keep_the_blanks_around_sentences(path: Path) -> None:
    """They are put together with others."""
    for message in _messages(path):
        for string in filter(None, _forms(message.string)):
            wanted = _forms(message.id)[0]
            ends = (len(string) - len(string.lstrip()), string.endswith("\n"))
            assert ends == (len(wanted) - len(wanted.lstrip()), wanted.endswith("\n")), message.id


# ----------------------------------------------------------------------------------------- command line


@pytest.mark.parametrize("words", [("--lang", "ja", "rules"), ("rules", "--lang", "ja")])
def test_language_is_chosen_before_the_command_or_behind_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Whatever the locale says."""
    ran = podfeed(tmp_path, *words, "episode-season-invalid", env={"LANG": "en_GB.UTF-8"})

    assert ran.returncode == 0
    assert ran.stdout.startswith("episode-season-invalid (error)\n\n``season``が1以上の整数ではありません。\n\nBad:")


def test_option_goes_before_the_locale(tmp_path: Path) -> None:
    """A script says what it reads."""
    ran = podfeed(tmp_path, "--lang", "en", "check", env=_JAPAN)

    assert ran.stderr.startswith("podfeed: there is no config.yaml")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("check", "--nope"), "エラー: '--nope'というオプションはありません。"),
        (("nope",), "エラー: 'nope'というコマンドはありません。"),
        (("build", "--out"), "エラー: オプション'--out'には値が必要です。"),
        (("rules", "a", "b"), "エラー: 余分な引数があります: b"),
        (("check", "--format", "yaml"), "エラー: '--format'の値が正しくありません: 'yaml'は次のいずれでもありません: "),
        (("when", "--next", "0"), "エラー: '--next'の値が正しくありません: 0は範囲外です（x>=1）。"),
        (("new",), "エラー: 引数がありません: 'SHOW'"),
        (("check", "--now", "x"), "エラー: '--now'の値が正しくありません: 「x」は日時ではありません"),
    ],
)
def test_slips_in_typing_are_told_in_the_language_of_the_locale(
    tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    """Those too that click finds."""
    ran = podfeed(tmp_path, *words, env=_JAPAN)

    assert ran.returncode == 2
    assert expected in ran.stderr


def test_unknown_language_is_a_slip_in_typing(tmp_path: Path) -> None:
    """And is not taken for another."""
    ran = podfeed(tmp_path, "--lang", "tlh", "rules")

    assert ran.returncode == 2
    assert "'tlh' is not one of" in ran.stderr


#: A Japanese locale, and nothing that goes before it.
_JAPAN = {"LANG": "ja_JP.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": ""}


def test_rules_are_listed_in_japanese(tmp_path: Path) -> None:
    """Each says in Japanese what is wrong; its name, how grave it is and who refuses it stay as they are."""
    here, there = (
        json.loads(podfeed(tmp_path, "rules", "--format", "json", env=env).stdout)["rules"] for env in (_JAPAN, {})
    )

    assert [_without_summary(each) for each in here] == [_without_summary(each) for each in there]
    assert all(re.search("[ぁ-ん]", each["summary"]) for each in here)


def _without_summary(rule: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in rule.items() if name != "summary"}
