"""Verification of the whole database, and the sealing of audit entries that it relies on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from erpdesk.storage import sealing
from erpdesk.storage.verify import SHOWN, CheckResult, verify

if TYPE_CHECKING:
    from erpdesk.storage.server import Server

__all__ = ["CheckResult", "plan_again", "replan", "seal_audit", "verify_database"]


def verify_database(server: Server) -> Iterator[CheckResult]:
    """A result for each invariant I1 to I11 over every organization, and for planning again, as each is done.

    Works as the owner of the schema. Raises NoDatabaseError NET-006, ForbiddenError SEC-002 when this desk's
    login can't.
    """
    with server.owner_connection() as connection:
        yield from verify(connection)
        yield replan(connection)


def replan(connection: Any) -> CheckResult:
    """Plans every posted voucher again, in one snapshot."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return plan_again(connection)


def plan_again(connection: Any) -> CheckResult:
    """Where the books differ from their documents planned again, in the transaction that is open."""
    from erpdesk.posting.replanning import replanned
    from erpdesk.storage.replaying import blueprint_documents, places_below_zero, posted_vouchers

    found: list[str] = []
    count = wrong = 0
    documents, below_zero = blueprint_documents(connection), places_below_zero(connection)
    for number, differences in replanned(posted_vouchers(connection), documents, below_zero):
        count += 1
        wrong += bool(differences)
        if differences and len(found) < SHOWN:
            found.append(f"{number}: {'; '.join(differences[:SHOWN])}")
    if wrong:
        more = f"; and {wrong - SHOWN} more" if wrong > SHOWN else ""
        return CheckResult("replan", False, "; ".join(found) + more)
    return CheckResult("replan", True, f"{count} vouchers planned again come to the same")


def seal_audit(server: Server) -> int:
    """Seals the audit entries of the user's organizations that no seal has yet; returns how many.

    The worker does this all the time; an embedded server has none, so the desk does it when a program or an
    import ends, and every few minutes while a window is open. A user without the right seals nothing.
    """
    return sealing.seal(server)
