"""Whatever comes in, the answer is a clear sentence with a code, the right exit status, and no traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.command_line import CommandLine, Ended

YEAR = "2026-04-01:2027-03-31"
CREATE = ("org", "create", "--name", "Shop", "--currency", "NPR", "--fiscal-year", YEAR, "--code")


def plain(ended: Ended) -> Ended:
    """The same, once it is sure that nobody saw a traceback."""
    assert "Traceback" not in ended.out + ended.err
    assert "SYS-001" not in ended.err, ended.err
    return ended


def voucher_file(folder: Path, *documents: Any) -> Path:
    path = folder / "vouchers.jsonl"
    lines = [one if isinstance(one, str) else json.dumps(one) for one in documents]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def journal(**more: Any) -> dict[str, Any]:
    lines = [{"account": "1110", "debit": "100.00"}, {"account": "3010", "credit": "100.00"}]
    return {"type": "JOURNAL", "date": "2026-04-02", "lines": lines, **more}


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("--nonsense",),
        ("org",),
        ("org", "create"),
        ("org", "create", "--code", "X", "--name", "X", "--currency", "NPR", "--fiscal-year", "2026"),
        ("org", "create", "--code", "X", "--name", "X", "--currency", "NPR", "--fiscal-year", "a:b"),
        ("import", "masters", "file.json"),
        ("import", "vouchers", "--org", "SHOP"),
        ("voucher", "show", "--org", "SHOP"),
        ("demo", "--size", "gigantic"),
        ("demo", "--seed", "x"),
        ("db", "explode"),
    ],
)
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Without touching any database: none is named, and the home stays empty."""
    home = tmp_path / "home"
    ended = plain(CommandLine(home).run(*arguments))
    assert ended.code == 2
    assert ended.out == ""
    assert not home.exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "mysql://a@b/c",
        "not a url",
        "postgresql://a:geheim7@no-such-host.invalid/db",
    ],
)
def test_no_database_ends_with_3(tmp_path: Path, url: str) -> None:
    ended = plain(CommandLine(tmp_path).run("--database", url, "seed"))
    assert ended.code == 3
    assert "NET-0" in ended.err
    assert "geheim7" not in ended.err


def test_an_unknown_profile_ends_with_3(tmp_path: Path) -> None:
    ended = plain(CommandLine(tmp_path).run("--profile", "nowhere", "db", "status"))
    assert ended.code == 3
    assert "nowhere" in ended.err


def test_a_wrong_password_ends_with_3(command_line: CommandLine) -> None:
    ended = plain(CommandLine(command_line.home, command_line.url, {"ERPDESK_PASSWORD": "falsch9"}).run(
        "--user", "erpdesk_local", "seed"))  # fmt: skip
    assert ended.code == 3
    assert "NET-006" in ended.err
    assert "falsch9" not in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("seed", "--org", "NOPE"),
        ("config", "show", "--org", "NOPE"),
        ("voucher", "show", "X", "--org", "NOPE"),
        ("report", "trial-balance", "--org", "NOPE", "--format", "json"),
    ],
)
def test_an_unknown_organization_ends_with_1(shop: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = plain(shop.run(*arguments))
    assert (ended.code, ended.out) == (1, "")
    assert "ORG-001" in ended.err
    assert "SHOP" in ended.err


def test_an_unknown_voucher_or_type_ends_with_1(shop: CommandLine) -> None:
    assert "VCH-005" in plain(shop.run("voucher", "show", "JV/1", "--org", "SHOP")).err
    ended = plain(shop.run("config", "show", "--org", "SHOP", "--type", "NOPE"))
    assert (ended.code, "CFG-022" in ended.err) == (1, True)


def test_creating_twice_is_refused_and_changes_nothing(command_line: CommandLine) -> None:
    assert plain(command_line.run(*CREATE, "SHOP")).code == 0
    ended = plain(command_line.run(*CREATE, "shop"))
    assert ended.code == 1
    assert "ORG-002" in ended.err


def test_a_missing_file_ends_with_1(shop: CommandLine, tmp_path: Path) -> None:
    for kind in ("masters", "accounts", "vouchers"):
        ended = plain(shop.run("import", kind, tmp_path / "none.json", "--org", "SHOP"))
        assert (ended.code, ended.out) == (1, "")
        assert "IMP-001" in ended.err


def test_masters_tell_every_fault_on_a_line_of_its_own(shop: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "masters.json"
    path.write_text(json.dumps({"items": [
        {"code": "GOOD", "uom": "PCS"}, {"code": "BAD", "uom": "NOPE"}, {"code": "ODD", "uom": "PCS", "x": 1},
    ]}))  # fmt: skip
    ended = plain(shop.run("import", "masters", path, "--org", "SHOP"))
    assert ended.code == 1
    assert [(row["key"], row["ok"], row.get("code")) for row in ended.rows] == [
        ("GOOD", True, None), ("BAD", False, "IMP-013"), ("ODD", False, "IMP-010"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"\xff\xfe{\x00}\x00", b"\x00\x01\x02", b'{"items": 3}', b""]
)
def test_masters_that_are_no_masters_are_refused(shop: CommandLine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "masters.json"
    path.write_bytes(content)
    ended = plain(shop.run("import", "masters", path, "--org", "SHOP"))
    assert ended.code == 1
    assert "IMP-" in ended.out + ended.err


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "IMP-003"),
        ("[]", "IMP-005"),
        ("[" * 5000, "IMP-004"),
        ({}, "VCH-004"),
        ({"type": 7, "lines": "none"}, "VCH-004"),
        (journal(colour="red"), "VCH-004"),
        (journal(lines=[{"account": "1110", "debit": {"x": 1}}]), "VCH-004"),
        (journal(lines=[]), "VCH-003"),
        (journal(date="2026-13-01"), "VCH-004"),
        (journal(date="2030-01-01"), "PRD-001"),
        (journal(lines=[{"account": "1110", "debit": "5"}, {"account": "3010", "credit": "4"}]), "GL-001"),
        (journal(lines=[{"account": "9999", "debit": "5"}, {"account": "3010", "credit": "5"}]), "GL-002"),
        (journal(type="NOPE"), "VCH-017"),
    ],
)
def test_each_bad_voucher_has_its_code(shop: CommandLine, tmp_path: Path, document: Any, code: str) -> None:
    ended = plain(shop.run("import", "vouchers", voucher_file(tmp_path, document), "--org", "SHOP", "--post"))
    assert ended.code == 1
    (row,) = ended.rows
    assert (row["line"], row["ok"], row["code"]) == (1, False, code)
    assert row["message"]
    assert row["correlation_id"]
    assert row["faults"]


def test_a_refusal_stops_the_import_unless_told_to_go_on(shop: CommandLine, tmp_path: Path) -> None:
    path = voucher_file(tmp_path, journal(), "{", journal(narration="third"))
    stopped = plain(shop.run("import", "vouchers", path, "--org", "SHOP", "--post"))
    assert (stopped.code, [row["ok"] for row in stopped.rows]) == (1, [True, False])
    went_on = plain(shop.run("import", "vouchers", path, "--org", "SHOP", "--post", "--continue-on-error"))
    assert (went_on.code, [row["ok"] for row in went_on.rows]) == (1, [True, False, True])
    assert [row.get("replayed") for row in went_on.rows] == [True, None, False]


def test_a_dry_run_writes_nothing(shop: CommandLine, tmp_path: Path) -> None:
    path = voucher_file(tmp_path, journal())
    ended = plain(shop.run("import", "vouchers", path, "--org", "SHOP", "--post", "--dry-run"))
    assert (ended.code, ended.rows[0]["status"]) == (0, "VALID")
    report = plain(shop.run("report", "trial-balance", "--org", "SHOP", "--format", "json"))
    assert json.loads(report.out)["rows"] == []


def test_a_lost_reader_ends_quietly(shop: CommandLine, tmp_path: Path) -> None:
    path = voucher_file(tmp_path, *(journal(narration=f"number {number}") for number in range(300)))
    process = shop.start("import", "vouchers", path, "--org", "SHOP", "--dry-run")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.wait(60)
    assert errors == ""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_under_the_output_is_told(shop: CommandLine, tmp_path: Path) -> None:
    import subprocess
    import sys

    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "erpdesk", "--database", shop.url, "seed", "--org", "SHOP"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "SYS-004" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
