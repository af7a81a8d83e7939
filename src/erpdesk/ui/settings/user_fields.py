"""The tab of user fields: fields of one's own in header or lines, in their order, each with what its kind needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType, Lookup, LookupKind, Option, Validators
from erpdesk.blueprints.layers import UDF_PREFIX
from erpdesk.blueprints.overrides import spelled_type
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.overriding import override
from erpdesk.ui.settings import conditional_rules
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.choice_editor import ChoiceEditor, Choices, in_words
from erpdesk.ui.settings.default_editor import DefaultEditor
from erpdesk.ui.settings.edited import EditedType, defaults_of
from erpdesk.ui.settings.form import MakeOwn, SettingsForm
from erpdesk.ui.settings.form_fields import FormFields
from erpdesk.ui.settings.options_editor import OptionsEditor
from erpdesk.ui.settings.pattern_editor import PatternEditor
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.setting import groups, in_language
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.words import say, to_say

PART = "udfs"
LINE = "line"
_WHENS = {"required_when": conditional_rules.REQUIRED, "visible_when": conditional_rules.VISIBLE}
_NO_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 40
_NUMBERS, _TEXTS = (FieldType.DECIMAL, FieldType.INTEGER), (FieldType.TEXT, FieldType.TEXTAREA)
_OF_TYPES: Mapping[str, tuple[FieldType, ...]] = {
    "options": (FieldType.SELECT,), "lookup_kind": (FieldType.LOOKUP,), "regex": _TEXTS, "regex_message": _TEXTS,
    "max_length": _TEXTS, "min": _NUMBERS, "max": _NUMBERS, "decimals": (FieldType.DECIMAL,),
}
"""The settings that only fields of some types have."""


class UserFieldForm(SettingsForm):
    """The form of one user field; what is shown and required when stands among the rules of the type."""

    def __init__(self, tab: UserFieldsTab, makers: Mapping[str, MakeOwn]) -> None:
        self._tab = tab
        super().__init__(groups(tab.form_name), tab.edited, tab.bench, tab, tab.path_of, makers)

    @override
    def read(self, column: str) -> Any:
        if column in _WHENS:
            return conditional_rules.condition_of(
                self.edited.rows(conditional_rules.PART), self._tab.names(), _WHENS[column])
        return super().read(column)

    @override
    def differs(self, column: str) -> bool:
        if column in _WHENS:
            stored = self.edited.stored_value(conditional_rules.PART) or ()
            return bool(conditional_rules.condition_of(stored, self._tab.names(), _WHENS[column]) != self.read(column))
        return super().differs(column)

    @override
    def write(self, column: str, value: Any) -> None:
        row = self._tab.row()
        if value == self.read(column):
            return
        if column in _WHENS:
            conditional_rules.set_condition(self.edited, self._tab.names(), _WHENS[column], value)
        elif column in ("key", "scope") or (column == "label" and self._tab.follows_its_name(row)):
            self._rename(row, column, value)
        elif column == "field_type":
            self.edited.replace(PART, self._tab.here(), _retyped(row, value))
        else:
            super().write(column, value)

    def _rename(self, row: dict[str, Any], column: str, value: Any) -> None:
        """Another key: rules that name the field follow it."""
        before = self._tab.names()
        changed = row | {column: value}
        if column == "label":
            changed["key"] = self._tab.free_key(str(value or ""), str(row.get("scope")))
        self.edited.set(f"{PART}[{self._tab.here()}]", changed, step=self._tab.path_of(column))
        after = self._tab.names()
        if any(rule.get("field") in before for rule in self.edited.rows(conditional_rules.PART)):
            conditional_rules.rename(self.edited, dict(zip(before, after, strict=False)))


class UserFieldsTab(RowsTab):
    """The key follows the name until it is typed itself, and never changes once the field is saved."""

    part = PART
    form_name = "user_fields"
    empty_word = to_say("No field of your own yet — {key} adds one")

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._fields = FormFields(edited)
        super().__init__(edited, bench, parent)

    @override
    def make_form(self) -> SettingsForm:
        def condition(field: Field, parent: QWidget) -> ConditionLine:
            without = to_say("no condition") if field.key == "required_when" else to_say("always")
            return ConditionLine(field, lambda: self._fields.of_rule(next(iter(self.names()), "")), known, parent,
                                 without)

        known = self.bench.surroundings
        form = UserFieldForm(self, {
            "options": lambda field, parent: OptionsEditor(field, known, parent),
            "required_when": condition, "visible_when": condition,
            "default": lambda field, parent: DefaultEditor(field, self._field, self._is_line, known, parent),
            "regex": lambda field, parent: PatternEditor(field, known, parent),
            "position": lambda field, parent: ChoiceEditor(field, self._positions, known, parent)})
        branches = form.editors["visible_for_branches"]
        assert isinstance(branches, ChoiceBoxes)
        branches.offer(Option(one.code, one.name) for one in self.bench.books.organization.branches)
        return form

    # A row

    def path_of(self, column: str) -> str:
        """Where a setting of the row here stands."""
        if column in _WHENS:
            rules = self.edited.rows(conditional_rules.PART)
            place = conditional_rules.place_of(rules, self.names(), _WHENS[column])
            if place >= 0:
                return f"{conditional_rules.PART}[{place}].condition"
        return self._path_of(column)

    def row(self) -> dict[str, Any]:
        """The row here."""
        return dict(self.edited.value(f"{PART}[{self.here()}]") or {})

    def names(self) -> list[str]:
        """How rules call the field here: once for the header, once for each grid of lines."""
        row = self.row()
        key = f"{UDF_PREFIX}{row.get('key') or ''}"
        if row.get("scope") != LINE:
            return [key] if row else []
        return [f"{grid.key}.{key}" for grid in self._fields.line_grids()]

    def follows_its_name(self, row: Mapping[str, Any]) -> bool:
        """Whether the key is still the one proposed from the name."""
        proposed = self.free_key(str(row.get("label") or ""), str(row.get("scope")))
        return not self._is_stored(row) and row.get("key") in ("", proposed)

    def free_key(self, label: str, scope: str) -> str:
        """A key made from a name that no other field of the scope has."""
        plain = _NO_KEY.sub("_", label.casefold()).strip("_")
        made = (plain if plain[:1].isalpha() else f"field_{plain}".rstrip("_") if label else "")[:_LONGEST_KEY]
        others = {row.get("key") for place, row in enumerate(self.edited.rows(PART))
                  if place != self.here() and row.get("scope") == scope}
        found, number = made, 2
        while found and found in others:
            found, number = f"{made[:_LONGEST_KEY - 3]}_{number}", number + 1
        return found

    def _is_stored(self, row: Mapping[str, Any]) -> bool:
        stored = self.edited.stored_value(PART) or ()
        return any((one.get("scope"), one.get("key")) == (row.get("scope"), row.get("key")) for one in stored)

    def _is_line(self) -> bool:
        return self.row().get("scope") == LINE

    def _field(self) -> Field:
        return _field_of(self.row())

    def _positions(self) -> Choices:
        schema, own = self._fields.schema(), f"{UDF_PREFIX}{self.row().get('key')}"
        if schema is None:
            return ()
        fields = schema.header if not self._is_line() else tuple(
            {field.key: field for grid in self._fields.line_grids() for field in grid.fields}.values())
        return in_words([(field.key, field.label) for field in fields if field.key != own and not field.ui.hidden])

    # The list

    @override
    def describe(self, row: Mapping[str, Any]) -> str:
        kinds = {one.value: one.label for one in in_language(self.form.settings["field_type"]).options}
        kind = str(row.get("field_type") or "")
        said = [say(str(row.get("label") or "(no name)")), kinds.get(kind, kind),
                say("in every line") if row.get("scope") == LINE else "",
                say("required") if row.get("required") else "", "" if row.get("is_active", True) else say("not in use")]
        return "   ".join(part for part in said if part)

    @override
    def new_row(self) -> dict[str, Any]:
        return {"field_type": "text"}

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self._fit()

    @override
    def _row_changed(self, _row: int) -> None:
        super()._row_changed(_row)
        self._fit()

    @override
    def _remove(self) -> None:
        names, before = self.names(), self.rows.count()
        super()._remove()
        if self.rows.count() < before:
            conditional_rules.forget(self.edited, names)

    def _fit(self) -> None:
        """Show the settings that the kind of field has; what is used already keeps its key, place and kind."""
        row = self.row()
        if not row:
            return
        kind = _type_of(row)
        idle = {column for column, kinds in _OF_TYPES.items() if kind not in kinds}
        if not row.get("regex") and not row.get("regex_message") and not self.form.editors["regex_message"].hasFocus():
            idle.add("regex_message")
        self.form.show_only([column for column in self.form.editors if column not in idle])
        for column in ("key", "scope"):
            editor = self.form.editors[column]
            editor.setReadOnly(self._is_stored(row))  # type: ignore[union-attr]  # both are one-line editors


def _type_of(row: Mapping[str, Any]) -> FieldType:
    written, _ = spelled_type(str(row.get("field_type") or ""))
    return FieldType(written) if written in tuple(FieldType) else FieldType.TEXT


def _retyped(row: dict[str, Any], field_type: Any) -> dict[str, Any]:
    """The row as another type of field, without what that type doesn't have."""
    changed, blank = row | {"field_type": field_type, "default": None}, defaults_of_user_field()
    kind = _type_of(changed)
    for column, kinds in _OF_TYPES.items():
        if kind not in kinds:
            changed[column] = blank[column]
    return changed


def defaults_of_user_field() -> dict[str, Any]:
    """A user field as nobody has touched it."""
    from erpdesk.blueprints.rows import UserField

    return defaults_of(UserField)


def _field_of(row: Mapping[str, Any]) -> Field:
    """The field that a row makes, as far as its values go."""
    _, implied = spelled_type(str(row.get("field_type") or ""))
    lookup = implied or (LookupKind(row["lookup_kind"]) if row.get("lookup_kind") in tuple(LookupKind) else None)
    options = tuple(Option(str(one.get("value")), str(one.get("label"))) for one in row.get("options") or ())
    decimals = row.get("decimals")
    kind = _type_of(row)
    if kind is FieldType.LOOKUP and lookup is None:
        kind = FieldType.TEXT
    return Field(str(row.get("key") or ""), str(row.get("label") or ""), kind, options=options,
                 lookup=Lookup(lookup) if lookup else None,
                 validators=Validators(decimals=decimals if isinstance(decimals, int) else None))
