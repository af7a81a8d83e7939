"""The worker delivers outbox events, tells desks what is new, and seals audit entries, round after round.

Several may run: each claims events that no other holds. What a subscriber doesn't take is tried again, later
each time, and given up (dead) after `ATTEMPTS`; an external failure never undoes a post.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ForbiddenError, NoDatabaseError
from erpdesk.services.delivery import DeliveryFailed, deliver

if TYPE_CHECKING:
    from erpdesk.storage.outbox import OutboxEvent
    from erpdesk.storage.server import Server

ATTEMPTS = 10
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5.0, 3600.0
EVENTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: events claimed, events that everybody has, deliveries refused, events given up,
    audit entries sealed."""

    claimed: int = 0
    done: int = 0
    failed: int = 0
    dead: int = 0
    sealed: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def as_json(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


class Worker:
    """Works for every organization of a database, as the login erpdesk_worker."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._begins = True

    def round(self) -> Round:
        """One batch of due events, and every audit entry that isn't sealed. Raises NoDatabaseError,
        ForbiddenError when the login isn't the worker's."""
        from erpdesk.storage.refusals import TryAgainError, told

        try:
            with told():
                return self._round()
        except TryAgainError as again:
            raise NoDatabaseError(again.code, again.message, cure=again.cure, retryable=True) from again

    def _round(self) -> Round:
        from erpdesk.storage.outbox import FAILURES_AT_ONCE, claim, is_worker, tell_failed_posts
        from erpdesk.storage.sealing import seal

        result = Round()
        with self._server.connect("worker", autocommit=True) as connection:
            if not is_worker(connection):
                raise ForbiddenError(
                    "SEC-001", "The worker's login is erpdesk_worker, and this is another",
                    cure="Write the database as postgresql://erpdesk_worker@host/name.")  # fmt: skip
            told = tell_failed_posts(connection, everything=self._begins)
            self._begins = self._begins and told >= FAILURES_AT_ONCE
            for event in claim(connection, EVENTS_AT_ONCE):
                result += self._deliver(connection, event)
        return result + Round(sealed=seal(self._server, role="worker"))

    def until_idle(self) -> Round:
        """Rounds until no event is due."""
        result = one = self.round()
        while one.claimed:
            one = self.round()
            result += one
        return result

    def run(self, wait: Callable[[float], bool], interval_seconds: float,
            report: Callable[[Round], None]) -> None:
        """Rounds until `wait` (which sleeps so many seconds) says True. A lost database is waited for."""
        troubles = 0
        while True:
            try:
                done = self.until_idle()
            except NoDatabaseError:
                troubles += 1
            else:
                troubles = 0
                if any(done.as_json().values()):
                    report(done)
            if wait(min(60.0, interval_seconds * 2**min(troubles, 6))):
                return

    def _deliver(self, connection: Any, event: OutboxEvent) -> Round:
        from erpdesk.storage.outbox import finish, postpone, record_delivery, still_to_take

        errors = []
        for subscription in still_to_take(connection, event):
            try:
                deliver(event, subscription, self._folder)
            except DeliveryFailed as failure:
                errors.append(f"{subscription.name}: {failure}")
            else:
                record_delivery(connection, event, subscription)
        if not errors:
            finish(connection, event)
            return Round(claimed=1, done=1)
        last = event.attempts >= ATTEMPTS
        postpone(connection, event, "; ".join(errors), None if last else wait_seconds(event.attempts))
        return Round(claimed=1, failed=len(errors), dead=int(last))


def wait_seconds(attempts: int) -> float:
    """How long to wait after so many attempts: twice as long each time, never the same for two events."""
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1))
    return longest * (0.75 + random.random() / 4)
