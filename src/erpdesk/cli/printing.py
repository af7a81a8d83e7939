"""`erpdesk voucher print` makes a PDF of a voucher, its copies counted; `erpdesk template …` keeps print templates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from erpdesk.cli.choice import OrganizationOption, drawn, opened_books
from erpdesk.cli.output import print_json, print_refusal
from erpdesk.cli.vouchers import Reference
from erpdesk.cli.vouchers import group as voucher_group
from erpdesk.domain.results import InvalidRequest

group = typer.Typer(help="Templates that vouchers are printed with.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="Code of a template.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="template")


@voucher_group.command("print")
def print_voucher(
    context: typer.Context,
    reference: Reference,
    org: OrganizationOption,
    output: Annotated[Path, typer.Option("--output", "--out", metavar="FILE.pdf", help="The file to write.")],
    copies: Annotated[int, typer.Option(help="How many copies; each is counted.")] = 1,
    template: Annotated[str, typer.Option(metavar="CODE", help="Another template than the type's.")] = "",
) -> None:
    """Print a voucher into a PDF file; copies of a posted one are counted. One JSON line."""
    if not output.parent.is_dir() or output.is_dir():
        raise typer.BadParameter(f"there is no folder for {output}", param_hint="--output")
    with opened_books(context, org, to_write=True) as books:
        drawn(context, (books.printing.preview(reference, template=template),))
        pages = books.printing.copies(reference, copies, medium="pdf", template=template)
    output.write_bytes(drawn(context, pages))
    print_json({"ok": True, "file": str(output), "copies": [page.mark for page in pages]})


@group.command("list")
def list_templates(context: typer.Context, org: OrganizationOption) -> None:
    """List the templates, one's own and shipped ones, as JSON lines."""
    with opened_books(context, org) as books:
        for template in books.printing.templates():
            print_json(template.as_json())


@group.command()
def show(context: typer.Context, code: Code, org: OrganizationOption) -> None:
    """Write the source of a template to standard output."""
    with opened_books(context, org) as books:
        sys.stdout.write(books.printing.template(code))


@group.command()
def save(
    context: typer.Context,
    code: Code,
    source: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Its source.")],
    org: OrganizationOption,
    label: Annotated[str, typer.Option(help="What people call it.")] = "",
) -> int:
    """Make or change a template of the organization's own, after trying it. One JSON line."""
    try:
        text = source.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{source} isn't UTF-8 text", param_hint="FILE") from None
    with opened_books(context, org, to_write=True) as books:
        try:
            status = books.printing.save_template(code, text, label)
        except InvalidRequest as refused:
            print_refusal(refused)
            return 1
    print_json({"ok": True, "code": code, "status": status})
    return 0


@group.command()
def remove(context: typer.Context, code: Code, org: OrganizationOption) -> int:
    """Take a template of the organization's own away; a shipped one of its name comes back. One JSON line."""
    with opened_books(context, org, to_write=True) as books:
        try:
            removed = books.printing.remove_template(code)
        except InvalidRequest as refused:
            print_refusal(refused)
            return 1
    print_json({"ok": removed, "code": code, "status": "removed" if removed else "absent"})
    return 0 if removed else 1
