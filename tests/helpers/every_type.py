"""A random voucher of every voucher type, on books that have something of everything; reproducible by its seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from helpers.trading import PLAIN, Trade, goods, purchase, sale, transfer

Document = dict[str, Any]
SWITCHED_ON = ("SALES_ORDER", "GOODS_RECEIPT", "DELIVERY_NOTE", "PHYSICAL_STOCK", "OPENING_STOCK", "OPENING_BALANCE")
DAY = "2026-04-14"


def furnish(shop: Trade) -> None:
    """Every type switched on, stock of every kind in two lots at prices that don't divide, ICE may go below zero."""
    for code in SWITCHED_ON:
        shop.configure(code, is_active=True)
    results = shop.books.masters.import_masters({
        "items": [{"code": "ICE", "name": "Ice", "uom": "PCS", "valuation": "fifo", "negative_stock": "allow"},
                  {"code": "SNOW", "name": "Snow", "uom": "PCS", "valuation": "weighted_average",
                   "negative_stock": "allow"}]})
    assert all(result.ok for result in results), [result.as_json() for result in results]
    for day, rate in (("2026-04-02", "3.33"), ("2026-04-03", "4.07")):
        shop.post(purchase([
            goods("TEA", "30", rate), goods("OIL", "20.5", rate), goods("ICE", "5", rate), goods("SNOW", "5", rate),
            goods("PILL", "15", rate, batch=f"B{rate}"), goods("SYRUP", "15", rate, batch=f"S{rate}")],
            date=day, **PLAIN))
    shop.post(transfer([goods("TEA", "7"), goods("OIL", "5.25")], date="2026-04-04"))


def some_lines(r: Random, *, most: int = 4, rated: bool = True, items: tuple[str, ...] = ()) -> list[Document]:
    """One line each of some items that are in stock, never more than there is."""
    chosen = items or tuple(r.sample(("TEA", "OIL", "PILL", "SYRUP", "ICE"), r.randint(1, 4)))
    return [goods(item, str(r.randint(1, most)), f"{r.randint(101, 1999) / 100:.2f}" if rated else None)
            for item in chosen]


def batched(lines: list[Document], r: Random) -> list[Document]:
    """The lines of a receipt: items with batches name one."""
    return [{**line, "batch": f"N{r.randint(1, 3)}"} if line["item"] in ("PILL", "SYRUP") else line for line in lines]


def amount(r: Random) -> str:
    return f"{r.randint(1, 99999) / 100:.2f}"


def journal_document(r: Random, shop: Trade) -> Document:
    one, two = amount(r), amount(r)
    both = f"{float(one) + float(two):.2f}"
    return {"lines": [{"account": "1130", "party": "C001", "debit": one}, {"account": "6020", "debit": two,
            "cost_centre": "CC1"}, {"account": "2110", "party": "S001", "credit": both}]}


def single(account: str | None, party: str | None, target: str) -> Callable[[Random, Trade], Document]:
    """Cash and bank vouchers and notes of one or two lines."""
    def made(r: Random, shop: Trade) -> Document:
        lines = [{"account": target, "amount": amount(r)} for _ in range(r.randint(1, 2))]
        return {**({"account": account} if account else {}), **({"party": party} if party else {}), "lines": lines}
    return made


def settlement(party: str, source: Callable[[Trade], Any]) -> Callable[[Random, Trade], Document]:
    """Two invoices paid with discount, write-off and an advance over."""
    def made(r: Random, shop: Trade) -> Document:
        first, second = source(shop), source(shop)
        allocations = [{"voucher_number": first, "amount": "10.00", "discount": "0.50", "write_off": "0.03"},
                       {"voucher_number": second, "amount": f"{r.randint(1, 19)}.00"}]
        paid = sum(float(row["amount"]) for row in allocations) + r.choice((0, 12.34))
        return {"account": "1120", "party": party, "amount": f"{paid:.2f}", "allocations": allocations}
    return made


def sold(shop: Trade) -> str:
    return str(shop.post(sale([goods("TEA", "2", "10")], **PLAIN)).voucher_number)


def bought(shop: Trade) -> str:
    return str(shop.post(purchase([goods("TEA", "3", "7.77"), goods("OIL", "3", "1.01"),
                                   goods("PILL", "2", "2.50", batch="N1")], date="2026-04-05", **PLAIN)).voucher_number)


def sales_invoice(r: Random, shop: Trade) -> Document:
    way = r.choice(("plain", "below zero", "order", "delivery"))
    if way == "plain":
        return {"party": "C001", "lines": some_lines(r),
                "charges": [{"code": "DISC", "amount": "0.77"}, {"code": "VAT"}]}
    if way == "below zero":
        short = [goods(item, str(r.randint(6, 30)), "9") for item in ("ICE", "SNOW")]
        return {"party": "C001", "lines": short, **PLAIN}
    code = "SALES_ORDER" if way == "order" else "DELIVERY_NOTE"
    source = shop.post({"type": code, "date": "2026-04-06", "party": "C001", "warehouse": "MAIN",
                        "lines": some_lines(r, most=4), **PLAIN})
    rows = [goods(row["item"], str(r.randint(1, int(row["quantity"]))), "12")
            for row in shop.books.vouchers.show(source.voucher_id).document["lines"]]
    return {"party": "C001", "against": source.voucher_number, "lines": rows, **PLAIN}


def purchase_invoice(r: Random, shop: Trade) -> Document:
    way = r.choice(("plain", "makes good", "receipt"))
    if way == "plain":
        return {"party": "S001", "lines": batched(some_lines(r), r), "charges": [
            {"code": "DISC", "amount": "0.11"}, {"code": "FREIGHT", "amount": amount(r)}, {"code": "VAT"}]}
    if way == "makes good":
        short = [goods(item, str(r.randint(8, 20)), "9") for item in ("ICE", "SNOW")]
        shop.post(sale(short, date="2026-04-11", **PLAIN))
        return {"party": "S001", "lines": [goods("ICE", str(r.randint(1, 40)), "3.21"),
                                           goods("SNOW", str(r.randint(1, 40)), "3.21")], **PLAIN}
    source = shop.post({"type": "GOODS_RECEIPT", "date": "2026-04-06", "party": "S001", "warehouse": "MAIN",
                        "lines": batched(some_lines(r, items=("TEA", "OIL")), r), **PLAIN})
    rows = [goods(row["item"], str(r.randint(1, int(row["quantity"]))), "4.44")
            for row in shop.books.vouchers.show(source.voucher_id).document["lines"]]
    return {"party": "S001", "against": source.voucher_number, "lines": rows, **PLAIN}


def sales_return(r: Random, shop: Trade) -> Document:
    lines = [goods("TEA", str(r.randint(1, 2)), "10")]
    return {"party": "C001", "lines": lines, **({"against": sold(shop)} if r.random() < 0.7 else {}), **PLAIN}


def purchase_return(r: Random, shop: Trade) -> Document:
    lines = [goods("TEA", str(r.randint(1, 3)), "7.50"), goods("OIL", "1", "2")]
    return {"party": "S001", "lines": lines, **({"against": bought(shop)} if r.random() < 0.7 else {}), **PLAIN}


def landed_cost(r: Random, shop: Trade) -> Document:
    receipt = bought(shop)
    if r.random() < 0.5:
        shop.post(sale([goods("TEA", str(r.randint(1, 20)), "9"), goods("OIL", str(r.randint(1, 9)), "9")], **PLAIN))
    if r.random() < 0.5:
        shop.post(transfer([goods("TEA", "5")], date="2026-04-12"))
    return {"receipts": [receipt], "charges": [{"account": "2140", "amount": amount(r),
                                                "by": r.choice(("value", "quantity"))}]}


def delivery_note(r: Random, shop: Trade) -> Document:
    order = shop.post({"type": "SALES_ORDER", "date": "2026-04-06", "party": "C001", "warehouse": "MAIN",
                       "lines": [goods("TEA", "3", "9"), goods("OIL", "2", "9")], **PLAIN})
    return {"party": "C001", "warehouse": "MAIN", "against": order.voucher_number,
            "lines": [goods("TEA", str(r.randint(1, 3)), "9"), goods("OIL", "1", "9")], **PLAIN}


def stock_journal(r: Random, shop: Trade) -> Document:
    return {"warehouse": "MAIN", "consume": [goods("TEA", str(r.randint(1, 5))), goods("OIL", "1.5")],
            "produce": [goods("ICE", str(r.randint(1, 9))), goods("SNOW", "2")],
            "charges": [{"account": "2140", "amount": amount(r)}]}


def physical_stock(r: Random, shop: Trade) -> Document:
    return {"warehouse": "MAIN", "lines": [{"item": item, "counted_quantity": str(r.randint(10, 16)), "rate": "3"}
                                           for item in r.sample(("OIL", "ICE"), r.randint(1, 2))]}


MADE: Mapping[str, Callable[[Random, Trade], Document]] = {
    "JOURNAL": journal_document,
    "CASH_RECEIPT": single("1110", None, "6020"),
    "CASH_PAYMENT": single("1110", None, "6020"),
    "BANK_RECEIPT": single("1120", None, "6020"),
    "BANK_PAYMENT": single("1120", None, "6020"),
    "CASH_TRANSFER": single("1110", None, "1120"),
    "BANK_TRANSFER": single("1120", None, "1110"),
    "AR_RECEIPT": settlement("C001", sold),
    "AP_PAYMENT": settlement("S001", bought),
    "SALES_INVOICE": sales_invoice,
    "SALES_RETURN": sales_return,
    "PURCHASE_INVOICE": purchase_invoice,
    "PURCHASE_RETURN": purchase_return,
    "DEBIT_NOTE": single(None, "S001", "5020"),
    "CREDIT_NOTE": single(None, "C001", "4020"),
    "LANDED_COST": landed_cost,
    "STOCK_TRANSFER": lambda r, shop: {"from_warehouse": "MAIN", "to_warehouse": "SHOP",
                                       "lines": some_lines(r, rated=False)},
    "STOCK_JOURNAL": stock_journal,
    "SALES_ORDER": lambda r, shop: {"party": "C001", "warehouse": "MAIN", "lines": some_lines(r), **PLAIN},
    "GOODS_RECEIPT": lambda r, shop: {"party": "S001", "warehouse": "MAIN", "lines": batched(some_lines(r), r),
                                      **PLAIN},
    "DELIVERY_NOTE": delivery_note,
    "PHYSICAL_STOCK": physical_stock,
    "OPENING_STOCK": lambda r, shop: {"warehouse": "MAIN", "lines": batched(some_lines(r), r)},
    "OPENING_BALANCE": lambda r, shop: {"lines": [{"account": "1110", "debit": "50"},
                                                  {"account": "3010", "credit": "50"}]},
}


def random_voucher(code: str, r: Random, shop: Trade) -> Document:
    """A document of that type, its sources posted; dated so that books before and after it have vouchers."""
    made = MADE[code](r, shop)
    back = r.random() < 0.3 and code != "PHYSICAL_STOCK" and not made.keys() & {"against", "receipts", "allocations"}
    return {"type": code, "date": "2026-04-08" if back else DAY,
            **({"warehouse": "MAIN"} if code in ("SALES_INVOICE", "SALES_RETURN", "PURCHASE_INVOICE", "PURCHASE_RETURN")
               else {}), **made}
