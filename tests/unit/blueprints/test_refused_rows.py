"""What a blueprint's rows may not say: refused with the code and the path of every fault."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.codec import Unreadable
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.patches import encode_plain, placed_as_given, read_config
from erpdesk.blueprints.patterns import MAX_PATTERN, matcher
from erpdesk.blueprints.values import (
    json_value,
    read_boolean,
    read_date,
    read_datetime,
    read_decimal,
    read_integer,
    read_text,
    read_time,
)
from erpdesk.domain.results import Fault, InvalidRequest

GOODS: dict[str, Any] = {
    "code": "SALE_X", "label": "Sale", "journal_type": "SALES", "grid_kind": "items", "affects_gl": True,
    "affects_inventory": True, "stock_direction": "out", "cost_source": "layers", "party_kind": "customer",
    "party_required": True, "header_counterpart": "party", "header_side": "debit", "goods_role": "sales"}
TAX = {"code": "VAT", "label": "VAT", "calculation_type": "rate", "rate": "13", "ledger": "2130"}
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
SIZE = {"key": "size", "label": "Size", "field_type": "text"}


def udf(**more: Any) -> dict[str, Any]:
    """A type with one user-defined field."""
    return {"udfs": [{**SIZE, **more}]}


def shaped(*header: Any, lines: tuple[Any, ...] = ()) -> dict[str, Any]:
    """A type with these changes of its form."""
    return {"schema_definition": {"header_fields": list(header), "line_fields": list(lines)}}


def refusals(change: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        Blueprint.from_document(GOODS | change)
    return {(fault.code, fault.field) for fault in caught.value.faults}


@pytest.mark.parametrize(("change", "place"), [
    # rows of the wrong form
    ({"affects_gl": "yes"}, "affects_gl"), ({"label": 5}, "label"), ({"label": "a\x00b"}, "label"),
    ({"number_width": "six"}, "number_width"), ({"number_width": True}, "number_width"),
    ({"number_width": 99}, "number_width"), ({"round_to": "1e400"}, "round_to"), ({"round_to": "x"}, "round_to"),
    ({"round_to": []}, "round_to"), ({"grid_kind": "columns"}, "grid_kind"), ({"charges": {}}, "charges"),
    ({"charges": ["VAT"]}, "charges[0]"), ({"charges": [TAX | {"base": 5}]}, "charges[0].base"),
    ({"charges": [TAX | {"base": "sometimes"}]}, "charges[0].base"),
    ({"series": [{"code": "A", "valid_from": "soon"}]}, "series[0].valid_from"),
    ({"series": [{"code": "A", "valid_from": 5}]}, "series[0].valid_from"), ({"colour": "red"}, "colour"),
    ({"version": 0}, "version"),
    # user-defined fields
    (udf(field_type="colour"), "udfs[0].field_type"), (udf(min_length=5, max_length=2), "udfs[0].min_length"),
    (udf(field_type="number", min="5", max="2"), "udfs[0].min"), (udf(min="5"), "udfs[0].min"),
    (udf(field_type="number", decimals=9), "udfs[0].decimals"), (udf(regex="("), "udfs[0].regex"),
    (udf(regex="a" * (MAX_PATTERN + 1)), "udfs[0].regex"), (udf(field_type="select"), "udfs[0].options"),
    (udf(field_type="select", options=["A", "A"]), "udfs[0].options"), (udf(options=["A"]), "udfs[0].options"),
    (udf(field_type="lookup"), "udfs[0].lookup_kind"), (udf(position="nowhere"), "udfs[0].position"),
    (udf(field_type="number", default="many"), "udfs[0].default"),
    (udf(default={"kind": "today"}), "udfs[0].default"), (udf(default={"kind": "price_list"}), "udfs[0].default"),
    (udf(default={"kind": "party", "value": "colour"}), "udfs[0].default"),
    (udf(default={"kind": "guess"}), "udfs[0].default"), (udf(default={"kind": "constant"}), "udfs[0].default"),
    (udf(default={"kind": "party"}), "udfs[0].default"),
    (udf(default={"kind": "today", "value": "x"}), "udfs[0].default"),
    (udf(default={"kind": "constant", "value": "x", "colour": 1}), "udfs[0].default"),
    (udf(default=["x"]), "udfs[0].default"),
    ({"udfs": [SIZE, SIZE]}, "udfs[1]"),
    # the form's own changes
    (shaped("ref_no"), "schema_definition.header_fields[0]"),
    (shaped({"label": "No key"}), "schema_definition.header_fields[0].key"),
    (shaped({"key": "ref_no", "colour": 1}), "schema_definition.header_fields[0].colour"),
    (shaped({"key": "date", "remove": True}), "schema_definition.header_fields[0].remove"),
    (shaped({"key": "date", "field_type": "text"}), "schema_definition.header_fields[0].field_type"),
    (shaped({"key": "extra", "remove": True}), "schema_definition.header_fields[0].key"),
    (shaped({"key": "extra", "label": "Extra"}), "schema_definition.header_fields[0].field_type"),
    (shaped({"key": "extra", "field_type": "text"}), "schema_definition.header_fields[0].label"),
    (shaped({"key": "extra", "label": "X", "field_type": "number", "validators": {"step": "0"}}),
     "schema_definition.header_fields[0].step"),
    ({"schema_definition": {"charges": [{"label": "No code"}]}}, "schema_definition.charges[0].code"),
    # charges
    ({"charges": [TAX | {"rate": "-1"}]}, "charges[0].rate"), ({"charges": [TAX | {"round_to": "0"}]},
                                                             "charges[0].round_to"),
    ({"charges": [TAX, TAX]}, "charges[1]"),
])
def test_a_row_that_can_not_be_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    assert any(field == place or field.startswith(place) for _, field in refusals(change)), refusals(change)


def test_a_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        Blueprint.from_document(["SALE_X"])  # type: ignore[arg-type]
    assert caught.value.code == "CFG-003"


@pytest.mark.parametrize(("given", "expected"), [
    ("A4", Default(DefaultKind.CONSTANT, "A4")), (True, Default(DefaultKind.CONSTANT, True)),
    (Decimal("2.50"), Default(DefaultKind.CONSTANT, "2.5")), ({"kind": "today"}, Default(DefaultKind.TODAY)),
    (Default(DefaultKind.TODAY), Default(DefaultKind.TODAY)),
    ({"kind": "constant", "value": Decimal("1.0")}, Default(DefaultKind.CONSTANT, "1"))])
def test_a_default_reads_as_what_it_says_and_writes_itself_back(given: Any, expected: Default) -> None:
    faults = FaultList()
    found = Default.from_json(given, "d", faults)
    assert found == expected
    assert Default.from_json(found.as_json(), "d", faults) == found
    with pytest.raises(Unreadable):
        Default.from_json(None, "", faults)


@pytest.mark.parametrize(("read", "sound", "unsound"), [
    (read_text, [("  a ", "a")], [5, "a\x00"]),
    (read_decimal, [("1.50", Decimal("1.50")), (7, Decimal(7)), (Decimal("2"), Decimal(2))],
     ["1e5", "1_0", "٣", "x", True, 1.5, None, Decimal("NaN"), "9" * 40]),
    (read_integer, [("7", 7), ("7.0", 7)], ["7.5", "x"]),
    (read_date, [("2026-04-01", date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 4, 1))],
     ["2026-13-01", "1.4.2026", 5, NOON]),
    (read_time, [("14:30", time(14, 30)), (time(1), time(1))], ["25:00", 5]),
    (read_datetime, [("2026-04-01T12:00+00:00", NOON), (NOON, NOON)],
     ["soon", 5]),
    (read_boolean, [(True, True)], ["true", 1, None])])
def test_values_are_read_exactly_or_not_at_all(read: Any, sound: list[Any], unsound: list[Any]) -> None:
    assert [read(raw) for raw, _ in sound] == [value for _, value in sound]
    for raw in unsound:
        with pytest.raises(ValueError):
            read(raw)


def test_values_are_written_as_plain_json() -> None:
    assert json_value((Decimal("1.50"), date(2026, 4, 1), time(14, 30), "x", None)) == [
        "1.5", "2026-04-01", "14:30:00", "x", None]


def test_a_pattern_matches_the_whole_text() -> None:
    assert [matcher("[A-Z]{2}")(text) for text in ("AB", "ABC", "ab")] == [True, False, False]
    for pattern in ("(", "a" * (MAX_PATTERN + 1)):
        with pytest.raises(ValueError):
            matcher(pattern)


CURRENT = {blueprint.code: blueprint for blueprint in load_baseline("NP")}


def test_rows_that_are_none_are_refused_where_they_stand() -> None:
    for rows in (["VAT"], [{"code": "VAT"}, 5]):
        with pytest.raises(InvalidRequest) as caught:
            read_config({"voucher_types": [{"code": "SALES_INVOICE", "charges": rows}]}, CURRENT)
        assert any(fault.field.startswith("voucher_types[0].charges") for fault in caught.value.faults)


def test_faults_of_what_was_read_get_the_places_of_the_document() -> None:
    document = {"voucher_types": [{"code": "SALES_INVOICE", "charges": [{"code": "VAT", "ledger": "9999"}]}]}
    blueprints = read_config(document, CURRENT)
    [placed] = placed_as_given([Fault("CFG-022", "voucher_types[0].charges[1].ledger is missing",
                                      "voucher_types[0].charges[1].ledger")], document, blueprints)
    assert placed.field == "voucher_types[0].charges[0].ledger"
    [elsewhere] = placed_as_given([Fault("CFG-022", "x", "other")], document, blueprints)
    assert elsewhere.field == "other"


def test_equal_figures_are_written_alike() -> None:
    assert encode_plain({"a": [Decimal("1.50"), ("x",)]}) == {"a": ["1.5", ["x"]]}
