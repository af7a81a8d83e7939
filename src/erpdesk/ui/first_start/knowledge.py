"""What the assistant asks of the services, on workers: proposals, charts, a line tried, and the making itself.

Everything here blocks; none of it is for the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.beginning import Beginning, Begun
from erpdesk.services.charts import ChartPreview
from erpdesk.services.countries import Named, Proposal

DEMO_CODE = "DEMO"


@dataclass(frozen=True, slots=True)
class World:
    """The countries, currencies and time zones to choose from, and the units of measure that there will be."""

    countries: tuple[Named, ...]
    currencies: tuple[Named, ...]
    time_zones: tuple[str, ...]
    units: tuple[tuple[str, str], ...]

    def decimals(self, currency: str) -> int:
        """The decimals of a currency."""
        return next((one.decimals for one in self.currencies if one.code == currency), 2)


class Interrupted(Exception):
    """The person doesn't want it made to the end."""


def world() -> World:
    """Everything to choose from."""
    from erpdesk.services.charts import starting_units
    from erpdesk.services.countries import countries, currencies, time_zones

    return World(countries(), currencies(), time_zones(), starting_units())


def proposal(country: str, today: date) -> Proposal:
    """What an organization of a country usually has."""
    from erpdesk.services.countries import propose

    return propose(country, today)


def chart(path: str, roles: Mapping[str, str]) -> ChartPreview:
    """A chart as it would be made."""
    from erpdesk.services.charts import preview_chart

    return preview_chart(path, roles)


def make(desk: Any, asked: Beginning, tell: Callable[[str], None]) -> Begun:
    """The organization. Faults come back as such, whatever stopped it."""
    from erpdesk.services.beginning import begin

    try:
        return begin(desk, asked, tell)
    except ErpdeskError as error:
        if error.code.startswith("NET-"):
            raise
        there = asked.is_made or asked.organization.code in [one.code for one in desk.organizations()]
        return Begun(there, faults=error.faults)


def make_demo(desk: Any, announce: Callable[[int], None], advance: Callable[[int], None]) -> str:
    """The company to try; its code. `advance` may raise Interrupted: what is posted by then stays."""
    from erpdesk.services import demo

    demo.make_demo(desk, announce=announce, advance=advance)
    return DEMO_CODE
