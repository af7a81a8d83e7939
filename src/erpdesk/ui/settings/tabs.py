"""The tabs of settings as rows, from left to right: what each is called, and its class.

Tabs are made with the type being edited and the bench. The first tab that `holds` a path is asked to go there.
"""

from __future__ import annotations

from dataclasses import dataclass

from erpdesk.ui.settings.access import AccessTab
from erpdesk.ui.settings.approval import ApprovalTab
from erpdesk.ui.settings.charges import ChargesTab
from erpdesk.ui.settings.form_tab import GeneralTab, HeaderTab, LinesTab
from erpdesk.ui.settings.key_path import KeyPathTab
from erpdesk.ui.settings.numbering import NumberingTab
from erpdesk.ui.settings.printing import PrintTab
from erpdesk.ui.settings.tab import SettingsTab
from erpdesk.ui.settings.user_fields import UserFieldsTab
from erpdesk.ui.words import to_say


@dataclass(frozen=True, slots=True)
class TabRow:
    """One tab."""

    code: str
    label: str
    made_by: type[SettingsTab]


TABS: tuple[TabRow, ...] = (
    TabRow("general", to_say("General"), GeneralTab),
    TabRow("header", to_say("Header"), HeaderTab),
    TabRow("lines", to_say("Lines"), LinesTab),
    TabRow("charges", to_say("Charges"), ChargesTab),
    TabRow("user_fields", to_say("User fields"), UserFieldsTab),
    TabRow("key_path", to_say("Key path"), KeyPathTab),
    TabRow("numbering", to_say("Numbering"), NumberingTab),
    TabRow("approval", to_say("Approval"), ApprovalTab),
    TabRow("print", to_say("Print"), PrintTab),
    TabRow("access", to_say("Access"), AccessTab),
)
