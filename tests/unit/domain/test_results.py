"""Faults are data and errors become results of a kind, each fault with code, place and step."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from erpdesk.domain.keys import key_of
from erpdesk.domain.organization import FiscalYearInfo, OrganizationInfo
from erpdesk.domain.results import (
    ConflictError,
    ErpdeskError,
    Fault,
    ForbiddenError,
    InvalidRequest,
    NoDatabaseError,
    Step,
    refused,
)


def test_a_fault_as_json_leaves_out_empty_details() -> None:
    assert Fault("GL-001", "Off by 1", "lines", Step.GL).as_json() == {
        "code": "GL-001", "message": "Off by 1", "field": "lines", "step": "gl"}
    assert Fault("GL-001", "Off by 1", details={"difference": "1"}).as_json()["details"] == {"difference": "1"}


def test_an_invalid_request_stands_for_all_its_faults_and_speaks_with_the_first() -> None:
    faults = (Fault("INV-001", "Short", "lines[0].quantity", Step.INVENTORY, {"needed": "3"}), Fault("GL-001", "Off"))
    error = InvalidRequest(faults)
    assert (error.code, error.field, error.step, dict(error.details)) == (
        "INV-001", "lines[0].quantity", Step.INVENTORY, {"needed": "3"})
    result = refused(error, "c-1")
    assert (result.kind, result.faults, result.first, result.correlation_id) == ("invalid", faults, faults[0], "c-1")


@pytest.mark.parametrize(("error", "kind"), [
    (ConflictError("VCH-001", "Posted", retryable=True), "conflict"), (ForbiddenError("SEC-001", "No"), "forbidden"),
    (NoDatabaseError("NET-001", "Gone"), "failed"), (ErpdeskError("SYS-001", "Odd"), "failed")])
def test_each_error_becomes_a_result_of_its_kind(error: ErpdeskError, kind: str) -> None:
    result = refused(error)
    assert (result.kind, result.retryable, result.first.message) == (kind, error.retryable, error.message)


@pytest.mark.parametrize(("one", "other"), [("  Asha  STORES", "asha stores"), ("ﬁne", "FINE"), ("Straße", "STRASSE"),
                                            ("é", "e\u0301"), ("１２", "12")])
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_blank_text_has_an_empty_key() -> None:
    assert key_of(" \t\u3000") == ""


def test_a_day_lies_in_its_fiscal_year_or_in_none() -> None:
    year = FiscalYearInfo(UUID(int=1), "2026-27", "26-27", date(2026, 4, 1), date(2027, 3, 31), False)
    shop = OrganizationInfo(UUID(int=2), "SHOP", "Shop", "NP", "NPR", 2, "UTC", "en", "AD", "indian", False, "admin",
                            (), (year,))
    assert [shop.fiscal_year(day) for day in (date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1))] == [year, year,
                                                                                                          None]


def test_an_error_says_what_it_was_given_and_nothing_else() -> None:
    bare = ErpdeskError("SYS-001", "Odd")
    assert (bare.code, bare.message, bare.field, bare.step, bare.cure, bare.retryable, bare.details, str(bare)) == (
        "SYS-001", "Odd", "", Step.SAVED, "", False, {}, "Odd")
    full = ConflictError("VCH-001", "Posted", field="type", step=Step.GL, cure="Look", retryable=True, details={"a": 1})
    assert (full.field, full.step, full.cure, full.retryable, full.details) == ("type", Step.GL, "Look", True, {"a": 1})
    assert full.faults == (Fault("VCH-001", "Posted", "type", Step.GL, {"a": 1}),)
    assert str(InvalidRequest([Fault("GL-001", "Off")])) == "Off"


def test_a_result_without_a_correlation_id_has_none() -> None:
    assert refused(ErpdeskError("SYS-001", "Odd")).correlation_id == ""


def test_words_of_a_key_stand_one_blank_apart() -> None:
    assert key_of("  Terai   Rice\tMills ") == "terai rice mills"
