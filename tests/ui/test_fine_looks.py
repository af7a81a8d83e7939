"""What only a look at the pictures showed: headings over what they head, points of figures in one line, nothing cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPalette, QRegion, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.master_forms import ACTIVE, master_forms
from erpdesk.domain.results import Step
from erpdesk.reports.report import Report, count, money, quantity, text
from erpdesk.services.master_pages import MasterRow
from erpdesk.ui.calendars import GREGORIAN, bikram_sambat
from erpdesk.ui.date_room import date_field_width
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.keys.profile import printed
from erpdesk.ui.lookups.popup import in_sight
from erpdesk.ui.masters.table import MasterTable
from erpdesk.ui.metrics.view import _figure
from erpdesk.ui.reports.listing import dress_rows
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.session import Session
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.heading import Heading, dress_title
from erpdesk.ui.style.theme import apply_theme, figures_font, theme
from erpdesk.ui.style.tokens import Scheme
from erpdesk.ui.voucher.stepper import ProcessStepper
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.destinations import Destination
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.pick_list import Places
from erpdesk.ui.words import say, use_language
from helpers.clerk import typed


def test_every_column_of_the_gateway_begins_with_a_heading(qapp: QApplication) -> None:
    places, rows = Places(), 7
    places.show_places([Destination("type", str(number), f"Place {number}", group) for group in ("First", "Second")
                        for number in range(11)], headings=True, column_rows=rows)
    tops = places.rows[::rows]
    assert tops == ["First", "First", "Second", "Second"], places.rows
    lasts = [place for place in places.rows[rows - 1::rows] if place]
    assert all(isinstance(place, Destination) for place in lasts), "no heading stands last"


def test_points_of_a_column_of_a_report_stand_below_each_other(qapp: QApplication) -> None:
    columns = (text("item", "Item"), money("unit_cost", "Unit cost"), quantity("left", "Left"))
    table = ReportTable("western", {})
    rows = tuple({"item": "A", "unit_cost": cost, "left": left} for cost, left in (
        ("1167.48356", "1200"), ("1200.89", "1.250"), ("78.652628", "0.5")))
    table.show_report(Report("stock-balance", "ACME", date(2026, 11, 20), columns, rows, {}))
    shown = [str(table.index(row, 1).data()) for row in range(3)]
    assert shown == ["1,167.483560", "1,200.890000", "78.652628"]
    left = [table.index(row, 2).data() for row in range(3)]
    assert left == ["1,200\u2008\u2007\u2007", "1.25", "0.5\u2007"], "pieces aren't shown with decimals they haven't"
    font = QFontMetrics(figures_font(theme().text("base_points")))
    assert font.horizontalAdvance("\u2007") == font.horizontalAdvance("0")
    assert font.horizontalAdvance("\u2008") == font.horizontalAdvance(".")


def test_a_bill_of_today_is_no_days_old(qapp: QApplication) -> None:
    table = ReportTable("western", {})
    table.show_report(Report("outstanding", "ACME", date(2026, 11, 22), (text("party", "Party"), count("age", "Age")),
                             ({"party": "C001", "age": "0"}, {"party": "C002", "age": "1200"}), {}))
    assert [table.index(row, 1).data() for row in range(2)] == ["0", "1,200"]


@pytest.mark.parametrize("name", ["userRows", "rightsRows", "reportRows"])
def test_cells_of_every_listing_begin_under_their_heading(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, "light")
    rows, model = QTableView(), QStandardItemModel(1, 1)
    qtbot.addWidget(rows)
    model.setItem(0, QStandardItem("Text"))
    rows.setModel(model)
    dress_rows(rows, name)
    rows.show()
    option = QStyleOptionViewItem()
    rows.initViewItemOption(option)
    option.text, option.rect = "Text", rows.visualRect(model.index(0, 0))
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
    text = rows.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, rows)
    begins = text.left() - option.rect.left() + rows.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
    assert abs(begins - theme().space("small")) <= 1


def test_a_period_is_called_by_the_month_or_months_that_it_is() -> None:
    assert GREGORIAN.months_from(date(2026, 7, 1), date(2026, 7, 31)) == "Jul"
    assert GREGORIAN.months_from(date(2026, 10, 17), date(2026, 11, 16)) == "Oct–Nov"
    assert bikram_sambat().months_from(date(2026, 7, 17), date(2026, 8, 16)) == "Shrawan"
    assert bikram_sambat().months_from(date(1800, 1, 1), date(1800, 1, 31)) == ""


def test_no_step_falls_over_the_edge_of_a_narrow_form(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    stepper = ProcessStepper()
    qtbot.addWidget(stepper)
    stepper.fail(Step.INVENTORY, "INV-001")
    metrics = QFontMetrics(figures_font(theme().text("small_points")))
    each = theme().size("step_mark") + 2 * theme().space("tiny")
    for width in (600, 420, 360, 300, 240, 180, 160):
        stepper.resize(width, stepper.sizeHint().height())
        between, texts = stepper.fitted(metrics)
        taken = sum(metrics.horizontalAdvance(text) + each for text in texts) + 4 * between
        assert taken - theme().space("tiny") < width, (width, texts)
        assert len(texts) == len(Step)
        assert texts[3].startswith("Inv"), "where it failed is named, however little room there is"
        assert not any(text in ("…", "S…", "C…") for text in texts)
    stepper.resize(600, stepper.height())
    assert stepper.fitted(metrics)[1] == stepper.texts(), "nothing is shortened where there is room"


def test_every_step_has_its_mark_at_the_least_width_of_a_narration(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    stepper = ProcessStepper()
    qtbot.addWidget(stepper)
    stepper.resize(theme().size("narration_least"), stepper.sizeHint().height())
    picture = stepper.grab().toImage()
    ground = picture.pixelColor(0, 0)
    drawn = [any(picture.pixelColor(x, y) != ground for y in range(picture.height())) for x in range(picture.width())]
    marks = sum(not before and here for before, here in zip([False, *drawn], drawn, strict=False))
    assert (marks, drawn[-1]) == (len(Step), False), "none touches the next, none the edge"


def test_a_text_in_a_single_line_has_no_scroll_bar(
        qtbot: QtBot, open_voucher: Callable[[str], VoucherWindow], session: Session) -> None:
    voucher = open_voucher("JOURNAL")
    area = TextAreaEditor(Field("address", "Address", FieldType.TEXTAREA), voucher.surroundings)
    qtbot.addWidget(area)
    area.resize(300, theme().size("field"))
    area.show()
    assert not area.verticalScrollBar().isVisible()
    area.resize(300, theme().size("field") * 3)
    area.setPlainText("line\n" * 9)
    assert area.verticalScrollBar().isVisible()


def test_the_state_of_a_master_is_not_headed_active_and_no_decimals_are_a_figure(
        open_voucher: Callable[[str], VoucherWindow]) -> None:
    table = MasterTable(master_forms()["uom"], open_voucher("JOURNAL").surroundings)
    keys = [key for key, _heading in table.columns]
    assert table.columns[keys.index(ACTIVE)][1] == "State"
    values: dict[str, Any] = {"code": "PCS", "name": "Pieces", "decimals": 0, ACTIVE: True}
    table.show_tree([MasterRow("PCS", "", True, values, ())], [])
    assert table.index(0, keys.index("decimals")).data() == "0"


def test_targets_are_in_the_unit_of_what_is_measured() -> None:
    row = _figure("mean_post_time", {"value": "3.617", "unit": "ms", "target": "500", "alarm": "2000", "state": "good"})
    assert row.texts[1:4] == ("3.6 ms", "500.0 ms", "2,000.0 ms")
    assert _figure("success_rate", {}).texts[1] == say("nothing measured")


def test_lists_to_go_from_open_with_their_first_heading_and_print_keys_as_keyboards_do(
        qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<Alt+G>")
    places = main_window.go_to
    assert isinstance(places.model.rows[0], str)
    qtbot.waitUntil(lambda: places.list.visualRect(places.model.index(1, 0)).isValid())
    assert places.list.visualRect(places.model.index(0, 0)).top() >= 0
    typed("<Up>", "<Down>", "<Up>")
    assert places.list.visualRect(places.model.index(0, 0)).top() >= 0
    room = QFontMetrics(places.field.font()).horizontalAdvance(places.field.placeholderText())
    assert room < places.field.width(), "what to type is read to its end"
    assert printed("Ctrl+Return") == "Ctrl+Enter"


def test_a_page_lower_than_the_card_over_it_becomes_as_high_as_long_as_the_card_is_there(
        qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 200)
    page.show()
    shade = Shade(page)
    card, fields = shade.card(), [QLabel(str(number)) for number in range(12)]
    for field in fields:
        field.setFixedHeight(theme().size("field"))
        card.addWidget(field)
    shade.show()
    qtbot.waitUntil(lambda: page.minimumHeight() > 12 * theme().size("field"))
    page.resize(900, page.minimumHeight())
    QApplication.processEvents()
    places = [field.geometry() for field in fields]
    assert all(one.bottom() < other.top() for one, other in pairwise(places)), "no field lies over another"
    shade.hide()
    assert page.minimumHeight() == 0


def test_what_is_in_sight_of_a_page_is_what_its_room_shows(qtbot: QtBot, qapp: QApplication) -> None:
    room, page, part = QScrollArea(), QWidget(), QWidget()
    qtbot.addWidget(room)
    part.setParent(page)
    page.resize(300, 900)
    part.setGeometry(0, 100, 300, 800)
    room.setWidget(page)
    room.resize(400, 250)
    room.show()
    assert in_sight(page).height() == room.viewport().height()
    room.verticalScrollBar().setValue(150)
    assert (in_sight(page).top(), in_sight(part).top()) == (150, 50)
    assert in_sight(part).height() == room.viewport().height()


@pytest.mark.parametrize("language", ["en", "hi", "ne"])
def test_the_longest_day_of_a_language_fits_into_a_date_field(qapp: QApplication, language: str) -> None:
    apply_theme(qapp, "light")
    metrics = QFontMetrics(figures_font(theme().text("base_points")))
    try:
        use_language(language)
        width = date_field_width(14, metrics)
        days = [GREGORIAN.shown(date(2026, month, day)) for month in range(1, 13) for day in range(20, 27)]
        inset = 2 * (theme().space("tiny") + theme().space("hair") + theme().space("ring"))
        assert max(map(metrics.horizontalAdvance, days)) + inset <= width
        assert width >= 14 * theme().size("character") + theme().size("column_padding")
    finally:
        use_language("en")


def test_the_first_letter_of_a_heading_is_whole(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    heading = Heading("Journal")
    dress_title(heading)
    qtbot.addWidget(heading)
    out = -QFontMetrics(heading.font()).leftBearing("J")
    assert out > 0, "the letter reaches out of its place in this font"
    assert heading.contentsRect().left() == out
    heading.setText("Sales Invoice")
    assert heading.contentsRect().left() == 0, "headings begin where the page does"


def test_the_number_stands_on_the_line_that_the_title_is_written_on(
        open_voucher: Callable[[str], VoucherWindow]) -> None:
    sheet = open_voucher("JOURNAL").sheet
    assert isinstance(sheet.title, Heading)

    def line(label: QLabel) -> int:
        metrics, room = QFontMetrics(label.font()), label.contentsRect()
        top = label.mapTo(sheet, room.topLeft()).y() + (room.height() - metrics.height()) // 2
        return top + metrics.ascent()

    assert abs(line(sheet.title) - line(sheet.number)) <= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_hint_in_an_empty_field_can_be_read(qtbot: QtBot, qapp: QApplication, scheme: Scheme) -> None:
    apply_theme(qapp, scheme)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    hint = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert hint.name() == theme().colour("text_muted")
    assert hint.alpha() == 255
    apply_theme(qapp, "light")


def test_what_lies_below_the_rows_and_their_numbers_is_painted(open_voucher: Callable[[str], VoucherWindow]) -> None:
    """Both are said to paint all of themselves: what they left out would be whatever stood there before."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "ric", "<Enter>", "2", "<Enter>")
    for grid in window.sheet.grids.values():
        for part in (grid.viewport(), grid.verticalHeader().viewport()):
            if not part.isVisible():
                continue
            picture = QImage(part.size(), QImage.Format.Format_RGB32)
            picture.fill(QColor("#ff00ff"))
            part.render(picture, QPoint(0, 0), QRegion(), QWidget.RenderFlag(0))
            shades = {picture.pixelColor(x, picture.height() - 3).name() for x in range(0, picture.width(), 5)}
            assert shades == {grid.palette().base().color().name()}, (grid.objectName(), shades)
