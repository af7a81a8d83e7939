"""What a list of masters is asked: filters of its kind, words, and what the masters at hand know of them."""

from __future__ import annotations

from collections.abc import Callable

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.blueprints.master_forms import ACTIVE as IS_ACTIVE
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.services.master_pages import ACTIVE, INACTIVE, MasterQuestion, MasterRow
from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.lookups.words import folded
from erpdesk.ui.words import to_say

STATE = "state"
_STATES = (Option(ACTIVE, to_say("Active")), Option(INACTIVE, to_say("Inactive")))
_STATE_WIDTH, _WIDEST, _FEW = 12, 16, 30
Name = tuple[str, str]


def filter_fields(form: MasterForm) -> list[Field]:
    """The filters of a kind, and the one that shows active masters or the others."""
    fields = [Field(field.key, field.label, field.field_type, ui=FieldUi(width=_width(field)),
                    options=field.options, lookup=field.lookup, key_path=field.key_path)
              for field in form.fields if field.key in form.filters]
    if IS_ACTIVE in form.columns:
        fields.append(Field(STATE, to_say("Show"), FieldType.SELECT, ui=FieldUi(width=_STATE_WIDTH), options=_STATES))
    return fields


def _width(field: Field) -> int:
    longest = max((len(option.label) for option in field.options), default=0)
    return max(_STATE_WIDTH, longest) if 0 < longest < _FEW else min(field.ui.width, _WIDEST)


def found_nearer(index: LookupIndex, form: MasterForm, text: str, most: int) -> tuple[Name, ...]:
    """What the masters at hand know of the words, typing errors forgiven, best first."""
    rows = index.matches(text, limit=most) if text else ()
    return tuple((row.code, str(row.attributes.get(form.owner) or "") if form.owner else "") for row in rows)


def wanted(question: MasterQuestion) -> Callable[[MasterRow], bool]:
    """Whether a row of a tree is asked for."""
    words, named = folded(question.text).split(), {folded(code) for code, _ in question.named}

    def fits(row: MasterRow) -> bool:
        text = folded(" ".join(str(row.values.get(key) or "") for key in ("name", "alias")) + " " + row.code)
        return ((all(word in text for word in words) or folded(row.code) in named)
                and question.state in ("", ACTIVE if row.is_active else INACTIVE)
                and all(str(row.values.get(key)) == raw for key, raw in question.values.items()))

    return fits
