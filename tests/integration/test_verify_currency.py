"""`db verify` finds what somebody has changed in one of two currencies behind the program's back."""

from __future__ import annotations

import pytest

from erpdesk.posting.outcome import PostedVoucher
from helpers.trading import PLAIN, Trade, goods, sale


@pytest.fixture
def sold(shop: Trade) -> PostedVoucher:
    """A sale of 100 dollars at 130, 40 of which were paid at 135."""
    shop.books.masters.import_masters({"currencies": [{"code": "USD"}]})
    shop.buy("TEA", "10", "5")
    made = shop.post(sale([goods("TEA", "1", "100")], currency="USD", exchange_rate="130", **PLAIN))
    shop.post({"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "currency": "USD",
               "amount": "40", "exchange_rate": "135",
               "allocations": [{"voucher_number": made.voucher_number, "amount": "40"}]})
    assert shop.unsound() == []
    return made


@pytest.mark.parametrize(("change", "undo", "finding"), [
    ("UPDATE erpdesk.open_item SET currency_open_amount = currency_open_amount + 1 WHERE currency_open_amount = 60",
     "UPDATE erpdesk.open_item SET currency_open_amount = 60 WHERE currency_open_amount = 61",
     "USD 61.00 of 100.00 open, its settlements leave 60.00"),
    ("UPDATE erpdesk.settlement SET currency_amount = currency_amount + 1 WHERE currency_amount = 40",
     "UPDATE erpdesk.settlement SET currency_amount = 40 WHERE currency_amount = 41",
     "USD 60.00 of 100.00 open, its settlements leave 59.00"),
    ("UPDATE erpdesk.journal_line SET currency_amount = 99 WHERE currency_amount = 100 AND party_id IS NOT NULL",
     "UPDATE erpdesk.journal_line SET currency_amount = 100 WHERE currency_amount = 99",
     "party lines of USD 99, open items of 100"),
    ("UPDATE erpdesk.journal_line SET currency_amount = -99 WHERE currency_amount = -100 AND role = 'goods'",
     "UPDATE erpdesk.journal_line SET currency_amount = -100 WHERE currency_amount = -99",
     "line 2 is -13000.00 for USD -99 at 130"),
    ("UPDATE erpdesk.journal_line SET role = 'exchange' WHERE role = 'goods' AND currency_code IS NULL",
     "UPDATE erpdesk.journal_line SET role = 'goods' WHERE role = 'exchange' AND debit = 50",
     "is an exchange difference of a voucher in NPR")])
def test_an_amount_changed_in_one_currency_alone_is_found(
        shop: Trade, sold: PostedVoucher, change: str, undo: str, finding: str) -> None:
    def by_hand(statement: str) -> None:
        with shop.admin() as admin:
            admin.execute("SET session_replication_role = replica")
            assert admin.execute(statement.encode()).rowcount == 1, statement

    by_hand(change)
    found = shop.unsound()
    by_hand(undo)
    assert any(finding in line for line in found), found
