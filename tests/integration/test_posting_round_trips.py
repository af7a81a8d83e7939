"""A post costs the same few round trips and statements for three lines as for five hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from erpdesk.posting.engine import PostingEngine, PostRequest
from erpdesk.storage import posting_calls
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer

LINES = (3, 50, 500)
"""Three: one of each item, so that every kind of valuation is there from the first."""


@pytest.fixture
def counting(shop: Trade) -> Trade:
    """SHOP with plenty of everything, blueprints read and connections open."""
    for item in ("TEA", "OIL", "ICE"):
        shop.buy(item, "9000", "5")
        shop.sell(item, "1")
    shop.post(transfer([goods(item, "1") for item in ("TEA", "OIL", "ICE")]))
    return shop


@contextmanager
def traffic() -> Iterator[list[str]]:
    """Every statement that any psycopg connection sends, and a `sync` each time one waits for answers."""
    sent: list[str] = []
    execute, pipeline = psycopg.Connection.execute, psycopg.Connection.pipeline

    def counted_execute(self: psycopg.Connection[Any], query: Any, *args: Any, **more: Any) -> Any:
        if self._pipeline is None:
            sent.append("sync")
        sent.append(str(query).split("(")[0])
        return execute(self, query, *args, **more)

    @contextmanager
    def counted_pipeline(self: psycopg.Connection[Any]) -> Iterator[Any]:
        sent.append("sync")
        with pipeline(self) as inner:
            yield inner

    psycopg.Connection.execute = counted_execute  # type: ignore[method-assign]
    psycopg.Connection.pipeline = counted_pipeline  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Connection.execute = execute  # type: ignore[method-assign]
        psycopg.Connection.pipeline = pipeline  # type: ignore[method-assign]


def lines(count: int, rate: str | None = "9") -> list[dict[str, Any]]:
    """Lines over three items of both valuations."""
    return [goods(("TEA", "OIL", "ICE")[number % 3], "2", rate) for number in range(count)]


DOCUMENTS: Mapping[str, Any] = {
    "a purchase with freight": lambda count: purchase(lines(count), charges=[{"code": "FREIGHT", "amount": "7.77"}]),
    "a sale": lambda count: sale(lines(count), **PLAIN),
    "a transfer": lambda count: transfer(lines(count, None)),
    "a journal": lambda count: {"type": "JOURNAL", "date": "2026-04-02", "lines": [
        *({"account": "6020", "debit": "1", "narration": f"line {number}"} for number in range(count)),
        {"account": "1110", "credit": str(count)}]},
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_round_trips_and_statements_do_not_grow_with_the_lines(counting: Trade, document: Any) -> None:
    seen = []
    for number, count in enumerate((1, *LINES)):  # the first only warms up
        with traffic() as sent:
            made = counting.post({**document(count), "idempotency_key": f"k-{number}"})
        seen.append((made.round_trips, sent.count("sync"), sorted(word for word in sent if word != "sync")))
    told, waited, statements = seen[1]
    assert seen[1:] == [seen[1]] * len(LINES)
    assert told == waited <= 5
    assert len(statements) <= 6


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_server_runs_the_same_statements_for_five_hundred_lines_as_for_one(counting: Trade, document: Any) -> None:
    with counting.admin() as connection:
        for setting, value in _TELL_EVERY_STATEMENT.items():
            connection.execute(f"ALTER DATABASE {counting.database.name} SET {setting} = '{value}'".encode())
    pool = counting.database.server().posting_pool(max_size=1)
    engine = PostingEngine(pool, counting.books.organization)
    heard: list[str] = []
    with pool.connection() as connection:
        connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    ran: list[list[str]] = []
    for number, count in enumerate((1, *LINES)):  # the first only warms up
        heard.clear()
        accepted(engine.run(PostRequest({**document(count), "idempotency_key": f"k-{number}"}, key=f"k-{number}")))
        # Foreign keys are checked row by row by the server itself; nothing else may be.
        ran.append(sorted(_statement(said) for said in heard if "FROM ONLY" not in said))
    assert len(ran[1]) > 20, "statements inside functions were not heard"
    assert ran[1:] == [ran[1]] * len(LINES)


_TELL_EVERY_STATEMENT = {
    "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "client_min_messages": "log",
    "auto_explain.log_nested_statements": "on"}


def _statement(said: str) -> str:
    """The text of a statement out of what auto_explain says of it, without its figures."""
    return said.partition("Query Text: ")[2].partition("\n")[0][:120]


def test_a_post_gives_way_before_each_step(counting: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it begins and after each answer of the server, so that keys beside it are never held up for longer."""
    steps: list[int] = []
    monkeypatch.setattr(posting_calls, "give_way", lambda: steps.append(1))
    with traffic() as sent:
        counting.post(sale(lines(10), **PLAIN))
    assert len(steps) == 1 + sent.count("sync") == 4
