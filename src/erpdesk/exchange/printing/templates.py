"""Which template a voucher is printed with: the one its type names, else a default by its grid kind.

An organization's own template lies over the shipped one of the same code. No voucher type is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.vocabulary import GridKind
from erpdesk.domain.results import ErpdeskError
from erpdesk.exchange.printing.sandbox import shipped_sources

BASE, REPORT = "page", "report"
"""Pages that others extend, and that of reports: no voucher is printed with them alone."""
_OF_GRID = {GridKind.LEDGER_DR_CR: "voucher", GridKind.LEDGER_SINGLE: "voucher", GridKind.ALLOCATION: "voucher",
            GridKind.ITEMS: "invoice", GridKind.ITEMS_DUAL: "stock"}


def default_template(schema: UiSchema) -> str:
    """The shipped template of a form: an invoice needs somebody to send it to."""
    code = _OF_GRID[schema.grid_kind]
    return "stock" if code == "invoice" and schema.header_field("party") is None else code


def source_of(code: str, own: Mapping[str, Mapping[str, Any]]) -> str:
    """The source of a template; raises ErpdeskError RPT-008 where there is none of that code."""
    if code in own:
        return str(own[code]["source"])
    shipped = shipped_sources()
    if code not in shipped:
        raise ErpdeskError("RPT-008", f"There is no print template {code[:60]}", field="print_template",
                           cure=f"There are: {', '.join(sorted({*own, *shipped} - {BASE, REPORT}))}.")
    return shipped[code]
