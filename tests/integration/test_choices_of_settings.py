"""What the settings of voucher types offer from the organization: tax classes, and users to whom may see them."""

from __future__ import annotations

import pytest

from helpers.office import Office, open_office
from helpers.trading import Trade


@pytest.fixture
def office(shop: Trade) -> Office:
    return open_office(shop)


def test_users_are_offered_by_name_and_full_name_while_they_belong_here(office: Office) -> None:
    books = office.shop.books
    with office.shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.app_user (name, full_name) VALUES ('stranger', 'A Stranger')")
        connection.execute("UPDATE erpdesk.app_user SET full_name = 'Asha Karki' WHERE name = %s",
                           (office.name("clerk"),))
        connection.execute("UPDATE erpdesk.app_user SET is_active = false WHERE name = %s", (office.name("second"),))
    office.grant("other", "is_active", False)
    offered = dict(books.candidates.choices()["user"])
    assert offered[office.name("clerk")] == "Asha Karki"
    assert office.name("approver") in offered
    assert not {"stranger", office.name("second"), office.name("other")} & set(offered)


def test_who_may_edit_the_configuration_but_not_see_users_is_offered_none(office: Office) -> None:
    office.grant("accountant", "permissions", ["config.edit"])
    choices = office.books["accountant"].candidates.choices()
    assert "user" not in choices
    assert "tax_class" in choices
