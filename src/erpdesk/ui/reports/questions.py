"""The reports that the window offers: the name of each, its filters as fields, what to do when it is empty."""

from __future__ import annotations

from dataclasses import dataclass

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, KeyPath, Lookup, LookupKind, Option


@dataclass(frozen=True, slots=True)
class Question:
    """A report to be asked for. `opens` is the column that names a voucher; `by_day` starts on one month."""

    name: str
    label: str
    filters: tuple[Field, ...]
    empty: str
    opens: str = ""
    needs: str = ""
    by_month: bool = False
    preset: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()


_SINCE = Field("since", "From", FieldType.DATE, ui=FieldUi(width=14))
_UNTIL = Field("until", "To", FieldType.DATE, ui=FieldUi(width=14))
_UNTIL_ONLY = Field("until", "As of", FieldType.DATE, ui=FieldUi(width=14))


def _lookup(key: str, label: str, kind: LookupKind) -> Field:
    return Field(key, label, FieldType.LOOKUP, ui=FieldUi(width=28), lookup=Lookup(kind),
                 key_path=KeyPath(open_on_focus=True))


_KIND = Field("kind", "Of", FieldType.SELECT, required=True, ui=FieldUi(width=14),
              options=(Option("receivable", "Receivables"), Option("payable", "Payables")))

QUESTIONS: tuple[Question, ...] = (
    Question("day-book", "Day Book", (_SINCE, _UNTIL),
             "No vouchers in this period — F8 starts a sale, F2 changes the period", "voucher_number",
             by_month=True, hidden=("voucher_id", "posted_by")),
    Question("trial-balance", "Trial Balance", (_SINCE, _UNTIL),
             "Nothing is posted in this period — F2 changes it"),
    Question("ledger", "Ledger", (_lookup("account", "Account", LookupKind.ACCOUNT), _SINCE, _UNTIL),
             "Choose an account — F4, then a few letters of its name", "voucher_number", needs="account"),
    Question("stock-balance", "Stock Balance", (_lookup("item", "Item", LookupKind.ITEM),
                                                _lookup("warehouse", "Warehouse", LookupKind.WAREHOUSE),
                                                _UNTIL_ONLY),
             "Nothing in stock — F9 enters a purchase"),
    Question("outstanding", "Outstanding", (_KIND, _lookup("party", "Party", LookupKind.PARTY), _UNTIL_ONLY),
             "Nothing is open — F4 chooses receivables or payables", "voucher_number",
             preset=(("kind", "receivable"),)),
    Question("profit-loss", "Profit and Loss", (_SINCE, _UNTIL), "Nothing was earned or spent — F2 changes the period"),
    Question("balance-sheet", "Balance Sheet", (_UNTIL_ONLY,), "Nothing is posted yet"),
    Question("stock-ledger", "Stock Ledger", (_lookup("items", "Item", LookupKind.ITEM),
                                              _lookup("warehouse", "Warehouse", LookupKind.WAREHOUSE), _SINCE, _UNTIL),
             "Choose an item — F4, then a few letters of its name", "voucher_number", needs="items"),
    Question("stock-ageing", "Stock Ageing", (_lookup("item", "Item", LookupKind.ITEM),
                                              _lookup("warehouse", "Warehouse", LookupKind.WAREHOUSE)),
             "Nothing in stock — F9 enters a purchase", hidden=("age",)),
    Question("tax-register", "Tax Register", (_SINCE, _UNTIL),
             "No tax in this period — F2 changes it", "voucher_number", by_month=True, hidden=("tax_number",)),
    Question("unused-numbers", "Unused Numbers", (_SINCE, _UNTIL),
             "No gaps: numbers typed by hand follow one another", hidden=("type",)),
    Question("audit", "Audit Trail", (_SINCE, _UNTIL), "Nothing happened in this period — F2 changes it",
             by_month=True, hidden=("correlation_id",)),
)


def question(name: str) -> Question:
    """The question of that name."""
    return next(one for one in QUESTIONS if one.name == name)
