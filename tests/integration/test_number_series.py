"""Several series of a type: chosen, previewed, dated, counted apart, without gap under many desks, never alike."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from erpdesk.domain.results import InvalidRequest
from helpers.posting_desks import run_desks
from helpers.trading import Trade, journal


def configure(shop: Trade, **changes: Any) -> None:
    """Lays changes over the journal's configuration, as `config import` does."""
    shop.books.configuration.import_document({"voucher_types": [{"code": "JOURNAL", **changes}]})


def refused(shop: Trade, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as told:
        configure(shop, **changes)
    return [(fault.code, fault.field) for fault in told.value.faults]


EXPORT = {"code": "EXPORT", "label": "Export", "prefix": "EX-{YY}{MM}-", "width": 3, "restart": "month"}


def test_each_series_says_what_it_would_print_next(shop: Trade) -> None:
    configure(shop, series=[EXPORT, {"code": "OFF", "prefix": "OFF-", "is_active": False}])
    shop.post(journal(series="EXPORT"))
    vouchers = shop.reopen().vouchers

    def shown(date: str) -> list[tuple[str, str, str, str]]:
        return [(one.series, one.label, one.branch, one.next_number) for one in vouchers.next_numbers("JOURNAL", date)]

    assert shown("2026-04-30") == [("MAIN", "", "HO", "JV/26-27/000001"), ("EXPORT", "Export", "HO", "EX-2604-002")]
    assert shown("2026-05-01")[1][3] == "EX-2605-001"
    assert vouchers.next_number("JOURNAL", {"date": "2026-04-02", "series": "EXPORT"}) == "EX-2604-002"
    assert vouchers.next_number("JOURNAL", {"date": "2026-04-02", "series": "NONE"}) == ""


def test_a_preview_outgrows_its_width_as_the_number_does(shop: Trade) -> None:
    configure(shop, number_width=1)
    for number in range(1, 12):
        assert shop.books.vouchers.next_number("JOURNAL", {"date": "2026-04-02"}) == f"JV/26-27/{number}"
        assert shop.post(journal()).voucher_number == f"JV/26-27/{number}"


def test_types_numbered_by_hand_have_no_next_number(shop: Trade) -> None:
    configure(shop, numbering_method="manual")
    vouchers = shop.reopen().vouchers
    assert vouchers.next_numbers("JOURNAL", "2026-04-02") == ()
    assert vouchers.next_number("JOURNAL", {"date": "2026-04-02"}) == ""


@pytest.mark.parametrize(("asked", "code"), [
    (("NOTHING", "2026-04-02", None), "VCH-017"), (("JOURNAL", "2026-04-02", "NOWHERE"), "VCH-018"),
    (("JOURNAL", "2099-01-01", None), "PRD-001"), (("JOURNAL", "soon", None), "VCH-004")])
def test_what_has_no_next_number_is_told(shop: Trade, asked: tuple[str, str, str | None], code: str) -> None:
    with pytest.raises(InvalidRequest) as told:
        shop.books.vouchers.next_numbers(*asked)
    assert told.value.code == code


def test_a_series_changes_its_look_from_a_day_on_and_counts_on(shop: Trade) -> None:
    configure(shop, series=[{"code": "MAIN", "prefix": "NEW/{FYS}/", "valid_from": "2026-06-01"}])
    days = ("2026-05-31", "2026-06-01", "2026-05-01", "2027-01-01")
    assert [shop.post(journal(date=day)).voucher_number for day in days] == [
        "JV/26-27/000001", "NEW/26-27/000002", "JV/26-27/000003", "NEW/26-27/000004"]


def test_no_series_has_a_gap_when_many_desks_use_several_in_several_months(shop: Trade) -> None:
    configure(shop, series=[EXPORT])
    shop.post(journal(series="EXPORT"))
    choices = [{"series": "EXPORT", "date": "2026-04-02"}, {"series": "EXPORT", "date": "2026-05-02"},
               {"date": "2026-05-03"}]
    unbalanced = [{"account": "1110", "debit": "1"}]
    work = [[{**journal("1", **choices[(desk + number) % 3], idempotency_key=f"{desk}-{number}"),
              **({} if number % 5 else {"lines": unbalanced})} for number in range(15)] for desk in range(6)]
    outcomes = [one for desk in run_desks(shop.database.url(), work) for one in desk]
    assert {(one.kind, one.code) for one in outcomes} == {("ok", ""), ("invalid", "GL-001")}
    taken = defaultdict(list)
    for (number,) in shop.rows("SELECT voucher_number FROM erpdesk.voucher WHERE status = 'POSTED'"):
        prefix, _, figure = number.replace("/", "-").rpartition("-")
        taken[prefix].append(int(figure))
    assert sorted(taken) == ["EX-2604", "EX-2605", "JV-26-27"]
    assert all(sorted(figures) == list(range(1, len(figures) + 1)) for figures in taken.values())


@pytest.mark.parametrize(("changes", "found"), [
    ({"series": [{"code": "B", "prefix": "jv/{FYS}/"}]}, [("CFG-019", "voucher_types[0].series[0].prefix")]),
    ({"number_restart": "month"}, [("CFG-019", "voucher_types[0].number_restart")]),
    ({"number_per_branch": True}, [("CFG-019", "voucher_types[0].number_per_branch")]),
    ({"number_prefix": "{YEAR}"}, [("CFG-017", "voucher_types[0].number_prefix")])])
def test_series_that_could_print_the_same_number_are_refused(shop: Trade, changes: dict[str, Any],
                                                             found: list[tuple[str, str]]) -> None:
    assert refused(shop, **changes) == found


def test_a_series_too_long_for_the_law_is_refused_when_it_is_saved(shop: Trade) -> None:
    configure(shop, number_prefix="JOURNAL/{FYS}/")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization SET country = 'IN'")
        connection.execute("SET session_replication_role = replica")  # a branch keeps its code
        connection.execute("UPDATE erpdesk.branch SET code = 'POKHARA', code_key = 'pokhara'")
    indian = shop.reopen()
    for prefix, ok in (("JRNL/{FYS}/", False), ("J/{BRANCH}", False), ("JV/{FYS}/", True)):
        width = 9 if "B" in prefix else 7
        change = {"voucher_types": [{"code": "JOURNAL", "number_prefix": prefix, "number_width": width}]}
        if ok:
            indian.configuration.import_document(change)
            continue
        with pytest.raises(InvalidRequest) as told:
            indian.configuration.import_document(change)
        assert (told.value.code, told.value.faults[0].field) == ("CFG-018", "voucher_types[0].number_prefix")
