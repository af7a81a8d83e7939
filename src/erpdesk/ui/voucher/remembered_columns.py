"""Columns as a clerk has set them, kept between days for each user, voucher type and grid in the home's window.ini."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from PySide6.QtCore import QSettings

from erpdesk.settings import home
from erpdesk.ui.voucher.grid_columns import ColumnLayout
from erpdesk.ui.voucher.line_grid import LineGrid


def remember_columns(grids: Mapping[str, LineGrid], user: str, voucher_type: str) -> None:
    """Set each grid's columns as they were the last time, and keep what the clerk changes."""
    if not home().is_dir():
        return
    kept = QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)
    for name, grid in grids.items():
        place = "/".join(("columns", *(quote(part, safe="") or "-" for part in (user, voucher_type, name))))
        layout = _read(kept, place)
        if layout.as_json():
            grid.columns.use(layout)
        grid.columns.changed.connect(lambda here=place, one=grid: _keep(kept, here, one.columns.layout))


def _read(kept: QSettings, place: str) -> ColumnLayout:
    try:
        return ColumnLayout.read(json.loads(str(kept.value(place, "{}"))))
    except ValueError:
        return ColumnLayout()


def _keep(kept: QSettings, place: str, layout: ColumnLayout) -> None:
    written = layout.as_json()
    if written:
        kept.setValue(place, json.dumps(written))
    else:
        kept.remove(place)
