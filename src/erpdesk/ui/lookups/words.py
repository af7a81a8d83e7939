"""The words of many rows, sorted: found by their beginning, by a part, or forgiving a typing error.

A word found is a span of the sorted list; the rows of a span lie side by side, so that a look costs the matches
and not the words. Big lists are sorted in portions, so that a worker that builds them never keeps the window
waiting for long.
"""

from __future__ import annotations

import heapq
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Span = tuple[int, int]
"""First word, and the one after the last."""

PORTION = 4_000
FORGIVING_FROM, MORE_FORGIVING_FROM = 4, 8
_MOST_PARTS = 1_000
_MOST_PROBES = 6_000
_MOST_FLAGS = 48
_HIGHEST = "\U0010ffff"


class _Separators(dict[int, int]):
    """Whatever is no letter, mark or figure becomes a blank."""

    def __missing__(self, key: int) -> int:
        char = chr(key)
        kept = char.isalnum() or unicodedata.category(char)[0] == "M"
        self[key] = key if kept else ord(" ")
        return self[key]


_SEPARATORS = _Separators()


def folded(text: str) -> str:
    """Text without regard to case, width or accents' encoding."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def words_of(text: str) -> list[str]:
    """The words of a folded text."""
    return text.translate(_SEPARATORS).split()


def sorted_gently(values: Sequence[T], key: Callable[[T], Any]) -> Iterator[T]:
    """The values in order, sorted in portions that are merged."""
    if len(values) <= PORTION:
        return iter(sorted(values, key=key))
    portions = [sorted(values[first:first + PORTION], key=key) for first in range(0, len(values), PORTION)]
    return heapq.merge(*portions, key=key)


class WordList:
    """Words and the numbers of the rows in which they stand."""

    def __init__(self, rows: Iterable[tuple[int, Iterable[str]]], size: int) -> None:
        standing: dict[str, list[int]] = {}
        for number, words in rows:
            for word in words:
                found = standing.setdefault(word, [])
                if not found or found[-1] != number:
                    found.append(number)
        self._size = size
        self.words: list[str] = list(sorted_gently(list(standing), key=str))
        self.numbers = array("I")
        self._starts = array("I", [0])
        for word in self.words:
            self.numbers.extend(standing.pop(word))
            self._starts.append(len(self.numbers))
        self._places = array("I", [0])
        for word in self.words:
            self._places.append(self._places[-1] + len(word) + 1)
        self._text = "\n".join(self.words)
        self._flagged: dict[tuple[Span, ...], bytes] = {}

    def count(self, spans: Iterable[Span]) -> int:
        """How many rows the spans have, those that stand in two of them counted twice."""
        return sum(self._starts[last] - self._starts[first] for first, last in spans)

    def rows(self, spans: Iterable[Span]) -> Iterator[int]:
        """The rows of the spans, in their order."""
        for first, last in spans:
            yield from self.numbers[self._starts[first]:self._starts[last]]

    def flags(self, spans: tuple[Span, ...]) -> bytes:
        """A byte a row: one where it is in a span. The last few are kept."""
        known = self._flagged.pop(spans, None)
        if known is None:
            flags = bytearray(self._size)
            for number in self.rows(spans):
                flags[number] = 1
            known = bytes(flags)
        while len(self._flagged) >= _MOST_FLAGS:
            del self._flagged[next(iter(self._flagged))]
        self._flagged[spans] = known
        return known

    # Ways to find words

    def beginning(self, start: str, within: Span | None = None) -> Span:
        """The words that begin so."""
        first, last = within or (0, len(self.words))
        first = bisect_left(self.words, start, first, last)
        return first, bisect_left(self.words, start + _HIGHEST, first, last)

    def containing(self, part: str) -> list[Span]:
        """The words that have this part, in order; the first thousand of them."""
        found: list[Span] = []
        place = self._text.find(part)
        while place >= 0 and len(found) < _MOST_PARTS:
            word = bisect_right(self._places, place) - 1
            found.append((word, word + 1))
            place = self._text.find(part, self._places[word + 1])
        return found

    def nearly(self, typed: str) -> list[Span]:
        """The words whose beginning is what was meant, if letters of `typed` are wrong, missing, too many or
        swapped: one from four letters on, two from eight. Figures are taken as they are typed."""
        if len(typed) < FORGIVING_FROM or not typed.isalpha():
            return []
        search = _Forgiving(self, typed)
        for errors in range(1, 3 if len(typed) >= MORE_FORGIVING_FROM else 2):
            search.explore("", 0, (0, len(self.words)), errors)
            if search.found:
                break
        return list(search.found)

    def next_letters(self, start: str, within: Span) -> Iterator[tuple[str, Span]]:
        """Each letter that follows a beginning, with the words that go on so."""
        place, last = within
        length = len(start)
        while place < last:
            word = self.words[place]
            if len(word) == length:
                place += 1
                continue
            longer = word[:length + 1]
            end = bisect_left(self.words, longer + _HIGHEST, place, last)
            yield longer[-1], (place, end)
            place = end


class _Forgiving:
    """One search for words near to what was typed; it ends after so many probes, so that a key never waits."""

    def __init__(self, words: WordList, typed: str) -> None:
        self._words, self._typed = words, typed
        self._probes = 0
        self._seen: set[tuple[str, int, int]] = set()
        self.found: dict[Span, None] = {}

    def explore(self, start: str, at: int, within: Span, errors: int) -> None:
        """Words beginning with `start`, then what was typed from `at` on with at most so many errors."""
        if within[0] == within[1] or (start, at, errors) in self._seen or self._probes > _MOST_PROBES:
            return
        self._seen.add((start, at, errors))
        rest = self._typed[at:]
        if not errors:
            self._take(self._probe(start + rest, within))
            return
        for done in range(len(rest)):
            span = self._probe(start + rest[:done], within)
            if span[0] == span[1]:
                return
            self._slip(start + rest[:done], at + done, span, errors - 1)
        self._take(self._probe(start + rest, within))

    def _slip(self, start: str, at: int, within: Span, errors: int) -> None:
        """One error right here: a letter too many, two swapped, one wrong, one missing."""
        typed = self._typed
        self.explore(start, at + 1, within, errors)
        if at + 1 < len(typed) and typed[at] != typed[at + 1]:
            swapped = start + typed[at + 1] + typed[at]
            self.explore(swapped, at + 2, self._probe(swapped, within), errors)
        for letter, span in self._words.next_letters(start, within):
            if letter != typed[at]:
                self._probes += 1
                self.explore(start + letter, at + 1, span, errors)
                self.explore(start + letter, at, span, errors)

    def _probe(self, start: str, within: Span) -> Span:
        self._probes += 1
        return self._words.beginning(start, within)

    def _take(self, span: Span) -> None:
        if span[0] < span[1]:
            self.found[span] = None
