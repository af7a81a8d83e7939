"""Configuration documents as patches: one column, one row, a copy; nothing else moves."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.patches import check_config, config_document, read_config
from erpdesk.domain.results import InvalidRequest

CURRENT = {blueprint.code: blueprint for blueprint in load_baseline("NP")}


def one(patch: dict[str, Any]) -> Blueprint:
    (blueprint,) = read_config({"voucher_types": [patch]}, CURRENT)
    return blueprint


def refusals(document: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        read_config(document, CURRENT)
    return {(fault.code, fault.field) for fault in caught.value.faults}


def test_what_was_exported_is_read_back_unchanged() -> None:
    everything = tuple(CURRENT.values())
    assert read_config(config_document(everything), CURRENT) == everything


def test_one_column_changes_nothing_else() -> None:
    before, after = CURRENT["PHYSICAL_STOCK"].to_document(), one({"code": "PHYSICAL_STOCK", "is_active": True})
    assert after.to_document() == before | {"is_active": True}


def test_one_row_of_a_list_changes_alone() -> None:
    after = one({"code": "SALES_INVOICE", "lines": {"show_tax": True},
                 "charges": [{"code": "VAT", "rate": "15"}, {"code": "DISC", "remove": True},
                             {"code": "CESS", "label": "Cess", "calculation_type": "rate", "rate": "1",
                              "ledger": "2130", "sequence": 30}]})
    assert [(charge.code, str(charge.rate)) for charge in after.charges] == [("VAT", "15"), ("CESS", "1")]
    assert after.lines.show_tax
    assert after.lines.show_serial_no == CURRENT["SALES_INVOICE"].lines.show_serial_no
    assert after.charges[0].ledger == "2130"


def test_a_copy_is_a_new_type_with_everything_of_the_old_one() -> None:
    after = one({"code": "EXPORT_SALE", "copy_of": "SALES_INVOICE", "label": "Export sale",
                 "number_prefix": "EX/{FYS}/"})
    assert after.charges == CURRENT["SALES_INVOICE"].charges
    assert (after.code, after.voucher_type.label, after.version) == ("EXPORT_SALE", "Export sale", 1)
    assert after.voucher_type.goods_role == "sales"


def test_a_rule_of_a_role_is_added_beside_the_standard_one() -> None:
    rule = {"field": "lines.uom", "scope": "role", "scope_value": "clerk", "readonly": True}
    after = one({"code": "SALES_INVOICE", "field_rules": [rule]})
    assert len(after.field_rules) == len(CURRENT["SALES_INVOICE"].field_rules) + 1
    again = read_config({"voucher_types": [{"code": "SALES_INVOICE", "field_rules": [rule | {"readonly": False}]}]},
                        CURRENT | {"SALES_INVOICE": after})
    assert len(again[0].field_rules) == len(after.field_rules)


@pytest.mark.parametrize(("document", "fault"), [
    ([], ("CFG-003", "voucher_types")),
    ({"voucher_types": [], "journals": []}, ("CFG-002", "journals")),
    ({"voucher_types": [5]}, ("CFG-003", "voucher_types[0]")),
    ({"voucher_types": [{"code": "SALES_INVOICE", "colour": 1}]}, ("CFG-002", "voucher_types[0].colour")),
    ({"voucher_types": [{"code": "A1", "copy_of": "NOTHING"}]}, ("CFG-022", "voucher_types[0].copy_of")),
    ({"voucher_types": [{"code": "JOURNAL", "copy_of": "CASH_RECEIPT"}]}, ("CFG-006", "voucher_types[0].code")),
    ({"voucher_types": [{"code": "JOURNAL"}, {"code": "JOURNAL"}]}, ("CFG-006", "voucher_types[1].code")),
    ({"voucher_types": [{"code": "NEW_ONE"}]}, ("CFG-005", "voucher_types[0].journal_type")),
    ({"voucher_types": [{"code": "SALES_INVOICE", "charges": [{"code": "DISC"}, {"code": "VAT", "rate": "x"}]}]},
     ("CFG-003", "voucher_types[0].charges[1].rate")),
    ({"voucher_types": [{"code": "PURCHASE_INVOICE", "charges": [{"code": "VAT", "rate": None}]}]},
     ("CFG-012", "voucher_types[0].charges[0].rate")),
    ({"voucher_types": [{"label": "no code"}]}, ("CFG-005", "voucher_types[0].code")),
])
def test_a_bad_document_is_refused_with_its_path(document: Any, fault: tuple[str, str]) -> None:
    assert fault in refusals(document)
    assert check_config(document, CURRENT) is not None


def test_reading_changes_nothing_it_was_given() -> None:
    before = config_document(tuple(CURRENT.values()))
    one({"code": "SALES_INVOICE", "charges": [{"code": "VAT", "rate": "15"}]})
    assert config_document(tuple(CURRENT.values())) == before
