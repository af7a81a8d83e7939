"""The closed vocabularies of configuration columns: each word a column may hold, once.

The dataclasses, the CHECK constraints of the tables, the JSON Schema and the settings dialog all read these.
The second half is the *posting vocabulary*: what posting does with a voucher is said by these words alone,
never by the code of its type, so that a nineteenth type posts without a line of code.
"""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """Groups gateway, rights and reports; never decides posting (decision 43)."""

    ACCOUNTING = "accounting"
    CASH_BANK = "cash_bank"
    PURCHASE = "purchase"
    SALES = "sales"
    INVENTORY = "inventory"


class PartyKind(StrEnum):
    """Which parties the header offers; none hides the field."""

    NONE = "none"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    ANY = "any"


class NumberingMethod(StrEnum):
    """Who makes the voucher number."""

    AUTO = "auto"
    MANUAL = "manual"


class NumberRestart(StrEnum):
    """When a series begins again at its first number."""

    FISCAL_YEAR = "fiscal_year"
    MONTH = "month"
    NEVER = "never"


class GridKind(StrEnum):
    """Which line grid, or grids, the window shows."""

    LEDGER_DR_CR = "ledger_dr_cr"
    LEDGER_SINGLE = "ledger_single"
    ITEMS = "items"
    ITEMS_DUAL = "items_dual"
    ALLOCATION = "allocation"


ROLES = ("clerk", "approver", "accountant", "admin", "auditor")
"""The roles that a person may have in an organization."""

MONEY_ACCOUNT_KINDS = frozenset({"cash", "bank"})
"""Kinds of account that money lies on; where one of them is wanted, the other is taken too."""
STOCK_ACCOUNT_KINDS = frozenset({"stock", "grir", "dni"})
"""Kinds of account that stock vouchers alone keep: goods, goods not invoiced yet, deliveries not invoiced yet."""
CONTROL_ACCOUNT_KINDS = frozenset({"receivable", "payable"})
"""Kinds of account that hold what parties owe or are owed: each line on one names its party."""


class CostCentreMode(StrEnum):
    """Cost centre of ledger lines."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class CreditCheck(StrEnum):
    """What happens above a party's credit limit."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"


class SourceUse(StrEnum):
    """Whether the header names the document that this one follows (`against`)."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class StockDirection(StrEnum):
    """Which way lines move stock; `journal` means both ways (consume and produce, or counted differences)."""

    NONE = "none"
    IN = "in"
    OUT = "out"
    TRANSFER = "transfer"
    JOURNAL = "journal"


class HeaderCounterpart(StrEnum):
    """What the header posts against: the account it names, its party, or an account known by its role."""

    NONE = "none"
    ACCOUNT = "account"
    PARTY = "party"
    ROLE = "role"


class HeaderSide(StrEnum):
    """The side the header's counterpart takes; lines take the other one. `balance` takes what is missing."""

    NONE = "none"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"


class CounterpartRole(StrEnum):
    """The account role behind `header_counterpart = role`, and behind stock that has no other side. The type of
    `retained_earnings` is the one that closing a fiscal year makes its entry with; nobody types it."""

    NONE = "none"
    GRIR = "grir"
    DELIVERED_NOT_INVOICED = "delivered_not_invoiced"
    STOCK_ADJUSTMENT = "stock_adjustment"
    OPENING_DIFFERENCE = "opening_difference"
    RETAINED_EARNINGS = "retained_earnings"


class GoodsRole(StrEnum):
    """The account role that takes the value of item lines at the document's price."""

    NONE = "none"
    INVENTORY = "inventory"
    SALES = "sales"
    SALES_RETURN = "sales_return"
    PURCHASE_RETURN = "purchase_return"


class CostSource(StrEnum):
    """Where the cost of moved stock comes from: the document, the layers taken, the source returned."""

    NONE = "none"
    DOCUMENT = "document"
    LAYERS = "layers"
    SOURCE = "source"


class SettlementSide(StrEnum):
    """Which open items of the party the voucher makes or settles."""

    NONE = "none"
    RECEIVABLE = "receivable"
    PAYABLE = "payable"


class DocumentKind(StrEnum):
    """What a voucher is to the documents that follow it; `source_kinds` of those names these words."""

    NONE = "none"
    ORDER = "order"
    RECEIPT = "receipt"
    DELIVERY = "delivery"
    PURCHASE = "purchase"
    PURCHASE_RETURN = "purchase_return"
    SALE = "sale"
    SALES_RETURN = "sales_return"


class DiscountMode(StrEnum):
    """Which discounts a line shows."""

    NONE = "none"
    PERCENT = "percent"
    AMOUNT = "amount"
    BOTH = "both"


class RateSource(StrEnum):
    """Where an untyped rate comes from first."""

    MANUAL = "manual"
    PRICE_LIST = "price_list"
    LAST_RATE = "last_rate"


class BatchPolicy(StrEnum):
    """In which order an issue takes batches: receipt, expiry, manufacture, or as picked."""

    FIFO = "fifo"
    FEFO = "fefo"
    FIFO_MANUFACTURED = "fifo_manufactured"
    MANUAL = "manual"


class CalculationType(StrEnum):
    """How a charge is computed."""

    RATE = "rate"
    AMOUNT = "amount"


class ChargeBase(StrEnum):
    """What a rate charge applies to, unless it lists earlier charge codes."""

    ITEMS_TOTAL = "items_total"
    RUNNING_TOTAL = "running_total"
    GROSS = "gross"
    QUANTITY = "quantity"


class ChargeDirection(StrEnum):
    """Whether a charge adds to the total or is taken off it."""

    ADD = "add"
    DEDUCT = "deduct"


class AllocateToCost(StrEnum):
    """By which weights a charge enters the cost of the goods received."""

    NONE = "none"
    VALUE = "value"
    QUANTITY = "quantity"


class ChargeRounding(StrEnum):
    """Where a charge rounds: on each line's part, or once."""

    PER_LINE = "per_line"
    TOTAL = "total"


class FieldScope(StrEnum):
    """Where a user-defined field stands."""

    HEADER = "header"
    LINE = "line"


class RuleScope(StrEnum):
    """Whom a field rule is for; later ones lie over earlier ones. `standard` rows are the shipped ones."""

    STANDARD = "standard"
    ORGANIZATION = "organization"
    BRANCH = "branch"
    ROLE = "role"
    USER = "user"


USER_FIELD_TYPES = (
    "text", "textarea", "number", "decimal", "integer", "date", "select", "boolean", "lookup", "account",
)
"""Types of user-defined fields; number is a decimal, account a lookup of accounts (decision 42)."""

MAIN_SERIES = "MAIN"
"""The series that a voucher type's own numbering columns describe."""
