"""What comes back, is invoiced or delivered was with the same party: by the service's word, and the server's."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.following import no_voucher, not_posted, other_party
from erpdesk.domain.results import InvalidRequest, Ok
from helpers.hostile import Payload, hostile_desk
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]
OTHERS = {"parties": [{"code": "C009", "name": "Other customer", "kind": "customer"},
                      {"code": "S009", "name": "Other supplier", "kind": "supplier"}]}


def open_market(shop: Trade) -> None:
    shop.books.masters.import_masters(OTHERS)
    for code in ("GOODS_RECEIPT", "DELIVERY_NOTE", "SALES_ORDER"):
        shop.configure(code, is_active=True)
    shop.books = shop.reopen()
    shop.buy("TEA", "10", "5")


shop_template = begun_as(open_market)


@pytest.fixture
def market(shop: Trade) -> Trade:
    """The shop with a second customer and supplier, and every type that follows another switched on."""
    return shop


def back(kind: str, **header: Any) -> dict[str, Any]:
    return {"type": kind, "date": "2026-04-12", "warehouse": "MAIN", "lines": [goods("TEA", "1", "9")], **PLAIN,
            **header}


FIRST = {
    "SALES_RETURN": sale([goods("TEA", "2", "9")], idempotency_key="first", **PLAIN),
    "PURCHASE_RETURN": purchase([goods("TEA", "2", "9")], idempotency_key="first", **PLAIN),
    "PURCHASE_INVOICE": purchase([goods("TEA", "2", "9")], type="GOODS_RECEIPT", idempotency_key="first", **PLAIN),
    "SALES_INVOICE": sale([goods("TEA", "2", "9")], type="SALES_ORDER", idempotency_key="first", **PLAIN),
}
"""What a voucher of each type follows here."""


def other(kind: str) -> str:
    return "S009" if kind.startswith("PURCHASE") else "C009"


@pytest.mark.parametrize("kind", FIRST)
def test_what_another_party_bought_or_sold_is_not_followed(market: Trade, kind: str) -> None:
    first = market.post(FIRST[kind])
    refused = market.refuse(back(kind, party=other(kind), against="key:first"))
    [fault] = refused.faults
    assert (fault.code, fault.field) == ("VCH-020", "against")
    owner = "S001 Tea Estate" if kind.startswith("PURCHASE") else "C001 Asha Stores"
    assert fault.message == f"{first.voucher_number} belongs to {owner}, another party"
    with pytest.raises(InvalidRequest) as told:
        market.books.offers.lines_left("key:first", kind, other(kind))
    assert told.value.faults == refused.faults, "in the same words while it is typed"
    accepted(market.books.vouchers.post(back(kind, party=other(kind)[0] + "001", against="key:first")))


def test_whose_it_is_keeps_nobody_from_saving_a_draft(market: Trade) -> None:
    market.post(FIRST["SALES_RETURN"])
    saved = market.draft(back("SALES_RETURN", party="C009", against="key:first"))
    assert isinstance(saved, Ok)
    assert [fault.code for fault in saved.warnings] == ["VCH-020"]


def test_a_rehearsal_knows_whose_its_own_vouchers_are(market: Trade) -> None:
    door = market.books.vouchers.rehearsal()
    accepted(door.rehearse(FIRST["SALES_RETURN"]))
    refused = door.rehearse(back("SALES_RETURN", party="C009", against="key:first"))
    assert not isinstance(refused, Ok)
    assert refused.faults == (other_party("key:first", "C001 Asha Stores", "against"),)
    accepted(door.rehearse(back("SALES_RETURN", party="c001", against="key:first")))


@pytest.mark.invariant("I3", attacks=4)
@pytest.mark.parametrize("kind", FIRST)
def test_the_server_refuses_it_too(market: Trade, kind: str) -> None:
    market.post(FIRST[kind])
    someone = market.one("SELECT id FROM erpdesk.party WHERE code = %s", other(kind))

    def to_another(_shop: Trade, sent: Payload) -> None:
        sent["voucher"]["party_id"] = str(someone)

    def of_another(_shop: Trade, sent: Payload) -> None:
        for part in (*sent["plan"]["journal"], *sent["plan"]["open_items"]):
            if part.get("party_id"):
                part["party_id"] = str(someone)

    document = back(kind, party=other(kind)[0] + "001", against="key:first")
    with hostile_desk(market) as clerk:
        refused = clerk.post(document, opened=to_another, applied=of_another)
        assert not isinstance(refused, Ok)
        assert "plan_sources" in str(refused.first)
        assert isinstance(clerk.post(document), Ok)


@pytest.mark.parametrize("kind", FIRST)
def test_a_key_names_a_voucher_as_well_as_its_number_does(market: Trade, kind: str) -> None:
    first = market.post(FIRST[kind])
    offers = market.books.offers
    [line] = offers.lines_left("key:first", kind, "")
    assert (line.item, line.quantity_left) == ("TEA", 2)
    assert (line,) == offers.lines_left(f" {str(first.voucher_number).lower()} ", kind, other(kind)[0].lower() + "001")
    for unknown in ("key:second", "first", "KEY:first"):
        with pytest.raises(InvalidRequest) as refused:
            offers.lines_left(unknown, kind, other(kind))
        assert refused.value.faults == (no_voucher(unknown, "against"),)


def test_a_draft_is_called_by_the_key_it_was_named_by(market: Trade) -> None:
    market.save(FIRST["SALES_RETURN"])
    with pytest.raises(InvalidRequest) as refused:
        market.books.offers.lines_left("key:first", "SALES_RETURN", "C001")
    assert refused.value.faults == market.refuse(back("SALES_RETURN", party="C001", against="key:first")).faults
    assert refused.value.faults == (not_posted("key:first", "DRAFT", "against"),)


def test_of_two_vouchers_with_one_number_the_later_is_followed(market: Trade) -> None:
    market.configure("SALES_INVOICE", numbering_method="manual", prevent_duplicate_voucher_no=False)
    market.books = market.reopen()
    for quantity, day in (("2", "2026-04-11"), ("3", "2026-04-10")):
        market.post(sale([goods("TEA", quantity, "9")], date=day, voucher_number="Slip 7", **PLAIN))
    assert [line.quantity for line in market.books.offers.lines_left("slip 7", "SALES_RETURN", "")] == [2]
