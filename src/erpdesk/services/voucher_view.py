"""A stored voucher as doors show it: figures as plain text, whole or where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A stored voucher, whole: what was typed, where it stands, and its journal when it is posted."""

    facts: Mapping[str, Any]
    decimals: int

    @property
    def document(self) -> Mapping[str, Any]:
        """The document as it was saved."""
        document: Mapping[str, Any] = self.facts["document"]
        return document

    def as_json(self) -> dict[str, Any]:
        """Everything, figures as plain text."""
        stated = {**self.facts}
        decimals = stated.pop("currency_decimals", None)
        in_books = {name: stated.pop(name) for name in _IN_BOOKS if name in stated}
        shown = {**_texts(stated, self.decimals if decimals is None else decimals),
                 **_texts(in_books, self.decimals)}  # fmt: skip
        return {name: shown[name] for name in self.facts if name in shown}

    def status_json(self) -> dict[str, Any]:
        """Where it stands: status, number, who and when, steps."""
        keys = (
            "voucher_id",
            "voucher_number",
            "type",
            "date",
            "status",
            "row_version",
            "approved_by",
            "approved_at",
            "approvals",
            "posted_by",
            "posted_at",
            "reversed_by",
            "reversal_of",
            "steps",
        )
        whole = self.as_json()
        return {key: whole[key] for key in keys}


_MONEY = {"total", "base_total", "cost", "amount", "debit", "credit", "base"}
_IN_BOOKS = ("cost", "base_total", "journal")
"""What of a voucher is in the currency of the books, whatever the voucher is in."""


def _texts(value: Any, decimals: int, key: str = "") -> Any:
    """Figures as plain text: money with its decimals, everything else without trailing zeros."""
    from decimal import Decimal

    from erpdesk.domain.money import money_text, plain

    if isinstance(value, Mapping):
        return {
            name: _texts(one, decimals, name) if name != "document" else one for name, one in value.items()
        }
    if isinstance(value, list):
        return [_texts(one, decimals, key) for one in value]
    if isinstance(value, bool) or key in {"row_version", "line", "blueprint_version", "round", "level"}:
        return value
    if isinstance(value, Decimal | int):
        return money_text(Decimal(value), decimals) if key in _MONEY else plain(Decimal(value))
    return value
