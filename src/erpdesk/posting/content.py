"""The canonical form of a document: keys sorted, decimals normalized; two that mean the same have one hash.

The hash tells a repeated request from another one under the same idempotency key (decision 78). Only keys
known to hold figures are normalized: "10" and "10.00" are one quantity but two references.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.domain.results import ConflictError

FIGURES = frozenset(
    {
        "quantity",
        "free_quantity",
        "counted_quantity",
        "rate",
        "amount",
        "debit",
        "credit",
        "discount_percent",
        "discount_amount",
        "discount",
        "write_off",
        "exchange_rate",
        "credit_days",
        "unit_cost",
        "share",
        "percent",
        "factor",
    }
)
FIGURE_MAPS = frozenset({"charge_rates", "shares"})
_FIGURE = re.compile(r"[+-]?(\d{1,60}(\.\d{0,60})?|\.\d{1,60})\Z", re.ASCII)


def canonical_json(document: Mapping[str, Any]) -> str:
    """One line of JSON, the same for every document that means the same."""
    return json.dumps(_normal(document, ""), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical_json(document).encode("utf-8", "surrogatepass")).hexdigest()


def key_reuse(key: str | None) -> ConflictError:
    """What is said of a key that stands for another content already."""
    return ConflictError(
        "VCH-015",
        f"The idempotency key {key} was used before for another content",
        cure="Send the same content, or a new key for a new voucher.",
        field="idempotency_key",
    )


def _normal(value: Any, key: str) -> Any:
    if isinstance(value, str):
        if key in FIGURES and _FIGURE.match(value.strip()):
            return plain_decimal(Decimal(value.strip()))
        return value
    if isinstance(value, Mapping):
        inner = "quantity" if key in FIGURE_MAPS else ""
        return {name: _normal(one, inner or name) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        inner = "quantity" if key in FIGURE_MAPS else key
        return [_normal(one, inner) for one in value]
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value)
    return value
