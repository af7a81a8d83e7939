"""Fields under conditions: shown when the condition holds, passed by when not, and then no part of the document."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.patches import read_config
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.validate import validate_document
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_versions import BLUEPRINTS, CONTEXT

SLIP: dict[str, Any] = {
    "code": "CASH_PAYMENT",
    "udfs": [
        {"scope": "header", "key": "vehicle", "label": "Vehicle", "field_type": "text"},
        {"scope": "header", "key": "meter", "label": "Meter", "field_type": "integer"},
        {"scope": "line", "key": "litres", "label": "Litres", "field_type": "integer"}],
    "field_rules": [
        {"field": "udf.meter", "visible": False},
        {"field": "udf.meter", "visible": True, "required": True,
         "condition": {"field": "udf.vehicle", "is_empty": False}},
        {"field": "lines.udf.litres", "visible": False,
         "condition": {"field": "header.udf.vehicle", "is_empty": True}}],
}


@pytest.fixture
def slip(qtbot: QtBot, qapp: QApplication, session: Session, books: FakeBooks) -> VoucherWindow:
    """A cash payment with fields for a vehicle, the cursor at its first stop."""
    apply_theme(qapp, "light")
    [blueprint] = read_config({"voucher_types": [SLIP]}, BLUEPRINTS)
    window = VoucherWindow(session, books, resolve_ui_schema(blueprint, CONTEXT), {"date": "2026-11-20"}, "X")
    qtbot.addWidget(window)
    window.resize(1180, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    return window


def test_a_hidden_field_appears_with_its_condition_and_is_asked_for(slip: VoucherWindow) -> None:
    form = slip.sheet.header
    form.enter("udf.vehicle")
    assert not form.editors["udf.meter"].isVisibleTo(slip)
    typed("BA 2 PA", "<Enter>")
    assert form.editors["udf.meter"].isVisibleTo(slip)
    faults = validate_document(slip.schema, slip.draft.document())
    assert "udf.meter" in {fault.field for fault in faults}


def test_what_was_typed_into_a_field_that_is_hidden_again_is_no_part_of_the_document(slip: VoucherWindow) -> None:
    form = slip.sheet.header
    form.enter("udf.vehicle")
    typed("BA 2 PA", "<Enter>")
    form.enter("udf.meter")
    typed("1200", "<Enter>")
    assert slip.draft.document()["udf"] == {"vehicle": "BA 2 PA", "meter": "1200"}
    form.enter("udf.vehicle")
    typed("<Ctrl+Shift+Home>", "<Delete>", "<Enter>")
    assert not form.editors["udf.meter"].isVisibleTo(slip)
    assert not slip.draft.document().get("udf")
    form.enter("udf.vehicle")
    typed("BA 3", "<Enter>")
    assert slip.draft.document()["udf"] == {"vehicle": "BA 3", "meter": "1200"}, "what was typed is back with it"


def test_a_cell_is_passed_by_while_its_condition_says_so(slip: VoucherWindow) -> None:
    grid = slip.sheet.grids["lineGrid"]
    grid.enter(0, "account")
    typed("6020", "<Enter>")
    litres = grid.lines.grid.field("udf.litres")
    assert litres is not None
    assert not grid.lines.may_type(0, litres)
    assert "udf.litres" not in grid.stops(0)
    slip.sheet.header.enter("udf.vehicle")
    typed("BA 2 PA", "<Enter>")
    assert grid.lines.may_type(0, litres)
    grid.enter(0, "udf.litres")
    typed("40", "<Enter>")
    assert here().startswith("cell_")
    assert slip.draft.document()["lines"][0]["udf"] == {"litres": "40"}
