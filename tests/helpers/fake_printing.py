"""Prints of a desk in memory: pages that say what they are of, copies counted as the database counts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from erpdesk.services.printing import PrintPage, TemplateInfo


def page_of(text: str, mark: str = "", lines: int = 1) -> PrintPage:
    """A page with some lines."""
    rows = "".join(f"<tr><td>line {number}</td><td align=right>10.00</td></tr>" for number in range(lines))
    return PrintPage(f"<h2>{text}</h2><p>{mark}</p><table width='100%'>{rows}</table>", text, text, text,
                     "Page {page} of {pages}", "Carried forward", "Brought forward", mark)


class FakePrinting:
    """`counted` are the copies of each voucher so far, with their medium; `lines` how long pages are."""

    def __init__(self, watch: Callable[[], None]) -> None:
        self._watch = watch
        self.counted: dict[str, list[str]] = {}
        self.asked: list[tuple[Any, ...]] = []
        self.lines = 1

    def _mark(self, number: int) -> str:
        return "Original" if number == 1 else f"Copy of original ({number - 1})"

    def preview(self, reference: str, *, template: str = "") -> PrintPage:
        self._watch()
        self.asked.append(("preview", reference, template) if template else ("preview", reference))
        return page_of(reference, self._mark(len(self.counted.get(reference, ())) + 1), self.lines)

    def copies(self, reference: str, copies: int = 1, *, medium: str = "paper") -> Sequence[PrintPage]:
        self._watch()
        known = self.counted.setdefault(reference, [])
        first = len(known) + 1
        known += [medium] * copies
        return tuple(page_of(reference, self._mark(number), self.lines) for number in range(first, first + copies))

    def report(self, name: str, filters: Mapping[str, Any], *, short: bool = False) -> PrintPage:
        self._watch()
        self.asked.append((name, dict(filters), short))
        return page_of(name, lines=self.lines)

    def register(self, question: Any, label: str, *, short: bool = False) -> PrintPage:
        self._watch()
        self.asked.append((label, question, short))
        return page_of(label, lines=self.lines)

    def templates(self) -> tuple[TemplateInfo, ...]:
        """The shipped templates, and one of the organization's own, by code."""
        self._watch()
        return (TemplateInfo("invoice", "Invoice", False, True), TemplateInfo("slip", "Petrol slip", True, False),
                TemplateInfo("voucher", "Voucher", False, True))
