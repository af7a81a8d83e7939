"""The tab of printing: the template of a type's vouchers, chosen from those there are, and when they are printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import PrintTemplate
from erpdesk.ui.settings.choice_editor import ChoiceEditor, Choices, in_words
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.form_tab import FormTab
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.words import say


class PrintTab(FormTab):
    """The templates are read on a worker; a code that none of them has stays, and is refused when it is saved."""

    code = "print"

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._templates: Sequence[PrintTemplate] = ()
        super().__init__(edited, bench, parent)
        printing = bench.books.printing
        bench.session.browsing.submit(self, printing.templates, self._take, self._failed)

    @override
    def make_form(self) -> SettingsForm:
        known = self.bench.surroundings
        return SettingsForm(groups(self.code), self.edited, self.bench, self, makers={
            "print_template": lambda field, parent: ChoiceEditor(field, self._choices, known, parent)})

    def _choices(self) -> Choices:
        return in_words([(one.code, say("{template} (your own)", template=one.label) if one.is_own else say(one.label))
                         for one in self._templates])

    def _take(self, templates: Sequence[PrintTemplate]) -> None:
        self._templates = templates
        self.form.editors["print_template"].set_raw(None)
        self.form.show_values()

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(f"{refusal.first.code}  {refusal.first.message}")
