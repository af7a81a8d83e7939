"""A desk in memory for tests of the window: real forms and real arithmetic, books that only remember.

Every call but `recalculate` fails when it is made on the main thread.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.organization import BranchInfo, FiscalYearInfo, OrganizationInfo
from erpdesk.domain.pricing import ListedRate
from erpdesk.domain.results import ErpdeskError, Fault, Ok, Refused
from erpdesk.posting.preview import Preview
from erpdesk.posting.recalculation import recalculate
from erpdesk.reports.report import Column, ColumnKind, Report
from erpdesk.services.master_forms import OpenedMaster
from erpdesk.services.pricing import PriceBook
from erpdesk.storage.master_changes import Position
from helpers.fake_context import FakeLiveContext
from helpers.fake_master_lists import FakeMasterFiles, FakeMasterLists
from helpers.fake_numbering import FakeNumbering
from helpers.fake_offers import FakeOffers
from helpers.fake_people import FakePeople
from helpers.fake_periods import FakePeriods
from helpers.fake_printing import FakePrinting
from helpers.fake_registers import FakeRegisters
from helpers.fake_stored import Corrected, FakeApprovals, stored_voucher
from helpers.fake_types import FakeTypes
from helpers.fake_units import UNITS, VIALS
from helpers.fake_versions import BLUEPRINTS, CONTEXT, TypeInfo, TypeVersions

TODAY = date(2026, 11, 20)
BASELINE_TYPES = tuple(code for code, one in BLUEPRINTS.items() if one.voucher_type.is_active)
ALL_TYPES = tuple(BLUEPRINTS)


def schema_of(type_code: str) -> UiSchema:
    """The form of a baseline type."""
    return resolve_ui_schema(BLUEPRINTS[type_code], CONTEXT)


def off_the_main_thread() -> None:
    """Services are for workers only."""
    assert threading.current_thread() is not threading.main_thread(), "a service was called by the window"


@dataclass(frozen=True, slots=True)
class Row:
    """A master."""

    code: str
    name: str
    alias: str = ""
    active: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a save or post gives back."""

    voucher_id: str
    status: str
    voucher_number: str | None
    row_version: int = 1
    warnings: tuple[Fault, ...] = ()


_ITEM = {"uom": "PCS", "tax_class": None, "alternate_units": (), "stock": {"MAIN": "96"}}
MASTERS: Mapping[str, tuple[Row, ...]] = {
    "account": (
        Row("1110", "Cash", attributes={"kind": "cash"}), Row("1120", "Bank", attributes={"kind": "bank"}),
        Row("1000", "Assets", attributes={"kind": None, "is_group": True}),
        Row("1130", "Receivables", attributes={"kind": "receivable"}),
        Row("3010", "Capital", attributes={"kind": None}), Row("6020", "Rent", attributes={"kind": None}),
        Row("6050", "Bank charges", attributes={"kind": None}),
        Row("6090", "Old rent", active=False, attributes={"kind": None}),
    ),
    "party": (
        Row("C001", "Asha Stores", attributes={"kind": "customer", "credit_days": 30, "balance": "12400"}),
        Row("C002", "Bina Traders", attributes={"kind": "customer", "credit_days": 15, "price_list": "RETAIL"}),
        Row("S001", "Terai Mills", attributes={"kind": "supplier", "balance": "-500"}),
    ),
    "item": (
        Row("RICE", "Basmati rice 25 kg", attributes=_ITEM), Row("OIL1", "Sunflower oil 1 l", attributes=_ITEM),
        Row("OIL5", "Sunflower oil 5 l", alias="big oil", attributes=_ITEM), Row("SOAP", "Neem soap", attributes=_ITEM),
        Row("PILL", "Pills", attributes={**_ITEM, "track_batch": True, "track_expiry": True}),
        Row("VIAL", "Vials", attributes={**_ITEM, **VIALS}),
        Row("FONE", "Phone", attributes={**_ITEM, "track_serial": True}),
        Row("BIKE", "Motorcycle", attributes={**_ITEM, "is_fixed_product": True}),
    ),
    "warehouse": (Row("MAIN", "Main store"), Row("BR", "Branch store")),
    "uom": tuple(Row(code, name, attributes={"decimals": places}) for code, name, places in UNITS),
    "batch": (Row("B1", "B1", attributes={"item": "RICE"}), Row("B9", "B9", attributes={"item": "OIL1"})),
    "serial": tuple(Row(f"IMEI{number}", f"IMEI{number}", attributes={"item": "FONE", "warehouse": "MAIN"})
                    for number in range(1, 4)),
    "bin": (Row("A1", "A1", attributes={"warehouse": "MAIN"}),),
    "cost_centre": (Row("CC1", "Head office"), Row("CC2", "Workshop")), "branch": (Row("HO", "Head office"),),
    "currency": (Row("NPR", "Nepalese rupee", attributes={"decimals": 2}),
                 Row("KWD", "Kuwaiti dinar", attributes={"decimals": 3}),
                 Row("JPY", "Yen", attributes={"decimals": 0})), "price_list": (Row("RETAIL", "Retail"),),
    "voucher": (Row("SI/26-27/000001", "Asha Stores",
                    attributes={"party": "C001", "total": "226.00", "date": "2026-11-02"}),),
}


@dataclass
class FakeVouchers:
    """Remembers what was saved and posted; `answer` may refuse instead, `gate` may hold an answer back."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    saves: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Refused | None] = lambda _document: None
    gate: threading.Event | None = None
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: list[tuple[Any, ...]] = field(default_factory=list)
    kinds: TypeVersions = field(default_factory=TypeVersions)
    versions: list[int | None] = field(default_factory=list)

    def types(self) -> tuple[TypeInfo, ...]:
        off_the_main_thread()
        return self.kinds.listed()

    def schema(self, type_code: str, version: int | None = None, branch: str = "") -> UiSchema:
        off_the_main_thread()
        return self.kinds.schema(type_code, version)

    def new_document(self, type_code: str) -> dict[str, Any]:
        off_the_main_thread()
        return {"type": type_code, "date": TODAY.isoformat()}

    def next_number(self, type_code: str, document: Mapping[str, Any]) -> str:
        off_the_main_thread()
        return f"XX/26-27/{len(self.posts) + 1:06d}"

    def recalculate(self, document: Mapping[str, Any], version: int | None = None) -> Any:
        return recalculate(document, self.kinds.blueprint(str(document["type"]), version), 2)

    def save(self, document: dict[str, Any], *, voucher_id: Any = None, row_version: int | None = None,
             version: int | None = None) -> Ok[Any] | Refused:
        off_the_main_thread()
        self._wait()
        self.saves.append(document)
        self.versions.append(version)
        return self.answer(document) or Ok(Outcome(str(voucher_id or uuid.uuid4()), "DRAFT", None,
                                                   (row_version or 0) + 1))

    def post(self, document: dict[str, Any], *, idempotency_key: str | None = None, voucher_id: Any = None,
             row_version: int | None = None, version: int | None = None) -> Ok[Any] | Refused:
        off_the_main_thread()
        self._wait()
        self.posts.append(document)
        self.versions.append(version)
        self.keys.append(idempotency_key)
        return self.answer(document) or Ok(Outcome(str(voucher_id or uuid.uuid4()), "POSTED",
                                                   f"XX/26-27/{len(self.posts):06d}", 2))

    def preview(self, document: Mapping[str, Any], version: int | None = None) -> Preview:
        off_the_main_thread()
        rows = tuple({"account": line.get("account"), "name": "<b>Name</b>", "debit": "1234567.50", "credit": "0.00"}
                     for line in document["lines"])
        stock = 15 * ({"item": "RICE", "warehouse": "MAIN", "quantity": "-1", "value": "-5.00"},)
        return Preview(str(document["type"]), "2026-11-20", "1234567.50", "0.00", journal=rows, stock=stock)

    def show(self, reference: str) -> Any:
        off_the_main_thread()
        return stored_voucher(self.stored, reference)

    def reverse(self, reference: str, date: str | None, reason: str, key: str | None = None) -> Ok[Any] | Refused:
        off_the_main_thread()
        self.done.append(("reverse", reference, date, reason))
        return self.answer({}) or Ok(Outcome("reversal", "POSTED", "XX/26-27/000009"))

    def correct(self, reference: str, date: str | None, reason: str) -> Ok[Any] | Refused:
        off_the_main_thread()
        self.done.append(("correct", reference, date, reason))
        draft = Outcome("copy", "DRAFT", None)
        self.stored["copy"] = {"status": "DRAFT", "voucher_number": None}
        return self.answer({}) or Ok(Corrected(draft))

    def _wait(self) -> None:
        if self.gate is not None:
            assert self.gate.wait(10)


class FakeMasters:
    """Masters as above, and those added by `change`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Row, ...]] = dict(MASTERS)
        self.changes: dict[str, Position] = dict.fromkeys((*MASTERS, "prices", "voucher_types"), Position(0))
        self.reads: list[str] = []

    def lookup_rows(self, kind: str) -> Sequence[Row]:
        off_the_main_thread()
        self.reads.append(kind)
        return self.kept[kind]

    def positions(self) -> Mapping[str, Position]:
        off_the_main_thread()
        return dict(self.changes)

    def change(self, kind: str, *rows: Row) -> None:
        """Somebody at another desk has made these."""
        self.kept[kind] = (*self.kept.get(kind, ()), *rows)
        self.changes[kind] = Position(self.changes[kind].masters + 1)


class FakeReports:
    """One small report under every name; `asked` are the questions."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.rows: tuple[dict[str, str], ...] = (
            {"date": "2026-11-02", "voucher_number": "JV/26-27/000001", "total": "1234567.50"},)
        self.totals: dict[str, str] = {"total": "1234567.50"}

    def run(self, name: str, **filters: Any) -> Report:
        off_the_main_thread()
        self.asked.append((name, filters))
        columns = (Column("date", "Date", ColumnKind.DATE), Column("voucher_number", "Voucher"),
                   Column("total", "Total", ColumnKind.MONEY))
        return Report(name, "ACME", TODAY, columns, self.rows, self.totals)

    def written(self, name: str, file_format: str, **filters: Any) -> bytes:
        off_the_main_thread()
        return f"{name} as {file_format}".encode()


class FakeNarrations:
    """A narration for each type and each party but one."""

    def of_type(self, type_code: str) -> str:
        off_the_main_thread()
        return f"as always for {type_code.lower().replace('_', ' ')}"

    def of_party(self, party: str) -> str:
        off_the_main_thread()
        return "" if party == "C002" else f"by truck to {party}"


class FakePrices:
    """A price list RETAIL that has no price but for soap."""

    soap = "45.5"

    def refresh(self) -> None:
        off_the_main_thread()

    def book(self) -> PriceBook:
        off_the_main_thread()
        soap = ListedRate(0, "RETAIL", "NPR", "soap", "pcs", Decimal(self.soap))
        return PriceBook("NPR", {("retail", "soap"): [soap]}, {"c002": "retail"}, {}, {"soap": "pcs"})


class FakeMasterForms:
    """Forms of the baseline; `saved` are those saved, into the masters of the desk."""

    def __init__(self, masters: FakeMasters) -> None:
        self._masters = masters
        self.saved: list[tuple[str, dict[str, Any], bool]] = []
        self.refusal: ErpdeskError | None = None
        self.faults: tuple[Fault, ...] = ()
        self.gate: threading.Event | None = None

    def open(self, kind: str, code: str = "", owner: str = "") -> OpenedMaster:
        off_the_main_thread()
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.refusal is not None:
            raise self.refusal
        form, row = master_forms()[kind], next((row for row in self._masters.kept[kind] if row.code == code), None)
        if row is None:
            return OpenedMaster(kind, form.for_new())
        kept = {key: value for key, value in row.attributes.items() if form.field(key) is not None}
        return OpenedMaster(kind, form.for_altering(), {form.code_key: row.code, "name": row.name, **kept})

    def save(self, kind: str, values: Mapping[str, Any], *, is_new: bool,
             seen: Mapping[str, Any] | None = None) -> tuple[Fault, ...]:
        off_the_main_thread()
        self.saved.append((kind, {key: value for key, value in values.items() if value is not None}, is_new))
        if not self.faults:
            code = str(values[master_forms()[kind].code_key])
            others = [row for row in self._masters.kept[kind] if row.code != code]
            self._masters.kept[kind] = (*others, Row(code, str(values.get("name") or code), attributes=dict(values)))
        return self.faults


class FakeBooks:
    """One organization."""

    def __init__(self, code: str = "ACME", name: str = "Acme Traders", branches: Sequence[str] = ("HO",)) -> None:
        year = FiscalYearInfo(uuid.uuid4(), "2026-27", "26-27", date(2026, 4, 1), date(2027, 3, 31), False)
        made = tuple(BranchInfo(uuid.uuid4(), one, "Head office" if one == "HO" else one.title(), True)
                     for one in branches)
        self.organization = OrganizationInfo(
            uuid.uuid4(), code, name, "NP", "NPR", 2, "Asia/Kathmandu", "en", "gregorian", "western",
            False, "clerk", made, (year,))
        self.vouchers, self.masters, self.reports = FakeVouchers(), FakeMasters(), FakeReports()
        self.prices, self.offers = FakePrices(), FakeOffers(off_the_main_thread)
        self.narrations, self.numbering = FakeNarrations(), FakeNumbering(off_the_main_thread)
        self.people = FakePeople(off_the_main_thread)
        self.registers = FakeRegisters(off_the_main_thread)
        self.live_context, self.master_forms = FakeLiveContext(off_the_main_thread), FakeMasterForms(self.masters)
        self.master_lists, self.master_files = FakeMasterLists(self.masters, off_the_main_thread), FakeMasterFiles()
        self.approvals = FakeApprovals(off_the_main_thread, self.vouchers.stored)
        self.candidates = self.blueprint_versions = FakeTypes()
        self.printing = FakePrinting(off_the_main_thread)
        self.periods: Any = FakePeriods(self.organization.fiscal_years, off_the_main_thread)
        self.years: Any = None
        self.settings: Any = None
        self.trail: Any = None
        self.posting_log: Any = None
        self.events: Any = None
        self.held = frozenset({"voucher.enter", "voucher.post", "report.view"})

    def permissions(self) -> frozenset[str]:
        off_the_main_thread()
        return self.held


class FakeDesk:
    """A desk with one organization, or with several."""

    def __init__(self, books: FakeBooks | None = None, *others: FakeBooks) -> None:
        self.user, self.only, self.is_closed = "asha", books or FakeBooks(), False
        self._known = {one.organization.code: one for one in (self.only, *others)}

    def organizations(self) -> Sequence[OrganizationInfo]:
        off_the_main_thread()
        return tuple(one.organization for one in self._known.values())

    def books(self, code: str) -> FakeBooks:
        off_the_main_thread()
        return self._known[code]

    def close(self) -> None:
        self.is_closed = True


def slowly(desk: FakeDesk, seconds: float) -> Callable[[Callable[[str], None]], FakeDesk]:
    """A desk that takes its time to open."""
    def opener(_progress: Callable[[str], None]) -> FakeDesk:
        off_the_main_thread()
        time.sleep(seconds)
        return desk

    return opener
