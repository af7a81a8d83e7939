"""`erpdesk settle`: a party's open credits set against its open invoices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.output import print_json, print_refusal
from erpdesk.domain.results import ErpdeskError, NoDatabaseError, Refused


class Side(StrEnum):
    """Whose open items."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(settle)


def settle(
    context: typer.Context,
    org: OrganizationOption,
    party: Annotated[str, typer.Option(help="Code of the party.")],
    kind: Annotated[Side, typer.Option(help="The side that it owes, or is owed, on.")],
    credit: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="An open credit; may be repeated; else all.")
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="An open invoice; may be repeated; else all.")
    ] = None,
    amount: Annotated[str | None, typer.Option(help="At most so much; else as much as there is.")] = None,
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="The currency of the documents; else that of the books.")
    ] = "",
    date: Annotated[str, typer.Option(metavar="DATE", help="The settlement's date; else today.")] = "",
    key: Annotated[str, typer.Option("--key", metavar="KEY", help="An idempotency key.")] = "",
) -> int:
    """Set open credits of a party against its open invoices, oldest first; no money moves."""
    from erpdesk.services.importing import refusal_row
    from erpdesk.services.settling import SettlementRequest
    from erpdesk.services.settling import settle as settled

    request = SettlementRequest(party, kind.value, tuple(credit or ()), tuple(against or ()), _figure(amount),
                                currency, date, idempotency_key=key)  # fmt: skip
    with opened_books(context, org, to_write=True) as books:
        try:
            result = settled(books, request)
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    if isinstance(result, Refused):
        print_json({"ok": False, **refusal_row(result)})
        return 1
    print_json(result.value.as_json())
    return 0


def _figure(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise typer.BadParameter(f"{text!r} is no amount", param_hint="--amount")
    return figure
