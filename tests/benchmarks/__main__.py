"""`python -m benchmarks`: measures what the bars name and prints one table. No arguments are needed.

`--only P1,P3` measures some; `--vouchers 1000000` is P5 in full (a quarter of an hour, 15 GB); `--quick` does
everything a few times only, to see that it runs. Ends with 0 when every bar holds, else 1. Times on a shared
machine wobble: the figures to compare are the ratios of one run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import (
    bulk,
    day_book_depth,
    distance,
    key_to_paint,
    keyboard,
    lookups,
    machine,
    many_desks,
    one_desk,
    startup,
    yardstick,
    years,
)
from benchmarks.company import Size, company_home, superuser
from benchmarks.figures import Row, show

Measure = Callable[[Size], list[Row]]
PARTS: tuple[tuple[frozenset[str], Measure], ...] = (
    (frozenset({"P1"}), one_desk.measure),
    (frozenset({"P2"}), many_desks.measure),
    (frozenset({"P3", "P4"}), distance.measure),
    (frozenset({"P5"}), years.measure),
    (frozenset({"P6"}), day_book_depth.measure),
    (frozenset({"P7"}), key_to_paint.measure),
    (frozenset({"P8"}), lookups.measure),
    (frozenset({"P9"}), startup.measure),
    (frozenset({"P10"}), bulk.measure),
    (frozenset({"P11"}), keyboard.measure_memory),
    (frozenset({"K1"}), keyboard.count_keys),
)


def run(size: Size, only: frozenset[str] = frozenset()) -> list[Row]:
    """All rows, the machine's first."""
    with company_home(size) as home:
        with superuser() as connection:
            yardstick.install(connection)
        rows = machine.measure(home)
        for bars, measure in PARTS:
            if only and not only & bars:
                continue
            _say(f"measuring {', '.join(sorted(bars))} …")
            rows += _measured(measure, size, bars)
    return rows


def _measured(measure: Measure, size: Size, bars: frozenset[str]) -> list[Row]:
    """A part's rows; one that breaks down is a row that doesn't hold, and the others are measured all the same."""
    try:
        return measure(size)
    except Exception as error:
        said = " ".join(str(error).split())[-300:]
        return [Row(min(bars), "could not be measured", f"{type(error).__name__}: {said}", holds=False)]


def _say(word: str) -> None:
    print(word, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", metavar="P1,P3", help="measure these bars")
    parser.add_argument("--quick", action="store_true", help="a few times only; the figures mean nothing")
    parser.add_argument("--vouchers", type=int, metavar="N", help="P5: so many are there already (100000)")
    parser.add_argument("--imported", type=int, metavar="N", help="P10: so many are imported (3000)")
    chosen = parser.parse_args(arguments)
    only = frozenset(bar.strip().upper() for bar in chosen.only.split(",") if bar.strip())
    unknown = only - frozenset().union(*(bars for bars, _ in PARTS))
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))} here")
    began = time.perf_counter()
    size = Size.of(chosen.quick)
    size = replace(
        size, history=chosen.vouchers or size.history, imported=chosen.imported or size.imported
    )
    rows = run(size, only)
    show(f"erpdesk benchmarks, {time.perf_counter() - began:.0f} s, {Path.cwd().name}", rows)
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
