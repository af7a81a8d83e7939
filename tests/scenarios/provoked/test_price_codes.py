"""Price lists through the command line: unknown ones, and rates that contradict each other."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, purchase, sale


@pytest.mark.provokes("VCH-055")
def test_a_price_list_that_is_not_there_is_named(terminal: Terminal) -> None:
    answer = terminal.refused(sale([goods("REPAIR", "1", "5")], price_list="GIFTS", **PLAIN))
    assert (answer["code"], answer["field"]) == ("VCH-055", "price_list")


def test_quantity_breaks_are_imported_and_price_a_line(terminal: Terminal) -> None:
    def prices(*rates: dict[str, Any]) -> dict[str, Any]:
        rows = [{"item": "TEA", "uom": "PCS", **rate} for rate in rates]
        ended = terminal.ask("import", "masters", terminal.file({"price_lists": [{"code": "BULK", "rates": rows}]}))
        return dict(ended.rows[0])

    assert prices({"rate": "15"}, {"rate": "12", "minimum_quantity": "10"})["status"] == "created"
    refused = prices({"rate": "11", "minimum_quantity": "10", "valid_from": "2026-05-01"})
    assert (refused["code"], refused["field"]) == ("IMP-011", "price_lists[0].rates[0].valid_from")
    terminal.posted(purchase([goods("TEA", "20", "5")], **PLAIN))
    for quantity, total in (("9", "135.00"), ("10", "120.00")):
        posted = terminal.posted(sale([goods("TEA", quantity)], price_list="BULK", **PLAIN))
        assert posted["total"] == total
