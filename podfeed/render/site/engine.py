"""Templates → text: the one module that knows jinja2. Everything is escaped, and what is missing is an error."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from importlib import resources
from typing import Any

import jinja2
import jinja2.meta
import jinja2.sandbox
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from podfeed.errors import ContentError
from podfeed.read.cues import plain
from podfeed.read.folder import TEMPLATES
from podfeed.render.chapters import stamp
from podfeed.render.site import local
from podfeed.render.site.places import Place
from podfeed.words import say

#: What a template can go wrong by while a page is made.
_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Prints pages by podfeed's templates, and by those of the owner where there are any of the same name."""

    #: The owner's, by name.
    templates: Mapping[str, str]
    #: The package whose templates they go before.
    package: str = "podfeed.render.site"

    def page(self, template: str, *, language: str, place: Place, **values: Any) -> bytes:
        """*template* in *language*, with *values*, for a page at *place*.

        Raises ContentError where one of the owner's templates asks for what is not there.
        """
        environment = _environment(tuple(self.templates.items()), self.package, language)
        try:
            text = environment.get_template(template).render(values, place=place, near=place.near)
        except _FAULTS as error:
            if not self.templates:
                raise
            raise _fault(error) from error
        return text.encode("utf-8", "replace")


def _fault(error: Exception) -> ContentError:
    """What to raise for *error*, which came of an owner's template: it names the innermost line of these."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.endswith(".html")]
    owned = [each for each in frames if each.filename.startswith(f"{TEMPLATES}/")]
    place = (owned or frames)[-1]
    message = say(
        "“{path}”, line {line}: no page can be made of this: {reason}",
        path=place.filename,
        line=place.lineno,
        reason=str(error) or say("there is not enough memory for it"),
    )
    return ContentError(message)


@lru_cache(maxsize=16)
def _environment(templates: tuple[tuple[str, str], ...], package: str, language: str) -> jinja2.Environment:
    """What prints pages in *language*. All shows share it: to compile its templates takes as long as many pages."""
    owned = {name: (text, f"{TEMPLATES}/{name}", None) for name, text in templates}
    kind: type[jinja2.Environment] = _Guarded if owned else _Plain
    environment = kind(
        loader=jinja2.ChoiceLoader([jinja2.FunctionLoader(owned.get), jinja2.PackageLoader(package)]),
        autoescape=True,
        undefined=_Missing,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.extend(words=local.words(language))
    environment.install_gettext_translations(local.words(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["stamp"] = stamp
    environment.globals["day"] = partial(local.date, language)
    environment.globals["length"] = partial(local.length, language)
    environment.globals["tongue"] = partial(local.tongue, language)
    environment.globals["role"] = partial(local.role, language)
    environment.filters["plain"] = plain
    # Letters as they are, and no blanks: search engines need neither, and pages are loaded by telephones.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
    return environment


class _Missing(jinja2.StrictUndefined):
    """What a template asks for and is not given: to print it, or to look into it, is an error."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or say("there is no “{name}”", name=self._undefined_name)


class _Translator(NodeTransformer):
    """Puts words where a template asks for them, and what is always the same among their values."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_" | "gettext"), args=[nodes.Const(value=str(text))]):
                words = self.environment.words.gettext(text)  # type: ignore[attr-defined]
                if all(isinstance(each.value, nodes.Const) for each in node.kwargs):
                    known = {each.key: escape(str(each.value.as_const())) for each in node.kwargs}
                    return nodes.TemplateData(words % known, lineno=node.lineno)
                values = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
                return nodes.Mod(nodes.MarkSafe(nodes.Const(words)), nodes.Dict(values), lineno=node.lineno)
        return node


class _Joiner(_Translator):
    """Puts templates in the place where others include them, too."""

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        assert isinstance(node.template, nodes.Const) and self.environment.loader
        source, _, _ = self.environment.loader.get_source(self.environment, node.template.value)
        return nodes.Scope(self.visit(self.environment.parse(source)).body, lineno=node.lineno)


class _Generator(CodeGenerator):
    """Compiles a template with its words in one language: to look them up for each page would take half of the time."""

    prepared_by = _Translator

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(self.prepared_by(self.environment).visit(node), frame)


class _PlainGenerator(_Generator):
    """Compiles calls and attributes as Python has them, where jinja2 would ask each time what else they might be."""

    prepared_by = _Joiner

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if node.dyn_args or node.dyn_kwargs or getattr(node.node, "name", "") in _NEEDS_CONTEXT:
            return super().visit_Call(node, frame, forward_caller=forward_caller)
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")


#: The functions of templates that must be told where they are called.
_NEEDS_CONTEXT = frozenset({"_", "gettext", "ngettext", "npgettext", "pgettext"})


class _Plain(jinja2.Environment):
    """Where podfeed's own templates stand alone: nothing in them needs to be guarded."""

    code_generator_class = _PlainGenerator

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals  # jinja2 keeps a copy for each template, and goes through it for each page


class _Guarded(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """Where an owner's templates go before them: what somebody else proposes is not to run as a program."""

    code_generator_class = _Generator


class Unreadable(Exception):
    """A text is no template."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def included(text: str) -> set[str]:
    """The names of the templates that the template *text* is made of. Raises Unreadable when it is none."""
    # As one of an owner's: what these may say, podfeed's own way to compile does not know.
    environment = _environment((("", ""),), "podfeed.render.site", "en")
    try:
        environment.compile(text)
    except jinja2.TemplateSyntaxError as error:
        raise Unreadable((error.message or "").rstrip("."), error.lineno) from error
    return {name for name in jinja2.meta.find_referenced_templates(environment.parse(text)) if name}


def names() -> frozenset[str]:
    """The names of podfeed's own templates, and of the files that pages use."""
    return frozenset(each.name for each in resources.files("podfeed.render.site").joinpath("templates").iterdir())


def asset(name: str, templates: Mapping[str, str]) -> bytes:
    """A file that pages use, as the style sheet or the player's script: the owner's, else podfeed's own."""
    if name in templates:
        return templates[name].encode("utf-8", "replace")
    own = resources.files("podfeed.render.site").joinpath("templates", name).read_bytes()
    return _FOR_READERS[name.rpartition(".")[2]].sub(b"", own)


#: What podfeed's own files have for those who read them, and browsers need not load.
_FOR_READERS = {
    "css": re.compile(rb"/\*.*?\*/|(?<=[{};:,])\s+|\s+(?=[{}])|;\s*(?=})", re.DOTALL),
    "js": re.compile(rb"^[ \t]*(?://.*\n|\n)?", re.MULTILINE),
}
