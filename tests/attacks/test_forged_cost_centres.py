"""Cost centres forged: what each bears is what the stored lines say; a plan that says otherwise is refused whole."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Refused
from helpers.hostile import Forgery, HostileDesk, Payload, hostile_desk
from helpers.trading import Trade

pytestmark = pytest.mark.server_versions


@pytest.fixture
def trade(shop: Trade) -> Trade:
    assert all(one.ok for one in shop.books.masters.import_masters({
        "cost_centres": [{"code": "CC2", "name": "Workshop"}]}))
    return shop


def rent(*parts: tuple[str, str], centre: str = "") -> dict[str, Any]:
    split: dict[str, Any] = {"cost_centres": [{"cost_centre": code, "amount": amount} for code, amount in parts]}
    return {"type": "JOURNAL", "date": "2026-04-05", "lines": [
        {"account": "6020", "debit": "100.00", **(split if parts else {}),
         **({"cost_centre": centre} if centre else {})},
        {"account": "1110", "credit": "100.00"}]}


SPLIT = (("CC1", "60.00"), ("CC2", "40.00"))


def centre(shop: Trade, code: str) -> str:
    return str(shop.one("SELECT id FROM erpdesk.cost_centre WHERE code = %s", code))


def a_cent_from_one_to_the_other(_shop: Trade, sent: Payload) -> None:
    rows = sent["plan"]["journal"]
    first, second = [row for row in rows if row.get("cost_centre_id")]
    first["amount"], second["amount"] = "60.01", "39.99"


def all_on_one(shop: Trade, sent: Payload) -> None:
    for row in sent["plan"]["journal"]:
        if row.get("cost_centre_id"):
            row["cost_centre_id"] = centre(shop, "CC1")


def none_at_all(_shop: Trade, sent: Payload) -> None:
    for row in sent["plan"]["journal"]:
        row["cost_centre_id"] = None


def on_the_cash_line(shop: Trade, sent: Payload) -> None:
    for row in sent["plan"]["journal"]:
        row["cost_centre_id"] = row.get("cost_centre_id") or centre(shop, "CC2")


def refused(clerk: HostileDesk, document: dict[str, Any], **forged: Forgery) -> str:
    """The constraint that refuses a forged post."""
    result = clerk.post(document, **forged)
    assert isinstance(result, Refused), result
    return str(result.first.details.get("constraint") or result.first.message)


@pytest.mark.invariant("I5")
@pytest.mark.parametrize("forgery", [a_cent_from_one_to_the_other, all_on_one, none_at_all, on_the_cash_line])
def test_a_journal_that_gives_a_cost_centre_something_else_is_refused(trade: Trade, forgery: Forgery) -> None:
    with hostile_desk(trade) as clerk:
        before = trade.fingerprint()
        assert "plan_cost_centres" in refused(clerk, rent(*SPLIT), applied=forgery)
        assert trade.changed_since(before) <= {"posting_log"}


@pytest.mark.invariant("I5")
@pytest.mark.parametrize("forgery", [none_at_all, all_on_one])
def test_the_cost_centre_of_a_whole_line_is_the_lines_own(trade: Trade, forgery: Forgery) -> None:
    with hostile_desk(trade) as clerk:
        assert "plan_cost_centres" in refused(clerk, rent(centre="CC2"), applied=forgery)
        assert "plan_cost_centres" in refused(clerk, rent(), applied=on_the_cash_line)


@pytest.mark.invariant("I5")
@pytest.mark.parametrize("amount", ["40.01", "39.99", "0.01"])
def test_stored_parts_that_are_off_by_a_cent_are_not_posted(trade: Trade, amount: str) -> None:
    def off(_shop: Trade, sent: Payload) -> None:
        sent["cost_centres"][1]["amount"] = amount

    with hostile_desk(trade) as clerk:
        assert "plan_cost_centres" in refused(clerk, rent(*SPLIT), opened=off)


def test_parts_that_do_not_come_to_their_line_are_not_posted_with_a_journal_that_agrees(trade: Trade) -> None:
    def too_much(_shop: Trade, sent: Payload) -> None:
        sent["cost_centres"][1]["amount"] = "80.00"

    def in_proportion(_shop: Trade, sent: Payload) -> None:
        first, second = [row for row in sent["plan"]["journal"] if row.get("cost_centre_id")]
        first["amount"], second["amount"] = "42.86", "57.14"

    with hostile_desk(trade) as clerk:
        assert "do not come to their line" in str(clerk.post(rent(*SPLIT), opened=too_much, applied=in_proportion))


def test_a_part_on_a_cost_centre_that_became_inactive_is_not_posted(trade: Trade) -> None:
    with hostile_desk(trade) as clerk:
        sent = clerk.sent(rent(*SPLIT))
        with trade.admin() as admin:
            admin.execute("UPDATE erpdesk.cost_centre SET is_active = false WHERE code = 'CC2'")
        before = trade.fingerprint()
        assert clerk.refusal(lambda: clerk.open(sent), lambda: clerk.apply(sent)) == "23514 active_cost_centre"
        assert trade.changed_since(before) == set()


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_the_split_of_a_posted_voucher_is_final(trade: Trade, who: str) -> None:
    trade.post(rent(*SPLIT))
    with trade.database.connect(who) as master:
        for statement in ("UPDATE erpdesk.voucher_line_cost_centre SET amount = amount + 0.01",
                          "DELETE FROM erpdesk.voucher_line_cost_centre",
                          "INSERT INTO erpdesk.voucher_line_cost_centre SELECT organization_id, voucher_id, grid,"
                          " line_number, part_number + 2, cost_centre_id, amount"
                          " FROM erpdesk.voucher_line_cost_centre"):
            with pytest.raises(Exception, match="is posted"), master.transaction():
                master.execute(statement.encode())


@pytest.mark.invariant("I9")
def test_a_split_is_seen_by_who_sees_its_voucher(trade: Trade) -> None:
    trade.post(rent(*SPLIT))
    counted = b"SELECT count(*) FROM erpdesk.voucher_line_cost_centre"
    with hostile_desk(trade) as clerk:
        assert clerk.connection.execute(counted).fetchall() == [(2,)]
        with trade.admin() as admin:
            admin.execute("UPDATE erpdesk.organization_member SET branch_ids = ARRAY[gen_random_uuid()]"
                          " WHERE user_name = %s", (clerk.login.name,))
        assert clerk.connection.execute(counted).fetchall() == [(0,)]
