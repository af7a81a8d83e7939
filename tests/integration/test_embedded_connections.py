"""Connections: two ways in that never share, the same settings on both, targets that keep their secrets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage import migrate, schema_version
from erpdesk.storage.connections import open_server
from erpdesk.storage.embedded.locks import FileLock
from erpdesk.storage.server import program_name
from erpdesk.storage.target import Target, resolve_target
from helpers.database import Database

_QUESTION = ("SELECT pg_backend_pid(), current_setting('search_path'), current_setting('timezone'),"
             " current_setting('application_name'), current_setting('lock_timeout')")


@pytest.mark.server_versions
def test_posting_and_the_rest_use_connections_of_their_own(database: Database) -> None:
    server = database.server()
    pool = server.posting_pool(lock_timeout_ms=1500)
    with pool.connection() as posting, server.engine().connect() as rest:
        mine = posting.execute(_QUESTION).fetchone()
        theirs = rest.exec_driver_sql(_QUESTION).fetchone()
        assert mine is not None
        assert theirs is not None
        assert posting.autocommit
        assert posting.prepare_threshold is not None
        assert mine[0] != theirs[0]
        assert mine[1:] == ("erpdesk,pg_catalog", "UTC", program_name(), "1500ms")
        assert tuple(theirs[1:4]) == ("erpdesk,pg_catalog", "UTC", program_name())


@pytest.mark.parametrize("option", ["prepare=off", "pgbouncer=true"])
def test_prepared_statements_are_off_through_a_pooler(database: Database, option: str) -> None:
    target = resolve_target(f"{database.url()}&{option}")
    assert target.pooled
    with open_server(target) as server, server.posting_pool().connection() as connection:
        assert connection.prepare_threshold is None
        row = connection.execute("SELECT current_setting('search_path')").fetchone()
        assert row == ("erpdesk, pg_catalog",)


def test_a_password_is_taken_out_of_the_url_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    target = resolve_target("postgresql://asha:p%40ss@db.example:5433/books?sslmode=verify-full")
    assert target.url == "postgresql://asha@db.example:5433/books?sslmode=verify-full"
    assert "p@ss" not in repr(target) + target.described()
    parameters = target.connection_parameters()
    assert (parameters["password"], parameters["host"], parameters["sslmode"]) == (
        "p@ss", "db.example", "verify-full")
    monkeypatch.setenv("ERPDESK_PASSWORD", "other")
    assert resolve_target("postgresql://asha@h/books").password == "other"
    named = resolve_target("postgresql://asha:p@h/books", user="bina").connection_parameters()
    assert (named["user"], named["password"]) == ("bina", "other")


def test_the_environment_stands_for_the_option_and_neither_means_embedded(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve_target() == Target("embedded", home)
    monkeypatch.setenv("ERPDESK_DATABASE_URL", "postgresql://h/environment")
    assert resolve_target().url == "postgresql://h/environment"
    assert resolve_target("postgresql://h/option").url == "postgresql://h/option"


def test_a_profile_with_several_hosts_asks_for_the_writable_one(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "profiles.toml"
    monkeypatch.setenv("ERPDESK_PROFILES", str(file))
    file.write_text('[office]\nhosts = ["a", "b:6432"]\ndatabase = "books"\nuser = "asha"\n'
                    'sslmode = "require"\n[wrong]\npassword = "never here"\n')
    parameters = resolve_target(profile="office").connection_parameters()
    assert (parameters["host"], parameters["port"]) == ("a,b", "5432,6432")
    assert parameters["target_session_attrs"] == "read-write"
    assert (parameters["user"], parameters["sslmode"]) == ("asha", "require")
    for name in ("wrong", "missing"):
        with pytest.raises(NoDatabaseError) as refused:
            resolve_target(profile=name)
        assert refused.value.code == "NET-001"


def test_an_older_schema_of_ones_own_is_upgraded_after_a_dump(home: Path) -> None:
    with open_server(Target("embedded", home)) as server, server.connect("superuser") as connection:
        connection.execute("UPDATE erpdesk.schema_info SET value = 'older' WHERE name = 'functions'")
        connection.execute("INSERT INTO erpdesk.organization (id, code, code_key, name, base_currency)"
                           " VALUES (gen_random_uuid(), 'C', 'c', 'C', 'NPR')")
    with open_server(Target("embedded", home)) as server:
        assert migrate.status(server).state == "current"
        dumps = list((home / "backups").iterdir())
        assert [path.suffix for path in dumps] == [".dump"]
        assert dumps[0].read_bytes().startswith(b"PGDMP")
        assert dumps[0].stat().st_mode & 0o077 == 0
    with open_server(Target("embedded", home)):
        assert len(list((home / "backups").iterdir())) == 1


@pytest.mark.server_versions
def test_the_schema_in_the_database_is_the_schema_in_the_code(database: Database) -> None:
    environment = os.environ | {"ERPDESK_DATABASE_URL": database.url("superuser")}
    done = subprocess.run([sys.executable, "-m", "erpdesk.storage.migrate", "check"], env=environment,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def test_status_tells_older_from_newer_by_what_the_program_knows() -> None:
    want = schema_version.wanted()
    current = {"revision": want.revision, "functions": want.functions, "program": "0.0.1"}
    assert schema_version.compared({}).state == "missing"
    assert schema_version.compared(current).state == "current"
    assert schema_version.compared(current | {"revision": "from the future"}).state == "newer"
    assert schema_version.compared(current | {"functions": "other"}).state == "older"
    assert schema_version.compared(current | {"functions": "other", "program": "99.0"}).state == "newer"


def test_a_file_lock_is_shared_by_many_or_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = FileLock(path), FileLock(path)
    assert first.attempt(exclusive=False)
    assert second.attempt(exclusive=False)
    assert not first.attempt(exclusive=True)
    assert second.attempt(exclusive=True)
    assert not first.attempt(exclusive=False)
    path.unlink()
    assert first.attempt(exclusive=True), "a removed file's lock holds nobody up"
    first.release()
    second.release()
