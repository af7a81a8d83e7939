"""The credit check: a party's balance on its side with this voucher, against its limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from erpdesk.blueprints.vocabulary import CreditCheck
from helpers.posting_plans import blueprint, id_of, planned


def sold(check: CreditCheck, balance: str, limit: str | None, known: bool = True) -> Any:
    """A sale of 100 to a party of that balance and limit."""
    shipped = blueprint("SALES_INVOICE")
    like = replace(shipped, voucher_type=replace(shipped.voucher_type, credit_check=check))
    parties = {str(id_of("C001")): {"balance": balance, "credit_limit": limit}} if known else None
    return planned({"type": "SALES_INVOICE", "party": "C001", "auto_charges": False,
                    "lines": [{"item": "REPAIR", "quantity": "1", "rate": "100"}]}, like=like, parties=parties)


@pytest.mark.parametrize(("balance", "limit", "is_over"), [
    ("0", "100", False), ("0", "99.99", True), ("0.01", "100", True), ("-50", "50", False), ("50", None, False),
    ("0", "0", True)])
def test_exposure_is_balance_and_voucher_together(balance: str, limit: str | None, is_over: bool) -> None:
    blocked, warned = sold(CreditCheck.BLOCK, balance, limit), sold(CreditCheck.WARN, balance, limit)
    assert [fault.code for fault in blocked.faults] == ["VCH-040"] * is_over
    assert blocked.warnings == () == warned.faults
    assert [fault.code for fault in warned.warnings] == ["VCH-040"] * is_over
    off = sold(CreditCheck.OFF, balance, limit)
    assert (off.faults, off.warnings) == ((), ())


def test_the_fault_names_party_exposure_and_limit() -> None:
    [fault] = sold(CreditCheck.BLOCK, "20.5", "100").faults
    assert (fault.message, fault.field, fault.step) == (
        "C001 C001 would owe 120.50; the limit is 100.00", "party", "journal")
    assert fault.details == {"exposure": "120.50", "limit": "100.00"}


def test_a_party_whose_balance_was_not_read_is_not_checked() -> None:
    assert sold(CreditCheck.BLOCK, "0", "1", known=False).faults == ()


def test_a_supplier_is_owed_on_the_other_side() -> None:
    shipped = blueprint("PURCHASE_INVOICE")
    like = replace(shipped, voucher_type=replace(shipped.voucher_type, credit_check=CreditCheck.BLOCK))
    def bought(balance: str) -> Any:
        return planned({"type": "PURCHASE_INVOICE", "party": "S001", "auto_charges": False,
                        "lines": [{"item": "REPAIR", "quantity": "1", "rate": "100"}]}, like=like,
                       parties={str(id_of("S001")): {"balance": balance, "credit_limit": "150"}})
    assert bought("-50").faults == ()
    assert [fault.code for fault in bought("-50.01").faults] == ["VCH-040"]
