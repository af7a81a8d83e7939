"""Masters attacked: what is used isn't deleted, and what is inactive isn't posted, whatever SQL or program says so."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from attacks.conftest import Scene
from erpdesk.domain.results import Ok
from erpdesk.services.master_lists import form_of
from erpdesk.storage.posting_calls import PostingCalls
from helpers.hostile import hostile_desk
from helpers.stored_units import stored
from helpers.trading import PLAIN, Trade, journal, purchase, sale, transfer

pytestmark = pytest.mark.server_versions

USED = {
    "account": ("4010", "vouchers"), "party": ("C001", "vouchers"), "item": ("TEA", "vouchers"),
    "uom": ("PCS", "items"), "warehouse": ("MAIN", "vouchers"), "batch": ("B1", "vouchers"),
    "branch": ("HO", "vouchers"), "currency": ("NPR", "the books"),
}


@pytest.fixture
def admin(scene: Scene) -> psycopg.Connection[Any]:
    return scene.people["admin"]


@pytest.mark.parametrize("kind", sorted(USED))
def test_nobody_deletes_a_master_that_something_refers_to(scene: Scene, kind: str) -> None:
    code, user = USED[kind]
    table = form_of(kind)[1].table.name
    scene.rows.connection.execute(
        "INSERT INTO erpdesk.currency (organization_id, code, name) VALUES (%s, 'NPR', 'Rupee') ON CONFLICT DO NOTHING",
        (scene.shop.id,))
    with pytest.raises(psycopg.Error) as caught:
        scene.people["admin"].execute(f"DELETE FROM erpdesk.{table} WHERE code = '{code}'".encode())
    assert caught.value.diag.constraint_name == "master_in_use"
    said = str(caught.value.diag.message_primary)
    assert said.startswith(f"{code} is used by ")
    assert user in said, said
    assert scene.rows.execute(f"SELECT count(*) FROM erpdesk.{table} WHERE code = '{code}'"
                              f" AND organization_id = '{scene.shop.id}'") == [(1,)]


def test_a_whole_table_isnt_emptied_either(scene: Scene, admin: psycopg.Connection[Any]) -> None:
    for table in ("item", "account", "party", "warehouse"):
        assert scene.refused(admin, f"DELETE FROM erpdesk.{table}") == "23514 master_in_use"


def test_nobody_asks_who_uses_the_masters_of_another_organization(scene: Scene) -> None:
    [[party]] = scene.rows.execute(
        f"SELECT id FROM erpdesk.party WHERE code = 'C001' AND organization_id = '{scene.rival.id}'")
    assert scene.refused("admin", f"SELECT erpdesk.master_users('{scene.rival.id}', 'party', '{party}')") == "42501"


def _sale(line: dict[str, Any] | None = None, **header: Any) -> dict[str, Any]:
    return sale([{"item": "TEA", "quantity": "1", "rate": "9", **(line or {})}], **PLAIN, **header)


def _journal(line: dict[str, Any]) -> dict[str, Any]:
    document = journal("100.00")
    document["lines"][0] = {"account": "6020", "debit": "100.00", **line}
    return document


INACTIVE = {
    "party": ("party", "C001", "VCH-010", _sale()),
    "party of a line": ("party", "C001", "VCH-010", _journal({"account": "1130", "party": "C001"})),
    "item": ("item", "TEA", "INV-002", _sale()),
    "unit": ("uom", "PCS", "INV-006", _sale()),
    "branch": ("branch", "HO", "VCH-018", _sale()),
    "warehouse": ("warehouse", "MAIN", "INV-003", _sale()),
    "warehouse of a line": ("warehouse", "SHOP", "INV-003", _sale({"warehouse": "SHOP"})),
    "warehouse of destination": ("warehouse", "SHOP", "INV-003", transfer([{"item": "TEA", "quantity": "1"}])),
    "bin": ("bin_location", "A1", "INV-003", _sale({"bin": "A1"})),
    "bin of destination": ("bin_location", "A1", "INV-003", transfer(
        [{"item": "TEA", "quantity": "1", "to_bin": "A1"}], from_warehouse="SHOP", to_warehouse="MAIN")),
    "batch": ("batch", "L1", "INV-007", purchase(
        [{"item": "PILL", "batch": "L1", "quantity": "1", "rate": "9"}], **PLAIN)),
    "account": ("account", "6020", "GL-002", _journal({})),
    "account of the header": ("account", "1110", "GL-002", {
        "type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
        "lines": [{"account": "6020", "amount": "5"}]}),
    "cost centre": ("cost_centre", "CC1", "VCH-013", _journal({"cost_centre": "CC1"})),
}
"""What is inactive: table, code, what a post is refused with, and a voucher that names nothing else of note."""


def believing(answer: Any) -> Any:
    """What a program reads that takes every master for an active one."""
    return json.loads(json.dumps(answer, default=str).replace('is_active": false', 'is_active": true'))


@pytest.fixture
def goods(shop: Trade) -> Trade:
    """Goods in a bin, and of a batch."""
    stored(shop)
    shop.books.configuration.import_document({"voucher_types": [{"code": "JOURNAL", "cost_centre_mode": "optional"}]})
    shop.buy("TEA", "10", "5", bin="A1")
    shop.buy("PILL", "10", "5", batch="L1")
    shop.buy("TEA", "10", "5", warehouse="SHOP")
    return shop


@pytest.mark.parametrize("what", sorted(INACTIVE))
def test_an_inactive_master_is_refused_by_service_and_database(
        goods: Trade, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    table, code, refused_with, document = INACTIVE[what]
    with goods.admin() as connection:
        connection.execute(f"UPDATE erpdesk.{table} SET is_active = false WHERE code = '{code}'".encode())
    result = goods.refuse(document)
    assert refused_with in {fault.code for fault in result.faults}, result.faults
    before = goods.fingerprint()
    for name in ("resolve", "state", "open"):
        plain = getattr(PostingCalls, name)
        monkeypatch.setattr(PostingCalls, name, lambda calls, *asked, plain=plain, **more: believing(
            plain(calls, *asked, **more)))
    forged = goods.reopen().vouchers.post(document)
    assert not isinstance(forged, Ok), "posted"
    assert forged.first.code == refused_with, forged.faults
    assert goods.changed_since(before) <= {"posting_log"}


def test_what_was_posted_can_be_reversed_after_its_masters_became_inactive(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    sold = shop.sell("TEA", "1")
    with shop.admin() as connection:
        for table in ("item", "party", "uom"):
            connection.execute(f"UPDATE erpdesk.{table} SET is_active = false".encode())
    result = shop.books.vouchers.reverse(str(sold.voucher_id), "2026-04-11", "typed twice")
    assert isinstance(result, Ok), result


@pytest.mark.parametrize(("statement", "constraint"), [
    ("UPDATE erpdesk.account_role SET account_id = (SELECT id FROM erpdesk.account WHERE code = '1145')"
     " WHERE role = 'stock'", "account_role_in_use"),
    ("UPDATE erpdesk.account_role SET account_id = (SELECT id FROM erpdesk.account WHERE code = '1000')"
     " WHERE role = 'cash'", "account_role_postable"),
    ("INSERT INTO erpdesk.account_role (organization_id, role, account_id)"
     " SELECT organization_id, 'stock', (SELECT id FROM erpdesk.account WHERE code = '1145') FROM erpdesk.account_role"
     " WHERE role = 'cash' ON CONFLICT (organization_id, role) DO UPDATE SET account_id = excluded.account_id",
     "account_role_in_use")])
def test_no_role_is_moved_from_an_account_that_its_books_need(shop: Trade, statement: str, constraint: str) -> None:
    shop.buy("TEA", "1", "5")
    with hostile_desk(shop, "admin") as desk:
        assert desk.refusal(lambda: desk.connection.execute(statement.encode())).endswith(constraint)
