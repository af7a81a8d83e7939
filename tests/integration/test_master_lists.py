"""Masters many at a time: pages at any depth, words that find them, deleting, changing many, two desks at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.results import ConflictError, ErpdeskError, ForbiddenError, InvalidRequest
from erpdesk.services.master_pages import INACTIVE, MasterQuestion
from helpers.trading import Trade

MANY = [{"code": f"I{number:04}", "name": f"Item number {number}", "uom": "PCS"} for number in range(1_000)]


@pytest.fixture
def many(shop: Trade) -> Trade:
    results = shop.books.masters.import_masters({"items": MANY})
    assert all(result.ok for result in results)
    return shop


def test_pages_follow_one_another_from_either_end(many: Trade) -> None:
    lists, question = many.books.master_lists, MasterQuestion("item")
    everything = [row.code for row in lists.everything(question)]
    assert len(everything) == 1_007
    assert lists.how_many(question) == 1_007
    page, seen = lists.first(question, 300), []
    seen += page.rows
    while page.has_after:
        page = lists.after(question, page.rows[-1].place, 300)
        seen += page.rows
    assert [row.code for row in seen] == everything
    page = lists.last(question, 300)
    back = list(page.rows)
    while page.has_before:
        page = lists.before(question, page.rows[0].place, 300)
        back[:0] = page.rows
    assert [row.code for row in back] == everything
    around = lists.around(question, back[500].place, 10)
    assert [row.code for row in around.rows] == everything[490:510]


def test_batches_stand_in_the_order_of_their_items(shop: Trade) -> None:
    shop.books.masters.import_masters({"batches": [
        {"item": item, "batch": batch} for item in ("SYRUP", "DRUG", "PILL") for batch in ("L2", "L1")]})
    lists, question = shop.books.master_lists, MasterQuestion("batch")
    names = [row.name for row in lists.everything(question)]
    assert names == [(batch, item) for item in ("DRUG", "PILL", "SYRUP") for batch in ("L1", "L2")]
    page = lists.first(question, 2)
    assert [row.name for row in lists.after(question, page.rows[-1].place, 2).rows] == names[2:4]
    assert [row.name for row in lists.first(MasterQuestion("batch", values={"item": "pill"})).rows] == names[2:4]


def test_masters_are_found_by_code_name_and_alias_and_by_their_state(shop: Trade) -> None:
    shop.books.masters.import_masters({"parties": [
        {"code": "C001", "kind": "customer", "alias": "Corner"},
        {"code": "C002", "kind": "customer", "is_active": False}]})
    lists = shop.books.master_lists

    def codes(**asked: Any) -> list[str]:
        return [row.code for row in lists.first(MasterQuestion("party", **asked)).rows]

    assert codes(text="asha") == ["C001"]
    assert codes(text="CORN") == ["C001"]
    assert codes(text="s00") == ["S001", "S002"]
    assert codes(text="100%") == [], "signs of the pattern are signs"
    assert codes(state=INACTIVE) == ["C002"]
    assert codes(values={"kind": "supplier"}) == ["S001", "S002"]
    assert codes(text="stores", named=(("C002", ""),)) == ["C002", "C001"], "what a nearer search found comes first"


@pytest.mark.parametrize("kind", sorted(master_forms()))
def test_every_kind_is_read_page_by_page(shop: Trade, kind: str) -> None:
    page = shop.books.master_lists.first(MasterQuestion(kind, "zzz-nothing"))
    assert page.rows == ()
    rows = shop.books.master_lists.first(MasterQuestion(kind)).rows
    assert all(row.code for row in rows)


def test_accounts_tell_their_parents_and_roles(shop: Trade) -> None:
    rows = {row.code: row for row in shop.books.master_lists.everything(MasterQuestion("account"))}
    assert rows["6020"].values["parent"] == "6000"
    assert rows["1110"].values["roles"] == "cash"


def test_who_uses_a_master_is_said_and_one_that_nobody_uses_is_deleted_with_its_lists(shop: Trade) -> None:
    lists = shop.books.master_lists
    assert lists.users("item", "TEA") == ("price lists",), "its own units don't count"
    with pytest.raises(InvalidRequest, match="TEA is used by price lists; make it inactive instead") as caught:
        lists.delete("item", "TEA")
    assert caught.value.code == "MST-007"
    assert shop.one("SELECT count(*) FROM erpdesk.item_uom u JOIN erpdesk.item i ON i.id = u.item_id"
                    " WHERE i.code = 'TEA'") == 1, "nothing of it is gone"
    lists.delete("price_list", "RETAIL")
    shop.books.masters.import_masters({"price_lists": [{"code": "OWN", "rates": []}]})
    assert lists.users("party", "D1") == ()
    lists.delete("party", "d1")
    with pytest.raises(ConflictError) as gone:
        lists.delete("party", "D1")
    assert gone.value.code == "MST-008"
    shop.buy("OIL", "1", "5")
    assert lists.users("item", "OIL") == ("vouchers",)


def test_a_field_of_many_is_set_for_all_or_for_none(shop: Trade) -> None:
    lists = shop.books.master_lists
    names = [(code, "") for code in ("TEA", "OIL", "ICE")]
    changed = lists.change_many("item", names, "tax_class", "STD")
    assert (changed.changed, changed.unchanged, changed.refused) == (3, 0, ())
    assert lists.change_many("item", names[:2], "tax_class", "STD").unchanged == 2
    shop.buy("OIL", "1", "5")
    stopped = lists.change_many("item", names, "uom", "BOX")
    assert (stopped.changed, [one.code for one in stopped.refused]) == (0, ["OIL"])
    assert [fault.code for one in stopped.refused for fault in one.faults] == ["MST-001"]
    rows = {row.code: row.values["uom"] for row in lists.everything(MasterQuestion("item"))}
    assert rows["ICE"] == "PCS", "none was changed"
    with pytest.raises(InvalidRequest):
        lists.change_many("party", [("C001", "")], "credit_days", "many")
    with pytest.raises(ErpdeskError):
        lists.change_many("party", [("C001", "")], "code", "X")


def test_a_master_that_is_gone_stops_a_change_of_many(shop: Trade) -> None:
    stopped = shop.books.master_lists.change_many("party", [("C001", ""), ("GONE", "")], "alias", "x")
    assert [(one.code, one.faults[0].code) for one in stopped.refused] == [("GONE", "MST-008")]
    assert shop.one("SELECT count(*) FROM erpdesk.party WHERE alias = 'x' OR code = 'GONE'") == 0


def test_two_desks_alter_the_same_master_and_the_second_is_told(shop: Trade) -> None:
    first, second = shop.books.master_forms, shop.reopen().master_forms
    mine, theirs = first.open("party", "C001"), second.open("party", "C001")
    assert mine.values is not None
    assert theirs.values is not None
    assert first.save("party", {**mine.values, "credit_days": "45"}, is_new=False, seen=mine.values) == ()
    with pytest.raises(ConflictError, match="has changed it meanwhile: Credit days") as caught:
        second.save("party", {**theirs.values, "name": "Other"}, is_new=False, seen=theirs.values)
    assert caught.value.code == "MST-008"
    assert shop.rows("SELECT name, credit_days FROM erpdesk.party WHERE code = 'C001'") == [("Asha Stores", 45)]


def test_lists_that_hang_on_a_master_are_changed_and_compared_too(shop: Trade) -> None:
    forms = shop.books.master_forms
    opened = forms.open("price_list", "RETAIL").values
    assert opened is not None
    assert opened["rates"] == [{"item": "TEA", "uom": "BOX", "rate": "170"},
                               {"item": "TEA", "uom": "PCS", "rate": "15"}]
    rates = [{"item": "TEA", "uom": "PCS", "rate": "16"},
             {"item": "OIL", "uom": "KG", "rate": "9", "minimum_quantity": "10", "valid_from": "2026-05-01"}]
    assert forms.save("price_list", {**opened, "rates": rates}, is_new=False, seen=opened) == ()
    now = forms.open("price_list", "RETAIL").values
    assert now is not None
    assert now["rates"] == [rates[1], rates[0]]
    with pytest.raises(ConflictError, match="Rates"):
        forms.save("price_list", {**opened, "name": "Shop"}, is_new=False, seen=opened)
    faults = forms.save("price_list", {**now, "rates": [*rates, {"item": "NONE", "uom": "PCS", "rate": "1"}]},
                        is_new=False, seen=now)
    assert [fault.field for fault in faults] == ["rates[2].item"]
    assert forms.save("price_list", {**now, "rates": []}, is_new=False, seen=now) == ()
    assert shop.one("SELECT count(*) FROM erpdesk.price_list_rate r JOIN erpdesk.price_list l ON l.id = r.price_list_id"
                    " WHERE l.code = 'RETAIL'") == 0


def test_bins_units_and_exchange_rates_hang_on_their_masters(shop: Trade) -> None:
    forms = shop.books.master_forms
    warehouse = {"code": "NEW", "name": "New store", "bins": [{"code": "01", "is_active": True}, {"code": "1"}]}
    assert forms.save("warehouse", warehouse, is_new=True) == ()
    seen = forms.open("warehouse", "NEW").values
    assert seen is not None
    assert [row["code"] for row in seen["bins"]] == ["01", "1"]
    assert forms.save("warehouse", {**seen, "bins": [{"code": "1", "is_active": False}]}, is_new=False, seen=seen) == ()
    seen = forms.open("warehouse", "NEW").values
    assert seen is not None
    assert seen["bins"] == [{"code": "1", "is_active": False}]
    days = [("2026-04-01", "133"), ("2026-05-01", "134")]
    usd = {"code": "USD", "rates": [{"valid_from": day, "rate": rate} for day, rate in days]}
    assert forms.save("currency", usd, is_new=True) == ()
    seen = forms.open("currency", "USD").values
    assert seen is not None
    assert seen["rates"][0] == {"valid_from": "2026-05-01", "rate": "134"}, "newest first"
    assert forms.save("currency", {**seen, "rates": seen["rates"][:1]}, is_new=False, seen=seen) == ()
    assert shop.one("SELECT count(*) FROM erpdesk.currency_rate WHERE code = 'USD'") == 1
    tea = forms.open("item", "TEA").values
    assert tea is not None
    halves = {**tea, "alternate_units": [{"uom": "HALF", "factor": "0.5"}]}
    assert forms.save("item", halves, is_new=False, seen=tea) == ()
    again = forms.open("item", "TEA").values
    assert again is not None
    assert again["alternate_units"] == [{"uom": "HALF", "factor": "0.5"}]


def test_a_bin_that_is_used_stays(shop: Trade) -> None:
    shop.books.masters.import_masters({"bins": [{"warehouse": "MAIN", "code": "A1"}]})
    shop.books.configuration.import_document({"voucher_types": [
        {"code": "PURCHASE_INVOICE", "lines": {"show_bin": True}}]})
    shop.buy("TEA", "1", "5", bin="A1")
    forms = shop.books.master_forms
    seen = forms.open("warehouse", "MAIN").values
    assert seen is not None
    [fault] = forms.save("warehouse", {**seen, "bins": []}, is_new=False, seen=seen)
    assert (fault.code, fault.message) == ("MST-007", "A1 is used by vouchers; make it inactive instead.")


def test_who_may_not_edit_masters_changes_none(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET permissions = '{voucher.enter}'")
    lists = shop.books.master_lists
    for attempt in (lambda: lists.delete("party", "D1"), lambda: lists.change_many("party", [("D1", "")], "alias", "x"),
                    lambda: shop.books.master_forms.save("party", {"code": "N", "kind": "customer"}, is_new=True)):
        with pytest.raises(ForbiddenError):
            attempt()


def test_of_two_that_save_at_the_same_moment_one_is_told(shop: Trade) -> None:
    seen = shop.books.master_forms.open("party", "C001").values
    assert seen is not None
    barrier, told = threading.Barrier(2), list[str]()

    def save(name: str, forms: Any) -> None:
        barrier.wait()
        try:
            forms.save("party", {**seen, "name": name}, is_new=False, seen=seen)
        except ConflictError as conflict:
            told.append(conflict.code)

    both = [threading.Thread(target=save, args=(name, shop.reopen().master_forms)) for name in ("One", "Other")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert told == ["MST-008"]
