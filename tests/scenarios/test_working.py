"""The worker through the command line."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from helpers.command_line import CommandLine
from helpers.database import Database


def test_a_subscription_is_served_by_the_worker(shop: CommandLine, database: Database, tmp_path: Path) -> None:
    assert shop.run("event", "subscribe", "log", "out.jsonl", "--kind", "file", "--org", "SHOP").code == 0
    file = tmp_path / "v.jsonl"
    file.write_text(json.dumps({
        "type": "JOURNAL", "date": "2026-04-02",
        "lines": [{"account": "1110", "debit": "5"}, {"account": "3010", "credit": "5"}]}))
    assert shop.run("import", "vouchers", file, "--org", "SHOP", "--post").code == 0
    worker = CommandLine(tmp_path / "home", database.url("worker"))
    done = worker.run("worker", "--once", "--folder", tmp_path / "out")
    assert (done.code, done.rows[0]["done"]) == (0, 1)
    assert len((tmp_path / "out" / "files" / "out.jsonl").read_text().splitlines()) == 1
    assert shop.run("event", "list", "--org", "SHOP").out == "log\tfile\tout.jsonl\tall\tactive\nevents: 1 done\n"
    refused = shop.run("worker", "--once")
    assert (refused.code, refused.err[:7]) == (1, "SEC-001")
    assert shop.run("event", "subscribe", "bad", "../x", "--kind", "file", "--org", "SHOP").code == 1


def test_a_worker_ends_when_it_is_told_to(shop: CommandLine, database: Database, tmp_path: Path) -> None:
    worker = CommandLine(tmp_path / "home", database.url("worker"))
    running = worker.start("worker", "--interval", "0.1")
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["sealed"] > 0
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=30) == 0
    running.communicate()


def test_metrics_are_printed_for_prometheus_and_as_a_report(shop: CommandLine) -> None:
    told = shop.run("metrics")
    assert told.code == 0, told.err
    assert 'erpdesk_posting_attempts_total{organization="SHOP",status="done"} 0\n' in told.out
    report = shop.run("report", "metrics", "--org", "SHOP", "--format", "json")
    assert json.loads(report.out)["report"] == "metrics"


def test_statements_and_stock_history_are_printed(shop: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "v.jsonl"
    file.write_text(json.dumps({
        "type": "JOURNAL", "date": "2026-04-02",
        "lines": [{"account": "6050", "debit": "5"}, {"account": "3010", "credit": "5"}]}))
    assert shop.run("import", "vouchers", file, "--org", "SHOP", "--post").code == 0
    told = {name: shop.run("report", name, "--org", "SHOP", "--format", "json") for name in (
        "profit-loss", "balance-sheet", "stock-ledger", "stock-ageing", "tax-register", "audit")}
    assert [answer.code for answer in told.values()] == [0] * 6
    assert json.loads(told["profit-loss"].out)["totals"]["net_profit"] == "-5.00"
    assert json.loads(told["balance-sheet"].out)["totals"] == {
        "assets": "0.00", "liabilities": "0.00", "equity": "0.00", "profit": "-5.00"}
    assert any(row["action"] == "posted" for row in json.loads(told["audit"].out)["rows"])
    unknown = shop.run("report", "stock-ledger", "--org", "SHOP", "--item", "TEA", "--item", "NONE", "--format", "json")
    assert (unknown.code, unknown.err[:7]) == (1, "RPT-004")
