"""The charges of a type as shown, computed and enforced: active ones, as the override leaves them."""

from __future__ import annotations

from dataclasses import replace

from erpdesk.blueprints.blueprint_rows import BlueprintRows
from erpdesk.blueprints.rows import ChargeSetup


def effective_charges(blueprint: BlueprintRows) -> tuple[ChargeSetup, ...]:
    """The active charges in sequence, with the override's changes; posting and window take these."""
    override = blueprint.voucher_type.schema_definition
    changes = {change.code: change for change in override.charges} if override else {}
    charges = []
    for charge in sorted(blueprint.charges, key=lambda row: row.sequence):
        change = changes.get(charge.code)
        if not charge.is_active or (change is not None and change.remove):
            continue
        if change is not None:
            charge = replace(charge, label=change.label or charge.label,
                             can_edit=charge.can_edit if change.can_edit is None else change.can_edit)
        charges.append(charge)
    return tuple(charges)
