"""The grid of a list that hangs on a master: rates, units, bins; typed like the lines of a voucher."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.master_forms import MasterPart
from erpdesk.blueprints.schema import Grid
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.line_model import LineModel


class PartGrid(LineGrid):
    """Has keys of its own: nothing of a voucher can be done here."""

    key_context = "part"

    def __init__(self, model: LineModel, parent: QWidget | None = None) -> None:
        super().__init__(model, model.grid.object_name, parent)


def grid_of(part: MasterPart) -> Grid:
    """The list as a grid."""
    return Grid(part.key, part.label, f"part_{part.key}", part.fields)
