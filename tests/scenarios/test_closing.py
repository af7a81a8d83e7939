"""Closing days through the command line: periods, audit lock, years, the organization itself."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg

from helpers.database import Database
from helpers.terminal import Seat


def test_a_year_is_locked_closed_and_followed_by_another(seat: Seat, made: Database) -> None:
    run = seat.run
    assert run("period", "lock", "2026-04", "--org", "SHOP").out == "2026-04-01 to 2026-04-30: locked\n"
    assert run("period", "close", "--org", "SHOP", "--from", "2026-05-01", "--to", "2026-06-30").out == (
        "2026-05-01 to 2026-05-31: closed\n2026-06-01 to 2026-06-30: closed\n")
    listed = run("period", "list", "--org", "SHOP").out.splitlines()
    assert listed[0] == "2026-27\t1\t2026-04-01\t2026-04-30\tlocked"
    assert len(listed) == 12
    assert run("period", "audit-lock", "2026-06-30", "--org", "SHOP").code == 0
    assert run("year", "create", "--org", "SHOP", "--fiscal-year", "2027-04-01:2028-03-31").out == (
        "2027-28: fiscal year created, 2027-04-01 to 2028-03-31\n")
    assert run("year", "close", "--org", "SHOP").out == "2026-27: closed\n"
    refused = run("year", "reopen", "2026-27", "--org", "SHOP", "--reason", " ")
    assert (refused.code, refused.err[:7]) == (1, "PRD-014"), "nobody knows later why"
    assert run("year", "reopen", "2026-27", "--org", "SHOP", "--reason", "Late bill").out == "2026-27: open\n"
    with psycopg.connect(made.url("owner")) as connection:
        [(told,)] = connection.execute("SELECT after ->> 'reason' FROM erpdesk.audit_entry"
                                       " WHERE object_type = 'year_closing' AND action = 'reopened'").fetchall()
    assert told == "Late bill"
    unknown = run("year", "close", "1999", "--org", "SHOP")
    assert (unknown.code, unknown.err[:7]) == (1, "PRD-009")
    for wrong in (("period", "lock", "--org", "SHOP"), ("period", "audit-lock", "soon", "--org", "SHOP"),
                  ("year", "create", "--org", "SHOP", "--fiscal-year", "2027")):
        assert run(*wrong).code == 2


def test_closing_a_year_carries_its_result(seat: Seat, tmp_path: Path) -> None:
    rent = {"type": "JOURNAL", "date": "2026-05-01",
            "lines": [{"account": "6020", "debit": "40.00"}, {"account": "1110", "credit": "40.00"}]}
    (tmp_path / "rent.jsonl").write_text(json.dumps(rent) + "\n", encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("code,name,parent,type\n6020,Rent,6000,expense\n", encoding="utf-8")
    assert seat.run("import", "accounts", str(tmp_path / "accounts.csv"), "--org", "SHOP").code == 0
    assert seat.run("import", "vouchers", str(tmp_path / "rent.jsonl"), "--org", "SHOP", "--post").code == 0
    assert seat.run("year", "check", "--org", "SHOP").out.splitlines()[4] == "open_periods\tlook\t12"
    assert seat.run("year", "close", "--org", "SHOP").out.splitlines() == [
        "2026-27: closed", "YC/26-27/000001 carries -40.00 to retained earnings", "2027-28: fiscal year created"]
    assert seat.run("year", "close", "2026-27", "--org", "SHOP").out.splitlines() == [
        "2026-27: closed", "YC/26-27/000001 carries -40.00 to retained earnings"]
    assert seat.run("year", "create", "--org", "SHOP", "--fiscal-year", "2027-04-01:2028-03-31").code == 0
    assert seat.run("year", "reopen", "--org", "SHOP", "--reason", "Late bill").out.splitlines() == [
        "2026-27: open", "YC/26-27/000002 reverses YC/26-27/000001"]


def test_an_organization_is_set_and_locked(seat: Seat) -> None:
    assert seat.run("org", "set", "negative_stock", "allow", "--org", "SHOP").code == 0
    shown = dict(line.split(maxsplit=1) for line in seat.run("org", "show", "--org", "SHOP").out.splitlines()
                 if len(line.split()) > 1)
    assert shown["negative_stock"] == "allow"
    assert seat.run("org", "lock", "--org", "SHOP").out == "SHOP: locked\n"
    assert seat.run("org", "unlock", "--org", "SHOP").out == "SHOP: open\n"
    refused = seat.run("org", "set", "colour", "red", "--org", "SHOP")
    assert (refused.code, refused.err[:7]) == (1, "ORG-008")
