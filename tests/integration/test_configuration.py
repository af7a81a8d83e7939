"""Configuration documents laid over an organization: rows, versions, refusals, running programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from erpdesk.domain.results import ConflictError, ErpdeskError, ForbiddenError, InvalidRequest
from helpers.command_line import CommandLine
from helpers.database import Database
from helpers.shops import desk_of, open_shop
from helpers.trading import PLAIN, Trade, goods, sale

CHANGE = {"voucher_types": [{"code": "PHYSICAL_STOCK", "is_active": True}]}


def one_type(code: str, **columns: Any) -> dict[str, Any]:
    return {"voucher_types": [{"code": code, **columns}]}


def test_one_column_switches_a_type_on_and_makes_a_version(shop: Trade) -> None:
    configuration = shop.books.configuration
    [result] = configuration.import_document(CHANGE)
    assert (result.status, result.version) == ("updated", 2)
    blueprint = configuration.blueprint("PHYSICAL_STOCK")
    assert blueprint.voucher_type.is_active
    assert shop.rows(
        "SELECT b.version, b.document ->> 'is_active' FROM erpdesk.blueprint_version b"
        " JOIN erpdesk.voucher_config_master t ON t.id = b.voucher_config_id"
        " WHERE t.code = 'PHYSICAL_STOCK' ORDER BY 1") == [(1, "false"), (2, "true")]
    assert shop.one("SELECT hash FROM erpdesk.blueprint_version WHERE version = 2") == blueprint.hash


def test_the_same_document_again_changes_nothing(shop: Trade) -> None:
    shop.books.configuration.import_document(CHANGE)
    before = shop.fingerprint()
    [again] = shop.books.configuration.import_document(CHANGE)
    assert (again.status, again.version) == ("unchanged", 2)
    assert shop.changed_since(before) == set()


def test_what_export_writes_import_finds_unchanged(shop: Trade) -> None:
    document = shop.books.configuration.document()
    assert len(document["voucher_types"]) >= 18
    assert {one.status for one in shop.books.configuration.import_document(document)} == {"unchanged"}


def test_a_charge_is_changed_in_place_added_and_removed(shop: Trade) -> None:
    configuration = shop.books.configuration

    def charges() -> dict[str, tuple[Any, ...]]:
        return {row[0]: row[1:] for row in shop.rows(
            "SELECT c.code, c.id, c.rate FROM erpdesk.footer_charge_setup c"
            " JOIN erpdesk.voucher_config_master t ON t.id = c.voucher_config_id WHERE t.code = 'SALES_INVOICE'")}

    before = charges()
    excise = {"code": "EXCISE", "label": "Excise", "sequence": 15, "ledger": "2130", "calculation_type": "rate",
              "rate": "5", "base": "items_total"}
    configuration.import_document(one_type("SALES_INVOICE", charges=[{"code": "VAT", "rate": 10}, excise]))
    after = charges()
    assert after["VAT"] == (before["VAT"][0], "10")
    assert after["DISC"] == before["DISC"]
    assert after["EXCISE"][1] == "5"
    configuration.import_document(one_type("SALES_INVOICE", charges=[{"code": "EXCISE", "remove": True}]))
    assert set(charges()) == {"DISC", "VAT"}
    assert configuration.blueprint("SALES_INVOICE").version == 3


def test_a_copy_is_a_type_of_its_own_that_posts(shop: Trade) -> None:
    [made] = shop.books.configuration.import_document(one_type(
        "EXPORT_INVOICE", copy_of="SALES_INVOICE", label="Export invoice", number_prefix="EX/{FYS}/",
        charges=[{"code": "VAT", "remove": True}]))
    assert (made.status, made.version) == ("created", 1)
    shop.buy("TEA", "10", "5")
    posted = shop.post(sale([goods("TEA", "2", "15")], type="EXPORT_INVOICE", date="2026-04-10"))
    assert (posted.voucher_number, posted.total) == ("EX/26-27/000001", "30.00")


def test_a_running_program_follows_a_change_at_its_next_voucher(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    assert shop.post(sale([goods("TEA", "1", "100")], date="2026-04-10")).total == "113.00"
    shop.reopen().configuration.import_document(
        one_type("SALES_INVOICE", charges=[{"code": "VAT", "rate": "10"}]))
    assert shop.post(sale([goods("TEA", "1", "100")], date="2026-04-10")).total == "110.00"


def test_a_type_switched_off_takes_no_more_vouchers(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.reopen().configuration.import_document(one_type("SALES_INVOICE", is_active=False))
    refused = shop.refuse(sale([goods("TEA", "1", "100")], date="2026-04-10", **PLAIN))
    assert "VCH-007" in {fault.code for fault in refused.faults}


def test_every_fault_is_named_with_its_path_and_nothing_is_written(shop: Trade) -> None:
    before = shop.fingerprint()
    document = {"voucher_types": [
        {"code": "PHYSICAL_STOCK", "is_active": True},
        {"code": "SALES_INVOICE", "charges": [{"code": "VAT", "ledger": "9999"}], "price_list": "NOWHERE"}]}
    with pytest.raises(InvalidRequest) as caught:
        shop.books.configuration.import_document(document)
    assert {(fault.code, fault.field) for fault in caught.value.faults} == {
        ("CFG-007", "voucher_types[1].charges[0].ledger"), ("CFG-007", "voucher_types[1].price_list")}
    with pytest.raises(InvalidRequest) as caught:
        shop.books.configuration.check_document(one_type("SALES_INVOICE", colour="red"))
    assert caught.value.faults[0].field == "voucher_types[0].colour"
    assert shop.changed_since(before) == set()


def test_only_the_type_asked_for_is_taken_from_a_document(shop: Trade) -> None:
    document = {"voucher_types": [*CHANGE["voucher_types"], {"code": "JOURNAL", "label": "Entry"}]}
    [result] = shop.books.configuration.import_document(document, "JOURNAL")
    assert result.code == "JOURNAL"
    assert not shop.books.configuration.blueprint("PHYSICAL_STOCK").voucher_type.is_active
    with pytest.raises(ErpdeskError, match="no voucher type"):
        shop.books.configuration.import_document(document, "SALES_INVOICE")


def test_of_two_changes_laid_over_the_same_state_the_second_is_refused(shop: Trade) -> None:
    from erpdesk.storage.blueprint_changes import change_blueprints
    from erpdesk.storage.blueprints import read_blueprints
    from erpdesk.storage.transactions import writing

    organization = shop.books.organization.id
    with writing(shop.server) as connection:
        seen = read_blueprints(connection, organization)["JOURNAL"]
    shop.books.configuration.import_document(one_type("JOURNAL", label="Mine"))
    with pytest.raises(ConflictError) as caught, writing(shop.server) as connection:
        change_blueprints(connection, organization, [(seen, seen.blueprint)])
    assert caught.value.code == "CFG-025"
    assert shop.books.configuration.blueprint("JOURNAL").voucher_type.label == "Mine"


def test_a_change_is_audited_row_by_row(shop: Trade) -> None:
    last = shop.one("SELECT max(sequence) FROM erpdesk.audit_entry")
    shop.books.configuration.import_document(one_type("SALES_INVOICE", charges=[{"code": "VAT", "rate": "10"}]))
    assert shop.rows(
        "SELECT object_type, action, before ->> 'rate', after ->> 'rate' FROM erpdesk.audit_entry"
        " WHERE sequence > %s ORDER BY object_type", last) == [
            ("footer_charge_setup", "changed", "13", "10"), ("voucher_config_master", "changed", None, None)]


def test_whoever_may_not_edit_configuration_is_refused(database: Database) -> None:
    books = open_shop(database)
    clerk = database.make_user("erpdesk_t_clerk", ["clerk"])
    with database.connect("superuser") as connection:
        connection.execute(
            "INSERT INTO erpdesk.organization_member (organization_id, user_name, role) VALUES (%s, %s, 'clerk')",
            (books.organization.id, clerk.name))
    with pytest.raises(ForbiddenError) as caught:
        desk_of(database, clerk).books("SHOP").configuration.import_document(CHANGE)
    assert caught.value.code == "SEC-001"


def test_an_administrator_elsewhere_forges_no_blueprint_here(shop: Trade) -> None:
    import psycopg

    guest = shop.database.make_user("erpdesk_t_guest", ["admin"])
    with shop.admin() as connection:
        connection.execute(
            "INSERT INTO erpdesk.organization_member (organization_id, user_name, role) VALUES (%s, %s, 'clerk')",
            (shop.books.organization.id, guest.name))
    with shop.database.connect(guest) as connection:
        for statement in (
            "INSERT INTO erpdesk.blueprint_version (organization_id, id, voucher_config_id, version, document, hash)"
            " SELECT organization_id, gen_random_uuid(), voucher_config_id, 99, document, hash"
            " FROM erpdesk.blueprint_version LIMIT 1",
            "INSERT INTO erpdesk.event_subscription (organization_id, id, name, kind, target)"
            " SELECT id, gen_random_uuid(), 'x', 'file', 'x' FROM erpdesk.organization"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        assert connection.execute("UPDATE erpdesk.voucher_config_master SET is_active = false").rowcount == 0
    with pytest.raises(ForbiddenError):
        desk_of(shop.database, guest).books("SHOP").configuration.import_document(CHANGE)


def test_a_change_waits_for_a_post_of_the_type_under_way(shop: Trade) -> None:
    import threading

    with shop.admin() as post:
        post.autocommit = False
        post.execute("SELECT FROM erpdesk.voucher_config_master WHERE code = 'PHYSICAL_STOCK' FOR KEY SHARE")
        change = threading.Thread(target=shop.books.configuration.import_document, args=(CHANGE,))
        change.start()
        assert shop.database.until_somebody_waits(unless=lambda: not change.is_alive())
        assert shop.one("SELECT version FROM erpdesk.voucher_config_master WHERE code = 'PHYSICAL_STOCK'") == 1
        post.rollback()
    change.join()
    assert shop.one("SELECT version FROM erpdesk.voucher_config_master WHERE code = 'PHYSICAL_STOCK'") == 2


@pytest.mark.parametrize(("columns", "path", "kind"), [
    ({"approval": [{"level": 1, "role": "admin"}, {"level": 2, "user_name": "nobody"}]}, "approval[1].user_name",
     "user"),
    ({"field_rules": [{"field": "narration", "scope": "user", "scope_value": "nobody", "required": True}]},
     "field_rules[0].scope_value", "user"),
    ({"field_rules": [{"field": "narration", "scope": "role", "scope_value": "boss", "required": True}]},
     "field_rules[0].scope_value", "role"),
    ({"field_rules": [{"field": "narration", "scope": "branch", "scope_value": "MOON", "required": True}]},
     "field_rules[0].scope_value", "branch"),
    ({"udfs": [{"key": "slip", "label": "Slip", "field_type": "text", "visible_for_roles": ["clerk", "boss"]}]},
     "udfs[0].visible_for_roles", "role"),
    ({"udfs": [{"key": "slip", "label": "Slip", "field_type": "text", "visible_for_branches": ["MOON"]}]},
     "udfs[0].visible_for_branches", "branch"),
])
def test_a_rule_for_somebody_who_is_not_there_is_refused_at_its_place(
        shop: Trade, columns: dict[str, Any], path: str, kind: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.configuration.import_document(one_type("JOURNAL", **columns))
    [fault] = caught.value.faults
    assert (fault.code, fault.field) == ("CFG-007", f"voucher_types[0].{path}")
    assert f'names the {kind} "' in fault.message
    with pytest.raises(InvalidRequest):
        shop.books.configuration.check_document(one_type("JOURNAL", **columns))


def test_an_approver_who_left_is_named_once_the_type_is_changed(shop: Trade) -> None:
    configuration = shop.books.configuration
    left = shop.database.make_user("leaver", ["approver"]).name
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, 'approver')", (shop.books.organization.id, left))
    rules = {"approval": [{"level": 1, "user_name": left}],
             "field_rules": [{"field": "narration", "scope": "user", "scope_value": left, "required": True}]}
    configuration.import_document(one_type("JOURNAL", **rules))
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET is_active = false WHERE user_name = %s", (left,))
    assert configuration.import_document(configuration.document("JOURNAL"))[0].status == "unchanged"
    with pytest.raises(InvalidRequest) as caught:
        configuration.import_document(one_type("JOURNAL", label="Journal voucher"))
    assert [(one.code, one.field) for one in caught.value.faults] == [
        ("CFG-031", "voucher_types[0].approval[0].user_name")], "the rule of what to type harms nobody"


def test_the_command_line_refuses_an_approver_who_is_nobody(shop: Trade, tmp_path: Path) -> None:
    document = tmp_path / "type.json"
    document.write_text(json.dumps(one_type("JOURNAL", approval=[{"level": 1, "user_name": "nobody"}])))
    done = CommandLine(tmp_path / "home", shop.database.url()).run("config", "import", document, "--org", "SHOP")
    assert done.code == 1
    assert "CFG-007" in done.out
    assert "approval[0].user_name" in done.out
