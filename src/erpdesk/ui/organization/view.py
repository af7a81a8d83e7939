"""The organization itself in a form generated from its settings: names, tax numbers, calendar, grouping, stock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.vocabulary import Category, GridKind
from erpdesk.domain.results import Fault, Refused
from erpdesk.services.settings_of_organization import TAX_NUMBER, SettingShape, shapes
from erpdesk.ui.configured_words import coded, schema_in_language
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.voucher.header_form import HeaderForm
from erpdesk.ui.words import LANGUAGES, say, to_say

LABELS = {
    "name": to_say("Name"), "legal_name": to_say("Legal name"), "kind": to_say("Kind"), "address": to_say("Address"),
    "time_zone": to_say("Time zone"), "language": to_say("Language"), "calendar": to_say("Calendar"),
    "digit_grouping": to_say("Digit grouping"), "negative_stock": to_say("Stock below zero"),
}
CHOICES = {
    "gregorian": to_say("Gregorian"), "bikram_sambat": to_say("Bikram Sambat"), "western": to_say("1,234,567"),
    "lakh": to_say("12,34,567"), "allow": to_say("Allowed"), "refuse": to_say("Refused"),
}
_NUMBERS = ("PAN", "VAT")
"""Tax numbers that have a field even where none is stored yet."""
_TAX_KEY = "tax_number_"


class OrganizationView(KeyedPage):
    """The page."""

    key_context = "organization"
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("organizationView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Organization"))
        self.session, self.books = session, books
        self.draft: Draft | None = None
        self.form: HeaderForm | None = None
        self.path: EntryPath | None = None
        self.stored: dict[str, str] = {}
        self.word = plain(QLabel(self))
        self.save_button = AcceptButton("", self)
        print_key(self.save_button, say("Save"), self.key_context, "save")
        self._room = QVBoxLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("medium"))
        layout.addWidget(dress_title(QLabel(say("Organization"), self)))
        layout.addLayout(self._room)
        last = QHBoxLayout()
        self.word.setObjectName("masterFault")
        self.word.setFixedHeight(theme().size("banner_height"))
        self.save_button.setObjectName("organizationSaveButton")
        self.save_button.setProperty("role", "primary")
        self.save_button.setFixedHeight(theme().size("banner_height"))
        self.save_button.clicked.connect(self.save)
        last.addWidget(self.word, 1)
        last.addWidget(self.save_button)
        layout.addLayout(last)
        layout.addStretch(1)

    # Reading

    def start(self) -> None:
        """Read the settings, the cursor in the first field."""
        if self.form is None:
            self.refresh()
        else:
            self.come_back()

    def come_back(self) -> None:
        """The cursor to where it was."""
        if self.form is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        last = self.form.focusWidget()
        if last is not None and self.isAncestorOf(last):
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.path is not None:
            self.path.start()

    def refresh(self) -> None:
        """Read everything anew; what was typed and not saved goes."""
        settings = self.books.settings
        self.session.browsing.submit(self, settings.all, self._show, self._failed)

    def _show(self, found: Mapping[str, str]) -> None:
        self.stored = {_form_key(key): value for key, value in found.items()}
        names = sorted({key.removeprefix(TAX_NUMBER) for key in found if key.startswith(TAX_NUMBER)} | {*_NUMBERS})
        fields = (*(_field(shape) for shape in shapes()), *(_number(name) for name in names))
        schema = schema_in_language(UiSchema("organization", say("Organization"), 1, Category.ACCOUNTING,
                                             GridKind.LEDGER_DR_CR, fields, ()))
        organization = self.books.organization
        self.draft = Draft.of(schema, {field.key: self.stored.get(field.key) or None for field in fields})
        surroundings = Surroundings(self.session.lookups, LookupPopup(self), self.session.today,
                                    self.session.working_date, organization.currency_decimals,
                                    organization.digit_grouping)
        if self.form is not None:
            self.form.deleteLater()
        self.form = HeaderForm(schema, self.draft, surroundings, self, has_context=False)
        self.form.not_accepted.connect(self.word.setText)
        self.form.field_accepted.connect(lambda _key: self.word.setText(""))
        self._room.addWidget(self.form)
        self.path = EntryPath([self.form, self.save_button], self)
        self.path.start()

    # Saving

    def typed(self) -> dict[str, str]:
        """What differs from what is stored, by key of the form."""
        if self.form is None or self.draft is None:
            return {}
        self.form.take_all()
        document = self.draft.document()
        now = {field.key: str(document.get(field.key) or "") for field in self.form.schema.header}
        return {key: value for key, value in now.items() if value != self.stored.get(key, "")}

    def save(self) -> None:
        """Save all that was changed, or say at each field what is wrong."""
        changed = {_setting(key): value for key, value in self.typed().items()}
        if not changed:
            self.said.emit(say("Nothing was changed"))
            return
        settings = self.books.settings
        self.session.requests.submit(self, lambda: settings.save(changed), self._saved, self._failed)

    def _saved(self, faults: Sequence[Fault]) -> None:
        assert self.form is not None
        if not faults:
            self.said.emit(say("Saved. Other desks see it when they open the organization again."))
            self.refresh()
            return
        by_field = {_form_key(fault.field): fault for fault in faults}
        first = faults[0]
        self.word.setText(coded(first))
        self.form.mark(by_field)
        self.form.enter(_form_key(first.field))

    def _failed(self, refusal: Refused) -> None:
        self.word.setText(coded(refusal.first))

    # Keys

    def leave(self) -> None:
        """Close the page, asking first when something typed would be lost."""
        if not self.typed():
            self.wants_close.emit()
            return
        Question(self, say("Leave without saving?"), say("What you changed here is not saved."),
                 say("Leave without saving"), lambda _day, _reason: self.wants_close.emit(),
                 needs_reason=False, asks_reason=False).ask()

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        return {"save": self.save, "refresh": self.refresh, "leave": self.leave}


def _field(shape: SettingShape) -> Field:
    options = tuple(Option(word, CHOICES[word]) for word in shape.choices)
    if shape.key == "language":
        options = tuple(Option(code, name) for code, (name, _) in LANGUAGES.items())
    kind = FieldType.SELECT if options else FieldType.TEXTAREA if shape.is_long else FieldType.TEXT
    return Field(shape.key, LABELS[shape.key], kind, required=shape.is_required, options=options,
                 ui=FieldUi(width=40 if shape.key in ("name", "legal_name") or shape.is_long else 22))


def _number(name: str) -> Field:
    return Field(f"{_TAX_KEY}{name}", name, FieldType.TEXT, ui=FieldUi(width=22))


def _form_key(key: str) -> str:
    """A setting's key as a field's."""
    return key.replace(TAX_NUMBER, _TAX_KEY)


def _setting(key: str) -> str:
    return key.replace(_TAX_KEY, TAX_NUMBER)
