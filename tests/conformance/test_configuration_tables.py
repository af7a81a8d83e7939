"""The row classes and the configuration tables say the same: columns, vocabularies, references."""

from __future__ import annotations

import typing
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table

from erpdesk.blueprints import rows
from erpdesk.blueprints.columns import columns_of
from erpdesk.storage.tables import configuration as tables

MIRRORS = [
    (rows.VoucherType, tables.voucher_config_master), (rows.LineConfig, tables.inventory_line_config),
    (rows.ChargeSetup, tables.footer_charge_setup), (rows.UserField, tables.voucher_udf_config),
    (rows.FieldRule, tables.field_rule), (rows.NumberSeries, tables.number_series),
    (rows.ApprovalRule, tables.approval_rule),
]
KEPT_BY_STORAGE = {"organization_id", "id", "voucher_config_id", "version", "created_at", "created_by",
                   "changed_at", "changed_by", "row_version", "shortcut_key"}
EVERY = pytest.mark.parametrize(("row", "table"), MIRRORS, ids=lambda side: getattr(side, "__name__", str(side)))


@EVERY
def test_each_column_has_its_place_in_the_row_class(row: type[Any], table: Table) -> None:
    expected = {name + ("_id" if column.refers else "") for name, column in columns_of(row).items()}
    ordering = {"sequence"} if table is tables.field_rule else set()
    assert {column.name for column in table.columns} - KEPT_BY_STORAGE - ordering == expected


@EVERY
def test_references_carry_the_organization(row: type[Any], table: Table) -> None:
    links = {tuple(column.name for column in key.columns): key.elements[-1].target_fullname
             for key in table.constraints if isinstance(key, ForeignKeyConstraint)}
    for name, column in columns_of(row).items():
        if column.refers:
            assert links[("organization_id", f"{name}_id")] == f"erpdesk.{column.refers}.id"
    assert [column.name for column in table.primary_key] == ["organization_id", "id"]


@EVERY
def test_closed_vocabularies_are_checked_by_the_database(row: type[Any], table: Table) -> None:
    checks = " ".join(str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint))
    for name, hint in typing.get_type_hints(row).items():
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            assert f"{name} IN ({', '.join(repr(str(word)) for word in hint)})" in checks, name


@EVERY
def test_defaults_agree(row: type[Any], table: Table) -> None:
    required = {"code": "X1", "label": "X", "journal_type": "G", "calculation_type": "amount", "key": "x",
                "field_type": "text", "field": "x"}
    names = columns_of(row)
    made = row(**{name: value for name, value in required.items() if name in names})
    for name, column in names.items():
        value, stored = getattr(made, name), table.columns[name + ("_id" if column.refers else "")]
        if isinstance(value, bool) and stored.server_default is not None:
            assert str(stored.server_default.arg) == str(value).lower(), name  # type: ignore[attr-defined]
        elif isinstance(value, StrEnum) and stored.server_default is not None:
            assert str(stored.server_default.arg).strip("'\"") == str(value), name  # type: ignore[attr-defined]
