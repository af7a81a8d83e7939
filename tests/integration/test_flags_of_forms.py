"""Whom a form is for: rules and fields for a branch or a user hold in the form, in validation and in posting alike."""

from __future__ import annotations

from typing import Any

from erpdesk.domain.results import Ok, Refused
from helpers.trading import Trade, goods, sale

SALES = "SALES_INVOICE"


def configured(shop: Trade, **columns: Any) -> None:
    shop.books.configuration.import_document({"voucher_types": [{"code": SALES, **columns}]})
    shop.books = shop.reopen()


def two_branches(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.branch (organization_id, id, code, code_key, name)"
                           " SELECT id, gen_random_uuid(), 'EAST', 'east', 'East' FROM erpdesk.organization")
    shop.books = shop.reopen()


def tea(**more: Any) -> dict[str, Any]:
    return sale([goods("TEA", "1", "10")], **more)


def codes(result: Any) -> set[tuple[str, str]]:
    return {(fault.code, fault.field) for fault in result.faults} if isinstance(result, Refused) else set()


def test_a_rule_for_a_user_holds_for_that_user_alone(shop: Trade) -> None:
    me = shop.one("SELECT user_name FROM erpdesk.organization_member LIMIT 1")
    rule = {"field": "narration", "scope": "user", "scope_value": me, "required": True}
    other = shop.database.make_user("somebody", ["clerk"]).name
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, 'clerk')", (shop.books.organization.id, other))
    configured(shop, field_rules=[rule, {**rule, "scope_value": other, "visible": False, "required": None}])
    field = shop.books.vouchers.schema(SALES).header_field("narration")
    assert field is not None
    assert (field.required, field.ui.hidden) == (True, False)
    shop.buy("TEA", "10", "5")
    assert ("VCH-004", "narration") in codes(shop.books.vouchers.post(tea()))
    assert isinstance(shop.books.vouchers.post(tea(narration="Said")), Ok)


def test_a_rule_for_a_branch_holds_in_that_branch_alone(shop: Trade) -> None:
    two_branches(shop)
    configured(shop, field_rules=[{"field": "ref_no", "scope": "branch", "scope_value": "EAST", "required": True}])
    vouchers = shop.books.vouchers
    required = [getattr(vouchers.schema(SALES, branch=branch).header_field("ref_no"), "required", None)
                for branch in ("", "HO", "EAST")]
    assert required == [False, False, True]
    shop.buy("TEA", "10", "5")
    assert isinstance(vouchers.post(tea()), Ok)
    assert codes(vouchers.post(tea(branch="EAST"))) == {("VCH-004", "ref_no")}
    assert isinstance(vouchers.post(tea(branch="EAST", ref_no="R1")), Ok)


def test_a_user_field_for_a_branch_is_there_alone(shop: Trade) -> None:
    two_branches(shop)
    configured(shop, udfs=[{"key": "gate", "label": "Gate", "field_type": "text", "required": True,
                            "visible_for_branches": ["EAST"]}])
    vouchers = shop.books.vouchers
    assert [bool((field := vouchers.schema(SALES, branch=branch).header_field("udf.gate")) and not field.ui.hidden)
            for branch in ("HO", "EAST")] == [False, True]
    shop.buy("TEA", "10", "5")
    assert isinstance(vouchers.post(tea()), Ok)
    assert codes(vouchers.post(tea(branch="EAST"))) == {("VCH-004", "udf.gate")}
    assert isinstance(vouchers.post(tea(branch="EAST", udf={"gate": "3"})), Ok)
