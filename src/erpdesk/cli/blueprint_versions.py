"""`erpdesk config versions|compare|restore|copy`: what voucher types were, and taking it up again or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from erpdesk.cli.choice import OrganizationOption, opened_books
from erpdesk.cli.configuration import group as configuration
from erpdesk.cli.output import print_json, print_refusal, print_table
from erpdesk.domain.results import ErpdeskError, NoDatabaseError

if TYPE_CHECKING:
    from erpdesk.services.configuration import ConfiguredType
    from erpdesk.services.desk import Books

TypeOption = Annotated[str, typer.Option("--type", metavar="CODE", help="The voucher type.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON line a row, whole.")]
ExpectedOption = Annotated[
    int | None, typer.Option("--expect", metavar="VERSION", help="Refuse unless this is the version now.")
]


def add_to(app: typer.Typer) -> None:
    """The commands of this module are those of `config`, which is there already."""


@configuration.command()
def versions(context: typer.Context, org: OrganizationOption, type_code: TypeOption, json: JsonOption = False) -> int:
    """List what a voucher type was: each version, when, by whom, what it changed; the newest first."""
    return _listed(
        context, org, json, ("version", "when", "by", "changed"),
        lambda books: [(one.as_json(), (str(one.version), f"{one.at:%Y-%m-%d %H:%M}", one.by, one.words))
                       for one in books.blueprint_versions.versions(type_code)])  # fmt: skip


@configuration.command()
def compare(
    context: typer.Context, org: OrganizationOption, type_code: TypeOption,
    before: Annotated[str, typer.Option("--from", metavar="VERSION|baseline")] = "baseline",
    after: Annotated[str | None, typer.Option("--to", metavar="VERSION", help="Without: as it is now.")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Compare to a file's type.")] = None,
    json: JsonOption = False,
) -> int:  # fmt: skip
    """Say what two versions of a voucher type differ in: since it was shipped, unless told."""

    def rows(books: Books) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
        service = books.blueprint_versions
        document = books.configuration.read_document(file) if file else service.document(type_code, after)
        wanted = books.configuration.whole_document(document, type_code) if file else document
        return [(one.as_json(), (one.path, one.label, one.before_text, one.after_text))
                for one in service.compare(service.document(type_code, before), wanted)]  # fmt: skip

    return _listed(context, org, json, ("path", "what", "before", "after"), rows)


@configuration.command()
def restore(
    context: typer.Context, org: OrganizationOption, type_code: TypeOption,
    version: Annotated[str, typer.Argument(metavar="VERSION|baseline", show_default=False)],
    expect: ExpectedOption = None,
) -> int:  # fmt: skip
    """Make what a version said the next version; one JSON result."""
    return _changed(context, org, lambda books: books.blueprint_versions.restore(type_code, version, expect))


@configuration.command()
def copy(
    context: typer.Context, org: OrganizationOption, type_code: TypeOption,
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="The new type's code.")] = None,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What people call it.")] = "",
    to: Annotated[str | None, typer.Option("--to", metavar="ORG", help="Into another organization.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="There, write over the type of that code.")] = False,
) -> int:  # fmt: skip
    """Make a voucher type from another, here or in another organization; one JSON result."""
    if to is None and not code:
        raise typer.BadParameter("give --code for the new type, --to for another organization, or both")

    def made(books: Books) -> ConfiguredType:
        if to is None:
            return books.blueprint_versions.copy(type_code, code or "", label or code or "")
        return books.blueprint_versions.copy_to(type_code, to, code, label=label, replace_existing=replace)

    return _changed(context, org, made)


Rows = list[tuple[dict[str, Any], tuple[str, ...]]]


def _listed(
    context: typer.Context, org: str, json: bool, columns: tuple[str, ...], ask: Callable[[Books], Rows]
) -> int:
    with opened_books(context, org) as books:
        rows = ask(books)
    if json:
        for row, _ in rows:
            print_json(row)
    else:
        print_table(columns, [cells for _, cells in rows])
    return 0


def _changed(context: typer.Context, org: str, change: Callable[[Books], ConfiguredType]) -> int:
    with opened_books(context, org, to_write=True) as books:
        try:
            result = change(books)
        except NoDatabaseError:
            raise
        except ErpdeskError as error:
            print_refusal(error)
            return 1
    print_json(result.as_json())
    return 0
