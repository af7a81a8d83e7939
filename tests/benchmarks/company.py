"""The company that is measured: a fresh embedded server with items in stock, for the program and the yardstick.

Both sides have items, customers and a number series of their own, of the same number and shape, in the same
organization and database; so neither waits for the other's locks, and both write to the same tables.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import Refused

if TYPE_CHECKING:
    import psycopg

    from erpdesk.services.desk import Desk

CODE = "BENCH"
ITEMS, CUSTOMERS = 60, 40
LOTS, LOT_QUANTITY = 8, 5000
PROGRAM, YARDSTICK = "P", "Y"
START, _END = date(2026, 4, 1), date(2027, 3, 31)
DAY = START + timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Size:
    """How often things are done; `quick` shows only that the benchmarks run."""

    posts: int
    rounds: int
    posts_a_round: int
    starts: int
    imported: int
    desks: int = 8
    many_lines: int = 500
    history: int = 100_000
    typed: int = 600

    @classmethod
    def of(cls, quick: bool) -> Size:
        return cls(8, 1, 3, 2, 20, 3, 40, 60, 4) if quick else cls(400, 5, 40, 7, 3000)


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale to post: a customer and (item, quantity, rate) by line; items sorted, each once."""

    customer: str
    lines: tuple[tuple[str, int, str], ...]

    def document(self, key: str) -> dict[str, Any]:
        """The sale as a voucher document."""
        return {
            "type": "SALES_INVOICE",
            "date": DAY.isoformat(),
            "party": self.customer,
            "warehouse": "MAIN",
            "idempotency_key": key,
            "lines": [
                {"item": item, "quantity": str(quantity), "rate": rate} for item, quantity, rate in self.lines
            ],
        }


class Sales:
    """An endless row of sales of one side, the same for the same seed."""

    def __init__(self, side: str, seed: int, lines: int = 10) -> None:
        self._side, self._random, self._lines = side, Random(seed), lines

    def next(self) -> Sale:
        random = self._random
        if self._lines <= ITEMS:
            chosen = sorted(random.sample(range(ITEMS), self._lines))
        else:
            chosen = sorted(random.randrange(ITEMS) for _ in range(self._lines))
        return Sale(
            f"{self._side}C{random.randrange(CUSTOMERS):03}",
            tuple(
                (f"{self._side}{item:03}", random.randint(1, 9), f"{random.randint(1500, 9900) / 100:.2f}")
                for item in chosen
            ),
        )


@contextmanager
def company_home(size: Size) -> Iterator[Path]:
    """A home with a running server and the company in it, gone afterwards."""
    from erpdesk.services.desk import open_desk

    kept = {name: os.environ.get(name) for name in ("ERPDESK_HOME", "ERPDESK_DATABASE_URL")}
    with tempfile.TemporaryDirectory(prefix="erpdesk-bench-") as folder:
        os.environ["ERPDESK_HOME"] = str(Path(folder) / "home")
        os.environ.pop("ERPDESK_DATABASE_URL", None)
        try:
            with open_desk() as desk:
                _create(desk)
                yield Path(folder) / "home"
        finally:
            for name, value in kept.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection in autocommit: row-level security and privileges cost it nothing."""
    from erpdesk.storage.connections import open_server
    from erpdesk.storage.target import resolve_target

    with open_server(resolve_target()) as server, server.connect("superuser", autocommit=True) as connection:
        connection.prepare_threshold = 1
        yield connection


def _create(desk: Desk) -> None:
    from erpdesk.services.organizations import NewOrganization

    desk.create_organization(NewOrganization(CODE, "Benchmark", "NPR", START, _END, "NP"))
    books = desk.books(CODE)
    refused = [result for result in books.masters.import_masters(_masters()) if not result.ok]
    assert not refused, refused[:3]
    for lot in range(LOTS):
        result = books.vouchers.post(_purchase(lot))
        assert not isinstance(result, Refused), result
    books.vouchers.refresh_statistics()  # as the server does by itself within a minute


def _masters() -> dict[str, Any]:
    sides = (PROGRAM, YARDSTICK)
    return {
        "warehouses": [{"code": "SECOND", "name": "Second store"}],
        "uoms": [{"code": "PCS", "decimals": "0"}],
        "items": [
            {
                "code": f"{side}{number:03}",
                "name": f"Item {side}{number:03}",
                "uom": "PCS",
                "valuation": "fifo",
            }
            for side in sides
            for number in range(ITEMS)
        ],
        "parties": [
            {"code": "S001", "name": "Supplier", "kind": "supplier"},
            *(
                {"code": f"{side}C{number:03}", "name": f"Customer {side}{number:03}", "kind": "customer"}
                for side in sides
                for number in range(CUSTOMERS)
            ),
        ],
    }


def _purchase(lot: int) -> dict[str, Any]:
    """One layer of every item."""
    return {
        "type": "PURCHASE_INVOICE",
        "date": (START + timedelta(days=lot)).isoformat(),
        "ref_no": f"LOT-{lot}",
        "party": "S001",
        "warehouse": "MAIN",
        "idempotency_key": f"lot-{lot}",
        "lines": [
            {"item": f"{side}{number:03}", "quantity": str(LOT_QUANTITY), "rate": f"{5 + lot}.{number:02}"}
            for side in (PROGRAM, YARDSTICK)
            for number in range(ITEMS)
        ],
    }
