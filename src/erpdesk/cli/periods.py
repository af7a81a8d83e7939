"""`erpdesk period …` and `erpdesk year …`: which days are open for posting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.organizations import span
from erpdesk.cli.output import print_fault, print_line, print_table
from erpdesk.domain.results import Refused, Result

if TYPE_CHECKING:
    from erpdesk.services.years import TurnedYear

periods = typer.Typer(help="Accounting periods.", no_args_is_help=True)
years = typer.Typer(help="Fiscal years.", no_args_is_help=True)

Periods = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PERIOD…", show_default=False,
        help="Number, month 2026-04, day 2026-04-15, year 2026-27, or span A:B."),
]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help="All periods from this day on,")]
Until = Annotated[str | None, typer.Option("--to", metavar="DATE", help="and up to this one.")]
YearArgument = Annotated[
    str | None, typer.Argument(metavar="[YEAR]", help="Its code, such as 2026-27.", show_default=False)
]

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the audit trail.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(periods, name="period")
    app.add_typer(years, name="year")


@periods.command("list")
def list_(context: typer.Context, org: OrganizationOption) -> None:
    """List all periods and whether they are open."""
    with opened_books(context, org) as books:
        rows = [period.row() for period in books.periods.periods()]
    print_table(("year", "number", "from", "to", "state"), rows)


@periods.command()
def lock(
    context: typer.Context, org: OrganizationOption, period: Periods = None, since: Since = None,
    until: Until = None,
) -> None:
    """Lock periods: nothing is posted in them until they are unlocked."""
    _set_state(context, org, period, since, until, "locked")


@periods.command()
def unlock(
    context: typer.Context, org: OrganizationOption, period: Periods = None, since: Since = None,
    until: Until = None,
) -> None:
    """Open periods again; a closed one needs the permission year.close."""
    _set_state(context, org, period, since, until, "open")


@periods.command()
def close(
    context: typer.Context, org: OrganizationOption, period: Periods = None, since: Since = None,
    until: Until = None,
) -> None:
    """Close periods for good."""
    _set_state(context, org, period, since, until, "closed")


def _set_state(
    context: typer.Context, org: str, period: list[str] | None, since: str | None, until: str | None, state: str
) -> None:
    named = [*(period or ()), *([f"{since or until}:{until or since}"] if since or until else ())]
    if not named:
        raise typer.BadParameter("name a period, or --from and --to", param_hint="PERIOD")
    with opened_books(context, org, to_write=True) as books:
        changed = books.periods.set_state(named, state)
    for one in changed:
        print_line(f"{one.starts_on} to {one.ends_on}: {one.state}")
    if not changed:
        print_line(f"nothing to do: {state} already")


@periods.command("audit-lock")
def audit_lock(
    context: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help="Last day that is locked; none ends the lock.")],
    org: OrganizationOption,
) -> None:
    """Lock every day up to DATE for audit."""
    try:
        until = None if day == "none" else date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter(f"{day!r} is no date; write one like 2026-06-30", param_hint="DATE") from None
    with opened_books(context, org, to_write=True) as books:
        books.periods.audit_lock(until)
    print_line(f"locked for audit up to {until}" if until else "no audit lock")


@years.command()
def create(
    context: typer.Context,
    org: OrganizationOption,
    fiscal_year: Annotated[str, typer.Option(metavar="FIRST:LAST", help="The year's first and last day.")],
) -> None:
    """Make a fiscal year with monthly periods."""
    starts_on, ends_on = span(fiscal_year)
    with opened_books(context, org, to_write=True) as books:
        code = books.periods.create_year(starts_on, ends_on)
    print_line(f"{code}: fiscal year created, {starts_on} to {ends_on}")


@years.command("close")
def close_year(context: typer.Context, org: OrganizationOption, year: YearArgument = None) -> int:
    """Close a year, the earliest open one unless named: an entry carries its result to retained earnings, and nothing
    is posted in it any more. The next year is made if there is none."""
    with opened_books(context, org, to_write=True) as books:
        return _told(books.years.close(year))


@years.command()
def reopen(
    context: typer.Context,
    org: OrganizationOption,
    year: YearArgument = None,
    reason: Reason = "Reopened",
) -> int:
    """Open a closed year again, the latest closed one unless named: its closing entry is reversed. Say why with
    --reason; it stays in the audit trail."""
    with opened_books(context, org, to_write=True) as books:
        return _told(books.years.reopen(year, reason))


@years.command("check")
def check_year(context: typer.Context, org: OrganizationOption, year: YearArgument = None) -> None:
    """Show what to look at before closing a year, the earliest open one unless named."""
    with opened_books(context, org) as books:
        found = books.years.check_list(year)
    print_table(("point", "standing", "figure"), [(one.code, str(one.standing), one.figure) for one in found.points])


def _told(result: Result[TurnedYear]) -> int:
    if isinstance(result, Refused):
        for fault in result.faults:
            print_fault(fault)
        return 1
    turned = result.value
    print_line(f"{turned.code}: {'closed' if turned.is_closed else 'open'}")
    if turned.is_closed and turned.entry:
        print_line(f"{turned.entry} carries {turned.result} to retained earnings")
    if turned.reversal:
        print_line(f"{turned.reversal} reverses {turned.entry}")
    if turned.next_year:
        print_line(f"{turned.next_year}: fiscal year created")
    if turned.is_closed and turned.left:
        print_line(f"{turned.left} vouchers dated in {turned.code} are not posted, and can't be until it is reopened")
    return 0
