"""What a crash of server or program leaves is mended at the next start, without losing committed work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from erpdesk.storage.connections import Server, open_server
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded import process
from erpdesk.storage.embedded.account import account_of
from erpdesk.storage.embedded.process import read_status, serves
from erpdesk.storage.target import Target
from helpers.programs import Program


def opened(home: Path, said: list[str] | None = None) -> Server:
    return open_server(Target("embedded", home), progress=None if said is None else said.append)


def layout_of(home: Path) -> places.Layout:
    layout = places.load(home)
    assert layout is not None
    return layout


def kill_server(home: Path) -> int:
    layout = layout_of(home)
    status = read_status(layout)
    assert status is not None
    os.kill(status.pid, signal.SIGKILL)
    while serves(status.pid, layout.data):
        time.sleep(0.005)
    return status.pid


def wait_for_orphans(home: Path) -> None:
    """Until `initdb`, which outlives a killed program, is done: deleting its folder leaks shared memory."""
    unfinished = f"{layout_of(home).folder}/data."
    while unfinished in subprocess.run(["ps", "-eww", "-o", "command="], capture_output=True, text=True,
                                       check=True).stdout:
        time.sleep(0.02)


def test_a_killed_server_recovers_what_was_committed_and_nothing_else(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_REPORT_SECONDS", 0.0)
    said: list[str] = []
    server = opened(home)
    writing = server.connect("owner")
    writing.execute("CREATE TABLE erpdesk.written AS SELECT generate_series(1, 20000) AS number")
    writing.commit()
    writing.execute("INSERT INTO erpdesk.written SELECT generate_series(20001, 60000)")
    kill_server(home)
    layout = layout_of(home)
    assert (layout.data / "postmaster.pid").exists()
    with opened(home, said) as again, again.connect("owner") as connection:
        row = connection.execute("SELECT count(*), max(number) FROM erpdesk.written").fetchone()
    assert row == (20000, 20000)
    assert any("the database is starting" in line for line in said)
    with pytest.raises(psycopg.OperationalError):
        writing.execute("SELECT 1")
    server.close()


def test_a_killed_program_leaves_the_server_up_and_the_next_one_adopts_and_stops_it(home: Path) -> None:
    with Program(home) as killed, Program(home) as adopting:
        pid = killed.opened()
        adopting.opened()
        adopting.kill()
        killed.kill()
    layout = layout_of(home)
    assert serves(pid, layout.data)
    with Program(home) as adopting:
        assert adopting.opened() == pid
        adopting.leave()
    assert not serves(pid, layout.data)


def test_a_program_killed_while_making_the_database_is_followed_by_one_that_makes_it(home: Path) -> None:
    for word in ("making the database", "preparing the database"):
        with Program(home) as killed:
            while word not in killed.heard():
                pass
            time.sleep(0.1)
            killed.kill()
        wait_for_orphans(home)
    with opened(home) as server, server.connect() as connection:
        assert connection.execute("SELECT count(*) > 0 FROM erpdesk.schema_info").fetchone() == (True,)
    folder = layout_of(home).folder
    assert [path.name for path in folder.iterdir() if path.name.startswith(("data.", "initdb."))] == []


def test_a_stale_process_number_that_now_belongs_to_another_program_is_no_obstacle(home: Path) -> None:
    opened(home).close()
    layout = layout_of(home)
    owner = layout.data.stat()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **account_of(layout.data).process_options())
    try:
        for path in (layout.data / "postmaster.pid", layout.socket.with_name(layout.socket.name + ".lock")):
            path.write_text(f"{stranger.pid}\n{layout.data}\n1700000000\n{layout.port}\n"
                            f"{layout.socket_folder}\n\n\nready   \n")
            os.chown(path, owner.st_uid, owner.st_gid)
        with opened(home) as server, server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_live_server_whose_socket_was_removed_is_ended_and_started_anew(home: Path) -> None:
    with Program(home) as program:
        pid = program.opened()
        layout_of(home).socket.unlink()
        with opened(home) as server, server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            status = read_status(layout_of(home))
            assert status is not None
            assert status.pid != pid
        program.leave()


def test_a_backend_killed_alone_takes_no_other_process_with_it(home: Path) -> None:
    with opened(home) as server:
        victim = server.connect("owner")
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            victim.execute("SELECT 1")
        with server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_end_without_close_still_stops_the_server(home: Path) -> None:
    code = ("from erpdesk.storage.connections import open_server;"
            "from erpdesk.storage.target import resolve_target; open_server(resolve_target())")
    subprocess.run([sys.executable, "-c", code], check=True)
    assert read_status(layout_of(home)) is None
