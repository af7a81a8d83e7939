"""`erpdesk config …`: voucher types as they are configured."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_line, print_table

group = typer.Typer(help="Voucher types.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="config")


@group.callback()
def _group() -> None:
    """Voucher types."""


@group.command()
def show(
    context: typer.Context,
    org: OrganizationOption,
    type_code: Annotated[
        str | None, typer.Option("--type", metavar="CODE", help="All of one type, as JSON.")
    ] = None,
) -> None:
    """List the voucher types, or show one whole."""
    with opened_books(context, org) as books:
        if type_code:
            document = books.configuration.blueprint(type_code).to_document()
            print_line(json.dumps(document, ensure_ascii=False, indent=1))
            return
        rows = [
            (code, one.voucher_type.label, "active" if one.voucher_type.is_active else "inactive",
             f"version {one.version}")
            for code, one in books.configuration.blueprints().items()
        ]  # fmt: skip
    print_table(("code", "label", "state", "version"), rows)
