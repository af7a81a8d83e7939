"""For whom and where a form is resolved: organization, branch, role, user, and what defaults may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """Codes and names, never ids; empty where not known. `money_decimals` are the base currency's."""

    organization: str = ""
    branch: str = ""
    role: str = ""
    user: str = ""
    warehouse: str = ""
    currency: str = ""
    country: str = ""
    money_decimals: int = 2

    def attribute(self, name: str) -> str | None:
        """What a default of kind `context` takes; None when unknown."""
        return getattr(self, name) or None if name in CONTEXT_ATTRIBUTES else None


CONTEXT_ATTRIBUTES = ("organization", "branch", "role", "user", "warehouse", "currency", "country")
PARTY_ATTRIBUTES = ("account", "credit_days", "currency", "price_list", "sales_person", "ssf_code", "address",
                    "destination")
ITEM_ATTRIBUTES = ("uom", "warehouse", "tax_class", "account", "cost_centre")
