"""What the world calls a currency: its English name and its decimals, by the code of ISO 4217."""

from __future__ import annotations


def currency_facts(code: str) -> tuple[str, str, int] | None:
    """Code, English name and decimals of an ISO currency; None for no currency."""
    from babel.core import get_global
    from babel.numbers import get_currency_name, get_currency_precision

    if code not in get_global("all_currencies"):
        return None
    return code, get_currency_name(code, locale="en"), get_currency_precision(code)
