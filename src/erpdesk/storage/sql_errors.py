"""What a refused statement of masters or configuration means: by SQLSTATE and constraint, never by text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from erpdesk.domain.results import ConflictError, ErpdeskError, Fault, InvalidRequest
from erpdesk.storage.refusals import refusal

if TYPE_CHECKING:
    import psycopg

_UNIQUE, _FOREIGN, _OTHER = "23505", "23503", "23"
_ROLES = ("account_role_in_use", "account_role_postable", "account_role_kind")
_OF_CONSTRAINT = {
    "uq_item_name": ("MST-002", "Another item has this name.", "name"),
    "uq_party_name": ("MST-002", "Another party has this name.", "name"),
    "uq_voucher_config_master_shortcut_key": (
        "CFG-032", "Another voucher type has this key, given to it at the same moment.", "shortcut"),
    "uq_organization_code_key": ("ORG-002", "An organization with this code is already there.", "code"),
}


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns database errors inside the block into ErpdeskErrors."""
    import psycopg
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.Error):
            raise
        raise meaning(error.orig) from error


def meaning(error: psycopg.Error) -> ErpdeskError:
    """The error that a refused statement means to whoever edits masters or configuration."""
    state, constraint = error.sqlstate or "", error.diag.constraint_name or ""
    if constraint in _OF_CONSTRAINT:
        return _invalid(*_OF_CONSTRAINT[constraint])
    if constraint == "master_in_use":
        return _invalid("MST-007", f"{error.diag.message_primary}.")
    if constraint == "names_somebody":
        return _invalid("CFG-007", f"{error.diag.message_primary}.")
    if constraint in _ROLES:
        return _invalid("MST-009", f"{error.diag.message_primary}.", "role")
    if (guarded := _of_guarded(error, constraint)) is not None:
        return guarded
    if state == _UNIQUE:
        message = "Somebody else made the same code at the same moment."
        return ConflictError(
            "MST-003", message, cure="Try again.", retryable=True, details={"constraint": constraint}
        )
    if state == _FOREIGN:
        return _invalid("MST-004", "Something else refers to it, or it refers to something that is gone.")
    if state.startswith(_OTHER):
        return _invalid("MST-005", f"The database refused a value ({constraint or state}).")
    return refusal(error)


def _of_guarded(error: psycopg.Error, constraint: str) -> ErpdeskError | None:
    """A change to a master that the books rest on, with the key of the field that would change."""
    from erpdesk.storage.master_use import CODES, key_of_column

    if constraint not in CODES:
        return None
    place = key_of_column(error.diag.table_name or "", error.diag.column_name or "")
    return _invalid(CODES[constraint], f"{error.diag.message_primary}.", place)


def _invalid(code: str, message: str, field: str = "") -> InvalidRequest:
    return InvalidRequest((Fault(code, message, field),))
