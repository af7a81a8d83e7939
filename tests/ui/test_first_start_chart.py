"""The first start with a chart of accounts of one's own: seen, mended, its roles asked for."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from erpdesk.ui.session import CONNECTED
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.first_start import LONG_MS, arrived, assistant, session, window
from helpers.shops import desk_of

__all__ = ["session", "window"]

OWN_CHART = """code,name,parent,type
1,Assets,,asset
11,Cash in hand,1,asset
12,Nabil Bank,1,asset
13,Sundry Debtors,1,asset
14,Stock in hand,1,asset
2,Liabilities,,liability
21,Sundry Creditors,2,liability
22,Duties and taxes,2,liability
3,Capital,,equity
31,Owner's capital,3,equity
4,Income,,income
41,Sales account,4,income
5,Expenses,,expense
51,Purchases,5,expense
52,Office expenses,5,expense
"""


def to_the_own_chart(qtbot: QtBot, window: MainWindow, table: Path) -> None:
    arrived(qtbot, window, "what")
    typed("1")
    arrived(qtbot, window, "organization")
    typed("NEW", "<Enter>", "New", "<Enter>", "nepal", "<Enter>")
    arrived(qtbot, window, "organization")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "year")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "chart")
    typed("table", "<Enter>", str(table), "<Enter>")
    arrived(qtbot, window, "chart")


def test_an_own_chart_of_few_accounts_is_proposed_for_every_role_and_taken_as_it_is(
        qtbot: QtBot, window: MainWindow, tmp_path: Path, database: Database) -> None:
    table = tmp_path / "own.csv"
    table.write_text(OWN_CHART, encoding="utf-8")
    to_the_own_chart(qtbot, window, table)
    roles = assistant(window).step.role_form
    assert (roles.values["cogs"], roles.values["purchase_variance"], roles.values["write_off"]) == ("51", "51", "52")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "balances")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "stock")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "summary")
    typed("<Enter>")
    qtbot.waitUntil(lambda: window.session.state == CONNECTED and window.beginning.page is None, timeout=LONG_MS)
    assert "PURCHASE_INVOICE" in desk_of(database).books("NEW").configuration.blueprints()


def test_a_role_that_needs_an_account_of_its_own_is_not_given_one_that_has_another(
        qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text(OWN_CHART, encoding="utf-8")
    to_the_own_chart(qtbot, window, table)
    chart = assistant(window).step
    chart.role_form.draft.header.put("payable", "13")
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not assistant(window).making.lane.is_busy and "needs an account of its own" in
                    assistant(window).word.text(), timeout=LONG_MS)
    assert assistant(window).step is chart
    assert here() == "field_receivable"


def test_a_table_that_was_mended_meanwhile_is_read_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text(OWN_CHART.replace("11,Cash in hand,1,", "11,Cash in hand,9,"), encoding="utf-8")
    to_the_own_chart(qtbot, window, table)
    chart = assistant(window).step
    assert chart.table.rows[0][1].startswith("Line 3: IMP-013")
    table.write_text(OWN_CHART, encoding="utf-8")
    typed("<Enter>")
    arrived(qtbot, window, "chart")
    assert not any(fault for _, fault in chart.table.rows)
    assert here() == "field_receivable", "on to the roles, now that the table is whole"
    table.write_text(OWN_CHART.replace("41,Sales account,4,", "41,Sales account,8,"), encoding="utf-8")
    typed("<Ctrl+A>")
    arrived(qtbot, window, "chart")
    assert assistant(window).step is chart
    assert here() == "field_file"
    table.write_text(OWN_CHART, encoding="utf-8")
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: here() == "field_receivable", timeout=LONG_MS)
    typed("<Ctrl+A>")
    arrived(qtbot, window, "balances")


def test_a_table_of_accounts_is_seen_with_its_faults_and_its_roles_are_asked_for(
        qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    from erpdesk.services.charts import preview_chart

    table = tmp_path / "chart.csv"
    table.write_text("code,name,parent,type\n1,Assets,,asset\n2,Cash,9,asset\n", encoding="utf-8")
    to_the_own_chart(qtbot, window, table)
    chart = assistant(window).step
    assert chart.table.rows[0][1].startswith("Line 3: IMP-013")
    typed("<Ctrl+A>")
    assert assistant(window).step is chart
    rows = [row for row in preview_chart("baseline").rows if row.roles]
    lines = ["code,name,parent,type,role", *(f"{row.code},{row.name},,{row.type},{row.roles[0]}" for row in rows)]
    other = tmp_path / "other.csv"
    other.write_text("\n".join(lines).replace(",sales\n", ",\n"), encoding="utf-8")
    chart.take_file(str(other))
    qtbot.waitUntil(lambda: chart.role_form is not None, timeout=LONG_MS)
    typed("<Enter>")
    qtbot.waitUntil(lambda: here() == "field_sales", timeout=LONG_MS)
    typed("4010", "<Enter>")
    arrived(qtbot, window, "balances")
    assert assistant(window).answers.roles == {"sales": "4010"}
