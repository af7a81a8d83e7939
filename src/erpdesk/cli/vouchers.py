"""`erpdesk voucher …`: one voucher shown, posted, reversed, decided on, or asked for its status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_json, print_line

if TYPE_CHECKING:
    from erpdesk.domain.results import Result

group = typer.Typer(help="Vouchers.", no_args_is_help=True)

Reference = Annotated[
    str, typer.Argument(metavar="ID", help="Id, voucher number, or key:… with the idempotency key.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="voucher")


@group.command()
def show(context: typer.Context, reference: Reference, org: OrganizationOption) -> None:
    """Show a voucher whole, as JSON."""
    with opened_books(context, org) as books:
        view = books.vouchers.show(reference)
    print_line(json.dumps(view.as_json(), ensure_ascii=False, indent=1, default=str))


@group.command()
def status(context: typer.Context, reference: Reference, org: OrganizationOption) -> None:
    """Say where a voucher stands, as one JSON line."""
    with opened_books(context, org) as books:
        print_json(books.vouchers.show(reference).status_json())


@group.command()
def post(context: typer.Context, reference: Reference, org: OrganizationOption) -> int:
    """Post a saved voucher; one JSON result."""
    with opened_books(context, org, to_write=True) as books:
        return print_result(books.vouchers.post(reference))


@group.command()
def reverse(
    context: typer.Context,
    reference: Reference,
    org: OrganizationOption,
    reason: Annotated[str, typer.Option(help="Why; kept with the reversal.")],
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The reversal's date; else the server's today.")
    ] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help="An idempotency key.")] = None,
    number: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The reversal's own, where numbers are typed by hand.")
    ] = None,
    series: Annotated[
        str | None, typer.Option(metavar="CODE", help="The series of its number; else the voucher's.")
    ] = None,
) -> int:
    """Undo a posted voucher by a voucher of its own; one JSON result."""
    with opened_books(context, org, to_write=True) as books:
        return print_result(books.vouchers.reverse(reference, date, reason, key, number=number, series=series))


@group.command()
def correct(
    context: typer.Context,
    reference: Reference,
    org: OrganizationOption,
    reason: Annotated[str, typer.Option(help="Why; kept with the reversal.")],
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of reversal and copy; else the voucher's own.")
    ] = None,
) -> int:
    """Undo a posted voucher and keep a copy of it as a new draft, both or neither; one JSON result, the draft's."""
    with opened_books(context, org, to_write=True) as books:
        return print_result(books.vouchers.correct(reference, date, reason))


@group.command("next-number")
def next_number(
    context: typer.Context,
    type_code: Annotated[str, typer.Argument(metavar="TYPE", help="Code of a voucher type.")],
    org: OrganizationOption,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="The voucher's date; else today.")] = None,
    branch: Annotated[str | None, typer.Option(help="Code of a branch; else the first.")] = None,
) -> None:
    """Say which number each series of a type would give next, as JSON lines; none is taken."""
    with opened_books(context, org) as books:
        day = date or books.vouchers.new_document(type_code)["date"]
        for one in books.vouchers.next_numbers(type_code, day, branch):
            print_json({
                "type": type_code, "series": one.series, "label": one.label, "branch": one.branch,
                "next_number": one.next_number,
            })  # fmt: skip


def print_result(result: Result[Any]) -> int:
    """One JSON line of a result, and the exit status it means."""
    from erpdesk.domain.results import Refused
    from erpdesk.services.importing import refusal_row

    if isinstance(result, Refused):
        print_json({"ok": False, **refusal_row(result)})
        return 1
    print_json(result.value.as_json())
    return 0
