"""Metrics say how posting fares, beside what is aimed at: success, time, conflicts, lock waits.

Rates count attempts that passed validation: posted, conflict, failed. Targets are data (`resources/metrics`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from erpdesk.domain.money import plain, rounded
from erpdesk.reports.filters import Filters
from erpdesk.reports.report import Report, text
from erpdesk.settings import RESOURCES
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import metrics as queries
from erpdesk.storage.report_queries.metrics import PostingFigures

COLUMNS = (text("metric", "Metric"), text("value", "Value"), text("unit", "Unit"), text("target", "Target"),
           text("alarm", "Alarm"), text("state", "State"))


def metrics(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """One row a metric; the value is empty where nothing was measured, the state good, missed or alarm."""
    figures = queries.posting_figures(reading, filters.since, filters.until)
    events = queries.event_counts(reading)
    values = [*posting_values(figures), *((f"events_{state}", Decimal(number), "")
                                          for state, number in sorted(events.items()))]
    rows = tuple(_row(name, value, unit) for name, value, unit in values)
    return Report("metrics", heading.code, filters.until or heading.today, COLUMNS, rows, {})


def posting_values(figures: PostingFigures) -> Iterable[tuple[str, Decimal | None, str]]:
    """Name, value and unit of each metric, in the order of the report."""
    tried = figures.done + figures.conflict + figures.failed
    yield "success_rate", _percent(figures.done, tried), "%"
    yield "conflict_rate", _percent(figures.conflict, tried), "%"
    yield "mean_post_time", figures.mean_ms, "ms"
    yield "p95_post_time", figures.p95_ms, "ms"
    yield "p99_post_time", figures.p99_ms, "ms"
    counts = {"posted": figures.done, "idempotency_hits": figures.replayed, "refused": figures.invalid,
              "conflicts": figures.conflict, "forbidden": figures.forbidden, "failed": figures.failed,
              "insufficient_stock": figures.insufficient_stock, "lock_waits": figures.lock_waits,
              "planned_again": figures.planned_again}
    for name, number in counts.items():
        yield name, Decimal(number), ""


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part) / Decimal(whole) if whole else None


@cache
def _targets() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((RESOURCES / "metrics" / "targets.json").read_text("utf-8"))
    return found


def _row(name: str, value: Decimal | None, unit: str) -> dict[str, str]:
    target = _targets().get(name, {})
    shown = "" if value is None else plain(rounded(value, 3))
    return {"metric": name, "value": shown, "unit": unit, "target": target.get("target", ""),
            "alarm": target.get("alarm", ""), "state": _state(value, target)}


def _state(value: Decimal | None, target: Mapping[str, str]) -> str:
    if value is None or not target:
        return ""
    sign = 1 if target["better"] == "lower" else -1
    if sign * value > sign * Decimal(target["alarm"]):
        return "alarm"
    return "missed" if sign * value > sign * Decimal(target["target"]) else "good"
