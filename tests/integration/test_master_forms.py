"""A master is made and changed one at a time, through its form."""

from __future__ import annotations

import pytest

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.results import ErpdeskError, ForbiddenError
from helpers.trading import Trade


def test_a_party_is_made_once_altered_and_read_back(shop: Trade) -> None:
    forms = shop.books.master_forms
    party = {"code": "C9", "name": "Nine", "kind": "customer", "credit_limit": "500", "alias": None}
    assert forms.save("party", party, is_new=True) == ()
    [fault] = forms.save("party", {**party, "name": "Other"}, is_new=True)
    assert (fault.field, fault.code) == ("code", "MST-002")
    assert forms.save("party", {**party, "credit_limit": None, "address": "Pokhara"}, is_new=False) == ()
    opened = forms.open("party", "c9")
    assert opened.values == {"code": "C9", "name": "Nine", "kind": "customer", "address": "Pokhara",
                             "is_active": True}
    code = opened.form.field("code")
    assert code is not None
    assert code.ui.readonly


def test_faults_name_the_fields_of_the_form(shop: Trade) -> None:
    faults = shop.books.master_forms.save("item", {"code": "NEW", "uom": "NONE"}, is_new=True)
    assert [fault.field for fault in faults] == ["uom"]
    faults = shop.books.master_forms.save("party", {"code": "C8"}, is_new=True)
    assert [fault.field for fault in faults] == ["kind"]


@pytest.mark.parametrize("kind", sorted(master_forms()))
def test_every_kind_opens_for_a_new_one(shop: Trade, kind: str) -> None:
    opened = shop.books.master_forms.open(kind)
    assert opened.values is None
    assert opened.form.field("is_active") is None


def test_references_without_a_lookup_of_their_own_are_chosen_from_a_list(shop: Trade) -> None:
    tax_class = shop.books.master_forms.open("item").form.field("tax_class")
    assert tax_class is not None
    assert tax_class.options


def test_a_batch_is_known_by_its_item(shop: Trade) -> None:
    forms = shop.books.master_forms
    assert forms.save("batch", {"item": "TEA", "batch": "L1", "expires": "2027-01-31"}, is_new=True) == ()
    values = forms.open("batch", "L1", "TEA").values
    assert values is not None
    assert values["expires"] == "2027-01-31"
    with pytest.raises(ErpdeskError):
        forms.open("batch", "L1", "NONE")


def test_who_may_not_edit_masters_is_told_so(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET permissions = '{voucher.enter}'")
    with pytest.raises(ForbiddenError, match="may not make or change masters"):
        shop.books.master_forms.open("party")
