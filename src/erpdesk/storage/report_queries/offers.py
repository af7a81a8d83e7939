"""What the books have for a voucher that is being typed: open bills, goods in stock, lines still to be followed.

Quantities are in the item's own unit, or, of source lines, in the unit they were typed in; amounts in the
currency of the bill, positive for what the side of the voucher's type expects.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.domain.keys import code_and_name, key_of
from erpdesk.storage.report_queries.outstanding import SIDE
from erpdesk.storage.report_queries.reading import Reading


class OpenBill(NamedTuple):
    """What one voucher left open with a party; a credit is negative."""

    voucher_number: str
    dated_on: date
    due_on: date | None
    currency: str
    open_amount: Decimal


class StockPart(NamedTuple):
    """Goods of an item in one place and batch; bin and batch are empty where there is none."""

    warehouse: str
    bin: str
    batch: str
    expires_on: date | None
    quantity: Decimal


class LineLeft(NamedTuple):
    """A line of a posted voucher and what of it may still be followed, in its own unit."""

    line_number: int
    item: str
    item_name: str
    uom: str
    quantity: Decimal
    quantity_left: Decimal
    rate: Decimal
    warehouse: str
    batch: str
    amount: Decimal


class FollowedVoucher(NamedTuple):
    """A voucher that one being typed names; see `domain.following.Followed`."""

    id: UUID
    name: str
    status: str
    kind: str
    party: str
    party_name: str


def open_bills(reading: Reading, type_code: str, party: str) -> list[OpenBill]:
    """Open items of a party that a voucher of the type may settle, oldest first."""
    return [OpenBill(*row) for row in reading.rows(_BILLS, {"type": type_code, "party": key_of(party)})]


def stock_parts(reading: Reading, item: str, warehouse: str, policy: str) -> list[StockPart]:
    """What is there of an item in the order of taking: the item's own, else the policy given."""
    values = {"item": key_of(item), "warehouse": key_of(warehouse), "policy": policy}
    return [StockPart(*row) for row in reading.rows(_PARTS, values)]


def lines_left(reading: Reading, voucher_id: UUID) -> list[LineLeft]:
    """The item lines of a voucher, by number."""
    return [LineLeft(*row) for row in reading.rows(_LINES, {"voucher": voucher_id})]


def followed(reading: Reading, reference: str) -> FollowedVoucher | None:
    """The voucher that a number, or `key:` and an idempotency key, names; as posting finds it."""
    is_key = reference.startswith("key:")
    value = reference.removeprefix("key:") if is_key else key_of(reference)
    rows = reading.rows(_FOLLOWED.format(condition=_BY_KEY if is_key else _BY_NUMBER), {"value": value})
    for voucher_id, number, status, kind, party, code, name in rows:
        return FollowedVoucher(voucher_id, number or reference, status, kind, party, code_and_name(code, name))
    return None


def source_kinds(reading: Reading, type_code: str) -> tuple[str, ...]:
    """The kinds of vouchers that those of a type follow; none: any."""
    rows = reading.rows(_KINDS, {"type": type_code})
    return tuple(rows[0][0] or ()) if rows else ()


_BILLS = """
SELECT v.voucher_number, o.dated_on, o.due_on, o.currency_code,
       CASE t.settlement_side WHEN 'payable' THEN -1 ELSE 1 END * o.currency_open_amount
FROM erpdesk.voucher_config_master t
JOIN erpdesk.party p ON p.organization_id = %(organization)s AND p.code_key = %(party)s
JOIN erpdesk.open_item o ON o.organization_id = %(organization)s AND o.party_id = p.id AND o.open_amount <> 0
JOIN erpdesk.account a ON a.organization_id = %(organization)s AND a.id = o.account_id
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = o.voucher_id
WHERE t.organization_id = %(organization)s AND t.code = %(type)s AND o.currency_open_amount <> 0
  AND """ + SIDE.replace("%(side)s", "t.settlement_side") + """
ORDER BY o.dated_on, v.posting_sequence, o.id
"""

_PARTS = """
SELECT w.code, coalesce(n.code, ''), coalesce(b.code, ''), b.expires_on, sum(q.quantity)
FROM erpdesk.item i
JOIN erpdesk.batch_balance q ON q.organization_id = %(organization)s AND q.item_id = i.id AND q.quantity > 0
JOIN erpdesk.warehouse w ON w.organization_id = %(organization)s AND w.id = q.warehouse_id
LEFT JOIN erpdesk.batch b ON b.organization_id = %(organization)s AND b.id = q.batch_id
LEFT JOIN erpdesk.bin_location n ON n.organization_id = %(organization)s AND n.id = q.bin_id
WHERE i.organization_id = %(organization)s AND i.code_key = %(item)s AND b.is_active IS NOT FALSE
  AND (%(warehouse)s = '' OR w.code_key = %(warehouse)s)
GROUP BY w.code, n.code, b.code, b.expires_on, b.manufactured_on, i.batch_policy
ORDER BY CASE coalesce(i.batch_policy, %(policy)s) WHEN 'fifo_manufactured' THEN b.manufactured_on
         WHEN 'fifo' THEN NULL ELSE b.expires_on END NULLS LAST,
         min(q.first_received_on), min(q.first_posting_sequence), w.code, b.code
"""

_LINES = """
SELECT l.line_number, i.code, i.name, u.code, l.quantity,
       CASE WHEN s.line_number IS NULL THEN l.quantity
            ELSE greatest(l.quantity - round(s.used_quantity / nullif(l.uom_factor, 0), 6), 0) END,
       l.rate, coalesce(w.code, ''), coalesce(b.code, ''), l.line_amount
FROM erpdesk.voucher_line l
JOIN erpdesk.item i ON i.organization_id = l.organization_id AND i.id = l.item_id
LEFT JOIN erpdesk.uom u ON u.organization_id = l.organization_id AND u.id = l.uom_id
LEFT JOIN erpdesk.warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
LEFT JOIN erpdesk.batch b ON b.organization_id = l.organization_id AND b.id = l.batch_id
LEFT JOIN erpdesk.source_line s ON s.organization_id = l.organization_id AND s.voucher_id = l.voucher_id
     AND s.line_number = l.line_number
WHERE l.organization_id = %(organization)s AND l.voucher_id = %(voucher)s AND l.grid <> 'consume'
ORDER BY l.line_number
"""

_FOLLOWED = """
SELECT v.id, v.voucher_number, v.status, t.document_kind,
       coalesce(p.code_key, ''), coalesce(p.code, ''), coalesce(p.name, '')
FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
LEFT JOIN erpdesk.party p ON p.organization_id = v.organization_id AND p.id = v.party_id
WHERE v.organization_id = %(organization)s AND {condition}
ORDER BY v.status = 'CANCELLED', v.voucher_on DESC, v.posting_sequence DESC LIMIT 1
"""

_BY_KEY = "v.idempotency_key = %(value)s"
_BY_NUMBER = "v.voucher_number_key = %(value)s"

_KINDS = """
SELECT t.source_kinds FROM erpdesk.voucher_config_master t
WHERE t.organization_id = %(organization)s AND t.code = %(type)s
"""
