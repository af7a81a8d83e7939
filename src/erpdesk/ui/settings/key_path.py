"""The key path tab: every field of the form in the order of the cursor, and what is changed of it for everybody.

A change is a field rule of the organization without a condition; a rule that changes nothing any more goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from erpdesk.blueprints.fields import Field, Section
from erpdesk.blueprints.keypath import key_path
from erpdesk.blueprints.rows import FieldRule
from erpdesk.blueprints.schema import UiSchema
from erpdesk.ui.configured_words import field_in_language
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.edited import EditedType, defaults_of, steps_of
from erpdesk.ui.settings.field_limits import (
    LIMITS,
    PREFIX,
    limit_makers,
    limit_of,
    limits_for,
    named_by,
    paths_of,
    set_limit,
    to_document,
)
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.pattern_editor import PatternEditor
from erpdesk.ui.settings.places import FIELD
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.setting import Kind, groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.words import say, to_say

_RULES, _SCOPE = "field_rules", "organization"
_NAMING = ("field", "scope", "scope_value", "condition")
_STEP = 10


@dataclass(frozen=True, slots=True)
class Stood:
    """A field of the form by its name in rules (`party`, `lines.rate`), and the list that it is ordered in."""

    name: str
    field: Field
    list_name: str
    keys: int


class KeyPathTab(RowsTab):
    """Fields can be moved and changed, not added or removed."""

    part = _RULES
    form_name = "key_path"
    empty_word = to_say("No form yet")
    buttons = (("move_line_up", "↑"), ("move_line_down", "↓"))

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._stood: tuple[Stood, ...] = tuple(_stood(edited.schema))
        self._moved = ""
        super().__init__(edited, bench, parent)

    # Fields and their rules

    @override
    def texts(self) -> list[str]:
        return [f"{_mark(one)}  {field_in_language(one.field).label}   {_said_of(one)}" for one in self._stood]

    @override
    def show_faults(self) -> None:
        found = tuple(_stood(self.edited.schema))
        if found != self._stood:
            name = self._moved or self.name_here()
            self._moved, self._stood = "", found
            self.refresh()
            names = [one.name for one in found]
            if name in names:
                self.rows.setCurrentRow(names.index(name))
        self.form.show_faults()

    def name_here(self) -> str:
        """The field under the cursor as rules call it."""
        return self._stood[self.here()].name if 0 <= self.here() < len(self._stood) else ""

    def _rule(self, name: str) -> int:
        """The place of the field's rule for everybody; behind the last rule while there is none."""
        rules = self.edited.rows(_RULES)
        return next((number for number, rule in enumerate(rules) if rule.get("field") == name and _is_plain(rule)),
                    len(rules))

    @override
    def _path_of(self, column: str) -> str:
        name = self.name_here()
        if name and column.startswith(PREFIX):
            return paths_of(self.edited, name, column.removeprefix(PREFIX))[0]
        return f"{_RULES}[{self._rule(name)}].{column}" if name else ""

    @override
    def make_form(self) -> SettingsForm:
        return _RuleForm(self)

    def write_here(self, column: str, value: Any) -> None:
        """The field under the cursor has another value in a column of its rule, or another limit."""
        if column.startswith(PREFIX):
            limit = column.removeprefix(PREFIX)
            set_limit(self.edited, self.name_here(), limit, to_document(limit, value))
        else:
            self._write(self.name_here(), column, value)

    def _write(self, name: str, column: str, value: Any) -> None:
        place, rules = self._rule(name), self.edited.rows(_RULES)
        rule = rules[place] if place < len(rules) else defaults_of(FieldRule) | {"field": name, "scope": _SCOPE}
        if rule.get(column) == value:
            return
        rule = rule | {column: value}
        if place == len(rules):
            self.edited.add(_RULES, rule)
        elif _says_something(rule):
            self.edited.replace(_RULES, place, rule)
        else:
            self.edited.remove(_RULES, place)

    # Showing

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self._show_usual()

    @override
    def _row_changed(self, row: int) -> None:
        super()._row_changed(row)
        self._show_usual()

    def _show_usual(self) -> None:
        """What holds where the rule says nothing, faintly in the empty editors."""
        if not 0 <= self.here() < len(self._stood):
            return
        field = field_in_language(self._stood[self.here()].field)
        usual = {"label": field.label, "help": with_own_keys(field.ui.help), "width": str(field.ui.width),
                 "section": str(field.ui.section), "tab_order": str(field.key_path.tab_order),
                 "skip_when_certain": field.key_path.skip_when_certain,
                 "open_on_focus": field.key_path.open_on_focus,
                 "repeat_from_above": field.key_path.repeat_from_above, "visible": not field.ui.hidden,
                 "readonly": field.ui.readonly, "required": field.required,
                 **{PREFIX + limit: getattr(field.validators, limit) for limit in LIMITS}}
        taken = {PREFIX + limit for limit in limits_for(field)}
        self.form.show_only([column for column in self.form.editors
                             if column in taken or not column.startswith(PREFIX)])
        for column, editor in self.form.editors.items():
            value = usual.get(column)
            setting = self.form.settings[column]
            if setting.kind is Kind.MAYBE:
                value = say("Yes") if value else say("No")
            elif setting.kind is Kind.WORD:
                value = next((say(option.label) for option in setting.field.options if option.value == value), "")
            line = editor.pattern if isinstance(editor, PatternEditor) else editor
            if isinstance(line, QLineEdit):
                line.setPlaceholderText("" if value in (None, "") else str(value))

    # The cursor

    @override
    def holds(self, path: str) -> bool:
        if path.startswith(FIELD):
            return any(one.name == path.removeprefix(FIELD) for one in self._stood)
        if self._limit_at(path)[0]:
            return True
        steps = steps_of(path)
        rules = self.edited.rows(_RULES)
        return (len(steps) > 1 and steps[0] == _RULES and isinstance(steps[1], int) and steps[1] < len(rules)
                and _is_plain(rules[steps[1]]))

    def _limit_at(self, path: str) -> tuple[str, str]:
        return named_by(self.edited, path, [one.name for one in self._stood])

    @override
    def go_to(self, path: str) -> bool:
        self.form.take_all()
        steps = () if path.startswith(FIELD) else steps_of(path)
        name, limit = self._limit_at(path)
        if name:
            steps = ("", "", PREFIX + limit)
        else:
            name = path.removeprefix(FIELD)
        if steps and isinstance(steps[1], int):
            name = str(self.edited.rows(_RULES)[steps[1]].get("field"))
        names = [one.name for one in self._stood]
        if name not in names:
            return False
        self.rows.setCurrentRow(names.index(name))
        if not (len(steps) > 2 and self.form.enter(str(steps[2]))):
            self.rows.setFocus()
        return True

    # Moving

    def offers(self, action: str) -> bool:
        """Fields are neither added nor removed here."""
        return action not in ("insert_line", "remove_line")

    @override
    def perform(self, action: str) -> bool:
        return self.offers(action) and super().perform(action)

    @override
    def _dropped(self, here: int, to: int) -> None:
        """The field goes before or behind the one that stands there, within its own list."""
        if not (0 <= here < len(self._stood) and 0 <= to < len(self._stood)) or here == to:
            return
        moved, other = self._stood[here], self._stood[to]
        if moved.list_name != other.list_name:
            self.said.emit(say("A field stays in its list"))
            return
        order = [one for one in self._stood if one.list_name == moved.list_name and one is not moved]
        order.insert(order.index(other) + int(to > here), moved)
        self._moved = moved.name
        place = order.index(moved)
        before = order[place - 1].field.key_path.tab_order if place else 0
        after = (order[place + 1].field.key_path.tab_order if place + 1 < len(order)
                 else before + 2 * _STEP)
        if after - before > 1:
            self._write(moved.name, "tab_order", (before + after) // 2)
            return
        for number, one in enumerate(order, start=1):
            if one.field.key_path.tab_order != _STEP * number:
                self._write(one.name, "tab_order", _STEP * number)


class _RuleForm(SettingsForm):
    """Settings of a rule that comes into being when something is said in it, and goes when nothing is any more."""

    def __init__(self, tab: KeyPathTab) -> None:
        self._tab = tab
        super().__init__(groups(tab.form_name), tab.edited, tab.bench, tab, tab._path_of,
                         limit_makers(tab.bench.surroundings))

    @override
    def read(self, column: str) -> Any:
        if column.startswith(PREFIX):
            return limit_of(self.edited.document(), self._tab.name_here(), column.removeprefix(PREFIX))
        return super().read(column)

    @override
    def differs(self, column: str) -> bool:
        if column.startswith(PREFIX):
            stored = limit_of(self.edited.stored(), self._tab.name_here(), column.removeprefix(PREFIX))
            return bool(stored != self.read(column))
        return super().differs(column)

    @override
    def show_faults(self) -> None:
        super().show_faults()
        for limit in LIMITS if self._tab.name_here() else ():
            found = [fault for path in paths_of(self.edited, self._tab.name_here(), limit)
                     for fault in self.edited.faults_at(path)]
            if found:
                self._mark(PREFIX + limit, self.editors[PREFIX + limit], found[0])

    @override
    def write(self, column: str, value: Any) -> None:
        self._tab.write_here(column, value)


def _is_plain(rule: dict[str, Any]) -> bool:
    """Whether a rule is for everybody and always."""
    return rule.get("scope") == _SCOPE and not rule.get("scope_value") and rule.get("condition") is None


def _says_something(rule: dict[str, Any]) -> bool:
    usual = defaults_of(FieldRule)
    return any(value != usual[name] for name, value in rule.items() if name not in _NAMING)


def _said_of(one: Stood) -> str:
    """What the cursor does at a field, or where it stands that the cursor never comes there by itself."""
    if one.keys:
        return say("{count} keys", count=one.keys)
    if one.field.ui.hidden:
        return say("not shown")
    return say("in the details") if one.field.ui.section is Section.DETAILS else say("passed by")


def _mark(one: Stood) -> str:
    if one.field.ui.hidden:
        return "✕"
    return "•" if one.keys else "·"


def _stood(schema: UiSchema | None) -> Iterator[Stood]:
    """The fields in the order of the cursor: header, details, the grids that are typed into, narration."""
    if schema is None:
        return
    keys = {f"{stop.grid}.{stop.field.key}" if stop.grid else stop.field.key: stop.keys for stop in key_path(schema)}
    for section in (Section.MAIN, Section.DETAILS):
        yield from _of_list([field for field in schema.header if field.ui.section is section], "", str(section), keys)
    for grid in schema.grids:
        if not grid.mirror_of and grid.field("code") is None:
            yield from _of_list(grid.fields, f"{grid.key}.", grid.key, keys)
    narration = [field for field in schema.header if field.ui.section is Section.NARRATION]
    yield from _of_list(narration, "", str(Section.NARRATION), keys)


def _of_list(fields: Any, prefix: str, list_name: str, keys: dict[str, int]) -> Iterator[Stood]:
    for field in sorted(fields, key=lambda one: (one.key_path.tab_order, one.order)):
        name = f"{prefix}{field.key}"
        yield Stood(name, field, list_name, keys.get(name, 0))
