"""Vouchers as a table: rows come together to documents, the same from CSV and from a workbook."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from erpdesk.exchange.json_lines import ReadVoucher
from erpdesk.exchange.refusals import ImportRefused
from erpdesk.exchange.vouchers import read_vouchers


def read(folder: Path, text: str) -> list[ReadVoucher]:
    path = folder / "vouchers.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_vouchers(path))


def test_rows_with_a_blank_header_are_further_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "type,date,party,line.item,line.quantity,charge.FREIGHT\n"
                           "A,2026-04-01,S001,I1,2,12.00\n"
                           ",,,I2,3,\n"
                           "A,2026-04-02,S002,I1,1,\n")  # fmt: skip
    assert [one.line for one in found] == [2, 4]
    assert found[0].document == {
        "type": "A", "date": "2026-04-01", "party": "S001",
        "charges": [{"code": "FREIGHT", "amount": "12.00"}],
        "lines": [{"item": "I1", "quantity": "2"}, {"item": "I2", "quantity": "3"}],
    }  # fmt: skip
    assert found[1].document["lines"] == [{"item": "I1", "quantity": "1"}]


def test_rows_with_the_same_mark_are_one_voucher_and_the_mark_is_not_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "voucher,type,date,line.account,line.debit,line.credit\n"
                           "1,A,2026-04-01,1110,5,\n1,A,2026-04-01,3010,,5\n2,A,2026-04-01,1110,7,\n")  # fmt: skip
    assert [len(one.document["lines"]) for one in found] == [2, 1]
    assert "voucher" not in found[0].document


def test_same_header_without_a_mark_is_another_voucher(tmp_path: Path) -> None:
    found = read(tmp_path, "type,date,line.item\nA,2026-04-01,I1\nA,2026-04-01,I1\n")
    assert len(found) == 2


def test_a_row_that_contradicts_its_voucher_is_refused(tmp_path: Path) -> None:
    found = read(tmp_path, "idempotency_key,type,date,line.item\nk1,A,2026-04-01,I1\nk1,A,2026-04-02,I2\n")
    assert [one.refusal.code for one in found if one.refusal] == ["IMP-009"]


def test_details_udfs_flags_lists_and_grids_find_their_place(tmp_path: Path) -> None:
    found = read(tmp_path, "type;date;document.vehicle_no;udf.colour;auto_charges;receipts;consume.item;"
                           "produce.item;line.udf.size;line.serials;allocation.amount\n"
                           "A;2026-04-01;BA 1 KHA;red;false;PI/1 PI/2;RAW;FG;L;S1 S2;5\n")  # fmt: skip
    assert found[0].document == {
        "type": "A", "date": "2026-04-01", "document": {"vehicle_no": "BA 1 KHA"}, "udf": {"colour": "red"},
        "auto_charges": False, "receipts": ["PI/1", "PI/2"], "consume": [{"item": "RAW"}],
        "produce": [{"item": "FG"}], "lines": [{"udf": {"size": "L"}, "serials": ["S1", "S2"]}],
        "allocations": [{"amount": "5"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("party,line.item\nS,I\n", "type and date"),
        ("type,date,type\nA,2026-04-01,A\n", "twice"),
        ("type,,date\nA,x,2026-04-01\n", "no name"),
        ('type,date\n"A,2026-04-01\n', "CSV"),
    ],
)
def test_a_table_with_wrong_columns_is_refused_whole(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ImportRefused, match=message):
        read(tmp_path, text)


def test_a_row_with_more_cells_than_columns_is_refused(tmp_path: Path) -> None:
    found = read(tmp_path, "type,date\nA,2026-04-01,surplus\nB,2026-04-01\n")
    assert [one.refusal.code if one.refusal else "" for one in found] == ["IMP-008", ""]


def test_an_unknown_room_of_a_column_is_refused(tmp_path: Path) -> None:
    assert [one.refusal.code for one in read(tmp_path, "type,date,foo.bar\nA,2026-04-01,1\n") if one.refusal] \
        == ["IMP-008"]  # fmt: skip


def test_a_workbook_reads_like_the_same_csv(tmp_path: Path) -> None:
    path = tmp_path / "vouchers.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(("type", "date", "line.item", "line.quantity", "line.rate")):
        sheet.write(0, column, name)
    sheet.write(1, 0, "A")
    sheet.write_datetime(1, 1, datetime.datetime(2026, 4, 1), day)  # noqa: DTZ001
    sheet.write(1, 2, "0101")
    sheet.write(1, 3, 10)
    sheet.write(1, 4, 0.1 + 0.2)
    sheet.write(3, 2, "0102")
    sheet.write(3, 3, 1234567.25)
    book.close()
    found = list(read_vouchers(path))
    assert [one.line for one in found] == [2]
    assert found[0].document == {
        "type": "A", "date": "2026-04-01",
        "lines": [{"item": "0101", "quantity": "10", "rate": "0.3"}, {"item": "0102", "quantity": "1234567.25"}],
    }  # fmt: skip
