"""A key profile says which chord means which action in which context; it is a data file and holds no code.

Chords are written as Qt writes them in portable text (`Ctrl+A`, `Alt+F5`, `Esc`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from erpdesk.services.named_keys import with_keys
from erpdesk.settings import RESOURCES
from erpdesk.ui.keys.own_keys import KeyFault, Own, normal_chord, read_own, write_own
from erpdesk.ui.words import say

_MODIFIERS = (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
              | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.MetaModifier)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
COMMANDING = _ALT_GR | Qt.KeyboardModifier.MetaModifier
"""Held, one of these makes a letter a command, where it isn't typed by AltGr."""


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
    faults: tuple[KeyFault, ...] = ()

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
def shipped_profile(name: str = "tally") -> KeyProfile:
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


@cache
def key_profile() -> KeyProfile:
    """The keys that hold: the shipped ones, the person's own laid over them."""
    shipped = shipped_profile()
    own, faults = read_own({(one.context, one.action): one for one in shipped.bindings})
    return overlaid(shipped, own, faults) if own or faults else shipped


def overlaid(shipped: KeyProfile, own: Own, faults: tuple[KeyFault, ...] = ()) -> KeyProfile:
    """The shipped keys with others for some actions. A key that another action of the same context has is left to
    that action, which is a fault; a key taken away is there without a chord, so that it can be given one again."""
    told = list(faults)
    taken = {(one.context, one.chord): one for one in shipped.bindings if (one.context, one.action) not in own}
    kept: Own = {}
    for (context, action), chord in own.items():
        rival = taken.get((context, chord)) if chord else None
        if rival is not None:
            told.append(KeyFault(f"{context}.{action}", say("{key} is {label} already.", key=chord,
                                                            label=say(rival.label)),
                                 say("Choose another key under “{place}”.", place=say("All keys"))))
            continue
        kept[context, action] = chord
        taken[context, chord] = next(one for one in shipped.bindings if (one.context, one.action) == (context, action))
    bindings: list[Binding] = []
    done: set[tuple[str, str]] = set()
    for one in shipped.bindings:
        where = (one.context, one.action)
        if where not in kept:
            bindings.append(one)
        elif where not in done:
            bindings.append(replace(one, chord=kept[where], bar=one.bar and bool(kept[where])))
            done.add(where)
    return KeyProfile(shipped.name, tuple(bindings), shipped.type_keys, tuple(told))


def printed(chord: str) -> str:
    """A chord as keyboards print it."""
    return chord.replace("Return", "Enter").replace("PgDown", "PgDn")


def keyed(text: str, context: str, action: str) -> str:
    """What a button or a tooltip says, its key behind it; the text alone where the action has no key."""
    chord = key_profile().chord_of(context, action)
    return f"{text}   {printed(chord)}" if chord else text


def key_name(context: str, action: str) -> str:
    """What a sentence calls the key of an action: the key, or what it does where it has none."""
    chord = key_profile().chord_of(context, action)
    if chord:
        return printed(chord)
    return f"“{say(next(one.label for one in key_profile().context(context) if one.action == action))}”"


def with_own_keys(text: str) -> str:
    """A text of `resources/` with the keys of the actions that it names."""
    known = {(one.context, one.action) for one in key_profile().bindings} if "{key:" in text else ()
    return with_keys(text, lambda context, action: key_name(context, action) if (context, action) in known else "")


def rebind(context: str, action: str, chord: str | None) -> None:
    """Gives an action another key (empty: none; None: as shipped) from now on. Raises OSError."""
    own, _ = read_own({(one.context, one.action): one for one in shipped_profile().bindings})
    if chord is None:
        own.pop((context, action), None)
    else:
        own[context, action] = chord
    write_own(own)
    key_profile.cache_clear()


def reset_all() -> None:
    """Every key as shipped. Raises OSError."""
    write_own({})
    key_profile.cache_clear()
