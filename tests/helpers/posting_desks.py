"""A desk is another process that posts vouchers into the same organization, and says what became of each.

Desks begin together, at a barrier. They are spawned, not forked: each opens connections of its own.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from erpdesk.domain.results import Ok

PATIENCE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one desk was told of one voucher."""

    key: str
    number: str | None
    code: str
    kind: str
    message: str
    cost: str
    replayed: bool


def run_desks(url: str | None, work: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[Outcome]]:
    """Each desk posts its documents in order, all desks at once; outcomes in the same shape as `work`.
    Without a URL they use the embedded server of `ERPDESK_HOME`."""
    with desks_at_work(url, work) as outcomes:
        return outcomes()


@contextmanager
def desks_at_work(
    url: str | None, work: Sequence[Sequence[Mapping[str, Any]]]
) -> Iterator[Callable[[], list[list[Outcome]]]]:
    """The same, while the block does something to them; the function it is given waits for their outcomes."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(work))
    with context.Pool(len(work), _begin, (barrier,)) as pool:
        waiting = [pool.apply_async(_work, (url, list(documents))) for documents in work]
        yield lambda: [desk.get(PATIENCE_SECONDS) for desk in waiting]


_barrier: Barrier


def _begin(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _work(url: str | None, documents: list[Mapping[str, Any]]) -> list[Outcome]:
    from erpdesk.services.desk import open_desk
    from helpers.trading import CODE

    with open_desk(database_url=url) as desk:
        vouchers = desk.books(CODE).vouchers
        vouchers.types()
        _barrier.wait(PATIENCE_SECONDS)
        return [outcome_of(document, vouchers.post(document)) for document in documents]


def outcome_of(document: Mapping[str, Any], result: Any) -> Outcome:
    """A result as a value that travels between processes."""
    key = str(document.get("idempotency_key") or "")
    if isinstance(result, Ok):
        posted = result.value
        return Outcome(key, posted.voucher_number, "", "ok", "", posted.cost, posted.replayed)
    return Outcome(key, None, result.first.code, result.kind, result.first.message, "", False)
