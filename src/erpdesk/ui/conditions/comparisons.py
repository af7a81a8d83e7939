"""The comparisons that a field offers, by its type; each is a sentence with a place for the field and the value.

What a menu shows is the sentence without its places, so that a language says both in its own order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from erpdesk.blueprints.conditions import FieldReference, Operator
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.ui.conditions.tree import OPEN, Leaf, Right
from erpdesk.ui.words import say, to_say

_PLACES = re.compile(r"\{\w+\}")


class RightKind(StrEnum):
    """What stands at the right of a comparison."""

    VALUE = "value"
    VALUES = "values"
    FIELD = "field"
    NOTHING = "nothing"


class Family(StrEnum):
    """Types whose values compare with one another."""

    FIGURE = "figure"
    DAY = "day"
    TIME = "time"
    TRUTH = "truth"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ComparisonWords:
    """One comparison. `sentence` is what is said of figures and texts, `of_days` of days and times."""

    code: str
    operator: Operator
    right: RightKind
    sentence: str
    of_days: str = ""
    ordered: bool = False

    def sentence_for(self, family: Family) -> str:
        """The sentence, in the language in use."""
        return say(self.of_days if self.of_days and family in (Family.DAY, Family.TIME) else self.sentence)

    def label(self, family: Family) -> str:
        """What the menu shows."""
        return " ".join(_PLACES.sub(" ", self.sentence_for(family)).split())


_O, _R = Operator, RightKind
COMPARISONS: tuple[ComparisonWords, ...] = (
    ComparisonWords("eq", _O.EQ, _R.VALUE, to_say("{field} is {value}")),
    ComparisonWords("ne", _O.NE, _R.VALUE, to_say("{field} is not {value}")),
    ComparisonWords("gt", _O.GT, _R.VALUE, to_say("{field} is more than {value}"), to_say("{field} is after {value}"),
                    ordered=True),
    ComparisonWords("lt", _O.LT, _R.VALUE, to_say("{field} is less than {value}"), to_say("{field} is before {value}"),
                    ordered=True),
    ComparisonWords("ge", _O.GE, _R.VALUE, to_say("{field} is at least {value}"),
                    to_say("{field} is not before {value}"), ordered=True),
    ComparisonWords("le", _O.LE, _R.VALUE, to_say("{field} is at most {value}"),
                    to_say("{field} is not after {value}"), ordered=True),
    ComparisonWords("in", _O.IN, _R.VALUES, to_say("{field} is one of {value}")),
    ComparisonWords("filled", _O.IS_EMPTY, _R.NOTHING, to_say("{field} is filled in")),
    ComparisonWords("empty", _O.IS_EMPTY, _R.NOTHING, to_say("{field} is empty")),
    ComparisonWords("eq_field", _O.EQ, _R.FIELD, to_say("{field} is the same as the field {value}")),
    ComparisonWords("ne_field", _O.NE, _R.FIELD, to_say("{field} differs from the field {value}")),
    ComparisonWords("gt_field", _O.GT, _R.FIELD, to_say("{field} is more than the field {value}"),
                    to_say("{field} is after the field {value}"), ordered=True),
    ComparisonWords("lt_field", _O.LT, _R.FIELD, to_say("{field} is less than the field {value}"),
                    to_say("{field} is before the field {value}"), ordered=True),
    ComparisonWords("ge_field", _O.GE, _R.FIELD, to_say("{field} is at least the field {value}"),
                    to_say("{field} is not before the field {value}"), ordered=True),
    ComparisonWords("le_field", _O.LE, _R.FIELD, to_say("{field} is at most the field {value}"),
                    to_say("{field} is not after the field {value}"), ordered=True),
)
_BY_CODE = {one.code: one for one in COMPARISONS}
FILLED, EMPTY = "filled", "empty"


def family_of(field: Field | None) -> Family:
    """What the values of a field compare like; those of an unknown field like texts."""
    kind = field.field_type if field is not None else FieldType.TEXT
    if kind is FieldType.BOOLEAN:
        return Family.TRUTH
    if kind in (FieldType.DATE, FieldType.DATETIME):
        return Family.DAY
    if kind is FieldType.TIME:
        return Family.TIME
    return Family.FIGURE if TYPE_RULES[kind].numeric else Family.TEXT


def compares_with(field: Field, other: Field) -> bool:
    """Whether two fields may stand at the two sides of a comparison."""
    if field.key == other.key or family_of(field) is not family_of(other):
        return False
    return field.lookup is other.lookup or (
        field.lookup is not None and other.lookup is not None and field.lookup.kind is other.lookup.kind)


def offered(field: Field | None, leaf: Leaf, *, beside: bool) -> list[ComparisonWords]:
    """The comparisons of a field's menu; with other fields only where there is one `beside`. What the leaf says
    already is offered whatever the type."""
    family, there = family_of(field), words_of(leaf)
    ordered = family in (Family.FIGURE, Family.DAY, Family.TIME)
    return [one for one in COMPARISONS
            if one is there or ((ordered or not one.ordered) and (one.right is not RightKind.FIELD or beside)
                                and not (one.right is RightKind.VALUES and family is Family.TRUTH))]


def words_of(leaf: Leaf) -> ComparisonWords | None:
    """The comparison that a leaf makes; None while none is chosen."""
    if leaf.operator is None:
        return None
    if leaf.operator is Operator.IS_EMPTY:
        return _BY_CODE[FILLED if leaf.right is False else EMPTY]
    suffix = "_field" if isinstance(leaf.right, FieldReference) else ""
    return _BY_CODE[f"{leaf.operator}{suffix}"]


def labelled(label: str, family: Family) -> str:
    """The code of the comparison that a menu shows so."""
    return next(one.code for one in COMPARISONS if one.label(family) == label)


def choose(leaf: Leaf, code: str, field: Field | None) -> None:
    """Have a leaf compare so; the right side stays where it means the same."""
    words, before = _BY_CODE[code], words_of(leaf)
    leaf.operator = words.operator
    if before is None or before.right is not words.right or words.right is RightKind.NOTHING:
        leaf.right = first_right(words, field)


def first_right(words: ComparisonWords, field: Field | None) -> Right:
    """The right side before anything is typed there."""
    if words.right is RightKind.NOTHING:
        return words.code == EMPTY
    if words.right is RightKind.VALUES:
        return ()
    if words.right is RightKind.FIELD:
        return FieldReference("")
    return True if family_of(field) is Family.TRUTH else OPEN
