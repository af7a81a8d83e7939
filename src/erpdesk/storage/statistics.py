"""What the server knows of how full its tables are, and by which it chooses how to read them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from erpdesk.domain.results import ErpdeskError
from erpdesk.storage.refusals import told

if TYPE_CHECKING:
    from erpdesk.storage.server import Server


def refresh_statistics(server: Server) -> None:
    """After many rows at once: let the server look at the tables that were filled, as it does by itself within a
    minute. Never raises; it only makes things quicker."""
    with suppress(ErpdeskError), told(), server.connect(autocommit=True) as connection:
        connection.execute("SELECT erpdesk.refresh_statistics()")
