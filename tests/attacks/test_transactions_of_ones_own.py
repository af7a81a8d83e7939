"""I4, I7, I8, I10, I12 attacked: the two halves of a post called by hand, in transactions of the clerk's own making."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from helpers.hostile import HostileDesk, Sent, hostile_desk, said
from helpers.trading import PLAIN, Trade, goods, journal, sale

pytestmark = pytest.mark.server_versions

DOCUMENT = journal(idempotency_key="k-1")


@pytest.fixture
def clerk(shop: Trade) -> Iterator[HostileDesk]:
    with hostile_desk(shop) as desk:
        yield desk


def refused(clerk: HostileDesk, function: str, sent: Sent, payload: dict[str, Any]) -> str:
    """What a call in a transaction of its own is refused with."""
    return clerk.refusal(lambda: clerk.call(function, sent.organization, payload))


def unchanged(shop: Trade, before: dict[str, tuple[int, str]]) -> bool:
    return shop.changed_since(before) <= {"posting_log"}


@pytest.mark.invariant("I7")
@pytest.mark.invariant("I12")
def test_a_plan_is_not_applied_without_what_opens_it(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    before = shop.fingerprint()
    assert refused(clerk, "posting_apply", sent, sent.applied) == "P0001 VCH-005"
    assert unchanged(shop, before)


@pytest.mark.invariant("I8")
@pytest.mark.invariant("I12")
def test_a_draft_saved_before_is_not_applied_in_another_transaction(shop: Trade, clerk: HostileDesk) -> None:
    """Nothing would hold the period, the party and the stock that the plan was made from."""
    sent = clerk.sent(DOCUMENT)
    clerk.open(sent, post=False)
    before = shop.fingerprint()
    for key in ("k-1", None, "other"):
        assert refused(clerk, "posting_apply", sent, {**sent.applied, "key": key}) == "23514 i7_key_claimed"
    assert unchanged(shop, before)


@pytest.mark.invariant("I7")
@pytest.mark.invariant("I12")
def test_a_key_is_not_used_up_without_a_post(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    before = shop.fingerprint()
    assert refused(clerk, "posting_open", sent, sent.opened) == "23514 i7_key_claimed"
    assert unchanged(shop, before)
    assert not shop.post(DOCUMENT).replayed


@pytest.mark.invariant("I10")
def test_a_draft_is_not_rewritten_unaudited_by_opening_a_post(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    clerk.open(sent, post=False)
    before = shop.fingerprint()
    changed = {**sent.opened, "key": None, "row_version": 1, "unchanged": False}
    assert refused(clerk, "posting_open", sent, changed) == "23514 i10_audited"
    new = {**changed, "row_version": None, "voucher": {**sent.opened["voucher"], "id": str(uuid4()),
                                                       "idempotency_key": None}}
    assert refused(clerk, "posting_open", sent, new) == "23514 i10_audited"
    assert unchanged(shop, before)


@pytest.mark.invariant("I12")
@pytest.mark.parametrize("when", ["IMMEDIATE", "DEFERRED"])
def test_checking_constraints_at_another_time_changes_nothing(shop: Trade, clerk: HostileDesk, when: str) -> None:
    sent = clerk.sent(DOCUMENT)
    before = shop.fingerprint()
    assert clerk.refusal(
        lambda: clerk.connection.execute(f"SET CONSTRAINTS ALL {when}".encode()), lambda: clerk.open(sent),
        lambda: clerk.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")).startswith("23514 i")
    assert unchanged(shop, before)


@pytest.mark.invariant("I7")
@pytest.mark.invariant("I4")
def test_a_plan_is_applied_once_in_its_transaction(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    assert clerk.refusal(
        lambda: clerk.open(sent), lambda: clerk.apply(sent), lambda: clerk.apply(sent)) == "P0001 VCH-001"
    assert shop.balances() == {}
    with clerk.connection.transaction():
        assert clerk.open(sent)["outcome"] == "open"
        assert clerk.apply(sent)["voucher_number"] == "JV/26-27/000001"
    with clerk.connection.transaction():
        assert clerk.open(sent)["outcome"] == "replayed"


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("other", ["key", "voucher_id", "row_version"])
def test_a_plan_is_applied_only_to_what_was_opened(shop: Trade, clerk: HostileDesk, other: str) -> None:
    sent, second = clerk.sent(DOCUMENT), clerk.sent(journal("7", idempotency_key="k-2"))
    clerk.open(second, post=False)
    value = {"key": "k-2", "voucher_id": second.applied["voucher_id"], "row_version": 9}[other]
    before = shop.fingerprint()
    assert clerk.refusal(lambda: clerk.open(sent), lambda: clerk.apply(sent, **{other: value}))
    assert unchanged(shop, before)


@pytest.mark.invariant("I12")
def test_a_savepoint_keeps_no_half_of_a_post(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    before = shop.fingerprint()

    def open_in_a_savepoint() -> None:
        with clerk.connection.transaction():
            clerk.open(sent)

    assert clerk.refusal(open_in_a_savepoint, lambda: clerk.apply(sent)) == "23514 i7_key_claimed"
    with clerk.connection.transaction():
        forged = {**sent.applied["plan"], "cost": "9"}
        assert clerk.refusal(lambda: clerk.open(sent), lambda: clerk.apply(sent, plan=forged)) == "23514 plan_cost"
        assert clerk.connection.execute("SELECT count(*) FROM erpdesk.voucher").fetchall() == [(0,)]
    assert unchanged(shop, before)


@pytest.mark.invariant("I4")
def test_a_number_taken_and_given_back_leaves_no_gap(shop: Trade, clerk: HostileDesk) -> None:
    sent = clerk.sent(DOCUMENT)
    with clerk.connection.transaction(force_rollback=True):
        clerk.open(sent)
        assert clerk.apply(sent)["voucher_number"] == "JV/26-27/000001"
    assert shop.post(journal()).voucher_number == "JV/26-27/000001"


@pytest.mark.invariant("I7")
def test_a_key_of_another_content_is_no_way_to_its_result(shop: Trade, clerk: HostileDesk) -> None:
    shop.post(DOCUMENT)
    sent = clerk.sent(journal("7", idempotency_key="k-2"))
    with clerk.connection.transaction():
        answer = clerk.open(sent, key="k-1")
    assert answer["outcome"] == "key_conflict"
    long = {**sent.opened, "key": "k" * 300}
    assert refused(clerk, "posting_open", sent, long).startswith(("22001", "23514"))


LATE = {
    "locked period": ("UPDATE erpdesk.accounting_period SET state = 'locked'", "i8_period_locked"),
    "closed year": ("UPDATE erpdesk.fiscal_year SET is_closed = true", "i8_year_closed"),
    "locked organization": ("UPDATE erpdesk.organization SET is_locked = true", "i8_organization_locked"),
    "audit lock": ("UPDATE erpdesk.organization SET audit_locked_until = '2026-12-31'", "i8_audit_lock"),
}


@pytest.mark.invariant("I8")
@pytest.mark.parametrize(("closing", "constraint"), LATE.values(), ids=LATE.keys())
def test_a_plan_made_before_the_books_were_shut_is_refused_after(
        shop: Trade, clerk: HostileDesk, closing: str, constraint: str) -> None:
    sent = clerk.sent(DOCUMENT)
    with shop.admin() as admin:
        admin.execute(closing.encode())
    before = shop.fingerprint()
    assert refused(clerk, "posting_open", sent, sent.opened) == f"23514 {constraint}"
    assert unchanged(shop, before)


@pytest.mark.invariant("I8")
@pytest.mark.parametrize("day", ["1999-01-01", "2027-04-01", "9999-12-31", "infinity"])
def test_a_day_outside_every_year_is_refused(shop: Trade, clerk: HostileDesk, day: str) -> None:
    sent = clerk.sent(DOCUMENT)
    before = shop.fingerprint()
    opened = {**sent.opened, "voucher": {**sent.opened["voucher"], "voucher_on": day}}
    assert refused(clerk, "posting_open", sent, opened) == "23514 i8_no_year"
    assert unchanged(shop, before)


@pytest.mark.invariant("I8")
@pytest.mark.parametrize(("limit", "code"), [
    ("back_date_days", "PRD-006"), ("forward_date_days", "PRD-007"), ("post_limit", "SEC-002")])
def test_limits_of_a_person_hold_against_a_changed_program(
        shop: Trade, clerk: HostileDesk, limit: str, code: str) -> None:
    day = "2027-03-31" if limit.startswith("forward") else "2026-04-02"
    sent = clerk.sent(journal(idempotency_key="k-1", date=day))
    with shop.admin() as admin:
        admin.execute(f"INSERT INTO erpdesk.user_limit (organization_id, id, user_name, {limit})"
                      " VALUES (%s, gen_random_uuid(), %s, 1)".encode(), (sent.organization, clerk.login.name))
    before = shop.fingerprint()
    assert clerk.refusal(lambda: clerk.open(sent), lambda: clerk.apply(sent)) == f"P0001 {code}"
    assert unchanged(shop, before)


@pytest.mark.invariant("I5")
def test_stock_that_was_not_locked_is_locked_before_its_cost_is_checked(shop: Trade, clerk: HostileDesk) -> None:
    """A program that asks for no lock plans from what is gone by then."""
    shop.buy("TEA", "3", "3.3333")  # worth 10.00: of three pieces the second costs 3.34
    document = sale([goods("TEA", "1", "9")], idempotency_key="k-1", **PLAIN)
    sent, second = clerk.sent(document), clerk.sent({**document, "idempotency_key": "k-2"})
    with shop.database.connect(clerk.login) as other, ThreadPoolExecutor() as threads:
        neighbour = HostileDesk(shop, clerk.login, clerk.desk, other)

        def post(desk: HostileDesk, one: Sent) -> str:
            try:
                with desk.connection.transaction():
                    desk.open(one, lock={})
                    return str(desk.apply(one)["cost"])
            except psycopg.Error as error:
                return said(error)

        with clerk.connection.transaction():
            clerk.open(sent, lock={})
            clerk.apply(sent)
            waiting = threads.submit(post, neighbour, second)
            while not shop.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                               " AND query LIKE '%%posting_apply%%' AND datname = current_database()"):
                pass
        assert waiting.result() == "23514 plan_layer_cost"
    assert shop.stock("TEA") == ("2", "6.67")


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("of", ["draft", "unknown", "text", "own id"])
def test_a_reversal_of_what_is_not_there_is_refused(shop: Trade, clerk: HostileDesk, of: str) -> None:
    posted = shop.post(journal())
    sent = clerk.sent(DOCUMENT)
    clerk.open(sent, post=False)
    names = {"draft": sent.applied["voucher_id"], "unknown": str(uuid4()), "text": "'; DROP TABLE x; --",
             "own id": posted.voucher_id}
    payload = {"id": posted.voucher_id if of == "own id" else str(uuid4()), "of": names[of], "date": "2026-04-20",
               "reason": "because", "key": None}
    with hostile_desk(shop, "accountant") as accountant:
        before = shop.fingerprint()
        for person in (clerk, accountant):
            with pytest.raises(psycopg.Error):
                person.call("posting_reverse", sent.organization, payload)
        assert unchanged(shop, before)
