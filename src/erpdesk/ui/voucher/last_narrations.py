"""The narrations that can be repeated: the last one of the type and of the party, read before they are asked for.

What was typed at this desk counts as the last one at once. A key that asks is answered from what is known.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from erpdesk.ui.ports import NarrationService
from erpdesk.ui.requests import Requests


class LastNarrations(QObject):
    """By type code and by party code; what is on its way is not known yet."""

    def __init__(self, service: NarrationService, requests: Requests, parent: QObject) -> None:
        super().__init__(parent)
        self._service, self._requests = service, requests
        self._of_types: dict[str, str] = {}
        self._of_parties: dict[str, str] = {}
        self._asked: set[tuple[str, str]] = set()

    def of_type(self, type_code: str) -> str | None:
        """The last one of a type; empty for none, None while it is being read."""
        return self._known(self._of_types, type_code, lambda: self._service.of_type(type_code))

    def of_party(self, party: str) -> str | None:
        """The last one of a party."""
        return self._known(self._of_parties, party, lambda: self._service.of_party(party))

    def note(self, type_code: str, party: str, narration: str) -> None:
        """A voucher with this narration was accepted here."""
        if narration:
            self._of_types[type_code] = narration
            if party:
                self._of_parties[party] = narration

    def _known(self, known: dict[str, str], of: str, read: Callable[[], str]) -> str | None:
        asked = ("type" if known is self._of_types else "party", of)
        if of not in known and asked not in self._asked:
            self._asked.add(asked)
            self._requests.submit(self, read, lambda found: _keep(known, of, found),
                                  lambda _refusal: self._asked.discard(asked))
        return known.get(of)


def _keep(known: dict[str, str], of: str, found: str) -> None:
    known.setdefault(of, found)
