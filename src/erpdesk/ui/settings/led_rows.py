"""A tab of rows led by settings of the type itself: they stand as the first line of the list, with a form of their own.

Beneath both there is room for what the settings come to.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.settings.edited import EditedType, steps_of
from erpdesk.ui.settings.form import MakeOwn, SettingsForm
from erpdesk.ui.settings.form_tab import scrolled
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import theme


class LedRowsTab(RowsTab):
    """`lead_form_name` is the form of the first line; subclasses name the line and make the room beneath."""

    lead_form_name = ""

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self.rows.setCurrentRow(0)
        self._turn()

    @override
    def make_form(self) -> SettingsForm:
        self.lead_form = SettingsForm(groups(self.lead_form_name), self.edited, self.bench, self,
                                      makers=self.makers())
        self.lead_area = scrolled(self.lead_form, self)
        self.lead_form.finished.connect(self._next_row)
        self.lead_form.left_back.connect(self.rows.setFocus)
        self.lead_form.not_accepted.connect(self.said)
        return SettingsForm(groups(self.form_name), self.edited, self.bench, self, self._path_of, self.makers())

    def makers(self) -> Mapping[str, MakeOwn]:
        """Editors of settings that have one of their own, in either form."""
        return {}

    def make_foot(self) -> QWidget:
        """What the settings come to."""
        return QWidget(self)

    @override
    def _lay_out(self) -> None:
        super()._lay_out()
        layout = self.layout()
        assert layout is not None
        self.rows.setFixedHeight(theme().size("settings_few_rows"))
        layout.addWidget(self.lead_area)
        self.foot = self.make_foot()
        layout.addWidget(self.foot)

    def _turn(self) -> None:
        """The form of the line here."""
        leads = self.here() < 0
        self.lead_area.setVisible(leads)
        self.area.setVisible(not leads)
        if self.rows.count() and self.rows.item(0).text() != self.lead_rows()[0]:
            self.rows.item(0).setText(self.lead_rows()[0])

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self.lead_form.show_values()
        self._turn()

    @override
    def show_faults(self) -> None:
        super().show_faults()
        self.lead_form.show_faults()
        if self.rows.count():
            item = self.rows.item(0)
            font = item.font()
            font.setBold(any(self.edited.faults_at(column) for column in self.lead_form.settings))
            item.setFont(font)

    @override
    def _row_changed(self, _row: int) -> None:
        super()._row_changed(_row)
        self._turn()

    @override
    def enter_form(self) -> None:
        (self.form if self.here() >= 0 else self.lead_form).enter_first()

    @override
    def holds(self, path: str) -> bool:
        return super().holds(path) or str(steps_of(path)[0] if path else "") in self.lead_form.settings

    @override
    def go_to(self, path: str) -> bool:
        column = str(steps_of(path)[0])
        if column in self.lead_form.settings:
            self.form.take_all()
            self.rows.setCurrentRow(0)
            return self.lead_form.enter(column)
        return super().go_to(path)

    @override
    def commit(self) -> None:
        super().commit()
        self.lead_form.take_all()
