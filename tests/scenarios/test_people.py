"""Users through the real command line: a shared server prepared, people added, given rights and limits, put out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from helpers.cluster import Cluster, bare_cluster
from helpers.command_line import Ended
from helpers.terminal import Seat

ORGANIZATION = ("--name", "Shop", "--currency", "NPR", "--fiscal-year", "2026-04-01:2027-03-31", "--country", "NP")
SECRET, OTHER = "correct-horse-staple", "battery-horse-staple"
DRAFT = {"type": "JOURNAL", "lines": [{"account": "1110", "debit": "100"}, {"account": "3010", "credit": "100"}]}

pytestmark = pytest.mark.server_versions


BOTH_KINDS = pytest.mark.parametrize("office", ["superuser", "creator of roles"], indirect=True)
"""Of administrators; one of them is no superuser."""


@pytest.fixture
def office(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[Seat]:
    """The command line of the administrator of a server that was bare a moment ago, with the organization SHOP."""
    with bare_cluster(cluster.version) as bare:
        login = "postgres"
        with bare.superuser() as connection:
            connection.execute("ALTER SYSTEM SET log_statement = 'all'")
            connection.execute("SELECT pg_reload_conf()")
            if getattr(request, "param", "superuser") != "superuser":
                login = "dba"
                connection.execute("CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        line = Seat(bare.url("books", login, "secret", tcp=True), tmp_path / "home")
        done(line.run("server", "init", "--database", line.url))
        done(line.run("server", "init", "--database", line.url))
        done(line.run("org", "create", "--code", "SHOP", *ORGANIZATION))
        yield line
        for log in [*bare.layout.folder.rglob("*log*"), *(tmp_path / "home").rglob("*")]:
            if log.is_file():
                text = log.read_text("utf-8", errors="replace")
                assert SECRET not in text, log
                assert OTHER not in text, log


def done(ended: Ended) -> str:
    assert ended.code == 0, ended.err
    assert SECRET not in ended.out + ended.err
    return ended.out


def refused(ended: Ended, code: str) -> str:
    assert ended.code != 0, ended.out
    assert code in ended.err + ended.out, ended.err + ended.out
    assert SECRET not in ended.out + ended.err
    return ended.err


def acting(line: Seat, name: str, password: str = SECRET) -> Seat:
    """The command line as another user has it."""
    return Seat(re.sub("//[^@]*@", f"//{name}:{password}@", line.url), line.home)


def hire(line: Seat, name: str, role: str, *more: str) -> Seat:
    done(line.run("user", "add", name, typed=SECRET + "\n"))
    done(line.run("user", "grant", name, "--org", "SHOP", "--role", role, *more))
    return acting(line, name)


def post(line: Seat, tmp_path: Path, amount: str = "100", **columns: object) -> Ended:
    document = {**DRAFT, "date": "2026-05-02", "lines": [
        {"account": "1110", "debit": amount}, {"account": "3010", "credit": amount}], **columns}
    path = tmp_path / "voucher.jsonl"
    path.write_text(json.dumps(document) + "\n")
    return line.run("import", "vouchers", path, "--org", "SHOP", "--post")


@pytest.mark.long
@BOTH_KINDS
@pytest.mark.provokes("SEC-001", "SEC-002", "SEC-006", "SEC-007", "SEC-008")
def test_an_office_gets_its_people(office: Seat, tmp_path: Path) -> None:
    sita, ram = hire(office, "sita", "clerk"), hire(office, "ram", "admin")
    done(post(sita, tmp_path))

    refused(sita.run("period", "lock", "2026-05", "--org", "SHOP"), "SEC-001")
    said = refused(sita.run("user", "grant", "ram", "--org", "SHOP", "--role", "clerk"), "SEC-001")
    assert "user.admin" in said
    refused(ram.run("user", "grant", "ram", "--org", "SHOP", "--role", "clerk"), "SEC-006")
    refused(ram.run("user", "limit", "ram", "--org", "SHOP", "--post", "none"), "SEC-006")
    refused(ram.run("user", "disable", "ram"), "SEC-006")

    done(ram.run("user", "limit", "sita", "--org", "SHOP", "--post", "50", "--back-days", "400"))
    listed_limits = done(ram.run("user", "limit", "sita", "--org", "SHOP"))
    assert listed_limits.split() == ["all", "none", "50", "none", "400", "none"]
    refused(post(sita, tmp_path, "60", idempotency_key="k-60"), "SEC-002")
    done(ram.run("user", "limit", "sita", "--org", "SHOP", "--post", "none", "--back-days", "none"))
    assert done(ram.run("user", "limit", "sita", "--org", "SHOP")) == ""

    done(ram.run("user", "grant", "sita", "--org", "SHOP", "--role", "accountant", "--allow", "user.admin",
                 "--deny", "voucher.reverse"))
    listed = done(ram.run("user", "list")).splitlines()
    assert "sita\t\tactive\tSHOP\taccountant\tall\tall\t+user.admin -voucher.reverse" in listed
    hari = hire(sita, "hari", "clerk", "--type", "JOURNAL")
    payment = {"type": "CASH_PAYMENT", "account": "1110", "lines": [{"account": "6050", "amount": "1"}]}
    refused(post(hari, tmp_path, **payment), "SEC-001")
    refused(sita.run("user", "grant", "hari", "--org", "SHOP", "--role", "admin"), "SEC-007")
    refused(sita.run("user", "grant", "ram", "--org", "SHOP", "--role", "clerk"), "SEC-007")
    refused(sita.run("user", "disable", "ram"), "SEC-007")

    done(office.run("user", "revoke", "sita", "--org", "SHOP"))
    refused(sita.run("user", "list"), "NET-006")
    done(ram.run("user", "revoke", re.findall("//([^:]*):", office.url)[0], "--org", "SHOP"))
    for last in (("revoke", "ram", "--org", "SHOP"), ("grant", "ram", "--org", "SHOP", "--role", "clerk"),
                 ("disable", "ram")):
        refused(office.run("user", *last), "SEC-008")


@pytest.mark.long
@BOTH_KINDS
@pytest.mark.provokes("NET-006")
def test_who_is_disabled_is_out_and_who_is_enabled_is_in_again(office: Seat, tmp_path: Path) -> None:
    sita = hire(office, "sita", "clerk")
    with psycopg.connect(sita.url, autocommit=True) as at_work:
        at_work.execute("SELECT 1")
        done(office.run("user", "disable", "sita"))
        with pytest.raises(psycopg.OperationalError):
            at_work.execute("SELECT 1")
    assert "disabled" in refused(sita.run("report", "trial-balance", "--org", "SHOP"), "NET-006")
    assert "\tdisabled\t" in done(office.run("user", "list"))
    done(office.run("user", "enable", "sita"))
    done(post(sita, tmp_path))


@pytest.mark.long
@pytest.mark.provokes("SEC-009", "SEC-010", "SEC-011")
def test_passwords_are_changed_by_their_users_and_by_who_administers_all_of_them(office: Seat) -> None:
    sita, ram = hire(office, "sita", "clerk"), hire(office, "ram", "admin")
    refused(office.run("user", "password", "sita"), "SEC-010")
    refused(office.run("user", "password", "sita", typed="short\n"), "SEC-009")
    refused(sita.run("user", "password", "ram", typed=OTHER), "SEC-001")
    done(sita.run("user", "password", "sita", typed=OTHER))
    assert "password" in refused(sita.run("db", "status"), "NET-006")
    done(acting(office, "sita", OTHER).run("db", "status"))
    done(ram.run("user", "password", "sita", typed=SECRET))
    done(sita.run("db", "status"))
    done(office.run("org", "create", "--code", "RIVAL", *ORGANIZATION))
    refused(ram.run("user", "grant", "sita", "--org", "RIVAL", "--role", "clerk"), "ORG-001")
    done(office.run("user", "grant", "sita", "--org", "RIVAL", "--role", "clerk"))
    refused(ram.run("user", "password", "sita", typed=OTHER), "SEC-011")
    refused(ram.run("user", "disable", "sita"), "SEC-011")
    done(ram.run("user", "revoke", "sita", "--org", "SHOP"))


@pytest.mark.long
@pytest.mark.provokes("SEC-003", "SEC-004", "SEC-005", "SEC-012")
def test_what_is_wrong_with_a_name_a_role_or_a_limit_is_said(office: Seat) -> None:
    hire(office, "sita", "clerk")
    refused(office.run("user", "add", "sita", typed=SECRET), "SEC-004")
    refused(office.run("user", "add", "sita", "--existing"), "SEC-004")
    refused(office.run("user", "add", "nobody", "--existing"), "SEC-003")
    for name in ("erpdesk_x", "Sita Devi", "pg_x", "public", 'x"; DROP ROLE sita; --'):
        refused(office.run("user", "add", name, typed=SECRET), "SEC-005")
    refused(office.run("user", "disable", "nobody"), "SEC-003")
    refused(office.run("user", "grant", "nobody", "--org", "SHOP", "--role", "clerk"), "SEC-003")
    for wrong in (("--role", "king"), ("--allow", "voucher.eat"), ("--branch", "MOON"), ("--type", "LOVE_LETTER")):
        refused(office.run("user", "grant", "sita", "--org", "SHOP", *wrong), "SEC-012")
    for wrong in (("--post", "much"), ("--post", "-1"), ("--back-days", "1.5"),
                  ("--type", "LOVE_LETTER", "--post", "1")):
        refused(office.run("user", "limit", "sita", "--org", "SHOP", *wrong), "SEC-012")
    refused(office.run("user", "grant", "sita", "--org", "MOON", "--role", "clerk"), "ORG-001")


def test_who_was_added_and_belongs_nowhere_is_told_whom_to_ask(office: Seat) -> None:
    done(office.run("user", "add", "maya", "--full-name", "Maya", typed=SECRET))
    assert "no rights" in refused(acting(office, "maya").run("db", "status"), "NET-006")
    assert "maya\tMaya\tactive\t\t\t\t\t" in done(office.run("user", "list"))
