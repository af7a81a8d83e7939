"""A voucher type while it is being edited: checked, turned into its form, tried out. Nothing is ever written.

What is handed in is the type's whole document, as `config export` writes it, without regard to what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import Fault, ForbiddenError

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.blueprints.schema import UiSchema
    from erpdesk.posting.preview import Preview
    from erpdesk.posting.recalculation import VoucherTotals
    from erpdesk.services.baseline_upgrades import BaselineUpgradeService
    from erpdesk.services.configuration import ConfigurationService
    from erpdesk.services.masters import MasterService
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.storage.server import Server

SHIPPED, CUSTOMISED, OWN = "shipped", "customised", "own"


@dataclass(frozen=True, slots=True)
class StoredType:
    """A type as it is stored: its document with its version, and whether it is as shipped, customised, or an own
    one."""

    document: Mapping[str, Any]
    origin: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a document is: its faults with their paths within the type; without any, its blueprint, the form it makes
    and the keys that a typical voucher takes."""

    faults: tuple[Fault, ...]
    blueprint: Blueprint | None = None
    schema: UiSchema | None = None
    keys: int = 0


class CandidateService:
    """Unsaved voucher types of one organization."""

    def __init__(self, server: Server, configuration: ConfigurationService, vouchers: VoucherService,
                 masters: MasterService, baselines: BaselineUpgradeService) -> None:
        self._server, self._configuration, self._vouchers = server, configuration, vouchers
        self._masters, self._baselines = masters, baselines

    def types(self) -> tuple[StoredType, ...]:
        """Every voucher type as it is stored, in the order of screens."""
        states = {one.code: CUSTOMISED if one.customised else SHIPPED for one in self._baselines.states()}
        return tuple(StoredType(one.to_document(), states.get(code, OWN))
                     for code, one in self._configuration.blueprints().items())  # fmt: skip

    def stored(self, code: str) -> Mapping[str, Any]:
        """One type's document as it is stored now. Raises ErpdeskError CFG-022."""
        return self._configuration.blueprint(code).to_document()

    def choices(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """What settings refer to and no list of masters offers, as code and name by kind: tax classes; users, left
        out for who may not see them."""
        return {"tax_class": self._masters.tax_classes(), **self._users()}

    def _users(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        from erpdesk.services.people import PeopleService

        try:
            people = PeopleService(self._server).people()
        except ForbiddenError:
            return {}
        code = self._vouchers.organization.code
        members = ((one, one.membership(code)) for one in people if one.is_active)
        return {"user": tuple((one.name, one.full_name) for one, membership in members
                              if membership is not None and membership.is_active)}

    def look(self, document: Mapping[str, Any]) -> Looked:
        """Everything that saving the document would refuse, else the form it makes."""
        from erpdesk.blueprints.blueprint import read_blueprint
        from erpdesk.blueprints.charges import effective_charges
        from erpdesk.blueprints.faults import FaultList
        from erpdesk.blueprints.keypath import key_count

        faults = FaultList()
        version = int(document.get("version") or 1)
        blueprint = read_blueprint({**document, "version": version}, "", faults)
        if blueprint is None:
            return Looked(tuple(faults.found))
        missing = self._configuration.faults_of(blueprint)
        schema = self._vouchers.engine.blueprints().schema(blueprint)
        settled = replace(blueprint, charges=effective_charges(blueprint))
        return Looked(missing, settled, schema, key_count(schema))

    def totals(self, candidate: Blueprint, document: Mapping[str, Any]) -> VoucherTotals:
        """Totals of a voucher of the candidate; local and quick."""
        return self._vouchers.totals_of(document, candidate)

    def simulate(self, candidate: Blueprint, document: Mapping[str, Any]) -> Preview:
        """What posting a voucher of the candidate would do now; nothing is written or locked."""
        from erpdesk.posting.candidate import preview_candidate
        from erpdesk.storage.posting_calls import posting_calls

        engine = self._vouchers.engine
        with posting_calls(engine.pool) as calls:
            return preview_candidate(calls, self._vouchers.organization, candidate, document)
