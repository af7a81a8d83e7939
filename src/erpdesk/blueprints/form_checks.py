"""Whether the form that a blueprint turns into makes sense, for every context: fields, rules, conditions.

A rule is looked at whoever it is for. Faults carry the path of the row or override that a field came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.catalogue import Area, standard_fields
from erpdesk.blueprints.checkers import value_fault
from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.context import CONTEXT_ATTRIBUTES, ITEM_ATTRIBUTES, PARTY_ATTRIBUTES, Context
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.drafting import FieldList, FormDraft
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.fields import Field, FieldType, Section
from erpdesk.blueprints.patterns import matcher
from erpdesk.blueprints.resolve import compose
from erpdesk.blueprints.rows import FieldRule
from erpdesk.blueprints.states import HEADER_PREFIX
from erpdesk.blueprints.values import TYPE_RULES

LONGEST_MESSAGE = 200
TOTALS = frozenset({"items_total", "gross", "quantity_total", "running_total"})
"""What the condition of a charge may look at beside header fields."""

ATTRIBUTES = {DefaultKind.CONTEXT: CONTEXT_ATTRIBUTES, DefaultKind.PARTY: PARTY_ATTRIBUTES,
              DefaultKind.ITEM: ITEM_ATTRIBUTES}


def check_form(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Compose the form and check each field, each rule, each condition, and that conditions have no cycle."""
    draft = compose(blueprint, Context(), faults, path)
    for rows in draft.lists:
        _check_keys(rows, path, faults)
        for field in rows.fields:
            _check_field(field, rows.origins.get(field.key, path), faults)
    conditions = [*_own_conditions(draft, path), *_rule_conditions(blueprint, draft, path, faults)]
    for rows, field, condition, place in conditions:
        _check_references(condition, draft, rows, field, place, faults)
    _check_charge_conditions(blueprint, draft, path, faults)
    _check_overridden_charges(blueprint, path, faults)
    _check_cycles([(rows.name(field.key), _named(condition, rows), place)
                   for rows, field, condition, place in conditions], faults)


def _check_keys(rows: FieldList, path: str, faults: FaultList) -> None:
    seen: set[str] = set()
    for field in rows.fields:
        if field.key in seen:
            place = rows.origins.get(field.key, path)
            faults.add(Cfg.DUPLICATE, place, f"{place}: the form has a field {field.key} already")
        seen.add(field.key)


def _check_field(field: Field, origin: str, faults: FaultList) -> None:
    """Validators mean something for the type and don't deny one another; options and lookup are there."""
    rule, asked = TYPE_RULES[field.field_type], field.validators
    for name in (member.name for member in fields(asked)):
        if getattr(asked, name) is not None and name not in rule.validators:
            faults.add(Cfg.CONTRADICTION, joined(origin, name), f"{field.label}: {name} means nothing for a"
                       f" field of type {field.field_type}")
    for low, high in (("min", "max"), ("min_length", "max_length")):
        least, most = getattr(asked, low), getattr(asked, high)
        if least is not None and most is not None and least > most:
            faults.add(Cfg.CONTRADICTION, joined(origin, low), f"{field.label}: {low} {least} is above "
                       f"{high} {most}")
    if asked.step is not None and asked.step <= 0:
        faults.add(Cfg.OUT_OF_RANGE, joined(origin, "step"), f"{field.label}: step must be above zero")
    if asked.decimals is not None and not 0 <= asked.decimals <= 6:
        faults.add(Cfg.OUT_OF_RANGE, joined(origin, "decimals"), f"{field.label}: decimals are 0 to 6")
    if len(asked.regex_message or "") > LONGEST_MESSAGE:
        faults.add(Cfg.OUT_OF_RANGE, joined(origin, "regex_message"),
                   f"{field.label}: the words for a pattern are longer than {LONGEST_MESSAGE} characters")
    _check_regex(field, origin, faults)
    _check_choices(field, origin, faults)
    if field.default is not None:
        _check_default(field, field.default, joined(origin, "default"), faults)


def _check_regex(field: Field, origin: str, faults: FaultList) -> None:
    if field.validators.regex is None or "regex" not in TYPE_RULES[field.field_type].validators:
        return
    try:
        matcher(field.validators.regex)
    except ValueError as problem:
        faults.add(Cfg.BAD_REGEX, joined(origin, "regex"), f"{field.label}: the regular expression {problem}")


def _check_choices(field: Field, origin: str, faults: FaultList) -> None:
    if field.field_type is FieldType.SELECT:
        values = [option.value for option in field.options]
        if not values or len(set(values)) != len(values) or "" in values:
            faults.add(Cfg.BAD_OPTIONS, joined(origin, "options"), f"{field.label}: a select needs options,"
                       " each with a value of its own")
    elif field.options and field.field_type is not FieldType.LOOKUP:
        faults.add(Cfg.CONTRADICTION, joined(origin, "options"), f"{field.label}: options are for a select")
    if field.field_type is FieldType.LOOKUP and field.lookup is None:
        faults.add(Cfg.UNKNOWN_REFERENCE, joined(origin, "lookup_kind"), f"{field.label}: a lookup must say "
                   "what it looks up")


def _check_default(field: Field, default: Default, place: str, faults: FaultList) -> None:
    """A constant is a value the field would take; an attribute exists."""
    if default.kind in ATTRIBUTES:
        if default.value not in ATTRIBUTES[default.kind]:
            known = ", ".join(ATTRIBUTES[default.kind])
            faults.add(Cfg.BAD_DEFAULT, place, f"{field.label}: {default.value} is none of {known}")
    elif default.kind is DefaultKind.TODAY and field.field_type not in (FieldType.DATE, FieldType.DATETIME):
        faults.add(Cfg.BAD_DEFAULT, place, f"{field.label}: today is a default for dates")
    elif default.kind is DefaultKind.PRICE_LIST and field.field_type is not FieldType.RATE:
        faults.add(Cfg.BAD_DEFAULT, place, f"{field.label}: a price list is a default for rates")
    elif default.kind is DefaultKind.CONSTANT and not _broken_regex(field):
        wrong = value_fault(field, default.value)
        if wrong:
            faults.add(Cfg.BAD_DEFAULT, place, f"{field.label}: the default {wrong}")


def _broken_regex(field: Field) -> bool:
    if field.validators.regex is None:
        return False
    try:
        matcher(field.validators.regex)
    except ValueError:
        return True
    return False


Conditioned = tuple[FieldList, Field, Condition, str]


def _own_conditions(draft: FormDraft, path: str) -> Iterator[Conditioned]:
    for rows in draft.lists:
        for field in rows.fields:
            for rule in field.rules:
                yield rows, field, rule.condition, rows.origins.get(field.key, path)


def _rule_conditions(blueprint: BlueprintRows, draft: FormDraft, path: str,
                     faults: FaultList) -> Iterator[Conditioned]:
    for position, rule in enumerate(blueprint.field_rules):
        place = joined(joined(path, "field_rules"), position)
        found = draft.find(rule.field)
        if found is None and is_switched_off(draft, rule.field):
            continue
        if found is None:
            faults.add(Cfg.UNKNOWN_REFERENCE, joined(place, "field"), f"{joined(place, 'field')}: this type"
                       f" has no field {rule.field}")
            continue
        _check_rule(rule, found[1], place, faults)
        if rule.condition is not None:
            yield (*found, rule.condition, joined(place, "condition"))


def is_switched_off(draft: FormDraft, name: str) -> bool:
    """Whether a rule's field is a standard one that the type doesn't show just now: the rule sleeps until it does."""
    grid, _, key = name.rpartition(".")
    if not grid:
        return key in standard_fields(Area.HEADER)
    there = any(rows.key == grid for rows in draft.grids)
    return there and any(key in standard_fields(area) for area in (Area.LEDGER, Area.ITEMS))


def _check_rule(rule: FieldRule, field: Field, place: str, faults: FaultList) -> None:
    if rule.section and rule.section not in tuple(Section):
        faults.add(Cfg.UNKNOWN_WORD, joined(place, "section"),
                   f"{rule.section} is none of {', '.join(Section)}")
    if rule.required and (rule.visible is False or rule.readonly):
        faults.add(Cfg.CONTRADICTION, joined(place, "required"), f"{field.label}: a field that is hidden or "
                   "read-only is never required")
    gone = rule.visible is False or rule.readonly is True
    if gone and field.engine and field.required and (rule.default or field.default) is None:
        faults.add(Cfg.ENGINE_FIELD, joined(place, "visible" if rule.visible is False else "readonly"),
                   f"{field.label} is needed by the program: without a default it must stay open to typing")
    if rule.required is False and field.engine and field.required:
        faults.add(Cfg.ENGINE_FIELD, joined(place, "required"), f"{field.label} is needed by the program: it "
                   "stays required")
    if rule.default is not None:
        _check_default(field, rule.default, joined(place, "default"), faults)


def _check_references(condition: Condition, draft: FormDraft, rows: FieldList, field: Field, place: str,
                      faults: FaultList) -> None:
    for name in sorted(condition.fields()):
        inner = rows
        key = name
        if rows.key and name.startswith(HEADER_PREFIX):
            inner, key = draft.header, name.removeprefix(HEADER_PREFIX)
        if inner.find(key) is None:
            faults.add(Cfg.UNKNOWN_REFERENCE, place, f"the condition of {field.label} names {name}, which is"
                       " no field here")


def _check_charge_conditions(blueprint: BlueprintRows, draft: FormDraft, path: str, faults: FaultList) -> None:
    for position, charge in enumerate(blueprint.charges):
        if charge.applies_when is None:
            continue
        place = joined(joined(joined(path, "charges"), position), "applies_when")
        for name in sorted(charge.applies_when.fields()):
            if name not in TOTALS and draft.header.find(name) is None:
                faults.add(Cfg.UNKNOWN_REFERENCE, place, f"the condition of {charge.code} names {name}, which"
                           " is no header field")


def _check_overridden_charges(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    override = blueprint.voucher_type.schema_definition
    codes = {charge.code for charge in blueprint.charges}
    for position, change in enumerate(override.charges if override else ()):
        if change.code not in codes:
            place = joined(joined(joined(joined(path, "schema_definition"), "charges"), position), "code")
            faults.add(Cfg.UNKNOWN_REFERENCE, place, f"{place}: there is no charge {change.code}")


def _named(condition: Condition, rows: FieldList) -> frozenset[str]:
    """The fields a condition looks at, named as from outside its list."""
    return frozenset(name.removeprefix(HEADER_PREFIX) if rows.key and name.startswith(HEADER_PREFIX)
                     else rows.name(name) for name in condition.fields())


def _check_cycles(edges: list[tuple[str, frozenset[str], str]], faults: FaultList) -> None:
    """No field may depend, through conditions, on itself."""
    graph: dict[str, set[str]] = {}
    for field, named, _ in edges:
        graph.setdefault(field, set()).update(named)
    for field, _, place in edges:
        if field in _reachable(graph, field):
            faults.add(Cfg.CYCLE, place, f"the conditions of {field} lead back to itself")


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(graph.get(name, ()))
    return reached
