"""A field's rules as functions over a value, compiled once; each says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import DateRange, Field, FieldType
from erpdesk.blueprints.patterns import matcher
from erpdesk.blueprints.values import MAX_TEXT, parse_value

Rule = Callable[[Any], str]
MOST_DECIMALS = 6
_EXACT = (FieldType.QUANTITY, FieldType.RATE, FieldType.DECIMAL, FieldType.PERCENT)
_DECIMALS = dict.fromkeys(_EXACT, MOST_DECIMALS)


def value_rules(field: Field, *, money_decimals: int = 2, today: date | None = None) -> tuple[Rule, ...]:
    """The rules a typed value of the field must satisfy, one part at a time where it takes many.

    Limits in days count from `today` (the server's) and are left out without it.
    """
    asked, rules = field.validators, []
    decimals = asked.decimals
    if decimals is None:
        decimals = money_decimals if field.field_type is FieldType.MONEY else _DECIMALS.get(field.field_type)
    if decimals is not None:
        rules.append(_decimals_rule(decimals))
    if asked.min is not None:
        rules.append(_least_rule(asked.min))
    if asked.max is not None:
        rules.append(_most_rule(asked.max))
    if asked.step is not None:
        rules.append(_step_rule(asked.step, asked.min or Decimal(0)))
    if field.options:
        rules.append(_option_rule(frozenset(option.value for option in field.options)))
    if field.field_type in _TEXTUAL:
        rules.append(_length_rule(asked.min_length or 0, asked.max_length or MAX_TEXT))
    if asked.regex is not None:
        rules.append(_regex_rule(asked.regex, asked.regex_message))
    if asked.date_range is not None:
        rules.append(_date_rule(asked.date_range, today))
    return tuple(rules)


_TEXTUAL = (FieldType.TEXT, FieldType.TEXTAREA, FieldType.LOOKUP, FieldType.TYPEAHEAD)


def value_fault(field: Field, raw: Any, *, money_decimals: int = 2, today: date | None = None) -> str:
    """What is wrong with one JSON value of a field, apart from its being absent; empty when nothing is."""
    try:
        value = parse_value(field, raw)
    except ValueError as problem:
        return str(problem)
    if value is None:
        return ""
    rules = value_rules(field, money_decimals=money_decimals, today=today)
    parts = value if field.many else (value,)
    return next((said for part in parts for rule in rules if (said := rule(part))), "")


def _decimals_rule(decimals: int) -> Rule:
    unit = Decimal(1).scaleb(-decimals)
    said = "must be a whole number" if decimals == 0 else f"has more than {decimals} decimals"

    def rule(value: Any) -> str:
        if not isinstance(value, Decimal) or value == value.quantize(unit):
            return ""
        return said

    return rule


def _least_rule(least: Decimal) -> Rule:
    said = f"must be at least {least:f}"
    return lambda value: said if value < least else ""


def _most_rule(most: Decimal) -> Rule:
    said = f"must be at most {most:f}"
    return lambda value: said if value > most else ""


def _step_rule(step: Decimal, start: Decimal) -> Rule:
    said = f"must go up in steps of {step:f} from {start:f}"
    return lambda value: said if (value - start) % step else ""


def _option_rule(values: frozenset[str]) -> Rule:
    said = f"must be one of {', '.join(sorted(values))}"
    return lambda value: "" if value in values else said


def _length_rule(least: int, most: int) -> Rule:
    def rule(value: Any) -> str:
        if len(value) > most:
            return f"is longer than {most} characters"
        return f"is shorter than {least} characters" if len(value) < least else ""

    return rule


def _regex_rule(pattern: str, message: str | None) -> Rule:
    matches, said = matcher(pattern), message or f"doesn't have the form {pattern}"
    return lambda value: "" if matches(value) else said


def _date_rule(limits: DateRange, today: date | None) -> Rule:
    earliest, latest = limits.earliest, limits.latest
    if today is not None and limits.back_days is not None:
        back = today - timedelta(days=limits.back_days)
        earliest = back if earliest is None else max(earliest, back)
    if today is not None and limits.forward_days is not None:
        forward = today + timedelta(days=limits.forward_days)
        latest = forward if latest is None else min(latest, forward)

    def rule(value: Any) -> str:
        day = value.date() if isinstance(value, datetime) else value
        if earliest is not None and day < earliest:
            return f"must not be before {earliest.isoformat()}"
        return f"must not be after {latest.isoformat()}" if latest is not None and day > latest else ""

    return rule
