"""A stored voucher as a plain document of facts: texts, ready to be set on paper, and nothing else.

What is printed follows the form that the voucher was typed in: its labels, its columns that hold anything, its
user-defined fields. Templates see the facts only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.schema import UiSchema
from erpdesk.exchange.printing.line_facts import grids_of, journal_grid
from erpdesk.exchange.printing.values import Values, codes_named, figure_of, raw_of

Facts = dict[str, Any]
POSTED = ("POSTED", "REVERSED")
_TOLD_ELSEWHERE = frozenset({"date", "party", "narration", "ref_no", "branch", "exchange_rate", "entry_date", "time"})
_TAX = "tax"


@dataclass(frozen=True, slots=True)
class PrintedVoucher:
    """All that is known of a voucher for its print: the voucher itself, what is around it, and its form."""

    voucher: Mapping[str, Any]
    around: Mapping[str, Any]
    schema: UiSchema

    @property
    def document(self) -> Mapping[str, Any]:
        """As it was typed."""
        document: Mapping[str, Any] = self.voucher["document"]
        return document

    @property
    def is_posted(self) -> bool:
        """Whether it stands in the books, so that its copies count."""
        return self.voucher["status"] in POSTED

    def codes(self) -> dict[str, set[str]]:
        """The masters that it names, by kind."""
        objects: list[tuple[Mapping[str, Any], Sequence[Field]]] = [(self.document, self.schema.header)]
        for grid in self.schema.grids:
            objects += [(row, grid.fields) for row in self.document.get(grid.key) or () if isinstance(row, Mapping)]
            for row in self.document.get(grid.key) or ():
                for parts in (row.get("details"), row.get("cost_centres")) if isinstance(row, Mapping) else ():
                    objects += [(part, grid.fields) for part in parts or () if isinstance(part, Mapping)]
        return codes_named(objects)


def voucher_facts(of: PrintedVoucher, values: Values, mark: str) -> Facts:
    """The facts; `mark` says which copy it is, or that it is none."""
    voucher, around, say = of.voucher, of.around, values.speech.say
    grids = grids_of(of.schema, of.document, around.get("lines") or (), values)
    if not any(grid["rows"] for grid in grids):
        grids = [journal_grid(voucher.get("journal") or (), values)]
    charges = _charges(of, values)
    currency = str(voucher.get("currency") or around["organization"]["currency"])
    is_foreign = currency != around["organization"]["currency"]
    total = figure_of(voucher.get("total"))
    summary = _summary(grids, charges, total, values)
    for fact, figure in [*((charge, "figure") for charge in charges), *((grid, "sum") for grid in grids)]:
        del fact[figure]
    return {
        "language": values.speech.language, "mark": mark, "title": say(of.schema.label),
        "organization": _organization(around, values), "party": _party(around), "party_label": _party_label(of, values),
        "number": str(voucher.get("voucher_number") or ""), "status": str(voucher["status"]),
        "date": values.long_day(voucher["date"]), "date_label": _label(of, "date", values) or say("Date"),
        "ref_no": str(of.document.get("ref_no") or ""), "ref_no_label": _label(of, "ref_no", values),
        "fields": _fields(of, values), "grids": grids, "charges": charges,
        "taxes": [charge for charge in charges if charge["is_tax"]],
        "summary": summary, "currency": currency, "total": values.money(total),
        "words": values.speech.words(total, values.decimals, currency) if total else "",
        "rate": values.plain(voucher["exchange_rate"]) if is_foreign else "",
        "base_total": _in_books(of, values) if is_foreign else "", "narration": str(voucher.get("narration") or ""),
        "reversed_by": str(around.get("reversed_by") or ""), "reversal_of": str(around.get("reversal_of") or ""),
        "entered_by": str(voucher.get("created_by") or ""), "approved_by": str(voucher.get("approved_by") or ""),
        "posted_by": str(voucher.get("posted_by") or ""),
    }


def _organization(around: Mapping[str, Any], values: Values) -> Facts:
    known = around["organization"]
    numbers = known.get("tax_numbers") or {}
    pairs = numbers.items() if isinstance(numbers, Mapping) else ()
    branch = around.get("branch") or {}
    return {
        "code": str(known["code"]), "name": str(known.get("legal_name") or known["name"]),
        "address": _lines(known.get("address")),
        "tax_numbers": [{"label": values.speech.say(str(name)), "value": str(number)}
                        for name, number in pairs if number],
        "branch": str(branch.get("name") or branch.get("code") or ""),
    }


def _party(around: Mapping[str, Any]) -> Facts:
    known = around.get("party")
    if not known:
        return {}
    return {"code": str(known["code"]), "name": str(known["name"]), "address": _lines(known.get("address")),
            "tax_number": str(known.get("tax_number") or "")}


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def _label(of: PrintedVoucher, key: str, values: Values) -> str:
    field = of.schema.header_field(key)
    return values.speech.say(field.label) if field is not None else ""


def _party_label(of: PrintedVoucher, values: Values) -> str:
    return _label(of, "party", values) or values.speech.say("Party")


def _fields(of: PrintedVoucher, values: Values) -> list[Facts]:
    """The header's fields that say something, in the order of the form; user-defined ones among them."""
    found = []
    for field in of.schema.header:
        if field.ui.hidden or field.key in _TOLD_ELSEWHERE:
            continue
        text = values.of(of.document, field)
        if text:
            found.append({"label": values.speech.say(field.label), "value": text})
    return found


def _charges(of: PrintedVoucher, values: Values) -> list[Facts]:
    """Every charge that comes to something, but for what is cost alone and no business of the other side."""
    setups = {charge.code: charge for charge in of.schema.charges}
    found = []
    for charge in of.around.get("charges") or ():
        amount = figure_of(charge["amount"])
        if not amount:
            continue
        setup = setups.get(str(charge["code"]))
        if setup is not None and setup.cost_only:
            continue
        signed = -amount if charge["direction"] == "deduct" else amount
        label = values.speech.say(setup.label) if setup is not None else str(charge.get("account") or charge["code"])
        rate = figure_of(charge.get("rate"))
        found.append({
            "label": label, "rate": f"{values.plain(rate)} %" if rate else "", "base": values.money(charge["base"]),
            "amount": values.money(signed), "is_tax": charge.get("kind") == _TAX, "figure": signed,
            "in_total": setup is None or setup.included_in_total})
    return found


def _summary(grids: Sequence[Facts], charges: Sequence[Facts], total: Decimal, values: Values) -> list[Facts]:
    """From the lines to the total: what is added and taken away, and what rounding makes of it."""
    lines = sum((figure_of(grid["sum"]) for grid in grids if grid["sum"] is not None), Decimal(0))
    counted = [charge for charge in charges if charge["in_total"]]
    if not counted or not any(grid["sum"] is not None for grid in grids):
        return []
    rounding = total - lines - sum((charge["figure"] for charge in counted), Decimal(0))
    rows = [{"label": values.speech.say("Lines"), "amount": values.money(lines)}]
    rows += [{"label": f"{charge['label']} {charge['rate']}".strip(), "amount": charge["amount"]} for charge in counted]
    if rounding:
        rows.append({"label": values.speech.say("Rounding"), "amount": values.money(rounding)})
    return rows


def _in_books(of: PrintedVoucher, values: Values) -> str:
    """The total in the currency of the books."""
    known = of.around["organization"]
    amount = values.speech.figure(figure_of(of.voucher["base_total"]), int(known["decimals"]))
    return f"{known['currency']} {amount}"


__all__ = ["POSTED", "Facts", "PrintedVoucher", "raw_of", "voucher_facts"]
