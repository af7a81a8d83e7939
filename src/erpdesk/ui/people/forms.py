"""The forms in which users, passwords, memberships and limits are typed, as fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from erpdesk.blueprints.fields import Align, Field, FieldType, FieldUi, KeyPath, Option
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.domain.organization import BranchInfo
from erpdesk.services.people import LIMIT_KEYS, ROLES, Limit, Membership, Person
from erpdesk.ui.people.wording import ROLE_LABELS
from erpdesk.ui.ports import VoucherTypeInfo
from erpdesk.ui.words import to_say

EVERY = "*"
"""Stands for every voucher type in the form of a limit."""

SECRET = "password"
_ALL = to_say("all; type to search, Space ticks")
_STOPS = KeyPath(skip_when_certain=False)


def _text(key: str, label: str, width: int, *, required: bool = False, hint: str = "", readonly: bool = False) -> Field:
    return Field(key, label, FieldType.TEXT, required=required, key_path=_STOPS,
                 ui=FieldUi(width=width, placeholder=hint, help=hint, readonly=readonly))


_FULL_NAME = _text("full_name", to_say("Name"), 30)
_PASSWORD = _text(SECRET, to_say("Password"), 24, required=True)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a member may be held to: branches and voucher types of the organization."""

    branches: tuple[Option, ...]
    types: tuple[Option, ...]

    def with_those_of(self, member: Membership | None) -> Offered:
        """What a member is held to stays to be chosen, though it is offered to nobody else any more."""
        if member is None:
            return self
        return Offered(_with(self.branches, member.branches), _with(self.types, member.types))


def offered(branches: Iterable[BranchInfo], types: Iterable[VoucherTypeInfo]) -> Offered:
    """The branches and types of an organization as choices."""
    return Offered(tuple(Option(one.code, one.name) for one in branches),
                   tuple(Option(kind.code, kind.label) for kind in types))


def _with(options: tuple[Option, ...], codes: tuple[str, ...] | None) -> tuple[Option, ...]:
    known = {option.value for option in options}
    return (*options, *(Option(code, code) for code in codes or () if code not in known))


def _rights(choices: Offered) -> tuple[Field, ...]:
    """Role, branches and voucher types; none ticked is all of them."""
    look = FieldUi(width=36, placeholder=_ALL, help=_ALL)
    return (
        Field("role", to_say("Role"), FieldType.SELECT, required=True, ui=FieldUi(width=16), key_path=_STOPS,
              options=tuple(Option(role, ROLE_LABELS[role]) for role in ROLES)),
        Field("branches", to_say("Branches"), FieldType.SELECT, many=True, ui=look, key_path=_STOPS,
              options=choices.branches),
        Field("types", to_say("Voucher types"), FieldType.SELECT, many=True, ui=look, key_path=_STOPS,
              options=choices.types),
    )


def new_user(choices: Offered) -> MasterForm:
    """A user, the first password, and what the user may do here."""
    return MasterForm("users", to_say("User"), (_text("name", to_say("User"), 24, required=True), _FULL_NAME, _PASSWORD,
                                        *_rights(choices)), code_key="name")


def rights(choices: Offered) -> MasterForm:
    """What a user is called, and may do here."""
    return MasterForm("users", to_say("User"), (_text("name", to_say("User"), 24, readonly=True), _FULL_NAME,
                                        *_rights(choices)), code_key="name")


def new_password() -> MasterForm:
    """Another password for a user."""
    return MasterForm("users", to_say("Password"), (_text("name", to_say("User"), 24, readonly=True), _PASSWORD),
                      code_key="name")


def rights_of(person: Person, member: Membership | None) -> dict[str, Any]:
    """The values of the rights' form."""
    return {"name": person.name, "full_name": person.full_name, "role": member.role if member else None,
            "branches": list(member.branches or ()) or None if member else None,
            "types": list(member.types or ()) or None if member else None}


def limit_form(types: Iterable[VoucherTypeInfo]) -> MasterForm:
    """A limit: of one voucher type or of all, up to five figures."""
    labels = (to_say("Highest amount to enter"), to_say("Highest amount to post"), to_say("Highest amount to approve"),
              to_say("Days a date may lie back"), to_say("Days a date may lie ahead"))
    kinds = tuple(Option(kind.code, kind.label) for kind in types)
    figures = tuple(
        Field(key, label, FieldType.INTEGER if key.endswith("_days") else FieldType.DECIMAL, key_path=_STOPS,
              ui=FieldUi(width=16, align=Align.RIGHT)) for key, label in zip(LIMIT_KEYS, labels, strict=True))
    return MasterForm("limits", to_say("Limit"), (
        Field("type_code", to_say("Voucher type"), FieldType.SELECT, required=True, ui=FieldUi(width=28),
              key_path=_STOPS, options=(Option(EVERY, to_say("Every voucher type")), *kinds)), *figures),
                      code_key="type_code")


def limit_values(limit: Limit) -> dict[str, Any]:
    """The values of the limit's form."""
    values: dict[str, Any] = {"type_code": limit.type_code or EVERY}
    for key in LIMIT_KEYS:
        value = getattr(limit, key)
        values[key] = None if value is None else value if isinstance(value, int) else format(value, "f")
    return values
