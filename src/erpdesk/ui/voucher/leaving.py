"""The question that is asked before something typed would be lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from erpdesk.ui.style.questions import question_box
from erpdesk.ui.voucher.submission import Submission
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


class SavedThenLeft(QObject):
    """Goes once the draft is saved; one that isn't stays, its faults marked."""

    def __init__(self, submission: Submission, leave: Callable[[], object]) -> None:
        super().__init__(submission)
        self._leave = leave
        submission.saved.connect(self._saved)
        submission.unsaved.connect(self._unsaved)

    def _saved(self, _result: object, _draft: object) -> None:
        self.deleteLater()
        self._leave()

    def _unsaved(self, _refusal: object, _draft: object) -> None:
        self.deleteLater()


def save_and_leave(submission: Submission, save: Callable[[], object], leave: Callable[[], object]) -> None:
    """Save, unless there is a reason not to, and leave when that is done."""
    save()
    if submission.is_saving:
        SavedThenLeft(submission, leave)
