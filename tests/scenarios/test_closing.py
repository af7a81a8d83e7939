"""Closing days through the command line: periods, audit lock, years, the organization itself."""

from __future__ import annotations

from helpers.command_line import CommandLine


def test_a_year_is_locked_closed_and_followed_by_another(shop: CommandLine) -> None:
    run = shop.run
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
    assert run("year", "reopen", "2026-27", "--org", "SHOP").out == "2026-27: open\n"
    unknown = run("year", "close", "1999", "--org", "SHOP")
    assert (unknown.code, unknown.err[:7]) == (1, "PRD-009")
    for wrong in (("period", "lock", "--org", "SHOP"), ("period", "audit-lock", "soon", "--org", "SHOP"),
                  ("year", "create", "--org", "SHOP", "--fiscal-year", "2027")):
        assert run(*wrong).code == 2


def test_an_organization_is_set_and_locked(shop: CommandLine) -> None:
    assert shop.run("org", "set", "negative_stock", "allow", "--org", "SHOP").code == 0
    shown = dict(line.split(maxsplit=1) for line in shop.run("org", "show", "--org", "SHOP").out.splitlines()
                 if len(line.split()) > 1)
    assert shown["negative_stock"] == "allow"
    assert shop.run("org", "lock", "--org", "SHOP").out == "SHOP: locked\n"
    assert shop.run("org", "unlock", "--org", "SHOP").out == "SHOP: open\n"
    refused = shop.run("org", "set", "colour", "red", "--org", "SHOP")
    assert (refused.code, refused.err[:7]) == (1, "ORG-008")
