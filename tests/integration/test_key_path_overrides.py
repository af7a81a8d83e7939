"""Overrides of the key path: site, role and user over the standard rows, which stay as they are."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.blueprints.keypath import key_path
from erpdesk.domain.results import ForbiddenError, InvalidRequest
from erpdesk.services.desk import Books
from helpers.database import Login
from helpers.shops import desk_of
from helpers.trading import Trade

TYPE = "SALES_INVOICE"


def document(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"key_paths": [{"type": TYPE, **row} for row in rows]}


def path_of(books: Books) -> list[str]:
    stops = key_path(books.vouchers.schema(TYPE))
    return [f"{stop.grid}.{stop.field.key}" if stop.grid else stop.field.key for stop in stops]


def clerk_of(shop: Trade, name: str = "erpdesk_t_path") -> Login:
    clerk = shop.database.make_user(name, ["clerk"])
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, 'clerk')", (shop.books.organization.id, clerk.name))
    return clerk


def test_the_user_lies_over_the_role_and_the_role_over_the_site(shop: Trade) -> None:
    clerk = clerk_of(shop)
    theirs = desk_of(shop.database, clerk).books("SHOP")
    standard = path_of(theirs)
    assert "ref_no" not in standard
    shop.books.key_paths.change(document({"field": "ref_no", "skip_when_certain": False, "tab_order": 1}))
    assert path_of(theirs) == ["ref_no", *standard]
    shop.books.key_paths.change(document(
        {"field": "ref_no", "scope": "role", "for": "clerk", "skip_when_certain": True}))
    assert path_of(theirs) == standard
    assert path_of(shop.books)[0] == "ref_no", "the admin has another role"
    [own] = theirs.key_paths.change(document({"field": "ref_no", "scope": "user", "skip_when_certain": False}))
    assert (own.status, own.override.name) == ("created", clerk.name)
    assert path_of(theirs) == ["ref_no", *standard], "the order of the site still holds"
    theirs.key_paths.change(document({"field": "ref_no", "scope": "user", "remove": True}))
    assert path_of(theirs) == standard


def test_a_newer_standard_row_moves_no_customised_field(shop: Trade) -> None:
    shop.books.key_paths.change(document(
        {"field": "lines.rate", "tab_order": 1, "skip_when_certain": False}))
    before = path_of(shop.books)
    assert before[before.index("lines.rate") + 1] == "lines.item"
    overridden = shop.rows("SELECT field, tab_order, row_version FROM erpdesk.key_path_override ORDER BY 1")
    shop.books.configuration.import_document({"voucher_types": [{"code": TYPE, "schema_definition": {"line_fields": [
        {"key": "rate", "label": "Price", "ui": {"tab_order": 900, "skip_when_certain": True}}]}}]})
    shop.books.configuration.seed()
    books = shop.reopen()
    assert path_of(books) == before
    grid = books.vouchers.schema(TYPE).grid("lines")
    assert grid is not None
    field = grid.field("rate")
    assert field is not None
    assert (field.label, field.key_path.tab_order) == ("Price", 1), "the newer row holds in all else"
    assert shop.rows("SELECT field, tab_order, row_version FROM erpdesk.key_path_override ORDER BY 1") == overridden


def test_standard_rows_and_versions_are_never_changed_by_an_override(shop: Trade) -> None:
    before = shop.fingerprint()
    shop.books.key_paths.change(document({"field": "lines.rate", "skip_when_certain": True}))
    assert shop.changed_since(before) == {"key_path_override", "audit_entry"}


def test_the_same_document_again_changes_nothing_and_null_lets_go(shop: Trade) -> None:
    wanted = document({"field": "lines.rate", "skip_when_certain": True, "tab_order": 3})
    assert [one.status for one in shop.books.key_paths.change(wanted)] == ["created"]
    written = shop.books.key_paths.document()
    assert [one.status for one in shop.books.key_paths.change(written)] == ["unchanged"]
    [less] = shop.books.key_paths.change(document({"field": "lines.rate", "tab_order": None}))
    assert (less.status, less.override.said) == ("updated", {"skip_when_certain": True})
    [gone] = shop.books.key_paths.change(document({"field": "lines.rate", "skip_when_certain": None}))
    assert gone.status == "removed"
    assert shop.books.key_paths.document() == {"key_paths": []}


@pytest.mark.parametrize(("row", "code", "place"), [
    ({"field": "nobody"}, "CFG-007", "key_paths[0].field"),
    ({"field": "party", "type": "NONE"}, "CFG-022", "key_paths[0].type"),
    ({"field": "party", "scope": "branch"}, "CFG-004", "key_paths[0].scope"),
    ({"field": "party", "scope": "role"}, "CFG-024", "key_paths[0].for"),
    ({"field": "party", "scope": "role", "for": "chief"}, "CFG-004", "key_paths[0].for"),
    ({"field": "party", "for": "asha"}, "CFG-024", "key_paths[0].for"),
    ({"field": "party", "tab_order": 0}, "CFG-020", "key_paths[0].tab_order"),
    ({"field": "party", "tab_order": True}, "CFG-003", "key_paths[0].tab_order"),
    ({"field": "party", "open_on_focus": 1}, "CFG-003", "key_paths[0].open_on_focus"),
    ({"field": "party", "width": 5}, "CFG-002", "key_paths[0].width"),
    ({}, "CFG-005", "key_paths[0].field"),
])
def test_a_faulty_override_is_refused_with_its_place(shop: Trade, row: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.key_paths.change(document(row))
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [(code, place)]
    assert shop.one("SELECT count(*) FROM erpdesk.key_path_override") == 0


def test_a_clerk_changes_only_what_is_his_own_by_the_database_too(shop: Trade) -> None:
    import psycopg

    clerk = clerk_of(shop)
    theirs = desk_of(shop.database, clerk).books("SHOP")
    shop.books.key_paths.change(document({"field": "lines.rate", "skip_when_certain": True}))
    for row in ({"field": "party", "tab_order": 5}, {"field": "lines.rate", "remove": True},
                {"field": "party", "scope": "role", "for": "clerk", "tab_order": 5},
                {"field": "party", "scope": "user", "for": "erpdesk_local", "tab_order": 5}):
        with pytest.raises(ForbiddenError) as caught:
            theirs.key_paths.change(document(row))
        assert caught.value.code == "SEC-001"
    with shop.database.connect(clerk) as connection:
        for scope, name in (("site", ""), ("role", "clerk"), ("user", "erpdesk_local")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    "INSERT INTO erpdesk.key_path_override (organization_id, id, voucher_config_id, field, scope,"
                    " scope_value) SELECT organization_id, gen_random_uuid(), id, 'party', %s, %s"
                    " FROM erpdesk.voucher_config_master LIMIT 1", (scope, name))
        assert connection.execute("UPDATE erpdesk.key_path_override SET tab_order = 1").rowcount == 0
        assert connection.execute("DELETE FROM erpdesk.key_path_override").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO erpdesk.key_path_override (organization_id, id, voucher_config_id, field, scope,"
                " scope_value) SELECT organization_id, gen_random_uuid(), id, 'party', 'user', session_user"
                " FROM erpdesk.voucher_config_master LIMIT 1; UPDATE erpdesk.key_path_override SET scope = 'site',"
                " scope_value = ''")


def test_the_count_of_keys_follows_the_path(shop: Trade) -> None:
    before = shop.books.key_paths.keys(TYPE)
    shop.books.key_paths.change(document({"field": "ref_no", "skip_when_certain": False}))
    after = shop.books.key_paths.keys(TYPE)
    assert after["keys"] == before["keys"] + 1
    assert "ref_no" in {stop["field"] for stop in after["stops"]}


def test_a_path_for_nobody_is_refused_and_can_be_taken_away(shop: Trade) -> None:
    nobody = {"field": "ref_no", "scope": "user", "for": "nobody"}
    with pytest.raises(InvalidRequest) as caught:
        shop.books.key_paths.change(document({**nobody, "tab_order": 5}))
    assert [(one.code, one.field) for one in caught.value.faults] == [("CFG-007", "key_paths[0].for")]
    assert [one.status for one in shop.books.key_paths.change(document({**nobody, "remove": True}))] == ["absent"]
