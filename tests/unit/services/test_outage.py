"""What a failure of the database is called where nobody expected one."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from erpdesk.domain.results import NoDatabaseError
from erpdesk.services.outage import outage

_LOST = psycopg.OperationalError("the connection is lost")


@pytest.mark.parametrize("error", [_LOST, DBAPIError("SELECT 1", (), _LOST), errors.AdminShutdown("going down")])
def test_a_lost_line_is_told_as_such(error: Exception) -> None:
    told = outage(error)
    assert isinstance(told, NoDatabaseError)
    assert (told.code, told.retryable) == ("NET-001", True)


def test_a_full_disk_is_told_as_such() -> None:
    told = outage(errors.DiskFull("no space left on device"))
    assert told is not None
    assert told.code == "NET-004"


@pytest.mark.parametrize("error", [ZeroDivisionError(), errors.UndefinedColumn("x"), DBAPIError("SELECT x", (), None)])
def test_other_failures_stay_unforeseen(error: Exception) -> None:
    assert outage(error) is None
