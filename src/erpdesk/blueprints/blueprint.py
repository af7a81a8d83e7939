"""A blueprint: the configuration rows of one voucher type taken together, known to make sense.

Its document is what `config export` writes and `config import` reads: the columns of the type with `lines`,
`charges`, `udfs`, `field_rules`, `series`, `approval`. Reading a document checks everything that can be known
without a database; every fault is reported at once with its path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from erpdesk.blueprints.blueprint_rows import PARTS, BlueprintRows, is_own_series
from erpdesk.blueprints.checks import check_blueprint
from erpdesk.blueprints.codec import Unreadable, decode, decode_all
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.blueprints.sizes import check_sizes
from erpdesk.domain.results import InvalidRequest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blueprint(BlueprintRows):
    """One voucher type whole."""

    @classmethod
    def from_document(cls, document: Mapping[str, Any], path: str = "") -> Blueprint:
        """The blueprint that a document says, missing columns at their defaults; else InvalidRequest."""
        faults = FaultList()
        blueprint = read_blueprint(document, path, faults)
        faults.raise_if_any()
        assert blueprint is not None
        return blueprint

    @classmethod
    def of_stored(cls, document: Mapping[str, Any]) -> Blueprint:
        """The blueprint of a version that was kept: it made sense when it was saved, whatever is asked of new ones
        today. InvalidRequest only for what no program could read."""
        faults = FaultList()
        rows = _read_rows(document, "", faults)
        faults.raise_if_any()
        assert rows is not None
        return cls(**rows)


def read_blueprint(document: Any, path: str, faults: FaultList) -> Blueprint | None:
    """The blueprint of a document; None, with the faults recorded, when there are any."""
    if not isinstance(document, Mapping):
        faults.add(Cfg.WRONG_FORM, path, f"{path or 'The document'} must be an object")
        return None
    before = len(faults.found)
    if not check_sizes(document, path, faults):
        return None
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


def _known(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in columns_of(kind) if name in row}
