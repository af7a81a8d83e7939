"""Measures the tests of the pure domain: how many small faults put into it do they notice?

mutmut changes one thing at a time (a sign, a comparison, an argument) and runs the unit tests that pass there. The
score is the share of such mutants that some test kills; below the bar the survivors are listed and the status is 1.
It works on a copy of `src/erpdesk/domain`, `tests/unit/domain` and the calendars that these read, so that nothing
but the standard library, pytest and hypothesis has a say; examples are the same in every run, and so is the score.

Usage: python packaging/mutation.py [--bar PERCENT] [--workers N]   (needs mutmut in the interpreter's environment)
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "build" / "mutation" / "tree"
COPIED = ("src/erpdesk/__init__.py", "src/erpdesk/domain", "tests/unit/domain",
          "src/erpdesk/settings.py", "src/erpdesk/services/__init__.py", "src/erpdesk/services/reckonings.py",
          "resources/calendars")
"""The domain, its tests, and what those read the published calendars with."""
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["src/"]
only_mutate = ["src/erpdesk/domain/*"]
also_copy = ["resources"]
pytest_add_cli_args_test_selection = ["tests/unit/domain"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "--import-mode=importlib"]

[tool.pytest.ini_options]
pythonpath = ["src"]
"""
CONFTEST = """\
from hypothesis import settings

settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
settings.load_profile("mutants")
"""
BAR = Decimal(85)


def prepare(tree: Path = TREE) -> None:
    """The domain and its tests, alone in a fresh tree."""
    shutil.rmtree(tree, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (tree / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tree / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")


def mutmut(*arguments: str, quiet: bool = False) -> str:
    """Runs mutmut in the tree; what it printed when `quiet`. Ends the program when it fails."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run([Path(sys.executable).with_name("mutmut"), *arguments], cwd=TREE, env=clean, text=True,
                           stdout=subprocess.PIPE if quiet else None, check=False)
    if ended.returncode != 0:
        sys.exit(f"mutmut {arguments[0]} ended with {ended.returncode}")
    return ended.stdout or ""


def main() -> int:
    """Mutate, measure, tell."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bar", type=Decimal, default=BAR, help="the least share of killed mutants, in percent")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = arguments.parse_args()
    prepare()
    mutmut("run", "--max-children", str(chosen.workers))
    mutmut("export-cicd-stats", quiet=True)
    figures = json.loads((TREE / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    killed, made = figures["killed"] + figures["timeout"], figures["total"]
    score = 100 * Decimal(killed) / made
    print(mutmut("results", quiet=True), end="")
    print(f"{killed} of {made} mutants killed: {score:.1f} % (bar {chosen.bar} %)")
    return 0 if score >= chosen.bar else 1


if __name__ == "__main__":
    sys.exit(main())
