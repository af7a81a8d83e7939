"""A line over several cost centres: journalled for each, to the unit, in the voucher's currency and in the books'."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.posting.outcome import PostedVoucher
from helpers.trading import PLAIN, Trade, goods, purchase, sale


@pytest.fixture
def trade(shop: Trade) -> Trade:
    """SHOP with three cost centres, and dollars."""
    assert all(one.ok for one in shop.books.masters.import_masters({
        "cost_centres": [{"code": "CC2", "name": "Workshop"}, {"code": "CC3", "name": "Van"}],
        "currencies": [{"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "133.333333"}]}]}))
    return shop


def rent(*parts: dict[str, Any], amount: str = "100.00", **header: Any) -> dict[str, Any]:
    return {"type": "JOURNAL", "date": "2026-04-05", "lines": [
        {"account": "6020", "debit": amount, "cost_centres": list(parts)}, {"account": "1110", "credit": amount}],
        **header}


def of(code: str, **said: str) -> dict[str, Any]:
    return {"cost_centre": code, **said}


def borne(trade: Trade, voucher: PostedVoucher) -> list[tuple[str, str | None, str]]:
    """Account, cost centre and signed amount of each journal line."""
    return trade.rows(
        "SELECT a.code, c.code, l.debit - l.credit FROM erpdesk.journal j JOIN erpdesk.journal_line l"
        " ON l.journal_id = j.id JOIN erpdesk.account a ON a.id = l.account_id LEFT JOIN erpdesk.cost_centre c"
        " ON c.id = l.cost_centre_id WHERE j.voucher_id = %s ORDER BY l.line_number", voucher.voucher_id)


def test_amounts_are_journalled_for_each_cost_centre(trade: Trade) -> None:
    posted = trade.post(rent(of("CC1", amount="60.00"), of("CC2", amount="25.50"), of("CC3", amount="14.50")))
    assert borne(trade, posted) == [("6020", "CC1", "60"), ("6020", "CC2", "25.5"), ("6020", "CC3", "14.5"),
                                    ("1110", None, "-100")]
    assert trade.unsound() == []


def test_percentages_leave_no_cent_over(trade: Trade) -> None:
    posted = trade.post(rent(of("CC1", percent="33.33"), of("CC2", percent="33.33"), of("CC3", percent="33.34"),
                             amount="0.10"))
    parts = borne(trade, posted)
    assert [(centre, amount) for _, centre, amount in parts if centre] == [("CC1", "0.03"), ("CC2", "0.04"),
                                                                           ("CC3", "0.03")]
    assert trade.unsound() == []


@pytest.mark.parametrize("parts", [
    [of("CC1", amount="60"), of("CC2")], [of("CC2"), of("CC1", amount="60")], [of("CC1", percent="60"), of("CC2")]])
def test_a_part_that_says_nothing_takes_what_is_left(trade: Trade, parts: list[dict[str, Any]]) -> None:
    posted = trade.post(rent(*parts))
    assert {centre: amount for _, centre, amount in borne(trade, posted)} == {"CC1": "60", "CC2": "40", None: "-100"}


@pytest.mark.parametrize(("parts", "said"), [
    ([of("CC1", amount="60"), of("CC2", amount="39.99")], "The cost centres come to 99.99, the line to 100"),
    ([of("CC1", amount="60"), of("CC2", amount="40.01")], "The cost centres come to 100.01, the line to 100"),
    ([of("CC1", percent="60"), of("CC2", percent="30")], "The cost centres come to 90 %, the line to 100 %"),
    ([of("CC1", amount="60"), of("CC2", percent="40")], "The parts are all amounts or all percentages"),
    ([of("CC1", amount="100"), of("CC2")], "The cost centres come to 100, the line to 100"),
    ([of("CC1"), of("CC2")], "The cost centres come to 0, the line to 100"),
    ([of("CC1", amount="-20"), of("CC2", amount="120")], "What a cost centre bears is positive")])
def test_parts_that_do_not_come_to_the_line_are_refused(trade: Trade, parts: list[dict[str, Any]], said: str) -> None:
    refused = trade.refuse(rent(*parts))
    first = refused.first
    assert (first.code, first.field, first.message) == ("VCH-056", "lines[0].cost_centres", said)


def test_what_a_split_may_not_say_is_refused_by_name(trade: Trade) -> None:
    assert trade.refuse(rent(of("NONE", amount="100"))).first.field == "lines[0].cost_centres[0].cost_centre"
    both = rent(of("CC1", amount="100"))
    both["lines"][0]["cost_centre"] = "CC2"
    assert "cost_centre" in trade.refuse(both).first.message
    assert trade.refuse(rent({"cost_centre": "CC1", "share": "1"})).first.field == "lines[0].cost_centres[0].share"
    assert trade.refuse(rent({"amount": "100"})).first.field == "lines[0].cost_centres[0].cost_centre"
    bought = purchase([goods("TEA", "1", "5", cost_centres=[of("CC1", amount="5")])], **PLAIN)
    assert trade.refuse(bought).first.field == "lines[0].cost_centres"


def test_a_draft_keeps_its_split_and_another_save_replaces_it(trade: Trade) -> None:
    draft = trade.save(rent(of("CC1", amount="60"), of("CC2", amount="40")))
    assert trade.one("SELECT count(*) FROM erpdesk.voucher_line_cost_centre") == 2
    saved = trade.save(rent(of("CC3", amount="100")), voucher_id=draft.voucher_id, row_version=draft.row_version)
    assert trade.rows("SELECT c.code, s.amount FROM erpdesk.voucher_line_cost_centre s JOIN erpdesk.cost_centre c"
                      " ON c.id = s.cost_centre_id") == [("CC3", "100")]
    trade.save(rent(of("CC3"), amount="7") | {"lines": rent(amount="7")["lines"]}, voucher_id=draft.voucher_id,
               row_version=saved.row_version)
    assert trade.one("SELECT count(*) FROM erpdesk.voucher_line_cost_centre") == 0


def test_a_reversal_takes_it_from_each_cost_centre_again(trade: Trade) -> None:
    posted = trade.post(rent(of("CC1", percent="50"), of("CC2", percent="50"), amount="0.03"))
    assert {centre: amount for _, centre, amount in borne(trade, posted)} == {"CC1": "0.02", "CC2": "0.01",
                                                                              None: "-0.03"}
    trade.books.vouchers.reverse(posted.voucher_id, None, "wrong")
    left = trade.rows("SELECT c.code, sum(l.debit - l.credit) FROM erpdesk.journal_line l JOIN erpdesk.cost_centre c"
                      " ON c.id = l.cost_centre_id GROUP BY 1 ORDER BY 1")
    assert left == [("CC1", "0"), ("CC2", "0")]
    assert trade.unsound() == []


def test_another_currency_is_split_in_both_to_the_unit(trade: Trade) -> None:
    posted = trade.post(rent(of("CC1", amount="0.01"), of("CC2", amount="0.01"), of("CC3", amount="0.01"),
                             amount="0.03", currency="USD", exchange_rate="133.333333"))
    parts = trade.rows(
        "SELECT c.code, l.debit, l.currency_amount FROM erpdesk.journal_line l JOIN erpdesk.cost_centre c"
        " ON c.id = l.cost_centre_id ORDER BY l.line_number")
    assert parts == [("CC1", "1.33", "0.01"), ("CC2", "1.34", "0.01"), ("CC3", "1.33", "0.01")]
    assert posted.total == "0.03"
    assert trade.unsound() == []


def test_payments_split_their_lines_too(trade: Trade) -> None:
    trade.configure("CASH_PAYMENT", cost_centre_mode="required")
    posted = trade.post({"type": "CASH_PAYMENT", "date": "2026-04-05", "account": "1110", "lines": [
        {"account": "6020", "amount": "40.00", "cost_centres": [of("CC1", percent="25"), of("CC2")]}]})
    assert {centre: amount for _, centre, amount in borne(trade, posted)} == {None: "-40", "CC1": "10", "CC2": "30"}


def test_goods_sold_are_split_by_their_price(trade: Trade) -> None:
    document = trade.books.configuration.document("SALES_INVOICE")
    [kind] = document["voucher_types"]
    kind["lines"]["show_cost_centre"] = True
    trade.books.configuration.import_document(document)
    trade.books = trade.reopen()
    trade.buy("TEA", "10", "5")
    posted = trade.post(sale([goods("TEA", "3", "9.99", cost_centres=[of("CC1", percent="50"), of("CC2")])], **PLAIN))
    sold = [(centre, amount) for account, centre, amount in borne(trade, posted) if account == "4010"]
    assert sold == [("CC1", "-14.99"), ("CC2", "-14.98")]
    assert trade.unsound() == []


def test_the_split_is_printed_and_stands_in_the_journal_report(trade: Trade) -> None:
    posted = trade.post(rent(of("CC1", amount="60"), of("CC2", percent="") | {"amount": "40"}))
    html = trade.books.printing.preview(posted.voucher_id).html
    assert "Counter: 60.00" in html
    assert "Workshop: 40.00" in html
    report = trade.books.reports.run("journal", voucher=posted.voucher_id)
    assert [(row["cost_centre"], row["debit"]) for row in report.rows][:2] == [("CC1", "60.00"), ("CC2", "40.00")]
