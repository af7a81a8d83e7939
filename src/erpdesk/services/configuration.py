"""Configuration of an organization: seeding what is missing, and reading its blueprints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from erpdesk.domain.results import ErpdeskError

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
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


class ConfigurationService:
    """Voucher types of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def seed(self) -> Seeded:
        """Backfills baseline accounts, units, journal types and voucher types; changes nothing there is."""
        from erpdesk.services.baseline import BASELINE, read_chart, write_masters
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


def seed_configuration(connection: Connection, organization_id: UUID, country: str) -> Seeded:
    """Journal types and voucher types that are missing, inside the caller's transaction.

    Baseline documents name accounts of the baseline chart; in another chart the account that plays the same
    role stands in. A type whose account is missing waits for the next seeding.
    """
    from erpdesk.blueprints.baseline import load_baseline, load_journal_types
    from erpdesk.storage import blueprints as store

    journal_types = store.insert_journal_types(connection, organization_id, load_journal_types())
    there = store.voucher_type_codes(connection, organization_id)
    baseline = load_baseline(country)
    ready: list[Blueprint] = []
    waiting: dict[str, str] = {}
    codes = _accounts_by_role(connection, organization_id)
    for blueprint in baseline:
        if blueprint.code not in there:
            fitted, missing = _fit_accounts(blueprint, codes)
            if missing:
                waiting[blueprint.code] = missing
            else:
                ready.append(fitted)
    store.insert_blueprints(connection, organization_id, ready)
    return Seeded(
        tuple(journal_types),
        tuple(blueprint.code for blueprint in baseline),
        tuple(blueprint.code for blueprint in ready),
        waiting,
    )


def _accounts_by_role(connection: Connection, organization_id: UUID) -> dict[str, str]:
    """For each account code of the baseline chart, the code of the account with the same role here."""
    from erpdesk.exchange.accounts import baseline_chart
    from erpdesk.storage.organizations import account_codes_by_role

    here = account_codes_by_role(connection, organization_id)
    return {row["code"]: here[row["role"]] for row in baseline_chart() if row.get("role") in here}


def _fit_accounts(blueprint: Blueprint, codes: Mapping[str, str]) -> tuple[Blueprint, str]:
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
