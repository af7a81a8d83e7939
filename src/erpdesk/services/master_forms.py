"""Masters one at a time: the form of a kind, one master's values, and saving it, for a person at a window.

What is saved goes the way of every masters document; making one refuses a code that is there already, and altering
one that somebody else has altered meanwhile overwrites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.fields import Field, FieldType, Option
from erpdesk.blueprints.master_forms import MasterForm, MasterPart
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.domain.money import parse_decimal, plain
from erpdesk.domain.results import ConflictError, ErpdeskError, Fault, InvalidRequest
from erpdesk.services.master_lists import check_rights, form_of

if TYPE_CHECKING:
    from erpdesk.services.masters import MasterService
    from erpdesk.storage.master_sections import Section
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection

_MADE_MEANWHILE = frozenset({"MST-002", "MST-003"})


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
        """The form for a new master, or for the one of a code with its lists. Raises ForbiddenError SEC-001,
        ErpdeskError MST-006 for a kind without a form or a code that is gone."""
        from erpdesk.storage.master_saving import read_whole
        from erpdesk.storage.transactions import reading

        form, section = form_of(kind)
        with reading(self._server) as connection:
            check_rights(connection, self._organization_id, form.permission)
            parts = [part.key for part in form.parts]
            found = read_whole(connection, self._organization_id, section, code, owner, parts) if code else None
            if code and found is None:
                raise ErpdeskError("MST-006", f'There is no {section.noun} "{code}".')
            form = form.for_altering() if code else form.for_new()
            filled = tuple(self._with_options(connection, section, field, found) for field in form.fields)
        return OpenedMaster(kind, replace(form, fields=filled), None if found is None else found[1])

    def save(self, kind: str, values: Mapping[str, Any], *, is_new: bool,
             seen: Mapping[str, Any] | None = None) -> tuple[Fault, ...]:
        """Write one master; the faults that stop it, their fields named as the form names them. Empty values of
        keys that may be empty are cleared, others are left as they are. Lists that are given are all there is of
        them. With `seen`, the values that were opened, raises ConflictError MST-008 where there are others now."""
        form, section = form_of(kind)
        document = {key: value for key, value in values.items()
                    if value is not None or _may_be_empty(section, key)}
        faults = _form_faults(form, document)
        if faults:
            return _named_as_typed(form, faults)
        try:
            return self._written(form, section, document, seen, is_new=is_new)
        except ErpdeskError as error:
            if error.code not in _MADE_MEANWHILE:
                raise
        return self._written(form, section, document, seen, is_new=is_new)

    def _written(self, form: MasterForm, section: Section, document: Mapping[str, Any],
                 seen: Mapping[str, Any] | None, *, is_new: bool) -> tuple[Fault, ...]:
        from erpdesk.storage.transactions import writing

        code = str(document.get(form.code_key) or "")
        owner = str(document.get(form.owner) or "") if form.owner else ""
        try:
            with writing(self._server) as connection:
                check_rights(connection, self._organization_id, form.permission)
                there = self._there(connection, form, section, code, owner)
                if is_new and there is not None:
                    fault = Fault("MST-002", f"There is a {section.noun} {code} already.", form.code_key)
                    raise InvalidRequest((fault,))
                if seen is not None:
                    self._compare(connection, form, section, there, seen, code)
                self._check_role(connection, section, document, there)
                self._write(connection, form, section, document, there)
        except InvalidRequest as refused:
            return _named_as_typed(form, refused.faults)
        return ()

    def _there(self, connection: Connection, form: MasterForm, section: Section, code: str,
               owner: str) -> tuple[Any, dict[str, Any]] | None:
        from erpdesk.storage.master_saving import read_whole

        parts = [part.key for part in form.parts]
        return read_whole(connection, self._organization_id, section, code, owner, parts, locked=True)

    def _check_role(self, connection: Connection, section: Section, document: Mapping[str, Any],
                    there: tuple[Any, dict[str, Any]] | None) -> None:
        """A role in the books changes hands by whom may configure, and never goes to nobody."""
        before, now = (str((values or {}).get("role") or "") for values in (there and there[1], document))
        if section.name != "accounts" or before == now:
            return
        if not now:
            raise InvalidRequest((Fault("MST-009", f"Nobody would have the role {before} any more: give it to another "
                                        "account.", "role"),))
        check_rights(connection, self._organization_id, "config.edit")

    def _compare(self, connection: Connection, form: MasterForm, section: Section,
                 there: tuple[Any, dict[str, Any]] | None, seen: Mapping[str, Any], code: str) -> None:
        """What was seen is what there is. Raises ConflictError MST-008."""
        from erpdesk.storage.master_saving import changed_by

        if there is None:
            raise ConflictError("MST-008", f"The {section.noun} {code} is not there any more.")
        made, now = there
        keys = [*(field.key for field in form.fields), *(part.key for part in form.parts)]
        other = [key for key in keys if now.get(key) != seen.get(key)]
        if other:
            who = changed_by(connection, self._organization_id, section, made) or "Somebody"
            labels = {field.key: field.label for field in form.fields} | {part.key: part.label for part in form.parts}
            told = ", ".join(labels[key] for key in other)
            raise ConflictError("MST-008", f"{who} has changed it meanwhile: {told}.")

    def _write(self, connection: Connection, form: MasterForm, section: Section, document: Mapping[str, Any],
               there: tuple[Any, dict[str, Any]] | None) -> None:
        from erpdesk.services.masters import upsert
        from erpdesk.storage.master_candidate import MasterObject
        from erpdesk.storage.master_saving import remove_rows

        for part in form.parts:
            if there is not None and part.key in document and part.key != "alternate_units":
                kept = {_name(part, row) for row in document[part.key]}
                gone = [row for row in there[1][part.key] if _name(part, row) not in kept]
                remove_rows(connection, self._organization_id, section, there[0], part.key, gone)
        objects = {form.section: [MasterObject(form.section, f"{form.section}[0]", {
            key: value for key, value in document.items() if not _stands_apart(form, key)})]}
        for part in form.parts:
            if part.section and document.get(part.key):
                owner = {part.owner: document[form.code_key]}
                objects[part.section] = [MasterObject(part.section, f"{part.key}[{number}]", {**row, **owner})
                                         for number, row in enumerate(document[part.key])]
        outcomes = upsert(connection, self._organization_id, objects)
        faults = tuple(fault for one in outcomes for fault in one.faults)
        if faults:
            raise InvalidRequest(faults)

    def _with_options(self, connection: Connection, section: Section, field: Field,
                      found: tuple[Any, Mapping[str, Any]] | None) -> Field:
        """A select without options of its own offers the masters that it refers to: active ones, and its own."""
        from erpdesk.storage.master_reading import read_codes

        column = section.columns.get(field.key)
        if field.field_type is not FieldType.SELECT or field.options or column is None or not column.refers:
            return field
        groups = column.refers == section.name and "is_group" in section.table.c
        codes = read_codes(connection, self._organization_id, column.refers, groups=groups)
        own = str(found[1].get(field.key) or "") if found is not None else ""
        if own and all(code != own for code, _ in codes):
            codes.append((own, own))
        return replace(field, options=tuple(Option(code, name) for code, name in codes))


def _stands_apart(form: MasterForm, key: str) -> bool:
    return any(part.key == key and part.section for part in form.parts)


def _name(part: MasterPart, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a row from the others of its list."""
    fields = [field for field in part.fields if field.key in part.names]
    return tuple(_figure(row.get(field.key)) if TYPE_RULES[field.field_type].numeric
                 else str(row.get(field.key) or "").casefold() for field in fields)


def _figure(value: Any) -> str:
    figure = parse_decimal(str(value)) if value not in (None, "") else None
    return plain(figure) if figure else ""


def _may_be_empty(section: Section, key: str) -> bool:
    column = section.columns.get(key)
    return column is not None and column.name in section.table.c and bool(section.table.c[column.name].nullable)


def _form_faults(form: MasterForm, document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with the form of a master and of its lists."""
    from erpdesk.exchange.schema import masters_schema

    schema = masters_schema()
    rules = schema.document["properties"]
    own = {key: value for key, value in document.items() if not _stands_apart(form, key)}
    faults = list(schema.faults(own, rules[form.section]["items"], f"{form.section}[0]"))
    for part in form.parts:
        if part.section:
            owner = {part.owner: str(document.get(form.code_key) or "-")}
            for number, row in enumerate(document.get(part.key) or ()):
                faults += schema.faults({**row, **owner}, rules[part.section]["items"], f"{part.key}[{number}]")
    return tuple(faults)


def _named_as_typed(form: MasterForm, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Fields as the form names them: `credit_limit`, `rates[2].item`."""
    prefix = f"{form.section}[0]."
    return tuple(replace(fault, field=(fault.field or "").removeprefix(prefix).removeprefix(prefix[:-1]))
                 for fault in faults)
