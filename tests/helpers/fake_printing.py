"""Print templates in memory: the shipped ones, and one of the organization's own."""

from __future__ import annotations

from collections.abc import Callable

from erpdesk.services.printing import TemplateInfo


class FakePrinting:
    """The templates there are."""

    def __init__(self, off_the_main_thread: Callable[[], None]) -> None:
        self._off_the_main_thread = off_the_main_thread

    def templates(self) -> tuple[TemplateInfo, ...]:
        """By code."""
        self._off_the_main_thread()
        return (TemplateInfo("invoice", "Invoice", False, True), TemplateInfo("slip", "Petrol slip", True, False),
                TemplateInfo("voucher", "Voucher", False, True))
