"""The tab of printing: the template of a type's vouchers, chosen from those there are; the newest one drawn by it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.services.printing import PrintPage
from erpdesk.ui.configured_words import coded, say_fault
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import PrintTemplate
from erpdesk.ui.printing.paper import Sheets
from erpdesk.ui.settings.choice_editor import ChoiceEditor, Choices, in_words
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.form_tab import FormTab
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_MM_PER_INCH = 25.4


class PrintTab(FormTab):
    """The templates are read on a worker; a code that none of them has stays, and is refused when it is saved."""

    code = "print"

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        self._templates: Sequence[PrintTemplate] = ()
        self._drawn: tuple[str, str] | None = None
        super().__init__(edited, bench, parent)
        self.picture, self.word = QLabel(self), QLabel(self)
        self.picture.setObjectName("printPicture")
        self.picture.hide()
        self.word.setProperty("role", "fieldLabel")
        self.word.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.word)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        printing = bench.books.printing
        bench.session.browsing.submit(self, printing.templates, self._take, self._failed)
        self._ask()

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self._ask()

    def _ask(self) -> None:
        """The newest voucher of the type as the template shows it, drawn anew for another one."""
        code, template = self.edited.code, str(self.edited.value("print_template") or "")
        if self._drawn == (code, template) or self.edited.is_new:
            return
        self._drawn = (code, template)
        registers, printing = self.bench.books.registers, self.bench.books.printing

        def page() -> PrintPage | None:
            newest = registers.neighbour(code, forward=False)
            return printing.preview(newest, template=template) if newest else None

        self.bench.session.browsing.submit(self, page, self._show, self._not_shown)

    def _show(self, page: PrintPage | None) -> None:
        self.picture.setVisible(page is not None)
        self.word.setText(say("The newest voucher, as it would look") if page is not None
                          else say("There is no voucher of this type to show yet"))
        if page is not None:
            sheets = Sheets(page)
            inches = sheets.size_mm.height() / _MM_PER_INCH
            image = sheets.picture(0, theme().size("print_picture_height") * self.devicePixelRatioF() / inches)
            image.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(QPixmap.fromImage(image))
            edge = 2 * theme().space("hair")
            self.picture.setFixedSize(self.picture.pixmap().deviceIndependentSize().toSize() + QSize(edge, edge))

    def _not_shown(self, refusal: Refused) -> None:
        self.picture.hide()
        self.word.setText(say_fault(refusal.first))

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
        self.said.emit(coded(refusal.first))
