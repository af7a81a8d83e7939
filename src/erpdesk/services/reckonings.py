"""The reckonings that an organization's calendar may name, Bikram Sambat by the table of `resources/calendars`."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from erpdesk.domain.bikram_sambat import BikramSambat
from erpdesk.domain.reckoning import GREGORIAN, Reckoning
from erpdesk.settings import RESOURCES

BIKRAM_SAMBAT = "bikram_sambat"


@cache
def bikram_sambat() -> BikramSambat:
    """Bikram Sambat."""
    table = json.loads((RESOURCES / "calendars" / "bikram_sambat.json").read_text(encoding="utf-8"))
    return BikramSambat(table["first_year"], date.fromisoformat(table["first_day"]), table["months"])


def reckoning_of(calendar: str) -> Reckoning:
    """The reckoning of an organization's calendar."""
    return bikram_sambat() if calendar == BIKRAM_SAMBAT else GREGORIAN
