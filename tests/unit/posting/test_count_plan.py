"""Counts: what the books had on that date against what was counted; the difference at cost."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import faults_of, id_of, journal_of, moves_of, planned, stock_rows


def had(item: str, quantity: str, batch: str | None = None, warehouse: str = "MAIN") -> dict[str, Any]:
    """What the books had, as the server tells it."""
    return {"item_id": str(id_of(item)), "warehouse_id": str(id_of(warehouse)),
            "batch_id": str(id_of(batch)) if batch else None, "quantity": quantity}


def counted(stock: dict[str, Any] | None, books: list[dict[str, Any]], *lines: dict[str, str]) -> PostingPlan:
    return planned({"type": "PHYSICAL_STOCK", "warehouse": "MAIN", "lines": list(lines)}, stock, counted=books)


def line(item: str, quantity: str, **more: str) -> dict[str, str]:
    return {"item": item, "counted_quantity": quantity, **more}


TEA = stock_rows("TEA", ("10", "50"), ("10", "70"))


@pytest.mark.parametrize(("quantity", "more", "moved", "journal"), [
    ("7", {}, [("adjust", "-10", "-50"), ("adjust", "-3", "-21")], [("1140", "-71"), ("5040", "71")]),
    ("22", {}, [("adjust", "2", "12")], [("1140", "12"), ("5040", "-12")]),
    ("22", {"rate": "6.505"}, [("adjust", "2", "13.01")], [("1140", "13.01"), ("5040", "-13.01")]),
    ("20", {}, [], []),
    ("0", {}, [("adjust", "-10", "-50"), ("adjust", "-10", "-70")], [("1140", "-120"), ("5040", "120")])])
def test_a_difference_moves_at_cost_and_no_difference_nothing(
        quantity: str, more: dict[str, str], moved: list[tuple[str, str, str]], journal: list[tuple[str, str]]) -> None:
    plan = counted(stock_rows("TEA", ("10", "50"), ("10", "70")), [had("TEA", "20")], line("TEA", quantity, **more))
    assert (moves_of(plan), journal_of(plan), faults_of(plan)) == (moved, journal, [])


def test_what_is_not_in_the_books_is_all_surplus() -> None:
    assert moves_of(counted(None, [], line("TEA", "3", rate="2"))) == [("adjust", "3", "6")]
    assert faults_of(counted(None, [], line("TEA", "3"))) == [("INV-005", "lines[0].unit_cost")]


def test_other_places_and_items_do_not_count() -> None:
    books = [had("TEA", "20"), had("TEA", "7", warehouse="SHOP"), had("OIL", "9")]
    assert moves_of(counted(TEA, books, line("TEA", "20"))) == []


def test_without_a_batch_all_batches_count_together_and_with_one_that_alone() -> None:
    stock = stock_rows("PILL", ("5", "10", "B1"), ("5", "15", "B2"))
    books = [had("PILL", "5", "B1"), had("PILL", "5", "B2")]
    assert moves_of(counted(stock, books, line("PILL", "10"))) == []
    plan = counted(stock, books, line("PILL", "3", batch="B2"))
    assert (moves_of(plan), plan.movements[0].batch_id) == ([("adjust", "-2", "-6")], id_of("B2"))


def test_services_are_not_counted() -> None:
    assert moves_of(counted(None, [], line("REPAIR", "3", rate="2"))) == []


def test_a_shortage_that_is_not_there_any_more_is_a_fault() -> None:
    assert faults_of(counted(stock_rows("TEA", ("2", "10")), [had("TEA", "20")], line("TEA", "15"))) == [
        ("INV-001", "lines[0].quantity")]
