"""The tab of numbering: the type's own series, further series with their dates, and the numbers that they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.codec import Unreadable, decode
from erpdesk.blueprints.coming_numbers import Reached
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.rows import NumberSeries
from erpdesk.blueprints.vocabulary import MAIN_SERIES, NumberingMethod
from erpdesk.domain.results import Refused
from erpdesk.ui.calendars import shown_iso
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.plain import DateEditor
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import MakeOwn
from erpdesk.ui.settings.led_rows import LedRowsTab
from erpdesk.ui.settings.next_numbers import NextNumbers
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.settings.template_editor import TemplateEditor
from erpdesk.ui.words import say, to_say

_NEVER_TWICE = "prevent_duplicate_voucher_no"
_OWN = {"prefix": "number_prefix", "suffix": "number_suffix", "width": "number_width", "restart": "number_restart",
        "per_branch": "number_per_branch"}
"""The columns of the type that say its main series, by the columns of a series."""


class NumberingTab(LedRowsTab):
    """The counters are read once, on a worker; what comes next is computed from what stands here now."""

    part = "series"
    form_name = "series"
    lead_form_name = "numbering"
    empty_word = to_say("Series of numbers")

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._reached: Sequence[Reached] = ()
        super().__init__(edited, bench, parent)
        self._ask()

    @override
    def makers(self) -> Mapping[str, MakeOwn]:
        known = self.bench.surroundings

        def template(field: Field, parent: QWidget) -> TemplateEditor:
            return TemplateEditor(field, known, parent)

        def day(field: Field, parent: QWidget) -> DateEditor:
            return DateEditor(Field(field.key, field.label, FieldType.DATE, ui=field.ui), known, parent)

        return {"number_prefix": template, "number_suffix": template, "prefix": template, "suffix": template,
                "valid_from": day}

    @override
    def make_foot(self) -> QWidget:
        self.numbers = NextNumbers(self.bench.books.organization, self)
        return self.numbers

    @override
    def lead_rows(self) -> list[str]:
        value = self.edited.value
        if value("numbering_method") == NumberingMethod.MANUAL:
            return [say("Main series   typed by hand")]
        return [say("Main series   {look}", look=f"{value('number_prefix') or ''}…{value('number_suffix') or ''}")]

    @override
    def describe(self, row: Mapping[str, Any]) -> str:
        since = say("from {day}", day=shown_iso(str(row["valid_from"]))) if row.get("valid_from") else ""
        said = [say(str(row.get("label") or row.get("code") or "(no name)")),
                f"{row.get('prefix') or ''}…{row.get('suffix') or ''}", str(row.get("branch") or ""), since,
                "" if row.get("is_active", True) else say("not in use")]
        return "   ".join(part for part in said if part)

    @override
    def new_row(self) -> dict[str, Any]:
        """A new series looks like the main one until it says otherwise."""
        return {column: self.edited.value(own) for column, own in _OWN.items()}

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        by_hand = self.edited.value("numbering_method") == NumberingMethod.MANUAL
        self.lead_form.show_only([column for column in self.lead_form.settings
                                  if by_hand == (column == _NEVER_TWICE) or column == "numbering_method"])
        self._show_numbers()

    @override
    def _row_changed(self, _row: int) -> None:
        super()._row_changed(_row)
        self._show_numbers()

    # The numbers to come

    def _ask(self) -> None:
        if self.edited.code:
            code, numbering = self.edited.code, self.bench.books.numbering
            self.bench.session.browsing.submit(self, lambda: numbering.reached(code), self._take, self._failed)

    def _take(self, reached: Sequence[Reached]) -> None:
        self._reached = reached
        self._show_numbers()

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))

    def _show_numbers(self) -> None:
        if self.edited.value("numbering_method") == NumberingMethod.MANUAL:
            self.numbers.show_word(say("Whoever enters a voucher types its number"))
            return
        here = self.here()
        code = str(self.edited.value(f"series[{here}].code") or "") if here >= 0 else MAIN_SERIES
        self.numbers.show_numbers(self._series(), code, self._reached, self.bench.session.working_date)

    def _series(self) -> list[NumberSeries]:
        """The rows that can be read, the type's own first."""
        own = {column: self.edited.value(name) for column, name in _OWN.items()} | {"code": MAIN_SERIES}
        found = []
        for row in (own, *self.edited.rows(self.part)):
            faults = FaultList()
            try:
                series = decode(NumberSeries, row, "", faults)
            except Unreadable:
                continue
            if not faults.found:
                found.append(series)
        return found
