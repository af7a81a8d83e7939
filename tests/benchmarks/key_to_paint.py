"""P7: from a key to its paint in a sale of 500 lines with all columns, beside a bare table of the same size: on the
quiet desk, while it posts, and with the server 200 ms away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.company import CODE, Size
from benchmarks.distance import distant_desk
from benchmarks.figures import Row, Times

_ROUND_TRIP_SECONDS = 0.2
_PATIENCE_SECONDS = 900
_SLOW_MS, _WORST_MS, _RATIO = 16, 50, 2
_FLAGS = ("show_rate", "show_amount", "allow_free_qty", "show_alternate_unit", "show_tax", "show_warehouse",
          "show_batch_no", "show_mfg_date", "show_exp_date", "show_serial_no", "show_cost_centre")


def measure(size: Size) -> list[Row]:
    """Rows of P7."""
    from erpdesk.services.desk import open_desk

    with open_desk() as desk:
        desk.books(CODE).configuration.import_document({"voucher_types": [{
            "code": "LONG_SALE", "copy_of": "SALES_INVOICE", "label": "Long sale", "is_active": True,
            "lines": {**dict.fromkeys(_FLAGS, True), "show_discount": "both"},
            "number_prefix": "LS/{FYS}/"}]})
    rows = _rows(size, "quiet", "alone")
    rows += _rows(size, "posting", "while the desk posts")
    with distant_desk() as between:
        between.delay_seconds = _ROUND_TRIP_SECONDS / 2
        rows += _rows(size, "quiet", f"server {_ROUND_TRIP_SECONDS * 1000:.0f} ms away")
    return rows


def _rows(size: Size, how: str, word: str) -> list[Row]:
    found = _typed(size.many_lines, how)
    times = {name: _times(pairs, 0) for name, pairs in found["found"].items()}
    own = {name: _times(pairs, 1) for name, pairs in found["found"].items()}
    every = {who: _both(times[f"{who} letter"], times[f"{who} onward"]) for who in ("voucher", "bare")}
    slow, beside, worst = every["voucher"].at(0.99), every["bare"].at(0.99), every["voucher"].at(1)
    ratio = slow / beside
    what = f"{size.many_lines} lines, {found['columns']} columns, {word}"
    return [
        Row("P7", f"{what}: key to paint, {len(every['voucher'].milliseconds)} keys (p50 / p99 / worst)",
            _text(every["voucher"]), _text(every["bare"]), f"{slow:.1f} ms, {ratio:.1f} x; worst {worst:.0f} ms",
            f"p99 <= {_SLOW_MS} ms, <= {_RATIO} x, worst <= {_WORST_MS} ms",
            slow <= _SLOW_MS and ratio <= _RATIO and worst <= _WORST_MS),
        *(Row("", f"{what}: {name}, by the clock; of the processor", f"{_text(times[f'voucher {name}'])};"
              f" {_text(own[f'voucher {name}'])}",
              f"{_text(times[f'bare {name}'])}; {_text(own[f'bare {name}'])}") for name in ("letter", "onward")),
    ]


def _times(pairs: list[tuple[float, float]], which: int) -> Times:
    return Times([pair[which] for pair in pairs])


def _both(one: Times, other: Times) -> Times:
    return Times([*one.milliseconds, *other.milliseconds])


def _text(times: Times) -> str:
    return f"{times.median:.1f} / {times.at(0.99):.1f} / {times.at(1):.1f} ms"


def _typed(lines: int, how: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.long_voucher", str(lines), how]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS,
                          env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")})
    printed = done.stdout.splitlines()
    if done.returncode or not printed:
        raise AssertionError(f"typing a long voucher ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(printed[-1])
