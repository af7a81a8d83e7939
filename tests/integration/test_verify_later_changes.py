"""What a voucher was typed on decides how it is verified; what its type has become since is no fault of the books."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from erpdesk.services.verification import plan_again
from erpdesk.storage.invariant_checks import CHECKS
from helpers.trading import Trade, goods, sale

pytestmark = pytest.mark.server_versions


def test_a_type_that_affects_the_ledger_from_now_on_leaves_its_old_vouchers_sound(shop: Trade) -> None:
    shop.buy("TEA", "5", "10")
    shop.books.configuration.import_document({"voucher_types": [{"code": "SALES_ORDER", "is_active": True}]})
    shop.books = shop.reopen()
    shop.post({**sale([goods("TEA", "2", "10")]), "type": "SALES_ORDER"})
    shop.books.configuration.import_document({"voucher_types": [{"code": "SALES_ORDER", "affects_gl": True}]})
    assert shop.unsound() == []


def test_a_voucher_keeps_to_its_blueprint_version_even_when_its_type_forgets(shop: Trade) -> None:
    shop.buy("TEA", "2", "10")
    assert "has no journal" in questioned(shop, "I2",
        "UPDATE erpdesk.voucher_config_master SET affects_gl = false",
        "DELETE FROM erpdesk.journal")


def questioned(shop: Trade, invariant: str, *statements: str) -> str:
    """What breaks the invariant once the statements have run with triggers off; nothing of them stays."""
    connection: Connection[Any]
    with shop.database.connect("superuser") as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement.encode()).rowcount > 0, statement
        check = next(check for check in CHECKS if check.name == invariant)
        found = [row for question in check.questions for row in connection.execute(question.encode()).fetchall()]
    return " ".join(str(row[0]) for row in found)


def test_an_item_whose_tax_class_changed_was_sold_at_the_tax_of_its_day(shop: Trade) -> None:
    charge = {"code": "VAT", "tax_class": "STD"}
    shop.books.configuration.import_document({"voucher_types": [{"code": "SALES_INVOICE", "charges": [charge]}]})
    classed(shop, "STD")
    shop.buy("TEA", "5", "10")
    taxed = shop.post(sale([goods("TEA", "2", "10")], charges=[{"code": "VAT"}]))
    classed(shop, "EXEMPT")
    untaxed = shop.post(sale([goods("TEA", "2", "10")], charges=[{"code": "VAT"}]))
    assert taxed.total > untaxed.total
    connection: Connection[Any]
    with shop.database.connect("superuser") as connection, connection.transaction():
        assert plan_again(connection).ok, plan_again(connection).text


def classed(shop: Trade, tax_class: str) -> None:
    """Tea in another tax class."""
    shop.books.masters.import_masters({"items": [{"code": "TEA", "uom": "PCS", "tax_class": tax_class}]})
    shop.books = shop.reopen()
