"""Masters as files: written, looked at, brought in again without a change; nothing in a cell is a formula."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.results import ErpdeskError
from erpdesk.services.master_pages import MasterQuestion
from helpers.trading import Trade

TYPED = sorted(kind for kind, form in master_forms().items() if not form.is_kept)


@pytest.fixture
def full(shop: Trade) -> Trade:
    results = shop.books.masters.import_masters({
        "bins": [{"warehouse": "MAIN", "code": "A1"}, {"warehouse": "MAIN", "code": "A2", "is_active": False}],
        "batches": [{"item": "PILL", "batch": "L1", "expires": "2027-01-31"}],
        "item_groups": [{"code": "G1", "name": "Goods", "sales_account": "4010"}],
        "currencies": [{"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "133.5"}]}],
        "parties": [{"code": "D1", "kind": "customer", "name": "=cmd|' /C calc'!A1", "alias": "-5"}],
        "price_lists": [{"code": "OWN", "rates": [{"item": "OIL", "uom": "KG", "rate": "9.25", "minimum_quantity": "10",
                                                   "valid_from": "2026-05-01"}]}]})
    assert all(result.ok for result in results), [result.as_json() for result in results if not result.ok]
    return shop


@pytest.mark.parametrize("file_format", ["json", "csv", "xlsx"])
@pytest.mark.parametrize("kind", TYPED)
def test_what_was_written_comes_in_again_unchanged(full: Trade, tmp_path: Path, kind: str, file_format: str) -> None:
    files = full.books.master_files
    path = tmp_path / f"masters.{file_format}"
    path.write_bytes(files.written(MasterQuestion(kind), file_format))
    before = full.fingerprint()
    results = files.preview(kind, path)
    assert [result.as_json() for result in results if not result.ok] == []
    assert {result.status for result in results} <= {"unchanged"}
    assert full.changed_since(before) == set()
    assert {result.status for result in files.bring_in(kind, path)} <= {"unchanged"}


def test_everything_is_one_document(full: Trade, tmp_path: Path) -> None:
    document = json.loads(full.books.master_files.document())
    assert {"items", "parties", "accounts", "bins", "currencies", "branches"} <= document.keys()
    results = full.books.masters.import_masters(document, rehearse=True)
    assert {result.status for result in results} == {"unchanged"}, [
        result.as_json() for result in results if result.status != "unchanged"][:5]


def test_a_preview_says_what_would_become_of_each_and_writes_nothing(shop: Trade, tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("code,name,uom,alternate_units.uom,alternate_units.factor\n"
                    "TEA,Black tea,PCS,BOX,12\nNEW,New one,KG,PCS,4\nNEW,,,BOX,48\nBAD,,NONE,,\n", encoding="utf-8")
    before = shop.fingerprint()
    found = [(one.key, one.status) for one in shop.books.master_files.preview("item", path)]
    assert found == [("TEA", "updated"), ("NEW", "created"), ("BAD", "refused")]
    assert shop.changed_since(before) == set()
    shop.books.master_files.bring_in("item", path)
    opened = shop.books.master_forms.open("item", "NEW").values
    assert opened is not None
    assert opened["alternate_units"] == [{"uom": "PCS", "factor": "4"}, {"uom": "BOX", "factor": "48"}]


def test_no_cell_is_a_formula(full: Trade) -> None:
    text = full.books.master_files.written(MasterQuestion("party"), "csv").decode("utf-8-sig")
    assert "'=cmd|" in text
    assert ",=cmd" not in text
    assert "'-5" in text


@pytest.mark.parametrize("content", ["code,colour\nX,red\n", "name\nX\n", "code,name\nX,Y,Z\n"])
def test_a_table_with_wrong_columns_is_refused(shop: Trade, tmp_path: Path, content: str) -> None:
    path = tmp_path / "parties.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ErpdeskError) as caught:
        shop.books.master_files.preview("party", path)
    assert caught.value.code == "IMP-008"


def test_another_format_is_refused(shop: Trade) -> None:
    with pytest.raises(ErpdeskError) as caught:
        shop.books.master_files.written(MasterQuestion("party"), "pdf")
    assert caught.value.code == "IMP-006"


def test_filters_say_what_is_written(full: Trade) -> None:
    found: dict[str, Any] = json.loads(full.books.master_files.written(
        MasterQuestion("party", values={"kind": "supplier"}), "json"))
    assert [one["code"] for one in found["parties"]] == ["S001", "S002"]


def test_every_row_of_a_table_may_repeat_what_the_first_one_says(shop: Trade, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("code,name,currency,rates.item,rates.uom,rates.rate\n"
                    "BULK,Bulk prices,NPR,TEA,PCS,5\n"
                    "BULK,Bulk prices,NPR,PILL,PCS,6\n"
                    "OTHER,Other prices,NPR,TEA,PCS,7\n", encoding="utf-8")
    results = shop.books.master_files.bring_in("price_list", path)
    assert [(one.key, one.status) for one in results] == [("BULK", "created"), ("OTHER", "created")], results
    opened = shop.books.master_forms.open("price_list", "BULK").values
    assert opened is not None
    assert [(rate["item"], rate["rate"]) for rate in opened["rates"]] == [("PILL", "6"), ("TEA", "5")]
