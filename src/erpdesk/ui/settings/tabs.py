"""The tabs of settings as rows, from left to right: what each is called, what makes it.

Tabs are made with the type being edited and the bench. The first tab that `holds` a path is asked to go there.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from PySide6.QtWidgets import QWidget

from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.words import to_say


@dataclass(frozen=True, slots=True)
class TabRow:
    """One tab. `made_by` is its class as `module:Class`, imported when first shown."""

    code: str
    label: str
    made_by: str

    def make(self, edited: EditedType, bench: Bench, parent: QWidget) -> SettingsTab:
        """The tab for a voucher type."""
        module, _, name = self.made_by.partition(":")
        tab: SettingsTab = getattr(import_module(module), name)(edited, bench, parent)
        return tab


TABS: tuple[TabRow, ...] = (
    TabRow("general", to_say("General"), "erpdesk.ui.settings.form_tab:GeneralTab"),
    TabRow("header", to_say("Header"), "erpdesk.ui.settings.form_tab:HeaderTab"),
    TabRow("lines", to_say("Lines"), "erpdesk.ui.settings.form_tab:LinesTab"),
    TabRow("charges", to_say("Charges"), "erpdesk.ui.settings.charges:ChargesTab"),
)
