"""The tab of approval: whether a voucher waits for consent, whose, from which amount, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from erpdesk.blueprints.vocabulary import ROLES
from erpdesk.domain.money import parse_decimal
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.form import MakeOwn
from erpdesk.ui.settings.led_rows import LedRowsTab
from erpdesk.ui.settings.users import user_editor
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

ROLE_WORDS = {"clerk": to_say("clerk"), "approver": to_say("approver"), "accountant": to_say("accountant"),
               "admin": to_say("administrator"), "auditor": to_say("auditor")}
_NOBODY = to_say("nobody yet")
assert set(ROLE_WORDS) == set(ROLES)


class ApprovalTab(LedRowsTab):
    """Every level that fits a voucher must agree, the lowest first; what that comes to is said beneath."""

    part = "approval"
    form_name = "approval"
    lead_form_name = "approval_flags"
    empty_word = to_say("Levels of approval")

    @override
    def makers(self) -> Mapping[str, MakeOwn]:
        return {"user_name": lambda field, parent: user_editor(field, self.bench, parent)}

    @override
    def make_foot(self) -> QWidget:
        self.sentence = QLabel(self)
        self.sentence.setObjectName("approvalSentence")
        self.sentence.setProperty("role", "sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        room = QScrollArea(self)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setWidgetResizable(True)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setWidget(self.sentence)
        room.setFixedHeight(theme().size("next_numbers_height"))
        return room

    @override
    def lead_rows(self) -> list[str]:
        return [say("Needs approval") if self.edited.value("requires_approval") else say("Needs no approval")]

    @override
    def describe(self, row: Mapping[str, Any]) -> str:
        place, who = where_words(row, self.bench.surroundings), who_words(row)
        off = "" if row.get("is_active", True) else say("not in use")
        return "   ".join(part for part in (f"{row.get('level') or '?'}.", who, place, off) if part)

    @override
    def new_row(self) -> dict[str, Any]:
        """The next level of the row here, or the first one."""
        here = self.here()
        before = self.edited.rows(self.part)[here] if here >= 0 else {}
        level = before.get("level")
        return {"level": level + 1 if isinstance(level, int) else 1, "role": "approver" if not before else ""} | {
            name: before.get(name) for name in ("minimum_amount", "branch", "cost_centre")}

    @override
    def refresh(self, path: str = "") -> None:
        super().refresh(path)
        self.sentence.setText(approval_words(
            bool(self.edited.value("requires_approval")), bool(self.edited.value("allow_direct_post")),
            self.edited.rows(self.part), self.bench.surroundings))


def approval_words(needed: bool, direct: bool, rows: Sequence[Mapping[str, Any]], known: Surroundings) -> str:
    """What the matrix comes to: a line for each amount and place, its levels in order."""
    if not needed:
        return say("A voucher is posted without anybody's consent.")
    used = [row for row in rows if row.get("is_active", True)]
    lines = [] if used else [say("A voucher needs approval, but no level says by whom.")]
    by_place: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(used, key=_amount):
        by_place.setdefault(where_words(row, known), []).append(row)
    for place, levels in by_place.items():
        said = ", ".join(f"{row.get('level')}. {who_words(row)}" for row in sorted(levels, key=_level))
        lines.append(f"{place}: {said}")
    if direct:
        lines.append(say("Who has the right to post directly needs nobody."))
    return "\n".join(lines)


def where_words(row: Mapping[str, Any], known: Surroundings) -> str:
    """Which vouchers a row is for: "From 5,000.00 in HO"."""
    amount = parse_decimal(str(row.get("minimum_amount") or ""))
    said = [say("From {amount}", amount=shown(amount, known.money_decimals, known.grouping)) if amount
            else say("Every voucher")]
    if row.get("branch"):
        said.append(say("in {branch}", branch=row["branch"]))
    if row.get("cost_centre"):
        said.append(say("for {cost_centre}", cost_centre=row["cost_centre"]))
    return " ".join(said)


def who_words(row: Mapping[str, Any]) -> str:
    """Who agrees: a role, or a user by name."""
    who = str(row.get("user_name") or "") or say(ROLE_WORDS.get(str(row.get("role")), _NOBODY))
    return say("{who} (one's own too)", who=who) if row.get("maker_may_approve") else who


def _amount(row: Mapping[str, Any]) -> Any:
    return parse_decimal(str(row.get("minimum_amount") or "")) or 0


def _level(row: Mapping[str, Any]) -> int:
    level = row.get("level")
    return level if isinstance(level, int) else 0
