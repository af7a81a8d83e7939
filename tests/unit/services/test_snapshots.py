"""Snapshots held against each other: fields by their labels, values by name, told once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.blueprints.fields import Field, FieldType, Place
from erpdesk.services.snapshots import NO_NAMES, NOISE, Names, Told, told
from erpdesk.services.trail_fields import column_called, kinds_called
from erpdesk.storage.tables.base import metadata
from helpers.fake_desk import schema_of

ACCOUNT = "01a1feed-dd17-744f-b632-5171bc970508"
CASH = "1110 Cash"
_SAID_BY_FORMS = frozenset({"document", "udf"})


def named(found: tuple[Told, ...]) -> dict[str, tuple[str, str]]:
    return {" › ".join(label + (f" {number}" if number else "") for label, number in one.labels):
            (one.before, one.after) for one in found}


def of_voucher(before: Any, after: Any, names: Names = NO_NAMES) -> dict[str, tuple[str, str]]:
    schema = schema_of("SALES_INVOICE")
    colour = Field("colour", "Colour of the lorry", FieldType.TEXT, place=Place.UDF)
    grid = replace(schema.grids[0], fields=(*schema.grids[0].fields, replace(colour, label="Colour of the bag")))
    return named(told("voucher", before, after, replace(schema, header=(*schema.header, colour), grids=(grid,)), names))


def test_fields_of_users_are_told_by_their_labels_in_head_and_rows() -> None:
    found = of_voucher({}, {"document": {"udf": {"colour": "red"}, "lines": [{"udf": {"colour": "blue"}}]}})
    assert found == {"Colour of the lorry": ("", "red"), "Items 1 › Colour of the bag": ("", "blue")}


def test_column_and_document_are_told_once_by_the_name_of_the_master() -> None:
    names = Names({ACCOUNT: "C001 Asha Stores"}, {("party", "C001"): "C001 Asha Stores"})
    found = of_voucher({}, {"party_id": ACCOUNT, "document": {"party": "C001"}}, names)
    assert found == {"Customer": ("", "C001 Asha Stores")}


def test_rows_stand_after_the_head_in_the_order_of_their_numbers() -> None:
    lines = [{"rate": str(number)} for number in range(1, 12)]
    found = of_voucher({}, {"document": {"lines": lines}, "total": Decimal(5)})
    assert list(found) == ["Total", *(f"Items {number} › Rate" for number in range(1, 12))]


def test_choices_flags_and_figures_are_told_as_such() -> None:
    found = told("accounting_period", {"state": "open", "number": 1}, {"state": "locked", "number": 2}, None, NO_NAMES)
    assert {(one.labels[0][0], one.kind, one.before, one.after) for one in found} == {
        ("State", "choice", "Open", "Locked"), ("Period", "figure", "1", "2")}
    [flag] = told("item", {"is_stocked": False}, {"is_stocked": True}, None, NO_NAMES)
    assert (flag.labels, flag.kind, flag.before, flag.after) == ((("Stocked", 0),), "flag", "no", "yes")


def test_a_moment_is_told_in_the_organizations_time_zone() -> None:
    names = Names(time_zone="Asia/Kathmandu")
    [one] = told("voucher", {}, {"posted_at": "2026-11-21T16:26:04.97+00:00"}, None, names)
    assert (one.kind, one.after[:16]) == ("moment", "2026-11-21T22:11")


@pytest.mark.parametrize("table", sorted(kinds_called()))
def test_every_column_of_an_audited_table_has_a_word(table: str) -> None:
    columns = metadata.tables.get(f"erpdesk.{table}")
    assert columns is not None
    wanted = [column.name for column in columns.c if column.name not in NOISE | _SAID_BY_FORMS]
    missing = [name for name in wanted if not (told(table, {}, {name: "x"}, None, NO_NAMES)[0].labels[0][0] != "" and (
        table == "voucher" or table == "app_user" or column_called(table, name)))]
    assert not missing, f"{table}: {missing}"
