"""Settling through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.terminal import Seat


def test_an_advance_is_settled_against_an_invoice(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "v.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (
        {"type": "JOURNAL", "date": "2026-04-02", "lines": [
            {"account": "1130", "party": "C001", "debit": "100"}, {"account": "4010", "credit": "100"}]},
        {"type": "AR_RECEIPT", "date": "2026-04-03", "account": "1110", "party": "C001", "amount": "30"})))
    posted = seat.run("import", "vouchers", file, "--org", "SHOP", "--post")
    assert posted.code == 0, posted.out
    asked = ("settle", "--org", "SHOP", "--party", "C001", "--kind", "receivable", "--date", "2026-04-04")
    done = seat.run(*asked)
    assert (done.code, done.rows[0]["status"], done.rows[0]["total"]) == (0, "POSTED", "0.00")
    rows = json.loads(seat.run("report", "outstanding", "--org", "SHOP", "--kind", "receivable",
                               "--format", "json").out)["rows"]
    assert [row["open_amount"] for row in rows] == ["70.00"]
    again = seat.run(*asked)
    assert (again.code, again.rows[0]["code"]) == (1, "VCH-019")
    assert seat.run(*asked, "--amount", "much").code == 2
