"""A refused attempt as a row of the posting log, and how long an attempt took."""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import money_text
from erpdesk.domain.results import ErpdeskError


def refused_attempt(error: ErpdeskError, facts: Mapping[str, Any], **payload: Any) -> dict[str, Any]:
    """The row: `facts` are key, correlation_id, context, started_at and elapsed_ms, and voucher_id where one is meant;
    `payload` says more than the faults do."""
    return {
        "voucher_id": None,
        "status": error.kind,
        "step": str(error.faults[0].step),
        "error_code": error.faults[0].code,
        "retryable": error.retryable,
        **facts,
        "payload": {"faults": [fault.as_json() for fault in error.faults], **payload},
    }


def since(began: int) -> str:
    """Milliseconds since a reading of the performance counter, as text."""
    return money_text(Decimal(time.perf_counter_ns() - began) / 1_000_000, 1)
