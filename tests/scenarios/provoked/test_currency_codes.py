"""VCH-05*: what the program says of other currencies, provoked through the command line."""

from __future__ import annotations

import json

import pytest

from helpers.terminal import Terminal
from helpers.trading import journal

provokes = pytest.mark.provokes
OWED = {"type": "JOURNAL", "date": "2026-04-02", "lines": [
    {"account": "1130", "party": "C001", "debit": "100"}, {"account": "4010", "credit": "100"}]}
PAID = {"type": "AR_RECEIPT", "date": "2026-04-03", "account": "1120", "party": "C001", "amount": "100"}


@pytest.fixture
def dollars(terminal: Terminal) -> Terminal:
    """Dollars from the 3rd of April on, and yen without a rate."""
    terminal.masters(currencies=[{"code": "USD", "rates": [{"valid_from": "2026-04-03", "rate": "133.5"}]},
                                 {"code": "JPY"}])
    return terminal


@provokes("VCH-051")
def test_a_currency_without_a_rate_on_the_day_needs_one_typed(dollars: Terminal) -> None:
    for document in (journal(currency="JPY"), journal(currency="USD")):
        answer = dollars.refused(document)
        assert (answer["code"], answer["field"]) == ("VCH-051", "exchange_rate")
    assert dollars.posted(journal(currency="JPY", exchange_rate="0.9"))["total"] == "100"
    assert dollars.posted({**journal(currency="USD"), "date": "2026-04-03"})["total"] == "100.00"


@provokes("VCH-052")
def test_the_currency_of_the_books_has_no_other_rate(dollars: Terminal) -> None:
    answer = dollars.refused(journal(exchange_rate="130"))
    assert (answer["code"], answer["field"]) == ("VCH-052", "exchange_rate")


@provokes("VCH-053")
def test_money_settles_documents_of_its_own_currency(dollars: Terminal) -> None:
    number = dollars.posted({**OWED, "currency": "USD", "exchange_rate": "130"})["voucher_number"]
    allocations = [{"voucher_number": number, "amount": "100"}]
    answer = dollars.refused({**PAID, "allocations": allocations})
    assert (answer["code"], answer["field"]) == ("VCH-053", "allocations[0].voucher_number")
    assert dollars.posted({**PAID, "currency": "USD", "allocations": allocations})["total"] == "100.00"
    entries = json.loads(dollars.ask("voucher", "show", "RC/26-27/000001").out)["journal"]
    assert [(line["account"], line["debit"], line["credit"], line["currency_amount"]) for line in entries] == [
        ("1120", "13350.00", "0.00", "100"), ("1130", "0.00", "13000.00", "-100"), ("6070", "0.00", "350.00", None)]


@provokes("VCH-054")
def test_a_chart_without_exchange_accounts_takes_no_other_currency(dollars: Terminal) -> None:
    with dollars.trade.admin() as admin:
        admin.execute("DELETE FROM erpdesk.account_role WHERE role = 'exchange_rounding'")
    answer = dollars.refused(journal(currency="USD", exchange_rate="130"))
    assert (answer["code"], answer["field"]) == ("VCH-054", "currency")
    dollars.masters(accounts=[{"code": "6040", "type": "expense", "role": "exchange_rounding"}])
    assert dollars.posted(journal(currency="USD", exchange_rate="130"))["total"] == "100.00"


def test_currencies_are_imported_changed_and_refused_by_name(dollars: Terminal) -> None:
    def said(*currencies: dict[str, object]) -> list[tuple[str, str]]:
        rows = dollars.ask("import", "masters", dollars.file({"currencies": list(currencies)})).rows
        return [(row["status"], row.get("field", "")) for row in rows]

    rates = [{"valid_from": "2026-04-03", "rate": "133.5"}]
    assert said({"code": "USD", "rates": rates}) == [("unchanged", "")]
    assert said({"code": "usd", "rates": [{"valid_from": "2026-04-03", "rate": "134"}]}) == [("updated", "")]
    assert said({"code": "USD", "rates": [{"valid_from": "2026-04-31", "rate": "1"}]},
                {"code": "KWD", "rates": [{"valid_from": "2026-04-03", "rate": "0"}]},
                {"code": "NPR", "rates": rates}, {"code": "NPR", "decimals": "3"}, {"code": "DOLLAR"}) == [
        ("refused", "currencies[0].rates[0].valid_from"), ("refused", "currencies[1].rates[0].rate"),
        ("refused", "currencies[2].rates"), ("refused", "currencies[3].code"), ("refused", "currencies[4].code")]
    dollars.posted(journal(currency="USD", exchange_rate="130"))
    assert said({"code": "USD", "decimals": "3"}) == [("refused", "currencies[0].decimals")]
    assert dollars.trade.rows("SELECT code, name, decimals FROM erpdesk.currency WHERE code <> 'NPR' ORDER BY 1") == [
        ("JPY", "Japanese Yen", 0), ("USD", "US Dollar", 2)]
