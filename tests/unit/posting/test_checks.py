"""Business rules of the whole voucher: each by itself, all reported at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from erpdesk.posting.checks import check_voucher
from erpdesk.posting.content import canonical_json, content_hash
from helpers.posting_plans import blueprint, read

JOURNAL: dict[str, Any] = {"type": "JOURNAL", "lines": [{"account": "1110", "debit": "7"}, {"account": "3010",
                                                                                            "credit": "7"}]}


def found(**changes: Any) -> dict[str, Any]:
    """What the server says of an ordinary day, but for `changes` (dotted names reach inside)."""
    facts: dict[str, Any] = {
        "type": {"is_active": True}, "today": "2026-04-02", "limits": None,
        "organization": {"code": "SHOP", "is_locked": False, "audit_locked_until": None},
        "period": {"fiscal_year": "2026-27", "is_closed": False, "state": "open", "starts_on": "2026-04-01",
                   "ends_on": "2026-04-30"}}
    for name, value in changes.items():
        outer, _, inner = name.partition("__")
        if inner:
            facts[outer][inner] = value
        else:
            facts[outer] = value
    return facts


def codes(document: dict[str, Any], facts: dict[str, Any] | None = None, **kind: Any) -> list[tuple[str, str]]:
    """Code and place of every fault."""
    shipped = blueprint(document["type"])
    voucher, _ = read(document, replace(shipped, voucher_type=replace(shipped.voucher_type, **kind)))
    return [(fault.code, fault.field) for fault in check_voucher(voucher, facts or found())]


def limit(**more: Any) -> list[dict[str, Any]]:
    """One row of limits of the user."""
    return [{"enter": None, "post": None, "back_date_days": None, "forward_date_days": None, **more}]


def test_an_ordinary_voucher_breaks_no_rule() -> None:
    assert codes(JOURNAL) == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"organization__is_locked": True}, "PRD-005"), ({"period": None}, "PRD-001"), ({"period__is_closed": True},
                                                                                    "PRD-002"),
    ({"period__state": "locked"}, "PRD-003"), ({"organization__audit_locked_until": "2026-04-02"}, "PRD-004")])
def test_each_lock_closes_the_day(changes: dict[str, Any], code: str) -> None:
    assert codes(JOURNAL, found(**changes)) == [(code, "date")]


def test_the_day_after_the_audit_lock_is_open() -> None:
    assert codes(JOURNAL, found(organization__audit_locked_until="2026-04-01")) == []


def test_an_inactive_type_makes_no_vouchers() -> None:
    assert codes(JOURNAL, found(type__is_active=False)) == [("VCH-007", "type")]


@pytest.mark.parametrize(("today", "kind", "limits", "expected"), [
    ("2026-04-05", {"back_date_days": 3}, None, []), ("2026-04-06", {"back_date_days": 3}, None, ["PRD-006"]),
    ("2026-04-06", {}, limit(back_date_days=3), ["PRD-006"]), ("2026-04-06", {"back_date_days": 9},
                                                               limit(back_date_days=3), ["PRD-006"]),
    ("2026-03-30", {"forward_date_days": 3}, None, []), ("2026-03-29", {"forward_date_days": 3}, None, ["PRD-007"]),
    ("2026-03-29", {}, limit(forward_date_days=0), ["PRD-007"]), ("2020-01-01", {}, limit(), [])])
def test_dates_stay_within_the_narrowest_limit(today: str, kind: dict[str, Any], limits: Any,
                                               expected: list[str]) -> None:
    assert [code for code, _ in codes(JOURNAL, found(today=today, limits=limits), **kind)] == expected


@pytest.mark.parametrize(("most", "expected"), [("7", []), ("6.99", ["SEC-002"]), (None, [])])
def test_amounts_stay_within_the_limit_of_the_user(most: str | None, expected: list[str]) -> None:
    from decimal import Decimal

    limits = limit(post=None if most is None else Decimal(most))
    assert [code for code, _ in codes(JOURNAL, found(limits=limits))] == expected


@pytest.mark.parametrize(("lines", "expected"), [
    ([], [("VCH-003", "lines")]), ([{"account": "1110", "debit": "0"}], [("VCH-003", "lines")]),
    ([{"account": "1110", "debit": "7"}], [("GL-001", "lines")]),
    ([{"account": "1110", "debit": "7", "credit": "7"}], [("GL-006", "lines[0].credit")]),
    ([{"debit": "7"}, {"account": "3010", "credit": "7"}], [("GL-002", "lines[0].account")])])
def test_the_sides_of_a_journal_are_clear(lines: list[dict[str, str]], expected: list[tuple[str, str]]) -> None:
    assert codes({**JOURNAL, "lines": lines}) == expected


def test_a_payment_does_not_pay_its_own_account() -> None:
    document = {"type": "CASH_PAYMENT", "account": "1110", "lines": [{"account": "1110", "amount": "5"}]}
    assert codes(document) == [("GL-007", "lines[0].account")]


@pytest.mark.parametrize("target", ["MAIN", None])
def test_a_transfer_goes_somewhere_else(target: str | None) -> None:
    document = {"type": "STOCK_TRANSFER", "from_warehouse": "MAIN", "to_warehouse": target,
                "lines": [{"item": "TEA", "quantity": "1"}, {"item": "OIL", "quantity": "1"}]}
    assert codes(document) == [("INV-003", "to_warehouse")]


def test_broken_rules_are_reported_together() -> None:
    document = {**JOURNAL, "lines": [{"account": "1110", "debit": "7"}]}
    assert [code for code, _ in codes(document, found(type__is_active=False, period=None))] == ["VCH-007", "PRD-001",
                                                                                                "GL-001"]


@pytest.mark.parametrize(("one", "other", "same"), [
    ({"lines": [{"quantity": "10.00"}]}, {"lines": [{"quantity": 10}]}, True),
    ({"ref_no": "10"}, {"ref_no": "10.00"}, False), ({"a": 1, "b": "x"}, {"b": "x", "a": "1"}, True),
    ({"narration": None}, {}, True), ({"narration": ""}, {}, False), ({"lines": [{}, {"debit": "1"}]},
                                                                      {"lines": [{"debit": "1"}, {}]}, False),
    ({"lines": [{"charge_rates": {"VAT": "13.0"}}]}, {"lines": [{"charge_rates": {"VAT": "13"}}]}, True),
    ({"narration": "é"}, {"narration": "e\u0301"}, False), ({"auto_charges": True}, {"auto_charges": "1"}, False)])
def test_documents_that_mean_the_same_share_a_hash(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (content_hash(one) == content_hash(other)) is same
    assert (canonical_json(one) == canonical_json(other)) is same
