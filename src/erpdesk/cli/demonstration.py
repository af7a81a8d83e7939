"""`erpdesk demo`: an organization to try everything on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from erpdesk.cli.choice import opened_to_write
from erpdesk.cli.output import counted, print_line


class Size(StrEnum):
    """How much data the demo holds."""

    SMALL = "small"


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(demo)


def demo(
    context: typer.Context,
    size: Annotated[Size, typer.Option(help="How much data.")] = Size.SMALL,
    seed: Annotated[int, typer.Option(help="The same number gives the same figures.")] = 1,
) -> None:
    """Make the organization DEMO with masters, opening stock and a month of posted vouchers."""
    from erpdesk.services.demo import make_demo

    with opened_to_write(context) as desk, counted("making the demo") as advance:
        made = make_demo(desk, size=str(size), seed=seed, advance=advance)
    if made is None:
        print_line("DEMO is there already; nothing was changed")
    else:
        print_line(f"DEMO: {made.masters} masters, {made.vouchers} vouchers posted in {made.seconds:.1f} s")
