"""GL-*: each code is provoked through the command line, and leaves the books as they are."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.terminal import Terminal

provokes = pytest.mark.provokes


def ledger(debit: dict[str, Any], credit: dict[str, Any]) -> dict[str, Any]:
    """A journal of two lines."""
    return {"type": "JOURNAL", "date": "2026-04-02", "lines": [debit, credit]}


CASH, CAPITAL = {"account": "1110", "debit": "10"}, {"account": "3010", "credit": "10"}
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "unequal sides": (ledger(CASH, {"account": "3010", "credit": "9.99"}), "GL-001", "lines"),
    "an account that is not there": (ledger({**CASH, "account": "9999"}, CAPITAL), "GL-002", "lines[0].account"),
    "a group": (ledger({**CASH, "account": "1000"}, CAPITAL), "GL-003", "lines[0].account"),
    "inventory in a journal": (ledger({**CASH, "account": "1140"}, CAPITAL), "GL-004", "lines[0].account"),
    "GR/IR in a journal": (ledger({**CASH, "account": "2120"}, CAPITAL), "GL-004", "lines[0].account"),
    "receivables without a party": (ledger({**CASH, "account": "1130"}, CAPITAL), "GL-005", "lines[0].party"),
    "both sides on one line": (ledger({**CASH, "credit": "10"}, CAPITAL), "GL-006", "lines[0].credit"),
    "the header's account on a line": (
        {"type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
         "lines": [{"account": "1110", "amount": "10"}]}, "GL-007", "lines[0].account"),
    **{f"{kind.lower()} of {account}": (
        {"type": kind, "date": "2026-04-02", "account": account, "lines": [{"account": line, "amount": "10"}]},
        "GL-008", "account" if account in ("4010", "1150", "5010") else "lines[0].account")
       for kind, account, line in (
           ("CASH_PAYMENT", "4010", "6050"), ("BANK_RECEIPT", "1150", "3010"), ("BANK_TRANSFER", "5010", "1110"),
           ("BANK_TRANSFER", "1120", "6050"), ("CASH_TRANSFER", "1110", "3010"))},
    "a receipt into sales": (
        {"type": "AR_RECEIPT", "date": "2026-04-02", "account": "4010", "party": "C001", "amount": "10"},
        "GL-008", "account"),
}
MONEY = ({"account": "1120", "type": "CASH_PAYMENT"}, {"account": "1110", "type": "BANK_PAYMENT"},
         {"account": "TILL", "type": "CASH_PAYMENT"}, {"account": "CARD", "type": "BANK_PAYMENT"},
         {"account": "TILL", "type": "BANK_TRANSFER", "lines": [{"account": "CARD", "amount": "10"}]})


@pytest.mark.parametrize(("document", "code", "field"), [
    pytest.param(*case, id=name, marks=provokes(case[1])) for name, case in CASES.items()])
def test_a_ledger_voucher_is_refused_with_code_and_place(
        terminal: Terminal, document: dict[str, Any], code: str, field: str) -> None:
    before = terminal.trade.fingerprint()
    answer = terminal.refused(document)
    assert (answer["code"], answer["field"], answer["step"]) == (code, field, "gl")
    assert terminal.trade.changed_since(before) <= {"posting_log"}


def test_money_comes_from_cash_bank_and_accounts_that_nobody_gave_a_kind(terminal: Terminal) -> None:
    chart = [{"code": "TILL", "name": "Till", "parent": "1000", "type": "asset"},
             {"code": "CARD", "name": "Credit card", "parent": "2000", "type": "liability"}]
    terminal.trade.books.masters.import_masters({"accounts": chart})
    for document in MONEY:
        answer = terminal.posted({"date": "2026-04-02", "lines": [{"account": "6050", "amount": "10"}], **document})
        assert answer["status"] == "POSTED"
