"""Vouchers in another currency: every figure in both, to the cent, and nothing lost between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from erpdesk.domain.results import InvalidRequest
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.services.settling import SettlementRequest, settle
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale

CURRENCIES: Mapping[str, Any] = {"currencies": [
    {"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "133.333333"},
                              {"valid_from": "2026-04-08", "rate": "135"}]},
    {"code": "KWD", "rates": [{"valid_from": "2026-04-01", "rate": "433.127"}]},
    {"code": "JPY"}]}


@pytest.fixture
def trade(shop: Trade) -> Trade:
    """SHOP with dollars, dinars (three decimals) and yen (none, without a rate)."""
    assert [one.status for one in shop.books.masters.import_masters(CURRENCIES)] == ["created"] * 3
    return shop


def stated(trade: Trade, voucher: PostedVoucher) -> list[tuple[str, str, str | None, str | None]]:
    """Account, base amount, currency and currency amount of each line."""
    return trade.rows(
        "SELECT a.code, l.debit - l.credit, l.currency_code, l.currency_amount FROM erpdesk.journal j"
        " JOIN erpdesk.journal_line l ON l.journal_id = j.id JOIN erpdesk.account a ON a.id = l.account_id"
        " WHERE j.voucher_id = %s ORDER BY l.line_number", voucher.voucher_id)


def items(trade: Trade, party: str) -> list[tuple[str, str, str, str, str]]:
    """Currency, amount and open amount in it, and both in base, of a party's open items, in posting order."""
    return trade.rows(
        "SELECT o.currency_code, o.currency_amount, o.currency_open_amount, o.amount, o.open_amount"
        " FROM erpdesk.open_item o JOIN erpdesk.party p ON p.id = o.party_id"
        " JOIN erpdesk.voucher v ON v.id = o.voucher_id WHERE p.code = %s ORDER BY v.posting_sequence, o.id", party)


def dollars(lines: list[dict[str, Any]], rate: str | None = "130", **more: Any) -> dict[str, Any]:
    return sale(lines, currency="USD", **({"exchange_rate": rate} if rate else {}), **PLAIN, **more)


def receipt(*allocations: tuple[PostedVoucher, str], amount: str, rate: str, **more: Any) -> dict[str, Any]:
    extra = more.pop("parts", {})
    return {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": amount,
            "currency": "USD", "exchange_rate": rate,
            "allocations": [{"voucher_number": one.voucher_number, "amount": part, **extra}
                            for one, part in allocations], **more}


def test_a_sale_converts_line_by_line_and_the_residue_is_exchange_rounding(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "0.01")] * 3, "133.333333"))
    assert (sold.total, sold.cost) == ("0.03", "15.00")
    assert stated(trade, sold) == [
        ("1130", "4", "USD", "0.03"), ("4010", "-3.99", "USD", "-0.03"), ("5010", "15", None, None),
        ("1140", "-15", None, None), ("6040", "-0.01", None, None)]
    assert items(trade, "C001") == [("USD", "0.03", "0.03", "4", "4")]


def test_charges_convert_once_each_and_tax_is_of_the_voucher_currency(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(sale([goods("TEA", "1", "10.55")], currency="usd", exchange_rate="133.37",
                           charges=[{"code": "DISC", "amount": "0.33"}]))
    # 10.55 − 0.33 = 10.22; VAT 13 % = 1.33; total 11.55 → 1540.42
    # 10.55 → 1407.05; 0.33 → 44.01; 1.33 → 177.38
    assert stated(trade, sold) == [
        ("1130", "1540.42", "USD", "11.55"), ("4010", "-1407.05", "USD", "-10.55"), ("5010", "5", None, None),
        ("1140", "-5", None, None), ("6010", "44.01", "USD", "0.33"), ("2130", "-177.38", "USD", "-1.33")]


def test_a_purchase_keeps_its_stock_in_base_with_discount_and_freight_split_there(trade: Trade) -> None:
    bought = trade.post(purchase([goods("TEA", "3", "1.11"), goods("OIL", "1", "6.67")], currency="USD",
                                 exchange_rate="133.333333",
                                 charges=[{"code": "DISC", "amount": "1.00"}, {"code": "FREIGHT", "amount": "0.77"}]))
    # lines 3.33 → 444.00 and 6.67 → 889.33; discount 133.33, freight 102.67; VAT 13 % of 9.77 = 1.27 → 169.33
    # discount over 444 : 889.33 = 44.40 + 88.93; freight 34.19 + 68.48
    assert bought.total == "11.04"
    assert trade.stock("TEA") == ("3", "433.79")
    assert trade.stock("OIL") == ("1", "868.88")
    assert stated(trade, bought) == [
        ("2110", "-1472", "USD", "-11.04"), ("1140", "1302.67", None, None), ("1150", "169.33", "USD", "1.27")]
    assert trade.party_balance("S001") == "-1472"


def test_the_rate_comes_from_the_masters_as_of_the_date(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    for day, base in (("2026-04-07", "133.33"), ("2026-04-08", "135"), ("2026-06-30", "135")):
        trade.post(dollars([goods("TEA", "1", "1")], None, date=day))
        assert items(trade, "C001")[-1] == ("USD", "1", "1", base, base)


@pytest.mark.parametrize(("more", "code", "field"), [
    ({"currency": "EUR"}, "VCH-050", "currency"),
    ({"currency": "JPY"}, "VCH-051", "exchange_rate"),
    ({"currency": "USD", "date": "2026-04-01"}, "", ""),
    ({"exchange_rate": "2"}, "VCH-052", "exchange_rate"),
    ({"currency": "NPR", "exchange_rate": "133"}, "VCH-052", "exchange_rate"),
    ({"currency": "NPR", "exchange_rate": "1.00"}, "", ""),
    ({"currency": "USD", "exchange_rate": "0"}, "VCH-004", "exchange_rate")])
def test_currency_and_rate_must_fit(trade: Trade, more: dict[str, str], code: str, field: str) -> None:
    trade.buy("TEA", "10", "5", day="2026-04-01")
    document = {**sale([goods("TEA", "1", "1")], **PLAIN), **more}
    if not code:
        trade.post(document)
        return
    before = trade.fingerprint()
    refused = trade.refuse(document)
    assert [(fault.code, fault.field) for fault in refused.faults] == [(code, field)]
    assert trade.changed_since(before) <= {"posting_log"}


def test_an_inactive_currency_takes_no_new_vouchers(trade: Trade) -> None:
    trade.books.masters.import_masters({"currencies": [{"code": "USD", "is_active": False}]})
    trade.buy("TEA", "10", "5")
    assert trade.refuse(dollars([goods("TEA", "1", "1")])).faults[0].code == "VCH-050"


def test_money_has_the_decimals_of_its_currency(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(sale([goods("TEA", "1", "1.2345")], currency="KWD", **PLAIN))
    assert sold.total == "1.235"
    assert items(trade, "C001") == [("KWD", "1.235", "1.235", "534.91", "534.91")]
    shown = trade.books.vouchers.show(str(sold.voucher_number)).as_json()
    assert (shown["total"], shown["currency"], shown["exchange_rate"]) == ("1.235", "KWD", "433.127")
    paid = {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "currency": "KWD",
            "allocations": [{"voucher_number": sold.voucher_number, "amount": "1.235"}]}
    assert trade.post({**paid, "amount": "1.235"}).total == "1.235"
    yen = sale([goods("TEA", "1", "99.5")], currency="JPY", exchange_rate="0.912345", **PLAIN)
    assert trade.post(yen).total == "100"
    assert items(trade, "C001")[-1] == ("JPY", "100", "100", "91.23", "91.23")
    assert trade.refuse(sale([goods("TEA", "1", "1", discount_amount="0.5")], currency="JPY", exchange_rate="1",
                             **PLAIN)).faults[0].code == "VCH-004"


def test_a_journal_in_another_currency_balances_there_and_here(trade: Trade) -> None:
    posted = trade.post({"type": "JOURNAL", "date": "2026-04-09", "currency": "USD", "exchange_rate": "133.333333",
                         "lines": [{"account": "1130", "party": "C001", "debit": "0.01"},
                                   {"account": "6020", "debit": "0.01"}, {"account": "6050", "debit": "0.01"},
                                   {"account": "1120", "credit": "0.03"}]})
    assert stated(trade, posted) == [
        ("1130", "1.33", "USD", "0.01"), ("6020", "1.33", "USD", "0.01"), ("6050", "1.33", "USD", "0.01"),
        ("1120", "-4", "USD", "-0.03"), ("6040", "0.01", None, None)]
    refused = trade.refuse({"type": "JOURNAL", "date": "2026-04-09", "currency": "USD", "lines": [
        {"account": "6020", "debit": "0.02"}, {"account": "1120", "credit": "0.01"}]})
    assert [(fault.code, fault.details["difference"]) for fault in refused.faults] == [("GL-001", "0.01")]


@pytest.mark.parametrize(("kind", "sign"), [("BANK_RECEIPT", 1), ("BANK_PAYMENT", -1), ("BANK_TRANSFER", -1)])
def test_money_vouchers_convert_header_and_lines(trade: Trade, kind: str, sign: int) -> None:
    other = "1110" if kind == "BANK_TRANSFER" else "6020"
    posted = trade.post({"type": kind, "date": "2026-04-09", "account": "1120", "currency": "USD",
                         "exchange_rate": "133.333333",
                         "lines": [{"account": other, "amount": "0.01"}, {"account": other, "amount": "0.02"}]})
    assert stated(trade, posted) == [
        ("1120", str(4 * sign), "USD", f"{'' if sign > 0 else '-'}0.03"), (other, str(-4 * sign), "USD",
                                                                         f"{'-' if sign > 0 else ''}0.03")]


@pytest.mark.parametrize(("kind", "party", "side"), [("DEBIT_NOTE", "S001", 1), ("CREDIT_NOTE", "C001", -1)])
def test_notes_open_an_item_in_both_currencies(trade: Trade, kind: str, party: str, side: int) -> None:
    trade.post({"type": kind, "date": "2026-04-09", "party": party, "currency": "USD", "exchange_rate": "130",
                "lines": [{"account": "5020", "amount": "2"}]})
    assert items(trade, party) == [("USD", str(2 * side), str(2 * side), str(260 * side), str(260 * side))]


def test_a_receipt_at_another_rate_realises_a_gain(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "100")], "130"))
    paid = trade.post(receipt((sold, "100"), amount="100", rate="135"))
    assert stated(trade, paid) == [
        ("1120", "13500", "USD", "100"), ("1130", "-13000", "USD", "-100"), ("6070", "-500", None, None)]
    assert items(trade, "C001") == [("USD", "100", "0", "13000", "0"), ("USD", "-100", "0", "-13000", "0")]
    assert trade.party_balance("C001") == "0"


def test_a_payment_at_a_higher_rate_is_a_loss(trade: Trade) -> None:
    bought = trade.post(purchase([goods("TEA", "1", "100")], currency="USD", exchange_rate="130", **PLAIN))
    paid = trade.post({"type": "AP_PAYMENT", "date": "2026-05-02", "account": "1120", "party": "S001",
                       "amount": "100", "currency": "USD", "exchange_rate": "135.5",
                       "allocations": [{"voucher_number": bought.voucher_number, "amount": "100"}]})
    assert stated(trade, paid) == [
        ("1120", "-13550", "USD", "-100"), ("2110", "13000", "USD", "100"), ("6070", "550", None, None)]


def test_three_parts_take_everything_and_lose_nothing(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "10")], "133.333333"))
    assert items(trade, "C001")[0] == ("USD", "10", "10", "1333.33", "1333.33")
    left = []
    for part in ("3.33", "3.33", "3.34"):
        trade.post(receipt((sold, part), amount=part, rate="133.333333"))
        left.append((items(trade, "C001")[0][2], items(trade, "C001")[0][4]))
    assert left == [("6.67", "889.33"), ("3.34", "445.33"), ("0", "0")]
    assert trade.party_balance("C001") == "0"
    assert "6070" not in trade.balances(), "the rate never changed"


def test_rounding_at_the_same_rate_is_no_gain(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "0.03")], "133.333333"))
    first = trade.post(receipt((sold, "0.01"), amount="0.01", rate="133.333333"))
    second = trade.post(receipt((sold, "0.02"), amount="0.02", rate="133.333333"))
    assert [stated(trade, one) for one in (first, second)] == [
        [("1120", "1.33", "USD", "0.01"), ("1130", "-1.33", "USD", "-0.01")],
        [("1120", "2.67", "USD", "0.02"), ("1130", "-2.67", "USD", "-0.02")]]


def test_discount_write_off_and_advance_convert_at_the_receipts_rate(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "100")], "130"))
    paid = trade.post(receipt((sold, "90"), amount="95", rate="135", parts={"discount": "6", "write_off": "4"}))
    assert stated(trade, paid) == [
        ("1120", "12825", "USD", "95"), ("6010", "810", "USD", "6"), ("6060", "540", "USD", "4"),
        ("1130", "-13675", "USD", "-105"), ("6070", "-500", None, None)]
    assert items(trade, "C001")[1] == ("USD", "-105", "-5", "-13675", "-675")


def test_an_advance_settles_an_invoice_of_another_rate(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    advance = trade.post(receipt(amount="50", rate="130"))
    sold = trade.post(dollars([goods("TEA", "1", "80")], "136"))
    settled = trade.post(receipt((sold, "50"), (advance, "-50"), amount="0", rate="136"))
    assert stated(trade, settled) == [("1130", "-300", "USD", "0"), ("6070", "300", None, None)]
    assert [row[2::2] for row in items(trade, "C001")] == [("0", "0"), ("30", "4080"), ("0", "0")]
    assert trade.party_balance("C001") == "4080"


def test_an_advance_beside_credits_of_a_higher_rate_has_a_voucher_of_its_own(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    advance = trade.post(receipt(amount="100", rate="140"))
    sold = trade.post(dollars([goods("TEA", "1", "100")], "130"))
    both = receipt((sold, "100"), (advance, "-100"), amount="10", rate="135")
    assert [(fault.code, fault.field) for fault in trade.refuse(both).faults] == [("VCH-019", "amount")]
    trade.post({**both, "amount": "0"})
    trade.post(receipt(amount="10", rate="135"))
    assert trade.party_balance("C001") == "-1350"


def test_settling_sets_credits_against_invoices_of_one_currency(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    trade.post(receipt(amount="50", rate="130"))
    trade.post(dollars([goods("TEA", "1", "80")], "136"))
    trade.sell("TEA", "1", "1000")
    with pytest.raises(InvalidRequest, match="can be settled"):
        settle(trade.books, SettlementRequest("C001", "receivable", date="2026-05-03"))
    done = accepted(settle(trade.books, SettlementRequest("C001", "receivable", currency="usd", date="2026-05-03")))
    assert stated(trade, done) == [("1130", "-300", "USD", "0"), ("6070", "300", None, None)]
    assert [row[2] for row in items(trade, "C001")] == ["0", "30", "1000", "0"]


def test_a_receipt_settles_documents_of_its_own_currency_alone(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    foreign = trade.post(dollars([goods("TEA", "1", "100")], "130"))
    own = trade.sell("TEA", "1", "50")
    base = {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": "50"}
    for document in (
            {**base, "allocations": [{"voucher_number": foreign.voucher_number, "amount": "50"}]},
            receipt((own, "50"), amount="50", rate="130")):
        refused = trade.refuse(document)
        assert [(fault.code, fault.field) for fault in refused.faults] == [
            ("VCH-053", "allocations[0].voucher_number")]


def test_a_return_and_its_invoice_share_the_currency_or_the_rate_is_typed(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "4", "10")], "130"))
    back: dict[str, Any] = {"type": "SALES_RETURN", "date": "2026-04-20", "party": "C001", "warehouse": "MAIN",
                            "against": sold.voucher_number, **PLAIN}
    refused = trade.refuse({**back, "lines": [goods("TEA", "1")]})
    assert [(fault.code, fault.field) for fault in refused.faults] == [("VCH-012", "lines[0].rate")]
    returned = trade.post({**back, "lines": [goods("TEA", "1")], "currency": "USD", "exchange_rate": "132"})
    assert stated(trade, returned) == [
        ("1130", "-1320", "USD", "-10"), ("4020", "1320", "USD", "10"), ("5010", "-5", None, None),
        ("1140", "5", None, None)]


def test_a_purchase_return_at_another_rate_leaves_the_difference_to_variance(trade: Trade) -> None:
    bought = trade.post(purchase([goods("TEA", "3", "1.11")], currency="USD", exchange_rate="133.333333", **PLAIN))
    back = trade.post({"type": "PURCHASE_RETURN", "date": "2026-04-20", "party": "S001", "warehouse": "MAIN",
                       "against": bought.voucher_number, "lines": [goods("TEA", "1", "1.11")], "currency": "USD",
                       "exchange_rate": "140", **PLAIN})
    assert stated(trade, back) == [
        ("2110", "155.4", "USD", "1.11"), ("1140", "-148", None, None), ("5020", "-7.4", None, None)]


def test_landed_cost_in_another_currency_is_capitalised_in_base(trade: Trade) -> None:
    bought = trade.buy("TEA", "10", "5")
    landed = trade.post({"type": "LANDED_COST", "date": "2026-04-20", "party": "S002", "currency": "USD",
                         "exchange_rate": "133.333333", "receipts": [bought.voucher_number],
                         "charges": [{"amount": "0.01", "by": "value"}, {"amount": "0.02", "by": "value"},
                                     {"account": "2140", "amount": "0.01", "by": "value"}]})
    assert stated(trade, landed) == [
        ("2110", "-4", "USD", "-0.03"), ("2140", "-1.33", "USD", "-0.01"), ("1140", "5.33", None, None)]
    assert (landed.total, landed.cost, trade.stock("TEA")) == ("0.04", "5.33", ("10", "55.33"))
    assert items(trade, "S002") == [("USD", "-0.03", "-0.03", "-4", "-4")]


def test_goods_received_in_dollars_and_invoiced_at_another_rate_clear_whole(trade: Trade) -> None:
    trade.configure("GOODS_RECEIPT", is_active=True)
    got = trade.post({"type": "GOODS_RECEIPT", "date": "2026-04-03", "party": "S001", "warehouse": "MAIN",
                      "currency": "USD", "exchange_rate": "130", "lines": [goods("TEA", "10", "1")]})
    assert stated(trade, got) == [("1140", "1300", None, None), ("2120", "-1300", None, None)]
    billed = trade.post(purchase([goods("TEA", "10", "1")], against=got.voucher_number, date="2026-04-05",
                                 currency="USD", exchange_rate="132", **PLAIN))
    assert sorted(stated(trade, billed)) == [
        ("1140", "20", None, None), ("2110", "-1320", "USD", "-10"), ("2120", "1300", None, None)]
    assert trade.stock("TEA") == ("10", "1320")
    assert "2120" not in trade.balances()


def test_the_rounding_of_a_total_converts_too(trade: Trade) -> None:
    trade.configure("SALES_INVOICE", round_to="1")
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "10.4")], "133.33"))
    assert (sold.total, stated(trade, sold)) == ("10.00", [
        ("1130", "1333.3", "USD", "10"), ("4010", "-1386.63", "USD", "-10.4"), ("5010", "5", None, None),
        ("1140", "-5", None, None), ("6030", "53.33", "USD", "0.4")])


def test_a_reversal_mirrors_both_currencies(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    sold = trade.post(dollars([goods("TEA", "1", "0.01")] * 3, "133.333333"))
    trade.post(receipt((sold, "0.01"), amount="0.01", rate="140"))
    number = str(sold.voucher_number)
    mirror = accepted(trade.books.vouchers.reverse(number, "2026-05-03", "wrong"))
    assert stated(trade, mirror) == [(code, amount[1:] if amount[0] == "-" else f"-{amount}", currency,
                                      None if more is None else more[1:] if more[0] == "-" else f"-{more}")
                                     for code, amount, currency, more in stated(trade, sold)]
    assert items(trade, "C001") == [
        ("USD", "0.03", "0", "4", "0"), ("USD", "-0.01", "-0.01", "-1.33", "-1.33"), ("USD", "-0.03", "0", "-4", "0")]


def test_reversing_one_of_two_invoices_releases_its_own_part_of_the_receipt(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    first = trade.post(dollars([goods("TEA", "1", "100")], "130"))
    second = trade.post(dollars([goods("TEA", "1", "50")], "140"))
    trade.post(receipt((first, "100"), (second, "50"), amount="150", rate="135"))
    accepted(trade.books.vouchers.reverse(str(first.voucher_number), "2026-05-03", "wrong"))
    assert [row[1:] for row in items(trade, "C001")] == [
        ("100", "0", "13000", "0"), ("50", "0", "7000", "0"), ("-150", "-100", "-20000", "-13000"),
        ("-100", "0", "-13000", "0")]


def test_a_credit_limit_counts_in_base(trade: Trade) -> None:
    trade.configure("SALES_INVOICE", credit_check="block")
    trade.books.masters.import_masters({"parties": [{"code": "C001", "kind": "customer", "credit_limit": "13000"}]})
    trade.buy("TEA", "10", "5")
    trade.post(dollars([goods("TEA", "1", "100")], "130"))
    assert trade.refuse(dollars([goods("TEA", "1", "0.01")], "130")).faults[0].code == "VCH-040"


def test_totals_while_typing_previews_and_rehearsals_have_the_currency_s_decimals(trade: Trade) -> None:
    trade.buy("TEA", "10", "5")
    document = sale([goods("TEA", "1", "1.2345")], currency="kwd", **PLAIN)
    vouchers = trade.books.vouchers
    assert vouchers.recalculate(document).net == "1.235"
    assert vouchers.recalculate({**document, "currency": "NPR"}).net == "1.23"
    assert vouchers.recalculate({**document, "currency": "?"}).net == "1.23"
    preview = vouchers.preview(document).as_json()
    assert preview["total"] == "1.235"
    first = preview["journal"][0]
    assert (first["account"], first["debit"]) == ("1130", "534.91")
    assert accepted(vouchers.rehearsal().rehearse(document)).total == "1.235"
    assert trade.save(document).total == "1.235"
