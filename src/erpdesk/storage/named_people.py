"""Users, roles and branches that the rules of voucher types name by text: whether there are such."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from erpdesk.blueprints.vocabulary import RuleScope

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from erpdesk.blueprints.blueprint import Blueprint

Named = tuple[int, str, str, str]
"""The blueprint's place, the path within it, the kind of name, the name."""
MISSING, INACTIVE = "missing", "inactive"
_OF_PEOPLE = (RuleScope.BRANCH, RuleScope.ROLE, RuleScope.USER)


def people_named(connection: Connection, organization_id: UUID,
                 blueprints: Sequence[Blueprint]) -> list[tuple[Named, str]]:
    """Everything named, with what it is in the organization: active, inactive or missing."""
    named = list(_names(blueprints))
    states = states_of_names(connection, organization_id, [(kind, name) for _, _, kind, name in named])
    return list(zip(named, states, strict=True))


def states_of_names(connection: Connection, organization_id: UUID, names: Sequence[tuple[str, str]]) -> list[str]:
    """What each name of a kind is, in their order. Raises ForbiddenError SEC-001 for whoever is no member."""
    from sqlalchemy import text

    if not names:
        return []
    asked = json.dumps([{"kind": kind, "name": name} for kind, name in names])
    return list(connection.execute(text("SELECT erpdesk.states_of_names(:organization, CAST(:names AS jsonb))"),
                                   {"organization": organization_id, "names": asked}).scalar_one())


def _names(blueprints: Sequence[Blueprint]) -> Iterator[Named]:
    for place, blueprint in enumerate(blueprints):
        for number, level in enumerate(blueprint.approval):
            if level.user_name:
                yield place, f"approval[{number}].user_name", "user", level.user_name
        for number, rule in enumerate(blueprint.field_rules):
            if rule.scope in _OF_PEOPLE:
                yield place, f"field_rules[{number}].scope_value", str(rule.scope), rule.scope_value
        for number, own in enumerate(blueprint.udfs):
            for kind, column in (("role", "visible_for_roles"), ("branch", "visible_for_branches")):
                for name in getattr(own, column):
                    yield place, f"udfs[{number}].{column}", kind, name
