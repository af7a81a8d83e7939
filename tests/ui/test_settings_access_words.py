"""Rules of access as the tab says them, and what each of their settings offers for the field it is about."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from erpdesk.ui.settings.access import AccessTab
from helpers.clerk import here, typed
from helpers.settings_tabs import Opened, tab, window

__all__ = ["tab", "window"]

SAID: list[tuple[dict[str, Any], str]] = [
    ({"field": "narration", "visible": False}, "Narration   everybody   hidden"),
    ({"field": "narration", "visible": True, "readonly": False, "required": False},
     "Narration   everybody   shown, may be typed, not required"),
    ({"field": "narration", "scope": "standard", "required": True}, "Narration   everybody (as shipped)   required"),
    ({"field": "narration", "scope": "branch"}, "Narration   branch …   way of the cursor"),
    ({"field": "narration", "scope": "role", "scope_value": "admin", "readonly": True},
     "Narration   role administrator   read only"),
    ({"field": "narration", "scope": "user", "scope_value": "admin", "readonly": True},
     "Narration   user admin   read only"),
    ({"field": "narration", "scope": "moon", "readonly": True}, "Narration   moon   read only"),
    ({"field": "narration", "section": "details"}, "Narration   everybody   in the details"),
    ({"field": "narration", "section": "elsewhere"}, "Narration   everybody   way of the cursor"),
    ({"field": "narration", "label": "Remark"}, "Narration   everybody   called Remark"),
    ({"field": "narration", "default": False}, "Narration   everybody   begins with No"),
    ({"field": "lines.narration", "readonly": True}, "Lines: Narration   everybody   read only"),
    ({"field": "unknown", "readonly": True}, "unknown   everybody   read only"),
    ({"readonly": True}, "(no field)   everybody   read only"),
]


@pytest.mark.parametrize(("rule", "said"), SAID)
def test_a_rule_is_said_in_words(tab: Opened, rule: dict[str, Any], said: str) -> None:
    assert tab(AccessTab, "JOURNAL", field_rules=[]).describe(rule) == said


@pytest.mark.parametrize(("scope", "is_asked"), [("standard", False), ("organization", False), ("branch", True),
                                                 ("role", True), ("user", True)])
def test_whom_a_rule_is_for_is_asked_unless_it_is_for_everybody(tab: Opened, scope: str, is_asked: bool) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[{"field": "narration", "scope": scope}])
    assert access.form.editors["scope_value"].isHidden() is not is_asked


def test_a_rule_that_is_chosen_in_the_list_asks_what_is_its_own(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[{"field": "narration", "scope": "user", "scope_value": "asha"},
                                                    {"field": "narration", "visible": True}])
    assert not access.form.editors["scope_value"].isHidden()
    access.rows.setCurrentRow(1)
    assert access.form.editors["scope_value"].isHidden()


def test_what_a_rule_leaves_alone_says_so(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[{"field": "narration", "visible": True}])
    for column in ("visible", "readonly", "required"):
        editor = access.form.editors[column]
        assert isinstance(editor, QLineEdit)
        assert editor.placeholderText() == "as it is"


def test_what_a_field_begins_with_is_typed_as_the_field_takes_it(tab: Opened) -> None:
    access = tab(AccessTab, "SALES_INVOICE", field_rules=[{"field": "lines.quantity", "visible": True}])
    access.form.enter("default")
    typed("many", "<Enter>")
    assert here() == "setting_default", "a quantity is a figure"
    assert access.edited.rows("field_rules")[0]["default"] is None


@pytest.mark.parametrize(("field", "is_of_items"), [("lines.narration", True), ("narration", False)])
def test_lines_begin_with_what_their_item_says_too(tab: Opened, field: str, is_of_items: bool) -> None:
    access = tab(AccessTab, "SALES_INVOICE", field_rules=[{"field": field, "visible": True}])
    offered = [row.name for row in access.form.editors["default"].index().matches("")]
    assert any(name.endswith("of the item") for name in offered) is is_of_items


def test_the_condition_of_a_line_looks_at_its_line(tab: Opened) -> None:
    access = tab(AccessTab, "SALES_INVOICE", field_rules=[{"field": "lines.narration", "visible": True}])
    access.form.enter("condition")
    typed("<Space>", "quantity", "<Enter>", "filled", "<Ctrl+A>")
    assert "quantity" in str(access.edited.rows("field_rules")[0]["condition"])
    assert access.rows.item(0).text().endswith("while Quantity is filled in")
