"""A beginning: an organization made whole from one set of answers - masters, opening balances and stock included.

Each part is made through the service that any door uses. What is done once is not done again: after a fault has been
mended the same beginning is asked for anew, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import Fault, InvalidRequest, Refused
from erpdesk.services.organizations import NewOrganization

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.services.desk import Books, Desk

BALANCES, STOCK, PARTIES, ITEMS = "balances", "stock", "parties", "items"
_KEY = "beginning:"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is asked for. `balances` and `stock` are rows of the documents that post them; `parties` and `items` are
    masters to be made for them. `is_made`: the organization was made by an earlier try."""

    organization: NewOrganization
    balances: Sequence[Mapping[str, Any]] = ()
    stock: Sequence[Mapping[str, Any]] = ()
    parties: Sequence[Mapping[str, Any]] = ()
    items: Sequence[Mapping[str, Any]] = ()
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """How far it came: `faults` say why not to the end, each with its part and row (`balances[2].account`)."""

    is_made: bool
    numbers: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def begin(desk: Desk, asked: Beginning, tell: Tell = lambda _text: None) -> Begun:
    """Makes what is asked for. `tell` hears what is being done. Raises ErpdeskError only where nobody answers."""
    code = asked.organization.code.strip()
    if not asked.is_made:
        tell("organization")
        try:
            desk.create_organization(asked.organization)
        except InvalidRequest as error:
            return Begun(False, faults=error.faults)
    books = desk.books(code)
    tell("masters")
    faults = _make_masters(books, asked)
    if faults:
        return Begun(True, faults=faults)
    parts = {part: rows for part, rows in ((BALANCES, asked.balances), (STOCK, asked.stock)) if rows}
    types = {part: _switched_on(books, stock=part == STOCK) for part in parts}
    books = desk.books(code)
    numbers: list[str] = []
    for part, rows in parts.items():
        tell(part)
        number, faults = _post(books, part, types[part], rows, asked.organization)
        if faults:
            return Begun(True, tuple(numbers), faults)
        numbers.append(number)
    return Begun(True, tuple(numbers))


def _make_masters(books: Books, asked: Beginning) -> tuple[Fault, ...]:
    document = {PARTIES: list(asked.parties), ITEMS: list(asked.items)}
    results = books.masters.import_masters({section: rows for section, rows in document.items() if rows})
    return tuple(fault for result in results for fault in result.faults)


def _switched_on(books: Books, *, stock: bool) -> str:
    """The voucher type of an opening, in use from now on."""
    blueprint = opening_type(books.configuration.blueprints(), stock=stock)
    if not blueprint.voucher_type.is_active:
        books.configuration.import_document({"voucher_types": [{"code": blueprint.code, "is_active": True}]})
    return blueprint.code


def _post(books: Books, part: str, type_code: str, rows: Sequence[Mapping[str, Any]],
          organization: NewOrganization) -> tuple[str, tuple[Fault, ...]]:
    """The number of the posted opening; else its faults, placed in their part."""
    document: dict[str, Any] = {"type": type_code, "date": organization.starts_on.isoformat(),
                                "idempotency_key": f"{_KEY}{part}", "lines": [dict(row) for row in rows]}
    if part == STOCK:
        document["warehouse"] = "MAIN"
    result = books.vouchers.import_one(document, post=True)
    if isinstance(result, Refused):
        return "", tuple(replace(fault, field=fault.field.replace("lines", part, 1) if fault.field.startswith("lines")
                                 else part) for fault in result.faults)
    return str(result.value.voucher_number or ""), ()


def opening_type(blueprints: Mapping[str, Blueprint], *, stock: bool) -> Blueprint:
    """The voucher type that opening balances, or opening stock, are posted with, as configuration says."""
    found = next((one for one in blueprints.values()
                  if one.voucher_type.opening and one.voucher_type.affects_inventory == stock), None)
    if found is None:
        raise InvalidRequest((Fault("CFG-022", "No voucher type posts what there is at the beginning.",
                                    STOCK if stock else BALANCES),))
    return found
