"""What must hold before a blueprint is written: the right to, and everything it names being there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from erpdesk.domain.results import Fault, ForbiddenError

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.transactions import Connection


def refuse_without_right(connection: Connection, organization: OrganizationInfo) -> None:
    """Raises ForbiddenError SEC-001 for whoever may not edit the organization's configuration."""
    from erpdesk.storage.rights import may

    if not may(connection, organization.id, "config.edit"):
        raise ForbiddenError(
            "SEC-001", f"You may not change the configuration of {organization.code}",
            cure="Ask an administrator for the permission config.edit.")  # fmt: skip


def saving_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint],
    unchanged: Collection[int] = (),
) -> list[Fault]:
    """What only the organization can tell of blueprints that make sense by themselves; paths begin with
    `voucher_types[n]`, by the blueprint's place. What is `unchanged` isn't blamed for what became of its masters."""
    return (
        _missing_faults(connection, organization, wanted)
        + [fault for place, fault in _unusable_faults(connection, organization, wanted) if place not in unchanged]
        + [fault for place, fault in _role_faults(connection, organization, wanted) if place not in unchanged]
        + [fault for place, fault in _people_faults(connection, organization, wanted) if place not in unchanged]
        + [fault for place, fault in _key_faults(connection, organization, wanted) if place not in unchanged]
        + _length_faults(organization, wanted)
    )


def _missing_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint]
) -> list[Fault]:
    from erpdesk.blueprints.faults import Cfg
    from erpdesk.storage.blueprint_references import missing_references

    return [
        Fault(
            str(Cfg.UNKNOWN_REFERENCE),
            f'{wanted[place].code}: {path} names the {kind.replace("_", " ")} "{code[:60]}", which isn\'t there',
            f"voucher_types[{place}].{path}",
        )
        for place, path, kind, code in missing_references(connection, organization.id, wanted)
    ]


def _unusable_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint]
) -> list[tuple[int, Fault]]:
    """References that are there but that no voucher could use; and templates that there aren't to print with."""
    from erpdesk.blueprints.faults import Cfg
    from erpdesk.exchange.printing.sandbox import shipped_sources
    from erpdesk.storage.blueprint_references import template_codes, unusable_references

    found = [
        (place, Fault(
            str(Cfg.UNUSABLE),
            f'{wanted[place].code}: {path} names the {kind.replace("_", " ")} {code}, which {why}',
            f"voucher_types[{place}].{path}"))
        for (place, path, kind, code), why in unusable_references(connection, organization.id, wanted)
    ]  # fmt: skip
    templates = {*shipped_sources(), *template_codes(connection, organization.id)}
    return found + [
        (place, Fault(
            str(Cfg.UNKNOWN_REFERENCE),
            f'{one.code}: there is no print template "{one.voucher_type.print_template[:60]}"',
            f"voucher_types[{place}].print_template"))
        for place, one in enumerate(wanted) if one.voucher_type.print_template not in {"", *templates}
    ]  # fmt: skip


def _role_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint]
) -> list[tuple[int, Fault]]:
    """Types in use whose postings take an account by a role that none has."""
    from erpdesk.blueprints.faults import Cfg
    from erpdesk.blueprints.vocabulary import CounterpartRole
    from erpdesk.storage.organizations import account_codes_by_role

    played = {"", str(CounterpartRole.NONE), *account_codes_by_role(connection, organization.id)}
    found = []
    for place, one in enumerate(wanted):
        kind = one.voucher_type
        needed = [("counterpart_role", str(kind.counterpart_role)),
                  ("use_grir", str(CounterpartRole.GRIR) if kind.use_grir else "")]
        found += [(place, Fault(
            str(Cfg.UNUSABLE), f"{one.code}: no account has the role {role}; give it to one under Accounts, in Role",
            f"voucher_types[{place}].{key}")) for key, role in needed if kind.is_active and role not in played]
    return found


def _people_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint]
) -> list[tuple[int, Fault]]:
    """Users, roles and branches that rules name: there, and those who are to approve still active."""
    from erpdesk.blueprints.faults import Cfg
    from erpdesk.storage.named_people import INACTIVE, MISSING, people_named

    found = []
    for (place, path, kind, name), state in people_named(connection, organization.id, wanted):
        code, field = wanted[place].code, f"voucher_types[{place}].{path}"
        if state == MISSING:
            found.append((place, Fault(
                str(Cfg.UNKNOWN_REFERENCE),
                f'{code}: {path} names the {kind} "{name[:60]}", which isn\'t there', field)))
        elif state == INACTIVE and path.startswith("approval[") and wanted[place].voucher_type.is_active:
            found.append((place, Fault(
                str(Cfg.UNUSABLE), f"{code}: {path} names the {kind} {name}, which is not active", field)))
    return found


def _key_faults(
    connection: Connection, organization: OrganizationInfo, wanted: Sequence[Blueprint]
) -> list[tuple[int, Fault]]:
    """Keys that open another active type, or that the program has for itself."""
    from erpdesk.blueprints.shortcuts import TypeKey, shortcut_faults
    from erpdesk.storage.blueprint_references import active_shortcuts

    kinds = [one.voucher_type for one in wanted]
    if not any(kind.is_active and kind.shortcut for kind in kinds):
        return []
    keys = [TypeKey(kind.code, kind.label, kind.shortcut) if kind.is_active else None for kind in kinds]
    codes = {kind.code for kind in kinds}
    others = [TypeKey(*row) for row in active_shortcuts(connection, organization.id) if row[0] not in codes]
    return shortcut_faults(keys, others)


def _length_faults(organization: OrganizationInfo, wanted: Sequence[Blueprint]) -> list[Fault]:
    """Numbers that would come out longer than the law of the country allows, with the branches there are."""
    from erpdesk.blueprints.checks import check_numbering
    from erpdesk.blueprints.faults import Cfg, FaultList

    faults = FaultList()
    longest = max((len(branch.code) for branch in organization.branches), default=0)
    for place, blueprint in enumerate(wanted):
        path = f"voucher_types[{place}]"
        check_numbering(blueprint, path, faults, country=organization.country, branch_length=longest)
    return [fault for fault in faults.found if fault.code == str(Cfg.NUMBER_TOO_LONG)]
