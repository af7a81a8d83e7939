"""Printing through the command line: PDF files of vouchers and reports without a display, templates of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.command_line import CommandLine

PURCHASE = {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S001", "idempotency_key": "p-1",
            "lines": [{"item": "ITEM1", "quantity": "10", "rate": "5.00"}]}


@pytest.fixture
def posted(shop: CommandLine, tmp_path: Path) -> str:
    """The number of a posted purchase."""
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(PURCHASE) + "\n")
    (row,) = shop.run("import", "vouchers", path, "--org", "SHOP", "--post").rows
    return str(row["voucher_number"])


def test_a_voucher_is_printed_once_as_original_then_as_copies(shop: CommandLine, posted: str, tmp_path: Path) -> None:
    out = tmp_path / "one.pdf"
    first = shop.run("voucher", "print", posted, "--org", "SHOP", "--output", out)
    assert (first.code, first.rows[0]["copies"]) == (0, ["Original"]), first.err
    assert out.read_bytes().startswith(b"%PDF")
    again = shop.run("voucher", "print", "key:p-1", "--org", "SHOP", f"--output={out}", "--copies", "2")
    assert again.rows[0]["copies"] == ["Copy of original (1)", "Copy of original (2)"]
    audit = json.loads(shop.run("report", "audit", "--org", "SHOP", "--voucher", posted, "--format", "json").out)
    assert [row["action"] for row in audit["rows"]].count("printed") == 2


def test_a_file_that_can_not_be_written_counts_no_copy(shop: CommandLine, posted: str, tmp_path: Path) -> None:
    wrong = shop.run("voucher", "print", posted, "--org", "SHOP", "--out", tmp_path / "nowhere" / "one.pdf")
    assert wrong.code == 2
    right = shop.run("voucher", "print", posted, "--org", "SHOP", "--out", tmp_path / "one.pdf")
    assert right.rows[0]["copies"] == ["Original"]


@pytest.mark.long
@pytest.mark.parametrize("arguments", [("trial-balance",), ("day-book",), ("ledger", "--account", "1110"),
                                       ("tax-register",), ("stock-balance",), ("outstanding", "--kind", "payable")])
def test_a_report_is_a_pdf(shop: CommandLine, posted: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    out = tmp_path / "report.pdf"
    ended = shop.run("report", *arguments, "--org", "SHOP", "--format", "pdf", "--output", out)
    assert ended.code == 0, ended.err
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.long
@pytest.mark.provokes("RPT-007", "RPT-008", "RPT-009", "RPT-010")
def test_templates_are_kept_tried_and_removed(shop: CommandLine, posted: str, tmp_path: Path) -> None:
    run, out = shop.run, tmp_path / "one.pdf"
    shipped = run("template", "show", "invoice", "--org", "SHOP").out
    mine = tmp_path / "mine.html"
    mine.write_text("<p>\n{{ party.__class__ }}</p>", encoding="utf-8")
    refused = run("template", "save", "mine", mine, "--org", "SHOP")
    assert (refused.code, refused.rows[0]["code"]) == (1, "RPT-007")
    assert refused.rows[0]["message"].startswith("Line 2: ")
    mine.write_text(shipped, encoding="utf-8")
    assert run("template", "save", "mine", mine, "--org", "SHOP", "--label", "Mine").rows[0]["status"] == "created"
    listed = run("template", "list", "--org", "SHOP").rows
    assert {"code": "mine", "label": "Mine", "own": True, "shipped": False} in listed
    config = tmp_path / "config.json"
    assert run("config", "export", "--org", "SHOP", "--type", "PURCHASE_INVOICE", config).code == 0
    document = json.loads(config.read_text(encoding="utf-8"))
    document["voucher_types"][0]["print_template"] = "mine"
    config.write_text(json.dumps(document), encoding="utf-8")
    assert run("config", "import", "--org", "SHOP", config).code == 0
    assert run("template", "remove", "mine", "--org", "SHOP").rows[0]["code"] == "RPT-010"
    assert run("voucher", "print", posted, "--org", "SHOP", "--out", out).code == 0
    unknown = run("voucher", "print", posted, "--org", "SHOP", "--out", out, "--template", "none")
    assert (unknown.code, "RPT-008" in unknown.err) == (1, True)
    many = run("voucher", "print", posted, "--org", "SHOP", "--out", out, "--copies", "100")
    assert (many.code, "RPT-009" in many.err) == (1, True)


@pytest.mark.provokes("RPT-011")
def test_without_its_drawing_part_the_program_says_so(shop: CommandLine, posted: str, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "PySide6"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('libEGL.so.1 is missing')")
    blind = CommandLine(shop.home, shop.url, {"PYTHONPATH": f"{hidden.parent}:{Path(__file__).parents[2] / 'src'}"})
    ended = blind.run("voucher", "print", posted, "--org", "SHOP", "--out", tmp_path / "one.pdf")
    assert (ended.code, "RPT-011" in ended.err, "libEGL" in ended.err) == (1, True, True)
    seeing = shop.run("voucher", "print", posted, "--org", "SHOP", "--out", tmp_path / "one.pdf")
    assert seeing.rows[0]["copies"] == ["Original"], "what couldn't be drawn wasn't counted"
