"""Random vouchers of all types, in any order, do to the real books what they do to a small reference model.

Each step goes through the services of a desk and, the same document, into the reference; both must give the same
status, number, total and cost, or refuse with the same codes. At the end of each life every balance, layer, open item
and status is compared, and every invariant of the database verified.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from erpdesk.domain.results import Ok
from helpers.cluster import Cluster
from helpers.reference_documents import (
    CUSTOMERS,
    MONEY_ACCOUNTS,
    SUPPLIERS,
    WAREHOUSES,
    Draw,
    charges,
    day_text,
    followable,
    following_lines,
    goods_line,
    makes_no_batch,
    money_of,
    plain_line,
    quantity_text,
    rate_text,
)
from helpers.reference_items import ITEMS
from helpers.reference_model import ReferenceBooks
from helpers.reference_shop import ReferenceShop, reference_shop
from helpers.reference_vouchers import TRANSITIONS, Told

PHASES = (Phase.generate, Phase.shrink) if os.environ.get("ERPDESK_MACHINE_SHRINK", "1") == "1" else (Phase.generate,)
EXAMPLES = int(os.environ.get("ERPDESK_MACHINE_EXAMPLES", "2000"))
SHORT = int(os.environ.get("ERPDESK_MACHINE_SHORT", "20"))
STEPS = int(os.environ.get("ERPDESK_MACHINE_STEPS", "60"))

ACTS = ("approve", "approve", "post", "post", "reject", "withdraw", "cancel")
figures = st.integers(0, 10_000)
draws = st.lists(st.builds(Draw, st.integers(0, 7), st.integers(1, 15), st.integers(1, 200_000), st.integers(0, 5000)),
                 min_size=1, max_size=4)


class Machine(RuleBasedStateMachine):
    """One life of a shop."""

    shop: ClassVar[ReferenceShop]

    @initialize(draws=draws)
    def begin(self, draws: list[Draw]) -> None:
        self.shop.empty()
        self.model = ReferenceBooks()
        self.today = 0
        self.keys = 0
        self.sent: list[tuple[dict[str, Any], str]] = []
        self.buy(draws, 0, 0)

    def teardown(self) -> None:
        if hasattr(self, "model"):
            assert self.shop.differences(self.model) == []
            assert self.shop.unsound() == []

    # goods in and out

    @rule(draws=draws, when=figures, figure=figures)
    def buy(self, draws: list[Draw], when: int, figure: int) -> None:
        kind = (*("PURCHASE_INVOICE",) * 3, "GOODS_RECEIPT", "OPENING_STOCK")[figure % 5]
        lines = self._lines([replace(draw, quantity=3 * draw.quantity) for draw in draws], receives=True)
        if not lines:
            return
        document: dict[str, Any] = {"type": kind, "date": self._day(when), "warehouse": WAREHOUSES[figure % 2],
                                    "lines": lines}
        if kind == "OPENING_STOCK":
            document["lines"] = [plain_line(line, "rate", "expires") for line in lines]
        else:
            document["party"] = SUPPLIERS[figure % 3]
        if kind == "PURCHASE_INVOICE":
            document |= charges(figure // 5, freight=True)
        self._post(document)

    @rule(draws=draws, when=figures, figure=figures)
    def sell(self, draws: list[Draw], when: int, figure: int) -> None:
        kind = ("SALES_INVOICE", "SALES_INVOICE", "SALES_INVOICE", "DELIVERY_NOTE", "SALES_ORDER")[figure % 5]
        lines = self._lines(draws, receives=False)
        if not lines:
            return
        document = {"type": kind, "date": self._day(when), "party": CUSTOMERS[figure % 3],
                    "warehouse": WAREHOUSES[figure % 2], "lines": lines}
        if kind != "DELIVERY_NOTE":
            document |= charges(figure // 5, freight=False)
        self._post(document)

    @rule(draws=draws, when=figures, pick=figures, figure=figures)
    def follow(self, draws: list[Draw], when: int, pick: int, figure: int) -> None:
        """A return, or the invoice of a receipt, a delivery or an order."""
        kind, kinds = (("SALES_RETURN", ("SALES_INVOICE",)), ("PURCHASE_RETURN", ("PURCHASE_INVOICE",)),
                       ("PURCHASE_INVOICE", ("GOODS_RECEIPT",)), ("SALES_INVOICE", ("DELIVERY_NOTE", "SALES_ORDER")),
                       ("DELIVERY_NOTE", ("SALES_ORDER",)))[figure % 5]
        source = followable(self.model, kinds, pick)
        if source is None:
            return
        lines = following_lines(source, draws)
        if not lines:
            return
        parties = SUPPLIERS if kind.startswith("PURCHASE") else CUSTOMERS
        party = source.party if figure % 7 else parties[parties.index(source.party) - 1]
        document = {"type": kind, "date": self._day(when), "party": party, "against": source.number,
                    "warehouse": source.document["warehouse"], "lines": lines}
        if kind != "DELIVERY_NOTE":
            document |= charges(figure // 5, freight=kind.startswith("PURCHASE"))
        self._post(document)

    @rule(draws=draws, when=figures, figure=figures)
    def return_without_a_name(self, draws: list[Draw], when: int, figure: int) -> None:
        selling = figure % 2 == 0
        lines = [line for line in self._lines(draws, receives=selling) if makes_no_batch(line, self.model)]
        if not lines:
            return
        for line in lines:
            line.pop("expires", None)
        kind, parties = ("SALES_RETURN", CUSTOMERS) if selling else ("PURCHASE_RETURN", SUPPLIERS)
        self._post({"type": kind, "date": self._day(when), "party": parties[figure % 3],
                    "warehouse": WAREHOUSES[figure % 2], "lines": lines, **charges(figure // 2, freight=not selling)})

    @rule(draws=draws, when=figures, figure=figures)
    def move(self, draws: list[Draw], when: int, figure: int) -> None:
        source, target = WAREHOUSES[figure % 3], WAREHOUSES[figure // 3 % 3]
        lines = [plain_line(line) for line in self._lines(draws, receives=False)
                 if not (ITEMS[line["item"]].negative and "COLD" in (source, target))]
        if lines:
            self._post({"type": "STOCK_TRANSFER", "date": self._day(when), "from_warehouse": source,
                        "to_warehouse": target, "lines": lines})

    @rule(draws=draws, made=draws, when=figures, figure=figures)
    def produce(self, draws: list[Draw], made: list[Draw], when: int, figure: int) -> None:
        consume = [plain_line(line) for line in self._lines(draws, receives=False)] if figure % 4 else []
        rate = () if consume else ("rate",)
        produce = [plain_line(line, *rate, "expires") for line in self._lines(made[:2], receives=True)]
        if not produce:
            return
        if consume and figure % 3 == 0:
            produce = [{**line, "share": str(number)} for number, line in enumerate(produce, 1)]
        document: dict[str, Any] = {"type": "STOCK_JOURNAL", "date": self._day(when),
                                    "warehouse": WAREHOUSES[figure % 2], "produce": produce}
        if consume:
            document["consume"] = consume
            if figure % 5 == 0:
                document["charges"] = [{"account": "6020", "amount": money_of(1 + figure)}]
        self._post(document)

    @rule(draws=draws, when=figures, figure=figures)
    def count(self, draws: list[Draw], when: int, figure: int) -> None:
        day, warehouse, lines, seen = self._day(when), WAREHOUSES[figure % 2], [], set()
        for draw, line in zip(draws, self._lines(draws, receives=False), strict=False):
            item = line["item"]
            if item in seen or (ITEMS[item].batches and "batch" not in line):
                continue
            seen.add(item)
            had = self.model.stock.quantity_on((item, warehouse), day, line.get("batch"))
            counted = max(had + Fraction(quantity_text(item, draw.quantity)) * (draw.choice % 3 - 1), Fraction(0))
            row = {**plain_line(line), "counted_quantity": f"{float(counted):.3f}"}
            del row["quantity"]
            row.pop("uom", None)
            if draw.choice % 5:
                row["rate"] = rate_text(draw.rate)
            lines.append(row)
        if any(Fraction(row["counted_quantity"]) for row in lines):
            self._post({"type": "PHYSICAL_STOCK", "date": day, "warehouse": warehouse, "lines": lines})

    @rule(pick=figures, more=figures, when=figures, figure=figures)
    def land(self, pick: int, more: int, when: int, figure: int) -> None:
        kinds = ("PURCHASE_INVOICE", "GOODS_RECEIPT")
        chosen = [followable(self.model, kinds, pick), followable(self.model, kinds, more)][:1 + figure % 2]
        receipts = list(dict.fromkeys(one.number for one in chosen if one is not None and one.lines))
        if receipts:
            self._post({"type": "LANDED_COST", "date": self._day(when), "receipts": receipts, "charges": [
                {"account": "2140", "amount": money_of(1 + figure), "by": ("value", "quantity")[figure // 2 % 2]}]})

    # money

    @rule(when=figures, picks=st.lists(figures, min_size=0, max_size=3), figure=figures, extra=figures)
    def settle(self, when: int, picks: list[int], figure: int, extra: int) -> None:
        receiving = figure % 2 == 0
        parties = CUSTOMERS if receiving else SUPPLIERS
        party, rows, whole = parties[figure // 2 % 3], [], Fraction(0)
        fitting = [voucher for voucher in self.model.vouchers if any(item.party == party for item in voucher.items)]
        for pick in picks if fitting else []:
            target = fitting[pick % len(fitting)]
            left = sum((item.left for item in target.items if item.party == party), Fraction(0))
            share = (Fraction(1), Fraction(1, 2), Fraction(1), Fraction(2))[pick // 7 % 4]
            amount = Fraction(int((left if receiving else -left) * share * 100), 100)
            row = {"voucher_number": target.number, "amount": f"{float(amount):.2f}"}
            if amount > 2 and pick % 5 == 0:
                row |= {"amount": f"{float(amount - 2):.2f}", "discount": "1.25", "write_off": "0.75"}
            if amount and row["voucher_number"] not in {one["voucher_number"] for one in rows}:
                rows.append(row)
                whole += Fraction(row["amount"])
        advance = Fraction((0, 0, 5000, -1)[extra % 4], 100)
        amount = max(whole + advance, Fraction(0))
        if rows or amount:
            self._post({"type": "AR_RECEIPT" if receiving else "AP_PAYMENT", "date": self._day(when), "party": party,
                        "account": MONEY_ACCOUNTS[extra % 2], "amount": f"{float(amount):.2f}", "allocations": rows})

    @rule(when=figures, figure=figures, amounts=st.lists(st.integers(1, 99_999), min_size=1, max_size=3))
    def book(self, when: int, figure: int, amounts: list[int]) -> None:
        kind = ("JOURNAL", "CASH_RECEIPT", "BANK_PAYMENT", "CASH_PAYMENT", "BANK_RECEIPT", "CASH_TRANSFER",
                "BANK_TRANSFER", "DEBIT_NOTE", "CREDIT_NOTE")[figure % 9]
        document: dict[str, Any] = {"type": kind, "date": self._day(when)}
        if kind == "JOURNAL":
            lines = [{"account": ("3010", "6020")[amount % 2], "debit": money_of(amount)} for amount in amounts]
            off = 1 if figure % 31 == 0 else 0
            other = {"account": "1130", "party": CUSTOMERS[figure % 3], "credit": money_of(sum(amounts) + off)}
            document["lines"] = [*lines, other]
        elif kind.endswith("TRANSFER"):
            source, target = ("1110", "1120") if kind.startswith("CASH") else ("1120", "1110")
            document |= {"account": source, "lines": [{"account": target, "amount": money_of(amounts[0])}]}
        elif kind.endswith("NOTE"):
            document |= {"party": (SUPPLIERS if kind == "DEBIT_NOTE" else CUSTOMERS)[figure % 3],
                         "lines": [{"account": "6020", "amount": money_of(amount)} for amount in amounts]}
        else:
            account = "1110" if kind.startswith("CASH") else "1120"
            lines = [{"account": "6020", "amount": money_of(amount)} for amount in amounts[1:]]
            lines.append({"account": "2110", "party": SUPPLIERS[figure % 3], "amount": money_of(amounts[0])})
            document |= {"account": account, "lines": lines}
        self._post(document)

    # time, keys, drafts

    @rule(pick=figures, when=figures)
    def reverse(self, pick: int, when: int) -> None:
        if not self.model.vouchers:
            return
        number = self.model.vouchers[pick % len(self.model.vouchers)].number
        day = self._day(when)
        key = f"r{self.keys}" if pick % 2 else None
        self.keys += 1
        for _ in range(1 + pick % 3 // 2):
            result = self.shop.books.vouchers.reverse(number, day, "a slip", key)
            self._same(result, self.model.reverse(number, day, key), {"of": number, "date": day})

    @rule(pick=figures)
    def send_again(self, pick: int) -> None:
        """The same key again, now and then with another content."""
        if not self.sent:
            return
        document, key = self.sent[pick % len(self.sent)]
        if pick % 3 == 0:
            document = {**document, "narration": "changed"}
        result = self.shop.books.vouchers.post(document, idempotency_key=key)
        self._same(result, self.model.post(document, key), document)

    @rule(figure=figures)
    def lock(self, figure: int) -> None:
        for month in sorted(self.model.locked_months):
            self.shop.books.periods.set_state([month], "open")
        self.model.locked_months.clear()
        if figure % 4 == 0:
            month = day_text(max(self.today - figure // 4 % 30, 0))[:7]
            self.shop.books.periods.set_state([month], "locked")
            self.model.locked_months.add(month)
        if figure % 5 == 0:
            until = day_text(max(self.today - 20, 0)) if figure % 2 else ""
            self.model.audit_lock = until
            self.shop.books.periods.audit_lock(date.fromisoformat(until) if until else None)

    @rule(draws=draws, pick=figures, when=figures)
    def draft(self, draws: list[Draw], pick: int, when: int) -> None:
        """A draft is saved, edited, edited again with a stale version, and posted, by itself or with its content."""
        lines = [plain_line(line, "rate", "warehouse") for line in self._lines(draws, receives=False)]
        if not lines:
            return
        document = {"type": "SALES_INVOICE", "date": self._day(when), "party": CUSTOMERS[pick % 3],
                    "warehouse": "MAIN", "lines": lines, "charges": [], "auto_charges": False}
        vouchers = self.shop.books.vouchers
        saved = vouchers.save(document)
        assert isinstance(saved, Ok), saved
        draft, version = saved.value.voucher_id, saved.value.row_version
        assert (saved.value.status, saved.value.voucher_number) == ("DRAFT", None)
        if pick % 2:
            document = {**document, "narration": "edited"}
            again = vouchers.save(document, voucher_id=draft, row_version=version)
            assert isinstance(again, Ok), again
            stale = vouchers.save(document, voucher_id=draft, row_version=version)
            assert not isinstance(stale, Ok)
            assert stale.first.code == "VCH-002", stale
            version = again.value.row_version
        expected = self.model.post(document)
        posted = vouchers.post(draft) if pick % 3 else vouchers.post(document, voucher_id=draft, row_version=version)
        self._same(posted, expected, document)
        if isinstance(posted, Ok):
            second = vouchers.post(draft)
            assert not isinstance(second, Ok)
            assert (second.kind, second.first.code) == ("conflict", "VCH-001")

    @rule(when=figures, amount=st.integers(1, 99_999), acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=6))
    def approve(self, when: int, amount: int, acts: list[str]) -> None:
        """A note that needs approval from 100 on goes through the hands of people, whatever they do with it."""
        document = {"type": "CHECKED_NOTE", "date": self._day(when), "party": CUSTOMERS[when % 3],
                    "lines": [{"account": "6020", "amount": money_of(amount)}]}
        if amount < 100_00 or self.model.day_faults(document["date"]):
            self._post(document, again=amount < 100_00)
            return
        vouchers, approvals = self.shop.books.vouchers, self.shop.books.approvals
        status, waiting = "PENDING_APPROVAL", vouchers.post(document)
        assert isinstance(waiting, Ok), waiting
        assert (waiting.value.status, waiting.value.voucher_number) == (status, None)
        note = waiting.value.voucher_id
        for act in acts:
            result = vouchers.post(note) if act == "post" else getattr(approvals, act)(note)
            expected = TRANSITIONS.get((status, act))
            assert isinstance(result, Ok) == (expected is not None), (status, act, result)
            status = expected or status
            if isinstance(result, Ok):
                assert result.value.status == status
            if isinstance(result, Ok) and status == "POSTED":
                self._same(result, self.model.post(document), document)
            assert vouchers.show(note).facts["status"] == status

    # one document into both

    def _day(self, when: int) -> str:
        """Mostly today, which moves on; now and then some days back, seldom outside the year."""
        if when % 10 == 0:
            return day_text(-1) if when % 400 == 0 else day_text(max(self.today - when // 10 % 25, 0))
        self.today = min(self.today + when % 4, 200)
        return day_text(self.today)

    def _lines(self, draws: list[Draw], *, receives: bool) -> list[dict[str, Any]]:
        lines = [goods_line(draw, receives=receives, model=self.model) for draw in draws]
        return [line for line in lines if line is not None]

    def _post(self, document: dict[str, Any], *, again: bool = True) -> None:
        """Post, now and then under a key, to be sent again; what waits for approval once its day is open isn't."""
        self.keys += 1
        key = f"k{self.keys}" if self.keys % 3 == 0 and again else None
        if key:
            self.sent.append((document, key))
        result = self.shop.books.vouchers.post(document, idempotency_key=key)
        self._same(result, self.model.post(document, key), document)

    def _same(self, result: Any, expected: Told, document: Any) -> None:
        if isinstance(result, Ok):
            value = result.value
            given = Told(frozenset(), str(value.status), value.voucher_number, Fraction(value.total),
                         Fraction(value.cost), value.replayed)
        else:
            given = Told(frozenset(fault.code for fault in result.faults))
        assert given == expected, f"{document}\nbooks: {given}\nreference: {expected}\n{getattr(result, 'faults', '')}"


@pytest.fixture(scope="module")
def lives(cluster: Cluster, shop_template: str) -> Iterator[ReferenceShop]:
    with reference_shop(cluster, shop_template) as shop:
        yield shop


def _run(lives: ReferenceShop, examples: int, steps: int, **more: Any) -> None:
    Machine.shop = lives
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=PHASES, **more))


def test_random_vouchers_do_to_the_books_what_they_do_to_the_reference(lives: ReferenceShop) -> None:
    _run(lives, SHORT, 30)


@pytest.mark.long
def test_random_vouchers_for_a_long_while(lives: ReferenceShop) -> None:
    _run(lives, EXAMPLES, STEPS)
