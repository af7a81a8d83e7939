"""A rule of a field holds in its editor exactly as it holds in the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.checkers import value_fault
from erpdesk.blueprints.fields import DateRange, Field, FieldType, Option, Validators
from erpdesk.ui.editors.registry import EDITORS, make_editor
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import TODAY, FakeBooks, schema_of

NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.QUANTITY, FieldType.RATE, FieldType.PERCENT)
TEXTS = (FieldType.TEXT, FieldType.TEXTAREA, FieldType.TYPEAHEAD)
CASES = [
    *((kind, Validators(min=Decimal(5)), "4", "5") for kind in NUMBERS),
    *((kind, Validators(max=Decimal(5)), "6", "5") for kind in NUMBERS),
    *((kind, Validators(step=Decimal(3)), "4", "6") for kind in NUMBERS),
    *((kind, Validators(decimals=1), "1.25", "1.5") for kind in NUMBERS if kind is not FieldType.INTEGER),
    *((kind, Validators(regex="[A-Z]{2}[0-9]+"), "12", "AB12") for kind in TEXTS),
    *((kind, Validators(min_length=3), "ab", "abc") for kind in TEXTS),
    (FieldType.TEXTAREA, Validators(max_length=3), "abcd", "abc"),
    (FieldType.TYPEAHEAD, Validators(max_length=3), "abcd", "abc"),
    (FieldType.DATE, Validators(date_range=DateRange(back_days=2)), "2026-11-17", "2026-11-18"),
    (FieldType.DATE, Validators(date_range=DateRange(latest=date(2026, 11, 30))), "2026-12-01", "2026-11-30"),
    (FieldType.DATETIME, Validators(date_range=DateRange(back_days=2)), "2026-11-17 10:00", "2026-11-18 10:00"),
]


@pytest.mark.parametrize(("kind", "rules", "bad", "good"), CASES)
def test_a_rule_holds_in_editor_and_service_alike(qtbot: QtBot, session: Session, books: FakeBooks, kind: FieldType,
                                                  rules: Validators, bad: str, good: str) -> None:
    window = VoucherWindow(session, books, schema_of("JOURNAL"), {"date": "2026-11-20"})
    qtbot.addWidget(window)
    field = Field("udf.x", "Colour", kind, validators=rules)
    for text, fits in ((good, True), (bad, False)):
        for asked, passes in ((field, fits), (replace(field, validators=Validators()), True)):
            editor = make_editor(asked, window.surroundings, window)
            words: list[str] = []
            editor.not_accepted.connect(words.append)
            qtbot.keyClicks(editor, text)
            accepted = editor.accept_typed()
            raw = editor.raw if accepted else text
            assert accepted is passes, (text, words)
            assert bool(words) is not passes
            service = value_fault(asked, _as_document(kind, raw), money_decimals=2, today=TODAY)
            assert (service == "") is passes, service


def _as_document(kind: FieldType, raw: object) -> object:
    return str(raw).replace(" ", "T") if kind is FieldType.DATETIME else raw


def test_an_option_that_there_is_not_is_refused(qtbot: QtBot, session: Session, books: FakeBooks) -> None:
    window = VoucherWindow(session, books, schema_of("JOURNAL"), {"date": "2026-11-20"})
    qtbot.addWidget(window)
    field = Field("by", "By", FieldType.SELECT, options=(Option("value", "Value"),))
    editor = make_editor(field, window.surroundings, window)
    qtbot.keyClicks(editor, "zz")
    assert not editor.accept_typed()
    assert set(EDITORS) == set(FieldType)


def test_details_fold_by_themselves_once_they_are_passed(open_voucher: object) -> None:
    window = open_voucher("CASH_PAYMENT")  # type: ignore[operator]
    typed("cas", "<Enter>", "<Alt+D>")
    header = window.sheet.header
    assert header.details_are_open
    for _ in range(30):
        if here().startswith("cell_"):
            break
        typed("<Enter>")
    assert here() == "cell_account"
    assert not header.details_are_open


def test_another_currency_shows_both_totals(open_voucher: object) -> None:
    window = open_voucher("SALES_INVOICE")  # type: ignore[operator]
    typed("asha", "<Enter>", "soap", "<Enter>", "2", "<Enter>", "10", "<Enter>")
    panel = window.sheet.totals
    assert panel._in_base.text() == ""
    window.draft.header.put("currency", "USD")
    window.draft.header.put("exchange_rate", "133.5")
    window.recalculate()
    assert panel._total_label.text() == "Total  USD"
    assert panel._in_base.text() == "NPR 3,017.10 at 133.5"
