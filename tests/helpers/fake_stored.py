"""Stored vouchers in memory: journals of two lines, of any status, and what approvers do with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from erpdesk.domain.results import Fault, Ok, Refused
from erpdesk.services.approvals import Waiting


@dataclass(frozen=True, slots=True)
class Corrected:
    """The draft of a correction."""

    draft: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of status gives back."""

    voucher_id: str
    status: str


@dataclass(frozen=True, slots=True)
class StoredVoucher:
    """A journal of two lines, posted unless it says otherwise."""

    facts: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return dict(self.facts)


def stored_voucher(stored: Mapping[str, Mapping[str, Any]], reference: str) -> StoredVoucher:
    """The voucher of a reference: what `stored` says of it, else a posted journal."""
    number = reference if "/" in reference else f"JV/{reference[-4:]}"
    facts = {"voucher_id": reference, "voucher_number": number, "status": "POSTED", "row_version": 3, "branch": "HO",
             "idempotency_key": None, "document": {
                 "type": "JOURNAL", "date": "2026-11-02", "narration": "as posted",
                 "lines": [{"account": "1110", "debit": "100.00"}, {"account": "3010", "credit": "100.00"}]}}
    return StoredVoucher({**facts, **stored.get(reference, {})})


class FakeApprovals:
    """Changes the status of what is stored; `waiting` is the inbox, `done` what was decided."""

    def __init__(self, off_the_main_thread: Callable[[], None], stored: dict[str, dict[str, Any]]) -> None:
        self._off, self._stored = off_the_main_thread, stored
        self.waiting: list[Waiting] = []
        self.done: list[tuple[Any, ...]] = []
        self.refusal: Refused | None = None
        self.not_posted: tuple[Fault, ...] = ()

    def inbox(self, *, everything: bool = False) -> Sequence[Waiting]:
        self._off()
        return tuple(self.waiting)

    def _change(self, what: str, reference: str, comment: str, version: int | None, status: str) -> Ok[Any] | Refused:
        self._off()
        self.done.append((what, reference, comment, version))
        if self.refusal is not None:
            return self.refusal
        self._stored[reference] = {**self._stored.get(reference, {}), "status": status, "voucher_number": None}
        self.waiting = [one for one in self.waiting if one.voucher_id != reference]
        return Ok(Changed(reference, status), self.not_posted if status == "APPROVED" else ())

    def approve(self, reference: str, comment: str = "", *, row_version: int | None = None) -> Ok[Any] | Refused:
        return self._change("approve", reference, comment, row_version, "APPROVED")

    def reject(self, reference: str, comment: str = "", *, row_version: int | None = None) -> Ok[Any] | Refused:
        return self._change("reject", reference, comment, row_version, "REJECTED")

    def withdraw(self, reference: str, comment: str = "", *, row_version: int | None = None) -> Ok[Any] | Refused:
        return self._change("withdraw", reference, comment, row_version, "DRAFT")

    def cancel(self, reference: str, comment: str = "", *, row_version: int | None = None) -> Ok[Any] | Refused:
        return self._change("cancel", reference, comment, row_version, "CANCELLED")
