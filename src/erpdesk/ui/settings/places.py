"""Where a place of the form is set: the path of its setting, as tabs know it.

What no setting brings into the form is set at the field itself, on the key path (`field:lines.rate`).
"""

from __future__ import annotations

from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form_picture import CHARGE
from erpdesk.ui.settings.setting import settings_by_shown

FIELD = "field:"
_UDF = "udf."
_PARTS = {"title": "label", "number": "number_prefix"}


def paths_of_place(place: str, edited: EditedType) -> tuple[str, ...]:
    """The paths to go to, the best first."""
    if place in _PARTS:
        return (_PARTS[place],)
    if place.startswith(CHARGE):
        charge = _row(edited, "charges", "code", place.removeprefix(CHARGE))
        return (charge.removesuffix(".code") + ".label", charge) if charge != "charges" else (charge,)
    field = FIELD + place
    grid, _, key = place.rpartition(_UDF)
    if _UDF in place:
        scope = "line" if grid else "header"
        return (_row(edited, "udfs", "key", key, scope=scope), field)
    shown = settings_by_shown().get(place)
    return (shown, field) if shown else (field,)


def _row(edited: EditedType, part: str, column: str, value: str, **more: str) -> str:
    for number, row in enumerate(edited.rows(part)):
        if row.get(column) == value and all(row.get(name) == wanted for name, wanted in more.items()):
            return f"{part}[{number}].{column}"
    return part
