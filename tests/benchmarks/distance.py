"""P3 and P4: what a post costs on the line. Round trips and statements, counted where they pass, and the time
of a post when the server is 50 ms away.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.company import CODE, DAY, ITEMS, PROGRAM, Sales, Size, superuser
from benchmarks.figures import Row, Times
from benchmarks.proxy import Proxy, proxy
from erpdesk.domain.results import Refused

if TYPE_CHECKING:
    from erpdesk.posting.outcome import PostedVoucher
    from erpdesk.services.vouchers import VoucherService

_ROUND_TRIP_SECONDS = 0.05
_WARM = 6
_APART_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Counted:
    """One post as it passed: turns of the desk as the program counts them and as the line saw them."""

    name: str
    lines: int
    said: int
    round_trips: int
    statements: int


def measure(size: Size) -> list[Row]:
    """Rows of P3 and P4."""
    from erpdesk.services.desk import open_desk

    with distant_desk() as between, open_desk() as desk:
        vouchers = desk.books(CODE).vouchers
        counted = [_count(between, vouchers, name, lines) for name, lines in _cases(size.many_lines)]
        between.delay_seconds = _ROUND_TRIP_SECONDS / 2
        times = _times(vouchers, 3 if size.rounds == 1 else 15)
    most = max(max(one.said, one.round_trips) for one in counted)
    one_line, many_lines = (
        next(one for one in counted if (one.name, one.lines) == ("SALES_INVOICE", lines))
        for lines in (1, size.many_lines)
    )
    few, many = _inside((1, size.many_lines))
    return [
        Row(
            "P3",
            "round trips of a post, by type and lines (on the line / by the program's count)",
            ", ".join(f"{one.name} {one.lines}: {one.round_trips} / {one.said}" for one in counted),
            "",
            f"at most {most}",
            "<= 5, constant for each",
            most <= 5 and len({(one.name, one.round_trips) for one in counted}) == len({one.name for one in counted}),
        ),
        Row(
            "",
            f"time of a post of 10 lines at {_ROUND_TRIP_SECONDS * 1000:.0f} ms round trip (min / median / p95)",
            str(times),
            "",
            f"{times.median / 1000:.2f} s",
            "<= 0.35 s",
            times.median <= 350,
        ),
        Row(
            "P4",
            f"statements of a sale of 1 and of {size.many_lines} lines, sent by the desk",
            f"{one_line.statements} and {many_lines.statements}",
            "",
            "",
            "constant",
            one_line.statements == many_lines.statements,
        ),
        Row(
            "",
            "the same, run inside the server, but for the checks of foreign keys",
            f"{few} and {many}",
            "",
            "",
            "constant",
            few == many > 0,
        ),
    ]


def _cases(many: int) -> tuple[tuple[str, int], ...]:
    """Types and numbers of lines to count."""
    return (
        ("SALES_INVOICE", 1),
        ("SALES_INVOICE", 10),
        ("SALES_INVOICE", many),
        ("PURCHASE_INVOICE", 1),
        ("PURCHASE_INVOICE", many),
        ("JOURNAL", 2),
        ("JOURNAL", many),
        ("CASH_PAYMENT", 1),
        ("STOCK_TRANSFER", 10),
    )


def _count(between: Proxy, vouchers: VoucherService, name: str, lines: int) -> Counted:
    """The figures of the last of some posts of its kind: each connection of the pool prepares its statements once.

    That one passes slowly: what the desk sends without waiting is past before the server's answer to any of it.
    """
    for turn in range(_WARM):
        _post(vouchers, _document(name, lines, f"{name}-{lines}-{turn}"))
    between.delay_seconds = _APART_SECONDS
    between.reset()
    posted = _post(vouchers, _document(name, lines, f"{name}-{lines}-counted"))
    between.delay_seconds = 0.0
    return Counted(name, lines, posted.round_trips, between.heard.round_trips, between.heard.statements)


def _times(vouchers: VoucherService, posts: int) -> Times:
    times, sales = Times(), Sales(PROGRAM, 7)
    _post(vouchers, sales.next().document("far-warm"))
    for number in range(posts):
        document = sales.next().document(f"far-{number}")
        began = time.perf_counter()
        _post(vouchers, document)
        times.add(time.perf_counter() - began)
    return times


def _post(vouchers: VoucherService, document: Mapping[str, Any]) -> PostedVoucher:
    result = vouchers.post(document)
    if isinstance(result, Refused):
        raise AssertionError(result)
    return result.value


def _document(name: str, lines: int, key: str) -> dict[str, Any]:
    """A voucher of that type with that many lines."""
    head = {"type": name, "date": DAY.isoformat(), "idempotency_key": key}
    goods = [{"item": f"{PROGRAM}{number % ITEMS:03}", "quantity": "1"} for number in range(lines)]
    priced = [{**line, "rate": "12.50"} for line in goods]
    by_type: dict[str, dict[str, Any]] = {
        "SALES_INVOICE": {"party": f"{PROGRAM}C001", "warehouse": "MAIN", "lines": priced},
        "PURCHASE_INVOICE": {"party": "S001", "warehouse": "MAIN", "ref_no": key, "lines": priced},
        "STOCK_TRANSFER": {"from_warehouse": "MAIN", "to_warehouse": "SECOND", "lines": goods},
        "CASH_PAYMENT": {"account": "1110", "lines": [{"account": "6030", "amount": "5.00"}] * lines},
        "JOURNAL": {
            "lines": [{"account": "1110", "debit": "5.00"}, {"account": "3010", "credit": "5.00"}]
            * (lines // 2)
        },
    }
    return head | by_type[name]


@contextmanager
def distant_desk() -> Iterator[Proxy]:
    """The environment in which a desk reaches the server through the proxy, and each statement is heard of."""
    from erpdesk.storage.connections import open_server
    from erpdesk.storage.target import resolve_target

    with open_server(resolve_target()) as server:
        place = server.parameters()
        with proxy(str(place["host"]), int(place["port"])) as between:
            os.environ["ERPDESK_DATABASE_URL"] = (
                f"postgresql://{place['user']}:{place['password']}@127.0.0.1:{between.port}/{place['dbname']}"
                "?sslmode=disable&gssencmode=disable"
            )
            try:
                yield between
            finally:
                del os.environ["ERPDESK_DATABASE_URL"]


def _inside(lines: tuple[int, ...]) -> list[int]:
    """How many statements the server runs for a sale of so many lines, functions' own included. The checks that
    PostgreSQL makes of each row's foreign keys are left out: they are no statements of anybody's."""
    from erpdesk.services.desk import open_desk
    from erpdesk.storage.connections import open_server
    from erpdesk.storage.target import resolve_target

    with open_server(resolve_target()) as server, superuser() as connection:
        assert server.embedded is not None
        user, log = str(server.parameters()["user"]), server.embedded.layout.log
        for setting in _EXPLAIN:
            connection.execute(f'ALTER ROLE "{user}" SET {setting}')
        try:
            with open_desk() as desk:
                return [_logged(log, desk.books(CODE).vouchers, count) for count in lines]
        finally:
            connection.execute(f'ALTER ROLE "{user}" RESET ALL')


_EXPLAIN = (
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_nested_statements = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_parameter_max_length = 0",
)
_STATEMENT = re.compile(rb"^\s*Query Text: (?!SELECT 1 FROM ONLY )", re.MULTILINE)


def _logged(log: Path, vouchers: VoucherService, lines: int) -> int:
    """Statements that one sale leaves in the server's log, once plans and blueprints are warm."""
    for turn in range(_WARM + 1):
        before = log.stat().st_size
        _post(vouchers, _document("SALES_INVOICE", lines, f"inside-{lines}-{turn}"))
    with log.open("rb") as file:
        file.seek(before)
        return len(_STATEMENT.findall(file.read()))
