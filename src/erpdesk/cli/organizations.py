"""`erpdesk org …` and `erpdesk seed`: organizations made, set and locked, baseline data backfilled."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books, opened_to_write
from erpdesk.cli.output import print_fields, print_line, print_table, progress

group = typer.Typer(help="Organizations.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="org")
    app.command()(seed)


def span(text: str) -> tuple[date, date]:
    """Two dates as A:B."""
    first, colon, last = text.partition(":")
    try:
        if not colon:
            raise ValueError
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no span of dates; write FIRST:LAST, such as 2026-04-01:2027-03-31",
            param_hint="--fiscal-year",
        ) from None


@group.callback()
def _group() -> None:
    """Organizations."""


@group.command()
def create(
    context: typer.Context,
    code: Annotated[str, typer.Option(help="A short code, unique in the database.")],
    name: Annotated[str, typer.Option(help="The name that people read.")],
    currency: Annotated[str, typer.Option(help="Base currency, such as NPR.")],
    fiscal_year: Annotated[str, typer.Option(metavar="FIRST:LAST", help="The first fiscal year's days.")],
    country: Annotated[str, typer.Option(help="Country code, such as NP.")] = "",
    chart: Annotated[
        str, typer.Option(metavar="FILE.csv|none", help="A chart of accounts instead of the baseline's.")
    ] = "baseline",
) -> None:
    """Make an organization: branch HO, chart of accounts, warehouse MAIN, voucher types."""
    from erpdesk.services.organizations import NewOrganization

    starts_on, ends_on = span(fiscal_year)
    request = NewOrganization(
        code, name, currency.strip().upper(), starts_on, ends_on, country.strip().upper(), chart
    )
    with opened_to_write(context) as desk, progress("making the organization"):
        made = desk.create_organization(request)
    print_line(
        f"{made.code}: organization created, fiscal year {made.fiscal_year}, {made.accounts} accounts, "
        f"{made.voucher_types} voucher types"
    )


@group.command()
def show(context: typer.Context, org: OrganizationOption) -> None:
    """Show what may be set of an organization."""
    with opened_books(context, org) as books:
        print_fields(books.settings.all())


@group.command("set")
def set_(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="name, language, calendar, negative_stock, tax_number.PAN, …")],
    value: Annotated[str, typer.Argument(help='The new value; "" empties a text.')],
    org: OrganizationOption,
) -> None:
    """Set something of an organization; without a right key, say which there are."""
    with opened_books(context, org, to_write=True) as books:
        print_line(f"{key}: {books.settings.set(key, value)}")


@group.command()
def lock(context: typer.Context, org: OrganizationOption) -> None:
    """Lock an organization: nothing is posted in it any more."""
    with opened_books(context, org, to_write=True) as books:
        changed = books.settings.set_locked(True)
        print_line(f"{books.organization.code}: {'locked' if changed else 'was locked already'}")


@group.command()
def unlock(context: typer.Context, org: OrganizationOption) -> None:
    """Open a locked organization again."""
    with opened_books(context, org, to_write=True) as books:
        changed = books.settings.set_locked(False)
        print_line(f"{books.organization.code}: {'open' if changed else 'was open already'}")


def seed(
    context: typer.Context,
    org: Annotated[
        str | None, typer.Option("--org", metavar="CODE", help="Only this organization; else all of yours.")
    ] = None,
) -> None:
    """Backfill baseline data that is missing; what is there stays as it is."""
    with opened_to_write(context) as desk:
        codes = [org] if org else [organization.code for organization in desk.organizations()]
        for code in codes:
            books = desk.books(code)
            seeded = books.configuration.seed().rows()
            offers = {state.code: len(state.offers) for state in books.baseline_upgrades.states()}
            rows = [(books.organization.code, name, result + _offered(offers.get(name, 0))) for name, result in seeded]
            print_table(("organization", "voucher type", "result"), rows)


def _offered(count: int) -> str:
    """That the new baseline has more for a type, if it has."""
    return f"; the new baseline differs in {count} (erpdesk config baseline)" if count else ""
