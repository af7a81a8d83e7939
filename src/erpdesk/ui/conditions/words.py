"""A condition in words: "Amount is more than 5,000.00 and Party is filled in"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.conditions import Condition, FieldReference
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.domain.results import InvalidRequest
from erpdesk.ui.calendars import shown_iso
from erpdesk.ui.conditions.comparisons import RightKind, family_of, words_of
from erpdesk.ui.conditions.tree import Group, Leaf, Node, node_of
from erpdesk.ui.conditions.vocabulary import Vocabulary
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown_text
from erpdesk.ui.lookups.index import label_of
from erpdesk.ui.words import say


def read_condition(value: Any) -> Condition | None:
    """The condition of a JSON object; None for null, and for one that can't be read."""
    if value is None:
        return None
    from erpdesk.blueprints.codec import Unreadable

    try:
        return Condition.from_json(value, "", FaultList())
    except (Unreadable, InvalidRequest):
        return None


def in_words(condition: Condition | None, vocabulary: Vocabulary, surroundings: Surroundings | None = None) -> str:
    """The sentence; without a condition "always"."""
    return say("always") if condition is None else _said(node_of(condition), vocabulary, surroundings, outer=True)


def _said(node: Node, vocabulary: Vocabulary, surroundings: Surroundings | None, *, outer: bool = False) -> str:
    inner = _leaf(node, vocabulary, surroundings) if isinstance(node, Leaf) else _group(node, vocabulary, surroundings)
    for _ in range(node.turned):
        inner = say("not ({condition})", condition=inner)
    needs_brackets = isinstance(node, Group) and len(node.parts) > 1 and not node.turned and not outer
    return f"({inner})" if needs_brackets else inner


def _group(group: Group, vocabulary: Vocabulary, surroundings: Surroundings | None) -> str:
    if not group.parts:
        return say("always") if group.every else say("never")
    joint = f" {say('and')} " if group.every else f" {say('or')} "
    return joint.join(_said(part, vocabulary, surroundings) for part in group.parts)


def _leaf(leaf: Leaf, vocabulary: Vocabulary, surroundings: Surroundings | None) -> str:
    field, words = vocabulary.find(leaf.field), words_of(leaf)
    name = field.label if field is not None else leaf.field or "…"
    if words is None:
        return name
    if words.right is RightKind.NOTHING:
        return words.sentence_for(family_of(field)).format(field=name)
    return words.sentence_for(family_of(field)).format(field=name, value=_right(leaf, field, vocabulary, surroundings))


def _right(leaf: Leaf, field: Field | None, vocabulary: Vocabulary, surroundings: Surroundings | None) -> str:
    right = leaf.right
    if isinstance(right, FieldReference):
        other = vocabulary.find(right.field)
        return other.label if other is not None else right.field or "…"
    if isinstance(right, tuple):
        said = [constant_words(field, one, surroundings) for one in right]
        return ", ".join(said[:-1]) + f" {say('or')} {said[-1]}" if len(said) > 1 else "".join(said) or "…"
    return constant_words(field, right, surroundings)


def constant_words(field: Field | None, value: Any, surroundings: Surroundings | None) -> str:
    """A constant as the field's own cells would show it; texts stand in quotation marks."""
    if value is None:
        return say("nothing")
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    if not isinstance(value, str | int):
        return "…"
    kind = field.field_type if field is not None else FieldType.TEXT
    if field is not None and field.lookup is not None and surroundings is not None:
        row = surroundings.lookups.row(str(field.lookup.kind), str(value))
        return label_of(row) if row is not None else str(value)
    if TYPE_RULES[kind].numeric:
        decimals = surroundings.decimals(field) if surroundings is not None and field is not None else None
        return shown_text(str(value), decimals, surroundings.grouping if surroundings is not None else "western")
    if kind in (FieldType.DATE, FieldType.DATETIME):
        return shown_iso(str(value))
    options: Mapping[str, str] = {one.value: one.label for one in field.options} if field is not None else {}
    return options.get(str(value)) or f"“{value}”"
