"""Voucher types as files: what stands in the page written as JSON, and a file's type taken into the page, unsaved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from erpdesk.domain.results import Fault, InvalidRequest, Refused
from erpdesk.ui.configured_words import coded
from erpdesk.ui.requests import Requests
from erpdesk.ui.words import say

ROOT = "voucher_types"
_MOST_BYTES = 10_000_000
Said = Callable[[str], None]


def export_type(over: QWidget, lane: Requests, document: Mapping[str, Any], said: Said) -> QFileDialog:
    """Ask for a file and write the document there."""
    asked = _asked(over, say("Export {name}", name=document.get("code") or ""), QFileDialog.AcceptMode.AcceptSave)
    asked.selectFile(f"{str(document.get('code') or 'type').lower()}.json")
    asked.fileSelected.connect(lambda path: _write(over, lane, Path(path), document, said))
    asked.open()
    return asked


def import_type(over: QWidget, lane: Requests, taken: Callable[[Mapping[str, Any]], None],
                said: Said) -> QFileDialog:
    """Ask for a file and hand over the one type that it has."""
    asked = _asked(over, say("Import a voucher type"), QFileDialog.AcceptMode.AcceptOpen)
    asked.setFileMode(QFileDialog.FileMode.ExistingFile)
    asked.fileSelected.connect(lambda path: lane.submit(
        over, lambda: read_type(Path(path)), taken, lambda refusal: _tell(refusal, said)))
    asked.open()
    return asked


def read_type(path: Path) -> Mapping[str, Any]:
    """The one voucher type of a file, as `config export` or this page writes it. Blocks; raises InvalidRequest."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(say("it is too big"))
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _refusal(say("{path} can't be read: {reason}", path=path.name, reason=error)) from None
    types = content.get(ROOT) if isinstance(content, dict) and ROOT in content else [content]
    if not isinstance(types, list) or len(types) != 1 or not isinstance(types[0], dict) or not types[0].get("code"):
        raise _refusal(say("{path} isn't the file of one voucher type", path=path.name))
    one: dict[str, Any] = types[0]
    return one


def _refusal(sentence: str) -> InvalidRequest:
    return InvalidRequest((Fault("CFG-003", sentence, ROOT),))


def _asked(over: QWidget, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
    asked = QFileDialog(over, title)
    asked.setObjectName("typeFile")
    asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asked.setAcceptMode(mode)
    asked.setNameFilters([f"{say('Voucher type')} (*.json)"])
    asked.setDefaultSuffix("json")
    asked.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return asked


def _write(over: QWidget, lane: Requests, path: Path, document: Mapping[str, Any], said: Said) -> None:
    text = json.dumps({ROOT: [dict(document)]}, ensure_ascii=False, indent=2) + "\n"

    def work() -> str:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            return say("{path} can't be written: {reason}", path=path, reason=error.strerror or error)
        return say("Written to {path}", path=path)

    lane.submit(over, work, said, lambda refusal: _tell(refusal, said))


def _tell(refusal: Refused, said: Said) -> None:
    said(coded(refusal.first))
