"""Forms come from the schema alone: every type opens, every field type has one editor, only shown fields exist."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from erpdesk.blueprints.fields import FieldType, Section
from erpdesk.ui.editors.registry import EDITORS
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.fake_desk import ALL_TYPES

NAMED = ("headerForm", "totalsPanel", "processStepper", "errorBanner", "saveButton", "postButton",
         "voucherNumber")


def test_each_field_type_has_exactly_one_editor() -> None:
    assert set(EDITORS) == set(FieldType)


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_a_form_shows_exactly_what_its_schema_says(open_voucher: Callable[[str], VoucherWindow],
                                                   type_code: str) -> None:
    window = open_voucher(type_code)
    shown = {field.key for field in window.schema.header if not field.ui.hidden}
    editors = {widget.objectName().removeprefix("field_") for widget in window.findChildren(QWidget)
               if widget.objectName().startswith("field_")}
    assert editors == shown
    for name in NAMED:
        assert window.findChild(QWidget, name) is not None, name
    assert {grid.object_name for grid in window.schema.grids} == set(window.sheet.grids)
    details = any(field.ui.section is Section.DETAILS and not field.ui.hidden for field in window.schema.header)
    assert window.findChild(QWidget, "detailsButton").isHidden() is not details


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_no_label_of_a_form_is_clipped(open_voucher: Callable[[str], VoucherWindow], type_code: str) -> None:
    window = open_voucher(type_code)
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap() and label.objectName() != "bannerSentence":
            needed = label.fontMetrics().horizontalAdvance(label.text())
            assert label.width() >= needed, f"{label.text()!r} is clipped"


def test_a_form_opens_quickly(open_voucher: Callable[[str], VoucherWindow]) -> None:
    open_voucher("SALES_INVOICE")
    best = 1.0
    for _ in range(3):
        began = time.perf_counter()
        open_voucher("SALES_INVOICE")
        best = min(best, time.perf_counter() - began)
    assert best < 0.5


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_every_editor_has_an_accessible_name(open_voucher: Callable[[str], VoucherWindow],
                                             type_code: str) -> None:
    window = open_voucher(type_code)
    for widget in window.findChildren(QWidget):
        if widget.objectName().startswith("field_"):
            assert widget.accessibleName()
    for grid in window.sheet.grids.values():
        assert grid.accessibleName()
