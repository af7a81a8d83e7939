"""Masters to and from files: what would become of each is shown before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.domain.results import Refused
from erpdesk.services.master_pages import MasterQuestion
from erpdesk.ui.configured_words import coded
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.master_ports import MasterOutcome
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.exporting import export
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.words import say, to_say

STATUSES = {"refused": to_say("Refused"), "created": to_say("New"), "updated": to_say("Changed"),
            "unchanged": to_say("Unchanged")}
_INKS = {"refused": "error", "created": "good", "updated": "accent", "unchanged": "text_faint"}
_WIDTHS = {"line": 6, "status": 14, "code": 20}
_ROLE = Qt.ItemDataRole
FORMATS = {"json": to_say("Masters document"), "csv": to_say("Comma-separated values"), "xlsx": to_say("Workbook")}


class OutcomeTable(FixedColumns):
    """What becomes of each master of a file; refused ones first."""

    columns = (("line", to_say("Line")), ("status", to_say("What becomes of it")), ("code", to_say("Code")),
               ("why", to_say("Why")))
    figures = frozenset(("line",))

    def __init__(self, results: Sequence[MasterOutcome], parent: QObject | None = None) -> None:
        super().__init__(parent)
        order = list(STATUSES)
        self.results = sorted(results, key=lambda one: (order.index(one.status), one.line))

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.results)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, key = self.results[index.row()], self.columns[index.column()][0]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole, _ROLE.ToolTipRole):
            return {"line": str(one.line), "status": say(STATUSES[one.status]), "code": one.key,
                    "why": "   ".join(coded(fault) for fault in one.faults)}[key]
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        return colour(_INKS[one.status]) if role == _ROLE.ForegroundRole and key == "status" else None


class MasterFiles(QObject):
    """Writes masters to a file; asks for one, shows what would become of its masters, brings them in when told to."""

    changed = Signal()
    closed = Signal()
    said = Signal(str)

    def __init__(self, kind: str, session: Session, books: Books, over: QWidget) -> None:
        super().__init__(over)
        self._kind, self._session, self._books, self._over = kind, session, books, over
        self.panel: PreviewPanel | None = None

    def choose(self) -> QFileDialog:
        """Ask for the file."""
        asked = QFileDialog(self._over, say("Bring in masters"))
        asked.setObjectName("importFile")
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        asked.setNameFilters([f"{say('Masters')} ({' '.join(f'*.{kind}' for kind in FORMATS)})"])
        asked.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        asked.fileSelected.connect(lambda path: self.look_at(Path(path)))
        asked.open()
        return asked

    def write(self, question: MasterQuestion) -> QFileDialog:
        """What is asked for as a file; a kind that vouchers make is no part of a masters document."""
        files, form = self._books.master_files, master_forms()[self._kind]
        formats = {kind: label for kind, label in FORMATS.items() if kind != "json" or not form.is_kept}
        return export(self._over, self._session.background, say(form.heading),
                      lambda kind: files.written(question, kind), self.said.emit, formats)

    def look_at(self, path: Path) -> None:
        """What would become of the masters of a file."""
        files, kind = self._books.master_files, self._kind
        self._session.background.submit(self, lambda: files.preview(kind, path),
                                        lambda results: self._show(path, results), self._failed)

    def _show(self, path: Path, results: Sequence[MasterOutcome]) -> None:
        panel = self.panel = PreviewPanel(path.name, results, self._over)
        panel.wanted.connect(lambda: self._bring_in(path))
        panel.left.connect(self._leave)
        panel.begin()

    def _bring_in(self, path: Path) -> None:
        files, kind = self._books.master_files, self._kind
        self._session.background.submit(self, lambda: files.bring_in(kind, path), self._done, self._failed)

    def _done(self, results: Sequence[MasterOutcome]) -> None:
        counts = counted(results)
        self.said.emit(say("{created} new, {updated} changed, {refused} refused", created=counts["created"],
                           updated=counts["updated"], refused=counts["refused"]))
        self._session.freshness.read_again(self._kind)
        self._leave()
        self.changed.emit()

    def _leave(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()
        self.closed.emit()

    def come_back(self) -> bool:
        """Put the cursor back into the preview; False when there is none."""
        if self.panel is not None:
            self.panel.begin()
        return self.panel is not None

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))
        self._leave()


class PreviewPanel(Shade):
    """`wanted` tells that the masters are to be brought in, `left` that nothing is to be written."""

    key_context = "question"
    wanted = Signal()
    left = Signal()

    def __init__(self, name: str, results: Sequence[MasterOutcome], over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("importPreview")
        counts = counted(results)
        coming = counts["created"] + counts["updated"]
        self.model, self.rows = OutcomeTable(results, self), ReportRows(self)
        dress_rows(self.rows, "reportRows")
        self.rows.setModel(self.model)
        self.rows.setAccessibleName(say("What becomes of it"))
        unit = theme().size("character")
        for number, (key, _) in enumerate(OutcomeTable.columns):
            self.rows.setColumnWidth(number, _WIDTHS.get(key, 0) * unit + theme().size("column_padding"))
        self.rows.horizontalHeader().setStretchLastSection(True)
        self.word = QLabel(say(
            "{created} new, {updated} changed, {unchanged} unchanged, {refused} refused. Nothing is written yet.",
            **counts), self)
        self.do_button, self.keep_button = QPushButton(self), QPushButton(self)
        print_key(self.do_button, say("Bring in {count}", count=coming), self.key_context, "decide")
        print_key(self.keep_button, say("Write nothing"), self.key_context, "keep")
        self.do_button.setObjectName("importDo")
        self.do_button.setProperty("role", "primary")
        self.do_button.setEnabled(coming > 0)
        self.do_button.clicked.connect(self._want)
        self.keep_button.clicked.connect(self.left)
        listing = Listing(self.rows, self)
        listing.setFixedHeight(2 * theme().size("part_rows") * theme().size("row"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.word, 1)
        for button in (self.keep_button, self.do_button):
            button.setFixedHeight(theme().size("banner_height"))
            button.setAutoDefault(False)
            buttons.addWidget(button)
        inside = self.card()
        inside.addWidget(dress_title(plain(QLabel(name, self))))
        inside.addWidget(listing)
        inside.addLayout(buttons)

    def begin(self) -> None:
        """Show it, the cursor on what is to be done."""
        self.show()
        self.raise_()
        (self.do_button if self.do_button.isEnabled() else self.keep_button).setFocus(Qt.FocusReason.TabFocusReason)

    def _want(self) -> None:
        self.do_button.setEnabled(False)
        self.wanted.emit()

    def perform(self, action: str) -> bool:
        """Bring them in, or write nothing."""
        if action == "keep":
            self.left.emit()
        elif action == "decide":
            self.do_button.click()
        return action in ("decide", "keep")

    def perform_chord(self, chord: str) -> bool:
        """Esc writes nothing, whatever else does."""
        if chord == "Esc":
            self.left.emit()
        return chord == "Esc"

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.do_button if self.do_button.hasFocus() else self.keep_button).click()
            event.accept()
        else:
            super().keyPressEvent(event)


def counted(results: Sequence[MasterOutcome]) -> dict[str, int]:
    """How many of each status."""
    return {status: sum(one.status == status for one in results) for status in STATUSES}
