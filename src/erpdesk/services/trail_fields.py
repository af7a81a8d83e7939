"""What people call a column of an audited record: by the master's form, the settings of voucher types, the form of the
voucher's own version, and for everything else by `resources/audit/words.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.catalogue import Area, standard_fields
from erpdesk.blueprints.fields import FieldType
from erpdesk.blueprints.master_forms import master_forms
from erpdesk.settings import RESOURCES

if TYPE_CHECKING:
    from erpdesk.blueprints.fields import Field
    from erpdesk.blueprints.schema import UiSchema

VOUCHER = "voucher"
MOMENT = "moment"
FIGURES = frozenset({FieldType.MONEY, FieldType.QUANTITY, FieldType.RATE, FieldType.PERCENT, FieldType.DECIMAL,
                     FieldType.INTEGER})
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "voucher_config_master": ("general", "header", "lines", "numbering", "print", "approval_flags"),
    "inventory_line_config": ("lines",), "footer_charge_setup": ("charges",), "voucher_udf_config": ("user_fields",),
    "field_rule": ("field_rules", "key_path"), "key_path_override": ("key_path",), "number_series": ("series",),
    "approval_rule": ("approval",)}
_OWN_LINES = "lines."
_PARTS = {"item_uom": ("item", "alternate_units"), "price_list_rate": ("price_list", "rates"),
          "currency_rate": ("currency", "rates")}
_HEADER_KEYS = {
    "voucher_on": "date", "entry_on": "entry_date", "voucher_time": "time", "party_id": "party",
    "account_id": "account", "warehouse_id": "warehouse", "to_warehouse_id": "to_warehouse", "branch_id": "branch",
    "currency_code": "currency"}
"""Columns of a voucher that its document calls something else."""
_DOCUMENTS = ("document", "udf")
_ROWS = (Area.LEDGER, Area.ITEMS, Area.ALLOCATIONS, Area.RECEIPTS, Area.CHARGES, Area.COSTS)


@dataclass(frozen=True, slots=True)
class Called:
    """What a column is called and how its values are to be read: `kind` is a field type or "moment", `lookup` the table
    whose codes it holds, `choices` what its words are called."""

    label: str
    kind: str = FieldType.TEXT
    lookup: str = ""
    choices: Mapping[str, str] | None = None

    @property
    def is_figure(self) -> bool:
        """Whether values are figures, in documents as text."""
        return self.kind in FIGURES


@lru_cache(maxsize=20_000)
def called(kind: str, path: tuple[str, ...], schema: UiSchema | None = None) -> tuple[Called | None, ...]:
    """What each part of a path within a record is called: ("document", "lines", "debit") of a voucher: nothing, Lines,
    Debit. A part that nobody has a word for is called as it is, its underscores blanks."""
    if kind == VOUCHER and path[0] in _DOCUMENTS and len(path) > 1:
        return None, *_of_document(path[1:], schema)
    if kind == VOUCHER:
        key = _HEADER_KEYS.get(path[0], path[0])
        if path[0] == "warehouse_id" and schema is not None and schema.header_field("from_warehouse") is not None:
            key = "from_warehouse"
        found = _in_form(key, schema)
        return (found or column_called(kind, path[0]) or _plain(path[0]), *(_plain(part) for part in path[1:]))
    return (column_called(kind, path[0]) or _plain(path[0]), *(_plain(part) for part in path[1:]))


def column_called(table: str, column: str) -> Called | None:
    """What a column of a table is called; None where nobody has a word for it."""
    return _columns(table).get(column)


@cache
def kinds_called() -> Mapping[str, str]:
    """What the kinds of records are called, by table."""
    return {row["value"]: row["label"] for row in _words()["kinds"]}


@cache
def actions_called() -> Mapping[str, str]:
    """What actions are called."""
    return {row["value"]: row["label"] for row in _words()["actions"]}


# Vouchers


def _of_document(path: tuple[str, ...], schema: UiSchema | None) -> Iterator[Called | None]:
    """Header fields by key, rows by the grid that types them."""
    first = path[0]
    grid = schema.grid(first) if schema is not None else None
    if grid is None and first in _DOCUMENTS:
        if len(path) > 1:
            yield None
            yield from _of_document(path[1:], schema)
        else:
            yield _plain(first)
        return
    if grid is None:
        yield _in_form(first, schema) or column_called(VOUCHER, first) or _plain(first)
        yield from (_in_rows(part) for part in path[1:])
        return
    yield Called(grid.label)
    for part in path[1:]:
        field = grid.field(part)
        silent = field is None and part in _DOCUMENTS
        yield None if silent else _of_field(field) if field is not None else _in_rows(part)


def _in_form(key: str, schema: UiSchema | None) -> Called | None:
    field = schema.header_field(key) if schema is not None else None
    field = field or standard_fields(Area.HEADER).get(key)
    return None if field is None else _of_field(field)


def _in_rows(key: str) -> Called:
    known = (standard_fields(area).get(key) for area in _ROWS)
    field = next((field for field in known if field is not None), None)
    return _of_field(field) if field is not None else column_called(VOUCHER, key) or _plain(key)


def _of_field(field: Field) -> Called:
    choices = {option.value: option.label for option in field.options}
    return Called(field.label, field.field_type, str(field.lookup.kind) if field.lookup is not None else "",
                  choices or None)


def _plain(key: str) -> Called:
    return Called(key.removesuffix("_id").replace("_", " ").capitalize())


# Tables


@cache
def _words() -> Mapping[str, Any]:
    words: dict[str, Any] = json.loads((RESOURCES / "audit" / "words.json").read_text(encoding="utf-8"))
    return words


@cache
def _columns(table: str) -> Mapping[str, Called]:
    """What is known of a table's columns, the nearest words last."""
    words = _words()
    found = {row["column"]: _of_row(row) for row in words["common"]}
    found |= dict(_of_settings(table)) | dict(_of_master(table)) | dict(_of_part(table))
    return found | {row["column"]: _of_row(row) for row in words["fields"].get(table, ())}


def _of_row(row: Mapping[str, Any]) -> Called:
    choices = {choice["value"]: choice["label"] for choice in row.get("choices", ()) if isinstance(choice, dict)}
    return Called(row["label"], row.get("type", FieldType.TEXT), "", choices or None)


def _of_settings(table: str) -> Iterator[tuple[str, Called]]:
    own_lines = table == "inventory_line_config"
    for name in _SETTINGS.get(table, ()):
        content = json.loads((RESOURCES / "settings" / f"{name}.json").read_text(encoding="utf-8"))
        for group in content["groups"]:
            for row in group["settings"]:
                column = row["column"]
                if column.startswith(_OWN_LINES) is own_lines:
                    column = column.removeprefix(_OWN_LINES)
                    yield column, _of_row(row)
                    yield f"{column}_id", _of_row(row)


def _of_master(table: str) -> Iterator[tuple[str, Called]]:
    from erpdesk.storage.master_sections import READABLE

    for form in master_forms().values():
        section = READABLE[form.section]
        if section.table.name == table:
            for field in form.fields:
                column = section.columns.get(field.key)
                yield column.name if column is not None else field.key, _of_field(field)


def _of_part(table: str) -> Iterator[tuple[str, Called]]:
    owner, key = _PARTS.get(table, ("", ""))
    for part in master_forms()[owner].parts if owner else ():
        if part.key == key:
            for field in part.fields:
                yield field.key, _of_field(field)
                yield f"{field.key}_id", _of_field(field)
