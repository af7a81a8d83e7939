"""Narrations worth repeating are those of the latest vouchers that have one, by type and by party."""

from __future__ import annotations

from helpers.trading import PLAIN, Trade, goods, sale


def test_the_latest_voucher_with_a_narration_is_asked(shop: Trade) -> None:
    assert shop.books.narrations.of_type("SALES_INVOICE") == ""
    for day, narration in (("2026-05-03", "third"), ("2026-05-09", ""), ("2026-05-01", "first")):
        written = {"narration": narration} if narration else {}
        shop.books.vouchers.save(sale([goods("TEA", "1", "9")], date=day, **written, **PLAIN))
    assert shop.books.narrations.of_type("SALES_INVOICE") == "third"
    assert shop.books.narrations.of_type("JOURNAL") == ""
    assert shop.books.narrations.of_type("NO_SUCH_TYPE") == ""


def test_a_party_is_asked_by_its_code_whatever_the_type(shop: Trade) -> None:
    shop.books.vouchers.save(sale([goods("TEA", "1", "9")], date="2026-05-03", narration="for Asha", **PLAIN))
    party = str(sale([goods("TEA", "1", "9")], **PLAIN)["party"])
    assert shop.books.narrations.of_party(party.lower()) == "for Asha"
    assert shop.books.narrations.of_party("S001") == ""
