"""The database schema as SQLAlchemy Core tables, one module a room of accounting."""

from erpdesk.storage.tables import (
    approval,
    books,
    closing,
    configuration,
    items,
    ledger,
    organization,
    record,
    stock,
    voucher,
)
from erpdesk.storage.tables.base import metadata

__all__ = [
    "approval",
    "books",
    "closing",
    "configuration",
    "items",
    "ledger",
    "metadata",
    "organization",
    "record",
    "stock",
    "voucher",
]
