"""The screens that are neither a voucher nor a report, as rows: what each is called, who may see it, what makes it.

A screen is a page made from a session, its books and a parent. What it has of the signals `wants_close`, `wants_help`,
`wants_voucher`, `wants_screen`, `keys_changed` and `said` is listened to; `start` puts the cursor where it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.words import to_say

Maker = Callable[[Session, Books, QWidget], QWidget]


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen. `made_by` imports and gives its class, when it is first opened; without the permission it isn't
    offered."""

    code: str
    label: str
    heading: str
    made_by: Callable[[], Maker]
    permission: str = ""

    def make(self, session: Session, books: Books, parent: QWidget) -> QWidget:
        """The page."""
        return self.made_by()(session, books, parent)


def _approvals() -> Maker:
    from erpdesk.ui.approvals.view import InboxView

    return InboxView


def _periods() -> Maker:
    from erpdesk.ui.periods.view import PeriodsView

    return PeriodsView


SCREENS: tuple[Screen, ...] = (
    Screen("approvals", to_say("Approvals"), to_say("Approvals"), _approvals),
    Screen("periods", to_say("Periods and Years"), to_say("Administration"), _periods, "period.lock"),
)


def screen(code: str) -> Screen:
    """The screen of a code."""
    return next(one for one in SCREENS if one.code == code)


def permitted(permissions: Iterable[str]) -> list[Screen]:
    """The screens that someone with these permissions may see."""
    held = frozenset(permissions)
    return [one for one in SCREENS if not one.permission or one.permission in held]
