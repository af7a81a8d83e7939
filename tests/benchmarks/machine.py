"""The machine's own yardstick: what this computer does in bare terms, so that figures can be told apart from it."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from benchmarks.company import superuser
from benchmarks.figures import Row, Times

_TIMES = 60


def measure(home: Path) -> list[Row]:
    """Rows without a bar: processor, disk, server, interpreter."""
    fsync, select = _fsync(home), Times()
    with superuser() as connection:
        version = connection.execute("SHOW server_version").fetchone()
        for _ in range(_TIMES * 5):
            began = time.perf_counter()
            connection.execute("SELECT 1").fetchone()
            select.add(time.perf_counter() - began)
    loops = _loops()
    load = os.getloadavg()[0]
    return [
        Row("", "processor", f"{_processor()}, {os.cpu_count()} cores", "", f"load {load:.1f}"),
        Row("", "fsync of 8 KiB on the data disk (min / median / p95)", str(fsync)),
        Row(
            "",
            f"SELECT 1 on PostgreSQL {version[0] if version else '?'} (min / median / p95)",
            f"{select.at(0):.3f} / {select.median:.3f} / {select.at(0.95):.3f} ms",
        ),
        Row("", f"Python {platform.python_version()}: a plain loop", f"{loops / 1e6:.1f} million turns/s"),
    ]


def _fsync(home: Path) -> Times:
    times, path = Times(), home / "fsync-probe"
    with path.open("wb", buffering=0) as file:
        for _ in range(_TIMES):
            file.write(b"\0" * 8192)
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.add(time.perf_counter() - began)
    path.unlink()
    return times


def _loops() -> float:
    """Turns a second of the best of five."""
    best, turns = 0.0, 1_000_000
    for _ in range(5):
        began, total = time.perf_counter(), 0
        for number in range(turns):
            total += number & 7
        best = max(best, turns / (time.perf_counter() - began))
    return best


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
