"""Wrong texts typed into every field of a voucher with real keys; whatever a clerk wouldn't expect is a complaint.

Expected is that Enter is refused with a word, the cursor and the text staying; that Esc then gives back what stood
there, and takes the word away; and that the document is the same as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from erpdesk.blueprints.fields import Field, FieldType, LookupKind
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

LETTERS, FIGURES, RIGHT_TO_LEFT, EMOJI = "zzqqxx", "9" * 40, "مرحبا بالعالم", "🍚👨‍👩‍👧🏽"
ALWAYS = (LETTERS, FIGURES, RIGHT_TO_LEFT, EMOJI)
WRONG: dict[FieldType, tuple[str, ...]] = {
    **dict.fromkeys((FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.QUANTITY, FieldType.RATE,
                     FieldType.PERCENT), (*ALWAYS, "1/0", "1e9", "--")),
    **dict.fromkeys((FieldType.DATE, FieldType.DATETIME), (*ALWAYS, "31-2-2026", "99/99/9999", "-")),
    FieldType.TIME: (*ALWAYS, "25:61"), FieldType.SELECT: ALWAYS, FieldType.LOOKUP: ALWAYS,
    FieldType.BOOLEAN: (FIGURES, RIGHT_TO_LEFT, EMOJI),
}
UNLISTED = (LookupKind.VOUCHER, LookupKind.SERIAL)
"""What may be newer than the list: taken as it is typed."""
FREE = "नमस्ते שלום 🍚 <b>&amp;"
SAMPLES = {"item": ("RICE",), "account": ("6020", "6100"), "quantity": ("2",), "amount": ("5",), "debit": ("5",)}


def wrong_for(field: Field) -> tuple[str, ...]:
    """The texts that a field can't take."""
    if field.many or (field.lookup is not None and field.lookup.kind in UNLISTED):
        return ()
    least = field.validators.min
    return (*WRONG.get(field.field_type, ()), *(("-5",) if least is not None and least >= 0 else ()))


def write(text: str) -> None:
    """A text of any script, key by key."""
    for character in text:
        QApplication.sendEvent(focus(), QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character))


def fill(voucher: VoucherWindow) -> None:
    """Something good in the first line of each grid, so that all its fields open."""
    for grid in voucher.sheet.grids.values():
        for key, codes in SAMPLES.items():
            column = grid.lines.grid.field(key)
            if column is None or grid.is_mirror or grid.is_locked or not grid.lines.lines:
                continue
            known = codes if column.lookup is None else tuple(
                code for code in codes if voucher.surroundings.lookups.row(str(column.lookup.kind), code) is not None)
            if known and grid.lines.may_type(0, column):
                grid.lines.put(0, key, known[0])


def complaints(voucher: VoucherWindow, most: int = 99) -> list[str]:
    """What a strict clerk has to say of a voucher; `most` wrong texts a field."""
    found: list[str] = []
    for place, field, enter in _places(voucher):
        for text in wrong_for(field)[:most]:
            if enter():
                found += [f"{voucher.schema.voucher_type} {place} {field.key} {text[:12]!r}: {said}"
                          for said in _typed_wrong(voucher, text)]
        if enter():
            found += [f"{voucher.schema.voucher_type} {place} {field.key}: {said}"
                      for way in (_typed_too_long, _typed_freely) for said in way(voucher, field)]
    return found


def _places(voucher: VoucherWindow) -> Iterator[tuple[str, Field, Callable[[], bool]]]:
    header = voucher.sheet.header
    for key, editor in header.editors.items():
        if not editor.isReadOnly() and not editor.isHidden():
            yield "header", editor.field, lambda one=key: header.enter(one)  # type: ignore[misc]
    for grid in voucher.sheet.grids.values():
        if grid.is_mirror or grid.is_locked:
            continue
        for column in grid.lines.columns:
            if grid.lines.lines and grid.lines.may_type(0, column):
                yield grid.objectName(), column, _cell(grid, column)


def _cell(grid: LineGrid, column: Field) -> Callable[[], bool]:
    return lambda: grid.enter(0, column.key)


def _typed_wrong(voucher: VoucherWindow, text: str) -> Iterator[str]:
    banner, place, before = voucher.sheet.banner, here(), voucher.draft.document()
    banner.clear()
    write(text)
    stood = _shown()
    typed("<Enter>")
    if here() != place:
        yield f"taken, the cursor in {here()}"
        typed("<Ctrl+Z>")
        return
    if not banner.text:
        yield "nothing is said"
    if _shown() != stood:
        yield f"{_shown()!r} stands there instead of {stood!r}"
    typed("<Esc>")
    if here() != place:
        yield f"Esc leads to {here()}"
    if banner.text:
        yield f"still said: {banner.text}"
    if voucher.draft.document() != before:
        yield f"changed: {_difference(before, voucher.draft.document())}"


def _typed_too_long(voucher: VoucherWindow, field: Field) -> Iterator[str]:
    longest = field.validators.max_length
    if longest is None or longest > 300 or field.field_type not in (FieldType.TEXT, FieldType.TEXTAREA):
        return
    voucher.sheet.banner.clear()
    write("x" * (longest + 5))
    if field.field_type is FieldType.TEXTAREA:
        typed("<Enter>")
    if not voucher.sheet.banner.text:
        yield "too long, and nothing is said"
    typed("<Ctrl+Z>")


def _typed_freely(voucher: VoucherWindow, field: Field) -> Iterator[str]:
    """A text of any script is taken as it stands."""
    rules = field.validators
    if field.field_type is not FieldType.TEXT or rules.regex or (rules.max_length or len(FREE)) < len(FREE):
        return
    write(FREE)
    typed("<Enter>")
    if FREE not in str(voucher.draft.document()):
        yield f"not taken: {voucher.sheet.banner.text}"
    typed("<Ctrl+Z>")


def _shown() -> str:
    widget: Any = focus()
    return str(widget.text() if hasattr(widget, "text") else widget.toPlainText())


def _difference(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {key: (before.get(key), now.get(key)) for key in before.keys() | now.keys()
            if before.get(key) != now.get(key)}
