"""What can be done with types beyond setting them: made anew, copied, tried out, compared, switched, filed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.services.candidates import OWN
from erpdesk.ui.deciding import Decision
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.copying_to import CopyTo
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.edited_types import NEW, EditedTypes
from erpdesk.ui.settings.new_type import NewType
from erpdesk.ui.settings.preview import PreviewPane
from erpdesk.ui.settings.simulation import Simulation
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.settings.tabs_area import TabsArea
from erpdesk.ui.settings.type_files import export_type, import_type
from erpdesk.ui.settings.types_list import TypesList
from erpdesk.ui.settings.versions import Versions
from erpdesk.ui.words import say

ACTIONS = ("new", "duplicate", "switch", "simulate", "compare", "restore", "export", "import", "copy_to")


class TypesPage(Protocol):
    """What the page has that actions work with."""

    session: Session
    books: Books
    bench: Bench
    types: EditedTypes
    list: TypesList
    tabs: TabsArea
    preview: PreviewPane
    edited: EditedType | None
    said: Any

    def show_type(self, code: str) -> None: ...
    def show_over(self, widget: QWidget) -> None: ...
    def show_settings(self) -> None: ...
    def come_back(self) -> None: ...


class TypeActions(QObject):
    """Of one page, which questions are asked over."""

    def __init__(self, page: TypesPage, over: QWidget) -> None:
        super().__init__(over)
        self._page, self._over = page, over
        self.asking: NewType | None = None
        self.copying: CopyTo | None = None
        self.simulation: Simulation | None = None
        self.versions = Versions(page.session, page.books, over)
        self.versions.said.connect(page.said)
        self.versions.closed.connect(page.come_back)

    def perform(self, action: str) -> bool:
        """Do one of `ACTIONS`."""
        if action not in ACTIONS:
            return False
        self._page.tabs.commit()
        getattr(self, f"_{action}")()
        return True

    def offers(self, action: str) -> bool:
        """Whether an action makes sense for the type in sight."""
        edited = self._page.edited
        if action in ("compare", "restore"):
            return edited is not None and not edited.is_new
        if action == "simulate":
            return self._page.preview.looked is not None
        return True

    # A new one

    def _new(self, like: str = "") -> None:
        page = self._page
        types = [(one.code, say(one.label)) for one in page.types.listed() if one.code != NEW]
        self.asking = NewType(self._over, page.bench, types, page.types.codes(), page.types.stored, self._begin)
        self.asking.ask(like)

    def _duplicate(self) -> None:
        edited = self._page.edited
        if edited is not None and not edited.is_new:
            self._new(edited.code)

    def _begin(self, document: Mapping[str, Any]) -> None:
        page = self._page
        page.types.begin(document)
        page.list.show_types(page.types.listed())
        page.list.choose(NEW)
        page.show_type(NEW)
        page.tabs.bar.choose(0)
        page.tabs.start()

    def _copy_to(self) -> None:
        page, edited = self._page, self._page.edited
        others = [(one.code, one.name) for one in page.session.organizations
                  if one.code != page.books.organization.code]
        if edited is None or edited.is_new or edited.is_changed:
            page.said.emit(say("Save it first: what is saved is copied"))
        elif not others:
            page.said.emit(say("There is no other organization"))
        else:
            self.copying = CopyTo(self._over, page.bench, others, page.said.emit)
            self.copying.ask(edited.code)

    # The one in sight

    def _switch(self) -> None:
        edited = self._page.edited
        if edited is not None:
            edited.set("is_active", not edited.value("is_active"))
            self._page.said.emit(say("Switched on, not saved yet") if edited.value("is_active")
                                 else say("Switched off, not saved yet"))

    def _simulate(self) -> None:
        page = self._page
        if page.preview.looked is None:
            page.said.emit(say("There is no form to fill yet"))
            return
        self.close_simulation()
        self.simulation = Simulation(page.preview.looked, page.bench, self._over)
        self.simulation.closed.connect(self.close_simulation)
        page.show_over(self.simulation)
        self.simulation.start()

    def close_simulation(self) -> None:
        """Back to the settings."""
        if self.simulation is not None:
            simulation, self.simulation = self.simulation, None
            self._page.show_settings()
            simulation.deleteLater()

    def _compare(self) -> None:
        self._show_versions(restoring=False)

    def _restore(self) -> None:
        self._show_versions(restoring=True)

    def _show_versions(self, *, restoring: bool) -> None:
        page, edited = self._page, self._page.edited
        if edited is not None and not edited.is_new:
            shipped = page.types.origin(edited.code) != OWN
            self.versions.compare(edited, restoring=restoring, shipped=shipped)

    # Files

    def _export(self) -> None:
        page, edited = self._page, self._page.edited
        if edited is not None:
            export_type(self._over, page.session.browsing, edited.document(), page.said.emit)

    def _import(self) -> None:
        import_type(self._over, self._page.session.browsing, self._take_file, self._page.said.emit)

    def _take_file(self, document: Mapping[str, Any]) -> None:
        page, code = self._page, str(document["code"])
        if code in page.types.codes():
            page.list.choose(code)
            page.show_type(code)
            if page.edited is not None:
                page.edited.take(document)
        else:
            self._begin(document)
        page.said.emit(say("Taken from the file, not saved yet"))


def ask_before_leaving(over: QWidget, changed: Sequence[EditedType], discarded: Callable[[], object]) -> None:
    """Ask what becomes of changes that aren't saved: discarded, or gone on with (Esc, Enter)."""
    names = ", ".join(str(one.value("label") or say("New type"))[:40] for one in changed[:4])
    Decision(over, say("Leave the settings?"), say("Not saved: {types}.", types=names),
             ((say("Discard the changes"), discarded),), say("Keep editing"), "leaveQuestion").ask(keeps=True)
