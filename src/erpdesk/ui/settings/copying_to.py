"""A saved voucher type copied into another organization of the person's: asked where to, under which code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option, Validators
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.words import say, to_say

WHERE, CODE, REPLACE = "organization", "code", "replace"


class CopyTo:
    """Asks over the page; `said` is told what became of it."""

    def __init__(self, page: QWidget, bench: Bench, organizations: Sequence[tuple[str, str]],
                 said: Callable[[str], object]) -> None:
        self._page, self._bench, self._organizations, self._said = page, bench, organizations, said
        self.panel: MasterPanel | None = None
        self._type = ""

    def ask(self, type_code: str) -> None:
        """Open, the cursor in the first field."""
        self._type = type_code
        form = MasterForm("voucher_types", to_say("Copy"), (
            Field(WHERE, to_say("Organization"), FieldType.SELECT, required=True, order=10,
                  options=tuple(Option(code, name) for code, name in self._organizations),
                  ui=FieldUi(width=30, help=to_say("Where the type is to be as well."))),
            Field(CODE, to_say("Code"), FieldType.TEXT, order=20, validators=Validators(max_length=40),
                  ui=FieldUi(width=30, help=to_say("What documents call it there; empty: the same code."))),
            Field(REPLACE, to_say("Replace"), FieldType.BOOLEAN, order=30,
                  ui=FieldUi(width=6, help=to_say("A type of that code there becomes like this one."))),
        ))
        self.panel = MasterPanel("voucher_type", form, {CODE: type_code}, self._bench.surroundings, self._page,
                                 is_new=True)
        self.panel.call_button(say("Copy"))
        self.panel.wants_save.connect(self._take)
        self.panel.cancelled.connect(self.close)
        self.panel.begin()

    def close(self) -> None:
        """Take the question away."""
        if self.panel is not None:
            panel, self.panel = self.panel, None
            self._page.setFocus()
            panel.hide()
            panel.deleteLater()

    def _take(self, values: Mapping[str, Any]) -> None:
        panel, where = self.panel, str(values.get(WHERE) or "")
        if panel is None:
            return
        if not where:
            panel.show_faults([Fault("CFG-005", say("It needs an organization"), WHERE)])
            return
        versions, kind, code = self._bench.books.blueprint_versions, self._type, str(values.get(CODE) or "").strip()
        replace = values.get(REPLACE) is True
        self._bench.session.requests.submit(
            panel, lambda: versions.copy_to(kind, where, code or None, replace_existing=replace),
            lambda made: self._copied(made.code, where), self._refused)

    def _copied(self, code: str, where: str) -> None:
        self.close()
        self._said(say("{type} is in {organization} now", type=code, organization=where))

    def _refused(self, refusal: Refused) -> None:
        if self.panel is not None:
            self.panel.show_faults(refusal.faults)
