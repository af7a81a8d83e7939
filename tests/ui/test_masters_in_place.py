"""A master that isn't there is made over the voucher, by keyboard alone, and the voucher goes on with it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, ForbiddenError
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def heard(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.background.is_busy and not session.freshness.lane.is_busy)


def panel_of(qtbot: QtBot, session: Session, window: VoucherWindow) -> MasterPanel:
    heard(qtbot, session)
    assert window.masters.panel is not None
    return window.masters.panel


def test_a_customer_is_made_in_the_header_and_the_cursor_goes_on(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("Zenith Traders")
    assert window.popup.isVisible()
    typed("<Alt+C>")
    panel = panel_of(qtbot, session, window)
    values = panel.draft.header.values
    assert (values["code"], values["name"], values["kind"]) == ("ZENITH-TRADERS", "Zenith Traders", "customer")
    assert focus() is panel.form.editors["code"]
    typed("Z9", "<Enter>", "<Enter>", "<Enter>")
    assert here() == "masterSaveButton"
    typed("<Enter>")
    heard(qtbot, session)
    assert books.master_forms.saved == [
        ("party", {"code": "Z9", "name": "Zenith Traders", "kind": "customer"}, True)]
    assert window.masters.panel is None
    assert window.draft.header.values["party"] == "Z9"
    assert window.sheet.header.editors["party"].text() == "Zenith Traders"  # type: ignore[union-attr]
    assert here() == "cell_item"
    window.sheet.header.enter("party")
    typed("zen", "<Enter>")
    assert window.draft.header.values["party"] == "Z9", "it is found by its name from now on"


def test_an_item_is_made_in_a_line_and_escape_changes_nothing(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "Green tea", "<Alt+C>")
    panel_of(qtbot, session, window)
    typed("<Esc>")
    assert window.masters.panel is None
    assert (here(), focus().text()) == ("cell_item", "Green tea")  # type: ignore[attr-defined]
    assert window.draft.document()["lines"] == []
    assert books.master_forms.saved == []
    typed("<Alt+C>")
    panel_of(qtbot, session, window)
    typed("GT", "<Enter>", "<Enter>", "pcs", "<Ctrl+A>")
    heard(qtbot, session)
    assert books.master_forms.saved[0][1] == {
        "code": "GT", "name": "Green tea", "uom": "PCS", "is_stocked": True, "valuation": "fifo"}
    assert window.draft.document()["lines"] == [{"item": "GT", "uom": "PCS"}]
    assert here() == "cell_quantity"


def test_the_highlighted_master_is_altered_and_taken(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("bin", "<Ctrl+Enter>")
    panel = panel_of(qtbot, session, window)
    assert panel.form.editors["code"].isReadOnly()
    assert focus() is panel.form.editors["name"]
    typed("Bina and Sons", "<Enter>", "<Ctrl+A>")
    heard(qtbot, session)
    kind, values, is_new = books.master_forms.saved[0]
    assert (kind, values["code"], values["name"], is_new) == ("party", "C002", "Bina and Sons", False)
    assert window.draft.header.values["party"] == "C002"
    assert window.sheet.header.editors["party"].text() == "Bina and Sons"  # type: ignore[union-attr]


def test_faults_stand_at_their_fields_and_the_first_has_the_cursor(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.master_forms.faults = (Fault("MST-002", "The name is taken.", "name"), Fault("IMP-012", "lacks", "kind"))
    window = open_voucher("SALES_INVOICE")
    typed("Zen", "<Alt+C>")
    panel = panel_of(qtbot, session, window)
    typed("<Ctrl+A>")
    heard(qtbot, session)
    assert window.masters.panel is panel
    assert focus() is panel.form.editors["name"]
    assert [key for key, editor in panel.form.editors.items() if editor.property("faulty")] == ["name", "kind"]
    books.master_forms.faults = ()
    typed("Zenith", "<Ctrl+A>")
    heard(qtbot, session)
    assert window.draft.header.values["party"] == "ZEN"


def test_keys_typed_while_the_form_is_fetched_go_into_it(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    gate = books.master_forms.gate = threading.Event()
    window = open_voucher("SALES_INVOICE")
    typed("Zen", "<Alt+C>", "Z7", "<Enter>", "Zenith")
    gate.set()
    panel = panel_of(qtbot, session, window)
    typed("<Ctrl+A>")
    heard(qtbot, session)
    assert books.master_forms.saved[0][1] == {"code": "Z7", "name": "Zenith", "kind": "customer"}
    assert window.masters.panel is not panel


def test_who_has_no_right_is_told_so_and_goes_on(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.master_forms.refusal = ForbiddenError("SEC-001", "You may not make or change masters.")
    window = open_voucher("SALES_INVOICE")
    typed("Zen", "<Alt+C>")
    heard(qtbot, session)
    assert window.masters.panel is None
    assert window.sheet.banner.text == "You may not make or change masters."
    assert (here(), focus().text()) == ("field_party", "Zen")  # type: ignore[attr-defined]
    typed(*3 * ["<Backspace>"], "asha", "<Enter>", "Zen", "<Alt+C>")
    heard(qtbot, session)
    assert (here(), focus().text()) == ("cell_item", "Zen")  # type: ignore[attr-defined]
    assert window.draft.document()["lines"] == []


def test_no_key_reaches_the_voucher_under_the_panel(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("Zen", "<Alt+C>")
    panel = panel_of(qtbot, session, window)
    typed("<Ctrl+S>", "<F2>", "<Alt+V>", "<Ctrl+D>")
    assert panel.isAncestorOf(focus())
    assert books.vouchers.saves == []
    window.come_back()
    assert panel.isAncestorOf(focus())


def test_a_unit_is_made_while_an_item_is(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "Tea", "<Alt+C>")
    outer = panel_of(qtbot, session, window)
    typed("<Enter>", "<Enter>", "Box", "<Alt+C>")
    assert panel_of(qtbot, session, window) is not outer
    typed("<Ctrl+A>")
    heard(qtbot, session)
    assert window.masters.panel is outer
    typed("<Ctrl+A>")
    heard(qtbot, session)
    assert [kind for kind, _, _ in books.master_forms.saved] == ["uom", "item"]
    assert books.master_forms.saved[1][1]["uom"] == "BOX"


def test_where_no_master_can_be_made_nothing_found_promises_none(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    window.surroundings.edit_master = None
    typed("nowhere")
    assert window.popup.nothing_text() == "Nothing found"


def test_nothing_found_says_how_to_create_it(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("qqqq")
    assert window.popup.nothing_text() == "Nothing found — Alt+C creates it"
