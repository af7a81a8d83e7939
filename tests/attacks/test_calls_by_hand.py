"""Every function that a clerk may call, called with arguments made to break it: refused, or harmless."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from helpers.hostile import HostileDesk, hostile_desk
from helpers.trading import PLAIN, Trade, goods, journal, sale

pytestmark = pytest.mark.server_versions

FUNCTIONS = """
SELECT p.proname, p.proargtypes::regtype[]::text[] FROM pg_proc p
WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prorettype <> 'trigger'::regtype
  AND has_function_privilege(%s, p.oid, 'EXECUTE') ORDER BY 1
"""


ASKS_WHO = ("session_user|require_member|require_permission|my_organizations|approval_done|posting_(reverse|begin)\\(|"
            "managed_login\\(|\\mmay\\(")
"""Every function that works with more rights than its caller asks who that is, before anything else."""


def test_a_clerk_may_call_only_what_asks_who_he_is(shop: Trade) -> None:
    with hostile_desk(shop) as clerk:
        found = shop.rows(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosecdef"
            " AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(%s, p.oid, 'EXECUTE')"
            " AND p.prosrc !~ %s", clerk.login.name, ASKS_WHO)
        writing = shop.rows(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'erpdesk'::regnamespace"
            " AND p.proname ~ '^(posting_(save|stock|verify|write|take)|reversal_(?!effects)|series_of|refuse)'"
            " AND has_function_privilege(%s, p.oid, 'EXECUTE')", clerk.login.name)
    assert (found, writing) == ([], [])


HUGE = "x" * 200_000
VALUES: dict[str, list[Any]] = {
    "uuid": [None, "{own}", "{rival}", "00000000-0000-0000-0000-000000000000"],
    "text": [None, "", "'; DROP TABLE erpdesk.voucher; --", "{FY}%s%n$$", HUGE, "JOURNAL"],
    "integer": [None, -1, 0, 2147483647], "bigint": [None, -1], "boolean": [None, True, False],
    "date": [None, "0001-01-01", "infinity", "9999-12-31"], "numeric": [None, "NaN", "Infinity", "-1"],
    "uuid[]": [None, [], ["{rival}"]], "text[]": [None, [], [HUGE]],
    "jsonb": [None, {}, [], "text", 7, {"voucher": HUGE}, {"voucher": {"id": "no uuid"}}, {"voucher": [[[[[{}]]]]]},
              {"plan": {"journal": {}, "movements": 1, "open_items": [None]}, "voucher_id": None, "row_version": "x"},
              {"of": None, "id": None, "date": "no day"},
              {"items": 7, "accounts": {}, "vouchers": [None], "key": ["x"]},
              {"status": "done", "elapsed_ms": "x"}, {"lock": {"stock": [{"item_id": 7}]}, "post": "perhaps"}],
}
REFUSALS = ("22", "23", "42", "P0001", "21", "2F", "54")
"""Wrong data, broken rules, no right, a refusal by the program's own code, limits: never an internal error."""


def arguments(types: list[str], turn: int, own: str) -> list[Any]:
    """One argument is hostile, the others too, each in its turn."""
    given = []
    for place, kind in enumerate(types):
        choice = VALUES[kind][(turn + place * turn) % len(VALUES[kind])]
        if kind == "uuid" and place == 0 and turn % 2:
            choice = own
        text = json.dumps(choice) if kind == "jsonb" and choice is not None else choice
        given.append(text.format(own=own, rival=uuid4()) if kind == "uuid" and text else text)
    return [[str(uuid4()) for _ in one] if isinstance(one, list) and kind == "uuid[]" else one
            for one, kind in zip(given, types, strict=True)]


@pytest.mark.invariant("I12", attacks=20)
@pytest.mark.invariant("I5", attacks=1)
@pytest.mark.invariant("I3", attacks=1)
def test_no_function_breaks_or_writes_books_whatever_it_is_given(shop: Trade) -> None:
    shop.buy("TEA", "3", "5")
    own = str(shop.one("SELECT id FROM erpdesk.organization"))
    with hostile_desk(shop) as clerk:
        before, internal, turns = shop.fingerprint(), [], 0
        for name, types in shop.rows(FUNCTIONS, clerk.login.name):
            for turn in range(26 if "jsonb" in types else 8):
                turns += 1
                code = refused_with(clerk, name, types, arguments(types, turn, own))
                if code is not None and not code.startswith(REFUSALS):
                    internal.append((name, turn, code))
        changed = shop.changed_since(before)
    assert internal == []
    assert changed <= {"posting_log", "audit_seal"}
    assert turns > 200


def refused_with(clerk: HostileDesk, name: str, types: list[str], given: list[Any]) -> str | None:
    call = sql.SQL("SELECT erpdesk.{}({})").format(sql.Identifier(name), sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Placeholder(), sql.SQL(kind)) for kind in types))
    try:
        clerk.connection.execute(call, given)
    except psycopg.Error as error:
        return error.sqlstate
    return None


@pytest.mark.invariant("I9")
@pytest.mark.invariant("I3")
def test_what_a_person_may_not_do_is_refused_by_the_functions(shop: Trade) -> None:
    """The window hides it and the service refuses it; here neither is asked."""
    posted = shop.post(journal())
    with hostile_desk(shop) as clerk:
        sent = clerk.sent(journal(idempotency_key="k-1"))
        reversal = {"id": str(uuid4()), "of": posted.voucher_id, "date": "2026-04-20", "reason": "x", "key": None}
        told = {"reverse": said(clerk, "posting_reverse", sent.organization, reversal)}
        for right in ("voucher.post", "voucher.enter"):
            with shop.admin() as admin:
                admin.execute("UPDATE erpdesk.organization_member SET permissions = array_remove(ARRAY['voucher.enter',"
                              " 'voucher.post'], %s) WHERE user_name = %s", (right, clerk.login.name))
            told[f"open without {right}"] = said(clerk, "posting_open", sent.organization, sent.opened)
            told[f"post without {right}"] = said(clerk, "posting_post", sent.organization, sent.opened, sent.applied)
        with shop.admin() as admin:
            admin.execute("UPDATE erpdesk.organization_member SET permissions = ARRAY['voucher.enter']"
                          " WHERE user_name = %s", (clerk.login.name,))
        clerk.open(sent, post=False)
        told["apply"] = said(clerk, "posting_apply", sent.organization, sent.applied)
        for function, arguments in (
                ("set_audit_lock", "NULL::date"), ("set_organization_locked", "false"),
                ("set_organization", "'{}'::jsonb"),
                ("posting_close_year", "'{}'"), ("posting_reopen_year", "'{}'"),
                ("set_period_state", "'{}'::uuid[], 'open'"),
                ("create_fiscal_year", "'{}'::jsonb")):
            with pytest.raises(psycopg.Error) as caught:
                clerk.connection.execute(f"SELECT erpdesk.{function}(%s, {arguments})".encode(), (sent.organization,))
            told[function] = "SEC-001" if "SEC-001" in str(caught.value.diag.message_detail) else str(caught.value)
    assert set(told.values()) == {"SEC-001"}, told


def said(clerk: HostileDesk, function: str, organization: Any, *payloads: dict[str, Any]) -> str:
    with pytest.raises(psycopg.Error) as caught, clerk.connection.transaction():
        clerk.call(function, organization, *payloads)
    return "SEC-001" if '"SEC-001"' in str(caught.value.diag.message_detail) else str(caught.value)


@pytest.mark.invariant("I10")
def test_a_log_entry_of_a_clerk_never_says_that_something_was_posted(shop: Trade) -> None:
    with hostile_desk(shop) as clerk:
        organization = clerk.sent(journal()).organization
        for status in ("done", "posted", "", None, "x" * 1000):
            attempt = {"status": status, "correlation_id": str(uuid4()), "step": "completed"}
            with pytest.raises(psycopg.Error):
                clerk.call("posting_log_attempt", organization, attempt)
    assert shop.one("SELECT count(*) FROM erpdesk.posting_log WHERE status NOT IN ('failed', 'invalid')") == 0


@pytest.mark.invariant("I12")
def test_nobody_stops_or_deceives_others_by_signals_locks_or_messages(shop: Trade) -> None:
    shop.buy("TEA", "3", "5")
    with hostile_desk(shop) as clerk, shop.database.connect() as other:
        me = clerk.connection
        pid = other.info.backend_pid
        for statement in (f"SELECT pg_terminate_backend({pid})", f"SELECT pg_cancel_backend({pid})",
                          "SELECT pg_notify('erpdesk', 'x') FROM pg_sleep(0); SELECT pg_stat_reset()",
                          "SELECT erpdesk.key_is_used()", "BEGIN; LOCK TABLE erpdesk.voucher IN ACCESS EXCLUSIVE MODE",
                          "BEGIN; LOCK TABLE erpdesk.number_counter IN SHARE MODE"):
            with pytest.raises(psycopg.Error) as caught:
                me.execute(statement.encode())
            me.rollback()
            assert caught.value.sqlstate in ("42501", "0A000"), statement
        # What anybody may do disturbs nobody: posting takes no advisory lock, and news is only a hint to look.
        with me.transaction():
            me.execute("SELECT pg_advisory_xact_lock(x) FROM generate_series(0, 100) x")
            for channel in ("erpdesk", "events", "voucher"):
                me.execute(f"NOTIFY {channel}, 'voucher.posted'".encode())
            me.execute("SET LOCAL lock_timeout = 0")
            me.execute("SET LOCAL statement_timeout = 0")
            assert shop.post(sale([goods("TEA", "1", "9")], **PLAIN)).cost == "5.00"
        assert other.execute("SELECT 1").fetchall() == [(1,)]
