"""Why a voucher can't be followed: the first of what stands in the way, in one set of words."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from erpdesk.domain.following import (
    Followed,
    following_fault,
    no_voucher,
    not_posted,
    other_kind,
    other_party,
)
from erpdesk.domain.results import Fault


class Sale(NamedTuple):
    """A sale to Asha, as it is found."""

    name: str = "SI/1"
    status: str = "POSTED"
    kind: str = "sale"
    party: str = "c001"
    party_name: str = "C001 Asha"


@pytest.mark.parametrize(("found", "kinds", "party", "fault"), [
    (None, (), "", no_voucher("si/1", "against")),
    (Sale(status="REVERSED", kind="order"), ("sale",), "C002", not_posted("SI/1", "REVERSED", "against")),
    (Sale(kind="order"), ("sale",), "C002", other_kind("SI/1", "against")),
    (Sale(), ("sale",), "C002", other_party("SI/1", "C001 Asha", "against")),
    (Sale(), ("order", "sale"), " C001 ", None),
    (Sale(kind="order"), (), "C001", None),
    (Sale(), (), "", None),
    (Sale(party="", party_name=""), (), "C002", None)])
def test_the_first_reason_is_said(found: Followed | None, kinds: tuple[str, ...], party: str,
                                  fault: Fault | None) -> None:
    assert following_fault("si/1", found, kinds, "against", party) == fault


def test_the_words_name_the_voucher_and_what_it_is() -> None:
    assert [fault.message for fault in (
        no_voucher("SI/1", ""), not_posted("SI/1", "DRAFT", ""), other_kind("SI/1", ""),
        other_party("SI/1", "C001 Asha", ""))] == [
        "There is no voucher SI/1", "SI/1 is DRAFT, not posted", "SI/1 is not a document that this voucher can follow",
        "SI/1 belongs to C001 Asha, another party"]
