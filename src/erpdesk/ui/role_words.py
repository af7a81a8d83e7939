"""The roles of accounts as people call them, wherever they stand."""

from __future__ import annotations

from erpdesk.ui.words import say, to_say


def role_word(role: str) -> str:
    """A role in the language in use; one without a word of its own by its code."""
    return say(_ROLES.get(role, role.replace("_", " ").capitalize()))


_ROLES = {
    "cash": to_say("Cash"), "bank": to_say("Bank"), "receivable": to_say("Customers owe"),
    "payable": to_say("Owed to suppliers"), "stock": to_say("Stock"), "cogs": to_say("Cost of goods sold"),
    "grir": to_say("Goods received, not invoiced"), "delivered_not_invoiced": to_say("Delivered, not invoiced"),
    "sales": to_say("Sales"), "sales_return": to_say("Sales returns"), "purchase_variance": to_say("Purchase variance"),
    "cost_variance": to_say("Cost variance"), "stock_adjustment": to_say("Stock adjustment"),
    "discount_allowed": to_say("Discount allowed"), "discount_received": to_say("Discount received"),
    "write_off": to_say("Write-off"), "round_off": to_say("Rounding"),
    "exchange_rounding": to_say("Exchange rounding"), "exchange_gain_loss": to_say("Exchange gain or loss"),
    "retained_earnings": to_say("Retained earnings"), "opening_difference": to_say("Opening difference"),
    "input_tax": to_say("Tax on purchases"), "output_tax": to_say("Tax on sales"),
    "freight": to_say("Freight"), "bank_charges": to_say("Bank charges"), "capital": to_say("Capital"),
}
