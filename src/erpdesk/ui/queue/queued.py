"""A queued voucher: exactly the version that was accepted, with its idempotency key, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from erpdesk.domain.results import Fault, Refused, Step


class QueueState(StrEnum):
    """Where a queued voucher stands."""

    WAITING = "waiting"
    POSTING = "posting"
    POSTED = "posted"
    SUBMITTED = "submitted"
    REFUSED = "refused"


OPEN_STATES = (QueueState.WAITING, QueueState.POSTING)
KIND = "queued"
_OUT_OF_REACH = "NET-"
_LOCKED = "NET-008"


@dataclass(slots=True)
class QueuedVoucher:
    """`kept` is the draft as it was typed, for reopening. `held`: a save is under way that gives it its row
    version. `version` is that of the form that it was typed in, which it is posted by."""

    key: str
    type_code: str
    label: str
    document: dict[str, Any]
    kept: dict[str, Any]
    title: str = ""
    total: str = ""
    voucher_id: Any = None
    row_version: int | None = None
    state: QueueState = QueueState.WAITING
    number: str = ""
    refusal: Refused | None = None
    result: Any = None
    accepted_at: float = field(default_factory=time.time)
    held: bool = False
    tries: int = 0
    version: int | None = None
    prints: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its answer is still to come."""
        return self.state in OPEN_STATES

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        refusal = self.refusal
        return {
            "kind": KIND, "key": self.key, "type": self.type_code, "label": self.label, "document": self.document,
            "kept": self.kept, "title": self.title, "total": self.total, "at": self.accepted_at,
            "voucher_id": str(self.voucher_id) if self.voucher_id else None, "row_version": self.row_version,
            "version": self.version, "prints": self.prints,
            "refused": None if refusal is None else {
                "kind": refusal.kind, "faults": [fault.as_json() for fault in refusal.faults]},
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> QueuedVoucher:
        """What the journal kept: refused, or to be sent (again)."""
        made = cls(row["key"], row["type"], row["label"], row["document"], row["kept"], row["title"], row["total"],
                   row["voucher_id"], row["row_version"], accepted_at=row["at"], version=row.get("version"),
                   prints=bool(row.get("prints")))
        if row["refused"] is not None:
            made.state = QueueState.REFUSED
            made.refusal = Refused(row["refused"]["kind"], tuple(map(_fault, row["refused"]["faults"])))
        return made


def _fault(row: Mapping[str, Any]) -> Fault:
    return Fault(row["code"], row["message"], row["field"], Step(row["step"]), row.get("details") or {})


def is_out_of_reach(refusal: Refused) -> bool:
    """Whether nobody answered, so that nothing is known of what was asked."""
    code = refusal.first.code
    return code.startswith(_OUT_OF_REACH) and code != _LOCKED
