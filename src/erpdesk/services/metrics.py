"""Metrics of every organization of the user as Prometheus reads them: text, one figure a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from erpdesk.domain.results import ForbiddenError

if TYPE_CHECKING:
    from erpdesk.services.desk import Desk

_ATTEMPTS = {"posted": "done", "idempotency_hits": "replayed", "refused": "invalid", "conflicts": "conflict",
             "forbidden": "forbidden", "failed": "failed"}  # fmt: skip
_FAMILIES: Mapping[str, tuple[str, str]] = {
    "erpdesk_posting_attempts_total": ("counter", "Attempts to post, by outcome."),
    "erpdesk_posting_success_percent": ("gauge", "Posted of all attempts that passed validation."),
    "erpdesk_posting_conflict_percent": ("gauge", "Conflicts of all attempts that passed validation."),
    "erpdesk_post_milliseconds_mean": ("gauge", "Mean time of a post."),
    "erpdesk_post_milliseconds": ("gauge", "Time of a post that so many posts stay within."),
    "erpdesk_insufficient_stock_total": ("counter", "Attempts refused for lack of stock."),
    "erpdesk_lock_waits_total": ("counter", "Attempts that waited for another desk's lock."),
    "erpdesk_planned_again_total": ("counter", "Attempts whose plan did not hold and was made again under locks."),
    "erpdesk_outbox_events": ("gauge", "Outbox events, by state."),
}


def prometheus_text(desk: Desk) -> str:
    """All families, each with a line for every organization whose reports the user may see."""
    lines: dict[str, list[str]] = {family: [] for family in _FAMILIES}
    for organization in desk.organizations():
        try:
            report = desk.books(organization.code).reports.run("metrics")
        except ForbiddenError:
            continue
        values = {row["metric"]: row["value"] for row in report.rows if row["value"]}
        for family, labels, value in _samples(values):
            named = {"organization": organization.code, **labels}
            inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in named.items())
            lines[family].append(f"{family}{{{inside}}} {value}")
    told = []
    for family, (kind, meaning) in _FAMILIES.items():
        told += [f"# HELP {family} {meaning}", f"# TYPE {family} {kind}", *lines[family]]
    return "\n".join(told) + "\n"


def _samples(values: Mapping[str, str]) -> Iterable[tuple[str, Mapping[str, str], str]]:
    for name, status in _ATTEMPTS.items():
        yield "erpdesk_posting_attempts_total", {"status": status}, values[name]
    for name, family in (("success_rate", "erpdesk_posting_success_percent"),
                         ("conflict_rate", "erpdesk_posting_conflict_percent"),
                         ("mean_post_time", "erpdesk_post_milliseconds_mean"),
                         ("insufficient_stock", "erpdesk_insufficient_stock_total"),
                         ("lock_waits", "erpdesk_lock_waits_total"),
                         ("planned_again", "erpdesk_planned_again_total")):  # fmt: skip
        if name in values:
            yield family, {}, values[name]
    for name, quantile in (("p95_post_time", "0.95"), ("p99_post_time", "0.99")):
        if name in values:
            yield "erpdesk_post_milliseconds", {"quantile": quantile}, values[name]
    for name, value in values.items():
        if name.startswith("events_"):
            yield "erpdesk_outbox_events", {"status": name.removeprefix("events_")}, value


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
