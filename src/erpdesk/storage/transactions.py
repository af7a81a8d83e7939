"""One transaction on the engine for masters, configuration and reports; database errors come out plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from erpdesk.storage.sql_errors import told_plainly

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from erpdesk.storage.server import Server

    __all__ = ["Connection", "reading", "rehearsing", "writing"]


@contextmanager
def writing(server: Server) -> Iterator[Connection]:
    """A transaction committed at the end of the block, rolled back when it raises."""
    with told_plainly(), server.engine().begin() as connection:
        yield connection


@contextmanager
def reading(server: Server) -> Iterator[Connection]:
    """A transaction that only reads, all of it in one state of the database."""
    with told_plainly(), server.engine().connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def rehearsing(server: Server) -> Iterator[Connection]:
    """A transaction in which anything may be written and of which nothing stays."""
    with told_plainly(), server.engine().connect() as connection:
        yield connection
        connection.rollback()
