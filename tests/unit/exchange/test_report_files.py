"""Reports as files: the same figures in every format, and nothing that a program would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from erpdesk.exchange.report_files import WRITERS, csv_bytes, json_bytes, table_bytes, xlsx_bytes
from erpdesk.reports.report import Report, day, money, quantity, text

COLUMNS = (text("item", "Item"), day("date", "Date"), quantity("quantity", "Quantity"),
           money("value", "Value"))


def report(*items: str, value: str = "5.00") -> Report:
    rows = tuple({"item": item, "date": "2026-04-02", "quantity": "-2.5", "value": value} for item in items)
    return Report("stock-balance", "SHOP", date(2026, 4, 30), COLUMNS, rows, {"value": value})


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\ufeff=1",
             "\uff1d1+1", "=HYPERLINK(\"http://x\")", "|calc", "%0A=1"]


@pytest.mark.parametrize("name", DANGEROUS)
def test_csv_disarms_text_that_would_be_a_formula(name: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(report(name)).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{name}"


@pytest.mark.parametrize("name", ["Rice", "Ånd", "चामल", "a=b", "", "'=1"])
def test_csv_leaves_other_text_and_figures_alone(name: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(report(name)).decode("utf-8-sig"), newline="")))
    assert rows == [["item", "date", "quantity", "value"], [name, "2026-04-02", "-2.5", "5.00"]]


@pytest.mark.parametrize("name", [*DANGEROUS, "http://example.org/", "12", "1e9"])
def test_workbook_holds_text_as_text_and_figures_as_numbers(name: str) -> None:
    written = xlsx_bytes(report(name))
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Item", "Date", "Quantity", "Value"]
    assert isinstance(rows[1][0], str)
    assert rows[1][2:] == [-2.5, 5.0]
    assert rows[2] == ["", "", "", 5.0]


def test_workbook_keeps_figures_that_binary_numbers_would_bend() -> None:
    exact = "12345678901234.56"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(report("Rice", value=exact)))
                                          ).get_sheet_by_index(0).to_python()
    assert rows[1][3] == exact


def test_json_is_one_line_of_text_figures() -> None:
    written = json_bytes(report("Rice\nand more"))
    assert written.count(b"\n") == 1
    assert json.loads(written)["rows"][0]["quantity"] == "-2.5"


def test_table_aligns_wide_signs_and_lets_no_control_code_through() -> None:
    lines = table_bytes(report("Rice", "米", "\x1b[2Jx\n")).decode().splitlines()
    assert "\x1b" not in "".join(lines)
    assert lines[0] == "stock-balance  SHOP  as of 2026-04-30"
    assert lines[4].startswith("米  ")
    assert lines[-1].endswith("5.00")
    assert len(lines) == 8


@pytest.mark.parametrize("writer", WRITERS.values())
def test_an_empty_report_is_still_a_file(writer) -> None:  # type: ignore[no-untyped-def]
    assert writer(report())
