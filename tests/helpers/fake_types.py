"""Voucher types in memory: the real checks and the real forms, versions that only count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint, read_blueprint
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.comparing import Difference, compare
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.keypath import key_count
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.domain.results import ConflictError
from erpdesk.posting.preview import Preview
from erpdesk.posting.recalculation import recalculate
from erpdesk.services.candidates import OWN, SHIPPED, Looked, StoredType
from erpdesk.services.configuration import ConfiguredType


class FakeTypes:
    """Candidates and versions of one organization, in one object."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {one.code: one.to_document() for one in load_baseline("NP")}
        self._own: set[str] = set()
        self.saved: list[dict[str, Any]] = []

    def types(self) -> Sequence[StoredType]:
        return tuple(StoredType(document, OWN if code in self._own else SHIPPED)
                     for code, document in self.documents.items())

    def stored(self, code: str) -> Mapping[str, Any]:
        return self.documents[code]

    def choices(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return {"tax_class": (("STANDARD", "Standard"), ("EXEMPT", "Exempt"))}

    def look(self, document: Mapping[str, Any]) -> Looked:
        faults = FaultList()
        blueprint = read_blueprint(document, "", faults)
        if blueprint is None:
            return Looked(tuple(faults.found))
        schema = resolve_ui_schema(blueprint)
        return Looked((), replace(blueprint, charges=effective_charges(blueprint)), schema, key_count(schema))

    def totals(self, candidate: Blueprint, document: Mapping[str, Any]) -> Any:
        return recalculate(document, candidate, 2, {})

    def simulate(self, candidate: Blueprint, document: Mapping[str, Any]) -> Preview:
        return Preview(candidate.code, str(document.get("date")), "0.00", "0.00")

    def versions(self, type_code: str, latest: int = 200) -> Sequence[Any]:
        return ()

    def document(self, type_code: str, version: int | str | None = None) -> dict[str, Any]:
        if version == "baseline":
            return next(one.to_document() for one in load_baseline("NP") if one.code == type_code)
        return self.documents[type_code]

    def compare(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[Difference]:
        return compare(before, after)

    def save(self, document: Mapping[str, Any], expected_version: int) -> ConfiguredType:
        blueprint = Blueprint.from_document(document)
        now = self.documents.get(blueprint.code, {}).get("version", 0)
        if now != expected_version:
            raise ConflictError("CFG-026", f"{blueprint.code} was saved by bina meanwhile.", details={"theirs": now})
        if not now:
            self._own.add(blueprint.code)
        self.documents[blueprint.code] = {**blueprint.to_document(), "version": now + 1}
        self.saved.append(self.documents[blueprint.code])
        return ConfiguredType(blueprint.code, "updated" if now else "created", now + 1)

    def copy_to(self, type_code: str, organization_code: str, new_code: str | None = None, *, label: str = "",
                replace_existing: bool = False) -> ConfiguredType:
        return ConfiguredType(new_code or type_code, "created", 1)
