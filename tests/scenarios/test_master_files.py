"""Masters are written and brought in on the command line, looked at first if wanted."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.terminal import Seat


def test_masters_go_out_as_a_document_or_a_table_and_come_in_again(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("code,name,decimals\nQQX,Dozen,0\nPCS,Pieces,3\n", encoding="utf-8")
    looked = seat.run("import", "masters", str(file), "--org", "SHOP", "--kind", "uom", "--dry-run")
    assert looked.rows[0]["status"] == "created"
    assert "QQX" not in seat.run("export", "masters", "--org", "SHOP", "--kind", "uom").out
    assert seat.run("import", "masters", str(file), "--org", "SHOP", "--kind", "uom").code == 0
    document = json.loads(seat.run("export", "masters", "--org", "SHOP").out)
    assert "QQX" in {unit["code"] for unit in document["uoms"]}
    table = tmp_path / "out.csv"
    assert seat.run("export", "masters", "--org", "SHOP", "--kind", "uom", "--format", "csv",
                   "--output", str(table)).code == 0
    assert "QQX,Dozen,0,yes" in table.read_text(encoding="utf-8-sig")
    refused = seat.run("export", "masters", "--org", "SHOP", "--format", "csv")
    assert refused.code == 1
    assert "IMP-006" in refused.err
