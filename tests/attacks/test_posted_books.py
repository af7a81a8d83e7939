"""I1 to I8 and I10 attacked with SQL: by people, who may write no books, and by the owner, who may."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from attacks.conftest import GROUPS, Scene

pytestmark = pytest.mark.server_versions

BOOKS = (
    "journal", "journal_line", "stock_movement", "stock_layer", "stock_balance", "batch_balance", "open_item",
    "settlement", "party_balance", "voucher", "voucher_line", "voucher_line_detail", "voucher_charge",
    "voucher_allocation", "voucher_link", "voucher_number", "number_counter", "audit_entry", "audit_seal",
    "posting_log", "idempotency_key", "integration_event", "approval", "approval_request", "source_line", "reservation",
    "stock_deficit", "deficit_settlement", "loyalty_entry", "voucher_process", "last_rate", "voucher_print",
    "voucher_line_cost_centre",
)
RIGHTS = ("organization", "organization_member", "app_user", "role_permission", "user_limit", "fiscal_year",
          "accounting_period", "status_transition", "schema_info")


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("tables", [BOOKS, RIGHTS], ids=["books", "rights"])
def test_nobody_writes_books_or_rights_by_hand(scene: Scene, group: str, tables: tuple[str, ...]) -> None:
    person = scene.people[group]
    for table in tables:
        [[column]] = scene.rows.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = ('erpdesk.' || %s)::regclass AND attnum = 1", table)
        for statement in (
                sql.SQL("INSERT INTO erpdesk.{table} DEFAULT VALUES"),
                sql.SQL("UPDATE erpdesk.{table} SET {column} = {column}"),
                sql.SQL("DELETE FROM erpdesk.{table}"), sql.SQL("TRUNCATE erpdesk.{table} CASCADE"),
                sql.SQL("SELECT {column} FROM erpdesk.{table} FOR UPDATE"),
                sql.SQL("COPY erpdesk.{table} FROM STDIN"),
                sql.SQL("LOCK TABLE erpdesk.{table} IN EXCLUSIVE MODE")):
            with pytest.raises(errors.InsufficientPrivilege), person.transaction():
                person.execute(statement.format(table=sql.Identifier(table), column=sql.Identifier(column)))


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_empties_any_table_or_moves_a_sequence(scene: Scene, group: str) -> None:
    for table in scene.tables():
        assert scene.refused(group, f"TRUNCATE erpdesk.{table} CASCADE") == "42501"
    for sequence in ("posting_sequence", "audit_sequence"):
        assert scene.refused(group, f"SELECT nextval('erpdesk.{sequence}')") == "42501"
        assert scene.refused(group, f"SELECT setval('erpdesk.{sequence}', 1)") == "42501"


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("who", ["owner", "superuser"])
@pytest.mark.parametrize("table", ["journal", "journal_line", "stock_movement", "audit_entry", "audit_seal",
                                   "posting_log", "voucher_number"])
def test_even_owner_and_superuser_are_stopped_from_rewriting_books(scene: Scene, who: str, table: str) -> None:
    with scene.rows.database.connect(who) as master:
        for statement in (f"UPDATE erpdesk.{table} SET organization_id = organization_id",
                          f"DELETE FROM erpdesk.{table}", f"TRUNCATE erpdesk.{table} CASCADE"):
            assert scene.refused(master, statement) == "23514 i3_books_never_change"


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("statement", [
    "UPDATE erpdesk.voucher SET narration = 'other'", "UPDATE erpdesk.voucher SET total = total + 1",
    "UPDATE erpdesk.voucher SET voucher_number = 'X'",
    "UPDATE erpdesk.voucher SET status = 'REVERSED', reversed_by_id = id, narration = 'other'",
])
def test_a_posted_voucher_keeps_what_it_says(scene: Scene, statement: str) -> None:
    with scene.rows.database.connect("owner") as owner:
        assert scene.refused(owner, statement) == "23514 i3_posted_voucher"


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("status", ["DRAFT", "CANCELLED", "APPROVED"])
def test_a_posted_voucher_does_not_go_back(scene: Scene, status: str) -> None:
    with scene.rows.database.connect("owner") as owner:
        assert scene.refused(owner, f"UPDATE erpdesk.voucher SET status = '{status}', posted_at = NULL") \
            == "23514 voucher_status_transition"


@pytest.mark.invariant("I3")
def test_a_voucher_is_not_deleted(scene: Scene) -> None:
    with scene.rows.database.connect("owner") as owner:
        assert scene.refused(owner, "DELETE FROM erpdesk.voucher") == "23514 i3_books_never_change"


@pytest.mark.invariant("I3")
def test_lines_of_a_posted_voucher_are_final(scene: Scene) -> None:
    scene.rows.insert("voucher_line", organization_id=scene.shop.id, voucher_id=scene.voucher, grid="lines",
                      line_number=1)
    with scene.rows.database.connect("owner") as owner:
        for statement in ("UPDATE erpdesk.voucher_line SET debit = 1", "DELETE FROM erpdesk.voucher_line"):
            assert scene.refused(owner, statement) == "23514 i3_posted_voucher"
        assert scene.refused(
            owner, "INSERT INTO erpdesk.voucher_charge (organization_id, voucher_id, sequence, code, direction)"
                   " VALUES (%s, %s, 1, 'X', 'add')", scene.shop.id, scene.voucher) == "23514 i3_posted_voucher"


JOURNAL = """
INSERT INTO erpdesk.journal (organization_id, id, voucher_id, journal_type_id, branch_id, fiscal_year_id,
                             period_id, posted_on, posting_sequence)
SELECT organization_id, '00000000-0000-0000-0000-00000000000a', {voucher}, journal_type_id, branch_id,
       fiscal_year_id, period_id, {day}, posting_sequence
FROM erpdesk.journal WHERE voucher_id = %(voucher)s
"""
LINE = """
INSERT INTO erpdesk.journal_line (organization_id, journal_id, line_number, account_id, role, debit, credit,
                                  posted_on, posting_sequence)
SELECT l.organization_id, {journal}, l.line_number + 10, l.account_id, 'line', {debit}, {credit}, l.posted_on,
       l.posting_sequence
FROM erpdesk.journal_line l JOIN erpdesk.journal j ON j.id = l.journal_id WHERE j.voucher_id = %(voucher)s
"""
NEW = "'00000000-0000-0000-0000-00000000000a'"


def owner_refused(scene: Scene, *statements: str) -> str:
    """What a transaction of the owner is refused with; the voucher of the scene is a parameter."""
    with scene.rows.database.connect("owner") as owner:
        try:
            with owner.transaction():
                for statement in statements:
                    owner.execute(statement.encode(), {"voucher": scene.voucher})
        except psycopg.Error as error:
            return " ".join(filter(None, (error.diag.sqlstate, error.diag.constraint_name)))
    return pytest.fail("it was done")


def journal(**parts: str) -> str:
    return JOURNAL.format(**{"voucher": "voucher_id", "day": "posted_on", **parts})


def line(**parts: str) -> str:
    return LINE.format(**{"journal": NEW, "debit": "debit", "credit": "credit", **parts})


@pytest.mark.invariant("I2")
def test_a_second_journal_for_a_voucher_is_refused(scene: Scene) -> None:
    assert owner_refused(scene, journal()) == "23505 uq_journal_organization_id_voucher_id"


@pytest.mark.invariant("I2")
@pytest.mark.invariant("I1")
def test_a_line_cannot_join_a_journal_of_the_past(scene: Scene) -> None:
    assert owner_refused(scene, line(journal="j.id")) == "23514 i1_line_of_another_journal"


def without_journal(scene: Scene) -> None:
    """Leaves a posted voucher without a journal, so that a forged one could be put in its place."""
    scene.rows.execute("CREATE TEMP TABLE kept AS SELECT * FROM erpdesk.journal WHERE voucher_id = %s", scene.voucher)
    scene.rows.execute("UPDATE erpdesk.journal SET voucher_id = id WHERE voucher_id = %s", scene.voucher)
    scene.rows.execute("UPDATE erpdesk.journal_line l SET account_id = account_id")


def forged(scene: Scene, *lines: str) -> str:
    without_journal(scene)
    source = JOURNAL.format(voucher="%(voucher)s::uuid", day="posted_on").replace(
        "voucher_id = %(voucher)s", "voucher_id = id")
    return owner_refused(scene, source, *(one.replace("j.voucher_id = %(voucher)s", "j.voucher_id = j.id")
                                          for one in lines))


@pytest.mark.invariant("I1")
def test_an_unbalanced_journal_is_refused_at_commit(scene: Scene) -> None:
    assert forged(scene, line(debit="debit * 2")) == "23514 i1_journal_balances"


@pytest.mark.invariant("I1")
def test_a_journal_without_lines_is_refused(scene: Scene) -> None:
    assert forged(scene) == "23514 i1_journal_balances"


@pytest.mark.invariant("I1")
def test_a_journal_of_fractions_of_the_smallest_coin_is_refused(scene: Scene) -> None:
    assert forged(scene, line(debit="debit / 10000", credit="credit / 10000")) == "23514 i1_journal_decimals"


@pytest.mark.invariant("I1")
@pytest.mark.parametrize("debit", ["'NaN'::numeric", "'Infinity'::numeric", "1e15", "-1"])
def test_a_line_of_an_absurd_amount_is_refused(scene: Scene, debit: str) -> None:
    assert forged(scene, line(debit=debit, credit="0")).startswith("23514 ck_journal_line_")


@pytest.mark.invariant("I1")
def test_a_line_on_both_sides_or_none_is_refused(scene: Scene) -> None:
    for side in ("0", "1"):
        with scene.rows.database.connect("owner") as owner:
            assert scene.refused(
                owner, "INSERT INTO erpdesk.journal_line (organization_id, journal_id, line_number, account_id,"
                       f" role, debit, credit, posted_on, posting_sequence) SELECT organization_id, id, 99, id,"
                       f" 'x', {side}, {side}, posted_on, 1 FROM erpdesk.journal") \
                == "23514 ck_journal_line_one_side"


@pytest.mark.invariant("I2")
def test_a_journal_of_a_draft_is_refused(scene: Scene) -> None:
    scene.rows.execute("UPDATE erpdesk.voucher SET status = 'DRAFT', posted_at = NULL WHERE id = %s", scene.voucher)
    assert forged(scene, line()) == "23514 i2_journal_of_posted_voucher"


@pytest.mark.invariant("I8")
@pytest.mark.parametrize(("closing", "constraint"), [
    ("UPDATE erpdesk.accounting_period SET state = 'locked'", "i8_period_locked"),
    ("UPDATE erpdesk.fiscal_year SET is_closed = true", "i8_year_closed"),
    ("UPDATE erpdesk.organization SET is_locked = true", "i8_organization_locked"),
    ("UPDATE erpdesk.organization SET audit_locked_until = '2026-04-04'", "i8_audit_lock"),
    ("UPDATE erpdesk.accounting_period SET ends_on = '2026-04-03'", "i8_no_year"),
])
def test_nothing_is_dated_where_it_is_shut(scene: Scene, closing: str, constraint: str) -> None:
    scene.rows.execute(closing)
    assert forged(scene, line()) == f"23514 {constraint}"
    movement = ("INSERT INTO erpdesk.stock_movement SELECT (jsonb_populate_record(m, jsonb_build_object('id',"
                " gen_random_uuid(), 'moved_on', '2026-04-04'))).* FROM erpdesk.stock_movement m LIMIT 1")
    assert owner_refused(scene, movement.replace("%", "%%")) == f"23514 {constraint}"


@pytest.mark.invariant("I8")
def test_a_movement_is_not_dated_where_it_is_shut_on_a_journal_of_an_open_day(scene: Scene) -> None:
    scene.rows.execute("UPDATE erpdesk.accounting_period SET ends_on = '2026-04-30'")
    movement = ("INSERT INTO erpdesk.stock_movement SELECT (jsonb_populate_record(m, jsonb_build_object('id',"
                " gen_random_uuid(), 'moved_on', '2026-05-04', 'journal_id', j.id))).* FROM erpdesk.stock_movement m,"
                " erpdesk.journal j WHERE j.transaction_id = txid_current() LIMIT 1")
    assert forged(scene, line(), movement) == "23514 i8_no_year"


NUMBER = ("INSERT INTO erpdesk.voucher_number (organization_id, voucher_config_id, series_code, branch_id,"
          " restart_key, number, voucher_id) SELECT organization_id, voucher_config_id, series_code, branch_id,"
          " restart_key, {number}, {voucher} FROM erpdesk.voucher_number WHERE voucher_id = %(voucher)s")


@pytest.mark.invariant("I4", attacks=7)
def test_numbers_are_neither_skipped_nor_used_twice(scene: Scene) -> None:
    other = "gen_random_uuid()"
    assert owner_refused(scene, NUMBER.format(number="number + 1", voucher=other)) == "23514 i4_numbers_follow"
    assert owner_refused(scene, NUMBER.format(number="number + 2", voucher=other)) == "23514 i4_numbers_follow"
    assert owner_refused(scene, NUMBER.format(number="number", voucher=other)).startswith(("23505", "23514 i4"))
    for step in ("+ 2", "- 1", "+ 0"):
        assert owner_refused(scene, f"UPDATE erpdesk.number_counter SET last_number = last_number {step}"
                             ) == "23514 i4_counter_counts"
    assert owner_refused(scene, "DELETE FROM erpdesk.number_counter") == "23514 i3_books_never_change"


@pytest.mark.invariant("I7", attacks=5)
def test_a_key_keeps_its_content_and_its_first_result(scene: Scene) -> None:
    for change in ("content_hash = 'other'", "object_id = gen_random_uuid()", "result = '{}'", "key = 'k-9'"):
        assert owner_refused(scene, f"UPDATE erpdesk.idempotency_key SET {change}"
                             ) == "23514 i7_key_keeps_its_content"
    assert owner_refused(scene, "DELETE FROM erpdesk.idempotency_key") == "23514 i3_books_never_change"


@pytest.mark.invariant("I10", attacks=2)
def test_no_change_of_status_goes_unaudited(scene: Scene) -> None:
    scene.rows.execute("UPDATE erpdesk.voucher SET status = 'DRAFT', posted_at = NULL WHERE id = %s", scene.voucher)
    for status in ("CANCELLED", "PENDING_APPROVAL"):
        assert owner_refused(scene, f"UPDATE erpdesk.voucher SET status = '{status}' WHERE id = %(voucher)s"
                             ) == "23514 i10_audited"


@pytest.mark.invariant("I5", attacks=3)
def test_stock_is_never_below_zero_and_worth_nothing_when_gone(scene: Scene) -> None:
    for change, constraint in (
            ("quantity = -1", "ck_stock_balance_never_below_zero"),
            ("quantity = 0", "ck_stock_balance_no_quantity_no_value"),
            ("quantity = 'NaN'", "ck_stock_balance_quantity_sane")):
        assert owner_refused(scene, f"UPDATE erpdesk.stock_balance SET {change}") == f"23514 {constraint}"


@pytest.mark.invariant("I10")
@pytest.mark.parametrize("group", ["clerk", "accountant", "admin"])
def test_masters_in_use_are_not_deleted_and_every_change_is_audited(scene: Scene, group: str) -> None:
    person = scene.people[group]
    assert scene.refused(group, "DELETE FROM erpdesk.account WHERE code = '1130'") == "23514 master_in_use"
    before: Any = scene.rows.execute("SELECT count(*) FROM erpdesk.audit_entry")[0][0]
    assert person.execute("UPDATE erpdesk.party SET name = 'New name' WHERE code = 'C001'").rowcount == 1
    [(actor, action, after)] = scene.rows.execute(
        "SELECT actor, action, after ->> 'name' FROM erpdesk.audit_entry ORDER BY sequence DESC LIMIT 1")
    assert (actor, action, after) == (scene.logins[group].name, "changed", "New name")
    assert scene.rows.execute("SELECT count(*) FROM erpdesk.audit_entry") == [(before + 1,)]
