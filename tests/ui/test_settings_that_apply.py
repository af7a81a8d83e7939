"""Settings that mean nothing to the lines of a type aren't shown, whatever the type is called."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import read_blueprint
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.vocabulary import GridKind
from erpdesk.ui.settings.form_tab import FormTab, GeneralTab, LinesTab
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.sheet import VoucherSheet
from helpers.clerk import typed
from helpers.settings_tabs import BASELINE, Opened, tab, window

__all__ = ["tab", "window"]


def shown(tab: FormTab) -> set[str]:
    """The settings in sight."""
    return {column for column, editor in tab.form.editors.items() if editor.isVisible()}


def test_a_payment_has_no_settings_of_item_lines(tab: Opened) -> None:
    lines = tab(LinesTab)
    assert shown(lines) == {"line_account_kinds", "cost_centre_mode", "show_item_details_in_journal"}
    lines.edited.set("show_item_details_in_journal", True)
    assert {"lines.qty_decimal_places", "lines.rate_decimal_places"} < shown(lines)
    general = tab(GeneralTab)
    assert not {"stock_direction", "counts_stock", "settles", "loyalty_rate"} & shown(general)


def test_settings_come_and_go_with_the_kind_of_lines(tab: Opened) -> None:
    general = tab(GeneralTab)
    general.edited.set("grid_kind", str(GridKind.ITEMS))
    assert {"stock_direction", "counts_stock", "loyalty_rate"} < shown(general)
    lines = tab(LinesTab, grid_kind=str(GridKind.ITEMS))
    assert "lines.show_rate" in shown(lines)
    assert "show_item_details_in_journal" not in shown(lines)


def test_what_a_type_says_of_goods_without_having_any_can_be_mended(tab: Opened) -> None:
    general = tab(GeneralTab, stock_direction="out")
    assert "stock_direction" in shown(general)


def test_the_cursor_passes_a_tab_that_has_nothing_to_set(tab: Opened) -> None:
    lines = tab(LinesTab, "AR_RECEIPT")
    assert shown(lines) == set()
    turned: list[int] = []
    lines.left.connect(turned.append)
    typed("<Enter>", "<Backtab>")
    assert turned == [1, -1]


@pytest.mark.parametrize("code", [one.code for one in load_baseline("NP")])
def test_totals_have_a_quantity_only_where_lines_have_one(tab: Opened, code: str) -> None:
    schema = resolve_ui_schema(BASELINE[code])
    lines = tab(LinesTab)
    sheet = VoucherSheet(schema, Draft.blank(schema, {}), lines.bench.surroundings, "NPR", lines)
    has_quantity = any(str(field.field_type) == "quantity" for grid in schema.grids for field in grid.columns)
    assert has_quantity or sheet.findChild(QLabel, "total_quantity") is None


def test_a_payment_with_a_charge_adds_up_amounts(tab: Opened) -> None:
    charge = {"code": "TDS", "label": "Tax withheld", "ledger": "2130", "calculation_type": "rate", "rate": "1.5"}
    lines = tab(LinesTab, charges=[charge])
    schema = resolve_ui_schema(read_blueprint({**lines.edited.document(), "version": 1}, "", FaultList()))
    sheet = VoucherSheet(schema, Draft.blank(schema, {}), lines.bench.surroundings, "NPR", lines)
    names = [label.objectName() for label in sheet.findChildren(QLabel)
             if label.objectName().startswith("total_")]
    assert names == ["total_gross", "total_tax", "total_charges", "total_rounding", "total_net"]
