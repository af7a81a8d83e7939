"""Every column of configuration that posting follows: what it is first, how it is turned, what is seen on the books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale

SALES, BUY, JOURNAL = "SALES_INVOICE", "PURCHASE_INVOICE", "JOURNAL"
PAY = "CASH_PAYMENT"
See = Callable[[Trade, Any], Any]
DAY = "2026-04-12"


PAID = {"type": PAY, "date": DAY, "account": "1110", "lines": [{"account": "6030", "amount": "40"}]}


def tea(**more: Any) -> dict[str, Any]:
    return sale([goods("TEA", "3", "10.01")], date=DAY, **more)


def fee(**columns: Any) -> dict[str, Any]:
    """A charge of the type's own beside those it is shipped with, over what the case says of it."""
    return {
        "code": "FEE",
        "label": "Fee",
        "sequence": 5,
        "ledger": "2130",
        "calculation_type": "rate",
        "rate": "10",
        "base": "items_total",
        **columns,
    }


def with_fee(**columns: Any) -> dict[str, Any]:
    return {"charges": [{"code": "VAT", "remove": True}, {"code": "DISC", "remove": True}, fee(**columns)]}


def again(**columns: Any) -> dict[str, Any]:
    return {"charges": [{"code": "FEE", **columns}]}


def total(_shop: Trade, done: Any) -> Any:
    return done.total


def number(_shop: Trade, done: Any) -> Any:
    return done.voucher_number


def status(_shop: Trade, done: Any) -> Any:
    return done.status


def on(account: str) -> See:
    """What stands on an account in the voucher's journal."""
    return lambda shop, done: dict(shop.journal(done)).get(account, "0")


def through(account: str) -> See:
    """What stands on either side of an account in the voucher's journal."""
    return lambda shop, done: shop.rows(
        "SELECT coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0) FROM erpdesk.journal_line l"
        " JOIN erpdesk.journal j ON j.id = l.journal_id JOIN erpdesk.account a ON a.id = l.account_id"
        " WHERE j.voucher_id = %s AND a.code = %s", done.voucher_id, account)[0]


def fee_amount(shop: Trade, done: Any) -> Any:
    return shop.one(
        "SELECT coalesce(max(amount), 0) FROM erpdesk.voucher_charge WHERE voucher_id = %s AND code = 'FEE'",
        done.voucher_id,
    )


def asked(question: str) -> See:
    return lambda shop, done: shop.one(question, done.voucher_id)


moved = asked("SELECT count(*) FROM erpdesk.stock_movement WHERE voucher_id = %s")
journals = asked("SELECT count(*) FROM erpdesk.journal WHERE voucher_id = %s")
received = asked("SELECT coalesce(sum(value), 0) FROM erpdesk.stock_movement WHERE voucher_id = %s")
points = asked("SELECT coalesce(sum(points), 0) FROM erpdesk.loyalty_entry WHERE voucher_id = %s")
owed = asked("SELECT coalesce(sum(amount), 0) FROM erpdesk.open_item WHERE voucher_id = %s")

Case = tuple[str, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any], See, Any, Any]
"""Type, what it is first, what is turned, the document, what is looked at, what is seen before and after."""
CASES: Mapping[str, Case] = {
    "ChargeSetup.ledger": (SALES, with_fee(), again(ledger="6030"), tea(), on("6030"), "0", "-3"),
    "ChargeSetup.rate": (SALES, with_fee(), again(rate="20"), tea(), fee_amount, "3", "6.01"),
    "ChargeSetup.calculation_type": (
        SALES,
        with_fee(),
        again(calculation_type="amount", rate=None, amount="7"),
        tea(),
        fee_amount,
        "3",
        "7",
    ),
    "ChargeSetup.amount": (
        SALES,
        with_fee(calculation_type="amount", rate=None, amount="7"),
        again(amount="8"),
        tea(),
        fee_amount,
        "7",
        "8",
    ),
    "ChargeSetup.base": (
        SALES,
        with_fee(calculation_type="rate"),
        again(base="quantity"),
        tea(),
        fee_amount,
        "3",
        "30",
    ),
    "ChargeSetup.direction": (SALES, with_fee(), again(direction="deduct"), tea(), total, "33.03", "27.03"),
    "ChargeSetup.included_in_total": (
        SALES,
        with_fee(contra_account="6030"),
        again(included_in_total=False),
        tea(),
        total,
        "33.03",
        "30.03",
    ),
    "ChargeSetup.included_in_price": (
        SALES,
        with_fee(),
        again(included_in_total=False, included_in_price=True),
        tea(),
        total,
        "33.03",
        "30.03",
    ),
    "ChargeSetup.contra_account": (
        SALES,
        with_fee(contra_account="6030", included_in_total=False),
        again(contra_account="6010"),
        tea(),
        on("6010"),
        "0",
        "3",
    ),
    "ChargeSetup.allocate_to_cost": (
        BUY,
        {
            "charges": [
                {"code": "VAT", "remove": True},
                {"code": "DISC", "remove": True},
                {"code": "FREIGHT", "remove": True},
                fee(ledger="1150"),
            ]
        },
        again(allocate_to_cost="value"),
        purchase([goods("TEA", "3", "10")], date=DAY),
        received,
        "30",
        "33",
    ),
    "ChargeSetup.cost_only": (
        BUY,
        {
            "charges": [
                {"code": "VAT", "remove": True},
                {"code": "DISC", "remove": True},
                {"code": "FREIGHT", "remove": True},
                fee(ledger="6030", allocate_to_cost="value"),
            ]
        },
        again(cost_only=True, included_in_total=False),
        purchase([goods("TEA", "3", "10")], date=DAY),
        total,
        "33.00",
        "30.00",
    ),
    "ChargeSetup.tax_class": (SALES, with_fee(), again(tax_class="STD"), tea(), fee_amount, "3", "0"),
    "ChargeSetup.rounding": (
        SALES,
        with_fee(rate="5"),
        again(rounding="per_line"),
        sale([goods("TEA", "1", "0.1"), goods("TEA", "1", "0.1")], date=DAY),
        fee_amount,
        "0.01",
        "0.02",
    ),
    "ChargeSetup.round_to": (SALES, with_fee(rate="11"), again(round_to="1"), tea(), fee_amount, "3.3", "3"),
    "ChargeSetup.applies_when": (
        SALES,
        with_fee(),
        again(applies_when={"field": "ref_no", "eq": "EXPORT"}),
        tea(),
        fee_amount,
        "3",
        "0",
    ),
    "ChargeSetup.is_active": (SALES, with_fee(), again(is_active=False), tea(), fee_amount, "3", "0"),
    "VoucherType.round_to": (SALES, {}, {"round_to": "1"}, tea(**PLAIN), total, "30.03", "30.00"),
    "VoucherType.round_off_account": (
        SALES,
        {"round_to": "1"},
        {"round_off_account": "6040"},
        tea(**PLAIN),
        on("6040"),
        "0",
        "0.03",
    ),
    "VoucherType.use_grir": (
        BUY,
        {},
        {"use_grir": True},
        purchase([goods("TEA", "3", "5")], date=DAY, **PLAIN),
        through("2120"),
        ("0", "0"),
        ("15", "15"),
    ),
    "VoucherType.loyalty_rate": (SALES, {}, {"loyalty_rate": "0.5"}, tea(**PLAIN), points, "0", "15"),
    "VoucherType.number_prefix": (SALES, {}, {"number_prefix": "A/"}, tea(), number, "SI/26-27/000001", "A/000002"),
    "VoucherType.number_suffix": (
        SALES,
        {},
        {"number_suffix": "/B"},
        tea(),
        number,
        "SI/26-27/000001",
        "SI/26-27/000002/B",
    ),
    "VoucherType.number_width": (SALES, {}, {"number_width": 3}, tea(), number, "SI/26-27/000001", "SI/26-27/002"),
    "VoucherType.number_restart": (
        SALES,
        {},
        {"number_restart": "month", "number_prefix": "SI/{YY}{MM}/"},
        tea(),
        number,
        "SI/26-27/000001",
        "SI/2604/000001",
    ),
    "VoucherType.number_per_branch": (
        SALES,
        {},
        {"number_per_branch": True, "number_prefix": "{BRANCH}/{FYS}/"},
        tea(),
        number,
        "SI/26-27/000001",
        "HO/26-27/000001",
    ),
    "VoucherType.requires_approval": (
        SALES,
        {},
        {"requires_approval": True},
        tea(),
        status,
        "POSTED",
        "PENDING_APPROVAL",
    ),
    "VoucherType.allow_direct_post": (
        SALES,
        {"requires_approval": True},
        {"allow_direct_post": True},
        tea(),
        status,
        "PENDING_APPROVAL",
        "POSTED",
    ),
    "VoucherType.affects_gl": (JOURNAL, {}, {"affects_gl": False}, journal(), journals, 1, 0),
    "VoucherType.affects_inventory": (
        SALES,
        {},
        {"affects_inventory": False, "stock_direction": "none", "cost_source": "none"},
        {key: value for key, value in tea(**PLAIN).items() if key != "warehouse"},
        moved,
        1,
        0,
    ),
    "VoucherType.header_side": (PAY, {}, {"header_side": "debit"}, PAID, on("1110"), "-40", "40"),
    "VoucherType.counterpart_role": (
        PAY,
        {"header_counterpart": "role", "counterpart_role": "opening_difference"},
        {"counterpart_role": "stock_adjustment"},
        {key: value for key, value in PAID.items() if key != "account"},
        on("5040"),
        "0",
        "-40",
    ),
    "VoucherType.goods_role": (SALES, {}, {"goods_role": "sales_return"}, tea(**PLAIN), on("4020"), "0", "-30.03"),
    "VoucherType.settlement_side": (
        BUY,
        {},
        {"settlement_side": "none"},
        purchase([goods("TEA", "3", "10")], date=DAY, party="S002", **PLAIN),
        asked(
            "SELECT r.side FROM erpdesk.last_rate r JOIN erpdesk.voucher v USING (posting_sequence) WHERE v.id = %s"
        ),
        "payable",
        "none",
    ),
    "VoucherType.reserves_stock": (
        "SALES_ORDER",
        {"is_active": True},
        {"reserves_stock": False, "stock_direction": "none"},
        {"type": "SALES_ORDER", "date": DAY, "party": "C001", "lines": [goods("TEA", "3", "10")]},
        asked("SELECT count(*) FROM erpdesk.reservation WHERE voucher_id = %s"),
        1,
        0,
    ),
    "VoucherType.auto_post": (
        SALES,
        {},
        {"auto_post": True},
        tea(),
        lambda shop, _done: accepted(shop.books.vouchers.save(tea())).status,
        "DRAFT",
        "POSTED",
    ),
    "LineConfig.batch_number_template": (
        "STOCK_JOURNAL",
        {"lines": {"batch_number_template": "P{YYYY}{MM}"}},
        {"lines": {"batch_number_template": "Q{FYS}"}},
        {
            "type": "STOCK_JOURNAL",
            "date": DAY,
            "consume": [{**goods("TEA", "1"), "warehouse": "MAIN"}],
            "produce": [{**goods("PILL", "1"), "warehouse": "MAIN"}],
        },
        asked(
            "SELECT b.code FROM erpdesk.stock_movement m JOIN erpdesk.batch b ON b.id = m.batch_id"
            " WHERE m.voucher_id = %s"
        ),
        "P202604",
        "Q26-27",
    ),
    "VoucherType.journal_type": (
        JOURNAL,
        {},
        {"journal_type": "CASH"},
        journal(),
        asked(
            "SELECT t.code FROM erpdesk.journal j JOIN erpdesk.journal_type t ON t.id = j.journal_type_id"
            " WHERE j.voucher_id = %s"
        ),
        "GENERAL",
        "CASH",
    ),
}
