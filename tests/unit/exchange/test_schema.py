"""Documents against their schemas: every fault at once, each with its path and a hint."""

from __future__ import annotations

import json
import re
from typing import Any

from erpdesk.exchange.schema import masters_schema, voucher_schema
from erpdesk.settings import RESOURCES

KEYWORDS = {
    "$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items", "enum",
    "pattern", "maxLength", "minItems", "$ref", "$defs",
}  # fmt: skip


def paths(document: Any) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in masters_schema().faults(document)]


def test_all_faults_are_reported_with_their_paths() -> None:
    document = {
        "items": [{"code": "I1", "naem": "x"}, 3, {"code": " I2", "uom": "PCS", "valuation": "lifo"}],
        "parties": {"code": "C1"},
        "people": [],
    }
    assert paths(document) == [
        ("IMP-012", "items[0].uom"), ("IMP-010", "items[0].naem"), ("IMP-011", "items[1]"),
        ("IMP-011", "items[2].code"), ("IMP-011", "items[2].valuation"), ("IMP-011", "parties"),
        ("IMP-010", "people"),
    ]  # fmt: skip


def test_an_unknown_key_gets_the_nearest_known_one_as_a_hint() -> None:
    (fault,) = masters_schema().faults({"warehouse": []})
    assert 'did you mean "warehouses"?' in fault.message


def test_numbers_of_the_wrong_form_are_refused() -> None:
    for rate in ("-1", "1.1234567", "1e5", "abc", "", "NaN", True, None, ["1"], "1" * 16):
        document = {"price_lists": [{"code": "R", "rates": [{"item": "I", "uom": "U", "rate": rate}]}]}
        assert paths(document), rate


def test_vouchers_may_have_header_fields_of_their_type_but_no_lists_of_their_own() -> None:
    assert (
        voucher_schema().faults({"type": "X", "ssf_code": "12", "lines": [{"item": "I", "size": "L"}]}) == ()
    )
    faults = voucher_schema().faults(
        {"type": "X", "things": [1], "lines": "none", "charges": [{"kode": "V"}]}
    )
    assert [(fault.code, fault.field) for fault in faults] == [
        ("VCH-004", "things"), ("VCH-004", "lines"), ("VCH-004", "charges[0].kode"),
    ]  # fmt: skip


def test_schemas_use_only_what_the_checker_knows() -> None:
    def walk(rule: Any) -> None:
        if not isinstance(rule, dict):
            return
        assert set(rule) <= KEYWORDS, set(rule) - KEYWORDS
        re.compile(rule.get("pattern", ""))
        for inner in (*rule.get("properties", {}).values(), *rule.get("$defs", {}).values()):
            walk(inner)
        walk(rule.get("items"))
        walk(rule.get("additionalProperties"))

    for name in ("masters", "voucher"):
        walk(json.loads((RESOURCES / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")))
