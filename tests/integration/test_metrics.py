"""Metrics count the attempts of the posting log."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from erpdesk.domain.results import Ok
from erpdesk.services.metrics import prometheus_text
from erpdesk.storage.posting_calls import PostingCalls
from helpers.trading import Trade, goods, purchase, sale


def values(shop: Trade, **filters: str) -> dict[str, str]:
    return {row["metric"]: row["value"] for row in shop.books.reports.run("metrics", **filters).rows}


def busy(shop: Trade) -> None:
    """Three posts, one replayed, one short of stock, one conflict."""
    document = purchase([goods("TEA", "10", "5")], idempotency_key="k")
    shop.post(document)
    assert isinstance(shop.books.vouchers.post(document), Ok)
    shop.refuse({**document, "ref_no": "other"})
    shop.refuse(sale([goods("TEA", "11", "15")], date="2026-04-10"))
    shop.sell("TEA", "1")
    shop.sell("TEA", "1")


def test_every_attempt_counts_where_it_belongs(shop: Trade) -> None:
    assert values(shop)["success_rate"] == ""
    busy(shop)
    found = values(shop)
    assert {name: found[name] for name in (
        "posted", "idempotency_hits", "refused", "conflicts", "failed", "insufficient_stock", "lock_waits",
        "success_rate", "conflict_rate", "events_pending")} == {
            "posted": "3", "idempotency_hits": "1", "refused": "1", "conflicts": "1", "failed": "0",
            "insufficient_stock": "1", "lock_waits": "0", "success_rate": "75", "conflict_rate": "25",
            "events_pending": "3"}
    assert 0 < float(found["mean_post_time"]) <= float(found["p99_post_time"])
    assert float(found["p95_post_time"]) <= float(found["p99_post_time"])


def test_what_misses_its_target_is_marked(shop: Trade) -> None:
    busy(shop)
    states = {row["metric"]: row["state"] for row in shop.books.reports.run("metrics").rows}
    assert (states["success_rate"], states["conflict_rate"], states["posted"]) == ("alarm", "alarm", "")


def test_only_the_days_asked_for_are_counted(shop: Trade) -> None:
    busy(shop)
    assert values(shop, until="2000-01-01")["posted"] == "0"


def test_posts_that_were_overtaken_are_counted(shop: Trade) -> None:
    shop.buy("TEA", "5", "5")
    shop.buy("TEA", "5", "6")
    shop.sell("TEA", "1")
    other, take = shop.reopen(), PostingCalls.post

    def overtaken(calls: PostingCalls, *arguments: Any) -> Any:
        with patch.object(PostingCalls, "post", take):
            assert isinstance(other.vouchers.post(sale([goods("TEA", "3", "9")])), Ok)
        return take(calls, *arguments)

    with patch.object(PostingCalls, "post", overtaken):
        shop.sell("TEA", "3")
    shop.sell("TEA", "1")
    assert values(shop)["planned_again"] == "1"


def test_prometheus_reads_one_figure_a_line(shop: Trade) -> None:
    busy(shop)
    text = prometheus_text(shop.desk)
    assert 'erpdesk_posting_attempts_total{organization="SHOP",status="done"} 3\n' in text
    assert 'erpdesk_posting_success_percent{organization="SHOP"} 75\n' in text
    assert 'erpdesk_outbox_events{organization="SHOP",status="pending"} 3\n' in text
    assert 'erpdesk_planned_again_total{organization="SHOP"} 0\n' in text
    assert 'erpdesk_post_milliseconds{organization="SHOP",quantile="0.99"} ' in text
    for line in text.splitlines():
        assert line.startswith("# ") or float(line.rsplit(" ", 1)[1]) >= 0
