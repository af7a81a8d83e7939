"""The tree as the architecture tests see it: tracked text files, and modules with their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "erpdesk"


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: where it is (relative to the root) and its text."""

    path: Path
    text: str

    @property
    def syntax(self) -> ast.Module:
        """Its syntax tree, made when it is first asked for: finding the tests asks for none."""
        return _syntax(self)

    @property
    def room(self) -> str:
        """The folder under src/erpdesk that it belongs to; empty for the files beside the folders."""
        parts = self.path.parts
        return parts[2] if parts[:2] == ("src", "erpdesk") and len(parts) > 3 else ""


@cache
def tracked_files() -> tuple[Path, ...]:
    """The project's files, relative to the root; in an archive without git, all that are there."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True,
                                text=True)
        names = [name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith((".venv", "build", "dist"))]
    return tuple(Path(name) for name in sorted(names) if (ROOT / name).is_file())


@cache
def text_of(path: Path) -> str | None:
    """The text of a file of the project; None when it isn't text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file in these folders of the project, ordered by path."""
    return tuple(Module(path, (ROOT / path).read_text(encoding="utf-8")) for path in tracked_files()
                 if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in folders))


@cache
def _syntax(module: Module) -> ast.Module:
    return ast.parse(module.text, filename=str(module.path))


def strings(syntax: ast.AST) -> Iterator[ast.Constant]:
    """String constants, docstrings left out."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(syntax)
                  if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(syntax):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def imported_names(syntax: ast.AST) -> Iterator[str]:
    """Dotted names of everything imported, anywhere in a file; relative ones begin with a dot."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
