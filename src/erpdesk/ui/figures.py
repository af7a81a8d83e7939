"""Figures as people read and type them; inside documents a figure is plain decimal text."""

from __future__ import annotations

from erpdesk.domain.figures import LAKH, MINUS, WESTERN, grouped, shown, shown_text

__all__ = ["LAKH", "MINUS", "WESTERN", "grouped", "latin_digits", "shown", "shown_text"]

_DEVANAGARI = str.maketrans("०१२३४५६७८९", "0123456789")


def latin_digits(typed: str) -> str:
    """What was typed, with Devanagari digits as Latin ones; documents know no others."""
    return typed.translate(_DEVANAGARI)
