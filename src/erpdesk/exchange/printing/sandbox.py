"""The sandbox of print templates: a small part of Jinja over plain facts, escaped, bounded, unable to reach anything.

A template is parsed and held to a list of what it may consist of: texts, names and parts of the facts, loops,
conditions, a few filters, the shipped pages it may extend. Attributes of Python objects, calls (but `say`),
arithmetic, macros, lists of its own don't exist, so that nothing in it can grow by itself; each turn of a loop is
counted. Pages load nothing from outside: pictures are part of the template (`data:`).
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.settings import RESOURCES

MAXIMUM_SOURCE = 100_000
MAXIMUM_OUTPUT = 20_000_000
MAXIMUM_TURNS = 500_000
MAXIMUM_SECONDS = 20.0
_NAME = "template"

_FILTERS = ("upper", "lower", "capitalize", "trim", "length", "first", "last", "default")
_TESTS = ("defined", "none", "even", "odd")
_CALLS = ("say", "super")
_LOOP = ("index", "first", "last", "length")
_PARTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Name, nodes.NSRef, nodes.Getattr,
          nodes.Getitem, nodes.Const, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
          nodes.Not, nodes.CondExpr, nodes.Assign, nodes.Call, nodes.Extends, nodes.Block, nodes.Include, nodes.Keyword)
_SAYABLE = "A template consists of texts, facts, if, for, set, block, extends and say"
_OUTSIDE = (
    (re.compile(r"<\s*(script|iframe|frame|object|embed|link|base|meta|form|input|video|audio|svg)\b", re.IGNORECASE),
     "a page has no {found}"),
    (re.compile(r"\b(url|expression)\s*\(|@import\b", re.IGNORECASE), "a page loads nothing from outside ({found})"),
    (re.compile(r"\b(?:href|background|srcset)\s*=", re.IGNORECASE), "a page refers to nothing outside ({found})"),
    (re.compile(r"\bsrc\s*=(?!\s*[\"']data:image/(?:png|jpeg);base64,)", re.IGNORECASE),
     "a picture is part of the template: src=\"data:image/png;base64,…\""),
    (re.compile(r"javascript:|\bfile:|\bqrc:", re.IGNORECASE), "a page reaches nothing outside ({found})"),
)


class TemplateRefused(InvalidRequest):
    """A template that doesn't compile, does what a template may not do, or goes on too long."""

    def __init__(self, reason: str, line: int = 0) -> None:
        place = f"Line {line}: " if line else ""
        super().__init__((Fault("RPT-007", f"{place}{reason}", "source", details={"line": line} if line else {}),))


class _Environment(ImmutableSandboxedEnvironment):
    """Nothing but parts of mappings and lists can be reached from a template."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of the facts by name, or where a loop stands; no attribute of any object."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A part of the facts by name or place."""
        if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        if isinstance(obj, list | tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def shipped_sources() -> dict[str, str]:
    """The templates of `resources/print` by code."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((RESOURCES / "print").glob("*.html"))}


@cache
def _environment() -> _Environment:
    environment = _Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                               loader=DictLoader(shipped_sources()), cache_size=50)
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters["counted"] = lambda rows: rows
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    environment.globals.clear()
    return environment


def check(source: str, samples: Iterable[Mapping[str, Any]]) -> None:
    """Refuses a template that can't be used, with line and cause; it is tried on samples. Raises TemplateRefused."""
    if len(source) > MAXIMUM_SOURCE:
        raise TemplateRefused(f"A template has at most {MAXIMUM_SOURCE} characters")
    _nothing_outside(source)
    for facts in samples:
        _nothing_outside(rendered(source, facts), within_lines=False)


def rendered(source: str, facts: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """The page that a template makes of facts: HTML. Raises TemplateRefused."""
    environment = _environment().overlay()
    budget = _Budget()
    environment.filters = {**environment.filters, "counted": budget.counted}
    try:
        tree = environment.parse(source)
        _hold_to_the_list(tree)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        tree.set_environment(environment)
        template = environment.template_class.from_code(
            environment, environment.compile(tree, _NAME, _NAME), environment.make_globals(None))
        return budget.collected(template.generate(**facts, say=say))
    except TemplateSyntaxError as error:
        raise TemplateRefused(str(error.message or error), error.lineno) from None
    except TemplateRefused:
        raise
    except (TemplateError, TypeError, ValueError, LookupError, RecursionError, ArithmeticError) as error:
        raise TemplateRefused(str(error) or type(error).__name__, _line_of(error)) from None


def _hold_to_the_list(tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _PARTS):
            _refuse(f"{_SAYABLE}; there is no {type(node).__name__.lower()}", node)
        if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name in _CALLS):
            _refuse(f"nothing can be called but {' and '.join(_CALLS)}", node)
        if isinstance(node, nodes.For) and node.recursive:
            _refuse("a loop can't call itself", node)
        if isinstance(node, nodes.Assign) and not isinstance(node.target, nodes.Name):
            _refuse("set gives one name a value", node)
        if isinstance(node, nodes.Include | nodes.Extends) and not (
                isinstance(node.template, nodes.Const) and node.template.value in shipped_sources()):
            _refuse(f"only shipped pages can be extended: {', '.join(shipped_sources())}", node)
        if isinstance(node, nodes.Name | nodes.Getattr) and str(
                node.name if isinstance(node, nodes.Name) else node.attr).startswith("_"):
            _refuse("names don't begin with _", node)


def _refuse(reason: str, node: nodes.Node) -> NoReturn:
    raise TemplateRefused(reason, node.lineno)


def _nothing_outside(text: str, *, within_lines: bool = True) -> None:
    for pattern, reason in _OUTSIDE:
        if found := pattern.search(text):
            line = text.count("\n", 0, found.start()) + 1 if within_lines else 0
            raise TemplateRefused(reason.format(found=found[0].strip("< (=")), line)


def _line_of(error: BaseException) -> int:
    """The line of the template at which something went wrong; 0 where that isn't known."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _NAME]
    return lines[-1] or 0 if lines else 0


class _Budget:
    """How much one page may take."""

    def __init__(self) -> None:
        self._turns, self._until = 0, time.monotonic() + MAXIMUM_SECONDS

    def counted(self, rows: Any) -> Iterator[Any]:
        """The rows, each of which counts."""
        for row in rows:
            self._turns += 1
            if self._turns > MAXIMUM_TURNS or time.monotonic() > self._until:
                raise TemplateRefused("The page takes too long: its loops turn too often")
            yield row

    def collected(self, parts: Iterable[str]) -> str:
        """The page, if it isn't too long."""
        collected, length = [], 0
        for part in parts:
            length += len(part)
            if length > MAXIMUM_OUTPUT or time.monotonic() > self._until:
                raise TemplateRefused("The page is too long")
            collected.append(part)
        return "".join(collected)
