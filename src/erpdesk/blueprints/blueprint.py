"""A blueprint: the configuration rows of one voucher type taken together, as one value and one document.

The document is what `config export` writes and `config import` reads: the columns of the type with `lines`,
`charges`, `udfs`, `field_rules`, `series`, `approval`. Reading a document checks everything that can be known
without a database; every fault is reported at once with its path. `hash` leaves the version out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from erpdesk.blueprints.canonical import digest
from erpdesk.blueprints.codec import Unreadable, decode, decode_all, encode
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.faults import Cfg, FaultList, joined
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
from erpdesk.domain.results import InvalidRequest

R = TypeVar("R")
PARTS: Mapping[str, type[Any]] = {
    "charges": ChargeSetup, "udfs": UserField, "field_rules": FieldRule, "series": NumberSeries,
    "approval": ApprovalRule,
}


_PLAIN_LINES = LineConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
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
        """Everything as plain JSON values; `from_document` gives an equal blueprint back."""
        document: dict[str, Any] = encode(self.voucher_type)
        document["lines"] = encode(self.lines)
        for part in PARTS:
            document[part] = encode(getattr(self, part))
        document["version"] = self.version
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any], path: str = "") -> Blueprint:
        """The blueprint that a document says, missing columns at their defaults; else InvalidRequest."""
        faults = FaultList()
        blueprint = read_blueprint(document, path, faults)
        faults.raise_if_any()
        assert blueprint is not None
        return blueprint

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
        valid = [
            (row.branch is not None, row.valid_from or date.min, row) for row in self.numbering()
            if row.is_active and row.code == code and row.branch in (None, branch)
            and (row.valid_from is None or row.valid_from <= on)
        ]
        return max(valid, key=lambda found: found[:2])[2] if valid else None


def read_blueprint(document: Any, path: str, faults: FaultList) -> Blueprint | None:
    """The blueprint of a document; None, with the faults recorded, when there are any."""
    from erpdesk.blueprints.checks import check_blueprint

    if not isinstance(document, Mapping):
        faults.add(Cfg.WRONG_FORM, path, f"{path or 'The document'} must be an object")
        return None
    before = len(faults.found)
    rows = _read_rows(document, path, faults)
    if len(faults.found) > before or rows is None:
        return None
    blueprint = Blueprint(**rows)
    check_blueprint(blueprint, path, faults)
    return blueprint if len(faults.found) == before else None


def _read_rows(document: Mapping[str, Any], path: str, faults: FaultList) -> dict[str, Any] | None:
    """Each part read by its class; keys of no part are the type's columns, or unknown."""
    apart = {*PARTS, "lines", "version"}
    own = {key: value for key, value in document.items() if key not in apart}
    try:
        rows: dict[str, Any] = {"voucher_type": decode(VoucherType, own, path, faults)}
        if "lines" in document:
            rows["lines"] = decode(LineConfig, document["lines"], joined(path, "lines"), faults)
        if "version" in document:
            rows["version"] = decode(int, document["version"], joined(path, "version"), faults)
    except Unreadable:
        rows = {}
    for part, kind in PARTS.items():
        if part in document:
            rows[part] = decode_all(kind, document[part], joined(path, part), faults)
    return rows if "voucher_type" in rows else None


def blueprint_from_rows(
    voucher_type: Mapping[str, Any], lines: Mapping[str, Any],
    parts: Mapping[str, Sequence[Mapping[str, Any]]],
    version: int = 1,
) -> Blueprint:
    """The blueprint of database rows whose ids have been replaced by codes; columns that no row class has
    (keys, timestamps) are left out, and the undated row of the main series, which the type's columns say."""
    document: dict[str, Any] = _known(VoucherType, voucher_type)
    document["lines"] = _known(LineConfig, lines)
    for part, kind in PARTS.items():
        document[part] = [_known(kind, row) for row in parts.get(part, ())]
    document["series"] = [row for row in document["series"] if not is_own_series(row)]
    document["version"] = version
    faults = FaultList()
    rows = _read_rows(document, "", faults)
    if faults.found or rows is None:
        raise InvalidRequest(faults.found)
    return Blueprint(**rows)


def is_own_series(row: Mapping[str, Any]) -> bool:
    """Whether a series row is the one that the voucher type's own columns describe."""
    return row.get("code") == MAIN_SERIES and row.get("branch") is None and row.get("valid_from") is None


def _known(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in columns_of(kind) if name in row}
