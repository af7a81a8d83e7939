"""Every form of a master asks for what its section of a masters document has, and for nothing else."""

from __future__ import annotations

import pytest

from erpdesk.blueprints.fields import FieldType, LookupKind
from erpdesk.blueprints.master_forms import master_forms
from erpdesk.exchange.schema import masters_schema
from erpdesk.storage.master_sections import BY_NAME
from erpdesk.storage.masters import KINDS

_KINDS = {"accounts": "account", "uoms": "uom", "branches": "branch", "price_lists": "price_list", "items": "item",
          "warehouses": "warehouse", "cost_centres": "cost_centre"}


def test_the_masters_that_a_voucher_names_have_forms() -> None:
    wanted = {"account", "party", "item", "warehouse", "uom", "cost_centre", "batch"}
    assert wanted <= master_forms().keys() <= set(KINDS) & set(LookupKind)


@pytest.mark.parametrize("kind", sorted(master_forms()))
def test_a_form_fits_its_section(kind: str) -> None:
    form = master_forms()[kind]
    section, rules = BY_NAME[form.section], masters_schema().document["$defs"]
    reference = masters_schema().document["properties"][form.section]["items"]["$ref"]
    rule = rules[reference.rpartition("/")[2]]
    assert form.code_key == section.code
    assert form.owner == section.owner
    assert {field.key for field in form.fields} <= rule["properties"].keys()
    assert set(rule["required"]) == {field.key for field in form.fields if field.required}
    for field in form.fields:
        column = section.columns.get(field.key)
        if field.lookup is not None and column is not None and column.kind == "reference":
            assert str(field.lookup.kind) == _KINDS[column.refers], field.key
        if field.field_type is FieldType.SELECT and field.options:
            words = set(rule["properties"][field.key]["enum"]) - {None}
            assert {option.value for option in field.options} == words, field.key
