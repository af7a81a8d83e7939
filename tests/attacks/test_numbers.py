"""Numbers of vouchers can't be bent by SQL: not their keys, not who holds one, not a second voucher with the same."""

from __future__ import annotations

import psycopg
import pytest

from helpers.trading import Trade, journal


@pytest.mark.parametrize("statement", [
    "INSERT INTO erpdesk.number_claim SELECT organization_id, id, id, 'x', id FROM erpdesk.voucher_config_master",
    "DELETE FROM erpdesk.number_claim", "UPDATE erpdesk.number_claim SET number_key = 'x'",
    "SELECT * FROM erpdesk.number_claim"])
def test_nobody_touches_who_holds_a_number(shop: Trade, statement: str) -> None:
    with shop.server.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_a_second_voucher_with_the_number_is_refused_by_the_index_too(shop: Trade) -> None:
    """Whatever the posting functions do: here the superuser plays a broken one."""
    shop.configure("JOURNAL", numbering_method="manual")
    shop.post(journal(voucher_number="A-7"))
    other = shop.save(journal(voucher_number="A-8"))
    with shop.admin() as connection, pytest.raises(psycopg.errors.UniqueViolation) as told:
        connection.execute("UPDATE erpdesk.voucher SET voucher_number = ' a-7', fiscal_year_id ="
                           " (SELECT id FROM erpdesk.fiscal_year) WHERE id = %s", (other.voucher_id,))
    assert told.value.diag.constraint_name == "uq_voucher_number"
