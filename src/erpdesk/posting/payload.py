"""What `posting_open` takes: the draft as rows, and what to lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.vocabulary import DocumentKind
from erpdesk.domain.money import ONE
from erpdesk.posting.clearing_plan import follows
from erpdesk.posting.context import PostingContext
from erpdesk.posting.cost_centres import stored_shares
from erpdesk.posting.currencies import in_base
from erpdesk.posting.masters import Batch
from erpdesk.posting.origin import source_of
from erpdesk.posting.plan import stated
from erpdesk.posting.references import text_of
from erpdesk.posting.resolved import Line, NewBatch, ResolvedVoucher
from erpdesk.posting.stock_request import stock_request, unit_request


def draft_rows(
    voucher: ResolvedVoucher,
    document: Mapping[str, Any],
    document_hash: str,
    key: str | None,
    context: PostingContext,
) -> dict[str, Any]:
    """Voucher, lines, charges and new batches as rows."""
    source = source_of(document) or (context.source_type, context.source_id)
    return {
        "voucher": stated({
            "id": voucher.id,
            "branch_id": voucher.branch_id,
            "voucher_config_id": voucher.config_id,
            "blueprint_version": voucher.blueprint.version,
            "voucher_on": voucher.date,
            "voucher_time": document.get("time"),
            "entry_on": document.get("entry_date"),
            "ref_no": document.get("ref_no"),
            "party_id": voucher.party.id if voucher.party else None,
            "account_id": voucher.account.id if voucher.account else None,
            "warehouse_id": voucher.warehouse.id if voucher.warehouse else None,
            "to_warehouse_id": voucher.to_warehouse.id if voucher.to_warehouse else None,
            "narration": voucher.narration,
            "currency_code": voucher.currency_code,
            "exchange_rate": voucher.exchange_rate,
            "total": voucher.total,
            "base_total": in_base(voucher).total,
            "voucher_number": voucher.number,
            "series_code": text_of(document.get("series")),
            "document": document,
            "udf": document.get("udf") or {},
            "document_hash": document_hash,
            "idempotency_key": key,
            "correlation_id": context.correlation_id,
            "source_type": source[0],
            "source_id": source[1],
        }),
        "lines": [stated(_line(line)) for line in voucher.lines],
        "details": [row for line in voucher.lines for row in _details(line)],
        "cost_centres": [row for line in voucher.lines for row in stored_shares(line)],
        "charges": _charges(voucher),
        "links": _links(voucher),
        "allocations": [
            {
                "sequence": number,
                "target_voucher_id": allocation.target.id,
                "amount": allocation.amount,
                "discount": allocation.discount,
                "write_off": allocation.write_off,
            }
            for number, allocation in enumerate(voucher.allocations, 1)
        ],
        "new_batches": [
            {
                "id": batch.id,
                "item_id": batch.item_id,
                "code": batch.code,
                "code_key": batch.code_key,
                "manufactured_on": batch.manufactured_on,
                "expires_on": batch.expires_on,
            }
            for batch in voucher.new_batches
        ],
        "context": context.as_json(),
    }


def locks(voucher: ResolvedVoucher) -> dict[str, Any]:
    """What the plan depends on: parties, named vouchers, item × warehouse balances, in key order."""
    parties = {line.party.id for line in voucher.lines if line.party}
    if voucher.party is not None:
        parties.add(voucher.party.id)
    kind = voucher.blueprint.voucher_type
    stock = stock_request(voucher) if kind.affects_inventory or kind.reserves_stock else []
    settled = {allocation.target.id for allocation in voucher.allocations}
    receipts = [receipt.source.id for receipt in voucher.receipts]
    receipts += sorted(
        {line.source.id for line in voucher.lines if line.source and follows(line, DocumentKind.RECEIPT)}
        - set(receipts)
    )
    sources = {line.source.id for line in voucher.lines if line.source} | settled | set(receipts)
    wanted = {
        "parties": sorted(str(party) for party in parties),
        "sources": sorted(str(source) for source in sources),
        "counted": [row for row in stock if kind.counts_stock],
        "settled": sorted(str(target) for target in settled),
        "receipts": receipts,
        "serials": unit_request(voucher),
        "stock": sorted(stock, key=lambda row: (row["item_id"], row["warehouse_id"])),
    }
    return {kind: rows for kind, rows in wanted.items() if rows}


def _charges(voucher: ResolvedVoucher) -> list[dict[str, Any]]:
    """Charges as computed, and costs with an account of their own, numbered on."""
    computed: list[dict[str, Any]] = [
        {
            "code": charge.rule.code,
            "rate": charge.rule.rate,
            "base_amount": charge.base,
            "amount": charge.amount,
            "direction": "deduct" if charge.rule.deduct else "add",
        }
        for charge in (voucher.calculation.charges if voucher.calculation else ())
    ]
    costs: list[dict[str, Any]] = [
        {
            "code": f"COST{number}",
            "account_id": cost.account.id if cost.account else None,
            "base_amount": cost.amount,
            "amount": cost.amount,
            "direction": "add",
            "spread": cost.by,
            "shares": list(cost.shares) or None,
        }
        for number, cost in enumerate(voucher.cost_charges, 1)
    ]
    return [{"sequence": number, **row} for number, row in enumerate([*computed, *costs], 1)]


def _links(voucher: ResolvedVoucher) -> list[dict[str, Any]]:
    """Which vouchers this one follows, and as what."""
    named = [
        ("against", source.id)
        for source in (voucher.against, *(line.source for line in voucher.lines))
        if source
    ]
    named += [("receipt", receipt.source.id) for receipt in voucher.receipts]
    named += [("replaces", voucher.replaces.id)] if voucher.replaces else []
    return [{"kind": kind, "other_voucher_id": other} for kind, other in dict.fromkeys(named)]


def _details(line: Line) -> list[dict[str, Any]]:
    return [
        {
            "grid": line.grid,
            "line_number": line.number,
            "detail_number": detail.number,
            "item_id": line.item.id if line.item else None,
            "warehouse_id": detail.warehouse.id if detail.warehouse else None,
            "bin_id": detail.bin.id if detail.bin else None,
            "to_bin_id": detail.to_bin.id if detail.to_bin else None,
            **_batch(detail.batch),
            "serial_keys": [unit.named_key for unit in detail.units] or None,
            "stock_quantity": detail.quantity,
        }
        for detail in line.details
    ]


def _batch(batch: Batch | NewBatch | None) -> dict[str, Any]:
    """A known batch by id, a new one by the key of its code."""
    return {
        "batch_id": batch.id if batch and not isinstance(batch, NewBatch) else None,
        "batch_key": batch.code_key if isinstance(batch, NewBatch) else None,
    }


def _line(line: Line) -> dict[str, Any]:
    """A line without what the server takes for granted: nothing is 0, a factor 1."""
    return {
        "grid": line.grid,
        "line_number": line.number,
        "item_id": line.item.id if line.item else None,
        "account_id": line.account.id if line.account else None,
        "party_id": line.party.id if line.party else None,
        "warehouse_id": line.warehouse.id if line.warehouse else None,
        "to_warehouse_id": line.to_warehouse.id if line.to_warehouse else None,
        "bin_id": line.bin.id if line.bin else None,
        "to_bin_id": line.to_bin.id if line.to_bin else None,
        **_batch(line.batch),
        "uom_id": line.uom_id,
        "cost_centre_id": line.cost_centre.id if line.cost_centre else None,
        "quantity": line.quantity or None,
        "free_quantity": line.free_quantity or None,
        "stock_quantity": line.stock_quantity or None,
        "uom_factor": line.factor if line.factor != ONE else None,
        "rate": line.rate or None,
        "discount_percent": line.discount_percent or None,
        "discount_amount": line.discount_amount or None,
        "line_amount": line.amount or None,
        "debit": line.debit or None,
        "credit": line.credit or None,
        "narration": line.narration,
        "udf": line.udf or None,
        "share": line.share,
        "unit_cost": line.unit_cost,
        "against_voucher_id": line.source.id if line.source else None,
        "against_line": line.source_line.number if line.source_line else None,
    }
