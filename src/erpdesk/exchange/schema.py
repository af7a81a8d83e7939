"""Documents checked against a JSON Schema of `resources/schemas`, all faults at once, each with its path.

The part of JSON Schema in use: type, properties, required, additionalProperties, items, enum, pattern,
maxLength, minItems, $ref into $defs. Numbers arrive as decimal text (see `json_text`), so text that fits the
pattern is as good as a number. Patterns are our own, from resources; no pattern of a file is ever run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from erpdesk.domain.results import Fault
from erpdesk.exchange.refusals import MISSING_KEY, UNKNOWN_KEY, WRONG_VALUE, fault
from erpdesk.settings import RESOURCES

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "number": (),
    "integer": (),
    "null": (type(None),),
}
_NAMES = {
    "object": "an object {…}",
    "array": "a list […]",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


class Schema:
    """One schema document, ready to check values against it or a definition inside it."""

    def __init__(self, document: Mapping[str, Any], codes: Mapping[str, str] | None = None) -> None:
        self.document = document
        self._codes = codes or {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def faults(self, value: Any, rule: Mapping[str, Any] | None = None, path: str = "") -> tuple[Fault, ...]:
        """Everything wrong with `value`, in its own order; empty when it fits."""
        return tuple(self._check(value, self.document if rule is None else rule, path))

    def definition(self, name: str) -> Mapping[str, Any]:
        """A rule of `$defs`."""
        rule: Mapping[str, Any] = self.document["$defs"][name]
        return rule

    def _fault(self, code: str, path: str, message: str) -> Fault:
        return fault(self._codes.get(code, code), path, message)

    def _check(self, value: Any, rule: Mapping[str, Any], path: str) -> Iterator[Fault]:
        while "$ref" in rule:
            rule = self.definition(rule["$ref"].rpartition("/")[2])
        kinds = rule.get("type", ())
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        if kinds and not isinstance(value, tuple(one for kind in kinds for one in _TYPES[kind])):
            expected = " or ".join(_NAMES[kind] for kind in kinds if kind in _NAMES)
            yield self._fault(
                WRONG_VALUE, path, f"{path or 'The document'} must be {expected}, not {_shown(value)}."
            )
        elif isinstance(value, dict):
            yield from self._check_object(value, rule, path)
        elif isinstance(value, list):
            yield from self._check_list(value, rule, path)
        elif isinstance(value, str):
            yield from self._check_text(value, rule, path)

    def _check_object(self, value: dict[str, Any], rule: Mapping[str, Any], path: str) -> Iterator[Fault]:
        known: Mapping[str, Any] = rule.get("properties", {})
        other = rule.get("additionalProperties", True)
        for key in rule.get("required", ()):
            if value.get(key) in (None, ""):
                yield self._fault(MISSING_KEY, _inside(path, key), f'{path or "The document"} lacks "{key}".')
        for key, inner in value.items():
            if key in known:
                yield from self._check(inner, known[key], _inside(path, key))
            elif other is False:
                yield self._fault(UNKNOWN_KEY, _inside(path, key), _unknown(key, known, path))
            elif isinstance(other, Mapping):
                yield from self._check(inner, other, _inside(path, key))

    def _check_list(self, value: list[Any], rule: Mapping[str, Any], path: str) -> Iterator[Fault]:
        if len(value) < rule.get("minItems", 0):
            yield self._fault(WRONG_VALUE, path, f"{path} needs at least {rule['minItems']} entries.")
        if "items" in rule:
            for place, inner in enumerate(value):
                yield from self._check(inner, rule["items"], f"{path}[{place}]")

    def _check_text(self, value: str, rule: Mapping[str, Any], path: str) -> Iterator[Fault]:
        if "enum" in rule and value not in rule["enum"]:
            words = ", ".join(str(word) for word in rule["enum"] if word is not None)
            yield self._fault(WRONG_VALUE, path, f"{path} must be one of {words}, not {_shown(value)}.")
        elif len(value) > rule.get("maxLength", 1_000_000):
            yield self._fault(WRONG_VALUE, path, f"{path} is longer than {rule['maxLength']} characters.")
        elif "pattern" in rule and not self._pattern(rule["pattern"]).search(value):
            meant = rule.get("description", "of another form")
            yield self._fault(WRONG_VALUE, path, f"{path} must be {meant}, not {_shown(value)}.")

    def _pattern(self, pattern: str) -> re.Pattern[str]:
        if pattern not in self._patterns:
            self._patterns[pattern] = re.compile(pattern, re.ASCII)
        return self._patterns[pattern]


def _inside(path: str, key: str) -> str:
    return f"{path}.{key[:60]}" if path else key[:60]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + '…"'


def _unknown(key: str, known: Mapping[str, Any], path: str) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else "."
    return f'{path or "The document"} has an unknown key "{key[:60]}"{hint}'


@cache
def masters_schema() -> Schema:
    """The schema of the masters document."""
    return Schema(_read("masters"))


@cache
def voucher_schema() -> Schema:
    """The shape of a voucher document; what its type's blueprint adds is checked by the voucher service."""
    codes = {UNKNOWN_KEY: "VCH-004", WRONG_VALUE: "VCH-004", MISSING_KEY: "VCH-004"}
    return Schema(_read("voucher"), codes)


def _read(name: str) -> Mapping[str, Any]:
    text = (RESOURCES / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document
