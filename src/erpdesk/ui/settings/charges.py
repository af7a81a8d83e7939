"""The charges tab: charges, taxes and discounts in their order, and how the total is rounded after them.

What the lines of the type have no use for isn't offered, with a word why; what a charge says of it already stays in
sight, so that it can be mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.charge_lines import NEEDS_GOODS, ChargeLines, charge_lines
from erpdesk.blueprints.fields import Option
from erpdesk.blueprints.vocabulary import ChargeBase
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.choice_editor import ChoiceEditor, Choices
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import MakeOwn, SettingsForm
from erpdesk.ui.settings.form_fields import FormFields
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.setting import groups, in_language
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.words import say, to_say

_BASE = "base"
_NO_CODE, _LONGEST_CODE = re.compile(r"[^A-Z0-9]+"), 20
_WHY = {ChargeLines.NOTHING: to_say("The lines of this type come to no total that charges could be added to: charges "
                                    "are for items and for amounts on accounts"),
        ChargeLines.AMOUNTS: to_say("Lines are amounts on accounts: what is for goods — their cost, quantity, tax "
                                    "class or price — isn't offered here")}


class ChargeForm(SettingsForm):
    """The form of one charge; its code follows its name until it is typed itself."""

    def __init__(self, tab: ChargesTab, makers: Mapping[str, MakeOwn]) -> None:
        self._tab = tab
        super().__init__(groups(tab.form_name), tab.edited, tab.bench, tab, tab._path_of, makers)

    @override
    def write(self, column: str, value: Any) -> None:
        if column == "label" and value != self.read(column) and self._tab.follows_its_name():
            named = self._tab.row() | {"label": value, "code": self._tab.free_code(str(value or ""))}
            self.edited.set(f"{self._tab.part}[{self._tab.here()}]", named, step=self._tab._path_of(column))
        else:
            super().write(column, value)


class ChargesTab(RowsTab):
    """Each charge may be taken of a total, or of charges that stand before it."""

    part = "charges"
    form_name = "charges"
    empty_word = to_say("No charge, tax or discount yet — {key} adds one")

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self._offer_bases()

    @override
    def make_form(self) -> SettingsForm:
        fields, surroundings = FormFields(self.edited), self.bench.surroundings
        return ChargeForm(self, {
            "tax_class": lambda field, parent: ChoiceEditor(field, self._tax_classes, surroundings, parent),
            "applies_when": lambda field, parent: ConditionLine(field, fields.of_charges, surroundings, parent)})

    def row(self) -> dict[str, Any]:
        """The charge here."""
        return dict(self.edited.value(f"{self.part}[{self.here()}]") or {})

    def follows_its_name(self) -> bool:
        """Whether the code is still the one proposed from the name: of a new charge that no other is taken of."""
        row = self.row()
        code = row.get("code")
        used = [one.get("code") for one in self.edited.stored_value(self.part) or ()]
        for one in self.edited.rows(self.part):
            used += one[_BASE] if isinstance(one.get(_BASE), list) else ()
        return not code or (code == self.free_code(str(row.get("label") or "")) and code not in used)

    def free_code(self, label: str) -> str:
        """A code made from a name that no other charge has."""
        made = _NO_CODE.sub("_", label.upper()).strip("_")
        made = (made if made[:1].isalpha() else f"C_{made}" if label else "")[:_LONGEST_CODE].strip("_")
        others = {row.get("code") for place, row in enumerate(self.edited.rows(self.part)) if place != self.here()}
        found, number = made, 2
        while found and found in others:
            found, number = f"{made[:_LONGEST_CODE - 3]}_{number}", number + 1
        return found

    @override
    def describe(self, row: Mapping[str, Any]) -> str:
        figure = f"{row.get('rate') or ''} %" if row.get("rate") else row.get("amount") or ""
        sign = "−" if row.get("direction") == "deduct" else "+"
        return f"{sign} {say(str(row.get('label') or '(no name)'))}   {row.get('code') or ''}   {figure}".rstrip()

    @override
    def new_row(self) -> dict[str, Any]:
        return {"calculation_type": "rate", "rate": "0"}

    def offers(self, action: str) -> bool:
        """Whether an action makes sense here."""
        return action != "insert_line" or self._lines() is not ChargeLines.NOTHING

    @override
    def perform(self, action: str) -> bool:
        if not self.offers(action):
            self.said.emit(say(_WHY[ChargeLines.NOTHING]))
            return True
        return super().perform(action)

    @override
    def refresh(self, path: str = "") -> None:
        self._offer_bases()
        super().refresh(path)
        self._fit()

    @override
    def _row_changed(self, _row: int) -> None:
        self._offer_bases()
        super()._row_changed(_row)
        self._fit()

    def _lines(self) -> ChargeLines:
        """What charges find in the lines of the type as it stands."""
        value = self.edited.value
        return charge_lines(str(value("grid_kind")), capitalises=value("capitalises") is True,
                            settles=value("settles") is True, counts_stock=value("counts_stock") is True)

    def _fit(self) -> None:
        """Settings that the lines have a use for, and a word about the others."""
        lines = self._lines()
        why = _WHY.get(lines)
        self.word.setText(say(why) if why and (self.rows.count() or lines is ChargeLines.NOTHING)
                          else self.say_empty())
        self.word.setVisible(bool(why) or not self.rows.count())
        self.row_buttons["insert_line"].setVisible(lines is not ChargeLines.NOTHING)
        row = self.edited.value(f"{self.part}[{self.here()}]") or {}
        idle = {column for column, needs in NEEDS_GOODS.items() if column != _BASE
                and lines is ChargeLines.AMOUNTS and not needs(row.get(column))
                and not self.form.editors[column].hasFocus()}
        self.form.show_only([column for column in self.form.editors if column not in idle])

    def _tax_classes(self) -> Choices:
        return [(code, name if name == code else f"{name} ({code})")
                for code, name in self.bench.choices.get("tax_class", ())]

    def _offer_bases(self) -> None:
        """The totals, then the charges above this one."""
        form = getattr(self, "form", None)
        if form is None:
            return
        boxes, place = form.editors[_BASE], self.here()
        assert isinstance(boxes, ChoiceBoxes)
        boxes.alone = frozenset(map(str, ChargeBase))
        earlier = [Option(str(row["code"]), say(str(row["label"] or row["code"])))
                   for row in self.edited.rows(self.part)[:max(place, 0)] if row.get("code")]
        totals = in_language(form.settings[_BASE]).options
        if self._lines() is ChargeLines.AMOUNTS:
            stands = self.edited.value(f"{self.part}[{place}].{_BASE}")
            totals = tuple(one for one in totals if one.value == stands or not NEEDS_GOODS[_BASE](one.value))
        offered = (*totals, *earlier)
        if boxes.values() != [option.value for option in offered]:
            boxes.offer(offered)
            if place >= 0:
                boxes.set_raw(self.edited.value(f"{self.part}[{place}].{_BASE}"))
