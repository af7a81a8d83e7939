"""A voucher type taken to another organization: whatever it names has to be found there.

An account that plays a role (output tax, round-off …) becomes the account that plays it there; every other account,
and every other master, is found by its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import Fault, InvalidRequest

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server


def carried(
    server: Server, source: OrganizationInfo, blueprint: Blueprint, target_code: str
) -> tuple[Blueprint, OrganizationInfo]:
    """The blueprint as the other organization would have it, and that organization.

    Raises InvalidRequest CFG-028, a fault for each thing that isn't there; ErpdeskError ORG-001.
    """
    from erpdesk.services.organizations import organization_named
    from erpdesk.storage.blueprint_references import missing_references
    from erpdesk.storage.named_people import MISSING, people_named
    from erpdesk.storage.organizations import account_codes_by_role, read_organizations
    from erpdesk.storage.transactions import reading

    with reading(server) as connection:
        target = organization_named(read_organizations(connection), target_code)
        roles = {code: role for role, code in account_codes_by_role(connection, source.id).items()}
        there = account_codes_by_role(connection, target.id)
        codes = {code: there[role] for code, role in roles.items() if role in there}
        made = _with_accounts(blueprint, codes)
        missing = [*missing_references(connection, target.id, (made,)), *(
            named for named, state in people_named(connection, target.id, (made,)) if state == MISSING)]
    if missing:
        raise InvalidRequest([
            Fault("CFG-028", _said(target_code, path, what, code, roles), path, details={"kind": what, "code": code})
            for _, path, what, code in missing])  # fmt: skip
    return made, target


def _said(target_code: str, path: str, what: str, code: str, roles: Mapping[str, str]) -> str:
    kind = what.replace("_", " ")
    if what == "account" and code in roles:
        role = roles[code].replace("_", " ")
        return f'{target_code} has no {kind} "{code}", and none that is its {role}: {path} names it'
    return f'{target_code} has no {kind} "{code}": {path} names it'


def _with_accounts(blueprint: Blueprint, codes: Mapping[str, str]) -> Blueprint:
    """The blueprint with other accounts, wherever a column names one."""
    return replace(
        blueprint, version=1, voucher_type=_renamed(blueprint.voucher_type, codes),
        charges=tuple(_renamed(charge, codes) for charge in blueprint.charges))


def _renamed(row: Any, codes: Mapping[str, str]) -> Any:
    from erpdesk.blueprints.columns import columns_of

    changes = {name: codes[getattr(row, name)] for name, column in columns_of(type(row)).items()
               if column.refers == "account" and getattr(row, name) in codes}
    return replace(row, **changes) if changes else row
