"""Masters that form trees: parents exist, nothing stands above itself, groups have no entries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from erpdesk.storage import bulk
from erpdesk.storage.keys import text_key
from erpdesk.storage.master_candidate import IN_USE, PARENT_CYCLE, UNKNOWN_REFERENCE, Candidate
from erpdesk.storage.master_directory import Directory, any_of
from erpdesk.storage.master_sections import Section


def check_parents(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    """Finds each parent, in the file or the database; makes parents groups; refuses cycles and orphans."""
    with_parent = [one for one in candidates if "parent" in one.source.values]
    directory.know(
        section.name, (one.source.values["parent"] for one in with_parent if one.source.values["parent"])
    )
    in_file = {one.key[1]: one for one in candidates}
    for one in with_parent:
        _find_parent(directory, section, one, in_file)
    _refuse_cycles(directory, section, candidates)
    if "is_group" in section.table.c:
        _make_groups(directory, section, candidates)
    _refuse_orphans(section, candidates, in_file)


def _find_parent(
    directory: Directory, section: Section, one: Candidate, in_file: dict[str, Candidate]
) -> None:
    code = one.source.values["parent"]
    if not code:
        one.after["parent_id"] = None
        return
    near = in_file.get(text_key(code))
    found = near.id if near else directory.find(section.name, code)
    if found is None:
        one.refuse(UNKNOWN_REFERENCE, "parent", f'There is no {section.noun} "{code}" to be the parent.')
    one.after["parent_id"] = found


def _refuse_cycles(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    from sqlalchemy import select

    table = section.table
    rows = directory.connection.execute(
        select(table.c.id, table.c.parent_id).where(table.c.organization_id == directory.organization_id)
    )
    parents: dict[UUID, UUID | None] = {row.id: row.parent_id for row in rows}
    parents |= {one.id: one.after["parent_id"] for one in candidates if "parent_id" in one.after}
    for one in candidates:
        seen: set[UUID] = set()
        at: UUID | None = one.id
        while at is not None and at not in seen:
            seen.add(at)
            at = parents.get(at)
        if at is not None:
            one.refuse(PARENT_CYCLE, "parent", f"The {section.noun} {one.code} would stand above itself.")


def _make_groups(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    """Whatever is named as a parent is a group, unless the books have entries on it."""
    parents = {one.after["parent_id"] for one in candidates if one.after.get("parent_id") and not one.faults}
    in_file = {one.id: one for one in candidates}
    new = {made for made in parents & in_file.keys() if in_file[made].before is None}
    leaves = _not_groups(directory, section, parents - new)
    used = directory.with_entries(leaves)
    for one in candidates:
        if one.after.get("parent_id") in used:
            parent = one.source.values["parent"]
            one.refuse(IN_USE, "parent", f"The {section.noun} {parent} has entries and can't become a group.")
    for made in new | (leaves - used) & in_file.keys():
        in_file[made].after["is_group"] = True
    rows = [
        {"organization_id": directory.organization_id, "id": made, "is_group": True}
        for made in sorted(leaves - used - in_file.keys())
    ]
    if rows:
        bulk.update_rows(directory.connection, section.table, rows, ("organization_id", "id"))


def _not_groups(directory: Directory, section: Section, ids: set[UUID]) -> set[UUID]:
    """Those of the masters that are no groups yet."""
    from sqlalchemy import select

    if not ids:
        return set()
    table = section.table
    statement = select(table.c.id).where(
        table.c.organization_id == directory.organization_id, any_of(table.c.id, sorted(ids)), ~table.c.is_group
    )
    return set(directory.connection.execute(statement).scalars())


def _refuse_orphans(section: Section, candidates: Sequence[Candidate], in_file: dict[str, Candidate]) -> None:
    """A new object whose parent is refused is refused too."""
    again = True
    while again:
        refused = {one.id for one in candidates if one.faults and one.before is None}
        orphans = [one for one in candidates if not one.faults and one.after.get("parent_id") in refused]
        for one in orphans:
            one.refuse(
                UNKNOWN_REFERENCE,
                "parent",
                f"Its parent {section.noun} {one.source.values['parent']} is refused.",
            )
        again = bool(orphans)


def levels(new: Sequence[Candidate]) -> list[list[Candidate]]:
    """New masters in the order in which they can be written: parents before their children."""
    waiting, found = {one.id: one for one in new}, []
    while waiting:
        level = [one for one in waiting.values() if one.after.get("parent_id") not in waiting]
        found.append(level)
        for one in level:
            del waiting[one.id]
    return found
