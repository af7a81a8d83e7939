"""A reversal leaves the books as if its voucher had never been, or changes nothing and says what stands in its way."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from erpdesk.domain.results import Refused
from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale, transfer

DAY = "2026-04-20"


def reverse(shop: Trade, number: str | None, day: str = DAY, **more: Any) -> Any:
    return shop.books.vouchers.reverse(str(number), day, "a slip", **more)


def refused(shop: Trade, number: str | None, day: str = DAY) -> str:
    before = shop.fingerprint()
    result = reverse(shop, number, day)
    assert isinstance(result, Refused)
    assert shop.changed_since(before) == {"posting_log"}
    return result.first.code


def books(shop: Trade) -> Any:
    """Balances, open layers, batches, parties."""
    return (shop.balances(), shop.rows(
        "SELECT id::text, quantity_left, value_left FROM erpdesk.stock_layer WHERE quantity_left > 0 ORDER BY 1"),
        shop.rows("SELECT item_id::text, warehouse_id::text, quantity, value, last_unit_cost FROM erpdesk.stock_balance"
                  " WHERE quantity <> 0 ORDER BY 1, 2"),
        shop.rows("SELECT batch_id::text, quantity FROM erpdesk.batch_balance WHERE quantity <> 0 ORDER BY 1"),
        shop.rows("SELECT id::text, open_amount FROM erpdesk.open_item WHERE open_amount <> 0 ORDER BY 1"),
        shop.rows("SELECT voucher_id::text, line_number, used_quantity, used_value FROM erpdesk.source_line"
                  " WHERE used_quantity <> 0 ORDER BY 1, 2"))


def stocked(shop: Trade) -> str:
    """Tea in two layers, oil in a pool, pills in batches, a sale; the number of the sale."""
    shop.buy("TEA", "10", "5")
    shop.buy("TEA", "10", "7")
    shop.buy("OIL", "9", "1.11")
    shop.buy("PILL", "5", "3", batch="B1")
    return str(shop.sell("TEA", "4").voucher_number)


DOCUMENTS: dict[str, dict[str, Any]] = {
    "journal": journal(),
    "purchase": purchase([goods("TEA", "3", "6"), goods("OIL", "2", "4"), goods("PILL", "2", "3", batch="B2")]),
    "sale": sale([goods("TEA", "8", "15"), goods("OIL", "4", "9"), goods("PILL", "2", "9", batch="B1")]),
    "transfer": transfer([goods("TEA", "8"), goods("OIL", "3")]),
    "sales return": {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN",
                     "lines": [goods("TEA", "3", "15")], **PLAIN},
    "receipt": {"type": "AR_RECEIPT", "date": "2026-04-12", "account": "1120", "party": "C001", "amount": "70.00"},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_post_then_reverse_is_identity(shop: Trade, name: str) -> None:
    sold, document = stocked(shop), dict(DOCUMENTS[name])
    if name == "sales return":
        document["against"] = sold
    if name == "receipt":
        document["allocations"] = [{"voucher_number": sold, "amount": "40.00"}]
    before = books(shop)
    posted = shop.post(document)
    assert books(shop) != before
    undone = accepted(reverse(shop, posted.voucher_number))
    assert books(shop) == before
    assert (undone.reverses, undone.cost) == (posted.voucher_number, posted.cost)
    assert undone.as_json()["reverses"] == posted.voucher_number
    assert shop.unsound() == []


def test_a_settled_invoice_releases_its_part_and_leaves_the_rest(shop: Trade) -> None:
    first, second = stocked(shop), str(shop.sell("TEA", "2").voucher_number)
    shop.post({"type": "AR_RECEIPT", "date": "2026-04-12", "account": "1120", "party": "C001", "amount": "90.00",
               "allocations": [{"voucher_number": first, "amount": "60.00"},
                               {"voucher_number": second, "amount": "30.00"}]})
    accepted(reverse(shop, first))
    assert [amount for _, amount, _ in shop.open_items("C001") if amount != "0"] == ["-60"]
    assert shop.one("SELECT count(*) FROM erpdesk.settlement WHERE released_by_id IS NOT NULL") == 2
    assert shop.unsound() == []


def test_goods_that_were_issued_since_stop_the_reversal_of_their_receipt(shop: Trade) -> None:
    bought = shop.buy("TEA", "10", "5")
    sold = shop.sell("TEA", "3")
    result = reverse(shop, bought.voucher_number)
    assert result.first.code == "INV-011"
    assert str(sold.voucher_number) in result.first.message
    assert refused(shop, bought.voucher_number) == "INV-011"
    accepted(reverse(shop, sold.voucher_number))
    accepted(reverse(shop, bought.voucher_number))


def test_a_source_with_live_returns_stays(shop: Trade) -> None:
    sold = stocked(shop)
    back = shop.post({**DOCUMENTS["sales return"], "against": sold})
    assert refused(shop, sold) == "VCH-023"
    accepted(reverse(shop, back.voucher_number))
    accepted(reverse(shop, sold))


def test_of_two_reversals_at_once_one_wins(shop: Trade) -> None:
    posted, start, results = shop.post(journal()), threading.Barrier(2), []

    def desk() -> None:
        vouchers = shop.reopen().vouchers
        start.wait()
        results.append(vouchers.reverse(str(posted.voucher_number), DAY, "a slip"))

    threads = [threading.Thread(target=desk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Ok", "Refused"]
    assert [(r.kind, r.first.code) for r in results if isinstance(r, Refused)] == [("conflict", "VCH-024")]


def test_a_key_reverses_once(shop: Trade) -> None:
    posted = shop.post(journal())
    first = accepted(reverse(shop, posted.voucher_number, key="r-1"))
    again = accepted(reverse(shop, posted.voucher_number, key="r-1"))
    assert (again.voucher_number, again.replayed) == (first.voucher_number, True)
    assert reverse(shop, posted.voucher_number, "2026-04-21", key="r-1").first.code == "VCH-015"


@pytest.mark.parametrize(("day", "code"), [("2026-04-01", "VCH-026"), ("2029-01-01", "PRD-001")])
def test_a_reversal_is_dated_in_an_open_period_not_before_its_voucher(shop: Trade, day: str, code: str) -> None:
    assert refused(shop, shop.post(journal()).voucher_number, day) == code


def test_a_reversal_is_not_reversed(shop: Trade) -> None:
    undone = accepted(reverse(shop, shop.post(journal()).voucher_number))
    assert refused(shop, undone.voucher_number) == "VCH-025"


def test_a_voucher_is_replaced_in_one_transaction_or_not_at_all(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    wrong = shop.sell("TEA", "10")
    before = shop.fingerprint()
    short = sale([goods("TEA", "11", "15")], replaces=str(wrong.voucher_number), **PLAIN)
    assert shop.refuse(short).first.code == "INV-001"
    assert shop.changed_since(before) == {"posting_log"}
    right = shop.post({**short, "lines": [goods("TEA", "9", "15")]})
    assert (right.cost, shop.stock("TEA")) == ("45.00", ("1", "5"))
    assert shop.books.vouchers.show(str(wrong.voucher_number)).facts["status"] == "REVERSED"
    assert isinstance(right.voucher_number, str)
    assert shop.unsound() == []
