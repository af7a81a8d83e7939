"""Countries: what an organization in one usually has: currency, fiscal year, calendar, grouping, time zone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from erpdesk.services.reckonings import BIKRAM_SAMBAT, bikram_sambat
from erpdesk.settings import RESOURCES

GREGORIAN = "gregorian"
_UNIVERSAL = "UTC"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for an organization of a country; the days are those of the fiscal year that today lies in."""

    currency: str
    starts_on: date
    ends_on: date
    calendar: str
    language: str
    digit_grouping: str
    time_zone: str
    tax_name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A code and what people call it; `decimals` are a currency's."""

    code: str
    name: str
    decimals: int = 2


def propose(country: str, today: date) -> Proposal:
    """What an organization of the country usually has. `country` is an ISO code of two letters, or empty."""
    from erpdesk.exchange.accounts import country_defaults

    usual, row = country_defaults(country), _beginning(country)
    calendar = str(row.get("calendar", GREGORIAN))
    starts_on, ends_on = year_around(today, str(row["starts"]), calendar)
    known = country_defaults("") != usual
    time_zone = usual["time_zone"] if known else str(row.get("time_zone") or _time_zone(country))
    return Proposal(_currency(country), starts_on, ends_on, calendar, usual["language"], usual["digit_grouping"],
                    time_zone, str(row.get("tax_name") or _beginnings()[""]["tax_name"]))


def year_around(today: date, starts: str, calendar: str = GREGORIAN) -> tuple[date, date]:
    """First and last day of the fiscal year that today lies in; `starts` is month and day in the calendar."""
    month, day = (int(part) for part in starts.split("-"))
    if calendar == BIKRAM_SAMBAT:
        reckoning = bikram_sambat()
        year, here_month, here_day = reckoning.parts(today)
        year -= (here_month, here_day) < (month, day)
        return reckoning.day(year, month, day), reckoning.day(year + 1, month, day) - timedelta(days=1)
    year = today.year - ((today.month, today.day) < (month, day))
    return date(year, month, day), date(year + 1, month, day) - timedelta(days=1)


@cache
def countries() -> tuple[Named, ...]:
    """Every country, by its English name."""
    from babel import Locale

    found = [Named(code, name) for code, name in Locale("en").territories.items()
             if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "UN", "EZ", "QO", "XA", "XB")]
    return tuple(sorted(found, key=lambda one: one.name))


@cache
def currencies() -> tuple[Named, ...]:
    """Every currency that some country uses today, by its code."""
    from babel.core import get_global
    from babel.numbers import get_currency_name, get_currency_precision

    codes = {row[0] for rows in get_global("territory_currencies").values() for row in rows
             if row[2] is None and row[3]}
    return tuple(Named(code, get_currency_name(code, locale="en"), get_currency_precision(code))
                 for code in sorted(codes))


@cache
def time_zones() -> tuple[str, ...]:
    """The time zones of places, by name."""
    from zoneinfo import available_timezones

    return tuple(sorted(name for name in available_timezones()
                        if ("/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/")))
                        or name == _UNIVERSAL))


def _currency(country: str) -> str:
    from babel.core import get_global

    rows = get_global("territory_currencies").get(country, ())
    return next((row[0] for row in reversed(rows) if row[2] is None and row[3]), "")


def _time_zone(country: str) -> str:
    """The only zone of a country, or its first."""
    from babel.core import get_global

    zones = get_global("territory_zones").get(country, ())
    return next((zone for zone in zones if zone in time_zones()), _UNIVERSAL)


@cache
def _beginnings() -> Mapping[str, Any]:
    content: dict[str, Any] = json.loads((RESOURCES / "charts" / "beginnings.json").read_text(encoding="utf-8"))
    return content


def _beginning(country: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] = _beginnings().get(country) or _beginnings()[""]
    return row
