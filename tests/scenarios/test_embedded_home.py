"""From an empty home folder: the database comes up by itself, and goes when it is told to."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from helpers.command_line import CommandLine

CREATE = ("org", "create", "--code", "SHOP", "--name", "Shop", "--currency", "NPR", "--fiscal-year",
          "2026-04-01:2027-03-31")  # fmt: skip


def test_an_empty_home_becomes_books_with_one_command(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "home")
    assert line.run(*CREATE).code == 0
    status = line.run("db", "status")
    assert (status.code, "current" in status.out) == (0, True)
    verified = line.run("db", "verify")
    assert verified.code == 0, verified.out
    named = [line.split(" ")[0] for line in verified.out.splitlines()]
    assert named == [*(f"I{number}" for number in range(1, 12)), "APR", "years", "replan"]
    assert (
        json.loads(line.run("report", "trial-balance", "--org", "SHOP", "--format", "json").out)["rows"] == []
    )
    stopped = line.run("db", "stop")
    assert (stopped.code, stopped.err) == (0, "")


def test_a_home_that_cannot_be_made_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    ended = CommandLine(tmp_path / "home").run("seed")
    assert ended.code == 3
    assert "NET-0" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_ends_with_130(shop: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "vouchers.jsonl"
    document = {"type": "JOURNAL", "date": "2026-04-02",
                "lines": [{"account": "1110", "debit": "1"}, {"account": "3010", "credit": "1"}]}  # fmt: skip
    path.write_text("".join(json.dumps(document | {"narration": str(n)}) + "\n" for n in range(2000)))
    process = shop.start("import", "vouchers", path, "--org", "SHOP", "--post")
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    shown, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    posted = shop.run("report", "day-book", "--org", "SHOP", "--format", "json")
    assert json.loads(posted.out)["totals"]["vouchers"] == str(1 + len(shown.splitlines())), "each was told"


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """Small commands are quick because they load neither database, nor window, nor tables in colour."""
    import subprocess

    code = (
        "import sys\nfrom erpdesk.cli.main import run\nrun(['--help'])\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'sqlalchemy', 'psycopg', 'alembic', 'rich', 'PySide6', 'structlog', 'babel', 'keyring'}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
