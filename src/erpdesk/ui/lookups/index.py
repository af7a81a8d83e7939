"""An index of masters finds rows by code, name, alias or the beginning of any word, best match first.

Rank: whole code, code begins, name begins, alias begins, every typed word begins a word, a part of the name.
Rows of the preferred kinds come first; a typed name finds the others too. Inactive rows are never offered.
Words are kept sorted, so that a look costs the matches and not the masters.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from erpdesk.ui.ports import LookupRow

LIMIT = 200
_SCANNED = 20_000
_HIGHEST = "\U0010ffff"


def folded(text: str) -> str:
    """Text without regard to case, width or accents' encoding."""
    return unicodedata.normalize("NFKC", text).casefold()


class LookupIndex:
    """The rows of one kind of master."""

    def __init__(self, rows: Iterable[LookupRow] = ()) -> None:
        self.rows: tuple[LookupRow, ...] = tuple(row for row in rows if _usable(row))
        self._by_code = {folded(row.code): row for row in self.rows}
        self._texts = [(folded(row.code), folded(row.name), folded(row.alias)) for row in self.rows]
        pairs = sorted({(word, number) for number, texts in enumerate(self._texts)
                        for text in texts for word in _words(text)})
        self._words = [word for word, _ in pairs]
        self._numbers = [number for _, number in pairs]

    def find(self, code: str) -> LookupRow | None:
        """The row of that code, without regard to case."""
        return self._by_code.get(folded(code))

    def named(self, typed: str) -> LookupRow | None:
        """The one row whose code or whole name was typed; None when there is none or more than one."""
        wanted = folded(typed.strip())
        if (row := self._by_code.get(wanted)) is not None:
            return row
        same = [row for row, texts in zip(self.rows, self._texts, strict=True) if wanted in texts[1:]]
        return same[0] if len(same) == 1 else None

    def matches(self, typed: str, preferred: Sequence[str] = (), limit: int = LIMIT) -> tuple[LookupRow, ...]:
        """Rows that what was typed may mean, best first; with nothing typed, the preferred ones in order."""
        wanted = folded(typed.strip())
        if not wanted:
            return tuple(row for row in self.rows if is_preferred(row, preferred))[:limit]
        found = self._beginning(wanted) or self._containing(wanted)
        ranked = sorted(found, key=lambda number: (
            not is_preferred(self.rows[number], preferred), self._rank(number, wanted), number))
        return tuple(self.rows[number] for number in ranked[:limit])

    def _beginning(self, wanted: str) -> set[int]:
        found: set[int] | None = None
        for word in _words(wanted) or [wanted]:
            first = bisect_left(self._words, word)
            last = bisect_left(self._words, word + _HIGHEST, first)
            here = set(self._numbers[first:last])
            found = here if found is None else found & here
        return found or set()

    def _containing(self, wanted: str) -> set[int]:
        return {number for number, texts in enumerate(self._texts[:_SCANNED])
                if any(wanted in text for text in texts)}

    def _rank(self, number: int, wanted: str) -> int:
        code, name, alias = self._texts[number]
        tests = (code == wanted, name == wanted, code.startswith(wanted), name.startswith(wanted),
                 alias.startswith(wanted))
        return next((rank for rank, holds in enumerate(tests) if holds), len(tests))


def label_of(row: LookupRow) -> str:
    """What a row is called: its name; a voucher is called by its number."""
    return row.code if "total" in row.attributes or not row.name else row.name


def is_preferred(row: LookupRow, preferred: Sequence[str]) -> bool:
    """Whether a row is of the preferred kinds; without any, every row is."""
    return not preferred or row.attributes.get("kind") in preferred


def _usable(row: LookupRow) -> bool:
    return row.active and not row.attributes.get("is_group")


def _words(text: str) -> list[str]:
    """The words of a folded text; separators are whatever is no letter, mark or figure."""
    return "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
                   for char in text).split()
