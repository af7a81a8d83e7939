"""The question that is asked before something typed would be lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.ui.deciding import Decision
from erpdesk.ui.voucher.submission import Submission
from erpdesk.ui.words import say


def ask_before_leaving(over: QWidget, label: str, discard: Callable[[], object], save: Callable[[], object]) -> None:
    """Ask whether to discard the voucher, to save it as a draft (what Enter does), or to keep typing (Esc)."""
    Decision(over, say("Leave this voucher?"), say("{voucher} isn't saved.", voucher=label),
             ((say("Save as draft"), save), (say("Discard it"), discard)), say("Keep typing"), "leaveQuestion").ask()


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
