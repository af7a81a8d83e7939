"""Numbers follow posting order in their series: no gap, no duplicate, restarted as configured."""

from __future__ import annotations

from datetime import date

import pytest

from helpers.trading import Trade, accepted, journal


def second_year(shop: Trade) -> None:
    """A fiscal year 2027-28 of one period."""
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.fiscal_year (organization_id, id, code, short_code, starts_on, ends_on)"
                           " SELECT id, gen_random_uuid(), '2027-28', '27-28', '2027-04-01', '2028-03-31'"
                           " FROM erpdesk.organization")
        connection.execute("INSERT INTO erpdesk.accounting_period (organization_id, id, fiscal_year_id, number,"
                           " starts_on,"
                           " ends_on) SELECT organization_id, gen_random_uuid(), id, 1, starts_on, ends_on"
                           " FROM erpdesk.fiscal_year WHERE code = '2027-28'")


def second_branch(shop: Trade) -> None:
    """A branch PKR beside HO."""
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.branch (organization_id, id, code, code_key, name)"
                           " SELECT id, gen_random_uuid(), 'PKR', 'pkr', 'Pokhara' FROM erpdesk.organization")


def series(shop: Trade, **columns: object) -> None:
    """Sets columns of the journal's number series."""
    for name, value in columns.items():
        with shop.admin() as connection:
            connection.execute(f"UPDATE erpdesk.number_series s SET {name} = %s FROM erpdesk.voucher_config_master t"
                               " WHERE t.id = s.voucher_config_id AND t.code = 'JOURNAL'".encode(), (value,))


def numbers(shop: Trade) -> list[str]:
    """All numbers in posting order."""
    return [number for (number,) in shop.rows("SELECT voucher_number FROM erpdesk.voucher ORDER BY posting_sequence")]


def test_numbers_count_up_in_posting_order_whatever_the_dates(shop: Trade) -> None:
    for day in ("2026-09-01", "2026-04-05", "2027-03-31"):
        shop.post(journal(date=day))
    assert numbers(shop) == ["JV/26-27/000001", "JV/26-27/000002", "JV/26-27/000003"]


def test_each_type_counts_by_itself(shop: Trade) -> None:
    shop.post(journal())
    paid = shop.post({"type": "CASH_PAYMENT", "date": "2026-04-02", "account": "1110",
                      "lines": [{"account": "6020", "amount": "1"}]})
    assert paid.voucher_number == "CP/26-27/000001"


def test_a_refused_voucher_takes_no_number(shop: Trade) -> None:
    shop.post(journal())
    shop.refuse({**journal(), "lines": [{"account": "1110", "debit": "1"}]})
    assert shop.post(journal()).voucher_number == "JV/26-27/000002"


def test_the_next_number_is_shown_without_being_taken(shop: Trade) -> None:
    document = {"date": "2026-04-02"}
    assert [shop.books.vouchers.next_number("JOURNAL", document) for _ in range(3)] == ["JV/26-27/000001"] * 3
    shop.post(journal())
    assert shop.books.vouchers.next_number("JOURNAL", document) == "JV/26-27/000002"


def test_numbers_restart_with_the_fiscal_year(shop: Trade) -> None:
    second_year(shop)
    days = ("2027-03-31", "2027-04-01", "2026-04-01", "2027-04-02")
    assert [shop.post(journal(date=day)).voucher_number for day in days] == [
        "JV/26-27/000001", "JV/27-28/000001", "JV/26-27/000002", "JV/27-28/000002"]


def test_numbers_restart_with_the_month_where_so_configured(shop: Trade) -> None:
    series(shop, restart="month", prefix="J{YY}{MM}-")
    days = ("2026-04-30", "2026-05-01", "2026-04-01")
    assert [shop.post(journal(date=day)).voucher_number for day in days] == ["J2604-000001", "J2605-000001",
                                                                             "J2604-000002"]


def test_numbers_count_by_branch_where_so_configured(shop: Trade) -> None:
    second_branch(shop)
    series(shop, per_branch=True, prefix="{BRANCH}/")
    branches = ("HO", "PKR", "HO", "PKR")
    assert [shop.post(journal(branch=branch)).voucher_number for branch in branches] == [
        "HO/000001", "PKR/000001", "HO/000002", "PKR/000002"]


def test_branches_share_a_series_that_is_not_theirs(shop: Trade) -> None:
    second_branch(shop)
    assert [shop.post(journal(branch=branch)).voucher_number for branch in ("HO", "PKR")] == [
        "JV/26-27/000001", "JV/26-27/000002"]


def test_a_series_begins_where_it_is_told_and_outgrows_its_width(shop: Trade) -> None:
    series(shop, first_number=99, width=2)
    assert [shop.post(journal()).voucher_number for _ in range(2)] == ["JV/26-27/99", "JV/26-27/100"]


def test_a_document_may_name_its_series_and_an_unknown_one_is_refused(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.number_series (organization_id, id, voucher_config_id, code, prefix)"
                           " SELECT organization_id, gen_random_uuid(), id, 'EXPORT', 'EX-'"
                           " FROM erpdesk.voucher_config_master WHERE code = 'JOURNAL'")
    assert shop.post(journal(series="EXPORT")).voucher_number == "EX-000001"
    assert shop.post(journal()).voucher_number == "JV/26-27/000001"
    assert shop.post(journal(series=" export ")).voucher_number == "EX-000002"
    assert shop.post(journal(series="main")).voucher_number == "JV/26-27/000002"
    assert shop.books.vouchers.next_number("JOURNAL", journal(series="Export")) == "EX-000003"
    refused = shop.refuse(journal(series="NOWHERE"))
    assert (refused.kind, refused.first.code) == ("invalid", "NUM-002")


def test_more_than_sixteen_characters_are_refused_where_the_law_says_so(shop: Trade) -> None:
    series(shop, prefix="JOURNAL/26-27/")
    assert shop.post(journal()).voucher_number == "JOURNAL/26-27/000001"
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization SET country = 'IN'")
    assert shop.refuse(journal()).first.code == "NUM-003"
    assert len(numbers(shop)) == 1


@pytest.fixture
def manual(shop: Trade) -> Trade:
    """SHOP with journals numbered by hand."""
    shop.configure("JOURNAL", numbering_method="manual")
    return shop


def test_a_manual_number_is_kept_as_typed(manual: Trade) -> None:
    made = manual.post(journal(voucher_number="A-7"))
    assert (made.voucher_number, made.status) == ("A-7", "POSTED")
    assert manual.one("SELECT count(*) FROM erpdesk.voucher_number") == 0


def test_a_manual_number_is_unique_in_its_year_ignoring_case_and_blanks(manual: Trade) -> None:
    second_year(manual)
    manual.post(journal(voucher_number="A-7"))
    refused = manual.refuse(journal(voucher_number=" a-7 "))
    assert (refused.kind, refused.first.code) == ("invalid", "NUM-001")
    assert manual.post(journal(voucher_number="A-7", date="2027-04-01")).voucher_number == "A-7"


def test_a_manual_number_must_be_given(manual: Trade) -> None:
    refused = manual.refuse(journal())
    assert refused.kind == "invalid"
    assert refused.first.field == "voucher_number"
    assert manual.balances() == {}


def test_a_number_typed_where_numbers_are_automatic_is_refused(shop: Trade) -> None:
    refused = shop.refuse(journal(voucher_number="A-7"))
    assert (refused.kind, refused.first.field) == ("invalid", "voucher_number")


def test_a_stored_draft_gets_its_number_only_when_posted(shop: Trade) -> None:
    shop.save(journal("1", idempotency_key="first"))
    assert shop.post(journal("2")).voucher_number == "JV/26-27/000001"
    assert accepted(shop.books.vouchers.post("key:first")).voucher_number == "JV/26-27/000002"
    assert shop.rows("SELECT last_number FROM erpdesk.number_counter") == [(2,)]


def test_the_fiscal_year_of_a_voucher_follows_from_its_date(shop: Trade) -> None:
    second_year(shop)
    shop.post(journal(date="2027-04-01", entry_date=str(date(2026, 4, 1))))
    assert shop.rows("SELECT y.code FROM erpdesk.voucher v JOIN erpdesk.fiscal_year y ON y.id = v.fiscal_year_id") == [
        ("2027-28",)]
