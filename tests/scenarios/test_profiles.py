"""Connection profiles through the real command line; their passwords lie in the keyring and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.command_line import CommandLine
from helpers.database import Database

HELPERS = Path(__file__).parents[1]


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line with profiles and a keyring of its own, and no database."""
    monkeypatch.setenv("PYTHONPATH", f"{HELPERS.parent / 'src'}:{HELPERS}")
    return CommandLine(tmp_path / "home", "", {
        "ERPDESK_PROFILES": str(tmp_path / "profiles.toml"), "ERPDESK_TEST_KEYRING": str(tmp_path / "keyring.json"),
        "PYTHON_KEYRING_BACKEND": "helpers.keyring_file.FileKeyring"})


def test_a_profile_is_added_tested_listed_and_removed(line: CommandLine, database: Database, tmp_path: Path) -> None:
    login = database.make_user("sita", ["clerk"])
    place = ("--host", "127.0.0.1", "--port", str(database.cluster.layout.port), "--db", database.name)
    (tmp_path / "profiles.toml").write_text("# ours\n[other]\nhost = 'db'\n")
    added = line.run("profile", "add", "office", *place, "--user", login.name, "--keep-password", typed=login.password)
    assert (added.code, added.out) == (0, "office: added\n"), added.err
    assert line.run("profile", "add", "office", *place, "--user", login.name).code == 3
    tested = line.run("profile", "test", "office")
    assert tested.code == 0, tested.err
    assert login.name in tested.out
    listed = line.run("profile", "list")
    assert listed.out.splitlines()[0].split("\t")[0] == "office"
    assert "password kept" in listed.out
    said = added.out + added.err + tested.out + tested.err + listed.out + (tmp_path / "profiles.toml").read_text()
    assert login.password not in said
    assert line.run("profile", "remove", "office").code == 0
    assert login.password not in (tmp_path / "keyring.json").read_text()
    assert (tmp_path / "profiles.toml").read_text() == "# ours\n[other]\nhost = 'db'\n\n"
    assert line.run("profile", "remove", "office").code == 3


def test_a_wrong_password_a_missing_one_and_a_broken_name_are_told_apart(
        line: CommandLine, database: Database, tmp_path: Path) -> None:
    login = database.make_user("sita", ["clerk"])
    place = ("--host", "127.0.0.1", "--port", str(database.cluster.layout.port), "--db", database.name)
    assert line.run("profile", "add", "two words", *place, "--user", login.name).code == 3
    assert line.run("profile", "add", "o", *place, "--user", login.name, "--sslmode", "perhaps").code in (0, 3)
    kept = line.run("profile", "add", "office", *place, "--user", login.name, "--keep-password", typed="wrong")
    assert kept.code == 0
    tested = line.run("profile", "test", "office")
    assert (tested.code, "User or password is wrong" in tested.err) == (3, True)
    assert "wrong-" not in tested.err
