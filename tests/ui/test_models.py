"""Every item model keeps Qt's rules through whatever is done to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from erpdesk.ui.lookups.popup import LookupRows
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.destinations import report_destinations
from erpdesk.ui.window.pick_list import Places
from helpers.fake_desk import ALL_TYPES, MASTERS, FakeReports

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_line_models_keep_the_rules(open_voucher: Callable[[str], VoucherWindow], type_code: str) -> None:
    window = open_voucher(type_code)
    for model in window.sheet.models.values():
        tester = QAbstractItemModelTester(model, FATAL)
        first = next(field for field in model.columns if field.lookup is not None)
        if model.grows:
            model.put(0, first.key, "X1")
            model.put(1, first.key, "X2")
            model.insert_line(1)
            model.remove_line(1)
            model.remove_line(0)
        model.replace_lines([])
        assert model.rowCount() == len(model.lines)
        del tester


@pytest.mark.parametrize("type_code", ALL_TYPES)
def test_columns_carry_their_field_keys(open_voucher: Callable[[str], VoucherWindow], type_code: str) -> None:
    window = open_voucher(type_code)
    for grid in window.schema.grids:
        model = window.sheet.grids[grid.object_name].model()
        keys = [model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.UserRole)
                for column in range(model.columnCount())]
        assert keys == [field.key for field in grid.columns]


def _tested(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, FATAL)


def test_list_and_report_models_keep_the_rules() -> None:
    lookup, places, report = LookupRows(), Places(), ReportTable("western", {})
    testers = [_tested(model) for model in (lookup, places, report)]
    lookup.show_rows(MASTERS["item"])
    lookup.show_rows(())
    places.show_places(report_destinations(("report.view", "audit.view")), headings=True)
    places.show_places([], headings=False)
    fake = FakeReports()
    from threading import Thread

    asked = Thread(target=lambda: fake.answers.append(fake.run("any")))  # type: ignore[attr-defined]
    fake.answers = []  # type: ignore[attr-defined]
    asked.start()
    asked.join()
    report.show_report(fake.answers[0])  # type: ignore[attr-defined]
    assert report.rowCount() == 2
    assert report.data(report.index(1, 0)) == "Total"
    assert report.data(report.index(0, 2)) == "1,234,567.50"
    assert len(testers) == 3
