"""Every permission: without it the service refuses and the database refuses raw SQL; with it both do what is asked.

The user belongs to all five groups of the server, so that no group stands in for the permission. Two have no SQL of
their own: `report.export` is reading what may be read, and without `voucher.post_direct` a voucher waits for approval.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from erpdesk.domain.results import ForbiddenError, Refused
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.services.desk import Books
from erpdesk.services.people import PERMISSIONS
from erpdesk.storage.roles import GROUPS
from helpers.office import Office, open_office
from helpers.trading import Trade, accepted, journal

ANYBODY = {"level": 1, "role": "approver"}
PARTY = {"parties": [{"code": "NEW", "name": "New", "kind": "customer"}]}
TYPE = {"voucher_types": [{"code": "JOURNAL", "label": "Journal of ours"}]}


class Walker:
    """Somebody who may do everything, or everything but one thing, and what there is to do it to."""

    def __init__(self, shop: Trade) -> None:
        self.office: Office = open_office(shop, {"clerk": "clerk"})
        self.books: Books = self.office.hire("walker", "admin")
        with shop.admin() as connection:
            connection.execute(f'GRANT {", ".join(GROUPS)} TO "{self.office.name("walker")}"'.encode())
        self.organization = shop.books.organization.id
        self.branch = shop.one("SELECT id FROM erpdesk.branch WHERE organization_id = %s", self.organization)
        self.type = shop.one("SELECT id FROM erpdesk.voucher_config_master WHERE code = 'JOURNAL'")

    def may(self, permissions: set[str]) -> None:
        """Give exactly these."""
        self.office.grant("walker", "permissions", sorted(permissions))

    def posted(self) -> PostedVoucher:
        """A voucher of somebody else's."""
        return self.office.post("clerk", journal("10"))

    def draft(self) -> PostedVoucher:
        """A draft of somebody else's."""
        saved: PostedVoucher = accepted(self.office.books["clerk"].vouchers.save(journal("10")))
        return saved

    def waiting(self, **columns: Any) -> PostedVoucher:
        """Somebody else's voucher, waiting for approval."""
        self.office.matrix("JOURNAL", ANYBODY, **columns)
        return self.posted()

    def sql(self, statement: str, *values: Any) -> str:
        """"refused", "nothing" seen or changed, or "done"; any other refusal means that the permission was there."""
        with self.office.connect("walker") as connection:
            try:
                with connection.transaction(force_rollback=True):
                    cursor = connection.execute(statement.encode(), values)
                    if cursor.description is None:
                        return "done" if cursor.rowcount else "nothing"
                    return "nothing" if cursor.fetchone() in (None, (0,)) else "done"
            except psycopg.Error as error:
                return "refused" if '"SEC-001"' in (error.diag.message_detail or "") else "done"

    def open(self, *, post: bool) -> str:
        """A voucher opened by hand."""
        return self.sql("SELECT erpdesk.posting_open(%s, %s)", self.organization, json.dumps({
            "post": post, "voucher": {"voucher_config_id": str(self.type), "branch_id": str(self.branch)}}))

    def call(self, function: str, **values: Any) -> str:
        """A function called by hand."""
        return self.sql(f"SELECT erpdesk.{function}(%s, %s)", self.organization, json.dumps(values, default=str))


SERVICE: dict[str, Callable[[Walker], Any]] = {
    "voucher.enter": lambda w: w.books.vouchers.save(journal("10")),
    "voucher.post": lambda w: w.books.vouchers.post(journal("10")),
    "voucher.approve": lambda w: w.books.approvals.approve(w.waiting().voucher_id),
    "voucher.reverse": lambda w: w.books.vouchers.reverse(str(w.posted().voucher_number), "2026-04-20", "a slip"),
    "voucher.cancel": lambda w: w.books.approvals.cancel(w.draft().voucher_id, "not wanted"),
    "masters.edit": lambda w: w.books.masters.import_masters(PARTY),
    "config.edit": lambda w: w.books.configuration.import_document(TYPE),
    "period.lock": lambda w: w.books.periods.set_state(["2026-05"], "locked"),
    "year.close": lambda w: w.books.settings.set_locked(True),
    "report.view": lambda w: w.books.reports.run("trial-balance"),
    "report.export": lambda w: w.books.reports.written("trial-balance", "csv"),
    "audit.view": lambda w: w.books.reports.run("audit"),
    "user.admin": lambda w: w.books.people.people(),
}
SQL: dict[str, Callable[[Walker], str]] = {
    "voucher.enter": lambda w: w.open(post=False),
    "voucher.post": lambda w: w.open(post=True),
    "voucher.approve": lambda w: (lambda v: w.call("approval_decide", voucher_id=v.voucher_id, decision="approved",
                                                   row_version=v.row_version))(w.waiting()),
    "voucher.reverse": lambda w: w.call("posting_reverse", of=w.posted().voucher_number, id=uuid4(), reason="a slip"),
    "voucher.cancel": lambda w: (lambda v: w.call("voucher_cancel", voucher_id=v.voucher_id,
                                                  row_version=v.row_version))(w.draft()),
    "masters.edit": lambda w: w.sql("UPDATE erpdesk.account SET name = name"),
    "config.edit": lambda w: w.sql("UPDATE erpdesk.voucher_config_master SET label = label"),
    "period.lock": lambda w: w.sql("SELECT erpdesk.set_audit_lock(%s, '2026-04-01')", w.organization),
    "year.close": lambda w: w.sql("SELECT erpdesk.set_organization_locked(%s, true)", w.organization),
    "report.view": lambda w: (w.posted(), w.sql("SELECT count(*) FROM erpdesk.journal"))[1],
    "audit.view": lambda w: w.sql("SELECT count(*) FROM erpdesk.audit_entry"),
    "user.admin": lambda w: w.sql("SELECT erpdesk.people()"),
}


def outcome(do: Callable[[], Any]) -> str:
    """What became of asking a service: "done", or the code of what refused it."""
    try:
        result = do()
    except ForbiddenError as error:
        return error.code if error.cure or "which" in error.message else "whom to ask is not said"
    if isinstance(result, tuple) and result and hasattr(result[0], "ok"):
        return "done" if all(one.ok for one in result) else str(result[0].as_json().get("code") or "SEC-001")
    if isinstance(result, Refused):
        said = result.first.message
        assert "needs the permission" in said, said
        assert "of type Journal here" in said or "voucher" not in said, said
        return result.first.code
    return "done"


def test_every_permission_is_walked() -> None:
    assert set(SERVICE) | {"voucher.post_direct"} == set(PERMISSIONS)
    assert set(SERVICE) - set(SQL) == {"report.export"}


@pytest.mark.parametrize("permission", SERVICE)
def test_the_service_asks_for(shop: Trade, permission: str) -> None:
    walker = Walker(shop)
    walker.may(set(PERMISSIONS) - {permission})
    assert outcome(lambda: SERVICE[permission](walker)) == "SEC-001"
    walker.may(set(PERMISSIONS))
    assert outcome(lambda: SERVICE[permission](walker)) == "done"


@pytest.mark.parametrize("permission", SQL)
def test_the_database_asks_for(shop: Trade, permission: str) -> None:
    walker = Walker(shop)
    walker.may(set(PERMISSIONS) - {permission})
    assert SQL[permission](walker) in ("refused", "nothing")
    walker.may(set(PERMISSIONS))
    assert SQL[permission](walker) == "done"


def test_without_the_right_to_post_at_once_a_voucher_waits(shop: Trade) -> None:
    walker = Walker(shop)
    walker.office.matrix("JOURNAL", ANYBODY, allow_direct_post=True)
    walker.may(set(PERMISSIONS) - {"voucher.post_direct"})
    assert walker.office.post("walker", journal("10")).status == "PENDING_APPROVAL"
    walker.may(set(PERMISSIONS))
    assert walker.office.post("walker", journal("10")).status == "POSTED"
