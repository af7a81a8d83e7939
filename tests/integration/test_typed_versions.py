"""What was typed on an older version of its type is validated, totalled and posted by that version."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from erpdesk.domain.results import ErpdeskError, Ok, Refused
from erpdesk.posting import hooks
from helpers.trading import Trade, goods, purchase, sale

pytestmark = pytest.mark.usefixtures("books_replan")

SALES, PURCHASE = "SALES_INVOICE", "PURCHASE_INVOICE"


def change(shop: Trade, code: str = SALES, **columns: Any) -> None:
    """Another desk's admin changes a type."""
    shop.reopen().configuration.import_document({"voucher_types": [{"code": code, **columns}]})


def tea(**header: Any) -> dict[str, Any]:
    return sale([goods("TEA", "1", "100")], date="2026-04-10", **header)


def version_of(shop: Trade, voucher_id: str) -> Any:
    return shop.one("SELECT blueprint_version FROM erpdesk.voucher WHERE id = %s", voucher_id)


def posted(shop: Trade, draft: Any) -> Any:
    result = shop.books.vouchers.post(str(draft.voucher_id))
    assert isinstance(result, Ok), result
    return result.value


def test_a_draft_is_totalled_by_the_rate_it_was_typed_on(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    draft = shop.save(tea())
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    done = posted(shop, draft)
    assert (done.total, version_of(shop, done.voucher_id)) == ("113.00", 1)
    assert ("2130", "-13") in shop.journal(done)
    assert shop.post(tea()).total == "110.00", "the next voucher follows today's rules"


@pytest.mark.parametrize("later", [
    {"udfs": [{"key": "lorry", "label": "Lorry", "field_type": "text", "required": True}]},
    {"field_rules": [{"field": "narration", "required": True}]},
    {"use_ref_no": False},
    {"back_date_days": 1},
    {"round_to": "10"},
    {"credit_check": "block"},
    {"charges": [{"code": "VAT", "remove": True}]},
    {"charges": [{"code": "VAT", "is_active": False}]},
    {"charges": [{"code": "VAT", "ledger": "6030"}]},
    {"charges": [{"code": "VAT", "included_in_total": False, "included_in_price": True}]},
    {"schema_definition": {"header_fields": [{"key": "ref_no", "remove": True}]}},
    {"lines": {"show_rate": True, "rate_decimal_places": 0, "show_discount": "none"}},
], ids=lambda later: str(later)[:60])
def test_no_later_rule_keeps_a_draft_from_being_posted_as_it_was_typed(shop: Trade, later: dict[str, Any]) -> None:
    shop.buy("TEA", "10", "5")
    document = sale([goods("TEA", "1", "100.25", discount_amount="0.25")], date="2026-04-10", ref_no="R-1")
    draft = shop.save(document)
    change(shop, **later)
    preview = shop.books.vouchers.preview(str(draft.voucher_id))
    done = posted(shop, draft)
    assert (done.total, preview.total, preview.ok) == ("113.00", "113.00", True)
    assert ("2130", "-13") in shop.journal(done)
    assert version_of(shop, done.voucher_id) == 1


def test_costs_are_spread_by_the_charges_it_was_typed_on(shop: Trade) -> None:
    draft = shop.save(purchase([goods("TEA", "10", "5")], charges=[{"code": "FREIGHT", "amount": "10"}],
                               auto_charges=False))
    change(shop, PURCHASE, charges=[{"code": "FREIGHT", "remove": True}])
    posted(shop, draft)
    assert shop.one("SELECT value FROM erpdesk.stock_balance") == "60"


def test_goods_are_taken_in_the_order_it_was_typed_on(shop: Trade) -> None:
    shop.post(purchase([goods("PILL", "5", "1", batch="LATE", expires="2027-12-01")]))
    shop.post(purchase([goods("PILL", "5", "3", batch="SOON", expires="2026-12-01")]))
    lines = {"batch_policy": "fefo"}
    drafts = [shop.save(sale([goods("PILL", "1", "10")])) for _ in range(2)]
    change(shop, lines=lines)
    assert posted(shop, drafts[0]).cost == "1.00"
    shop.books = shop.reopen()
    assert shop.post(sale([goods("PILL", "1", "10")])).cost == "3.00"
    change(shop, lines={"batch_policy": "fifo"})
    assert posted(shop, drafts[1]).cost == "1.00"


def test_who_may_post_and_whether_at_all_is_always_todays(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    drafts = [shop.save(tea()) for _ in range(2)]
    change(shop, requires_approval=True, approval=[{"level": 1, "role": "admin", "maker_may_approve": True}])
    waits = shop.books.vouchers.post(str(drafts[0].voucher_id))
    assert isinstance(waits, Ok)
    assert waits.value.status == "PENDING_APPROVAL"
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    assert isinstance(shop.books.approvals.approve(str(drafts[0].voucher_id)), Ok)
    assert posted(shop, drafts[0]).total == "113.00"
    change(shop, is_active=False)
    refused = shop.books.vouchers.post(str(drafts[1].voucher_id))
    assert isinstance(refused, Refused)
    assert "VCH-007" in {fault.code for fault in refused.faults}


def test_a_number_looks_as_it_does_today_but_comes_as_it_did(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    drafts = [shop.save(tea()) for _ in range(2)]
    change(shop, number_prefix="NEW/", number_width=3)
    assert posted(shop, drafts[0]).voucher_number == "NEW/001"
    change(shop, numbering_method="manual")
    assert posted(shop, drafts[1]).voucher_number == "NEW/002", "nobody could type a number into its form"
    shop.books = shop.reopen()
    typed = shop.save(tea(voucher_number="MY-1"))
    change(shop, numbering_method="auto")
    assert posted(shop, typed).voucher_number == "MY-1"
    assert shop.reopen().vouchers.post(tea()).value.voucher_number == "NEW/003"  # type: ignore[union-attr]


def test_a_draft_typed_on_with_its_version_keeps_it_and_with_none_takes_todays(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    draft = shop.save(tea())
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    vouchers = shop.books.vouchers
    kept = vouchers.save(tea(narration="More"), voucher_id=str(draft.voucher_id), row_version=1, version=1)
    assert isinstance(kept, Ok)
    assert (kept.value.total, version_of(shop, str(draft.voucher_id))) == ("113.00", 1)
    done = vouchers.save(tea(narration="More"), voucher_id=str(draft.voucher_id), row_version=2)
    assert isinstance(done, Ok)
    assert (done.value.total, version_of(shop, str(draft.voucher_id))) == ("110.00", 2)
    assert posted(shop, draft).total == "110.00"


def test_a_tab_that_was_open_posts_by_the_version_it_shows(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    vouchers = shop.books.vouchers
    shown = vouchers.schema(SALES)
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    newer = vouchers.schema(SALES)
    assert (shown.version, newer.version) == (1, 2), "a form opened now is the new one"
    assert [str(vouchers.recalculate(tea(), one.version).net) for one in (shown, newer)] == ["113.00", "110.00"]
    assert vouchers.validate(tea(), 1) == ()
    assert vouchers.preview(tea(), 1).total == "113.00"
    done = vouchers.post(tea(), version=1, idempotency_key="open-tab")
    assert isinstance(done, Ok)
    assert (done.value.total, version_of(shop, done.value.voucher_id)) == ("113.00", 1)
    again = vouchers.post(tea(), version=1, idempotency_key="open-tab")
    assert isinstance(again, Ok)
    assert again.value.replayed


def test_a_change_in_the_very_moment_of_the_post_does_not_stop_it(
    shop: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.buy("TEA", "10", "5")
    vouchers, changes = shop.books.vouchers, iter([{"code": "VAT", "rate": "10"}])

    def meanwhile(_post: hooks.Posting) -> None:
        for charge in changes:
            change(shop, charges=[charge])

    monkeypatch.setattr(hooks, "loaded", lambda: (hooks.Hook("change", SimpleNamespace(before_post=meanwhile)),))
    done = vouchers.post(tea(), version=1)
    assert isinstance(done, Ok), done
    assert done.value.total == "113.00"
    assert next(changes, None) is None, "it was changed after the voucher had been read"
    assert shop.books.configuration.blueprint(SALES).version == 2


def test_a_draft_sent_again_by_its_key_posts_by_its_version(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    document = tea(idempotency_key="sent-twice")
    shop.save(document)
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    done = shop.books.vouchers.import_one(document, post=True)
    assert isinstance(done, Ok)
    assert done.value.total == "113.00"


def replaced_days_ago(shop: Trade, days: int) -> None:
    with shop.admin() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE erpdesk.blueprint_version SET created_at = now() - make_interval(days => %s)", (days,))


@pytest.mark.parametrize(("days", "taken"), [(29, True), (31, False)])
def test_nothing_new_comes_in_on_a_version_replaced_long_ago(shop: Trade, days: int, taken: bool) -> None:
    shop.buy("TEA", "10", "5")
    draft = shop.save(tea())
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    replaced_days_ago(shop, days)
    result = shop.books.vouchers.post(tea(), version=1)
    assert isinstance(result, Ok) is taken
    if isinstance(result, Refused):
        assert (result.first.code, result.kind) == ("CFG-030", "conflict")
    assert posted(shop, draft).total == "113.00", "a stored draft keeps its version for good"


def test_a_version_that_there_is_not_is_refused(shop: Trade) -> None:
    result = shop.books.vouchers.save(tea(), version=7)
    assert isinstance(result, Refused)
    assert result.first.code == "CFG-030"
    with pytest.raises(ErpdeskError, match="no version 7"):
        shop.books.vouchers.schema(SALES, 7)


def test_a_forged_version_is_refused_by_the_database(shop: Trade) -> None:
    """A draft may not slip to an older version than it was typed on, once that was replaced long ago."""
    shop.buy("TEA", "10", "5")
    change(shop, charges=[{"code": "VAT", "rate": "10"}])
    shop.books = shop.reopen()
    draft = shop.save(tea())
    replaced_days_ago(shop, 400)
    result = shop.books.vouchers.save(tea(narration="x"), voucher_id=str(draft.voucher_id), row_version=1, version=1)
    assert isinstance(result, Refused)
    assert result.first.code == "CFG-030"
    assert version_of(shop, str(draft.voucher_id)) == 2


def test_what_was_posted_by_an_older_version_is_reversed_as_it_was(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    draft = shop.save(tea())
    change(shop, numbering_method="auto", charges=[{"code": "VAT", "ledger": "6030", "rate": "1"}])
    done = posted(shop, draft)
    undone = shop.books.vouchers.reverse(str(done.voucher_number), "2026-04-11", "Typing error")
    assert isinstance(undone, Ok)
    assert shop.balances().get("2130") is None
