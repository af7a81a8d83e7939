"""Charges on vouchers of ledger accounts: a fee, a tax withheld and rounding on what the lines come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import Ok
from erpdesk.posting.outcome import PostedVoucher
from helpers.hostile import Payload, hostile_desk
from helpers.trading import Trade

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]

FEE = {"sequence": 10, "code": "FEE", "label": "Card fee", "ledger": "6050", "calculation_type": "rate", "rate": "2",
       "base": "items_total", "can_edit": False}
WITHHELD = {"sequence": 20, "code": "TDS", "label": "Tax withheld", "ledger": "2130", "calculation_type": "rate",
            "rate": "1.5", "base": "items_total", "direction": "deduct", "can_edit": False}
TIP = {"sequence": 30, "code": "TIP", "label": "Tip", "ledger": "6020", "calculation_type": "amount", "can_edit": True}


def slip(*amounts: str, **header: Any) -> dict[str, Any]:
    return {"type": "PETROL_SLIP", "date": "2026-04-05", "account": "1110",
            "lines": [{"account": "6020", "amount": amount} for amount in amounts], **header}


@pytest.fixture
def office(shop: Trade) -> Trade:
    """SHOP with petrol slips: payments from cash with a fee, a tax withheld and a tip."""
    columns = {"code": "PETROL_SLIP", "copy_of": "CASH_PAYMENT", "label": "Petrol slip", "is_active": True,
               "number_prefix": "PS/{FYS}/", "charges": [FEE, WITHHELD, TIP]}
    [result] = shop.books.configuration.import_document({"voucher_types": [columns]})
    assert result.status == "created", result
    return shop


def lines(office: Trade, voucher: PostedVoucher) -> list[tuple[str, str, str]]:
    return office.rows(
        "SELECT l.role, a.code, l.debit - l.credit FROM erpdesk.journal j"
        " JOIN erpdesk.journal_line l ON l.journal_id = j.id JOIN erpdesk.account a ON a.id = l.account_id"
        " WHERE j.voucher_id = %s ORDER BY l.line_number",
        voucher.voucher_id)


def test_charges_are_added_and_withheld_on_their_ledgers(office: Trade) -> None:
    posted = office.post(slip("100", "50.55", charges=[{"code": "TIP", "amount": "5"}]))
    # 2 % of 150.55 is 3.011 → 3.01; 1.5 % is 2.25825 → 2.26; 150.55 + 3.01 − 2.26 + 5 = 156.30
    assert posted.total == "156.30"
    assert lines(office, posted) == [("account", "1110", "-156.3"), ("line", "6020", "150.55"),
                                     ("charge", "6050", "3.01"), ("charge", "2130", "-2.26"), ("charge", "6020", "5")]
    assert office.rows("SELECT code, base_amount, amount FROM erpdesk.voucher_charge ORDER BY sequence") == [
        ("FEE", "150.55", "3.01"), ("TDS", "150.55", "2.26"), ("TIP", "151.3", "5")]


def test_the_same_totals_stand_beside_the_voucher_while_it_is_typed(office: Trade) -> None:
    totals = office.books.vouchers.recalculate(slip("100", "50.55"))
    assert [(one.code, one.base, one.amount, one.deduct) for one in totals.charges] == [
        ("FEE", "150.55", "3.01", False), ("TDS", "150.55", "2.26", True), ("TIP", "151.30", "0.00", False)]
    assert (totals.line_amounts, totals.items_total, totals.net) == (("100.00", "50.55"), "150.55", "151.30")


def test_the_total_is_rounded_where_the_type_says_so(office: Trade) -> None:
    office.configure("PETROL_SLIP", round_to="1")
    posted = office.post(slip("150.55"))
    assert (posted.total, lines(office, posted)[-1]) == ("151.00", ("rounding", "6030", "-0.3"))


def test_charges_in_another_currency_convert_once_each(office: Trade) -> None:
    office.books.masters.import_masters({"currencies": [{"code": "USD"}]})
    posted = office.post(slip("0.05", "0.05", "50", currency="USD", exchange_rate="133.33"))
    # 50.10 with 1.00 and less 0.75 is 50.35 → 6713.17; 6.67 + 6.67 + 6666.50 + 133.33 − 100.00 = 6713.17
    assert [(role, amount) for role, _, amount in lines(office, posted)] == [
        ("account", "-6713.17"), ("line", "6679.84"), ("charge", "133.33"), ("charge", "-100")]
    posted = office.post(slip("0.05", "0.05", "0.05", currency="USD", exchange_rate="133.33"))
    # 0.15 → 20.00; three lines of 6.67 are 20.01
    assert [(role, amount) for role, _, amount in lines(office, posted)] == [
        ("account", "-20"), ("line", "20.01"), ("exchange_rounding", "-0.01")]


def test_a_reversal_takes_the_charges_back(office: Trade) -> None:
    posted = office.post(slip("100"))
    assert isinstance(office.books.vouchers.reverse(str(posted.voucher_number), None, "typed twice"), Ok)
    assert set(office.balances().values()) <= {"0"}


def test_a_charge_that_is_computed_can_not_be_typed(office: Trade) -> None:
    assert office.refuse(slip("100", charges=[{"code": "FEE", "amount": "1"}])).faults[0].code == "VCH-008"


def _without_the_fee(shop: Trade, sent: Payload) -> None:
    """The fee of 2 isn't paid: charge, total and journal agree on it."""
    if "charges" in sent:
        fee = next(row for row in sent["charges"] if row["code"] == "FEE")
        fee["amount"] = "0"
        for name in ("total", "base_total"):
            sent["voucher"][name] = str(Decimal(sent["voucher"][name]) - 2)
    else:
        sent["plan"]["journal"] = [row for row in sent["plan"]["journal"]
                                   if (row["role"], str(row["amount"])) != ("charge", "2.00")]
        header = next(row for row in sent["plan"]["journal"] if row["role"] == "account")
        header["amount"] = str(Decimal(header["amount"]) + 2)


def _total_of_its_own(shop: Trade, sent: Payload) -> None:
    """Ten more are paid and called rounding."""
    if "charges" in sent:
        for name in ("total", "base_total"):
            sent["voucher"][name] = str(Decimal(sent["voucher"][name]) + 10)
    else:
        header = next(row for row in sent["plan"]["journal"] if row["role"] == "account")
        header["amount"] = str(Decimal(header["amount"]) - 10)
        rows = sent["plan"]["journal"]
        rows.append({"line_number": len(rows) + 1, "role": "rounding", "amount": "10",
                     "account_id": str(shop.one("SELECT id FROM erpdesk.account WHERE code = '6030'"))})


@pytest.mark.parametrize("forgery", [_without_the_fee, _total_of_its_own])
def test_a_clerk_with_a_program_of_his_own_can_not_leave_a_charge_out(office: Trade, forgery: Any) -> None:
    with hostile_desk(office) as clerk:
        sent: list[Payload] = []

        def forged(shop: Trade, payload: Payload) -> None:
            forgery(shop, payload)
            sent.append(payload)

        before = office.fingerprint()
        result = clerk.post(slip("100"), opened=forged, applied=forged)
        assert len(sent) == 2, result
        assert not isinstance(result, Ok)
        assert office.changed_since(before) <= {"posting_log"}
