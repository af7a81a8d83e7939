"""`erpdesk config baseline|take|leave`: what a newer baseline would change, taken or left one by one."""

from __future__ import annotations

from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.configuration import group as configuration
from erpdesk.cli.output import print_json, print_refusal, print_table
from erpdesk.domain.results import ErpdeskError, NoDatabaseError

TypeOption = Annotated[str, typer.Option("--type", metavar="CODE", help="The voucher type.", show_default=False)]
Paths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH", help="As baseline lists them; without: all.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """The commands of this module are those of `config`, which is there already."""


@configuration.command()
def baseline(
    context: typer.Context, org: OrganizationOption,
    type_code: Annotated[
        str | None, typer.Option("--type", metavar="CODE", help="What is offered in one type, row by row.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON line a type, whole.")] = False,
) -> None:  # fmt: skip
    """List the shipped types: customised or not, and in how much the new baseline differs."""
    with opened_books(context, org) as books:
        service = books.baseline_upgrades
        states = (service.state(type_code),) if type_code else service.states()
    if json:
        for state in states:
            print_json(state.as_json())
    elif type_code:
        offers = [(one.difference, one.mine_text) for one in states[0].offers]
        print_table(("path", "what", "before", "after", "yours"), [
            (one.path, one.label, one.before_text, one.after_text, mine) for one, mine in offers])
    else:
        print_table(("code", "state", "new baseline"), [
            (state.code, "customised" if state.customised else "as shipped",
             f"differs in {len(state.offers)}" if state.offers else "the same") for state in states])  # fmt: skip


@configuration.command()
def take(context: typer.Context, org: OrganizationOption, type_code: TypeOption, paths: Paths = None) -> int:
    """Make what the new baseline offers in a type its next version; one JSON result."""
    with opened_books(context, org, to_write=True) as books:
        try:
            result = books.baseline_upgrades.take(type_code, paths or None)
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    print_json(result.as_json())
    return 0


@configuration.command()
def leave(context: typer.Context, org: OrganizationOption, type_code: TypeOption, paths: Paths = None) -> int:
    """Leave a type as it is: what the new baseline offers isn't offered again; one JSON result."""
    with opened_books(context, org, to_write=True) as books:
        try:
            state = books.baseline_upgrades.leave(type_code, paths or None)
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    print_json({"ok": True, **state.as_json()})
    return 0
