"""Where a field begins: a source chosen from a list, or a value typed as the field itself would take it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.context import CONTEXT_ATTRIBUTES, ITEM_ATTRIBUTES, PARTY_ATTRIBUTES
from erpdesk.blueprints.defaults import DefaultKind
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.conditions.vocabulary import constant_field
from erpdesk.ui.conditions.words import constant_words
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.listed import Choice, ListedEditor
from erpdesk.ui.editors.registry import make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.overriding import override
from erpdesk.ui.words import say, to_say

_CONTEXT = {"branch": to_say("Branch worked in"), "warehouse": to_say("Main warehouse"),
            "currency": to_say("Base currency"), "user": to_say("Who is working"), "role": to_say("Role worked in"),
            "organization": to_say("Organization worked in"), "country": to_say("Country of the organization")}
_ATTRIBUTES = {"account": to_say("Account"), "credit_days": to_say("Credit days"), "currency": to_say("Currency"),
               "price_list": to_say("Price list"), "sales_person": to_say("Sales person"),
               "ssf_code": to_say("SSF code"), "address": to_say("Address"), "destination": to_say("Destination"),
               "uom": to_say("Unit"), "warehouse": to_say("Warehouse"), "tax_class": to_say("Tax class"),
               "cost_centre": to_say("Cost centre")}
_DAYS = (FieldType.DATE, FieldType.DATETIME)


class DefaultEditor(ListedEditor):
    """`raw` is the default as the document holds it, null for none; `concerned` is the field that it is for."""

    takes_only_listed = False

    def __init__(self, field: Field, concerned: Callable[[], Field | None], is_line: Callable[[], bool],
                 surroundings: Surroundings, parent: QWidget | None = None) -> None:
        self._concerned, self._is_line = concerned, is_line
        self._made: tuple[Field | None, bool] | None = None
        self._listed: dict[str, Any] = {}
        self._index = LookupIndex()
        super().__init__(field, surroundings, parent)

    @override
    def index(self) -> LookupIndex:
        here = self._concerned(), self._is_line()
        if self._made != here:
            self._made = here
            self._listed = {_choice_words(one, here[0]): one for one in _choices(*here)}
            self._index = LookupIndex(Choice(words, words) for words in self._listed)
        return self._index

    @property
    @override
    def raw(self) -> Any:
        text = super().raw
        self.index()
        if text is None or text in self._listed:
            return self._listed.get(text or "")
        try:
            return json.loads(text)
        except ValueError:
            return _constant(text)

    @override
    def set_raw(self, raw: Any) -> None:
        self.index()
        super().set_raw(None if raw is None else next(
            (words for words, default in self._listed.items() if default == raw), _text(raw)))

    @override
    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        listed = self.index().named(typed)
        if listed is not None:
            return listed.code
        probe = make_editor(constant_field(self._concerned(), self.field.key), self.surroundings, None)
        try:
            assert isinstance(probe, FieldEditor)
            return _text(_constant(probe.read(typed)))
        finally:
            probe.deleteLater()

    @override
    def write(self, raw: Any) -> str:
        self.index()
        if raw is None or raw in self._listed:
            return raw or ""
        try:
            return default_words(json.loads(str(raw)), self._concerned(), self.surroundings)
        except ValueError:
            return str(raw)


def default_words(default: Any, field: Field | None, surroundings: Surroundings | None) -> str:
    """A default in words."""
    if not isinstance(default, dict):
        return constant_words(field, default, surroundings)
    value = default.get("value")
    match default.get("kind"):
        case DefaultKind.CONSTANT:
            plain = field is None or field.field_type in (FieldType.TEXT, FieldType.TEXTAREA)
            return str(value) if plain else constant_words(field, value, surroundings)
        case DefaultKind.TODAY:
            return say("Today")
        case DefaultKind.LAST_VALUE:
            return say("What was used last")
        case DefaultKind.PRICE_LIST:
            return say("From the price list")
        case DefaultKind.CONTEXT:
            return say(_CONTEXT.get(str(value), str(value)))
        case DefaultKind.PARTY:
            return say("{attribute} of the party", attribute=_named(str(value)))
        case DefaultKind.ITEM:
            return say("{attribute} of the item", attribute=_named(str(value)))
        case _:
            return say("{attribute} of the header", attribute=_named(str(value)))


def _choices(field: Field | None, in_line: bool) -> list[dict[str, Any]]:
    """The sources that suit the type, and the values that the field itself offers."""
    kind = field.field_type if field is not None else FieldType.TEXT
    defaults: list[dict[str, Any]] = []
    if kind is FieldType.BOOLEAN:
        defaults += [_constant(True), _constant(False)]
    if field is not None:
        defaults += [_constant(option.value) for option in field.options]
    defaults += [{"kind": "today"}] if kind in _DAYS else []
    defaults.append({"kind": "last_value"})
    defaults += [{"kind": "price_list"}] if kind is FieldType.RATE else []
    if kind not in _DAYS and kind is not FieldType.BOOLEAN:
        defaults += [{"kind": "context", "value": name} for name in CONTEXT_ATTRIBUTES]
        defaults += [{"kind": "party", "value": name} for name in PARTY_ATTRIBUTES]
        defaults += [{"kind": "item", "value": name} for name in ITEM_ATTRIBUTES] if in_line else []
    return defaults


def _choice_words(default: dict[str, Any], field: Field | None) -> str:
    if default["kind"] != DefaultKind.CONSTANT:
        return default_words(default, field, None)
    value = default["value"]
    options = {one.value: one.label for one in field.options} if field is not None else {}
    return options.get(value) or (say("Yes") if value is True else say("No"))


def _named(attribute: str) -> str:
    return say(_ATTRIBUTES.get(attribute, attribute))


def _constant(value: Any) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def _text(default: Any) -> str:
    return json.dumps(default, sort_keys=True, ensure_ascii=False)
