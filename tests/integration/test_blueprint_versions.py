"""Versions of voucher types: listed, compared, restored, saved against the one seen, copied elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from erpdesk.domain.results import ConflictError, ErpdeskError, ForbiddenError, InvalidRequest
from erpdesk.services.desk import Books
from helpers.command_line import CommandLine
from helpers.shops import desk_of, new_shop
from helpers.terminal import Terminal
from helpers.trading import Trade, goods, sale

SALES = "SALES_INVOICE"


def labelled(books: Books, label: str, code: str = SALES) -> dict[str, Any]:
    return {**books.blueprint_versions.document(code), "label": label}


def test_versions_say_when_by_whom_and_what_changed(shop: Trade) -> None:
    service = shop.books.blueprint_versions
    service.save(labelled(shop.books, "Bill"), 1)
    charges = [{**row, "rate": "10"} if row["code"] == "VAT" else row
               for row in service.document(SALES)["charges"]]
    service.save({**service.document(SALES), "charges": charges}, 2)
    newest, second, first = service.versions(SALES)
    assert [one.version for one in (newest, second, first)] == [3, 2, 1]
    assert (newest.is_current, second.is_current) == (True, False)
    assert newest.words == "Charge VAT: rate: 13 → 10"
    assert second.words == "Label: Sales Invoice → Bill"
    assert first.words == "made"
    assert {one.by for one in (newest, second, first)} == {"erpdesk_local"}
    assert newest.at >= second.at >= first.at
    assert [one.version for one in service.versions(SALES, latest=1)] == [3]
    assert service.versions(SALES, latest=1)[0].words == newest.words, "the one before is known all the same"


def test_a_type_is_compared_with_what_was_shipped_and_with_any_version(shop: Trade) -> None:
    service = shop.books.blueprint_versions
    assert service.compare_versions(SALES) == (), "as shipped, with the organization's accounts"
    service.save(labelled(shop.books, "Bill"), 1)
    [only] = service.compare_versions(SALES)
    assert (only.path, only.before, only.after) == ("label", "Sales Invoice", "Bill")
    assert service.compare_versions(SALES, 1, 2) == (only,)
    assert service.compare_versions(SALES, 2) == ()
    [unsaved] = service.compare(service.document(SALES), labelled(shop.books, "Unsaved"))
    assert unsaved.after == "Unsaved"
    for version in (9, "nine", "0"):
        with pytest.raises(ErpdeskError) as caught:
            service.compare_versions(SALES, version)
        assert caught.value.code == "CFG-027"
    with pytest.raises(ErpdeskError, match="no voucher type"):
        service.versions("NOPE")


def test_restoring_makes_a_new_version_of_the_old_content(shop: Trade) -> None:
    service = shop.books.blueprint_versions
    service.save(labelled(shop.books, "Bill"), 1)
    restored = service.restore(SALES, 1, expected_version=2)
    assert (restored.status, restored.version) == ("updated", 3)
    assert service.document(SALES)["label"] == "Sales Invoice"
    newest = service.versions(SALES)[0]
    assert (newest.same_as, newest.words) == (1, "as version 1 again (Label: Bill → Sales Invoice)")
    assert service.restore(SALES, "baseline").status == "unchanged"
    service.save(labelled(shop.books, "Slip"), 3)
    assert service.restore(SALES, "baseline").version == 5
    assert shop.one("SELECT count(*) FROM erpdesk.blueprint_version b JOIN erpdesk.voucher_config_master t"
                    " ON t.id = b.voucher_config_id WHERE t.code = %s", SALES) == 5
    shop.buy("TEA", "10", "5")
    assert shop.post(sale([goods("TEA", "1", "100")], date="2026-04-10")).total == "113.00"


def test_of_two_admins_at_once_the_second_hears_both_versions_and_what_changed(shop: Trade) -> None:
    mine, theirs = shop.books.blueprint_versions, shop.reopen().blueprint_versions
    document = theirs.document(SALES)
    mine.save({**mine.document(SALES), "label": "Mine", "use_ref_no": False}, 1)
    before = shop.fingerprint()
    with pytest.raises(ConflictError) as caught:
        theirs.save({**document, "label": "Theirs"}, document["version"])
    refusal = caught.value
    assert refusal.code == "CFG-026"
    assert (refusal.details["yours"], refusal.details["theirs"]) == (1, 2)
    assert {(row["path"], row["before"], row["after"]) for row in refusal.details["differences"]} == {
        ("label", "Sales Invoice", "Mine"), ("use_ref_no", True, False)}
    assert refusal.details["by"] in refusal.message
    assert "Label: Sales Invoice → Mine" in refusal.message
    assert shop.changed_since(before) == set()
    assert theirs.save({**theirs.document(SALES), "label": "Theirs"}, 2).version == 3
    assert mine.document(SALES)["use_ref_no"] is False, "the other change is still there"


def test_saving_what_is_there_already_is_no_change_and_no_conflict(shop: Trade) -> None:
    service = shop.books.blueprint_versions
    service.save(labelled(shop.books, "Bill"), 1)
    again = service.save(labelled(shop.books, "Bill"), 1)
    assert (again.status, again.version) == ("unchanged", 2)


def test_two_processes_that_read_the_same_version_save_it_once(shop: Trade, tmp_path: Any) -> None:
    service = shop.books.blueprint_versions
    service.save(labelled(shop.books, "Bill"), 1)
    service.save(labelled(shop.books, "Slip"), 2)
    line = CommandLine(tmp_path / "home", shop.database.url())
    with shop.admin() as holder:
        holder.autocommit = False
        holder.execute("SELECT FROM erpdesk.voucher_config_master WHERE code = %s FOR KEY SHARE", (SALES,))
        started = [line.start("config", "restore", "--org", "SHOP", "--type", SALES, str(version), "--expect", "3")
                   for version in (1, 2)]
        waiting = shop.database.until_somebody_waits(2, lambda: any(one.poll() is not None for one in started))
        assert len(waiting) == 2, [one.communicate() for one in started if one.poll() is not None]
        holder.rollback()
    ended = [json.loads(one.communicate(timeout=60)[0]) for one in started]
    assert sorted(row["ok"] for row in ended) == [False, True]
    [refused] = [row for row in ended if not row["ok"]]
    assert (refused["kind"], refused["code"]) == ("conflict", "CFG-026")
    assert service.document(SALES)["version"] == 4


def test_a_fault_of_a_saved_document_is_named_by_its_place_in_it(shop: Trade) -> None:
    service = shop.books.blueprint_versions
    document = service.document(SALES)
    document["charges"][1]["ledger"] = "9999"
    with pytest.raises(InvalidRequest) as caught:
        service.save(document, 1)
    assert [(one.code, one.field) for one in caught.value.faults] == [("CFG-007", "charges[1].ledger")]
    with pytest.raises(InvalidRequest) as caught:
        service.save({**service.document(SALES), "udfs": [{"key": "n", "label": "N", "field_type": "colour"}]}, 1)
    assert [(one.code, one.field) for one in caught.value.faults] == [("CFG-001", "udfs[0].field_type")]


def test_a_type_is_copied_under_another_code_and_posts(shop: Trade) -> None:
    made = shop.books.blueprint_versions.copy(SALES, "EXPORT_INVOICE", "Export invoice")
    assert (made.status, made.version) == ("created", 1)
    shop.buy("TEA", "10", "5")
    assert shop.post(sale([goods("TEA", "1", "100")], type="EXPORT_INVOICE", date="2026-04-10")).total == "113.00"
    with pytest.raises(InvalidRequest) as caught:
        shop.books.blueprint_versions.copy(SALES, "EXPORT_INVOICE", "Again")
    assert caught.value.code == "CFG-006"


def another_chart(tmp_path: Any) -> str:
    """The accounts of the baseline chart that play a role, under other codes."""
    from erpdesk.exchange.accounts import baseline_chart

    path = tmp_path / "chart.csv"
    path.write_text("code,name,type,role\n" + "".join(
        f"9{row['code']},{row['name']},{row['type']},{row['role']}\n" for row in baseline_chart() if "role" in row))
    return str(path)


def test_a_copy_elsewhere_finds_accounts_by_their_role(shop: Trade, tmp_path: Any) -> None:
    shop.desk.create_organization(new_shop("OTHER", chart=another_chart(tmp_path)))
    service = shop.books.blueprint_versions
    service.save(labelled(shop.books, "Bill"), 1)
    with pytest.raises(InvalidRequest) as caught:
        service.copy_to(SALES, "OTHER")
    assert caught.value.code == "CFG-006"
    done = service.copy_to(SALES, "OTHER", replace_existing=True)
    assert (done.status, done.version) == ("updated", 2)
    other = shop.desk.books("OTHER")
    document = other.blueprint_versions.document(SALES)
    ledgers = {row["code"]: row["ledger"] for row in document["charges"]}
    assert document["label"] == "Bill"
    assert {code: ledger[0] for code, ledger in ledgers.items() if ledger} == dict.fromkeys(ledgers, "9")
    assert service.copy_to(SALES, "OTHER", "BILL_TWO", label="Second bill").status == "created"
    assert other.blueprint_versions.document("BILL_TWO")["label"] == "Second bill"


def test_what_is_missing_elsewhere_is_named_and_nothing_is_written(shop: Trade) -> None:
    shop.desk.create_organization(new_shop("OTHER"))
    service = shop.books.blueprint_versions
    charge = {"code": "RENT", "label": "Rent", "sequence": 5, "ledger": "6020", "calculation_type": "amount",
              "amount": "1"}
    document = service.document(SALES)
    service.save({**document, "charges": [*document["charges"], charge], "price_list": "RETAIL",
                  "lines": {**document["lines"], "default_warehouse": "COLD"}}, 1)
    with pytest.raises(InvalidRequest) as caught:
        service.copy_to(SALES, "OTHER", replace_existing=True)
    assert {(one.code, one.field, one.details["code"]) for one in caught.value.faults} == {
        ("CFG-028", "price_list", "RETAIL"), ("CFG-028", "lines.default_warehouse", "COLD"),
        ("CFG-028", "charges[0].ledger", "6020")}
    assert shop.desk.books("OTHER").blueprint_versions.document(SALES)["version"] == 1
    with pytest.raises(ErpdeskError) as unknown:
        service.copy_to(SALES, "NOWHERE")
    assert unknown.value.code == "ORG-001"


def test_whoever_may_not_edit_configuration_changes_nothing_here_or_elsewhere(shop: Trade) -> None:
    import psycopg

    shop.desk.create_organization(new_shop("OTHER"))
    clerk = shop.database.make_user("erpdesk_t_reader", ["clerk", "admin"])
    with shop.admin() as connection:
        for code, role in (("SHOP", "admin"), ("OTHER", "clerk")):
            connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                               " SELECT id, %s, %s FROM erpdesk.organization WHERE code = %s", (clerk.name, role, code))
    desk = desk_of(shop.database, clerk)
    here, there = desk.books("SHOP").blueprint_versions, desk.books("OTHER").blueprint_versions
    assert there.versions(SALES)[0].version == 1, "reading is everybody's"
    for attempt in (lambda: there.save(labelled(desk.books("OTHER"), "X"), 1), lambda: there.copy(SALES, "X_TYPE", "X"),
                    lambda: here.copy_to(SALES, "OTHER", "X_TYPE")):
        with pytest.raises(ForbiddenError) as caught:
            attempt()
        assert caught.value.code == "SEC-001"
    with shop.database.connect(clerk) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            "INSERT INTO erpdesk.blueprint_version (organization_id, id, voucher_config_id, version, document, hash)"
            " SELECT t.organization_id, gen_random_uuid(), t.id, 9, '{}', 'x' FROM erpdesk.voucher_config_master t"
            " JOIN erpdesk.organization o ON o.id = t.organization_id WHERE o.code = 'OTHER' LIMIT 1")


def test_the_command_line_lists_compares_restores_and_copies(shop: Trade, tmp_path: Any) -> None:
    line = Terminal(shop, tmp_path)
    org, sales = ("--org", "SHOP"), ("--type", SALES)
    shop.books.blueprint_versions.save(labelled(shop.books, "Bill"), 1)
    assert line.run("config", "compare", *org, *sales).out == "label\tLabel\tSales Invoice\tBill\n"
    [row] = line.run("config", "compare", *org, *sales, "--from", "1", "--to", "2", "--json").rows
    assert row == {"path": "label", "label": "Label", "before": "Sales Invoice", "after": "Bill"}
    listed = line.run("config", "versions", *org, *sales)
    assert [entry.split("\t")[0] for entry in listed.out.splitlines()] == ["2", "1"]
    assert line.run("config", "versions", *org, *sales, "--json").rows[0]["changes"] == [row]
    exported = tmp_path / "one.json"
    line.run("config", "export", *org, *sales, exported)
    exported.write_text(exported.read_text().replace('"Bill"', '"From file"'))
    [row] = line.run("config", "compare", *org, *sales, "--from", "2", "--file", exported, "--json").rows
    assert row["after"] == "From file"
    stale = line.run("config", "restore", *org, *sales, "1", "--expect", "1")
    assert (stale.code, stale.rows[0]["code"], stale.rows[0]["kind"]) == (1, "CFG-026", "conflict")
    assert line.run("config", "restore", *org, *sales, "1").rows == [
        {"ok": True, "voucher_type": SALES, "status": "updated", "version": 3}]
    assert line.run("config", "restore", *org, *sales, "77").rows[0]["code"] == "CFG-027"
    copied = line.run("config", "copy", *org, *sales, "--code", "COUNTER_SALE", "--label", "Counter sale")
    assert (copied.code, copied.rows[0]["status"]) == (0, "created")
    assert line.run("config", "copy", *org, *sales).code == 2


def test_a_running_process_of_another_program_sees_versions_with_no_window() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import sys, erpdesk.services.blueprint_versions; "
         "sys.exit(any(name.startswith(('PySide6', 'sqlalchemy')) for name in sys.modules))"], check=False)
    assert ended.returncode == 0, "neither Qt nor the database library is loaded before it is asked anything"
