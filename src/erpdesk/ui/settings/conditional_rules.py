"""What a user field is asked for when: kept as rules of the field for everybody, each under a condition.

A field that is shown while something holds is hidden while it doesn't, so that no other rule that hides it is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from erpdesk.blueprints.rows import FieldRule
from erpdesk.ui.settings.edited import EditedType, defaults_of

PART = "field_rules"
VISIBLE, REQUIRED = "visible", "required"
_EVERYBODY = "organization"
_SAYS = ("visible", "readonly", "required", "default", "label", "help", "width", "section", "tab_order",
         "skip_when_certain", "open_on_focus", "repeat_from_above")


def condition_of(rules: Sequence[Mapping[str, Any]], names: Iterable[str], what: str) -> Any:
    """The condition under which a field is shown, or required; None where no such rule stands."""
    place = place_of(rules, names, what)
    condition = rules[place]["condition"] if place >= 0 else None
    return _turned(condition) if what == VISIBLE and condition is not None else condition


def place_of(rules: Sequence[Mapping[str, Any]], names: Iterable[str], what: str) -> int:
    """The place of the rule that says it; below zero for none."""
    wanted = set(names)
    return next((place for place, rule in enumerate(rules) if rule.get("field") in wanted and _is_such(rule, what)), -1)


def set_condition(edited: EditedType, names: Sequence[str], what: str, condition: Any) -> None:
    """Have a field shown, or required, while a condition holds; None: no condition."""
    rules = [rule for rule in edited.rows(PART) if not (rule.get("field") in names and _is_such(rule, what))]
    if condition is not None:
        says = {VISIBLE: False, "condition": _turned(condition)} if what == VISIBLE else {
            REQUIRED: True, "condition": condition}
        rules += [defaults_of(FieldRule) | {"field": name, "scope": _EVERYBODY} | says for name in names]
    edited.set(PART, rules)


def rename(edited: EditedType, renamed: Mapping[str, str]) -> None:
    """Rules and conditions that name fields by other names now."""
    rules = [_renamed(rule | {"field": renamed.get(str(rule.get("field")), rule.get("field"))}, renamed)
             for rule in edited.rows(PART)]
    edited.set(PART, rules)


def forget(edited: EditedType, names: Sequence[str]) -> None:
    """No rule for a field that is gone."""
    edited.set(PART, [rule for rule in edited.rows(PART) if rule.get("field") not in names])


def _is_such(rule: Mapping[str, Any], what: str) -> bool:
    """Whether a rule says just this, for everybody, under a condition."""
    wanted: dict[str, Any] = {what: what == REQUIRED}
    said = {name: rule.get(name) for name in _SAYS if rule.get(name) not in (None, "")}
    return (rule.get("scope", _EVERYBODY) == _EVERYBODY and rule.get("condition") is not None
            and said == wanted)


def _turned(condition: Any) -> Any:
    if isinstance(condition, Mapping) and set(condition) == {"not"}:
        return condition["not"]
    return {"not": condition}


def _renamed(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: renamed.get(part, part) if key == "field" and isinstance(part, str) else _renamed(part, renamed)
                for key, part in value.items()}
    return [_renamed(part, renamed) for part in value] if isinstance(value, list) else value
