"""The real program is killed with kill -9 while somebody types: the next start has every field accepted before."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from erpdesk.ui.journal.folder import Entry, JournalFolder
from helpers.database import Database
from helpers.shops import open_shop

TESTS = Path(__file__).parents[1]
WITHIN_SECONDS = 1.0
"""An accepted field is on disk within this time; usually within a few milliseconds."""
LINES = 14


def script() -> tuple[list[str], list[tuple[int, tuple[str, str, str]]]]:
    """Keys of a long payment, and after how many of them which field of which line stands accepted."""
    keys: list[str] = [*"1110", "<Enter>"]
    accepted = [(len(keys), ("", "account", "1110"))]
    for line in range(LINES):
        keys += [*"6050", "<Enter>"]
        accepted.append((len(keys), (str(line), "account", "6050")))
        keys += [*str(100 + line), "<Enter>"]
        accepted.append((len(keys), (str(line), "amount", str(100 + line))))
    return keys, accepted


def typed_until_killed(home: Path, database: Database, keys: list[str], at: int) -> list[float]:
    """When each key was heard to be typed, up to the kill somewhere behind key `at`."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ERPDESK_HOME": str(home),
                   "ERPDESK_DATABASE_URL": database.url(), "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}"}
    program = subprocess.Popen([sys.executable, "-m", "helpers.typing_victim", json.dumps(keys)], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TESTS)
    assert program.stdout is not None
    heard: list[float] = []
    line = program.stdout.readline()
    assert line == "ready\n", program.communicate()[1]
    while len(heard) < at and program.stdout.readline():
        heard.append(time.monotonic())
    time.sleep(random.uniform(0, 0.03))  # anywhere between two keys
    program.send_signal(signal.SIGKILL)
    heard.append(time.monotonic())
    program.communicate()
    return heard


def left_behind(home: Path) -> list[Entry]:
    """What the next start finds."""
    user, = (home / "journal").glob("*/*")
    folder = JournalFolder(user)
    folder.open()
    found = folder.take_over()
    for name in found:
        folder.drop(name)
    folder.close()
    return [entry for entry in found.values() if entry["kind"] == "typing"]


def value(entry: Entry, line: str, key: str) -> str | None:
    """What was kept of a field."""
    rows = entry["rows"]["lines"]
    kept = entry["header"] if not line else rows[int(line)] if int(line) < len(rows) else {"values": {}}
    found: str | None = kept["values"].get(key)
    return found


@pytest.mark.parametrize("times", [3, pytest.param(50, marks=pytest.mark.long)])
def test_at_most_the_field_being_typed_is_lost(database: Database, tmp_path: Path, times: int) -> None:
    open_shop(database)
    keys, accepted = script()
    lost_in_all = 0
    for _ in range(times):
        at = random.randint(12, len(keys) - 1)
        heard = typed_until_killed(tmp_path, database, keys, at)
        entry, = left_behind(tmp_path)
        killed = heard.pop()
        for after, (line, key, expected) in accepted:
            if after <= len(heard) and value(entry, line, key) != expected:
                lost_in_all += 1
                assert killed - heard[after - 1] < WITHIN_SECONDS, f"{key} of line {line} is lost after key {at}"
        wrong = [row["values"] for number, row in enumerate(entry["rows"]["lines"])
                 if row["values"].get("amount") not in (None, str(100 + number))]
        assert wrong == []
        grid, row, key = entry["place"]
        assert grid == "lines"
        assert row >= 0
        assert key in ("account", "amount")
    print(f"{times} kills: {lost_in_all} accepted fields lost, all of them accepted within the last second")
    assert lost_in_all <= times, "at most one each"
