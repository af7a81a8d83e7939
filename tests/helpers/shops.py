"""A shop is an organization as `org create` makes it, in a test database, with its admin's desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from erpdesk.services.desk import Books, Desk
from erpdesk.services.organizations import NewOrganization
from helpers.database import Database, Login

FIRST_DAY, LAST_DAY = date(2026, 4, 1), date(2027, 3, 31)


def new_shop(code: str = "SHOP", *, country: str = "NP", chart: str = "baseline") -> NewOrganization:
    """What to ask for: a shop in Nepal with the year 2026-27."""
    return NewOrganization(code, f"{code.title()} Traders", "NPR", FIRST_DAY, LAST_DAY, country, chart)


def desk_of(database: Database, login: str | Login = "program") -> Desk:
    """A desk on the database; closed with it."""
    return Desk(database.server(login))


def open_shop(database: Database, code: str = "SHOP", *, country: str = "NP") -> Books:
    """A new shop's books, for its admin."""
    desk = desk_of(database)
    desk.create_organization(new_shop(code, country=country))
    return desk.books(code)


def shop_with(database: Database, masters: Mapping[str, Any]) -> Books:
    """A new shop's books with these masters; fails when one is refused."""
    made = open_shop(database)
    results = made.masters.import_masters(masters)
    assert all(result.ok for result in results), [result.as_json() for result in results if not result.ok]
    return made
