"""`erpdesk report NAME --org C`: a report on standard output, or in the file that `--output` names.

A wrong question ends with 2, a filter that names nothing in the books with 1.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from erpdesk.cli.choice import drawn, opened

app = typer.Typer(name="report", no_args_is_help=True, help="Questions to the books.")


class Format(StrEnum):
    """How the answer is written."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    TABLE = "table"


class Side(StrEnum):
    """Whose open items."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


class Closing(StrEnum):
    """Whether the entry that closes a year counts."""

    WITH = "with"
    WITHOUT = "without"


Organization = Annotated[str, typer.Option("--org", help="Code of the organization.")]
Written = Annotated[Format, typer.Option("--format", help="How to write the report.")]
Output = Annotated[Path | None, typer.Option("--output", help="A file instead of standard output.")]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, e.g. 2026-04-01.")]
Until = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")]
Account = Annotated[str | None, typer.Option(help="Code of an account; a group stands for all below it.")]
Party = Annotated[str | None, typer.Option(help="Code of a party.")]
Item = Annotated[str | None, typer.Option(help="Code of an item.")]
Warehouse = Annotated[str | None, typer.Option(help="Code of a warehouse.")]


@app.command("trial-balance")
def trial_balance(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
                  closing: Annotated[Closing, typer.Option(
                      help="With, or without, the entry that closes the year of the last day.")] = Closing.WITH,
                  file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Every account with its net balance; with --from, what the days have changed."""
    _write(context, org, file_format, output, since=since, until=until,
           closing=closing.value if closing is Closing.WITHOUT else None)


@app.command("ledger")
def ledger(context: typer.Context, org: Organization, account: Account = None, party: Party = None,
           since: Since = None, until: Until = None, file_format: Written = Format.TABLE,
           output: Output = None) -> None:
    """The lines of an account or a party, with a running balance."""
    _write(context, org, file_format, output, account=account, party=party, since=since, until=until)


@app.command("journal")
def journal(context: typer.Context, org: Organization,
            voucher: Annotated[str, typer.Option(help="Number, id, or key: and the idempotency key.")],
            file_format: Written = Format.TABLE, output: Output = None) -> None:
    """The journal of one voucher."""
    _write(context, org, file_format, output, voucher=voucher)


@app.command("day-book")
def day_book(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
             voucher_type: Annotated[str | None, typer.Option("--type", help="Code of a type.")] = None,
             limit: Annotated[str | None, typer.Option(metavar="N", help="At most so many vouchers.")] = None,
             after: Annotated[str | None, typer.Option(
                 help="The voucher after which to begin: the last voucher_id of the page before.")] = None,
             file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Posted vouchers in the order of day and posting."""
    _write(context, org, file_format, output, since=since, until=until, type=voucher_type, limit=limit,
           after=after)


@app.command("stock-balance")
def stock_balance(context: typer.Context, org: Organization, item: Item = None, warehouse: Warehouse = None,
                  until: Until = None, file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Quantity and value by item, warehouse and batch."""
    _write(context, org, file_format, output, item=item, warehouse=warehouse, until=until)


@app.command("stock-layers")
def stock_layers(context: typer.Context, org: Organization, item: Item = None, warehouse: Warehouse = None,
                 file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Open cost layers in the order in which issues take them."""
    _write(context, org, file_format, output, item=item, warehouse=warehouse)


@app.command("outstanding")
def outstanding(context: typer.Context, org: Organization,
                kind: Annotated[Side, typer.Option(help="Whose open items.")], party: Party = None,
                until: Until = None, file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What parties owe or are owed, voucher by voucher."""
    _write(context, org, file_format, output, kind=kind.value, party=party, until=until)


@app.command("profit-loss")
def profit_loss(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
                file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Income and expenses by account, and the profit."""
    _write(context, org, file_format, output, since=since, until=until)


@app.command("balance-sheet")
def balance_sheet(context: typer.Context, org: Organization, until: Until = None,
                  file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What is owned and owed on a day."""
    _write(context, org, file_format, output, until=until)


@app.command("stock-ledger")
def stock_ledger(context: typer.Context, org: Organization,
                 item: Annotated[list[str] | None, typer.Option(help="Code of an item; may be repeated.")] = None,
                 warehouse: Warehouse = None, since: Since = None, until: Until = None,
                 file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What came and went, with a running balance of each item."""
    _write(context, org, file_format, output, items=item, warehouse=warehouse, since=since, until=until)


@app.command("stock-ageing")
def stock_ageing(context: typer.Context, org: Organization, item: Item = None, warehouse: Warehouse = None,
                 file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What is there by the day it came, and what expires when."""
    _write(context, org, file_format, output, item=item, warehouse=warehouse)


@app.command("tax-register")
def tax_register(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
                 file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What each voucher put on the tax accounts."""
    _write(context, org, file_format, output, since=since, until=until)


@app.command("unused-numbers")
def unused_numbers(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
                   voucher_type: Annotated[str | None, typer.Option("--type", help="Code of a type.")] = None,
                   file_format: Written = Format.TABLE, output: Output = None) -> None:
    """What numbers typed by hand have left out, in the years of the days given, else in all."""
    _write(context, org, file_format, output, since=since, until=until, type=voucher_type)


@app.command("audit")
def audit(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
          voucher: Annotated[str | None, typer.Option(help="Number, id, or key: and the idempotency key.")] = None,
          limit: Annotated[str | None, typer.Option(metavar="N", help="Only the newest N entries.")] = None,
          file_format: Written = Format.TABLE, output: Output = None) -> None:
    """Every change of state, by whom and when."""
    _write(context, org, file_format, output, since=since, until=until, voucher=voucher, limit=limit)


@app.command("metrics")
def metrics(context: typer.Context, org: Organization, since: Since = None, until: Until = None,
            file_format: Written = Format.TABLE, output: Output = None) -> None:
    """How posting fares, beside what is aimed at."""
    _write(context, org, file_format, output, since=since, until=until)


def _write(context: typer.Context, org: str, file_format: Format, output: Path | None,
           **filters: str | list[str] | None) -> None:
    """Asks the service and writes its answer; the command's name is the report's."""
    from erpdesk.services.reports import WrongQuestion

    with opened(context) as desk:
        try:
            books = desk.books(org)
            if file_format is Format.PDF:
                answer = drawn(context, (books.printing.report(context.info_name or "", filters),))
            else:
                answer = books.reports.written(context.info_name or "", file_format.value, **filters)
        except WrongQuestion as wrong:
            raise typer.BadParameter(f"{wrong.message} ({wrong.code}). {wrong.cure}".strip()) from None
    if output is not None:
        output.write_bytes(answer)
        return
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
