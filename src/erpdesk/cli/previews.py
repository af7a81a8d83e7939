"""`erpdesk voucher preview` and `validate`: what posting would do, and whether it could; nothing is written."""

from __future__ import annotations

from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_json
from erpdesk.cli.vouchers import group

Named = Annotated[
    str, typer.Argument(metavar="FILE|ID", help="A file of vouchers, or a saved one: id, number, key:…")
]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the group of voucher commands."""
    del app
    group.command()(preview)
    group.command()(validate)


def preview(context: typer.Context, named: Named, org: OrganizationOption) -> int:
    """Show journal, stock and totals that posting would make, one JSON line a voucher."""
    return _print(context, named, org, whole=True)


def validate(context: typer.Context, named: Named, org: OrganizationOption) -> int:
    """Say whether vouchers could be posted now, and every fault if not, one JSON line a voucher."""
    return _print(context, named, org, whole=False)


def _print(context: typer.Context, named: str, org: str, *, whole: bool) -> int:
    from erpdesk.services.previews import previews

    refused = 0
    with opened_books(context, org) as books:
        for result in previews(books.vouchers, named):
            print_json(result.as_json(whole=whole))
            refused += not result.ok
    return 1 if refused else 0
