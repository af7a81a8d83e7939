"""Key paths as they are overridden: shown, changed by documents, and counted in keys.

Anybody may change how the cursor goes for oneself; for a role or the site it takes the permission `config.edit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, Fault, ForbiddenError, InvalidRequest

if TYPE_CHECKING:
    from uuid import UUID

    from erpdesk.blueprints.path_overrides import PathChange, PathOverride
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.storage.blueprints import StoredBlueprint
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection


@dataclass(frozen=True, slots=True)
class ChangedPath:
    """What became of one override: created, updated, unchanged, removed, or absent when there was none."""

    override: PathOverride
    status: str

    def as_json(self) -> dict[str, Any]:
        """One result line of the command line."""
        return {"ok": True, "status": self.status, **self.override.as_json()}


class KeyPathService:
    """The overrides of one organization's key paths."""

    def __init__(self, server: Server, organization: OrganizationInfo, vouchers: VoucherService) -> None:
        self._server, self._organization, self._vouchers = server, organization, vouchers

    def document(self, type_code: str | None = None) -> dict[str, Any]:
        """All overrides, or those of a type, as `change` takes them."""
        from erpdesk.blueprints.path_overrides import ROOT
        from erpdesk.storage.path_overrides import all_overrides
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            found = all_overrides(connection, self._organization.id)
        return {ROOT: [one.as_json() for _, one in found.values() if type_code in (None, one.type_code)]}

    def change(self, document: Any) -> tuple[ChangedPath, ...]:
        """Lays a document over the overrides there are, all of it or nothing. Raises InvalidRequest CFG-*,
        ForbiddenError SEC-001."""
        from erpdesk.blueprints.path_overrides import read_path_changes
        from erpdesk.storage.blueprints import read_blueprints
        from erpdesk.storage.path_overrides import (
            all_overrides,
            delete_overrides,
            session_user,
            write_override,
        )
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            user = session_user(connection)
            changes = read_path_changes(document, user)
            types = read_blueprints(connection, self._organization.id)
            self._refuse_unknown(connection, changes, types)
            self._refuse_others(connection, changes, user)
            stored = all_overrides(connection, self._organization.id)
            results: list[ChangedPath] = []
            gone: list[UUID] = []
            for change in changes:
                known = stored.get(change.target.identity)
                wanted = change.over(known[1] if known else None)
                if wanted is None:
                    gone += [known[0]] if known else []
                    results.append(ChangedPath(change.target, "removed" if known else "absent"))
                    continue
                status = "created" if known is None else "unchanged" if known[1] == wanted else "updated"
                if status != "unchanged":
                    write_override(connection, self._organization.id, types[wanted.type_code].id, wanted,
                                   known[0] if known else None)
                results.append(ChangedPath(wanted, status))
            delete_overrides(connection, self._organization.id, gone)
        return tuple(results)

    def _refuse_unknown(self, connection: Connection, changes: Sequence[PathChange],
                        types: dict[str, StoredBlueprint]) -> None:
        from erpdesk.blueprints.path_overrides import ROOT, PathScope, field_names
        from erpdesk.blueprints.resolve import resolve_ui_schema
        from erpdesk.storage.named_people import MISSING, states_of_names
        from erpdesk.storage.path_overrides import known_roles

        roles = known_roles(connection)
        faults = []
        for place, change in enumerate(changes):
            target, path = change.target, f"{ROOT}[{place}]"
            if target.type_code not in types:
                faults.append(Fault("CFG-022", f"There is no voucher type {target.type_code[:60]}", f"{path}.type"))
            elif not change.remove and target.field not in (
                    names := field_names(resolve_ui_schema(types[target.type_code].blueprint))):
                faults.append(Fault("CFG-007", f"{target.type_code} has no field {target.field[:60]} "
                                    f"(it has: {', '.join(names)})", f"{path}.field"))
            if target.scope is PathScope.ROLE and target.name not in roles:
                faults.append(Fault("CFG-004", f"There is no role {target.name[:60]} "
                                    f"(there are: {', '.join(sorted(roles))})", f"{path}.for"))
            if target.scope is PathScope.USER and not change.remove and states_of_names(
                    connection, self._organization.id, [("user", target.name)]) == [MISSING]:
                faults.append(Fault("CFG-007", f"There is no user {target.name[:60]}", f"{path}.for"))
        if faults:
            raise InvalidRequest(faults)

    def _refuse_others(self, connection: Connection, changes: Sequence[PathChange], user: str) -> None:
        from erpdesk.blueprints.path_overrides import PathScope
        from erpdesk.storage.rights import may

        own = all(one.target.scope is PathScope.USER and one.target.name == user for one in changes)
        if not own and not may(connection, self._organization.id, "config.edit"):
            raise ForbiddenError(
                "SEC-001", "You may change how the cursor goes for yourself, not for others",
                cure="Ask an administrator for the permission config.edit, or leave scope user without a name.")

    def keys(self, type_code: str) -> dict[str, Any]:
        """The stops of a type as they are for this user, and the keys that a typical voucher takes."""
        from erpdesk.blueprints.keypath import key_count, key_path

        try:
            schema = self._vouchers.schema(type_code)
        except InvalidRequest as error:
            raise ErpdeskError("CFG-022", error.faults[0].message, field="type") from None
        stops = [{"field": f"{stop.grid}.{stop.field.key}" if stop.grid else stop.field.key, "keys": stop.keys}
                 for stop in key_path(schema)]
        return {"type": schema.voucher_type, "stops": stops, "rows": 3, "keys": key_count(schema, 3)}
