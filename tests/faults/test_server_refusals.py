"""Each reason for having no database has its code, says what to do, and shows no password."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage import migrate
from erpdesk.storage.connections import open_server
from erpdesk.storage.embedded import binaries, bringup
from erpdesk.storage.embedded import layout as places
from erpdesk.storage.embedded.failures import from_log
from erpdesk.storage.server import no_database
from erpdesk.storage.target import Target, resolve_target
from helpers.cluster import DEBIAN_SERVER
from helpers.database import Database

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")


def refusal(target: Target | Path) -> NoDatabaseError:
    """What opening ends with; it has a sentence and a cure."""
    if isinstance(target, Path):
        target = Target("embedded", target)
    with pytest.raises(NoDatabaseError) as refused:
        open_server(target)
    assert refused.value.message.endswith(".")
    assert refused.value.cure.endswith(".")
    return refused.value


@pytest.fixture
def made(home: Path) -> places.Layout:
    """A home whose server was made and is stopped."""
    open_server(Target("embedded", home)).close()
    layout = places.load(home)
    assert layout is not None
    return layout


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control", "global", "pg_wal"])
def test_a_data_folder_without_a_vital_part_is_broken(made: places.Layout, missing: str) -> None:
    path = made.data / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert refusal(made.home).code == "NET-002"


def test_a_damaged_control_file_is_a_broken_folder_and_the_log_is_quoted(made: places.Layout) -> None:
    control = made.data / "global" / "pg_control"
    with control.open("r+b") as file:
        file.write(b"\xff" * 512)
    refused = refusal(made.home)
    assert refused.code in ("NET-002", "NET-007")
    assert "log" in refused.details


def test_a_data_folder_that_is_gone_is_not_silently_made_anew(made: places.Layout) -> None:
    shutil.rmtree(made.data)
    assert refusal(made.home).code == "NET-002"


def test_a_data_folder_of_another_major_version_is_refused(made: places.Layout) -> None:
    (made.data / "PG_VERSION").write_text("14\n")
    refused = refusal(made.home)
    assert refused.code == "NET-007"
    assert "14" in refused.message


def test_something_in_the_sockets_place_is_named(made: places.Layout) -> None:
    made.socket.mkdir()
    assert refusal(made.home).code == "NET-003"


def test_a_socket_held_by_another_live_server_is_named(made: places.Layout, tmp_path: Path) -> None:
    with open_server(Target("embedded", tmp_path / "other")) as other:
        assert other.embedded is not None
        theirs = other.embedded.layout.socket.with_name(".s.PGSQL.5432.lock").read_bytes()
        lock = made.socket.with_name(".s.PGSQL.5432.lock")
        lock.write_bytes(theirs)
        shutil.chown(lock, made.data.stat().st_uid, made.data.stat().st_gid)
        assert refusal(made.home).code == "NET-003"


def test_damaged_pointer_and_secrets_are_told_apart(made: places.Layout) -> None:
    secrets = (made.home / "secrets.json").read_text()
    (made.home / "secrets.json").write_text(secrets[:20])
    assert refusal(made.home).code == "NET-006"
    (made.home / "secrets.json").write_text(secrets)
    (made.home / "server.json").write_text("{")
    assert refusal(made.home).code == "NET-002"


def test_changed_secrets_are_a_refused_login(made: places.Layout) -> None:
    text = (made.home / "secrets.json").read_text()
    (made.home / "secrets.json").write_text(text.replace('local": "', 'local": "not'))
    assert refusal(made.home).code == "NET-006"


def test_missing_server_programs_are_named(home: Path, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringup, "wheel_binaries", lambda: binaries.Binaries(tmp_path / "nowhere", 18))
    assert refusal(home).code == "NET-007"


@pytest.fixture
def small_disk(_server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of 90 MB for root's servers."""
    disk = _server_folder / "disk"
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=90m,mode=755", "tmpfs", disk], check=True)
    monkeypatch.setenv("ERPDESK_SERVER_FOLDER", str(disk))
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path, leave_bytes: int) -> None:
    size = shutil.disk_usage(disk).free - leave_bytes
    with (disk / "filler").open("wb") as file:
        while size > 0:
            size -= file.write(b"\0" * min(size, 1 << 20))


@NEEDS_ROOT
def test_a_full_disk_is_named_when_the_database_is_made_and_room_mends_it(
        small_disk: Path, home: Path) -> None:
    fill(small_disk, 15_000_000)
    refused = refusal(home)
    assert refused.code == "NET-004"
    (small_disk / "filler").unlink()
    with open_server(Target("embedded", home)) as server, server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@NEEDS_ROOT
def test_a_full_disk_is_named_when_the_server_starts_and_room_mends_it(small_disk: Path, home: Path) -> None:
    open_server(Target("embedded", home)).close()
    fill(small_disk, 0)
    assert refusal(home).code == "NET-004"
    (small_disk / "filler").unlink()
    open_server(Target("embedded", home)).close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_a_write_that_fails_while_the_home_is_made_is_named(
        home: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fails(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    assert refusal(home).code == "NET-004"
    assert [path.name for path in home.iterdir() if path.name.startswith(("secrets", "server.json"))] == []
    monkeypatch.undo()


@pytest.mark.parametrize(("line", "code"), [
    ("FATAL:  could not write lock file \"postmaster.pid\": No space left on device", "NET-004"),
    ("PANIC:  could not write to file \"pg_wal/xlogtemp.1\": No space left on device", "NET-004"),
    ("FATAL:  could not create lock file \"postmaster.pid\": Read-only file system", "NET-004"),
    ("FATAL:  could not create any Unix-domain sockets", "NET-003"),
    ("FATAL:  database files are incompatible with server", "NET-007"),
    ("FATAL:  incorrect checksum in control file", "NET-002"), ("Killed", "NET-001")])
def test_the_servers_last_words_say_why(line: str, code: str) -> None:
    assert from_log(line, Path("/data")).code == code


def test_a_home_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert refusal(tmp_path / "file" / "home").code == "NET-004"
    assert refusal(tmp_path / "file").code == "NET-004"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("url", [
    "postgresql://asha:secret1@127.0.0.1:{port}/erpdesk", "postgresql://asha:secret1@no-such-host.invalid/x",
    "postgresql://asha:secret1@/erpdesk?host=/nonexistent", "mysql://asha:secret1@localhost/x",
    "postgresql://asha:secret1@localhost/x?no_such_option=1", "asha:secret1@localhost", "postgresql://a:b:c@[::1/x"])
def test_a_wrong_url_is_no_database_and_shows_no_password(url: str) -> None:
    with pytest.raises(NoDatabaseError) as refused:
        open_server(resolve_target(url.format(port=closed_port())))
    assert refused.value.code == "NET-001"
    shown = repr(refused.value) + refused.value.message + refused.value.cure + str(refused.value.details)
    assert "secret1" not in shown


@pytest.mark.server_versions
def test_an_unknown_database_and_a_refused_login_are_told_apart(database: Database) -> None:
    missing = database.url().replace(database.name, "no_such_database")
    assert refusal(resolve_target(missing)).code == "NET-001"
    password = database.cluster.passwords["erpdesk_local"]
    refused = refusal(resolve_target(database.url(tcp=True).replace(password, "wrong-one")))
    assert refused.code == "NET-006"
    assert "wrong-one" not in str(refused.details)
    assert refusal(resolve_target(database.url().replace("erpdesk_local", "nobody_here"))).code == "NET-006"


def test_a_line_that_is_not_encrypted_as_wanted_is_no_wrong_password(database: Database) -> None:
    refused = refusal(resolve_target(database.url(tcp=True) + "&sslmode=require"))
    assert (refused.code, refused.message) == (
        "NET-006", "The server offers no encrypted connection (TLS), which this connection asks for.")
    assert "sslmode" in refused.cure


@pytest.mark.parametrize(("said", "told"), [
    ('root certificate file "~/.postgresql/root.crt" does not exist', "certificate"),
    ("SSL error: certificate verify failed", "certificate"),
    ('server certificate for "a" does not match host name "b"', "certificate"),
    ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "sita", database "erpdesk", no encryption', "TLS"),
    ("fe_sendauth: no password supplied", "The server wants a password."),
    ('FATAL:  password authentication failed for user "sita"', "User or password is wrong."),
])
def test_why_a_server_refuses_is_told_from_what_it_says(database: Database, said: str, told: str) -> None:
    assert told in no_database(psycopg.OperationalError(said), database.target()).message


@pytest.mark.server_versions
def test_a_newer_schema_is_refused_and_an_older_one_waits_for_the_upgrade(database: Database) -> None:
    with database.connect("owner") as connection:
        connection.execute("UPDATE erpdesk.schema_info SET value = '9999' WHERE name = 'revision'")
    assert refusal(database.target()).code == "NET-005"
    assert migrate.status(database.server()).state == "newer"
    with database.connect("owner") as connection:
        connection.execute("UPDATE erpdesk.schema_info SET value = '' WHERE name = 'functions'")
        connection.execute("UPDATE erpdesk.schema_info SET value = %s WHERE name = 'revision'",
                           (migrate.wanted().revision,))
    refused = refusal(database.target())
    assert refused.code == "NET-005"
    assert "db upgrade" in refused.cure
    with open_server(database.target("owner"), schema="any") as server:
        assert migrate.upgrade(server).state == "current"
    open_server(database.target()).close()


@pytest.mark.server_versions
def test_a_login_without_rights_can_neither_prepare_nor_upgrade(database: Database) -> None:
    clerk = database.make_user("clerk", ["clerk"])
    with database.connect("owner") as connection:
        connection.execute("UPDATE erpdesk.schema_info SET value = '' WHERE name = 'functions'")
    with (open_server(database.target(clerk), schema="any") as server,
          pytest.raises(NoDatabaseError) as refused):
        migrate.upgrade(server)
    assert refused.value.code == "NET-006"


@pytest.mark.skipif(not DEBIAN_SERVER.exists(), reason="needs server programs of another major version")
def test_server_programs_of_another_major_version_do_not_touch_the_data(
        made: places.Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringup, "wheel_binaries", lambda: binaries.Binaries(DEBIAN_SERVER, 15))
    assert refusal(made.home).code == "NET-007"
