"""What is on the screen as a file of its own: the clerk names it, a worker writes it, a word says where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.configured_words import coded
from erpdesk.ui.requests import Requests
from erpdesk.ui.words import say, to_say

FORMATS = {"xlsx": to_say("Workbook"), "csv": to_say("Comma-separated values")}
_DEFAULT = "xlsx"


def export(over: QWidget, lane: Requests, name: str, write: Callable[[str], bytes],
           said: Callable[[str], None], formats: Mapping[str, str] = FORMATS) -> QFileDialog:
    """Ask for a file and write it there; `write` makes the content in a format, on a worker."""
    asked = QFileDialog(over, say("Export {name}", name=name))
    asked.setObjectName("exportFile")
    asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asked.setFileMode(QFileDialog.FileMode.AnyFile)
    asked.setNameFilters([f"{say(label)} (*.{kind})" for kind, label in formats.items()])
    asked.setDefaultSuffix(_DEFAULT)
    asked.filterSelected.connect(lambda chosen: asked.setDefaultSuffix(
        next(kind for kind in formats if f"*.{kind}" in chosen)))
    asked.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    asked.selectFile("".join(sign if sign.isalnum() else "-" for sign in name))
    asked.fileSelected.connect(lambda path: _write(over, lane, Path(path), write, said, formats))
    asked.open()
    return asked


def _write(over: QWidget, lane: Requests, path: Path, write: Callable[[str], bytes],
           said: Callable[[str], None], formats: Mapping[str, str]) -> None:
    kind = path.suffix.lstrip(".").lower()
    if kind not in formats:
        said(say("A file ends with {endings}", endings=", ".join(f".{one}" for one in formats)))
        return

    def work() -> str:
        try:
            path.write_bytes(write(kind))
        except OSError as error:
            return say("{path} can't be written: {reason}", path=path, reason=error.strerror or error)
        return say("Written to {path}", path=path)

    def failed(refusal: Refused) -> None:
        said(coded(refusal.first))

    lane.submit(over, work, said, failed)
