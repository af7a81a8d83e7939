"""Vouchers from a file, one by one, in order: each its own transaction, each one result line.

A voucher without an idempotency key gets one from the file's content and its line, so that the same file
imported twice posts nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, Fault, NoDatabaseError, Refused, refused
from erpdesk.services.outage import outage

if TYPE_CHECKING:
    from erpdesk.exchange.json_lines import ReadVoucher
    from erpdesk.posting.rehearsal import Rehearsal
    from erpdesk.services.vouchers import VoucherService

_NO_DATABASE = "NET-"


_LOOK_AGAIN_AFTER = frozenset({30, 300, 3_000, 30_000})
"""After so many vouchers the server looks at what has come, so that its plans fit the tables."""


@dataclass(frozen=True, slots=True)
class ImportedVoucher:
    """What became of one voucher; `line` is where it begins in the file."""

    line: int
    ok: bool
    row: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "ok": self.ok, **self.row}


class ImportService:
    """Brings files of vouchers into one organization."""

    def __init__(self, vouchers: VoucherService) -> None:
        self._vouchers = vouchers

    def import_vouchers(
        self, path: Path, *, post: bool = False, dry_run: bool = False, continue_on_error: bool = False
    ) -> Iterator[ImportedVoucher]:
        """Results as they come; stops after the first refusal unless told to continue.

        With `dry_run` nothing is written: each voucher is planned as if posted, on top of those before it. Raises
        ImportRefused when the file as a whole can't be read, NoDatabaseError once the database is gone.
        """
        from erpdesk.exchange.sources import checked_file, digest
        from erpdesk.exchange.vouchers import read_vouchers

        found = read_vouchers(checked_file(path))
        mark = f"file:{digest(path)}"
        rehearsal = self._vouchers.rehearsal() if dry_run else None
        for count, voucher in enumerate(found, 1):
            result = self._one(voucher, mark, post, rehearsal)
            yield result
            if count in _LOOK_AGAIN_AFTER and not dry_run:
                self._vouchers.refresh_statistics()
            if result.row.get("kind") == "failed" and result.row["code"].startswith(_NO_DATABASE):
                raise NoDatabaseError(result.row["code"], result.row["message"])
            if not result.ok and not continue_on_error:
                return

    def _one(self, voucher: ReadVoucher, mark: str, post: bool, rehearsal: Rehearsal | None) -> ImportedVoucher:
        from erpdesk.exchange.schema import voucher_schema

        if voucher.refusal is not None:
            return _refused(voucher.line, refused(voucher.refusal))
        faults = voucher_schema().faults(voucher.document)
        if faults:
            return _refused(voucher.line, Refused("invalid", faults))
        document = dict(voucher.document)
        if not document.get("idempotency_key"):
            document["idempotency_key"] = f"{mark}:{voucher.line}"
        try:
            if rehearsal is not None:
                result = rehearsal.rehearse(document)
            else:
                result = self._vouchers.import_one(document, post=post)
        except ErpdeskError as error:
            result = refused(error)
        except Exception as error:
            lost = outage(error)
            result = refused(lost) if lost is not None else _failed(error, voucher.line)
        if isinstance(result, Refused):
            return _refused(voucher.line, result)
        return ImportedVoucher(voucher.line, True, result.value.as_json())


def _failed(error: Exception, line: int) -> Refused:
    """What wasn't foreseen fails one voucher, not the import; the log says more."""
    from erpdesk.services.logbook import record_failure

    logged = record_failure(error, f"import, line {line}")
    message = f"Something unforeseen went wrong ({type(error).__name__}); the log {logged.path} says more."
    return Refused("failed", (Fault("SYS-001", message),), correlation_id=logged.correlation_id)


def _refused(line: int, result: Refused) -> ImportedVoucher:
    return ImportedVoucher(line, False, refusal_row(result))


def refusal_row(result: Refused) -> dict[str, Any]:
    """A refusal as the command line prints it; it always has a correlation id."""
    first = result.first.as_json()
    return {
        "kind": result.kind,
        **first,
        "retryable": result.retryable,
        "correlation_id": result.correlation_id or str(uuid.uuid4()),
        "faults": [one.as_json() for one in result.faults],
        "warnings": [one.as_json() for one in result.warnings],
    }
