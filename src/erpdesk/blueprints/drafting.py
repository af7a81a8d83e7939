"""A form being put together: fields still as lists, with the place each change came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.grids import LINE_GRIDS, grids
from erpdesk.blueprints.header import header_fields
from erpdesk.blueprints.schema import Grid

HEADER = ""


@dataclass(slots=True)
class FieldList:
    """The fields of the header (`key` empty) or of one grid, in order; mirrors have none of their own."""

    key: str
    fields: list[Field]
    origins: dict[str, str] = field(default_factory=dict)

    def find(self, key: str) -> Field | None:
        """The field of that key."""
        return next((known for known in self.fields if known.key == key), None)

    def change(self, key: str, changed: Callable[[Field], Field], origin: str = "") -> None:
        """Replace one field by what `changed` makes of it, in its place."""
        self.fields = [changed(known) if known.key == key else known for known in self.fields]
        if origin:
            self.origins[key] = origin

    def insert(self, added: Field, after: str, origin: str) -> None:
        """Add a field after another one, or at the end."""
        keys = [known.key for known in self.fields]
        position = keys.index(after) + 1 if after in keys else len(keys)
        self.fields.insert(position, added)
        self.origins[added.key] = origin

    def renumber(self) -> None:
        """Orders 10, 20, 30 … as the fields stand."""
        self.fields = [replace(known, order=10 * position) for position, known in enumerate(self.fields, 1)]

    def sort(self) -> None:
        """By order; equal orders keep their place."""
        self.fields.sort(key=lambda known: known.order)

    def name(self, key: str) -> str:
        """How rules and faults name a field of this list."""
        return f"{self.key}.{key}" if self.key else key


@dataclass(slots=True)
class FormDraft:
    """Header and grids of one type, changed step by step in the order of resolution."""

    header: FieldList
    grids: list[FieldList]
    frames: list[Grid]

    @property
    def lists(self) -> Iterable[FieldList]:
        """The header, then each grid."""
        return (self.header, *self.grids)

    def line_grids(self, key: str = "") -> list[FieldList]:
        """The grid of that key; with none, every grid that line fields apply to."""
        if key:
            return [rows for rows in self.grids if rows.key == key]
        return [rows for rows in self.grids if rows.key in LINE_GRIDS]

    def find(self, path: str) -> tuple[FieldList, Field] | None:
        """The field that a rule names: `party`, `udf.colour`, `lines.rate`, `lines.udf.size`."""
        grid, _, key = path.partition(".")
        rows = next((known for known in self.grids if known.key == grid and key), None)
        target, wanted = (rows, key) if rows is not None else (self.header, path)
        found = target.find(wanted)
        return (target, found) if found is not None else None

    def finished_grids(self) -> tuple[Grid, ...]:
        """The grids with their fields; a mirror shows those of the grid it repeats, read-only."""
        by_key = {rows.key: tuple(rows.fields) for rows in self.grids}
        return tuple(
            replace(frame, fields=tuple(map(_mirrored, by_key[frame.key])) if frame.mirror_of
                    else by_key[frame.key])
            for frame in self.frames
        )


def base_draft(blueprint: BlueprintRows) -> FormDraft:
    """The base of the grid kind with what the flags of the three tables show."""
    frames = [replace(frame, key=str(frame.key)) for frame in grids(blueprint)]
    rows = [FieldList(frame.key, list(frame.fields)) for frame in frames if not frame.mirror_of]
    draft = FormDraft(FieldList(HEADER, header_fields(blueprint)), rows, frames)
    for fields in draft.lists:
        fields.renumber()
    return draft


def _mirrored(known: Field) -> Field:
    return replace(known, required=False, rules=(), ui=replace(known.ui, readonly=True, tab_stop=False))
