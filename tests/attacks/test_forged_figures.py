"""A clerk's own program sends figures that his document doesn't have; what is checked comes from rows.

Each forgery balances, so that only the check meant for it can find it out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import Forgery, Payload, hostile_desk
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale, transfer

pytestmark = pytest.mark.server_versions

Document = dict[str, Any]


def id_of(shop: Trade, table: str, code: str) -> str:
    return str(shop.one(f"SELECT id FROM erpdesk.{table} WHERE code = %s", code))


def pair(role: str) -> Forgery:
    """Five hundred from the bank to rent, by lines that are called something this voucher has."""
    def forge(shop: Trade, sent: Payload) -> None:
        for account, amount in (("6020", "500"), ("1120", "-500")):
            line(shop, sent, account, amount, role)
    return named(forge, f"money_moved_as_{role}")


def named(forgery: Forgery, name: str) -> Forgery:
    forgery.__name__ = name
    return forgery


def line(shop: Trade, sent: Payload, account: str, amount: str, role: str, party: str | None = None) -> None:
    rows = sent["plan"]["journal"]
    rows.append({"line_number": len(rows) + 1, "role": role, "account_id": id_of(shop, "account", account),
                 "party_id": party and id_of(shop, "party", party), "amount": amount})


def debt_moved_between_other_parties(shop: Trade, sent: Payload) -> None:
    for party, amount in (("D1", "500"), ("D2", "-500")):
        line(shop, sent, "1130", amount, "party", party)
        sent["plan"]["open_items"].append({
            "id": str(uuid4()), "party_id": id_of(shop, "party", party), "amount": amount, "open_amount": amount,
            "account_id": id_of(shop, "account", "1130")})


def debt_of_another_party(shop: Trade, sent: Payload) -> None:
    other = id_of(shop, "party", "D1")
    for row in (*sent["plan"]["journal"], *sent["plan"]["open_items"]):
        if row["party_id"] is not None:
            row["party_id"] = other


def an_open_item_in_two(shop: Trade, sent: Payload) -> None:
    [item] = sent["plan"]["open_items"]
    parts = (str(Decimal(item["amount"]) + 900), "-900")
    sent["plan"]["open_items"] = [{**item, "id": str(uuid4()), "amount": part, "open_amount": part} for part in parts]


def set_to(part: str, name: str, value: Any) -> Forgery:
    def forge(shop: Trade, sent: Payload) -> None:
        sent[part][name] = value
    return named(forge, f"{name}_of_{value}".replace("-", "").lower())


def cost(value: Any) -> Forgery:
    return set_to("plan", "cost", value)


def value_moved_between_lines(shop: Trade, sent: Payload) -> None:
    for row, more in zip(sent["plan"]["movements"], (4, -4), strict=True):
        row["value"] = str(Decimal(row["value"]) + more)
        for layer in sent["plan"]["layers"]:
            if layer["id"] == row.get("layer_id"):
                layer["value"] = row["value"]


def on_account(code: str) -> Forgery:
    def forge(shop: Trade, sent: Payload) -> None:
        for row in sent["plan"]["movements"]:
            row["account_id"] = id_of(shop, "account", code)
    return named(forge, f"stock_on_account_{code}")


def of_kind(kind: str) -> Forgery:
    def forge(shop: Trade, sent: Payload) -> None:
        sent["plan"]["movements"][0]["kind"] = kind
    return named(forge, f"movement_of_kind_{kind}")


def worth_more_on_return(shop: Trade, sent: Payload) -> None:
    [row], [layer], uses = sent["plan"]["movements"], sent["plan"]["layers"], sent["plan"]["source_uses"]
    row["value"] = layer["value"] = sent["plan"]["cost"] = str(Decimal(row["value"]) + 7)
    for use in uses:
        use["value"] = row["value"]
    move(shop, sent, "1140", "5010", 7)


def move(shop: Trade, sent: Payload, debit: str, credit: str, amount: int) -> None:
    for code, more in ((debit, amount), (credit, -amount)):
        row = next(row for row in sent["plan"]["journal"] if row["account_id"] == id_of(shop, "account", code))
        row["amount"] = str(Decimal(row["amount"]) + more)


def no_use_of_the_source(shop: Trade, sent: Payload) -> None:
    sent["plan"]["source_uses"] = []


def a_source_given_back(shop: Trade, sent: Payload) -> None:
    use = sent["plan"]["source_uses"][0]
    use["quantity"] = str(-Decimal(use["quantity"]))


def another_source(shop: Trade, sent: Payload) -> None:
    source = shop.one("SELECT voucher_id FROM erpdesk.source_line ORDER BY quantity DESC LIMIT 1")
    sent["plan"]["source_uses"] = [{"voucher_id": str(source), "line_number": 1, "quantity": "1", "value": "0"}]


def someone_elses_reservation(shop: Trade, sent: Payload) -> None:
    sent["plan"]["reservation_uses"] = [{"id": str(shop.one("SELECT id FROM erpdesk.reservation")), "quantity": "1"}]


def everything_reserved(shop: Trade, sent: Payload) -> None:
    sent["plan"]["reservations"][0]["quantity"] = "7"


def another_item_reserved(shop: Trade, sent: Payload) -> None:
    sent["plan"]["reservations"][0]["item_id"] = id_of(shop, "item", "OIL")


def settled_by_nobody(shop: Trade, sent: Payload) -> None:
    item = str(shop.rows("SELECT id FROM erpdesk.open_item WHERE party_id = %s", id_of(shop, "party", "C001"))[0][0])
    sent["plan"]["settlements"] += [
        {"id": str(uuid4()), "open_item_id": item, "amount": amount} for amount in ("5", "-5")]


def more_settled(shop: Trade, sent: Payload) -> None:
    for part in sent["plan"]["settlements"]:
        part["amount"] = str(Decimal(part["amount"]) * 2)
    for item in sent["plan"]["open_items"]:
        item["open_amount"] = str(Decimal(item["open_amount"]) + 10)


def debt_forgiven(shop: Trade, sent: Payload) -> None:
    """A discount that no allocation grants: the customer owes five less."""
    line(shop, sent, "6010", "5", "discount")
    party = next(row for row in sent["plan"]["journal"] if row["role"] == "party")
    party["amount"] = str(Decimal(party["amount"]) - 5)
    for row in sent["plan"]["open_items"]:
        row["amount"] = party["amount"]
        row["open_amount"] = "-5"


def settled_from_another_account(shop: Trade, sent: Payload) -> None:
    """The debt on one control account is paid on another: each account would be wrong, the party's balance right."""
    one, other = (id_of(shop, "account", code) for code in ("1135", "1130"))
    for row in (*sent["plan"]["journal"], *sent["plan"]["open_items"]):
        if row["account_id"] == one:
            row["account_id"] = other


def cost_on_other_goods(shop: Trade, sent: Payload) -> None:
    row = sent["plan"]["movements"][0]
    row["layer_id"] = str(shop.one("SELECT l.id FROM erpdesk.stock_layer l JOIN erpdesk.item i ON i.id = l.item_id"
                                   " WHERE i.code = 'PILL'"))
    row["item_id"] = id_of(shop, "item", "PILL")


def half_a_transfer(shop: Trade, sent: Payload) -> None:
    for row in sent["plan"]["movements"]:
        if Decimal(row["quantity"]) > 0:
            row["transfer_id"] = None


def made_from_nothing(shop: Trade, sent: Payload) -> None:
    made = next(row for row in sent["plan"]["movements"] if row["kind"] == "produce")
    made["value"] = sent["plan"]["layers"][0]["value"] = sent["plan"]["cost"] = sent["plan"]["total"] = "105"
    line(shop, sent, "1145", "100", "stock")
    line(shop, sent, "5040", "-100", "adjustment")


TEA = goods("TEA", "1", "9")
MOVE = transfer([goods("TEA", "1")])
SALE = sale([TEA], **PLAIN)
BUY = purchase([goods("TEA", "3", "5"), goods("OIL", "2", "7")], **PLAIN)
ORDER = {**SALE, "type": "SALES_ORDER"}
RETURN = {**SALE, "type": "SALES_RETURN", "date": "2026-04-12", "against": "{sold}", "lines": [goods("TEA", "1", "20")]}
INVOICE = {**SALE, "against": "{delivered}"}
RECEIPT = {"type": "AR_RECEIPT", "date": "2026-04-12", "account": "1120", "party": "C001", "amount": "10.00",
           "allocations": [{"voucher_number": "{sold}", "amount": "10.00"}]}
OTHER_RECEIPT = {**RECEIPT, "allocations": [{"voucher_number": "{owed}", "amount": "10.00"}]}
LANDED = {"type": "LANDED_COST", "date": "2026-04-12", "party": "S002", "receipts": ["{bought}"],
          "charges": [{"amount": "4.00", "by": "value"}]}
MAKE = {"type": "STOCK_JOURNAL", "date": "2026-04-12", "warehouse": "MAIN",
        "consume": [goods("TEA", "1")], "produce": [goods("ICE", "1", warehouse="MAIN")]}

ATTACKS: dict[str, list[tuple[Document, list[Forgery]]]] = {
    "I1": [(SALE, [pair(role) for role in ("goods", "cost", "stock", "party", "account", "role")]),
           (BUY, [pair("goods"), pair("cost"), pair("stock")]), (MOVE, [pair("line"), pair("goods")]),
           (RECEIPT, [pair("account"), pair("charge")])],
    "I2": [(journal(), [set_to("plan", "journal_id", None), set_to("plan", "journal_id", "{taken}")])],
    "I5": [(SALE, [cost("999"), cost("NaN"), cost(None), of_kind("adjust"), someone_elses_reservation]),
           (BUY, [cost("999"), value_moved_between_lines, of_kind("return")]),
           (MOVE, [cost("999"), set_to("plan", "total", "999"), of_kind("in"), half_a_transfer]),
           (ORDER, [everything_reserved, another_item_reserved]),
           (RETURN, [worth_more_on_return, no_use_of_the_source, a_source_given_back, another_source]),
           (INVOICE, [no_use_of_the_source, a_source_given_back, another_source])],
    "I6": [(SALE, [on_account("6020"), on_account("1145")]), (BUY, [on_account("1145")]),
           (MOVE, [on_account("1145"), on_account("6020")]),
           (LANDED, [cost_on_other_goods]), (MAKE, [on_account("6020"), made_from_nothing])],
    "I11": [(SALE, [debt_moved_between_other_parties, debt_of_another_party, an_open_item_in_two]),
            (RECEIPT, [settled_by_nobody, more_settled, debt_forgiven, debt_of_another_party]),
            (OTHER_RECEIPT, [settled_from_another_account])],
}
CASES = [pytest.param(document, forgeries,
                      id=f"{invariant}-{document['type'].lower()}{'-following' * ('against' in document)}"
                         f"{'-elsewhere' * (document is OTHER_RECEIPT)}",
                      marks=pytest.mark.invariant(invariant, attacks=len(forgeries)))
         for invariant, rows in ATTACKS.items() for document, forgeries in rows]


def open_books(shop: Trade) -> dict[str, str]:
    """Goods in stock, a sale, a delivery and an order of other people; numbers that documents name."""
    for code in ("DELIVERY_NOTE", "SALES_ORDER"):
        shop.configure(code, is_active=True)
    bought = shop.buy("TEA", "10", "5")
    for item, batch in (("OIL", None), ("ICE", None), ("PILL", "B1")):
        shop.buy(item, "10", "3", **({"batch": batch} if batch else {}))
    sold = shop.sell("TEA", "2", "20")
    delivered = shop.post({**SALE, "type": "DELIVERY_NOTE"})
    shop.post({**ORDER, "party": "D3"})
    owed = shop.post({**journal(), "lines": [{"account": "1135", "debit": "10", "party": "C001"},
                                             {"account": "3010", "credit": "10"}]})
    return {"sold": str(sold.voucher_number), "owed": str(owed.voucher_number),
            "delivered": str(delivered.voucher_number), "bought": str(bought.voucher_number),
            "taken": str(shop.one("SELECT id FROM erpdesk.journal LIMIT 1"))}


def filled(value: Any, numbers: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(part, numbers) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, numbers) for part in value]
    return value.format(**numbers) if isinstance(value, str) and value.startswith("{") else value


def posted_in_spite(shop: Trade, document: Document, forgeries: list[Forgery], half: str) -> list[str]:
    """Names of the forgeries that were posted; each must have been sent, and nothing may have changed."""
    numbers = open_books(shop)
    document = filled(document, numbers)
    posted = []
    with hostile_desk(shop) as clerk:
        before = shop.fingerprint()
        for forgery in forgeries:
            sent: list[Payload] = []

            def forged(trade: Trade, payload: Payload, forgery: Forgery = forgery, sent: list[Payload] = sent) -> None:
                forgery(trade, payload)
                payload.update(filled(payload, numbers))
                sent.append(payload)

            result = clerk.post(document, **{half: forged})
            assert sent, (forgery.__name__, result)
            posted += [forgery.__name__] if isinstance(result, Ok) else []
        assert posted or shop.changed_since(before) <= {"posting_log"}
    return posted


@pytest.mark.parametrize(("document", "forgeries"), CASES)
def test_figures_that_the_document_does_not_have_are_refused(
        shop: Trade, document: Document, forgeries: list[Forgery]) -> None:
    assert posted_in_spite(shop, document, forgeries, "applied") == []


HEADERS: list[Forgery] = [
    set_to("voucher", "total", "77777"), set_to("voucher", "base_total", "77777"),
    set_to("voucher", "blueprint_version", 99), set_to("voucher", "exchange_rate", "7"),
    set_to("voucher", "branch_id", "00000000-0000-0000-0000-000000000001"),
    set_to("voucher", "party_id", "00000000-0000-0000-0000-000000000001"),
    set_to("voucher", "voucher_config_id", "00000000-0000-0000-0000-000000000001")]


@pytest.mark.invariant("I1", attacks=len(HEADERS))
@pytest.mark.parametrize("document", [journal(), SALE, RECEIPT], ids=["journal", "sale", "receipt"])
def test_a_header_that_its_lines_do_not_have_is_refused(shop: Trade, document: Document) -> None:
    assert posted_in_spite(shop, document, HEADERS, "opened") == []


def on_other_accounts(shop: Trade, sent: Payload, accounts: dict[str, str]) -> None:
    for row in (sent.get("voucher", {}), *sent.get("lines", ()), *sent.get("plan", {}).get("journal", ())):
        for account, other in accounts.items():
            if row.get("account_id") == id_of(shop, "account", account):
                row["account_id"] = id_of(shop, "account", other)


@pytest.mark.invariant("I1", attacks=4)
@pytest.mark.parametrize(("kind", "accounts"), [
    ("CASH_PAYMENT", {"1110": "4010"}), ("BANK_RECEIPT", {"1110": "1150"}),
    ("BANK_TRANSFER", {"1110": "3010"}), ("CASH_TRANSFER", {"1120": "6050"})])
def test_money_moves_on_accounts_of_money_alone(shop: Trade, kind: str, accounts: dict[str, str]) -> None:
    """The document is saved and planned on other accounts than the program would have taken."""
    def forge(trade: Trade, sent: Payload) -> None:
        on_other_accounts(trade, sent, accounts)

    line = "1120" if kind.endswith("TRANSFER") else "6020"
    document = {"type": kind, "date": "2026-04-10", "account": "1110", "lines": [{"account": line, "amount": "10"}]}
    with hostile_desk(shop) as clerk:
        before = shop.fingerprint()
        result = clerk.post(document, opened=forge, applied=forge)
        assert not isinstance(result, Ok)
        assert (result.first.code, result.first.message[:8]) == ("GL-002", "Account "), result
        assert shop.changed_since(before) <= {"posting_log"}
