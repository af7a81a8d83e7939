"""What the database driver logs does not stand beside what the program says at a command line."""

from __future__ import annotations

import subprocess
import sys

_WARN = "import logging, erpdesk.storage.server; logging.getLogger('psycopg.pool').warning('a line was cut')"


def test_the_driver_says_nothing_at_a_command_line() -> None:
    done = subprocess.run([sys.executable, "-c", _WARN], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
