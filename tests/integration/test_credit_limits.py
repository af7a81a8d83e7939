"""Credit limits: what a party would owe with the voucher, decided under the party's lock."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from erpdesk.domain.results import Ok
from helpers.posting_desks import run_desks
from helpers.trading import PLAIN, Trade, goods, purchase, sale


def limit(trade: Trade, party: str, kind: str, amount: str | None) -> None:
    results = trade.books.masters.import_masters({"parties": [{"code": party, "kind": kind, "credit_limit": amount}]})
    assert all(one.ok for one in results)


def check(trade: Trade, type_code: str, how: str) -> None:
    trade.books.configuration.import_document({"voucher_types": [{"code": type_code, "credit_check": how}]})


def sold(amount: str, **more: Any) -> dict[str, Any]:
    return sale([goods("REPAIR", "1", amount)], **PLAIN, **more)


def bought(amount: str, **more: Any) -> dict[str, Any]:
    return purchase([goods("TEA", "1", amount)], **PLAIN, **more)


@pytest.mark.parametrize(("document", "party", "kind"), [(sold, "C001", "customer"), (bought, "S001", "supplier")])
def test_a_party_may_owe_up_to_its_limit_and_no_more(
        trade_limited: Trade, document: Any, party: str, kind: str) -> None:
    shop = trade_limited
    limit(shop, party, kind, "100")
    shop.post(document("60"))
    refused = shop.refuse(document("40.01"))
    [fault] = refused.faults
    assert (fault.code, fault.field, fault.details) == (
        "VCH-040", "party", {"exposure": "100.01", "limit": "100.00"})
    shop.post(document("40"))
    assert shop.party_balance(party).lstrip("-") == "100"
    limit(shop, party, kind, None)
    shop.post(document("1000000"))


@pytest.fixture
def trade_limited(shop: Trade) -> Trade:
    """SHOP, where sales and purchases above a limit are blocked."""
    check(shop, "SALES_INVOICE", "block")
    check(shop, "PURCHASE_INVOICE", "block")
    return shop


def test_a_limit_of_zero_is_a_limit(trade_limited: Trade) -> None:
    limit(trade_limited, "C001", "customer", "0")
    assert trade_limited.refuse(sold("0.01")).faults[0].code == "VCH-040"


def test_a_warning_posts_and_is_kept_in_the_log(shop: Trade) -> None:
    check(shop, "SALES_INVOICE", "warn")
    limit(shop, "C001", "customer", "10")
    posted = shop.post(sold("11"))
    assert [(warning.code, warning.field) for warning in posted.warnings] == [("VCH-040", "party")]
    assert shop.one("SELECT payload -> 'warnings' -> 0 ->> 'code' FROM erpdesk.posting_log"
                    " WHERE status = 'done' ORDER BY started_at DESC LIMIT 1") == "VCH-040"


def test_a_saved_draft_is_not_exposure(trade_limited: Trade) -> None:
    limit(trade_limited, "C001", "customer", "100")
    draft = trade_limited.save(sold("500"))
    assert draft.status == "DRAFT"
    trade_limited.post(sold("100"))


def test_what_is_paid_may_be_owed_again(trade_limited: Trade) -> None:
    limit(trade_limited, "C001", "customer", "100")
    first = trade_limited.post(sold("100"))
    trade_limited.post({"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1110", "party": "C001", "amount": "30",
                        "allocations": [{"voucher_number": first.voucher_number, "amount": "30"}]})
    assert not isinstance(trade_limited.books.vouchers.post(sold("30.01")), Ok)
    trade_limited.post(sold("30"))


@pytest.mark.parametrize(("document", "party", "kind"), [(sold, "C001", "customer"), (bought, "S001", "supplier")])
def test_of_desks_that_race_for_the_same_credit_only_as_many_win_as_it_holds(
        trade_limited: Trade, document: Any, party: str, kind: str) -> None:
    limit(trade_limited, party, kind, "100")
    work = [[document("10", idempotency_key=f"{desk}-{number}") for number in range(8)] for desk in range(2)]
    outcomes = [outcome for desk in run_desks(trade_limited.database.url(), work) for outcome in desk]
    assert Counter((outcome.kind, outcome.code) for outcome in outcomes) == {("ok", ""): 10, ("invalid", "VCH-040"): 6}
    assert trade_limited.party_balance(party).lstrip("-") == "100"
