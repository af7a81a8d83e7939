"""Approval through the command line: a clerk enters, an approver at another desk decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers.command_line import CommandLine, Ended
from helpers.database import Database
from helpers.terminal import Seat

ORG = ("--org", "SHOP")


@dataclass(frozen=True, slots=True)
class Desks:
    """The admin's command line, and those of two logins of their own."""

    admin: Seat
    clerk: Seat
    approver: Seat
    names: dict[str, str]
    database: Database
    folder: Path

    def configure(self, **columns: Any) -> None:
        """Changes the journal's voucher type as an admin does."""
        file = self.folder / "config.json"
        file.write_text(json.dumps({"voucher_types": [{"code": "JOURNAL", **columns}]}))
        done = self.admin.run("config", "import", file, *ORG)
        assert done.code == 0, done.out + done.err

    def brought(self, amount: str, key: str, *, post: bool = True, by: Seat | None = None) -> Ended:
        """A journal imported by the clerk."""
        file = self.folder / "v.jsonl"
        file.write_text(
            json.dumps(
                {
                    "type": "JOURNAL",
                    "date": "2026-04-02",
                    "idempotency_key": key,
                    "lines": [{"account": "1110", "debit": amount}, {"account": "3010", "credit": amount}],
                }
            )
        )
        return (by or self.clerk).run("import", "vouchers", file, *ORG, *(["--post"] if post else []))

    def limit(self, who: str, **limits: int) -> None:
        """Gives a login limits."""
        with self.database.connect("superuser") as connection:
            for name, value in limits.items():
                connection.execute(
                    f"INSERT INTO erpdesk.user_limit (organization_id, id, user_name, {name})"
                    " SELECT id, gen_random_uuid(), %s, %s FROM erpdesk.organization",
                    (self.names[who], value),
                )


@pytest.fixture
def desks(shop: CommandLine, database: Database, tmp_path: Path) -> Desks:
    logins = {role: database.make_user(role, [role]) for role in ("clerk", "approver")}
    with database.connect("superuser") as connection:
        for role, login in logins.items():
            connection.execute(
                "INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                " SELECT id, %s, %s FROM erpdesk.organization",
                (login.name, role),
            )
    seats = {role: Seat(database.url(login)) for role, login in logins.items()}
    return Desks(Seat(database.url()), seats["clerk"], seats["approver"],
                 {role: login.name for role, login in logins.items()}, database, tmp_path)  # fmt: skip


def told(ended: Ended) -> tuple[int, Any]:
    """Exit status, and the status or code of the only result."""
    [row] = ended.rows
    return ended.code, row["status"] if row["ok"] else row["code"]


def test_a_voucher_on_its_way_through_the_office(desks: Desks) -> None:
    desks.configure(
        requires_approval=True, approval=[{"level": 1, "role": "approver", "minimum_amount": "100"}]
    )
    assert told(desks.brought("99", "k-0")) == (0, "POSTED")
    first = desks.brought("100", "k-1")
    assert told(first) == (0, "PENDING_APPROVAL")
    assert first.rows[0]["waits_for"] == "role approver"
    assert told(desks.brought("100", "k-1")) == (0, "PENDING_APPROVAL")
    [waiting] = desks.approver.run("voucher", "inbox", *ORG).rows
    assert (waiting["voucher_id"], waiting["amount"]) == (first.rows[0]["voucher_id"], "100.00")
    assert desks.clerk.run("voucher", "inbox", *ORG).rows == []
    assert told(desks.approver.run("voucher", "reject", "key:k-1", *ORG, "--comment", "wrong")) == (
        0,
        "REJECTED",
    )
    assert told(desks.clerk.run("voucher", "withdraw", "key:k-1", *ORG)) == (0, "DRAFT")
    assert told(desks.clerk.run("voucher", "submit", "key:k-1", *ORG, "--comment", "right")) == (
        0,
        "PENDING_APPROVAL",
    )
    assert told(desks.approver.run("voucher", "approve", "key:k-1", *ORG)) == (0, "APPROVED")
    assert told(desks.clerk.run("voucher", "post", "key:k-1", *ORG)) == (0, "POSTED")
    shown = json.loads(desks.clerk.run("voucher", "show", "key:k-1", *ORG).out)
    assert [(one["round"], one["decision"], one["comment"]) for one in shown["approvals"]] == [
        (1, "rejected", "wrong"),
        (2, "approved", None),
    ]
    assert shown["approved_by"] == desks.names["approver"]


def test_the_last_approval_posts_an_auto_post_type_and_a_draft_is_cancelled(desks: Desks) -> None:
    desks.configure(requires_approval=True, auto_post=True, approval=[{"level": 1, "role": "approver"}])
    assert told(desks.brought("10", "k-1", post=False)) == (0, "PENDING_APPROVAL")
    approved = desks.approver.run("voucher", "approve", "key:k-1", *ORG)
    assert (told(approved), approved.rows[0]["voucher_number"]) == ((0, "POSTED"), "JV/26-27/000001")
    assert told(desks.brought("11", "k-2")) == (0, "PENDING_APPROVAL")
    assert told(desks.clerk.run("voucher", "cancel", "key:k-2", *ORG)) == (1, "VCH-006")
    assert told(desks.clerk.run("voucher", "withdraw", "key:k-2", *ORG)) == (0, "DRAFT")
    assert told(desks.clerk.run("voucher", "cancel", "key:k-2", *ORG, "--comment", "twice")) == (
        0,
        "CANCELLED",
    )
    assert told(desks.clerk.run("voucher", "cancel", "key:k-1", *ORG)) == (1, "VCH-001")
    assert told(desks.clerk.run("voucher", "cancel", "key:k-9", *ORG)) == (1, "VCH-005")


@pytest.mark.provokes("APR-001", "APR-002", "APR-003", "APR-004", "APR-005", "APR-006", "APR-007")
def test_every_refusal_of_approval_says_its_code(desks: Desks) -> None:
    desks.configure(
        requires_approval=True,
        approval=[
            {"level": 1, "role": "approver", "minimum_amount": "10"},
            {"level": 2, "role": "accountant", "minimum_amount": "900"},
        ],
    )
    clerk, approver, run = desks.clerk.run, desks.approver.run, desks.admin.run
    desks.brought("10", "k-1")
    assert told(clerk("voucher", "post", "key:k-1", *ORG)) == (1, "APR-001")
    assert told(clerk("voucher", "approve", "key:k-1", *ORG)) == (1, "SEC-001")
    assert told(desks.brought("20", "k-2", by=desks.approver)) == (0, "PENDING_APPROVAL")
    assert told(approver("voucher", "approve", "key:k-2", *ORG)) == (1, "APR-002")
    assert told(approver("voucher", "reject", "key:k-1", *ORG)) == (0, "REJECTED")
    assert told(clerk("voucher", "post", "key:k-1", *ORG)) == (1, "APR-003")
    assert told(desks.brought("10", "k-1")) == (1, "APR-003")
    desks.limit("approver", approve_limit=950)
    desks.brought("951", "k-4")
    assert told(approver("voucher", "approve", "key:k-4", *ORG)) == (1, "APR-004")
    desks.brought("950", "k-5")
    assert told(approver("voucher", "approve", "key:k-5", *ORG)) == (0, "PENDING_APPROVAL")
    assert told(approver("voucher", "approve", "key:k-5", *ORG)) == (1, "APR-005")
    assert told(run("voucher", "approve", "key:k-5", *ORG)) == (0, "APPROVED")
    assert told(run("voucher", "approve", "key:k-5", *ORG)) == (1, "APR-006")
    assert told(desks.brought("9", "k-7", post=False)) == (0, "DRAFT")
    assert told(clerk("voucher", "submit", "key:k-7", *ORG)) == (1, "APR-007")
    desks.limit("clerk", enter_limit=1000)
    assert told(desks.brought("1001", "k-8", post=False)) == (1, "SEC-002")


@pytest.mark.provokes("APR-008")
def test_another_price_makes_an_approved_voucher_another_one(desks: Desks, tmp_path: Path) -> None:
    file, masters, config = tmp_path / "s.jsonl", tmp_path / "m.json", tmp_path / "c.json"

    def price(rate: str) -> None:
        masters.write_text(json.dumps({"parties": [{"code": "C008", "name": "Bina Mart", "kind": "customer"}],
                                       "price_lists": [{"code": "RETAIL", "rates": [
                                           {"item": "ITEM1", "uom": "PCS", "rate": rate}]}]}))
        assert desks.admin.run("import", "masters", masters, *ORG).code == 0

    price("9")
    config.write_text(json.dumps({"voucher_types": [{"code": "SALES_INVOICE", "requires_approval": True}]}))
    assert desks.admin.run("config", "import", config, *ORG).code == 0
    file.write_text(json.dumps({
        "type": "SALES_INVOICE", "date": "2026-04-03", "party": "C008", "warehouse": "MAIN", "price_list": "RETAIL",
        "idempotency_key": "s-1", "lines": [{"item": "ITEM1", "quantity": "1"}]}))
    assert told(desks.clerk.run("import", "vouchers", file, *ORG, "--post")) == (0, "PENDING_APPROVAL")
    assert told(desks.approver.run("voucher", "approve", "key:s-1", *ORG)) == (0, "APPROVED")
    price("12")
    assert told(desks.clerk.run("voucher", "post", "key:s-1", *ORG)) == (1, "APR-008")
