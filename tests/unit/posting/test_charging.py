"""What a document says of its charges is held to the charges that its type has."""

from __future__ import annotations

from erpdesk.posting.charging import charge_faults
from helpers.posting_plans import blueprint


def test_a_charge_is_named_once_whatever_the_form_asks() -> None:
    document = {"charges": [{"code": "FREIGHT", "amount": "1"}, {"code": "DISC"}, {"code": "freight", "amount": "2"}]}
    [fault] = charge_faults(blueprint("PURCHASE_INVOICE"), document, (), 2)
    assert (fault.code, fault.field) == ("VCH-004", "charges[2].code")
    assert fault.message == "Freight stands on line 1 already"
