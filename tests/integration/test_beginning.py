"""A beginning: one set of answers makes an organization that holds what was there before, or says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from erpdesk.services.beginning import Beginning, begin
from erpdesk.services.charts import preview_chart
from erpdesk.services.countries import propose, year_around
from erpdesk.services.organizations import NewOrganization
from helpers.database import Database
from helpers.shops import desk_of

ORGANIZATION = NewOrganization(
    "NEW", "New Traders", "NPR", date(2026, 7, 17), date(2027, 7, 16), "NP",
    settings={"legal_name": "New Traders Pvt. Ltd.", "tax_number.PAN": "301234567", "calendar": "bikram_sambat",
              "language": "ne", "digit_grouping": "lakh", "time_zone": "Asia/Kathmandu"})
PARTIES = ({"code": "ASHA", "name": "Asha Stores", "kind": "customer"},)
ITEMS = ({"code": "RICE", "name": "Rice 25 kg", "uom": "PCS"},)
BALANCES = ({"account": "1110", "debit": "5000"}, {"account": "1130", "party": "ASHA", "debit": "1200"},
            {"account": "3010", "credit": "4000"})
STOCK = ({"item": "RICE", "quantity": "10", "rate": "150"},)


def balance_of(database: Database, account: str) -> str:
    rows = desk_of(database).books("NEW").reports.run("trial-balance").rows
    return next((f"{row['debit']} {row['credit']}" for row in rows if row["account"] == account), "")


def test_answers_become_books_with_balances_and_stock(database: Database) -> None:
    said: list[str] = []
    asked = Beginning(ORGANIZATION, BALANCES, STOCK, PARTIES, ITEMS)
    begun = begin(desk_of(database), asked, said.append)
    assert begun.faults == ()
    assert [number.split("/")[0] for number in begun.numbers] == ["OB", "OS"]
    assert said == ["organization", "masters", "balances", "stock"]
    assert balance_of(database, "1130") == "1200.00 0.00"
    assert balance_of(database, "1140") == "1500.00 0.00"
    assert balance_of(database, "3030") == "0.00 3700.00"
    settings = desk_of(database).books("NEW").settings.all()
    assert (settings["legal_name"], settings["tax_number.PAN"], settings["calendar"]) == (
        "New Traders Pvt. Ltd.", "301234567", "bikram_sambat")


def test_a_fault_leaves_what_is_done_and_the_next_try_goes_on(database: Database) -> None:
    wrong = Beginning(ORGANIZATION, ({"account": "1130", "debit": "1200"},), STOCK, PARTIES, ITEMS)
    begun = begin(desk_of(database), wrong)
    assert begun.is_made
    assert [fault.field for fault in begun.faults] == ["balances[0].party"]
    again = begin(desk_of(database), replace(wrong, balances=BALANCES, is_made=True))
    assert again.faults == ()
    once_more = begin(desk_of(database), replace(wrong, balances=BALANCES, is_made=True))
    assert once_more.numbers == again.numbers, "posted once, whoever asks again"


def test_nothing_is_made_of_an_organization_that_cant_be(database: Database) -> None:
    begun = begin(desk_of(database), Beginning(replace(ORGANIZATION, code="no spaces", settings={"calendar": "lunar"})))
    assert [fault.field for fault in begun.faults] == ["code", "calendar"]
    assert not begun.is_made
    assert desk_of(database).organizations() == ()


def test_a_chart_without_roles_is_mended_by_naming_them(database: Database, tmp_path: Path) -> None:
    chart = tmp_path / "chart.csv"
    roles = [role for role in preview_chart("baseline").rows if role.roles]
    lines = ["code,name,parent,type,role", *(f"{row.code},{row.name},,{row.type},{row.roles[0]}" for row in roles)]
    chart.write_text("\n".join(lines).replace(",sales\n", ",\n"), encoding="utf-8")
    seen = preview_chart(str(chart))
    assert seen.missing_roles == ("sales",)
    sales = next(row.code for row in seen.rows if row.name == "Sales")
    assert preview_chart(str(chart), {"sales": sales}).missing_roles == ()
    asked = replace(ORGANIZATION, chart=str(chart))
    assert begin(desk_of(database), Beginning(asked)).faults[0].code == "ORG-007"
    assert begin(desk_of(database), Beginning(replace(asked, roles={"sales": sales}))).faults == ()
    assert "SALES_INVOICE" in desk_of(database).books("NEW").configuration.blueprints()


def test_a_preview_names_the_line_of_each_fault(tmp_path: Path) -> None:
    chart = tmp_path / "chart.csv"
    chart.write_text("code,name,parent,type\n1,Assets,,asset\n1,Again,,asset\n2,Cash,9,asset\n3,What,,thing\n")
    seen = preview_chart(str(chart))
    assert {fault.field for fault in seen.faults} == {"line 3.code", "line 4.parent", "line 5.type"}
    assert [fault.code for fault in preview_chart(str(tmp_path / "none.csv")).faults] == ["IMP-001"]


@pytest.mark.parametrize(("country", "today", "first", "last", "calendar"), [
    ("NP", date(2026, 11, 20), date(2026, 7, 17), date(2027, 7, 16), "bikram_sambat"),
    ("NP", date(2026, 7, 16), date(2025, 7, 17), date(2026, 7, 16), "bikram_sambat"),
    ("IN", date(2026, 3, 31), date(2025, 4, 1), date(2026, 3, 31), "gregorian"),
    ("IN", date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31), "gregorian"),
    ("DE", date(2026, 6, 1), date(2026, 1, 1), date(2026, 12, 31), "gregorian"),
])  # fmt: skip
def test_the_fiscal_year_follows_country_and_day(country: str, today: date, first: date, last: date,
                                                 calendar: str) -> None:
    proposal = propose(country, today)
    assert (proposal.starts_on, proposal.ends_on, proposal.calendar) == (first, last, calendar)


def test_a_year_can_begin_on_any_day() -> None:
    assert year_around(date(2026, 1, 1), "07-01") == (date(2025, 7, 1), date(2026, 6, 30))
