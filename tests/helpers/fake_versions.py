"""Voucher types in memory, with the versions that administrators elsewhere make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema

BLUEPRINTS = {blueprint.code: blueprint for blueprint in load_baseline("NP")}
CONTEXT = Context(organization="ACME", branch="HO", warehouse="MAIN", currency="NPR", country="NP")


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """A voucher type in the gateway."""

    code: str
    label: str
    category: str
    key: str
    is_active: bool = True
    version: int = 1
    may_enter: bool = True
    may_hand_in: bool = True


class TypeVersions:
    """Every version of the baseline types; the last is the current one."""

    def __init__(self) -> None:
        self._versions: dict[str, list[Blueprint]] = {code: [one] for code, one in BLUEPRINTS.items()}

    def blueprint(self, code: str, version: int | None = None) -> Blueprint:
        """The current version, or the one of that number."""
        return self._versions[code][(version or 0) - 1]

    def listed(self) -> tuple[TypeInfo, ...]:
        """As the gateway lists them."""
        current = [versions[-1] for versions in self._versions.values()]
        return tuple(TypeInfo(one.code, one.voucher_type.label, str(one.voucher_type.category),
                              one.voucher_type.shortcut, one.voucher_type.is_active, one.version) for one in current)

    def schema(self, code: str, version: int | None = None) -> UiSchema:
        """The form of a version."""
        return resolve_ui_schema(self.blueprint(code, version), CONTEXT)

    def change(self, code: str, **columns: Any) -> None:
        """An administrator elsewhere has made the type's next version."""
        latest = self.blueprint(code)
        kind = replace(latest.voucher_type, **columns)
        self._versions[code].append(replace(latest, voucher_type=kind, version=latest.version + 1))
