"""Whatever dies in the middle of a post, nothing is half there, and the same key gives exactly one voucher."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books, Desk, open_desk
from erpdesk.storage.connections import open_server
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded.process import read_status
from erpdesk.storage.target import Target
from erpdesk.storage.verify import verify
from helpers.posting_desks import Outcome, desks_at_work
from helpers.posting_line import Cut, Line, line_to
from helpers.posting_victim import STAGES
from helpers.trading import CODE, PLAIN, Trade, accepted, goods, journal, make_organization, purchase, sale

TESTS = Path(__file__).parents[1]
SALE = sale([goods("TEA", "4", "9"), goods("OIL", "2", "9")], idempotency_key="k-1", **PLAIN)


def kill_at(shop: Trade, stage: str) -> None:
    """Another program posts SALE and is killed at that stage."""
    victim = subprocess.run(
        [sys.executable, "-m", "helpers.posting_victim", shop.database.url(), stage], input=json.dumps(SALE), text=True,
        capture_output=True, cwd=TESTS, timeout=60, check=False)
    assert victim.returncode == -signal.SIGKILL, victim.stderr


def wait_for_end_of_sessions(shop: Trade) -> None:
    """Until the server has noticed that the victim is gone."""
    while shop.one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
                   " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"):
        pass


@pytest.mark.parametrize("stage", STAGES)
def test_a_program_killed_in_the_middle_of_a_post_leaves_all_or_nothing(shop: Trade, stage: str) -> None:
    for item in ("TEA", "OIL"):
        shop.buy(item, "10", "5")
    before = shop.fingerprint()
    kill_at(shop, stage)
    wait_for_end_of_sessions(shop)
    committed = "commit" in stage
    if committed:
        assert shop.stock("TEA") == ("6", "30")
        assert shop.one("SELECT voucher_number FROM erpdesk.voucher WHERE idempotency_key = 'k-1'") == "SI/26-27/000001"
    else:
        assert shop.changed_since(before) == set()
    again = shop.post(SALE)
    assert (again.voucher_number, again.cost, again.replayed) == ("SI/26-27/000001", "30.00", committed)
    assert (shop.stock("TEA"), shop.stock("OIL")) == (("6", "30"), ("8", "40"))
    assert shop.balances() == {"1130": "54", "1140": "70", "2110": "-100", "4010": "-54", "5010": "30"}


def test_the_post_after_a_killed_program_need_not_wait_for_anybody(shop: Trade) -> None:
    for item in ("TEA", "OIL"):
        shop.buy(item, "10", "5")
    kill_at(shop, "after key, rows and draft were locked and written")
    assert shop.post(SALE).voucher_number == "SI/26-27/000001"


@contextmanager
def desk_on(shop: Trade, line: Line) -> Iterator[Books]:
    """The books as a desk at the other end of a line has them, the number of its line in place of the server's."""
    direct = shop.database.url(tcp=True)
    port = shop.database.cluster.layout.port
    with open_desk(database_url=direct.replace(f"port={port}", f"port={line.port}")) as desk:
        yield desk.books(CODE)


@pytest.mark.parametrize(("cut", "replayed"), [("before commit", False), ("after commit", True)])
def test_a_line_cut_around_the_commit_ends_as_posted_once(shop: Trade, cut: Cut, replayed: bool) -> None:
    for item in ("TEA", "OIL"):
        shop.buy(item, "10", "5")
    with line_to(("127.0.0.1", shop.database.cluster.layout.port)) as line, desk_on(shop, line) as books:
        line.cut(cut)
        made = accepted(books.vouchers.post(SALE))
    assert line.cuts == 1
    assert (made.voucher_number, made.replayed) == ("SI/26-27/000001", replayed)
    assert shop.stock("TEA") == ("6", "30")
    assert shop.one("SELECT count(*) FROM erpdesk.journal WHERE voucher_id = %s", made.voucher_id) == 1


@pytest.mark.parametrize("cut", ["before commit", "after commit"])
def test_a_voucher_without_a_key_is_never_posted_twice_by_a_cut_line(shop: Trade, cut: Cut) -> None:
    with line_to(("127.0.0.1", shop.database.cluster.layout.port)) as line, desk_on(shop, line) as books:
        line.cut(cut)
        result = books.vouchers.post(journal())
    assert line.cuts == 1
    assert isinstance(result, Ok) or result.first.code == "VCH-001"
    assert shop.balances() == {"1110": "100", "3010": "-100"}
    assert shop.one("SELECT count(*) FROM erpdesk.voucher") == 1


def test_a_slow_line_takes_few_round_trips(shop: Trade) -> None:
    with line_to(("127.0.0.1", shop.database.cluster.layout.port), delay_seconds=0.02) as line, desk_on(shop,
                                                                                                       line) as books:
        assert accepted(books.vouchers.post(journal(idempotency_key="k-1"))).round_trips <= 5
    assert shop.balances() == {"1110": "100", "3010": "-100"}


# The server itself is killed: a server of the test's own, with durability on.


def kill_server(home: Path) -> None:
    """kill -9 of the server's first process."""
    layout = places.load(home)
    assert layout is not None
    status = read_status(layout)
    assert status is not None
    os.kill(status.pid, signal.SIGKILL)


def mixed_work(desk: int, count: int) -> list[dict[str, Any]]:
    """Journals, purchases and sales of the same items, each with a key."""
    work = []
    for number in range(count):
        kind: Callable[..., dict[str, Any]] = (lambda **more: journal("1", **more),
                lambda **more: purchase([goods("TEA", "3", "5"), goods("OIL", "3", "7")], **PLAIN, **more),
                lambda **more: sale([goods("OIL", "1", "9"), goods("TEA", "1", "9")], **PLAIN, **more))[number % 3]
        work.append(kind(idempotency_key=f"{desk}-{number}"))
    return work


def posted_keys(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Number by key of everything posted."""
    return dict(connection.execute(
        "SELECT idempotency_key, voucher_number FROM erpdesk.voucher WHERE status = 'POSTED'"
        " AND idempotency_key IS NOT NULL").fetchall())


def numbers_have_no_gap(connection: psycopg.Connection[Any]) -> bool:
    """Each series runs from one to its count."""
    return connection.execute(
        "SELECT bool_and(most = many AND least = 1)"
        " FROM (SELECT max(number) AS most, count(*) AS many, min(number) AS least"
        " FROM erpdesk.voucher_number GROUP BY voucher_config_id) s").fetchall() == [(True,)]


def survive(home: Path, vouchers_each: int, kills: int) -> None:
    """Eight desks post while the server is killed and started again; then everything is looked at and sent again."""
    with Desk(open_server(Target("embedded", home))) as desk:
        books = make_organization(desk)
        accepted(books.vouchers.post(purchase([goods("TEA", "1000", "5"), goods("OIL", "1000", "7")], **PLAIN)))
        work = [mixed_work(number, vouchers_each) for number in range(8)]
        with desks_at_work(None, work) as outcomes:
            for kill in range(kills):
                wait_until_posted(home, (kill + 1) * vouchers_each * 8 // (kills + 2))
                kill_server(home)
            told = outcomes_while_reviving(home, outcomes)
        acknowledged = {outcome.key: outcome.number for row in told for outcome in row if outcome.kind == "ok"}
        assert acknowledged, "nobody posted anything"
        found = sound_books(home)
        assert acknowledged.items() <= found.items()
        with open_desk() as fresh:
            vouchers = fresh.books(CODE).vouchers
            again = [accepted(vouchers.post(document)) for row in work for document in row]
        assert {made.voucher_number for made in again if made.replayed} == set(found.values())
        assert sorted(sound_books(home).values()) == sorted(str(made.voucher_number) for made in again)


def sound_books(home: Path) -> dict[str, str]:
    """Number by key of everything posted, once every invariant was found to hold."""
    with open_server(Target("embedded", home)) as server, \
            server.connect("superuser", autocommit=True) as connection:
        assert numbers_have_no_gap(connection)
        assert [result.line for result in verify(connection) if not result.ok] == []
        return posted_keys(connection)


def wait_until_posted(home: Path, count: int) -> None:
    """Until so many vouchers are there, on whatever server there is."""
    with open_server(Target("embedded", home)) as server, server.connect("superuser", autocommit=True) as connection:
        while len(posted_keys(connection)) < count:
            pass


def outcomes_while_reviving(home: Path, outcomes: Callable[[], list[list[Outcome]]]) -> list[list[Outcome]]:
    """The desks' outcomes; the server is up again meanwhile."""
    with open_server(Target("embedded", home)):
        return outcomes()


def test_a_server_killed_under_eight_desks_keeps_what_it_acknowledged(home: Path) -> None:
    survive(home, vouchers_each=9, kills=1)


@pytest.mark.long
def test_a_server_killed_again_and_again_keeps_what_it_acknowledged(home: Path) -> None:
    survive(home, vouchers_each=150, kills=6)
