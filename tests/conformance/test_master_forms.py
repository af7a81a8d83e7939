"""Every form of a master asks for what its section of a masters document has, and for nothing else."""

from __future__ import annotations

import pytest

from erpdesk.blueprints.fields import FieldType, LookupKind
from erpdesk.blueprints.master_forms import master_forms
from erpdesk.exchange.schema import masters_schema
from erpdesk.storage.master_sections import READABLE

_KINDS = {"accounts": "account", "uoms": "uom", "branches": "branch", "price_lists": "price_list", "items": "item",
          "warehouses": "warehouse", "cost_centres": "cost_centre"}
TYPED = sorted(kind for kind, form in master_forms().items() if not form.is_kept)


def test_every_master_that_a_voucher_names_has_a_form() -> None:
    no_masters = {LookupKind.VOUCHER, LookupKind.CHARGE}
    assert set(LookupKind) - no_masters <= set(master_forms())
    assert {form.section for form in master_forms().values()} == set(READABLE), "and every section of a document"
    assert [kind for kind in master_forms() if kind not in TYPED] == ["serial"], "which vouchers alone make"


@pytest.mark.parametrize("kind", sorted(master_forms()))
def test_a_list_shows_fields_that_there_are(kind: str) -> None:
    form, section = master_forms()[kind], READABLE[master_forms()[kind].section]
    assert form.heading
    assert [form.column(key).key for key in form.columns] == list(form.columns)
    assert form.code_key in form.columns
    assert set(form.filters) <= section.columns.keys(), "what it is filtered by stands in its table"
    assert (form.parent is not None) == ("parent" in section.columns)


@pytest.mark.parametrize("kind", TYPED)
def test_a_form_fits_its_section(kind: str) -> None:
    form = master_forms()[kind]
    section, rules = READABLE[form.section], masters_schema().document["$defs"]
    rule = rules[_rule_of(form.section)]
    assert form.code_key == section.code
    assert form.owner == section.owner
    assert {field.key for field in form.fields} | {part.key for part in form.parts if not part.section} \
        <= rule["properties"].keys()
    assert rule["properties"].keys() - {field.key for field in form.fields} <= {"role", *(
        part.key for part in form.parts)}, "whatever a document may say of it can be typed"
    assert set(rule["required"]) == {field.key for field in form.fields if field.required}
    for field in form.fields:
        column = section.columns.get(field.key)
        if field.lookup is not None and column is not None and column.kind == "reference":
            assert str(field.lookup.kind) == _KINDS[column.refers], field.key
        if field.field_type is FieldType.SELECT and field.options:
            allowed = rule["properties"][field.key]
            words = set(allowed.get("items", allowed)["enum"]) - {None}
            assert {option.value for option in field.options} == words, field.key


@pytest.mark.parametrize("kind", [kind for kind in TYPED if master_forms()[kind].parts])
def test_a_list_that_hangs_on_a_master_fits_its_rule(kind: str) -> None:
    form, rules = master_forms()[kind], masters_schema().document["$defs"]
    for part in form.parts:
        whole = rules[_rule_of(form.section)]["properties"]
        name = _rule_of(part.section) if part.section else whole[part.key]["items"]["$ref"].rpartition("/")[2]
        keys = {field.key for field in part.fields}
        assert keys <= rules[name]["properties"].keys()
        assert set(rules[name]["required"]) - keys <= {kind}, "a row that is a master itself names its owner"
        assert set(part.names) <= keys


def _rule_of(section: str) -> str:
    reference: str = masters_schema().document["properties"][section]["items"]["$ref"]
    return reference.rpartition("/")[2]
