"""Registers read vouchers of every status page by page, the same ones at any depth, as far as one may see them."""

from __future__ import annotations

import json

import pytest

from erpdesk.domain.results import ErpdeskError, ForbiddenError, Ok
from erpdesk.services.registers import RegisterPage, RegisterQuestion, RegisterRow, RegisterService
from helpers.office import open_office
from helpers.trading import Trade, goods, journal, purchase, sale

ALL = RegisterQuestion()


def filled(shop: Trade) -> RegisterService:
    """Posted and drafted journals over some days, entered in an order of their own, and a cancelled one."""
    for number in range(24):
        day = f"2026-04-{2 + number * 5 % 7:02}"
        document = journal(f"{number + 1}.00", date=day, narration=f"no {number}")
        (shop.save if number % 4 == 3 else shop.post)(document)
    gone = shop.save(journal("99.00", date="2026-04-03"))
    assert isinstance(shop.books.approvals.cancel(gone.voucher_id), Ok)
    shop.post(purchase([goods("TEA", "10", "5")], date="2026-04-04", ref_no="B%_1"))
    return shop.books.registers


def ids(page: RegisterPage | list[RegisterRow]) -> list[str]:
    rows = page.rows if isinstance(page, RegisterPage) else page
    return [row.voucher_id for row in rows]


@pytest.mark.parametrize("question", [ALL, RegisterQuestion(type="JOURNAL"),
                                      RegisterQuestion(since="2026-04-03", until="2026-04-06"),
                                      RegisterQuestion(text="no 1")], ids=["all", "type", "days", "words"])
def test_pages_of_any_size_put_together_are_the_whole_both_ways(shop: Trade, question: RegisterQuestion) -> None:
    registers = filled(shop)
    whole = registers.first(question, 1000)
    assert len(whole.rows) > 3
    assert not whole.has_before
    assert not whole.has_after
    assert registers.how_many(question) == len(whole.rows)
    for limit in (1, 3, 7):
        page, forward = registers.first(question, limit), list(registers.first(question, limit).rows)
        while page.has_after:
            page = registers.after(question, page.rows[-1].place, limit)
            forward += page.rows
        assert ids(forward) == ids(whole)
        page, backward = registers.last(question, limit), list(registers.last(question, limit).rows)
        while page.has_before:
            page = registers.before(question, page.rows[0].place, limit)
            backward = [*page.rows, *backward]
        assert ids(backward) == ids(whole)


def test_every_status_is_there_in_the_order_of_the_days_unposted_last(shop: Trade) -> None:
    rows = filled(shop).first(ALL, 1000).rows
    assert {row.status for row in rows} == {"POSTED", "DRAFT", "CANCELLED"}
    assert [row.date for row in rows] == sorted(row.date for row in rows)
    for day in {row.date for row in rows}:
        posted = [row.status == "POSTED" for row in rows if row.date == day]
        assert posted == sorted(posted, reverse=True)


def test_words_find_number_party_narration_reference_and_amount_and_no_wildcards(shop: Trade) -> None:
    registers = filled(shop)

    def found(text: str) -> list[str]:
        rows = registers.first(RegisterQuestion(text=text)).rows
        return [row.cells["narration"] or row.cells["ref_no"] for row in rows]

    assert found("tea est") == found("b%_1") == found("PI/26-27/000001") == ["B%_1"]
    assert found("NO 17") == ["no 17"] == found("18.00")
    assert found("%") == ["B%_1"]
    assert found("x_x") == []


def test_a_register_finds_a_voucher_again_where_it_stands_now(shop: Trade) -> None:
    registers = filled(shop)
    draft = next(row for row in registers.first(ALL).rows if row.status == "DRAFT")
    shop.post(draft.voucher_id)
    page = registers.around(ALL, draft.place, 3)
    assert [row.status for row in page.rows if row.voucher_id == draft.voucher_id] == ["POSTED"]
    whole = ids(registers.first(ALL, 1000))
    here = whole.index(draft.voucher_id)
    assert ids(page) == whole[max(0, here - 3):here + 4]
    elsewhere = registers.around(RegisterQuestion(type="SALES_INVOICE"), draft.place, 3)
    assert elsewhere.rows == ()


def test_neighbours_of_a_type_run_from_end_to_end(shop: Trade) -> None:
    registers = filled(shop)
    whole = ids(registers.first(RegisterQuestion(type="JOURNAL"), 1000))
    walked, here = [], registers.neighbour("JOURNAL", forward=False)
    while here:
        walked.append(here)
        here = registers.neighbour("JOURNAL", here, forward=False)
    assert walked == whole[::-1]
    assert registers.neighbour("JOURNAL", whole[0], forward=True) == whole[1]
    with pytest.raises(ErpdeskError):
        registers.neighbour("NONE", forward=True)


def test_a_voucher_knows_what_it_is_tied_to(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    sold = shop.sell("TEA", "2")
    shop.post({**sale([goods("TEA", "1", "15")]), "type": "SALES_RETURN", "against": sold.voucher_number,
               "date": "2026-04-11"})
    bought = shop.post(journal("5.00"))
    undone = shop.books.vouchers.reverse(bought.voucher_id, "2026-04-03", "typed twice")
    assert isinstance(undone, Ok)
    registers = shop.books.registers
    assert [(tie.kind, tie.voucher_number) for tie in registers.ties(bought.voucher_id)] == [
        ("reversed_by", undone.value.voucher_number)]
    assert [(tie.kind, tie.voucher_id) for tie in registers.ties(undone.value.voucher_id)] == [
        ("reverses", bought.voucher_id)]
    assert [tie.kind for tie in registers.ties(sold.voucher_id)] == ["against_of"]
    assert registers.rights("JOURNAL", "HO") == {"enter", "post", "reverse", "cancel"}


def test_a_register_shows_and_exports_what_its_user_may_see(shop: Trade) -> None:
    filled(shop)
    office = open_office(shop)
    clerk = office.books["clerk"].registers
    assert clerk.first(ALL).rows
    with pytest.raises(ForbiddenError):
        clerk.written(ALL, "csv")
    assert clerk.rights("JOURNAL", "HO") >= {"enter"}
    assert "reverse" not in clerk.rights("JOURNAL", "HO")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET branch_ids = '{}' WHERE user_name = session_user"
                           " OR role = 'clerk'")
    assert clerk.first(ALL).rows == ()
    assert clerk.neighbour("JOURNAL", forward=False) == ""
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET permissions = '{}' WHERE role = 'clerk'")
    with pytest.raises(ForbiddenError):
        clerk.first(ALL)


def test_a_register_is_written_whole_and_runs_no_formula(shop: Trade) -> None:
    registers = filled(shop)
    shop.post(journal("7.00", narration="=1+1"))
    rows = json.loads(registers.written(ALL, "json"))["rows"]
    assert len(rows) == registers.how_many(ALL)
    assert "'=1+1" in registers.written(ALL, "csv").decode("utf-8-sig")
    assert registers.written(ALL, "xlsx").startswith(b"PK")
