"""A voucher in two words: with whom or where it is, and how much; for lists that show many of them."""

from __future__ import annotations

from typing import Any

from erpdesk.domain.money import parse_decimal
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.ui.figures import shown_text
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.voucher.draft import Draft

_KINDS = ("party", "account", "warehouse")


def title_of(draft: Draft, lookups: LookupCache) -> str:
    """The name of the party, else of the first account, else of the warehouse."""
    fields = [(field, draft.header) for field in draft.schema.header]
    fields += [(field, line) for grid in draft.schema.grids for line in draft.rows.get(grid.key, ())[:1]
               for field in grid.fields]
    for kind in _KINDS:
        for field, line in fields:
            code = line.values.get(field.key)
            if field.lookup is not None and str(field.lookup.kind) == kind and isinstance(code, str) and code:
                row = lookups.row(kind, code)
                return row.name if row is not None else code
    return ""


def total_of(totals: Any, organization: OrganizationInfo) -> str:
    """The net, else the debit side, else how many pieces, as people read it; nothing where nothing adds up."""
    if totals is None:
        return ""
    for figure in (totals.net, totals.debit):
        if parse_decimal(figure or ""):
            return shown_text(figure, organization.currency_decimals, organization.digit_grouping)
    return shown_text(totals.quantity or "", None, organization.digit_grouping, zero=False)
