"""What must not be posted is refused whole, with its code, its place and one clear sentence."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale, transfer


def test_a_voucher_short_on_its_last_line_changes_nothing_but_the_posting_log(shop: Trade) -> None:
    for number in range(9):
        shop.buy("TEA" if number % 2 else "ICE", "10", f"{number + 1}")
    shop.buy("PILL", "2", "1", batch="B1")
    lines = [goods("TEA" if number % 2 else "ICE", "2", "20") for number in range(9)] + [goods("PILL", "3", "20")]
    shown = shop.books.vouchers.next_number("SALES_INVOICE", {"date": "2026-04-10"})
    before = shop.fingerprint()
    refused = shop.refuse(sale(lines, idempotency_key="k-1"))
    assert [(fault.code, fault.field, fault.step) for fault in refused.faults] == [
        ("INV-001", "lines[9].quantity", "inventory")]
    assert shop.changed_since(before) == {"posting_log"}
    assert shop.log()[-1] == ("invalid", "INV-001")
    assert shop.books.vouchers.next_number("SALES_INVOICE", {"date": "2026-04-10"}) == shown == "SI/26-27/000001"


def test_a_short_draft_keeps_its_status_and_version(shop: Trade) -> None:
    draft = shop.save(sale([goods("TEA", "1", "9")], idempotency_key="k-1", **PLAIN))
    before = shop.fingerprint()
    assert shop.refuse("key:k-1").first.code == "INV-001"
    assert shop.changed_since(before) == {"posting_log"}
    assert shop.rows("SELECT status, row_version FROM erpdesk.voucher") == [("DRAFT", draft.row_version)]


@pytest.mark.parametrize(("line", "message"), [
    (goods("TEA", "3", "9"), "Insufficient stock of TEA in MAIN: 3 needed, 2 available"),
    (goods("OIL", "2.5", "9"), "Insufficient stock of OIL in MAIN: 2.5 needed, 1.25 available"),
    (goods("PILL", "5", "9", batch="B1"),
     "Insufficient stock of PILL batch B1 in MAIN: 5 needed, 4 available"),
    (goods("SYRUP", "5", "9", batch="B1"),
     "Insufficient stock of SYRUP batch B1 in MAIN: 5 needed, 4 available"),
    (goods("ICE", "1", "9"), "Insufficient stock of ICE in MAIN: 1 needed, 0 available"),
    (goods("TEA", "1", "9", warehouse="SHOP"), "Insufficient stock of TEA in SHOP: 1 needed, 0 available"),
    (goods("TEA", "1", "99", uom="BOX"), "Insufficient stock of TEA in MAIN: 12 needed, 2 available"),
])
def test_insufficient_stock_says_what_is_needed_and_what_is_there(
        shop: Trade, line: dict[str, Any], message: str) -> None:
    shop.buy("TEA", "2", "5")
    shop.buy("OIL", "1.25", "5")
    for item in ("PILL", "SYRUP"):
        shop.buy(item, "4", "5", batch="B1")
        shop.buy(item, "9", "5", batch="B2")
    before = shop.fingerprint()
    refused = shop.refuse(sale([line], **PLAIN))
    assert (refused.kind, refused.first.code, refused.first.message) == ("invalid", "INV-001", message)
    assert shop.changed_since(before) == {"posting_log"}


def test_lines_of_one_item_are_short_together(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.buy("OIL", "10", "5")
    for item in ("TEA", "OIL"):
        refused = shop.refuse(sale([goods(item, "6", "9"), goods(item, "6", "9")], **PLAIN))
        assert [fault.field for fault in refused.faults] == ["lines[1].quantity"]
        assert refused.first.message.endswith("6 needed, 4 available")


def test_every_short_line_is_named_at_once(shop: Trade) -> None:
    refused = shop.refuse(sale([goods("TEA", "1", "9"), goods("OIL", "1", "9"), goods("ICE", "1", "9")], **PLAIN))
    assert [fault.field for fault in refused.faults] == [f"lines[{number}].quantity" for number in range(3)]


def test_stock_of_an_inactive_batch_is_left_out_and_naming_it_is_refused(shop: Trade) -> None:
    shop.buy("PILL", "5", "1", batch="B1")
    shop.buy("PILL", "5", "2", batch="B2")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.batch SET is_active = false WHERE code = 'B1'")
    assert shop.refuse(sale([goods("PILL", "6", "9")], **PLAIN)).first.message.endswith("6 needed, 5 available")
    assert shop.refuse(sale([goods("PILL", "1", "9", batch="B1")], **PLAIN)).first.code == "INV-007"
    assert shop.sell("PILL", "5").cost == "10.00"
    assert shop.stock("PILL") == ("5", "5")


CASES: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("an unbalanced journal", {**journal(), "lines": [{"account": "1110", "debit": "10"}, {"account": "3010",
                                                                                           "credit": "9.99"}]},
     [("GL-001", "lines")]),
    ("both sides on a line", {**journal(), "lines": [{"account": "1110", "debit": "10", "credit": "10"}]},
     [("GL-006", "lines[0].credit")]),
    ("no effective line", {**journal(), "lines": [{"account": "1110", "debit": "0"}]}, [("VCH-003", "lines")]),
    ("no line at all", {**journal(), "lines": []}, [("VCH-003", "lines")]),
    ("a group account", {**journal(), "lines": [{"account": "1000", "debit": "1"}, {"account": "3010", "credit": "1"}]},
     [("GL-003", "lines[0].account")]),
    ("a stock account", {**journal(), "lines": [{"account": "1140", "debit": "1"}, {"account": "3010", "credit": "1"}]},
     [("GL-004", "lines[0].account")]),
    ("a control account without party", {**journal(), "lines": [{"account": "1130", "debit": "1"}, {"account": "3010",
                                                                                                    "credit": "1"}]},
     [("GL-005", "lines[0].party")]),
    ("the voucher's own account", {"type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
                                   "lines": [{"account": "1110", "amount": "1"}]}, [("GL-007", "lines[0].account")]),
    ("an unknown party", purchase([goods("TEA", "1", "1")], party="NOBODY"), [("VCH-010", "party")]),
    ("a customer where a supplier belongs", purchase([goods("TEA", "1", "1")], party="C001"), [("VCH-011", "party")]),
    ("an unknown item", purchase([goods("XYZ", "1", "1")]), [("INV-002", "lines[0].item")]),
    ("an unknown warehouse", purchase([goods("TEA", "1", "1")], warehouse="XYZ"), [("INV-003", "warehouse")]),
    ("source and target alike", transfer([goods("TEA", "1")], to_warehouse="MAIN"),
     [("INV-003", "to_warehouse")]),
    ("a unit the item doesn't have", purchase([goods("OIL", "1", "1", uom="BOX")]), [("INV-006", "lines[0].uom")]),
    ("more decimals than the unit", purchase([goods("TEA", "1.5", "1")]), [("INV-004", "lines[0].quantity")]),
    ("a batch missing at receipt", purchase([goods("PILL", "1", "1")]), [("INV-007", "lines[0].batch")]),
    ("a batch on an item without", purchase([goods("TEA", "1", "1", batch="B")]), [("INV-007", "lines[0].batch")]),
    ("an unknown batch issued", sale([goods("PILL", "1", "1", batch="B")]), [("INV-007", "lines[0].batch")]),
    ("a discount above the line", purchase([goods("TEA", "1", "1", discount_amount="1.01")]),
     [("VCH-009", "lines[0].discount_amount")]),
    ("a discount above all lines", purchase([goods("TEA", "1", "1")], charges=[{"code": "DISC", "amount": "1.01"}]),
     [("VCH-009", "charges")]),
    ("a computed charge typed", purchase([goods("TEA", "1", "100")], charges=[{"code": "VAT", "amount": "12.99"}]),
     [("VCH-008", "charges[0].amount")]),
    ("an unknown charge", purchase([goods("TEA", "1", "100")], charges=[{"code": "TOLL", "amount": "1"}]),
     [("VCH-004", "charges[0].code")]),
    ("an unknown cost centre", {"type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
                                "lines": [{"account": "6020", "amount": "1", "cost_centre": "X"}]},
     [("VCH-013", "lines[0].cost_centre")]),
    ("an unknown branch", journal(branch="MOON"), [("VCH-018", "branch")]),
    ("a day outside every year", journal(date="2025-03-31"), [("PRD-001", "date")]),
    ("an unknown type", {"type": "GIFT", "date": "2026-04-02"}, [("VCH-017", "type")]),
]


@pytest.mark.parametrize(("document", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_breaks_a_rule_is_refused_with_its_code_and_place_and_changes_nothing(
        shop: Trade, document: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    before = shop.fingerprint()
    refused = shop.refuse(document)
    assert refused.kind == "invalid"
    assert list(dict.fromkeys((fault.code, fault.field) for fault in refused.faults)) == expected
    assert shop.changed_since(before) <= {"posting_log"}


def test_all_faults_are_reported_at_once(shop: Trade) -> None:
    refused = shop.refuse(purchase([goods("XYZ", "1", "1"), goods("TEA", "1.5", "1"), goods("PILL", "1", "1")],
                                   party="NOBODY"))
    assert {(fault.code, fault.field) for fault in refused.faults} == {
        ("VCH-010", "party"), ("INV-002", "lines[0].item"), ("INV-004", "lines[1].quantity"), ("INV-007",
                                                                                               "lines[2].batch")}


@pytest.mark.parametrize(("statement", "code"), [
    ("UPDATE erpdesk.organization SET is_locked = true", "PRD-005"),
    ("UPDATE erpdesk.organization SET audit_locked_until = '2026-04-02'", "PRD-004"),
    ("UPDATE erpdesk.fiscal_year SET is_closed = true", "PRD-002"),
    ("UPDATE erpdesk.accounting_period SET state = 'locked' WHERE '2026-04-02' BETWEEN starts_on AND ends_on",
     "PRD-003"),
])
def test_nothing_is_dated_where_it_is_locked(shop: Trade, statement: str, code: str) -> None:
    with shop.admin() as connection:
        connection.execute(statement.encode())
    refused = shop.refuse(journal(date="2026-04-02"))
    assert (refused.kind, refused.first.code, refused.first.step) == ("invalid", code, "journal")
    assert shop.balances() == {}


@pytest.mark.parametrize("statement", [
    "UPDATE erpdesk.account SET is_active = false WHERE code = '1110'",
    "UPDATE erpdesk.account SET is_active = false WHERE code = '5010'",
    "UPDATE erpdesk.account SET is_active = false WHERE code = '1140'"])
def test_an_inactive_account_is_refused_even_where_the_document_does_not_name_it(shop: Trade, statement: str) -> None:
    shop.buy("TEA", "1", "5")
    with shop.admin() as connection:
        connection.execute(statement.encode())
    document = journal() if "1110" in statement else sale([goods("TEA", "1", "9")], **PLAIN)
    refused = shop.refuse(document)
    assert (refused.kind, refused.first.code) == ("invalid", "GL-002")


def test_inactive_masters_take_no_new_vouchers(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    with shop.admin() as connection:
        for table in ("item", "party", "warehouse"):
            connection.execute(f"UPDATE erpdesk.{table} SET is_active = false"
                               " WHERE code IN ('TEA', 'C001', 'MAIN')".encode())
    refused = shop.refuse(sale([goods("TEA", "1", "9")], **PLAIN))
    assert {fault.code for fault in refused.faults} == {"INV-002", "VCH-010", "INV-003"}


def test_an_inactive_voucher_type_is_refused(shop: Trade) -> None:
    shop.configure("JOURNAL", is_active=False)
    assert shop.refuse(journal()).first.code == "VCH-007"


def test_a_type_changed_while_vouchers_are_under_way_is_followed_at_once(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    assert shop.post(sale([goods("TEA", "1", "9.40")], **PLAIN)).total == "9.40"
    shop.configure("SALES_INVOICE", round_to=1)
    assert shop.post(sale([goods("TEA", "1", "9.40")], **PLAIN)).total == "9.00"


@pytest.mark.parametrize("limits", ["post_limit = 99.99", "back_date_days = 0", "forward_date_days = 0"])
def test_limits_of_the_user_hold_the_user_back(shop: Trade, limits: str) -> None:
    days = {"back_date_days = 0": -2, "forward_date_days = 0": 2}  # two: the organization's day may be another already
    day = f"current_date + {days.get(limits, 0)}"
    on = shop.one(f"SELECT ({day})::text")
    year = int(on[:4])
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.fiscal_year (organization_id, id, code, short_code, starts_on,"
                           " ends_on) SELECT id, gen_random_uuid(), 'T', 'T', make_date(%s, 1, 1),"
                           " make_date(%s, 12, 31)"
                           " FROM erpdesk.organization WHERE NOT EXISTS (SELECT FROM erpdesk.fiscal_year"
                           " WHERE %s BETWEEN starts_on AND ends_on)", (year, year, on))
        connection.execute("INSERT INTO erpdesk.accounting_period (organization_id, id, fiscal_year_id, number,"
                           " starts_on,"
                           " ends_on) SELECT organization_id, gen_random_uuid(), id, 1, starts_on, ends_on"
                           " FROM erpdesk.fiscal_year WHERE code = 'T'")
        connection.execute("INSERT INTO erpdesk.user_limit (organization_id, id, user_name)"
                           " SELECT id, gen_random_uuid(), 'erpdesk_local' FROM erpdesk.organization")
        connection.execute(f"UPDATE erpdesk.user_limit SET {limits}".encode())
    refused = shop.refuse(journal(date=on))
    assert refused.first.code == {"post": "SEC-002", "back": "PRD-006", "forw": "PRD-007"}[limits[:4]]
