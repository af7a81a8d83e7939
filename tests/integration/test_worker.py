"""The worker: every event to every subscriber at least once, later when it fails, never into the books."""

from __future__ import annotations

import http.server
import json
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from erpdesk.domain.results import ErpdeskError, ForbiddenError
from erpdesk.services import worker as working
from erpdesk.services.desk import Desk
from erpdesk.services.worker import Worker, wait_seconds
from erpdesk.storage import outbox
from helpers.trading import Trade


def worker_of(shop: Trade, folder: Path) -> Worker:
    return Desk(shop.database.server("worker")).worker(folder)


def lines(folder: Path, name: str = "out.jsonl") -> list[dict[str, Any]]:
    file = folder / "files" / name
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def states(shop: Trade) -> list[tuple[Any, ...]]:
    return shop.rows("SELECT status, attempts, last_error FROM erpdesk.integration_event ORDER BY created_at")


class Webhook:
    """A listener that answers with the statuses given, the last one for ever."""

    def __init__(self) -> None:
        self.answers = [200]
        self.heard: list[tuple[str, dict[str, Any]]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append((self.headers["X-Erpdesk-Event"], json.loads(body)))
                status = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def due_now(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.integration_event SET next_retry_at = now() WHERE status <> 'done'")


def test_a_posted_voucher_reaches_a_file_once(shop: Trade, tmp_path: Path) -> None:
    shop.books.events.subscribe("log", "file", "out.jsonl")
    posted = shop.buy("TEA", "10", "5")
    worker = worker_of(shop, tmp_path)
    done = worker.until_idle()
    assert (done.claimed, done.done, done.failed) == (1, 1, 0)
    [event] = lines(tmp_path)
    assert (event["type"], event["organization"], event["source_id"]) == ("voucher.posted", "SHOP", posted.voucher_id)
    assert event["payload"]["voucher_number"] == posted.voucher_number
    assert event["payload"]["total"] == "50.00"
    assert event["id"] == str(shop.one("SELECT id FROM erpdesk.integration_event"))
    assert worker.until_idle().claimed == 0
    assert len(lines(tmp_path)) == 1


def test_what_a_webhook_refuses_is_tried_again_and_others_do_not_get_it_twice(
    shop: Trade, tmp_path: Path, webhook: Webhook
) -> None:
    shop.books.events.subscribe("log", "file", "out.jsonl")
    shop.books.events.subscribe("hook", "webhook", webhook.url, ["voucher.posted"])
    webhook.answers = [500, 200]
    shop.buy("TEA", "10", "5")
    worker = worker_of(shop, tmp_path)
    assert worker.until_idle().failed == 1
    assert states(shop) == [("pending", 1, "hook: the webhook answered 500")]
    assert worker.until_idle().claimed == 0
    due_now(shop)
    assert worker.until_idle().done == 1
    assert states(shop) == [("done", 2, None)]
    assert len(lines(tmp_path)) == 1
    assert [heard[0] for heard in webhook.heard] == [webhook.heard[0][1]["id"]] * 2


def test_a_redirect_is_not_followed(shop: Trade, tmp_path: Path, webhook: Webhook) -> None:
    shop.books.events.subscribe("hook", "webhook", webhook.url)
    webhook.answers = [302]
    shop.buy("TEA", "10", "5")
    assert worker_of(shop, tmp_path).until_idle().failed == 1
    assert len(webhook.heard) == 1


def test_an_event_is_given_up_at_last_and_can_be_revived(
    shop: Trade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ATTEMPTS", 2)
    shop.books.events.subscribe("run", "command", "absent")
    shop.buy("TEA", "10", "5")
    worker = worker_of(shop, tmp_path)
    worker.until_idle()
    due_now(shop)
    assert worker.until_idle().dead == 1
    assert [row[:2] for row in states(shop)] == [("dead", 2)]
    due_now(shop)
    assert worker.until_idle().claimed == 0
    assert shop.books.events.counts() == {"dead": 1}
    assert shop.books.events.retry_dead() == 1
    shop.books.events.unsubscribe("run")
    assert worker.until_idle().done == 1


def test_a_command_gets_the_event_and_no_secrets(
    shop: Trade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERPDESK_PASSWORD", "open sesame")
    commands = tmp_path / "commands"
    commands.mkdir()
    program = commands / "take"
    program.write_text(f'#!/bin/sh\ncat > "{tmp_path}/got"; env > "{tmp_path}/env"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    shop.books.events.subscribe("run", "command", "take")
    shop.buy("TEA", "10", "5")
    assert worker_of(shop, tmp_path).until_idle().done == 1
    got = json.loads((tmp_path / "got").read_text())
    environment = (tmp_path / "env").read_text()
    assert f"EVENT_ID={got['id']}" in environment
    assert "open sesame" not in environment


@contextmanager
def connected(shop: Trade, role: str = "worker") -> Iterator[psycopg.Connection[Any]]:
    with shop.database.connect(role) as connection:
        yield connection


def test_two_workers_never_hold_the_same_event(shop: Trade) -> None:
    for _ in range(4):
        shop.buy("TEA", "1", "5")
    with connected(shop) as first, connected(shop) as second, first.transaction():
        mine = outbox.claim(first, 2)
        theirs = outbox.claim(second, 10)
    assert len(mine) == 2
    assert len(theirs) == 2
    assert {one.id for one in mine}.isdisjoint(one.id for one in theirs)


def test_an_event_of_a_worker_that_died_is_delivered_by_another(shop: Trade, tmp_path: Path) -> None:
    shop.books.events.subscribe("log", "file", "out.jsonl")
    shop.buy("TEA", "1", "5")
    with connected(shop) as died:
        assert len(outbox.claim(died, 10)) == 1
    worker = worker_of(shop, tmp_path)
    assert worker.until_idle().claimed == 0
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.integration_event SET next_retry_at = now() - interval '1 second'")
    assert worker.until_idle().done == 1
    assert len(lines(tmp_path)) == 1


def test_desks_that_listen_hear_of_a_post_without_figures(shop: Trade, tmp_path: Path) -> None:
    with connected(shop, "program") as desk:
        desk.execute(f"LISTEN {outbox.channel_of(shop.books.organization.id)}".encode())
        posted = shop.buy("TEA", "10", "5")
        worker_of(shop, tmp_path).until_idle()
        [heard] = desk.notifies(timeout=5, stop_after=1)
    assert json.loads(heard.payload) == {
        "type": "voucher.posted", "source_type": "voucher", "id": posted.voucher_id}


def test_each_round_seals_the_audit_entries(shop: Trade, tmp_path: Path) -> None:
    shop.buy("TEA", "10", "5")
    assert worker_of(shop, tmp_path).round().sealed > 0
    assert worker_of(shop, tmp_path).round().sealed == 0
    assert shop.unsound() == []


def test_only_the_workers_login_works(shop: Trade, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError) as caught:
        shop.desk.worker(tmp_path).round()
    assert caught.value.code == "SEC-001"


@pytest.mark.parametrize("statement", [
    b"UPDATE erpdesk.integration_event SET payload = '{}'",
    b"DELETE FROM erpdesk.integration_event",
    b"UPDATE erpdesk.event_delivery SET delivered_at = now()",
    b"UPDATE erpdesk.event_subscription SET target = 'http://evil'",
    b"UPDATE erpdesk.voucher SET narration = 'x'",
    b"INSERT INTO erpdesk.journal SELECT * FROM erpdesk.journal"])
def test_the_worker_may_write_nothing_else(shop: Trade, statement: bytes) -> None:
    with connected(shop) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize(("kind", "target"), [
    ("file", "../out"), ("file", "/etc/passwd"), ("file", ".hidden"), ("command", "sh -c x"), ("command", ""),
    ("webhook", "file:///etc/passwd"), ("webhook", "ftp://host/x"), ("webhook", "http://"),
    ("webhook", "http://host:99999/"), ("mail", "a@b")])
def test_a_target_that_could_reach_elsewhere_is_refused(shop: Trade, kind: str, target: str) -> None:
    with pytest.raises(ErpdeskError) as caught:
        shop.books.events.subscribe("x", kind, target)
    assert caught.value.code == "EVT-001"


def test_a_target_forged_into_the_row_is_refused_by_the_worker(shop: Trade, tmp_path: Path) -> None:
    shop.books.events.subscribe("log", "file", "out.jsonl")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.event_subscription SET target = '../../forged'")
    shop.buy("TEA", "1", "5")
    assert worker_of(shop, tmp_path).until_idle().failed == 1
    assert not (tmp_path.parent / "forged").exists()


def test_only_administrators_subscribe_and_it_is_audited(shop: Trade) -> None:
    last = shop.one("SELECT max(sequence) FROM erpdesk.audit_entry")
    shop.books.events.subscribe("log", "file", "out.jsonl")
    shop.books.events.subscribe("log", "file", "other.jsonl")
    assert shop.rows("SELECT action, after ->> 'target' FROM erpdesk.audit_entry WHERE sequence > %s ORDER BY sequence",
                     last) == [("created", "out.jsonl"), ("changed", "other.jsonl")]
    clerk = shop.database.make_user("erpdesk_t_clerk", ["clerk"])
    with shop.admin() as connection:
        connection.execute(
            "INSERT INTO erpdesk.organization_member (organization_id, user_name, role) VALUES (%s, %s, 'clerk')",
            (shop.books.organization.id, clerk.name))
    books = Desk(shop.database.server(clerk)).books("SHOP")
    with pytest.raises(ForbiddenError):
        books.events.subscribe("mine", "file", "mine.jsonl")
    with pytest.raises(ForbiddenError):
        books.events.subscriptions()


def test_waits_grow_and_are_bounded() -> None:
    waits = [wait_seconds(attempt) for attempt in range(1, 40)]
    assert 3 < waits[0] <= 5
    assert waits[4] > 3 * waits[1]
    assert max(waits) <= 3600


def test_a_worker_that_runs_stops_when_told_and_outlives_a_lost_database(
    shop: Trade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from erpdesk.domain.results import NoDatabaseError

    shop.books.events.subscribe("log", "file", "out.jsonl")
    shop.buy("TEA", "1", "5")
    worker = worker_of(shop, tmp_path)
    waits: list[float] = []
    seal = worker.round

    def lost() -> working.Round:
        monkeypatch.setattr(worker, "round", seal)
        raise NoDatabaseError("NET-001", "gone")

    monkeypatch.setattr(worker, "round", lost)
    reported: list[working.Round] = []
    worker.run(lambda seconds: waits.append(seconds) or len(waits) == 2, 1.0, reported.append)
    assert waits == [2.0, 1.0]
    assert [one.done for one in reported] == [1]
