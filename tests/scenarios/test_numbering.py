"""Numbers through the command line: typed by hand, previewed, left out, of a reversal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers.terminal import Seat


def journal(**more: Any) -> dict[str, Any]:
    return {"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "1110", "debit": "5"}, {"account": "3010", "credit": "5"}], **more}


def test_numbers_typed_by_hand_are_held_listed_when_left_out_and_given_to_reversals(seat: Seat,
                                                                                    tmp_path: Path) -> None:
    def imported(*documents: dict[str, Any], post: bool = True) -> list[dict[str, Any]]:
        file = tmp_path / "v.jsonl"
        file.write_text("\n".join(map(json.dumps, documents)))
        wanted = ["--post"] if post else []
        return seat.run("import", "vouchers", file, "--org", "SHOP", "--continue-on-error", *wanted).rows

    preview = seat.run("voucher", "next-number", "JOURNAL", "--org", "SHOP", "--date", "2026-04-02")
    assert (preview.code, preview.rows) == (0, [{"type": "JOURNAL", "series": "MAIN", "label": "", "branch": "HO",
                                                 "next_number": "JV/26-27/000001"}])
    change = tmp_path / "c.json"
    change.write_text(json.dumps({"voucher_types": [{"code": "JOURNAL", "numbering_method": "manual"}]}))
    assert seat.run("config", "import", "--org", "SHOP", change).code == 0
    assert seat.run("voucher", "next-number", "JOURNAL", "--org", "SHOP").rows == []
    draft, *rest = imported(journal(voucher_number="J-01"), post=False) + imported(
        journal(voucher_number="j-01 "), journal(voucher_number="J-04"))
    assert draft["status"] == "DRAFT"
    assert [(row["ok"], row.get("code"), row.get("field")) for row in rest] == [
        (False, "NUM-001", "voucher_number"), (True, None, None)]
    gaps = seat.run("report", "unused-numbers", "--org", "SHOP", "--type", "JOURNAL", "--format", "json")
    assert json.loads(gaps.out)["rows"] == [{
        "type": "JOURNAL", "label": "Journal", "fiscal_year": "2026-27", "first": "J-02", "last": "J-03", "count": "2",
        "after": "J-01", "before": "J-04"}]
    reverse = ("voucher", "reverse", "J-04", "--org", "SHOP", "--date", "2026-04-03", "--reason", "a slip", "--number")
    assert seat.run(*reverse, "J-01").rows[0]["code"] == "NUM-001"
    assert seat.run(*reverse, "J-02").rows[0]["voucher_number"] == "J-02"


def test_a_voucher_is_corrected_by_a_draft_of_its_own(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "v.jsonl"
    file.write_text(json.dumps(journal(idempotency_key="wrong")))
    seat.run("import", "vouchers", file, "--org", "SHOP", "--post")
    asked = ("voucher", "correct", "key:wrong", "--org", "SHOP", "--date", "2026-04-09", "--reason", "a slip")
    made = seat.run(*asked)
    assert (made.code, made.rows[0]["status"], made.rows[0]["reversal"]["reverses"]) == (0, "DRAFT", "JV/26-27/000001")
    again = seat.run(*asked)
    assert (again.code, again.rows[0]["code"]) == (1, "VCH-024")
    posted = seat.run("voucher", "post", made.rows[0]["voucher_id"], "--org", "SHOP")
    assert posted.rows[0]["voucher_number"] == "JV/26-27/000003"
