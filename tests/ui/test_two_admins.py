"""Two admins at one voucher type: the second is told what the first saved, nothing is overwritten, both may stand.

Each part of a type that is a list of its own: limits, key path, charges, series, approval, access.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.field_limits import limit_of, set_limit
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.made_types import PATIENCE, settings_of
from helpers.shop_window import books, database_template, window

__all__ = ["books", "database_template", "window"]

TYPE = "SALES_INVOICE"
Change = Callable[[EditedType], object]
Told = Callable[[dict[str, Any]], Any]


def rule(**columns: Any) -> Change:
    return lambda edited: edited.add("field_rules", {"scope": "organization", **columns})


def column(part: str, name: str) -> Told:
    return lambda document: sorted(str(row[name]) for row in document[part] if row[name] is not None)


def rules(*names: str) -> Told:
    """What rules of narration and reference say that the shipped type doesn't."""
    return lambda document: sorted(
        tuple(row[name] for name in names) for row in document["field_rules"]
        if row["field"] in ("narration", "ref_no") and row["scope"] != "standard" and row["condition"] is None)


def limits(document: dict[str, Any]) -> Any:
    return {limit: limit_of(document, "ref_no", limit) for limit in ("min_length", "max_length", "regex")}


LEVEL = {"level": 1, "role": "approver"}
ALIKE = {"code": "LEVY", "label": "Levy", "ledger": "4010", "calculation_type": "rate", "rate": "1"}
PARTS: dict[str, tuple[Change, Change, Told, Any]] = {
    "limits": (lambda one: set_limit(one, "ref_no", "max_length", 8),
               lambda one: (set_limit(one, "ref_no", "min_length", 2), set_limit(one, "ref_no", "regex", "[0-9]+")),
               limits, {"min_length": 2, "max_length": 8, "regex": "[0-9]+"}),
    "limits of other fields": (lambda one: set_limit(one, "lines.quantity", "max", "9"),
                               lambda one: set_limit(one, "ref_no", "min_length", 2),
                               lambda document: (limits(document)["min_length"],
                                                 limit_of(document, "lines.quantity", "max")), (2, "9")),
    "key path": (rule(field="narration", tab_order=5), rule(field="ref_no", tab_order=7),
                 rules("field", "tab_order"), [("narration", 5), ("ref_no", 7)]),
    "the same field of the key path": (
        rule(field="narration", tab_order=5), rule(field="narration", label="Remarks"),
        rules("tab_order", "label"), [(5, "Remarks")]),
    "charges": (lambda one: one.set("charges[1].rate", "10"), lambda one: one.add("charges", ALIKE),
                column("charges", "rate"), ["1", "10"]),
    "series": (lambda one: one.add("series", {"code": "EXPORT", "prefix": "EX/"}),
               lambda one: one.add("series", {"code": "COUNTER", "prefix": "CO/"}),
               column("series", "code"), ["COUNTER", "EXPORT"]),
    "approval": (lambda one: (one.set("requires_approval", True), one.add("approval", LEVEL)),
                 lambda one: (one.set("requires_approval", True),
                              one.add("approval", {"level": 2, "role": "accountant"})),
                 column("approval", "role"), ["accountant", "approver"]),
    "access": (rule(field="narration", scope="role", scope_value="clerk", required=True),
               rule(field="narration", scope="role", scope_value="auditor", readonly=True),
               rules("scope_value", "required", "readonly"),
               [("auditor", None, True), ("clerk", True, None)]),
}


@pytest.mark.parametrize("part", [
    pytest.param(part, marks=() if part in ("limits", "approval") else pytest.mark.long) for part in PARTS])
def test_the_second_admin_is_told_and_neither_change_is_lost(
        qtbot: QtBot, window: MainWindow, books: Books, part: str) -> None:
    theirs, mine, told, both = PARTS[part]
    page = settings_of(qtbot, window)
    page.list.choose(TYPE)
    settled(qtbot, page)
    assert page.edited is not None
    mine(page.edited)
    first = books.blueprint_versions.document(TYPE)
    other = EditedType(first)
    theirs(other)
    books.blueprint_versions.save({**other.document(), "version": first["version"]}, int(first["version"]))
    saved = books.configuration.blueprint(TYPE).to_document()
    typed("<Ctrl+A>")
    versions = page.on_type.versions
    qtbot.waitUntil(lambda: versions.dialog is not None, timeout=PATIENCE)
    dialog = versions.dialog
    assert dialog is not None
    assert dialog.model.rows, "what the first one changed"
    assert books.configuration.blueprint(TYPE).to_document() == saved, "nothing is overwritten"
    dialog.button("mineOver").click()
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and page.isAncestorOf(there))
    typed("<Ctrl+A>")
    settled(qtbot, page)
    assert page.edited.faults == ()
    assert told(books.configuration.blueprint(TYPE).to_document()) == both


def settled(qtbot: QtBot, page: SettingsPage) -> None:
    qtbot.waitUntil(lambda: page.checking.is_settled and not page.types.is_saving
                    and not page.session.browsing.is_busy and not page.session.background.is_busy, timeout=PATIENCE)
