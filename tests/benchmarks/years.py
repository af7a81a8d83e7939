"""P5: a post with years of vouchers already in the books, turn by turn with the same post with a thousand.

The years are copied by the server from sixty sales and sixty purchases that the program posted: nine sales of one
piece use up a purchase of nine, so that stock, layers, numbers, parties and journals agree as after real work.
Beside the times stand the rows that a post reads: they say without noise whether anything grows.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.company import (
    CODE,
    CUSTOMERS,
    DAY,
    ITEMS,
    PROGRAM,
    START,
    Sales,
    Size,
    company_home,
    superuser,
)
from benchmarks.figures import Row, Times
from benchmarks.years_copies import BALANCES, COPIES, COUNTERS, ID_OF, SEQUENCES, TEMPLATES, VOUCHERS
from erpdesk.domain.results import Refused

if TYPE_CHECKING:
    import psycopg

    from erpdesk.services.vouchers import VoucherService

_FEW = 1000
_CHUNK = 20_000
_WARM = 30
_DAYS = 30


def measure(size: Size) -> list[Row]:
    """Rows of P5."""
    from erpdesk.services.desk import open_desk

    with ExitStack() as stack:
        sides: list[tuple[VoucherService, psycopg.Connection[Any], Sales, Times]] = []
        filled: list[str] = []
        for vouchers in (min(_FEW, size.history), size.history):
            stack.enter_context(company_home(size))
            desk, connection = stack.enter_context(open_desk()), stack.enter_context(superuser())
            service = desk.books(CODE).vouchers
            filled.append(fill(service, connection, vouchers))
            sides.append((service, connection, Sales(PROGRAM, 5), Times()))
        for number in range(_WARM):
            for service, _, sales, _ in sides:
                _post(service, sales.next().document(f"warm-{number}"))
        before = [_read(connection) for _, connection, _, _ in sides]
        for number in range(size.posts):
            for service, _, sales, times in sides:
                document = sales.next().document(f"years-{number}")
                began = time.perf_counter()
                _post(service, document)
                times.add(time.perf_counter() - began)
        time.sleep(1.5)  # the server counts what it read with a delay of up to a second
        read = [(_read(side[1]) - count) / size.posts for side, count in zip(sides, before, strict=True)]
    few, many = (times for _, _, _, times in sides)
    ratio = many.median / few.median
    return [
        Row(
            "P5",
            f"post a sale of 10 lines beside {filled[1]} (min / median / p95)",
            str(many),
            f"{few}, beside {filled[0]}",
            f"{ratio:.2f} x",
            "<= 1.2 x",
            ratio <= 1.2,
        ),
        Row(
            "",
            "rows and index entries that one such post reads",
            f"{read[1]:.0f}",
            f"{read[0]:.0f}",
            f"{read[1] / read[0]:.2f} x",
            "<= 1.2 x",
            read[1] <= read[0] * 1.2,
        ),
    ]


def fill(service: VoucherService, connection: psycopg.Connection[Any], vouchers: int) -> str:
    """Copies of `vouchers` sales and purchases; what the books hold then, in words."""
    for number in range(ITEMS):
        _post(service, _purchase(number))
        _post(service, _sale(number))
    connection.execute("SET session_replication_role = replica")  # copies of rows that were checked
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET search_path = pg_temp, erpdesk, pg_catalog")
    connection.execute(ID_OF)
    connection.execute(TEMPLATES)
    for first in range(0, vouchers, _CHUNK):
        last = min(first + _CHUNK, vouchers) - 1
        connection.execute(VOUCHERS, {"first": first, "last": last, "start": START, "days": _DAYS})
        for table, (joined, changed) in COPIES.items():
            connection.execute(_copied(connection, table, joined, changed), prepare=False)
        connection.execute(BALANCES, prepare=False)
        connection.execute("DROP TABLE copy")
    connection.execute(COUNTERS)
    connection.execute(SEQUENCES)
    connection.execute("RESET ALL")
    connection.execute("VACUUM (ANALYZE)")
    counted = connection.execute(  # by the statistics just made: to count them would be a scan that the server counts
        "SELECT sum(reltuples) FILTER (WHERE relname = 'voucher')::bigint,"
        " sum(reltuples) FILTER (WHERE relname = 'journal_line')::bigint"
        " FROM pg_class WHERE relnamespace = 'erpdesk'::regnamespace"
    ).fetchone()
    assert counted is not None
    return f"{counted[0]:,} vouchers ({counted[1]:,} journal lines)"


def _copied(connection: psycopg.Connection[Any], table: str, joined: str, changed: dict[str, str]) -> bytes:
    """The statement that copies the rows of one table."""
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        (f"erpdesk.{table}",),
    ).fetchall()
    names = [name for (name,) in columns]
    values = ", ".join(changed.get(name, f"x.{name}") for name in names)
    return (
        f"INSERT INTO erpdesk.{table} ({', '.join(names)}) SELECT {values} FROM copy v"
        f" JOIN template t ON t.voucher_id = v.template_id JOIN erpdesk.{table} x"
        f" ON x.organization_id = t.organization_id AND {joined} ORDER BY v.n"
    ).encode()


def _sale(number: int) -> dict[str, Any]:
    return {
        "type": "SALES_INVOICE",
        "date": DAY.isoformat(),
        "party": f"{PROGRAM}C{number % CUSTOMERS:03}",
        "warehouse": "MAIN",
        "idempotency_key": f"template-sale-{number}",
        "lines": [{"item": f"{PROGRAM}{number:03}", "quantity": "1", "rate": "25.00"}],
    }


def _purchase(number: int) -> dict[str, Any]:
    """Nine pieces at what the first lot cost: the cost of the nine sales that use them up."""
    return {
        "type": "PURCHASE_INVOICE",
        "date": (DAY - timedelta(days=1)).isoformat(),
        "ref_no": f"TEMPLATE-{number}",
        "party": "S001",
        "warehouse": "MAIN",
        "idempotency_key": f"template-purchase-{number}",
        "lines": [{"item": f"{PROGRAM}{number:03}", "quantity": "9", "rate": f"5.{number:02}"}],
    }


def _post(service: VoucherService, document: dict[str, Any]) -> None:
    result = service.post(document)
    if isinstance(result, Refused):
        raise AssertionError(result)


def _read(connection: psycopg.Connection[Any]) -> int:
    """Rows read from tables by scans, and entries read from indexes, since the server counts."""
    row = connection.execute(
        """SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = 'erpdesk')
            + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = 'erpdesk')"""
    ).fetchone()
    assert row is not None
    return int(row[0])
