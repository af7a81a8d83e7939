"""What the database refused, as the program's own errors: by constraint name, SQLSTATE or the refusal's detail.

Never by message text. Constraint names are stable; `resources/errors` says what each code means.
"""

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

_BY_CONSTRAINT: dict[str, tuple[str, Step]] = {
    "i1_journal_balances": ("GL-001", Step.GL),
    "i1_journal_decimals": ("GL-001", Step.GL),
    "i1_line_of_another_journal": ("VCH-001", Step.JOURNAL),
    "i8_no_year": ("PRD-001", Step.JOURNAL),
    "i8_period_of_day": ("PRD-001", Step.JOURNAL),
    "i8_year_closed": ("PRD-002", Step.JOURNAL),
    "i8_period_locked": ("PRD-003", Step.JOURNAL),
    "i8_audit_lock": ("PRD-004", Step.JOURNAL),
    "i8_organization_locked": ("PRD-005", Step.JOURNAL),
    "plan_account": ("GL-002", Step.GL),
    "plan_layer_cost": ("INV-010", Step.INVENTORY),
    "plan_pool_cost": ("INV-010", Step.INVENTORY),
    "plan_layers": ("INV-010", Step.INVENTORY),
    "plan_stock_accounts": ("INV-010", Step.INVENTORY),
    "plan_quantity": ("INV-004", Step.INVENTORY),
    "plan_details": ("INV-004", Step.INVENTORY),
    "plan_bin": ("INV-001", Step.INVENTORY),
    "plan_batch": ("INV-007", Step.INVENTORY),
    "plan_serials": ("INV-008", Step.INVENTORY),
    "i5_unit_in_one_place": ("INV-008", Step.INVENTORY),
    "i5_batch_never_below_zero": ("INV-001", Step.INVENTORY),
    "plan_balances": ("INV-001", Step.INVENTORY),
    "i3_reversal_is_linked": ("VCH-025", Step.JOURNAL),
    "i3_reversal_mirrors": ("VCH-025", Step.JOURNAL),
    "reversal_settlements": ("VCH-025", Step.JOURNAL),
    "ck_batch_dates_order": ("INV-009", Step.INVENTORY),
    "ck_stock_layer_quantity_left_within": ("INV-001", Step.INVENTORY),
    "ck_stock_layer_quantity_left_sane": ("INV-001", Step.INVENTORY),
    "ck_stock_balance_never_below_zero": ("INV-001", Step.INVENTORY),
    "uq_voucher_number": ("NUM-001", Step.JOURNAL),
    "active_party": ("VCH-010", Step.SAVED),
    "active_branch": ("VCH-018", Step.SAVED),
    "active_cost_centre": ("VCH-013", Step.SAVED),
    "active_account": ("GL-002", Step.GL),
    "active_item": ("INV-002", Step.INVENTORY),
    "active_unit": ("INV-006", Step.INVENTORY),
    "active_warehouse": ("INV-003", Step.INVENTORY),
    "active_bin": ("INV-003", Step.INVENTORY),
    "active_batch": ("INV-007", Step.INVENTORY),
}
_CONFLICTS = {
    "i3_posted_voucher",
    "i3_books_never_change",
    "uq_voucher_idempotency_key",
    "pk_voucher",
    "uq_voucher_organization_id_reversal_of_id",
}

_TAKEN_MEANWHILE = {"uq_voucher_source"}
"""Another request was first, whose outcome is the answer to this one: look again."""

_UNPREPARED = "26000"
TRANSIENT = {"40001", "40P01", _UNPREPARED}
"""Serialization failure, deadlock, and a statement that the driver believes to be prepared and the server doesn't know
(a broken pipeline never prepared it): try the whole unit of work again, the last on another connection."""

LOST = {"57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "08004", "25P03"}


class TryAgainError(ErpdeskError):
    """Nothing is wrong with the request: a deadlock, a serialization failure, or a connection that is gone.

    `refusal` is what to say when trying again does not help.
    """

    def __init__(self, refused: ErpdeskError) -> None:
        super().__init__(refused.code, refused.message, cure=refused.cure, retryable=True)
        self.refusal = refused

    @property
    def is_unprepared(self) -> bool:
        """Whether the connection is of no use any more: what the driver takes for prepared isn't."""
        return getattr(self.__cause__, "sqlstate", None) == _UNPREPARED


@contextmanager
def told() -> Iterator[None]:
    """What PostgreSQL says inside the block comes out as the program's errors, TryAgainError where that helps."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        meant = refusal(error)
        raise (TryAgainError(meant) if is_transient(error) or is_lost(error) else meant) from error


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same request may succeed when sent again at once."""
    return error.sqlstate in TRANSIENT or error.diag.constraint_name in _TAKEN_MEANWHILE


def is_lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone, so that it isn't known whether a commit took place."""
    import psycopg

    if error.sqlstate in LOST:
        return True
    return error.sqlstate is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def refusal(error: psycopg.Error) -> ErpdeskError:
    """The program's error for what PostgreSQL said."""
    detail = _detail(error)
    if detail is not None:
        return _from_detail(str(error.diag.message_primary), detail)
    name, state = error.diag.constraint_name or "", error.sqlstate or ""
    message = error.diag.message_primary or str(error)
    if name in _BY_CONSTRAINT:
        code, step = _BY_CONSTRAINT[name]
        return InvalidRequest((Fault(code, message, "date" if code.startswith("PRD") else "", step),))
    if name in _CONFLICTS | _TAKEN_MEANWHILE:
        return ConflictError(
            "VCH-001",
            "The voucher was already saved or posted by another request",
            step=Step.JOURNAL,
            details={"constraint": name},
        )
    if state == "55P03":
        return ConflictError(
            "NET-008",
            "Another desk is working on the same rows and holds them locked",
            cure="Try again in a moment.",
            retryable=True,
            step=Step.JOURNAL,
        )
    if state == "42501":
        return ForbiddenError("SEC-001", f"The database refuses this: {message}")
    if is_lost(error):
        return NoDatabaseError(
            "NET-001",
            "The connection to the database was lost.",
            retryable=True,
            cure="It is tried again; check the network if this stays.",
        )
    if state.startswith("53"):
        return ErpdeskError(
            "NET-004",
            f"The server has run out of room: {message}",
            retryable=True,
            cure="Make room on the server's disk; nothing was changed.",
        )
    return ErpdeskError(
        "SYS-001", f"The database refused: {message}", details={"sqlstate": state, "constraint": name}
    )


def _detail(error: psycopg.Error) -> dict[str, Any] | None:
    text = error.diag.message_detail
    if error.sqlstate != "P0001" or not text or not text.startswith("{"):
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def _from_detail(message: str, detail: dict[str, Any]) -> ErpdeskError:
    kind, code, step = detail["kind"], detail["code"], Step(detail["step"])
    if kind == "conflict":
        return ConflictError(code, message, step=step, field=detail["field"], details=detail["details"])
    if kind == "forbidden":
        return ForbiddenError(code, message, step=step, field=detail["field"])
    return InvalidRequest((Fault(code, message, detail["field"], step, detail["details"]),))
