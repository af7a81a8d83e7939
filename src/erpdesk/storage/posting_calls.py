"""The posting path's calls to the server, each one network round trip.

A post is three: everything the document refers to (`resolve`), what its plan depends on (`state`), all the rest
(`post`); or `resolve`, then under locks `open`, and `apply` with COMMIT. Text is JSON both ways, numbers exact. This is
the only module that speaks to the posting functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.exact_json import from_json, json_text
from erpdesk.storage.giving_way import give_way
from erpdesk.storage.lock_watch import named_holder
from erpdesk.storage.refusals import TryAgainError, told

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

    PostingPool = ConnectionPool[Any]
else:
    PostingPool = object

PATIENCE_SECONDS = 3
"""How long one attempt waits for a connection."""

_LEFT = "SELECT erpdesk.rehearsal_left(%s, %s)::text"
_REVERSE = "SELECT erpdesk.posting_reverse(%s, %s)::text"
_POST = "SELECT erpdesk.posting_post(%s, %s, %s)::text"
_CLOSE_YEAR = "SELECT erpdesk.posting_close_year(%s, %s)::text"
_REOPEN_YEAR = "SELECT erpdesk.posting_reopen_year(%s, %s)::text"
_LOCK_BOTH = "SELECT erpdesk.replacing_lock(%s, %s, %s)"
STATUS_CHANGES = {
    "approve": "SELECT erpdesk.approval_decide(%s, %s)::text",
    "reject": "SELECT erpdesk.approval_decide(%s, %s)::text",
    "withdraw": "SELECT erpdesk.approval_withdraw(%s, %s)::text",
    "cancel": "SELECT erpdesk.voucher_cancel(%s, %s)::text",
}
"""Changes of status before posting, by what a door calls them."""

_LOG = "SELECT erpdesk.posting_log_attempt(%s, %s)"


def _read(row: tuple[Any, ...] | None) -> Any:
    """The answer in a row; a new step begins with it."""
    give_way()
    return from_json(row[0]) if row and row[0] else None


class PostingCalls:
    """One connection of the posting pool for the length of one unit of work; counts its round trips."""

    def __init__(self, connection: psycopg.Connection[Any], parameters: Mapping[str, Any]) -> None:
        self._connection = connection
        self._parameters = parameters
        self.round_trips = 0

    def resolve(self, organization_id: UUID, request: dict[str, Any]) -> dict[str, Any]:
        """What the document's codes mean, and whether its key is known. Changes nothing."""
        return (
            self._ask("SELECT erpdesk.posting_resolve(%s, %s)::text", organization_id, json_text(request)) or {}
        )

    def blueprint(self, organization_id: UUID, type_code: str, version: int | None) -> dict[str, Any] | None:
        """The stored blueprint document of a version (the current one for None), with its hash."""
        return self._ask(
            "SELECT erpdesk.blueprint_document(%s, %s, %s)::text", organization_id, type_code, version
        )

    def save(self, organization_id: UUID, payload: dict[str, Any]) -> dict[str, Any]:
        """Save a draft, in a transaction of its own."""
        return self._wait_for("SELECT erpdesk.posting_open(%s, %s)::text", organization_id, json_text(payload))

    def reverse(self, organization_id: UUID, payload: dict[str, Any]) -> dict[str, Any]:
        """Reverse a voucher, in a transaction of its own."""
        return self._wait_for(_REVERSE, organization_id, json_text(payload))

    def change_status(self, organization_id: UUID, change: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Approve, reject, withdraw or cancel, in a transaction of its own. `change` is one of `STATUS_CHANGES`."""
        return self._ask(STATUS_CHANGES[change], organization_id, json_text(payload)) or {}

    def inbox(self, organization_id: UUID) -> list[dict[str, Any]]:
        """What waits for approval, with why this user may not decide it, if so."""
        found: Any = self._ask("SELECT erpdesk.approval_inbox(%s)::text", organization_id)
        return found or []

    def correct(
        self, organization_id: UUID, reversal: dict[str, Any], draft: dict[str, Any]
    ) -> dict[str, Any]:
        """Reverse a voucher and save a draft, in one transaction."""
        return self._wait_for(
            "SELECT erpdesk.posting_correct(%s, %s, %s)::text", organization_id, json_text(reversal), json_text(draft)
        )

    def turn_year(self, organization_id: UUID, payload: dict[str, Any], *, closed: bool) -> dict[str, Any]:
        """Close a fiscal year with its entry, or reopen it; in a transaction of its own."""
        return self._wait_for(_CLOSE_YEAR if closed else _REOPEN_YEAR, organization_id, json_text(payload))

    def rehearse_reverse(
        self, organization_id: UUID, payload: dict[str, Any], after: Iterable[dict[str, Any]] = ()
    ) -> dict[str, Any]:
        """What reversing would answer now, or `after` others were reversed, and as `left` what `rehearsal_left` says of
        it; nothing of it stays."""
        self.round_trips += 1
        with self._waiting():
            with self._connection.pipeline():
                self._control("BEGIN")
                for each in (*after, payload):
                    cursor = self._connection.execute(_REVERSE, (organization_id, json_text(each)), prepare=False)
                left = self._connection.execute(_LEFT, (organization_id, payload["id"]), prepare=False)
                self._control("ROLLBACK")
            row = cursor.fetchone()
            return {**(_read(row) or {}), "left": _read(left.fetchone())}

    def reversal_effects(self, organization_id: UUID, reference: str) -> dict[str, Any]:
        """What reversing a stored voucher would take back; `id` is None when there is none of that name."""
        return self._ask("SELECT erpdesk.reversal_effects(%s, %s)::text", organization_id, reference) or {}

    def open(
        self, organization_id: UUID, payload: dict[str, Any], replaced: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Begin; reverse what is `replaced`, save the draft, claim the key, lock and read. The transaction stays
        open."""
        self.round_trips += 1
        with self._waiting():
            with self._connection.pipeline():
                self._control("BEGIN")
                if replaced is not None:
                    both = (organization_id, json_text(replaced), json_text(payload))
                    self._connection.execute(_LOCK_BOTH, both, prepare=False)
                    self._connection.execute(_REVERSE, both[:2], prepare=False)
                cursor = self._connection.execute(
                    "SELECT erpdesk.posting_open(%s, %s)::text", (organization_id, json_text(payload)),
                    prepare=None if replaced is None else False,
                )  # fmt: skip
            row = cursor.fetchone()
        return _read(row) or {}

    def post(self, organization_id: UUID, draft: Mapping[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
        """Save, claim, lock, verify, write and commit by a plan made ahead; refused, nothing of it stays."""
        return self._wait_for(_POST, organization_id, json_text(draft), json_text(payload))

    def apply(self, organization_id: UUID, payload: dict[str, Any]) -> dict[str, Any]:
        """Verify, write and commit."""
        self.round_trips += 1
        with self._waiting():
            with self._connection.pipeline():
                cursor = self._connection.execute(
                    "SELECT erpdesk.posting_apply(%s, %s)::text", (organization_id, json_text(payload))
                )
                self._control("COMMIT")
            row = cursor.fetchone()
        return _read(row) or {}

    def stock(self, organization_id: UUID, wanted: list[dict[str, Any]], day: date) -> dict[str, Any]:
        """The state of stock as a plan on that day would see it; locks nothing."""
        return (
            self._ask("SELECT erpdesk.stock_state(%s, %s, %s)::text", organization_id, json_text(wanted), day)
            or {}
        )

    def rehearsal_stock(self, organization_id: UUID, wanted: list[dict[str, Any]]) -> dict[str, Any]:
        """Stock as it is, with what each day moved; locks nothing."""
        asked = self._ask("SELECT erpdesk.rehearsal_stock(%s, %s)::text", organization_id, json_text(wanted))
        return asked or {}

    def state(self, organization_id: UUID, wanted: dict[str, Any], day: date) -> dict[str, Any]:
        """What `open` would answer of the rows wanted; writes and locks nothing."""
        return (
            self._ask("SELECT erpdesk.posting_state(%s, %s, %s)::text", organization_id, json_text(wanted), day)
            or {}
        )

    def labels(self, organization_id: UUID, ids: list[UUID]) -> dict[str, Any]:
        """Code and name of masters, and the voucher number of open items, by id."""
        return self._ask("SELECT erpdesk.labels_of(%s, %s)::text", organization_id, ids) or {}

    def rollback(self) -> None:
        """Give up what `open` began; harmless when nothing is open or the connection is gone."""
        if self._connection.closed:
            return
        self.round_trips += 1
        with told():
            self._control("ROLLBACK")

    def rollback_and_log(self, organization_id: UUID, attempt: dict[str, Any]) -> None:
        """Roll back and record the attempt in a transaction of its own, in one round trip."""
        self.round_trips += 1
        with told(), self._connection.pipeline():
            self._control("ROLLBACK")
            self._connection.execute(_LOG, (organization_id, json_text(attempt)))

    def log_attempt(self, organization_id: UUID, attempt: dict[str, Any]) -> None:
        """Record an attempt that never opened a transaction."""
        self.round_trips += 1
        with told():
            self._connection.execute(_LOG, (organization_id, json_text(attempt)))

    def next_numbers(
        self, organization_id: UUID, type_code: str, branch_key: str | None, day: str
    ) -> list[tuple[str, str, str, str]]:
        """Each series of the type, its label, the branch, and the number it would print next; nothing is taken."""
        self.round_trips += 1
        with told():
            return self._connection.execute(
                "SELECT series, label, branch, next_number FROM erpdesk.next_numbers(%s, %s, %s, %s)",
                (organization_id, type_code, branch_key, day),
            ).fetchall()

    def _control(self, command: str) -> None:
        """Begin or end a transaction. Like all that stands behind a statement that may fail, it is never prepared: the
        driver would believe that it was, though a broken pipeline never did it."""
        self._connection.execute(command, prepare=False)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """For what may wait for other desks: a wait that ends at its limit says for whom it waited."""
        with told(), named_holder(self._connection, self._parameters):
            yield

    def _wait_for(self, statement: str, *parameters: Any) -> dict[str, Any]:
        self.round_trips += 1
        with self._waiting():
            row = self._connection.execute(statement, parameters).fetchone()
        return _read(row) or {}

    def _ask(self, statement: str, *parameters: Any) -> dict[str, Any] | None:
        self.round_trips += 1
        with told():
            row = self._connection.execute(statement, parameters).fetchone()
        answer: dict[str, Any] | None = _read(row)
        return answer


@contextmanager
def posting_calls(pool: PostingPool) -> Iterator[PostingCalls]:
    """A connection of the pool for one unit of work, rolled back if something is left open, and given up when driver
    and server don't agree on what is prepared there."""
    import psycopg
    from psycopg.pq import TransactionStatus

    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        calls = PostingCalls(connection, pool.kwargs if isinstance(pool.kwargs, dict) else {})
        give_way()
        try:
            yield calls
        except TryAgainError as error:
            if error.is_unprepared:
                connection.close()
            raise
        finally:
            if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
                try:
                    connection.execute("ROLLBACK")
                except psycopg.Error:
                    connection.close()
