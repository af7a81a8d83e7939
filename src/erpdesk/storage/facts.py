"""What an open server says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from erpdesk.storage.server import Server


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Version, login, and how many organizations the login sees."""

    version: str
    user: str
    organizations: int


def read_facts(server: Server, *, count_organizations: bool) -> ServerFacts:
    """Asks the server; organizations are 0 unless they are to be counted. Raises NoDatabaseError."""
    with server.connect(autocommit=True) as connection:
        row = connection.execute("SELECT current_setting('server_version'), session_user::text").fetchone()
        assert row is not None
        organizations = 0
        if count_organizations:
            counted = connection.execute("SELECT count(*) FROM erpdesk.organization").fetchone()
            organizations = counted[0] if counted else 0
    return ServerFacts(row[0].split()[0], row[1], organizations)


def read_today(server: Server) -> date:
    """The server's date; no desk's clock is asked."""
    with server.connect(autocommit=True) as connection:
        row = connection.execute("SELECT current_date").fetchone()
        assert row is not None
        today: date = row[0]
    return today
