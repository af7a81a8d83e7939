"""A line split over cost centres, as documents say it: a list of cost centres with an amount or a percentage each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from erpdesk.blueprints.values import read_decimal

COST_CENTRE, COST_CENTRES = "cost_centre", "cost_centres"
KEYS = frozenset({COST_CENTRE, "amount", "percent"})
MOST_PARTS = 200

Refuse = Callable[[str, str, str], None]


def check_cost_centres(row: Mapping[str, Any], value: Any, path: str, *, known: bool, refuse: Refuse) -> None:
    """Everything wrong with the shape of a split; `known` says whether the line can have a cost centre at all."""
    if not known or not isinstance(value, list | tuple) or len(value) > MOST_PARTS:
        refuse(path, f"must be a list of at most {MOST_PARTS}" if known else "has no meaning here", "type")
        return
    if row.get(COST_CENTRE):
        refuse(path, "can't stand beside cost_centre: say it in one of them", "unknown")
    for position, part in enumerate(value):
        place = f"{path}[{position}]"
        if not isinstance(part, Mapping):
            refuse(place, "must be an object", "type")
            continue
        for key in part.keys() - KEYS:
            refuse(f"{place}.{key}", "is unknown here", "unknown")
        if not isinstance(part.get(COST_CENTRE), str) or not part[COST_CENTRE].strip():
            refuse(f"{place}.{COST_CENTRE}", "must be given", "required")
        for key in ("amount", "percent"):
            _check_figure(part.get(key), f"{place}.{key}", refuse)


def _check_figure(raw: Any, path: str, refuse: Refuse) -> None:
    if raw in (None, ""):
        return
    try:
        read_decimal(raw)
    except ValueError as problem:
        refuse(path, str(problem), "type")
