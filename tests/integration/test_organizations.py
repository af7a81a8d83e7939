"""Creating an organization gives its admin everything to work with, and nobody else anything to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from erpdesk.domain.results import ErpdeskError, ForbiddenError, InvalidRequest
from erpdesk.exchange.accounts import baseline_chart
from helpers.database import Database
from helpers.shops import desk_of, new_shop, open_shop


def test_organization_has_branch_year_periods_chart_warehouse_and_types(database: Database) -> None:
    books = open_shop(database)
    organization = books.organization
    assert [branch.code for branch in organization.branches] == ["HO"]
    assert [(year.code, year.short_code) for year in organization.fiscal_years] == [("2026-27", "26-27")]
    assert (organization.base_currency, organization.currency_decimals, organization.role) == (
        "NPR",
        2,
        "admin",
    )
    assert len(books.masters.lookup_rows("account")) == len(baseline_chart())
    assert "MAIN" in [row.code for row in books.masters.lookup_rows("warehouse")]
    blueprints = books.configuration.blueprints()
    assert sum(one.voucher_type.is_active for one in blueprints.values()) == 18
    with database.connect("owner") as connection:
        (months,) = connection.execute("SELECT count(*) FROM erpdesk.accounting_period").fetchone() or (0,)
        (versions,) = connection.execute("SELECT count(*) FROM erpdesk.blueprint_version").fetchone() or (0,)
    assert months == 12
    assert versions == len(blueprints)


def test_value_added_tax_follows_the_country(database: Database) -> None:
    desk = desk_of(database)
    rates = {}
    for code, country in (("NEPAL", "NP"), ("NOWHERE", "")):
        desk.create_organization(new_shop(code, country=country))
        charges = desk.books(code).configuration.blueprint("SALES_INVOICE").charges
        rates[code] = next(charge.rate for charge in charges if charge.code == "VAT")
    assert rates == {"NEPAL": Decimal(13), "NOWHERE": Decimal(0)}


def test_stored_blueprints_are_the_shipped_ones(database: Database) -> None:
    from erpdesk.blueprints.baseline import load_baseline

    stored = open_shop(database).configuration.blueprints()
    assert {code: one.hash for code, one in stored.items()} == {
        one.code: one.hash for one in load_baseline("NP")
    }


def test_creation_is_audited(database: Database) -> None:
    open_shop(database)
    with database.connect("owner") as connection:
        rows = connection.execute(
            "SELECT object_type, count(*) FROM erpdesk.audit_entry WHERE action = 'created' GROUP BY 1"
        ).fetchall()
    audited = dict(rows)
    assert audited["organization"] == 1
    assert audited["organization_member"] == 1
    assert audited["account"] == len(baseline_chart())


def test_code_is_taken_whatever_its_case(database: Database) -> None:
    desk = desk_of(database)
    desk.create_organization(new_shop("SHOP"))
    with pytest.raises(InvalidRequest) as refused:
        desk.create_organization(new_shop("shop"))
    assert refused.value.code == "ORG-002"
    assert [organization.code for organization in desk.organizations()] == ["SHOP"]


def test_a_refused_chart_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    chart = tmp_path / "chart.csv"
    chart.write_text("code,name,parent,type,role\n1,Cash,,asset,cash\n")
    desk = desk_of(database)
    with pytest.raises(InvalidRequest) as refused:
        desk.create_organization(new_shop(chart=str(chart)))
    assert refused.value.code == "ORG-007"
    assert "receivable" in refused.value.message
    assert desk.organizations() == ()


def test_own_chart_takes_the_place_of_the_baseline(database: Database, tmp_path: Path) -> None:
    """Voucher types name accounts of the baseline; here the accounts with the same roles stand in."""
    chart = tmp_path / "chart.csv"
    rows = [
        (f"X{row['code']}", row["name"], row["type"], row["role"])
        for row in baseline_chart()
        if "role" in row
    ]
    chart.write_text("code,name,type,role\n" + "".join(",".join(row) + "\n" for row in rows))
    desk = desk_of(database)
    made = desk.create_organization(new_shop(chart=str(chart)))
    assert made.accounts == len(rows)
    charges = desk.books("SHOP").configuration.blueprint("SALES_INVOICE").charges
    assert {charge.code: charge.ledger for charge in charges} == {"DISC": "X6010", "VAT": "X2130"}


def test_without_a_chart_types_that_need_accounts_wait(database: Database) -> None:
    desk = desk_of(database)
    made = desk.create_organization(new_shop(chart="none"))
    books = desk.books("SHOP")
    assert made.accounts == 0
    assert books.masters.lookup_rows("account") == ()
    codes = set(books.configuration.blueprints())
    assert "JOURNAL" in codes
    assert "SALES_INVOICE" not in codes
    assert dict(books.configuration.seed().rows())["SALES_INVOICE"].startswith("waiting")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": ""}, "ORG-003"),
        ({"code": "with space"}, "ORG-003"),
        ({"code": "x" * 21}, "ORG-003"),
        ({"name": "  "}, "ORG-003"),
        ({"name": "two\nlines"}, "ORG-003"),
        ({"currency": "XYZ"}, "ORG-004"),
        ({"country": "QQ"}, "ORG-006"),
        ({"ends_on": date(2026, 3, 31)}, "ORG-005"),
        ({"ends_on": date(2029, 3, 31)}, "ORG-005"),
    ],
)
def test_what_makes_no_sense_is_refused(database: Database, change: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        desk_of(database).create_organization(replace(new_shop(), **change))
    assert refused.value.code == code


def test_all_faults_are_told_at_once(database: Database) -> None:
    with pytest.raises(InvalidRequest) as refused:
        desk_of(database).create_organization(replace(new_shop(), code="", currency="?", country="??"))
    assert [fault.code for fault in refused.value.faults] == ["ORG-003", "ORG-004", "ORG-006"]


def test_only_an_administrator_may_create(database: Database) -> None:
    clerk = database.make_user("rita", ["clerk"])
    with pytest.raises(ForbiddenError):
        desk_of(database, clerk).create_organization(new_shop())


def test_strangers_see_nothing(database: Database) -> None:
    open_shop(database)
    stranger = database.make_user("eve", ["admin"])
    desk = desk_of(database, stranger)
    assert desk.organizations() == ()
    with pytest.raises(ErpdeskError) as refused:
        desk.books("SHOP")
    assert refused.value.code == "ORG-001"


def test_unknown_organization_names_those_there_are(database: Database) -> None:
    open_shop(database)
    with pytest.raises(ErpdeskError, match="SHOP") as refused:
        desk_of(database).books("NOPE")
    assert refused.value.code == "ORG-001"
