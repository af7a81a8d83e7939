"""One key opens one voucher type, and none that the program uses while a voucher is typed."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from erpdesk.domain.results import InvalidRequest
from helpers.command_line import CommandLine
from helpers.migrations import migration
from helpers.trading import Trade


def given(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"voucher_types": list(rows)}


def refused(shop: Trade, document: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.configuration.import_document(document)
    return [(fault.code, fault.field, fault.message) for fault in caught.value.faults]


def test_a_key_of_another_active_type_is_refused_however_it_is_written(shop: Trade) -> None:
    assert refused(shop, given({"code": "JOURNAL", "shortcut": "F8"})) == [
        ("CFG-032", "voucher_types[0].shortcut", "JOURNAL: F8 opens Sales Invoice (SALES_INVOICE) already")]
    [found] = refused(shop, given({"code": "JOURNAL", "shortcut": "Shift+Ctrl+F9"}))
    assert found[0] == "CFG-032"
    assert "PURCHASE_RETURN" in found[2]


def test_a_key_of_the_program_is_refused(shop: Trade) -> None:
    for key, what in (("Ctrl+A", "Accept"), ("F10", ""), ("Ctrl+D", "Remove line"), ("Ctrl+Q", "")):
        [found] = refused(shop, given({"code": "JOURNAL", "shortcut": key}))
        assert found[0] == "CFG-032"
        assert what in found[2]


def test_a_type_that_is_off_holds_no_key_until_it_is_switched_on(shop: Trade) -> None:
    configuration = shop.books.configuration
    [done] = configuration.import_document(given({"code": "JOURNAL", "shortcut": "Ctrl+F8"}))
    assert done.status == "updated"
    [found] = refused(shop, given({"code": "SALES_ORDER", "is_active": True}))
    assert found[:2] == ("CFG-032", "voucher_types[0].shortcut")
    [done] = configuration.import_document(given({"code": "SALES_ORDER", "is_active": True, "shortcut": ""}))
    assert done.status == "updated"


def test_two_types_exchange_their_keys_in_one_document_and_can_not_take_the_same(shop: Trade) -> None:
    both = refused(shop, given({"code": "JOURNAL", "shortcut": "Alt+9"}, {"code": "CASH_PAYMENT", "shortcut": "Alt+9"}))
    assert [found[1] for found in both] == ["voucher_types[0].shortcut", "voucher_types[1].shortcut"]
    done = shop.books.configuration.import_document(
        given({"code": "JOURNAL", "shortcut": "F8"}, {"code": "SALES_INVOICE", "shortcut": "F7"}))
    assert [one.status for one in done] == ["updated", "updated"]


def test_saving_in_the_settings_is_held_to_it(shop: Trade) -> None:
    versions = shop.books.blueprint_versions
    document = versions.document("JOURNAL")
    with pytest.raises(InvalidRequest) as caught:
        versions.save({**document, "shortcut": "F5"}, int(document["version"]))
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [("CFG-032", "shortcut")]
    looked = shop.books.candidates.look({**document, "shortcut": "F5"})
    assert [(fault.code, fault.field) for fault in looked.faults] == [("CFG-032", "shortcut")]


def test_the_command_line_refuses_it_with_the_cure(shop: Trade, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(given({"code": "JOURNAL", "shortcut": "F8"})), encoding="utf-8")
    ended = CommandLine(tmp_path / "home", shop.database.url()).run("config", "import", "--org", "SHOP", file)
    assert ended.code == 1
    assert "CFG-032" in ended.out
    assert "F8 opens Sales Invoice" in ended.out


def test_of_two_desks_that_give_the_same_key_at_the_same_moment_one_is_told(shop: Trade) -> None:
    results: list[Any] = []

    def give() -> None:
        try:
            shop.books.configuration.import_document(given({"code": "JOURNAL", "shortcut": "Alt+9"}))
        except InvalidRequest as error:
            results.extend((fault.code, fault.field) for fault in error.faults)

    with shop.admin() as first:
        first.execute("BEGIN")
        first.execute("UPDATE erpdesk.voucher_config_master SET shortcut = 'Alt+9' WHERE code = 'CASH_PAYMENT'")
        desk = threading.Thread(target=give)
        desk.start()
        shop.database.until_somebody_waits(unless=lambda: not desk.is_alive())
        first.execute("COMMIT")
        desk.join()
    assert results == [("CFG-032", "shortcut")]
    assert shop.books.configuration.blueprint("JOURNAL").version == 1


def test_keys_that_two_types_had_before_the_rule_stay_until_they_are_changed(shop: Trade) -> None:
    keys = migration("0023_keys_of_types")
    with shop.admin() as connection:
        connection.execute("ALTER TABLE erpdesk.voucher_config_master"
                           " DROP CONSTRAINT uq_voucher_config_master_shortcut_key")
        connection.execute("UPDATE erpdesk.voucher_config_master SET shortcut = 'Shift+Ctrl+F7' WHERE code = 'JOURNAL'")
        connection.execute("UPDATE erpdesk.voucher_config_master SET shortcut = 'Ctrl+Shift+F7'"
                           " WHERE code = 'CASH_PAYMENT'")
        connection.execute("ALTER TABLE erpdesk.voucher_config_master DISABLE TRIGGER USER")
        connection.execute("UPDATE erpdesk.voucher_config_master SET shortcut_key = NULL")
        connection.execute(keys.FILL)
        connection.execute("ALTER TABLE erpdesk.voucher_config_master ENABLE TRIGGER USER")
        connection.execute(keys.CONSTRAINT)
        found = dict(shop.rows("SELECT code, shortcut_key FROM erpdesk.voucher_config_master WHERE is_active"
                               " AND shortcut <> ''"))
        assert {found["JOURNAL"], found["CASH_PAYMENT"]} == {None, "Ctrl+Shift+F7"}
        assert found["SALES_INVOICE"] == "F8"
        late = next(code for code in ("JOURNAL", "CASH_PAYMENT") if found[code] is None)
        connection.execute("UPDATE erpdesk.voucher_config_master SET label = 'As before' WHERE code = %s", (late,))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("UPDATE erpdesk.voucher_config_master SET shortcut = 'F8' WHERE code = %s", (late,))
