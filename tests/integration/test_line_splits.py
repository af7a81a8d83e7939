"""Lines split over warehouses, bins, batches, units: the parts come to the line exactly, in quantity and money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from helpers.stored_units import bins, moved, stored
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]


def part(quantity: str, **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, **more}


shop_template = begun_as(stored)


@pytest.fixture
def store(shop: Trade) -> Trade:
    return shop


@pytest.fixture
def split(store: Trade) -> Trade:
    """PILL and SYRUP for 100.00 each: 3 of B1 in MAIN/A1, 2 of B2 in MAIN, 2 of B1 in SHOP."""
    for item in ("PILL", "SYRUP"):
        store.post(
            purchase(
                [
                    goods(
                        item,
                        "7",
                        "14.2857",
                        details=[
                            part("3", batch="B1", bin="A1"),
                            part("2", batch="B2"),
                            part("2", batch="B1", warehouse="SHOP", bin="F1"),
                        ],
                    )
                ],
                **PLAIN,
            )
        )
    return store


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_a_receipt_splits_its_value_cumulatively_over_its_details(split: Trade, item: str) -> None:
    [voucher] = [
        one
        for (one,) in split.rows(
            "SELECT m.voucher_id FROM erpdesk.stock_movement m JOIN erpdesk.item i ON i.id = m.item_id"
            " WHERE i.code = %s AND m.detail_number = 1",
            item,
        )
    ]
    rows = split.rows(
        "SELECT detail_number, quantity, value FROM erpdesk.stock_movement WHERE voucher_id = %s"
        " ORDER BY movement_number",
        voucher,
    )
    assert rows == [(1, "3", "42.86"), (2, "2", "28.57"), (3, "2", "28.57")]
    assert (split.stock(item), split.stock(item, "SHOP")) == (("5", "71.43"), ("2", "28.57"))
    assert (split.batches(item), bins(split, item, "SHOP")) == ({"B1": "3", "B2": "2"}, {"F1": "2"})


def test_an_issue_takes_each_part_where_its_detail_says(split: Trade) -> None:
    sold = split.post(
        sale(
            [
                goods(
                    "PILL",
                    "4",
                    "20",
                    details=[
                        part("1", batch="B2"),
                        part("2", batch="B1", warehouse="SHOP"),
                        part("1", bin="A1"),
                    ],
                )
            ],
            **PLAIN,
        )
    )
    assert [row[:4] + row[5:] for row in moved(split, sold)] == [
        (1, "MAIN", None, "B2", "-1", "-14.29"),
        (2, "SHOP", "F1", "B1", "-2", "-28.57"),
        (3, "MAIN", "A1", "B1", "-1", "-14.29"),
    ]
    assert split.journal(sold)[-2:] == [("5010", "57.15"), ("1140", "-57.15")]


def test_a_pool_is_valued_once_a_line_however_many_parts_it_has(split: Trade) -> None:
    sold = split.post(
        sale(
            [
                goods(
                    "SYRUP",
                    "4",
                    "20",
                    details=[
                        part("1", batch="B2"),
                        part("1", batch="B1", warehouse="SHOP"),
                        part("2", batch="B1", bin="A1"),
                    ],
                )
            ],
            **PLAIN,
        )
    )
    # MAIN: money(71.43 x 3 / 5) = 42.86, spread over 1 and 2; SHOP: money(28.57 / 2)
    assert [(row[1], row[5], row[6]) for row in moved(split, sold)] == [
        ("MAIN", "-1", "-14.29"),
        ("MAIN", "-2", "-28.57"),
        ("SHOP", "-1", "-14.29"),
    ]


def test_several_batches_of_one_line_take_the_average_once(store: Trade) -> None:
    store.buy("SYRUP", "1", "0.33", batch="B1")
    store.buy("SYRUP", "1", "0.33", batch="B2")
    store.buy("SYRUP", "1", "0.34", batch="B3")
    store.buy("SYRUP", "4", "0.25", batch="B4")
    sold = store.sell("SYRUP", "3", "1")  # money(2.00 x 3 / 7) = 0.86, then 0.29, 0.57, 0.86
    assert (sold.cost, [row[6] for row in moved(store, sold)]) == ("0.86", ["-0.29", "-0.28", "-0.29"])
    store.post(transfer([goods("SYRUP", "4")]))


def test_the_invoice_of_goods_received_in_two_batches_names_none(store: Trade) -> None:
    received = {"type": "GOODS_RECEIPT", "date": "2026-04-02", "party": "S001", "warehouse": "MAIN", **PLAIN}
    came = store.post({**received, "lines": [goods("DRUG", "8", "10", details=[
        {"quantity": "7", "batch": "N2"}, {"quantity": "1", "batch": "N4"}])]})
    bill = store.post(purchase([goods("DRUG", "8", "11")], against=came.voucher_number, date="2026-04-03", **PLAIN))
    assert bill.total == "88.00"


@pytest.mark.parametrize(
    ("details", "code", "field", "said"),
    [
        ([part("2"), part("1")], "INV-004", "lines[0].details", "come to 3, the line to 4"),
        ([part("5"), part("-1")], "VCH-004", "lines[0].details[1].quantity", ""),
        ([part("4"), part("0")], "INV-004", "lines[0].details[1].quantity", "positive"),
        ([{"batch": "B1"}], "VCH-004", "lines[0].details[0].quantity", "must be given"),
        ([part("4", colour="red")], "VCH-004", "lines[0].details[0].colour", "not a field"),
        ([part("4", item="TEA")], "VCH-004", "lines[0].details[0].item", ""),
        ("4", "VCH-004", "lines[0].details", ""),
        (["4"], "VCH-004", "lines[0].details[0]", ""),
        (
            [part("4", warehouse="NOWHERE")],
            "INV-003",
            "lines[0].details[0].warehouse",
            "no warehouse NOWHERE",
        ),
        ([part("4", bin="A9")], "INV-003", "lines[0].details[0].bin", "no bin A9"),
        ([part("4", batch="B9")], "INV-007", "lines[0].details[0].batch", "no batch B9"),
        ([part("4", serials=["S1"])], "INV-008", "lines[0].details[0].serials", "not kept by serial"),
        (
            [part("2", batch="B2"), part("2", batch="B2")],
            "INV-001",
            "lines[0].details[1].quantity",
            "2 needed, 0 available",
        ),
    ],
)
def test_details_that_do_not_fit_are_refused_at_their_place(
    split: Trade, details: Any, code: str, field: str, said: str
) -> None:
    before = split.fingerprint()
    refused = split.refuse(sale([goods("PILL", "4", "20", details=details)], **PLAIN))
    assert (code, field) in [(fault.code, fault.field) for fault in refused.faults]
    assert any(said in fault.message for fault in refused.faults)
    assert split.changed_since(before) == {"posting_log"}


def test_a_line_says_batch_and_bin_in_its_details_or_by_itself_not_both(split: Trade) -> None:
    fault = split.refuse(
        sale([goods("PILL", "1", "20", batch="B1", details=[part("1", batch="B1")])], **PLAIN)
    ).first
    assert (fault.code, fault.field) == ("VCH-004", "lines[0].batch")


def test_details_count_in_the_unit_of_the_line_with_free_goods(store: Trade) -> None:
    store.post(
        purchase(
            [
                goods(
                    "TEA",
                    "1",
                    "120",
                    uom="BOX",
                    free_quantity="1",
                    details=[part("1", bin="A1"), part("1", warehouse="SHOP")],
                )
            ],
            **PLAIN,
        )
    )
    assert (store.stock("TEA"), store.stock("TEA", "SHOP")) == (("12", "60"), ("12", "60"))


def test_a_split_return_takes_the_cost_of_its_invoice_over_its_parts(split: Trade) -> None:
    sold = split.post(
        sale(
            [goods("PILL", "3", "20", details=[part("2", batch="B1", bin="A1"), part("1", batch="B2")])],
            **PLAIN,
        )
    )
    split.post(
        {
            "type": "SALES_RETURN",
            "date": "2026-04-12",
            "party": "C001",
            "against": sold.voucher_number,
            "lines": [
                goods(
                    "PILL",
                    "3",
                    "20",
                    details=[part("1", batch="B2"), part("2", batch="B1", warehouse="SHOP")],
                )
            ],
            **PLAIN,
        }
    )
    assert (split.stock("PILL"), split.stock("PILL", "SHOP")) == (("3", "42.86"), ("4", "57.14"))


def test_a_split_purchase_return_goes_back_by_its_details(split: Trade) -> None:
    number = split.one("SELECT min(voucher_number) FROM erpdesk.voucher")
    back = split.post(
        {
            "type": "PURCHASE_RETURN",
            "date": "2026-04-12",
            "party": "S001",
            "against": number,
            "lines": [
                goods(
                    "PILL",
                    "3",
                    "14.2857",
                    details=[part("2", batch="B1", warehouse="SHOP"), part("1", batch="B2")],
                )
            ],
            **PLAIN,
        }
    )
    assert (back.cost, split.stock("PILL", "SHOP")) == ("42.86", ("0", "0"))


def test_a_split_transfer_goes_from_bins_to_bins(split: Trade) -> None:
    for item in ("PILL", "SYRUP"):
        split.post(
            transfer(
                [
                    goods(
                        item,
                        "4",
                        details=[part("2", batch="B1", bin="A1", to_bin="F1"), part("2", batch="B2")],
                    )
                ]
            )
        )
        assert (split.stock(item), bins(split, item, "SHOP")) == (("1", "14.29"), {"-": "2", "F1": "4"})


def test_landed_cost_of_a_split_receipt_is_spread_once_a_line(split: Trade) -> None:
    number = split.one("SELECT min(voucher_number) FROM erpdesk.voucher")
    split.sell("PILL", "1", "20", batch="B2")
    split.post(
        {
            "type": "LANDED_COST",
            "date": "2026-04-12",
            "party": "S002",
            "receipts": [number],
            "charges": [{"account": "2140", "amount": "7", "by": "manual", "shares": ["1"]}],
        }
    )
    assert split.layers("PILL") == [("B1", "3", "45.86"), ("B2", "1", "15.28")]
    assert split.layers("PILL", "SHOP") == [("B1", "2", "30.57")]
    assert (
        split.one(
            "SELECT sum(l.debit) FROM erpdesk.journal_line l JOIN erpdesk.account a ON a.id = l.account_id"
            " WHERE a.code = '5010'"
        )
        == "15.29"
    )


def test_landed_cost_of_a_pool_split_over_warehouses_joins_each_pool(split: Trade) -> None:
    number = split.one("SELECT max(voucher_number) FROM erpdesk.voucher")
    split.post(
        {
            "type": "LANDED_COST",
            "date": "2026-04-12",
            "party": "S002",
            "receipts": [number],
            "charges": [{"account": "2140", "amount": "7", "by": "value"}],
        }
    )
    assert (split.stock("SYRUP"), split.stock("SYRUP", "SHOP")) == (("5", "76.43"), ("2", "30.57"))


def test_an_invoice_of_a_split_receipt_spreads_its_price_difference(store: Trade) -> None:
    received = store.post(
        {
            "type": "GOODS_RECEIPT",
            "date": "2026-04-02",
            "party": "S001",
            "warehouse": "MAIN",
            "lines": [goods("TEA", "4", "10", details=[part("3", bin="A1"), part("1", warehouse="SHOP")])],
            **PLAIN,
        }
    )
    store.sell("TEA", "1", "20")
    store.post(
        purchase([goods("TEA", "4", "11")], against=received.voucher_number, date="2026-04-12", **PLAIN)
    )
    assert (store.stock("TEA"), store.stock("TEA", "SHOP")) == (("2", "22"), ("1", "11"))


def test_a_split_post_is_reversed_to_the_cent(split: Trade) -> None:
    before = {
        item: (split.stock(item), split.stock(item, "SHOP"), split.batches(item))
        for item in ("PILL", "SYRUP")
    }
    for item in before:
        sold = split.post(
            sale(
                [
                    goods(
                        item,
                        "4",
                        "20",
                        details=[
                            part("1", batch="B2"),
                            part("2", batch="B1", warehouse="SHOP"),
                            part("1", bin="A1"),
                        ],
                    )
                ],
                **PLAIN,
            )
        )
        accepted(split.books.vouchers.reverse(sold.voucher_number, "2026-04-12", "mistake"))
    assert before == {
        item: (split.stock(item), split.stock(item, "SHOP"), split.batches(item)) for item in before
    }


def test_production_splits_both_ways(split: Trade) -> None:
    split.post(
        {
            "type": "STOCK_JOURNAL",
            "date": "2026-04-12",
            "warehouse": "MAIN",
            "consume": [goods("PILL", "3", details=[part("2", batch="B2"), part("1", batch="B1")])],
            "produce": [goods("TEA", "3", details=[part("1", bin="A1"), part("2", warehouse="SHOP")])],
        }
    )
    assert Decimal(split.stock("TEA")[1]) + Decimal(split.stock("TEA", "SHOP")[1]) == Decimal("42.86")


def test_a_draft_keeps_its_details_and_loses_those_that_are_edited_away(split: Trade) -> None:
    document = sale(
        [goods("PILL", "3", "20", details=[part("1", batch="B2"), part("2", batch="B1")])], **PLAIN
    )
    draft = split.save({**document, "idempotency_key": "d"})
    count = "SELECT count(*) FROM erpdesk.voucher_line_detail WHERE voucher_id = %s"
    assert split.one(count, draft.voucher_id) == 2
    edited = sale([goods("PILL", "1", "20", batch="B1")], **PLAIN)
    split.save(edited, voucher_id=draft.voucher_id, row_version=draft.row_version)
    assert split.one(count, draft.voucher_id) == 0


def test_a_hundred_details_take_three_round_trips(store: Trade) -> None:
    details = [part("1", bin=f"A{number % 3 + 1}") for number in range(100)]
    store.buy("TEA", "1", "5")
    bought = store.post(purchase([goods("TEA", "100", "5", details=details)], **PLAIN))
    assert (bought.round_trips, store.stock("TEA")) == (3, ("101", "505"))
