"""Masters: imported by code from documents, and read as rows for lookups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import ErpdeskError, Fault, ForbiddenError

if TYPE_CHECKING:
    from erpdesk.storage.master_candidate import MasterObject, MasterOutcome
    from erpdesk.storage.master_changes import Position
    from erpdesk.storage.masters import LookupRow
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection


@dataclass(frozen=True, slots=True)
class MasterResult:
    """What became of one object of a document: created, updated, unchanged or refused."""

    line: int
    noun: str
    key: str
    status: str
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """One result line of the command line."""
        row: dict[str, Any] = {"line": self.line, "ok": self.ok, "object": self.noun, "key": self.key,
                               "status": self.status}  # fmt: skip
        if self.faults:
            first = self.faults[0]
            row |= {"kind": "invalid", **first.as_json(), "faults": [one.as_json() for one in self.faults]}
        return row


@dataclass(slots=True)
class _Sorting:
    """Objects that may be written, and results of those refused by their form, in the order given."""

    objects: dict[str, list[MasterObject]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    results: list[MasterResult] = field(default_factory=list)


_MADE_MEANWHILE = frozenset({"MST-002", "MST-003"})
"""Another desk made the same code or name at the same moment: the next look sees it and says whose it is."""


_MANY = 30
"""More masters than this at once, and the server looks at the tables anew."""


class MasterService:
    """Masters of one organization."""

    def __init__(self, server: Server, organization_id: UUID) -> None:
        self._server = server
        self._organization_id = organization_id

    def lookup_rows(self, kind: str) -> tuple[LookupRow, ...]:
        """All rows that a lookup of `kind` offers, by code: account, party, item, warehouse, batch, uom,
        cost_centre, branch, currency, voucher, price_list. Raises ErpdeskError for another kind."""
        from erpdesk.storage.masters import KINDS, read_lookup
        from erpdesk.storage.transactions import reading

        if kind not in KINDS:
            raise ErpdeskError("MST-006", f'There is no lookup of "{kind}".')
        with reading(self._server) as connection:
            return read_lookup(connection, self._organization_id, kind)

    def tax_classes(self) -> tuple[tuple[str, str], ...]:
        """Code and name of the tax classes in use, by code."""
        from erpdesk.storage.masters import read_tax_classes
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return read_tax_classes(connection, self._organization_id)

    def positions(self) -> dict[str, Position]:
        """How far each kind of lookup has come, and `prices`: another position than before means that something may
        have changed, the same that nothing did. Cheap, whatever there is to read."""
        from erpdesk.storage.master_changes import read_positions
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return read_positions(connection)

    def account_of_role(self, *roles: str) -> str:
        """The code of the account that plays the first of the roles that any does; empty when none does."""
        from erpdesk.storage.organizations import account_codes_by_role
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            codes = account_codes_by_role(connection, self._organization_id)
        return next((codes[role] for role in roles if role in codes), "")

    def import_masters(self, document: Any, *, rehearse: bool = False) -> list[MasterResult]:
        """Creates or changes the masters of a parsed document; one result an object, in its order. `rehearse` writes
        nothing: the results say what would become of each."""
        from erpdesk.exchange.schema import masters_schema

        schema = masters_schema()
        whole = {key: [] if isinstance(value, list) else value for key, value in document.items()} \
            if isinstance(document, dict) else document  # fmt: skip
        faults = schema.faults(whole)
        if faults:
            return [MasterResult(0, "document", "", "refused", faults)]
        sorting = _Sorting()
        line = 0
        for name, objects in document.items():
            rule = schema.document["properties"][name]["items"]
            for place, values in enumerate(objects):
                line += 1
                path = f"{name}[{place}]"
                self._sort(sorting, name, path, line, values, schema.faults(values, rule, path))
        return self._write(sorting, rehearse=rehearse)

    def import_accounts(self, path: Path) -> list[MasterResult]:
        """Creates or changes the accounts of a table; one result a row. Raises ImportRefused."""
        from erpdesk.exchange.accounts import account_faults, read_accounts

        sorting = _Sorting()
        for line, account in read_accounts(path):
            place = f"line {line}"
            self._sort(sorting, "accounts", place, line, account, account_faults(account, place))
        return self._write(sorting)

    def import_file(self, path: Path, *, rehearse: bool = False) -> list[MasterResult]:
        """`import_masters` of a JSON file. Raises ImportRefused when it can't be read."""
        from erpdesk.exchange import json_text
        from erpdesk.exchange.sources import whole_text

        return self.import_masters(json_text.parse(whole_text(path)), rehearse=rehearse)

    @staticmethod
    def _sort(
        sorting: _Sorting, section: str, path: str, line: int, values: Any, faults: Sequence[Fault]
    ) -> None:
        from erpdesk.storage.master_candidate import MasterObject

        sorting.lines[path] = line
        if faults:
            key = str(values.get("code", "")) if isinstance(values, dict) else ""
            sorting.results.append(MasterResult(line, _noun(section), key, "refused", tuple(faults)))
        else:
            sorting.objects.setdefault(section, []).append(MasterObject(section, path, values))

    def _write(self, sorting: _Sorting, *, rehearse: bool = False) -> list[MasterResult]:
        from erpdesk.storage.statistics import refresh_statistics

        outcomes: list[MasterOutcome] = []
        if sorting.objects:
            try:
                outcomes = self._rehearsed(sorting) if rehearse else self._upsert(sorting)
            except ErpdeskError as error:
                if error.code not in _MADE_MEANWHILE:
                    raise
                outcomes = self._upsert(sorting)
        if len(outcomes) > _MANY and not rehearse:
            refresh_statistics(self._server)
        results = [
            MasterResult(sorting.lines[one.path], one.noun, one.key, one.status, one.faults)
            for one in outcomes
        ]
        return sorted(results + sorting.results, key=lambda result: result.line)

    def _rehearsed(self, sorting: _Sorting) -> list[MasterOutcome]:
        from erpdesk.storage.transactions import rehearsing

        with rehearsing(self._server) as connection:
            self._check_rights(connection)
            return upsert(connection, self._organization_id, sorting.objects)

    def _upsert(self, sorting: _Sorting) -> list[MasterOutcome]:
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            self._check_rights(connection)
            return upsert(connection, self._organization_id, sorting.objects)

    def _check_rights(self, connection: Connection) -> None:
        from erpdesk.storage.rights import may

        if not may(connection, self._organization_id, "masters.edit"):
            raise ForbiddenError("SEC-001", "You may not make or change masters.",
                                 cure="Ask the administrator for the permission masters.edit.")  # fmt: skip


def upsert(
    connection: Connection,
    organization_id: UUID,
    objects: Mapping[str, Sequence[MasterObject]],
    *,
    only_missing: bool = False,
) -> list[MasterOutcome]:
    """Writes objects inside the caller's transaction."""
    from erpdesk.storage.master_upsert import upsert_masters

    return upsert_masters(connection, organization_id, objects, only_missing=only_missing)


def _noun(section: str) -> str:
    from erpdesk.storage.master_currencies import NOUN, SECTION
    from erpdesk.storage.master_sections import BY_NAME

    return NOUN if section == SECTION else BY_NAME[section].noun
