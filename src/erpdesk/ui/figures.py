"""Figures as people read and type them; inside documents a figure is plain decimal text."""

from __future__ import annotations

from erpdesk.domain.figures import LAKH, MINUS, WESTERN, grouped, shown, shown_text

__all__ = ["LAKH", "MINUS", "WESTERN", "grouped", "grouping_in_use", "latin_digits", "shown", "shown_text",
           "use_grouping"]

_DEVANAGARI = str.maketrans("०१२३४५६७८९", "0123456789")


def latin_digits(typed: str) -> str:
    """What was typed, with Devanagari digits as Latin ones; documents know no others."""
    return typed.translate(_DEVANAGARI)


_in_use = WESTERN


def use_grouping(grouping: str) -> None:
    """Group figures within sentences like this from now on."""
    global _in_use
    _in_use = grouping


def grouping_in_use() -> str:
    """How the organization in sight groups figures."""
    return _in_use
