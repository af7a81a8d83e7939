"""Fixtures for modules whose tests begin with the same shop: it is opened and furnished once, then copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from erpdesk.services.desk import Books
from erpdesk.services.verification import seal_audit
from helpers.cluster import Cluster
from helpers.database import Database, fresh_database
from helpers.shops import desk_of, open_shop


def begun_books(begin: Callable[[Books], object] = lambda _books: None) -> Any:
    """A fixture for a module: the `database` of each test holds a new shop, in which `begin` has been done."""

    @pytest.fixture(scope="module", name="database_template")
    def template(cluster: Cluster) -> Iterator[str]:
        with fresh_database(cluster) as database:
            begin(open_shop(database))
            seal_audit(database.server())  # a copy made much later is not to be found unsealed
            database.close()
            yield database.name

    return template


def books_of(database: Database) -> Books:
    """The shop's books on a desk of the test's own, for its admin."""
    return desk_of(database).books("SHOP")


def importing(masters: dict[str, Any]) -> Callable[[Books], None]:
    """What `begin` is to do where a shop needs its masters and no more; fails when one is refused."""
    def begin(books: Books) -> None:
        results = books.masters.import_masters(masters)
        assert all(result.ok for result in results), [result.as_json() for result in results if not result.ok]

    return begin
