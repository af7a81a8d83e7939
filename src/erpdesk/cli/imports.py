"""`erpdesk import …`: masters, accounts and vouchers from files, one JSON result a line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.exports import KindOption
from erpdesk.cli.output import counted, print_json

if TYPE_CHECKING:
    from erpdesk.services.masters import MasterResult

group = typer.Typer(help="Bring in masters, accounts and vouchers.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="import")


@group.command()
def masters(
    context: typer.Context,
    file: FileArgument,
    org: OrganizationOption,
    kind: KindOption = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each, write nothing.")] = False,
) -> int:
    """Create or change masters by code: from a JSON document, or with --kind from a CSV file or workbook."""
    with opened_books(context, org, to_write=not dry_run) as books:
        files = books.master_files
        if kind:
            return _print(files.preview(kind, file) if dry_run else files.bring_in(kind, file))
        return _print(books.masters.import_file(file, rehearse=dry_run))


@group.command()
def accounts(context: typer.Context, file: FileArgument, org: OrganizationOption) -> int:
    """Create or change accounts from a table with the columns code,name,parent,type."""
    with opened_books(context, org, to_write=True) as books:
        return _print(books.masters.import_accounts(file))


def _print(results: Sequence[MasterResult]) -> int:
    for result in results:
        print_json(result.as_json())
    return 0 if all(result.ok for result in results) else 1


@group.command()
def vouchers(
    context: typer.Context,
    file: FileArgument,
    org: OrganizationOption,
    post: Annotated[bool, typer.Option("--post", help="Post what is saved.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and plan, write nothing.")] = False,
    continue_on_error: Annotated[
        bool, typer.Option("--continue-on-error", help="Go on after a refusal.")
    ] = False,
) -> int:
    """Save, and with --post post, vouchers from JSON lines, CSV or XLSX; one result a voucher."""
    from erpdesk.cli.interrupting import interrupted_between

    refused = 0
    with (
        opened_books(context, org, to_write=True) as books,
        counted(f"importing {file.name}") as advance,
        interrupted_between() as end_here,
    ):
        results = books.exchange.import_vouchers(
            file, post=post, dry_run=dry_run, continue_on_error=continue_on_error
        )
        for done, result in enumerate(results, start=1):
            print_json(result.as_json())
            refused += not result.ok
            advance(done)
            end_here()
    return 1 if refused else 0
