"""A first day in an office: make the books, bring in masters, post what happened, look at the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xlsxwriter

from helpers.command_line import CommandLine

YEAR = "2026-04-01:2027-03-31"

PURCHASE = {
    "type": "PURCHASE_INVOICE", "date": "2026-04-02", "ref_no": "SUP-77", "party": "S001", "warehouse": "MAIN",
    "narration": "first lot", "idempotency_key": "k-1",
    "lines": [{"item": "ITEM1", "quantity": "10", "rate": "5.00"}],
    "charges": [{"code": "VAT"}, {"code": "FREIGHT", "amount": "12.00"}],
}  # fmt: skip
SALE = {
    "type": "SALES_INVOICE", "date": "2026-04-03", "party": "C001", "warehouse": "MAIN",
    "lines": [{"item": "ITEM1", "quantity": 4, "rate": 15.0}],
}  # fmt: skip


def report(line: CommandLine, *arguments: str) -> dict[str, Any]:
    ended = line.run("report", *arguments, "--org", "SHOP", "--format", "json")
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = json.loads(ended.out)
    return answer


def test_from_nothing_to_a_trial_balance(command_line: CommandLine, tmp_path: Path) -> None:
    run = command_line.run
    assert run("org", "create", "--code", "SHOP", "--name", "Shop", "--currency", "NPR", "--country", "NP",
               "--fiscal-year", YEAR).code == 0  # fmt: skip
    masters = tmp_path / "masters.json"
    masters.write_text(json.dumps({
        "items": [{"code": "ITEM1", "name": "Test item", "uom": "PCS"}],
        "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer"},
                    {"code": "S001", "name": "Terai Rice Mills", "kind": "supplier"}],
    }))  # fmt: skip
    brought = run("import", "masters", masters, "--org", "SHOP")
    assert (brought.code, [row["status"] for row in brought.rows]) == (0, ["created"] * 3)
    vouchers = tmp_path / "vouchers.jsonl"
    vouchers.write_text(json.dumps(PURCHASE) + "\n" + json.dumps(SALE) + "\n")
    posted = run("import", "vouchers", vouchers, "--org", "SHOP", "--post")
    assert posted.code == 0, posted.out
    assert [(row["voucher_number"], row["total"], row["cost"]) for row in posted.rows] == [
        ("PI/26-27/000001", "70.06", "62.00"), ("SI/26-27/000001", "67.80", "24.80"),
    ]  # fmt: skip
    balance = report(command_line, "trial-balance")
    assert balance["totals"]["debit"] == balance["totals"]["credit"]
    assert {row["account"]: (row["debit"], row["credit"]) for row in balance["rows"]}["1140"] == (
        "37.20",
        "0.00",
    )
    again = run("import", "vouchers", vouchers, "--org", "SHOP", "--post")
    assert [(row["voucher_id"], row["replayed"]) for row in again.rows] == [
        (row["voucher_id"], True) for row in posted.rows
    ]
    assert report(command_line, "trial-balance") == balance


def test_a_voucher_is_saved_then_posted_then_asked_for(shop: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(PURCHASE) + "\n")
    (row,) = shop.run("import", "vouchers", path, "--org", "SHOP", "--post").rows
    status = json.loads(shop.run("voucher", "status", "key:k-1", "--org", "SHOP").out)
    assert (status["voucher_id"], status["status"]) == (row["voucher_id"], "POSTED")
    shown = json.loads(shop.run("voucher", "show", row["voucher_number"], "--org", "SHOP").out)
    assert shown["document"]["ref_no"] == "SUP-77"
    second = shop.run("voucher", "post", row["voucher_id"], "--org", "SHOP")
    assert (second.code, second.rows[0]["code"], second.rows[0]["kind"]) == (1, "VCH-001", "conflict")


def test_csv_and_workbook_post_what_json_lines_would(shop: CommandLine, tmp_path: Path) -> None:
    table = [
        ["type", "date", "party", "warehouse", "line.item", "line.quantity", "line.rate", "charge.FREIGHT"],
        ["PURCHASE_INVOICE", "2026-04-02", "S001", "MAIN", "ITEM1", "10", "5.00", "12.00"],
        ["", "", "", "", "ITEM1", "2.5", "4.00", ""],
    ]
    path = tmp_path / "vouchers.csv"
    path.write_text("".join(",".join(row) + "\n" for row in table))
    (from_csv,) = shop.run("import", "vouchers", path, "--org", "SHOP", "--post").rows
    book = xlsxwriter.Workbook(str(tmp_path / "vouchers.xlsx"), {"strings_to_numbers": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(table):
        sheet.write_row(number, 0, row)
    book.close()
    (from_book,) = shop.run("import", "vouchers", tmp_path / "vouchers.xlsx", "--org", "SHOP", "--post").rows
    assert from_csv["ok"], from_csv
    assert (
        (from_csv["total"], from_csv["cost"]) == (from_book["total"], from_book["cost"]) == ("81.36", "72.00")
    )


def test_seed_prints_what_it_kept(shop: CommandLine) -> None:
    ended = shop.run("seed", "--org", "SHOP")
    assert ended.code == 0
    lines = [line.split("\t") for line in ended.out.splitlines()]
    assert {line[0] for line in lines} == {"SHOP"}
    assert {line[2] for line in lines} == {"kept"}
    assert "JOURNAL" in [line[1] for line in lines]


def test_accounts_come_from_a_table(shop: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("code,name,parent,type\n6210,Diesel,6200,expense\n6200,Vehicles,6000,expense\n")
    ended = shop.run("import", "accounts", path, "--org", "SHOP")
    assert (ended.code, [row["status"] for row in ended.rows]) == (0, ["created", "created"])


def test_the_demo_is_made_once(command_line: CommandLine) -> None:
    first = command_line.run("demo")
    assert first.code == 0, first.err
    books = command_line.run("report", "trial-balance", "--org", "DEMO", "--format", "json").out
    totals = json.loads(books)["totals"]
    assert totals["debit"] == totals["credit"] != "0.00"
    second = command_line.run("demo")
    assert (second.code, "already" in second.out) == (0, True)
    assert command_line.run("report", "trial-balance", "--org", "DEMO", "--format", "json").out == books


def test_help_and_version_need_no_database(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "home")
    for arguments in (("--help",), ("--version",), ("org", "create", "--help"), ("import", "vouchers", "-h")):
        ended = line.run(*arguments)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out
    assert not (tmp_path / "home").exists()
