"""A step with a form: the editors that vouchers have, what follows from a field proposed where nothing was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.base import can_be_taken
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.first_start.forms import Asked
from erpdesk.ui.first_start.step import Step
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.header_form import HeaderForm
from erpdesk.ui.words import say


class FormStep(Step):
    """`answered` tells which field was accepted."""

    answered = Signal(str)

    def __init__(self, code: str, page: Asked, values: Mapping[str, Any], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        schema = page.schema(code)
        self.code, self.title, self.sentence = code, schema.label, with_own_keys(schema.help)
        self.draft = Draft.blank(schema, {})
        for key, raw in values.items():
            self.draft.header.put(key, raw)
        self.form = HeaderForm(schema, self.draft, surroundings, self)
        self.form.setObjectName(f"{code}Form")
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.form.finished.connect(self.finished)
        self.form.left_back.connect(self.left_back)
        self.form.not_accepted.connect(self.said)
        self.form.field_accepted.connect(self._accepted)
        self.form.field_entered.connect(self._explain)

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the form."""
        return dict(self.draft.header.values)

    @property
    def typed(self) -> dict[str, Any]:
        """What of it was typed."""
        header = self.draft.header
        return {key: raw for key, raw in header.values.items() if key not in header.certain}

    def propose(self, values: Mapping[str, Any]) -> None:
        """What holds where nothing was typed."""
        for key, raw in values.items():
            if key in self.form.editors:
                self.draft.header.supply(key, raw)
        self.form.show_values()

    def lock(self) -> None:
        """Nothing can be typed here any more."""
        self.form.lock()

    @override
    def begin(self) -> None:
        if not self.form.enter_first():
            self.setFocus()

    @override
    def take(self) -> None:
        self.form.take_all()

    @override
    def may_go_on(self) -> bool:
        if not can_be_taken(self.form.focusWidget()):
            return False
        self.take()
        values = self.draft.header.values
        missing = {field.key: Fault("", say("{field} is needed", field=field.label))
                   for field in self.draft.schema.header if field.required and values.get(field.key) in (None, "")}
        self.show_faults(missing)
        return not missing

    @override
    def show_faults(self, faults: Mapping[str, Fault]) -> None:
        here = {key: fault for key, fault in faults.items() if key in self.form.editors}
        self.form.mark(here)
        for key, fault in here.items():
            self.form.enter(key)
            self.said.emit(coded(fault))
            break

    def _accepted(self, key: str) -> None:
        self.said.emit("")
        self.answered.emit(key)

    def _explain(self, key: str) -> None:
        field = self.draft.schema.header_field(key)
        self.explained.emit(with_own_keys(field.ui.help) if field is not None else "")
