"""Price lists asked while a header is typed."""

from __future__ import annotations

import pytest

from erpdesk.domain.pricing import PriceQuestion
from erpdesk.services.pricing import PriceBook


@pytest.mark.parametrize("day", ["405ren1110", "2026-02-30", "", "tomorrow"])
def test_a_day_that_can_not_be_read_has_no_rates(day: str) -> None:
    assert PriceBook("NPR").listed(PriceQuestion("TEA", "SALES_INVOICE", day, "1")) is None
