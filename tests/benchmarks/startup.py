"""P9: from the start of the process to the first usable field, turn by turn with a bare window; and the time in
which a voucher's form opens.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.company import Size
from benchmarks.figures import Row, Times

_PROGRAM = [sys.executable, "-m", "erpdesk", "--startup-report"]
_BARE = [sys.executable, "-m", "benchmarks.bare_window"]
_FORM = [sys.executable, "-m", "benchmarks.voucher_form"]
_PATIENCE_SECONDS = 120


def measure(size: Size) -> list[Row]:
    """Rows of P9, offscreen and, where there is a display (Xvfb will do), on it."""
    rows = []
    for platform in ("offscreen", "xcb") if os.environ.get("DISPLAY") else ("offscreen",):
        program, bare = Times(), Times()
        for turn in range(size.starts + 1):
            pair = [_run(command, platform)["first_usable_field_ms"] / 1000 for command in (_PROGRAM, _BARE)]
            if turn:  # the first brings the files into memory
                program.add(pair[0])
                bare.add(pair[1])
        ratio = program.median / bare.median
        rows.append(
            Row(
                "P9",
                f"process start to first usable field, {platform}, {size.starts} times (min / median / p95)",
                str(program),
                str(bare),
                f"{program.median / 1000:.2f} s, {ratio:.2f} x",
                "<= 1.0 s, <= 1.6 x",
                program.median <= 1000 and ratio <= 1.6,
            )
        )
    first, *others = _run([*_FORM, str(size.starts + 1)], "offscreen")
    again = Times(others)
    rows.append(
        Row(
            "",
            "a sale's form opened from its blueprint, offscreen (min / median / p95)",
            str(again),
            "",
            f"{again.median:.0f} ms; the first {first:.0f} ms",
            "<= 50 ms",
            again.median <= 50,
        )
    )
    return rows


def _run(command: list[str], platform: str) -> Any:
    """The JSON that a program prints in its last line."""
    done = subprocess.run(
        command,
        env={**os.environ, "QT_QPA_PLATFORM": platform},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(lines[-1])
