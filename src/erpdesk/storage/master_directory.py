"""Codes found to ids, section by section, a set at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.keys import text_key
from erpdesk.storage.master_sections import BY_NAME, Section

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Key = tuple[str, str]
"""Key of the owner's code (empty when the section has no owner) and key of the code itself."""


class Directory:
    """What one transaction knows of the codes of one organization."""

    def __init__(self, connection: Connection, organization_id: UUID) -> None:
        self.connection = connection
        self.organization_id = organization_id
        self._ids: dict[str, dict[str, UUID]] = {}
        self._asked: dict[str, set[str]] = {}

    def know(self, section: str, codes: Iterable[str]) -> None:
        """Looks up codes not asked for before, in one statement."""
        from sqlalchemy import select

        asked = self._asked.setdefault(section, set())
        keys = {text_key(code) for code in codes} - asked
        if not keys:
            return
        asked |= keys
        table = BY_NAME[section].table
        found = self.connection.execute(
            select(table.c.code_key, table.c.id).where(
                table.c.organization_id == self.organization_id, any_of(table.c.code_key, sorted(keys))
            )
        )
        ids = self._ids.setdefault(section, {})
        for key, made in found.all():
            ids[key] = made

    def add(self, section: str, code: str, made: UUID) -> None:
        """A master made in this transaction."""
        key = text_key(code)
        self._asked.setdefault(section, set()).add(key)
        self._ids.setdefault(section, {})[key] = made

    def find(self, section: str, code: str) -> UUID | None:
        """The id of a code that was looked up or made; None when there is none."""
        return self._ids.get(section, {}).get(text_key(code))

    def existing(self, section: Section, keys: Iterable[Key]) -> dict[Key, Mapping[str, Any]]:
        """The rows that are there, by key; of a section with an owner by the owner's key too."""
        from sqlalchemy import select

        wanted = set(keys)
        if not wanted:
            return {}
        table = section.table
        condition = [
            table.c.organization_id == self.organization_id,
            any_of(table.c.code_key, sorted({code for _, code in wanted})),
        ]
        if not section.owner:
            return {
                ("", row["code_key"]): row
                for row in read_rows(self.connection, select(table).where(*condition))
            }
        column = section.columns[section.owner]
        owners = {made: owner for owner, _ in wanted if (made := self.find(column.refers, owner)) is not None}
        condition.append(any_of(table.c[column.name], sorted(owners)))
        rows = read_rows(self.connection, select(table).where(*condition))
        return {(owners[row[column.name]], row["code_key"]): row for row in rows}

    def with_entries(self, accounts: Iterable[UUID]) -> set[UUID]:
        """Those of the accounts that have entries."""
        from sqlalchemy import func, select

        from erpdesk.storage.tables.books import journal_line as line

        wanted = sorted(accounts)
        if not wanted:
            return set()
        asked = func.unnest(_uuids(wanted)).column_valued("asked")
        there = (
            select(line.c.organization_id)
            .where(line.c.organization_id == self.organization_id, line.c.account_id == asked)
            .exists()
        )
        return set(self.connection.execute(select(asked).where(there)).scalars())


def read_rows(connection: Connection, statement: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries, fetched at one go: many of them come through here."""
    found = connection.execute(statement)
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def any_of(column: Any, values: list[Any]) -> Any:
    """Whether a column holds one of the values: one parameter, however many there are."""
    from sqlalchemy import Text, any_, cast
    from sqlalchemy.dialects.postgresql import ARRAY

    if values and isinstance(values[0], UUID):
        return column == any_(_uuids(values))
    return column == any_(cast(values, ARRAY(Text)))


def _uuids(values: list[UUID]) -> Any:
    from sqlalchemy import Uuid, cast
    from sqlalchemy.dialects.postgresql import ARRAY

    return cast(values, ARRAY(Uuid))
