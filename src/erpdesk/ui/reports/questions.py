"""The reports that the window offers: the name of each, its filters as fields, what to do when it is empty."""

from __future__ import annotations

from dataclasses import dataclass

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, KeyPath, Lookup, LookupKind, Option
from erpdesk.ui.words import to_say


@dataclass(frozen=True, slots=True)
class Question:
    """A report to be asked for. `opens` is the column that names a voucher; `by_day` starts on one month. Without the
    permission it isn't offered."""

    name: str
    label: str
    filters: tuple[Field, ...]
    empty: str
    opens: str = ""
    needs: str = ""
    by_month: bool = False
    preset: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()
    permission: str = "report.view"


_SINCE = Field("since", to_say("From"), FieldType.DATE, ui=FieldUi(width=14))
_UNTIL = Field("until", to_say("To"), FieldType.DATE, ui=FieldUi(width=14))
_UNTIL_ONLY = Field("until", to_say("As of"), FieldType.DATE, ui=FieldUi(width=14))


def _lookup(key: str, label: str, kind: LookupKind) -> Field:
    return Field(key, label, FieldType.LOOKUP, ui=FieldUi(width=28), lookup=Lookup(kind),
                 key_path=KeyPath(open_on_focus=True))


_KIND = Field("kind", to_say("Of"), FieldType.SELECT, required=True, ui=FieldUi(width=14),
              options=(Option("receivable", to_say("Receivables")), Option("payable", to_say("Payables"))))
_CLOSING = Field("closing", to_say("Closing entry"), FieldType.SELECT, ui=FieldUi(width=10),
                 options=(Option("with", to_say("With")), Option("without", to_say("Without"))))
_ITEM = _lookup("item", to_say("Item"), LookupKind.ITEM)
_WAREHOUSE = _lookup("warehouse", to_say("Warehouse"), LookupKind.WAREHOUSE)

QUESTIONS: tuple[Question, ...] = (
    Question("day-book", to_say("Day Book"), (_SINCE, _UNTIL),
             to_say("No vouchers in this period — {start} starts one, {period} changes the period"), "voucher_number",
             by_month=True, hidden=("voucher_id", "posted_by")),
    Question("trial-balance", to_say("Trial Balance"), (_SINCE, _UNTIL, _CLOSING),
             to_say("Nothing is posted in this period — {period} changes it"), preset=(("closing", "with"),)),
    Question("ledger", to_say("Ledger"), (_lookup("account", to_say("Account"), LookupKind.ACCOUNT), _SINCE, _UNTIL),
             to_say("Choose an account — {filter}, then a few letters of its name"), "voucher_number", needs="account"),
    Question("stock-balance", to_say("Stock Balance"), (_ITEM, _WAREHOUSE, _UNTIL_ONLY),
             to_say("Nothing in stock — {start} starts a voucher that brings goods in")),
    Question("outstanding", to_say("Outstanding"),
             (_KIND, _lookup("party", to_say("Party"), LookupKind.PARTY), _UNTIL_ONLY),
             to_say("Nothing is open — {filter} chooses receivables or payables"), "voucher_number",
             preset=(("kind", "receivable"),)),
    Question("profit-loss", to_say("Profit and Loss"), (_SINCE, _UNTIL),
             to_say("Nothing was earned or spent — {period} changes the period")),
    Question("balance-sheet", to_say("Balance Sheet"), (_UNTIL_ONLY,), to_say("Nothing is posted yet")),
    Question("stock-ledger", to_say("Stock Ledger"),
             (_lookup("items", to_say("Item"), LookupKind.ITEM), _WAREHOUSE, _SINCE, _UNTIL),
             to_say("Choose an item — {filter}, then a few letters of its name"), "voucher_number", needs="items"),
    Question("stock-ageing", to_say("Stock Ageing"), (_ITEM, _WAREHOUSE),
             to_say("Nothing in stock — {start} starts a voucher that brings goods in"), hidden=("age",)),
    Question("tax-register", to_say("Tax Register"), (_SINCE, _UNTIL),
             to_say("No tax in this period — {period} changes it"), "voucher_number", by_month=True,
             hidden=("tax_number", "type")),
    Question("unused-numbers", to_say("Unused Numbers"), (_SINCE, _UNTIL),
             to_say("No gaps: numbers typed by hand follow one another"), hidden=("type",)),
    Question("audit", to_say("Audit Trail"), (_SINCE, _UNTIL),
             to_say("Nothing happened in this period — {period} changes it"), by_month=True,
             hidden=("correlation_id",), permission="audit.view"),
)


def question(name: str) -> Question:
    """The question of that name."""
    return next(one for one in QUESTIONS if one.name == name)
