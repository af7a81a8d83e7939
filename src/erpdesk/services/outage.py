"""What a failure that nobody foresaw means when it was the database's: a line that broke, a server without room."""

from __future__ import annotations

import sys

from erpdesk.domain.results import ErpdeskError

_OUTAGE = "NET-"


def outage(error: Exception) -> ErpdeskError | None:
    """The NET error that an exception stands for; None where something else is wrong. SQLAlchemy's errors count as the
    driver's that they wrap."""
    driver = sys.modules.get("psycopg")
    if driver is None:
        return None
    from erpdesk.storage.refusals import refusal

    said = getattr(error, "orig", error)
    meant = refusal(said) if isinstance(said, driver.Error) else None
    return meant if meant is not None and meant.code.startswith(_OUTAGE) else None
