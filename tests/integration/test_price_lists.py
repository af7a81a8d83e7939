"""Rates of lines that say none: named list, party's, type's, then the last rate to the party."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.money import plain
from erpdesk.domain.pricing import PriceQuestion
from helpers.trading import PLAIN, Trade, goods, purchase, sale


def rate_of(trade: Trade, line: dict[str, Any], **header: Any) -> str:
    """The rate that a sale of the line would be saved with."""
    saved = trade.save(sale([line], **PLAIN, **header))
    return str(trade.one("SELECT rate FROM erpdesk.voucher_line WHERE voucher_id = %s", saved.voucher_id))


def lists(trade: Trade, **rates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Imports price lists; the results."""
    document = {"price_lists": [{"code": code, "rates": [{"item": "TEA", "uom": "PCS", **row} for row in rows]}
                                for code, rows in rates.items()]}
    return [one.as_json() for one in trade.books.masters.import_masters(document)]


def take_last_rates(trade: Trade) -> None:
    trade.books.configuration.import_document(
        {"voucher_types": [{"code": "SALES_INVOICE", "lines": {"rate_source": "last_rate"}}]})


def use_list_of_type(trade: Trade, code: str) -> None:
    trade.configure("SALES_INVOICE", price_list_id=trade.one(
        "SELECT id FROM erpdesk.price_list WHERE code = %s", code))


def test_typed_beats_header_beats_party_beats_type(shop: Trade) -> None:
    assert lists(shop, TYPE=[{"rate": "13"}])[0]["ok"]
    use_list_of_type(shop, "TYPE")
    line = goods("TEA", "1")
    assert rate_of(shop, {**line, "rate": "99"}, party="C002", price_list="RETAIL") == "99"
    assert rate_of(shop, line, party="C002", price_list="retail") == "15"
    assert rate_of(shop, line, party="C002") == "14"
    assert rate_of(shop, line, party="C001") == "13"


def test_a_list_that_lacks_the_unit_leaves_it_to_the_next(shop: Trade) -> None:
    use_list_of_type(shop, "RETAIL")
    assert rate_of(shop, goods("TEA", "1", uom="BOX"), party="C002") == "170"


def test_the_largest_quantity_reached_counts(shop: Trade) -> None:
    assert lists(shop, RETAIL=[{"rate": "12", "minimum_quantity": "10"}, {"rate": "11", "minimum_quantity": "100"}])
    for quantity, rate in (("1", "15"), ("9", "15"), ("10", "12"), ("99", "12"), ("100", "11")):
        assert rate_of(shop, goods("TEA", quantity), price_list="RETAIL") == rate


def test_a_rate_holds_on_its_days_both_included(shop: Trade) -> None:
    assert lists(shop, FAIR=[
        {"rate": "10", "valid_until": "2026-04-09"},
        {"rate": "9", "valid_from": "2026-04-10", "valid_until": "2026-04-12"},
        {"rate": "11", "valid_from": "2026-04-13"}])[0]["ok"]
    for day, rate in (("2026-04-09", "10"), ("2026-04-10", "9"), ("2026-04-12", "9"), ("2026-04-13", "11")):
        assert rate_of(shop, goods("TEA", "1"), price_list="FAIR", date=day) == rate


@pytest.mark.parametrize(("rates", "place"), [
    ([{"rate": "15"}, {"rate": "16", "valid_from": "2026-05-01"}], "rates[1].valid_from"),
    ([{"rate": "15"}, {"rate": "16"}], "rates[1].valid_from"),
    ([{"rate": "15", "valid_until": "2026-05-01"}, {"rate": "16", "valid_from": "2026-05-01"}], "rates[1].valid_from"),
    ([{"rate": "15", "valid_from": "2026-05-02", "valid_until": "2026-05-01"}], "rates[0].valid_until")])
def test_contradicting_rates_are_refused(shop: Trade, rates: list[dict[str, str]], place: str) -> None:
    [result] = lists(shop, NEW=rates)
    assert (result["status"], result["code"], result["field"]) == ("refused", "IMP-011", f"price_lists[0].{place}")
    assert shop.rows("SELECT rate FROM erpdesk.price_list_rate r JOIN erpdesk.price_list l ON l.id = r.price_list_id"
                     " WHERE l.code = 'NEW'") == []


def test_a_rate_contradicting_one_that_is_there_is_refused_until_that_ends(shop: Trade) -> None:
    later = {"rate": "16", "valid_from": "2026-05-01"}
    [result] = lists(shop, RETAIL=[later])
    assert (result["status"], result["field"]) == ("refused", "price_lists[0].rates[0].valid_from")
    assert lists(shop, RETAIL=[{"rate": "15", "valid_until": "2026-04-30"}, later])[0]["status"] == "updated"
    assert lists(shop, RETAIL=[{"rate": "15", "valid_until": "2026-04-30"}, later])[0]["status"] == "unchanged"
    assert rate_of(shop, goods("TEA", "1"), price_list="RETAIL", date="2026-05-01") == "16"


def test_a_list_in_another_currency_is_passed_over(shop: Trade) -> None:
    document = {"currencies": [{"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "130"}]}],
                "price_lists": [{"code": "EXPORT", "currency": "USD",
                                 "rates": [{"item": "TEA", "uom": "PCS", "rate": "0.5"}]}]}
    assert all(one.ok for one in shop.books.masters.import_masters(document))
    use_list_of_type(shop, "RETAIL")
    assert rate_of(shop, goods("TEA", "1"), price_list="EXPORT") == "15"
    assert rate_of(shop, goods("TEA", "1"), price_list="EXPORT", currency="USD") == "0.5"
    refused = shop.refuse(sale([goods("TEA", "1")], currency="USD", **PLAIN))
    assert [(fault.code, fault.field) for fault in refused.faults] == [("VCH-012", "lines[0].rate")]


def test_the_last_rate_to_the_party_is_taken_where_no_list_says_one(shop: Trade) -> None:
    take_last_rates(shop)
    shop.buy("TEA", "100", "5")
    assert shop.refuse(sale([goods("TEA", "1")], **PLAIN)).faults[0].code == "VCH-012"
    shop.sell("TEA", "1", "20")
    shop.post(sale([goods("TEA", "1", "21.5"), goods("TEA", "1", "240", uom="BOX")], **PLAIN))
    assert rate_of(shop, goods("TEA", "1")) == "21.5"
    assert rate_of(shop, goods("TEA", "1", uom="BOX")) == "240"
    assert rate_of(shop, goods("TEA", "1"), party="C002") == "14", "its own list"
    assert shop.refuse(sale([goods("TEA", "1")], party="D0", **PLAIN)).faults[0].code == "VCH-012"
    shop.post({"type": "SALES_RETURN", "date": "2026-04-20", "party": "C001", "warehouse": "MAIN",
               "lines": [goods("TEA", "1", "7")], **PLAIN})
    assert rate_of(shop, goods("TEA", "1")) == "21.5", "returns say nothing of prices"


def test_what_is_bought_from_a_party_is_no_price_to_sell_it_at(shop: Trade) -> None:
    take_last_rates(shop)
    shop.post(purchase([goods("TEA", "10", "5")], party="B001", **PLAIN))
    shop.post(purchase([goods("TEA", "10")], party="B001", **PLAIN))
    assert shop.stock("TEA") == ("20", "100")
    assert shop.refuse(sale([goods("TEA", "1")], party="B001", **PLAIN)).faults[0].code == "VCH-012"


def test_the_last_rate_costs_no_round_trip_and_comes_by_its_key(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    again = shop.post(purchase([goods("TEA", "10")], **PLAIN))
    assert again.round_trips == 3
    assert shop.rows("SELECT side, currency_code, rate FROM erpdesk.last_rate") == [("payable", "NPR", "5")]


def test_a_price_list_that_is_not_there_is_refused(shop: Trade) -> None:
    refused = shop.refuse(sale([goods("TEA", "1", "5")], price_list="NONE", **PLAIN))
    assert [(fault.code, fault.field) for fault in refused.faults] == [("VCH-055", "price_list")]


def test_the_window_asks_for_a_rate_before_posting(shop: Trade) -> None:
    def asked(quantity: str, **more: Any) -> tuple[str, str] | None:
        found = shop.books.prices.rate_for(PriceQuestion("tea", "SALES_INVOICE", "2026-04-10", quantity, **more))
        return (plain(found.rate), found.source) if found is not None else None

    assert asked("1") is None
    assert asked("1", party="C002") == ("14", "OWN")
    assert asked("1", party="C002", price_list="RETAIL") == ("15", "RETAIL")
    assert asked("1", unit="BOX", price_list="RETAIL") == ("170", "RETAIL")
    lists(shop, RETAIL=[{"rate": "12", "minimum_quantity": "10"}])
    assert asked("10", price_list="RETAIL") == ("15", "RETAIL"), "as it was read"
    shop.books.prices.refresh()
    assert asked("10", price_list="RETAIL") == ("12", "RETAIL")
    take_last_rates(shop)
    shop.buy("TEA", "10", "5")
    shop.sell("TEA", "1", "20")
    shop.books.prices.refresh()
    assert asked("1", party="C001") == ("20", "last_rate")


def test_asking_for_rates_all_day_opens_no_further_connections(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    asked = PriceQuestion("TEA", "PURCHASE_INVOICE", "2026-04-10", party="S001")
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    assert shop.books.prices.last_rate(asked) is not None
    before = shop.rows(counted)
    for _ in range(5):
        shop.books.prices.refresh()
        assert shop.books.prices.last_rate(asked) is not None
    assert shop.rows(counted) == before
