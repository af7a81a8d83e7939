"""Planning posted vouchers again finds every figure changed behind the program's back, and names the voucher."""

from __future__ import annotations

from psycopg import Connection

from erpdesk.services.verification import CheckResult, plan_again, verify_database
from helpers.reference_shop import MORE
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale, transfer

Changed = list[tuple[str, str, str]]


def trade(shop: Trade) -> None:
    """A little of everything, below zero and back, reversed and settled."""
    shop.books.masters.import_masters(MORE)
    shop.post(purchase([goods("TEA", "10", "5"), goods("OIL", "3", "3.3333")],
                       charges=[{"code": "DISC", "amount": "1.00"}, {"code": "FREIGHT", "amount": "7.00"}]))
    shop.buy("SAND", "2", "3")
    shop.sell("SAND", "5")
    shop.buy("SAND", "9", "4", day="2026-04-11")
    sold = shop.post(sale([goods("TEA", "3", "15", discount_percent="2.5"), goods("OIL", "1.1", "9")],
                          charges=[{"code": "DISC", "amount": "0.05"}, {"code": "VAT"}]))
    shop.post(transfer([goods("TEA", "3"), goods("OIL", "0.5")]))
    shop.post({"type": "AR_RECEIPT", "date": "2026-04-15", "account": "1120", "party": "C001", "amount": "12.00",
               "allocations": [{"voucher_number": sold.voucher_number, "amount": "10.00", "discount": "0.50"}]})
    shop.post({"type": "SALES_RETURN", "date": "2026-04-16", "party": "C001", "warehouse": "MAIN", **PLAIN,
               "against": sold.voucher_number, "lines": [goods("TEA", "1", "15")]})
    shop.post({"type": "STOCK_JOURNAL", "date": "2026-04-17", "warehouse": "MAIN",
               "consume": [goods("TEA", "1")], "produce": [goods("ICE", "7")]})
    shop.post({"type": "CASH_PAYMENT", "date": "2026-04-17", "account": "1110",
               "lines": [{"account": "6020", "amount": "40.00"}, {"account": "3010", "amount": "2.00"}]})
    slip = shop.post(sale([goods("TEA", "1", "15"), goods("OIL", "0.1", "1")], date="2026-04-18"))
    shop.books.vouchers.reverse(str(slip.voucher_number), "2026-04-19", "a slip")
    shop.post(journal())


def again(shop: Trade, *statements: str) -> CheckResult:
    """What planning again says once the statements have run with triggers off; nothing of them stays."""
    connection: Connection[tuple[object, ...]]
    with shop.database.connect("superuser") as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement.encode()).rowcount > 0, statement
        return plan_again(connection)


_OF = "voucher_id = (SELECT id FROM erpdesk.voucher WHERE voucher_number = '{}')"
_SALE, _BILL = _OF.format("SI/26-27/000002"), _OF.format("PI/26-27/000001")
_IN = "journal_id = (SELECT j.id FROM erpdesk.journal j JOIN erpdesk.voucher v ON v.id = j.voucher_id" \
      " WHERE v.voucher_number = '{}')"
_TO = "(SELECT id FROM erpdesk.account WHERE code = '{}')"
_NUMBER = "voucher_number = 'SI/26-27/000002'"

CHANGES: Changed = [
    ("a rate", f"UPDATE erpdesk.voucher_line SET rate = rate + 1 WHERE {_SALE}", "SI/26-27/000002: line 1 has rate 16"),
    ("a quantity", f"UPDATE erpdesk.voucher_line SET quantity = 4 WHERE {_SALE} AND line_number = 1", "has quantity 4"),
    ("a discount", f"UPDATE erpdesk.voucher_line SET discount_percent = 3 WHERE {_SALE} AND line_number = 1",
     "discount_percent"),
    ("a line amount", f"UPDATE erpdesk.voucher_line SET line_amount = line_amount + 1 WHERE {_SALE}", "amounts to"),
    ("what was typed", "UPDATE erpdesk.voucher SET document = jsonb_set(document, '{lines,0,quantity}', '\"9\"')"
     f" WHERE {_NUMBER}", "its document says 9"),
    ("a charge", f"UPDATE erpdesk.voucher_charge SET amount = amount + 1 WHERE {_SALE} AND code = 'VAT'",
     "VAT comes to"),
    ("a total", f"UPDATE erpdesk.voucher SET total = total + 1, base_total = base_total + 1 WHERE {_NUMBER}",
     "the total is"),
    ("a total in base currency", f"UPDATE erpdesk.voucher SET base_total = base_total + 1 WHERE {_NUMBER}",
     "the total in base currency"),
    ("the cost", f"UPDATE erpdesk.voucher SET cost = cost + 1 WHERE {_NUMBER}", "of value moved"),
    ("the tax of the type", "UPDATE erpdesk.blueprint_version"
     " SET document = replace(document::text, '\"13\"', '\"14\"')::jsonb WHERE document::text LIKE '%\"13\"%'",
     "VAT comes to"),
    ("what the party owes", f"UPDATE erpdesk.journal_line SET debit = debit + 1 WHERE {_IN.format('SI/26-27/000002')}"
     " AND role = 'party'", "as party"),
    ("what goods sold for", f"UPDATE erpdesk.journal_line SET credit = credit + 1 WHERE {_IN.format('SI/26-27/000002')}"
     " AND role = 'goods'", "as goods"),
    ("where tax is booked", f"UPDATE erpdesk.journal_line SET account_id = {_TO.format('3010')}"
     f" WHERE {_IN.format('SI/26-27/000002')} AND role = 'charge' AND credit > 0", "as charge on 2130"),
    ("where a typed line is booked", f"UPDATE erpdesk.journal_line SET account_id = {_TO.format('6060')}"
     f" WHERE {_IN.format('CP/26-27/000001')} AND debit = 40", "CP/26-27/000001: the journal has 0 as line on 6020"),
    ("the cash of a payment", f"UPDATE erpdesk.journal_line SET credit = 41 WHERE {_IN.format('CP/26-27/000001')}"
     " AND role = 'account'", "as account"),
    ("a side of a journal", f"UPDATE erpdesk.journal_line SET debit = 101 WHERE {_IN.format('JV/26-27/000001')}"
     " AND debit > 0", "JV/26-27/000001"),
    ("a discount given", f"UPDATE erpdesk.journal_line SET debit = 0.6 WHERE {_IN.format('RC/26-27/000001')}"
     " AND role = 'discount'", "RC/26-27/000001: the journal has 0.6 as discount"),
    ("what left a layer", f"UPDATE erpdesk.stock_movement SET value = value - 1 WHERE {_SALE} AND valuation = 'fifo'",
     "where the rule of costing takes"),
    ("what left a pool", f"UPDATE erpdesk.stock_movement SET value = value - 1 WHERE {_SALE} AND layer_id IS NULL",
     "where the rule of costing takes"),
    ("what a line entered at", f"UPDATE erpdesk.stock_movement SET value = value + 1 WHERE {_BILL}",
     "entered stock at"),
    ("half a transfer", f"UPDATE erpdesk.stock_movement SET value = value + 1 WHERE {_OF.format('ST/26-27/000001')}"
     " AND quantity > 0", "a transfer does not keep the value"),
    ("a reversed movement", "UPDATE erpdesk.stock_movement SET value = value + 1 WHERE reverses_id IS NOT NULL",
     "a movement does not undo"),
    ("a reversed journal", "UPDATE erpdesk.journal_line SET credit = credit + 1 WHERE credit > 0 AND"
     f" {_IN.format('SI/26-27/000004')}", "does not mirror"),
    ("what was produced", f"UPDATE erpdesk.stock_movement SET value = value + 1 WHERE {_OF.format('SJ/26-27/000001')}"
     " AND quantity > 0", "SJ/26-27/000001"),
]


def test_what_was_changed_is_found_and_named(shop: Trade) -> None:
    trade(shop)
    assert again(shop).line == "replan ok 13 vouchers planned again come to the same"
    unfound = []
    for what, statement, words in CHANGES:
        result = again(shop, statement)
        if result.ok or words not in result.text:
            unfound.append((what, result.text))
    assert unfound == []


def test_planning_again_is_part_of_verification(shop: Trade) -> None:
    shop.post(journal())
    results = list(verify_database(shop.database.server("superuser")))
    assert results[-1].line == "replan ok 1 vouchers planned again come to the same"


def test_offenders_are_counted_past_the_first_five(shop: Trade) -> None:
    for _ in range(12):
        shop.post(journal())
    result = again(shop, "UPDATE erpdesk.voucher SET total = 1, base_total = 1")
    assert not result.ok
    assert result.text.endswith("; and 7 more")
