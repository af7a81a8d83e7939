"""`erpdesk server …` and `erpdesk profile …`: a shared server prepared, and under which name a desk reaches it."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from erpdesk.cli.choice import Choice
from erpdesk.cli.output import complain, print_fields, print_line, print_table, progress
from erpdesk.cli.secrets import asked_password

server = typer.Typer(help="A shared server.", no_args_is_help=True)
profile = typer.Typer(help="Connection profiles.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(server, name="server")
    app.add_typer(profile, name="profile")


@server.callback()
def _server() -> None:
    """A shared server."""


@server.command()
def init(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="The database to prepare, as postgresql://login@host/name."),
    ] = None,
) -> None:
    """Prepare a shared server: database, roles, privileges, row-level security; harmless to repeat.

    The login is a superuser, or one that may create roles and databases; such a login becomes the server's
    administrator."""
    from erpdesk.services.shared_server import prepare_server

    choice: Choice = context.obj or Choice()
    with progress("preparing the server") as tell:
        made = prepare_server(database or choice.database_url, None if database else choice.profile, choice.user, tell)
    print_line(f"{made.place}: {'database made, ' if made.made_database else ''}prepared, revision {made.revision}")


@profile.command()
def add(
    name: Annotated[str, typer.Argument(help="A short name for it.")],
    host: Annotated[list[str], typer.Option(help="Name or name:port; several for a server with stand-ins.")],
    user: Annotated[str, typer.Option(help="Who logs in.")],
    database: Annotated[str, typer.Option("--db", metavar="NAME", help="The database's name.")] = "erpdesk",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5432,
    sslmode: Annotated[str, typer.Option(help="verify-full, verify-ca, require, prefer or disable.")] = "",
    sslrootcert: Annotated[str, typer.Option(metavar="FILE", help="Who signs the server's certificate.")] = "",
    pgbouncer: Annotated[bool, typer.Option("--pgbouncer", help="A transaction pooler stands between.")] = False,
    keep_password: Annotated[
        bool, typer.Option("--keep-password", help="Keep the password in the keyring; piped in or asked for.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="In the place of the profile of that name.")] = False,
) -> int:
    """Add a connection profile; `erpdesk --profile NAME` works on it."""
    from erpdesk.services.profiles import add_profile

    password = asked_password(user) if keep_password else None
    values: dict[str, Any] = {"hosts": host, "port": port, "database": database, "user": user}
    values |= {key: value for key, value in (("sslmode", sslmode), ("sslrootcert", sslrootcert)) if value}
    kept = add_profile(name, values | ({"pgbouncer": True} if pgbouncer else {}), password, replace=replace)
    print_line(f"{name}: added")
    if not kept:
        complain("The password isn't kept: this machine has no keyring that keeps it.")
        return 1
    return 0


@profile.command("list")
def list_() -> None:
    """List the connection profiles, never a password."""
    from erpdesk.services.profiles import profiles

    rows = [(one.name, one.user, one.place, "password kept" if one.has_password else "") for one in profiles()]
    print_table(("profile", "user", "place", "password"), rows)


@profile.command()
def remove(name: Annotated[str, typer.Argument()]) -> None:
    """Remove a connection profile and its password."""
    from erpdesk.services.profiles import remove_profile

    remove_profile(name)
    print_line(f"{name}: removed")


@profile.command()
def test(name: Annotated[str, typer.Argument()]) -> None:
    """Log in with a profile and say what is found there."""
    from erpdesk.services.desk import open_desk

    if sys.stdin.isatty() and "ERPDESK_PASSWORD" not in os.environ:
        complain("The password is taken from the keyring.")
    with progress("logging in"), open_desk(profile=name, schema="any") as desk:
        print_fields(desk.database.status().as_json())
