"""The import contracts are kept, cover every room, and break on the imports that they forbid."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.tree import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Runs every contract of `root`'s pyproject.toml over `root`'s sources."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run([sys.executable, "-c", LINT, "--no-cache"], cwd=root, env=environment,
                          capture_output=True, text=True, check=False)


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """A copy of sources and contracts that a test may spoil."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(("module", "statement", "contract"), [
    ("domain", "import erpdesk.storage", "Rooms use only the rooms below them"),
    ("settings", "import erpdesk.domain", "Settings stand beside the rooms"),
    ("ui", "def later() -> None:\n    import erpdesk.storage", "The doors know services"),
    ("services", "import PySide6", "Qt only in ui and app"),
    ("services", "import psycopg", "Storage is the only door"),
    ("blueprints", "import sqlalchemy", "Blueprints resolve without a database"),
])
def test_contract_breaks_on_the_import_it_forbids(copied_tree: Path, module: str, statement: str,
                                                  contract: str) -> None:
    package = copied_tree / "src" / "erpdesk" / module
    spoiled = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    with spoiled.open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")
    done = lint(copied_tree)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_a_room_that_is_in_no_layer_is_refused(copied_tree: Path) -> None:
    room = copied_tree / "src" / "erpdesk" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text('"""Unlisted."""\n', encoding="utf-8")
    done = lint(copied_tree)
    assert done.returncode == 1
    assert "erpdesk.attic" in done.stdout
