"""The tab of access: what fields are for a branch, a role or a user, and who may use vouchers of the type at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.vocabulary import RuleScope
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.conditions.words import in_words as condition_words
from erpdesk.ui.conditions.words import read_condition
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.approval import ROLE_WORDS
from erpdesk.ui.settings.choice_editor import ChoiceEditor, Choices, CodeEditor, in_words, yes_or_no
from erpdesk.ui.settings.default_editor import DefaultEditor, default_words
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.form_fields import FormFields
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.settings.users import knows_users, user_choices
from erpdesk.ui.settings.who_may_use import WhoMayUse
from erpdesk.ui.words import say, to_say

PART = "field_rules"
_FLAGS = {("visible", True): to_say("shown"), ("visible", False): to_say("hidden"),
          ("readonly", True): to_say("read only"), ("readonly", False): to_say("may be typed"),
          ("required", True): to_say("required"), ("required", False): to_say("not required")}
_SECTIONS = {"main": to_say("in the form or row"), "details": to_say("in the details")}
_SCOPES = {RuleScope.STANDARD: to_say("everybody (as shipped)"), RuleScope.ORGANIZATION: to_say("everybody"),
           RuleScope.BRANCH: to_say("branch {name}"), RuleScope.ROLE: to_say("role {name}"),
           RuleScope.USER: to_say("user {name}")}


class AccessTab(RowsTab):
    """Rules of fields, later ones over earlier ones; each said in words in the list."""

    part = PART
    form_name = "field_rules"
    empty_word = to_say("Every field is the same for everybody — {key} adds a rule")

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._fields = FormFields(edited)
        super().__init__(edited, bench, parent)
        self.who.ask()

    @override
    def _lay_out(self) -> None:
        super()._lay_out()
        self.who = WhoMayUse(self.bench, self)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.who)

    @override
    def make_form(self) -> SettingsForm:
        known = self.bench.surroundings

        def flag(field: Field, parent: QWidget) -> ChoiceEditor:
            editor = ChoiceEditor(field, yes_or_no, known, parent)
            editor.setPlaceholderText(say("as it is"))
            return editor

        return SettingsForm(groups(self.form_name), self.edited, self.bench, self, self._path_of, {
            "field": lambda field, parent: ChoiceEditor(field, self._choices_of_fields, known, parent),
            "scope_value": lambda field, parent: CodeEditor(field, self._whom, known, parent),
            "condition": lambda field, parent: ConditionLine(
                field, lambda: self._fields.of_rule(self._name()), known, parent),
            "visible": flag, "readonly": flag, "required": flag,
            "default": lambda field, parent: DefaultEditor(
                field, lambda: self._fields.named().get(self._name()), lambda: "." in self._name(), known, parent)})

    # The row here

    def _row(self) -> Mapping[str, Any]:
        return self.edited.value(f"{PART}[{self.here()}]") or {}

    def _name(self) -> str:
        return str(self._row().get("field") or "")

    def _choices_of_fields(self) -> Choices:
        fields = self._fields.named()
        return in_words([(name, self._label(name, field)) for name, field in fields.items()])

    def _label(self, name: str, field: Field) -> str:
        grid = self._fields.grid_label(name)
        return f"{grid}: {field.label}" if grid else field.label

    def _whom(self) -> Choices:
        """Those whom the rule may be for, as its scope says."""
        match self._row().get("scope"):
            case RuleScope.BRANCH:
                return [(one.code, one.name) for one in self.bench.books.organization.branches]
            case RuleScope.ROLE:
                return [(role, say(words)) for role, words in ROLE_WORDS.items()]
            case RuleScope.USER:
                return user_choices(self.bench)
            case _:
                return ()

    # The list

    @override
    def describe(self, row: Mapping[str, Any]) -> str:
        name = str(row.get("field") or "")
        field = self._fields.named().get(name)
        scope = str(row.get("scope") or RuleScope.ORGANIZATION)
        who = str(row.get("scope_value") or "…")
        whom = say(_SCOPES[RuleScope(scope)] if scope in _SCOPES else scope,
                   name=say(ROLE_WORDS.get(who, who)) if scope == RuleScope.ROLE else who)
        said = [say(words) for (column, value), words in _FLAGS.items() if row.get(column) is value]
        if row.get("default") is not None:
            said.append(say("begins with {value}", value=default_words(row["default"], field, self.bench.surroundings)))
        said += [say(_SECTIONS[row["section"]])] if row.get("section") in _SECTIONS else []
        said += [say("called {name}", name=say(str(row["label"])))] if row.get("label") else []
        condition = read_condition(row.get("condition"))
        when = "" if condition is None else say("while {condition}", condition=condition_words(
            condition, self._fields.of_rule(name), self.bench.surroundings))
        label = self._label(name, field) if field is not None else name or say("(no field)")
        return "   ".join(part for part in (label, whom, ", ".join(said) or say("way of the cursor"), when) if part)

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self.who.show_type(self.edited.code)
        self._fit()

    @override
    def _row_changed(self, _row: int) -> None:
        super()._row_changed(_row)
        self._fit()

    def _fit(self) -> None:
        """Nobody is named where a rule is for everybody; others are chosen, users by whoever may see them."""
        row = self._row()
        if not row:
            return
        everybody = row.get("scope") in (RuleScope.STANDARD, RuleScope.ORGANIZATION)
        self.form.show_only([column for column in self.form.editors if column != "scope_value" or not everybody])
        whom = self.form.editors["scope_value"]
        assert isinstance(whom, CodeEditor)
        whom.takes_only_listed = row.get("scope") != RuleScope.USER or knows_users(self.bench)
