"""Every shipped voucher type parses, resolves, round-trips, and takes the documents it is meant for."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.blueprints.baseline import load_baseline, load_journal_types
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.checks import check_numbering
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.faults import Cfg, FaultList
from erpdesk.blueprints.fields import FieldType
from erpdesk.blueprints.json_schema import config_schema
from erpdesk.blueprints.keypath import key_path
from erpdesk.blueprints.numbering import printed_length
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.shortcuts import TypeKey, shortcut_faults
from erpdesk.blueprints.validate import validate_document
from erpdesk.settings import RESOURCES

BASELINE = {blueprint.code: blueprint for blueprint in load_baseline("NP")}
EVERY = pytest.mark.parametrize("code", BASELINE)

JOURNAL_TYPES = {
    "JOURNAL": "GENERAL", "CASH_RECEIPT": "CASH", "CASH_PAYMENT": "CASH", "CASH_TRANSFER": "CASH",
    "BANK_RECEIPT": "BANK", "BANK_PAYMENT": "BANK", "BANK_TRANSFER": "BANK", "AR_RECEIPT": "RECEIVABLE",
    "AP_PAYMENT": "PAYABLE", "SALES_INVOICE": "SALES", "SALES_RETURN": "SALES_RETURN",
    "PURCHASE_INVOICE": "PURCHASE", "PURCHASE_RETURN": "PURCHASE_RETURN", "DEBIT_NOTE": "PAYABLE",
    "CREDIT_NOTE": "RECEIVABLE", "LANDED_COST": "LANDED_COST", "STOCK_TRANSFER": "STOCK",
    "STOCK_JOURNAL": "STOCK",
}
PREFIXES = {
    "JOURNAL": "JV", "CASH_RECEIPT": "CR", "CASH_PAYMENT": "CP", "CASH_TRANSFER": "CT", "BANK_RECEIPT": "BR",
    "BANK_PAYMENT": "BP", "BANK_TRANSFER": "BT", "AR_RECEIPT": "RC", "AP_PAYMENT": "PY", "SALES_INVOICE": "SI",
    "SALES_RETURN": "SR", "PURCHASE_INVOICE": "PI", "PURCHASE_RETURN": "PR", "DEBIT_NOTE": "DN",
    "CREDIT_NOTE": "CN", "LANDED_COST": "LC", "STOCK_TRANSFER": "ST", "STOCK_JOURNAL": "SJ",
    "OPENING_STOCK": "OS", "SALES_ORDER": "SO", "GOODS_RECEIPT": "GR", "DELIVERY_NOTE": "DL",
    "PHYSICAL_STOCK": "PS", "OPENING_BALANCE": "OB", "YEAR_CLOSING": "YC",
}
POSTING = {
    # header counterpart, its side, goods, cost, direction, settlement
    "JOURNAL": ("none", "none", "none", "none", "none", "none"),
    "CASH_RECEIPT": ("account", "debit", "none", "none", "none", "none"),
    "CASH_PAYMENT": ("account", "credit", "none", "none", "none", "none"),
    "CASH_TRANSFER": ("account", "credit", "none", "none", "none", "none"),
    "BANK_RECEIPT": ("account", "debit", "none", "none", "none", "none"),
    "BANK_PAYMENT": ("account", "credit", "none", "none", "none", "none"),
    "BANK_TRANSFER": ("account", "credit", "none", "none", "none", "none"),
    "AR_RECEIPT": ("account", "debit", "none", "none", "none", "receivable"),
    "AP_PAYMENT": ("account", "credit", "none", "none", "none", "payable"),
    "SALES_INVOICE": ("party", "debit", "sales", "layers", "out", "receivable"),
    "SALES_RETURN": ("party", "credit", "sales_return", "source", "in", "receivable"),
    "PURCHASE_INVOICE": ("party", "credit", "inventory", "document", "in", "payable"),
    "PURCHASE_RETURN": ("party", "debit", "purchase_return", "source", "out", "payable"),
    "DEBIT_NOTE": ("party", "debit", "none", "none", "none", "payable"),
    "CREDIT_NOTE": ("party", "credit", "none", "none", "none", "receivable"),
    "LANDED_COST": ("party", "credit", "none", "none", "none", "payable"),
    "STOCK_TRANSFER": ("none", "none", "inventory", "layers", "transfer", "none"),
    "STOCK_JOURNAL": ("none", "none", "inventory", "layers", "journal", "none"),
}
DOCUMENTS: list[dict[str, Any]] = [
    {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "ref_no": "SUP-77", "party": "S001", "warehouse": "MAIN",
     "narration": "first lot", "idempotency_key": "k-1",
     "lines": [{"item": "ITEM1", "quantity": "10", "rate": "5.00", "batch": "B1"}],
     "charges": [{"code": "VAT"}, {"code": "FREIGHT", "amount": "12.00"}]},
    {"type": "JOURNAL", "date": "2026-04-02",
     "lines": [{"account": "1110", "debit": "100.00"}, {"account": "3010", "credit": "100.00"}]},
    {"type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
     "lines": [{"account": "6020", "amount": "40.00", "cost_centre": "CC1"}]},
    {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": "226.00",
     "allocations": [{"voucher_number": "SI/26-27/000001", "amount": "226.00"}]},
    {"type": "STOCK_TRANSFER", "date": "2026-04-03", "from_warehouse": "MAIN", "to_warehouse": "BRANCH",
     "lines": [{"item": "ITEM1", "quantity": "4", "batch": "B1"}]},
    {"type": "STOCK_JOURNAL", "date": "2026-04-03", "warehouse": "MAIN",
     "consume": [{"item": "RAW", "quantity": "5"}], "produce": [{"item": "FG", "quantity": "1"}]},
    {"type": "SALES_RETURN", "date": "2026-04-05", "party": "C001", "against": "SI/26-27/000001",
     "lines": [{"item": "ITEM1", "quantity": "1", "rate": "15"}]},
    {"type": "LANDED_COST", "date": "2026-04-06", "receipts": ["PI/26-27/000001"],
     "charges": [{"account": "2140", "amount": "20.00", "by": "value"}]},
    {"type": "LANDED_COST", "date": "2026-04-06", "receipts": [{"voucher": "key:a", "lines": [1, 3]}],
     "charges": [{"account": "2140", "amount": "20.00", "by": "manual", "shares": ["1", "2"]}]},
    {"type": "CASH_TRANSFER", "date": "2026-04-06", "account": "1110",
     "lines": [{"account": "1120", "amount": "20.00"}]},
    {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": "0",
     "allocations": [{"voucher_number": "key:a", "amount": "10", "discount": "1", "write_off": "0.50"},
                     {"voucher_number": "key:b", "amount": "-10"}]},
    {"type": "OPENING_STOCK", "date": "2026-04-01",
     "lines": [{"item": "ITEM1", "warehouse": "MAIN", "quantity": "5", "rate": "0", "batch": "B1"}]},
    {"type": "PHYSICAL_STOCK", "date": "2026-04-01",
     "lines": [{"item": "ITEM1", "warehouse": "MAIN", "batch": "B1", "counted_quantity": "5"}]},
    {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S001",
     "lines": [{"item": "ITEM1", "quantity": "10", "rate": "0"}], "charges": [], "auto_charges": False},
    {"type": "SALES_INVOICE", "date": "2026-04-02", "party": "C001", "branch": "HO", "time": "10:15",
     "entry_date": "2026-04-02", "currency": "USD", "exchange_rate": "133.25", "price_list": "RETAIL",
     "credit_days": 30, "document": {"vehicle_no": "BA 1 KHA 22", "transporter": "Fast", "destination": "Pokhara"},
     "lines": [{"item": "ITEM1", "quantity": "1", "uom": "BOX", "free_quantity": "1", "discount_percent": "5",
                "discount_amount": "1.00", "warehouse": "MAIN", "batch": "B1", "serials": ["S1"],
                "engine_no": "E1", "chassis_no": "C1", "cost_centre": "CC1", "narration": "n"}]},
]


@EVERY
def test_a_blueprint_comes_back_from_its_document(code: str) -> None:
    blueprint = BASELINE[code]
    again = Blueprint.from_document(json.loads(json.dumps(blueprint.to_document())))
    assert (again, again.hash) == (blueprint, blueprint.hash)


@EVERY
def test_a_form_comes_back_from_json(code: str) -> None:
    schema = resolve_ui_schema(BASELINE[code], Context(branch="HO", warehouse="MAIN", currency="NPR"))
    again = UiSchema.read(json.loads(json.dumps(schema.to_json())))
    assert (again, again.hash) == (schema, schema.hash)


@EVERY
def test_a_form_is_fit_to_be_typed_in(code: str) -> None:
    schema = resolve_ui_schema(BASELINE[code])
    lists = [schema.header, *(grid.fields for grid in schema.grids)]
    for fields in lists:
        assert len({field.key for field in fields}) == len(fields)
        assert [field.order for field in fields] == sorted(field.order for field in fields)
        for field in fields:
            assert field.label.strip()
            assert field.ui.width >= 2
            assert field.ui.help
    assert key_path(schema)
    assert {grid.object_name for grid in schema.grids} <= {"lineGrid", "sourceGrid", "targetGrid", "chargesGrid"}
    assert BASELINE[code].voucher_type.help


def test_eighteen_types_are_active_and_each_has_its_journal_type() -> None:
    active = {code: b.voucher_type.journal_type for code, b in BASELINE.items() if b.voucher_type.is_active}
    assert active == JOURNAL_TYPES
    assert {row.code for row in load_journal_types()} == {
        "GENERAL", "CASH", "BANK", "RECEIVABLE", "PAYABLE", "SALES", "SALES_RETURN", "PURCHASE",
        "PURCHASE_RETURN", "LANDED_COST", "STOCK"}
    assert set(BASELINE) - set(active) == {"SALES_ORDER", "GOODS_RECEIPT", "DELIVERY_NOTE", "PHYSICAL_STOCK",
                                           "OPENING_STOCK", "OPENING_BALANCE", "YEAR_CLOSING"}


def test_numbers_are_those_of_the_contract() -> None:
    for code, prefix in PREFIXES.items():
        kind = BASELINE[code].voucher_type
        assert (kind.number_prefix, kind.number_width, kind.number_restart) == (
            f"{prefix}/{{FYS}}/", 6, "fiscal_year")
        assert printed_length(BASELINE[code].numbering()[0]) == 15
        faults = FaultList()
        check_numbering(BASELINE[code], "", faults, country="IN")
        assert not faults.found


def test_what_posting_does_is_said_by_the_rows() -> None:
    for code, said in POSTING.items():
        kind = BASELINE[code].voucher_type
        assert (kind.header_counterpart, kind.header_side, kind.goods_role, kind.cost_source,
                kind.stock_direction, kind.settlement_side) == said, code


def test_charges_are_those_of_the_contract() -> None:
    def rows(code: str) -> list[tuple[Any, ...]]:
        return [(c.code, c.calculation_type, c.direction, c.can_edit, c.ledger, c.rate, c.allocate_to_cost)
                for c in effective_charges(BASELINE[code])]

    sales = [("DISC", "amount", "deduct", True, "6010", None, "none"),
             ("VAT", "rate", "add", False, "2130", Decimal(13), "none")]
    bought = [("DISC", "amount", "deduct", True, None, None, "value"),
              ("FREIGHT", "amount", "add", True, None, None, "value"),
              ("VAT", "rate", "add", False, "1150", Decimal(13), "none")]
    assert rows("SALES_INVOICE") == rows("SALES_RETURN") == sales
    assert rows("PURCHASE_INVOICE") == rows("PURCHASE_RETURN") == bought
    for blueprint in BASELINE.values():
        assert all(charge.included_in_total for charge in blueprint.charges)
        assert all(charge.base == "running_total" for charge in blueprint.charges if charge.code == "VAT")


def test_without_a_country_the_tax_is_zero() -> None:
    for country in ("", "IN"):
        rates = {charge.rate for blueprint in load_baseline(country) for charge in blueprint.charges
                 if charge.code == "VAT"}
        assert rates == {Decimal(0)}


def test_ledgers_and_account_kinds_exist_in_the_baseline_chart() -> None:
    chart = json.loads((RESOURCES / "charts" / "baseline.json").read_text(encoding="utf-8"))["accounts"]
    codes = {account["code"] for account in chart}
    kinds = {account.get("kind", "general") for account in chart}
    for blueprint in BASELINE.values():
        assert {charge.ledger for charge in blueprint.charges if charge.ledger} <= codes
        kind = blueprint.voucher_type
        assert {*kind.header_account_kinds, *kind.line_account_kinds} <= kinds


def test_zero_rates_are_for_purchases_and_opening_stock() -> None:
    for code, blueprint in BASELINE.items():
        if blueprint.voucher_type.category == "sales" and blueprint.voucher_type.goods_role.startswith("sales"):
            assert not blueprint.lines.allow_zero_rate, code
    for code in ("PURCHASE_INVOICE", "PURCHASE_RETURN", "OPENING_STOCK"):
        assert BASELINE[code].lines.allow_zero_rate
    faults = validate_document(resolve_ui_schema(BASELINE["SALES_INVOICE"]), {
        "type": "SALES_INVOICE", "date": "2026-04-02", "party": "C1",
        "lines": [{"item": "I", "quantity": "1", "rate": "0"}]})
    assert [fault.field for fault in faults] == ["lines[0].rate"]


def test_no_two_types_share_a_key() -> None:
    keys = [b.voucher_type.shortcut for b in BASELINE.values() if b.voucher_type.shortcut]
    assert len(keys) == len(set(keys))
    every = [TypeKey(one.code, one.voucher_type.label, one.voucher_type.shortcut) for one in BASELINE.values()]
    assert shortcut_faults(every, ()) == [], "not even with every type switched on"
    wanted = {"F4": "CASH_TRANSFER", "F5": "CASH_PAYMENT", "F6": "CASH_RECEIPT", "F7": "JOURNAL",
              "F8": "SALES_INVOICE", "F9": "PURCHASE_INVOICE", "Alt+F5": "DEBIT_NOTE", "Alt+F6": "CREDIT_NOTE",
              "Alt+F7": "STOCK_JOURNAL", "Alt+F8": "DELIVERY_NOTE", "Alt+F9": "GOODS_RECEIPT",
              "Ctrl+F7": "PHYSICAL_STOCK", "Ctrl+F8": "SALES_ORDER"}
    assert {b.voucher_type.shortcut: code for code, b in BASELINE.items()}.items() >= wanted.items()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["type"])
def test_documents_of_the_contract_have_no_fault(document: dict[str, Any]) -> None:
    schema = resolve_ui_schema(BASELINE[document["type"]])
    assert validate_document(schema, document) == ()


@EVERY
def test_an_unknown_key_is_never_ignored(code: str) -> None:
    schema = resolve_ui_schema(BASELINE[code])
    document: dict[str, Any] = {"type": code, "date": "2026-04-02", "colour": "red"}
    for grid in schema.grids:
        document[grid.key] = [{"colour": "red"}]
    found = {fault.field for fault in validate_document(schema, document)}
    assert {"colour", *(f"{grid.key}[0].colour" for grid in schema.grids)} <= found


def test_every_code_of_refused_configuration_is_catalogued() -> None:
    rows = json.loads((RESOURCES / "errors" / "cfg.json").read_text(encoding="utf-8"))
    assert [row["code"] for row in rows] == [*(str(code) for code in Cfg), "VCH-004"]
    assert all(row["title"] and row["cause"] and row["cure"] for row in rows)


def test_the_json_schema_is_that_of_the_row_classes() -> None:
    text = (RESOURCES / "schemas" / "config.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == config_schema()


def test_every_standard_field_has_a_type_of_the_vocabulary() -> None:
    used = {field.field_type for blueprint in BASELINE.values()
            for schema in [resolve_ui_schema(blueprint)]
            for fields in [schema.header, *(grid.fields for grid in schema.grids)] for field in fields}
    assert used <= set(FieldType)


def test_shipped_types_load_without_the_expression_engine() -> None:
    """It is slow to import, and the start of every command passes here."""
    source = ("import sys; from erpdesk.blueprints.baseline import load_baseline; load_baseline('NP');"
              "sys.exit(any(name in sys.modules for name in ('re2', 'sqlalchemy', 'psycopg', 'PySide6')))")
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
