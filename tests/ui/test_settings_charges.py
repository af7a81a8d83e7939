"""Charges are offered where the lines come to something, and of their settings those that the lines have a use for."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from erpdesk.blueprints.charge_lines import NEEDS_GOODS
from erpdesk.ui.editors.listed import ListedEditor
from erpdesk.ui.settings.charges import ChargesTab
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.style.theme import theme
from helpers.clerk import focus, here, typed
from helpers.settings_tabs import BASELINE, Opened, faults, pick, press, tab, window

__all__ = ["tab", "window"]

TAX = {"code": "TDS", "label": "Tax withheld", "calculation_type": "rate", "rate": "1", "ledger": "2200",
       "base": "items_total", "sequence": 10}
FOR_GOODS = [column for column in NEEDS_GOODS if column != "base"]
ON_GOODS = {"allocate_to_cost": "value", "tax_class": "VAT13", "included_in_price": True, "cost_only": True}


def offered(charges: ChargesTab) -> set[str]:
    return {column for column, editor in charges.form.editors.items() if not editor.isHidden()}


def bases(charges: ChargesTab) -> list[str]:
    boxes = charges.form.editors["base"]
    assert isinstance(boxes, ChoiceBoxes)
    return boxes.values()


def adding(charges: ChargesTab) -> QPushButton:
    return charges.row_buttons["insert_line"]


def test_lines_of_goods_have_every_setting(tab: Opened) -> None:
    charges = tab(ChargesTab, "SALES_INVOICE")
    assert offered(charges) == set(charges.form.editors)
    assert "quantity" in bases(charges)
    assert not charges.word.isVisible()


def test_amounts_on_accounts_are_not_offered_what_needs_goods_and_a_word_says_why(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX])
    assert offered(charges) == set(charges.form.editors) - set(FOR_GOODS)
    assert bases(charges) == ["items_total", "running_total", "gross"]
    assert charges.word.text().startswith("Lines are amounts on accounts")
    assert charges.word.isVisible()
    press(charges, "Add")
    assert offered(charges) == set(charges.form.editors) - set(FOR_GOODS)
    assert bases(charges) == ["items_total", "running_total", "gross", "TDS"]


def test_the_cursor_passes_what_is_not_offered(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX])
    charges.form.enter("included_in_total")
    typed("<Enter>")
    assert here() == "setting_contra_account"


@pytest.mark.parametrize("column", FOR_GOODS)
def test_what_is_refused_already_stays_in_sight_until_it_is_mended(tab: Opened, column: str) -> None:
    charges = tab(ChargesTab, charges=[TAX | {column: ON_GOODS[column]}])
    assert f"CFG-013 charges[0].{column}" in faults(charges.edited)
    assert column in offered(charges)
    charges.edited.set(f"charges[0].{column}", None if column == "tax_class" else
                       "none" if column == "allocate_to_cost" else False)
    assert column not in offered(charges)
    assert faults(charges.edited) == []


def test_a_setting_that_is_mended_by_hand_does_not_go_from_under_the_cursor(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX | {"included_in_price": True}])
    charges.form.enter("included_in_price")
    typed("n")
    charges.form.take_all()
    assert charges.edited.value("charges[0].included_in_price") is False
    assert "included_in_price" in offered(charges)
    assert here() == "setting_included_in_price"
    typed("<Enter>")
    assert here() == "setting_contra_account"
    charges.refresh()
    assert "included_in_price" not in offered(charges)


def test_a_quantity_that_is_refused_already_stays_offered_until_it_is_mended(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX | {"base": "quantity"}])
    assert "quantity" in bases(charges)
    charges.edited.set("charges[0].base", "items_total")
    assert "quantity" not in bases(charges)


NOTHING: list[tuple[str, dict[str, Any]]] = [
    ("JOURNAL", {}), ("AR_RECEIPT", {}), ("STOCK_TRANSFER", {}), ("LANDED_COST", {}), ("PHYSICAL_STOCK", {}),
    ("CASH_PAYMENT", {"settles": True})]


@pytest.mark.parametrize(("code", "changes"), NOTHING)
def test_lines_that_come_to_nothing_are_not_offered_charges_and_a_word_says_why(
        tab: Opened, code: str, changes: dict[str, Any]) -> None:
    assert BASELINE[code].charges == ()
    charges = tab(ChargesTab, code, **changes)
    said: list[str] = []
    charges.said.connect(said.append)
    assert charges.word.text().startswith("The lines of this type come to no total")
    assert charges.word.isVisible()
    assert not adding(charges).isVisible()
    assert not charges.offers("insert_line")
    typed("<Ctrl+I>")
    assert said == [charges.word.text()]
    assert charges.edited.rows("charges") == []


def test_charges_that_are_refused_already_can_be_taken_out(tab: Opened) -> None:
    charges = tab(ChargesTab, "JOURNAL", charges=[TAX])
    assert "CFG-013 charges[0]" in faults(charges.edited)
    assert charges.word.isVisible()
    assert offered(charges) == set(charges.form.editors)
    press(charges, "Remove")
    assert charges.edited.rows("charges") == []
    assert charges.word.text().startswith("The lines of this type come to no total")


def test_another_kind_of_lines_offers_what_is_for_it_at_once(tab: Opened) -> None:
    charges = tab(ChargesTab, "JOURNAL")
    charges.edited.set("grid_kind", "ledger_single")
    assert adding(charges).isVisible()
    assert charges.word.text() == "No charge, tax or discount yet — Ctrl+I adds one"
    press(charges, "Add")
    focus().clear()
    charges.edited.set("grid_kind", "items")
    assert offered(charges) == set(charges.form.editors)
    pick(charges, "allocate_to_cost", "By value")
    assert charges.edited.value("charges[0].allocate_to_cost") == "value"


def test_a_list_opens_beside_its_field_also_where_the_page_is_scrolled_to_show_it(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX])
    charges.window().setFixedHeight(560)
    charges.form.enter("label")
    listed = []
    while here() != "setting_rounding":
        typed("<Enter>")
        field = focus()
        if isinstance(field, ListedEditor) and field.surroundings.popup.serves(field):
            popup, listed = field.surroundings.popup, [*listed, here()]
            window = popup.parentWidget()
            assert window is not None
            top = field.mapTo(window, QPoint(0, 0)).y()
            gaps = popup.y() - (top + field.height()), top - (popup.y() + popup.height())
            assert theme().space("ring") in gaps, here()
    assert {"setting_ledger", "setting_direction", "setting_rounding"} <= set(listed)


def test_a_list_goes_with_its_field_where_the_form_is_laid_out_anew(tab: Opened) -> None:
    charges = tab(ChargesTab, charges=[TAX])
    charges.form.enter("calculation_type")
    field = focus()
    assert isinstance(field, ListedEditor)
    popup = field.surroundings.popup
    before = popup.y() - field.mapTo(popup.parentWidget(), QPoint(0, 0)).y()
    field.move(field.x(), field.y() + 40)
    assert popup.serves(field)
    assert popup.y() - field.mapTo(popup.parentWidget(), QPoint(0, 0)).y() == before
