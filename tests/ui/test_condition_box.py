"""Whether a condition is turned round is seen at a glance: a box, and a word as legible as those beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.conditions.panel import ConditionPanel
from erpdesk.ui.conditions.vocabulary import charge_vocabulary
from erpdesk.ui.conditions.words import read_condition
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.style.tokens import Scheme
from helpers.contrast import contrast
from helpers.fake_desk import TODAY, schema_of


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whether_a_line_is_turned_round_is_told_by_a_box_and_a_legible_word(
        qtbot: QtBot, qapp: QApplication, session: Session, scheme: Scheme) -> None:
    apply_theme(qapp, scheme)
    over = QWidget()
    QVBoxLayout(over)
    over.resize(1366, 768)
    qtbot.addWidget(over)
    over.show()
    surroundings = Surroundings(session.lookups, LookupPopup(over), TODAY, TODAY)
    built = ConditionPanel("When?", read_condition({"field": "ref_no", "is_empty": True}),
                           charge_vocabulary(schema_of("SALES_INVOICE")), surroundings, over)
    built.begin()
    box = built.findChild(QCheckBox, "conditionNot")
    assert box is not None
    assert (box.isChecked(), box.text()) == (False, "not")
    assert sharpest_contrast(box) > 10, "as legible as the words beside it"
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    box = next(one for one in built.findChildren(QCheckBox, "conditionNot") if one.isVisible())
    assert box.isChecked()
    assert built.sentence.text() == "not (Reference is empty)"
    apply_theme(qapp, "light")


def sharpest_contrast(widget: QWidget) -> float:
    """Of what is painted right of the box, against the ground it is painted on."""
    picture = widget.grab().toImage()
    y = range(3, picture.height() - 3)
    ground = picture.pixelColor(picture.width() - 4, picture.height() // 2).name()
    return max(contrast(picture.pixelColor(x, row).name(), ground)
               for x in range(picture.width() // 2, picture.width() - 3) for row in y)
