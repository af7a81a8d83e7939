"""What the assistant asks of the services, on workers: proposals, charts, a line tried, and the making itself.

Everything here blocks; none of it is for the window's thread.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from erpdesk.domain.results import ErpdeskError, NoDatabaseError
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


def known_servers() -> tuple[tuple[str, str], ...]:
    """Name and place of every connection profile."""
    from erpdesk.services.profiles import profiles

    return tuple((one.name, one.place) for one in profiles())


def try_line(values: Mapping[str, Any], tell: Callable[[str], None]) -> str:
    """Reach the server that these answers name, preparing it if that is wanted; the name of its profile, which is kept
    from now on, the password in the keyring. Raises NoDatabaseError; then nothing is kept that wasn't there before."""
    from erpdesk.services.desk import open_desk
    from erpdesk.services.profiles import add_profile, profiles, remove_profile
    from erpdesk.services.shared_server import prepare_server

    name, password = profile_name(values), str(values.get("password") or "") or None
    was_there = name in [one.name for one in profiles()]
    if not add_profile(name, _profile(values), password, replace=True) and password is not None:
        os.environ["ERPDESK_PASSWORD"] = password
    try:
        try:
            open_desk(profile=name).close()
        except NoDatabaseError:
            if str(values.get("prepare")).lower() != "true":
                raise
            prepare_server(None, name, None, tell)
            open_desk(profile=name).close()
    except BaseException:
        if not was_there:
            remove_profile(name)
        raise
    return name


def _profile(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as a profile has them."""
    hosts = [one.strip() for one in str(values.get("host") or "").split(",") if one.strip()]
    row = {"hosts": hosts, "port": int(str(values.get("port") or "5432")), "database": str(values.get("database")),
           "user": str(values.get("user")), "sslmode": str(values.get("tls") or "prefer")}
    return row | ({"sslrootcert": str(values["certificate"])} if values.get("certificate") else {})


def profile_name(values: Mapping[str, Any]) -> str:
    """What the profile of a server is called: its name and the database's."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", f"{values.get('host')}-{values.get('database')}").strip("-")[:40]


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
