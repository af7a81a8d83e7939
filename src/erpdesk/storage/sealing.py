"""Sealing puts every audit entry of the session's organizations into their chains of seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from erpdesk.storage.server import Role, Server

ENTRIES_AT_ONCE = 10_000

_UNSEALED_LEFT = "SELECT erpdesk.audit_seal(%s, %s, %s)"


def seal(server: Server, *, everything: bool = False, role: Role = "program") -> int:
    """Seals what is unsealed, a transaction for each ten thousand entries; returns how many there were.

    `everything` looks through all seals, however old: after a restore, or days without sealing.
    """
    from psycopg import errors

    sealed = 0
    with server.connect(role, autocommit=True) as connection:
        organizations = connection.execute(b"SELECT id FROM erpdesk.organization").fetchall()
        try:
            for (organization,) in organizations:
                while made := connection.execute(
                        _UNSEALED_LEFT, (organization, ENTRIES_AT_ONCE, everything)).fetchall()[0][0]:
                    sealed += made
        except errors.InsufficientPrivilege:
            return sealed
    return sealed
