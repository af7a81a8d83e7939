"""Importing goes voucher by voucher, and ends at once when the database is gone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from erpdesk.domain.results import ErpdeskError, Fault, NoDatabaseError, Ok, Refused
from erpdesk.services.importing import ImportService
from erpdesk.services.vouchers import VoucherService


@dataclass
class Posted:
    """What posting gives back."""

    def as_json(self) -> dict[str, Any]:
        return {"ok": True, "status": "POSTED"}


@dataclass
class Vouchers:
    """Takes documents, and answers as the narration says."""

    taken: list[Mapping[str, Any]] = field(default_factory=list)

    def import_one(self, document: Mapping[str, Any], *, post: bool = False) -> Any:
        self.taken.append(document)
        if document.get("narration") == "lost":
            return Refused("failed", (Fault("NET-001", "The connection was lost."),), retryable=True)
        if document.get("narration") == "raise":
            raise ErpdeskError("VCH-005", "No such voucher")
        if document.get("narration") == "crash":
            raise ZeroDivisionError
        if document.get("narration") == "cut":
            raise psycopg.OperationalError("the connection is lost")
        return Ok(Posted())


def importing(vouchers: Vouchers) -> ImportService:
    return ImportService(cast(VoucherService, vouchers))


def written(folder: Path, *lines: str) -> Path:
    path = folder / "vouchers.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_a_voucher_without_a_key_gets_one_from_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, '{"type":"A"}', "", '{"type":"A","idempotency_key":"own"}', '{"type":"A"}')
    vouchers = Vouchers()
    results = list(importing(vouchers).import_vouchers(path))
    mark = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [one["idempotency_key"] for one in vouchers.taken] == [f"file:{mark}:1", "own", f"file:{mark}:4"]
    assert [result.line for result in results] == [1, 3, 4]


def test_results_come_before_the_next_voucher_is_taken(tmp_path: Path) -> None:
    vouchers = Vouchers()
    results = importing(vouchers).import_vouchers(written(tmp_path, '{"type":"A"}', '{"type":"B"}'))
    next(results)
    assert len(vouchers.taken) == 1


def test_a_lost_database_ends_the_import_even_when_told_to_go_on(tmp_path: Path) -> None:
    path = written(tmp_path, '{"type":"A"}', '{"type":"A","narration":"lost"}', '{"type":"A"}')
    vouchers = Vouchers()
    rows = []
    with pytest.raises(NoDatabaseError):
        rows.extend(importing(vouchers).import_vouchers(path, continue_on_error=True))
    assert len(vouchers.taken) == 2


def test_a_line_that_breaks_where_nobody_expects_it_ends_the_import_too(tmp_path: Path) -> None:
    path = written(tmp_path, '{"type":"A","narration":"cut"}', '{"type":"A"}')
    vouchers = Vouchers()
    with pytest.raises(NoDatabaseError) as told:
        list(importing(vouchers).import_vouchers(path, continue_on_error=True))
    assert (told.value.code, len(vouchers.taken)) == ("NET-001", 1)


def test_an_error_of_the_service_is_a_result(tmp_path: Path) -> None:
    path = written(tmp_path, '{"type":"A","narration":"raise"}')
    (result,) = importing(Vouchers()).import_vouchers(path)
    assert (result.ok, result.row["code"]) == (False, "VCH-005")


def test_an_unforeseen_error_fails_one_voucher_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path / "home"))
    path = written(tmp_path, '{"type":"A","narration":"crash"}', '{"type":"A"}')
    failed, posted = importing(Vouchers()).import_vouchers(path, continue_on_error=True)
    assert (failed.row["kind"], failed.row["code"], posted.ok) == ("failed", "SYS-001", True)
    log = (tmp_path / "home" / "logs" / "erpdesk.log").read_text(encoding="utf-8")
    assert failed.row["correlation_id"] in log
