"""Verification finds what breaks an invariant, and nothing in sound books; every check is broken once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from erpdesk.domain.results import ErpdeskError, ForbiddenError
from erpdesk.services.verification import CheckResult, seal_audit, verify_database
from erpdesk.storage.verify import verify
from helpers.book_rows import BookRows, Line, Move, OrganizationRows
from helpers.database import Database

pytestmark = pytest.mark.server_versions

NAMES = [*(f"I{number}" for number in range(1, 12)), "APR", "years"]


@dataclass(slots=True)
class Books:
    """Sound books of two organizations, ready to be broken."""

    rows: BookRows
    shop: OrganizationRows
    voucher: UUID

    def break_with(self, *statements: str) -> None:
        for statement in statements:
            self.rows.execute(statement)

    def results(self) -> dict[str, CheckResult]:
        with self.rows.database.connect("owner") as owner:
            return {result.name: result for result in verify(owner)}

    def failed(self) -> dict[str, str]:
        return {name: result.text for name, result in self.results().items() if not result.ok}


@pytest.fixture
def books(database: Database) -> Iterator[Books]:
    admin = database.make_user("asha", ["admin"])
    with BookRows(database) as rows:
        shop = rows.organization("SHOP", [(admin, "admin")])
        rows.party(shop, "C001")
        rows.party(shop, "S001", "supplier")
        rows.item(shop, "FIFO", batches=["B1"])
        rows.item(shop, "POOL", "weighted_average")
        bought = rows.post(shop, "IN", "2026-04-02", [Line("1140", "50"), Line("2110", "-50", "S001")],
                           [Move("FIFO", "MAIN", "10", "50", "B1")], key="k-1")
        rows.post(shop, "IN", "2026-04-02", [Line("1140", "10"), Line("2110", "-10", "S001")],
                  [Move("POOL", "MAIN", "3", "10")])
        rows.post(shop, "OUT", "2026-04-03", [Line("5010", "20"), Line("1140", "-20")],
                  [Move("FIFO", "MAIN", "-4", "-20", "B1", taken_from=bought)])
        rows.post(shop, "LEDGER", "2026-04-04", [Line("1130", "30", "C001"), Line("4010", "-30")])
        other = rows.organization("OTHER")
        rows.post(other, "LEDGER", "2026-04-04", [Line("1110", "1"), Line("4010", "-1")])
        yield Books(rows, shop, bought)


def sealed(books: Books) -> None:
    """Seals everything of both organizations, as the worker would."""
    with books.rows.database.connect("worker") as worker:
        for (organization,) in books.rows.execute("SELECT id FROM erpdesk.organization"):
            while worker.execute("SELECT erpdesk.audit_seal(%s)", (organization,)).fetchall()[0][0]:
                pass


def test_sound_books_pass_every_check_with_a_line_each(books: Books) -> None:
    sealed(books)
    assert books.failed() == {}
    results = books.results()
    assert list(results) == NAMES
    assert results["I1"].line == "I1 ok 5 journals balance"


def test_an_empty_database_is_sound(database: Database) -> None:
    assert [result.line for result in verify_database(database.server("superuser")) if not result.ok] == []


BREAKS: list[tuple[str, str, str]] = [
    ("I1", "a line of one side more", "UPDATE erpdesk.journal_line SET debit = debit + 1 WHERE debit = 30"),
    ("I1", "more decimals than the currency",
     "UPDATE erpdesk.journal_line SET debit = debit * 1.0001, credit = credit * 1.0001"),
    ("I1", "a journal without lines", "DELETE FROM erpdesk.journal_line WHERE debit = 30 OR credit = 30"),
    ("I1", "lines without a journal", "DELETE FROM erpdesk.journal WHERE posted_on = '2026-04-04'"),
    ("I1", "a line of another day", "UPDATE erpdesk.journal_line SET posted_on = '2026-04-05' WHERE debit = 30"),
    ("I2", "a posted voucher without journal", "DELETE FROM erpdesk.journal WHERE posted_on = '2026-04-04'"),
    ("I2", "a stock voucher without movement", "DELETE FROM erpdesk.stock_movement WHERE quantity = 3"),
    ("I2", "a journal of a draft",
     "UPDATE erpdesk.voucher SET status = 'DRAFT', posted_at = NULL WHERE voucher_on = '2026-04-04'"),
    ("I2", "a journal of another day", "UPDATE erpdesk.voucher SET voucher_on = '2026-04-05'"),
    ("I2", "a movement of a voucher that is gone", "DELETE FROM erpdesk.voucher WHERE voucher_on = '2026-04-02'"),
    ("I3", "a changed total", "UPDATE erpdesk.voucher SET base_total = base_total + 1"),
    ("I3", "a changed document", """UPDATE erpdesk.voucher SET document = '{"x": 1}'"""),
    ("I3", "a reversal that doesn't know",
     "UPDATE erpdesk.voucher SET status = 'REVERSED', reversed_by_id = id WHERE base_total = 30"),
    ("I3", "a trigger switched off", "ALTER TABLE erpdesk.journal_line DISABLE TRIGGER books_never_change"),
    ("I3", "a trigger taken away", "DROP TRIGGER journal_balances ON erpdesk.journal"),
    ("I3", "a clerk who may write", "GRANT UPDATE ON erpdesk.stock_movement TO erpdesk_clerk"),
    ("I3", "a public that may write", "GRANT INSERT ON erpdesk.voucher_number TO PUBLIC"),
    ("I4", "a gap", "DELETE FROM erpdesk.voucher_number WHERE number = 1 AND EXISTS (SELECT FROM"
     " erpdesk.voucher_number n WHERE n.number = 2 AND n.voucher_config_id = voucher_number.voucher_config_id)"),
    ("I4", "a counter ahead", "UPDATE erpdesk.number_counter SET last_number = last_number + 1"),
    ("I4", "a counter gone", "DELETE FROM erpdesk.number_counter"),
    ("I4", "a number of nothing", "UPDATE erpdesk.voucher_number SET voucher_id = gen_random_uuid()"),
    ("I4", "a voucher that doesn't carry its number", "UPDATE erpdesk.voucher SET voucher_number = 'X'"),
    ("I4", "a posted voucher without number", "DELETE FROM erpdesk.voucher_number WHERE number = 2"),
    ("I4", "a number twice", "DROP INDEX erpdesk.uq_voucher_number; UPDATE erpdesk.voucher"
     " SET voucher_number_key = 'same', voucher_config_id = (SELECT min(voucher_config_id::text)::uuid"
     " FROM erpdesk.voucher)"),
    ("I5", "a balance too high", "UPDATE erpdesk.stock_balance SET quantity = quantity + 1"),
    ("I5", "a value too high", "UPDATE erpdesk.stock_balance SET value = value + 1 WHERE quantity = 3"),
    ("I5", "a balance gone", "DELETE FROM erpdesk.stock_balance WHERE quantity = 3"),
    ("I5", "value in a layer moved", "UPDATE erpdesk.stock_layer SET value_left = value_left + 1"),
    ("I5", "a layer gone", "DELETE FROM erpdesk.stock_layer"),
    ("I5", "a batch balance wrong", "UPDATE erpdesk.batch_balance SET quantity = quantity - 1"),
    ("I5", "a batch balance gone", "DELETE FROM erpdesk.batch_balance"),
    ("I5", "a deficit without parts",
     "UPDATE erpdesk.stock_balance SET deficit_quantity = 1 WHERE quantity = 3"),
    ("I5", "a serial in no place", "INSERT INTO erpdesk.serial (organization_id, id, item_id, code, code_key,"
     " warehouse_id) SELECT organization_id, gen_random_uuid(), item_id, 'S', 's', warehouse_id"
     " FROM erpdesk.stock_balance WHERE quantity = 3"),
    ("I5", "below zero", "ALTER TABLE erpdesk.stock_balance DROP CONSTRAINT ck_stock_balance_never_below_zero;"
     " UPDATE erpdesk.stock_balance SET quantity = -1 WHERE quantity = 3"),
    ("I6", "value without a ledger line", "UPDATE erpdesk.stock_movement SET value = value + 1 WHERE quantity = 3"),
    ("I6", "a ledger line without stock", "UPDATE erpdesk.journal_line SET account_id ="
     " (SELECT id FROM erpdesk.account a WHERE a.code = '1140' AND a.organization_id ="
     " journal_line.organization_id) WHERE debit = 30"),
    ("I6", "a movement without account", "UPDATE erpdesk.stock_movement SET account_id = NULL"),
    ("I7", "a key without result", "UPDATE erpdesk.idempotency_key SET result = NULL"),
    ("I7", "a key of another voucher", "UPDATE erpdesk.idempotency_key SET object_id = (SELECT id FROM"
     " erpdesk.voucher WHERE base_total = 30)"),
    ("I7", "a key of a voucher that is gone", "UPDATE erpdesk.idempotency_key SET object_id = gen_random_uuid()"),
    ("I7", "a key with another number",
     """UPDATE erpdesk.idempotency_key SET result = result || '{"voucher_number": "X"}'"""),
    ("I7", "two keys for one voucher", "INSERT INTO erpdesk.idempotency_key (organization_id, key, content_hash,"
     " object_id, result) SELECT organization_id, 'k-2', content_hash, object_id, result"
     " FROM erpdesk.idempotency_key"),
    ("I7", "a lost key", "DELETE FROM erpdesk.idempotency_key"),
    ("I8", "a journal outside its period",
     "UPDATE erpdesk.accounting_period SET ends_on = '2026-04-03' WHERE number = 1"),
    ("I8", "a voucher outside its year", "UPDATE erpdesk.fiscal_year SET ends_on = '2026-04-03'"),
    ("I8", "a movement without a year", "UPDATE erpdesk.stock_movement SET fiscal_year_id = gen_random_uuid()"),
    ("I9", "row-level security off", "ALTER TABLE erpdesk.open_item DISABLE ROW LEVEL SECURITY"),
    ("I9", "row-level security not forced", "ALTER TABLE erpdesk.open_item NO FORCE ROW LEVEL SECURITY"),
    ("I9", "a policy gone", "DROP POLICY member ON erpdesk.open_item"),
    ("I9", "a policy for everybody", "CREATE POLICY anybody ON erpdesk.open_item USING (true)"),
    ("I9", "an engine policy for all", "ALTER POLICY engine ON erpdesk.open_item TO PUBLIC"),
    ("I9", "a row of nobody", "UPDATE erpdesk.open_item SET organization_id = gen_random_uuid()"),
    ("I9", "a key that doesn't begin with the organization",
     "ALTER TABLE erpdesk.settlement DROP CONSTRAINT pk_settlement, ADD PRIMARY KEY (id, organization_id)"),
    ("I10", "no audit entry", "DELETE FROM erpdesk.audit_entry WHERE after ->> 'base_total' = '30'"),
    ("I10", "audited by another transaction",
     "UPDATE erpdesk.audit_entry SET transaction_id = transaction_id + 1000000"),
    ("I10", "audited for somebody else", "UPDATE erpdesk.voucher SET posted_by = 'somebody'"),
    ("I10", "a status without entry", "UPDATE erpdesk.voucher SET status = 'CANCELLED', posted_at = NULL"
     " WHERE base_total = 30"),
    ("I11", "a balance kept wrong", "UPDATE erpdesk.party_balance SET balance = balance + 1"),
    ("I11", "an open item gone", "DELETE FROM erpdesk.open_item WHERE amount = 30"),
    ("I11", "an open item paid by nothing", "UPDATE erpdesk.open_item SET open_amount = 0 WHERE amount = 30"),
    ("I11", "a line on a control account without party",
     "UPDATE erpdesk.journal_line SET party_id = NULL WHERE debit = 30"),
]


@pytest.mark.parametrize(("name", "what", "statement"), BREAKS, ids=[f"{b[0]}-{b[1]}" for b in BREAKS])
def test_check_finds(books: Books, name: str, what: str, statement: str) -> None:
    sealed(books)
    assert books.failed() == {}
    books.break_with(*statement.split("; "))
    assert name in books.failed()


def test_offenders_are_named_and_counted(books: Books) -> None:
    books.break_with("UPDATE erpdesk.journal_line SET debit = debit + 1 WHERE debit > 0")
    result = books.results()["I1"]
    assert not result.ok
    assert result.line.startswith("I1 FAILED ")
    assert "SHOP LEDGER/000001: debit 31" in result.text
    assert "OTHER LEDGER/000001: debit 2" in result.text
    for _ in range(3):
        books.rows.post(books.shop, "LEDGER", "2026-04-05", [Line("1110", "1"), Line("4010", "-2")])
    assert books.results()["I1"].text.endswith("; and 3 more")


CLOSINGS = [
    "UPDATE erpdesk.accounting_period SET state = 'locked'", "UPDATE erpdesk.fiscal_year SET is_closed = true",
    "UPDATE erpdesk.organization SET is_locked = true",
    "UPDATE erpdesk.organization SET audit_locked_until = '2026-04-30'",
]
REOPENINGS = [
    "UPDATE erpdesk.accounting_period SET state = 'open'", "UPDATE erpdesk.fiscal_year SET is_closed = false",
    "UPDATE erpdesk.organization SET is_locked = false",
    "UPDATE erpdesk.organization SET audit_locked_until = NULL",
]


@pytest.mark.parametrize(("closing", "reopening"), list(zip(CLOSINGS, REOPENINGS, strict=True)))
def test_check_finds_what_was_posted_while_it_was_shut(books: Books, closing: str, reopening: str) -> None:
    sealed(books)
    audited = "SET session_replication_role = origin; {}; SET session_replication_role = replica"
    books.break_with(*audited.format(closing).split("; "))
    assert set(books.failed()) <= {"years"}
    books.break_with(*audited.format(reopening).split("; "))
    books.rows.post(books.shop, "LEDGER", "2026-04-06", [Line("1110", "1"), Line("4010", "-1")])
    assert books.failed() == {}
    books.break_with(*audited.format(closing).split("; "))
    books.rows.post(books.shop, "LEDGER", "2026-04-06", [Line("1110", "1"), Line("4010", "-1")])
    assert "I8" in books.failed()


TAMPERINGS = {
    "entry-changed": "UPDATE erpdesk.audit_entry SET after = after || '{\"narration\": \"x\"}'"
                     " WHERE after ->> 'base_total' = '30'",
    "actor-changed": "UPDATE erpdesk.audit_entry SET actor = 'somebody' WHERE object_type <> 'voucher'",
    "time-changed": "UPDATE erpdesk.audit_entry SET happened_at = happened_at - interval '1 microsecond'",
    "entry-deleted": "DELETE FROM erpdesk.audit_entry WHERE object_type <> 'voucher'",
    "seal-deleted": "DELETE FROM erpdesk.audit_seal WHERE sequence = 1",
    "seal-changed": "UPDATE erpdesk.audit_seal SET hash = sha256(hash) WHERE sequence = 2",
    "entry-left-out": "UPDATE erpdesk.audit_seal SET entry_ids = entry_ids[2:] WHERE sequence = 2",
    "order-changed": "UPDATE erpdesk.audit_seal SET entry_ids = entry_ids[2:] || entry_ids[1] WHERE sequence = 1",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_chain_shows_tampering(books: Books, statement: str) -> None:
    masters = ("SET session_replication_role = origin", "UPDATE erpdesk.party SET name = 'New name'",
               "UPDATE erpdesk.warehouse SET name = 'New name'", "SET session_replication_role = replica")
    books.break_with(*masters)
    sealed(books)
    books.break_with(*masters[:1], "UPDATE erpdesk.item SET name = 'New name'", *masters[-1:])
    sealed(books)
    assert books.failed() == {}
    books.break_with(statement)
    assert "I10" in books.failed()


def test_unsealed_entries_are_a_fault_after_ten_minutes(books: Books) -> None:
    books.break_with("UPDATE erpdesk.audit_entry SET happened_at = happened_at - interval '9 minutes'")
    assert books.failed() == {}
    books.break_with("UPDATE erpdesk.audit_entry SET happened_at = happened_at - interval '2 minutes'")
    assert "I10" in books.failed()
    sealed(books)
    assert books.failed() == {}


def test_an_entry_sealed_twice_is_a_fault(books: Books) -> None:
    sealed(books)
    books.break_with("UPDATE erpdesk.audit_seal SET entry_ids = entry_ids || entry_ids")
    assert "is in 2 seals" in books.failed()["I10"]


@pytest.mark.parametrize("role", ["program", "worker"])
def test_verification_refuses_a_login_that_may_not_see_everything(books: Books, role: str) -> None:
    with books.rows.database.connect(role) as connection, pytest.raises(ForbiddenError) as caught:
        list(verify(connection))
    assert caught.value.code == "SEC-002"


def test_verification_refuses_an_admin_of_every_organization(books: Books) -> None:
    admin = books.rows.database.make_user("all", ["admin"])
    for (organization,) in books.rows.execute("SELECT id FROM erpdesk.organization"):
        books.rows.insert("organization_member", organization_id=organization, user_name=admin.name,
                          role="admin")
    with books.rows.database.connect(admin) as connection, pytest.raises(ForbiddenError):
        list(verify(connection))
    with pytest.raises(ErpdeskError):
        list(verify_database(books.rows.database.server(admin)))


def test_verification_refuses_an_owner_whose_view_is_narrowed(books: Books) -> None:
    books.break_with("DROP POLICY owner ON erpdesk.organization", "DROP POLICY member ON erpdesk.organization",
                     "ALTER POLICY engine ON erpdesk.organization USING (session_user = 'nobody')",
                     "ALTER FUNCTION erpdesk.organization_count() OWNER TO postgres")
    with books.rows.database.connect("owner") as connection, pytest.raises(ForbiddenError):
        list(verify(connection))


def test_sealing_takes_each_entry_once_and_only_by_members(books: Books) -> None:
    database = books.rows.database
    [(admin,)] = books.rows.execute("SELECT user_name FROM erpdesk.organization_member")
    login = next(one for one in database.logins if one.name == admin)
    server = database.server(login)
    assert seal_audit(server) == 4
    assert seal_audit(server) == 0
    books.rows.post(books.shop, "LEDGER", "2026-04-05", [Line("1110", "1"), Line("4010", "-1")])
    assert seal_audit(server) == 1
    assert books.rows.execute("SELECT sequence, cardinality(entry_ids) FROM erpdesk.audit_seal"
                              " ORDER BY sequence") == [(1, 4), (2, 1)]
    assert seal_audit(database.server(database.make_user("stranger", ["clerk"]))) == 0


def test_an_entry_that_committed_late_is_sealed_later(books: Books) -> None:
    sealed(books)
    [(gap,)] = books.rows.execute("SELECT nextval('erpdesk.audit_sequence')")
    books.rows.post(books.shop, "LEDGER", "2026-04-05", [Line("1110", "1"), Line("4010", "-1")])
    sealed(books)
    books.rows.insert("audit_entry", organization_id=books.shop.id, id=UUID(int=7), sequence=gap, action="late",
                      object_type="party", object_id="x")
    sealed(books)
    [(unsealed,)] = books.rows.execute("SELECT count(*) FROM erpdesk.audit_entry a WHERE NOT EXISTS"
                                       " (SELECT FROM erpdesk.audit_seal s WHERE a.id = ANY (s.entry_ids))")
    assert unsealed == 0


def test_two_sealers_at_once_make_one_chain(books: Books) -> None:
    database = books.rows.database
    with database.connect("worker", autocommit=False) as first, database.connect("worker") as second:
        second.execute("SET lock_timeout = '200ms'")
        assert first.execute("SELECT erpdesk.audit_seal(%s)", (books.shop.id,)).fetchall() == [(4,)]
        with pytest.raises(Exception, match="lock timeout"):
            second.execute("SELECT erpdesk.audit_seal(%s)", (books.shop.id,))
        first.commit()
        assert second.execute("SELECT erpdesk.audit_seal(%s)", (books.shop.id,)).fetchall() == [(0,)]
    assert books.rows.execute("SELECT count(*) FROM erpdesk.audit_seal") == [(1,)]
