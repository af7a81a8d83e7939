"""Recorded key sequences of vouchers: which keys a scripted clerk presses, and where the cursor is after each.

`make key-paths` records them anew into `tests/ui/key_paths.json`; look at what the difference says before keeping it.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

FILE = Path(__file__).parents[1] / "ui" / "key_paths.json"
RECORDING = "ERPDESK_RECORD_KEY_PATHS"
_LINES = 2
_MOST = 90
_PATIENCE_SECONDS = 10
Path_ = list[tuple[str, str]]


def recorded() -> dict[str, Path_]:
    """The kept sequences, by voucher type."""
    kept: dict[str, list[list[str]]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return {code: [(key, at) for key, at in steps] for code, steps in kept.items()}


def keep(code: str, path: Path_) -> None:
    """Write one type's sequence into the file."""
    found = {**recorded(), code: path}
    lines = [f' {json.dumps(one)}: [\n' + ",\n".join(f"  {json.dumps(step, ensure_ascii=False)}"
                                                    for step in found[one]) + "\n ]" for one in sorted(found)]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def pressed(window: VoucherWindow, key: str) -> str:
    """Press a key, let what it asked for arrive (bills, batches), and say where the cursor is then."""
    typed(key)
    loop, until = QEventLoop(), time.monotonic() + _PATIENCE_SECONDS
    loop.processEvents()
    while window.session.background.is_busy and time.monotonic() < until:
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    loop.processEvents()
    return here()


def replayed(window: VoucherWindow, path: Path_) -> Path_:
    """The same keys again, and where the cursor was after each."""
    return [(key, pressed(window, key)) for key, _ in path]


class Typist:
    """Types one plausible voucher: two lines in each grid, then on to the button that accepts."""

    def __init__(self, window: VoucherWindow) -> None:
        self._window = window
        self._first: dict[int, str] = {}
        self._rows: dict[int, int] = {}
        self._tried: dict[tuple[str, int], int] = {}

    def type_all(self) -> Path_:
        """The keys pressed, each with the stop it led to."""
        path: Path_ = []
        while here() != "postButton" and len(path) < _MOST:
            for key in self._keys():
                path.append((key, pressed(self._window, key)))
        return path

    def _keys(self) -> list[str]:
        at, place = here(), (here(), len(self._rows) and sum(self._rows.values()))
        field = getattr(focus(), "field", None)
        if field is None or at == "field_narration" or self._ends_grid(at):
            return ["<Enter>"]
        self._tried[place] = self._tried.get(place, 0) + 1
        if self._tried[place] > 1:  # what was typed wasn't taken, or nothing was
            return ["<Down>", "<Enter>"] if self._tried[place] == 2 else ["<Alt+Right>"]
        kind = str(field.field_type)
        if kind in ("lookup", "select", "typeahead"):
            return ["<Down>", "<Enter>"] if field.required or at.startswith("cell_") else ["<Enter>"]
        if kind in ("money", "quantity", "rate", "decimal", "integer", "percent"):
            return ["12", "<Enter>"] if not focus().text() else ["<Enter>"]  # type: ignore[attr-defined]
        if kind == "date":
            return ["<Enter>"]
        return ["A1", "<Enter>"]

    def _ends_grid(self, at: str) -> bool:
        """Whether this is the first cell of a row too many; counts the rows begun."""
        grid = next((one for one in self._window.sheet.grids.values() if one.isAncestorOf(focus())), None)
        if grid is None or not at.startswith("cell_") or not grid.lines.grows:
            return False
        name = id(grid)
        if at == self._first.setdefault(name, at):
            begun = (at, sum(self._rows.values()))
            if begun not in self._tried:
                self._rows[name] = self._rows.get(name, 0) + 1
        return self._rows.get(name, 0) > _LINES
