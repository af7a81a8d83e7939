"""Which standard fields the header has: the flag that shows each, and what the type's columns change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.catalogue import Area, standard_fields
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.fields import DateRange, Field, Lookup, LookupKind
from erpdesk.blueprints.vocabulary import (
    CostCentreMode,
    HeaderCounterpart,
    NumberingMethod,
    PartyKind,
    SourceUse,
    StockDirection,
)

Shown = Callable[[BlueprintRows], bool]
Adjusted = Callable[[Field, BlueprintRows], Field]


def _always(_: BlueprintRows) -> bool:
    return True


def _has_warehouse(blueprint: BlueprintRows) -> bool:
    kind = blueprint.voucher_type
    return kind.stock_direction not in (StockDirection.NONE, StockDirection.TRANSFER)


def _transfers(blueprint: BlueprintRows) -> bool:
    return blueprint.voucher_type.stock_direction is StockDirection.TRANSFER


def _document_details(blueprint: BlueprintRows) -> bool:
    return blueprint.voucher_type.show_document_details


def _instrument(blueprint: BlueprintRows) -> bool:
    return blueprint.voucher_type.use_instrument


def _has_cost_centres(blueprint: BlueprintRows) -> bool:
    wanted = blueprint.voucher_type.cost_centre_mode is not CostCentreMode.OFF
    return wanted or blueprint.lines.show_cost_centre


SHOWN: dict[str, Shown] = {
    "date": _always,
    "voucher_number": lambda b: b.voucher_type.numbering_method is NumberingMethod.MANUAL,
    "ref_no": lambda b: b.voucher_type.use_ref_no,
    "account": lambda b: b.voucher_type.header_counterpart is HeaderCounterpart.ACCOUNT,
    "party": lambda b: b.voucher_type.party_kind is not PartyKind.NONE,
    "against": lambda b: b.voucher_type.source_use is not SourceUse.NONE,
    "from_warehouse": _transfers,
    "to_warehouse": _transfers,
    "warehouse": _has_warehouse,
    "amount": lambda b: b.voucher_type.settles,
    "price_list": lambda b: b.voucher_type.use_price_list,
    "credit_days": lambda b: b.voucher_type.use_credit_days,
    "sales_person": lambda b: b.voucher_type.use_sales_person,
    "branch": _always,
    "entry_date": _always,
    "time": lambda b: b.voucher_type.show_time,
    "currency": lambda b: b.voucher_type.use_currency,
    "exchange_rate": lambda b: b.voucher_type.use_currency,
    "cost_centre": _has_cost_centres,
    "ssf_code": lambda b: b.voucher_type.use_ssf_code,
    "destination": lambda b: b.voucher_type.use_destination,
    "supplier_invoice_no": _document_details,
    "supplier_invoice_date": _document_details,
    "import_country": _document_details,
    "pp_no": _document_details,
    "vehicle_no": _document_details,
    "transporter": _document_details,
    "consignment_note_no": _document_details,
    "consignment_note_date": _document_details,
    "delivery_address": _document_details,
    "instrument_kind": _instrument,
    "instrument_no": _instrument,
    "instrument_date": _instrument,
    "instrument_bank": _instrument,
    "narration": _always,
}


def _date(field: Field, blueprint: BlueprintRows) -> Field:
    kind = blueprint.voucher_type
    limits = DateRange(back_days=kind.back_date_days, forward_days=kind.forward_date_days)
    if limits != DateRange():
        field = replace(field, validators=replace(field.validators, date_range=limits))
    return replace(field, label=kind.voucher_date_label or field.label)


def _entry_date(field: Field, blueprint: BlueprintRows) -> Field:
    return replace(field, label=blueprint.voucher_type.entry_date_label or field.label)


def _ref_no(field: Field, blueprint: BlueprintRows) -> Field:
    return replace(field, label=blueprint.voucher_type.ref_no_label or field.label)


def _account(field: Field, blueprint: BlueprintRows) -> Field:
    return replace(field, lookup=Lookup(LookupKind.ACCOUNT, blueprint.voucher_type.header_account_kinds))


def _party(field: Field, blueprint: BlueprintRows) -> Field:
    kind = blueprint.voucher_type
    wanted = () if kind.party_kind is PartyKind.ANY else (str(kind.party_kind), "both")
    label = field.label if kind.party_kind is PartyKind.ANY else str(kind.party_kind).capitalize()
    return replace(field, label=label, required=kind.party_required, lookup=Lookup(LookupKind.PARTY, wanted))


def _against(field: Field, blueprint: BlueprintRows) -> Field:
    kind = blueprint.voucher_type
    wanted = tuple(str(source) for source in kind.source_kinds)
    return replace(field, required=kind.source_use is SourceUse.REQUIRED,
                   lookup=Lookup(LookupKind.VOUCHER, wanted))


def _warehouse(field: Field, blueprint: BlueprintRows) -> Field:
    chosen = blueprint.lines.default_warehouse
    return replace(field, default=Default(DefaultKind.CONSTANT, chosen)) if chosen else field


def _price_list(field: Field, blueprint: BlueprintRows) -> Field:
    chosen = blueprint.voucher_type.price_list
    return replace(field, default=Default(DefaultKind.CONSTANT, chosen)) if chosen else field


ADJUSTED: dict[str, Adjusted] = {
    "date": _date, "entry_date": _entry_date, "ref_no": _ref_no, "account": _account, "party": _party,
    "against": _against, "warehouse": _warehouse, "from_warehouse": _warehouse, "price_list": _price_list,
}


def header_fields(blueprint: BlueprintRows) -> list[Field]:
    """The standard header fields that the type's flags show, in order."""
    return [
        ADJUSTED[key](field, blueprint) if key in ADJUSTED else field
        for key, field in standard_fields(Area.HEADER).items() if SHOWN[key](blueprint)
    ]
