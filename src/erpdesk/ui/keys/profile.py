"""A key profile says which chord means which action in which context; it is a data file and holds no code.

Chords are written as Qt writes them in portable text (`Ctrl+A`, `Alt+F5`, `Esc`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from erpdesk.settings import RESOURCES

_MODIFIERS = (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
              | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.MetaModifier)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class Binding:
    """One chord in one context. `bar`: printed on the button bar; `primary`: it finishes the work."""

    chord: str
    action: str
    label: str
    context: str
    bar: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class KeyProfile:
    """All bindings of one profile, in the order of the button bar."""

    name: str
    bindings: tuple[Binding, ...]
    type_keys: Mapping[str, str]

    def context(self, name: str) -> tuple[Binding, ...]:
        """The bindings of one context, in order."""
        return tuple(binding for binding in self.bindings if binding.context == name)

    def actions(self, chord: str) -> tuple[Binding, ...]:
        """What a chord is bound to, in any context."""
        return _by_chord(self).get(chord, ())

    def chord_of(self, context: str, action: str) -> str:
        """The chord of an action, or nothing."""
        return next((b.chord for b in self.bindings if b.context == context and b.action == action), "")


@cache
def _by_chord(profile: KeyProfile) -> Mapping[str, tuple[Binding, ...]]:
    found: dict[str, tuple[Binding, ...]] = {}
    for binding in profile.bindings:
        found[binding.chord] = (*found.get(binding.chord, ()), binding)
    return found


def normal_chord(written: str) -> str:
    """A chord as events name it."""
    return QKeySequence(written).toString(QKeySequence.SequenceFormat.PortableText)


def chord_of(event: QKeyEvent) -> str:
    """The chord that a key press is; nothing for a character typed with AltGr or an input method."""
    modifiers = event.modifiers() & _MODIFIERS
    text = event.text()
    if (modifiers & _ALT_GR) == _ALT_GR and text and text.isprintable():
        return ""
    key = event.key()
    if key in (0, Qt.Key.Key_unknown, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta):
        return ""
    if key == Qt.Key.Key_Enter:
        key = Qt.Key.Key_Return
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    if key == Qt.Key.Key_Backtab:
        key = Qt.Key.Key_Tab
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    combination = QKeyCombination(modifiers, Qt.Key(key))
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)


@cache
def key_profile(name: str = "tally") -> KeyProfile:
    """The profile of that name from `resources/keys`."""
    with (RESOURCES / "keys" / f"{name}.json").open(encoding="utf-8") as stream:
        content = json.load(stream)
    bindings = tuple(
        Binding(normal_chord(row["key"]), row["action"], row["label"], context, row.get("bar", False),
                row.get("primary", False))
        for context, rows in content["contexts"].items() for row in rows
    )
    type_keys = {row["type"]: normal_chord(row["key"]) for row in content["voucher_types"]}
    return KeyProfile(content["name"], bindings, type_keys)
