"""Masters of a kind, page by page and found by words; deleted where nothing uses them; many changed at once.

A page is as quick at any depth. Looking at a kind that only its permission shows, and every change, is checked here
and by the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.master_forms import ACTIVE as IS_ACTIVE
from erpdesk.blueprints.master_forms import MasterForm, master_forms
from erpdesk.domain.results import ConflictError, ErpdeskError, Fault, ForbiddenError, InvalidRequest
from erpdesk.services.master_pages import (
    ACTIVE,
    COUNTED,
    INACTIVE,
    PAGE_ROWS,
    ManyChanged,
    MasterPage,
    MasterQuestion,
    MasterRow,
    Place,
    Refusal,
)

if TYPE_CHECKING:
    from erpdesk.storage.master_pages import Wanted
    from erpdesk.storage.master_sections import Section
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection

Name = tuple[str, str]
"""The code of a master and of its owner (empty without one)."""


def form_of(kind: str) -> tuple[MasterForm, Section]:
    """The form of a kind and the section it stands in. Raises ErpdeskError MST-006."""
    from erpdesk.storage.master_sections import READABLE

    form = master_forms().get(kind)
    if form is None:
        raise ErpdeskError("MST-006", f'There is no form of "{kind}".')
    return form, READABLE[form.section]


def check_rights(connection: Connection, organization_id: UUID, permission: str) -> None:
    """Raises ForbiddenError SEC-001 when the user may not make or change masters of a kind."""
    from erpdesk.storage.rights import may

    if not may(connection, organization_id, permission):
        raise ForbiddenError("SEC-001", "You may not make or change masters.",
                             cure=f"Ask the administrator for the permission {permission}.")


class MasterListService:
    """Masters of one organization, many at a time. Thread-safe."""

    def __init__(self, server: Server, organization_id: UUID) -> None:
        self._server = server
        self._organization_id = organization_id

    # Pages

    def first(self, question: MasterQuestion, limit: int = PAGE_ROWS) -> MasterPage:
        """The first masters; those named before them, where the question names some."""
        named = self._named(question)
        rows = self._rows(question, None, limit + 1)
        known = {row.name for row in named}
        rest = tuple(row for row in rows[:limit] if row.name not in known)
        return MasterPage((*named, *rest), False, len(rows) > limit)

    def last(self, question: MasterQuestion, limit: int = PAGE_ROWS) -> MasterPage:
        """The last masters."""
        rows = self._rows(question, None, limit + 1, forward=False)
        return MasterPage(rows[-limit:], len(rows) > limit, False)

    def after(self, question: MasterQuestion, place: Place, limit: int = PAGE_ROWS) -> MasterPage:
        """The masters after a place."""
        rows = self._rows(question, place, limit + 1)
        kept = tuple(row for row in rows[:limit] if row.name not in question.named)
        return MasterPage(kept, True, len(rows) > limit)

    def before(self, question: MasterQuestion, place: Place, limit: int = PAGE_ROWS) -> MasterPage:
        """The masters before a place."""
        rows = self._rows(question, place, limit + 1, forward=False)
        return MasterPage(rows[-limit:], len(rows) > limit, True)

    def around(self, question: MasterQuestion, place: Place, limit: int = PAGE_ROWS) -> MasterPage:
        """The masters around a place."""
        if question.named:
            return self.first(question, limit)
        before = self._rows(question, place, limit + 1, forward=False)
        after = self._rows(question, place, limit + 1, inclusive=True)
        return MasterPage((*before[-limit:], *after[:limit]), len(before) > limit, len(after) > limit)

    def how_many(self, question: MasterQuestion) -> int:
        """How many masters there are, counted up to `COUNTED`."""
        from erpdesk.storage.master_pages import how_many

        with self._asked(question) as (connection, section, wanted):
            return how_many(connection, self._organization_id, section, wanted, COUNTED + 1)

    def everything(self, question: MasterQuestion) -> tuple[MasterRow, ...]:
        """All masters of a question: the rows of a tree."""
        return self._rows(question, None, None)

    def names(self, question: MasterQuestion) -> tuple[Name, ...]:
        """What names every master of a question."""
        return tuple(row.name for row in self._rows(question, None, COUNTED))

    def _named(self, question: MasterQuestion) -> tuple[MasterRow, ...]:
        from dataclasses import replace

        from erpdesk.storage.master_pages import place_of_code, read_named

        if not question.named:
            return ()
        with self._asked(replace(question, text="")) as (connection, section, wanted):
            places = [place_of_code(section, code, owner) for code, owner in question.named]
            rows = read_named(connection, self._organization_id, section, wanted, places)
            return tuple(_row(section, row) for row in rows)

    def _rows(self, question: MasterQuestion, place: Place | None, limit: int | None, *, forward: bool = True,
              inclusive: bool = False) -> tuple[MasterRow, ...]:
        from erpdesk.storage import master_pages as pages

        with self._asked(question) as (connection, section, wanted):
            rows = pages.read_page(connection, self._organization_id, section, wanted,
                                   None if place is None else pages.Place(*place), limit, forward=forward,
                                   inclusive=inclusive)
            return tuple(_row(section, row) for row in rows)

    @contextmanager
    def _asked(self, question: MasterQuestion) -> Iterator[tuple[Connection, Section, Wanted]]:
        from erpdesk.storage.master_pages import Wanted
        from erpdesk.storage.transactions import reading

        _, section = form_of(question.kind)
        state = {ACTIVE: True, INACTIVE: False}.get(question.state)
        wanted = Wanted(question.text.strip(), state, {key: value for key, value in question.values.items() if value})
        with reading(self._server) as connection:
            yield connection, section, wanted

    # Deleting

    def users(self, kind: str, code: str, owner: str = "") -> tuple[str, ...]:
        """Who refers to a master, in words; nobody: it can be deleted. Raises ConflictError MST-008 when it is gone."""
        from erpdesk.storage.master_saving import users_of
        from erpdesk.storage.transactions import reading

        _, section = form_of(kind)
        with reading(self._server) as connection:
            return users_of(connection, self._organization_id, section, self._id(connection, section, code, owner))

    def delete(self, kind: str, code: str, owner: str = "") -> None:
        """Delete a master that nothing uses, with its own lists. Raises InvalidRequest MST-007 when something does,
        ConflictError MST-008 when it is gone, ForbiddenError SEC-001."""
        from erpdesk.storage.master_saving import delete_master, users_of
        from erpdesk.storage.transactions import writing

        form, section = form_of(kind)
        with writing(self._server) as connection:
            check_rights(connection, self._organization_id, form.permission)
            made = self._id(connection, section, code, owner)
            if users := users_of(connection, self._organization_id, section, made):
                told = f"{code} is used by {', '.join(users)}; make it inactive instead."
                raise InvalidRequest((Fault("MST-007", told),))
            delete_master(connection, self._organization_id, section, made)

    def _id(self, connection: Connection, section: Section, code: str, owner: str) -> Any:
        from erpdesk.storage.master_reading import read_with_id

        found = read_with_id(connection, self._organization_id, section, code, owner)
        if found is None:
            raise ConflictError("MST-008", f"The {section.noun} {code} is not there any more.")
        return found[0]

    # Many at once

    def change_many(self, kind: str, names: Sequence[Name], key: str, value: Any) -> ManyChanged:
        """Give a field of many masters the same value: of all of them or of none. Raises ErpdeskError MST-006 for a
        field that isn't changed so, ForbiddenError SEC-001."""
        from erpdesk.storage.master_candidate import MasterObject
        from erpdesk.storage.transactions import writing

        form, section = form_of(kind)
        field = form.field(key)
        if form.is_kept or field is None or key in (form.code_key, form.owner, "name"):
            raise ErpdeskError("MST-006", f"The field {key} can't be set for many.")
        fault = _fault_of_value(form, key, value)
        if fault is not None:
            raise InvalidRequest((fault,))
        objects = [MasterObject(form.section, f"{form.section}[{number}]", {
            form.code_key: code, **({form.owner: owner} if form.owner else {}), key: value})
            for number, (code, owner) in enumerate(names)]
        try:
            with writing(self._server) as connection:
                check_rights(connection, self._organization_id, form.permission)
                self._stop_at_missing(connection, section, names)
                return self._change(connection, section, objects)
        except _StoppedError as stopped:
            return stopped.found

    def _stop_at_missing(self, connection: Connection, section: Section, names: Sequence[Name]) -> None:
        """Raises _StoppedError when one of the masters is gone."""
        from erpdesk.storage import master_pages as pages

        places = {pages.place_of_code(section, *name): name for name in names}
        rows = pages.read_named(connection, self._organization_id, section, pages.Wanted(), list(places))
        gone = places.keys() - {pages.place_of(row) for row in rows}
        if gone:
            raise _StoppedError(ManyChanged(0, 0, tuple(
                Refusal(code, (Fault("MST-008", f"The {section.noun} {code} is not there any more."),))
                for place, (code, _) in places.items() if place in gone)))

    def _change(self, connection: Connection, section: Section, objects: Sequence[Any]) -> ManyChanged:
        from erpdesk.storage.master_upsert import upsert_masters

        outcomes = upsert_masters(connection, self._organization_id, {section.name: objects})
        refused = [Refusal(one.key, one.faults) for one in outcomes if one.faults]
        if refused:
            raise _StoppedError(ManyChanged(0, 0, tuple(refused)))
        changed = sum(one.status == "updated" for one in outcomes)
        return ManyChanged(changed, len(outcomes) - changed)


class _StoppedError(Exception):
    """One was refused: nothing of it stays."""

    def __init__(self, found: ManyChanged) -> None:
        super().__init__(str(found))
        self.found = found


def _fault_of_value(form: MasterForm, key: str, value: Any) -> Fault | None:
    """What is wrong with a value, by the rule of the document."""
    from erpdesk.exchange.schema import masters_schema

    schema = masters_schema()
    name = schema.document["properties"][form.section]["items"]["$ref"].rpartition("/")[2]
    rule = schema.definition(name)["properties"][key]
    found = schema.faults(value, rule, key)
    return found[0] if found else None


def _row(section: Section, row: Mapping[str, Any]) -> MasterRow:
    from erpdesk.storage.master_pages import place_of
    from erpdesk.storage.master_reading import ID, KEY, OWNER_KEY, plain_values

    values = plain_values(row, without=(ID, KEY, OWNER_KEY))
    owner = str(values.get(section.owner) or "") if section.owner else ""
    is_active = values.get(IS_ACTIVE, True) is not False
    place = place_of(row)
    return MasterRow(str(values[section.code]), owner, is_active, values, (place.owner, place.key))
