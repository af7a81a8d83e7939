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


def test_drafts_are_rehearsed_without_what_only_posting_needs(terminal: Terminal) -> None:
    [told] = rehearsed(terminal, sale([goods("TEA", "99", "15")], **PLAIN), options=())
    assert (told["ok"], told["status"], told["total"]) == (True, "VALID", "1485.00")


def test_a_reversal_is_rehearsed_on_the_books_as_they_are(terminal: Terminal) -> None:
    number = terminal.posted(journal("5"))["voucher_number"]
    undo = {"type": "REVERSAL", "of": number, "date": "2026-04-03", "reason": "twice"}
    [told] = rehearsed(terminal, undo)
    assert (told["ok"], told["status"]) == (True, "VALID")
    assert terminal.trade.one("SELECT status FROM erpdesk.voucher WHERE voucher_number = %s", number) == "POSTED"
    assert rehearsed(terminal, {**undo, "of": "JV/9"})[0]["code"] == "VCH-005"
