"""A check is an invariant in SQL: how many things it holds for, and questions that find what breaks it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is the invariant's; `counted` gives one number, `holds` says what is true of so many.

    Each question gives one text column: a sentence for everything that breaks the invariant.
    """

    name: str
    counted: str
    holds: str
    questions: tuple[str, ...]
