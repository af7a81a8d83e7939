"""P2: eight desks post at once into one series, from the same items, and eight connections of the yardstick.

Each desk is a process of its own with its own desk opened, as on eight computers. Program and yardstick take
turns, round by round; a round lasts until the last desk is done. Every post must succeed at the first try of
the person at the desk; numbers must have no gap and no duplicate.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.company import CODE, DAY, PROGRAM, YARDSTICK, Sales, Size, superuser
from benchmarks.figures import Row
from erpdesk.domain.results import Refused

if TYPE_CHECKING:
    import psycopg

_PATIENCE_SECONDS = 300


@dataclass(slots=True)
class Told:
    """What one desk reports: when its posts of each round began and ended, and what went wrong."""

    program: list[tuple[float, float]] = field(default_factory=list)
    yardstick: list[tuple[float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def measure(size: Size) -> list[Row]:
    """Rows of P2."""
    with superuser() as connection:
        connection.execute("VACUUM (ANALYZE)")
        deadlocks, first = _deadlocks(connection), _last_number(connection)
        told = _run(size)
        time.sleep(1.5)  # the server counts deadlocks with a delay of up to a second
        deadlocks = _deadlocks(connection) - deadlocks
        gaps = _gaps(connection)
        posted = _last_number(connection) - first
    failures = [failure for desk in told for failure in desk.failures]
    program, yardstick = (
        _per_second([getattr(desk, side) for desk in told], size) for side in ("program", "yardstick")
    )
    ratio = program / yardstick if yardstick else 0.0
    expected = size.desks * (size.rounds * size.posts_a_round + size.posts_a_round)
    clean = not failures and not deadlocks and not gaps and posted == expected
    return [
        Row(
            "P2",
            f"{size.desks} desks at once, one series, shared items, {size.rounds} x {size.posts_a_round} posts each",
            f"{program:.0f} posts/s",
            f"{yardstick:.0f} posts/s",
            f"{ratio:.0%}",
            ">= 50 % (goal 70 %)",
            ratio >= 0.5,
        ),
        Row(
            "",
            "failures shown, deadlocks, gaps in the series; posts asked for and posted",
            f"{len(failures)}, {deadlocks}, {gaps}; {expected} and {posted}",
            "",
            failures[0][:60] if failures else "",
            "0, 0, 0",
            clean,
        ),
    ]


def _run(size: Size) -> list[Told]:
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(size.desks), context.Queue()
    desks = [
        context.Process(target=_desk, args=(number, size, barrier, answers), daemon=True)
        for number in range(size.desks)
    ]
    for desk in desks:
        desk.start()
    told = [answers.get(timeout=_PATIENCE_SECONDS) for _ in desks]
    for desk in desks:
        desk.join()
    return told


def _desk(number: int, size: Size, barrier: Any, answers: Any) -> None:
    """One desk's process."""
    told = Told()
    try:
        _work(number, size, barrier, told)
    except BaseException:
        barrier.abort()
        told.failures.append(traceback.format_exc(limit=-2))
    answers.put(told)


def _work(number: int, size: Size, barrier: Any, told: Told) -> None:
    from benchmarks.yardstick import Yardstick
    from erpdesk.services.desk import open_desk

    with open_desk() as desk, superuser() as connection:
        vouchers, yardstick = desk.books(CODE).vouchers, Yardstick(connection)
        ours, theirs = Sales(PROGRAM, 100 + number), Sales(YARDSTICK, 100 + number)

        def post(key: str) -> None:
            result = vouchers.post(ours.next().document(key))
            if isinstance(result, Refused):
                told.failures.append(str(result.first))

        def post_by_hand(key: str) -> None:
            yardstick.post(theirs.next(), key)

        for turn in range(size.rounds + 1):  # the first warms up
            for prefix, one, times in (("", post, told.program), ("y-", post_by_hand, told.yardstick)):
                barrier.wait(_PATIENCE_SECONDS)
                times.append(_round(one, f"{prefix}desk-{number}-{turn}", size.posts_a_round))


def _round(post: Callable[[str], None], key: str, posts: int) -> tuple[float, float]:
    began = time.time()
    for number in range(posts):
        post(f"{key}-{number}")
    return began, time.time()


def _per_second(desks: list[list[tuple[float, float]]], size: Size) -> float:
    """Posts a second over all rounds but the first, each from the first begin to the last end; 0 when a desk gave up,
    which its failure tells."""
    if any(len(desk) <= size.rounds for desk in desks):
        return 0.0
    seconds = 0.0
    for turn in range(1, size.rounds + 1):
        seconds += max(desk[turn][1] for desk in desks) - min(desk[turn][0] for desk in desks)
    return size.desks * size.rounds * size.posts_a_round / seconds if seconds else 0.0


def _deadlocks(connection: psycopg.Connection[Any]) -> int:
    return _one(connection, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def _gaps(connection: psycopg.Connection[Any]) -> int:
    """Numbers missing from any series, plus numbers that the counter has not."""
    return _one(
        connection,
        """
        SELECT coalesce(sum(abs(c.last_number - n.counted)), 0) FROM erpdesk.number_counter c
        CROSS JOIN LATERAL (SELECT count(DISTINCT number) AS counted FROM erpdesk.voucher_number n
            WHERE (n.organization_id, n.voucher_config_id, n.series_code, n.branch_id, n.restart_key)
                = (c.organization_id, c.voucher_config_id, c.series_code, c.branch_id, c.restart_key)) n""",
    )


def _last_number(connection: psycopg.Connection[Any]) -> int:
    return _one(
        connection,
        "SELECT count(*) FROM erpdesk.voucher WHERE status = 'POSTED' AND series_code IS NULL"
        f" AND voucher_on = '{DAY}' AND voucher_number NOT LIKE 'YS/%'",
    )


def _one(connection: psycopg.Connection[Any], statement: str) -> int:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return int(row[0])
