"""Known forms: what blank vouchers began with, kept so that a type opened before opens without the server too."""

from __future__ import annotations

import copy
from dataclasses import replace

from erpdesk.ui.ports import Books
from erpdesk.ui.window.opening import Opening, open_blank


class KnownForms:
    """By type. `fetch` blocks and is called on workers, `known` never waits."""

    def __init__(self) -> None:
        self._known: dict[str, Opening] = {}

    def fetch(self, books: Books, type_code: str, day: str = "") -> Opening:
        """What a blank voucher begins with now, on a day if one is given. Raises NoDatabaseError when nobody
        answers."""
        opening = open_blank(books, type_code, day)
        self._known[type_code] = replace(opening, document=copy.deepcopy(opening.document))
        return opening

    def known(self, type_code: str) -> Opening | None:
        """What it began with last time, without a number."""
        known = self._known.get(type_code)
        return None if known is None else replace(known, document=copy.deepcopy(known.document), number="")
