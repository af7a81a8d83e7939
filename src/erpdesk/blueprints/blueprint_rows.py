"""The configuration rows of one voucher type taken together, as one value and one document, unchecked.

`hash` is that of the content and leaves the version out. Whether the rows make sense together is for `checks`;
a `Blueprint` is rows that passed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from erpdesk.blueprints.canonical import digest
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.numbering import series_on
from erpdesk.blueprints.rows import (
    ApprovalRule,
    ChargeSetup,
    FieldRule,
    LineConfig,
    NumberSeries,
    UserField,
    VoucherType,
)
from erpdesk.blueprints.vocabulary import MAIN_SERIES

R = TypeVar("R")
PARTS: Mapping[str, type[Any]] = {
    "charges": ChargeSetup, "udfs": UserField, "field_rules": FieldRule, "series": NumberSeries,
    "approval": ApprovalRule,
}


_PLAIN_LINES = LineConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueprintRows:
    """One voucher type whole; `version` counts its changes from 1. For charges in order, with the override's
    changes, see `effective_charges`."""

    voucher_type: VoucherType
    lines: LineConfig = _PLAIN_LINES
    charges: tuple[ChargeSetup, ...] = ()
    udfs: tuple[UserField, ...] = ()
    field_rules: tuple[FieldRule, ...] = ()
    series: tuple[NumberSeries, ...] = ()
    approval: tuple[ApprovalRule, ...] = ()
    version: int = 1
    hash: str = dataclasses.field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        content = self.to_document()
        del content["version"]
        object.__setattr__(self, "hash", digest(content))

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def code(self) -> str:
        """The voucher type's code."""
        return self.voucher_type.code

    def to_document(self) -> dict[str, Any]:
        """Everything as plain JSON values; `Blueprint.from_document` gives an equal blueprint back."""
        document: dict[str, Any] = encode(self.voucher_type)
        document["lines"] = encode(self.lines)
        for part in PARTS:
            document[part] = encode(getattr(self, part))
        document["version"] = self.version
        return document

    def numbering(self) -> tuple[NumberSeries, ...]:
        """All series: first the one that the type's own columns describe, then the rows."""
        kind = self.voucher_type
        own = NumberSeries(
            code=MAIN_SERIES, prefix=kind.number_prefix, suffix=kind.number_suffix, width=kind.number_width,
            restart=kind.number_restart, per_branch=kind.number_per_branch,
        )
        return (own, *self.series)

    def series_for(self, code: str, on: date, branch: str) -> NumberSeries | None:
        """The series of that code valid on a day for a branch: a branch's own first, then the latest."""
        return series_on(self.numbering(), code, on, branch)


def is_own_series(row: Mapping[str, Any]) -> bool:
    """Whether a series row is the one that the voucher type's own columns describe."""
    return row.get("code") == MAIN_SERIES and row.get("branch") is None and row.get("valid_from") is None
