"""The screens that are neither a voucher nor a report, as rows: what each is called, who may see it, what makes it.

A screen is a page made from a session, its books and a parent. What it has of the signals `wants_close`, `wants_help`,
`wants_voucher`, `wants_screen`, `keys_changed` and `said` is listened to; `start` puts the cursor where it begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtWidgets import QWidget

from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.words import to_say


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen. `made_by` is its class as `module:Class`, imported when first opened; without the permission it
    isn't offered."""

    code: str
    label: str
    heading: str
    made_by: str
    permission: str = ""

    def make(self, session: Session, books: Books, parent: QWidget) -> QWidget:
        """The page."""
        module, _, name = self.made_by.partition(":")
        page: QWidget = getattr(import_module(module), name)(session, books, parent)
        return page


SCREENS: tuple[Screen, ...] = (
    Screen("approvals", to_say("Approvals"), to_say("Approvals"), "erpdesk.ui.approvals.view:InboxView"),
)


def screen(code: str) -> Screen:
    """The screen of a code."""
    return next(one for one in SCREENS if one.code == code)


def permitted(permissions: Iterable[str]) -> list[Screen]:
    """The screens that someone with these permissions may see."""
    held = frozenset(permissions)
    return [one for one in SCREENS if not one.permission or one.permission in held]
