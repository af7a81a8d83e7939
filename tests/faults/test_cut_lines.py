"""A line cut anywhere around a commit, a deadlock, a lost session: the key finds out what became of the post."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from erpdesk.domain.results import Ok
from erpdesk.services.desk import open_desk
from helpers.posting_desks import run_desks
from helpers.posting_line import Cut, Line, line_to
from helpers.posting_victim import ANYWHERE, NOWHERE
from helpers.trading import CODE, PLAIN, Trade, accepted, goods, journal, sale

TESTS = Path(__file__).parents[1]
CUTS: tuple[Cut, ...] = ("before commit", "during commit", "after commit")


def url_through(shop: Trade, line: Line) -> str:
    direct = shop.database.url(tcp=True)
    return direct.replace(f"port={shop.database.cluster.layout.port}", f"port={line.port}")


@pytest.mark.invariant("I7")
@pytest.mark.invariant("I12")
@pytest.mark.parametrize("times", [10, pytest.param(500, marks=pytest.mark.long)])
@pytest.mark.parametrize("cut", CUTS)
def test_every_cut_is_resolved_to_the_truth_by_its_key(shop: Trade, cut: Cut, times: int) -> None:
    shop.buy("TEA", str(times), "5")
    with line_to(("127.0.0.1", shop.database.cluster.layout.port)) as line, \
            open_desk(database_url=url_through(shop, line)) as desk:
        vouchers, told = desk.books(CODE).vouchers, []
        for number in range(times):
            line.cut(cut)
            told.append(accepted(vouchers.post(sale([goods("TEA", "1", "9")], idempotency_key=f"k-{number}", **PLAIN))))
    assert line.cuts == times
    wait_for_end_of_sessions(shop)
    truth = dict(shop.rows("SELECT idempotency_key, voucher_number FROM erpdesk.voucher WHERE status = 'POSTED'"
                           " AND idempotency_key IS NOT NULL"))
    assert truth == {f"k-{number}": result.voucher_number for number, result in enumerate(told)}
    assert len(set(truth.values())) == times
    assert shop.stock("TEA") == ("0", "0")
    assert {result.replayed for result in told} <= {False, True}
    assert cut == "during commit" or {result.replayed for result in told} == {cut == "after commit"}


def wait_for_end_of_sessions(shop: Trade) -> None:
    """Until the server has noticed every line that was cut."""
    while shop.one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
                   " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"):
        pass


@pytest.mark.parametrize("message", [5, 6])
def test_a_line_that_breaks_while_a_command_begins_is_no_unforeseen_failure(shop: Trade, message: int) -> None:
    command = [sys.executable, "-m", "erpdesk", "report", "stock-balance", "--org", CODE]
    with line_to(("127.0.0.1", shop.database.cluster.layout.port)) as line:
        line.strike(message, _break)
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              env={**os.environ, "ERPDESK_DATABASE_URL": url_through(shop, line)})
    assert (done.returncode, done.stderr.split()[0], done.stdout) == (3, "NET-001", "")


def _break() -> None:
    raise BrokenPipeError


def test_a_deadlock_with_somebody_else_is_tried_again_and_posted(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    shop.sell("TEA", "1")
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        holder.execute("SET deadlock_timeout = '1min'")  # so that the desk is the one whose knot is cut
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.number_counter FOR UPDATE")
            posting = threads.submit(shop.post, sale([goods("TEA", "1", "9")], idempotency_key="k", **PLAIN))
            shop.database.until_somebody_waits()
            holder.execute("SELECT FROM erpdesk.stock_balance FOR UPDATE")
        made = posting.result()
    assert shop.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 1
    assert (made.voucher_number, made.replayed) == ("SI/26-27/000002", False)


def test_serialization_failures_are_tried_again_and_posted(shop: Trade) -> None:
    """A server whose administrator has made another isolation the default."""
    shop.buy("TEA", "8", "5")
    with shop.admin() as admin:
        admin.execute(f"ALTER DATABASE {shop.database.name} SET default_transaction_isolation = 'repeatable read'")
    work = [[sale([goods("TEA", "1", "9")], idempotency_key=f"{desk}-{number}", **PLAIN) for number in range(4)]
            for desk in range(2)]
    outcomes = run_desks(shop.database.url(), work)
    assert [outcome for row in outcomes for outcome in row if outcome.kind != "ok"] == []
    assert shop.stock("TEA") == ("0", "0")


@pytest.mark.parametrize("statement", ["pg_terminate_backend", "pg_cancel_backend"])
def test_a_session_ended_in_the_middle_of_a_post_is_tried_again(shop: Trade, statement: str) -> None:
    shop.post(journal("1"))
    with shop.admin() as holder, ThreadPoolExecutor() as threads:
        with holder.transaction():
            holder.execute("SELECT FROM erpdesk.number_counter FOR UPDATE")
            posting = threads.submit(shop.books.vouchers.post, journal("2", idempotency_key="k"))
            holder.execute(f"SELECT {statement}({shop.database.until_somebody_waits()[0]})".encode())
            if statement == "pg_terminate_backend":
                shop.database.until_somebody_waits()
        result = posting.result()
    if not isinstance(result, Ok):  # a cancelled statement is told, and changes nothing
        assert statement == "pg_cancel_backend"
        result = shop.books.vouchers.post(journal("2", idempotency_key="k"))
    assert accepted(result).voucher_number == "JV/26-27/000002"


def victim_of(shop: Trade, line: Line, stage: str, document: dict[str, Any]) -> subprocess.Popen[str]:
    """A program that is about to post; a strike that the one before it was too quick for doesn't hit its opening."""
    line.relent()
    made = subprocess.Popen([sys.executable, "-m", "helpers.posting_victim", url_through(shop, line), stage],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TESTS)
    assert made.stdin is not None
    assert made.stdout is not None
    made.stdin.write(json.dumps(document) + "\n")
    made.stdin.flush()
    assert made.stdout.readline() == "ready\n"
    return made


MESSAGES = 40
"""More than the messages of a post; a strike after the last one kills a program that is done."""


@pytest.mark.invariant("I12", attacks=3)
@pytest.mark.parametrize("messages", [(2, 7, 12), pytest.param(range(1, MESSAGES), marks=pytest.mark.long)],
                         ids=["some", "every"])
@pytest.mark.parametrize("stage", [NOWHERE, ANYWHERE], ids=["under locks", "in one call"])
def test_a_program_killed_at_a_message_of_a_post_leaves_all_or_nothing(
        shop: Trade, stage: str, messages: Any) -> None:
    shop.buy("TEA", str(MESSAGES), "5")
    seen = []
    with line_to(("127.0.0.1", shop.database.cluster.layout.port)) as line:
        for message in messages:
            document = sale([goods("TEA", "1", "9")], idempotency_key=f"k-{message}", **PLAIN)
            victim = victim_of(shop, line, stage, document)
            line.strike(message, lambda victim=victim: os.kill(victim.pid, signal.SIGKILL))  # type: ignore[misc]
            victim.communicate("\n", timeout=60)
            wait_for_end_of_sessions(shop)
            before = shop.one("SELECT count(*) FROM erpdesk.journal")
            made = shop.post(document)
            seen.append(made.replayed)
            assert shop.one("SELECT count(*) FROM erpdesk.journal") == before + (not made.replayed)
            assert shop.one("SELECT count(*) FROM erpdesk.voucher WHERE idempotency_key = %s", f"k-{message}") == 1
    assert shop.stock("TEA")[0] == str(MESSAGES - len(seen))
    wait_for_end_of_sessions(shop)
    assert seen == sorted(seen), "a program killed later has posted, one killed earlier has not"
    assert shop.unsound() == []


def test_a_connection_that_was_lost_before_is_replaced(shop: Trade) -> None:
    shop.post(journal("1"))
    with shop.admin() as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND pid <> pg_backend_pid()")
    assert shop.post(journal("2")).voucher_number == "JV/26-27/000002"
