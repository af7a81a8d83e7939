"""The settings of voucher types on real books: made, simulated and saved by keys, met by whoever else saves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.real_window import window_on

PATIENCE_MS = 20_000


def begin(books: Books) -> None:
    books.masters.import_masters({
        "items": [{"code": "TEA", "name": "Tea", "uom": "PCS"}],
        "parties": [{"code": "C1", "name": "Asha", "kind": "customer"}],
        "price_lists": [{"code": code, "name": code.title(), "rates": [{"item": "TEA", "uom": "PCS", "rate": rate}]}
                        for code, rate in (("OLD", "100"), ("NEW", "250"))]})


database_template = begun_books(begin)


@pytest.fixture
def shop(database: Database) -> Books:
    return books_of(database)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database, shop: Books) -> Iterator[MainWindow]:
    """The main window on the books of a new shop, at the gateway."""
    with window_on(qtbot, qapp, database) as made:
        yield made


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> SettingsPage:
    """The settings, opened by name from the gateway."""
    typed("voucher types", "<Enter>")
    found = window.pages.current
    assert isinstance(found, SettingsPage)
    qtbot.waitUntil(lambda: found.edited is not None, timeout=PATIENCE_MS)
    settled(qtbot, found)
    return found


def settled(qtbot: QtBot, page: SettingsPage) -> None:
    """Everything that was typed is checked, saved and read again."""
    qtbot.waitUntil(lambda: page.checking.is_settled and not page.types.is_saving
                    and not page.session.browsing.is_busy and not page.session.background.is_busy,
                    timeout=PATIENCE_MS)


def back(qtbot: QtBot, page: SettingsPage) -> None:
    """The question is gone, the cursor in the page again."""
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and page.isAncestorOf(there))


def typed_petrol_slip(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Alt+N>", "<Enter>", "one amount", "<Enter>", "Petrol slip", "<Enter>", "<Ctrl+A>")
    settled(qtbot, page)
    assert page.edited is not None
    assert page.edited.faults == ()


def test_a_new_admin_makes_a_petrol_slip_by_keys_alone_and_it_stands_in_the_gateway(
        qtbot: QtBot, window: MainWindow, page: SettingsPage) -> None:
    typed_petrol_slip(qtbot, page)
    assert page.edited is not None
    assert page.edited.value("code") == "PETROL_SLIP"
    assert focus().objectName() == "setting_label"
    page.go_to("ref_no_label")
    typed("Pump bill no.", "<Enter>", "supplier", "<Enter>")
    settled(qtbot, page)
    assert page.edited.faults == ()
    sheet = page.preview.picture.sheet
    assert sheet is not None
    assert sheet.title.text() == "Petrol slip"
    assert {"ref_no", "account", "party"} <= set(sheet.header.editors)
    assert sheet.header.editors["ref_no"].field.label == "Pump bill no."
    typed("<Ctrl+A>")
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "PETROL_SLIP" in {kind.code for kind in page.session.types}, timeout=PATIENCE_MS)
    assert not page.types.changed()
    typed("<Esc>")
    assert window.pages.current is window.gateway
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=PATIENCE_MS) as opened:
        typed("petrol", "<Enter>")
    voucher = opened.args[0]
    assert voucher.schema.voucher_type == "PETROL_SLIP"
    typed("1110", "<Enter>", "<Enter>", "6050", "<Enter>", "40", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: not voucher.submission.is_running, timeout=PATIENCE_MS)
    assert "Posted PS/" in voucher.sheet.banner.text, voucher.sheet.banner.text


def test_a_simulated_voucher_shows_its_posting_and_leaves_nothing_behind(
        qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    typed_petrol_slip(qtbot, page)
    typed("<Alt+V>", "1110", "<Enter>", "6050", "<Enter>", "40", "<Enter>", "<Alt+V>")
    simulation = page.on_type.simulation
    assert simulation is not None
    qtbot.waitUntil(simulation.plan.isVisible, timeout=PATIENCE_MS)
    texts = simulation.plan.texts()
    assert {"1110", "6050"} <= set(texts), texts
    assert texts.count("40.00") == 2
    typed("<Esc>", "<Esc>")
    assert page.on_type.simulation is None
    assert "PETROL_SLIP" not in shop.configuration.blueprints()
    assert shop.reports.run("day-book").rows == ()


def test_a_saved_type_is_simulated_as_it_stands_unsaved(qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    page.list.choose("CASH_PAYMENT")
    settled(qtbot, page)
    assert page.edited is not None
    page.edited.set("header_side", "debit")
    settled(qtbot, page)
    typed("<Alt+V>", "1110", "<Enter>", "6050", "<Enter>", "40", "<Enter>", "<Alt+V>")
    simulation = page.on_type.simulation
    assert simulation is not None
    qtbot.waitUntil(simulation.plan.isVisible, timeout=PATIENCE_MS)
    plan = shop.candidates.simulate(page.preview.looked.blueprint, simulation.draft.document())  # type: ignore[union-attr]
    assert {(row["account"], row["debit"]) for row in plan.journal if row["debit"] != "0.00"} == {("1110", "40.00")}
    stored = shop.vouchers.preview({**simulation.draft.document(), "type": "CASH_PAYMENT"})
    assert {row["account"] for row in stored.journal if row["debit"] != "0.00"} == {"6050"}


def test_whoever_saves_second_sees_what_the_first_one_changed_and_overwrites_nothing(
        qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    page.list.choose("CASH_PAYMENT")
    settled(qtbot, page)
    assert page.edited is not None
    page.edited.set("label", "Petty cash out")
    theirs = shop.blueprint_versions.document("CASH_PAYMENT")
    shop.blueprint_versions.save({**theirs, "ref_no_label": "Slip"}, int(theirs["version"]))
    typed("<Ctrl+A>")
    versions = page.on_type.versions
    qtbot.waitUntil(lambda: versions.dialog is not None, timeout=PATIENCE_MS)
    dialog = versions.dialog
    assert dialog is not None
    assert [(row.before, row.after) for row in dialog.model.rows] == [("Reference", "Slip")]
    assert shop.configuration.blueprint("CASH_PAYMENT").voucher_type.label == "Cash Payment"
    dialog.button("mineOver").click()
    back(qtbot, page)
    assert (page.edited.value("label"), page.edited.value("ref_no_label")) == ("Petty cash out", "Slip")
    typed("<Ctrl+A>")
    settled(qtbot, page)
    kind = shop.configuration.blueprint("CASH_PAYMENT").voucher_type
    assert (kind.label, kind.ref_no_label) == ("Petty cash out", "Slip")


def test_an_account_that_is_not_there_is_told_while_typing_and_refused_on_saving(
        qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    page.list.choose("SALES_INVOICE")
    settled(qtbot, page)
    assert page.edited is not None
    page.edited.set("charges[1].ledger", "9999")
    settled(qtbot, page)
    assert [(fault.code, fault.field) for fault in page.edited.faults] == [("CFG-007", "charges[1].ledger")]
    typed("<Ctrl+A>")
    settled(qtbot, page)
    assert focus().objectName() == "setting_ledger"
    assert shop.configuration.blueprint("SALES_INVOICE").version == 1


def test_an_older_version_is_brought_back_unsaved(qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    page.list.choose("JOURNAL")
    settled(qtbot, page)
    assert page.edited is not None
    page.edited.set("label", "Other journal")
    typed("<Ctrl+A>")
    settled(qtbot, page)
    typed("<Alt+R>")
    versions = page.on_type.versions
    qtbot.waitUntil(lambda: versions.dialog is not None and bool(versions.dialog.model.rows), timeout=PATIENCE_MS)
    dialog = versions.dialog
    assert dialog is not None
    assert [(row.before, row.after) for row in dialog.model.rows] == [("Journal", "Other journal")]
    dialog.button("restoreVersion").click()
    back(qtbot, page)
    assert page.edited.value("label") == "Journal"
    assert shop.configuration.blueprint("JOURNAL").voucher_type.label == "Other journal"
    typed("<Ctrl+A>")
    settled(qtbot, page)
    assert shop.configuration.blueprint("JOURNAL").voucher_type.label == "Journal"


def test_a_simulation_takes_its_rates_from_the_price_list_of_the_unsaved_settings(
        qtbot: QtBot, page: SettingsPage, shop: Books) -> None:
    stored = shop.blueprint_versions.document("SALES_INVOICE")
    shop.blueprint_versions.save({**stored, "price_list": "OLD"}, int(stored["version"]))
    page.list.choose("SALES_INVOICE")
    settled(qtbot, page)
    assert page.edited is not None
    page.edited.set("price_list", "NEW")
    page.edited.set("use_price_list", False)
    page.edited.set("lines.rate_source", "price_list")
    settled(qtbot, page)
    typed("<Alt+V>")
    simulation = page.on_type.simulation
    assert simulation is not None
    typed("C1", "<Enter>", "TEA", "<Enter>", "2", "<Enter>")
    line = simulation.draft.rows["lines"][0].values
    assert line["rate"] == "250"
    blueprint = page.preview.looked.blueprint  # type: ignore[union-attr]
    document = simulation.draft.document()
    untyped = {**document, "lines": [{"item": "TEA", "quantity": "2"}]}
    assert shop.candidates.simulate(blueprint, untyped).journal
    for price_list, rate in (("NEW", "500.00"), ("OLD", "200.00"), (None, "")):
        kind = replace(blueprint.voucher_type, price_list=price_list)
        plan = shop.candidates.simulate(replace(blueprint, voucher_type=kind), untyped)
        sales = [row["credit"] for row in plan.journal if row["account"] == "4010"]
        assert (sales == [rate]) if rate else [fault.code for fault in plan.faults] == ["VCH-012"]
