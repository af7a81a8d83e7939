"""`erpdesk export masters`: masters as a document for programs, or a kind of them as a table for spreadsheets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.domain.results import ErpdeskError

group = typer.Typer(help="Write masters to files.", no_args_is_help=True)
_JSON = "json"

KindOption = Annotated[str, typer.Option("--kind", metavar="KIND", show_default=False,
                                         help=f"One kind alone: {', '.join(master_forms())}.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="export")


@group.command()
def masters(
    context: typer.Context,
    org: OrganizationOption,
    kind: KindOption = "",
    file_format: Annotated[str, typer.Option("--format", help="json, or csv or xlsx of one kind.")] = _JSON,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="A file; else stdout.")] = None,
) -> int:
    """Write masters as `import masters` reads them: all kinds, or one."""
    from erpdesk.services.master_pages import MasterQuestion

    if not kind and file_format != _JSON:
        raise ErpdeskError("IMP-006", "A table holds masters of one kind.", cure="Name it with --kind, or take json.")
    with opened_books(context, org) as books:
        files = books.master_files
        content = files.written(MasterQuestion(kind), file_format) if kind else files.document()
    if output is not None:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0
