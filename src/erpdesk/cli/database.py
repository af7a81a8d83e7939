"""`erpdesk db …`: the state of the database, its upgrade, its verification, its stop."""

from __future__ import annotations

import typer

from erpdesk.cli.choice import Choice, opened
from erpdesk.cli.output import complain, print_fields, print_line, progress

group = typer.Typer(help="The database: status, upgrade, verify, stop.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="db")


@group.command()
def status(context: typer.Context) -> None:
    """Say which database is open and whether its schema fits this program."""
    with opened(context, schema="any") as desk:
        print_fields(desk.database.status().as_json())


@group.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema to what this program needs."""
    with opened(context, schema="any") as desk, progress("upgrading the database"):
        found = desk.database.upgrade()
    print_line(f"schema {found.schema}: revision {found.revision}")


@group.command()
def verify(context: typer.Context) -> int:
    """Check every invariant over the whole database, one line each; exit 1 when one fails."""
    with opened(context) as desk:
        failed = 0
        for check in desk.database.verify():
            print_line(check.line)
            failed += not check.ok
    if failed:
        complain(f"{failed} of the checks failed.")
    return 1 if failed else 0


@group.command()
def stop(context: typer.Context) -> None:
    """Stop this home's embedded server."""
    from erpdesk.services.database import stop_embedded

    choice: Choice = context.obj
    if choice.database_url or choice.profile:
        raise typer.BadParameter("only the embedded server can be stopped: leave out --database, --profile")
    with progress("stopping the database") as tell:
        stopped = stop_embedded(tell)
    print_line("the embedded server is stopped" if stopped else "no embedded server was running")
