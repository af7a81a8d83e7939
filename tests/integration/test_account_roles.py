"""The role of an account in the books is changed in its form: postings follow, and what would break them is refused."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Fault, ForbiddenError, Refused
from helpers.hostile import hostile_desk
from helpers.trading import Trade, goods, journal, sale


def give(shop: Trade, code: str, role: str | None, books: Any = None) -> tuple[Fault, ...]:
    forms = (books or shop.books).master_forms
    values = forms.open("account", code).values
    assert values is not None
    return tuple(forms.save("account", {**values, "role": role}, is_new=False, seen=values))


def role_of(shop: Trade, code: str) -> str:
    return str((shop.books.master_forms.open("account", code).values or {}).get("role", ""))


@pytest.fixture
def selling(shop: Trade) -> Trade:
    """Stock bought and sold; 4090 is another income account."""
    results = shop.books.masters.import_masters({"accounts": [
        {"code": "4090", "name": "Shop sales", "type": "income", "parent": "4000"},
        {"code": "1190", "name": "Other stock", "type": "asset", "kind": "stock", "parent": "1000"}]})
    assert all(one.ok for one in results), results
    shop.buy("TEA", "20", "5")
    shop.sell("TEA", "5")
    return shop


def test_a_role_moves_and_new_vouchers_follow_while_old_ones_stay(selling: Trade) -> None:
    assert role_of(selling, "4010") == "sales"
    assert give(selling, "4090", "sales") == ()
    assert (role_of(selling, "4090"), role_of(selling, "4010")) == ("sales", "")
    selling.books = selling.reopen()
    sold = selling.sell("TEA", "5")
    assert "4090" in {account for account, _ in selling.journal(sold)}
    assert selling.balances()["4010"] == "-75"


def test_the_stock_account_keeps_its_role_while_stock_stands_on_it(selling: Trade) -> None:
    [fault] = give(selling, "1190", "stock")
    assert (fault.code, fault.message) == ("MST-009", "1140 has the role stock and stands at 75.")
    assert role_of(selling, "1140") == "stock"


def test_a_role_is_given_and_never_only_taken(shop: Trade) -> None:
    [fault] = give(shop, "4010", None)
    assert (fault.code, fault.field) == ("MST-009", "role")
    assert role_of(shop, "4010") == "sales"


def test_a_group_plays_no_role(shop: Trade) -> None:
    [fault] = give(shop, "4000", "sales")
    assert (fault.code, fault.message) == ("MST-009", "4000 is a group: it can not play the role sales.")


def test_whoever_may_not_configure_moves_no_role_and_may_still_alter_the_account(selling: Trade) -> None:
    with hostile_desk(selling, "accountant") as desk:
        books = desk.desk.books("SHOP")
        with pytest.raises(ForbiddenError):
            give(selling, "4090", "sales", books)
        assert give(selling, "4010", "sales", books) == ()


@pytest.mark.parametrize(("role", "items"), [("cogs", {"TEA", "OIL"}), ("sales", {"TEA"}), ("receivable", {"TEA"})])
def test_what_needs_a_role_that_nobody_plays_is_refused_with_its_name(
        selling: Trade, role: str, items: set[str]) -> None:
    selling.buy("OIL", "5", "7")
    with selling.admin() as connection:
        connection.execute("DELETE FROM erpdesk.account_role WHERE role = %s", (role,))
    document = sale([goods(item, "1", "9") for item in sorted(items)], date="2026-04-10")
    first = selling.refuse(document).first
    assert (first.code, first.message) == ("GL-002", f"No account has the role {role}")
    assert [fault.code for fault in selling.books.vouchers.preview(document).faults] == ["GL-002"]
    rehearsed = selling.books.vouchers.rehearsal().rehearse(document)
    assert isinstance(rehearsed, Refused)
    assert rehearsed.first.code == "GL-002"
    assert selling.post(journal()).voucher_number, "what needs none of it goes on"
