"""Rules for every module that import contracts can't say: size, docstrings, constants, what may be called."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.tree import ROOT, Module, imported_names, modules, strings

LINES_AT_MOST = 400
EXACT_ROOMS = ("domain", "posting")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}(?:[0-9a-fA-F]{2})?\b")
SIZE = re.compile(r"\b\d+(?:\.\d+)?(?:px|pt|em)\b")
JSON_CODE = re.compile(r"[A-Z][A-Z0-9_]+")

ALL = modules("src", "packaging", "tests", "migrations")
SOURCES = modules("src")


def places(found: Iterator[tuple[Module, ast.AST | None]]) -> list[str]:
    """Findings as `path:line`, for the message of a failed test."""
    return [f"{module.path}:{getattr(node, 'lineno', 1)}" for module, node in found]


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the called name."""
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def voucher_type_codes() -> frozenset[str]:
    """The codes of the voucher types that are delivered as rows: the file names in resources/blueprints."""
    names = {path.stem.upper() for path in (ROOT / "resources" / "blueprints").glob("*.json")}
    return frozenset(name for name in names if JSON_CODE.fullmatch(name))


def test_there_are_modules_to_look_at() -> None:
    assert len(SOURCES) > 10


@pytest.mark.parametrize("module", [m for m in ALL if m.path.parts[:2] != ("migrations", "versions")],
                         ids=lambda m: str(m.path))
def test_module_is_short_and_says_what_it_is(module: Module) -> None:
    docstring = ast.get_docstring(module.syntax) or ""
    assert docstring.strip(), "the first line of a module says its concept in a sentence"
    lines = module.text.count("\n") + 1
    assert lines <= LINES_AT_MOST, f"{lines} lines: look for the noun that is missing"


def test_nothing_is_evaluated_or_imported_by_name() -> None:
    """Import contracts see only import statements, and configuration is never run as code."""
    forbidden = {"eval", "exec", "__import__"}
    found = [(module, call) for module in SOURCES for name, call in calls(module)
             if name in forbidden and isinstance(call.func, ast.Name)]
    by_name = [(module, call) for module in SOURCES for name, call in calls(module)
               if name == "import_module"]
    assert places(iter(found + by_name)) == []


def test_money_and_stock_are_computed_without_floats() -> None:
    exact = [module for module in SOURCES if module.room in EXACT_ROOMS]
    found = [(module, node) for module in exact for node in ast.walk(module.syntax)
             if (isinstance(node, ast.Constant) and isinstance(node.value, float))
             or (isinstance(node, ast.Name) and node.id == "float")]
    assert places(iter(found)) == []


def test_domain_knows_only_itself_and_the_standard_library() -> None:
    foreign = sorted({f"{module.path}: {name}" for module in SOURCES if module.room == "domain"
                      for name in imported_names(module.syntax)
                      if not (name.startswith(("erpdesk.domain", "."))
                              or name.partition(".")[0] in sys.stdlib_module_names)})
    assert foreign == []


def test_baseline_voucher_types_are_found() -> None:
    assert len(voucher_type_codes()) >= 18


def test_no_voucher_type_is_named_in_code() -> None:
    """Rows decide what a voucher type does; a nineteenth type must not need a line of code."""
    code = re.compile(r"\b(?:" + "|".join(sorted(voucher_type_codes()) or ["\0"]) + r")\b")
    found = [(module, node) for module in SOURCES for node in strings(module.syntax)
             if code.search(str(node.value))]
    assert places(iter(found)) == []


def test_no_voucher_type_is_named_in_server_functions() -> None:
    quoted = re.compile(r"'(?:" + "|".join(sorted(voucher_type_codes()) or ["\0"]) + r")'")
    found = [f"{path.name}: {match[0]}" for path in sorted((ROOT / "migrations" / "functions").glob("*.sql"))
             for match in quoted.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def test_colours_and_sizes_stand_in_resources_not_in_code() -> None:
    """One token file, light and dark; otherwise a theme can't change what a clerk looks at all day."""
    window = [module for module in SOURCES if module.room == "ui"]
    written = [(module, node) for module in window for node in strings(module.syntax)
               if COLOUR.fullmatch(str(node.value)) or SIZE.search(str(node.value))]
    made = [(module, call) for module in window for name, call in calls(module)
            if name in ("QColor", "fromRgb") and any(isinstance(a, ast.Constant) for a in call.args)]
    assert places(iter(written + made)) == []


def test_sources_are_where_the_contracts_look() -> None:
    """Every folder under src/erpdesk is a package, so that import-linter sees it."""
    folders = {(ROOT / module.path).parent for module in SOURCES}
    assert [str(folder) for folder in sorted(folders) if not Path(folder, "__init__.py").is_file()] == []
