"""Starting: neither door loads the other, the window waits for nothing, the measured start is quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

LIMIT_MS = 5000
"""Wide, for busy machines; the bar itself is measured by the benchmark."""


def python(*arguments: str, home: Path) -> str:
    """What a Python of its own prints."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ERPDESK_HOME": str(home)}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_program_imports_neither_door_before_it_is_wanted(tmp_path: Path) -> None:
    said = python("-c", "import sys, erpdesk.app; print([n for n in sys.modules if n.startswith("
                        "('PySide6', 'typer', 'sqlalchemy', 'psycopg'))])", home=tmp_path)
    assert said.strip() == "[]"


def test_the_window_is_there_without_any_library_of_the_database(tmp_path: Path) -> None:
    said = python("-c", "import sys, erpdesk.ui.application; print([n for n in sys.modules if n.startswith("
                        "('sqlalchemy', 'psycopg', 'alembic', 'typer', 'babel'))])", home=tmp_path)
    assert said.strip() == "[]"


def test_the_start_is_reported_in_milliseconds(tmp_path: Path) -> None:
    report = json.loads(python("-m", "erpdesk.app", "--startup-report", home=tmp_path / "none"))
    assert 0 < report["first_usable_field_ms"] < LIMIT_MS
    assert not (tmp_path / "none").exists(), "measuring leaves nothing behind"


def test_what_is_imported_is_not_looked_through_for_garbage_while_somebody_types(tmp_path: Path) -> None:
    said = python("-c", "import gc, erpdesk.ui.application, erpdesk.ui.window.opener as opener\n"
                        "opener._import_pages()\n"
                        "print(gc.get_freeze_count() > 20_000, len(gc.get_objects()) < 5_000)", home=tmp_path)
    assert said.split() == ["True", "True"]
