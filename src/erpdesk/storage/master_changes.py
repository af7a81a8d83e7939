"""Whether masters changed since a desk last read them: PostgreSQL's own counts of rows written, by kind of lookup.

The question costs no look at the masters, however many there are. The counts stand for a whole database and count
what was rolled back too: they may say that something changed where nothing did, never the other way round. They
are a moment late (docs/decisions/0018-lookups.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from erpdesk.storage.tables.base import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PRICES, TYPES = "prices", "voucher_types"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a kind has come: rows written of the masters themselves, and of the figures shown beside them."""

    masters: int
    figures: int = 0


_SOURCES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "account": (("account",), ()),
    "party": (("party", "account", "price_list"), ("party_balance",)),
    "item": (("item", "item_uom", "uom", "tax_class"), ("stock_balance",)),
    "warehouse": (("warehouse", "branch"), ()),
    "bin": (("bin_location", "warehouse"), ()),
    "batch": (("batch",), ()),
    "serial": ((), ("serial",)),
    "uom": (("uom",), ()),
    "cost_centre": (("cost_centre",), ()),
    "branch": (("branch",), ()),
    "price_list": (("price_list",), ()),
    "currency": (("currency",), ()),
    "voucher": ((), ("voucher",)),
    PRICES: (("price_list", "price_list_rate", "party", "item", "item_uom", "voucher_config_master"), ()),
    TYPES: (("voucher_config_master",), ()),
}

_WRITTEN = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_catalog.pg_stat_all_tables WHERE schemaname = %(schema)s
"""


def read_positions(connection: Connection) -> dict[str, Position]:
    """How far each kind of lookup, the price lists and the voucher types have come."""
    written = {row[0]: int(row[1]) for row in connection.exec_driver_sql(_WRITTEN, {"schema": SCHEMA})}
    return {kind: Position(*(sum(written.get(table, 0) for table in tables) for tables in sources))
            for kind, sources in _SOURCES.items()}  # fmt: skip
