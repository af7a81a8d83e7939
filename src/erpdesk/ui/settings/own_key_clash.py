"""A voucher type's key that the person at this desk uses for something else, by keys of their own.

Other desks may use the key for the type, so that it is told and not refused; what collides everywhere is refused by
the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.faults import Cfg
from erpdesk.blueprints.shortcuts import AROUND_A_VOUCHER, normal, program_keys
from erpdesk.domain.results import Fault
from erpdesk.ui.keys.own_keys import normal_chord
from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.words import say


def own_key_faults(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is to be told of the key that a document gives its type."""
    shortcut = str(document.get("shortcut") or "")
    chord = normal_chord(shortcut)
    if not chord or not document.get("is_active") or normal(shortcut) in program_keys():
        return ()
    bound = next((one for one in key_profile().actions(chord) if one.context in AROUND_A_VOUCHER), None)
    if bound is None:
        return ()
    return (Fault(str(Cfg.KEY_TAKEN), say("{key} is {label} at this desk, by keys of your own: here it won't open "
                                          "the type while a voucher is typed", key=shortcut, label=say(bound.label)),
                  "shortcut"),)
