"""`erpdesk config path …`: how the cursor goes through a voucher, for the site, a role or a user."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.configuration import group as configuration
from erpdesk.cli.output import print_json, print_line, print_refusal
from erpdesk.domain.results import ErpdeskError, NoDatabaseError

group = typer.Typer(help="Overrides of the key path; upgrades never touch them.", no_args_is_help=True)
configuration.add_typer(group, name="path")

TypeOption = Annotated[str, typer.Option("--type", metavar="CODE", help="The voucher type.", show_default=False)]
ScopeOption = Annotated[str, typer.Option("--scope", metavar="site|role|user", help="Whom it is for.")]
NameOption = Annotated[str, typer.Option("--for", metavar="NAME", help="The role or user; without: yourself.")]


def add_to(app: typer.Typer) -> None:
    """The commands of this module are those of `config`, which is there already."""


@group.command()
def show(
    context: typer.Context, org: OrganizationOption,
    type_code: Annotated[str | None, typer.Option("--type", metavar="CODE", help="Only this type.")] = None,
) -> None:
    """Write the overrides as JSON that set takes."""
    with opened_books(context, org) as books:
        document = books.key_paths.document(type_code)
    print_line(json.dumps(document, ensure_ascii=False, indent=1))


@group.command("set")
def set_(
    context: typer.Context, org: OrganizationOption,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
) -> int:
    """Make or change overrides from JSON, all of it or nothing; one JSON result each."""
    with opened_books(context, org, to_write=True) as books:
        try:
            results = books.key_paths.change(books.configuration.read_document(file))
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    for result in results:
        print_json(result.as_json())
    return 0


@group.command()
def remove(
    context: typer.Context, org: OrganizationOption, type_code: TypeOption,
    field: Annotated[str, typer.Option("--field", metavar="FIELD", help="party, lines.rate …", show_default=False)],
    scope: ScopeOption = "site", name: NameOption = "",
) -> int:
    """Take one override away: what lies beneath holds again."""
    row = {"type": type_code, "field": field, "scope": scope, "remove": True, **({"for": name} if name else {})}
    with opened_books(context, org, to_write=True) as books:
        try:
            [result] = books.key_paths.change({"key_paths": [row]})
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    print_json(result.as_json())
    return 0


@group.command()
def keys(context: typer.Context, org: OrganizationOption, type_code: TypeOption) -> None:
    """Say where the cursor stops for you, and how many keys a voucher of three lines takes."""
    with opened_books(context, org) as books:
        print_json(books.key_paths.keys(type_code))
