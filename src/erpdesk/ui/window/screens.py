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


def _masters(kind: str, label: str, permission: str = "masters.edit") -> Screen:
    """The list of a kind of masters."""
    def made_by() -> Maker:
        from erpdesk.ui.masters.view import MasterView

        return lambda session, books, parent: MasterView(session, books, parent, kind)

    return Screen(f"masters.{kind}", label, to_say("Masters"), made_by, permission)


def _trail() -> Maker:
    from erpdesk.ui.trail.view import TrailView

    return TrailView


def _voucher_types() -> Maker:
    from erpdesk.ui.settings.page import SettingsPage

    return SettingsPage


def _users() -> Maker:
    from erpdesk.ui.people.view import UsersView

    return UsersView


def _roles() -> Maker:
    from erpdesk.ui.people.roles_view import RolesView

    return RolesView


def _posting_log() -> Maker:
    from erpdesk.ui.metrics.view import PostingLogView

    return PostingLogView


def _organization() -> Maker:
    from erpdesk.ui.organization.view import OrganizationView

    return OrganizationView


SCREENS: tuple[Screen, ...] = (
    Screen("approvals", to_say("Approvals"), to_say("Approvals"), _approvals),
    _masters("account", to_say("Accounts")), _masters("party", to_say("Parties")),
    _masters("item", to_say("Items")), _masters("item_group", to_say("Item groups")),
    _masters("uom", to_say("Units")), _masters("warehouse", to_say("Warehouses")),
    _masters("bin", to_say("Bins")), _masters("batch", to_say("Batches")),
    _masters("serial", to_say("Serial numbers")), _masters("price_list", to_say("Price lists")),
    _masters("cost_centre", to_say("Cost centres")), _masters("tax_class", to_say("Tax classes")),
    _masters("currency", to_say("Currencies")), _masters("branch", to_say("Branches"), "config.edit"),
    Screen("voucher_types", to_say("Voucher types"), to_say("Administration"), _voucher_types, "config.edit"),
    Screen("users", to_say("Users"), to_say("Administration"), _users, "user.admin"),
    Screen("roles", to_say("Roles"), to_say("Administration"), _roles, "user.admin"),
    Screen("organization", to_say("Organization"), to_say("Administration"), _organization, "config.edit"),
    Screen("periods", to_say("Periods and Years"), to_say("Administration"), _periods, "period.lock"),
    Screen("trail", to_say("Audit Trail by Field"), to_say("Administration"), _trail, "audit.view"),
    Screen("posting_log", to_say("Posting Metrics and Log"), to_say("Administration"), _posting_log, "audit.view"),
)


def screen(code: str) -> Screen:
    """The screen of a code."""
    return next(one for one in SCREENS if one.code == code)


def permitted(permissions: Iterable[str]) -> list[Screen]:
    """The screens that someone with these permissions may see."""
    held = frozenset(permissions)
    return [one for one in SCREENS if not one.permission or one.permission in held]
