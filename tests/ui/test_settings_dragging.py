"""Rows of the settings are dragged with real mouse events, on a screen in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_S = 240
SCENES = Path(__file__).with_name("on_screen_dragging.py")


@pytest.fixture
def screen() -> Iterator[str]:
    """The name of a display nobody sees; it chooses its number itself. `packaging/system-packages.sh` brings Xvfb."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x900x24"], pass_fds=(write,),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.long
def test_rows_are_moved_by_dragging_them(screen: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(SCENES)],
        env={**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}, capture_output=True, text=True,
        timeout=PATIENCE_S)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert " passed" in ended.stdout
