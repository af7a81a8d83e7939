"""A mutation takes one lock, constraint, check, policy, trigger or privilege away; a test that is named must notice.

A pytest run with `ERPDESK_TEST_MUTATION` set works on a template database from which that one thing is missing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

VARIABLE = "ERPDESK_TEST_MUTATION"


@dataclass(frozen=True, slots=True)
class Mutation:
    """SQL to run, or a text to replace in a function; `witness` is the test that fails then."""

    kind: str
    name: str
    witness: str
    sql: str = ""
    function: str = ""
    old: str = ""
    new: str = ""

    def apply(self, connection: psycopg.Connection[Any]) -> None:
        """Take it away, as superuser; fails when there is nothing to take away."""
        if self.sql:
            connection.execute(self.sql.encode())
            return
        rows = connection.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'erpdesk'::regnamespace AND proname = %s",
            (self.function,)).fetchall()
        assert len(rows) == 1, f"{len(rows)} functions {self.function}"
        text: str = rows[0][0]
        assert self.old in text, f"{self.function} has no {self.old!r}"
        connection.execute(text.replace(self.old, self.new).encode())


def drop_trigger(name: str, table: str, witness: str) -> Mutation:
    return Mutation("trigger", f"{name} on {table}", witness, f"DROP TRIGGER {name} ON erpdesk.{table}")


def drop_constraint(name: str, table: str, witness: str) -> Mutation:
    return Mutation("constraint", name, witness, f"ALTER TABLE erpdesk.{table} DROP CONSTRAINT {name}")


def without(kind: str, name: str, function: str, old: str, witness: str, new: str = "") -> Mutation:
    return Mutation(kind, name, witness, function=function, old=old, new=new)


def call(function: str, arguments: str, witness: str, within: str = "posting_apply") -> Mutation:
    """A check that is not called."""
    return without("check", function, within, f"PERFORM {function}({arguments});", witness)


def grant(privilege: str, who: str, witness: str) -> Mutation:
    return Mutation("grant", f"{privilege} to {who}", witness, f"GRANT {privilege} TO {who}")


_HOT = "test_eight_desks_on_the_same_items_never_deadlock_and_leave_exact_stock"
_RIGHT = "test_what_a_person_may_not_do_is_refused_by_the_functions"
_BOOKS = "tests/attacks/test_posted_books.py::"
_RIGHTS = "tests/attacks/test_raising_rights.py::"
_OTHERS = "tests/attacks/test_other_organizations.py::"
_PLANS = "tests/attacks/test_forged_plans.py::test_a_forged_plan_is_refused_whole"
_FIGURES = "tests/attacks/test_forged_figures.py::test_figures_that_the_document_does_not_have_are_refused"
_OWN = "tests/attacks/test_transactions_of_ones_own.py::"
_RACES = "tests/integration/test_posting_concurrency.py::"
_ONE = "tests/faults/test_desks_at_once.py::"
_CALLS = "tests/attacks/test_calls_by_hand.py::"
_MASTERS = "tests/attacks/test_masters_in_use.py::"
_PRINTS = "tests/attacks/test_prints.py::"
_NO_WRITING = _BOOKS + "test_nobody_writes_books_or_rights_by_hand[books-clerk]"

MUTATIONS: Sequence[Mutation] = (
    # locks
    without("lock", "period while a post is under way", "posting_open", "FOR SHARE OF y, a", _RACES
            + "test_a_period_can_not_be_closed_under_a_post_that_has_found_it_open"),
    without("lock", "stock balances", "posting_stock", "FOR NO KEY UPDATE OF b",
            _RACES + _HOT),
    without("lock", "order of stock balances", "posting_stock",
            "ORDER BY b.item_id, b.warehouse_id\n              FOR NO KEY UPDATE",
            _RACES + _HOT,
            "ORDER BY random()\n              FOR NO KEY UPDATE"),
    without("lock", "stock held by apply itself", "posting_hold_stock", "FOR NO KEY UPDATE",
            _OWN + "test_stock_that_was_not_locked_is_locked_before_its_cost_is_checked"),
    without("lock", "draft while it is saved", "posting_save", "v.id = h.id FOR NO KEY UPDATE",
            _ONE + "test_a_draft_saved_and_posted_at_once_goes_to_one_and_shows_the_other_both_versions",
            "v.id = h.id"),
    without("lock", "voucher that is being reversed", "reversal_voucher", "ORDER BY x.id FOR NO KEY UPDATE",
            _ONE + "test_a_voucher_is_reversed_once_by_desks_at_once", "ORDER BY x.id"),
    without("lock", "key claimed in this transaction", "posting_apply", "AND k.xmin = pg_current_xact_id()::xid",
            _OWN + "test_a_savepoint_keeps_no_half_of_a_post"),
    # constraints
    drop_constraint("ck_journal_line_one_side", "journal_line",
                    _BOOKS + "test_a_line_on_both_sides_or_none_is_refused"),
    drop_constraint("uq_journal_organization_id_voucher_id", "journal",
                    _BOOKS + "test_a_second_journal_for_a_voucher_is_refused"),
    *(drop_constraint(name, "stock_balance", _BOOKS + "test_stock_is_never_below_zero_and_worth_nothing_when_gone")
      for name in ("ck_stock_balance_never_below_zero", "ck_stock_balance_no_quantity_no_value",
                   "ck_stock_balance_quantity_sane")),
    # triggers
    drop_trigger("journal_balances", "journal", _BOOKS + "test_an_unbalanced_journal_is_refused_at_commit"),
    drop_trigger("lines_join_their_journal", "journal_line", _BOOKS + "test_a_line_cannot_join_a_journal_of_the_past"),
    drop_trigger("books_never_change", "journal_line",
                 _BOOKS + "test_even_owner_and_superuser_are_stopped_from_rewriting_books[journal_line-owner]"),
    drop_trigger("books_never_emptied", "audit_entry",
                 _BOOKS + "test_even_owner_and_superuser_are_stopped_from_rewriting_books[audit_entry-owner]"),
    drop_trigger("voucher_changes", "voucher", _BOOKS + "test_a_posted_voucher_does_not_go_back[DRAFT]"),
    drop_trigger("parts_updated", "voucher_line", _BOOKS + "test_lines_of_a_posted_voucher_are_final"),
    *(drop_trigger("dated_open", table, _BOOKS + "test_nothing_is_dated_where_it_is_shut")
      for table in ("journal", "stock_movement")),
    *(drop_trigger("master_is_unused", table,
                   _MASTERS + f"test_nobody_deletes_a_master_that_something_refers_to[{table}]")
      for table in ("item", "party", "account", "currency")),
    drop_trigger("masters_are_active", "voucher",
                 _MASTERS + "test_an_inactive_master_is_refused_by_service_and_database[item]"),
    drop_trigger("prints_follow", "voucher_print", _PRINTS + "test_the_count_of_copies_has_no_gap_whoever_writes"),
    drop_trigger("books_never_change", "voucher_print", _PRINTS + "test_the_count_of_copies_is_never_lowered[owner]"),
    without("check", "right to print", "voucher_printed", "may(p_organization, 'report.view', v_type, v.branch_id)",
            _PRINTS + "test_a_member_without_the_right_counts_nothing", "true"),
    drop_trigger("numbers_follow", "voucher_number", _BOOKS + "test_numbers_are_neither_skipped_nor_used_twice"),
    drop_trigger("counter_counts", "number_counter", _BOOKS + "test_numbers_are_neither_skipped_nor_used_twice"),
    drop_trigger("key_keeps_its_content", "idempotency_key",
                 _BOOKS + "test_a_key_keeps_its_content_and_its_first_result"),
    drop_trigger("key_is_used", "idempotency_key", _OWN + "test_a_key_is_not_used_up_without_a_post"),
    drop_trigger("voucher_edit_is_audited", "voucher",
                 _OWN + "test_a_draft_is_not_rewritten_unaudited_by_opening_a_post"),
    drop_trigger("voucher_is_whole", "voucher", _BOOKS + "test_no_change_of_status_goes_unaudited"),
    drop_trigger("audit_updated", "party", _BOOKS + "test_masters_in_use_are_not_deleted_and_every_change_is_audited"),
    # checks
    without("check", "posting_verify", "posting_apply", "PERFORM posting_verify(v, t, d, plan);",
            _PLANS + "[journal-another_amount]"),
    call("posting_verify_cost_centres", "v, t, d, plan", "tests/attacks/test_forged_cost_centres.py::"
         "test_a_journal_that_gives_a_cost_centre_something_else_is_refused[all_on_one]"),
    call("posting_verify_accounts", "v, t, plan", _FIGURES + "[I1-sales_invoice]"),
    call("posting_verify_totals", "v, t, d, plan", _FIGURES + "[I5-sales_invoice]"),
    call("posting_verify_named", "v, t, d, plan", _FIGURES + "[I5-sales_order]"),
    call("posting_verify_sources", "v, t, d, plan", _FIGURES + "[I5-sales_return-following]", "posting_verify_named"),
    call("posting_verify_settlements", "v, plan", _FIGURES + "[I11-ar_receipt-elsewhere]", "posting_verify_named"),
    call("posting_limits", "v, t, v.voucher_on, p_amount",
         _OWN + "test_limits_of_a_person_hold_against_a_changed_program", "posting_permit"),
    call("open_period", "p_organization, v_day", _OWN + "test_a_plan_made_before_the_books_were_shut_is_refused_after",
         "posting_open"),
    call("require_member", "p_organization", _OTHERS + "test_no_function_works_on_another_organization[clerk]",
         "posting_apply"),
    without("check", "right to post, asked by apply", "posting_apply", "IF NOT may(p_organization, 'voucher.post'",
            _CALLS + _RIGHT, "IF NOT true AND NOT may(p_organization, 'voucher.post'"),
    without("check", "right to reverse", "reversal_voucher", "AND NOT may(p_organization, 'voucher.reverse'",
            _CALLS + _RIGHT, "AND NOT true AND NOT may(p_organization, 'voucher.reverse'"),
    # policies
    Mutation("policy", "members see their organizations' vouchers", _OTHERS
             + "test_no_table_shows_a_row_of_another_organization[clerk]",
             "ALTER POLICY member ON erpdesk.voucher USING (true)"),
    Mutation("policy", "row-level security of journal lines", _OTHERS
             + "test_no_table_shows_a_row_of_another_organization[clerk]",
             "ALTER TABLE erpdesk.journal_line DISABLE ROW LEVEL SECURITY"),
    Mutation("policy", "masters are edited by those who may", _RIGHTS + "test_permissions_of_a_member_narrow_his_group",
             "DROP POLICY may_update ON erpdesk.party"),
    Mutation("policy", "a limited member's branch", _RIGHTS
             + "test_a_member_limited_to_a_branch_sees_only_its_vouchers",
             "DROP POLICY branch ON erpdesk.journal_line"),
    # privileges
    grant("UPDATE ON erpdesk.stock_balance", "erpdesk_clerk", _NO_WRITING),
    grant("INSERT ON erpdesk.journal", "erpdesk_clerk", _NO_WRITING),
    grant("TRUNCATE ON erpdesk.journal", "erpdesk_clerk", _NO_WRITING),
    grant("SELECT ON erpdesk.audit_entry", "erpdesk_clerk", _RIGHTS + "test_audit_is_read_by_those_who_may"),
    grant("EXECUTE ON ALL FUNCTIONS IN SCHEMA erpdesk", "erpdesk_clerk",
          _CALLS + "test_a_clerk_may_call_only_what_asks_who_he_is"),
    Mutation("grant", "fixed search path", _RIGHTS
             + "test_a_search_path_of_the_attacker_does_not_reach_into_definer_functions",
             "ALTER FUNCTION erpdesk.my_organizations() RESET search_path"),
)


def wanted() -> Mutation | None:
    """The mutation that this run is for."""
    name = os.environ.get(VARIABLE)
    return next(mutation for mutation in MUTATIONS if mutation.name == name) if name else None
