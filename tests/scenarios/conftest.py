"""Scenarios run through the real command line, against a fresh database."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.command_line import CommandLine
from helpers.database import Database
from helpers.shops import desk_of, new_shop
from helpers.terminal import Seat
from helpers.trading_fixtures import shop_template

__all__ = ["command_line", "shop", "shop_template"]

MASTERS = {
    "uoms": [{"code": "PCS", "decimals": "3"}],
    "warehouses": [{"code": "BRANCH", "name": "Branch"}],
    "items": [{"code": "ITEM1", "name": "Test item", "uom": "PCS"}],
    "parties": [
        {"code": "C001", "name": "Asha Stores", "kind": "customer"},
        {"code": "S001", "name": "Terai Rice Mills", "kind": "supplier"},
    ],
}


@pytest.fixture
def command_line(database: Database, tmp_path: Path) -> CommandLine:
    """The command line on an empty, migrated database."""
    return CommandLine(tmp_path / "home", database.url())


@pytest.fixture
def made(database: Database) -> Database:
    """A database with the organization SHOP and a few masters."""
    desk = desk_of(database)
    desk.create_organization(new_shop())
    assert all(result.ok for result in desk.books("SHOP").masters.import_masters(MASTERS))
    return database


@pytest.fixture
def shop(made: Database, command_line: CommandLine) -> CommandLine:
    """The command line on it, a process for each command."""
    return command_line


@pytest.fixture
def seat(made: Database, tmp_path: Path) -> Seat:
    """The same in the test's own process: for what is told, not for how a process ends."""
    return Seat(made.url(), tmp_path / "home")
