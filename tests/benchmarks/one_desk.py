"""P1: one clerk posts sales of ten lines from stock, turn by turn with the yardstick, after VACUUM."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

from benchmarks.company import CODE, PROGRAM, YARDSTICK, Sales, Size, superuser
from benchmarks.figures import Row, Times
from benchmarks.yardstick import Yardstick
from erpdesk.domain.results import Refused

if TYPE_CHECKING:
    import psycopg

    from erpdesk.services.vouchers import VoucherService

_WARM = 8


def measure(size: Size) -> list[Row]:
    """Rows of P1, and proof that both sides wrote the same number of rows to the same tables."""
    from erpdesk.services.desk import open_desk

    with open_desk() as desk, superuser() as connection:
        vouchers, yardstick = desk.books(CODE).vouchers, Yardstick(connection)
        ours, theirs = Sales(PROGRAM, 1), Sales(YARDSTICK, 1)
        for number in range(_WARM):
            _post(vouchers, ours.next().document(f"warm-{number}"))
            yardstick.post(theirs.next(), f"warm-y-{number}")
        same = _rows_alike(connection, vouchers, yardstick, ours, theirs)
        connection.execute("VACUUM (ANALYZE)")
        program, hand = Times(), Times()
        gc.collect()
        for number in range(size.posts):
            document, sale = ours.next().document(f"one-{number}"), theirs.next()
            began = time.perf_counter()
            _post(vouchers, document)
            between = time.perf_counter()
            yardstick.post(sale, f"one-y-{number}")
            program.add(between - began)
            hand.add(time.perf_counter() - between)
    ratio = program.median / hand.median
    return [
        Row(
            "P1",
            f"post a sale of 10 lines with stock, 1 desk, {size.posts} times (min / median / p95)",
            str(program),
            str(hand),
            f"{ratio:.2f} x",
            "<= 3 x (goal 2 x)",
            ratio <= 3,
        ),
        Row(
            "",
            "for comparison: Tryton, a sale of 10 lines with stock (measured once, on a machine like ours)",
            "about 2100 ms, 900 round trips",
            "about 3 ms",
        ),
        Row(
            "",
            "rows written by a post and by the yardstick, table by table",
            same[0],
            same[1],
            "the same" if same[0] == same[1] else "DIFFERENT",
            "the same",
            same[0] == same[1],
        ),
    ]


def _post(vouchers: VoucherService, document: dict[str, Any]) -> None:
    result = vouchers.post(document)
    if isinstance(result, Refused):
        raise AssertionError(result)


def _rows_alike(
    connection: psycopg.Connection[Any],
    vouchers: VoucherService,
    yardstick: Yardstick,
    ours: Sales,
    theirs: Sales,
) -> tuple[str, str]:
    """Rows that each side adds, in all and by table when they differ."""
    before = _counts(connection)
    _post(vouchers, ours.next().document("alike"))
    between = _counts(connection)
    yardstick.post(theirs.next(), "alike-y")
    after = _counts(connection)
    program = {name: between[name] - before[name] for name in before if between[name] != before[name]}
    hand = {name: after[name] - between[name] for name in before if after[name] != between[name]}
    if program == hand:
        said = f"{sum(program.values())} rows in {len(program)} tables"
        return said, said
    different = {name for name in program.keys() | hand.keys() if program.get(name) != hand.get(name)}
    return (
        ", ".join(f"{name} {program.get(name, 0)}" for name in sorted(different)),
        ", ".join(f"{name} {hand.get(name, 0)}" for name in sorted(different)),
    )


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    names = [
        row[0]
        for row in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'erpdesk'::regnamespace AND relkind = 'r' ORDER BY 1"
        )
    ]
    counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM erpdesk.{name}" for name in names)
    return dict(connection.execute(counted).fetchall())
