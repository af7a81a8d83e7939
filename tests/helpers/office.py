"""An office is the organization SHOP with people of their own: a clerk, approvers, an accountant, each at a desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from erpdesk.domain.results import Refused
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.services.desk import Books, Desk
from helpers.database import Login
from helpers.trading import CODE, Trade, accepted

PEOPLE = {
    "clerk": "clerk",
    "other": "clerk",
    "approver": "approver",
    "second": "approver",
    "accountant": "accountant",
}
"""Who works in the office, and the role of each."""


@dataclass(slots=True)
class Office:
    """SHOP, and the books of each of its people as that person's login sees them."""

    shop: Trade
    logins: dict[str, Login] = field(default_factory=dict)
    books: dict[str, Books] = field(default_factory=dict)

    def hire(self, name: str, role: str, **columns: Any) -> Books:
        """Somebody new, with a desk."""
        login = self.shop.database.make_user(name, [role])
        with self.shop.admin() as connection:
            connection.execute(
                "INSERT INTO erpdesk.organization_member (organization_id, user_name, role) VALUES (%s, %s, %s)",
                (self.shop.books.organization.id, login.name, role),
            )
        self.logins[name] = login
        for column, value in columns.items():
            self.grant(name, column, value)
        self.books[name] = Desk(self.shop.database.server(login)).books(CODE)
        return self.books[name]

    def grant(self, name: str, column: str, value: Any) -> None:
        """Sets a column of somebody's membership."""
        with self.shop.admin() as connection:
            connection.execute(
                sql.SQL("UPDATE erpdesk.organization_member SET {} = %s WHERE user_name = %s").format(
                    sql.Identifier(column)
                ),
                (value, self.logins[name].name),
            )

    def limit(self, name: str, type_code: str | None = None, **limits: Any) -> None:
        """Gives somebody limits."""
        columns = {
            "organization_id": self.shop.books.organization.id,
            "id": uuid4(),
            "user_name": self.name(name),
            "voucher_type_code": type_code,
            **limits,
        }
        with self.shop.admin() as connection:
            connection.execute(
                sql.SQL("INSERT INTO erpdesk.user_limit ({}) VALUES ({})").format(
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
                ),
                list(columns.values()),
            )

    def name(self, person: str) -> str:
        """The login's name; the local admin's for `program`."""
        return self.logins[person].name if person in self.logins else "erpdesk_local"

    def matrix(self, type_code: str, *rules: Mapping[str, Any], **columns: Any) -> None:
        """Lets a type require approval by these rules; `user` in a rule is one of the office's people."""
        rows = [
            {
                ("user_name" if key == "user" else key): (self.name(value) if key == "user" else value)
                for key, value in rule.items()
            }
            for rule in rules
        ]
        self.shop.books.configuration.import_document(
            {"voucher_types": [{"code": type_code, "requires_approval": True, "approval": rows, **columns}]}
        )

    def post(self, who: str, document: Mapping[str, Any] | str) -> PostedVoucher:
        """Somebody posts, and is not refused."""
        return accepted(self.books[who].vouchers.post(document))

    def approve(self, who: str, voucher: PostedVoucher, comment: str = "") -> PostedVoucher:
        """Somebody approves, and is not refused."""
        return accepted(self.books[who].approvals.approve(voucher.voucher_id, comment))

    def refused(self, result: Any) -> tuple[str, str]:
        """Kind and code of a refusal."""
        assert isinstance(result, Refused), f"it was done: {result.value}"
        return result.kind, result.first.code

    def status(self, voucher: PostedVoucher) -> str:
        """How the voucher stands."""
        return str(self.shop.one("SELECT status FROM erpdesk.voucher WHERE id = %s", voucher.voucher_id))

    def connect(self, who: str) -> psycopg.Connection[Any]:
        """Somebody's own connection, as psql has it."""
        return self.shop.database.connect(self.logins[who])


def open_office(shop: Trade, people: Mapping[str, str] = PEOPLE) -> Office:
    """The office of a shop."""
    office = Office(shop)
    for name, role in people.items():
        office.hire(name, role)
    return office


__all__ = ["PEOPLE", "Office", "open_office"]
