"""A clerk who knows SQL wants a voucher posted that nobody has approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from helpers.office import Office, open_office
from helpers.trading import Trade, accepted, journal

pytestmark = pytest.mark.server_versions

CALL = "SELECT erpdesk.{name}((SELECT id FROM erpdesk.organization), %s)"


@dataclass(slots=True)
class Attack:
    """An office with a voucher of the clerk's that waits, and the people's own connections."""

    office: Office
    voucher: UUID
    people: dict[str, psycopg.Connection[Any]]

    def call(self, who: str, name: str, **payload: Any) -> str:
        """What a call of a function is refused with: a code of the program, or SQLSTATE and constraint."""
        given = {"voucher_id": str(self.voucher), "row_version": self.version(), **payload}
        return self.refused(who, CALL.format(name=name), Jsonb(given))

    def refused(self, who: str, statement: str, *values: Any) -> str:
        with pytest.raises(psycopg.Error) as caught, self.people[who].transaction():
            self.people[who].execute(statement.encode(), values or None)
        diagnosis = caught.value.diag
        if diagnosis.sqlstate == "P0001":
            import json

            return str(json.loads(diagnosis.message_detail or "{}")["code"])
        return " ".join(filter(None, (diagnosis.sqlstate, diagnosis.constraint_name)))

    def version(self) -> int:
        return int(
            self.office.shop.rows(
                "SELECT row_version::text FROM erpdesk.voucher WHERE id = %s", self.voucher
            )[0][0]
        )


@pytest.fixture
def attack(shop: Trade) -> Iterator[Attack]:
    office = open_office(shop, {"clerk": "clerk", "approver": "approver", "accountant": "accountant"})
    office.matrix("JOURNAL", {"level": 1, "role": "approver"})
    voucher = office.post("clerk", journal("5000"))
    people = {who: office.connect(who) for who in office.logins}
    yield Attack(office, UUID(voucher.voucher_id), people)
    for person in people.values():
        person.close()


@pytest.mark.parametrize("who", ["clerk", "approver", "accountant"])
def test_nobody_writes_approvals_by_hand(attack: Attack, who: str) -> None:
    for statement in (
        "INSERT INTO erpdesk.approval (organization_id, id, voucher_id, round, level, decision)"
        " SELECT organization_id, gen_random_uuid(), id, 1, 1, 'approved' FROM erpdesk.voucher",
        "INSERT INTO erpdesk.approval_request (organization_id, voucher_id, round, ground, document_hash)"
        " SELECT organization_id, id, 2, 'direct', '' FROM erpdesk.voucher",
        "UPDATE erpdesk.approval_request SET levels = '[]'",
        "DELETE FROM erpdesk.approval_request",
        "UPDATE erpdesk.voucher SET status = 'APPROVED'",
        "UPDATE erpdesk.voucher SET approved_by = session_user",
    ):
        assert attack.refused(who, statement) == "42501"


def test_even_the_owner_does_not_rewrite_a_request(attack: Attack) -> None:
    attack.people["owner"] = attack.office.shop.database.connect("owner")
    for statement in (
        "UPDATE erpdesk.approval_request SET levels = '[]'",
        "DELETE FROM erpdesk.approval_request",
    ):
        assert attack.refused("owner", statement) == "23514 i3_books_never_change"


@pytest.mark.parametrize(
    "name",
    [
        "approval_change",
        "approval_ask",
        "approval_voucher",
        "approval_submit",
        "approval_makers",
        "posting_gate",
        "posting_permit",
        "posting_limits",
        "approval_turn_of",
        "approval_bar",
        "approval_done",
        "voucher_amount",
    ],
)
def test_the_inner_functions_are_nobodys_to_call(attack: Attack, name: str) -> None:
    for group in ("clerk", "approver", "accountant", "admin", "auditor"):
        assert (
            attack.office.shop.rows(
                "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.proname = %s"
                " AND has_function_privilege(%s, p.oid, 'EXECUTE')",
                name,
                f"erpdesk_{group}",
            )
            == []
        )


def test_a_clerk_decides_nothing(attack: Attack) -> None:
    for decision in ("approved", "rejected"):
        assert attack.call("clerk", "approval_decide", decision=decision) == "SEC-001"
    assert attack.call("accountant", "approval_decide", decision="approved") == "APR-005"


@pytest.mark.parametrize("decision", ["posted", None, ""])
def test_a_decision_is_one_of_two_words(attack: Attack, decision: str | None) -> None:
    assert attack.call("approver", "approval_decide", decision=decision).startswith(("23514", "23502"))


def test_a_maker_does_not_decide_by_sql_either(attack: Attack) -> None:
    own = attack.office.post("approver", journal("1"))
    attack.voucher = UUID(own.voucher_id)
    assert attack.call("approver", "approval_decide", decision="approved") == "APR-002"


def test_a_limit_binds_who_decides_by_sql(attack: Attack) -> None:
    attack.office.limit("approver", approve_limit=4999)
    assert attack.call("approver", "approval_decide", decision="approved") == "APR-004"
    assert attack.call("approver", "approval_decide", decision="approved", amount="1") == "APR-004"


def test_a_version_that_nobody_saw_is_not_decided_on(attack: Attack) -> None:
    for version in (1, None, 99):
        assert (
            attack.call("approver", "approval_decide", decision="approved", row_version=version) == "VCH-002"
        )


def test_the_writer_of_books_asks_again(attack: Attack) -> None:
    plan = {"journal": [], "movements": [], "layers": [], "total": "0", "cost": "0"}
    assert attack.call("clerk", "posting_apply", plan=plan) == "APR-001"
    attack.office.limit("accountant", post_limit=4999)
    attack.office.matrix("JOURNAL", allow_direct_post=True)
    assert attack.call("accountant", "posting_apply", plan=plan) == "SEC-002"


def test_a_small_total_on_paper_does_not_make_a_voucher_small(attack: Attack) -> None:
    """The total of a saved journal is the client's; what needs approval is asked of its lines."""
    attack.office.matrix("JOURNAL", {"level": 1, "role": "approver", "minimum_amount": "1000"})
    attack.office.limit("clerk", enter_limit=2000)
    row = attack.office.shop.rows(
        "SELECT to_jsonb(v) || jsonb_build_object('id', %s::text, 'total', 1, 'base_total', 1, 'document_hash', 'x')"
        " FROM erpdesk.voucher v",
        str(uuid4()),
    )[0][0]
    version = attack.office.shop.one(
        "SELECT version FROM erpdesk.voucher_config_master WHERE code = 'JOURNAL'"
    )
    lines = [
        {"grid": "lines", "line_number": number, "debit": debit, "credit": credit}
        for number, debit, credit in ((1, "1999", "0"), (2, "0", "1999"))
    ]
    payload = {"voucher": row, "lines": lines, "post": True, "newest_blueprint": version, "lock": {}}
    with attack.people["clerk"].transaction(force_rollback=True):
        [[answer]] = (
            attack.people["clerk"]
            .execute(CALL.format(name="posting_open").encode(), (Jsonb(payload),))
            .fetchall()
        )
    assert answer["outcome"] == "needs_approval"
    lines[0]["debit"] = "2001"
    assert attack.refused("clerk", CALL.format(name="posting_open"), Jsonb(payload)) == "SEC-002"


def test_an_approved_voucher_takes_no_other_lines(attack: Attack) -> None:
    """The same hash over other lines: they are not written, and what is stored is what is posted."""
    office = attack.office
    approved = accepted(office.books["approver"].approvals.approve(str(attack.voucher)))
    row, hashed = office.shop.rows("SELECT to_jsonb(v) - 'document', v.document_hash FROM erpdesk.voucher v")[
        0
    ]
    version = office.shop.one("SELECT version FROM erpdesk.voucher_config_master WHERE code = 'JOURNAL'")
    payload = {
        "voucher": {**row, "document": {"type": "JOURNAL"}},
        "lines": [],
        "post": False,
        "unchanged": True,
        "row_version": approved.row_version,
        "newest_blueprint": version,
        "lock": {},
    }
    attack.people["clerk"].execute(CALL.format(name="posting_open").encode(), (Jsonb(payload),))
    assert office.shop.one("SELECT sum(debit) FROM erpdesk.voucher_line") == "5000"
    payload["voucher"]["document_hash"] = hashed + "x"
    attack.people["clerk"].execute(CALL.format(name="posting_open").encode(), (Jsonb(payload),))
    assert office.shop.rows("SELECT status, approved_by FROM erpdesk.voucher") == [("DRAFT", None)]


def test_content_that_got_past_everything_is_still_not_what_was_approved(attack: Attack) -> None:
    accepted(attack.office.books["approver"].approvals.approve(str(attack.voucher)))
    with attack.office.shop.admin() as connection:
        connection.execute("UPDATE erpdesk.voucher SET document_hash = 'other'")
    plan = {"journal": [], "movements": [], "total": "0", "cost": "0"}
    assert attack.call("clerk", "posting_apply", plan=plan) == "APR-008"
    with attack.office.shop.admin() as connection:
        connection.execute("UPDATE erpdesk.voucher v SET document_hash = r.document_hash"
                           " FROM erpdesk.approval_request r")


def test_another_organizations_vouchers_are_out_of_reach(attack: Attack) -> None:
    stranger = attack.office.shop.database.make_user("stranger", ["approver"])
    with attack.office.shop.database.connect(stranger) as person:
        attack.people["stranger"] = person
        organization = str(attack.office.shop.books.organization.id)
        for name in ("approval_decide", "approval_withdraw", "voucher_cancel"):
            given = {"voucher_id": str(attack.voucher), "row_version": 2, "decision": "approved"}
            assert (
                attack.refused("stranger", f"SELECT erpdesk.{name}(%s, %s)", organization, Jsonb(given))
                == "SEC-001"
            )
        assert attack.refused("stranger", "SELECT erpdesk.approval_inbox(%s)", organization) == "SEC-001"
        assert person.execute("SELECT count(*) FROM erpdesk.approval_request").fetchall() == [(0,)]


def test_a_member_of_another_branch_neither_sees_nor_decides(attack: Attack) -> None:
    with attack.office.shop.admin() as connection:
        [[branch]] = connection.execute(
            "INSERT INTO erpdesk.branch (organization_id, id, code, code_key, name)"
            " SELECT id, gen_random_uuid(), 'KTM', 'ktm', 'Town' FROM erpdesk.organization"
            " RETURNING id"
        ).fetchall()
    attack.office.grant("approver", "branch_ids", [branch])
    assert attack.office.books["approver"].approvals.inbox(everything=True) == ()
    assert attack.call("approver", "approval_decide", decision="approved") == "SEC-001"
    assert attack.people["approver"].execute("SELECT count(*) FROM erpdesk.approval_request").fetchall() == [
        (0,)
    ]
