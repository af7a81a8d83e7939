"""The question that is asked before something typed would be lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from erpdesk.ui.style.questions import question_box
from erpdesk.ui.words import say


def ask_before_leaving(over: QWidget, label: str, discard: Callable[[], object], save: Callable[[], object]) -> None:
    """Ask whether to discard the voucher, to save it as a draft (what Enter does), or to keep typing (Esc)."""
    question = question_box(over, "leaveQuestion", say("Leave this voucher?"),
                            say("{voucher} isn't saved.", voucher=label))
    discarding = question.addButton(say("Discard it"), QMessageBox.ButtonRole.DestructiveRole)
    saving = question.addButton(say("Save as draft"), QMessageBox.ButtonRole.AcceptRole)
    keep = question.addButton(say("Keep typing"), QMessageBox.ButtonRole.RejectRole)
    question.setDefaultButton(saving)
    question.setEscapeButton(keep)
    discarding.clicked.connect(discard)
    saving.clicked.connect(save)
    question.open()
