"""Reports say what the rows of the books say, in the shape that other programs rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import ErpdeskError, ForbiddenError
from erpdesk.services.reports import Report, ReportService, WrongQuestion
from helpers.book_rows import BookRows, Line, Move, OrganizationRows
from helpers.database import Database


@dataclass(slots=True)
class Shop:
    """An organization with a clerk's and an accountant's reports over the same rows."""

    rows: BookRows
    organization: OrganizationRows
    clerk: ReportService
    accountant: ReportService

    def run(self, name: str, **filters: Any) -> Report:
        return self.accountant.run(name, **filters)

    def post(self, *given: Any, **more: Any) -> Any:
        return self.rows.post(self.organization, *given, **more)


def info(organization: OrganizationRows) -> OrganizationInfo:
    code = organization.code
    return OrganizationInfo(organization.id, code, code, "NP", "NPR", 2, "UTC", "en", "gregorian", "western",
                            False, "admin", (), ())


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    clerk = database.make_user("rita", ["clerk"])
    accountant = database.make_user("hari", ["accountant"])
    with BookRows(database) as rows:
        organization = rows.organization("SHOP", [(clerk, "clerk"), (accountant, "accountant")])
        for party, kind in (("C001", "customer"), ("S001", "supplier")):
            rows.party(organization, party, kind)
        yield Shop(rows, organization, ReportService(database.server(clerk), info(organization)),
                   ReportService(database.server(accountant), info(organization)))


def cash_sale(shop: Shop, day: str, amount: str) -> Any:
    return shop.post("LEDGER", day, [Line("1110", amount), Line("4010", f"-{amount}")])


def column(report: Report, key: str) -> list[str]:
    return [row[key] for row in report.rows]


def test_trial_balance_shows_net_balances_on_their_side(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "100.50")
    shop.post("LEDGER", "2026-04-03", [Line("5010", "40"), Line("1110", "-40")])
    report = shop.run("trial-balance")
    assert [dict(row) for row in report.rows] == [
        {"account": "1110", "name": "Cash", "type": "asset", "debit": "60.50", "credit": "0.00"},
        {"account": "4010", "name": "Sales", "type": "income", "debit": "0.00", "credit": "100.50"},
        {"account": "5010", "name": "Cost of goods sold", "type": "expense", "debit": "40.00",
         "credit": "0.00"}]
    assert report.totals == {"debit": "100.50", "credit": "100.50"}


def test_trial_balance_leaves_out_accounts_at_zero_and_later_days(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "10")
    shop.post("LEDGER", "2026-04-03", [Line("4010", "10"), Line("1110", "-10")])
    assert shop.run("trial-balance").rows == ()
    early = shop.run("trial-balance", until="2026-04-02")
    assert column(early, "account") == ["1110", "4010"]
    assert early.as_of == date(2026, 4, 2)
    assert column(shop.run("trial-balance", since=date(2026, 4, 3)), "debit") == ["0.00", "10.00"]


def test_json_has_the_contracted_shape(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "10")
    answer = json.loads(shop.clerk.written("trial-balance", "json", until="2026-04-30"))
    assert list(answer) == ["report", "organization", "as_of", "rows", "totals"]
    assert (answer["report"], answer["organization"], answer["as_of"]) == (
        "trial-balance", "SHOP", "2026-04-30")
    assert all(isinstance(value, str) for row in answer["rows"] for value in row.values())


def test_ledger_runs_a_balance_and_opens_with_what_stood_before(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "10")
    shop.post("LEDGER", "2026-04-03", [Line("5010", "25"), Line("1110", "-25")], narration="rent")
    cash_sale(shop, "2026-05-02", "7")
    report = shop.run("ledger", account="1110", since="2026-04-03")
    assert [dict(row) for row in report.rows] == [
        {"date": "2026-04-03", "voucher_number": "", "type": "OPENING", "narration": "Opening balance",
         "debit": "10.00", "credit": "0.00", "balance": "10.00"},
        {"date": "2026-04-03", "voucher_number": "LEDGER/000002", "type": "LEDGER", "narration": "rent",
         "debit": "0.00", "credit": "25.00", "balance": "-15.00"},
        {"date": "2026-05-02", "voucher_number": "LEDGER/000003", "type": "LEDGER", "narration": "",
         "debit": "7.00", "credit": "0.00", "balance": "-8.00"}]
    assert report.totals == {"debit": "17.00", "credit": "25.00", "balance": "-8.00"}
    assert column(shop.run("ledger", account="1110", until="2026-04-30"), "balance") == ["10.00", "-15.00"]


def test_ledger_of_a_party_and_of_a_group(shop: Shop) -> None:
    shop.rows.account(shop.organization, "1000", is_group=True)
    shop.rows.account(shop.organization, "1111", parent="1000")
    shop.post("LEDGER", "2026-04-02", [Line("1130", "30", "C001"), Line("4010", "-30")])
    shop.post("LEDGER", "2026-04-03", [Line("1111", "5"), Line("1130", "-5", "C001")])
    assert column(shop.run("ledger", party="c001 "), "balance") == ["30.00", "25.00"]
    assert column(shop.run("ledger", account="1000"), "balance") == ["5.00"]
    assert shop.run("ledger", account="1111", party="C001").rows == ()


def test_journal_finds_a_voucher_by_number_id_and_key(shop: Shop) -> None:
    voucher = shop.post("LEDGER", "2026-04-02", [Line("1130", "30", "C001"), Line("4010", "-30")], key="k-1")
    for reference in ("LEDGER/000001", " ledger/000001", str(voucher), "key:k-1"):
        report = shop.run("journal", voucher=reference)
        assert [dict(row) for row in report.rows] == [
            {"line": "1", "account": "1130", "name": "Receivable", "party": "C001", "cost_centre": "",
             "debit": "30.00", "credit": "0.00"},
            {"line": "2", "account": "4010", "name": "Sales", "party": "", "cost_centre": "",
             "debit": "0.00", "credit": "30.00"}]
        assert report.as_of == date(2026, 4, 2)


def test_journal_refuses_a_number_that_several_vouchers_have(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "1")
    cash_sale(shop, "2026-04-02", "2")
    shop.rows.execute("UPDATE erpdesk.voucher SET voucher_number_key = 'same', voucher_config_id ="
                      " CASE base_total WHEN 1 THEN voucher_config_id ELSE %s END",
                      shop.organization["voucher_config_master", "IN"])
    with pytest.raises(ErpdeskError) as caught:
        shop.run("journal", voucher="same")
    assert caught.value.code == "RPT-006"


def test_day_book_pages_by_the_last_voucher_seen(shop: Shop) -> None:
    for day in ("2026-04-03", "2026-04-02", "2026-04-03", "2026-04-04", "2026-04-02"):
        cash_sale(shop, day, "1")
    everything = column(shop.run("day-book"), "voucher_number")
    assert everything == [f"LEDGER/{n:06}" for n in (2, 5, 1, 3, 4)]
    pages, after = [], None
    while rows := shop.run("day-book", limit=2, after=after).rows:
        pages += [row["voucher_number"] for row in rows]
        after = rows[-1]["voucher_id"]
    assert pages == everything
    assert len(shop.run("day-book", since="2026-04-03", until="2026-04-03").rows) == 2
    assert shop.run("day-book", type="IN").rows == ()
    assert len(shop.run("day-book", type="ledger").rows) == 5


def test_day_book_leaves_drafts_out(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "1")
    shop.rows.execute("UPDATE erpdesk.voucher SET status = 'DRAFT', posted_at = NULL")
    assert shop.run("day-book").rows == ()


def receive(shop: Shop, day: str, move: Move) -> Any:
    return shop.post("IN", day, [Line("1140", move.value), Line("2110", f"-{move.value}", "S001")], [move])


def test_stock_balance_of_layers_goes_by_batch(shop: Shop) -> None:
    shop.rows.item(shop.organization, "FIFO", batches=["B1", "B2"])
    first = receive(shop, "2026-04-02", Move("FIFO", "MAIN", "10", "50", "B1"))
    receive(shop, "2026-04-03", Move("FIFO", "MAIN", "3", "20", "B2"))
    shop.post("OUT", "2026-04-04", [Line("5010", "20"), Line("1140", "-20")],
              [Move("FIFO", "MAIN", "-4", "-20", "B1", taken_from=first)])
    report = shop.run("stock-balance")
    assert [tuple(row.values()) for row in report.rows] == [
        ("FIFO", "MAIN", "B1", "6", "30.00", "5"), ("FIFO", "MAIN", "B2", "3", "20.00", "6.666667")]
    assert report.totals == {"value": "50.00"}
    on_the_second = shop.run("stock-balance", until="2026-04-02")
    assert [tuple(row.values()) for row in on_the_second.rows] == [("FIFO", "MAIN", "B1", "10", "50.00", "5")]
    assert shop.run("stock-balance", warehouse="SHOP").rows == ()
    assert [tuple(row.values()) for row in shop.run("stock-balance", until="2026-04-04").rows] == [
        tuple(row.values()) for row in report.rows]


def test_stock_balance_splits_a_pool_over_batches_in_code_order(shop: Shop) -> None:
    shop.rows.item(shop.organization, "POOL", "weighted_average", batches=["B2", "B1", "B3"])
    for batch, quantity, value in (("B2", "1", "4"), ("B1", "1", "3"), ("B3", "1", "3")):
        receive(shop, "2026-04-02", Move("POOL", "MAIN", quantity, value, batch))
    for filters in ({}, {"until": "2026-04-02"}):
        report = shop.run("stock-balance", **filters)
        assert column(report, "batch") == ["B1", "B2", "B3"]
        assert column(report, "value") == ["3.33", "3.34", "3.33"]
        assert report.totals == {"value": "10.00"}


def test_stock_balance_of_a_pool_without_batches_and_no_empty_rows(shop: Shop) -> None:
    shop.rows.item(shop.organization, "POOL", "weighted_average")
    shop.rows.item(shop.organization, "GONE", "weighted_average")
    receive(shop, "2026-04-02", Move("POOL", "SHOP", "2.500", "10"))
    receive(shop, "2026-04-02", Move("GONE", "SHOP", "1", "10"))
    shop.post("OUT", "2026-04-02", [Line("5010", "10"), Line("1140", "-10")],
              [Move("GONE", "SHOP", "-1", "-10")])
    assert [tuple(row.values()) for row in shop.run("stock-balance").rows] == [
        ("POOL", "SHOP", "", "2.5", "10.00", "4")]


def test_stock_layers_are_the_queue_and_know_their_origin(shop: Shop) -> None:
    shop.rows.item(shop.organization, "FIFO")
    later = receive(shop, "2026-04-05", Move("FIFO", "MAIN", "1", "6"))
    first = receive(shop, "2026-04-02", Move("FIFO", "MAIN", "10", "50"))
    shop.post("MOVE", "2026-04-06", [], [Move("FIFO", "MAIN", "-4", "-20", taken_from=first),
                                         Move("FIFO", "SHOP", "4", "20", taken_from=first)])
    report = shop.run("stock-layers", item="fifo")
    assert later != first
    assert [tuple(row.values()) for row in report.rows] == [
        ("FIFO", "MAIN", "", "2026-04-02", "IN/000002", "IN/000002", "6", "30.00", "5"),
        ("FIFO", "MAIN", "", "2026-04-05", "IN/000001", "IN/000001", "1", "6.00", "6"),
        ("FIFO", "SHOP", "", "2026-04-06", "MOVE/000001", "IN/000002", "4", "20.00", "5")]
    assert report.totals == {"value_left": "56.00"}


def test_outstanding_shows_credits_as_negative_rows_and_each_side_its_way(shop: Shop) -> None:
    shop.post("LEDGER", "2026-04-02", [Line("1130", "30", "C001"), Line("4010", "-30")], due="2026-05-02")
    shop.post("LEDGER", "2026-04-03", [Line("1110", "5"), Line("1130", "-5", "C001")])
    shop.post("LEDGER", "2026-04-04", [Line("5010", "8"), Line("2110", "-8", "S001")])
    receivable = shop.run("outstanding", kind="receivable", until="2026-04-12")
    assert [tuple(row.values()) for row in receivable.rows] == [
        ("C001", "LEDGER/000001", "2026-04-02", "2026-05-02", "30.00", "30.00", "10"),
        ("C001", "LEDGER/000002", "2026-04-03", "", "-5.00", "-5.00", "9")]
    assert receivable.totals == {"amount": "25.00", "open_amount": "25.00"}
    assert column(shop.run("outstanding", kind="payable"), "open_amount") == ["8.00"]
    assert shop.run("outstanding", kind="payable", until="2026-04-03").rows == ()


def test_outstanding_on_an_earlier_day_takes_settlements_back(shop: Shop) -> None:
    invoice = shop.post("LEDGER", "2026-04-02", [Line("1130", "30", "C001"), Line("4010", "-30")])
    receipt = shop.post("LEDGER", "2026-04-10", [Line("1110", "30"), Line("1130", "-30", "C001")])
    for voucher, amount in ((invoice, 30), (receipt, -30)):
        shop.rows.execute(
            "INSERT INTO erpdesk.settlement (organization_id, id, voucher_id, open_item_id, amount,"
            " currency_amount) SELECT organization_id, gen_random_uuid(), %s, id, %s, %s"
            " FROM erpdesk.open_item WHERE voucher_id = %s", receipt, amount, amount, voucher)
    shop.rows.execute("UPDATE erpdesk.open_item SET open_amount = 0")
    assert shop.run("outstanding", kind="receivable").rows == ()
    assert shop.run("outstanding", kind="receivable", until="2026-04-10").rows == ()
    assert column(shop.run("outstanding", kind="receivable", until="2026-04-09"), "open_amount") == ["30.00"]


@pytest.mark.parametrize(("name", "filters", "code"), [
    ("profit", {}, "RPT-001"),
    ("ledger", {}, "RPT-002"), ("journal", {"voucher": ""}, "RPT-002"), ("outstanding", {}, "RPT-002"),
    ("journal", {"voucher": "1", "account": "1110"}, "RPT-003"),
    ("outstanding", {"kind": "neither"}, "RPT-003"),
    ("day-book", {"since": "1.4.2026"}, "RPT-003"), ("day-book", {"limit": "0"}, "RPT-003"),
    ("day-book", {"limit": "x"}, "RPT-003"), ("trial-balance", {"colour": "red"}, "RPT-003"),
    ("day-book", {"since": "2026-04-02", "until": "2026-04-01"}, "RPT-003"),
])
def test_a_wrong_question_is_told_apart_from_an_empty_answer(shop: Shop, name: str, filters: dict[str, str],
                                                             code: str) -> None:
    with pytest.raises(WrongQuestion) as caught:
        shop.run(name, **filters)
    assert caught.value.code == code


@pytest.mark.parametrize(("name", "filters", "code"), [
    ("ledger", {"account": "9999"}, "RPT-004"), ("ledger", {"party": "NOBODY"}, "RPT-004"),
    ("stock-balance", {"item": "NOTHING"}, "RPT-004"), ("stock-layers", {"warehouse": "NOWHERE"}, "RPT-004"),
    ("day-book", {"type": "NOSUCH"}, "RPT-004"), ("journal", {"voucher": "XX/1"}, "RPT-005"),
    ("journal", {"voucher": "key:none"}, "RPT-005"), ("day-book", {"after": "XX/1"}, "RPT-005"),
    ("ledger", {"account": "1110' OR '1'='1"}, "RPT-004"), ("journal", {"voucher": "%s %(x)s"}, "RPT-005"),
])
def test_a_filter_that_names_nothing_is_refused(shop: Shop, name: str, filters: dict[str, str],
                                                code: str) -> None:
    with pytest.raises(ErpdeskError) as caught:
        shop.run(name, **filters)
    assert caught.value.code == code
    assert not isinstance(caught.value, WrongQuestion)


QUESTIONS = [("trial-balance", {}), ("ledger", {"account": "1110", "party": "C001", "since": "2026-04-02"}),
             ("journal", {"voucher": "LEDGER/000001"}), ("day-book", {"limit": 1000}), ("stock-balance", {}),
             ("stock-layers", {}), ("outstanding", {"kind": "receivable"}), ("profit-loss", {}), ("balance-sheet", {}),
             ("stock-ledger", {"since": "2026-04-02"}), ("stock-ageing", {}), ("tax-register", {}), ("audit", {})]


@pytest.mark.parametrize(("name", "filters"), QUESTIONS)
def test_number_of_statements_does_not_grow_with_the_books(shop: Shop, monkeypatch: pytest.MonkeyPatch,
                                                           name: str, filters: dict[str, Any]) -> None:
    shop.rows.item(shop.organization, "FIFO", batches=["B1"])
    shop.rows.item(shop.organization, "POOL", "weighted_average")

    def grow() -> None:
        shop.post("LEDGER", "2026-04-03", [Line("1130", "3", "C001"), Line("4010", "-3")])
        receive(shop, "2026-04-03", Move("FIFO", "MAIN", "1", "5", "B1"))
        receive(shop, "2026-04-03", Move("POOL", "MAIN", "1", "5"))

    said: list[Any] = []
    execute = psycopg.Cursor.execute

    def counted(cursor: Any, query: Any, *given: Any, **more: Any) -> Any:
        if cursor.connection is not shop.rows.connection:
            said.append(query)
        return execute(cursor, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    counts = []
    grow()
    shop.run(name, **filters)
    for _ in range(2):
        grow()
        said.clear()
        shop.run(name, **filters)
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert counts[0] <= 6


@pytest.mark.parametrize(("name", "filters"), QUESTIONS)
def test_nobody_sees_the_books_of_an_organization_he_does_not_belong_to(shop: Shop, name: str,
                                                                        filters: dict[str, Any]) -> None:
    cash_sale(shop, "2026-04-02", "10")
    stranger = shop.rows.database.make_user("stranger", ["accountant"])
    other = shop.rows.organization("OTHER", [(stranger, "accountant")])
    service = ReportService(shop.rows.database.server(stranger), info(shop.organization))
    with pytest.raises(ForbiddenError):
        service.run(name, **filters)
    own = ReportService(shop.rows.database.server(stranger), info(other))
    assert own.run("trial-balance").rows == ()
    assert own.run("day-book").rows == ()


def test_export_needs_its_permission(shop: Shop) -> None:
    cash_sale(shop, "2026-04-02", "10")
    assert b"1110" in shop.clerk.written("trial-balance", "table")
    with pytest.raises(ForbiddenError):
        shop.clerk.written("trial-balance", "csv")
    assert b"1110" in shop.accountant.written("trial-balance", "csv")
    with pytest.raises(WrongQuestion):
        shop.accountant.written("trial-balance", "pdf")


def test_sums_agree_between_reports(shop: Shop) -> None:
    shop.rows.item(shop.organization, "FIFO")
    receive(shop, "2026-04-02", Move("FIFO", "MAIN", "10", "50"))
    trial = {row["account"]: row for row in shop.run("trial-balance").rows}
    assert trial["1140"]["debit"] == shop.run("stock-balance").totals["value"]
    assert Decimal(trial["2110"]["credit"]) == Decimal(
        shop.run("outstanding", kind="payable").totals["open_amount"])
