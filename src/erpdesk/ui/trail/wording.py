"""What the audit trail says: fields by the labels of their forms, values as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from erpdesk.services import snapshots
from erpdesk.services.snapshots import Told
from erpdesk.services.trail_fields import MOMENT, actions_called, kinds_called
from erpdesk.ui.administration.rows import ListedRow
from erpdesk.ui.calendars import shown_date_short, shown_iso
from erpdesk.ui.figures import shown_text
from erpdesk.ui.words import say

_MOST_NAMED = 6
_STEP = " › "


def change_row(told: Told, grouping: str) -> ListedRow:
    """A field that differs, before and after; the name of the column beneath the pointer."""
    values = (_value(told.kind, text, grouping) for text in (told.before, told.after))
    return ListedRow(told.path, (say_field(told), *values), fact=told, tip=told.path)


def say_field(told: Told) -> str:
    """`Lines 2 › Debit`."""
    return _STEP.join(say(label) + (f" {number}" if number else "") for label, number in told.labels)


def say_changed(found: Sequence[Told]) -> str:
    """The first of the fields that an entry changed."""
    named = dict.fromkeys(say(one.labels[-1][0]) for one in found)
    return ", ".join(list(named)[:_MOST_NAMED])


def say_kind(kind: str) -> str:
    """What a kind of record is called."""
    return say(kinds_called().get(kind, kind.replace("_", " ")))


def say_action(action: str) -> str:
    """What was done."""
    return say(actions_called().get(action, action))


def kind_typed(text: str) -> str:
    """The kind of record that somebody typed: as it is called here, in English, or as the table is."""
    wanted = text.casefold()
    return next((kind for kind, label in kinds_called().items()
                 if wanted in (label.casefold(), say(label).casefold())), wanted.replace(" ", "_"))


def _value(kind: str, text: str, grouping: str) -> str:
    if not text:
        return ""
    if kind == snapshots.FLAG:
        return say("Yes") if text == "yes" else say("No")
    if kind == snapshots.CHOICE:
        return say(text)
    if kind == snapshots.DAY:
        return shown_iso(text)
    if kind == MOMENT:
        moment = datetime.fromisoformat(text)
        return f"{shown_date_short(moment.date())} {moment:%H:%M:%S}"
    return shown_text(text, _decimals(text), grouping) if kind == snapshots.FIGURE else text


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
