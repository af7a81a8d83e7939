"""An index of masters finds rows by code, name, alias or the beginning of any word, best match first.

Rank: whole code, whole name, code begins, name begins, alias begins, every typed word begins a word; after them,
where few rows begin so, words that only contain what was typed or were meant but for a typing error. Rows of the
preferred kinds come first; a typed name finds the others too, and a whole code or name goes before all. Inactive
rows are never offered. A look costs the matches, not the masters.
"""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from erpdesk.ui.lookups.words import Span, WordList, folded, sorted_gently, words_of
from erpdesk.ui.ports import LookupRow

LIMIT = 200
FEW = 3
"""With so many rows that begin as typed, nothing else is offered."""
OWNERS = ("item", "party")
"""Attributes that say whom a row belongs to: a batch to an item, a voucher to a party."""
PLACE = "warehouse"
"""The attribute that says where a row lies: a bin in its warehouse."""
_LIGHT = 5_000
_SMALL_GROUP = 1_000
_HIGHEST = "\U0010ffff"
_EXACT = 2
_MANY = 10_000
Text = Callable[[LookupRow], str]


class Rows(Protocol):
    """Rows to choose from."""

    def matches(self, typed: str, preferred: Sequence[str] = ()) -> tuple[LookupRow, ...]:
        """Rows that what was typed may mean, best first."""
        ...


class LookupIndex:
    """The rows of one kind of master."""

    def __init__(self, rows: Iterable[LookupRow] = ()) -> None:
        everything = tuple(rows)
        self.rows: tuple[LookupRow, ...] = tuple(row for row in everything if _usable(row))
        self._inactive = [row for row in everything if not row.active]
        self._by_code = {folded(row.code): row for row in self.rows}
        kinds: dict[object, list[int]] = {}
        self._owned: dict[tuple[str, object], list[int]] = {}
        for number, row in enumerate(self.rows):
            kinds.setdefault(row.attributes.get("kind"), []).append(number)
            for name in (*OWNERS, PLACE):
                if name in row.attributes:
                    self._owned.setdefault((name, row.attributes[name] or None), []).append(number)
        self._owner_names = {name for name, _ in self._owned}
        self._parts = {kind: _Part(self.rows, numbers) for kind, numbers in kinds.items()}
        self._group: tuple[tuple[str, str], Rows] | None = None

    def find(self, code: str) -> LookupRow | None:
        """The row of that code, without regard to case."""
        return self._by_code.get(folded(code))

    def inactive(self, typed: str) -> LookupRow | None:
        """The inactive row that what was typed means: its code, or the beginning of its name."""
        wanted = folded(typed.strip())
        if not wanted:
            return None
        return next((row for row in self._inactive if folded(row.code) == wanted), None) or next(
            (row for row in self._inactive if folded(row.name).startswith(wanted)), None)

    def adopt(self, row: LookupRow) -> None:
        """Know a row by its code."""
        self._by_code[folded(row.code)] = row

    def named(self, typed: str) -> LookupRow | None:
        """The one row whose code or whole name was typed; None when there is none or more than one."""
        wanted = folded(typed.strip())
        if (row := self._by_code.get(wanted)) is not None:
            return row
        same = {number for part in self._parts.values() for number in part.named(wanted)}
        return self.rows[same.pop()] if len(same) == 1 else None

    def named_within(self, typed: str, name: str, owner: str) -> LookupRow | None:
        """The row of a code that belongs to the owner, or to nobody, where others may have that code too."""
        wanted = folded(typed.strip())
        numbers = (number for part in self._parts.values() for number in part.coded(wanted))
        rows = (self.rows[number] for number in numbers)
        return next((row for row in rows if row.attributes.get(name) in (None, owner)), None)

    def matches(self, typed: str, preferred: Sequence[str] = (), limit: int = LIMIT,
                among: bytes | None = None) -> tuple[LookupRow, ...]:
        """Rows that what was typed may mean, best first; with nothing typed, the preferred ones in order. `among`
        flags the rows that may be meant at all."""
        wanted = folded(typed.strip())
        first = [part for kind, part in self._parts.items() if not preferred or kind in preferred]
        if not wanted:
            numbers = sorted(number for part in first for number in islice(_among(part.numbers, among), limit))
            return tuple(self.rows[number] for number in numbers[:limit])
        others = [part for part in self._parts.values() if part not in first]
        found = self._begun(first, wanted, limit, among)
        rest = self._begun(others, wanted, limit, among)
        exact = [one for one in rest if one[0] < _EXACT]
        ordered = [number for rank, number in [
            *(one for one in found if one[0] < _EXACT), *exact, *(one for one in found if one[0] >= _EXACT),
            *(one for one in rest if one[0] >= _EXACT)]]
        if len(ordered) < FEW and not any(rank < _EXACT for rank, _ in (*found, *rest)):
            ordered += [number for parts in (first, others) for part in parts
                        for number in islice(_among(part.loosely(wanted), among), limit)]
        return tuple(self.rows[number] for number in islice(dict.fromkeys(ordered), limit))

    def beginning(self, typed: str, limit: int = LIMIT) -> tuple[LookupRow, ...]:
        """Rows that begin so as it was typed, best first; none that only resemble it."""
        wanted = folded(typed.strip())
        found = self._begun(list(self._parts.values()), wanted, limit, None) if wanted else []
        return tuple(self.rows[number] for _, number in found[:limit])

    @staticmethod
    def _begun(parts: Sequence[_Part], wanted: str, limit: int, among: bytes | None) -> list[tuple[int, int]]:
        """Rank and number of the rows that begin so, best first."""
        found = [one for part in parts for one in part.begun(wanted, limit, among)]
        return found if len(parts) == 1 else sorted(found, key=lambda one: one[0])

    def belonging(self, owners: Mapping[str, str]) -> Rows:
        """Of the rows that belong to an item, a party or a warehouse, only those of the ones given, and those of
        nobody."""
        for name in (*OWNERS, PLACE):
            code = owners.get(name)
            if not code or name not in self._owner_names:
                continue
            if self._group is None or self._group[0] != (name, code):
                self._group = (name, code), self._share(name, code)
            return self._group[1]
        return self

    def _share(self, name: str, code: str) -> Rows:
        """The rows of one owner: an index of their own, or, where they are many, flags that no key waits for."""
        numbers = sorted(self._owned.get((name, code), []) + self._owned.get((name, None), []))
        if len(numbers) <= _SMALL_GROUP:
            return LookupIndex(self.rows[number] for number in numbers)
        flags = bytearray(len(self.rows))
        for number in numbers:
            flags[number] = 1
        return _Share(self, bytes(flags))


class _Share:
    """Those rows of an index that are flagged."""

    def __init__(self, index: LookupIndex, flags: bytes) -> None:
        self._index, self._flags = index, flags

    def matches(self, typed: str, preferred: Sequence[str] = ()) -> tuple[LookupRow, ...]:
        """What the index finds among them."""
        return self._index.matches(typed, preferred, among=self._flags)


class _Part:
    """The rows of one kind: orders of their codes, names and aliases, and their words."""

    def __init__(self, rows: Sequence[LookupRow], numbers: Sequence[int]) -> None:
        self._rows = rows
        self.numbers = array("I", numbers)
        self._orders = [(key, self._order(key)) for key in (_code, _name, _alias)]
        self._words = WordList(((number, words_of(" ".join((_code(row), _name(row), _alias(row)))))
                                for number in numbers for row in (rows[number],)), len(rows))
        for letter in {word[0] for word in self._words.words}:
            span = self._words.beginning(letter)
            if self._words.count((span,)) > _LIGHT:
                self._words.flags((span,))

    def _order(self, text: Text) -> array[int]:
        rows = self._rows
        filled = [number for number in self.numbers if text(rows[number])]
        return array("I", sorted_gently(filled, key=lambda number: text(rows[number])))

    def coded(self, wanted: str) -> Iterator[int]:
        """The rows whose code this is."""
        return self._between(*self._orders[0], wanted, wanted)

    def named(self, wanted: str) -> Iterator[int]:
        """The rows whose whole name or alias this is."""
        for text, order in self._orders[1:]:
            yield from self._between(text, order, wanted, wanted)

    def _between(self, text: Text, order: array[int], lowest: str, highest: str) -> Iterator[int]:
        def key(number: int) -> str:
            return text(self._rows[number])

        first = bisect_left(order, lowest, key=key)
        yield from order[first:bisect_right(order, highest, first, key=key)]

    # Finding

    def begun(self, wanted: str, limit: int, among: bytes | None) -> list[tuple[int, int]]:
        """Rank and number of the first rows that begin so, best first."""
        ranks: dict[int, int] = {}
        stages = [(rank, self._between(text, order, wanted, wanted))
                  for rank, (text, order) in enumerate(self._orders[:2])]
        stages += [(rank, self._between(text, order, wanted, wanted + _HIGHEST))
                   for rank, (text, order) in enumerate(self._orders, _EXACT)]
        stages.append((_EXACT + len(self._orders), self._with_words(wanted)))
        for rank, numbers in stages:
            for number in _among(numbers, among):
                ranks.setdefault(number, rank)
                if len(ranks) >= limit:
                    break
            else:
                continue
            break
        return [(rank, number) for number, rank in ranks.items()]

    def _with_words(self, wanted: str) -> Iterator[int]:
        """Rows in which every typed word begins a word."""
        return self._having([(self._words.beginning(word),) for word in words_of(wanted)])

    def loosely(self, wanted: str) -> Iterator[int]:
        """Rows in which every typed word begins a word, is a part of one, or is meant but for a typing error."""
        spans = []
        for word in words_of(wanted):
            begun = self._words.beginning(word)
            parts = self._words.containing(word)
            near = self._words.nearly(word)
            spans.append(tuple(span for span in dict.fromkeys((begun, *parts, *near)) if span[0] < span[1]))
        return self._having(spans)

    def _having(self, spans: list[tuple[Span, ...]]) -> Iterator[int]:
        """Rows that stand in every one of these lists of spans."""
        words = self._words
        if not spans or not all(words.count(one) for one in spans):
            return
        spans.sort(key=words.count)
        if len(spans) == 1:
            yield from words.rows(spans[0])
        elif words.count(spans[0]) > _LIGHT:
            yield from self._flagged(spans)
        else:
            left = dict.fromkeys(words.rows(spans[0]))
            for one in spans[1:]:
                if words.count(one) > _LIGHT:
                    flags = words.flags(one)
                    left = {number: None for number in left if flags[number]}
                else:
                    here = set(words.rows(one))
                    left = {number: None for number in left if number in here}
            yield from left

    def _flagged(self, spans: list[tuple[Span, ...]]) -> Iterator[int]:
        common = int.from_bytes(self._words.flags(spans[0]), "little")
        for one in spans[1:]:
            common &= int.from_bytes(self._words.flags(one), "little")
        flags = common.to_bytes(len(self._rows), "little")
        place = flags.find(1)
        while place >= 0:
            yield place
            place = flags.find(1, place + 1)


def indexed(rows: Iterable[LookupRow]) -> LookupIndex:
    """An index made on a worker. Rows that live long are kept out of the collection of garbage, which would else
    go through all of them again and again and keep the window waiting meanwhile."""
    gc.disable()
    try:
        index = LookupIndex(rows)
        if len(index.rows) > _MANY:
            gc.freeze()
    finally:
        gc.enable()
    return index


def _among(numbers: Iterable[int], among: bytes | None) -> Iterable[int]:
    """Those of the numbers that are flagged; all of them where nothing is."""
    return numbers if among is None else (number for number in numbers if among[number])


def label_of(row: LookupRow) -> str:
    """What a row is called: its name; a voucher is called by its number."""
    return row.code if "total" in row.attributes or not row.name else row.name


def _code(row: LookupRow) -> str:
    return folded(row.code)


def _name(row: LookupRow) -> str:
    return folded(row.name)


def _alias(row: LookupRow) -> str:
    return folded(row.alias)


def _usable(row: LookupRow) -> bool:
    return row.active and not row.attributes.get("is_group")
