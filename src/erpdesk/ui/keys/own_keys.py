"""A person's own keys: `keys.json` in the home, laid over the shipped profile by context and action.

    {"keys": [{"context": "voucher", "action": "accept", "key": "Ctrl+Return"},
              {"context": "window", "action": "quit", "key": ""}]}

An empty key takes the action's key away. What can't be taken is left out and told, with its place and what to do;
all else holds. Files of a newer shipped profile meet it without loss: what isn't named is as shipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence

from erpdesk.settings import home
from erpdesk.ui.words import say

NAME = "keys.json"
_LONGEST = 200_000
Own = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class KeyFault:
    """What is wrong with `keys.json`: where, what, and what to do."""

    place: str
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{NAME} {self.place}: {self.message} {self.cure}".replace("  ", " ")


def own_file() -> Path:
    """Where the person's keys are, or would be."""
    return home() / NAME


def read_own(actions: Mapping[tuple[str, str], object]) -> tuple[Own, tuple[KeyFault, ...]]:
    """The person's keys by context and action, normal chords; and what couldn't be taken. Never raises."""
    faults: list[KeyFault] = []
    rows = _rows(own_file(), faults)
    own: Own = {}
    for number, row in enumerate(rows):
        place = f"keys[{number}]"
        if not isinstance(row, Mapping) or not all(isinstance(row.get(name), str)
                                                   for name in ("context", "action", "key")):
            faults.append(KeyFault(place, say("a row has context, action and key, each a text."),
                                   say("Write it so, or choose keys under “{place}”.", place=say("All keys"))))
            continue
        where = (row["context"], row["action"])
        chord = normal_chord(row["key"])
        if where not in actions:
            faults.append(KeyFault(place, say("there is no action {action} in {context}.", action=where[1][:40],
                                              context=where[0][:40]), say("Take the row out.")))
        elif row["key"].strip() and not chord:
            faults.append(KeyFault(place, say("{key} is no key.", key=row["key"][:40]),
                                   say("Write it like Ctrl+Shift+F8.")))
        else:
            own[where] = chord
    return own, tuple(faults)


def _rows(file: Path, faults: list[KeyFault]) -> Iterable[Any]:
    if not file.is_file():
        return ()
    cure = say("Mend the file or take it away; the shipped keys hold.")
    try:
        text = file.read_text(encoding="utf-8")
        content = json.loads(text) if len(text) <= _LONGEST else None
    except (OSError, ValueError, RecursionError) as error:
        faults.append(KeyFault("", say("can't be read: {reason}.", reason=str(error)[:120]), cure))
        return ()
    rows = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(rows, list):
        faults.append(KeyFault("", say('holds no list "keys".'), cure))
        return ()
    return rows


def write_own(own: Own) -> None:
    """Keeps the person's keys; none at all take the file away. Raises OSError."""
    file = own_file()
    if not own:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"context": context, "action": action, "key": key} for (context, action), key in own.items()]
    partial = file.with_suffix(".new")
    partial.write_text(json.dumps({"keys": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(file)


def normal_chord(written: str) -> str:
    """A chord as events name it; nothing for what is none."""
    sequence = QKeySequence(written)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText) if sequence.count() == 1 else ""
