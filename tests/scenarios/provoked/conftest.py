"""One organization a file, shared by its tests: what is refused leaves the books as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.cluster import Cluster
from helpers.terminal import Terminal
from helpers.trading import Trade, trading
from helpers.trading_fixtures import shop_template

__all__ = ["shop_template"]


@pytest.fixture(scope="module")
def trade(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """The organization SHOP; whatever the tests of the file do must leave its books sound."""
    with trading(cluster, shop_template) as made:
        yield made


@pytest.fixture
def terminal(trade: Trade, tmp_path: Path) -> Terminal:
    """The command line on it, within the test's process."""
    return Terminal(trade, tmp_path)
