"""`erpdesk config …`: voucher types shown, written to files, and changed by documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_json, print_line, print_refusal, print_table
from erpdesk.domain.results import ErpdeskError, NoDatabaseError

if TYPE_CHECKING:
    from erpdesk.services.configuration import ConfiguredType
    from erpdesk.services.desk import Books

group = typer.Typer(help="Voucher types.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
TypeOption = Annotated[str | None, typer.Option("--type", metavar="CODE", help="Only this voucher type.")]


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


@group.command()
def export(
    context: typer.Context,
    org: OrganizationOption,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="- writes to standard output.")],
    type_code: TypeOption = None,
) -> None:
    """Write the voucher types as JSON that import takes."""
    with opened_books(context, org) as books:
        document = books.configuration.document(type_code)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if str(file) == "-":
        print_line(text)
        return
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ErpdeskError(
            "SYS-004", f'"{file}" can\'t be written: {error.strerror}', cure="Check the folder and its rights."
        ) from None


@group.command("import")
def import_(
    context: typer.Context, file: FileArgument, org: OrganizationOption, type_code: TypeOption = None
) -> int:
    """Change voucher types by code, or make new ones, from JSON; all of it or nothing."""

    def brought(books: Books) -> Iterable[ConfiguredType]:
        return books.configuration.import_document(books.configuration.read_document(file), type_code)

    return _answered(context, org, brought, to_write=True)


@group.command()
def validate(
    context: typer.Context, file: FileArgument, org: OrganizationOption, type_code: TypeOption = None
) -> int:
    """Say what importing a file would do, or what is wrong with it; writes nothing."""

    def checked(books: Books) -> Iterable[ConfiguredType]:
        return books.configuration.check_document(books.configuration.read_document(file), type_code)

    return _answered(context, org, checked, to_write=False)


def _answered(
    context: typer.Context,
    org: str,
    ask: Callable[[Books], Iterable[ConfiguredType]],
    *,
    to_write: bool,
) -> int:
    """One JSON line a voucher type; or one that says everything that is wrong."""
    with opened_books(context, org, to_write=to_write) as books:
        try:
            results = ask(books)
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    for result in results:
        print_json(result.as_json())
    return 0
