"""Attempts that don't post leave a log entry and nothing else; the worker tells of them, once each."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from erpdesk.posting import attempt as attempts
from erpdesk.posting import engine as engines
from erpdesk.storage.refusals import TryAgainError
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale

ENTRY = ("SELECT status, step, error_code, retryable, voucher_id::text, idempotency_key"
         " FROM erpdesk.posting_log ORDER BY ended_at")


def work(shop: Trade, folder: Path) -> list[dict[str, Any]]:
    """A subscription to failed posts, served until nothing is due; what it got."""
    from erpdesk.services.desk import Desk

    shop.books.events.subscribe("failures", "file", "failed.jsonl", ["voucher.post_failed"])
    Desk(shop.database.server("worker")).worker(folder).until_idle()
    path = folder / "files" / "failed.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_refused_post_is_told_by_the_worker_and_only_once(shop: Trade, tmp_path: Path) -> None:
    draft = shop.save(sale([goods("TEA", "1", "9")], idempotency_key="k", **PLAIN))
    shop.refuse("key:k")
    shop.refuse(journal(date="2031-01-01", idempotency_key="j"))
    shop.post(journal("1", idempotency_key="fine"))
    shop.post(journal("1", idempotency_key="fine"))
    assert shop.one("SELECT count(*) FROM erpdesk.integration_event") == 1
    heard = work(shop, tmp_path)
    assert [(one["type"], one["source_type"], one["payload"]["code"], one["payload"]["key"]) for one in heard] == [
        ("voucher.post_failed", "voucher", "INV-001", "k"), ("voucher.post_failed", "attempt", "PRD-001", "j")]
    assert heard[0]["source_id"] == draft.voucher_id
    assert heard[0]["payload"]["faults"][0]["field"] == "lines[0].quantity"
    assert heard[0]["payload"]["type"] == "SALES_INVOICE"
    assert len(work(shop, tmp_path)) == 2
    assert shop.one("SELECT count(*) FROM erpdesk.integration_event WHERE event_type = 'voucher.post_failed'") == 2


def test_nobody_but_the_worker_makes_such_events(shop: Trade) -> None:
    import psycopg

    with shop.database.connect() as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute("SELECT erpdesk.tell_failed_posts(now(), 1)")


def test_each_attempt_stands_in_the_log_with_step_and_voucher(shop: Trade) -> None:
    draft = shop.save(sale([goods("TEA", "1", "9")], idempotency_key="k", **PLAIN))
    shop.refuse("key:k")
    shop.buy("TEA", "5", "5")
    shop.post("key:k")
    shop.post(sale([goods("TEA", "1", "9")], idempotency_key="k", **PLAIN))
    shop.refuse(sale([goods("TEA", "2", "9")], idempotency_key="k", **PLAIN))
    assert [row[:4] for row in shop.rows(ENTRY)] == [
        ("invalid", "inventory", "INV-001", False), ("done", "completed", None, False),
        ("done", "completed", None, False), ("replayed", "completed", None, False),
        ("conflict", "saved", "VCH-015", False)]
    assert shop.rows(ENTRY)[0][4:] == (draft.voucher_id, "k")


def test_what_nobody_foresaw_is_logged_as_failed_and_changes_nothing(
        shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> None:
        raise ZeroDivisionError("a slip of ours")

    monkeypatch.setattr(attempts, "plan_post", breaks)
    before = shop.fingerprint()
    with pytest.raises(ZeroDivisionError):
        shop.books.vouchers.post(journal("1"))
    assert shop.changed_since(before) == {"posting_log"}
    assert shop.log() == [("failed", "SYS-001")]


def test_an_attempt_that_never_had_luck_with_locks_is_logged_once(shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.domain.results import ConflictError

    def unlucky(*_: Any) -> None:
        raise TryAgainError(ConflictError("NET-008", "Locked by another desk", retryable=True))

    monkeypatch.setattr(attempts, "plan_post", unlucky)
    monkeypatch.setattr(engines, "_pause", lambda attempt: None)
    result = shop.books.vouchers.post(journal("1"))
    assert isinstance(result, Refused)
    assert shop.log() == [("conflict", "NET-008")]
    assert shop.one("SELECT retryable FROM erpdesk.posting_log") is True


def test_a_reversal_opens_its_source_again(shop: Trade) -> None:
    invoice = {**purchase([goods("TEA", "1", "5")], **PLAIN), "source_type": "webshop", "source_id": "1001"}
    post = shop.books.vouchers.post_invoice
    first = post(invoice)
    assert isinstance(first, Ok)
    assert isinstance(shop.books.vouchers.reverse(str(first.value.voucher_number), "2026-04-20", "twice"), Ok)
    second, again = post(invoice), post(invoice)
    assert isinstance(second, Ok)
    assert isinstance(again, Ok)
    assert (second.value.replayed, again.value.replayed) == (False, True)
    assert first.value.voucher_id != second.value.voucher_id == again.value.voucher_id
    assert shop.rows("SELECT status, source_id FROM erpdesk.voucher WHERE source_id IS NOT NULL"
                     " ORDER BY posting_sequence") == [("REVERSED", "1001"), ("POSTED", "1001")]


def metrics(shop: Trade) -> dict[str, str]:
    return {row["metric"]: row["value"] for row in shop.books.reports.run("metrics").rows}


def test_what_did_not_pass_validation_counts_neither_for_nor_against_success(shop: Trade) -> None:
    shop.post(journal("1", idempotency_key="k"))
    for wrong in (journal("1", date="2031-01-01"), sale([goods("TEA", "1", "9")], **PLAIN), journal(colour="red")):
        shop.refuse(wrong)
    found = metrics(shop)
    assert (found["success_rate"], found["refused"], found["insufficient_stock"]) == ("100", "3", "1")
    shop.refuse(journal("2", idempotency_key="k"))
    assert (metrics(shop)["success_rate"], metrics(shop)["conflict_rate"]) == ("50", "50")


def test_a_post_that_waited_long_for_a_lock_is_counted(shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.storage.report_queries import metrics as queries

    monkeypatch.setattr(queries, "LOCK_WAIT_MS", 100)
    shop.buy("TEA", "5", "5")
    shop.post(journal("1"))
    assert metrics(shop)["lock_waits"] == "0"
    with shop.admin() as holder:
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.stock_balance FOR UPDATE")
            selling = threading.Thread(target=shop.sell, args=("TEA", "1"))
            selling.start()
            while not shop.one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                               " AND wait_event_type = 'Lock' AND now() - query_start > interval '150 ms'"):
                pass
        selling.join()
    assert metrics(shop)["lock_waits"] == "1"


def test_where_an_invoice_comes_from_stands_with_audit_and_log(shop: Trade) -> None:
    invoice = {**purchase([goods("TEA", "1", "5")], **PLAIN), "source_type": "webshop", "source_id": "1001"}
    assert isinstance(shop.books.vouchers.post_invoice(invoice), Ok)
    assert isinstance(shop.books.vouchers.post_invoice({**invoice, "ref_no": "other"}), Refused)
    told = [("webshop", "1001"), ("webshop", "1001")]
    assert shop.rows("SELECT context ->> 'source_type', context ->> 'source_id' FROM erpdesk.posting_log") == told
    assert told[0] in shop.rows("SELECT context ->> 'source_type', context ->> 'source_id' FROM erpdesk.audit_entry"
                                " WHERE object_type = 'voucher' AND action = 'posted'")
