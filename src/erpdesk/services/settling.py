"""Settlement sets a party's open credits (returns, notes, advances) against its open invoices; no money moves.

It is a voucher of the type that settles that side, with amount 0: credits stand in its allocations with negative
amounts. Nothing settles by itself; whoever names neither credits nor invoices settles oldest against oldest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.vocabulary import SettlementSide
from erpdesk.domain.money import ZERO, money_text, plain, total
from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest, Result
from erpdesk.posting.content import key_reuse

if TYPE_CHECKING:
    from erpdesk.blueprints.rows import VoucherType
    from erpdesk.posting.outcome import PostedVoucher
    from erpdesk.services.desk import Books
    from erpdesk.storage.report_queries.outstanding import OpenInCurrency

_NO_SUCH_CODE = "RPT-004"

Open = tuple[str, Decimal]
"""A voucher number and what of it is open: invoices positive, credits negative."""


@dataclass(frozen=True, slots=True)
class SettlementRequest:
    """What to settle: of one party on one side (receivable or payable). Without credits or invoices all of them,
    oldest first; without an amount as much as both sides have. Documents of one currency at a time, the books' own
    unless said. `date` and `account` have defaults."""

    party: str
    kind: str
    credits: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    date: str = ""
    account: str = ""
    idempotency_key: str = ""


def settle(books: Books, request: SettlementRequest) -> Result[PostedVoucher]:
    """Posts the settlement. Raises InvalidRequest VCH-019, VCH-020 when there is nothing, or not enough, to
    settle; ConflictError VCH-015 when the key stands for something else; VCH-010 for an unknown party."""
    known = _posted_before(books, request.idempotency_key)
    if known is not None:
        if not _is_asked_by(request, known, books):
            raise key_reuse(request.idempotency_key)
        return books.vouchers.post(known)
    currency = (request.currency or books.organization.base_currency).upper()
    rows = [one for one in _open(books, request) if one.currency == currency]
    found = [(one.voucher_number, one.open_amount) for one in rows]
    decimals = _decimals(books, currency)
    invoices = _chosen([one for one in found if one[1] > 0], request.invoices, "invoices")
    owed = _chosen([one for one in found if one[1] < 0], request.credits, "credits")
    possible = min(total(amount for _, amount in invoices), -total(amount for _, amount in owed))
    wanted = possible if request.amount is None else request.amount
    if wanted > possible or wanted <= 0:
        message = (f"{money_text(possible, decimals)} can be settled"
                   + (f", not {money_text(wanted, decimals)}" if request.amount is not None else ""))
        raise InvalidRequest((Fault("VCH-019", f"{request.party}: {message}", "amount"),))
    document = _document(books, request, allocations(invoices, owed, wanted), decimals)
    if currency != books.organization.base_currency.upper():
        rate = next(one.exchange_rate for one in rows if one.voucher_number == invoices[0][0])
        document |= {"currency": currency, "exchange_rate": plain(rate)}
    return books.vouchers.post(document)


def _open(books: Books, request: SettlementRequest) -> Sequence[OpenInCurrency]:
    """The party's open items."""
    try:
        return books.reports.open_in_currency(request.kind, request.party)
    except ErpdeskError as error:
        if error.code != _NO_SUCH_CODE:
            raise
        raise InvalidRequest((Fault("VCH-010", f"There is no party {request.party[:60]}", "party"),)) from error


def _decimals(books: Books, currency: str) -> int:
    """Those of a currency; of an unknown one, of which nothing is open, the books' own."""
    own = books.organization.currency_decimals
    return next((int(row.attributes["decimals"]) for row in books.masters.lookup_rows("currency")
                 if row.code == currency), own)  # fmt: skip


def _posted_before(books: Books, key: str) -> Mapping[str, Any] | None:
    """The document that a key stands for: what is open has changed since, the document hasn't."""
    if not key:
        return None
    try:
        return books.vouchers.show(f"key:{key}").document
    except ErpdeskError:
        return None


def _is_asked_by(request: SettlementRequest, document: Mapping[str, Any], books: Books) -> bool:
    """Whether a posted document is what a request asks for; what the request leaves open is as the document has it."""
    own = books.organization.base_currency
    parts = [(str(part.get("voucher_number")), Decimal(str(part.get("amount") or 0)))
             for part in document.get("allocations") or ()]  # fmt: skip
    settled = {number for number, amount in parts if amount > ZERO}
    spent = {number for number, amount in parts if amount < ZERO}
    return (
        document.get("type") in {kind.code for kind in _kinds(books, request.kind)}
        and Decimal(str(document.get("amount") or 0)) == ZERO
        and str(document.get("party") or "").casefold() == request.party.casefold()
        and str(document.get("currency") or own).upper() == (request.currency or own).upper()
        and request.date in ("", document.get("date"))
        and request.account in ("", document.get("account"))
        and request.amount in (None, total(amount for _, amount in parts if amount > ZERO))
        and (not request.invoices or settled <= set(request.invoices))
        and (not request.credits or spent <= set(request.credits))
    )


def allocations(invoices: Sequence[Open], owed: Sequence[Open], amount: Decimal) -> list[Open]:
    """How `amount` spreads over both sides, credits first, in their order; adds up to zero."""
    return [*_spread(owed, -amount), *_spread(invoices, amount)]


def _spread(items: Sequence[Open], amount: Decimal) -> list[Open]:
    spread, left = [], abs(amount)
    sign = 1 if amount > 0 else -1
    for number, open_amount in items:
        part = min(left, abs(open_amount))
        if part > ZERO:
            spread.append((number, sign * part))
            left -= part
    return spread


def _chosen(found: Sequence[Open], wanted: Sequence[str], what: str) -> list[Open]:
    """The open items named, in the order named; all of them when none is."""
    if not wanted:
        return list(found)
    known = dict(found)
    faults = [Fault("VCH-020", f"{number[:60]} is none of the open {what} of this party", what)
              for number in wanted if number not in known]  # fmt: skip
    if faults:
        raise InvalidRequest(faults)
    return [(number, known[number]) for number in dict.fromkeys(wanted)]


def _kinds(books: Books, side: str) -> list[VoucherType]:
    """The voucher types that settle a side, active or not."""
    kinds = [blueprint.voucher_type for blueprint in books.configuration.blueprints().values()]
    return [kind for kind in kinds if kind.settles and kind.settlement_side is SettlementSide(side)]


def _document(
    books: Books, request: SettlementRequest, parts: Sequence[Open], decimals: int
) -> dict[str, Any]:
    """The voucher: the first active type that settles this side; a cash or bank account that nothing moves on."""
    fitting = [kind for kind in _kinds(books, request.kind) if kind.is_active]
    if not fitting:
        raise InvalidRequest((Fault("VCH-007", f"No active voucher type settles the {request.kind} side", "kind"),))
    document = {
        "type": fitting[0].code,
        "date": request.date or books.vouchers.new_document(fitting[0].code)["date"],
        "party": request.party,
        "account": request.account or books.masters.account_of_role("cash", "bank"),
        "amount": money_text(ZERO, decimals),
        "allocations": [{"voucher_number": number, "amount": money_text(amount, decimals)}
                        for number, amount in parts],
    }  # fmt: skip
    return document | ({"idempotency_key": request.idempotency_key} if request.idempotency_key else {})
