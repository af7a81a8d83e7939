"""Fixtures of the trading organization, for the conftest of folders that use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from psycopg import Connection

from erpdesk.services.verification import plan_again
from helpers.cluster import Cluster
from helpers.trading import Trade, begun, trading, trading_template


@pytest.fixture(scope="session")
def shop_template(cluster: Cluster) -> Iterator[str]:
    """The name of a database that holds the organization SHOP and is never worked in."""
    with trading_template(cluster) as name:
        yield name


@pytest.fixture
def shop(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """The organization SHOP with its masters and empty books; whatever the test does must leave them sound."""
    with trading(cluster, shop_template) as trade:
        yield trade


def begun_as(begin: Callable[[Trade], object], *, name: str = "shop_template") -> Any:
    """A fixture for a module: its `shop` stands where `begin` left it, which is done once and copied for each test.

    With another name it is a template beside that of `shop`."""

    @pytest.fixture(scope="module", name=name)
    def template(cluster: Cluster, shop_template: str) -> Iterator[str]:
        with begun(cluster, shop_template, begin) as made:
            yield made

    return template


@pytest.fixture
def books_replan(shop: Trade) -> Iterator[None]:
    """Whatever was posted, planned again by the version that stands with it, comes to the same."""
    yield
    connection: Connection[Any]
    with shop.database.connect("superuser") as connection, connection.transaction():
        report = plan_again(connection)
    assert report.ok, report.text
