"""What the window asks of the services, as shapes: plain values in, plain values or results out.

Everything here blocks and is called on workers only, except `recalculate`, which is pure and quick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import Fault, Ok, Refused

Document = dict[str, Any]


class LookupRow(Protocol):
    """One thing to pick; `code` is what a document holds."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def alias(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...


class VoucherTypeInfo(Protocol):
    """A voucher type as the gateway lists it."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def is_active(self) -> bool: ...


class VoucherResult(Protocol):
    """What became of a save or post."""

    @property
    def voucher_id(self) -> Any: ...
    @property
    def status(self) -> str: ...
    @property
    def voucher_number(self) -> str | None: ...
    @property
    def row_version(self) -> int: ...
    @property
    def warnings(self) -> Sequence[Fault]: ...


class ChargeLine(Protocol):
    """A computed charge."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def signed(self) -> Decimal: ...


class VoucherService(Protocol):
    """Vouchers of one organization."""

    def types(self) -> Sequence[VoucherTypeInfo]: ...
    def schema(self, type_code: str) -> UiSchema: ...
    def new_document(self, type_code: str) -> Document: ...
    def next_number(self, type_code: str, document: Document) -> str: ...
    def recalculate(self, document: Document) -> Any: ...
    def save(self, document: Document, *, voucher_id: Any = None,
             row_version: int | None = None) -> Ok[Any] | Refused: ...
    def post(self, document: Document, *, idempotency_key: str | None = None, voucher_id: Any = None,
             row_version: int | None = None) -> Ok[Any] | Refused: ...
    def show(self, reference: str) -> Any: ...
    def preview(self, document: Document) -> Any: ...


class MasterPosition(Protocol):
    """How far masters of a kind have come, and the figures shown beside them."""

    @property
    def masters(self) -> int: ...
    @property
    def figures(self) -> int: ...


class MasterService(Protocol):
    """Masters of one organization."""

    def lookup_rows(self, kind: str) -> Sequence[LookupRow]: ...
    def positions(self) -> Mapping[str, MasterPosition]: ...


class PriceBook(Protocol):
    """The price lists, at hand; `listed` waits for nobody."""

    def listed(self, item: str, *, type_code: str, quantity: str, date: str, unit: str | None = None,
               party: str | None = None, price_list: str | None = None, currency: str | None = None) -> Any: ...


class PriceService(Protocol):
    """Prices of one organization."""

    def book(self) -> PriceBook: ...
    def refresh(self) -> None: ...


class OfferService(Protocol):
    """What the books have for a voucher that is being typed."""

    def open_bills(self, type_code: str, party: str) -> Sequence[Any]: ...
    def stock(self, item: str, warehouse: str = "") -> Sequence[Any]: ...
    def lines_left(self, reference: str) -> Sequence[Any]: ...


class ReportColumn(Protocol):
    """A column of a report; `kind` is text, date, money, quantity or count."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Report(Protocol):
    """A finished table of text."""

    @property
    def name(self) -> str: ...
    @property
    def as_of(self) -> date: ...
    @property
    def columns(self) -> Sequence[ReportColumn]: ...
    @property
    def rows(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def totals(self) -> Mapping[str, str]: ...


class ReportService(Protocol):
    """Reports of one organization."""

    def run(self, name: str, **filters: Any) -> Report: ...


class Books(Protocol):
    """Everything of one organization."""

    @property
    def organization(self) -> OrganizationInfo: ...
    @property
    def vouchers(self) -> VoucherService: ...
    @property
    def masters(self) -> MasterService: ...
    @property
    def reports(self) -> ReportService: ...
    @property
    def prices(self) -> PriceService: ...
    @property
    def offers(self) -> OfferService: ...


class Desk(Protocol):
    """An open database and who works on it."""

    @property
    def user(self) -> str: ...
    def organizations(self) -> Sequence[OrganizationInfo]: ...
    def books(self, code: str) -> Books: ...
    def close(self) -> None: ...
