"""P10: a file of vouchers imported and posted, and the memory it takes, early and late.

The file is split over as many importing processes as there are cores, as an import of a year's vouchers is.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.company import CODE, PROGRAM, Sales, Size
from benchmarks.figures import Row

_PATIENCE_SECONDS = 1800
_CORES = 2
_STEPS = 8


def measure(size: Size) -> list[Row]:
    """Rows of P10."""
    with tempfile.TemporaryDirectory(prefix="erpdesk-bulk-") as folder:
        files = [
            _file(Path(folder) / f"part-{part}.jsonl", part, size.imported // _CORES)
            for part in range(_CORES)
        ]
        context = multiprocessing.get_context("spawn")
        barrier, answers = context.Barrier(_CORES), context.Queue()
        workers = [
            context.Process(target=_import, args=(str(file), barrier, answers), daemon=True) for file in files
        ]
        for worker in workers:
            worker.start()
        told = [answers.get(timeout=_PATIENCE_SECONDS) for _ in workers]
        for worker in workers:
            worker.join()
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    posted = sum(one["posted"] for one in told)
    steps = [max(held) for held in zip(*(one["held_kib"] for one in told), strict=False)]
    early, late = steps[max(0, len(steps) // 4 - 1)], steps[-1]
    return [
        Row(
            "P10",
            f"{size.imported} vouchers of 1 to 6 lines imported and posted by {_CORES} processes",
            f"{posted} posted in {seconds:.1f} s",
            "",
            f"{posted / seconds:.0f}/s",
            ">= 150/s",
            posted == size.imported // _CORES * _CORES and posted / seconds >= 150,
        ),
        Row(
            "",
            "memory of an importing process, step by step to the end",
            " ".join(f"{held / 1024:.0f}" for held in steps) + " MiB",
            "",
            f"{late / 1024:.0f} MiB",
            "flat",
            late <= early * 1.05 + 4096,
        ),
    ]


def _file(path: Path, part: int, vouchers: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        sales = [Sales(PROGRAM, 1000 * part + lines, lines) for lines in range(1, 7)]
        for number in range(vouchers):
            file.write(json.dumps(sales[number % 6].next().document(f"bulk-{part}-{number}")) + "\n")
    return path


def _import(file: str, barrier: Any, answers: Any) -> None:
    from erpdesk.services.desk import open_desk

    with open_desk() as desk:
        exchange = desk.books(CODE).exchange
        lines = Path(file).read_text("utf-8").count("\n")
        barrier.wait(_PATIENCE_SECONDS)
        began, posted, held = time.time(), 0, list[int]()
        for number, result in enumerate(
            exchange.import_vouchers(Path(file), post=True, continue_on_error=True), 1
        ):
            posted += result.ok
            if number * _STEPS % max(lines, _STEPS) < _STEPS:
                held.append(_resident_kib())
        answers.put(
            {
                "began": began,
                "ended": time.time(),
                "posted": posted,
                "held_kib": held,
            }
        )


def _resident_kib() -> int:
    """What the process holds in memory now; its peak where the system doesn't tell."""
    try:
        return (
            int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
        )
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
