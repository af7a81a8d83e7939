"""A rehearsal sees its own earlier lines, says what the real import would, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.cluster import Cluster
from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, journal, purchase, sale, trading, transfer
from helpers.trading_fixtures import shop_template

__all__ = ["shop_template"]


@pytest.fixture
def terminal(cluster: Cluster, shop_template: str, tmp_path: Path) -> Iterator[Terminal]:
    """The command line on the trading organization."""
    with trading(cluster, shop_template) as trade:
        yield Terminal(trade, tmp_path)


DAY = [
    purchase([goods("TEA", "10", "5"), goods("OIL", "4", "3")], idempotency_key="p", **PLAIN),
    purchase([goods("PILL", "5", "2", batch="NEW", expires="2027-01-01"), goods("SYRUP", "6", "2", batch="S1")],
             **PLAIN),
    transfer([goods("TEA", "4"), goods("OIL", "1"), goods("SYRUP", "2")]),
    sale([goods("TEA", "6", "15"), goods("OIL", "3", "9"), goods("PILL", "2", "9", batch="NEW"),
          goods("SYRUP", "3", "9", batch="S1")]),
    sale([goods("TEA", "4", "15")], warehouse="SHOP", **PLAIN),
    {"type": "STOCK_JOURNAL", "date": "2026-04-12", "warehouse": "MAIN", "consume": [goods("PILL", "1", batch="NEW")],
     "produce": [goods("ICE", "2")]},
    journal("5", idempotency_key="j"), journal("5", idempotency_key="j"),
]


def rehearsed(
    terminal: Terminal, *documents: dict[str, Any], options: tuple[str, ...] = ("--post",)
) -> list[dict[str, Any]]:
    """What `import vouchers --dry-run` answers."""
    return terminal.ask("import", "vouchers", terminal.file(list(documents)), "--dry-run", "--continue-on-error",
                        *options).rows


def test_a_day_is_rehearsed_as_it_would_be_posted(terminal: Terminal) -> None:
    before = terminal.trade.fingerprint()
    told = rehearsed(terminal, *DAY)
    assert terminal.trade.changed_since(before) == set()
    assert {row["status"] for row in told} == {"VALID"}
    real = terminal.ask("import", "vouchers", terminal.file(DAY), "--post").rows
    assert [(row["total"], row["cost"]) for row in told] == [(row["total"], row["cost"]) for row in real]
    again = rehearsed(terminal, DAY[0])
    assert (again[0]["replayed"], again[0]["voucher_number"]) == (True, "PI/26-27/000001")


def test_what_earlier_lines_used_up_is_gone_for_later_ones(terminal: Terminal) -> None:
    told = rehearsed(terminal, DAY[0], DAY[1], sale([goods("TEA", "8", "15")], **PLAIN),
                     sale([goods("TEA", "3", "15")], **PLAIN),
                     sale([goods("PILL", "6", "9", batch="NEW")], **PLAIN), sale([goods("SYRUP", "7", "9")], **PLAIN),
                     sale([goods("TEA", "2", "15")], date="2026-04-01", **PLAIN), journal(colour="red"))
    assert [row.get("code") for row in told] == [*[None] * 3, *["INV-001"] * 4, "VCH-004"]
    assert "2 available" in told[3]["message"]


def test_a_rehearsal_plans_whether_or_not_it_is_told_to_post(terminal: Terminal) -> None:
    short = sale([goods("TEA", "99", "15")], **PLAIN)
    told = rehearsed(terminal, *DAY, short, options=())
    assert told[:-1] == [{**row, "voucher_id": mine["voucher_id"]} for row, mine in
                         zip(rehearsed(terminal, *DAY), told[:-1], strict=True)]
    assert (told[-1]["ok"], told[-1]["code"]) == (False, "INV-001")


def test_a_key_stands_for_one_content_in_a_rehearsal_too(terminal: Terminal) -> None:
    stock, more = DAY[0], sale([goods("TEA", "6", "15")], idempotency_key="s", **PLAIN)
    told = rehearsed(terminal, stock, more, more, {**more, "narration": "other"},
                     sale([goods("TEA", "4", "15")], **PLAIN))
    assert [row.get("replayed", row.get("code")) for row in told] == [False, False, True, "VCH-015", False]
    terminal.posted(stock)
    terminal.ask("import", "vouchers", terminal.file([more]))
    told = rehearsed(terminal, stock, {**stock, "narration": "other"}, more, {**more, "narration": "other"})
    assert [row.get("replayed", row.get("code")) for row in told] == [True, "VCH-015", False, "VCH-015"]


def test_a_reversal_is_rehearsed_once_by_its_key(terminal: Terminal) -> None:
    paid = journal("5", idempotency_key="paid")
    undo = {"type": "REVERSAL", "of": "key:paid", "date": "2026-04-03", "reason": "twice", "idempotency_key": "undo"}
    told = rehearsed(terminal, paid, undo, undo, {**undo, "reason": "thrice"}, {**undo, "idempotency_key": "again"})
    assert [row.get("replayed", row.get("code")) for row in told] == [False, False, True, "VCH-015", "VCH-024"]
    real = terminal.ask("import", "vouchers", terminal.file(
        [paid, undo, undo, {**undo, "reason": "thrice"}, {**undo, "idempotency_key": "again"}]),
        "--post", "--continue-on-error").rows
    assert [row.get("replayed", row.get("code")) for row in real] == [False, False, True, "VCH-015", "VCH-024"]


def test_a_reversal_is_rehearsed_on_the_books_as_they_are(terminal: Terminal) -> None:
    number = terminal.posted(journal("5"))["voucher_number"]
    undo = {"type": "REVERSAL", "of": number, "date": "2026-04-03", "reason": "twice"}
    [told] = rehearsed(terminal, undo)
    assert (told["ok"], told["status"]) == (True, "VALID")
    assert terminal.trade.one("SELECT status FROM erpdesk.voucher WHERE voucher_number = %s", number) == "POSTED"
    assert rehearsed(terminal, {**undo, "of": "JV/9"})[0]["code"] == "VCH-005"
