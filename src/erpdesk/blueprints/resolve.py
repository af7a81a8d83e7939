"""From rows to form: the one way a UI schema comes about.

Merge order: base of the grid kind, flags of the three tables, user-defined fields, `schema_definition`,
visibility and defaults for the context (organization, branch, role, user). The same inputs give the same
schema, with the same hash, on every desk.
"""

from __future__ import annotations

from functools import lru_cache

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.drafting import FormDraft, base_draft
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.layers import add_user_fields, apply_override, apply_rules
from erpdesk.blueprints.schema import UiSchema

ANYONE = Context()


@lru_cache(maxsize=512)
def resolve_ui_schema(blueprint: BlueprintRows, context: Context = ANYONE) -> UiSchema:
    """The form of a blueprint for a context; InvalidRequest with CFG-* if the blueprint was never checked."""
    faults = FaultList()
    draft = compose(blueprint, context, faults, "")
    faults.raise_if_any()
    apply_rules(draft, blueprint, context)
    kind = blueprint.voucher_type
    return UiSchema(
        voucher_type=kind.code, label=kind.label, version=blueprint.version, category=kind.category,
        grid_kind=kind.grid_kind, header=tuple(draft.header.fields), grids=draft.finished_grids(),
        charges=effective_charges(blueprint), narration_templates=kind.narration_templates,
        help="\n\n".join(filter(None, (kind.help, kind.valuation_note))),
        shortcut=kind.shortcut, numbering_method=kind.numbering_method, auto_post=kind.auto_post,
        print_after_post=kind.print_after_post, money_decimals=context.money_decimals, round_to=kind.round_to,
    )


def compose(blueprint: BlueprintRows, context: Context, faults: FaultList, path: str) -> FormDraft:
    """The form before rules of the context; faults are recorded at the element they come from."""
    draft = base_draft(blueprint)
    add_user_fields(draft, blueprint, context, faults, path)
    apply_override(draft, blueprint, faults, path)
    return draft
