"""Configuration of an organization: seeding what is missing, reading its blueprints, changing them by documents.

A change is a new version of the blueprint: running programs meet it at their next voucher of that type.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.blueprints import StoredBlueprint
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection


@dataclass(frozen=True, slots=True)
class Seeded:
    """What seeding found and made, in the order of the baseline."""

    journal_types_made: tuple[str, ...]
    voucher_types: tuple[str, ...]
    voucher_types_made: tuple[str, ...]
    waiting: Mapping[str, str]

    def rows(self) -> list[tuple[str, str]]:
        """Code and what became of it: created, kept, or waiting for an account that isn't there."""
        return [
            (code, "waiting for account " + self.waiting[code] if code in self.waiting
             else "created" if code in self.voucher_types_made else "kept")
            for code in self.voucher_types
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConfiguredType:
    """What a configuration document makes of one voucher type: created, updated or unchanged."""

    code: str
    status: str
    version: int

    def as_json(self) -> dict[str, Any]:
        """One result line of the command line."""
        return {"ok": True, "voucher_type": self.code, "status": self.status, "version": self.version}


class ConfigurationService:
    """Voucher types of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def seed(self) -> Seeded:
        """Backfills baseline accounts, units, journal types and voucher types; changes nothing there is."""
        from erpdesk.services.baseline import read_chart, write_masters
        from erpdesk.services.charts import BASELINE
        from erpdesk.storage.organizations import read_settings
        from erpdesk.storage.transactions import writing

        organization = self._organization
        with writing(self._server) as connection:
            chart = read_settings(connection, organization.id).get("chart", BASELINE)
            accounts = read_chart(BASELINE) if chart == BASELINE else []
            write_masters(connection, organization.id, organization.base_currency, accounts)
            return seed_configuration(connection, organization.id, organization.country)

    def blueprints(self) -> dict[str, Blueprint]:
        """Every voucher type's blueprint as it is now, by code, in the order of screens."""
        from erpdesk.storage.blueprints import read_blueprints
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            stored = read_blueprints(connection, self._organization.id)
        return {code: one.blueprint for code, one in stored.items()}

    def blueprint(self, code: str) -> Blueprint:
        """One voucher type's blueprint. Raises ErpdeskError CFG-022 for an unknown code."""
        found = self.blueprints()
        if code not in found:
            raise ErpdeskError("CFG-022", f'There is no voucher type "{code[:60]}".',
                               cure=f"There are: {', '.join(found)}.", field="type")  # fmt: skip
        return found[code]

    def document(self, type_code: str | None = None) -> dict[str, Any]:
        """Every voucher type, or one, as `import_document` takes it."""
        from erpdesk.blueprints.patches import config_document

        chosen = [self.blueprint(type_code)] if type_code else list(self.blueprints().values())
        return config_document(tuple(chosen))

    def faults_of(self, blueprint: Blueprint) -> tuple[Fault, ...]:
        """What only the database knows to be wrong with a blueprint; paths are within the type."""
        from erpdesk.services.saving_blueprints import saving_faults
        from erpdesk.storage.transactions import reading

        first = "voucher_types[0]."
        with reading(self._server) as connection:
            found = saving_faults(connection, self._organization, [blueprint])
        return tuple(replace(fault, field=(fault.field or "").removeprefix(first),
                             message=fault.message.replace(first, "")) for fault in found)

    def read_document(self, path: Path) -> Any:
        """The document of a JSON file. Raises ImportRefused."""
        from erpdesk.exchange import json_text
        from erpdesk.exchange.sources import checked_file, whole_text

        return json_text.parse(whole_text(checked_file(path)))

    def check_document(self, document: Any, type_code: str | None = None) -> tuple[ConfiguredType, ...]:
        """What importing the document would do; nothing is written. Raises InvalidRequest CFG-*."""
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return tuple(result for result, _, _ in self._planned(connection, document, type_code))

    def whole_document(self, document: Any, type_code: str) -> dict[str, Any]:
        """What a configuration document would make of one type, whole. Raises as `check_document` does."""
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            [(_, _, blueprint)] = self._planned(connection, document, type_code)
        return blueprint.to_document()

    def import_document(self, document: Any, type_code: str | None = None) -> tuple[ConfiguredType, ...]:
        """Lays a configuration document over what there is, all of it or nothing; with `type_code` only that
        type of it. Raises InvalidRequest CFG-*, ForbiddenError, ConflictError CFG-025."""
        from erpdesk.services.saving_blueprints import refuse_without_right
        from erpdesk.storage.blueprint_changes import change_blueprints
        from erpdesk.storage.blueprints import insert_blueprints
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            refuse_without_right(connection, self._organization)
            planned = self._planned(connection, document, type_code)
            made = [blueprint for result, _, blueprint in planned if result.status == "created"]
            changed = [
                (stored, blueprint)
                for result, stored, blueprint in planned
                if result.status == "updated" and stored is not None
            ]
            insert_blueprints(connection, self._organization.id, made)
            change_blueprints(connection, self._organization.id, changed)
        return tuple(result for result, _, _ in planned)

    def _planned(
        self, connection: Connection, document: Any, type_code: str | None
    ) -> list[tuple[ConfiguredType, StoredBlueprint | None, Blueprint]]:
        """Each type of the document with its state now and what it would be."""
        from erpdesk.blueprints.patches import placed_as_given, read_config
        from erpdesk.services.saving_blueprints import saving_faults
        from erpdesk.storage.blueprints import read_blueprints

        current = read_blueprints(connection, self._organization.id)
        chosen = _only(document, type_code)
        wanted = read_config(chosen, {code: stored.blueprint for code, stored in current.items()})
        known = {code: one.blueprint.hash for code, one in current.items()}
        unchanged = [place for place, one in enumerate(wanted) if known.get(one.code) == one.hash]
        faults = saving_faults(connection, self._organization, wanted, unchanged)
        if faults:
            raise InvalidRequest(placed_as_given(faults, chosen, wanted))
        planned: list[tuple[ConfiguredType, StoredBlueprint | None, Blueprint]] = []
        for blueprint in wanted:
            stored = current.get(blueprint.code)
            if stored is None:
                result = ConfiguredType(blueprint.code, "created", 1)
                blueprint = replace(blueprint, version=1)
            elif stored.blueprint.hash == blueprint.hash:
                result = ConfiguredType(blueprint.code, "unchanged", stored.blueprint.version)
            else:
                result = ConfiguredType(blueprint.code, "updated", stored.blueprint.version + 1)
            planned.append((result, stored, blueprint))
        return planned


def _only(document: Any, type_code: str | None) -> Any:
    """The document with just the type asked for. Raises ErpdeskError CFG-022 when it isn't in there."""
    types = document.get("voucher_types") if isinstance(document, Mapping) else None
    if type_code is None or not isinstance(types, list):
        return document
    chosen = [one for one in types if isinstance(one, Mapping) and one.get("code") == type_code]
    if not chosen:
        raise ErpdeskError("CFG-022", f'The document has no voucher type "{type_code[:60]}".', field="type")
    return {**document, "voucher_types": chosen}


def seed_configuration(connection: Connection, organization_id: UUID, country: str) -> Seeded:
    """Journal types and voucher types that are missing, inside the caller's transaction.

    Baseline documents name accounts of the baseline chart; in another chart the account that plays the same
    role stands in. A type whose account is missing waits for the next seeding.
    """
    from erpdesk.blueprints.baseline import load_baseline, load_journal_types
    from erpdesk.blueprints.shortcuts import normal
    from erpdesk.storage import blueprints as store
    from erpdesk.storage.blueprint_baselines import keep_baselines
    from erpdesk.storage.blueprint_references import active_shortcuts

    journal_types = store.insert_journal_types(connection, organization_id, load_journal_types())
    there = store.voucher_type_codes(connection, organization_id)
    baseline = load_baseline(country)
    ready: list[Blueprint] = []
    waiting: dict[str, str] = {}
    codes = accounts_by_role(connection, organization_id)
    for blueprint in baseline:
        if blueprint.code not in there:
            fitted, missing = fit_accounts(blueprint, codes)
            if missing:
                waiting[blueprint.code] = missing
            else:
                ready.append(fitted)
    taken = {normal(key) for _code, _label, key in active_shortcuts(connection, organization_id)}
    store.insert_blueprints(connection, organization_id, [_without_key_of(one, taken) for one in ready])
    keep_baselines(connection, organization_id, {blueprint.code: blueprint.to_document() for blueprint in ready})
    return Seeded(
        tuple(journal_types),
        tuple(blueprint.code for blueprint in baseline),
        tuple(blueprint.code for blueprint in ready),
        waiting,
    )


def _without_key_of(blueprint: Blueprint, taken: Collection[str]) -> Blueprint:
    """The blueprint; without its key where a type that is there already has it."""
    from erpdesk.blueprints.shortcuts import normal

    kind = blueprint.voucher_type
    if not kind.shortcut or normal(kind.shortcut) not in taken:
        return blueprint
    return replace(blueprint, voucher_type=replace(kind, shortcut=""))


def shipped_blueprints(connection: Connection, organization: OrganizationInfo) -> dict[str, Blueprint]:
    """The baseline with this organization's accounts, by code; a type whose account is missing as it is shipped."""
    from erpdesk.blueprints.baseline import load_baseline

    codes = accounts_by_role(connection, organization.id)
    return {one.code: fit_accounts(one, codes)[0] for one in load_baseline(organization.country)}


def accounts_by_role(connection: Connection, organization_id: UUID) -> dict[str, str]:
    """For each account code of the baseline chart, the code of the account with the same role here."""
    from erpdesk.exchange.accounts import baseline_chart
    from erpdesk.storage.organizations import account_codes_by_role

    here = account_codes_by_role(connection, organization_id)
    return {row["code"]: here[row["role"]] for row in baseline_chart() if row.get("role") in here}


def fit_accounts(blueprint: Blueprint, codes: Mapping[str, str]) -> tuple[Blueprint, str]:
    """The blueprint with this organization's accounts; and the first account that is missing, or nothing."""
    named = [charge.ledger for charge in blueprint.charges] + [
        charge.contra_account for charge in blueprint.charges
    ]
    named.append(blueprint.voucher_type.round_off_account)
    missing = next((code for code in named if code and code not in codes), "")
    if missing:
        return blueprint, missing
    charges = tuple(
        replace(
            charge,
            ledger=codes.get(charge.ledger or ""),
            contra_account=codes.get(charge.contra_account or ""),
        )
        for charge in blueprint.charges
    )
    kind = blueprint.voucher_type
    kind = replace(kind, round_off_account=codes.get(kind.round_off_account or ""))
    return replace(blueprint, charges=charges, voucher_type=kind), ""
