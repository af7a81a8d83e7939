"""Configuring through the command line: export, change, validate, import."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.terminal import Seat


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_type_is_switched_on_by_a_one_line_document(seat: Seat, tmp_path: Path) -> None:
    change = written(tmp_path / "on.json", {"voucher_types": [{"code": "PHYSICAL_STOCK", "is_active": True}]})
    checked = seat.run("config", "validate", "--org", "SHOP", change)
    assert (checked.code, checked.rows[0]["status"]) == (0, "updated")
    done = seat.run("config", "import", "--org", "SHOP", change)
    assert (done.code, done.rows) == (0, [
        {"ok": True, "voucher_type": "PHYSICAL_STOCK", "status": "updated", "version": 2}])
    assert "PHYSICAL_STOCK\tPhysical Stock\tactive\tversion 2" in seat.run("config", "show", "--org", "SHOP").out
    exported = tmp_path / "all.json"
    assert seat.run("config", "export", "--org", "SHOP", "--type", "PHYSICAL_STOCK", exported).code == 0
    assert json.loads(exported.read_text())["voucher_types"][0]["is_active"] is True
    again = seat.run("config", "import", "--org", "SHOP", exported)
    assert [row["status"] for row in again.rows] == ["unchanged"]


def test_a_wrong_document_is_refused_with_paths_and_exit_status_1(seat: Seat, tmp_path: Path) -> None:
    wrong = written(tmp_path / "wrong.json", {"voucher_types": [
        {"code": "JOURNAL", "udfs": [{"key": "n", "label": "N", "field_type": "colour"}]}]})
    for command in ("validate", "import"):
        ended = seat.run("config", command, "--org", "SHOP", wrong)
        assert ended.code == 1
        [row] = ended.rows
        assert (row["ok"], row["kind"], row["code"]) == (False, "invalid", "CFG-001")
        assert row["field"] == "voucher_types[0].udfs[0].field_type"
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert seat.run("config", "import", "--org", "SHOP", broken).code == 1
    assert seat.run("config", "import", "--org", "SHOP").code == 2


def test_a_key_path_is_overridden_shown_and_given_back(seat: Seat, tmp_path: Path) -> None:
    org = ("--org", "SHOP")
    [before] = seat.run("config", "path", "keys", *org, "--type", "SALES_INVOICE").rows
    change = tmp_path / "path.json"
    row = {"type": "SALES_INVOICE", "field": "ref_no", "skip_when_certain": False, "tab_order": 1}
    change.write_text(json.dumps({"key_paths": [row]}))
    done = seat.run("config", "path", "set", *org, change)
    assert done.rows == [{"ok": True, "status": "created", **row, "scope": "site"}]
    shown = seat.run("config", "path", "show", *org, "--type", "SALES_INVOICE")
    assert json.loads(shown.out) == {"key_paths": [{**row, "scope": "site"}]}
    [after] = seat.run("config", "path", "keys", *org, "--type", "SALES_INVOICE").rows
    assert (after["stops"][0]["field"], after["keys"]) == ("ref_no", before["keys"] + 1)
    change.write_text(json.dumps({"key_paths": [{**row, "field": "nobody"}]}))
    refused = seat.run("config", "path", "set", *org, change)
    assert (refused.code, refused.rows[0]["code"]) == (1, "CFG-007")
    gone = seat.run("config", "path", "remove", *org, "--type", "SALES_INVOICE", "--field", "ref_no")
    assert gone.rows[0]["status"] == "removed"
    assert seat.run("config", "path", "keys", *org, "--type", "SALES_INVOICE").rows == [before]


def test_shipped_types_are_listed_beside_their_baseline(seat: Seat, tmp_path: Path) -> None:
    org = ("--org", "SHOP")
    change = written(tmp_path / "on.json", {"voucher_types": [{"code": "JOURNAL", "label": "Entry"}]})
    assert seat.run("config", "import", *org, change).code == 0
    rows = [line.split("\t") for line in seat.run("config", "baseline", *org).out.splitlines()]
    assert ["JOURNAL", "customised", "the same"] in rows
    assert ["SALES_INVOICE", "as shipped", "the same"] in rows
    [row] = seat.run("config", "baseline", *org, "--type", "JOURNAL", "--json").rows
    assert (row["customised"], [one["path"] for one in row["changes"]], row["offers"]) == (True, ["label"], [])
    assert seat.run("config", "baseline", *org, "--type", "JOURNAL").out == ""
    [left] = seat.run("config", "leave", *org, "--type", "JOURNAL").rows
    assert (left["ok"], left["customised"]) == (True, True)
    refused = seat.run("config", "take", *org, "--type", "JOURNAL", "label")
    assert (refused.code, refused.rows[0]["code"]) == (1, "CFG-029")
    assert seat.run("config", "take", *org, "--type", "JOURNAL").rows[0]["status"] == "unchanged"
