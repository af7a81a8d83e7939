"""The layers over a base form, in order of resolution: user fields, the override, rules of the context."""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from dataclasses import replace
from functools import partial
from typing import Any

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.drafting import FieldList, FormDraft
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.fields import (
    Field,
    FieldType,
    FieldUi,
    Lookup,
    LookupKind,
    Place,
    Section,
    Validators,
    WhenRule,
)
from erpdesk.blueprints.overrides import FieldOverride, spelled_type
from erpdesk.blueprints.rows import FieldRule, UserField
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.blueprints.vocabulary import FieldScope, RuleScope

UDF_PREFIX = "udf."
_WIDTHS = {FieldType.TEXTAREA: 40, FieldType.TEXT: 20, FieldType.LOOKUP: 20, FieldType.SELECT: 16}


def add_user_fields(draft: FormDraft, blueprint: BlueprintRows, context: Context, faults: FaultList,
                    path: str) -> None:
    """User-defined fields after the key they name, the others at the end by sequence."""
    numbered = sorted(enumerate(blueprint.udfs), key=lambda found: found[1].sequence)
    for position, row in numbered:
        origin = joined(joined(path, "udfs"), position)
        if not row.is_active:
            continue
        made = _user_field(row, context, faults, origin)
        if made is None:
            continue
        targets = [draft.header] if row.scope is FieldScope.HEADER else draft.line_grids()
        if row.position and not any(rows.find(row.position) for rows in targets):
            faults.add(Cfg.UNKNOWN_REFERENCE, joined(origin, "position"),
                       f"{joined(origin, 'position')}: there is no field {row.position} to stand after")
        for rows in targets:
            rows.insert(made, row.position, origin)
    for rows in draft.lists:
        rows.renumber()


def _user_field(row: UserField, context: Context, faults: FaultList, origin: str) -> Field | None:
    written, implied = spelled_type(row.field_type)
    if written not in tuple(FieldType):
        faults.add(Cfg.UNKNOWN_FIELD_TYPE, joined(origin, "field_type"),
                   f"{joined(origin, 'field_type')}: {row.field_type} is no field type")
        return None
    kind = FieldType(written)
    lookup = implied or (LookupKind(row.lookup_kind) if row.lookup_kind in tuple(LookupKind) else None)
    allowed = (_serves(row.visible_for_roles, context.role)
               and _serves(row.visible_for_branches, context.branch))
    validators = Validators(regex=row.regex or None, regex_message=(row.regex and row.regex_message) or None,
                            min=row.min, max=row.max, max_length=row.max_length, decimals=row.decimals)
    look = FieldUi(width=row.width or _WIDTHS.get(kind, 12), align=TYPE_RULES[kind].align, help=row.help,
                   hidden=not allowed)
    return Field(UDF_PREFIX + row.key, row.label, kind, required=row.required, default=row.default,
                 validators=validators, ui=look, options=row.options, place=Place.UDF,
                 lookup=Lookup(lookup) if lookup else None)


def _serves(wanted: tuple[str, ...], given: str) -> bool:
    return not wanted or given in wanted


def apply_override(draft: FormDraft, blueprint: BlueprintRows, faults: FaultList, path: str) -> None:
    """`schema_definition`: fields changed, hidden, added, moved by key; what isn't named keeps its place."""
    override = blueprint.voucher_type.schema_definition
    if override is None:
        return
    base = joined(path, "schema_definition")
    for position, change in enumerate(override.header_fields):
        _override_field([draft.header], change, joined(joined(base, "header_fields"), position), faults)
    for position, change in enumerate(override.line_fields):
        origin = joined(joined(base, "line_fields"), position)
        targets = draft.line_grids(change.grid)
        if not targets:
            faults.add(Cfg.UNKNOWN_REFERENCE, joined(origin, "grid"),
                       f"{joined(origin, 'grid')}: this type has no grid {change.grid or 'of lines'}")
        _override_field(targets, change, origin, faults)
    for rows in draft.lists:
        rows.sort()


def _override_field(targets: list[FieldList], change: FieldOverride, origin: str, faults: FaultList) -> None:
    holding = [(rows, _known_key(rows, change.key)) for rows in targets]
    known = [(rows, key) for rows, key in holding if key]
    if not known and targets:
        _add_field(targets, change, origin, faults)
    for rows, key in known:
        field = rows.find(key)
        if field is None or not _may_change(field, change, origin, faults):
            continue
        rows.change(key, lambda current: _changed(current, change), origin)


def _known_key(rows: FieldList, key: str) -> str:
    return next((spelled for spelled in (key, UDF_PREFIX + key) if rows.find(spelled)), "")


def _may_change(field: Field, change: FieldOverride, origin: str, faults: FaultList) -> bool:
    if not field.engine:
        return True
    if change.remove:
        faults.add(Cfg.ENGINE_FIELD, joined(origin, "remove"), f"{field.label} is needed by the program; "
                   "it can be made read-only or moved, not removed")
    elif change.field_type not in (None, field.field_type):
        faults.add(Cfg.ENGINE_FIELD, joined(origin, "field_type"), f"{field.label} is needed by the program "
                   f"as {field.field_type}; its type can't change")
    else:
        return True
    return False


def _add_field(targets: list[FieldList], change: FieldOverride, origin: str, faults: FaultList) -> None:
    if change.remove:
        faults.add(Cfg.UNKNOWN_REFERENCE, joined(origin, "key"), f"there is no field {change.key} to remove")
        return
    for name in ("label", "field_type"):
        if getattr(change, name) is None:
            faults.add(Cfg.MISSING, joined(origin, name), f"{joined(origin, name)} must be given: "
                       f"{change.key} is no standard field of this type")
    if change.label is None or change.field_type is None:
        return
    key = change.key if change.key.startswith(UDF_PREFIX) else UDF_PREFIX + change.key
    look = FieldUi(width=_WIDTHS.get(change.field_type, 12), align=TYPE_RULES[change.field_type].align)
    for rows in targets:
        last = max((field.order for field in rows.fields), default=0) + 10
        added = Field(key, change.label, change.field_type, ui=look, place=Place.UDF, order=last)
        rows.insert(_changed(added, change), "", origin)


def _changed(field: Field, change: FieldOverride) -> Field:
    members: dict[str, Any] = {
        name: value for name in ("label", "field_type", "required", "default", "order", "options", "lookup")
        if (value := getattr(change, name)) is not None
    }
    field = replace(field, **members)
    if change.validators is not None:
        field = replace(field, validators=_over(field.validators, change.validators))
    if change.ui is not None:
        field = replace(field, ui=_over(field.ui, change.ui), key_path=_over(field.key_path, change.ui))
    if change.remove:
        field = replace(field, ui=replace(field.ui, hidden=True))
    return _conditional(field, change)


def _conditional(field: Field, change: FieldOverride) -> Field:
    if change.visible_when is not None:
        field = replace(field, ui=replace(field.ui, hidden=True),
                        rules=(*field.rules, WhenRule(change.visible_when, visible=True)))
    if change.readonly_when is not None:
        field = replace(field, rules=(*field.rules, WhenRule(change.readonly_when, readonly=True)))
    if change.required_when is not None:
        field = replace(field, rules=(*field.rules, WhenRule(change.required_when, required=True)))
    return field


def _over(below: Any, above: Any) -> Any:
    """`below` with every member that `above` knows and says."""
    names = {member.name for member in dataclasses.fields(below)}
    said = {member.name: value for member in dataclasses.fields(above)
            if member.name in names and (value := getattr(above, member.name)) is not None}
    return replace(below, **said)


def apply_rules(draft: FormDraft, blueprint: BlueprintRows, context: Context) -> None:
    """Rules that serve the context: standard, organization, branch, role, user; then defaults it knows."""
    for scope in RuleScope:
        for rule in blueprint.field_rules:
            found = draft.find(rule.field) if rule.scope is scope and serves(rule, context) else None
            if found is not None:
                found[0].change(found[1].key, partial(ruled, rule=rule))
    header = {field.key for field in draft.header.fields}
    for rows in draft.lists:
        rows.fields = [_settled(field, context, header if rows.key else set()) for field in rows.fields]


def serves(rule: FieldRule, context: Context) -> bool:
    """Whether a rule is for this context."""
    match rule.scope:
        case RuleScope.STANDARD | RuleScope.ORGANIZATION:
            return True
        case RuleScope.BRANCH:
            return rule.scope_value == context.branch
        case RuleScope.ROLE:
            return rule.scope_value == context.role
        case RuleScope.USER:
            return rule.scope_value == context.user


def ruled(field: Field, rule: FieldRule) -> Field:
    """The field under one rule; under a condition the rule goes with the field."""
    look: dict[str, Any] = {"width": rule.width, "help": rule.help or None,
                            "section": Section(rule.section) if rule.section in tuple(Section) else None}
    path = {name: getattr(rule, name) for name in
            ("tab_order", "skip_when_certain", "open_on_focus", "repeat_from_above")}
    field = replace(field, label=rule.label or field.label, ui=replace(field.ui, **_said(look)),
                    key_path=replace(field.key_path, **_said(path)))
    if rule.condition is not None:
        when = WhenRule(rule.condition, rule.visible, rule.readonly, rule.required, rule.default)
        return replace(field, rules=(*field.rules, when))
    look = {"hidden": None if rule.visible is None else not rule.visible, "readonly": rule.readonly}
    return replace(field, ui=replace(field.ui, **_said(look)),
                   **_said({"required": rule.required, "default": rule.default}))


def _said(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _settled(field: Field, context: Context, header: Set[str]) -> Field:
    """Defaults that the context knows become constants; the tab order falls back on the order."""
    field = replace(field, default=_known_default(field.default, context, header),
                    rules=tuple(replace(rule, default=_known_default(rule.default, context, header))
                                for rule in field.rules))
    order = field.key_path.tab_order or field.order
    return replace(field, key_path=replace(field.key_path, tab_order=order))


def _known_default(default: Default | None, context: Context, header: Set[str]) -> Default | None:
    """What the header doesn't have can't be a row's default."""
    if default is not None and default.kind is DefaultKind.HEADER and default.value not in header:
        return None
    if default is None or default.kind is not DefaultKind.CONTEXT:
        return default
    value = context.attribute(str(default.value))
    return Default(DefaultKind.CONSTANT, value) if value is not None else default
