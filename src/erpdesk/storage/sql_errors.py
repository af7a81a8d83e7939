"""What a refused statement of masters or configuration means: told by SQLSTATE and constraint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import (
    ConflictError,
    ErpdeskError,
    Fault,
    ForbiddenError,
    InvalidRequest,
    NoDatabaseError,
    Step,
)

if TYPE_CHECKING:
    import psycopg

_UNIQUE = "23505"
_FOREIGN = "23503"
_NOT_PERMITTED = "42501"
_WAITED_TOO_LONG = ("55P03", "40001", "40P01", "57014")
_LOST = ("08", "57P")
_FULL = "53"


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns database errors inside the block into ErpdeskErrors."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise meaning(error.orig) from error


def meaning(error: Any) -> ErpdeskError:
    """The error that a psycopg error means."""
    state: str = getattr(error, "sqlstate", None) or ""
    diagnosis = getattr(error, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    if state == "P0001" and (told := _told(diagnosis)) is not None:
        return told
    if state == _NOT_PERMITTED:
        return ForbiddenError(
            "SEC-001", "You have no right to do this.", cure="Ask an administrator of the organization."
        )
    if constraint == "uq_organization_code_key":
        return _invalid("ORG-002", "An organization with this code is already there.", "code")
    if state == _UNIQUE:
        return ConflictError(
            "MST-003",
            "Somebody else made the same code at the same moment.",
            cure="Try again.",
            retryable=True,
            details={"constraint": constraint},
        )
    if state == _FOREIGN:
        return _invalid("MST-004", "Something else refers to it, or it refers to something that is gone.", "")
    if state.startswith("23"):
        return _invalid("MST-005", f"The database refused a value ({constraint or state}).", "")
    if state in _WAITED_TOO_LONG:
        return ConflictError(
            "NET-003", "Another desk held what this needed for too long.", cure="Try again.", retryable=True
        )
    if not state or state[:2] in _LOST or state[:3] in _LOST or state.startswith(_FULL):
        return NoDatabaseError(
            "NET-002",
            "The connection to the database was lost.",
            cure="Check that the server runs and has room on its disk, then try again.",
            retryable=True,
        )
    return ErpdeskError(
        "SYS-002",
        f"The database reported an unforeseen error ({state}).",
        cure="Look into the log, and report it with the correlation id.",
    )


def _invalid(code: str, message: str, field: str) -> InvalidRequest:
    """An invalid request with one fault."""
    return InvalidRequest((Fault(code, message, field),))


def _told(diagnosis: psycopg.errors.Diagnostic | None) -> ErpdeskError | None:
    """A refusal by one of our own functions carries kind, code and place as JSON in its detail."""
    try:
        detail = json.loads(getattr(diagnosis, "message_detail", None) or "")
        kind, code = detail["kind"], detail["code"]
    except (ValueError, KeyError, TypeError):
        return None
    message = str(getattr(diagnosis, "message_primary", "") or "") + "."
    field, step = detail.get("field", ""), Step(detail.get("step", "saved"))
    classes = {"conflict": ConflictError, "forbidden": ForbiddenError}
    if kind in classes:
        return classes[kind](code, message, field=field, step=step)
    return InvalidRequest((Fault(code, message, field, step),))
