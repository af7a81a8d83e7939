"""`erpdesk user …`: users added, given rights and limits in an organization, put out and let in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

import typer

from erpdesk.cli.choice import OrganizationOption, opened, opened_to_write
from erpdesk.cli.output import print_line, print_table
from erpdesk.cli.secrets import asked_password
from erpdesk.services.people import LIMIT_KEYS, Limit, Membership, PeopleService, differences, limit_of

group = typer.Typer(help="Users, their rights and limits.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The user's login name.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="user")


@group.command()
def add(
    context: typer.Context,
    name: Name,
    full_name: Annotated[str, typer.Option("--full-name", help="The name that people read.")] = "",
    existing: Annotated[
        bool, typer.Option("--existing", help="A login that the server has already; its password stays.")
    ] = False,
) -> None:
    """Add a user with a login; the password is piped in, asked for, or in ERPDESK_PASSWORD."""
    with opened_to_write(context) as desk:
        password = None if existing else asked_password(name, in_use=desk.password_in_use)
        desk.people.add(name, password, full_name)
    print_line(f"{name}: added; erpdesk user grant {name} --org CODE --role ROLE lets them in")


@group.command()
def password(context: typer.Context, name: Name) -> None:
    """Change a user's password, or one's own; the new one is piped in, asked for, or in ERPDESK_PASSWORD."""
    with opened_to_write(context) as desk:
        desk.people.set_password(name, asked_password(name, in_use=desk.password_in_use))
    print_line(f"{name}: password changed")


@group.command()
def disable(context: typer.Context, name: Name) -> None:
    """Put a user out: sessions end at once, the login is refused."""
    with opened_to_write(context) as desk:
        desk.people.set_active(name, False)
    print_line(f"{name}: disabled")


@group.command()
def enable(context: typer.Context, name: Name) -> None:
    """Let a user in again."""
    with opened_to_write(context) as desk:
        desk.people.set_active(name, True)
    print_line(f"{name}: enabled")


@group.command()
def grant(
    context: typer.Context,
    name: Name,
    org: OrganizationOption,
    role: Annotated[str, typer.Option(help="clerk, approver, accountant, admin or auditor.")] = "",
    branch: Annotated[list[str] | None, typer.Option(help="Only this branch; repeated for several; all.")] = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="Only this voucher type; repeated for several; all.")
    ] = None,
    allow: Annotated[list[str] | None, typer.Option(metavar="PERMISSION", help="Beyond the role.")] = None,
    deny: Annotated[list[str] | None, typer.Option(metavar="PERMISSION", help="Of the role, but not here.")] = None,
) -> None:
    """Make a user a member of an organization, or change what a member may do; what isn't said stays."""
    with opened_to_write(context) as desk:
        people = desk.people
        old = _membership(people, name, org)
        new_role = role or (old.role if old else "clerk")
        of_role = people.role_permissions.get(new_role, frozenset())
        held = old.permissions if old is not None and new_role == old.role else of_role
        wanted = (held | set(allow or ())) - set(deny or ())
        people.grant(name, org, new_role, branches=_chosen(branch, old.branches if old else None),
                     types=_chosen(type_, old.types if old else None),
                     permissions=None if wanted == of_role else wanted)  # fmt: skip
    more = " ".join(differences(wanted, of_role))
    print_line(f"{name}: {new_role} in {org}{' ' + more if more else ''}")


@group.command()
def revoke(context: typer.Context, name: Name, org: OrganizationOption) -> None:
    """End what a user may do in an organization."""
    with opened_to_write(context) as desk:
        desk.people.revoke(name, org)
    print_line(f"{name}: no member of {org} any more")


@group.command("list")
def list_(context: typer.Context) -> None:
    """List the users that you administer, and what they may do where."""
    with opened(context) as desk:
        of_role = desk.people.role_permissions
        rows = []
        for person in desk.people.people():
            state = "active" if person.is_active else "disabled"
            memberships: list[Membership | None] = [one for one in person.memberships if one.is_active]
            for one in memberships or [None]:
                rows.append((person.name, person.full_name, state, *_cells(one, of_role)))
    print_table(("user", "name", "state", "organization", "role", "branches", "types", "permissions"), rows)


@group.command()
def limit(
    context: typer.Context,
    name: Name,
    org: OrganizationOption,
    type_: Annotated[str, typer.Option("--type", help="Of this voucher type; else of every one.")] = "",
    enter: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Highest amount to enter; none.")] = None,
    post: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Highest amount to post; none.")] = None,
    approve: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Highest amount to approve; none.")] = None,
    back_days: Annotated[str | None, typer.Option(metavar="DAYS", help="How far back a date may lie; none.")] = None,
    forward_days: Annotated[str | None, typer.Option(metavar="DAYS", help="How far ahead; none.")] = None,
) -> None:
    """Set limits of a member, by voucher type; without a figure, list them. "none" takes a figure away."""
    typed = dict(zip(LIMIT_KEYS, (enter, post, approve, back_days, forward_days), strict=True))
    given = {key: "" if text == "none" else text for key, text in typed.items() if text is not None}
    with opened_to_write(context) as desk:
        if given:
            new = limit_of(type_ or None, given)
            old = next((one for one in _limits(desk.people, name, org) if one.type_code == (type_ or None)), Limit())
            merged = replace(old, type_code=new.type_code, **{key: getattr(new, key) for key in given})
            desk.people.set_limits(name, org, [merged])
        rows = [_limit_cells(one) for one in _limits(desk.people, name, org)]
    print_table(("type", "enter", "post", "approve", "back days", "forward days"), rows)


def _membership(people: PeopleService, name: str, org: str) -> Membership | None:
    found = next((one for one in people.people() if one.name == name), None)
    member = next((one for one in found.memberships if one.organization.casefold() == org.strip().casefold()),
                  None) if found else None  # fmt: skip
    return member if member is not None and member.is_active else None


def _limits(people: PeopleService, name: str, org: str) -> tuple[Limit, ...]:
    people.person(name)
    member = _membership(people, name, org)
    return member.limits if member is not None else ()


def _chosen(given: list[str] | None, before: tuple[str, ...] | None) -> Iterable[str] | None:
    if given is None:
        return before
    return None if given == ["all"] else given


def _cells(one: Membership | None, of_role: Any) -> tuple[str, ...]:
    if one is None:
        return "", "", "", "", ""
    return (one.organization, one.role, "all" if one.branches is None else " ".join(one.branches),
            "all" if one.types is None else " ".join(one.types),
            " ".join(differences(one.permissions, of_role.get(one.role, ()))))  # fmt: skip


def _limit_cells(one: Limit) -> tuple[str, ...]:
    figures = (getattr(one, key) for key in LIMIT_KEYS)
    return (one.type_code or "all", *("none" if value is None else format(value, "f") if not isinstance(value, int)
                                      else str(value) for value in figures))  # fmt: skip
