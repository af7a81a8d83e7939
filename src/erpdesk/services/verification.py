"""Verification of the whole database, and the sealing of audit entries that it relies on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from erpdesk.storage import sealing
from erpdesk.storage.verify import CheckResult, verify

if TYPE_CHECKING:
    from erpdesk.storage.server import Server

__all__ = ["CheckResult", "seal_audit", "verify_database"]


def verify_database(server: Server) -> Iterator[CheckResult]:
    """A result for each invariant I1 to I11 over every organization, as each is done.

    Works as the owner of the schema. Raises NoDatabaseError NET-006, ForbiddenError SEC-002 when this desk's
    login can't.
    """
    with server.owner_connection() as connection:
        yield from verify(connection)


def seal_audit(server: Server) -> int:
    """Seals the audit entries of the user's organizations that no seal has yet; returns how many.

    The worker does this all the time; an embedded server has none, so the desk does it when a program or an
    import ends, and every few minutes while a window is open. A user without the right seals nothing.
    """
    return sealing.seal(server)
