"""Masters in place: the form of a kind, one master's values, and saving it, for a person at a window.

What is saved goes the way of every masters document; making one refuses a code that is there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.fields import Field, FieldType, Option
from erpdesk.blueprints.master_forms import MasterForm, master_forms
from erpdesk.domain.results import ErpdeskError, Fault, ForbiddenError

if TYPE_CHECKING:
    from erpdesk.services.masters import MasterService
    from erpdesk.storage.master_sections import Section
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection

PERMISSION = "masters.edit"


@dataclass(frozen=True, slots=True)
class OpenedMaster:
    """A form ready for typing, and the values of the master that is altered; None for a new one."""

    kind: str
    form: MasterForm
    values: Mapping[str, Any] | None = None


class MasterFormService:
    """Masters of one organization, one at a time. Thread-safe."""

    def __init__(self, server: Server, organization_id: UUID, masters: MasterService) -> None:
        self._server = server
        self._organization_id = organization_id
        self._masters = masters

    def open(self, kind: str, code: str = "", owner: str = "") -> OpenedMaster:
        """The form for a new master, or for the one of a code. Raises ForbiddenError SEC-001, ErpdeskError MST-006
        for a kind without a form or a code that is gone."""
        from erpdesk.storage.master_reading import read_master
        from erpdesk.storage.transactions import reading

        form, section = self._form(kind)
        with reading(self._server) as connection:
            self._check_rights(connection)
            values = read_master(connection, self._organization_id, section, code, owner) if code else None
            if code and values is None:
                raise ErpdeskError("MST-006", f'There is no {section.noun} "{code}".')
            form = form.for_altering() if code else form.for_new()
            filled = tuple(self._with_options(connection, section, field) for field in form.fields)
        return OpenedMaster(kind, replace(form, fields=filled), values)

    def save(self, kind: str, values: Mapping[str, Any], *, is_new: bool) -> tuple[Fault, ...]:
        """Write one master; the faults that stop it, their fields named as the form names them. Empty values of
        keys that may be empty are cleared, others are left as they are."""
        form, section = self._form(kind)
        document = {key: value for key, value in values.items() if value is not None or _may_be_empty(section, key)}
        if is_new and self._is_there(form, section, values):
            code = values[form.code_key]
            return (Fault("MST-002", f"There is a {section.noun} {code} already.", form.code_key),)
        [result] = self._masters.import_masters({form.section: [document]})
        return tuple(replace(fault, field=(fault.field or "").rpartition(".")[2]) for fault in result.faults)

    @staticmethod
    def _form(kind: str) -> tuple[MasterForm, Section]:
        from erpdesk.storage.master_sections import BY_NAME

        form = master_forms().get(kind)
        if form is None:
            raise ErpdeskError("MST-006", f'There is no form of "{kind}".')
        return form, BY_NAME[form.section]

    def _check_rights(self, connection: Connection) -> None:
        from erpdesk.storage.rights import may

        if not may(connection, self._organization_id, PERMISSION):
            raise ForbiddenError("SEC-001", "You may not make or change masters.",
                                 cure=f"Ask the administrator for the permission {PERMISSION}.")

    def _is_there(self, form: MasterForm, section: Section, values: Mapping[str, Any]) -> bool:
        from erpdesk.storage.master_reading import read_master
        from erpdesk.storage.transactions import reading

        code, owner = str(values.get(form.code_key) or ""), str(values.get(form.owner) or "") if form.owner else ""
        with reading(self._server) as connection:
            return bool(code) and read_master(connection, self._organization_id, section, code, owner) is not None

    def _with_options(self, connection: Connection, section: Section, field: Field) -> Field:
        """A select without options of its own offers the masters that it refers to."""
        from erpdesk.storage.master_reading import read_codes

        column = section.columns.get(field.key)
        if field.field_type is not FieldType.SELECT or field.options or column is None or not column.refers:
            return field
        codes = read_codes(connection, self._organization_id, column.refers)
        return replace(field, options=tuple(Option(code, name) for code, name in codes))


def _may_be_empty(section: Section, key: str) -> bool:
    column = section.columns.get(key)
    return column is not None and column.name in section.table.c and bool(section.table.c[column.name].nullable)
