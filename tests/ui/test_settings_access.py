"""The tabs of access and print, and the conditions of charges: by keys and by mouse, each into the document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import ForbiddenError
from erpdesk.services.people import Limit, Membership, Person
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.settings.access import AccessTab
from erpdesk.ui.settings.approval import ApprovalTab
from erpdesk.ui.settings.charges import ChargesTab
from erpdesk.ui.settings.numbering import NumberingTab
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.printing import PrintTab
from erpdesk.ui.settings.tab import SettingsTab
from erpdesk.ui.settings.user_fields import UserFieldsTab
from erpdesk.ui.settings.who_may_use import WhoMayUse
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks
from helpers.settings_tabs import Opened, faults, pick, press, tab, window

__all__ = ["tab", "window"]


# Access and print


def test_a_rule_for_a_role_is_made_by_keys_and_said_in_words(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[])
    typed("<Ctrl+I>", "reference", "<Enter>", "role", "<Enter>", "clerk", "<Enter>", "<Space>", "date", "<Enter>",
          "filled", "<Ctrl+A>")
    access.form.enter("readonly")
    typed("yes", "<Enter>")
    rule = access.edited.rows("field_rules")[0]
    assert (rule["field"], rule["scope"], rule["scope_value"], rule["readonly"], rule["visible"]) == (
        "ref_no", "role", "clerk", True, None)
    assert access.rows.item(0).text() == "Reference   role clerk   read only   while Date is filled in"
    assert faults(access.edited) == []


def test_a_rule_for_a_branch_and_one_for_a_user_name_whom_they_are_for(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[])
    press(access, "Add")
    typed("narration", "<Enter>", "branch", "<Enter>", "head", "<Enter>")
    access.form.enter("required")
    typed("yes", "<Enter>", "<Enter>")
    access.rows.setFocus()
    typed("<Ctrl+I>", "narration", "<Enter>", "user", "<Enter>", "asha", "<Enter>")
    access.form.enter("default")
    typed("as usual", "<Enter>")
    first, second = access.edited.rows("field_rules")
    assert (first["scope_value"], first["required"]) == ("HO", True)
    assert (second["scope_value"], second["default"]) == ("asha", {"kind": "constant", "value": "as usual"})
    assert access.rows.item(1).text() == "Narration   user asha   begins with as usual"
    assert faults(access.edited) == []


USERS = (("asha", "Zora Asha Karki"), ("ashaben", "Ashaben Rai"), ("bina", ""))


def test_a_user_is_chosen_from_those_there_are_by_name_or_full_name(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", users=USERS, field_rules=[])
    for said, name in (("asha", "asha"), ("ashaben", "ashaben"), ("kar", "asha"), ("bin", "bina")):
        typed("<Ctrl+I>", "narration", "<Enter>", "a user", "<Enter>", said, "<Enter>")
        assert access.edited.value(f"field_rules[{access.here()}].scope_value") == name
        access.rows.setFocus()
    press(access, "Add")
    pick(access, "field", "Reference")
    pick(access, "scope", "A user")
    pick(access, "scope_value", "Ashaben Rai")
    assert access.edited.rows("field_rules")[-1]["scope_value"] == "ashaben"


def test_a_user_that_is_not_there_is_refused_with_a_word(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", users=USERS, field_rules=[])
    said: list[str] = []
    access.said.connect(said.append)
    typed("<Ctrl+I>", "narration", "<Enter>", "a user", "<Enter>", "zorro", "<Enter>")
    assert said == ["Nothing found for “zorro”"]
    assert here() == "setting_scope_value"
    assert access.edited.rows("field_rules")[0]["scope_value"] == ""


def test_a_user_who_left_stays_named_until_another_is_chosen(tab: Opened) -> None:
    rule = {"field": "narration", "scope": "user", "scope_value": "carl", "required": True}
    access = tab(AccessTab, "JOURNAL", users=USERS, field_rules=[rule])
    access.form.enter("scope_value")
    typed("<Enter>")
    assert access.edited.rows("field_rules")[0]["scope_value"] == "carl"
    access.form.enter("scope_value")
    typed("bina", "<Enter>")
    assert access.edited.rows("field_rules")[0]["scope_value"] == "bina"


def test_whose_consent_is_needed_is_chosen_from_the_users(tab: Opened) -> None:
    approval = tab(ApprovalTab, users=USERS, requires_approval=True)
    said: list[str] = []
    approval.said.connect(said.append)
    press(approval, "Add")
    approval.form.enter("user_name")
    typed("nobody at all", "<Enter>")
    assert said == ["Nothing found for “nobody at all”"]
    approval.form.enter("level")
    pick(approval, "user_name", "Zora Asha Karki")
    assert approval.edited.rows("approval")[0]["user_name"] == "asha"


def person(name: str, role: str, types: tuple[str, ...] | None = None, *limits: Limit) -> Person:
    membership = Membership("ACME", role, True, None, types, frozenset(), limits)
    return Person(name, name.title(), True, True, False, (membership,))


def test_who_may_use_the_type_is_listed_with_what_limits_them(tab: Opened, books: FakeBooks) -> None:
    books.people.known = (
        person("anita", "approver", None, Limit(approve=Decimal("5000"))),
        person("bina", "clerk", ("JOURNAL", "CASH_PAYMENT"), Limit(enter=Decimal(1)),
               Limit("CASH_PAYMENT", enter=Decimal("900"), back_date_days=2)),
        person("carl", "clerk", ("JOURNAL",)))
    access = tab(AccessTab)
    assert access.who.lines() == ["Anita (anita)   approver   approves up to 5,000.00",
                                  "Bina (bina)   clerk   for 2 voucher types   enters up to 900.00   2 days back"]


def test_the_users_are_a_click_away(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    page = SettingsPage(main_window.session, books)
    qtbot.addWidget(page)
    who = WhoMayUse(page.bench, page)
    with qtbot.waitSignal(page.wants_screen) as asked:
        QTest.mouseClick(who.users, Qt.MouseButton.LeftButton)
    assert asked.args == ["users"]


def test_who_may_not_see_the_users_is_told_so(tab: Opened, books: FakeBooks) -> None:
    books.people.refusal = ForbiddenError("SEC-001", "You may not administer users")
    assert tab(AccessTab).who.lines() == ["Only who administers users sees them: You may not administer users"]


def test_a_template_is_chosen_from_those_there_are(tab: Opened) -> None:
    printing = tab(PrintTab)
    pick(printing, "print_template", "Petrol slip (your own)")
    assert printing.edited.value("print_template") == "slip"
    assert here() == "setting_print_after_post"
    typed("y", "<Enter>")
    assert printing.edited.value("print_after_post") is True


def test_the_newest_voucher_is_drawn_by_the_template_that_is_chosen(qtbot: QtBot, tab: Opened,
                                                                    books: FakeBooks) -> None:
    none = tab(PrintTab, "CASH_TRANSFER")
    assert none.word.text() == "There is no voucher of this type to show yet"
    none.hide()
    printing = tab(PrintTab, "JOURNAL")
    assert printing.picture.isVisible()
    pick(printing, "print_template", "Invoice")
    qtbot.waitUntil(lambda: books.printing.asked[-1][-1] == "invoice")
    qtbot.waitUntil(lambda: not printing.bench.session.browsing.is_busy)
    assert not printing.picture.pixmap().isNull()


@pytest.mark.parametrize(("kind", "changes"), [
    (UserFieldsTab, {"udfs": [{"scope": "header", "key": "a", "label": "A", "field_type": "text"}]}),
    (NumberingTab, {}), (ApprovalTab, {"requires_approval": True}), (PrintTab, {}), (AccessTab, {})])
def test_no_tab_wants_to_be_higher_than_its_room(tab: Opened, kind: type[SettingsTab], changes: dict[str, Any]) -> None:
    layout = tab(kind, **changes).layout()
    assert not layout.hasHeightForWidth(), "the page would be stretched by it, and scroll"
    assert layout.minimumSize().height() < 560


# Charges


def test_a_charge_applies_when_its_condition_holds(tab: Opened) -> None:
    charges = tab(ChargesTab, "SALES_INVOICE")
    line = charges.form.editors["applies_when"]
    assert isinstance(line, ConditionLine)
    charges.form.enter("applies_when")
    typed("<Space>", "total of the l", "<Enter>", "at least", "<Enter>", "1000", "<Ctrl+A>")
    assert charges.edited.value("charges[0].applies_when") == {"field": "items_total", "ge": "1000"}
    assert line.text() == "Total of the lines is at least 1,000.00"
    assert faults(charges.edited) == []
