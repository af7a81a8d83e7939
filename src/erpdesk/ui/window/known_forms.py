"""Known forms: what blank vouchers began with, kept so that a type opened before opens without the server too."""

from __future__ import annotations

import copy
from dataclasses import replace

from erpdesk.ui.ports import Books
from erpdesk.ui.window.opening import Opening, open_blank


class KnownForms:
    """By type. `fetch` blocks and is called on workers, `known` never waits."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Opening] = {}

    def fetch(self, books: Books, type_code: str, day: str = "", branch: str = "") -> Opening:
        """What a blank voucher begins with now, on a day and for a branch if one is given. Raises NoDatabaseError
        when nobody answers."""
        opening = open_blank(books, type_code, day, branch)
        self._known[_key(books, type_code)] = replace(opening, document=copy.deepcopy(opening.document))
        return opening

    def known(self, books: Books, type_code: str) -> Opening | None:
        """What it began with last time, without a number."""
        known = self._known.get(_key(books, type_code))
        return None if known is None else replace(known, document=copy.deepcopy(known.document), number="")


def _key(books: Books, type_code: str) -> tuple[str, str]:
    return str(books.organization.id), type_code
