"""The result of a save or post as doors show it: plain text figures, the same for window and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import money_text
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import Fault


@dataclass(frozen=True, slots=True)
class PostedVoucher:
    """A saved or posted voucher. `total` is what the party owes, `cost` the value that entered or left stock,
    `reverses` the number of the voucher that this one undoes, `waits_for` who has to approve it next."""

    voucher_id: str
    status: str
    voucher_number: str | None
    total: str
    cost: str
    elapsed_ms: str
    replayed: bool
    row_version: int
    warnings: tuple[Fault, ...] = ()
    round_trips: int = 0
    reverses: str | None = None
    waits_for: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The result object of the command line, `ok` included."""
        return {
            "ok": True,
            "voucher_id": self.voucher_id,
            "status": self.status,
            "voucher_number": self.voucher_number,
            "total": self.total,
            "cost": self.cost,
            "elapsed_ms": self.elapsed_ms,
            "replayed": self.replayed,
            "warnings": [warning.as_json() for warning in self.warnings],
            **({"reverses": self.reverses} if self.reverses else {}),
            **({"waits_for": self.waits_for} if self.waits_for else {}),
        }


def posted_voucher(
    facts: Mapping[str, Any], organization: OrganizationInfo, elapsed_ms: str, *, replayed: bool
) -> PostedVoucher:
    """From what the server answered; `total` is in the voucher's currency, `cost` in that of the books."""
    decimals = organization.currency_decimals
    of_total = int(facts.get("currency_decimals", decimals))
    return PostedVoucher(
        voucher_id=str(facts["voucher_id"]),
        status=facts["status"],
        voucher_number=facts["voucher_number"],
        total=money_text(Decimal(facts["total"]), of_total),
        cost=money_text(Decimal(facts["cost"] or 0), decimals),
        elapsed_ms=elapsed_ms,
        replayed=replayed,
        row_version=int(facts["row_version"]),
        reverses=facts.get("reverses"),
        waits_for=facts.get("waits_for"),
    )
