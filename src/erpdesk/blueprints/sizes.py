"""How large a configuration may be, looked at before anything of it is read: depth, lists, texts, characters.

Bounds are far above what a form can show and far below what could hold up a desk; each fault has the path of the
element. Versions that are stored already are not held to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.faults import Cfg, FaultList, joined

DEEPEST = 30
LONGEST_TEXT = 4_000
LONGEST_LABEL = 100
MOST = 1_000
MOST_OF: Mapping[str, int] = {
    "charges": 60, "udfs": 200, "series": 60, "field_rules": 600, "approval": 200, "header_fields": 200,
    "line_fields": 200, "options": 500, "narration_templates": 50, "voucher_types": 300, "all": 100, "any": 100,
    "visible_for_roles": 100, "visible_for_branches": 500, "base": 60,
}
"""The most elements of the lists of these names; `MOST` of any other."""
_LINES = ("\n", "\t", "\r")
_IN_LINES = frozenset({"help", "valuation_note", "narration_templates"})
"""Texts that may have lines."""


def check_sizes(document: Any, path: str, faults: FaultList) -> bool:
    """Whether the document may be read at all; what stands in the way is recorded. However deep it is, it needs no
    stack."""
    before = len(faults.found)
    waiting: list[tuple[Any, str, str, int]] = [(document, path, "", 1)]
    while waiting and len(faults.found) - before < MOST:
        value, here, name, depth = waiting.pop()
        if isinstance(value, str):
            _check_text(value, here, name, faults)
        elif isinstance(value, Mapping | list | tuple) and depth > DEEPEST:
            faults.add(Cfg.OUT_OF_RANGE, _short(here), f"the configuration is nested deeper than {DEEPEST} levels")
            return False
        elif isinstance(value, Mapping):
            waiting.extend((part, joined(here, str(key)[:60]), str(key), depth + 1)
                           for key, part in reversed(list(value.items())))
        elif isinstance(value, list | tuple):
            most = MOST_OF.get(name, MOST)
            if len(value) > most:
                faults.add(Cfg.OUT_OF_RANGE, here, f"{here} has {len(value)} elements; at most {most} are allowed")
                continue
            waiting.extend((value[place], joined(here, place), name, depth + 1)
                           for place in range(len(value) - 1, -1, -1))
    return len(faults.found) == before


def _check_text(text: str, path: str, name: str, faults: FaultList) -> None:
    most = LONGEST_LABEL if name == "label" or name.endswith("_label") else LONGEST_TEXT
    if len(text) > most:
        faults.add(Cfg.OUT_OF_RANGE, path, f"{path} has {len(text)} characters; at most {most} are allowed")
        return
    allowed = _LINES if name in _IN_LINES else ()
    if any(_is_unstorable(sign) and sign not in allowed for sign in text):
        faults.add(Cfg.WRONG_FORM, path, f"{path} holds a character that can't be stored or printed")


def _is_unstorable(sign: str) -> bool:
    """Control characters, half characters, and those that turn the direction of the text around them."""
    code = ord(sign)
    return (code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or 0x202A <= code <= 0x202E
            or 0x2066 <= code <= 0x2069)


def _short(path: str) -> str:
    return path if len(path) <= 200 else path[:199] + "…"
