"""Which database a command works on, and opening it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from erpdesk.domain.results import ErpdeskError

if TYPE_CHECKING:
    from erpdesk.services.desk import Books, Desk
    from erpdesk.services.printing import PrintPage

    Draw = Callable[[tuple[PrintPage, ...]], bytes]
else:
    Draw = Callable

OrganizationOption = Annotated[
    str, typer.Option("--org", metavar="CODE", help="The organization's code.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Choice:
    """The global options; nothing given means the environment, else the embedded database. `draw` makes PDF of pages;
    None where there is nothing to draw with."""

    database_url: str | None = None
    profile: str | None = None
    user: str | None = None
    draw: Draw | None = field(default=None, compare=False)


def drawn(context: typer.Context, pages: tuple[PrintPage, ...]) -> bytes:
    """Pages as a PDF file. Raises ErpdeskError RPT-011 where nothing can be drawn."""
    draw = context.obj.draw if isinstance(context.obj, Choice) else None
    try:
        if draw is not None:
            return draw(pages)
    except ImportError as error:
        raise ErpdeskError("RPT-011", f"PDF can't be drawn here: {error}") from None
    raise ErpdeskError("RPT-011", "PDF can't be drawn here: the program was started without its drawing part")


@contextmanager
def opened(context: typer.Context, schema: Literal["current", "any"] = "current") -> Iterator[Desk]:
    """The desk that the global options name, closed after the block."""
    from erpdesk.cli.output import progress
    from erpdesk.services.desk import open_desk

    choice: Choice = context.obj or Choice()
    with progress("opening the database") as tell:
        desk = open_desk(
            database_url=choice.database_url, profile=choice.profile, user=choice.user, progress=tell,
            schema=schema,
        )  # fmt: skip
    with desk:
        yield desk


@contextmanager
def opened_to_write(context: typer.Context) -> Iterator[Desk]:
    """The same for commands that change something: on an embedded server, which has no worker, the audit
    entries made are sealed before the desk is closed."""
    with opened(context) as desk:
        try:
            yield desk
        finally:
            if desk.is_embedded:
                with suppress(ErpdeskError):
                    desk.database.seal()


@contextmanager
def opened_books(context: typer.Context, organization: str, *, to_write: bool = False) -> Iterator[Books]:
    """The books of one organization."""
    with opened_to_write(context) if to_write else opened(context) as desk:
        yield desk.books(organization)
