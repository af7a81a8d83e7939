"""A new voucher type begun: like another one, or from nothing with the kind of its lines.

What a type of each kind of lines begins with is data (`resources/settings/beginnings`), so that it posts as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.checks import TYPE_CODE
from erpdesk.blueprints.conditions import Comparison, Operator
from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option, Validators, WhenRule
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.domain.results import Fault
from erpdesk.settings import RESOURCES
from erpdesk.ui.settings.edited import whole_document
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.words import say, to_say

LIKE, LINES, LABEL, CODE = "like", "grid_kind", "label", "code"
_LONGEST_CODE, _LONGEST_LABEL = 40, 60
Begun = Callable[[Mapping[str, Any]], object]


class NewType:
    """Asks over the page; `begun` gets the document."""

    def __init__(self, page: QWidget, bench: Bench, types: Sequence[tuple[str, str]], taken: frozenset[str],
                 stored: Callable[[str], Mapping[str, Any] | None], begun: Begun) -> None:
        self._page, self._bench, self._types, self._taken = page, bench, types, taken
        self._stored, self._begun = stored, begun
        self.panel: MasterPanel | None = None

    def ask(self, like: str = "") -> None:
        """Open, the cursor in the first field."""
        self.panel = MasterPanel("voucher_type", self._form(), {LIKE: like or None, LINES: "ledger_dr_cr"},
                                 self._bench.surroundings, self._page, is_new=True)
        self.panel.call_button(say("Begin"))
        self.panel.wants_save.connect(self._take)
        self.panel.cancelled.connect(self.close)
        self.panel.begin(LABEL if like else "")

    def close(self) -> None:
        """Take the question away."""
        if self.panel is not None:
            panel, self.panel = self.panel, None
            self._page.setFocus()
            panel.hide()
            panel.deleteLater()

    def _form(self) -> MasterForm:
        kinds = next(setting.field.options for group in groups("general") for setting in group.settings
                     if setting.column == LINES)
        alone = (WhenRule(Comparison(LIKE, Operator.IS_EMPTY, False), visible=False),)
        return MasterForm("voucher_types", to_say("Voucher type"), (
            Field(LIKE, to_say("Like"), FieldType.SELECT, order=10,
                  options=tuple(Option(code, label) for code, label in self._types),
                  ui=FieldUi(width=30, help=to_say("Another type that it begins as; empty: from nothing."))),
            Field(LINES, to_say("Lines"), FieldType.SELECT, order=20, options=kinds, rules=alone,
                  ui=FieldUi(width=30, help=to_say("What a line of it is, when it begins from nothing."))),
            Field(LABEL, to_say("Name"), FieldType.TEXT, required=True, order=30,
                  validators=Validators(max_length=_LONGEST_LABEL),
                  ui=FieldUi(width=40, help=to_say("What people read on the gateway, on tabs and on paper."))),
            Field(CODE, to_say("Code"), FieldType.TEXT, order=40, validators=Validators(max_length=_LONGEST_CODE),
                  ui=FieldUi(width=40, help=to_say("What documents call it; empty: made from the name."))),
        ))

    def _take(self, values: Mapping[str, Any]) -> None:
        label = str(values.get(LABEL) or "").strip()
        code = str(values.get(CODE) or "").strip().upper() or code_of(label)
        faults = self._faults(label, code)
        if faults:
            assert self.panel is not None
            self.panel.show_faults(faults)
            return
        like = str(values.get(LIKE) or "")
        source = self._stored(like) if like else None
        document = ({**source, "version": 0, "shortcut": ""} if source is not None
                    else beginning(str(values.get(LINES) or "ledger_dr_cr")))
        self.close()
        self._begun({**document, "code": code, "label": label, "is_active": True,
                     "number_prefix": prefix_of(label)})

    def _faults(self, label: str, code: str) -> list[Fault]:
        if not label:
            return [Fault("CFG-005", say("It needs a name"), LABEL)]
        if not TYPE_CODE.fullmatch(code):
            return [Fault("CFG-003", say("A code is capital letters, digits and underscores"), CODE)]
        if code in self._taken:
            return [Fault("CFG-006", say("There is a voucher type {code} already", code=code), CODE)]
        return []


def code_of(label: str) -> str:
    """The code that a name suggests."""
    return re.sub(r"[^A-Z0-9]+", "_", label.upper()).strip("_")[:_LONGEST_CODE]


def prefix_of(label: str) -> str:
    """The beginning of its numbers that a name suggests: initials and the fiscal year."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", label))[:4].upper()
    return f"{initials or 'V'}/{{FYS}}/"


def beginning(kind: str) -> dict[str, Any]:
    """The document that a type of a kind of lines begins with."""
    return whole_document({LINES: kind, **_beginnings()[kind]})


@cache
def _beginnings() -> Mapping[str, Mapping[str, Any]]:
    content: dict[str, dict[str, Any]] = json.loads(
        (RESOURCES / "settings" / "beginnings" / "kinds.json").read_text(encoding="utf-8"))
    return content


