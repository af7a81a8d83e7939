"""What pictures show: every kind of grid, level scripts, rows that aren't cut, colours that mean something."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.vocabulary import GridKind
from erpdesk.domain.results import Fault
from erpdesk.settings import RESOURCES
from erpdesk.ui.render import _Painter
from erpdesk.ui.scenes import TYPE, scenes
from erpdesk.ui.session import Session
from erpdesk.ui.small_pictures import with_few_colours
from erpdesk.ui.style.scripts import DEVANAGARI
from erpdesk.ui.style.theme import apply_theme, figures_font, theme
from erpdesk.ui.voucher.posting_preview import PostingPreview
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import use_language
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks, schema_of

Open = Callable[[str], VoucherWindow]


def test_every_kind_of_grid_has_a_scene_of_its_name() -> None:
    shown = {scene.name: schema_of(scene.opened).grid_kind for scene in scenes() if scene.kind == TYPE}
    for kind in GridKind:
        assert shown.get(f"voucher-{kind.value}") is kind


def test_scenes_have_names_of_their_own_and_say_what_they_show() -> None:
    names = [scene.name for scene in scenes()]
    assert len(set(names)) == len(names)
    assert all(scene.caption for scene in scenes())


def test_a_rare_colour_survives_among_many_shades() -> None:
    picture = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    for shade in range(300):
        painter.fillRect(shade, 0, 1, 300, QColor(shade * 255 // 300, shade * 255 // 300, 200 + shade % 50))
    painter.fillRect(10, 10, 2, 2, QColor("#3fbf77"))
    painter.end()
    assert QColor(with_few_colours(picture).pixel(10, 10)) == QColor("#3fbf77")
    assert with_few_colours(picture).colorCount() == 256


def test_devanagari_stands_on_the_line_of_latin_letters(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    font = figures_font(theme().text("base_points"))
    assert DEVANAGARI in font.families()
    assert abs(ascent("खाता", font) - ascent("Account", font)) <= 0.5


def ascent(text: str, font: QFont) -> float:
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.ascent()


def test_rows_of_the_details_are_never_cut(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "<Alt+D>")
    area = window.findChild(QScrollArea, "headerDetails")
    assert area is not None
    editors = [one for one in window.sheet.header.editors.values() if area.isAncestorOf(one) and not one.isHidden()]
    values = []
    for editor in [*editors, *reversed(editors)]:
        window.sheet.header.enter(editor.objectName().removeprefix("field_"))
        QApplication.processEvents()
        values.append(area.verticalScrollBar().value())
        sight = QRect(QPoint(), area.viewport().size())
        for one in editors:
            place = QRect(one.mapTo(area.viewport(), QPoint()), one.size())
            assert sight.contains(place) or not sight.intersects(place), (one.objectName(), place, sight)
        assert sight.contains(QRect(editor.mapTo(area.viewport(), QPoint()), editor.size()))
    assert len(set(values)) > 1, "there is more than fits"


def test_a_batch_in_two_warehouses_is_one_figure_beneath_the_line(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.live_context.batches = (("MAIN", "L1", 60), ("BR", "L1", 15), ("MAIN", "L2", 4))
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>")
    qtbot.waitUntil(lambda: "L2" in window.sheet.line_context.text())
    assert window.sheet.line_context.text() == "Basmati rice 25 kg:  stock MAIN 96 · L1 75  L2 4"


def test_keys_of_scenes_are_chords_that_there_are() -> None:
    content = json.loads((RESOURCES / "keys" / "tally.json").read_text(encoding="utf-8"))
    known = json.dumps(content)
    chords = {key[1:-1] for scene in scenes() for key in scene.keys if key.startswith("<")} - {"Enter"}
    assert not [chord for chord in chords if f'"{chord}"' not in known]


def test_what_stands_in_the_way_of_a_post_is_said_in_the_language_in_use(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    use_language("ne")
    try:
        preview = PostingPreview("western", host)
        said = "Insufficient stock of 0101 in MAIN: 9000 needed, 179 available"
        preview.show_plan(SimpleNamespace(faults=(Fault("INV-001", said),), journal=(), stock=()))
        assert any(text.startswith("INV-001  MAIN मा 0101 अपुग: 9,000") for text in preview.texts()), preview.texts()
    finally:
        use_language("en")


def test_a_picture_waits_for_what_an_answer_asks_in_turn(qapp: QApplication, main_window: MainWindow,
                                                        tmp_path: Path) -> None:
    painter, quiet = _Painter(qapp, main_window, tmp_path), iter((True, False, False, True, True, True))
    assert painter.wait(lambda: next(quiet)), "quiet for a moment is not settled"
