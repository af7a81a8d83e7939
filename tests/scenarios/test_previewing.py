"""Previewing and validating files through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.terminal import Seat

JOURNAL = {"type": "JOURNAL", "date": "2026-04-02",
           "lines": [{"account": "1110", "debit": "100"}, {"account": "3010", "credit": "100.00"}]}  # fmt: skip
LOPSIDED = {**JOURNAL, "lines": [{"account": "1110", "debit": "100"}, {"account": "3010", "credit": "90"}]}


def test_a_file_is_previewed_line_by_line_and_nothing_is_saved(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "vouchers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in (JOURNAL, LOPSIDED, {"type": "NONE"})))
    seen = seat.run("voucher", "preview", file, "--org", "SHOP")
    assert seen.code == 1, seen.err
    good, lopsided, unknown = seen.rows
    assert (good["line"], good["ok"], good["total"]) == (1, True, "100.00")
    assert [(row["account"], row["name"], row["debit"], row["credit"]) for row in good["journal"]] == [
        ("1110", "Cash", "100.00", "0.00"), ("3010", "Capital", "0.00", "100.00")]
    assert (lopsided["ok"], lopsided["code"], lopsided["kind"]) == (False, "GL-001", "invalid")
    assert unknown["ok"] is False
    checked = seat.run("voucher", "validate", file, "--org", "SHOP")
    assert [row["ok"] for row in checked.rows] == [True, False, False]
    assert "journal" not in checked.rows[0]
    assert seat.run("voucher", "validate", "JV/26-27/000001", "--org", "SHOP").rows[0]["code"] == "VCH-005"
