"""Users, their organizations, roles, single permissions and limits, as those who administer them see and change them.

Every change is asked of the database, which refuses what the caller may not do or give: SEC-001, SEC-006 to SEC-008,
SEC-011. Passwords come in as text, leave as verifiers, and stand in no log or message.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, Fault, ForbiddenError, InvalidRequest

if TYPE_CHECKING:
    from erpdesk.storage.server import Server

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
ROLES = ("clerk", "approver", "accountant", "admin", "auditor")
PERMISSIONS = (
    "voucher.enter", "voucher.post", "voucher.post_direct", "voucher.approve", "voucher.reverse", "voucher.cancel",
    "masters.edit", "config.edit", "period.lock", "year.close", "report.view", "report.export", "audit.view",
    "user.admin",
)  # fmt: skip
"""Every permission, in the order in which people read them."""

_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,62}")


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a member may go with vouchers of one type; None of a figure is no limit, no type every type."""

    type_code: str | None = None
    enter: Decimal | None = None
    post: Decimal | None = None
    approve: Decimal | None = None
    back_date_days: int | None = None
    forward_date_days: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the database takes it."""
        amounts = {name: None if (value := getattr(self, name)) is None else format(value, "f")
                   for name in ("enter", "post", "approve")}  # fmt: skip
        return {"type": self.type_code, **amounts, "back_date_days": self.back_date_days,
                "forward_date_days": self.forward_date_days}  # fmt: skip


LIMIT_KEYS = tuple(field.name for field in fields(Limit) if field.name != "type_code")


@dataclass(frozen=True, slots=True)
class Membership:
    """What a user may do in one organization; None of branches or types is every one."""

    organization: str
    role: str
    is_active: bool
    branches: tuple[str, ...] | None
    types: tuple[str, ...] | None
    permissions: frozenset[str]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A user. `login_is_own` says that this database made the login, and may change its password."""

    name: str
    full_name: str
    is_active: bool
    login_is_own: bool
    is_me: bool
    memberships: tuple[Membership, ...]

    def membership(self, organization: str) -> Membership | None:
        """What the user is in an organization, if anything."""
        return next((one for one in self.memberships if one.organization == organization), None)


class PeopleService:
    """Users of one database."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def people(self) -> tuple[Person, ...]:
        """The users that one may administer, by name. Raises ForbiddenError SEC-001."""
        from erpdesk.storage.people import read_people

        return tuple(_person(row) for row in read_people(self._server))

    def person(self, name: str) -> Person:
        """One of them. Raises ErpdeskError SEC-003."""
        found = next((one for one in self.people() if one.name == name), None)
        if found is None:
            raise InvalidRequest((Fault("SEC-003", f'There is no user "{name[:63]}" that you administer', "name"),))
        return found

    @cached_property
    def role_permissions(self) -> Mapping[str, frozenset[str]]:
        """What each role may do."""
        from erpdesk.storage.people import read_role_permissions

        return read_role_permissions(self._server)

    def add(self, name: str, password: str | None, full_name: str = "") -> None:
        """Makes a user and a login; without a password a login that the server has already becomes a user."""
        if not _NAME.fullmatch(name):
            raise _wrong("SEC-005", f'"{name[:63]}" can\'t be the name of a user', "name")
        self._call("user_add", {"name": name, "full_name": full_name,
                                "verifier": None if password is None else self._verifier(name, password)})  # fmt: skip

    def rename(self, name: str, full_name: str) -> None:
        """Changes the full name."""
        self._call("user_rename", {"name": name, "full_name": full_name})

    def set_password(self, name: str, password: str) -> None:
        """Changes somebody's password, or one's own."""
        from erpdesk.storage.people import set_own_password

        own = str(self._server.parameters().get("user") or "") == name
        if own and self._server.embedded is not None and self._server.target.user is None:
            raise ForbiddenError("SEC-011", "The login of this desk's own database has no password of yours")
        if own:
            _check_password(password)
            set_own_password(self._server, password)
        else:
            self._call("user_password", {"name": name, "verifier": self._verifier(name, password)})

    def set_active(self, name: str, active: bool) -> None:
        """Puts a user out - login, sessions and all - or lets him in again."""
        self._call("user_active", {"name": name, "active": active})

    def grant(self, name: str, organization: str, role: str, *, branches: Iterable[str] | None = None,
              types: Iterable[str] | None = None, permissions: Collection[str] | None = None) -> None:  # fmt: skip
        """Makes a user a member of an organization, or changes what the member may do there, all of it."""
        from erpdesk.storage.keys import text_key

        self._call("user_grant", {
            "organization": text_key(organization), "name": name, "role": role,
            "branches": None if branches is None else [text_key(code) for code in branches],
            "types": None if types is None else list(types),
            "permissions": None if permissions is None else sorted(permissions),
        })  # fmt: skip

    def revoke(self, name: str, organization: str) -> None:
        """Ends a membership."""
        from erpdesk.storage.keys import text_key

        self._call("user_revoke", {"organization": text_key(organization), "name": name})

    def set_limits(self, name: str, organization: str, limits: Iterable[Limit], *, only: bool = False) -> None:
        """Sets limits by voucher type; one without any figure is taken away, and with `only` every other one."""
        from erpdesk.storage.keys import text_key

        self._call("user_limits", {"organization": text_key(organization), "name": name, "only": only,
                                   "limits": [limit.as_json() for limit in limits]})  # fmt: skip

    def _verifier(self, name: str, password: str) -> str:
        from erpdesk.storage.people import verifier

        _check_password(password)
        return verifier(self._server, name, password)

    def _call(self, function: Any, values: Mapping[str, Any]) -> None:
        from erpdesk.storage.people import call

        call(self._server, function, values)


def limit_of(type_code: str | None, figures: Mapping[str, str]) -> Limit:
    """A limit from text by figure; empty text is no limit. Raises InvalidRequest SEC-012, the figure as its field."""
    read = {key: _days(key, text) if key.endswith("_days") else _amount(key, text) for key, text in figures.items()}
    return Limit(type_code, **read)  # type: ignore[arg-type]


def differences(permissions: Collection[str], of_role: Collection[str]) -> tuple[str, ...]:
    """What a member may do beyond the role (`+voucher.reverse`) and what of the role not (`-voucher.post`)."""
    return (*(f"+{one}" for one in PERMISSIONS if one in permissions and one not in of_role),
            *(f"-{one}" for one in PERMISSIONS if one in of_role and one not in permissions))  # fmt: skip


def _amount(key: str, text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise _wrong("SEC-012", f'"{text[:40]}" is no amount', key) from None
    if not value.is_finite() or value < 0 or value >= 10**15:
        raise _wrong("SEC-012", f'"{text[:40]}" can\'t be a limit', key)
    return value


def _days(key: str, text: str) -> int | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text.strip()):
        raise _wrong("SEC-012", f'"{text[:40]}" is no number of days', key)
    return int(text)


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or not password.isprintable():
        raise _wrong("SEC-009", f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters on one line",
                     "password")  # fmt: skip


def _wrong(code: str, message: str, field: str) -> ErpdeskError:
    return InvalidRequest((Fault(code, message, field),))


def _person(row: Mapping[str, Any]) -> Person:
    return Person(row["name"], row["full_name"], row["is_active"], row["login_is_own"], row["is_me"],
                  tuple(map(_membership, row["memberships"])))  # fmt: skip


def _membership(row: Mapping[str, Any]) -> Membership:
    def codes(found: Iterable[str] | None) -> tuple[str, ...] | None:
        return None if found is None else tuple(found)

    return Membership(row["organization"], row["role"], row["is_active"], codes(row["branches"]), codes(row["types"]),
                      frozenset(row["permissions"]), tuple(map(_limit, row["limits"])))  # fmt: skip


def _limit(row: Mapping[str, Any]) -> Limit:
    enter, post, approve = (None if row[name] is None else Decimal(row[name]) for name in ("enter", "post", "approve"))
    return Limit(row["type"], enter, post, approve, row["back_date_days"], row["forward_date_days"])
