"""The totals shown while typing are those the engine posts, and unfinished documents never fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.money import money_text
from erpdesk.posting.recalculation import ItemFacts, recalculate
from helpers.posting_plans import blueprint, read

FACTS = {code: ItemFacts(None, {"box": Decimal(12)}) for code in ("tea", "oil")}

line = st.fixed_dictionaries(
    {"item": st.sampled_from(["TEA", "OIL"]), "quantity": st.integers(0, 999).map(str),
     "rate": st.decimals("0.01", "99999", places=4).map(str),
     "discount_percent": st.decimals("0", "50", places=2).map(str)},
    optional={"uom": st.sampled_from(["PCS", "BOX"]), "free_quantity": st.integers(0, 9).map(str)})
lines = st.lists(line, min_size=1, max_size=12)


@given(lines, st.decimals("0", "99", places=2).map(str), st.sampled_from(["PURCHASE_INVOICE", "SALES_INVOICE"]))
def test_figures_while_typing_are_the_figures_of_the_engine(rows: list[dict[str, str]], amount: str, code: str) -> None:
    document = {"type": code, "party": "S001", "lines": rows, "charges": [{"code": "DISC", "amount": amount}]}
    shown = recalculate(document, blueprint(code), 2, FACTS)
    voucher, _ = read(document)
    engine = voucher.calculation
    assert engine is not None
    assert shown.net == money_text(voucher.total, 2)
    assert shown.line_amounts == tuple(money_text(line.amount, 2) for line in voucher.lines)
    assert (shown.items_total, shown.gross, shown.discount) == tuple(
        money_text(figure, 2) for figure in (engine.items_total, engine.gross, engine.line_discount))
    assert [(charge.code, charge.amount) for charge in shown.charges] == [
        (charge.rule.code, money_text(charge.amount, 2)) for charge in engine.charges]


def test_a_journal_shows_both_sides_and_what_is_missing() -> None:
    shown = recalculate({"type": "JOURNAL", "lines": [{"debit": "10"}, {"credit": "4"}, {}]}, blueprint("JOURNAL"), 2)
    assert (shown.debit, shown.credit, shown.balance, shown.net) == ("10.00", "4.00", "6.00", "10.00")
    assert shown.line_amounts == ("10.00", "4.00", "0.00")


def test_a_payment_adds_up_its_lines() -> None:
    shown = recalculate({"type": "CASH_PAYMENT", "lines": [{"amount": "1.50"}, {"amount": "2"}]},
                        blueprint("CASH_PAYMENT"), 2)
    assert (shown.net, shown.line_amounts) == ("3.50", ("1.50", "2.00"))


def test_costs_that_are_added_to_receipts_come_to_what_they_are() -> None:
    shown = recalculate({"type": "LANDED_COST", "receipts": ["PI/26-27/000001"], "charges": [
        {"account": "6010", "amount": "1.50"}, {"account": "6020", "amount": "x"}, {"amount": "2"}]},
        blueprint("LANDED_COST"), 2)
    assert (shown.net, shown.quantity, shown.line_amounts) == ("3.50", "0", ())


@pytest.mark.parametrize("document", [
    {}, {"lines": None}, {"lines": "x"}, {"lines": [None, 7, {}]}, {"lines": [{"item": None, "quantity": "",
                                                                               "rate": "1."}]},
    {"lines": [{"item": "NEW", "quantity": "1e5", "rate": "-"}]}, {"charges": [{}], "lines": []},
    {"charges": [{"code": "DISC", "amount": "x"}], "lines": [{"item": "TEA", "quantity": "2", "rate": "3"}]}])
@pytest.mark.parametrize("code", ["SALES_INVOICE", "JOURNAL", "CASH_PAYMENT", "STOCK_TRANSFER"])
def test_a_document_in_any_state_has_totals(document: dict[str, Any], code: str) -> None:
    shown = recalculate({"type": code, **document}, blueprint(code), 2)
    assert shown.net in {"0.00", "6.78", "6.00"}


def test_what_can_not_be_read_counts_as_nothing() -> None:
    shown = recalculate({"lines": [{"item": "TEA", "quantity": "2", "rate": "3"}, {"item": "TEA", "quantity": "two",
                                                                                   "rate": "9"}],
                         "auto_charges": False}, blueprint("SALES_INVOICE"), 2)
    assert (shown.net, shown.quantity) == ("6.00", "2")
