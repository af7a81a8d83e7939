"""Hooks of installed packages: they may refuse a post, and hear of it; invoices of other systems post once."""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from erpdesk.posting import hooks
from erpdesk.posting.hooks import Posting, PostRefused
from helpers.trading import PLAIN, Trade, goods, purchase

Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs objects as if packages had registered them."""
    hooks.loaded.cache_clear()

    def installed(**targets: Any) -> None:
        points = [SimpleNamespace(name=name, load=target if name.startswith("broken") else lambda target=target: target)
                  for name, target in targets.items()]
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points if group == hooks.GROUP else [])
        hooks.loaded.cache_clear()

    yield installed
    hooks.loaded.cache_clear()


def no_big_posts(post: Posting) -> None:
    if post.document["ref_no"] == "BIG":
        raise PostRefused("ACME-007", "Too big for us", "ref_no")


def buying(**more: Any) -> dict[str, Any]:
    return purchase([goods("TEA", "1", "5")], **{"ref_no": "R1", **PLAIN, **more})


def test_a_hook_refuses_with_its_own_code_and_nothing_is_written(shop: Trade, install: Install) -> None:
    install(rule=SimpleNamespace(before_post=no_big_posts))
    shop.post(buying())
    before = shop.fingerprint()
    refused = shop.refuse(buying(ref_no="BIG"))
    assert [(fault.code, fault.field) for fault in refused.faults] == [("ACME-007", "ref_no")]
    assert shop.changed_since(before) == {"posting_log"}
    assert shop.log()[-1] == ("invalid", "ACME-007")


def test_drafts_and_replays_are_not_asked_about(shop: Trade, install: Install) -> None:
    posted = shop.post(buying(ref_no="BIG", idempotency_key="k"))
    install(rule=SimpleNamespace(before_post=no_big_posts))
    shop.save(buying(ref_no="BIG"))
    assert shop.post(buying(ref_no="BIG", idempotency_key="k")).voucher_id == posted.voucher_id


def test_a_reversal_is_asked_about_and_heard_of_but_not_one_that_is_done(shop: Trade, install: Install) -> None:
    kept, undone = shop.post(buying()), shop.post(buying(ref_no="R2"))
    heard: list[tuple[Any, ...]] = []

    def keep_it(post: Posting) -> None:
        if post.document["type"] == "REVERSAL" and post.document["of"] == kept.voucher_number:
            raise PostRefused("ACME-008", "This one stays", "of")

    def hear(post: Posting, result: Any) -> None:
        heard.append((post.document["type"], post.document["of"], result.voucher_number))

    install(rule=SimpleNamespace(before_post=keep_it, after_commit=hear))
    before = shop.fingerprint()
    for change in (shop.books.vouchers.reverse, shop.books.vouchers.correct):
        answer = change(kept.voucher_number, "2026-04-02", "not wanted")
        assert isinstance(answer, Refused)
        assert [(fault.code, fault.field) for fault in answer.faults] == [("ACME-008", "of")]
    assert shop.changed_since(before) == {"posting_log"}
    reversal = shop.books.vouchers.reverse(undone.voucher_number, "2026-04-02", "typing error", "k")
    assert isinstance(reversal, Ok)
    assert heard == [("REVERSAL", undone.voucher_number, reversal.value.voucher_number)]
    install(rule=SimpleNamespace(before_post=lambda post: (_ for _ in ()).throw(PostRefused("ACME-009", "No"))))
    again = shop.books.vouchers.reverse(undone.voucher_number, "2026-04-02", "typing error", "k")
    assert isinstance(again, Ok)
    assert again.value.replayed
    assert len(heard) == 1


def test_a_hook_cannot_change_the_document(shop: Trade, install: Install) -> None:
    def meddle(post: Posting) -> None:
        post.document["lines"][0]["quantity"] = "1000"

    install(rule=SimpleNamespace(before_post=meddle))
    assert shop.post(buying()).total == "5.00"


def test_after_a_commit_hooks_hear_of_it_once_and_undo_nothing(
    shop: Trade, install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[tuple[str, str | None]] = []

    def fail(_post: Posting, _result: Any) -> None:
        raise RuntimeError("the other system is down")

    install(a=SimpleNamespace(after_commit=fail),
            b=SimpleNamespace(after_commit=lambda post, result: heard.append((post.organization, result.status))))
    document = buying(idempotency_key="k")
    with caplog.at_level(logging.ERROR):
        posted = shop.post(document)
    shop.post(document)
    assert heard == [("SHOP", "POSTED")]
    assert shop.one("SELECT status FROM erpdesk.voucher WHERE id = %s", posted.voucher_id) == "POSTED"
    assert "the hook a failed after the commit" in caplog.text


def fails() -> None:
    raise ImportError("no such module")


@pytest.mark.parametrize("targets", [
    {"rule": SimpleNamespace(before_post=lambda post: 1 / 0)},
    {"rule": SimpleNamespace(before_post=lambda post: (_ for _ in ()).throw(PostRefused("no code", "x")))},
    {"broken": fails}])
def test_a_hook_that_is_broken_stops_posts(shop: Trade, install: Install, targets: dict[str, Any]) -> None:
    install(**targets)
    refused = shop.refuse(buying())
    assert (refused.kind, refused.first.code) == ("failed", "SYS-005")


def invoice(**more: Any) -> dict[str, Any]:
    return buying(**{"source_type": "webshop", "source_id": "1001", **more})


def test_an_invoice_of_another_system_becomes_one_voucher(shop: Trade) -> None:
    post = shop.books.vouchers.post_invoice
    first, again = post(invoice()), post(invoice())
    assert isinstance(first, Ok)
    assert isinstance(again, Ok)
    assert (again.value.voucher_id, again.value.replayed) == (first.value.voucher_id, True)
    assert shop.rows("SELECT source_type, source_id FROM erpdesk.voucher") == [("webshop", "1001")]


def test_the_same_source_with_another_content_is_a_conflict(shop: Trade) -> None:
    post = shop.books.vouchers.post_invoice
    assert isinstance(post(invoice()), Ok)
    refused = post(invoice(ref_no="R2"))
    assert isinstance(refused, Refused)
    assert refused.kind == "conflict"
    assert shop.one("SELECT count(*) FROM erpdesk.voucher") == 1


def test_an_invoice_without_a_source_is_refused(shop: Trade) -> None:
    refused = shop.books.vouchers.post_invoice(buying(source_type="webshop"))
    assert isinstance(refused, Refused)
    assert (refused.first.code, refused.first.field) == ("VCH-004", "source_id")
