"""K1 and P11: the keys of the reference vouchers, counted while a scripted typist types them in the real window; and
the memory of the window after a day's vouchers, typed by the same hands into the company's books.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.company import Size
from benchmarks.figures import Row

TALLY_KEYS = {"cash payment": 16, "journal": 41, "sale": 91, "purchase": 129, "transfer": 77}
_PATIENCE_SECONDS = 900
_MOST_MEGABYTES = 250
_ENOUGH = 100
_GROWTH_KILOBYTES = 8
"""A voucher may leave so much behind and it is noise: twice that over a day is less than five megabytes."""


def count_keys(size: Size) -> list[Row]:
    """Rows of K1."""
    from helpers.reference_typing import CASES

    counted = _run("benchmarks.typed_references")
    return [Row("K1", f"keys of a {name}, typed and posted in the window", str(counted[name]),
                f"{TALLY_KEYS[name]} in TallyPrime", str(counted[name]), f"<= {case[3]}", counted[name] <= case[3])
            for name, case in CASES.items()]


def measure_memory(size: Size) -> list[Row]:
    """Rows of P11."""
    found = _run("benchmarks.typed_day", str(size.typed))
    growth = found["kilobytes_a_voucher"]
    return [
        Row("P11", f"memory of the window after {found['vouchers']} vouchers typed and posted",
            f"{found['megabytes']:.0f} MB", f"{found['megabytes_before']:.0f} MB before the first",
            f"{found['megabytes']:.0f} MB", f"<= {_MOST_MEGABYTES} MB", found["megabytes"] <= _MOST_MEGABYTES),
        Row("P11", "growth a voucher, over the second half of them", f"{growth:.1f} kB", "", f"{growth:.1f} kB",
            f"<= {_GROWTH_KILOBYTES} kB", None if found["vouchers"] < _ENOUGH else growth <= _GROWTH_KILOBYTES),
    ]


def _run(module: str, *arguments: str) -> Any:
    """The JSON that a program prints in its last line."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=_PATIENCE_SECONDS)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise AssertionError(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(lines[-1])
