"""A voucher is saved, posted and named once: drafts by their version, posts by their key."""

from __future__ import annotations

from typing import Any

from erpdesk.domain.results import Ok, Refused
from helpers.trading import PLAIN, Trade, accepted, goods, journal, purchase, sale


def as_posted(result: Any) -> tuple[str, str | None, str, str]:
    """What a replay must repeat word for word."""
    return result.voucher_id, result.voucher_number, result.total, result.cost


def test_a_draft_is_a_voucher_and_its_lines_and_nothing_else(shop: Trade) -> None:
    before = shop.fingerprint()
    draft = shop.save(journal())
    assert (draft.status, draft.voucher_number, draft.row_version) == ("DRAFT", None, 1)
    assert shop.changed_since(before) == {"voucher", "voucher_line", "audit_entry"}


def test_a_draft_may_be_saved_with_faults_of_the_whole_voucher_and_names_them(shop: Trade) -> None:
    document = {"type": "JOURNAL", "date": "2020-01-01", "lines": [{"account": "1110", "debit": "5"}]}
    result = shop.draft(document)
    assert isinstance(result, Ok)
    assert {warning.code for warning in result.warnings} == {"PRD-001", "GL-001"}
    refused = shop.refuse(document)
    assert {fault.code for fault in refused.faults} == {"PRD-001", "GL-001"}


def test_a_draft_with_field_faults_can_not_be_saved(shop: Trade) -> None:
    before = shop.fingerprint()
    result = shop.draft({"type": "JOURNAL", "date": "2026-04-02", "lines": [{"account": "nowhere", "debit": "5"}]})
    assert isinstance(result, Refused)
    assert (result.first.code, result.first.field) == ("GL-002", "lines[0].account")
    assert shop.changed_since(before) == set()


def test_saving_again_replaces_the_lines_and_raises_the_version(shop: Trade) -> None:
    first = shop.save(journal("10"))
    again = shop.save(journal("20"), voucher_id=first.voucher_id, row_version=1)
    assert (again.voucher_id, again.row_version) == (first.voucher_id, 2)
    assert shop.rows("SELECT debit, credit FROM erpdesk.voucher_line ORDER BY line_number") == [("20", "0"), ("0",
                                                                                                              "20")]
    assert shop.one("SELECT count(*) FROM erpdesk.audit_entry WHERE action = 'saved'") == 2


def test_two_desks_saving_one_draft_the_second_is_shown_both_versions(shop: Trade) -> None:
    draft = shop.save(journal("10"))
    shop.save(journal("20"), voucher_id=draft.voucher_id, row_version=1)
    refused = shop.draft(journal("30"), voucher_id=draft.voucher_id, row_version=1)
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.first.code) == ("conflict", "VCH-002")
    assert refused.first.details["row_version"] == 2
    assert refused.first.details["document"] == journal("20")
    assert shop.one("SELECT total FROM erpdesk.voucher") == "20"


def test_posting_a_draft_that_another_desk_saved_meanwhile_is_refused_with_both_versions(shop: Trade) -> None:
    draft = shop.save(journal("10"))
    shop.save(journal("20"), voucher_id=draft.voucher_id, row_version=1)
    refused = shop.refuse(journal("10"), voucher_id=draft.voucher_id, row_version=1)
    assert (refused.kind, refused.first.code) == ("conflict", "VCH-002")
    assert refused.first.details["document"] == journal("20")
    assert shop.balances() == {}


def test_a_draft_known_by_its_version_posts_what_it_is_sent_with(shop: Trade) -> None:
    draft = shop.save(journal("10"))
    made = shop.post(journal("12"), voucher_id=draft.voucher_id, row_version=1)
    assert (made.voucher_id, made.total, made.status) == (draft.voucher_id, "12.00", "POSTED")
    assert shop.balances() == {"1110": "12", "3010": "-12"}


def test_a_stored_draft_is_posted_by_its_reference(shop: Trade) -> None:
    draft = shop.save(journal("10", idempotency_key="k"))
    made = accepted(shop.books.vouchers.post("key:k"))
    assert (made.voucher_id, made.voucher_number, made.replayed) == (draft.voucher_id, "JV/26-27/000001", False)


def test_a_second_post_names_number_poster_and_time_and_writes_nothing(shop: Trade) -> None:
    made = shop.post(journal())
    before = shop.fingerprint()
    again = shop.refuse(made.voucher_id)
    assert (again.kind, again.first.code) == ("conflict", "VCH-001")
    assert again.first.details["voucher_number"] == "JV/26-27/000001"
    assert again.first.details["posted_by"] == "erpdesk_local"
    assert again.first.details["posted_at"]
    for word in ("JV/26-27/000001", "erpdesk_local", "2"):
        assert word in again.first.message
    with_document = shop.refuse(journal(), voucher_id=made.voucher_id, row_version=made.row_version)
    assert (with_document.kind, with_document.first.code) == ("conflict", "VCH-001")
    assert with_document.first.details["voucher_number"] == "JV/26-27/000001"
    with_key = shop.refuse(journal(), voucher_id=made.voucher_id, row_version=made.row_version, idempotency_key="other")
    assert with_key.first.code == "VCH-001"
    assert shop.changed_since(before) <= {"posting_log"}


def test_saving_a_posted_voucher_is_a_conflict(shop: Trade) -> None:
    made = shop.post(journal())
    refused = shop.draft(journal("5"), voucher_id=made.voucher_id, row_version=made.row_version)
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.first.code) == ("conflict", "VCH-001")
    assert shop.balances() == {"1110": "100", "3010": "-100"}


def test_the_same_key_and_content_replay_the_first_result(shop: Trade) -> None:
    first = shop.post(journal("10.00", idempotency_key="k-1"))
    before = shop.fingerprint()
    again = shop.post({**journal("10"), "narration": None, "idempotency_key": "k-1"})
    assert again.replayed
    assert as_posted(again) == as_posted(first)
    assert shop.changed_since(before) == {"posting_log"}
    assert shop.log()[-1] == ("replayed", None)


def test_a_key_is_replayed_whatever_has_been_closed_since(shop: Trade) -> None:
    first = shop.post(journal(idempotency_key="k-1"))
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization SET is_locked = true")
        connection.execute("UPDATE erpdesk.account SET is_active = false WHERE code = '1110'")
        connection.execute("UPDATE erpdesk.voucher_config_master SET is_active = false WHERE code = 'JOURNAL'")
        connection.execute("UPDATE erpdesk.fiscal_year SET is_closed = true")
    again = shop.post(journal(idempotency_key="k-1"))
    assert (again.replayed, as_posted(again)) == (True, as_posted(first))


def test_a_key_with_another_content_is_a_conflict(shop: Trade) -> None:
    shop.post(journal("10", idempotency_key="k-1"))
    refused = shop.refuse(journal("11", idempotency_key="k-1"))
    assert (refused.kind, refused.first.code) == ("conflict", "VCH-015")
    assert shop.balances() == {"1110": "10", "3010": "-10"}


def test_a_refused_voucher_is_corrected_and_sent_again_with_its_key(shop: Trade) -> None:
    lines = [{"account": "1110", "debit": "10"}, {"account": "3010", "credit": "9"}]
    refused = shop.refuse({"type": "JOURNAL", "date": "2026-04-02", "lines": lines, "idempotency_key": "k-1"})
    assert refused.first.code == "GL-001"
    assert shop.one("SELECT count(*) FROM erpdesk.idempotency_key") == 0
    made = shop.post(journal("10", idempotency_key="k-1"))
    assert (made.replayed, made.voucher_number) == (False, "JV/26-27/000001")


def test_a_voucher_refused_for_stock_is_posted_with_its_key_once_there_is_stock(shop: Trade) -> None:
    document = sale([goods("TEA", "5", "9")], idempotency_key="k-1", **PLAIN)
    assert shop.refuse(document).first.code == "INV-001"
    shop.buy("TEA", "5", "4")
    assert shop.post(document).cost == "20.00"


def test_a_key_saved_as_a_draft_is_posted_and_not_replayed(shop: Trade) -> None:
    draft = shop.save(journal(idempotency_key="k-1"))
    made = shop.post(journal(idempotency_key="k-1"))
    assert (made.voucher_id, made.replayed, made.status) == (draft.voucher_id, False, "POSTED")
    assert shop.post(journal(idempotency_key="k-1")).replayed


def test_a_draft_saved_twice_with_its_key_is_one_draft(shop: Trade) -> None:
    draft = shop.save(journal(idempotency_key="k-1"))
    again = shop.save(journal(idempotency_key="k-1"))
    assert (again.voucher_id, again.replayed) == (draft.voucher_id, True)
    assert shop.one("SELECT count(*) FROM erpdesk.voucher") == 1


def test_the_key_of_a_draft_with_another_content_is_a_conflict(shop: Trade) -> None:
    shop.save(journal("10", idempotency_key="k-1"))
    assert shop.refuse(journal("11", idempotency_key="k-1")).first.code == "VCH-015"
    assert shop.balances() == {}


def test_without_a_key_the_same_document_posts_twice(shop: Trade) -> None:
    assert shop.post(journal()).voucher_number == "JV/26-27/000001"
    assert shop.post(journal()).voucher_number == "JV/26-27/000002"


def test_a_post_leaves_audit_event_steps_and_log_behind(shop: Trade) -> None:
    made = shop.post(purchase([goods("TEA", "1", "5")], idempotency_key="k-1"))
    assert shop.rows("SELECT action, actor, step FROM erpdesk.audit_entry WHERE object_type = 'voucher'") == [
        ("posted", "erpdesk_local", "completed")]
    [(event, payload)] = shop.rows("SELECT event_type, payload FROM erpdesk.integration_event")
    assert event == "voucher.posted"
    assert payload["voucher_number"] == made.voucher_number
    assert shop.rows("SELECT step, state FROM erpdesk.voucher_process ORDER BY step") == [
        (step, "done") for step in ("completed", "gl", "inventory", "journal", "saved")]
    assert shop.log() == [("done", None)]


def test_a_voucher_is_shown_by_id_by_number_and_by_key(shop: Trade) -> None:
    made = shop.post(journal(idempotency_key="k-1"))
    shown = [shop.books.vouchers.show(reference).facts["voucher_id"]
             for reference in (made.voucher_id, "JV/26-27/000001", "jv/26-27/000001", "key:k-1")]
    assert shown == [made.voucher_id] * 4
