"""A line of the ledger is split over cost centres by key: in percent or by amount, the rest into the last one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from erpdesk.blueprints.vocabulary import CostCentreMode
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import BLUEPRINTS, FakeBooks

Open = Callable[[str], VoucherWindow]


def paying(open_voucher: Open, amount: str = "100") -> VoucherWindow:
    """A payment with one line of rent, the cursor in its amount."""
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", amount)
    return window


def lines(window: VoucherWindow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.draft.document()["lines"]
    return found


def left(window: VoucherWindow) -> str:
    details = window._splits.open_one
    label = details.findChild(QLabel, "leftToSplit") if details is not None else None
    return label.text() if label is not None else ""


def split_of(window: VoucherWindow) -> Any:
    return lines(window)[0].get("cost_centres")


def test_amounts_are_typed_and_what_is_left_goes_into_the_last(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>")
    assert (here(), left(window)) == ("cell_cost_centre", "Not split")
    typed("head", "<Enter>", "<Enter>", "60", "<Enter>")
    assert (here(), left(window)) == ("cell_cost_centre", "Left to split: 40.00")
    if folder := os.environ.get("ERPDESK_PICTURES"):
        window.resize(1180, 700)
        window.grab().save(f"{folder}/cost-split.png")
    typed("work", "<Enter>", "<Enter>")
    assert (here(), getattr(focus(), "raw", "")) == ("cell_amount", "40.00"), "proposed"
    typed("<Enter>")
    assert window._splits.open_one is None, "complete: back in the line"
    assert split_of(window) == [{"cost_centre": "CC1", "amount": "60"}, {"cost_centre": "CC2", "amount": "40.00"}]
    assert "cost_centre" not in lines(window)[0]


def test_percentages_give_the_amounts_and_follow_the_line(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>", "head", "<Enter>", "30", "<Enter>")
    assert (here(), left(window)) == ("cell_cost_centre", "Left to split: 70.00"), "the amount is certain and passed by"
    typed("work", "<Enter>", "70", "<Enter>")
    assert window._splits.open_one is None
    assert split_of(window) == [{"cost_centre": "CC1", "percent": "30"}, {"cost_centre": "CC2", "percent": "70"}]
    window.enter("lines", 0, "amount")
    typed("500", "<Enter>")
    assert window._splits.open_one is None, "percentages come to any line"
    assert split_of(window) == [{"cost_centre": "CC1", "percent": "30"}, {"cost_centre": "CC2", "percent": "70"}]


def test_another_amount_of_the_line_opens_a_split_by_amounts_again(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>", "head", "<Enter>", "<Enter>", "60", "<Enter>", "work", "<Enter>", "<Enter>", "<Enter>")
    window.enter("lines", 0, "amount")
    typed("110", "<Enter>")
    assert window._splits.open_one is not None
    assert left(window) == "Left to split: 10.00"
    typed("<Esc>")
    window.enter("lines", 0, "amount")
    typed("100", "<Enter>")
    assert window._splits.open_one is None


def test_one_cost_centre_for_all_stands_in_the_line_itself(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>", "work", "<Enter>", "<Enter>", "<Enter>")
    assert lines(window)[0]["cost_centre"] == "CC2"
    assert split_of(window) is None


def test_a_split_is_left_with_esc_and_found_again(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>", "head", "<Enter>", "<Enter>", "60", "<Enter>", "<Esc>", "<Esc>")
    assert split_of(window) == [{"cost_centre": "CC1", "amount": "60"}]
    typed("<Alt+L>", "<Alt+L>")
    assert left(window) == "Left to split: 40.00"
    typed("work", "<Enter>", "<Enter>", "<Enter>")
    assert [part["cost_centre"] for part in split_of(window)] == ["CC1", "CC2"]


def test_the_form_is_passed_without_a_split_as_ever(open_voucher: Open) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>")
    assert here() == "detail_cost_centre"
    typed("head", "<Enter>", "why", "<Enter>")
    assert window._splits.open_one is None
    assert lines(window)[0] | {"cost_centre": "CC1", "narration": "why"} == lines(window)[0]


def test_a_stored_draft_keeps_its_split_through_the_window(open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("CASH_PAYMENT")
    split = [{"cost_centre": "CC1", "percent": "50"}, {"cost_centre": "CC2"}]
    document = {"type": "CASH_PAYMENT", "date": "2026-11-20", "account": "1110", "lines": [
        {"account": "6020", "amount": "40", "cost_centres": split}]}
    assert Draft.of(window.schema, document).document()["lines"][0]["cost_centres"] == split


def test_accepting_takes_what_stands_in_the_split(open_voucher: Open, books: FakeBooks) -> None:
    window = paying(open_voucher)
    typed("<Alt+L>", "<Alt+L>", "head", "<Enter>", "25", "<Enter>", "work", "<Enter>", "75", "<Ctrl+A>")
    assert window.submission.latest
    posted = window.session.queue.vouchers[-1]
    assert (posted.document or books.vouchers.posts[-1])["lines"][0]["cost_centres"] == [
        {"cost_centre": "CC1", "percent": "25"}, {"cost_centre": "CC2", "percent": "75"}]


def test_a_cost_centre_that_must_be_given_and_has_no_column_is_asked_for_with_the_amount(
        open_voucher: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = BLUEPRINTS["CASH_PAYMENT"]
    wanted = replace(payment, voucher_type=replace(payment.voucher_type, cost_centre_mode=CostCentreMode.REQUIRED))
    monkeypatch.setitem(BLUEPRINTS, "CASH_PAYMENT", wanted)
    window = paying(open_voucher)
    assert typed("<Enter>")[-1] == "cell_cost_centre"
    typed("head", "<Enter>", "<Enter>", "<Enter>")
    assert here() == "cell_account", "complete: on to the next line"
    assert lines(window)[0]["cost_centre"] == "CC1"
    window.sheet.grids["lineGrid"].enter(0, "amount")
    assert typed("120", "<Enter>")[-1] == "cell_account", "it is given: nothing is asked any more"
